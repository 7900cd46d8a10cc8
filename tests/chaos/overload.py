"""More than the machine can do (row F13): how much of it is still done, and how the rest is told."""

import json
import resource
import subprocess
import time

from processes import memory
from say import Failure

TIMES = 3
CONNECTIONS = 1000
SECONDS = 10
KEPT = 0.8  # of what it can do, asked three times as much
RECOVERY = 5  # seconds


class Rate:
    """tests/bench/rate.c, built beside the program."""

    def __init__(self, site):
        self.site = site
        build = site.var / "build"
        done = subprocess.run(["make", "-s", "-C", str(build), "tests/bench/rate"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, encoding="utf-8", timeout=120)
        if done.returncode != 0:
            raise Failure(f"the generator of requests cannot be built: {done.stdout}")
        self.program = build / "tests" / "bench" / "rate"
        self.lines = site.var / "log" / "overload.tsv"
        self.lines.write_text("".join(f"GET\t{path}\t\t\n" for path in site.paths[2:]))
        self.runs = 0
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, hard), hard))

    def ask(self, rate, seconds, connections):
        self.runs += 1
        words = [self.program, self.site.port, self.lines, rate, seconds, connections, f"{self.site.run[-12:]}{self.runs}"]
        done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, encoding="utf-8", timeout=120)
        if done.returncode != 0:
            raise Failure("the generator of requests failed")
        return json.loads(done.stdout)

    def capacity(self):
        """A closed loop: far more is due than 16 connections can ask for."""
        figures = self.ask(50000, 2, 16)
        return figures["good"] / figures["seconds"]


def overload(site, load, rounds):
    rate, lines = Rate(site), []
    for _ in range(rounds):
        able = rate.capacity()
        usual = rate.ask(max(1, int(able / 4)), 3, 16)
        memory = resident(site)
        figures = rate.ask(int(able * TIMES), SECONDS, CONNECTIONS)
        kept = figures["good"] / figures["seconds"] / able
        grown = resident(site) - memory
        began = time.monotonic()
        while rate.ask(max(1, int(able / 4)), 1, 16)["p99_us"] > 2 * usual["p99_us"] + 5000:
            if time.monotonic() - began > RECOVERY:
                raise Failure(f"{RECOVERY} s afterwards it is still slow")
        lines.append(f"it can do {able:.0f} a second; asked {TIMES} times that: {100 * kept:.0f} % of it done,"
                     f" p99 {figures['p99_us'] / 1000:.0f} ms; {figures['refused']} refused"
                     f" ({figures['refused_sent_p50_us'] / 1000:.0f} ms half of them, p99 {figures['refused_sent_p99_us'] / 1000:.0f},"
                     f" {figures['refused_p99_us'] / 1000:.0f} with the generator's own waiting), {figures['failed']} failed;"
                     f" memory {grown / 1e6:+.1f} MB; as before after {time.monotonic() - began:.0f} s")
        if figures["refused_unsaid"]:
            raise Failure(f"{figures['refused_unsaid']} were refused without Retry-After; {lines[-1]}")
        if kept < KEPT:
            raise Failure(f"only {100 * kept:.0f} % of what it can do; {lines[-1]}")
    return lines


def resident(site):
    """Bytes of web and nginx."""
    return sum(memory(pid)[1] for name in ("web", "nginx") for pid in site.groups()[name].members())
