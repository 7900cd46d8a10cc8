#!/usr/bin/env python3
"""./dev chaos: what can break is broken on purpose, while people write and read.

Each trial runs against a scratch copy under load; afterwards what people were told is held
against what the database has: nothing lost, nothing twice, nothing half. See README.md.
"""

import argparse
import json
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from forum import Site  # noqa: E402  (it makes the bench's modules known)
from failing import is_loaded, prepare  # noqa: E402
from faults import TRIALS  # noqa: E402
from load import Journal, Load  # noqa: E402
from say import Failure, step  # noqa: E402
from scratch import ROOT  # noqa: E402
from verify import PATIENCE, torn, verify, wait_until  # noqa: E402

TOPICS = 200


def arguments():
    parser = argparse.ArgumentParser(prog="./dev chaos", description="Breaks a scratch copy under load, and looks.",
                                     epilog="All of it takes about half an hour, --short five minutes.")
    parser.add_argument("--only", metavar="TRIAL,…", help="only these, by name")
    parser.add_argument("--short", action="store_true", help="few rounds of each and no limit in seconds, as in the tests")
    parser.add_argument("--list", action="store_true", help="what there is")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--var", default=str(ROOT / "var" / "chaos"), metavar="DIR",
                        help="the folder of the scratch copy (var/chaos)")
    parser.add_argument("--prefix", metavar="DIR", help="use the program installed there, and leave out what needs a build")
    parser.add_argument("--port", type=int, metavar="N", help="its port (a free one)")
    parser.add_argument("--keep", action="store_true", help="leave the copy running; the next run uses it")
    options = parser.parse_args()
    names = [trial.name for trial in TRIALS]
    options.trials = options.only.split(",") if options.only else names
    if set(options.trials) - set(names):
        parser.error(f"no trial {', '.join(sorted(set(options.trials) - set(names)))}; there are {', '.join(names)}")
    return options


def chosen(options):
    """(trial, rounds) of those that are wanted and can be made."""
    for trial in TRIALS:
        rounds = trial.short if options.short else trial.rounds
        if trial.name in options.trials and rounds and not (options.prefix and trial.needs_build):
            yield trial, rounds


def attempt(site, trial, rounds):
    """What came of it: figures, and the sentence of what failed ("": nothing)."""
    site.begin(trial.name)
    journal = Journal(site.var / "log" / f"{site.run}.keys")
    began, problem, lines = time.monotonic(), "", []
    with Load(site, journal, writers=4 if trial.has_writers else 0) as load:
        wait_until(lambda: load.count("write" if trial.has_writers else "read") >= 5, PATIENCE, "the first answers")
        try:
            lines = trial.run(site, load, rounds)
            wait_until(site.is_ready, PATIENCE, "the site to be ready again")
        except Failure as failure:
            problem = str(failure)
        time.sleep(0.5)
    sent_again, left = load.settle()
    if left and not problem:
        problem = f"{left} answers were refused when they were sent again"
    if load.failed("read") and not trial.reads_fail and not problem:
        problem = f"{load.failed('read')} pages failed: {load.statuses('read')}"
    if load.failed("write") and not trial.writes_fail and not problem:
        problem = f"{load.failed('write')} answers failed: {load.statuses('write')}"
    verdict = verify(site, journal)
    if verdict.lost + verdict.doubled and not problem:
        problem = "; ".join((verdict.lost + verdict.doubled)[:5])
    return {"trial": trial.name, "row": trial.row, "title": trial.title, "rounds": rounds,
            "acknowledged": verdict.acknowledged, "lost": len(verdict.lost), "doubled": len(verdict.doubled),
            "sent_again": sent_again, "reads": load.count("read"),
            "failed_reads": load.failed("read"), "failed_writes": load.failed("write"), "remarks": lines,
            "seconds": time.monotonic() - began, "problem": problem}


def show(figures):
    mark = "✗" if figures["problem"] else "✓"
    print(f"  {mark} {figures['row']:<4} {figures['title']}, {figures['rounds']} times, {figures['seconds']:.0f} s")
    print(f"         {figures['acknowledged']} answers acknowledged: {figures['lost']} lost, {figures['doubled']} doubled;"
          f" {figures['failed_writes']} failed, {figures['sent_again']} sent again")
    print(f"         {figures['reads']} pages read, {figures['failed_reads']} failed")
    for line in [*figures["remarks"], *filter(None, [figures["problem"]])]:
        print(f"         {line}")
    sys.stdout.flush()


def afterwards(site):
    faults = torn(site)
    return {"trial": "afterwards", "torn": len(faults), "problem": "; ".join(faults[:5])}


def show_afterwards(figures):
    print(f"  {'✗' if figures['problem'] else '✓'} afterwards: {figures['torn']} torn {figures['problem']}".rstrip())


def run(options, site):
    prepare(site)
    site.start()
    if not is_loaded(site):
        raise Failure("the copy was started without failing.so: ./dev down --delete --var it, and again")
    results = []
    step("Breaking it")
    for trial, rounds in chosen(options):
        results.append(attempt(site, trial, rounds))
        show(results[-1])
    step("Looking for what is half done")
    results.append(afterwards(site))
    show_afterwards(results[-1])
    if options.json:
        options.json.write_text(json.dumps(results, indent="\t", ensure_ascii=False) + "\n")
    return results


def main():
    options = arguments()
    if options.list:
        for trial in TRIALS:
            print(f"{trial.name:<20} {trial.row:<4} {trial.title}")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    site, results, is_whole = Site(options.var, options.port, TOPICS, options.prefix, not options.short), [], False
    try:
        results = run(options, site)
        is_whole = True
    except Failure as failure:
        print(f"✗ {failure}", file=sys.stderr)
    finally:
        site.stop(options.keep, not is_whole or any(figures["problem"] for figures in results))
    failed = sum(1 for figures in results if figures["problem"]) + (not is_whole)
    which = ", ".join(figures["trial"] for figures in results if figures["problem"])
    print(f"chaos: {len(results) - failed + (not is_whole)} passed, {failed} failed{f' ({which})' if which else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
