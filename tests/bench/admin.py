#!/usr/bin/env python3
"""./dev bench admin: how long the pages of /mod and /admin take when there are 100,000
items of each kind behind them.

Every GET of src/web/routes.c below /mod and /admin is asked for, and the filters and
next pages that it links to; one after the other, as one administrator, through nginx.
"""

import argparse
import hashlib
import pathlib
import re
import signal
import statistics
import sys
import time

import admin_filling
from bench import machine, write_json
from say import Failure, step
from scratch import ROOT, Scratch

sys.path.insert(0, str(ROOT / "tests"))

from support.page import Page  # noqa: E402
from support.world import routes  # noqa: E402

AIM_MS = 100
TOKEN = "b" * 43
LINKS_MAX = 6

# For whom a page is, where it is not the newest of its kind.
OF_PEOPLE = ("/mod/people/:id", "/admin/members/:id", "/mod/removal/:id")
NEWEST = {
    "/mod/items/:id": "select max(id) from moderation_items where state = 'open' and kind = 'flag'",
    "/mod/rings/:id": "select max(id) from reputation_rings",
    "/admin/holding/:id": "select max(id) from holding_rules",
}
SLUGS = {"/admin/settings/:slug": "flags", "/admin/texts/:slug": "charter",
         "/admin/mails/:slug": "reset-fr"}
PARAMETERS = {
    "/admin/dashboard.csv": "?table=questions",
    "/admin/members": "?q=membre+77",
    "/admin/experts": "?category=rubrique-1",
}


def arguments():
    parser = argparse.ArgumentParser(
        prog="./dev bench admin", description="Measures the pages of moderators and administrators.",
        epilog="It takes about five minutes. Nothing else should run meanwhile.")
    parser.add_argument("--items", type=int, default=100000, metavar="N", help="of each kind (100000)")
    parser.add_argument("--topics", type=int, default=20000, metavar="N",
                        help="questions, with four replies each (20000)")
    parser.add_argument("--times", type=int, default=50, metavar="N", help="each page is asked for (50)")
    parser.add_argument("--quick", action="store_true", help="small numbers, to try the bench itself")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--var", default=str(ROOT / "var" / "bench-admin"), metavar="DIR",
                        help="the folder of the scratch copy (var/bench-admin)")
    parser.add_argument("--prefix", metavar="DIR", help="use the program installed there, build nothing")
    parser.add_argument("--port", type=int, metavar="N", help="its port (a free one)")
    parser.add_argument("--keep", action="store_true", help="leave the copy running; the next run uses it")
    options = parser.parse_args()
    if options.quick:
        options.items, options.topics, options.times = 1000, 200, 5
    if options.items < 100 or options.topics < 100 or options.times < 2:
        parser.error("at least 100 items, 100 topics, twice")
    return options


class House:
    """The filled copy, seen by an administrator."""

    def __init__(self, scratch, items):
        self.scratch, self.items = scratch, items
        self.cookie = f"session={TOKEN}"

    def fill(self):
        marker = self.scratch.var / "bench-items"
        if marker.exists() and marker.read_text() == str(self.items):
            return
        with self.scratch.database("postgres") as connection:
            admin_filling.fill(connection, self.items, lambda what: step(f"Filling: {what}"))
        step("Working the dashboards out")
        began = time.monotonic()
        self.scratch.program("activity")
        print(f"  {time.monotonic() - began:.1f} s")
        with self.scratch.database("postgres") as connection:
            connection.execute("vacuum (analyze)")
        marker.write_text(str(self.items))

    def sign_in(self):
        with self.scratch.database("entraide") as connection:
            connection.execute(
                "insert into sessions (token_hash, person_id, expires_at, authenticated_by)"
                " select %s, max(id), now() + interval '1 day', 'totp' from people where role = 'administrator'"
                " on conflict do nothing", (hashlib.sha256(TOKEN.encode()).digest(),))

    def counts(self):
        with self.scratch.database("entraide") as connection:
            return {table: connection.execute(f"select count(*) from {table}").fetchone()[0]
                    for table in admin_filling.TABLES}

    def path_of(self, pattern):
        """One address of that route; None when the copy has none of its kind."""
        if pattern in OF_PEOPLE:
            return pattern.replace(":id", str(admin_filling.HEAVY))
        if pattern in SLUGS:
            return pattern.replace(":slug", SLUGS[pattern])
        if ":id" in pattern or ":slug" in pattern:
            if pattern not in NEWEST:
                return None
            with self.scratch.database("entraide") as connection:
                (number,) = connection.execute(NEWEST[pattern]).fetchone()
            return pattern.replace(":id", str(number))
        return pattern + PARAMETERS.get(pattern, "")

    def get(self, path):
        status, _, body = self.scratch.get(path, self.cookie)
        if status == 404:
            return None
        if status != 200:
            raise Failure(f"{path} answers {status}")
        return body

    def paths(self):
        """Every page, and what its own filters and pagers lead to."""
        found = {}
        for method, pattern, *_ in routes():
            if method == "GET" and re.match(r"/(mod|admin)(/|\.|$)", pattern):
                path = self.path_of(pattern)
                if path is None or self.get(path) is None:
                    print(f"  not measured: {pattern}, the copy has none")
                    continue
                found[path] = None
                if not path.split("?")[0].endswith((".csv", ".css")):
                    found |= dict.fromkeys(self._links(path))
        return list(found)

    def _links(self, path):
        own = path.split("?")[0]
        links = [link.split("#")[0] for link in Page(self.get(path).decode(), path).links
                 if link.startswith(own + "?") and link != path]
        links = sorted(set(links), key=links.index)[:LINKS_MAX]
        for link in links:
            if self.get(link) is None:
                raise Failure(f"{path} leads to {link}, which is not there")
        return links

    def measure(self, path, times):
        self.get(path)
        took = []
        for _ in range(times):
            began = time.monotonic()
            body = self.get(path)
            took.append((time.monotonic() - began) * 1000)
        took.sort()
        return {"p50_ms": statistics.median(took), "p99_ms": took[int(len(took) * 0.99)], "bytes": len(body)}


def print_table(results):
    width = max(map(len, results))
    print(f"\n{'':{width}}  p50 ms  p99 ms    bytes")
    for path, figures in results.items():
        over = " ✗" if figures["p50_ms"] >= AIM_MS else ""
        print(f"{path:{width}}  {figures['p50_ms']:6.1f}  {figures['p99_ms']:6.1f}  {figures['bytes']:7,}{over}")


def run(options, scratch):
    conditions = machine()
    scratch.start()
    house = House(scratch, options.items)
    house.fill()
    house.sign_in()
    step("Asking for every page")
    results = {path: house.measure(path, options.times) for path in house.paths()}
    counts = house.counts()
    print_table(results)
    over = [path for path, figures in results.items() if figures["p50_ms"] >= AIM_MS]
    print("\n" + ", ".join(f"{count:,} {table}" for table, count in counts.items()))
    print(f"{conditions['processors']} processors, load {conditions['load_before']:.1f} before")
    print(f"{'✗' if over else '✓'} {len(results) - len(over)} of {len(results)} pages in less than {AIM_MS} ms at the median")
    if options.json:
        write_json(options.json, {"machine": conditions, "counts": counts, "results": results})
    return not over


def main():
    options = arguments()
    scratch = Scratch(options.var, options.port, options.topics,
                      ("--prefix", options.prefix) if options.prefix else ())
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    status = 1
    try:
        status = 0 if run(options, scratch) else 1
    except Failure as failure:
        print(f"✗ {failure}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\n  Stopped.", file=sys.stderr)
    finally:
        scratch.stop(options.keep, has_failed=False)
    return status


if __name__ == "__main__":
    sys.exit(main())
