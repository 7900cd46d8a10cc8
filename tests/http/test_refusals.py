"""What bad input gets: a clear answer, nothing half-saved, the text kept."""

import concurrent.futures
import hashlib
import pathlib
import re
import socket
import urllib.parse

import pytest

from support.forum import BODY, a_title, answer, ask, category, comment, path_of, rest
from support.site import shared_folder

ROOT = pathlib.Path(__file__).resolve().parents[2]

# ---- the site map -----------------------------------------------------------

ROW = re.compile(r'\{ HTTP_(\w+),\s+"([^"]+)",\s+ACCESS_(\w+),\s+GUARD_(\w+),')


def routes():
    """(method, pattern, access, guard) of each row."""
    rows = ROW.findall((ROOT / "src/web/routes.c").read_text())
    assert len(rows) > 40, "the table in routes.c was not understood"
    return rows


POSTS = [row for row in routes() if row[0] == "POST"]
READS = sorted({row[1] for row in routes() if row[0] == "GET"})
WRITES = sorted({row[1] for row in POSTS})


class World:
    """A question with an answer and a comment, and a moderator whose every form
    would be accepted: so that a forged one that got through would show."""

    def __init__(self, site, address=None):
        self.site = site
        self.person = site.person(role="moderator")
        self.visitor = site.member(self.person, address=address)
        self.other = site.member(role="moderator")
        self.asker = site.member()
        self.topic = ask(self.asker)
        self.answer = answer(self.other, self.topic)
        self.comment = comment(self.other, self.topic.post)
        self.hidden = answer(self.other, self.topic)
        site.sql("update posts set visibility = 'withdrawn' where id = %s", self.hidden)
        # The team leaves an asker three days to accept.
        site.sql("update posts set created_at = created_at - interval '4 days' where id = %s", self.answer)

    def path(self, pattern):
        number = self.topic.id if pattern.startswith("/t/") else self.answer
        if pattern.endswith("/restore"):
            number = self.hidden
        if pattern.endswith("/edit"):
            number = self.topic.post
        return pattern.replace(":id", str(number))

    def fields(self, pattern):
        """What makes that form a valid one, but for the token."""
        texts = {"title": a_title(), "body": f"{BODY} {a_title()}", "category": str(category(self.site)),
                 "key": hashlib.sha256(a_title().encode()).hexdigest()[:43] + "-test"}
        known = {
            "/language": {"language": "fr"},
            "/ask": texts, "/t/:id/answer": texts, "/p/:id/comment": texts,
            "/p/:id/edit": {**texts, "revision": "0"},
            "/t/:id/status": {"status": "closed", **texts},
            "/follow": {"kind": "topic", "id": str(self.topic.id), "on": "1"},
            "/preview": texts,
            "/drafts": {"place": "ask", **texts},
            "/login": {"email": self.person.email, "password": self.person.password},
            "/signup": {"name": "Forged By Somebody", "email": "forged@example.org", "consent": "1",
                        "password": "a forged sentence", "key": texts["key"]},
            "/reset": {"email": self.person.email},
            "/settings/profile": {"bio": f"Forged {a_title()}", "language": "fr"},
            "/settings/email": {"email": "forged@example.org", "password": self.person.password},
            "/settings/password": {"password": self.person.password, "new_password": "forged password"},
        }
        return known.get(pattern, {"on": "1", "token": "A" * 43, **texts})

    def token(self, visitor=None):
        return (visitor or self.visitor).get("/ask").page.form("/ask").fields["csrf"]


@pytest.fixture(scope="module")
def world(site):
    # From the machine itself: nginx does not count its requests.
    return World(site, "127.0.0.1")


TRUTH = ("people", "sessions", "mail_tokens", "topics", "topic_tags", "posts", "revisions", "thanks", "me_too",
         "follows", "drafts", "notifications", "audit_log", "form_keys")


def state(site):
    """One number for all that a form could have changed."""
    parts = [f"(select coalesce(md5(string_agg(t::text, '' order by t::text)), '') from {table} t)"
             for table in TRUTH]
    return site.sql_value("select concat_ws(' ', " + ", ".join(parts) + ")")


# ---- forged forms -----------------------------------------------------------

FORGERIES = {
    "without a token": {},
    "an empty token": {"csrf": ""},
    "a made-up token": {"csrf": "A" * 43},
    "another session's token": {"csrf": "other"},
    "a foreign origin": {"csrf": "right", "Origin": "https://evil.example"},
    "no origin to speak of": {"csrf": "right", "Origin": "null"},
    "another port": {"csrf": "right", "Origin": "http://127.0.0.1:1"},
    "from another site": {"csrf": "right", "Sec-Fetch-Site": "cross-site"},
    "from another name of the domain": {"csrf": "right", "Sec-Fetch-Site": "same-site"},
}


@pytest.mark.parametrize("pattern", [row[1] for row in POSTS if row[3] == "TOKEN"])
def test_a_forged_form_is_refused_and_changes_nothing(site, world, pattern):
    path, fields = world.path(pattern), world.fields(pattern)
    tokens = {"right": world.token(), "other": world.token(world.other)}
    before = state(site)
    for name, forgery in FORGERIES.items():
        data, headers = dict(fields), {}
        for key, value in forgery.items():
            if key == "csrf":
                data["csrf"] = tokens.get(value, value)
            else:
                headers[key] = value
        refused = world.visitor.post(path, data, headers=headers, follow=False)
        assert refused.status == 403, f"{name}: {refused}"
        assert "Set-Cookie" not in refused.headers or "session=" not in refused.headers["Set-Cookie"], name
        if "body" in data:
            assert data["body"] in refused.page.text or refused.page.find("textarea", id="kept-body"), name
        assert state(site) == before, name


@pytest.mark.parametrize("pattern", [row[1] for row in POSTS if row[3] == "TOKEN"])
def test_the_same_form_with_the_right_token_is_taken(site, pattern):
    """The control: what was refused above was refused for the token alone."""
    world = World(site)
    fields = world.fields(pattern) | {"csrf": world.token()}
    taken = world.visitor.post(world.path(pattern), fields, follow=False)
    expected = {"/preview": 200, "/signup": 200, "/reset": 200, "/drafts": 204, "/confirm": 410,
                "/reset/password": 422}
    assert taken.status == expected.get(pattern, 303), (taken, taken.page.text if taken.is_html else taken.text)


def test_the_language_is_not_changed_from_another_site(site, world):
    before = state(site)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        refused = world.visitor.post("/language", {"language": "fr"}, headers=headers, follow=False)
        assert refused.status == 403
    assert state(site) == before


@pytest.mark.parametrize("pattern", WRITES)
def test_nothing_is_changed_by_following_a_link(site, world, pattern):
    before = state(site)
    query = urllib.parse.urlencode(world.fields(pattern) | {"csrf": world.token()})
    path = f"{world.path(pattern)}?{query}"[:4000]
    answer_ = world.visitor.get(path, follow=False)
    assert answer_.status == (405 if pattern not in READS else answer_.status)
    assert answer_.status in (200, 302, 403, 404, 405, 410), answer_
    assert state(site) == before


def test_a_visitors_form_is_bound_to_their_browser(site):
    person = site.person()
    page = site.visitor().get("/login")
    victim = site.visitor()
    victim.get("/login")
    fields = page.page.form("/login").fields | {"email": person.email, "password": person.password}
    assert victim.post("/login", fields).status == 403, "login into the attacker's account"
    bare = site.visitor()
    assert bare.post("/login", fields).status == 403


# ---- who is not signed in ---------------------------------------------------


@pytest.mark.parametrize("method, pattern", [(row[0], row[1]) for row in routes() if row[2] == "MEMBER"])
def test_a_visitor_is_led_to_the_login_or_keeps_the_text(site, world, method, pattern):
    before = state(site)
    visitor, path = site.visitor(), world.path(pattern)
    if method == "GET":
        led = visitor.get(path + "?x=1&y=é", follow=False)
        assert led.status == 302
        parts = urllib.parse.urlsplit(path_of(led))
        assert parts.path == "/login"
        assert urllib.parse.parse_qs(parts.query)["next"] == [f"{path}?x=1&y=%C3%A9"]
        return
    fields = world.fields(pattern) | {"back": "/tags"}
    refused = visitor.post(path, fields, follow=False)
    if typed := fields.get("body") or fields.get("bio"):
        assert refused.status == 401
        assert refused.page.find(id="kept-body").raw_text.strip() == typed
        assert refused.page.find(id="kept-title") is None or \
            refused.page.find(id="kept-title")["value"] == fields["title"]
        assert "/login" in refused.page.links
    else:
        assert refused.status in (302, 303)
        assert path_of(refused).startswith("/login")
    assert state(site) == before


def test_a_button_pressed_after_the_session_ended_leads_back_to_a_page_that_exists(site, world):
    person = site.person()
    visitor = site.member(person)
    page = visitor.get(world.topic.path)
    site.sql("delete from sessions where person_id = %s", person.id)
    asked = visitor.submit(page, f"/t/{world.topic.id}/me-too")
    assert asked.status == 200 and asked.path == "/login"
    back = visitor.submit(asked, "/login", email=person.email, password=person.password)
    assert back.status == 200 and back.path == world.topic.path, back


# ---- addresses --------------------------------------------------------------

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
    ("/tags", "count", 404), ("/search?q=box", "from", 404), ("/notifications", "before", 404),
    ("{comments}", "after", 404), ("/api/v1/topics", "after", 404), ("/api/v1/topics?filter=useful", "after", 404),
    ("/api/v1/topics/{number}", "page", 404), ("/t/{number}/answer", "quote", 404), ("/questions", "filter", 404),
    ("{topic}", "sort", 404),
]
GARBAGE = ["0", "-1", "1.5", "abc", "999999999999", BIG, BIG + "0", "-9223372036854775808", "1;drop table posts",
           "' or 1=1 --", "\u0663", "0x10", "1e9", "_", "_1", "1_", f"{BIG}_1", f"-{BIG}_1", f"{BIG}_{BIG}", "1_0",
           "1_-1", f"253402300800000000_1", "%", "null", "\u202e1", "1 1"]


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


# ---- methods and kinds of content -------------------------------------------


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
    pairs = [(name, value) for name, value in fields.items() if name not in ("title", "body", "category", "tags")]
    first, second = a_title("Which of the two titles is it"), a_title("It is the second title of them")
    pairs += [("title", first), ("body", f"{BODY} First. {first}"), ("category", str(category(site))),
              ("title", second), ("body", f"{BODY} Second."), ("category", "0")]
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


# ---- where a request claims to come from, and to lead -----------------------


def raw(site, request, seconds=5):
    with socket.create_connection(("127.0.0.1", site.port), timeout=seconds) as connection:
        connection.sendall(request)
        parts = []
        try:
            while part := connection.recv(65536):
                parts.append(part)
        except (TimeoutError, ConnectionResetError):
            pass
    return b"".join(parts)


FORGED = {
    "Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9;host=evil.example",
    "X-Original-URL": "/settings", "X-Rewrite-URL": "/settings", "X-HTTP-Method-Override": "POST",
    "X-Forwarded-Server": "evil.example", "X-Forwarded-Port": "1", "Client-IP": "203.0.113.9", "Proxy": "http://evil.example",
}


@pytest.mark.parametrize("path", ["/", "/questions", "topic", "/api/v1/topics", "/login"])
def test_forged_headers_change_no_link(site, world, path):
    path = world.topic.path if path == "topic" else path
    answer_ = site.visitor().get(path, headers=FORGED)
    assert answer_.status == 200
    assert "evil.example" not in answer_.text and "203.0.113.9" not in answer_.text
    for value in answer_.headers.values():
        assert "evil.example" not in value


def test_forged_headers_change_no_redirect_and_no_mail(site, world):
    moved = site.visitor().get(f"/t/{world.topic.id}", headers=FORGED, follow=False)
    assert moved.headers["Location"] == site.url + world.topic.path
    person, visitor = site.person(), site.visitor()
    form = visitor.get("/reset").page.form("/reset").fields
    cookie = "; ".join(f"{c.name}={c.value}" for c in visitor.session.cookies)
    asked = visitor.post("/reset", {**form, "email": person.email}, headers={**FORGED, "Cookie": cookie})
    assert asked.status == 200
    mail = site.wait_mail(person.email)
    assert "evil.example" not in mail.message.as_string() + mail.text + mail.html
    assert all(link.startswith(site.url) for link in mail.links)


def test_an_address_that_somebody_claims_to_have_is_not_believed(site):
    person = site.person()
    visitor = site.visitor()
    visitor.session.headers.update({name: FORGED[name] for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded")})
    visitor.login(person)
    assert site.sql_value("select address from sessions where person_id = %s", person.id) == visitor.address
    assert visitor.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status == 403


ELSEWHERE = [
    "https://evil.example", "http://evil.example/", "//evil.example", "///evil.example", "/\\evil.example",
    "\\\\evil.example", "/\t/evil.example", "/%09/evil.example", "http:evil.example", "https:/evil.example",
    "javascript:alert(1)", "data:text/html,x", "/\nevil", "/\r\nSet-Cookie: a=b", "@evil.example", ".evil.example",
    "evil.example", "?next=//evil.example", "//evil.example/%2f..", "/\u2028/evil.example", " //evil.example",
    "/" + "a" * 3000, "//google.com\\@evil.example", "https:evil.example", "/\\/evil.example", "/.//evil.example",
]


def open_redirects():
    shared = shared_folder()
    file = shared and shared / "data/security/redirect/open_redirect.txt"
    listed = file.read_text("utf-8").splitlines() if file and file.exists() else []
    return ELSEWHERE + listed


def test_a_redirect_never_leaves_the_site(site, world):
    """By the three ways that a request can name a place to go to."""
    site.sql("delete from throttles")
    # From the machine itself: nginx does not count its requests.
    visitor = site.member(role="advisor", address="127.0.0.1")
    token = world.token(visitor)
    host = urllib.parse.urlsplit(site.url).netloc
    for target in open_redirects():
        ways = [visitor.get("/login?" + urllib.parse.urlencode({"next": target}), follow=False)]
        if "\0" not in target:
            ways += [visitor.post("/language", {"language": "en", "back": target}, follow=False),
                     visitor.post("/follow", {"csrf": token, "kind": "topic", "id": world.topic.id,
                                                    "back": target}, follow=False)]
        for way in ways:
            assert way.status in (302, 303, 400), (target, way)
            if way.status == 400:
                continue
            location = way.headers["Location"]
            assert location.startswith(f"{site.url}/"), (target, location)
            parts = urllib.parse.urlsplit(location)
            assert parts.netloc == host and not parts.path.startswith(("//", "/\\")), (target, location)
            assert "Set-Cookie: a=b" not in str(way.headers)


def test_the_login_form_carries_no_foreign_place(site, client):
    for target in ELSEWHERE:
        answer_ = client.get("/login?" + urllib.parse.urlencode({"next": target}))
        if answer_.status == 400:
            continue
        kept = answer_.page.form("/login").fields["next"]
        assert kept.startswith("/") and not re.match(r"/[/\\]", kept), target
    person, visitor = site.person(), site.visitor()
    led = visitor.submit("/login", "/login", follow=False, email=person.email, password=person.password,
                         next="//evil.example")
    assert led.headers["Location"] == f"{site.url}/"


def test_line_breaks_in_a_request_start_no_header(site):
    paths = ["/t/1%0d%0aX-Injected:%201", "/login?next=/%0d%0aX-Injected:%201", "/search?q=%0d%0aX-Injected:1",
             "/%0d%0aX-Injected:1", "/c/x%E5%98%8D%E5%98%8AX-Injected:1", "/questions?after=%0aX-Injected:1"]
    shared = shared_folder()
    if shared and (shared / "data/security/http/crlf.txt").exists():
        paths += (shared / "data/security/http/crlf.txt").read_text().splitlines()
    for path in paths:
        answered = raw(site, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        head = answered.split(b"\r\n\r\n")[0].lower()
        assert re.match(rb"http/1\.1 [234]\d\d\b", head), path
        assert not re.search(rb"^(x-injected|set-cookie: ?crlf)", head, re.M), path


# ---- what every answer carries ----------------------------------------------


def kinds_of_answers(site, world):
    visitor, member = site.visitor(), world.visitor
    yield "page", visitor.get("/")
    yield "topic", visitor.get(world.topic.path)
    yield "member's page", member.get("/settings")
    yield "form", visitor.get("/login")
    yield "redirect", visitor.get(f"/t/{world.topic.id}", follow=False)
    yield "login redirect", visitor.get("/settings", follow=False)
    yield "400", visitor.get("/search?q=%ff")
    yield "401", visitor.post("/ask", {"body": "x"})
    yield "403", member.post("/ask", {"body": "x"})
    yield "404", visitor.get("/nothing")
    yield "405", visitor.request("DELETE", "/")
    yield "405 of the program", visitor.post("/questions", {"a": "b"})
    yield "410", visitor.submit("/reset", "/reset", email="x")
    yield "413", visitor.post("/ask", b"x" * 300_000)
    yield "415", visitor.post("/ask", b"x", headers={"Content-Type": "image/png"})
    yield "422", visitor.sign_up("", "", "")
    yield "JSON", visitor.get("/api/v1/topics")
    yield "JSON 404", visitor.get("/api/v1/topics/0")
    yield "JSON description", visitor.get("/api/v1/openapi.json")
    yield "robots", visitor.get("/robots.txt")
    yield "sheet", visitor.get("/theme/theme.css")
    yield "static 404", visitor.get("/static/none.css")
    yield "operator's", visitor.get("/metrics")
    yield "operator's own", site.visitor(address="127.0.0.1").get("/metrics")
    yield "fragment", member.post("/preview", {"csrf": world.token(), "body": "*x*"})


def test_every_kind_of_answer_has_the_security_headers(site, world):
    for name, answer_ in kinds_of_answers(site, world):
        headers = answer_.headers
        policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
                      if " " in part.strip())
        assert policy["default-src"] == "'none'", name
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'", name
        assert "unsafe" not in headers["Content-Security-Policy"], name
        assert "*" not in headers["Content-Security-Policy"].replace("https:", ""), name
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert headers["Referrer-Policy"] in ("strict-origin-when-cross-origin", "same-origin", "no-referrer"), name
        kind = headers["Content-Type"]
        assert "charset=utf-8" in kind or "problem+json" in kind, (name, kind)
        assert headers.get("Server", "nginx") == "nginx" and "X-Powered-By" not in headers, name
        assert "Strict-Transport-Security" not in headers, "not on plain http"
        if "Set-Cookie" in headers:
            assert headers["Cache-Control"] == "private, no-store", name


@pytest.mark.parametrize("language, words", [("fr", "Numéro de cette demande"), ("en", "Number of this request")])
def test_errors_speak_the_persons_language_and_name_the_request(site, world, language, words):
    visitor = site.visitor(language=language)
    for answer_ in (visitor.get("/nothing"), visitor.get("/search?q=%ff"), visitor.request("PUT", "/"),
                    visitor.post("/questions", {"a": "b"}), visitor.post("/ask", {"body": "x", "title": "y"}),
                    visitor.post("/login", {"email": "x"}), visitor.post("/ask", b"x" * 300_000),
                    visitor.get("/metrics"), visitor.post("/ask", b"x", headers={"Content-Type": "a/b"})):
        assert answer_.status >= 400
        page = answer_.page
        assert page.language == language, answer_
        number = page.find(class_="request-id")
        assert number and number.find("code").text == answer_.headers["X-Request-Id"], answer_
        assert ("went wrong" in page.text) is False
        if language == "fr":
            assert not re.search(r"\b(Error|nothing|page does)\b", page.text), page.text
        assert words.split()[0] in number.text


# ---- sent twice -------------------------------------------------------------


def count_posts(site, person):
    return site.sql_value("select count(*) from posts where author_id = %s", person.id)


WRITING = ["/ask", "/t/:id/answer", "/p/:id/comment", "/p/:id/edit"]


@pytest.mark.parametrize("pattern", WRITING)
def test_a_form_sent_again_does_nothing_twice(site, world, pattern):
    visitor = world.other if pattern == "/p/:id/edit" else site.member(role="advisor")
    page = visitor.get(world.path(pattern))
    form = page.page.form(world.path(pattern)).fields
    fields = form | {"title": a_title(), "body": f"{BODY} {a_title()}", "category": str(category(site))}
    versions = "select count(*) from revisions"
    before, versions_before = count_posts(site, visitor.person), site.sql_value(versions)
    sent = [visitor.post(world.path(pattern), fields, follow=False) for _ in range(3)]
    assert [answer_.status for answer_ in sent] == [303] * 3
    assert len({path_of(answer_) for answer_ in sent}) == 1
    assert count_posts(site, visitor.person) == before + (pattern != "/p/:id/edit")
    if pattern == "/p/:id/edit":
        assert site.sql_value(versions) <= versions_before + 2


@pytest.mark.parametrize("pattern", ["/ask", "/t/:id/answer", "/p/:id/comment"])
def test_a_form_sent_many_times_at_once_makes_one_post(site, world, pattern):
    visitor = site.member(role="advisor")
    form = visitor.get(world.path(pattern)).page.form(world.path(pattern)).fields
    fields = form | {"title": a_title(), "body": f"{BODY} {a_title()}", "category": str(category(site))}
    copies = []
    for _ in range(8):
        copy = site.visitor(address=visitor.address)
        copy.session.cookies.update(visitor.session.cookies)
        copies.append(copy)
    before = count_posts(site, visitor.person)
    with concurrent.futures.ThreadPoolExecutor(len(copies)) as pool:
        sent = list(pool.map(lambda copy: copy.post(world.path(pattern), fields, follow=False), copies))
    assert [answer_.status for answer_ in sent] == [303] * 8
    assert len({path_of(answer_) for answer_ in sent}) == 1
    assert count_posts(site, visitor.person) == before + 1


def test_another_text_from_the_same_form_is_another_post(site, world):
    visitor = site.member(role="advisor")
    path = f"/t/{world.topic.id}/answer"
    form = visitor.get(path).page.form(path).fields
    sent = [visitor.post(path, form | {"body": f"{BODY} Text number {n}."}, follow=False) for n in range(2)]
    assert [answer_.status for answer_ in sent] == [303, 303]
    assert path_of(sent[0]) != path_of(sent[1])
    assert count_posts(site, visitor.person) == 2


def test_a_repeat_after_a_lost_answer_finds_the_post(site, world):
    visitor = site.member(role="advisor")
    path = f"/t/{world.topic.id}/answer"
    fields = visitor.get(path).page.form(path).fields | {"body": f"{BODY} The answer to this got lost."}
    body = urllib.parse.urlencode(fields).encode()
    cookie = "; ".join(f"{c.name}={c.value}" for c in visitor.session.cookies)
    with socket.create_connection(("127.0.0.1", site.port)) as connection:
        connection.sendall(
            f"POST {path} HTTP/1.1\r\nHost: x\r\nOrigin: {site.url}\r\nCookie: {cookie}\r\n"
            f"Content-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    again = visitor.post(path, fields, follow=False)
    assert again.status == 303
    assert count_posts(site, visitor.person) == 1
    assert visitor.get(path_of(again)).status == 200


def test_two_people_cannot_take_each_others_key(site, world):
    first, second = site.member(role="advisor"), site.member(role="advisor")
    path = f"/t/{world.topic.id}/answer"
    form = first.get(path).page.form(path).fields | {"body": f"{BODY} {a_title()}"}
    assert first.post(path, form, follow=False).status == 303
    stolen = form | {"csrf": world.token(second)}
    assert second.post(path, stolen, follow=False).status == 303
    assert count_posts(site, second.person) == 1
