"""The fake Graph API as a caller: verification, webhooks, retries, signed requests."""
import base64
import hashlib
import hmac
import json
import urllib.parse

import pytest

from graph_fixtures import (  # noqa: F401
    SECRET, SHARED, fake, flush, graph, listening, needs_fixtures, running, shape, site)
from graph import wire
from graph.client import ControlRefused


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


def test_reordering_lets_events_be_overtaken(fake, site):
    fake.do("settings", webhook_reorder=0.4)
    for number in range(30):
        fake.do("post", message=f"{number:02d}")
    flush(fake)
    said = [value["message"] for value in site.values()]
    assert said != sorted(said) and sorted(said) == [f"{number:02d}" for number in range(30)]


def test_bulk_can_be_a_burst(fake, site):
    fake.do("settings", webhook_batch=1000)
    fake.do("bulk", posts=20, comments=99, silent=False)
    assert flush(fake)["delivered_changes"] == 2000
    assert len(site.received) == 2


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
        payloads.append(json.loads(base64.urlsafe_b64decode(encoded + "==")))
    assert payloads[0] == {"user_id": ana["asid"], "algorithm": "HMAC-SHA256",
                           "issued_at": 1_790_000_000, "expires": 1_790_003_600}
    assert payloads[1]["issued_at"] == "1790000000" and payloads[1]["profile_id"] is None
    assert graph.get("/me").code == (190, 458)
    with pytest.raises(ControlRefused, match="--data-deletion"):
        fake.do("erasure", who="Ana")
