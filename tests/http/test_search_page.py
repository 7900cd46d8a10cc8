"""/search: filters, marks, answers, what is said when there is nothing, and what
odd people type."""

import re
import shutil

import pytest

from support.forum import a_title, answer, ask, press
from support.waiting import until

WORD = "zwingulator"


class Found:
    """The page of results, taken apart."""

    def __init__(self, page):
        self.page = page
        self.rows = page.all("li", class_="result")

    @property
    def titles(self):
        return [row.find("h3").text for row in self.rows]

    @property
    def chips(self):
        return {chip.find("bdi").text: chip["href"] for chip in self.page.all("a", class_="chip-on")}

    @property
    def facets(self):
        """heading → {label: (count, address)}"""
        groups = {}
        for section in self.page.all("section", class_="facet"):
            links = {}
            for link in section.all("a"):
                label, count = (span for span in link.children if not isinstance(span, str))
                links[label.text] = (int(re.match(r"\d+", count.text)[0]), link["href"])
            groups[section.find("h3").text] = links
        return groups

    @property
    def sorts(self):
        nav = self.page.find("nav", class_="switch")
        return {link.text: link["href"] for link in nav.all("a")}


def search(visitor, words="", status=200, **parameters):
    result = visitor.get("/search", params={"q": words, **parameters})
    assert result.status == status, result
    return Found(result.page)


@pytest.fixture(scope="module")
def reader(site):
    """From the machine itself: nginx does not count its requests."""
    return site.visitor(address="127.0.0.1")


@pytest.fixture(scope="module")
def shelf(site, reader):
    """Three questions with one rare word: solved, answered by the team, and new."""
    author = site.member(name="Berenice Nuage", age_days=10)
    helper = site.member(age_days=10)
    team = site.member(role="advisor", age_days=10)
    shelf = {"author": author, "titles": {}}
    for name, slug in (("solved", "box"), ("official", "tuner"), ("new", "tuner")):
        title = a_title(f"My {WORD} of the {name} kind makes a noise")
        shelf[name] = ask(author, title=title, slug=slug, tags="zwing" if name == "new" else "")
        shelf["titles"][name] = title
    shelf["solution"] = answer(helper, shelf["solved"], body=f"Unscrew the lid of the {WORD} and oil the snorfle gently.")
    press(author, shelf["solved"].path, f"/p/{shelf['solution']}/accept")
    shelf["statement"] = answer(team, shelf["official"], body=f"A {WORD} hums when its crumplehorn is loose: we replace it.")
    site.sql("update topics set created_at = '2021-05-05' where id = %s", shelf["new"].id)
    site.sql("select search_mark(%s, 0::smallint)", shelf["new"].id)
    until(lambda: search(reader, f"{WORD} snorfle").rows and search(reader, f"{WORD} crumplehorn").rows)
    until(lambda: search(reader, f"{WORD} before:2022").rows)
    return shelf


def titles(shelf, *names):
    return {shelf["titles"][name] for name in names}


# ---- what is found -------------------------------------------------------------


def test_what_matched_is_marked_and_leads_to_the_very_answer(reader, shelf):
    found = search(reader, f"{WORD} crumplehorn")
    row = found.rows[0]
    assert found.titles[0] == shelf["titles"]["official"]
    assert {mark.text.lower() for mark in row.all("mark")} >= {WORD, "crumplehorn"}
    assert row.find("h3").find("a")["href"] == f"/p/{shelf['statement']}"
    assert "Official answer" in row.text
    landed = reader.get(f"/p/{shelf['statement']}")
    assert landed.path == shelf["official"].path


def test_a_solution_stands_first(reader, shelf):
    row = search(reader, f"{WORD} solved kind").rows[0]
    assert row.find("h3").text == shelf["titles"]["solved"]
    box = row.find("div", class_="result-solution")
    assert "Solution" in box.text and "snorfle" in box.text


def test_results_are_not_for_search_engines(reader, shelf):
    for words in ("", WORD, "nothingofthekind"):
        page = search(reader, words).page
        assert page.find("meta", name="robots")["content"] == "noindex"


def test_the_page_costs_four_round_trips_at_most(site, reader, shelf):
    line = site.request_line(reader.get("/search", params={"q": f"{WORD} wifi"}))
    assert int(re.search(r"trips=(\d+)", line)[1]) <= 4, line


# ---- filters and order -----------------------------------------------------------


def test_typed_filters_become_chips_that_can_be_taken_away(reader, shelf):
    found = search(reader, f"{WORD} category:tuner is:unanswered")
    assert set(found.titles) == titles(shelf, "new")
    assert set(found.chips) == {"Subject tuner", "Without an answer"}
    assert found.page.find("input", id="page-search")["value"] == WORD
    wider = Found(reader.get(found.chips["Without an answer"]).page)
    assert set(wider.titles) == titles(shelf, "official", "new")
    everything = Found(reader.get(wider.chips["Subject tuner"]).page)
    assert set(everything.titles) == titles(shelf, "solved", "official", "new")
    assert not everything.chips


def test_the_field_keeps_the_filters_for_other_words(reader, shelf):
    form = search(reader, f"{WORD} category:tuner").page.form("/search")
    assert form.method == "get"
    assert form.fields["category"] == "tuner" and form.fields["q"] == WORD


def test_facets_count_and_narrow(reader, shelf):
    found = search(reader, WORD)
    facets = found.facets
    assert facets["State"]["Solved"][0] == 1
    assert facets["Subject"]["Subject tuner"][0] == 2
    assert facets["Year"]["2021"][0] == 1
    assert set(Found(reader.get(facets["State"]["Solved"][1]).page).titles) == titles(shelf, "solved")
    assert set(Found(reader.get(facets["Year"]["2021"][1]).page).titles) == titles(shelf, "new")
    narrow = Found(reader.get(facets["Subject"]["Subject tuner"][1]).page)
    assert set(narrow.titles) == titles(shelf, "official", "new")
    assert list(narrow.chips) == ["Subject tuner"]


def test_a_category_is_found_by_its_name_too(reader, shelf):
    assert set(search(reader, f'{WORD} category:"Subject tuner"').titles) <= titles(shelf, "official", "new")
    assert set(search(reader, WORD, category="Subject tuner").titles) == titles(shelf, "official", "new")


def test_authors_are_found_by_name_and_handle(site, reader, shelf):
    name = shelf["author"].person.name
    assert set(search(reader, WORD, author=name).titles) == titles(shelf, "solved", "official", "new")
    found = search(reader, WORD, author="berenice-nuage")
    assert len(found.rows) == 3
    assert list(found.chips) == [f"By {name}"]


def test_tags_filter(reader, shelf):
    assert set(search(reader, f"{WORD} tag:zwing").titles) == titles(shelf, "new")


def test_newest_and_most_useful_are_other_orders(site, reader, shelf):
    found = search(reader, WORD)
    newest = Found(reader.get(found.sorts["Newest"]).page)
    assert newest.titles[-1] == shelf["titles"]["new"], "it was asked in 2021"
    assert set(newest.titles) == set(found.titles)
    assert newest.page.find("nav", class_="switch").find("a", aria_current="true").text == "Newest"
    assert set(Found(reader.get(found.sorts["Most useful"]).page).titles) == set(found.titles)


def test_mine_are_ones_own(site, client, shelf):
    assert set(search(shelf["author"], f"{WORD} is:mine").titles) == titles(shelf, "solved", "official", "new")
    assert not search(site.member(), f"{WORD} is:mine").rows
    page = search(client, f"{WORD} is:mine").page
    assert "Sign in to search among your own questions" in page.text
    assert any(link.startswith("/login?next=%2Fsearch") for link in page.links)


# ---- nothing ---------------------------------------------------------------------


@pytest.mark.parametrize("words, sentence", [
    ("nothingofthekind", "Nothing was found for “nothingofthekind”"),
    (f"{WORD} category:nowhere", "There is no subject called “nowhere”"),
    (f"{WORD} author:nobody-at-all", "Nobody here is called “nobody-at-all”"),
    (f"{WORD} tag:never-used", "Nothing was found with these filters"),
    ("", "Write a few words in the field above"),
])
def test_it_says_why_there_is_nothing(reader, shelf, words, sentence):
    found = search(reader, words)
    assert not found.rows
    assert sentence in found.page.find("main").text


def test_nothing_leads_on(reader):
    page = search(reader, "nothingofthekind").page
    assert "/ask?title=nothingofthekind" in page.links
    assert "/c/box" in page.links


def test_a_long_question_is_searched_by_its_beginning(reader, shelf):
    found = search(reader, f"{WORD} snorfle " + "x" * 700)
    assert "only its beginning was searched for" in found.page.text


def test_too_deep_is_refused_before_it_costs(site, reader):
    assert reader.get("/search", params={"q": "box", "page": "100"}).status == 200
    deep = reader.get("/search", params={"q": "box", "page": "101"})
    assert deep.status == 404
    assert "Only the first 1,000 results" in deep.page.text
    for page in ("10000", "0", "-1", "x", "9" * 30):
        assert reader.get("/search", params={"q": "box", "page": page}).status == 404


def test_unknown_filters_ask_for_nothing(reader, shelf):
    found = search(reader, WORD, state="lost", sort="worst", lang="xx", source="<b>", after="soon", mine="perhaps")
    assert set(found.titles) == titles(shelf, "solved", "official", "new")
    assert not found.chips


# ---- what is typed is hostile ------------------------------------------------------


HOSTILE = (
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' or 1=1; drop table topics; --",
    "‮txt.exe‬ box", "bo​x​", "مرحبا بالعالم", "{{ words }} %s %n",
    "category:<script>", 'author:"><svg onload=alert(1)>', "tag:<b>x</b>", "a* b* c* " * 60, "\"" * 400, "((((" * 100,
    "OR OR OR NOT", "🙂🙃", "&lt;b&gt;",
)


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("parameter", ["q", "category", "tags", "author", "source", "after", "state"])
def test_whatever_is_typed_stays_text(reader, words, parameter):
    result = reader.get("/search", params={"q": "box", parameter: words})
    assert result.status == 200
    assert "<script>alert" not in result.text and "<img src=x" not in result.text and "<svg onload" not in result.text
    assert "‮" not in result.text.partition("<main")[2].partition("</main>")[0] or parameter != "q"


@pytest.mark.parametrize("raw", ["%02box%03", "%00", "box%7f", "%ff"])
def test_control_characters_and_bad_utf8_are_refused(reader, raw):
    assert reader.get(f"/search?q={raw}").status == 400


def test_a_marked_word_cannot_smuggle_markup(site, reader):
    title = a_title("Is <b>florptastic</b> & \"quoted\" <mark>bold</mark> here")
    ask(site.member(age_days=10), title=title)
    # Until the index has it, what sounds alike is shown instead.
    found = until(lambda: [row for row in search(reader, "florptastic").rows if "florptastic" in row.text])
    heading = found[0].find("h3")
    assert heading.text == title
    assert not heading.all("b")
    assert [mark.text for mark in heading.all("mark")] == ["florptastic"]


# ---- without the index --------------------------------------------------------------


def test_without_an_index_titles_are_found_and_it_says_so(site, reader, shelf):
    folder = next(site.var.rglob("iamglass")).parent
    away = folder.with_name(folder.name + ".away")
    folder.rename(away)
    try:
        found = search(reader, WORD)
        assert "it looks at titles only" in found.page.text
        assert shelf["titles"]["new"] in found.titles
        assert not found.facets
    finally:
        if folder.exists():
            shutil.rmtree(folder)
        away.rename(folder)
    until(lambda: len(search(reader, WORD).rows) == 3)


# ---- what is counted ------------------------------------------------------------------


def test_searches_are_counted_by_their_first_page(site, client):
    counted = "select count(*) from search_log where words like '%%hibbertyfloo%%'"
    search(client, "hibbertyfloo please")
    search(client, "hibbertyfloo please", page="2")
    assert site.sql_value(counted) == 1
    assert not site.sql("select has_hits from search_log where words like '%%hibbertyfloo%%'")[0]["has_hits"]


def test_an_opened_result_is_counted_without_saying_who(site, client):
    before = site.sql_value("select count(*) from search_opened")
    assert client.post("/search/opened", {"position": "3"}).status == 204
    for wrong in ("0", "x", "100000", ""):
        assert client.post("/search/opened", {"position": wrong}).status == 400
    other = client.post("/search/opened", {"position": "3"}, headers={"Origin": "https://evil.example"})
    assert other.status == 403
    assert site.sql_value("select count(*) from search_opened") == before + 1


def test_the_language_of_the_page_is_the_readers(site):
    page = search(site.visitor("fr", "127.0.0.1"), "nothingofthekind").page
    assert "Rien n’a été trouvé pour « nothingofthekind »" in page.find("main").text
