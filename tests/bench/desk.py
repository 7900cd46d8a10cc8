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

from admin import House, TOKEN
from bench import machine, write_json
from say import Failure, step
from scratch import ROOT, Scratch

AIM_MS = 60
SHOWS = ("", "mine", "unanswered", "answered", "reopened", "breached", "watched", "mirrored", "escalated", "waiting")
CONTROL = "/questions"

# As the worker would write them: a year of open questions, most of them overdue long ago,
# some claimed, handed to teams, escalated, waiting, with watched words, from elsewhere.
STATEMENTS = (
    ("teams", """
insert into desk_teams (name, level) select 'Équipe ' || n, 1 + n % 3 from generate_series(1, 8) n
on conflict do nothing"""),
    ("open questions", """
insert into desk_questions (topic_id, stage, category_id, top_category_id, is_mirrored, watched_reason, level, team_id,
	clock_at, asked_at, waiting_since, first_target_minutes, solution_target_minutes, first_due_at, solution_due_at,
	is_breached, due_at, warning_at, weight, order_at, escalated_at, escalated_due_at, claimed_by, claimed_until,
	claim_token)
select t.id, (array['unanswered', 'answered', 'answered', 'reopened'])[1 + n % 4], t.category_id, t.top_category_id,
	n % 11 = 0, case when n % 37 = 0 then 'legal' else '' end, 1 + n % 3,
	case when n % 3 = 0 then (select id from desk_teams order by id offset n % 8 limit 1) end,
	at, at, case when n % 29 = 0 then at + interval '1 day' end, 480, 2700, at + interval '8 hours',
	at + interval '5 days', at < now() - interval '5 days', case when n % 29 <> 0 then at + interval '5 days' end,
	at + interval '4 days', n % 90, at + interval '5 days' - interval '1 minute' * (n % 90),
	case when n % 23 = 0 then at + interval '1 day' end, case when n % 23 = 0 then at + interval '2 days' end,
	case when n % 500 = 0 then {advisor} end, case when n % 500 = 0 then now() + interval '1 day' end,
	case when n % 500 = 0 then 'token' end
from (select id, category_id, top_category_id, row_number() over (order by id) as n,
		now() - interval '10 minutes' * row_number() over (order by id desc) as at
	from topics order by id limit {count}) t
on conflict do nothing"""),
)


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
            with connection.transaction():
                connection.execute("set local session_replication_role = replica")
                for what, statement in STATEMENTS:
                    step(f"Filling: {what}")
                    connection.execute(statement.format(count=self.items, advisor=self.advisor))
            connection.execute("vacuum (analyze)")

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
