"""/admin and /admin/synonyms: who may, what is refused and why, history and undo."""

import pytest

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


def test_an_unknown_version_is_not_found(administrator):
    assert administrator.get(f"{PAGE}?version=999999999").status == 404
    assert administrator.get(f"{PAGE}?version=x").status == 404


def test_the_history_is_bounded(site, administrator):
    for number in range(30):
        site.sql("insert into synonym_lists (follows_id, french, english) select coalesce(max(id), 0), %s, ''"
                 " from synonym_lists", f"mot{number}, terme{number}")
    answer = administrator.get(PAGE)
    assert answer.text.count("Bring it back") <= 20
