"""What the tests of the fake Graph API share: a client, a site that receives, fixtures.

One fake runs for each file; each test begins with an empty world.
"""
import http.client
import http.server
import json
import os
import pathlib
import sys
import threading
import urllib.parse

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "fakes"))

from graph.client import FakeGraph  # noqa: E402

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


def shape(value):
    """Keys and kinds of a JSON value; a reply's parent may carry more or less."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()
                if key not in ("parent", "media_type", "is_transient")}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


# The site that webhooks and callbacks go to

class Site:
    def __init__(self):
        self.received = []
        self.status = 200
        self.challenge = None
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 8192  # an answer in one packet: two would wait for each other

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
