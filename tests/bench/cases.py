"""What is measured: the pages, who asks for them, and what counts as an answer."""

import dataclasses
import json
import pathlib
import random
import subprocess
import tempfile
import time
import urllib.parse

import metrics
from filling import SEED, STAFF
from people import Load, People
from say import Failure, step
from scratch import PASSWORD
from words import FRENCH

HERE = pathlib.Path(__file__).resolve().parent
CONNECTIONS = 16
ADDRESSES = 1000
MEMBERS = 60
SEARCHES = 300
# Whose processor time an answer takes; the worker's comes later.
ANSWERING = ("nginx", "web", "postgres")
# A reply of a usual length; load.lua adds an end of its own.
REPLY = "Bonjour, merci pour votre question. " * 8 + "\n\n" + "Essayez de redémarrer la box. " * 8


@dataclasses.dataclass
class Case:
    """name; title in the table; route and status of the right answers; lines of
    load.lua's file. has_noise: while somebody hammers the login."""

    name: str
    title: str
    route: str = ""
    status: int = 200
    lines: list = dataclasses.field(default_factory=list)
    has_noise: bool = False
    has_site: bool = True


def make_cases(scratch):
    chance = random.Random(SEED)
    sample = chance.sample(range(1, scratch.topics + 1), min(2 * ADDRESSES, scratch.topics))
    half = len(sample) // 2
    step(f"Looking up {half} addresses")
    pages = [scratch.page(f"/t/{topic}") for topic in sample[:half]]
    paths = [path for path, _ in pages]
    size = sum(len(body) for _, body in pages) // len(pages)
    control = scratch.put_control(size)

    people = People(scratch)
    written = sample[half:]
    step(f"Signing in {MEMBERS} customers and {STAFF} of the team")
    customers = [people.member(STAFF + n, f"/t/{written[0]}/answer") for n in range(1, MEMBERS + 1)]
    team = [people.member(n, f"/t/{written[0]}/answer") for n in range(1, STAFF + 1)]

    def get(*addresses):
        return [("GET", address, "", "") for address in addresses]

    def as_members():
        return [("GET", path, customers[n % MEMBERS].cookie, "") for n, path in enumerate(paths)]

    def answers():
        for n, topic in enumerate(written):
            member = team[n % STAFF]
            form = urllib.parse.urlencode({"csrf": member.csrf, "body": REPLY})
            yield "POST", f"/t/{topic}/answer", member.cookie, form

    def searches():
        for count in (1, 2, 3) * (SEARCHES // 3):
            words = " ".join(chance.choices(FRENCH, k=count))
            yield f"/search?q={urllib.parse.quote(words)}"

    category, _ = scratch.page("/c/rubrique-1")
    return size, people, [
        Case("control", f"nginx alone, a file of {size} bytes", lines=get(control), has_site=False),
        Case("topic_hot", "a topic's page, always the same", "topic", lines=get(paths[0])),
        Case("topic", f"a topic's page, {half} addresses", "topic", lines=get(*paths)),
        Case("topic_member", "the same, signed in", "topic", lines=as_members()),
        Case("home", "home", "home", lines=get("/")),
        Case("questions", "list of questions", "questions", lines=get("/questions")),
        Case("category", "a category's list", "category", lines=get(category)),
        Case("search", f"searching, {SEARCHES} different words", "search", lines=get(*searches())),
        Case("topic_noise", "a topic's page while the login is hammered", "topic",
             lines=get(*paths), has_noise=True),
        Case("login", "signing in", "login", 303),
        Case("answer", "posting an answer", "answer", 303, list(answers())),
    ]


class Round:
    """One case measured once; figures are a dictionary, for median and JSON."""

    def __init__(self, scratch, people, groups, seconds):
        self.scratch, self.people, self.groups, self.seconds = scratch, people, groups, seconds

    def measure(self, case):
        load = self._load(case)
        counters = metrics.read(self.scratch)
        used = {name: group.seconds() for name, group in self.groups.items()}
        if case.name == "login":
            figures = self._logins(load)
        elif case.has_noise:
            figures = self._noisy(case, load)
        else:
            figures = self.run_wrk(case)
        # wrk leaves while requests are under way: they are this case's, not the next's.
        asked = metrics.asked_between(counters, metrics.read_when_quiet(self.scratch))
        used = {name: group.seconds() - used[name] for name, group in self.groups.items()}
        if case.has_site:
            figures["requests"] = self._right_answers(case, asked)
            figures["statements"] = asked.statements / asked.total
            figures["round_trips"] = asked.round_trips / asked.total
        # What the noise costs cannot be told from what the pages cost.
        if not case.has_noise:
            for name, seconds in used.items():
                figures[f"us_{name}"] = seconds / figures["requests"] * 1e6
            figures["us"] = sum(figures[f"us_{name}"] for name in ANSWERING)
        if case.name == "answer":
            figures["us_later"] = self._afterwards(figures["us_worker"], figures["requests"])
        return figures

    def _afterwards(self, worker_so_far, requests):
        """What a post costs the worker and PostgreSQL once it is answered: the index.
        Waits until that is done, so that it does not disturb the next case."""
        later = [self.groups["worker"], self.groups["postgres"]]
        before = sum(group.seconds() for group in later)
        self.scratch.wait_for_worker()
        return worker_so_far + (sum(group.seconds() for group in later) - before) / requests * 1e6

    def _load(self, case):
        """Made beforehand: its looks at the form are not part of the measurement."""
        if case.name == "login":
            return Load(self.people, PASSWORD)
        # Wrong passwords, so that each costs the whole work.
        return Load(self.people, "this is not the password") if case.has_noise else None

    def _right_answers(self, case, asked):
        """How many; any other answer ends the bench, for it would measure nothing."""
        right = sum(n for (route, _, status), n in asked.requests.items()
                    if route == case.route and status == case.status)
        wrong = {key: n for key, n in asked.requests.items()
                 if key[::2] != (case.route, case.status)
                 and not (case.has_noise and key[0] == "login")}
        if wrong or not right:
            raise Failure(f"{case.name}: the site answered {asked.requests}")
        return right

    def run_wrk(self, case):
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".tsv") as file:
            file.writelines("\t".join(line) + "\n" for line in case.lines)
            file.flush()
            run = f"{time.time_ns()}"
            words = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{self.seconds}s", "--timeout", "10s",
                     "-s", str(HERE / "load.lua"), self.scratch.url, "--", file.name, run]
            done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  encoding="utf-8", timeout=self.seconds + 60)
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        if done.returncode != 0 or not lines:
            raise Failure(f"wrk failed:\n{done.stdout}")
        said = json.loads(lines[-1])
        if said["failed"] or said["broken"] or not said["requests"]:
            raise Failure(f"{case.name}: {said}")
        return {"requests": said["requests"],
                "per_second": said["requests"] / said["microseconds"] * 1e6,
                "p50_ms": said["p50_us"] / 1000, "p99_ms": said["p99_us"] / 1000,
                "bytes": said["bytes"] / said["requests"]}

    def _logins(self, load):
        with load:
            time.sleep(self.seconds)
        if set(load.statuses) != {303}:
            raise Failure(f"signing in: {load.statuses}")
        return {"per_second": len(load.latencies) / load.seconds,
                "p50_ms": load.percentile(0.5) * 1000, "p99_ms": load.percentile(0.99) * 1000}

    def _noisy(self, case, load):
        with load:
            time.sleep(0.5)
            figures = self.run_wrk(case)
        figures["logins_per_second"] = len(load.latencies) / load.seconds
        figures["login_statuses"] = {str(status): n for status, n in load.statuses.items()}
        return figures
