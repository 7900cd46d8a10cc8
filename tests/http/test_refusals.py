"""What bad input gets: a clear answer, nothing half-saved, the text kept."""

import socket
import urllib.parse

import pytest

from support.forum import BODY, a_title, category, path_of, rest
from support.site import shared_folder
from support.world import raw, routes, state


# ---- addresses ----------------------------------------------------------------


BIG = "9223372036854775807"
NOWHERE = [
    "/nothing", "/t", "/t/", "/t/x", "/t/0-x", "/t/-1-x", "/t/1.5-x", f"/t/{BIG}-x", f"/t/{BIG}0-x", "/t/1e3",
    "/t/٣-x", "/c/", "/c/none", "/c/box/more", "/c/BOX", "/tag/none", "/u/0", f"/u/{BIG}", "/u/x", f"/p/{BIG}",
    "/p/0", f"/p/{BIG}/history", f"/p/{BIG}/comments", f"/questions/{BIG}", f"/a/{BIG}", "/q/0", "/p/1/none",
    "/api/v1/topics/0", f"/api/v1/topics/{BIG}", f"/api/v1/people/{BIG}", "/api/v1/none", "/api/v2/topics",
    "/login/x", "/settings/x", "/index.php", "/wp-login.php", "/Login", "/ask/", "/robots.txt/",
]


@pytest.mark.parametrize("path", NOWHERE)
def test_what_is_not_there_is_a_404(world, path):
    for visitor in (world.site.visitor(), world.visitor):
        answer_ = visitor.get(path, follow=False)
        assert answer_.status == 404, answer_
        if path.startswith("/api/"):
            assert answer_.json()["status"] == 404
        else:
            assert answer_.page.find("main") and answer_.page.find("meta", name="robots")["content"] == "noindex"


PARAMETERS = [
    ("{topic}", "page", 404), ("/questions", "after", 404), ("/c/box", "after", 404), ("/tag/wifi", "after", 404),
    ("/questions?filter=useful", "after", 404), ("{person}", "after", 404), ("{person}?tab=answers", "after", 404),
    ("/tags", "count", 404), ("/search?q=box", "page", 404), ("/notifications", "before", 404),
    ("{comments}", "after", 404), ("/api/v1/topics", "after", 404), ("/api/v1/topics?filter=useful", "after", 404),
    ("/api/v1/topics/{number}", "page", 404), ("/t/{number}/answer", "quote", 404), ("/questions", "filter", 404),
    ("{topic}", "sort", 404),
]
GARBAGE = ["0", "-1", "1.5", "abc", "999999999999", BIG, BIG + "0", "-9223372036854775808", "1;drop table posts",
           "' or 1=1 --", "\u0663", "0x10", "1e9", "_", "_1", "1_", f"{BIG}_1", f"-{BIG}_1", f"{BIG}_{BIG}", "1_0",
           "1_-1", "253402300800000000_1", "%", "null", "\u202e1", "1 1"]


@pytest.mark.parametrize("path, name, refusal", PARAMETERS, ids=[f"{p} {n}" for p, n, _ in PARAMETERS])
def test_garbage_in_a_parameter_is_a_404_or_an_empty_page(site, world, path, name, refusal):
    if path == "/tag/wifi":
        site.sql("insert into tags (name, topic_count) values ('wifi', 1) on conflict do nothing")
    reader = world.visitor
    path = path.format(topic=world.topic.path, person=path_of(reader.get(f"/u/{world.person.id}", follow=False)),
                       comments=f"/p/{world.topic.post}/comments", number=world.topic.id)
    for value in GARBAGE:
        query = ("&" if "?" in path else "?") + urllib.parse.urlencode({name: value})
        answer_ = reader.get(path + query, follow=False)
        assert answer_.status in (200, refusal), (value, answer_)


def test_a_path_is_not_read_in_two_ways(site, client):
    for path in ("/questions/../questions", "/./questions", "//questions", "/questions//1", "/t%2f1", "/c/%2e%2e",
                 "/c/a%00b", "/c/%ff", "/c/%", "/c/%zz", "/c/a%0ab"):
        status = int(raw(site, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())[9:12])
        assert status in (400, 404), path


@pytest.mark.parametrize("path, file", [("/static/", "app.css"), ("/theme/", "theme.css")])
def test_files_outside_their_folder_are_out_of_reach(site, path, file):
    shared = shared_folder()
    attempts = ["../entraide.conf", "..%2fentraide.conf", "%2e%2e/entraide.conf", "....//entraide.conf",
                "..;/entraide.conf", "%252e%252e%252fentraide.conf", "../../../../../../etc/passwd", ".%00./etc/passwd",
                "..\\entraide.conf"]
    if shared and (shared / "data/security/paths/traversal.txt").exists():
        listed = (shared / "data/security/paths/traversal.txt").read_text("utf-8", "replace").splitlines()
        attempts += [line.strip("/") for line in listed[::15] if line.isascii() and " " not in line and line]
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as connection:
        reader = connection.makefile("rb")
        for attempt in attempts:
            connection.sendall(f"GET {path}{attempt} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            head = reader.readline()
            length = 0
            while (line := reader.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
                if line.lower().startswith(b"transfer-encoding:"):
                    length = -1
            body = read_chunks(reader) if length < 0 else reader.read(length)
            assert b" 200 " not in head or b"Questions" in body, attempt
            assert b"root:" not in body and b"conninfo" not in body, attempt
            if not head or b"400" in head:
                connection.close()
                connection = socket.create_connection(("127.0.0.1", site.port), timeout=10)
                reader = connection.makefile("rb")


def read_chunks(reader):
    body = b""
    while size := int(reader.readline() or b"0", 16):
        body += reader.read(size)
        reader.readline()
    reader.readline()
    return body


# ---- methods and kinds of content ---------------------------------------------


@pytest.mark.parametrize("pattern", sorted({row[1] for row in routes() if row[2] != "OPERATOR"}))
def test_a_method_that_a_path_has_not_is_a_405_that_names_those_it_has(world, pattern):
    methods = {row[0] for row in routes() if row[1] == pattern}
    if pattern == "/_error/:id":
        return
    path = world.path(pattern).replace(":slug", "box").replace("-slug", "-x")
    wrong = "POST" if methods == {"GET"} else "GET" if methods == {"POST"} else "DELETE"
    refused = world.visitor.request(wrong, path, data={"a": "b"} if wrong == "POST" else None,
                                    headers={"Origin": world.site.url})
    assert refused.status == 405
    allowed = {name.strip() for name in refused.headers["Allow"].split(",")}
    assert allowed >= methods and wrong not in allowed
    assert "HEAD" in allowed or "GET" not in methods


@pytest.mark.parametrize("path", ["/", "/questions", "/t", "/api/v1/topics", "/robots.txt"])
def test_head_is_get_without_a_body(world, path):
    path = world.topic.path if path == "/t" else path
    whole, head = world.site.visitor().get(path), world.site.visitor().head(path)
    assert head.status == whole.status == 200
    assert head.text == ""
    assert head.headers["Content-Type"] == whole.headers["Content-Type"]


@pytest.mark.parametrize("kind", ["text/html", "application/xml", "image/png", "application/octet-stream",
                                  "multipart/mixed; boundary=x", "form", ""])
def test_content_of_another_kind_is_a_415(world, kind):
    refused = world.visitor.post("/ask", b"title=x&body=y", headers={"Content-Type": kind})
    assert refused.status == 415


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_a_form_that_comes_as_something_else_carries_no_token(world, kind):
    refused = world.visitor.post("/ask", b'{"title": "x"}', headers={"Content-Type": kind})
    assert refused.status == 403


FORM = "application/x-www-form-urlencoded"
MIXED = "multipart/form-data; boundary=X"
BROKEN = [
    ("invalid UTF-8", FORM, b"body=%ff%fe"),
    ("raw invalid UTF-8", FORM, b"body=\xff\xfe"),
    ("overlong UTF-8", FORM, b"body=%c0%af"),
    ("a surrogate", FORM, b"body=%ed%a0%80"),
    ("NUL", FORM, b"body=a%00b"),
    ("raw NUL", FORM, b"body=a\0b"),
    ("a control character", FORM, b"body=a%08b"),
    ("escape", FORM, b"body=%1b[31m"),
    ("a broken escape", FORM, b"body=%4"),
    ("another", FORM, b"body=%zz"),
    ("a NUL in a name", FORM, b"a%00b=c"),
    ("a line break in a name", FORM, b"a%0ab=c"),
    ("65 fields", FORM, b"&".join(b"f%d=1" % n for n in range(65))),
    ("no boundary", "multipart/form-data", b"--X\r\n\r\n"),
    ("an empty boundary", "multipart/form-data; boundary=", b"--\r\n\r\n"),
    ("no end", MIXED, b'--X\r\nContent-Disposition: form-data; name="body"\r\n\r\ntext'),
    ("no name", MIXED, b"--X\r\nContent-Disposition: form-data\r\n\r\ntext\r\n--X--\r\n"),
    ("no head", MIXED, b"--X\r\ntext\r\n--X--\r\n"),
    ("a file", MIXED, b'--X\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\n\x89PNG\r\n--X--\r\n'),
    ("another boundary", MIXED, b'--Y\r\nContent-Disposition: form-data; name="body"\r\n\r\ntext\r\n--Y--\r\n'),
    ("NUL in multipart", MIXED, b'--X\r\nContent-Disposition: form-data; name="body"\r\n\r\na\0b\r\n--X--\r\n'),
]


@pytest.mark.parametrize("kind, body", [c[1:] for c in BROKEN], ids=[c[0] for c in BROKEN])
def test_a_form_that_cannot_be_read_is_a_400_in_the_frame(site, world, kind, body):
    before = state(site)
    token = f"csrf={world.token()}&".encode() if kind == FORM else b""
    refused = world.visitor.post("/ask", token + body, headers={"Content-Type": kind})
    assert refused.status == 400
    assert refused.page.find("main") and refused.page.find("h1").text
    assert state(site) == before


@pytest.mark.parametrize("query", ["q=%ff", "q=%00", "q=%", "q=%zz", "q=a%0bb", "&".join(f"a{n}=1" for n in range(65)),
                                   "q=" + "a" * 4096], ids=lambda query: query[:12])
def test_a_query_that_cannot_be_read_is_a_400(site, query):
    request = f"GET /search?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert raw(site, request.encode()).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("cookie", ["session=%s" % ("A" * 43), "session=x", "session=", "session=\"", "language=xx",
                                    "language=../../etc", "device=\x01", "notice=<script>", "a=b;" * 40, "=;=;"])
def test_a_strange_cookie_is_no_session_and_no_error(client, cookie):
    answer_ = client.get("/", headers={"Cookie": cookie})
    assert answer_.status in (200, 400)
    assert "<script>\"" not in answer_.text and "Sign in" in answer_.text


def test_a_repeated_field_means_its_first_value(site, world):
    rest(site)
    fields = world.visitor.get("/ask").page.form("/ask").fields
    pairs = [(name, value) for name, value in fields.items() if name not in ("title", "body", "category", "tags", "considered")]
    first, second = a_title("Which of the two titles is it"), a_title("It is the second title of them")
    pairs += [("title", first), ("body", f"{BODY} First. {first}"), ("category", str(category(site))),
              ("title", second), ("body", f"{BODY} Second."), ("category", "0"), ("considered", "1")]
    taken = world.visitor.post("/ask", pairs, follow=False)
    assert taken.status == 303
    assert "second-title" not in path_of(taken)


OVERLONG = [("/ask", "title"), ("/ask", "body"), ("/ask", "tags"), ("/signup", "name"), ("/signup", "email"),
            ("/signup", "password"), ("/login", "email"), ("/login", "password"), ("/reset", "email"),
            ("/settings/profile", "bio"), ("/settings/email", "email"), ("/p/:id/edit", "reason"),
            ("/drafts", "title"), ("/drafts", "place"), ("/p/:id/comment", "body"), ("/t/:id/status", "duplicate_of")]


@pytest.mark.parametrize("pattern, name", OVERLONG, ids=[f"{p} {n}" for p, n in OVERLONG])
def test_an_overlong_field_is_refused_not_cut(site, world, pattern, name):
    visitor = world.visitor
    if pattern in ("/signup", "/login", "/reset"):
        visitor = site.visitor()
        token = visitor.get("/login").page.form("/login").fields["csrf"]
    else:
        token = world.token()
    before = state(site)
    fields = world.fields(pattern) | {"csrf": token, name: "x" * 100_000}
    if pattern == "/t/:id/status":
        fields["status"] = "duplicate"
    refused = visitor.post(world.path(pattern), fields, follow=False)
    assert refused.status == 422, refused
    assert state(site) == before


NUMBERS = ["-1", "0x1", "1.0", BIG + "0", "1 or 1=1", "\u0661", " ", "null", "999999999999"]


@pytest.mark.parametrize("pattern, name", [("/ask", "category"), ("/p/:id/edit", "category"), ("/p/:id/edit", "revision"),
                                           ("/follow", "id"), ("/drafts", "category"), ("/settings/sessions", "session")])
def test_a_number_that_is_none_is_refused_and_the_text_kept(site, world, pattern, name):
    token = world.token()
    for value in NUMBERS:
        if pattern == "/settings/sessions" and value == "999999999999":
            continue
        before = state(site)
        fields = world.fields(pattern) | {"csrf": token, name: value}
        refused = world.visitor.post(world.path(pattern), fields, follow=False)
        if (pattern, value) == ("/drafts", "999999999999"):
            assert refused.status == 204, "a category that is gone is no reason to lose a draft"
            continue
        assert refused.status in (400, 404, 409, 422), (value, refused)
        if "body" in fields:
            assert fields["body"] in refused.text, value
        assert state(site) == before, value


def test_a_form_without_its_key_is_refused_and_the_text_kept(site, world):
    for key in (None, "", "short", "x" * 200):
        fields = world.fields("/ask") | {"csrf": world.token()}
        fields.pop("key")
        if key is not None:
            fields["key"] = key
        before = state(site)
        refused = world.visitor.post("/ask", fields, follow=False)
        assert refused.status == 400
        assert fields["body"] in refused.text
        assert state(site) == before
