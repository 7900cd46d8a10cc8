"""The fake Graph API: its bytes, the grammar of fields, and what reading shows.

The other files of this name go through the rest of its specification.
"""
import json
import re
import time
import urllib.parse

import pytest

from graph_fixtures import (  # noqa: F401
    COMMENT_FIELDS, SHARED, fake, graph, ids, needs_fixtures, running, shape)
from graph import fields, wire


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
