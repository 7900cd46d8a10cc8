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


# Reading

def test_calls_need_a_token_by_header_or_parameter(graph, fake):
    assert graph.get("/me", token=None).code == (104, None)
    fake.do("settings", no_token_code=2500)
    assert graph.get("/me", token=None).code == (2500, None)
    assert graph.get("/me", token=None, access_token=graph.token("page")).json["id"] == graph.page
    assert graph.get("/me").json == {"name": "Tramelune", "id": graph.page}
    assert graph.get("/me", token="nonsense").code == (190, None)


def test_old_versions_are_served_by_the_oldest_without_a_word(graph):
    for asked, served in (("/v25.0", "v25.0"), ("/v26.0", "v26.0"), ("", "v20.0"), ("/v19.0", "v20.0"),
                          ("/v3.2", "v20.0")):
        answer = graph.get("/me", version=asked)
        assert (answer.status, answer.headers["facebook-api-version"]) == (200, served)
    assert graph.get("/me", version="/v99.0").code == (2500, None)


def test_feed_holds_unpublished_posts_and_each_list_has_its_rule(graph, fake):
    own = fake.do("post", message="own", at=100)["id"]
    visitor = fake.do("post", message="visitor", who="Tom", at=200)["id"]
    later = fake.do("post", message="later", publish_at=1_790_003_600, at=300)["id"]
    dark = fake.do("post", message="ad", dark=True, at=400)["id"]
    fake.do("delete", id=fake.do("post", message="gone")["id"])
    fake.do("expire", id=fake.do("post", message="expired")["id"])
    lists = {name: ids(graph.get(f"/{graph.page}/{name}").json["data"])
             for name in ("feed", "posts", "published_posts", "visitor_posts", "scheduled_posts",
                          "ads_posts", "tagged")}
    assert lists == {"feed": [later, visitor, own], "posts": [later, own], "published_posts": [own],
                     "visitor_posts": [visitor], "scheduled_posts": [later], "ads_posts": [dark],
                     "tagged": []}
    fake.do("clock", advance=3601)
    assert later in ids(graph.get(f"/{graph.page}/published_posts").json["data"])
    assert [post["id"] for post in fake.get("state")["posts"]] == [own, visitor, later]


def test_since_and_until_go_by_creation(graph, fake):
    made = [fake.do("post", message=str(at), at=at)["id"] for at in (1000, 2000, 3000)]
    path = f"/{graph.page}/feed"
    assert ids(graph.get(path, since="2000").json["data"]) == [made[2], made[1]]
    assert ids(graph.get(path, until="1970-01-01T00:20:00+0000").json["data"]) == [made[0]]
    assert graph.get(path, since="soon").code == (100, None)


def test_limits_are_25_by_default_and_100_at_most(graph, fake):
    fake.do("bulk", posts=30, comments=0)
    path = f"/{graph.page}/feed"
    assert len(graph.get(path).json["data"]) == 25
    assert len(graph.get(path, limit="100").json["data"]) == 30
    assert graph.get(path, limit="101").json["error"]["message"] == "(#100) limit must be at most 100"
    assert graph.get(path, limit="-1").code == (100, None)
    assert graph.get(path, limit="0", summary="total_count").json == {
        "data": [], "summary": {"total_count": 30}}
    fake.do("settings", yearly_posts_max=20)
    assert len(graph.pages(path)) == 20


def test_comments_come_toplevel_and_ranked_unless_asked_for_otherwise(graph, fake):
    post = fake.do("post", message="Bonjour")["id"]
    tops = [fake.do("comment", target=post, message=str(number), at=1_790_000_000 + number)["id"]
            for number in range(12)]
    reply = fake.do("comment", target=tops[0], message="reply", at=1_790_000_100)["id"]
    path = f"/{post}/comments"
    ranked = graph.get(path, summary="true").json
    assert sorted(ids(ranked["data"])) == sorted(tops) and ids(ranked["data"]) != tops
    assert ranked["summary"] == {"order": "ranked", "total_count": 12, "can_comment": True}
    assert ids(graph.get(path, order="chronological").json["data"]) == tops
    assert ids(graph.get(path, order="reverse_chronological").json["data"]) == tops[::-1]
    stream = graph.get(path, filter="stream", summary="1", fields="id,parent{id}").json
    assert ids(stream["data"]) == tops + [reply]
    assert stream["summary"] == {"order": "chronological", "total_count": 13, "can_comment": True}
    assert stream["data"][-1]["parent"] == {"id": tops[0]}
    assert "parent" not in stream["data"][0]
    assert "parent" not in graph.get(path, filter="stream").json["data"][-1]
    assert ids(graph.get(f"/{tops[0]}/comments").json["data"]) == [reply]
    assert graph.get(path, filter="some").code == (100, None)


def test_total_count_holds_what_cannot_be_read(graph, fake):
    post = fake.do("post", message="Bonjour")["id"]
    seen = fake.do("comment", target=post, message="seen")["id"]
    unseen = fake.do("comment", target=post, message="unseen", unreadable=True)["id"]
    below = fake.do("comment", target=unseen, message="below")["id"]
    hidden = fake.do("comment", target=post, message="hidden")["id"]
    fake.do("hide", id=hidden)
    found = graph.get(f"/{post}/comments", filter="stream", summary="true",
                      fields="id,is_hidden").json
    assert [(one["id"], one["is_hidden"]) for one in found["data"]] == [(seen, False), (hidden, True)]
    assert found["summary"]["total_count"] == 4
    for lost in (unseen, below):
        assert graph.get("/" + lost).code == (100, 33)
    assert ids(fake.get("state")["posts"][0]["comments"]) == [seen]


def test_only_the_pages_own_token_reads_comments_and_people(graph, fake):
    post = fake.do("post", message="Bonjour", who="Tom")["id"]
    comment = fake.do("comment", target=post, message="Ah", who="Ana")["id"]
    assert graph.get(f"/{post}/comments", token="user").raw == b'{"data":[]}'
    assert graph.get(f"/{post}/comments", token="system_user").raw == b'{"data":[]}'
    assert "from" not in graph.get(f"/{post}", token="user", fields="from").json
    assert graph.get(f"/{post}", fields="from{id}").json["from"].keys() == {"id"}
    public = fake.do("token/new", kind="USER", public_content=True)["token"]
    found = graph.get(f"/{post}/comments", token=public, fields="id,message,permalink_url").json
    assert "id" not in found["data"][0]
    assert found["data"][0]["permalink_url"].endswith("?comment_id=" + comment.split("_")[1])
    foreign = fake.do("token/new", kind="PAGE", page_id="616000000000002")["token"]
    assert graph.get(f"/{post}", token=foreign).code == (100, 33)
    fake.do("settings", standard_access=True)
    assert "from" not in graph.get(f"/{comment}", fields="from").json


def test_from_is_missing_for_people_who_withhold_it(graph, fake):
    fake.do("person", name="Secret", withholds_from=True)
    post = fake.do("post", message="Bonjour")["id"]
    fake.do("comment", target=post, message="who?", who="Secret")
    fake.do("comment", target=post, message="us", who="page")
    found = graph.get(f"/{post}/comments", filter="stream").json["data"]
    assert ["from" in one for one in found] == [False, True]


def test_permissions_are_asked_for(graph, fake):
    post = fake.do("post", message="Bonjour")["id"]
    fake.do("token/scopes", scopes=["pages_read_engagement"])
    assert graph.get(f"/{post}").status == 200
    assert graph.get(f"/{post}/comments").code == (10, None)
    assert graph.post(f"/{post}/comments", message="x").code == (200, None)
    fake.do("token/scopes", scopes=[])
    assert graph.get(f"/{graph.page}/feed").code == (10, None)
    assert graph.get(f"/{graph.page}/feed", token="app").code == (10, None)


def test_objects_are_found_by_the_forms_of_their_ids(graph, fake):
    post = fake.do("post", message="Bonjour", photos=1)
    bare = post["id"].split("_")[1]
    comment = fake.do("comment", target=post["id"], message="on the post")["id"]
    on_photo = fake.do("comment", target=post["photos"][0], message="on the photo")["id"]
    assert on_photo.split("_")[0] == post["photos"][0]
    last = comment.split("_")[1]
    for name in (comment, last, f"{graph.page}_{last}", f"{post['id']}_{last}"):
        assert graph.get("/" + name).json["id"] == comment
    assert graph.get("/" + bare).code == (100, 33)
    assert graph.get("/999999999999999").code == (100, 33)
    assert graph.get("/some.alias").code == (803, None)
    assert graph.get("/" + post["photos"][0], fields="page_story_id").json["page_story_id"] == post["id"]
    assert ids(graph.get(f"/{post['photos'][0]}/comments").json["data"]) == [on_photo]
    assert int(last) > 2 ** 53 and int(bare) > 2 ** 53


def test_ids_reads_several_and_one_bad_one_fails_all(graph, fake):
    made = [fake.do("post", message=str(number))["id"] for number in range(3)]
    before = fake.get("calls")["total"]
    assert list(graph.get("/", ids=",".join(made), fields="message").json) == made
    assert graph.get("/", ids=made[0] + ",1_1").code == (100, 33)
    assert graph.get("/", ids=",".join(made[:1] * 51)).code == (100, None)
    assert fake.get("calls")["total"] == before + 3


def test_attachments_tags_reactions_and_permalinks(graph, fake):
    shared = fake.do("post", message="Lisez", link="https://example.org/a?b=1")["id"]
    album = fake.do("post", message="Album", photos=2)["id"]
    fake.do("shares", id=shared, count=3)
    for who, kind in (("Ana", "LIKE"), ("Tom", "LOVE"), ("Ivo", "LIKE")):
        fake.do("reaction", id=shared, who=who, type=kind)
    found = graph.get("/" + shared, fields="attachments,shares,status_type,reactions.type(LIKE).limit(0)"
                                           ".summary(total_count).as(like),privacy").json
    link = found["attachments"]["data"][0]
    assert link["url"].startswith("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org")
    assert link["unshimmed_url"] == "https://example.org/a?b=1"
    assert (found["shares"], found["status_type"]) == ({"count": 3}, "shared_story")
    assert found["like"] == {"data": [], "summary": {"total_count": 2}}
    assert found["privacy"]["value"] == "EVERYONE"
    found = graph.get("/" + album, fields="attachments{media,type,subattachments}").json
    assert found["attachments"]["data"][0]["type"] == "album"
    assert len(found["attachments"]["data"][0]["subattachments"]["data"]) == 2
    tags = [{"id": "1", "name": "Ana", "type": "user", "offset": 0, "length": 3}]
    top = fake.do("comment", target=album, message="Ana 🙂", tags=tags)["id"]
    reply = fake.do("comment", target=top, message="oui")["id"]
    assert graph.get("/" + top, fields="message_tags").json["message_tags"] == tags
    assert re.search(r"\?comment_id=\d+&reply_comment_id=\d+$",
                     graph.get("/" + reply, fields="permalink_url").json["permalink_url"])


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


# Writing

@pytest.fixture
def talk(fake):
    """A post, a comment by Ana and a reply by Tom."""
    post = fake.do("post", message="Bonjour")["id"]
    comment = fake.do("comment", target=post, message="Question", who="Ana")["id"]
    reply = fake.do("comment", target=comment, message="Pareil", who="Tom")["id"]
    return post, comment, reply


def test_page_comments_edits_hides_and_deletes(graph, fake, talk):
    post, comment, _ = talk
    made = graph.post(f"/{comment}/comments", message="Réponse 🙂").json
    assert list(made) == ["id"]
    read = graph.get("/" + made["id"], fields="from{id},parent{id},message").json
    assert read == {"from": {"id": graph.page}, "parent": {"id": comment}, "message": "Réponse 🙂",
                    "id": made["id"]}
    assert graph.post("/" + made["id"], message="Mieux").raw == b'{"success":true}'
    assert graph.get("/" + made["id"]).json["message"] == "Mieux"
    assert graph.post("/" + comment, message="not mine").code == (200, None)
    assert graph.post("/" + comment, is_hidden="true").json == {"success": True}
    assert graph.get("/" + comment, fields="is_hidden").json["is_hidden"] is True
    assert graph.delete("/" + comment).json == {"success": True}
    for gone in (comment, made["id"], talk[2]):
        assert graph.get("/" + gone).code == (100, 33)
    assert graph.get("/" + post).status == 200
    created = graph.post(f"/{post}/comments", message="encore", fields="id,message,permalink_url").json
    assert list(created) == ["id", "message", "permalink_url"]
    assert graph.post(f"/{post}/comments", message=" ").code == (100, None)
    assert graph.call("POST", "/" + created["id"], {"method": "delete"}).json == {"success": True}


def test_writing_needs_the_page_token(graph, fake, talk):
    assert graph.post(f"/{talk[0]}/comments", token="user", message="x").code == (1705, None)
    fake.do("settings", user_token_write="2069032")
    assert graph.post(f"/{talk[0]}/comments", token="user", message="x").code == (190, 2069032)


def test_reply_to_a_reply_has_three_behaviours(graph, fake, talk):
    _, comment, reply = talk
    parents = {}
    for mode in ("flatten", "nest"):
        fake.do("settings", reply_to_reply=mode)
        made = graph.post(f"/{reply}/comments", message=mode).json["id"]
        parents[mode] = graph.get("/" + made, fields="parent{id}").json["parent"]["id"]
    assert parents == {"flatten": comment, "nest": reply}
    fake.do("settings", reply_to_reply="refuse")
    assert graph.post(f"/{reply}/comments", message="refuse").code == (100, None)
    assert graph.get("/" + reply, fields="can_comment").json["can_comment"] is False


def test_repetition_and_haste_are_refused(graph, fake, talk):
    path = f"/{talk[0]}/comments"
    assert graph.post(path, message="same").status == 200
    assert graph.post(path, message="same").code == (506, 1455006)
    fake.do("settings", duplicate_error="368")
    assert graph.post(path, message="same").code == (368, 1404082)
    fake.do("clock", advance=61)
    assert graph.post(path, message="same").status == 200
    fake.do("settings", write_interval_seconds=5)
    assert graph.post(path, message="at once").code == (368, 1390008)
    fake.do("clock", advance=600)
    assert graph.post(path, message="still blocked").code == (368, 1390008)
    fake.do("clock", advance=3600)
    assert graph.post(path, message="again").status == 200


def test_length_is_counted_in_utf16_units(graph, talk):
    path = f"/{talk[0]}/comments"
    assert graph.post(path, message="🙂" * 4000).status == 200
    assert graph.post(path, message="🙂" * 4000 + "a").code == (100, None)


def test_answers_are_lost_after_the_comment_was_made(graph, fake, talk):
    path = f"/{talk[0]}/comments"
    for number, kind in enumerate(("close-after-commit", "500-after-commit", "success-without-id",
                                   "close-before")):
        fake.do("faults", faults=[{"match": {"method": "POST"}, "action": {"kind": kind}}])
        if kind.startswith("close"):
            with pytest.raises((http.client.HTTPException, ConnectionError)):
                graph.post(path, message=kind)
        else:
            answer = graph.post(path, message=kind)
            assert answer.status == 500 or answer.raw == b'{"success":true}'
        texts = [one["message"] for one in graph.pages(path, order="reverse_chronological")]
        assert (kind in texts) == (kind != "close-before")
    assert number == 3


def test_page_posts_and_photos(graph, fake):
    made = graph.post(f"/{graph.page}/feed", message="Par l’API").json["id"]
    assert graph.post("/" + made, message="Corrigé").json == {"success": True}
    elsewhere = fake.do("post", message="dans l’application")["id"]
    assert graph.post("/" + elsewhere, message="x").code == (200, None)
    photo = graph.post(f"/{graph.page}/photos", url="https://example.org/p.jpg", caption="Ici").json
    assert photo["post_id"].startswith(graph.page + "_")
    loose = graph.post(f"/{graph.page}/photos", url="https://example.org/p.jpg", published="false").json
    comment = graph.post(f"/{made}/comments", attachment_id=loose["id"]).json["id"]
    read = graph.get("/" + comment, fields="message,attachment").json
    assert read["message"] == "" and read["attachment"]["target"]["id"] == loose["id"]
    assert graph.post(f"/{graph.page}/feed", message="x", scheduled_publish_time="1").code == (100, None)
    later = graph.post(f"/{graph.page}/feed", message="bientôt",
                       scheduled_publish_time="1790003600").json["id"]
    assert graph.get("/" + later, fields="is_published").json["is_published"] is False
    assert graph.delete("/" + made).json == {"success": True}
    assert graph.get("/" + comment).code == (100, 33)
    assert graph.post(f"/{comment}/likes").code == (100, 33)
    assert graph.post(f"/{later}/likes").json == {"success": True}


# Tokens and the app

def test_dead_tokens_say_why_and_live_again(graph, fake):
    for subcode in (458, 459, 460, 463, 464, 467, 492):
        fake.do("token/ban", subcode=subcode)
        answer = graph.get("/me")
        assert answer.code == (190, subcode)
        assert answer.headers["WWW-Authenticate"].startswith(
            'OAuth "Facebook Platform" "invalid_token"')
        shown = graph.get("/debug_token", token="app", input_token=graph.token("page")).json["data"]
        assert (shown["is_valid"], shown["error"]["subcode"]) == (False, subcode)
    fake.do("token/renew")
    assert graph.get("/me").status == 200


def test_tokens_expire_by_the_clock(graph, fake):
    short = fake.do("token/new", lifetime_seconds=3600)["token"]
    longer = graph.get("/oauth/access_token", token=None, grant_type="fb_exchange_token",
                       client_id=graph.config["app_id"], client_secret=SECRET,
                       fb_exchange_token=short).json
    assert longer["token_type"] == "bearer" and 5_180_000 < longer["expires_in"] <= 5_184_000
    fake.do("clock", advance=3601)
    assert graph.get("/me", token=short).code == (190, 463)
    assert graph.get("/me", token=longer["access_token"]).json["name"] == "Camille Admin"
    assert graph.get("/oauth/access_token", token=None, client_id=graph.config["app_id"],
                     client_secret="wrong").status == 400


def test_debug_token_tells_kinds_and_ids_in_two_forms(graph, fake):
    def shown(name):
        return graph.get("/debug_token", token="app", input_token=graph.token(name)).json["data"]
    first, second = shown("page"), shown("page")
    assert first["type"] == "PAGE" and first["expires_at"] == 0
    assert first["profile_id"] == graph.page and second["profile_id"] == int(graph.page)
    assert {"scope": "pages_read_engagement", "target_ids": [graph.page]} in first["granular_scopes"]
    assert [shown(name)["type"] for name in ("user", "system_user", "app")] == [
        "USER", "SYSTEM_USER", "APP"]
    assert shown("nonsense")["is_valid"] is False
    assert graph.get("/debug_token", token="user", input_token="nonsense").code == (100, None)


@needs_fixtures
def test_debug_token_has_the_shape_of_the_fixture(graph):
    theirs = json.loads((SHARED / "modelled" / "graph" / "debug-token-page.json").read_text())["data"]
    ours = graph.get("/debug_token", token="app", input_token=graph.token("page")).json["data"]
    assert set(ours) == set(theirs)


def test_accounts_give_page_tokens(graph, fake):
    found = graph.get("/me/accounts", token="user").json["data"]
    assert [(one["id"], "MODERATE" in one["tasks"]) for one in found] == [(graph.page, True)]
    assert found[0]["access_token"] == graph.token("page")
    answer = graph.get(f"/{graph.page}", token="system_user", fields="access_token").json
    assert answer == {"access_token": graph.token("page"), "id": graph.page}
    assert graph.get("/me/accounts").code == (100, None)
    assert list(graph.get("/me/accounts", token="user", fields="id,name").json["data"][0]) == ["name", "id"]


def test_proof_is_checked_and_can_be_compulsory(graph, fake):
    right = hmac.new(SECRET.encode(), graph.token("page").encode(), hashlib.sha256).hexdigest()
    assert graph.get("/me", appsecret_proof="0" * 64).code == (100, None)
    fake.do("settings", proof_required=True)
    assert "require an appsecret_proof" in graph.get("/me").json["error"]["message"]
    assert graph.get("/me", appsecret_proof=right).status == 200


def test_ids_for_pages_maps_a_login_to_a_commenter(graph, fake):
    ana = fake.do("person", name="Ana")
    proof = wire.appsecret_proof(SECRET, graph.token("app"))
    path = f"/{ana['asid']}/ids_for_pages"
    found = graph.get(path, token="app", page=graph.page, appsecret_proof=proof).json
    assert [one["id"] for one in found["data"]] == [ana["id"]]
    assert ana["id"] != ana["asid"]
    assert graph.get(path, token="app").code == (100, None)
    assert graph.get(path).code == (15, None)


# The site: receives webhooks and callbacks

class Site:
    def __init__(self):
        self.received = []
        self.status = 200
        self.challenge = None
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, content):
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def do_GET(self):
                query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
                right = query.get("hub.verify_token") == "word" and query["hub.mode"] == "subscribe"
                self.answer(200 if right else 403, (site.challenge or query["hub.challenge"]).encode())

            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                site.received.append((dict(self.headers), raw))
                self.answer(site.status, b"{}")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def values(self):
        """The values of all changes received, in order."""
        return [change["value"] for _, raw in self.received for entry in json.loads(raw)["entry"]
                for change in entry.get("changes", [])]


@pytest.fixture(scope="module")
def listening():
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def site(listening, fake):
    listening.received.clear()
    listening.status, listening.challenge = 200, None
    fake.do("subscribe", callback_url=listening.url, verify_token="word")
    return listening


def flush(fake, **arguments):
    found = fake.do("webhooks/flush", timeout_seconds=5, **arguments)
    assert found["done"]
    return found


def test_subscribing_calls_the_callback_and_wants_the_challenge(graph, fake, site):
    fake.do("unsubscribe")
    path = f"/{graph.config['app_id']}/subscriptions"
    wanted = {"object": "page", "callback_url": site.url, "fields": "feed,mention",
              "verify_token": "word", "include_values": "true"}
    assert graph.post(path, token="app", **wanted).raw == b'{"success":true}'
    assert graph.get(path, token="app").json["data"][0]["fields"] == [
        {"name": "feed", "version": "v25.0"}, {"name": "mention", "version": "v25.0"}]
    assert graph.post(path, token="app", **dict(wanted, verify_token="other")).code == (2200, None)
    site.challenge = "something else"
    assert graph.post(path, token="app", **wanted).code == (2200, None)
    assert graph.post(path, token="app", **dict(wanted, callback_url="http://127.0.0.1:9/x")).code \
        == (2200, None)
    assert graph.post(path, **wanted).code == (15, None)
    assert graph.delete(path, token="app", object="page").json == {"success": True}
    assert graph.get(path, token="app").json == {"data": []}


def test_events_need_both_subscriptions(graph, fake, site):
    path = f"/{graph.page}/subscribed_apps"
    shown = graph.get(path).json["data"][0]
    assert (shown["id"], shown["subscribed_fields"]) == (graph.config["app_id"],
                                                         ["feed", "mention", "ratings"])
    assert graph.delete(path).json == {"success": True}
    fake.do("post", message="unheard")
    assert graph.post(path, subscribed_fields="feed").json == {"success": True}
    fake.do("post", message="heard")
    fake.do("mention", message="not subscribed")
    flush(fake)
    assert [value["message"] for value in site.values()] == ["heard"]
    assert graph.get(path, token="user").code == (190, 2069032)


def test_deliveries_are_signed_over_the_escaped_bytes(fake, site):
    fake.do("post", message="Été 🙂 a/b")
    flush(fake)
    headers, raw = site.received[0]
    assert rb'"message":"\u00c9t\u00e9 \ud83d\ude42 a\/b"' in raw
    assert headers["X-Hub-Signature-256"] == (
        "sha256=" + hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest())
    assert headers["X-Hub-Signature"] == (
        "sha1=" + hmac.new(SECRET.encode(), raw, hashlib.sha1).hexdigest())
    assert headers["Content-Type"] == "application/json"
    assert raw.startswith(b'{"entry":[{"id":"615000000000001","time":1790000000,"changes":[{"value":{')
    assert raw.endswith(b'"field":"feed"}]}],"object":"page"}')


def test_every_act_makes_its_event(graph, fake, site):
    page = {"id": graph.page, "name": "Tramelune"}
    post = fake.do("post", message="texte")["id"]
    photo = fake.do("post", message="photo", photos=1)["id"]
    fake.do("post", message="album", photos=2)
    fake.do("post", message="lien", link="https://example.org/")
    visitor = fake.do("post", message="question", who="Tom")["id"]
    comment = fake.do("comment", target=post, message="ah", who="Ana")["id"]
    reply = fake.do("comment", target=comment, photo="jpeg", who="page")["id"]
    fake.do("edit", id=comment, message="oh")
    fake.do("edit", id=visitor, message="question !")
    fake.do("edit", id=post, message="texte !")
    fake.do("hide", id=comment)
    fake.do("unhide", id=comment)
    fake.do("reaction", id=comment, who="Tom", type="LOVE")
    fake.do("reaction", id=comment, who="Tom", type=None)
    fake.do("delete", id=comment)
    fake.do("delete", id=photo)
    fake.do("trash", id=post)
    fake.do("rating", who="Tom", text="bien")
    flush(fake)
    values = site.values()
    assert [(value["item"], value["verb"]) for value in values] == [
        ("status", "add"), ("photo", "add"), ("status", "add"), ("share", "add"), ("post", "add"),
        ("comment", "add"), ("comment", "add"), ("comment", "edited"), ("post", "edit"),
        ("status", "edited"), ("comment", "hide"), ("comment", "unhide"), ("reaction", "add"),
        ("reaction", "remove"), ("comment", "remove"), ("post", "remove"), ("status", "edited"),
        ("rating", "add")]
    assert len(values[2]["photos"]) == 2 and values[3]["share_id"] == values[3]["post_id"].split("_")[1]
    assert values[5]["parent_id"] == post and values[6]["parent_id"] == comment
    assert values[6]["comment_id"] == reply and "message" not in values[6] and values[6]["photo"]
    assert values[10]["from"] == page and values[10]["message"] == "oh"
    assert values[12]["reaction_type"] == "love" and values[12]["comment_id"] == comment
    assert "message" not in values[14] and values[14]["from"]["name"] == "Ana"
    assert values[16]["published"] == 1 and "message" not in values[16]


@needs_fixtures
def test_events_have_the_keys_of_the_fixtures(graph, fake, site):
    post = fake.do("post", message="texte")["id"]
    comment = fake.do("comment", target=post, message="ah", who="Ana")["id"]
    fake.do("comment", target=comment, message="oui", who="page")
    fake.do("edit", id=comment, message="oh")
    fake.do("hide", id=comment)
    fake.do("unhide", id=comment)
    fake.do("comment", target=post, photo="jpeg", who="Nora")
    fake.do("delete", id=comment)
    photo = fake.do("post", message="photo", photos=1)
    fake.do("comment", target=photo["photos"][0], message="jolie", who="Ana")
    visitor = fake.do("post", message="question", who="Tom")["id"]
    fake.do("edit", id=visitor, message="question !")
    fake.do("post", message="lien", link="https://example.org/")
    flush(fake)
    names = ("01-status-add", "02-comment-add", "03-comment-add-page-reply", "04-comment-edited",
             "07-comment-hide", "08-comment-unhide", "11-comment-add-photo-no-message",
             "09-comment-remove-before-add", "19-photo-add", "20-comment-add-on-photo-of-post",
             "23-visitor-post-add", "24-visitor-post-edit", "25-share-add")
    for name, (_, raw) in zip(names, site.received, strict=True):
        theirs = json.loads((SHARED / "modelled" / "webhooks" / f"{name}.json").read_bytes())
        ours = json.loads(raw)
        assert shape(ours) == shape(theirs), name
        assert list(ours["entry"][0]["changes"][0]["value"]) == list(
            theirs["entry"][0]["changes"][0]["value"]), name


def test_own_writes_through_the_api_come_back_as_events(graph, fake, site):
    post = fake.do("post", message="texte", silent=True)["id"]
    made = graph.post(f"/{post}/comments", message="Réponse").json["id"]
    graph.post("/" + made, message="Réponse corrigée")
    graph.delete("/" + made)
    flush(fake)
    assert [(value["verb"], value["comment_id"], value["from"]["id"]) for value in site.values()] == [
        (verb, made, graph.page) for verb in ("add", "edited", "remove")]


def test_scheduled_post_is_announced_twice(fake, site):
    fake.do("post", message="bientôt", publish_at=1_790_000_600)
    flush(fake)
    fake.do("clock", advance=601)
    flush(fake)
    assert [(value["published"], value["created_time"]) for value in site.values()] == [
        (0, 1_790_000_000), (1, 1_790_000_000)]


def test_queue_can_be_paused_shuffled_doubled_dropped_and_batched(fake, site):
    fake.do("webhooks/pause")
    for number in range(10):
        fake.do("post", message=str(number))
    fake.do("webhooks/shuffle")
    fake.do("webhooks/duplicate")
    fake.do("settings", webhook_batch=7)
    assert not site.received
    flush(fake)
    said = [value["message"] for value in site.values()]
    assert len(site.received) == 3
    assert sorted(said) == sorted([str(number) for number in range(10)] * 2)
    assert said[:10] != sorted(said[:10])
    fake.do("webhooks/pause")
    fake.do("post", message="dropped")
    assert fake.do("webhooks/drop") == {"dropped": 1}
    flush(fake)
    assert len(site.received) == 3


def test_webhook_moods(fake, site):
    post = fake.do("post", message="texte", silent=True)["id"]

    def heard(**mood):
        site.received.clear()
        fake.do("settings", **mood)
        fake.do("comment", target=post, message="ah", who="Ana")
        flush(fake)
        fake.do("settings", **{name: False if value is True else 0.0 if value == 1 else True
                               for name, value in mood.items()})
        return site.received

    assert "from" not in json.loads(heard(webhook_omit_from=1)[0][1])["entry"][0]["changes"][0]["value"]
    assert "post" not in json.loads(heard(webhook_omit_post=1)[0][1])["entry"][0]["changes"][0]["value"]
    assert len(heard(webhook_duplicate=1)) == 2
    assert heard(webhook_lose=1) == []
    assert [entry["id"] for entry in json.loads(heard(webhook_foreign=1)[0][1])["entry"]] == [
        "615000000000001", "999999999999999"]
    numeric = json.loads(heard(webhook_numeric_ids=1)[0][1])["entry"][0]
    assert numeric["id"] == 615000000000001
    assert isinstance(numeric["changes"][0]["value"]["from"]["id"], int)
    headers, raw = heard(webhook_bad_signature=1)[0]
    assert headers["X-Hub-Signature-256"] != wire.signatures(SECRET, raw)["X-Hub-Signature-256"]
    entry = json.loads(heard(webhook_values=False)[0][1])["entry"][0]
    assert entry["changed_fields"] == ["feed"] and "changes" not in entry


def test_delayed_and_raw_deliveries(fake, site):
    fake.do("settings", webhook_delay_seconds=30)
    fake.do("post", message="late")
    assert flush(fake)["delayed"] == 1 and not site.received
    fake.do("clock", advance=31)
    flush(fake)
    assert len(site.received) == 1
    fake.do("webhooks/send", body='{"object":"page","entry":[{"id":1}]} ')
    flush(fake)
    headers, raw = site.received[1]
    assert raw.endswith(b"} ")
    assert headers["X-Hub-Signature-256"] == wire.signatures(SECRET, raw)["X-Hub-Signature-256"]


def test_failed_deliveries_are_tried_for_36_hours_and_then_dropped(fake, site):
    site.status = 503
    fake.do("post", message="later")
    flush(fake)
    tries = [len(site.received)]
    for seconds in (15, 60, 300, 900, 3600, 3600):
        fake.do("clock", advance=seconds)
        flush(fake)
        tries.append(len(site.received))
    assert tries == [2, 3, 4, 5, 6, 7, 8]
    assert len({raw for _, raw in site.received}) == 1
    for _ in range(40):
        fake.do("clock", advance=3600)
        flush(fake)
    found = flush(fake)
    assert (found["given_up"], found["waiting"]) == (1, 0)
    assert 35 < len(site.received) < 45
    site.status = 200
    fake.do("post", message="again")
    flush(fake)
    assert site.values()[-1]["message"] == "again"


def test_a_retry_arrives_when_the_site_is_back(fake, site):
    site.status = 500
    fake.do("post", message="once")
    assert flush(fake)["waiting"] == 1
    site.status = 200
    assert flush(fake, retry_now=True)["delivered"] == 1
    statuses = [(one["attempt"], one["status"]) for one in fake.get("deliveries")["deliveries"]]
    assert statuses == [(1, 500), (2, 500), (3, 200)]


def test_long_failure_can_end_the_subscription(graph, fake, site):
    fake.do("settings", webhook_unsubscribe_after_seconds=3600)
    site.status = 500
    fake.do("post", message="x")
    flush(fake)
    for _ in range(6):
        fake.do("clock", advance=1800)
        flush(fake)
    assert fake.get("webhooks")["notices"][0]["notice"] == "Webhooks Disabled"
    assert graph.get(f"/{graph.page}/subscribed_apps").json == {"data": []}


def test_erasure_and_deauthorize_post_signed_requests(graph, fake, site):
    ana = fake.do("person", name="Ana")
    assert fake.do("erasure", who="Ana", url=site.url) == {"status": 200, "body": "{}"}
    fake.do("deauthorize", url=site.url)
    payloads = []
    for headers, raw in site.received:
        assert headers["Content-Type"] == "application/x-www-form-urlencoded"
        signature, encoded = dict(urllib.parse.parse_qsl(raw.decode()))["signed_request"].split(".")
        expected = hmac.new(SECRET.encode(), encoded.encode(), hashlib.sha256).digest()
        assert signature == wire.base64url(expected)
        payloads.append(json.loads(__import__("base64").urlsafe_b64decode(encoded + "==")))
    assert payloads[0] == {"user_id": ana["asid"], "algorithm": "HMAC-SHA256",
                           "issued_at": 1_790_000_000, "expires": 1_790_003_600}
    assert payloads[1]["issued_at"] == "1790000000" and payloads[1]["profile_id"] is None
    assert graph.get("/me").code == (190, 458)
    with pytest.raises(ControlRefused, match="--data-deletion"):
        fake.do("erasure", who="Ana")


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
    assert __import__("gzip").decompress(packed.raw) == answer.raw


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


# Control, the web page, scenarios, the living Page

def test_control_refuses_what_it_does_not_know(fake):
    for name, arguments in (("nonsense", {}), ("post", {"colour": 1}), ("edit", {"id": "1_1", "message": ""}),
                            ("settings", {"nonsense": 1}), ("settings", {"webhook_batch": "many"}),
                            ("clock", {"advance": "soon"})):
        with pytest.raises(ControlRefused):
            fake.do(name, **arguments)


def test_same_seed_and_acts_give_the_same_ids(fake):
    def story():
        config = fake.do("reset", seed=9)
        post = fake.do("post", message="x")["id"]
        return config["page_token"], post, fake.do("comment", target=post, message="y")["id"]
    assert story() == story()
    fake.do("reset", seed=10)
    assert fake.do("post", message="x")["id"] != story()[1]


def test_bulk_is_quick_and_reads_quickly(graph, fake):
    started = time.monotonic()
    fake.do("bulk", posts=1000, comments=50, photos=0.1)
    assert time.monotonic() - started < 5
    state = fake.get("state")
    assert sum(len(post["comments"]) for post in state["posts"]) == 50_000
    post = state["posts"][0]["id"]
    connection = http.client.HTTPConnection(graph.host)
    query = urllib.parse.urlencode({"filter": "stream", "limit": "100", "fields": COMMENT_FIELDS})
    started = time.monotonic()
    for _ in range(100):
        connection.request("GET", f"/v25.0/{post}/comments?{query}", None,
                           {"Authorization": "Bearer " + graph.token("page")})
        assert connection.getresponse().read().startswith(b'{"data":[{"id"')
    connection.close()
    assert 100 / (time.monotonic() - started) > 50  # several hundred on a quiet machine


def test_web_page_shows_and_changes_the_page(graph, fake):
    post = fake.do("post", message="<b>gras</b>")["id"]
    host = urllib.parse.urlsplit(fake.config["control"]).netloc
    connection = http.client.HTTPConnection(host, timeout=5)

    def send(name, **form):
        connection.request("POST", "/act/" + name, urllib.parse.urlencode(form),
                           {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        answer.read()
        return answer.status

    assert send("comment", id=post, who="Sophie", message="Bonjour\r\nvous") == 303
    comment = fake.get("state")["posts"][0]["comments"][0]
    assert comment["message"] == "Bonjour\nvous"
    assert send("edit", id=comment["id"], message="Bonsoir") == 303
    assert send("hide", id=comment["id"]) == 303
    assert fake.get("state")["posts"][0]["comments"] == []
    assert send("unhide", id=comment["id"]) == 303
    assert send("post", who="Sophie", message="Une question") == 303
    assert send("delete", id="1_1") == 400
    connection.request("GET", "/")
    page = connection.getresponse().read().decode()
    assert "&lt;b&gt;gras" in page and "<b>gras" not in page and "Bonsoir" in page
    assert send("delete", id=comment["id"]) == 303
    link = urllib.parse.urlsplit(graph.get("/" + post, fields="permalink_url").json["permalink_url"])
    connection.request("GET", link.path)
    assert "&lt;b&gt;gras" in connection.getresponse().read().decode()
    connection.request("POST", "/_ctl/reset", "{}", {"Origin": "https://evil.example"})
    assert connection.getresponse().status == 403
    connection.close()


def test_scenarios_are_the_same_for_the_same_seed(fake):
    from graph.scenario import Scenario

    def story(seed):
        fake.do("reset", seed=1)
        lines = []
        scenario = Scenario(fake, seed, steps=120, unstorable=True, say=lines.append)
        assert len(list(scenario.play())) == 120
        return lines, scenario.settle()
    assert story(3) == story(3)
    assert story(3)[0] != story(4)[0]
    assert story(5)[1]["posts"]


def test_living_page_lives_and_thanks_for_answers():
    with FakeGraph(living=True, pace=0.02, seed=2) as fake:
        graph = Caller(fake)
        first = fake.get("state")
        assert len(first["posts"]) >= 10
        question = next(post for post in first["posts"] if not post["own"])
        answer = graph.post(f"/{question['id']}/comments", message="Avez-vous redémarré la box ?").json["id"]
        for _ in range(100):
            time.sleep(0.02)
            post = next(post for post in fake.get("state")["posts"] if post["id"] == question["id"])
            thanks = [one for one in post["comments"] if one["parent"] == answer]
            if thanks:
                break
        assert thanks[0]["author"] == question["author"]
        assert fake.stop() == 0


def read_everything(graph):
    """The public state as a reader of the Graph API finds it."""
    posts = []
    for post in graph.pages(f"/{graph.page}/feed", limit="10",
                            fields="id,created_time,message,is_published,is_hidden,from{id}"):
        if not post["is_published"] or post["is_hidden"]:
            continue
        comments = graph.pages(f"/{post['id']}/comments", filter="stream", limit="7",
                               fields="id,parent{id},message,created_time,from{id},is_hidden,is_private")
        unseen = {one["id"] for one in comments if one["is_hidden"] or one["is_private"]}
        while below := {one["id"] for one in comments if one["id"] not in unseen
                        and one.get("parent", {}).get("id") in unseen}:
            unseen |= below
        posts.append((post["id"], post.get("message", ""), wire.read_time(post["created_time"]),
                      [(one["id"], one.get("parent", {}).get("id"), one["message"],
                        one["from"]["id"]) for one in comments if one["id"] not in unseen]))
    return sorted(posts)


def test_what_the_graph_shows_is_the_public_state(graph, fake):
    from graph.scenario import Scenario
    for seed in (11, 12, 13):
        fake.do("reset", seed=seed)
        scenario = Scenario(fake, seed, steps=150, say=lambda line: None)
        list(scenario.play())
        state = scenario.settle()
        graph.config = fake.get("config")
        assert read_everything(graph) == sorted(
            (post["id"], post["message"], post["created_time"],
             [(one["id"], one["parent"], one["message"], one["author"]) for one in post["comments"]])
            for post in state["posts"])


def test_page_is_kept_over_a_restart(tmp_path):
    options = dict(living=True, pace=1000, seed=4, keep=tmp_path / "page.json")
    with FakeGraph(**options) as fake:
        post = fake.do("post", message="resté", photos=2)["id"]
        comment = fake.do("comment", target=post, message="aussi", who="Ana", photo="png")["id"]
        fake.do("comment", target=comment, message="en dessous", who="page")
        fake.do("reaction", id=comment, who="Tom", type="LOVE")
        fake.do("hide", id=fake.do("comment", target=post, message="caché")["id"])
        fake.do("subscribe", callback_url="http://127.0.0.1:9/x")
        before, tokens = fake.get("state"), fake.config["page_token"]
    with FakeGraph(**options) as fake:
        assert fake.get("state") == before
        assert fake.config["page_token"] == tokens
        assert fake.do("post", message="neu")["id"] not in [one["id"] for one in before["posts"]]
        assert fake.get("webhooks")["events"] == 1


def test_graph_can_speak_https(tmp_path):
    import ssl
    import subprocess
    both = tmp_path / "both.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-subj", "/CN=localhost", "-days", "2", "-keyout", both,
                    "-out", tmp_path / "certificate.pem"], check=True, capture_output=True)
    both.write_text(both.read_text() + (tmp_path / "certificate.pem").read_text())
    with FakeGraph(certificate=both) as fake:
        post = fake.do("post", message="x")["id"]
        fake.do("bulk", posts=2, comments=0)
        context = ssl._create_unverified_context()
        parts = urllib.parse.urlsplit(fake.config["graph"])
        connection = http.client.HTTPSConnection(parts.netloc, context=context)
        connection.request("GET", f"/v25.0/{fake.config['page_id']}/feed?limit=1&access_token="
                           + fake.config["page_token"])
        answer = json.loads(connection.getresponse().read())
        connection.close()
        assert parts.scheme == "https" and answer["data"][0]["id"] == post
        assert answer["paging"]["next"].startswith(fake.config["graph"])


def test_more_moods_of_reading(graph, fake):
    post = fake.do("post", message="Bonjour", photos=2)
    on_photo = fake.do("comment", target=post["photos"][0], message="on the photo")["id"]
    path = f"/{post['id']}/comments"
    assert ids(graph.get(path, filter="stream").json["data"]) == [on_photo]
    fake.do("settings", photo_comments_apart=True)
    assert graph.get(path, filter="stream").json["data"] == []
    assert ids(graph.get(f"/{post['photos'][0]}/comments").json["data"]) == [on_photo]
    fake.do("bulk", posts=10, comments=20)
    fake.do("settings", answer_max_bytes=20_000)
    wanted = "id,comments.limit(100){id,message,from}"
    assert graph.get(f"/{graph.page}/feed", fields=wanted).code == (1, None)
    assert graph.get(f"/{graph.page}/feed", fields=wanted, limit="5").status == 200
    fake.do("faults", faults=[{"match": {"method": "POST"}, "action": {"delay_after": 0.3}}])
    started = time.monotonic()
    fake.do("settings", photo_comments_apart=False)
    assert graph.post(path, message="late answer").status == 200
    assert time.monotonic() - started >= 0.3
