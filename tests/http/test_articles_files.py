"""Pictures and files of articles: added in the editor, public with the version that has them,
and nobody's before."""

import pytest
from support.articles import put_article
from support.files import pdf, png, send
from support.forum import a_title, ask, category, problem
from support.waiting import until
from test_articles_work import TEXT, press, save, write, writer  # noqa: F401

SECRET = b"GPS 48.8584 N 2.2945 E"


def editor(visitor, number):
    page = visitor.get(f"/kb/work/{number}")
    return next(form for form in page.page.forms if "body" in form.fields)


def add(visitor, number, name, content, alt="The box, its light is red", **typed):
    """The editor's button: what came back."""
    fields = {**editor(visitor, number).fields, **typed, "alt": alt}
    fields.pop("file", None)
    return send(visitor, f"/kb/files/{number}", fields, [("file", name, content)])


def newest(site, number):
    return site.sql_value("select max(id) from attachments where article_id = %s", number)


def ready(site, number):
    file = newest(site, number)
    until(lambda: site.sql_value("select state from attachments where id = %s", file) != "waiting", seconds=20)
    return file


def codes(page):
    return [field["value"] for field in page.all("input") if field.get("id", "").startswith("code-")]


def test_a_picture_from_the_editor_to_the_readers(site, writer):
    number, _ = write(writer, a_title())
    added = add(writer, number, "Voyant rouge.PNG", png(1400, 900, SECRET), body="Words in the middle of being typed")
    assert added.status == 200 and "its code goes into the text" in added.page.text, problem(added)
    assert added.page.find("textarea", id="body").text.strip() == "Words in the middle of being typed"
    file = ready(site, number)
    assert codes(added.page) == [f"![The box, its light is red](/files/{file}/voyant-rouge.webp)"]
    address = f"/files/{file}/voyant-rouge.webp"
    reader = site.visitor()
    assert writer.get(address).status == 200 and writer.get(address).headers["Cache-Control"] == "private, no-store"
    assert reader.get(address).status == 404 and site.member().get(address).status == 404
    saved = save(writer, writer.get(f"/kb/work/{number}"), body=f"{TEXT}\n{codes(added.page)[0]}\n")
    assert saved.status == 200, problem(saved)
    assert reader.get(address).status == 404, "a draft's picture is not public"
    press(writer, number, "publish")
    shown = reader.get(f"/kb/{number}").page.find("div", class_="article-body")
    picture = shown.find("img")
    assert picture["src"] == address and picture["alt"] == "The box, its light is red"
    assert (picture["width"], picture["height"], picture["loading"]) == ("1400", "900", "lazy")
    assert picture["srcset"] == f"/files/{file}/small/voyant-rouge.webp 640w, {address} 1400w"
    for got in (reader.get(address), reader.get(f"/files/{file}/small/voyant-rouge.webp"), site.member().get(address)):
        assert got.status == 200 and got.headers["Content-Type"] == "image/webp"
        assert got.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in got.headers and "Cookie" not in got.headers.get("Vary", "")
        assert b"GPS" not in got.response.content and b"EXIF" not in got.response.content
    # Written on without it: it stays public with the published version, and goes with it.
    save(writer, writer.get(f"/kb/work/{number}"), body=TEXT + "Now without.")
    assert reader.get(address).status == 200
    press(writer, number, "publish")
    assert reader.get(address).status == 404
    assert "img" not in reader.get(f"/kb/{number}").page.find("div", class_="article-body").text
    restored = writer.submit(f"/kb/work/{number}/2", f"/kb/work/{number}")
    assert "is the newest again" in restored.page.text
    press(writer, number, "publish")
    assert reader.get(address).status == 200


def test_archived_it_is_nobody_s_any_more(site, writer):
    number, _ = write(writer, a_title())
    add(writer, number, "a.png", png(20, 20))
    file = ready(site, number)
    save(writer, writer.get(f"/kb/work/{number}"), body=f"{TEXT}\n![x](/files/{file}/a.webp)\n")
    press(writer, number, "publish")
    assert site.visitor().get(f"/files/{file}/a.webp").status == 200
    site.sql("update articles set state = 'archived', archived_at = now() where id = %s", number)
    assert site.visitor().get(f"/files/{file}/a.webp").status == 404


def test_a_file_is_listed_under_the_article_with_its_size(site, writer):
    number, _ = write(writer, a_title())
    added = add(writer, number, "Notice é.pdf", pdf(b"x" * 30_000), alt="")
    assert added.status == 200, problem(added)
    file = newest(site, number)
    code = codes(added.page)[0]
    assert code == f"[Notice é.pdf](/files/{file}/notice-e.pdf)"
    save(writer, writer.get(f"/kb/work/{number}"), body=f"{TEXT}\nSee {code}.\n")
    press(writer, number, "publish")
    shown = site.visitor("fr").get(f"/kb/{number}").page
    listed = next(a for a in shown.all("a") if "file-link" in a.get("class", ""))
    assert listed["href"] == f"/files/{file}/notice-e.pdf" and "PDF" in listed.text and "30 ko" in listed.text
    got = site.visitor().get(listed["href"])
    assert got.headers["Content-Disposition"].startswith("attachment;") and got.response.content[:5] == b"%PDF-"


@pytest.mark.parametrize("language, said", [("en", "Say in words what the picture shows"),
                                            ("fr", "Dites avec des mots ce que montre l’image")])
def test_a_picture_without_words_is_refused_with_the_reason(site, writer, language, said):
    number, _ = write(writer, a_title())
    site.sql("update people set language = %s where id = %s", language, writer.person.id)
    refused = add(writer, number, "a.png", png(20, 20), alt="  ", body="Kept all the same")
    assert refused.status == 422 and said in refused.page.find(id="alt-error").text
    assert refused.page.find("textarea", id="body").text.strip() == "Kept all the same"
    assert newest(site, number) is None


@pytest.mark.parametrize("content, said", [(b"MZ\x90\0", "This kind of file is not taken"),
                                           (b"x" * 5_000_001, "at most 5 MB"), (b"", "Choose a file first")])
def test_what_is_not_taken_is_said_at_its_field(site, writer, content, said):
    number, _ = write(writer, a_title())
    refused = add(writer, number, "a.png", content)
    assert refused.status == 422 and said in refused.page.find(id="file-error").text
    assert newest(site, number) is None


def test_only_the_article_s_own_pictures_are_shown(site, writer):
    number, _ = write(writer, a_title())
    other, _ = write(writer, a_title())
    add(writer, other, "a.png", png(20, 20))
    file = ready(site, other)
    refused = save(writer, writer.get(f"/kb/work/{number}"), body=f"{TEXT}\n![x](/files/{file}/a.webp)\n")
    assert refused.status == 422 and "not this article" in refused.page.find(id="body-error").text
    save(writer, writer.get(f"/kb/work/{number}"), body=f"{TEXT}\n![far](https://elsewhere.example/x.png) ![d](data:image/png,x)\n")
    press(writer, number, "publish")
    shown = site.visitor().get(f"/kb/{number}").page.find("div", class_="article-body")
    assert not shown.all("img")
    assert "https://elsewhere.example/x.png" in [a["href"] for a in shown.all("a")]


def test_a_private_file_does_not_become_public_by_its_number(site, writer):
    """Whoever may write articles writes the address of somebody's private picture into one."""
    asker = site.member()
    exchange = site.sql_value(
        "insert into private_exchanges (topic_id, person_id, started_at, said_at)"
        " values (%s, %s, now(), now()) returning id", ask(asker).id, asker.person.id)
    message = site.sql_value("insert into private_messages (exchange_id, author_id, is_from_team, body_md, body_html, created_at)"
                             " values (%s, %s, false, 'x', 'x', now()) returning id", exchange, asker.person.id)
    secret = site.sql_value("insert into attachments (message_id, owner_id, kind, state, name, bytes, content, uploaded_at)"
                            " values (%s, %s, 'text', 'ready', 'a.txt', 6, 'secret', now()) returning id", message, asker.person.id)
    number, _ = write(writer, a_title())
    for words in (f"[x](/files/{secret}/a.txt)", f"{site.url}/files/{secret}/a.txt and /files/{secret}/a.txt"):
        save(writer, writer.get(f"/kb/work/{number}"), body=f"{TEXT}\n{words}\n")
        press(writer, number, "publish")
    assert site.visitor().get(f"/files/{secret}/a.txt").status == 404
    assert asker.get(f"/files/{secret}/a.txt").text == "secret"
    assert site.sql_value("select count(*) from attachment_uses where attachment_id = %s", secret) == 0


def test_the_other_language_has_the_same_pictures(site, writer):
    number = put_article(site, a_title())
    group = site.sql_value("select group_id from articles where id = %s", number)
    other = put_article(site, a_title(), language="fr", group=group, published=False)
    add(writer, number, "a.png", png(20, 20))
    file = ready(site, number)
    saved = save(writer, writer.get(f"/kb/work/{other}"), body=f"{TEXT}\n![x](/files/{file}/a.webp)\n")
    assert saved.status == 200, problem(saved)
    assert site.visitor().get(f"/files/{file}/a.webp").status == 404
    press(writer, other, "publish")
    assert site.visitor().get(f"/files/{file}/a.webp").status == 200


def test_a_file_is_removed_unless_the_text_has_it(site, writer):
    number, _ = write(writer, a_title())
    add(writer, number, "a.png", png(20, 20))
    file = ready(site, number)
    fields = {**editor(writer, number).fields, "remove": str(file)}
    save(writer, writer.get(f"/kb/work/{number}"), body=f"{TEXT}\n![x](/files/{file}/a.webp)\n")
    refused = send(writer, f"/kb/files/{number}", {**fields, "key": "k" * 43}, [])
    assert refused.status == 409 and "take it out there first" in refused.page.text
    save(writer, writer.get(f"/kb/work/{number}"), body=TEXT + "Without.")
    removed = send(writer, f"/kb/files/{number}", {**editor(writer, number).fields, "remove": str(file)}, [])
    assert "The file is removed" in removed.page.text and newest(site, number) is None
    assert "Removed a file of an article" in site.member(role="administrator").get("/admin/audit?days=1").page.text or \
        site.sql_value("select count(*) from audit_log where action = 'article_file_removed' and subject_id = %s", number) == 1


def test_a_file_that_was_chosen_but_not_added_is_not_forgotten_silently(site, writer):
    number, _ = write(writer, a_title())
    refused = writer.post(f"/kb/work/{number}", {**editor(writer, number).fields, "do": "save", "file": "box.png"})
    assert refused.status == 422 and "choose the file once more" in refused.page.find(id="file-error").text


def test_who_may_not_write_the_article_adds_nothing(site, writer):
    number, _ = write(writer, a_title())
    customer = site.member()
    token = customer.get("/ask").page.form("/ask").fields["csrf"]
    refused = send(customer, f"/kb/files/{number}", {"csrf": token, "key": "g" * 43, "alt": "x", "title": "x", "body": "x"},
                   [("file", "a.png", png(20, 20))])
    assert refused.status == 403 and newest(site, number) is None


def test_what_no_version_named_is_swept(site, writer):
    number, _ = write(writer, a_title())
    for name in ("kept.png", "left.png"):
        add(writer, number, name, png(20, 20))
        ready(site, number)
    kept, left = [row["id"] for row in site.sql("select id from attachments where article_id = %s order by id", number)]
    save(writer, writer.get(f"/kb/work/{number}"), body=f"{TEXT}\n![x](/files/{kept}/kept.webp)\n")
    site.sql("update attachments set uploaded_at = now() - interval '31 days' where article_id = %s", number)
    site.sql("insert into jobs (kind) values ('purge')")
    until(lambda: site.sql_value("select count(*) from attachments where id = %s", left) == 0, seconds=20)
    assert site.sql_value("select count(*) from attachments where id = %s", kept) == 1
