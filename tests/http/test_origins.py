"""Where a request claims to come from and wants to be led; and what every answer
carries against misuse.
"""

import re
import urllib.parse

import pytest

from support.site import shared_folder
from support.world import raw


# ---- where a request claims to come from, and to lead -------------------------


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


# ---- what every answer carries ------------------------------------------------


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
