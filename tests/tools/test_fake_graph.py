"""The stand-in for Facebook's Graph API (tests/fakes/graph) against its specification.

One fake runs for the whole file; each test begins with an empty world. A small HTTP
receiver plays the site that webhooks and callbacks go to.
"""
import hashlib
import hmac
import http.client
import http.server
import json
import os
import pathlib
import re
import sys
import threading
import time
import urllib.parse

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "fakes"))

from graph import fields, wire  # noqa: E402
from graph.client import ControlRefused, FakeGraph  # noqa: E402

SHARED = pathlib.Path(os.environ.get(
    "ENTRAIDE_SHARED", pathlib.Path(__file__).parents[3] / "shared")) / "data" / "facebook"
needs_fixtures = pytest.mark.skipif(not SHARED.is_dir(), reason="the Facebook fixtures are not there")
SECRET = "graph-fake-app-secret"
COMMENT_FIELDS = ("id,parent{id},from{id,name},message,message_tags,created_time,is_hidden,is_private,"
                  "can_comment,can_hide,can_remove,comment_count,like_count,permalink_url,attachment")


class Answer:
    def __init__(self, status, headers, raw):
        self.status = status
        self.headers = headers
        self.raw = raw
        self.json = json.loads(raw) if raw[:1] in (b"{", b"[") else None

    @property
    def code(self):
        error = self.json["error"]
        return error["code"], error.get("error_subcode")


class Caller:
    """A client of the Graph port, with the Page token as a header unless told otherwise."""

    def __init__(self, fake):
        self.fake = fake
        self.config = fake.config
        self.host = urllib.parse.urlsplit(fake.config["graph"]).netloc
        self.page = fake.config["page_id"]

    def call(self, method, path, params=None, token="page", headers=None, version="/v25.0"):
        connection = http.client.HTTPConnection(self.host, timeout=10)
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = "Bearer " + self.token(token)
        query = urllib.parse.urlencode(params or {})
        target, body = version + path, None
        if method == "GET" and query:
            target += "?" + query
        elif method != "GET":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = query
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def token(self, name):
        return self.config.get(name + "_token", name)

    def get(self, path, token="page", headers=None, version="/v25.0", **params):
        return self.call("GET", path, params, token, headers, version)

    def post(self, path, token="page", **params):
        return self.call("POST", path, params, token)

    def delete(self, path, token="page", **params):
        return self.call("DELETE", path, params, token)

    def pages(self, path, **params):
        """All items by following next, at most 50 pages."""
        items, answer = [], self.get(path, **params)
        for _ in range(50):
            items += answer.json["data"]
            link = answer.json.get("paging", {}).get("next")
            if not link:
                return items
            parts = urllib.parse.urlsplit(link)
            answer = self.get(parts.path, version="", **dict(urllib.parse.parse_qsl(parts.query)))
        raise AssertionError("there is no end")


@pytest.fixture(scope="module")
def running():
    with FakeGraph(seed=7, clock=1_790_000_000) as fake:
        yield fake


@pytest.fixture
def fake(running):
    running.do("clock", set=1_790_000_000)
    running.config = running.do("reset", seed=7)
    return running


@pytest.fixture
def graph(fake):
    return Caller(fake)


def ids(items):
    return [item["id"] for item in items]


# Bytes and signatures

def test_signatures_are_the_known_ones():
    raw = b'{"object":"whatsapp_business_account","entry":[]}'
    assert wire.signatures("test_app_secret", raw)["X-Hub-Signature-256"] == (
        "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756")


@needs_fixtures
def test_signed_requests_and_proofs_are_those_of_the_vectors():
    vectors = json.loads((SHARED / "modelled" / "vectors.json").read_text())
    for vector in vectors["appsecret_proof"]:
        assert wire.appsecret_proof(vector["app_secret"], vector["access_token"]) \
            == vector["appsecret_proof"]
    made = {vector["name"]: wire.signed_request(vectors["app_secret"], vector["payload"])
            for vector in vectors["signed_request"] if vector["name"] in ("good", "deauth-user")}
    for vector in vectors["signed_request"]:
        if vector["name"] in made:
            assert made[vector["name"]] == vector["signed_request"]


@needs_fixtures
def test_webhook_bodies_are_written_as_in_the_fixtures():
    for path in sorted((SHARED / "modelled" / "webhooks").glob("[0-9]*.json")):
        raw = path.read_bytes()
        assert wire.body(json.loads(raw)) == raw, path.name


def test_json_is_escaped_as_meta_does(graph, fake):
    post = fake.do("post", message="Été 🙂 a/b")
    raw = graph.get("/" + post["id"], fields="message").raw
    assert rb'"message":"\u00c9t\u00e9 \ud83d\ude42 a\/b"' in raw


def test_times_have_no_colon_and_no_other_zone():
    assert wire.graph_time(1767261600) == "2026-01-01T10:00:00+0000"
    assert wire.read_time("2026-01-01T10:00:00+0000") == 1767261600
    assert wire.read_time("2026-01-01T11:00:00+01:00") == 1767261600
    assert wire.read_time("2026-01-01") == 1767225600
    assert wire.read_time("yesterday") is None


def test_cursors_write_equal_signs_as_zd():
    assert wire.cursor_encode("1") == "MQZDZD"
    for text in ("0", "25", "100", "1000;7"):
        assert wire.cursor_decode(wire.cursor_encode(text)) == text
    assert wire.cursor_decode("not a cursor") is None


# Fields

def test_fields_grammar_knows_modifiers_aliases_and_nesting():
    found = fields.parse("id, from{id,name},comments.limit(5).order(chronological).summary(true)"
                         ".as(first){id,from{id}}")
    assert [field.key for field in found] == ["id", "from", "first"]
    assert found[2].options == {"limit": "5", "order": "chronological", "summary": "true",
                                "as": "first"}
    assert found[2].children_text == "id,from{id}"
    for wrong in ("a{b", "a}b", "a.limit(5", "a.foo(1)", "a b", "{a}"):
        with pytest.raises(Exception, match="Syntax error"):
            fields.parse(wrong)


def test_without_fields_the_default_ones_come(graph, fake):
    post = fake.do("post", message="Bonjour")
    assert list(graph.get("/" + post["id"]).json) == ["created_time", "message", "id"]
    photo = fake.do("post", photos=1)
    assert graph.get("/" + photo["id"]).json["story"] == "Tramelune added a photo."


def test_unknown_field_fails_the_whole_request(graph, fake):
    post = fake.do("post", message="Bonjour")
    answer = graph.get("/" + post["id"], fields="id,quantum")
    assert (answer.status, answer.code) == (400, (100, None))
    assert answer.json["error"]["message"] == (
        "(#100) Tried accessing nonexisting field (quantum) on node type (Post)")
    assert graph.get(f"/{post['id']}/comments", fields="id,quantum").code == (100, None)
    assert graph.get(f"/{graph.page}/visitor_posts", fields="quantum").code == (100, None)
    fake.do("settings", forbidden_fields={"reactions": 283}, unknown_fields=["is_expired"])
    assert graph.get("/" + post["id"], fields="id,reactions").code == (283, None)
    assert graph.get("/" + post["id"], fields="id,is_expired").code == (100, None)


def test_expansion_pages_on_its_own(graph, fake):
    post = fake.do("post", message="Bonjour")["id"]
    made = [fake.do("comment", target=post, message=str(number))["id"] for number in range(5)]
    found = graph.get("/" + post, fields="comments.limit(2).order(chronological).summary(true)"
                                         ".as(first){message}").json["first"]
    assert ids(found["data"]) == made[:2]
    assert found["summary"] == {"order": "chronological", "total_count": 5, "can_comment": True}
    link = urllib.parse.urlsplit(found["paging"]["next"])
    more = graph.get(link.path, version="", **dict(urllib.parse.parse_qsl(link.query))).json
    assert ids(more["data"]) == made[2:4]
    assert list(more["data"][0]) == ["message", "id"]


@needs_fixtures
def test_comments_have_the_keys_of_the_fixtures(graph, fake):
    post = fake.do("post", message="Bonjour")["id"]
    first = fake.do("comment", target=post, message="Question", who="Ana")["id"]
    fake.do("comment", target=first, message="Réponse", who="page")
    fake.do("comment", target=post, photo="jpeg", who="Nora")
    fake.do("person", name="Sans nom", withholds_from=True)
    fake.do("comment", target=post, message="Sans auteur", who="Sans nom")
    ours = graph.get(f"/{post}/comments", filter="stream", order="chronological", summary="true",
                     fields=COMMENT_FIELDS).json
    theirs = json.loads((SHARED / "modelled" / "graph" / "comments-stream.json").read_text())
    assert [shape(one) for one in ours["data"]] == [shape(one) for one in theirs["data"]]
    assert set(ours) == set(theirs)
    assert shape(ours["summary"]) == shape(theirs["summary"])


def shape(value):
    """Keys and kinds of a JSON value; a reply's parent may carry more or less."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()
                if key not in ("parent", "media_type", "is_transient")}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__
