"""The site's own counters (/metrics), as differences between two moments."""

import re
import time

from say import Failure


class Counters:
    """requests[(route, method, status)], statements, round_trips."""

    def __init__(self, requests, statements, round_trips):
        self.requests, self.statements, self.round_trips = requests, statements, round_trips

    def __sub__(self, before):
        requests = {
            key: count - before.requests.get(key, 0)
            for key, count in self.requests.items()
            if count > before.requests.get(key, 0)
        }
        return Counters(requests, self.statements - before.statements,
                        self.round_trips - before.round_trips)

    @property
    def total(self):
        return sum(self.requests.values())


def read(scratch):
    """As they are now. The asking itself is counted only in the next answer."""
    status, _, body = scratch.get("/metrics")
    if status != 200:
        raise Failure(f"/metrics answers {status}: {body[:200]!r}")
    text = body.decode()
    requests = {}
    line = r'^entraide_requests_total\{route="(\w+)",method="(\w+)",status="(\d+)"\} (\d+)$'
    for route, method, code, count in re.findall(line, text, re.M):
        requests[route, method, int(code)] = int(count)
    return Counters(requests, _sum(text, "statements"), _sum(text, "round_trips"))


def read_when_quiet(scratch):
    """As they are once nothing but our asking is counted any more."""
    earlier = read(scratch)
    for _ in range(100):
        time.sleep(0.1)
        now = read(scratch)
        if asked_between(earlier, now).total == 0:
            return now
        earlier = now
    raise Failure("the site does not come to rest: who else is asking it?")


def _sum(text, name):
    counts = re.findall(rf'^entraide_{name}_total\{{pool="\w+"\}} (\d+)$', text, re.M)
    return sum(int(count) for count in counts)


def asked_between(before, after):
    """The difference without the asking: its request and its one statement."""
    difference = after - before
    for key in list(difference.requests):
        if key[0] == "metrics":
            asked = difference.requests.pop(key)
            difference.statements -= asked
            difference.round_trips -= asked
    return difference
