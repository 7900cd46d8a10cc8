"""/admin and /admin/synonyms: who may, what is refused and why, history and undo."""

import time

import pytest

from support.forum import a_title, ask
from support.waiting import until

PAGE = "/admin/synonyms"
OWN = "These are the lists that come with the program"


@pytest.fixture(scope="module")
def administrator(site):
    return site.member(role="administrator")


@pytest.fixture(autouse=True)
def nothing_changed(site):
    """Each test begins with the program's own lists."""
    site.sql("delete from synonym_lists")


def save(visitor, page=PAGE, **fields):
    return visitor.submit(page, PAGE, **fields)


def press(visitor, button, page=PAGE):
    """Sends the form of the button with these words."""
    answer = visitor.get(page) if isinstance(page, str) else page
    for form in answer.page.forms:
        if form.action == PAGE and any(b.text == button for b in form.buttons):
            return visitor.post(PAGE, form.fields)
    raise AssertionError(f"no button says {button!r}")


def fields(visitor):
    form = visitor.get(PAGE).page.form(PAGE)
    return form.fields["french"], form.fields["english"]


def newest(site):
    rows = site.sql("select * from synonym_lists order by id desc limit 1")
    return rows[0] if rows else None


# ---- who may -----------------------------------------------------------------


@pytest.mark.parametrize("role, index, synonyms", [
    ("customer", 403, 403), ("advisor", 200, 403), ("moderator", 200, 403), ("administrator", 200, 200),
])
def test_each_role_sees_what_is_for_it(site, role, index, synonyms):
    visitor = site.member(role=role)
    assert visitor.get("/admin").status == index
    assert visitor.get(PAGE).status == synonyms
    menu = PAGE.rpartition("/")[0] in visitor.get("/").page.links
    assert menu == (index == 200)
    if index == 200:
        assert (PAGE in visitor.get("/admin").page.links) == (synonyms == 200)


@pytest.mark.parametrize("role", ["customer", "advisor", "moderator"])
def test_others_cannot_post(site, administrator, role):
    visitor = site.member(role=role)
    token = visitor.get("/settings").page.form("/settings/profile").fields["csrf"]
    known = administrator.get(PAGE).page.form(PAGE).fields
    answer = visitor.post(PAGE, {**known, "csrf": token, "french": "box, intrus"})
    assert answer.status == 403
    assert newest(site) is None


def test_a_suspended_administrator_is_refused(site):
    person = site.person(role="administrator")
    visitor = site.member(person)
    site.sql("update people set state = 'suspended' where id = %s", person.id)
    assert visitor.get("/admin").status == 403
    assert visitor.get(PAGE).status == 403


@pytest.mark.parametrize("path", ["/admin", PAGE])
def test_visitors_are_led_to_the_login(client, path):
    answer = client.get(path, follow=False)
    assert answer.status == 302
    assert "/login?next=%2Fadmin" in answer.headers["Location"]


# ---- saving ------------------------------------------------------------------


def test_saved_lists_are_shown_and_audited(site, administrator):
    answer = save(administrator, french="box, routeur, modem\n4g => mobile", english="bill, invoice")
    assert "The lists are saved" in answer.page.text
    assert fields(administrator) == ("box, routeur, modem\n4g => mobile", "bill, invoice")
    row = newest(site)
    assert row["author_id"] == administrator.person.id
    audit = site.sql("select * from audit_log where action = 'synonyms_changed' order by id desc limit 1")[0]
    assert audit["subject_id"] == row["id"]
    assert audit["actor_id"] == administrator.person.id


def test_a_second_click_saves_once(site, administrator):
    form = administrator.get(PAGE).page.form(PAGE)
    data = {**form.fields, "french": "box, routeur"}
    assert administrator.post(PAGE, data).status == 200
    assert administrator.post(PAGE, data).status == 200
    assert site.sql_value("select count(*) from synonym_lists") == 1


def test_of_two_who_change_at_once_the_second_keeps_the_text(site, administrator):
    first = administrator.get(PAGE)
    save(administrator, french="box, routeur")
    answer = save(administrator, page=first, french="facture, facturation")
    assert answer.status == 409
    assert "Somebody else changed these lists" in answer.page.text
    form = answer.page.form(PAGE)
    assert form.fields["french"] == "facture, facturation"
    assert administrator.post(PAGE, form.fields).status == 200
    assert newest(site)["french"] == "facture, facturation"


def test_lists_that_are_too_long_are_refused(site, administrator):
    answer = save(administrator, french="abc, def\n" * 9000)
    assert answer.status == 422
    assert newest(site) is None


def test_markup_stays_text(administrator):
    hostile = "</textarea><script>alert(1)</script>, routeur"
    answer = save(administrator, french=hostile)
    assert "<script>alert" not in answer.text
    assert administrator.get(PAGE).page.form(PAGE).fields["french"] == hostile


# ---- trying --------------------------------------------------------------------


def try_out(visitor, words, **lists):
    return visitor.submit(PAGE, PAGE, **{**lists, "try": words, "do": "try"})


def meanings(answer, language):
    found = answer.page.find("dl", class_="meanings", lang=language)
    return dict(zip((term.text for term in found.all("dt")), (other.text for other in found.all("dd"))))


def test_lists_are_tried_without_being_saved(site, administrator):
    answer = try_out(administrator, "Ma boîte est en panne", french="boîte, routeur, modem\nen panne => hs", english="")
    assert answer.status == 200
    said = meanings(answer, "fr")
    assert said["boîte"] == "routeur, modem"
    assert said["en panne"] == "hs"
    assert "est" not in said, "nobody looks for that"
    assert answer.page.form(PAGE).fields["french"].startswith("boîte, routeur")
    assert newest(site) is None


def test_the_other_direction_is_not_told(administrator):
    lists = {"french": "", "english": "4g => mobile, data"}
    assert meanings(try_out(administrator, "4g", **lists), "en")["4g"] == "mobile, data"
    assert meanings(try_out(administrator, "mobile", **lists), "en") == {"mobile": "—"}


def test_trying_words_that_say_nothing(administrator):
    assert "these words stand in every question" in try_out(administrator, "?!").page.text


@pytest.mark.parametrize("field, text, line", [
    ("french", "box, routeur\n\n# rien\nseul", 4), ("english", "a => b => c", 1), ("french", "box, , modem", 1),
])
@pytest.mark.parametrize("do", ["", "try"])
def test_a_line_that_cannot_be_read_is_named(site, administrator, field, text, line, do):
    answer = administrator.submit(PAGE, PAGE, **{field: text, "do": do})
    assert answer.status == 422
    message = answer.page.find(id=f"{field}-error").text
    assert f"Line {line}, “{text.splitlines()[line - 1]}”" in message
    assert answer.page.form(PAGE).fields[field] == text
    assert newest(site) is None


def test_a_line_is_named_in_the_readers_language(site):
    french = site.member(role="administrator", language="fr")
    answer = french.submit(PAGE, PAGE, french="seul")
    assert "La ligne 1" in answer.page.find(id="french-error").text


def test_a_change_is_in_force_at_the_next_search_of_every_process(site, administrator):
    """Within two seconds is asked for; every process looks each time."""
    reader = site.visitor(address="127.0.0.1")
    title = a_title("My gribblefrond squeaks when it rains")
    ask(site.member(age_days=10), title=title)

    def found(words="snackleberry"):
        page = reader.get("/search", params={"q": words}).page
        return title in [heading.text for heading in page.all("h3", class_="question-title")]

    until(lambda: found("gribblefrond"))
    assert not found()
    save(administrator, english="gribblefrond, snackleberry", french="")
    assert all(found() for _ in range(8)), "all of the slow pool's workers"
    press(administrator, "Undo the last change")
    assert not any(found() for _ in range(8))


# ---- history -----------------------------------------------------------------


def test_nothing_changed_shows_the_programs_own_lists(administrator):
    answer = administrator.get(PAGE)
    assert OWN in answer.page.text
    assert "Undo the last change" not in answer.page.text


def test_undo_and_bringing_back_make_new_versions(site, administrator):
    own = fields(administrator)
    save(administrator, french="box, routeur", english="")
    save(administrator, french="box, modem", english="")
    first = site.sql_value("select min(id) from synonym_lists")
    old = administrator.get(f"{PAGE}?version={first}")
    assert "no longer in force" in old.page.text
    assert old.page.form(PAGE).fields["french"] == "box, routeur"

    press(administrator, "Undo the last change")
    assert fields(administrator) == ("box, routeur", "")
    press(administrator, "Back to the lists that come with the program")
    assert fields(administrator) == own
    assert newest(site)["is_default"]
    press(administrator, "Undo the last change")
    assert fields(administrator) == ("box, routeur", "")
    assert site.sql_value("select count(*) from synonym_lists") == 5


def test_the_programs_own_lists_can_be_saved_as_they_are(site, administrator):
    own = fields(administrator)
    assert all(len(text) > 1000 for text in own)
    assert "The lists are saved" in save(administrator).page.text
    assert fields(administrator) == tuple(text.strip() for text in own)


def test_an_unknown_version_is_not_found(administrator):
    assert administrator.get(f"{PAGE}?version=999999999").status == 404
    assert administrator.get(f"{PAGE}?version=x").status == 404


def test_the_history_is_bounded(site, administrator):
    for number in range(30):
        site.sql("insert into synonym_lists (follows_id, french, english) select coalesce(max(id), 0), %s, ''"
                 " from synonym_lists", f"mot{number}, terme{number}")
    answer = administrator.get(PAGE)
    assert answer.text.count("Bring it back") <= 20
