#!/usr/bin/env python3
"""./dev bench search: how fast the search is, and how good.

Speed is measured by search_speed.cc on an index of 200,000 topics, which is kept
for the next run: a bare query of Xapian's with the same words, in the same run, is
the limit to compare with. Quality is what `entraide search evaluate` says.
"""

import argparse
import os
import pathlib
import subprocess
import sys

from say import Failure, step
from search_quality import quality_table

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What, and its aims: milliseconds on the wall, p50 and p99.
ASKED = {
    "bare": ("bare Xapian, any of the words, no texts", None, None),
    "bare_again": ("the same once more", None, None),
    "search": ("search, 10 hits with snippets", 15, 80),
    "facets": ("… and facets", None, None),
    "newest": ("… newest first", None, None),
    "useful": ("… most useful first", None, None),
    "list": ("a category's newest, no words", None, None),
    "list_useful": ("a category's most useful", None, None),
    "phrase": ("a phrase of the title", None, None),
    "misspelt": ("misspelt words, with correction", None, None),
    "suggest": ("as you type, from 3 letters on", 10, 30),
    "suggest_3": ("… 3 letters", 10, 30),
    "suggest_2": ("… 2 letters", None, None),
    "similar": ("similar to a whole question", None, 120),
}
ADD_AIM_MS = 30
SIZE_AIM = 3.5


def arguments():
    parser = argparse.ArgumentParser(
        prog="./dev bench search",
        description="Measures the search: its speed on an invented community, and its ranking.",
        epilog="The first run builds the index, some minutes; later ones take one.",
    )
    parser.add_argument("--topics", type=int, default=200000, metavar="N",
                        help="topics in the index (200000)")
    parser.add_argument("--var", type=pathlib.Path, default=ROOT / "var" / "bench-search",
                        metavar="DIR", help="the folder of build and index (var/bench-search)")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--quality", action="store_true", help="only the quality")
    only.add_argument("--speed", action="store_true", help="only the speed")
    options = parser.parse_args()
    if options.topics < 1000:
        parser.error("at least 1000 topics")
    return options


def parse_figures(text):
    """Lines of a name and numbers: {name: [numbers]}."""
    figures = {}
    for line in text.splitlines():
        name, *numbers = line.split()
        figures[name] = [float(number) for number in numbers]
    return figures


def verdict(value, aim):
    if aim is None:
        return ""
    return f"{'✓' if value <= aim else '✗'} {aim:g}"


def speed_table(figures):
    lines = [f"{'':42}{'p50':>8}{'p99':>8}   {'processor':>9}{'p99':>8}   aims (ms)"]
    for name, (what, aim_p50, aim_p99) in ASKED.items():
        p50, p99, own_p50, own_p99 = figures[name]
        lines.append(f"{what:42}{p50:8.2f}{p99:8.2f}   {own_p50:9.2f}{own_p99:8.2f}   "
                     f"{verdict(p50, aim_p50):8}{verdict(p99, aim_p99)}".rstrip())
    wall, own = figures["added_per_topic"]
    lines.append(f"{'adding a topic, 50 a commit':42}{wall:8.2f}{'':8}   {own:9.2f}{'':8}   "
                 f"{verdict(wall, ADD_AIM_MS)}")
    index, text = figures["bytes"]
    lines.append(f"{'compacted index / text':42}{index / text:8.2f}{'':28}   "
                 f"{verdict(index / text, SIZE_AIM)}   ({index / 1e6:.0f} MB / {text / 1e6:.0f} MB)")
    return lines


def measure_speed(options):
    program = options.var / "build" / "tests" / "bench" / "search_speed"
    step(f"Speed: {options.topics} topics of about 100 words")
    subprocess.run(["make", "-s", "-C", options.var / "build", "tests/bench/search_speed"], check=True)
    options.var.mkdir(parents=True, exist_ok=True)
    if os.getloadavg()[0] > os.cpu_count() / 2:
        print("  This machine is busy: look at the processor's times, beside those of bare Xapian.")
    done = subprocess.run([program, options.var / f"index-{options.topics}", str(options.topics)],
                          stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Failure("the measuring program failed")
    print("\n".join(speed_table(parse_figures(done.stdout))))


def measure_quality(options):
    step("Quality: questions of people, and where the document that answers them stands")
    print("\n".join(quality_table(options.var / "build" / "entraide")))


def main():
    options = arguments()
    try:
        if not options.speed:
            measure_quality(options)
        if not options.quality:
            measure_speed(options)
    except (Failure, subprocess.CalledProcessError) as failure:
        print(f"✗ {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n  Stopped.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
