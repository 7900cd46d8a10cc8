"""Files in private exchanges: read by both sides and by nobody else, made harmless, refused
with a sentence."""

import pytest
from support.files import pdf, png, send
from support.forum import a_title, problem
from support.waiting import until
from test_private import advisor, asker, begin, close, say  # noqa: F401

SECRET = b"GPS 48.8584 N 2.2945 E"


def attach(visitor, path, files, words=None):
    """What came back, and the numbers of the files of the newest message."""
    form = next(form for form in visitor.get(path).page.forms if form.action == f"{path}/message")
    visitor.site.sql("delete from throttles")
    fields = {**form.fields, "body": words or f"Here it is {a_title()}"}
    answer = send(visitor, form.action, fields, [("file", name, content) for name, content in files])
    return answer, [row["id"] for row in visitor.site.sql(
        "select f.id from attachments f where f.message_id = (select max(id) from private_messages where exchange_id = %s)"
        " order by f.id", int(path.split("/")[-1]))]


def ready(site, number):
    until(lambda: site.sql_value("select state from attachments where id = %s", number) != "waiting", seconds=20)


def links(visitor, path):
    return [a["href"] for a in visitor.get(path).page.all("a") if a.get("href", "").startswith("/files/")]


def test_a_picture_is_made_anew_and_read_by_both_sides_only(site, advisor, asker):
    _, path = begin(site, advisor, asker)
    answer, (number,) = attach(asker, path, [("IMG 2041 é.PNG", png(1000, 700, SECRET) + b"<script>alert(1)</script>")])
    assert "It is sent" in answer.page.text
    ready(site, number)
    shown = advisor.get(path).page
    picture = next(img for img in shown.all("img") if "/files/" in img["src"])
    assert picture["src"] == f"/files/{number}/small/img-2041-e.webp"
    assert (picture["width"], picture["height"], picture["loading"]) == ("640", "448", "lazy")
    assert picture["alt"] == "Picture: IMG 2041 é.webp"
    whole = links(advisor, path)[0]
    for reader in (asker, advisor):
        for address in (whole, picture["src"]):
            got = reader.get(address)
            assert got.status == 200 and got.headers["Content-Type"] == "image/webp"
            content = got.response.content
            assert content[:4] == b"RIFF" and content[8:12] == b"WEBP"
            assert b"GPS" not in content and b"<script" not in content and b"EXIF" not in content
            assert got.headers["Cache-Control"] == "private, no-store"
            assert got.headers["X-Content-Type-Options"] == "nosniff"
            assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    expert = site.member()
    for other in (site.member(), expert, site.visitor()):
        for address in (whole, picture["src"], f"/files/{number}/x", f"/files/{number}/small/x"):
            assert other.get(address, follow=False).status == 404, address
    assert site.sql_value("select original is null from attachments where id = %s", number)


def test_a_file_is_saved_and_never_shown(site, advisor, asker):
    _, path = begin(site, advisor, asker)
    answer, numbers = attach(asker, path, [("Relevé d’août.pdf", pdf()), ("page.html", b"<script>alert(1)</script>")])
    assert len(numbers) == 2, problem(answer)
    shown = advisor.get(path).page
    assert "Relevé d’août.pdf" in shown.text and "page.html.txt" in shown.text and "kB" in shown.text
    first, second = [advisor.get(address) for address in links(advisor, path)]
    assert first.response.content == pdf() and first.headers["Content-Type"] == "application/pdf"
    assert first.headers["Content-Disposition"] == (
        "attachment; filename=\"Relev__ d___ao__t.pdf\"; filename*=UTF-8''Relev%C3%A9%20d%E2%80%99ao%C3%BBt.pdf")
    assert second.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert second.headers["Content-Disposition"].startswith("attachment; filename=\"page.html.txt\"")
    for got in (first, second):
        assert "sandbox" in got.headers["Content-Security-Policy"]
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in got.headers["Cache-Control"]


@pytest.mark.parametrize("language, files, said", [
    ("en", [("a.png", b"MZ\x90\0\3\0")], "This kind of file is not taken"),
    ("fr", [("a.png", b"MZ\x90\0\3\0")], "Ce type de fichier n’est pas accepté"),
    ("en", [("a.docx", b"PK\3\4\24\0\0\0")], "This kind of file is not taken"),
    ("en", [("a.pdf", pdf() + b"PK\5\6\0\0\0\0")], "something else is hidden in it"),
    ("fr", [("a.pdf", pdf() + b"<script>")], "contient autre chose"),
    ("en", [("a.svg", b"<svg onload='x()'>\0")], "This kind of file is not taken"),
    ("en", [("a.txt", b"x" * 5_000_001)], "at most 5 MB"),
    ("fr", [("a.txt", b"x" * 5_000_001)], "au plus 5 Mo"),
    ("en", [(f"{n}.txt", b"x") for n in range(5)], "at most 4 files"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_not_taken_is_said_at_its_field_and_the_words_are_kept(site, advisor, asker, language, files, said):
    _, path = begin(site, advisor, asker)
    before = site.sql_value("select count(*) from private_messages")
    if language == "fr":
        site.sql("update people set language = 'fr' where id = %s", asker.person.id)
    answer, _ = attach(asker, path, files, words="Kept words of mine")
    assert answer.status == 422
    assert said in answer.page.find(id="file-error").text
    assert answer.page.find("textarea", id="body").text.strip() == "Kept words of mine"
    assert site.sql_value("select count(*) from private_messages") == before


def test_too_much_at_once_is_refused_with_what_is_allowed(site, advisor, asker):
    _, path = begin(site, advisor, asker)
    answer, _ = attach(asker, path, [("a.txt", b"x" * 4_500_000), ("b.txt", b"x" * 4_500_000)])
    assert answer.status == 413 and "at most 8 MB" in answer.page.text


def test_a_picture_that_cannot_be_read_says_so(site, advisor, asker):
    _, path = begin(site, advisor, asker)
    _, (number,) = attach(asker, path, [("broken.png", b"\x89PNG\r\n\x1a\n" + b"nothing of the kind")])
    ready(site, number)
    assert "broken.webp cannot be shown: not a picture that can be read" in asker.get(path).page.text
    assert asker.get(f"/files/{number}/broken.webp").status == 404


def test_the_same_form_twice_is_one_message_with_one_file(site, advisor, asker):
    _, path = begin(site, advisor, asker)
    form = next(form for form in asker.get(path).page.forms if form.action == f"{path}/message")
    site.sql("delete from throttles")
    for _ in range(2):
        send(asker, form.action, {**form.fields, "body": "Once only"}, [("file", "a.txt", b"one")])
    assert site.sql_value("select count(*) from attachments f join private_messages m on m.id = f.message_id"
                          " where m.exchange_id = %s", int(path.split("/")[-1])) == 1


def test_a_form_that_nobody_filled_in_brings_no_file(site, advisor, asker):
    """An empty file field, as every browser sends it; and a stranger's token."""
    _, path = begin(site, advisor, asker)
    form = next(form for form in asker.get(path).page.forms if form.action == f"{path}/message")
    site.sql("delete from throttles")
    sent = send(asker, form.action, {**form.fields, "body": "Only words"}, [("file", "", b"")])
    assert "It is sent" in sent.page.text
    other = site.member()
    token = other.get("/ask").page.form("/ask").fields["csrf"]
    assert send(other, form.action, {"csrf": token, "key": "g" * 43, "body": "x"}, [("file", "a.txt", b"x")]).status == 404
    assert send(asker, form.action, {"csrf": "x", "key": "g" * 43, "body": "x"}, [("file", "a.txt", b"x")]).status == 403


def test_the_copy_names_them_and_the_time_takes_them(site, advisor, asker):
    _, path = begin(site, advisor, asker)
    _, (number,) = attach(asker, path, [("contrat.pdf", pdf())])
    copied = site.sql_value("select person_export(%s)::text", asker.person.id)
    assert "contrat.pdf" in copied and f"/files/{number}/" in copied
    site.sql("delete from private_messages where exchange_id = %s", int(path.split("/")[-1]))
    assert asker.get(f"/files/{number}/contrat.pdf").status == 404
