"""/admin/texts: the brand's own pages, version by version, and being asked for consent again."""

import itertools

import pytest

from support.forum import BODY, a_title, ask, category, press, problem, rest

PAGE = "/admin/texts"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def administrator(site):
    return site.member(role="administrator", address="127.0.0.1")


@pytest.fixture
def free(administrator):
    """A page of its own."""
    name = f"page-of-tests-{next(_numbers)}"
    answer = administrator.submit(PAGE, PAGE, name=name)
    assert answer.status == 200 and answer.path == f"{PAGE}/{name}", problem(answer)
    return name


def write(visitor, name, do="publish", page=None, **fields):
    path = f"{PAGE}/{name}"
    words = {"title_en": "First steps", "body_en": "Look **here** first.", "title_fr": "", "body_fr": ""}
    return visitor.submit(page or path, path, **{**words, "do": do, **fields})


def press_in(visitor, name, button, **fields):
    """A form of the editor that has no words: undo, back to the theme."""
    path = f"{PAGE}/{name}"
    shown = visitor.get(path)
    form = next(form for form in shown.page.forms if form.action == path and form.fields.get("do") == button)
    return visitor.post(path, {**form.fields, **fields})


def version_of(site, name):
    return site.sql("select * from page_text_versions where name = %s order by number desc", name)


# ---- pages and versions ------------------------------------------------------------------


def test_a_page_is_written_published_changed_and_undone(site, administrator, free):
    visitor = site.visitor()
    assert visitor.get(f"/pages/{free}").status == 404
    saved = write(administrator, free, do="save", reason="A first try")
    assert "Nobody sees it" in saved.page.text and visitor.get(f"/pages/{free}").status == 404
    write(administrator, free, body_en="Look **there** first.")
    shown = visitor.get(f"/pages/{free}")
    assert shown.status == 200 and shown.page.find("h1").text == "First steps"
    assert shown.page.find("article").find("strong").text == "there"
    undone = press_in(administrator, free, "undo")
    assert "is in force again" in undone.page.text and visitor.get(f"/pages/{free}").status == 404
    rows = version_of(site, free)
    assert [row["number"] for row in rows] == [2, 1] and rows[1]["reason"] == "A first try"
    assert rows[0]["written_by"] == administrator.person.id
    entries = site.sql("select action from audit_log where details ->> 'name' = %s order by id", free)
    assert [entry["action"] for entry in entries] == ["text_added", "text_saved", "text_published", "text_undone"]


def test_an_earlier_version_shows_what_changed_and_comes_back(site, administrator, free):
    write(administrator, free, body_en="Turn it off.")
    write(administrator, free, body_en="Turn it on.")
    second = administrator.get(f"{PAGE}/{free}/2")
    assert second.page.find("del") and "off" in second.page.find("del").text and "on" in second.page.find("ins").text
    first = administrator.get(f"{PAGE}/{free}/1")
    assert administrator.submit(first, f"{PAGE}/{free}", do="put").status == 200
    assert "Turn it off." in site.visitor().get(f"/pages/{free}").page.text
    assert administrator.get(f"{PAGE}/{free}/3").status == 404


def test_a_language_without_words_shows_the_other_and_says_so(site, administrator, free):
    write(administrator, free, title_en="", body_en="", title_fr="Premiers pas", body_fr="Regardez ici.")
    article = site.visitor().get(f"/pages/{free}").page.find("article")
    assert article["lang"] == "fr" and "Regardez ici." in article.text
    french = site.visitor(language="fr").get(f"/pages/{free}").page.find("article")
    assert not french.has("lang")


@pytest.mark.parametrize("fields, field", [
    ({"body_en": ""}, "body_fr"), ({"title_en": ""}, "title_en"), ({"body_en": "x" * 32001}, "body_en"),
    ({"body_en": "|" * 200 + "\n" + "|-" * 200}, "body_en"), ({"reason": "r" * 201}, "reason"),
])
def test_words_that_do_not_fit_come_back_with_the_reason(site, administrator, free, fields, field):
    refused = write(administrator, free, **fields)
    assert refused.status == 422 and refused.page.find(id=f"{field}-error"), problem(refused)
    kept = refused.page.form(f"{PAGE}/{free}").fields
    assert kept["title_en"] == fields.get("title_en", "First steps")
    assert version_of(site, free) == []


def test_a_preview_keeps_nothing(site, administrator, free):
    shown = write(administrator, free, do="preview", body_en="A *small* <script>alert(1)</script> try")
    assert shown.status == 200 and shown.page.find("em").text == "small"
    assert "<script>alert" not in shown.text and version_of(site, free) == []
    assert shown.page.form(f"{PAGE}/{free}").fields["body_en"].startswith("A *small*")


def test_two_administrators_are_told_of_each_other(site, administrator, free):
    stale = administrator.get(f"{PAGE}/{free}")
    write(administrator, free)
    late = write(administrator, free, page=stale, body_en="Mine, typed for an hour")
    assert late.status == 409 and "Mine, typed for an hour" in late.text
    assert len(version_of(site, free)) == 1


@pytest.mark.parametrize("name", ["Capital", "été", "a--b", "-a", "charter", "a/b", "../x", "x" * 61, ""])
def test_an_address_that_is_none_is_refused(administrator, name):
    answer = administrator.submit(PAGE, PAGE, name=name)
    assert answer.status == 422 and answer.page.find(id="name-error")


def test_an_address_is_given_once(administrator, free):
    answer = administrator.submit(PAGE, PAGE, name=free)
    assert answer.status == 422 and "already" in problem(answer)


@pytest.mark.parametrize("role", ["customer", "advisor", "moderator"])
def test_only_administrators_write_the_brands_words(site, role):
    member = site.member(role=role)
    assert member.get(PAGE).status == 403 and member.get(f"{PAGE}/charter").status == 403
    fields = {"csrf": member.get("/ask").page.form("/ask").fields["csrf"], "key": "a" * 43, "do": "publish",
              "title_en": "Mine", "body_en": "Mine"}
    assert member.post(f"{PAGE}/about", fields).status == 403
    assert version_of(site, "about") == []


def test_a_privacy_policy_stands_above_the_register(site, administrator):
    write(administrator, "privacy", title_en="How we treat data", body_en="With care.")
    text = site.visitor().get("/privacy").page.text
    assert text.index("How we treat data") < text.index("Data about you")
    press_in(administrator, "privacy", "undo")
    assert "How we treat data" not in site.visitor().get("/privacy").page.text


def test_versions_are_kept_for_good(site, administrator, free):
    write(administrator, free)
    for table in ("page_text_versions", "page_text_publications"):
        with pytest.raises(Exception, match="append only"):
            site.sql(f"delete from {table}")


# ---- consent ----------------------------------------------------------------------------


@pytest.fixture
def asked(site, administrator):
    """A charter that everybody is asked about; afterwards nobody is, for the other modules."""
    write(administrator, "charter", title_en="Our new charter", body_en="Be **kinder** than before.", asks="1")
    yield site.sql_value("select max(id) from page_text_publications where name = 'charter'")
    newest = site.sql_value("select asked_at from page_text_publications where name = 'charter' order by id desc limit 1")
    if newest:
        press_in(administrator, "charter", "undo")


def consents(site, person):
    return site.sql("select document, version, given_at from consents where person_id = %s order by id", person.id)


def write_to_ask(member, **fields):
    site = member.site
    rest(site)
    number = category(site)
    return member.submit("/ask", "/ask", follow=False, title=fields.pop("title"), body=fields.pop("body"), tags="",
                         category=number, considered="1", **fields)


def form_before(member):
    """The form as it stood open before the charter changed."""
    category(member.site)
    return member.get("/ask?category=box")


def test_a_form_waits_for_consent_and_goes_on_with_it(site, administrator):
    member = site.member()
    shown, title = form_before(member), a_title()
    write(administrator, "charter", title_en="Our new charter", body_en="Be **kinder** than before.", asks="1")
    try:
        rest(site)
        waits = member.submit(shown, "/ask", follow=False, title=title, body=f"{BODY} {title}", tags="",
                              category=category(site), considered="1")
        assert waits.status == 403 and "kinder" in waits.page.text, problem(waits)
        assert site.sql("select id from topics where title = %s", title) == []
        kept = waits.page.form("/ask").fields
        assert kept["title"] == title and kept["body"] == f"{BODY} {title}"
        agreed = site.sql_value("select max(id) from page_text_publications where name = 'charter'")
        sent = member.submit(waits, "/ask", follow=False, agree=str(agreed))
        assert sent.status == 303 and site.sql("select id from topics where title = %s", title), problem(sent)
        (consent,) = consents(site, member.person)[-1:]
        assert consent["document"] == "charter" and consent["version"].endswith(
            f"/{version_of(site, 'charter')[0]['number']}")
        ask(member)  # asked once
    finally:
        press_in(administrator, "charter", "undo")


def test_whoever_has_not_agreed_reads_and_leaves_but_does_not_write(site, administrator):
    member = site.member()
    topic = ask(member)
    write(administrator, "charter", title_en="Charter", body_en="New.", asks="1")
    try:
        shown = member.get(topic.path)
        assert shown.status == 200 and any("/charter/agree" in link for link in shown.page.links)
        assert member.get(f"/t/{topic.id}/answer").path == "/charter/agree"
        assert member.get("/settings/privacy").status == 200
        press(member, "/settings/privacy", "/settings/privacy/erase")
        press(member, "/settings/privacy", "/settings/privacy/keep")
        page = member.get(f"/charter/agree?next={topic.path}")
        back = member.submit(page, "/charter/agree", agree=page.page.find("button", name="agree")["value"])
        assert back.path == topic.path and "You can write again" in back.page.text
        assert not any("/charter/agree" in link for link in back.page.links)
    finally:
        press_in(administrator, "charter", "undo")


def test_consent_to_what_is_no_longer_in_force_does_not_count(site, administrator, asked):
    member = site.member()
    site.sql("update people set charter_accepted_at = null where id = %s", member.person.id)
    before = consents(site, member.person)
    page = member.get("/charter/agree")
    late = member.submit(page, "/charter/agree", agree=str(asked - 1))
    assert late.status == 409 and "newest" in problem(late)
    assert consents(site, member.person) == before


def test_a_form_of_another_site_is_not_offered_for_sending(site, asked):
    member = site.member()
    site.sql("update people set charter_accepted_at = null where id = %s", member.person.id)
    forged = member.post("/ask", {"title": "Forged", "body": "Forged words"}, headers={"Origin": "https://evil.example"})
    assert forged.status == 403 and not any(form.action == "/ask" for form in forged.page.forms)


def test_a_small_change_asks_nobody(site, administrator):
    member = site.member()
    write(administrator, "charter", title_en="Charter", body_en="A comma moved.")
    try:
        ask(member)
    finally:
        press_in(administrator, "charter", "undo")


def test_consents_stand_in_the_copy(site, administrator, asked):
    member = site.member()
    site.sql("update people set charter_accepted_at = null where id = %s", member.person.id)
    member.submit("/charter/agree", "/charter/agree", agree=str(asked))
    copy = site.sql_value("select person_export(%s)", member.person.id)
    assert copy["consents"][-1]["version"] == consents(site, member.person)[-1]["version"]
