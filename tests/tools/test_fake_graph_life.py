"""The fake Page to play with: control port, web page, stories, the living Page."""
import http.client
import json
import shutil
import ssl
import subprocess
import time
import urllib.parse

import pytest

from graph_fixtures import (  # noqa: F401
    COMMENT_FIELDS, Caller, fake, graph, listening, running, site)
from graph import wire
from graph.client import ControlRefused, FakeGraph
from graph.scenario import WEIGHTS, Scenario


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


def follow_webhooks(graph, values):
    """A mirror in small: each event leads to a reading of its object, a removal is final."""
    seen, removed = {}, set()
    for value in {json.dumps(value): value for value in values}.values():
        name = value.get("comment_id") or value["post_id"]
        if value["verb"] == "remove" and value["item"] in ("comment", "post"):
            removed.add(name)
            continue
        comment = "comment_id" in value
        fields = "parent{id},is_hidden,is_private" if comment else "is_hidden,is_published"
        answer = graph.get("/" + name, fields="id,message,from{id}," + fields)
        if answer.status == 200:
            seen[name] = dict(answer.json, above=answer.json.get("parent", {}).get("id")
                              or (value["post_id"] if comment else None))

    def public(name):
        one = seen.get(name)
        return (name not in removed and one and not one["is_hidden"] and one.get("is_published", True)
                and not one.get("is_private") and (one["above"] is None or public(one["above"])))
    return {name: one.get("message", "") for name, one in seen.items() if public(name)}


def test_webhooks_in_any_order_lead_to_the_public_state(graph, fake, site):
    fake.do("settings", webhook_duplicate=0.3, webhook_reorder=0.3, webhook_omit_from=0.2,
            webhook_omit_post=0.2, webhook_numeric_ids=0.2, webhook_batch=9)
    trouble = [kind for kind in WEIGHTS if kind.endswith("fault") or kind in ("throttle", "token_death")]
    scenario = Scenario(fake, 21, steps=200, lose=0, without=trouble, say=lambda line: None)
    list(scenario.play())
    state = scenario.settle()
    expected = {one["id"]: one["message"] for post in state["posts"]
                for one in [post] + post["comments"]}
    assert len(expected) > 50
    assert follow_webhooks(graph, site.values()) == expected


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


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not there to make a certificate")
def test_graph_can_speak_https(tmp_path):
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
