"""The fake's time: real, or standing still until somebody moves it.

Tests of "36 hours later" set a fake clock and advance it; everything that waits
(webhook retries, scheduled posts, token expiry) waits on this clock only.
"""
import asyncio
import heapq
import itertools
import time


class Clock:
    def __init__(self, start=None):
        """start: seconds since 1970 makes a clock that stands; None one that runs."""
        self.runs = start is None
        self.origin = time.time() if start is None else float(start)
        self.since = time.monotonic()
        self.waiting = []
        self.numbers = itertools.count()
        self.moved = asyncio.Event()

    def exact(self):
        return self.origin + (time.monotonic() - self.since if self.runs else 0)

    def now(self):
        return int(self.exact())

    def advance(self, seconds):
        self.origin += seconds
        self.moved.set()

    def set(self, seconds, runs=None):
        if runs is not None:
            self.runs = runs
        self.origin, self.since = float(seconds), time.monotonic()
        self.moved.set()

    def run(self, runs):
        self.set(self.exact(), runs)

    def call_at(self, when, function):
        """Calls function() once the clock shows when or later, from keep()."""
        heapq.heappush(self.waiting, (when, next(self.numbers), function))
        self.moved.set()

    async def keep(self):
        """Runs for ever: calls what is due. Started once by the server."""
        while True:
            self.moved.clear()
            now = self.exact()
            while self.waiting and self.waiting[0][0] <= now:
                heapq.heappop(self.waiting)[2]()
            timeout = self.waiting[0][0] - now if self.waiting and self.runs else None
            try:
                await asyncio.wait_for(self.moved.wait(), timeout)
            except asyncio.TimeoutError:
                pass
