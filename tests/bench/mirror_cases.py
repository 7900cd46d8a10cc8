"""What is measured of a mirror: reading all of a Page while notices come in, one comment
from the Page to the search, and a burst of notices while somebody reads.
"""

import hashlib
import hmac
import http.client
import json
import statistics
import threading
import time
import urllib.parse

from say import Failure

CATEGORY = "rubrique-1"
# While the backfill runs: enough for a p99, and not more than a busy Page sends.
NOTICES_PER_SECOND = 20
# Somebody who reads: a page, a moment, the next.
PAUSE_BETWEEN_PAGES = 0.02
QUIET_SECONDS = 8
LOOK_SECONDS = 0.02
# How many deliveries Facebook has on the way at once.
CONCURRENCY = 8
SEEN_WITHIN = 20
# Not more than stand on one page.
COMMENTS_OF_A_THREAD = 10
WORKED_OFF_WITHIN = 600


class Line:
    """One kept-alive connection to the forum; times each exchange."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(self, method, path, body=None, headers=None):
        """(milliseconds, status, body)."""
        began = time.perf_counter()
        self.connection.request(method, path, body, {"Accept-Language": "fr", **(headers or {})})
        answer = self.connection.getresponse()
        content = answer.read()
        return (time.perf_counter() - began) * 1000, answer.status, content

    def close(self):
        self.connection.close()


class Background(threading.Thread):
    """Does one thing again and again until it is told to stop; keeps what each came to."""

    def __init__(self, act, pause):
        super().__init__(daemon=True)
        self.act, self.pause = act, pause
        self.results, self.problem = [], None
        self.ended = threading.Event()

    def run(self):
        try:
            while not self.ended.is_set():
                began = time.monotonic()
                self.results.append(self.act())
                self.ended.wait(max(0, self.pause - (time.monotonic() - began)))
        except Exception as problem:  # noqa: BLE001: said by the one who waits
            self.problem = problem

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.join()
        if self.problem:
            raise Failure(f"in the background: {self.problem!r}")


class Mirror:
    """The forum's mirror of the Page, and what the cases share."""

    def __init__(self, scratch, graph, options):
        self.scratch, self.graph, self.options = scratch, graph, options
        self.secret = graph.config["app_secret"].encode()
        self.database = scratch.database("entraide")
        self.source = scratch.program("mirror", "add", "facebook", graph.config["page_id"], "--name", "Tramelune",
                                      "--category", CATEGORY, "--language", "fr").strip()

    def value(self, query, *parameters):
        return self.database.execute(query, parameters).fetchone()[0]

    def wait(self, query, what, seconds=WORKED_OFF_WITHIN, look=0.05):
        """Until the query says true."""
        end = time.monotonic() + seconds
        while not self.value(query):
            if time.monotonic() > end:
                raise Failure(f"not within {seconds} s: {what}")
            time.sleep(look)

    def settle(self):
        self.wait("select not exists (select from mirror_deliveries where state = 'waiting')"
                  " and not exists (select from mirror_refreshes)", "notices and readings")
        self.scratch.wait_for_worker(WORKED_OFF_WITHIN)

    def sign(self, body):
        return {"Content-Type": "application/json",
                "X-Hub-Signature-256": "sha256=" + hmac.new(self.secret, body, hashlib.sha256).hexdigest()}


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


# ---- the cases ------------------------------------------------------------------


def backfill(bench, results):
    """Reading all of the Page, with notices coming in."""
    del results
    notice = Notices(bench)
    began = time.monotonic()
    # What the button "Read everything" does.
    bench.database.execute("update mirror_sources set backfill_asked_at = clock_timestamp()")
    bench.database.execute("notify mirror")
    with Background(notice.send, 1 / NOTICES_PER_SECOND) as notices:
        bench.wait("select backfilled_at is not null from mirror_sources", "the whole Page is read", look=0.2)
        seconds = time.monotonic() - began
    items = bench.options.posts * (bench.options.comments + 1)
    shown = bench.value("select count(*) from mirror_items where post_id is not null")
    if shown < items * 0.99:
        raise Failure(f"of {items} posts and comments {shown} are shown")
    milliseconds = notices.results
    return {"backfill_seconds": seconds, "items_per_second": items / seconds, "notices": len(milliseconds),
            "notice_p50_ms": statistics.median(milliseconds), "notice_p99_ms": percentile(milliseconds, 0.99),
            "notice_worst_ms": max(milliseconds)}


class Notices:
    """Notices of comments that are really there, each signed as Facebook does."""

    def __init__(self, bench):
        self.bench, self.line = bench, Line(bench.scratch.port)
        self.post = bench.graph.do("post", message="Une annonce pour le banc d’essai", silent=True)["id"]
        self.person = bench.graph.do("person", name="Banc Essai")["id"]
        self.number = 0

    def body(self):
        self.number += 1
        short = self.post.rpartition("_")[2]
        now = int(time.time())
        value = {"item": "comment", "verb": "add", "post_id": self.post, "parent_id": self.post,
                 "comment_id": f"{short}_{900000000 + self.number}", "created_time": now,
                 "message": f"Commentaire {self.number}", "from": {"id": self.person, "name": "Banc Essai"}}
        return json.dumps({"object": "page", "entry": [{"id": self.bench.graph.config["page_id"], "time": now,
                                                        "changes": [{"field": "feed", "value": value}]}]}).encode()

    def send(self):
        body = self.body()
        milliseconds, status, answer = self.line.ask("POST", "/hooks/facebook", body, self.bench.sign(body))
        if status != 200:
            raise Failure(f"a notice was answered {status}: {answer[:200]!r}")
        return milliseconds


def seen(bench, results):
    """One comment after the other, from the Page to its page here and to the search."""
    del results
    bench.settle()
    bench.graph.do("settings", webhook_concurrency=1)
    line, on_page, in_search = Line(bench.scratch.port), [], []
    for number in range(bench.options.seen):
        if number % COMMENTS_OF_A_THREAD == 0:
            post, path = new_thread(bench, number)
        word = f"zorglub{time.monotonic_ns():x}"
        began = time.monotonic()
        bench.graph.do("comment", target=post, message=f"Numéro {number} : le mot est {word}.")
        on_page.append(until_seen(line, path, word, began))
        in_search.append(until_seen(line, "/search?q=" + urllib.parse.quote(word), 'data-position="1"', began))
    return {"seen_on_page_median_s": statistics.median(on_page), "seen_on_page_worst_s": max(on_page),
            "seen_in_search_median_s": statistics.median(in_search), "seen_in_search_worst_s": max(in_search)}


def new_thread(bench, number):
    """(its number at Facebook, its path here)."""
    post = bench.graph.do("post", message=f"Le fil {number} que le banc d’essai regarde de près")["id"]
    key = post.rpartition("_")[2]
    bench.wait(f"select exists (select from mirror_items where key = '{key}' and topic_id is not null)", post, 30)
    topic = bench.value("select topic_id from mirror_items where key = %s and kind = 'post'", key)
    return post, bench.scratch.page(f"/t/{topic}-")[0]


def until_seen(line, path, words, began):
    while True:
        _, status, content = line.ask("GET", path)
        # A page of 404 is not what one waits for, nor one that is told to come later.
        if status == 200 and words.encode() in content:
            return time.monotonic() - began
        if time.monotonic() - began > SEEN_WITHIN:
            raise Failure(f"{path}: no {words} within {SEEN_WITHIN} s (the last answer was {status})")
        time.sleep(LOOK_SECONDS)


def burst(bench, results):
    """A burst of notices, with somebody reading before and meanwhile."""
    del results
    bench.settle()
    reader = Reader(bench)
    with Background(reader.view, PAUSE_BETWEEN_PAGES) as before:
        time.sleep(QUIET_SECONDS)
    posts = max(1, bench.options.burst // 100)
    bench.graph.do("settings", webhook_concurrency=CONCURRENCY)
    bench.graph.do("webhooks/pause")
    bench.graph.do("bulk", posts=posts, comments=bench.options.burst // posts - 1, silent=False)
    shown_before = bench.value("select count(*) from mirror_items where post_id is not null")
    changes = posts * (bench.options.burst // posts)
    began = time.monotonic()
    bench.graph.do("webhooks/resume")
    with Background(reader.view, PAUSE_BETWEEN_PAGES) as during:
        bench.wait(f"select count(*) >= {shown_before + changes} from mirror_items where post_id is not null",
                   "all that came is shown", look=0.2)
        bench.wait("select not exists (select from mirror_deliveries where state = 'waiting')"
                   " and not exists (select from mirror_refreshes)", "notices and readings", look=0.2)
        seconds = time.monotonic() - began
    with Background(reader.view, PAUSE_BETWEEN_PAGES) as after:
        bench.scratch.wait_for_worker(WORKED_OFF_WITHIN)
        indexed = time.monotonic() - began
    page_before, page_during = statistics.median(before.results), statistics.median(during.results)
    return {"changes": changes, "burst_seconds": seconds, "indexed_seconds": indexed,
            "page_before_ms": page_before, "page_during_ms": page_during,
            "page_during_p99_ms": percentile(during.results, 0.99), "page_slowed": page_during / page_before - 1,
            "page_while_indexed_ms": statistics.median(after.results) if after.results else page_during}


class Reader:
    """Somebody who reads one topic of the forum's own after the other."""

    def __init__(self, bench):
        self.line, self.number = Line(bench.scratch.port), 0
        topics = range(1, min(bench.options.topics, 50) + 1)
        self.paths = [bench.scratch.page(f"/t/{topic}")[0] for topic in topics]

    def view(self):
        self.number += 1
        milliseconds, status, _ = self.line.ask("GET", self.paths[self.number % len(self.paths)])
        if status != 200:
            raise Failure(f"a page was answered {status}")
        return milliseconds


CASES = (("backfill", backfill), ("seen", seen), ("burst", burst))

# (what, case, figure, at most).
AIMS = (
    ("a notice acknowledged while all is read, p50 ms", "backfill", "notice_p50_ms", 5),
    ("a notice acknowledged while all is read, p99 ms", "backfill", "notice_p99_ms", 25),
    ("reading all of the Page, s", "backfill", "backfill_seconds", 180),
    ("a comment on its page, worst s", "seen", "seen_on_page_worst_s", 2),
    ("a comment in the search, worst s", "seen", "seen_in_search_worst_s", 2),
    ("a burst worked off, s", "burst", "burst_seconds", 60),
    ("a page slowed by it, share", "burst", "page_slowed", 0.2),
)


def aims(results):
    """[(what, figure, limit, is met)]."""
    return [(what, results[case][figure], limit, results[case][figure] <= limit)
            for what, case, figure, limit in AIMS]
