"""One case measured once: what wrk says, what the kernel says, what the site counted."""

import json
import os
import pathlib
import resource
import subprocess
import tempfile
import time

import metrics
from people import Load
from processes import busy_seconds
from say import Failure
from scratch import PASSWORD

HERE = pathlib.Path(__file__).resolve().parent
CONNECTIONS = 16
CONTROL_SECONDS = 1
# Whose processor time an answer takes; the worker's comes later.
ANSWERING = ("nginx", "web", "postgres")


def wrk(scratch, lines, seconds):
    """What a closed loop of CONNECTIONS does with load.lua's lines, sent in turn."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".tsv") as file:
        file.writelines("\t".join(line) + "\n" for line in lines)
        file.flush()
        words = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s",
                 "-s", str(HERE / "load.lua"), scratch.url, "--", file.name, f"{time.time_ns()}"]
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              encoding="utf-8", timeout=seconds + 60)
    found = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not found:
        raise Failure(f"wrk failed:\n{done.stdout}")
    said = json.loads(found[-1])
    if said["failed"] or said["broken"] or not said["requests"]:
        raise Failure(f"wrk: {said}; its first line was {lines[0][:2]}")
    return {"requests": said["requests"],
            "per_second": said["requests"] / said["microseconds"] * 1e6,
            "p50_ms": said["p50_us"] / 1000, "p99_ms": said["p99_us"] / 1000,
            "bytes": said["bytes"] / said["requests"]}


class Usage:
    """Processor time of the groups, and of everybody else on this machine, from now on."""

    def __init__(self, groups):
        self.groups = groups
        self.began, self.used = time.monotonic(), self._now()

    def _now(self):
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return {"all": busy_seconds(), "ours": children.ru_utime + children.ru_stime + sum(os.times()[:2]),
                **{name: group.seconds() for name, group in self.groups.items()}}

    def take(self):
        """{group: seconds}, and how many processors others kept busy."""
        used = {name: seconds - self.used[name] for name, seconds in self._now().items()}
        others = used.pop("all") - used.pop("ours") - sum(used.values())
        return used, max(0.0, others / (time.monotonic() - self.began))


class Round:
    """Figures are a dictionary, for report.best and JSON. groups: of the copy that is asked."""

    def __init__(self, scratch, people, groups, seconds):
        self.scratch, self.people, self.groups, self.seconds = scratch, people, groups, seconds
        self.posted = 0

    def measure(self, case):
        load = self._load(case)
        control = wrk(self.scratch, case.control, CONTROL_SECONDS) if case.control else None
        counters, usage = metrics.read(self.scratch), Usage(self.groups)
        if case.name == "login":
            figures = self._logins(load)
        elif case.has_noise:
            figures = self._noisy(case, load)
        else:
            figures = wrk(self.scratch, self._next_lines(case), self.seconds)
        # wrk leaves while requests are under way: they are this case's, not the next's.
        asked = metrics.asked_between(counters, metrics.read_when_quiet(self.scratch))
        used, figures["others"] = usage.take()
        figures["requests"] = self._right_answers(case, asked)
        figures["statements"] = asked.statements / asked.total
        figures["round_trips"] = asked.round_trips / asked.total
        if control:
            figures["control_per_second"] = control["per_second"]
        # What the noise costs cannot be told from what the pages cost.
        if not case.has_noise:
            for name, seconds in used.items():
                figures[f"us_{name}"] = seconds / figures["requests"] * 1e6
            figures["us"] = sum(figures[f"us_{name}"] for name in ANSWERING)
        if case.name == "answer":
            self.posted += figures["requests"]
            figures["us_later"] = self._afterwards(figures["us_worker"], figures["requests"])
        return figures

    def _next_lines(self, case):
        """Forms go on where the round before stopped; load.lua's two threads begin half apart."""
        if case.name != "answer":
            return case.lines
        begin = self.posted // 2 % len(case.lines)
        return case.lines[begin:] + case.lines[:begin]

    def _afterwards(self, worker_so_far, requests):
        """What a post costs the worker and PostgreSQL once it is answered: the index.
        Waits until that is done, so that it does not disturb the next case."""
        later = [self.groups["worker"], self.groups["postgres"]]
        before = sum(group.seconds() for group in later)
        self.scratch.wait_for_worker(600)
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
                    if route in case.routes and status == case.status)
        wrong = {key: n for key, n in asked.requests.items()
                 if not (key[0] in case.routes and key[2] == case.status)
                 and not (case.has_noise and key[0] == "login")}
        if wrong or not right:
            raise Failure(f"{case.name}: the site answered {asked.requests}")
        return right

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
            figures = wrk(self.scratch, case.lines, self.seconds)
        figures["logins_per_second"] = len(load.latencies) / load.seconds
        figures["login_statuses"] = {str(status): n for status, n in load.statuses.items()}
        return figures
