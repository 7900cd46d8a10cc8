"""Articles in the search: on the page of results, under the field, in the index's checks."""

import pytest
from support.articles import path_of_article, put_article
from support.forum import a_title, ask, category, eventually, path_of, settle

WORD = "phacochère"


def indexed(site):
    site.sql("notify search")
    eventually(lambda: not site.sql("select 1 from search_article_marks"), "articles in the index")


@pytest.fixture(scope="module")
def shelf(site):
    """A question and an article about the same thing."""
    member = site.member(role="advisor", age_days=5)
    topic = ask(member, title=f"Comment brosser un {WORD} ?", body="Il refuse toute brosse.", language="fr")
    number = put_article(site, f"Brosser un {WORD} sans se fâcher", language="fr", slug="kb-found")
    settle(site, topic)
    indexed(site)
    return {"topic": topic, "article": number}


@pytest.fixture
def reader(site):
    return site.visitor("fr")


def results(reader, **parameters):
    page = reader.get("/search", params={"q": WORD, **parameters}).page
    return page, [link["href"] for link in page.all("a") if link.has("data-position")]


def test_results_have_articles_with_their_own_look(site, reader, shelf):
    page, found = results(reader)
    path = path_of_article(site, shelf["article"])
    assert set(found) == {path, shelf["topic"].path}
    item = page.find("li", class_="result-article")
    assert item.find("a", href=path).find("mark").text == WORD and "Article" in item.find("span", class_="badge").text
    assert "Par l’équipe" in item.text and item.find("a", class_="in-category")["href"] == "/kb/c/kb-found"


def test_results_can_be_articles_alone_or_questions_alone(site, reader, shelf):
    page, _ = results(reader)
    links = {link.text.split()[0]: link["href"] for link in page.find("aside", id="filters").all("a")}
    assert links["Articles"].endswith("&kind=articles") and links["Questions"].endswith("&kind=questions")
    page, found = results(reader, kind="articles")
    assert found == [path_of_article(site, shelf["article"])]
    chip = page.find("ul", class_="active-filters").find("a")
    assert "Articles" in chip.text and "kind=" not in chip["href"]
    assert page.form("/search").fields["kind"] == "articles"
    assert results(reader, kind="questions")[1] == [shelf["topic"].path]
    assert len(results(reader, kind="anything")[1]) == 2
    assert results(reader, state="unanswered")[1] == [shelf["topic"].path], "an article waits for no answer"


def test_suggestions_name_articles(site, reader, shelf):
    found = reader.get("/search/suggest", params={"q": f"brosser {WORD[:6]}", "lang": "fr"}).json()["suggestions"]
    kinds = {each["kind"]: each for each in found}
    assert kinds["article"]["path"] == path_of_article(site, shelf["article"]) and kinds["article"]["note"] == "Article"
    assert kinds["topic"]["path"] == shelf["topic"].path


def test_what_happens_to_an_article_happens_in_the_search(site, reader, shelf):
    title = a_title("Un article que l’on range au grenier")
    number = put_article(site, title, language="fr", published=False)
    indexed(site)
    words = title.split()[-1]
    assert not reader.get("/search", params={"q": words}).page.find("li", class_="result-article")
    site.sql("update articles set published_version_id = latest_version_id, state = 'published', published_at = now(),"
             " changed_at = now() where id = %s", number)
    indexed(site)
    assert reader.get("/search", params={"q": words}).page.find("li", class_="result-article")
    # Gone from the page before the index knows.
    site.sql("begin; select pg_advisory_xact_lock(1); update articles set state = 'archived', archived_at = now()"
             f" where id = {number}; delete from search_article_marks; commit")
    assert not reader.get("/search", params={"q": words}).page.find("li", class_="result-article")
    done = site.run("search", "check", check=False)
    assert done.returncode == 1 and f"left over  1: article {number}\n" in done.stdout
    assert "the worker puts them right" in site.run("search", "check", "--repair", check=False).stdout
    # What is not public is not marked by the repair's own look at articles that are.
    indexed(site)
    assert f"article {number}" not in site.run("search", "check", check=False).stdout


# ---- offered before somebody asks -----------------------------------------------------

ASKED = f"Comment brosser mon {WORD} sans le fâcher"


def look(visitor, page, **fields):
    """What the script gets."""
    form = page.form("/ask/solved").fields
    return visitor.post("/ask/similar", {"csrf": form["csrf"], "view": form["view"], "language": "fr", **fields})


def sums(site, number):
    site.sql("insert into jobs (kind) values ('counts')")
    site.sql("notify jobs")
    return site.sql("select sum(shown)::integer as shown, sum(opened)::integer as opened, sum(solved)::integer as solved"
                    " from article_deflections where article_id = %s", number)[0]


def counted(site, number, **wanted):
    eventually(lambda: sums(site, number) == wanted, f"{wanted} counted")


def test_an_article_is_offered_above_questions_and_counted_when_it_answers(site, shelf):
    number, visitor = shelf["article"], site.member(age_days=3, language="fr")
    page = visitor.get("/ask").page
    fragment = look(visitor, page, title=ASKED, body="").text
    assert fragment.index(f'data-article="{number}"') < fragment.index(f'data-topic="{shelf["topic"].id}"')
    found = look(visitor, page, title=ASKED, body="").page
    item = found.find("li", data_article=str(number))
    assert item.find("details").has("open") and "In short" in item.text
    assert item.find("a", class_="similar-link")["href"] == path_of_article(site, number)
    assert item.find("button")["form"] == "similar-solved" and item.find("button")["name"] == "article"
    assert "1 article répond peut-être à votre question." in fragment
    form = page.form("/ask/solved").fields
    assert visitor.post("/ask/opened", {**form, "article": str(number)}).status == 204
    for _ in range(2):
        helped = visitor.post("/ask/solved", {**form, "article": str(number)}, follow=False)
        assert helped.status == 303 and path_of(helped) == path_of_article(site, number)
    counted(site, number, shown=1, opened=1, solved=1)
    worked = site.member(role="advisor", language="en").get(f"/kb/work/{number}").page
    assert "Offered in the last 90 days: 1. It answered the question: 1." in worked.text


def test_what_is_offered_must_be_public_and_about_the_question(site, shelf):
    visitor = site.member(age_days=3, language="fr")
    page = visitor.get("/ask").page
    assert "data-article" not in look(visitor, page, title="Facture de téléphone payée en double", body="").text
    title = f"Peigner un {WORD} le dimanche"
    number = put_article(site, title, language="fr")
    indexed(site)
    assert f'data-article="{number}"' in look(visitor, page, title=title, body="").text
    site.sql("update articles set state = 'archived', archived_at = now() where id = %s", number)
    assert f'data-article="{number}"' not in look(visitor, page, title=title, body="").text
    form = page.form("/ask/solved").fields
    assert visitor.post("/ask/solved", {**form, "article": str(number)}).status == 410
    assert visitor.post("/ask/solved", {**form, "article": "999999999"}).status == 404


def test_without_a_script_a_close_article_stands_before_publishing_once(site, shelf):
    visitor = site.member(age_days=3, language="fr")
    number = put_article(site, "Désensabler une trottinette amphibie", language="fr")
    indexed(site)
    fields = {"title": "Désensabler ma trottinette amphibie", "body": "Elle est pleine de sable depuis dimanche.",
              "category": str(category(site)), "tags": "", "language": "fr"}
    step = visitor.submit("/ask", "/ask", **fields)
    assert step.page.find("li", data_article=str(number)) and "proches de la vôtre" in step.page.text
    asked = visitor.submit(step, "/ask", follow=False)
    assert asked.status == 303 and asked.headers["Location"].rpartition("/")[2][0].isdigit()
    other = site.member(age_days=3, language="fr")
    fields["title"] = "Désensabler une trottinette amphibie seul"
    seen = ",".join([f"a{number}", *(str(row["id"]) for row in site.sql("select id from topics"))])
    assert other.submit("/ask", "/ask", **fields, seen=seen).path.startswith("/t/"), "the script has shown it"


def test_a_visitor_is_offered_articles_before_signing_in(site, reader, shelf):
    page = reader.get("/ask", params={"title": ASKED}).page
    assert page.find("li", data_article=str(shelf["article"]))
    form = page.form("/ask/solved").fields
    helped = reader.post("/ask/solved", {**form, "article": str(shelf["article"])})
    assert helped.status == 200 and helped.page.find("h1").text.startswith("Brosser un")


# ---- searched for and not found --------------------------------------------------------


def test_a_search_in_vain_becomes_a_draft_with_one_press(site, reader):
    words = "dézinguer xylobranche"
    for _ in range(3):
        assert not reader.get("/search", params={"q": words}).page.find("li", class_="result")
    advisor = site.member(role="advisor", language="fr")

    def rows():
        return [row for row in advisor.get("/kb/work?show=unhelpful").page.all("li", class_="session")
                if words in row.text]

    site.sql("insert into jobs (kind) values ('counts')")
    site.sql("notify jobs")
    eventually(rows, "the search in the list")
    assert "3 recherches" in rows()[0].text
    page = advisor.get("/kb/work?show=unhelpful").page
    form = next(form for form in page.forms if form.fields.get("title") == words)
    begun = advisor.post(form.action, form.fields)
    assert begun.path.startswith("/kb/work/") and begun.page.find("input", id="title")["value"] == words
    assert advisor.post(form.action, form.fields).path == begun.path, "a double press begins one"
    assert begun.path in [link["href"] for link in rows()[0].all("a")]
    assert "xylobranche" not in site.member(language="fr").get("/kb/work?show=unhelpful").text
    assert site.sql_value("select state from articles where title = %s and language = 'fr'", words) == "draft"
