"""What a site is asked for in the course of a day, as one stream: closed (who has an answer
asks again) and open (asked at a rate, whatever the answers do).

Of a thousand requests 800 are for threads, by Zipf's law over all of them; 70 are a crawler's,
which walks from the oldest on and so meets what nobody read for years; the rest is below.
"""

import json
import random
import subprocess

import metrics
from cases import get
from filling import SEED, Ranks
from rounds import ANSWERING, CONNECTIONS, HERE, Usage, wrk
from say import Failure, step

LINES = 20000
OPEN_SHARE = 0.5  # of what the closed loop could do


def mix_lines(site):
    """LINES of load.lua's, shuffled; the same at every run. After site.sign_in()."""
    step(f"Looking up the mix's {LINES} addresses")
    chance = random.Random(SEED + 1)
    topics = list(range(1, site.scratch.topics + 1))
    chance.shuffle(topics)

    def share(thousandths):
        return LINES * thousandths // 1000

    ranked = Ranks(topics)
    known = {}

    def thread(number):
        if number not in known:
            known[number] = site.scratch.final(f"/t/{number}")
        return known[number]

    def some(addresses, thousandths):
        return get(*chance.choices(addresses, k=share(thousandths)))

    lines = get(*(thread(n) for n in ranked.draw(chance, share(800))))
    lines += get(*(thread(1 + n % site.scratch.topics) for n in range(share(70))))
    lines += get(*["/"] * share(15)) + some(site.lists, 15) + some(site.categories, 10)
    lines += some(site.tags, 10) + some(site.profiles, 10) + some(site.feeds, 15)
    lines += get(*["/sitemap.xml"] * share(13)) + some(site.sitemaps or ["/sitemap.xml"], 2)
    lines += some(site.searches if site.scratch.has_index else site.lists, 20)
    answers = list(site.answers())
    lines += chance.sample(answers, min(share(20), len(answers)))
    chance.shuffle(lines)
    return lines


class Rate:
    """tests/bench/rate.c."""

    def __init__(self, scratch):
        self.scratch, self.program, self.runs = scratch, scratch.var / "rate", 0
        done = subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-o", self.program, HERE / "rate.c"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=120)
        if done.returncode != 0:
            raise Failure(f"the generator of requests cannot be built: {done.stdout}")

    def ask(self, lines, rate, seconds, run):
        path = self.scratch.var / "rate.tsv"
        path.write_text("".join("\t".join(line) + "\n" for line in lines))
        self.runs += 1
        words = [self.program, self.scratch.port, path, rate, seconds, CONNECTIONS, f"{run}{self.runs}"]
        done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, encoding="utf-8",
                              timeout=seconds + 60)
        if done.returncode != 0:
            raise Failure("the generator of requests failed")
        return json.loads(done.stdout)


def measure_closed(scratch, groups, lines, seconds):
    counters, usage = metrics.read(scratch), Usage(groups)
    figures = wrk(scratch, lines, seconds)
    asked = metrics.asked_between(counters, metrics.read_when_quiet(scratch))
    used, figures["others"] = usage.take()
    figures["statements"] = asked.statements / asked.total
    for name, group_seconds in used.items():
        figures[f"us_{name}"] = group_seconds / asked.total * 1e6
    figures["us"] = sum(figures[f"us_{name}"] for name in ANSWERING)
    return figures


def measure_open(scratch, groups, lines, seconds, closed):
    """At half of what the closed loop could do; times from the moment when each was due."""
    usage = Usage(groups)
    rate = max(1, int(closed["per_second"] * OPEN_SHARE))
    said = Rate(scratch).ask(lines, rate, seconds, f"mix{int(usage.began)}")
    wrong = said["due"] - said["good"]
    if wrong > said["due"] / 1000:
        raise Failure(f"of {said['due']} requests at {rate} a second {wrong} were not answered: {said}")
    return {"rate": rate, "per_second": said["good"] / said["seconds"], "wrong": wrong,
            **{f"{name}_ms": said[f"{name}_us"] / 1000 for name in ("p50", "p99", "p999")},
            "others": usage.take()[1]}


def measure_mix(scratch, groups, lines, seconds, times):
    """The best of each: {"closed": figures, "open": figures}."""
    step("The mix, closed and open")
    rounds = []
    for _ in range(times):
        closed = measure_closed(scratch, groups, lines, seconds)
        rounds.append((closed, measure_open(scratch, groups, lines, seconds, closed)))
    return {"closed": max((closed for closed, _ in rounds), key=lambda one: one["per_second"]),
            "open": min((asked for _, asked in rounds), key=lambda one: one["p99_ms"])}
