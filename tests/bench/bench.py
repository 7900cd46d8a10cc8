#!/usr/bin/env python3
"""./dev bench: how fast the forum is, and how much it needs, in one run.

Starts a scratch copy, fills it, and measures every case in turn, round after
round, beside nginx alone serving a file of the topic page's size (the control):
a noisy machine disturbs all of them alike, so shares can be trusted where
requests a second cannot. See README.md.
"""

import argparse
import json
import os
import pathlib
import platform
import signal
import sys

import report
from cases import Round, make_cases
from say import Failure, step
from scratch import ROOT, Scratch
from soak import soak, soak_lines, take

ROUNDS = 3


def arguments():
    parser = argparse.ArgumentParser(
        prog="./dev bench",
        description="Measures a filled scratch copy: pages, login, posting, memory.",
        epilog="It takes about six minutes, mostly waiting. Nothing else should run meanwhile.",
    )
    parser.add_argument("--topics", type=int, default=20000, metavar="N",
                        help="questions in the copy, with four replies each (20000)")
    parser.add_argument("--seconds", type=int, default=5, metavar="S",
                        help=f"of each of the {ROUNDS} rounds of each case (5)")
    parser.add_argument("--soak", type=int, default=200000, metavar="N",
                        help="pages to ask for while memory is watched; 0: none (200000)")
    parser.add_argument("--only", metavar="CASE,…", help="only these cases, by name (and the control)")
    parser.add_argument("--quick", action="store_true",
                        help="small numbers, to try the bench itself, not the forum")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--var", default=str(ROOT / "var" / "bench"), metavar="DIR",
                        help="the folder of the scratch copy (var/bench)")
    parser.add_argument("--port", type=int, metavar="N", help="its port (a free one)")
    parser.add_argument("--keep", action="store_true",
                        help="leave the copy running; the next run with as many topics uses it")
    options = parser.parse_args()
    if options.quick:
        options.topics, options.seconds, options.soak = 500, 1, min(options.soak, 2000)
    if options.topics < 100 or options.seconds < 1 or options.soak < 0:
        parser.error("at least 100 topics and 1 second")
    return options


def machine():
    """Under what conditions: whoever compares figures needs to know."""
    return {"processors": os.cpu_count(), "load_before": os.getloadavg()[0],
            "system": f"{platform.system()} {platform.release()}"}


def choose(cases, only):
    if not only:
        return cases
    wanted = {"control", *only.split(",")}
    unknown = wanted - {case.name for case in cases}
    if unknown:
        raise Failure(f"no case {', '.join(unknown)}; there are {', '.join(c.name for c in cases)}")
    return [case for case in cases if case.name in wanted]


def measure(cases, round_):
    """All cases in turn, and again: {name: [figures of each round]}."""
    step("Warming up")
    for case in cases:
        if case.status == 200:
            round_.measure(case)
    rounds = {case.name: [] for case in cases}
    for number in range(1, ROUNDS + 1):
        step(f"Round {number} of {ROUNDS}")
        for case in cases:
            rounds[case.name].append(round_.measure(case))
    return rounds


def run(options, scratch):
    conditions = machine()
    if conditions["load_before"] > conditions["processors"] / 2:
        print(f"  This machine is busy (load {conditions['load_before']:.1f}): all times will be "
              "too long; only the shares of the control mean something.")
    scratch.start()
    size, people, cases = make_cases(scratch)
    groups = scratch.groups()
    cases = choose(cases, options.only)
    if options.soak and not soak_lines(cases):
        raise Failure("--soak asks for pages, but none of the chosen cases is one")
    round_ = Round(scratch, people, groups, options.seconds)
    rounds = measure(cases, round_)
    growth = soak(scratch, round_, cases, groups, options.soak) if options.soak else None
    memory = take(scratch, groups)

    results = {name: report.median(figures) for name, figures in rounds.items()}
    report.add_shares(results)
    found = report.aims(results, memory, growth)
    print(f"\n{options.topics} topics; {conditions['processors']} processors, load "
          f"{conditions['load_before']:.1f} before; median of {ROUNDS} rounds of "
          f"{options.seconds} s, 16 connections; a topic's page has {size} bytes.")
    report.print_table(cases, results)
    report.print_memory(memory, growth)
    report.print_aims(found)
    if options.json:
        write_json(options.json, {
            "machine": conditions, "topics": options.topics, "seconds": options.seconds,
            "page_bytes": size, "results": results, "rounds": rounds, "memory": memory,
            "soak": growth,
            "aims": [dict(zip(("what", "value", "aim", "met"), aim)) for aim in found],
        })


def write_json(path, figures):
    path.write_text(json.dumps(figures, indent="\t", ensure_ascii=False) + "\n")
    print(f"\nWritten to {path}")


def main():
    options = arguments()
    scratch = Scratch(options.var, options.port, options.topics)
    # However it is stopped, it takes its copy away.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    status = 1
    try:
        run(options, scratch)
        status = 0
    except Failure as failure:
        print(f"✗ {failure}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\n  Stopped.", file=sys.stderr)
    finally:
        scratch.stop(options.keep, has_failed=status != 0)
    return status


if __name__ == "__main__":
    sys.exit(main())
