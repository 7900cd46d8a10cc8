#!/usr/bin/env python3
"""./dev bench: how fast the forum is, and how much it needs, in one run.

Starts a scratch copy, fills it, and measures every case in turn, round after
round, each beside nginx alone serving the same bytes as a file (the control):
a noisy machine disturbs all of them alike, so shares can be trusted where
requests a second cannot. See README.md.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import signal
import sys

import controls
import report
from against import compare
from cases import ADDRESSES, Site, make_cases
from kept import measure_kept
from mix import measure_mix, mix_lines
from rounds import Round
from say import Failure, step
from scratch import ROOT, Scratch
from soak import soak, take

ROUNDS = 3
TOPICS = 20000
INDEXED = 300000  # larger copies have no index unless it is asked for


def arguments():
    parser = argparse.ArgumentParser(
        prog="./dev bench",
        description="Measures a filled scratch copy: pages, the mix, kept pages, posting, memory.",
        epilog="It takes about ten minutes, mostly waiting. Nothing else should run meanwhile.",
    )
    parser.add_argument("what", nargs="?", choices=("pages",), help="what is measured without a word, too")
    parser.add_argument("--topics", type=int, default=TOPICS, metavar="N",
                        help=f"questions in the copy, with four replies each ({TOPICS}; up to 1000000)")
    parser.add_argument("--seconds", type=int, default=4, metavar="S", help="of each round of each case (4)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help=f"of which the best counts ({ROUNDS})")
    parser.add_argument("--soak", type=int, default=0, metavar="N",
                        help="requests of the mix while memory is watched (0: none)")
    parser.add_argument("--against", type=int, metavar="N",
                        help="only ask which pages are slower with so many questions")
    parser.add_argument("--only", metavar="CASE,…", help="only these cases, by name")
    parser.add_argument("--index", action="store_true",
                        help=f"make the search's index of more than {INDEXED} questions, too: an hour")
    parser.add_argument("--quick", action="store_true",
                        help="small numbers, to try the bench itself, not the forum")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--var", default=str(ROOT / "var" / "bench"), metavar="DIR",
                        help="the copy's folder, with -N behind it (var/bench)")
    parser.add_argument("--prefix", metavar="DIR", help="use the program installed there, build nothing")
    parser.add_argument("--port", type=int, metavar="N", help="its port (a free one)")
    parser.add_argument("--keep", action="store_true", help="leave the copy running")
    parser.add_argument("--delete", action="store_true", help="delete the copy, which the next run could use")
    options = parser.parse_args()
    if options.quick:
        options.topics, options.seconds, options.rounds = 500, 1, 1
        options.soak = min(options.soak, 2000)
    if not 100 <= options.topics <= 1000000 or options.seconds < 1 or options.soak < 0 or options.rounds < 1:
        parser.error("100 to 1,000,000 topics, at least 1 second and 1 round")
    return options


def machine():
    """Under what conditions: whoever compares figures needs to know."""
    return {"processors": os.cpu_count(), "load_before": os.getloadavg()[0],
            "system": f"{platform.system()} {platform.release()}",
            "at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="minutes")}


def copy_of(options, topics, prefix):
    return Scratch(f"{options.var}-{topics}", options.port if topics == options.topics else None, topics, ("--prefix", prefix) if prefix else (),
                   has_index=options.index or topics <= INDEXED)


def choose(cases, only):
    if not only:
        return cases
    wanted = set(only.split(","))
    unknown = wanted - {case.name for case in cases}
    if unknown:
        raise Failure(f"no case {', '.join(unknown)}; there are {', '.join(c.name for c in cases)}")
    return [case for case in cases if case.name in wanted]


def measure(cases, round_, rounds):
    """All cases in turn, and again: {name: [figures of each round]}."""
    step("Warming up")
    for case in cases:
        if case.status == 200:
            round_.measure(case)
    found = {case.name: [] for case in cases}
    for number in range(1, rounds + 1):
        step(f"Round {number} of {rounds}")
        for case in cases:
            found[case.name].append(round_.measure(case))
    return found


def measure_database(found, scratch, options):
    """The second control, in the same minutes."""
    step("PostgreSQL alone (pgbench)")
    for name, control in (("select", controls.select), ("insert", controls.insert)):
        tries = [control(scratch, options.seconds) for _ in range(options.rounds)]
        found[name] = max(tries, key=lambda figures: figures["per_second"])
    found["durability"] = controls.durability(scratch)


def measure_all(scratch, options):
    """(cases, what was found)."""
    site = Site(scratch)
    site.sign_in()
    cases = choose(make_cases(site), options.only)
    groups = scratch.groups()
    rounds = measure(cases, Round(scratch, site.people, groups, options.seconds), options.rounds)
    found = {"results": {name: report.best(figures) for name, figures in rounds.items()}, "rounds": rounds}
    # Before what else is asked for and kept: as pages and answers have made it.
    found["memory"] = take(scratch, groups)
    measure_database(found, scratch, options)
    if not options.only or options.soak:
        lines = mix_lines(site)
        found["mix"] = measure_mix(scratch, groups, lines, options.seconds, options.rounds)
        if options.soak:
            found["soak"] = soak(scratch, groups, lines, options.soak)
    if not options.only:
        found["kept"] = measure_kept(scratch, site.topics[:ADDRESSES], options.seconds, options.rounds)
    return cases, found


def warn(conditions):
    if conditions["load_before"] > conditions["processors"] / 2:
        print(f"  This machine is busy (load {conditions['load_before']:.1f}): all times will be "
              "too long; only the shares of the control mean something.")


def run(options, scratch):
    conditions = machine()
    warn(conditions)
    scratch.start()
    cases, found = measure_all(scratch, options)
    said = report.aims(found, options.topics)
    print(f"\n{options.topics:,} topics; {conditions['processors']} processors, load {conditions['load_before']:.1f} "
          f"before, {os.getloadavg()[0]:.1f} after; the best of {options.rounds} rounds of {options.seconds} s, 16 "
          "connections; others: processors that everything else on this machine used meanwhile.")
    report.print_table(cases, found)
    report.print_memory(found["memory"], found.get("soak"))
    report.print_aims(said)
    if options.json:
        write_json(options.json, {
            "machine": conditions, "topics": options.topics, "seconds": options.seconds, **found,
            "aims": [dict(zip(("what", "value", "aim", "met"), aim)) for aim in said],
        })


def run_against(options, scratch, other):
    """Two copies at once; True: no page is too much slower."""
    conditions = machine()
    warn(conditions)
    scratch.start()
    if not other.up_options:
        other.up_options = ("--prefix", str(scratch.var / "prefix"))
    other.start()
    cases, results = compare(scratch, other, options.rounds, options.seconds)
    print(f"\n{conditions['processors']} processors, load {conditions['load_before']:.1f} before, "
          f"{os.getloadavg()[0]:.1f} after; the best of {options.rounds} rounds of {options.seconds} s")
    is_met = report.print_against(scratch.topics, other.topics, cases, results)
    if options.json:
        write_json(options.json, {"machine": conditions, "topics": [scratch.topics, other.topics], "results": results})
    return is_met


def write_json(path, figures):
    path.write_text(json.dumps(figures, indent="\t", ensure_ascii=False) + "\n")
    print(f"\nWritten to {path}")


def leave(scratch, options, has_failed):
    if options.keep or options.delete:
        scratch.stop(options.keep, has_failed)
    else:
        scratch.rest()


def main():
    options = arguments()
    copies = [copy_of(options, options.topics, options.prefix)]
    if options.against:
        copies.append(copy_of(options, options.against, options.prefix))
    # However it is stopped, it takes its copy down.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    status = 1
    try:
        is_met = run_against(options, *copies) if options.against else run(options, *copies)
        status = 0 if is_met or is_met is None else 1
    except Failure as failure:
        print(f"✗ {failure}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\n  Stopped.", file=sys.stderr)
    finally:
        for copy in copies:
            leave(copy, options, status != 0)
    return status


if __name__ == "__main__":
    sys.exit(main())
