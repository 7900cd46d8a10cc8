"""The fake Graph API: writing as the Page, tokens and their ends."""
import hashlib
import hmac
import http.client
import json

import pytest

from graph_fixtures import (  # noqa: F401
    SECRET, SHARED, fake, graph, needs_fixtures, running)
from graph import wire


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
