"""The fake Graph API when it is difficult: odd paging, faults, limits, bad pictures."""
import gzip
import http.client
import json
import time
import urllib.parse

import pytest

from graph_fixtures import (  # noqa: F401
    SHARED, fake, graph, ids, needs_fixtures, running)
from graph import wire
from graph.client import ControlRefused


# Paging

@pytest.fixture
def listed(graph, fake):
    post = fake.do("post", message="Bonjour")["id"]
    made = [fake.do("comment", target=post, message=str(number))["id"] for number in range(10)]
    return f"/{post}/comments", made


def stream(**params):
    return dict(params, filter="stream", limit="4", fields="id")


def test_paging_follows_next_to_the_end(graph, listed):
    path, made = listed
    first = graph.get(path, **stream()).json["paging"]
    assert first["cursors"] == {"before": "MAZDZD", "after": "NAZDZD"}
    assert "previous" not in first and "access_token" not in first["next"]
    assert ids(graph.pages(path, **stream())) == made
    last = graph.get(path, **stream(after=wire.cursor_encode("8"))).json["paging"]
    assert "next" not in last and "previous" in last
    back = graph.get(path, **stream(before=wire.cursor_encode("8"))).json
    assert ids(back["data"]) == made[4:8]
    assert graph.get(path, **stream(after=wire.cursor_encode("10"))).raw == b'{"data":[]}'


def test_next_carries_the_token_only_if_the_call_did(graph, listed):
    path, _ = listed
    answer = graph.call("GET", path, stream(access_token=graph.token("page")), token=None)
    assert "access_token=EAA" in answer.json["paging"]["next"]


@pytest.mark.parametrize("kind,expected", [
    ("empty_with_next", list(range(10))), ("short", list(range(10))),
    ("repeat_item", [0, 1, 2, 3, 3, 4, 5, 6, 7, 8, 9]), ("blank_links", [0, 1, 2, 3, 4, 5, 6, 7]),
    ("no_paging", [0, 1, 2, 3, 4, 5, 6, 7])])
def test_odd_pages(graph, fake, listed, kind, expected):
    path, made = listed
    fake.do("faults", faults=[{"match": {"path": "/comments$", "nth": 2}, "action": {"paging": kind}}])
    assert ids(graph.pages(path, **stream())) == [made[number] for number in expected]


def test_pages_that_lead_nowhere(graph, fake, listed):
    path, _ = listed
    fake.do("faults", faults=[{"action": {"paging": "foreign_next"}}, {"action": {"paging": "same_page"}},
                              {"action": {"paging": "too_deep"}}, {"action": {"paging": "stale"}}])
    assert "//graph.example.net/" in graph.get(path, **stream()).json["paging"]["next"]
    sent = wire.cursor_encode("4")
    same = graph.get(path, **stream(after=sent)).json["paging"]
    assert same["cursors"]["after"] == sent and f"after={sent}" in same["next"]
    assert "After Cursor specified exceeds" in graph.get(path, **stream()).json["error"]["message"]
    assert graph.get(path, **stream()).code == (100, None)
    assert graph.get(path, **stream(after="!!")).code == (100, None)
    fake.do("settings", after_cursor_max=4)
    assert "exceeds the max" in graph.get(
        path, **stream(after=wire.cursor_encode("5"))).json["error"]["message"]


def test_item_cursors_do_not_slip_when_something_vanishes(graph, fake, listed):
    path, made = listed
    for mode, passed_over in (("offset", 1), ("item", 0)):
        fake.do("settings", cursor_mode=mode)
        first = graph.get(path, **stream()).json
        fake.do("delete", id=made.pop(0))
        then = graph.get(path, **stream(after=first["paging"]["cursors"]["after"])).json["data"][0]["id"]
        assert then == made[3 + passed_over]


# Faults, limits, headers, batch

def test_fault_script_strikes_where_it_is_told(graph, fake):
    post = fake.do("post", message="x")["id"]
    fake.do("faults", faults=[
        {"match": {"method": "GET", "path": f"/{post}$", "nth": 2}, "times": 2,
         "action": {"status": 503, "headers": {"X-Test": "1"}, "body": {"error": {"code": 2}}}}])
    assert [graph.get("/" + post).status for _ in range(4)] == [200, 503, 503, 200]
    for action, check in (({"kind": "garbage"}, lambda answer: answer.raw.startswith(b"<!DOCTYPE")),
                          ({"status": 200, "body": "Service Unavailable"},
                           lambda answer: answer.raw == b"Service Unavailable"),
                          ({"status": 200, "body": "false"}, lambda answer: answer.raw == b"false")):
        fake.do("faults", faults=[{"action": action}])
        assert check(graph.get("/" + post))
    for kind in ("truncate-body", "close-before"):
        fake.do("faults", faults=[{"action": {"kind": kind}}])
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            graph.get("/" + post)
    fake.do("faults", faults=[{"action": {"delay": 0.2}}])
    started = time.monotonic()
    assert graph.get("/" + post).status == 200 and time.monotonic() - started >= 0.2
    for wrong in ({"action": {"kind": "nonsense"}}, {"action": {"paging": "nonsense"}},
                  {"match": {"where": 1}, "action": {}}):
        with pytest.raises(ControlRefused):
            fake.do("faults", faults=[wrong])


@needs_fixtures
def test_modelled_errors_can_be_used_as_they_are(graph, fake):
    for path in sorted((SHARED / "modelled" / "errors").glob("*.json")):
        entry = json.loads(path.read_text())
        expected = entry.pop("expect")
        assert expected["class"]
        fake.do("faults", faults=[{"action": entry}])
        answer = graph.get("/me")
        assert answer.status == entry["status"], path.name
        assert (answer.json if answer.json is not None else answer.raw.decode()) == entry["body"]
        for name, value in entry["headers"].items():
            assert answer.headers[name] == value


def test_usage_headers_and_throttling(graph, fake):
    def shown(answer):
        return json.loads(answer.headers["X-Business-Use-Case-Usage"])[graph.page][0]
    assert shown(graph.get("/me"))["call_count"] == 0
    assert json.loads(graph.get("/me", token="user").headers["X-App-Usage"])["call_count"] == 0
    fake.do("usage", percent=100, minutes=10)
    answer = graph.get("/me")
    assert answer.code == (80001, None)
    assert shown(answer) == {"type": "pages", "call_count": 100, "total_cputime": 50, "total_time": 50,
                             "estimated_time_to_regain_access": 11}
    assert fake.get("calls")["calls_while_throttled"] == 1
    fake.do("clock", advance=11 * 60)
    assert graph.get("/me").status == 200
    fake.do("usage", percent=104, scope="app")
    assert graph.get("/me", token="user").code == (4, None)
    fake.do("settings", usage_headers="garbage")
    assert graph.get("/me").headers["X-App-Usage"] == "not json"
    fake.do("settings", usage_headers="near")
    assert "X-Business-Use-Case-Usage" not in graph.get("/me").headers
    fake.do("settings", usage_headers="always", engaged_users=0)
    assert graph.get("/me").code == (80001, None)


def test_batch_runs_each_item_and_null_is_one_that_hung(graph, fake):
    post = fake.do("post", message="x")["id"]
    fake.do("faults", faults=[{"match": {"path": "hang"}, "action": {"kind": "timeout"}}])
    items = [{"method": "GET", "relative_url": f"v25.0/{post}?fields=message"},
             {"method": "GET", "relative_url": "hang"}, {"method": "GET", "relative_url": "1_1"},
             {"method": "POST", "relative_url": f"{post}/comments", "body": "message=par+lot"}]
    found = graph.call("POST", "/", {"batch": json.dumps(items)}).json
    assert [one and one["code"] for one in found] == [200, None, 400, 200]
    assert json.loads(found[0]["body"]) == {"message": "x", "id": post}
    assert {"name": "facebook-api-version", "value": "v25.0"} in found[0]["headers"]
    bare = graph.call("POST", "/", {"batch": json.dumps(items[:1]), "include_headers": "false"}).json
    assert list(bare[0]) == ["code", "body"]
    assert graph.call("POST", "/", {"batch": json.dumps(items[:1] * 51)}).code == (100, None)


def test_etag_and_gzip(graph, fake):
    fake.do("bulk", posts=20, comments=0)
    answer = graph.get(f"/{graph.page}/feed")
    again = graph.get(f"/{graph.page}/feed", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status, again.raw) == (304, b"")
    packed = graph.get(f"/{graph.page}/feed", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.raw) == answer.raw


def test_calls_are_logged_without_tokens(graph, fake):
    since = fake.get("calls")["total"]
    graph.get("/me", token=None, access_token=graph.token("page"))
    graph.post("/1_1/comments", message="x")
    shown = fake.get("calls", since=since)["calls"]
    assert [(call["method"], call["status"], call["token"]) for call in shown] == [
        ("GET", 200, f"PAGE:{graph.page}"), ("POST", 400, f"PAGE:{graph.page}")]
    assert "EAA" not in json.dumps(shown)
    assert len(fake.get("calls", since=since, path="comments$")["calls"]) == 1


# Media

def fetch(url):
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        return answer, answer.read(100_000)
    finally:
        connection.close()


def test_pictures_are_real_and_their_addresses_expire(graph, fake):
    post = fake.do("post", photos=["jpeg", "png"])
    found = graph.get("/" + post["id"], fields="attachments").json["attachments"]["data"][0]
    urls = [one["media"]["image"]["src"] for one in found["subattachments"]["data"]]
    begins = {0: b"\xff\xd8\xff\xe1", 1: b"\x89PNG\r\n\x1a\n"}
    for number, url in enumerate(urls):
        answer, content = fetch(url)
        assert answer.status == 200 and content.startswith(begins[number])
        assert b"upload_ip" in content and len(content) < 50_000
    assert fetch(urls[0].replace("oe=", "oe=7"))[0].status == 403
    fake.do("clock", advance=8 * 86400)
    answer, content = fetch(urls[0])
    assert (answer.status, content) == (403, b"URL signature expired")
    fresh = graph.get("/" + post["id"], fields="full_picture").json["full_picture"]
    assert fetch(fresh)[0].status == 200


def test_pictures_can_be_trouble(graph, fake):
    post = fake.do("post", photos=1)

    def get(mode):
        fake.do("media", photo=post["photos"][0], mode=mode)
        return fetch(graph.get("/" + post["id"], fields="full_picture").json["full_picture"])

    answer, content = get("html")
    assert answer.headers["Content-Type"] == "image/jpeg" and content.startswith(b"<html>")
    assert get("missing")[0].status == 404
    assert get("redirect")[0].headers["Location"].startswith("http://169.254.")
    assert get("bomb")[1][16:24] == b"\x00\x00\x75\x30" * 2
    answer, content = get("truncated")
    assert len(content) == int(answer.headers["Content-Length"]) and not content.endswith(b"\xff\xd9")
    answer, content = get("huge")
    assert int(answer.headers["Content-Length"]) == 500 * 1024 * 1024
    fake.do("media", photo=post["photos"][0], mode="drip")
    parts = urllib.parse.urlsplit(graph.get("/" + post["id"], fields="full_picture").json["full_picture"])
    connection = http.client.HTTPConnection(parts.netloc, timeout=0.5)
    connection.request("GET", f"{parts.path}?{parts.query}")
    answer = connection.getresponse()
    with pytest.raises(TimeoutError):
        answer.read(10)
    connection.close()
