"""Asking a question, and keeping it as a draft."""

import pytest

from support.forum import a_title, answer, ask, category, rest


# ---- asking -------------------------------------------------------------------


@pytest.mark.parametrize("language, title, body, words", [
    ("fr", "Ma box redémarre « toute seule » chaque nuit à 3 h, pourquoi ?",
     "Depuis **lundi**, à 3 h précises.\n\n1. J’ai débranché.\n2. J’ai attendu : rien.", "Votre question est publiée"),
    ("en", "How do I call abroad — and what does it cost & when?",
     "I have the *small* plan.\n\n> \"roaming\" is on\n\nThanks!", "Your question is published"),
])
def test_a_question_is_asked_and_shown(site, language, title, body, words):
    visitor = site.member(language=language)
    number = category(site, "mobile")
    shown = visitor.submit("/ask", "/ask", title=title, body=body, category=number, considered="1",
                           tags="Wi-Fi, Forfait bloqué", language=language)
    assert shown.status == 200 and words in shown.page.text
    assert shown.page.find("h1").text == title
    assert shown.page.language == language
    prose = shown.page.find(class_="prose")
    assert prose.find("strong") or prose.find("em")
    assert [tag.text for tag in shown.page.all("a", class_="tag")][:2] == ["wi-fi", "forfait-bloqué"]
    again = site.visitor(language=language).get(shown.path)
    assert again.page.find("h1").text == title and words not in again.page.text
    assert title in again.page.title
    assert title in site.visitor().get("/c/mobile").page.text
    assert title in site.visitor().get("/questions").page.text
    assert title in site.visitor().get("/").page.text


def test_a_question_in_the_other_language_says_so_to_readers_and_their_machines(site, asker):
    topic = ask(asker, title="Comment changer de forfait en cours de mois ?", language="fr")
    page = site.visitor(language="en").get(topic.path).page
    assert page.language == "en"
    assert page.find("h1").get("lang") == "fr"
    assert page.find(class_="prose").get("lang") == "fr"


def test_a_preview_shows_the_text_keeps_the_form_and_publishes_nothing(site, asker):
    number, title = category(site), a_title()
    before = site.sql_value("select count(*) from topics")
    typed = dict(title=title, considered="1", body="Some **bold** words and <script>alert(1)</script> too.",
                 category=str(number), tags="box, wifi", language="fr")
    shown = asker.submit("/ask", "/ask", preview="1", **typed)
    assert shown.status == 200
    preview = shown.page.find(class_="preview")
    assert preview.find("strong").text == "bold"
    assert not preview.all("script")
    form = shown.page.form("/ask")
    assert {name: form.fields[name] for name in typed} == typed
    assert site.sql_value("select count(*) from topics") == before
    rest(site)
    published = asker.submit(shown, "/ask")
    assert published.status == 200 and published.page.find("h1").text == title


def test_a_preview_of_what_is_too_short_shows_it_all_the_same(asker):
    shown = asker.submit("/ask", "/ask", preview="1", title="", body="Hm *so*.", category="")
    assert shown.status == 200
    assert shown.page.find(class_="preview").find("em").text == "so"


def test_the_script_gets_a_fragment_for_its_preview(asker):
    page = asker.get("/ask").page
    answer = asker.post("/preview", {**page.form("/ask").fields, "body": "A `code` and\n\n| a |\n|---|\n| b |"})
    assert answer.status == 200
    assert "<code>code</code>" in answer.text and "<table>" in answer.text
    assert "<html" not in answer.text


REFUSED_QUESTIONS = [
    ("a title of 14 letters", {"title": "a" * 14}, "title"),
    ("a title of 256 letters", {"title": "a" * 256}, "title"),
    ("a title of blanks", {"title": " \u00a0\u200b\t" * 10}, "title"),
    ("a text of 19 letters", {"body": "a" * 19}, "body"),
    ("a text of 32,001 bytes", {"body": "é" * 16000 + "a"}, "body"),
    ("no subject", {"category": ""}, "category"),
    ("an unknown subject", {"category": "99999999"}, "category"),
    ("six tags", {"tags": "a1, b2, c3, d4, e5, f6"}, "tags"),
    ("a tag of 36 letters", {"tags": "a" * 36}, "tags"),
    ("a tag with a slash", {"tags": "a/b"}, "tags"),
]


@pytest.mark.parametrize("fields, field", [c[1:] for c in REFUSED_QUESTIONS],
                         ids=[c[0] for c in REFUSED_QUESTIONS])
def test_a_refused_question_says_why_at_its_field_and_keeps_the_text(site, asker, fields, field):
    typed = {"title": a_title(), "body": "Text that somebody took trouble with.",
             "category": str(category(site)), "tags": "box"} | fields
    before = site.sql_value("select count(*) from posts")
    answer = asker.submit("/ask", "/ask", **typed)
    assert answer.status == 422
    assert answer.page.find(id=f"{field}-error").text
    assert answer.page.find(id=field).get("aria-invalid") == "true"
    kept = answer.page.form("/ask").fields
    for name in ("title", "body", "tags"):
        assert kept[name] == typed[name]
    if typed["category"] != "99999999":
        assert kept["category"] == typed["category"]
    assert site.sql_value("select count(*) from posts") == before


@pytest.mark.parametrize("title, body", [
    ("a" * 15, "a" * 20), ("é" * 255, "é" * 16000), ("日本語の質問はここに書けますか、はい", "日本" * 10),
], ids=["shortest", "longest", "Japanese"])
def test_a_question_at_its_limits_is_taken(site, asker, title, body):
    topic = ask(asker, title=title, body=body)
    assert topic.row()["title"] == title


def test_white_space_and_invisible_letters_are_cleaned_out_of_a_title(asker):
    topic = ask(asker, title="  Why\u202e does\tthis \u200b\u200b  happen\r\nevery day?  ")
    assert topic.row()["title"] == "Why does this happen every day?"


def test_the_address_of_an_empty_slug_works(site, asker):
    topic = ask(asker, title="???????????????????")
    assert site.visitor().get(topic.path).status == 200


# ---- drafts -------------------------------------------------------------------


def test_a_draft_is_kept_shown_and_gone_once_published(site):
    visitor = site.member(age_days=3)
    number = category(site)
    listed = visitor.submit("/ask", "/ask", title="Half a title that I", body="Half a text, to be continued",
                            category=number, tags="box", save_draft="1")
    assert listed.path == "/drafts" and "Half a title that I" in listed.page.text
    page = visitor.get("/ask")
    fields = page.page.form("/ask").fields
    assert (fields["title"], fields["body"]) == ("Half a title that I", "Half a text, to be continued")
    assert (fields["category"], fields["tags"]) == (str(number), "box")
    assert "This is your draft" in page.page.text
    published = visitor.submit(page, "/ask")
    assert published.status == 200
    assert visitor.get("/ask").page.form("/ask").fields["body"] == ""
    assert "No drafts" in visitor.get("/drafts").page.text


def test_the_script_saves_drafts_of_answers_and_a_new_browser_finds_them(site, asker):
    topic = ask(asker)
    person = site.person()
    first, second = site.member(person), site.member(person)
    page = first.get(topic.path).page
    token = page.form(f"/t/{topic.id}/answer").fields["csrf"]
    saved = first.post("/drafts", {"csrf": token, "place": f"answer:{topic.id}", "body": "I once had"})
    assert saved.status == 204
    assert second.get(topic.path).page.form(f"/t/{topic.id}/answer").fields["body"] == "I once had"
    assert second.get(f"/t/{topic.id}/answer").page.form(f"/t/{topic.id}/answer").fields["body"] == "I once had"
    listed = second.get("/drafts")
    gone = second.submit(listed, "/drafts", delete="1")
    assert gone.status == 200 and "I once had" not in gone.page.text


def test_nobody_sees_the_drafts_of_somebody_else(site, asker, helper):
    asker.submit("/ask", "/ask", title="My very private draft", body="", category="", save_draft="1")
    assert "very private" not in helper.get("/drafts").page.text
    assert helper.get("/ask").page.form("/ask").fields["title"] == ""
    asker.submit("/drafts", "/drafts", delete="1")


def test_a_published_edit_forgets_no_draft_of_another_place(site, asker, helper):
    topic = ask(asker)
    helper.submit(f"/t/{topic.id}/answer", f"/t/{topic.id}/answer", body="Still thinking about", save_draft="1")
    ask(helper)
    assert "Still thinking about" in helper.get("/drafts").page.text
    answer(helper, topic)
    assert "Still thinking about" not in helper.get("/drafts").page.text
