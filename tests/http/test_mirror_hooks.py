"""What other networks send by themselves: /hooks/…. Stored as it came, or refused."""

import gzip
import hashlib
import json
import re
import statistics
import time

import pytest

from support.mirror import HOOK
from support.world import raw
from test_outages import Stopped

BODY = {"object": "page", "entry": [{"id": "1", "time": 1767261720, "changes": []}]}


@pytest.fixture(scope="module")
def site(mirror_site):
    """Nobody reads what is stored here: it stays as it came."""
    mirror_site.sql("delete from mirror_deliveries")
    return mirror_site


@pytest.fixture
def meta(site):
    return site.visitor(address="127.0.0.1")


def stored(site):
    return site.sql("select id, connector, body, body_hash, state from mirror_deliveries order by id")


def count(site):
    return site.sql_value("select count(*) from mirror_deliveries")


# ---- the subscription's question ---------------------------------------------


def challenge(visitor, **changed):
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444",
             "hub.verify_token": visitor.site.verify_token, **changed}
    return visitor.get(HOOK, params={name: value for name, value in asked.items() if value is not None})


def test_the_challenge_is_said_back(meta):
    answer = challenge(meta)
    assert (answer.status, answer.text) == (200, "1158201444")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("changed, status", [
    ({"hub.verify_token": "another word"}, 403), ({"hub.verify_token": None}, 403),
    ({"hub.mode": "unsubscribe"}, 403), ({"hub.mode": None}, 403),
    ({"hub.challenge": "<script>alert(1)</script>"}, 400), ({"hub.challenge": None}, 400),
])
def test_other_questions_are_refused(meta, changed, status):
    answer = challenge(meta, **changed)
    assert answer.status == status
    assert "<script>" not in answer.text


def test_unknown_networks_have_no_address(site, meta):
    for path in ("/hooks/feed", "/hooks/nothing"):
        assert meta.get(path).status == 404
        assert meta.request("POST", path, data=b"{}").status == 404


# ---- notices -------------------------------------------------------------------


def test_the_very_bytes_are_stored(site, meta):
    body = b'{"object":"page" ,\r\n"entry":[ {"id":"1","message":"\\u00e9\\/ \\ud83d\\ude42"} ]}\n\n'
    assert site.notice(meta, body).status == 200
    newest = stored(site)[-1]
    assert bytes(newest["body"]) == body
    assert bytes(newest["body_hash"]) == hashlib.sha256(body).digest()
    assert newest["connector"] == "facebook"


@pytest.mark.parametrize("body", [
    b"", b"\0", b"a\0b\0\0", bytes(range(256)), b"\xff\xfe\x00\x80", "é🙂".encode("utf-16"), b"[" * 100_000,
], ids=["empty", "NUL", "NULs", "every byte", "not UTF-8", "UTF-16", "deep"])
def test_bytes_of_any_kind_are_stored_when_they_are_signed(site, meta, body):
    assert site.notice(meta, body).status == 200
    assert bytes(stored(site)[-1]["body"]) == body


@pytest.mark.parametrize("kind", [
    "application/json; charset=UTF-8", "text/plain", "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x", "application/octet-stream", "image/png", None,
])
def test_the_content_type_does_not_matter(site, meta, kind):
    body = b'{"object":"page","entry":[],"kind":"%s"}' % str(kind).encode()
    assert site.notice(meta, body, **{"Content-Type": kind}).status == 200
    assert bytes(stored(site)[-1]["body"]) == body


def wrong_signatures(site, body):
    good = site.sign(body)
    return {
        "none": None, "empty": "", "sha1": "sha1=" + "0" * 40, "no prefix": good[7:], "upper case": good.upper(),
        "cut": good[:-1], "longer": good + "0", "other": "sha256=" + "0" * 64, "other prefix": "SHA256=" + good[7:],
        "of another body": site.sign(body + b" "),
    }


@pytest.mark.parametrize("what", ["none", "empty", "sha1", "no prefix", "upper case", "cut", "longer", "other",
                                  "other prefix", "of another body"])
def test_what_is_not_signed_is_refused(site, meta, what):
    before, body = count(site), json.dumps(BODY).encode()
    sha1 = {"X-Hub-Signature": "sha1=" + hashlib.sha1(body).hexdigest()}
    answer = site.notice(meta, body, **{"X-Hub-Signature-256": wrong_signatures(site, body)[what], **sha1})
    assert answer.status == 403
    assert count(site) == before


def test_a_decoded_and_rewritten_body_is_refused(site, meta):
    wire = b'{"a":"\\u00e9\\/"}'
    rewritten = json.dumps(json.loads(wire), ensure_ascii=False).encode()
    assert site.notice(meta, rewritten, **{"X-Hub-Signature-256": site.sign(wire)}).status == 403


def test_compressed_bodies_are_refused(site, meta):
    before, body = count(site), gzip.compress(json.dumps(BODY).encode())
    for coding in ("gzip", "deflate", "br", "gzip, identity"):
        assert site.notice(meta, body, **{"Content-Encoding": coding}).status == 415
    assert count(site) == before
    assert site.notice(meta, BODY, **{"Content-Encoding": "identity"}).status == 200


def test_four_mebibytes_are_taken_and_one_byte_more_is_not(site, meta):
    before, most = count(site), 4 * 1024 * 1024
    largest = b"x" * most
    assert site.notice(meta, largest).status == 200
    assert bytes(stored(site)[-1]["body"]) == largest
    assert site.notice(meta, largest + b"x").status == 413
    assert count(site) == before + 1
    site.sql("delete from mirror_deliveries where octet_length(body) > 1000000")


def test_a_body_too_large_is_refused_before_it_was_sent(site):
    started = time.monotonic()
    answer = raw(site, b"POST /hooks/facebook HTTP/1.1\r\nHost: x\r\nContent-Length: 500000000\r\n\r\n{", seconds=3)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert time.monotonic() - started < 4


def test_other_addresses_keep_their_limit(site, meta):
    for path in ("/hooks/facebook/deletion", "/login", "/hooks/facebook/x"):
        assert meta.post(path, b"x" * 300_000).status == 413


def test_a_body_that_ends_early_is_not_stored(site):
    before = count(site)
    request = (b"POST /hooks/facebook HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\nX-Hub-Signature-256: %s\r\n\r\n{}"
               % site.sign(b"{}").encode())
    assert not raw(site, request, seconds=1).startswith(b"HTTP/1.1 200")
    assert count(site) == before


def test_the_same_twice_is_taken_twice_and_harmless(site, meta):
    before = count(site)
    for _ in range(3):
        assert site.notice(meta, BODY).status == 200
    assert count(site) == before + 3


def test_a_thousand_changes_in_one_delivery(site, meta):
    change = {"field": "feed", "value": {"item": "comment", "verb": "add", "post_id": "1_2", "comment_id": "2_3",
                                         "message": "Bonjour " * 40}}
    body = {"object": "page", "entry": [{"id": "1", "time": 1767261720, "changes": [change] * 1000}]}
    answer = site.notice(meta, body)
    assert answer.status == 200
    assert len(json.loads(bytes(stored(site)[-1]["body"]))["entry"][0]["changes"]) == 1000


def test_only_get_and_post(meta):
    for method in ("PUT", "DELETE", "PATCH"):
        answer = meta.request(method, HOOK)
        assert answer.status == 405
        assert "POST" in answer.headers["Allow"]


def test_two_statements_and_no_cookie(site, meta):
    sent = {"Cookie": "session=" + "A" * 43}
    answer = site.notice(meta, BODY, **sent)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer.headers
    line = site.request_line(answer)
    # The row; then the call to the worker by itself, which must not hold up other commits.
    assert re.search(r"\bstatements=2\b.*\btrips=2\b", line), line


@pytest.mark.timed
def test_notices_are_answered_at_once(site, meta):
    """Not a benchmark (see `./dev bench mirror`): that nothing slow is in the way."""
    took = []
    for _ in range(60):
        started = time.monotonic()
        assert site.notice(meta, BODY).status == 200
        took.append(time.monotonic() - started)
    assert statistics.median(took) < 0.05, took


def test_while_the_database_is_away_meta_is_to_try_again(site, meta):
    before = count(site)
    with Stopped(site):
        answer = site.notice(meta, BODY)
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert site.notice(meta, BODY, **{"X-Hub-Signature-256": None}).status == 403
    # Each worker finds its connection anew.
    end, taken = time.monotonic() + 20, 0
    while taken < 20:
        assert time.monotonic() < end
        taken = taken + 1 if site.notice(meta, BODY).status == 200 else 0
    assert count(site) >= before + 1
