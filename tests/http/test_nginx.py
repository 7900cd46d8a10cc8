"""What nginx does before the program is asked, and when it cannot be."""

import os
import pathlib
import re
import signal
import socket
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


# ---- the two pools ----------------------------------------------------------


def routes():
    """(method, pattern, pool) of each row of the site map."""
    source = (ROOT / "src/web/routes.c").read_text()
    rows = re.findall(
        r'\{\s*HTTP_(\w+),\s*"([^"]+)",[^}"]*\bPOOL_(\w+),', source
    )
    assert len(rows) > 40, "the table in routes.c was not understood"
    return rows


def is_slow_for_nginx(path):
    lines = (ROOT / "nginx/slow.conf").read_text().splitlines()
    for line in lines:
        match = re.fullmatch(r'"?(~?)(\S+?)"? entraide_slow;', line)
        if not match:
            assert not line or line.startswith("#"), line
        elif re.search(match[2], path) if match[1] else match[2] == path:
            return True
    return False


@pytest.mark.parametrize("method, pattern, pool", routes())
def test_nginx_and_the_site_map_agree_on_the_pool(method, pattern, pool):
    path = pattern.replace(":id-slug", "12-a-title").replace(":id", "12").replace(":slug", "box")
    assert is_slow_for_nginx(path) == (pool == "SLOW")


def test_no_path_of_the_slow_pool_is_unknown_to_the_site_map():
    slow = (ROOT / "nginx/slow.conf").read_text().count("entraide_slow;")
    assert slow == len({pattern for _, pattern, pool in routes() if pool == "SLOW"})


# ---- files in forms ----------------------------------------------------------


def test_nginx_and_the_site_map_agree_on_where_files_are_taken():
    config = (ROOT / "nginx/uploads.conf").read_text()
    locations = re.findall(r'^location ~ "(\S+)" \{', config, re.MULTILINE)
    assert len(locations) == 1
    rows = re.findall(r'\{ HTTP_(\w+),\s+"([^"]+)",\s+ACCESS_(\w+),\s+GUARD_(\w+),\s+CACHE_\w+,\s+POOL_(\w+)',
                      (ROOT / "src/web/routes.c").read_text())
    assert len(rows) > 100 and any(row[3] == "FILES" for row in rows)
    for method, pattern, access, guard, pool in rows:
        path = pattern.replace(":id-slug", "12-a-title").replace(":id", "12").replace(":slug", "box")
        takes = re.search(locations[0], path) is not None
        if method == "POST":
            assert takes == (guard == "FILES"), pattern
        else:
            assert not takes, f"{pattern} is only read"
        assert guard != "FILES" or (pool == "SLOW" and access == "MEMBER"), pattern


def test_nginx_and_the_program_agree_on_how_much_a_file_may_weigh():
    size = re.search(r"client_max_body_size (\d+)m;", (ROOT / "nginx/uploads.conf").read_text())
    most = re.search(r"HTTP_UPLOAD_MAX_BYTES\s+\((\d+) \* 1024 \* 1024\)", (ROOT / "src/http/http.h").read_text())
    assert size[1] == most[1]


@pytest.mark.parametrize("language, said", [("en", "at most 8 MB"), ("fr", "au plus 8 Mo")])
def test_a_file_too_large_is_refused_with_what_is_allowed(site, language, said):
    answer = site.visitor(language=language).post("/admin/brand/logo", b"x" * (8 * 1024 * 1024 + 1))
    assert answer.status == 413
    assert is_in_the_frame(answer)
    assert answer.page.language == language
    assert said in answer.page.text


# ---- bodies, methods, addresses ---------------------------------------------


def raw(site, request, seconds=5):
    """Sends bytes as they are; what comes back, whole."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=seconds) as connection:
        connection.sendall(request)
        parts = []
        try:
            while part := connection.recv(65536):
                parts.append(part)
        except (TimeoutError, ConnectionResetError):
            pass
    return b"".join(parts)


def is_in_the_frame(answer):
    return answer.is_html and answer.page.find("header") and answer.page.find("main")


def test_a_body_too_large_is_refused_in_the_frame_and_language(site):
    answer = site.visitor(language="fr").post("/ask", b"x" * 300_000)
    assert answer.status == 413
    assert is_in_the_frame(answer)
    assert answer.page.language == "fr"


def test_a_body_too_large_is_refused_before_it_was_sent(site):
    started = time.monotonic()
    answer = raw(
        site,
        b"POST /ask HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\ntitle=",
        seconds=3,
    )
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert time.monotonic() - started < 4


def test_a_chunked_body_too_large_is_refused(site):
    chunk = b"%x\r\n" % 65536 + b"x" * 65536 + b"\r\n"
    answer = raw(
        site,
        b"POST /ask HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        + chunk * 5 + b"0\r\n\r\n",
    )
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_an_address_that_is_too_long_is_refused_in_both_languages(site):
    answer = raw(site, b"GET /search?q=" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 414 ")
    assert "Cette adresse est trop longue".encode() in answer and b"This address is too long" in answer


@pytest.mark.parametrize("method", ["DELETE", "PUT", "OPTIONS", "PROPFIND"])
def test_methods_that_nothing_uses_are_refused(client, method):
    answer = client.request(method, "/")
    assert answer.status == 405
    assert answer.headers["Allow"]
    assert is_in_the_frame(answer)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000 + b"\r\n\r\n",
        b"GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=["trace", "no host", "two hosts", "long path", "long header", "NUL", "negative length",
         "smuggling", "TLS"],
)
def test_malformed_requests_get_a_4xx(site, request_bytes):
    assert re.match(rb"HTTP/1\.1 4\d\d ", raw(site, request_bytes))


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_watching_is_for_allowed_addresses(site, path):
    assert site.visitor(address="127.0.0.1").get(path).status == 200
    stranger = site.visitor().get(path)
    assert stranger.status == 403
    assert is_in_the_frame(stranger)


@pytest.mark.parametrize("path", ["/_error/404", "/_static/503.html", "/static/.git/config",
                                  "/.env", "/static/../entraide.conf", "/static/%2e%2e/x"])
def test_what_is_not_for_people_is_not_there(client, path):
    assert client.get(path).status in (400, 404)


def test_a_browser_that_came_by_another_name_is_led_to_the_right_one(site, client):
    other = f"http://localhost:{site.port}/questions?page=2"
    answer = client.get(other, follow=False, headers={"Sec-Fetch-Mode": "navigate"})
    assert answer.status == 302
    assert answer.headers["Location"] == f"{site.url}/questions?page=2"
    answer = client.get(f"{site.url}/", follow=False, headers={"Sec-Fetch-Mode": "navigate"})
    assert answer.status == 200
    assert client.get(f"http://localhost:{site.port}/robots.txt").status == 200


def test_one_address_cannot_flood_and_others_do_not_notice(site):
    flood, other = site.visitor(), site.visitor()
    answers = [flood.get("/robots.txt") for _ in range(600)]
    refused = [answer for answer in answers if answer.status == 429]
    assert refused, "600 requests at once went through"
    assert int(refused[0].headers["Retry-After"]) > 0
    assert "trop vite" in refused[0].text and "too fast" in refused[0].text
    assert other.get("/robots.txt").status == 200


# ---- static files -----------------------------------------------------------


KINDS = {"app.js": "application/javascript", "app.css": "text/css", "member.css": "text/css", "icons.svg": "image/svg+xml"}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("accepted, coding", [("gzip, deflate, br, zstd", "br"), ("br", "br"), ("gzip, deflate", "gzip"),
                                              ("identity", None), ("br;q=0, gzip", "gzip")])
def test_static_files_are_compressed_beforehand_and_kept_for_ever(site, client, name, accepted, coding):
    script = client.get("/").page.find("script")["src"]
    assert re.fullmatch(r"/static/[0-9a-f]{8,64}/app\.js", script)
    answer = client.get(script.replace("app.js", name), headers={"Accept-Encoding": accepted}, stream=True)
    assert answer.status == 200
    assert answer.headers.get("Content-Encoding") == coding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == f"{KINDS[name]}; charset=utf-8"
    file = site.prefix() / "share" / "entraide" / "static" / (name + {"br": ".br", "gzip": ".gz", None: ""}[coding])
    assert answer.response.raw.read() == file.read_bytes()


def test_a_theme_is_never_sent_older_than_it_is(site, client):
    """Compressed files beside it would stay when somebody edits a copy of it."""
    assert not [file for file in (site.prefix() / "share/entraide/theme").rglob("*") if file.suffix in (".br", ".gz")]
    assert "Content-Encoding" not in client.get("/theme/logo.svg").headers


def test_a_missing_static_file_is_a_404_in_the_frame(client):
    answer = client.get("/static/none.css")
    assert answer.status == 404
    assert is_in_the_frame(answer)


# ---- when the program is away -----------------------------------------------


def workers(site):
    """Process ids of all web workers: the supervisor's children."""
    supervisor = site.process("web")
    children = pathlib.Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text()
    return [int(child) for child in children.split()]


def test_readers_do_not_notice_killed_workers(site):
    reader = site.visitor(address="127.0.0.1")
    killed, answers, next_kill, end = 0, [], 0.0, time.monotonic() + 3
    while time.monotonic() < end:
        if time.monotonic() > next_kill:
            if victims := workers(site):
                os.kill(victims[killed % len(victims)], signal.SIGKILL)
                killed += 1
            next_kill = time.monotonic() + 0.1
        answers.append(reader.get("/robots.txt"))
    assert killed >= 10 and len(answers) > 100
    assert not [answer for answer in answers if answer.status != 200]


def test_a_request_has_one_id_in_all_logs(site, client):
    answer = client.get("/t/987654321-no-such-topic")
    assert answer.status == 404
    line = next(line for line in reversed(site.log("access").splitlines())
                if "/t/987654321-no-such-topic" in line)
    request_id = re.search(r"\bid=([0-9a-f]{32})\b", line)[1]
    end = time.monotonic() + 5
    while request_id not in site.log("web"):
        assert time.monotonic() < end, f"{request_id} is not in the program's log"
        time.sleep(0.1)


def test_queries_stay_out_of_the_access_log(site, client):
    client.get("/robots.txt?token=a-secret-of-mine")
    client.get("/questions", headers={"Referer": f"{site.url}/?token=a-secret-of-mine"})
    assert "a-secret-of-mine" not in site.log("access")
    assert "a-secret-of-mine" not in site.log("web")
