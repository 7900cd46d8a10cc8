"""What differs when the site is reached by https: a second `entraide web` on the
same database, asked over its own sockets as nginx would.
"""

import re
import subprocess
import tempfile
import time

import pytest

from support import fastcgi
from support.site import PASSWORD

BASE = "https://aide.example"


@pytest.fixture(scope="module")
def web(site):
    with tempfile.TemporaryDirectory(prefix="entraide-https-") as folder:
        pages, slow = f"{folder}/pages.sock", f"{folder}/slow.sock"
        process = subprocess.Popen(
            [str(site.prefix() / "bin" / "entraide"), "web"],
            env={"ENTRAIDE_CONFIG": str(site.var / "entraide.conf"), "ENTRAIDE_SITE_BASE_URL": BASE,
                 "ENTRAIDE_WEB_PAGES_SOCKET": pages, "ENTRAIDE_WEB_SLOW_SOCKET": slow,
                 "ENTRAIDE_WEB_PAGES_WORKERS": "1", "ENTRAIDE_WEB_SLOW_WORKERS": "1", "PATH": "/usr/bin"},
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 20
        while True:
            try:
                fastcgi.request(pages, "GET", "/robots.txt")
                break
            except OSError:
                assert time.monotonic() < end and process.poll() is None, "web did not start"
                time.sleep(0.1)
        yield pages
        process.terminate()
        process.wait(30)


def ask(web, method, uri, body="", cookies=(), **headers):
    cookie = "; ".join(f"{name}={value}" for name, value in dict(cookies).items())
    return fastcgi.request(web, method, uri, body, HTTP_COOKIE=cookie, HTTPS="on", HTTP_ORIGIN=BASE, **headers)


def cookies_of(response):
    """name → (value, attributes)."""
    found = {}
    for line in response.all("Set-Cookie"):
        name, _, rest = line.partition("=")
        value, *attributes = [part.strip() for part in rest.split(";")]
        found[name] = value, {attribute.lower() for attribute in attributes}
    return found


@pytest.fixture(scope="module")
def signed_in(site, web):
    """The answer to a login, and the person."""
    person = site.person()
    page = ask(web, "GET", "/login")
    visitor = cookies_of(page)["__Host-visitor"][0]
    token = re.search(r'name="csrf" value="([^"]+)"', page.body.decode())[1]
    answer = ask(web, "POST", "/login", f"csrf={token}&email={person.email}&password={PASSWORD}".replace(" ", "+"),
                 {"__Host-visitor": visitor})
    assert answer.status == 303, answer.lines
    return answer, person


def test_the_browser_is_told_to_stay_with_https(web):
    for uri in ("/", "/nothing", "/api/v1/topics", "/login"):
        assert ask(web, "GET", uri).get("Strict-Transport-Security").startswith("max-age=31536000")


def test_all_links_are_those_of_the_configuration(web):
    body = ask(web, "GET", "/", HTTP_HOST="evil.example").body.decode()
    assert f'<link rel="canonical" href="{BASE}/">' in body
    assert "evil.example" not in body


def test_cookies_are_secure_and_bound_to_the_host(web, signed_in):
    answer, _ = signed_in
    set_now = cookies_of(answer) | cookies_of(ask(web, "GET", "/login"))
    set_now |= cookies_of(ask(web, "POST", "/language", "language=fr"))
    assert {"__Host-session", "__Host-device", "__Host-visitor"} <= set(set_now)
    for name, (_, attributes) in set_now.items():
        assert {"secure", "path=/", "httponly"} <= attributes, name
        assert "samesite=lax" in attributes or "samesite=strict" in attributes, name
        assert name.startswith("__Host-"), name


def test_a_cookie_is_deleted_in_a_way_that_the_browser_accepts(web, signed_in):
    """A __Host- cookie that is not Secure is ignored, so it would stay."""
    answer, _ = signed_in
    session = cookies_of(answer)["__Host-session"][0]
    page = ask(web, "GET", "/settings", cookies={"__Host-session": session}).body.decode()
    token = re.search(r'name="csrf" value="([^"]+)"', page)[1]
    for path in ("/settings/sessions", "/logout"):
        gone = cookies_of(ask(web, "POST", path, f"csrf={token}", {"__Host-session": session}))
        if "__Host-session" not in gone:
            continue
        value, attributes = gone["__Host-session"]
        assert value == "" and "secure" in attributes and "path=/" in attributes
        assert "max-age=0" in attributes or any(a.startswith("expires=thu, 01 jan 1970") for a in attributes)


def test_the_name_without_the_prefix_is_no_session(web, signed_in):
    """Another name of the domain could set one of that name."""
    answer, _ = signed_in
    session = cookies_of(answer)["__Host-session"][0]
    assert ask(web, "GET", "/settings", cookies={"session": session}).status == 302


def test_a_form_from_the_plain_site_is_another_origin(web):
    page = ask(web, "GET", "/login")
    token = re.search(r'name="csrf" value="([^"]+)"', page.body.decode())[1]
    visitor = cookies_of(page)["__Host-visitor"][0]
    refused = fastcgi.request(web, "POST", "/login", f"csrf={token}&email=a&password=b", HTTPS="on",
                              HTTP_COOKIE=f"__Host-visitor={visitor}", HTTP_ORIGIN="http://aide.example")
    assert refused.status == 403


def test_a_request_that_nginx_did_not_make_whole_is_refused(web):
    begin = fastcgi.record(fastcgi.BEGIN, b"\0\1\0\0\0\0\0\0")
    method = fastcgi._pairs({"REQUEST_METHOD": "GET", "REQUEST_URI": "/"})
    for sent in (begin + fastcgi.record(fastcgi.PARAMS, method) + fastcgi.record(fastcgi.PARAMS)
                 + fastcgi.record(fastcgi.STDIN),
                 begin + fastcgi.record(fastcgi.PARAMS, method[:9]) + fastcgi.record(fastcgi.ABORT)
                 + fastcgi.record(fastcgi.STDIN)):
        answered = fastcgi.exchange(web, sent)
        assert not answered or answered.startswith(b"Status: 400"), answered[:100]
    short = fastcgi.request(web, "POST", "/login", "a=b", CONTENT_LENGTH="100")
    assert short.status == 400
    assert fastcgi.request(web, "GET", "/robots.txt").status == 200
