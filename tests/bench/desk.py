#!/usr/bin/env python3
"""./dev bench desk: how long the advisors' queue takes when 50,000 questions are open.

Every kind of the queue, narrowed by category and team, its next pages, the live counts and
one question to work on; one after the other, as one advisor, through nginx. The list of
questions that everybody sees stands beside them: the queue should not be of another order.
"""

import argparse
import pathlib
import re
import signal
import sys
import time

from admin import House, TOKEN
from bench import machine, write_json
from say import Failure, step
from scratch import ROOT, Scratch

AIM_MS = 60
SHOWS = ("", "mine", "unanswered", "answered", "reopened", "breached", "watched", "mirrored", "escalated", "waiting",
         "private")
CONTROL = "/questions"

# Open questions of the last four weeks, so that the worker gives each its clocks.
OPEN = """
update topics t set accepted_count = 0, solved_at = null, status = 'open', created_at = n.at
from (select id, now() - interval '28 days' * row_number() over (order by id desc) / {count} as at
	from (select id from topics order by id limit {count}) as first_ones) as n
where t.id = n.id"""

# What people decide: claims, teams, levels, escalations; watched words and other networks.
DECIDED = """
update desk_questions q set
	is_mirrored = n % 11 = 0, watched_reason = case when n % 37 = 0 then 'legal' else '' end, level = 1 + n % 3,
	team_id = case when n % 3 = 0 then (select id from desk_teams order by id offset n % 8 limit 1) end,
	waiting_since = case when n % 29 = 0 then now() end,
	escalated_at = case when n % 23 = 0 then now() end,
	claimed_by = case when n % 500 = 0 then {advisor} end,
	claimed_until = case when n % 500 = 0 then now() + interval '1 day' end,
	claim_token = case when n % 500 = 0 then 'token' end,
	stage = case when n % 50 = 0 then 'reopened' else stage end
from (select topic_id, row_number() over (order by topic_id) as n from desk_questions) n
where n.topic_id = q.topic_id"""

PRIVATE = """
insert into private_exchanges (topic_id, person_id, in_charge, started_by, started_at, said_at, waits_for)
select t.id, t.author_id, {advisor}, {advisor}, now(), now(), case when n % 2 = 0 then 'team' else 'person' end
from (select q.topic_id as id, t.author_id, row_number() over (order by q.topic_id) as n
	from desk_questions q join topics t on t.id = q.topic_id where q.topic_id % 200 = 0) t
on conflict do nothing"""

TEAMS = "insert into desk_teams (name, level) select 'Équipe ' || n, 1 + n % 3 from generate_series(1, 8) n on conflict do nothing"
RECKON_SECONDS = 1200


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench desk", description="Measures the advisors' queue.",
                                     epilog="It takes about five minutes. Nothing else should run meanwhile.")
    parser.add_argument("--questions", type=int, default=50000, metavar="N", help="open at the desk (50000)")
    parser.add_argument("--times", type=int, default=50, metavar="N", help="each page is asked for (50)")
    parser.add_argument("--quick", action="store_true", help="small numbers, to try the bench itself")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--var", default=str(ROOT / "var" / "bench-desk"), metavar="DIR",
                        help="the folder of the scratch copy (var/bench-desk)")
    parser.add_argument("--prefix", metavar="DIR", help="use the program installed there, build nothing")
    parser.add_argument("--port", type=int, metavar="N", help="its port (a free one)")
    parser.add_argument("--keep", action="store_true", help="leave the copy running; the next run uses it")
    options = parser.parse_args()
    if options.quick:
        options.questions, options.times = 500, 5
    if options.questions < 200 or options.times < 2:
        parser.error("at least 200 questions, twice")
    return options


class Desk(House):
    """The filled copy, seen by an advisor."""

    def fill(self):
        with self.scratch.database("postgres") as connection:
            (self.advisor,) = connection.execute(
                "update people set role = 'advisor' where id = (select min(id) from people where role <> 'administrator')"
                " returning id").fetchone()
            step("Filling: open questions")
            with connection.transaction():
                connection.execute("set local session_replication_role = replica")
                connection.execute(OPEN.format(count=self.items))
                connection.execute(TEAMS)
            self.reckon(connection)
            connection.execute(DECIDED.format(advisor=self.advisor))
            connection.execute(PRIVATE.format(advisor=self.advisor))
            connection.execute("vacuum (analyze)")

    def reckon(self, connection):
        """The running worker does it, as after a change of the working hours."""
        step("The worker reckons their clocks")
        began = time.monotonic()
        connection.execute("insert into jobs (kind, payload, run_at) values ('desk_all', '{}', now())")
        while connection.execute("select count(*) from desk_questions where stage <> 'done'").fetchone()[0] < self.items:
            if time.monotonic() - began > RECKON_SECONDS:
                raise Failure(f"the worker did not reckon {self.items} questions within {RECKON_SECONDS} s")
            time.sleep(1)
        took = time.monotonic() - began
        print(f"  {took:.0f} s, {self.items / took:,.0f} a second")

    def sign_in(self):
        with self.scratch.database("entraide") as connection:
            connection.execute(
                "insert into sessions (token_hash, person_id, expires_at, authenticated_by)"
                " values (sha256(%s::bytea), %s, now() + interval '1 day', 'totp') on conflict do nothing",
                (TOKEN.encode(), self.advisor))

    def counts(self):
        with self.scratch.database("entraide") as connection:
            return dict(connection.execute("select stage, count(*) from desk_questions group by 1 order by 1").fetchall())

    def narrowings(self):
        """Words behind "?": each kind, alone and within a category and a team."""
        with self.scratch.database("entraide") as connection:
            (category,) = connection.execute(
                "select category_id from desk_questions group by 1 order by count(*) desc limit 1").fetchone()
            (team,) = connection.execute("select min(id) from desk_teams").fetchone()
        for show in SHOWS:
            yield f"show={show}" if show else ""
        yield from (f"category={category}", f"team={team}", f"category={category}&team={team}", "free=1",
                    f"show=unanswered&category={category}&free=1")

    def paths(self):
        found = [CONTROL]
        for words in self.narrowings():
            path = f"/desk?{words}" if words else "/desk"
            found.append(path)
            following = re.findall(r'href="(/desk\?[^"]*after=[^"]*)"', self.get(path).decode())
            found += [link.replace("&amp;", "&") for link in following[:1]]
        with self.scratch.database("entraide") as connection:
            (one,) = connection.execute("select max(topic_id) from desk_questions where stage = 'answered'").fetchone()
        return found + ["/desk/counts", f"/desk/{one}"]


def print_table(results):
    width = max(map(len, results))
    control = results[CONTROL]["p50_ms"]
    print(f"\n{'':{width}}  p50 ms  p99 ms  × control    bytes")
    for path, figures in results.items():
        over = " ✗" if figures["p50_ms"] >= AIM_MS else ""
        print(f"{path:{width}}  {figures['p50_ms']:6.1f}  {figures['p99_ms']:6.1f}  {figures['p50_ms'] / control:9.2f}"
              f"  {figures['bytes']:7,}{over}")


def run(options, scratch):
    conditions = machine()
    scratch.start()
    desk = Desk(scratch, options.questions)
    desk.fill()
    desk.sign_in()
    step("Asking for every page")
    results = {path: desk.measure(path, options.times) for path in desk.paths()}
    counts = desk.counts()
    print_table(results)
    over = [path for path, figures in results.items() if figures["p50_ms"] >= AIM_MS]
    print("\n" + ", ".join(f"{count:,} {stage}" for stage, count in counts.items()))
    print(f"{conditions['processors']} processors, load {conditions['load_before']:.1f} before")
    print(f"{'✗' if over else '✓'} {len(results) - len(over)} of {len(results)} pages in less than {AIM_MS} ms at the median")
    if options.json:
        write_json(options.json, {"machine": conditions, "counts": counts, "results": results})
    return not over


def main():
    options = arguments()
    scratch = Scratch(options.var, options.port, options.questions,
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
