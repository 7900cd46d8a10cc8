#!/usr/bin/env python3
"""./dev bench rebuild: the speed of `entraide search rebuild`, beside the limit.

The limit is bare_index.cc: Xapian's own TermGenerator over the same words, out of
memory, without a database, ranking, filters or passages. Both are run by turns,
each --rounds times, and the best of each counts. Then the worker's side: how long a
new question waits to be found while 10,000 changed topics are being indexed.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

from say import Failure, step
from scratch import Scratch

ROOT = pathlib.Path(__file__).resolve().parents[2]
AIM = 0.8
BURST, WORDS, PATIENCE = 10_000, "quirlibatz", 60
BURST_AIM = 10


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench rebuild", description="Measures building the index anew.")
    parser.add_argument("--topics", type=int, default=20000, metavar="N", help="topics (20000)")
    parser.add_argument("--rounds", type=int, default=2, metavar="N", help="times each (2)")
    parser.add_argument("--port", type=int, default=0, help="of the scratch copy (a free one)")
    parser.add_argument("--var", type=pathlib.Path, default=ROOT / "var" / "bench", metavar="DIR",
                        help="the folder of the scratch copy (var/bench)")
    parser.add_argument("--keep", action="store_true", help="keep the copy for the next run")
    return parser.parse_args()


def write_lines(scratch, path):
    """Each topic's words in a line, as the rebuild reads them."""
    with scratch.database("entraide") as connection, open(path, "w", encoding="utf-8") as file:
        rows = connection.execute(
            "select t.id, t.title || ' ' || string_agg(p.body_md, ' ' order by p.id)"
            " from topics t join posts p on p.topic_id = t.id and p.visibility = 'visible'"
            " where t.visibility = 'visible' group by t.id order by t.id")
        for number, words in rows:
            file.write(f"{number}\t{' '.join(words.split())}\n")


def run_bare(scratch, lines):
    program = scratch.var / "build" / "tests" / "bench" / "bare_index"
    subprocess.run(["make", "-s", "-C", scratch.var / "build", "tests/bench/bare_index"], check=True)
    place = scratch.var / "bare"
    shutil.rmtree(place, ignore_errors=True)
    with open(lines, encoding="utf-8") as file:
        done = subprocess.run([program, place, "french"], stdin=file, stdout=subprocess.PIPE, text=True, check=True)
    shutil.rmtree(place, ignore_errors=True)
    count, size, wall, processor = done.stdout.split()
    return int(count), int(size), float(wall), float(processor)


def run_rebuild(scratch):
    before, began = os.times(), time.monotonic()
    said = scratch.program("search", "rebuild", "--anew")
    after = os.times()
    topics = int(re.search(r"rebuild: (\d+) topics", said)[1])
    processor = (after.children_user + after.children_system) - (before.children_user + before.children_system)
    return topics, time.monotonic() - began, processor


def make_question(connection):
    """A copy of some question, with a word that no other has."""
    (topic,) = connection.execute(
        "insert into topics (category_id, top_category_id, title, language, last_number)"
        " select category_id, top_category_id, %s, 'fr', 1 from topics limit 1 returning id", (f"{WORDS} ?",)).fetchone()
    connection.execute(
        "insert into posts (topic_id, number, kind, body_md, body_html) values (%s, 1, 'question', %s, %s)",
        (topic, WORDS, WORDS))


def measure_burst(scratch):
    """Seconds until a question asked in the middle of a burst is found; and what is left to do then."""
    scratch.wait_for_worker()
    with scratch.database("entraide") as connection:
        connection.execute(
            "update posts set body_md = body_md || ' changed' where kind = 'question' and topic_id in"
            " (select id from topics order by id limit %s)", (BURST,))
        make_question(connection)
        began = time.monotonic()
        while WORDS.encode() not in scratch.get(f"/search/suggest?q={WORDS}")[2]:
            if time.monotonic() > began + PATIENCE:
                raise Failure(f"not found after {PATIENCE} s")
            time.sleep(0.05)
        seconds = time.monotonic() - began
        (left,) = connection.execute("select count(*) from search_marks").fetchone()
    print(f"found in a burst of {BURST} changed topics{seconds:14.1f} s, {left} still to do"
          f"   aim {BURST_AIM} s {'✓' if seconds <= BURST_AIM else '✗'}")


def measure(options, scratch):
    scratch.start()
    lines = scratch.var / "lines.txt"
    write_lines(scratch, lines)
    bare, ours = [], []
    for number in range(options.rounds):
        step(f"Round {number + 1} of {options.rounds}")
        bare.append(run_bare(scratch, lines))
        ours.append(run_rebuild(scratch))
    lines.unlink()
    count, size, _, _ = bare[0]
    if any(topics != count for topics, _, _ in ours):
        raise Failure(f"{count} topics for the one, {ours[0][0]} for the other")
    bare_wall, bare_processor = min(run[2] for run in bare), min(run[3] for run in bare)
    wall, processor = min(run[1] for run in ours), min(run[2] for run in ours)
    print(f"{count} topics, {size / 1e6:.0f} MB of words     seconds   processor   topics/s")
    print(f"bare Xapian, TermGenerator      {bare_wall:12.1f}{bare_processor:12.1f}{count / bare_wall:11.0f}")
    print(f"entraide search rebuild         {wall:12.1f}{processor:12.1f}{count / wall:11.0f}")
    ratio = bare_wall / wall
    print(f"ratio                           {ratio:12.2f}{bare_processor / processor:12.2f}"
          f"   aim {AIM} {'✓' if ratio >= AIM else '✗'}")
    measure_burst(scratch)


def main():
    options = arguments()
    scratch = Scratch(options.var, options.port, options.topics)
    status = 1
    try:
        measure(options, scratch)
        status = 0
    except (Failure, subprocess.CalledProcessError) as failure:
        print(f"✗ {failure}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\n  Stopped.", file=sys.stderr)
    finally:
        scratch.stop(options.keep, has_failed=status != 0)
    return status


if __name__ == "__main__":
    sys.exit(main())
