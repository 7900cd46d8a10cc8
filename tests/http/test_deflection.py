"""The ask page answers before the question is posted: suggestions while typing and
as a step of their own, and what can be done with them."""

import re
import shutil

import pytest

from support.forum import accepted, a_title, answer, ask, category, path_of, press, rest, set_status, settle
from support.page import Page

TITLE = "Paratonnerre débranché par la marmotte du grenier"
BODY = "Depuis hier la marmotte débranche le paratonnerre, que puis-je faire ?"


@pytest.fixture(scope="module")
def known(site, asker, helper):
    """A solved question that is in the index."""
    topic = ask(asker, title=f"{TITLE} chaque nuit", body=BODY, slug="box", language="fr")
    topic.answer = answer(helper, topic, body="Installez un **grillage à marmottes** devant la prise.")
    press(asker, topic.path, f"/p/{topic.answer}/accept")
    settle(site, topic)
    return topic


def typed(site, title=TITLE, body=BODY, **more):
    return {"title": title, "body": body, "category": str(category(site)), "tags": "", "language": "fr", **more}


def view_of(page):
    return page.form("/ask").fields["view"]


def look(visitor, page, **fields):
    """What the script gets."""
    form = page.form("/ask/solved").fields
    return visitor.post("/ask/similar", {"csrf": form["csrf"], "view": form["view"], **fields})


def row(site, view):
    rows = site.sql("select * from deflection_views where id = %s", view)
    return rows[0] if rows else None


# ---- while typing ---------------------------------------------------------------


def test_similar_questions_come_with_their_solution_as_a_fragment(site, known):
    visitor = site.member(age_days=3, language="fr")
    page = visitor.get("/ask").page
    found = look(visitor, page, title=TITLE, body="", language="fr")
    assert found.status == 200 and "<html" not in found.text
    fragment = Page(found.text)
    item = fragment.find("li", data_topic=str(known.id))
    assert item.find("details") and TITLE in item.find("summary").text
    assert "grillage à marmottes" in item.text and "**" not in item.text
    assert "Solution" in item.text and "Résolue" in item.find("summary").text
    assert known.path in [a.get("href") for a in item.all("a")]
    assert {b.get("form") for b in item.all("button")} == {"similar-solved", "similar-follow"}
    assert re.fullmatch(r"\d questions? ressemble(nt)? à la vôtre\.", fragment.find("ol").get("data-found"))
    assert found.headers["Cache-Control"] == "private, no-store"
    (shown,) = site.sql("select * from deflection_hits where view_id = %s and topic_id = %s", view_of(page), known.id)
    assert shown["position"] >= 1
    assert row(site, view_of(page))["is_shown"]


def test_nothing_alike_is_an_empty_answer(site, known):
    visitor = site.member(age_days=3)
    page = visitor.get("/ask").page
    for title in ("", "qqqq zzzz xxxx", "?!", "le la les", "<zzzz>qqqq(xxxx)</zzzz>", "a" * 250):
        found = look(visitor, page, title=title, body="", language="fr")
        assert (found.status, found.text.strip()) == (200, ""), title


@pytest.mark.parametrize("title, body", [
    ("x " * 120, "y" * 60_000), ("\u202e\u200b" * 100, "\u0645" * 500), ("' or 1=1 --", "\"OR\" NEAR/5 *"),
    (TITLE * 5, "# " * 3000), (TITLE, "|a" * 4000),
])
def test_whatever_is_typed_is_looked_for_in_bounded_time(site, known, title, body):
    visitor = site.member(age_days=3)
    found = look(visitor, visitor.get("/ask").page, title=title, body=body)
    assert found.status == 200
    assert found.response.elapsed.total_seconds() < 2
    assert "<script" not in found.text


def test_what_was_withdrawn_is_not_suggested_and_a_duplicate_gives_way(site, asker, advisor, known):
    words = "Parapluie aspirateur clignotant dans la cheminée"
    original = ask(asker, title=f"{words} depuis mardi", language="fr")
    duplicate = ask(asker, title=f"{words} aussi le jeudi", language="fr")
    settle(site, original, duplicate)
    visitor = site.member(age_days=3)
    page = visitor.get("/ask").page
    set_status(advisor, duplicate, "duplicate", duplicate_of=str(original.id))
    found = Page(look(visitor, page, title=words).text)
    assert [li.get("data-topic") for li in found.all("li", class_="similar-item")] == [str(original.id)]
    site.sql("update topics set visibility = 'withdrawn' where id = %s", original.id)
    assert str(original.id) not in [li.get("data-topic") for li in Page(look(visitor, page, title=words).text).all("li")]


def test_looking_is_limited_and_forged_looks_are_refused(site, known):
    visitor = site.member(age_days=3)
    page = visitor.get("/ask").page
    view = view_of(page)
    assert visitor.post("/ask/similar", {"title": TITLE, "view": view}).status == 403
    assert row(site, view) is None
    site.sql("insert into throttles (key, attempts, ends_at) values (%s, 60, now() + interval '1 minute')",
             f"similar:{visitor.person.id}")
    refused = look(visitor, page, title=TITLE)
    assert refused.status == 429 and int(refused.headers["Retry-After"]) > 0
    assert visitor.submit(page, "/ask", **typed(site)).status == 200, "asking goes on"


# ---- the step in between ---------------------------------------------------------


@pytest.fixture
def writer(site):
    rest(site)
    return site.member(age_days=3, language="fr")


def test_without_a_script_similar_questions_stand_before_publishing_once(site, writer, known):
    fields = typed(site, tags="grenier, toit")
    before = site.sql_value("select count(*) from topics")
    page = writer.get("/ask").page
    view = view_of(page)
    step = writer.submit(page, "/ask", **fields)
    assert step.status == 200 and "ressemblent à la vôtre" in step.page.text
    assert "grillage à marmottes" in step.page.text
    assert site.sql_value("select count(*) from topics") == before
    kept = step.page.form("/ask").fields
    assert {name: kept[name] for name in fields} == fields
    assert kept["view"] == view and row(site, view)["is_shown"]
    draft = site.sql("select * from drafts where person_id = %s", writer.person.id)[0]
    assert (draft["title"], draft["body_md"]) == (TITLE, BODY), "leaving from here loses nothing"
    published = writer.submit(step, "/ask", follow=False)
    path = accepted(published)
    asked = row(site, view)["asked_topic_id"]
    assert path.startswith(f"/t/{asked}-")
    twice = writer.submit(step, "/ask", follow=False)
    assert path_of(twice) == path, "a double click asks once"
    assert site.sql_value("select count(*) from topics") == before + 1
    assert not site.sql("select 1 from drafts where person_id = %s", writer.person.id)


def test_what_the_script_has_shown_is_not_shown_again(site, writer, known):
    page = writer.get("/ask").page
    found = look(writer, page, title=TITLE, body=BODY, language="fr")
    seen = ",".join(li.get("data-topic") for li in Page(found.text).all("li", class_="similar-item"))
    assert str(known.id) in seen.split(",")
    other = writer.submit(page, "/ask", follow=False, seen="x,,-1,99999999999999999999", **typed(site))
    assert other.status == 200, "nothing of it was shown"
    assert writer.submit(page, "/ask", follow=False, seen=seen, **typed(site)).status == 303


def test_a_double_click_does_not_pass_over_the_step(site, writer, known):
    page = writer.get("/ask").page
    before = site.sql_value("select count(*) from topics")
    for _ in range(3):
        assert "Aucune ne m’aide" in writer.submit(page, "/ask", **typed(site)).page.text
    assert site.sql_value("select count(*) from topics") == before


def test_who_may_not_ask_is_told_so_at_once(site, writer, known):
    page = writer.get("/ask").page
    site.sql("update people set state = 'suspended' where id = %s", writer.person.id)
    refused = writer.submit(page, "/ask", **typed(site))
    assert refused.status == 403 and refused.page.form("/ask").fields["title"] == TITLE


def test_a_question_unlike_all_others_is_published_at_once(site, writer, known):
    page = writer.get("/ask").page
    fields = typed(site, title="Hippopotame quantique sur la boîte vocale", body="Il chante, et il chante faux, hélas.")
    assert writer.submit(page, "/ask", follow=False, **fields).status == 303
    assert row(site, view_of(page))["asked_topic_id"] and not row(site, view_of(page))["is_shown"]


def test_a_refused_question_is_mended_before_and_after_the_step(site, writer, known):
    first = writer.submit("/ask", "/ask", **typed(site, body="court"))
    assert first.status == 422 and first.page.find(id="body-error")
    step = writer.submit(first, "/ask", body=BODY)
    assert "Aucune ne m’aide" in step.page.text
    rest(site)
    refused = writer.submit(step, "/ask", tags="a/b")
    assert refused.status == 422 and refused.page.form("/ask").fields["considered"] == "1"
    assert writer.submit(refused, "/ask", follow=False, tags="").status == 303, "never twice"


def test_the_question_can_be_changed_from_the_step(site, writer, known):
    step = writer.submit("/ask", "/ask", **typed(site))
    form = writer.submit(step, "/ask", change="1")
    assert form.page.find("textarea", id="body").raw_text.strip() == BODY
    assert form.page.form("/ask").fields["considered"] == "1"
    assert writer.submit(form, "/ask", follow=False, title=f"{TITLE} et du garage").status == 303


# ---- it solved my problem; me too --------------------------------------------------


def test_this_solved_my_problem_counts_thanks_and_leads_there(site, writer, helper, known):
    step = writer.submit("/ask", "/ask", **typed(site))
    view = step.page.form("/ask").fields["view"]
    for _ in range(2):
        shown = writer.submit(step, "/ask/solved", topic=known.id)
        assert shown.status == 200 and shown.path == known.path
        assert "Nous avons remercié son auteur" in shown.page.text
    assert row(site, view)["is_solved"] and row(site, view)["asked_topic_id"] is None
    assert site.sql_value("select count(*) from thanks where post_id = %s and person_id = %s",
                          known.answer, writer.person.id) == 1
    assert writer.get("/ask").page.form("/ask").fields["title"] == TITLE, "nothing that was written is lost"


def test_nobody_thanks_themselves(site, helper, known):
    page = helper.get("/ask").page
    shown = helper.submit(page, "/ask/solved", topic=known.id)
    assert shown.path == known.path and "thanked" not in shown.page.text and "Good to hear" in shown.page.text
    assert not site.sql("select 1 from thanks where post_id = %s and person_id = %s", known.answer, helper.person.id)


def test_me_too_follows_and_counts_once(site, writer, known):
    step = writer.submit("/ask", "/ask", **typed(site))
    view = step.page.form("/ask").fields["view"]
    before = known.row()["me_too_count"]
    for _ in range(2):
        shown = writer.submit(step, "/ask/me-too", topic=known.id)
        assert shown.path == known.path and "Vous suivez maintenant cette question" in shown.page.text
    assert known.row()["me_too_count"] == before + 1
    assert site.sql("select 1 from follows where person_id = %s and kind = 'topic' and target_id = %s",
                    writer.person.id, known.id)
    assert row(site, view)["is_followed"]


def test_ones_own_question_is_followed_without_me_too(site, asker, known):
    page = asker.get("/ask").page
    before = known.row()["me_too_count"]
    assert asker.submit(page, "/ask/me-too", topic=known.id).path == known.path
    assert known.row()["me_too_count"] == before


@pytest.mark.parametrize("action", ["/ask/solved", "/ask/me-too"])
def test_what_is_not_there_is_said_so(site, writer, action):
    page = writer.get("/ask").page
    assert writer.submit(page, action, topic="999999999").status == 404
    assert writer.submit(page, action, topic="x").status == 400
    assert writer.submit(page, action, without=["csrf"], topic="1").status == 403


def test_opening_is_counted_for_what_was_shown_alone(site, writer, known):
    page = writer.get("/ask").page
    form = page.form("/ask/solved").fields
    fields = {"csrf": form["csrf"], "view": form["view"], "topic": str(known.id)}
    assert writer.post("/ask/opened", fields).status == 204
    assert row(site, form["view"]) is None
    look(writer, page, title=TITLE, language="fr")
    assert writer.post("/ask/opened", fields).status == 204
    assert row(site, form["view"])["is_opened"]
    assert writer.post("/ask/opened", {**fields, "view": "made up"}).status == 204


# ---- visitors ------------------------------------------------------------------


def test_a_visitor_sees_what_is_alike_before_signing_in(site, known):
    visitor = site.visitor(language="fr")
    page = visitor.get("/ask")
    assert page.status == 200 and page.page.find("input", id="title")
    assert page.page.form("/ask").method == "get"
    found = visitor.get(f"/ask?title={TITLE}&view={view_of(page.page)}")
    assert "grillage à marmottes" in found.page.text
    assert row(site, view_of(page.page))["is_shown"]
    solved = visitor.submit(found, "/ask/solved", topic=known.id)
    assert solved.path == known.path and "Ravis que cela vous ait aidé" in solved.page.text
    assert row(site, view_of(page.page))["is_solved"]
    assert "/login?next=" + f"%2Ft%2F{known.id}" in found.text or f"/login?next=/t/{known.id}" in found.text
    assert "Rien de semblable" in visitor.get("/ask?title=qqqq+zzzz+wwww").page.text


def test_the_sentence_comes_along_to_signing_in(site, known):
    person = site.person(age_days=3, language="fr")
    visitor = site.visitor(language="fr")
    found = visitor.get("/ask", params={"title": f"{TITLE} « et 100 % & plus »"})
    (link,) = [link for link in found.page.links if link.startswith("/login?next=%2Fask")]
    form = visitor.submit(visitor.get(link), "/login", email=person.email, password=person.password)
    assert form.path == "/ask" and form.page.form("/ask").fields["title"] == f"{TITLE} « et 100 % & plus »"
    assert view_of(form.page) == view_of(found.page), "it is the same question"


def test_the_sentence_comes_along_to_signing_up(site, known):
    visitor = site.visitor(language="fr")
    found = visitor.get(f"/ask?title={TITLE}")
    (link,) = [link for link in found.page.links if link.startswith("/signup?next=%2Fask")]
    done = visitor.submit(visitor.get(link), "/signup", name="Marmotte", email=f"{a_title('m')[3:-2]}@example.org",
                          password="une phrase assez longue", consent="1")
    assert done.status == 200
    (again,) = [link for link in done.page.links if link.startswith("/ask?title=")]
    assert visitor.get(again).page.find("input", id="title").get("value") == TITLE
    for bad in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        page = visitor.get("/signup", params={"next": bad}).page
        assert page.form("/signup").fields["next"] == "/"


def test_no_cookie_and_no_person_is_in_what_is_counted(site, writer, known):
    writer.submit("/ask", "/ask", **typed(site))
    columns = {r["column_name"] for r in site.sql(
        "select column_name from information_schema.columns"
        " where table_name in ('deflection_views', 'deflection_hits', 'search_log', 'search_opened')")}
    assert not {c for c in columns if re.search("person|address|cookie|session|agent|_at$", c)}
    assert {cookie.name for cookie in writer.session.cookies} <= {"session", "visitor", "device", "notice", "language"}


def test_asking_works_while_the_index_is_away(site, writer, known):
    index = site.var / "index"
    hidden = site.var / "index-hidden"
    shutil.rmtree(hidden, ignore_errors=True)  # of a run that was stopped here
    index.rename(hidden)
    try:
        page = writer.get("/ask").page
        assert writer.submit(page, "/ask", follow=False, **typed(site, title=f"{TITLE} sans index")).status == 303
    finally:
        try:
            hidden.rename(index)
        except OSError:  # the worker has made another meanwhile
            shutil.rmtree(hidden)
