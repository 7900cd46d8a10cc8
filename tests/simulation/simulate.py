#!/usr/bin/python3
"""A year of a community in some minutes, driven through the forum's own rules; at the end
everything that follows from what people did is worked out a second time, and the spam score
is measured on texts that it never saw. A year is named by its seed, and comes again with it:

    ./dev test simulation --seed 7
    ./dev test simulation --seed 7 --full        2,000 people, 20,000 questions

See README.md.
"""
import argparse
import collections
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import recompute  # noqa: E402
import reports  # noqa: E402
import spam  # noqa: E402
from client import Driver, scratch_database  # noqa: E402
from story import DAY, Story  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
# A year that is just over: what is forgotten after so many days goes by the real calendar.
BEGINS = (int(time.time()) // DAY - 372) * DAY
SIZES = {False: (160, 800), True: (2000, 20000)}
WITHIN_HOURS = 24       # moderators come twice a day
DIFFERENCES_SHOWN = 12

CHECKS = {
    "counts of topics, posts and people": recompute.counters,
    "counts of categories and tags": recompute.lists,
    "reputation, row by row": recompute.reputation,
    "trust levels": recompute.trust,
    "ranks": recompute.ranks,
    "badges": recompute.badges,
    "candidates for experts": recompute.candidates,
    "the reports of the desk": reports.check,
    "the queue and the weights of flags": recompute.queue,
    "the clique does not get its way": lambda state: recompute.clique(state, WITHIN_HOURS),
    "the ring gains no more than the rules leave": recompute.ring,
}


class Outcome:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def tell(self, name, found):
        found = list(found)
        print(f"  {'✗' if found else '✓'} {name}", flush=True)
        for sentence in found[:DIFFERENCES_SHOWN]:
            print(f"      {sentence}")
        if len(found) > DIFFERENCES_SHOWN:
            print(f"      … and {len(found) - DIFFERENCES_SHOWN} more")
        self.failed += bool(found)
        self.passed += not found


def own_check(driver):
    """The forum's own opinion, too."""
    for line in driver.run("check").splitlines():
        if "differ" in line or "due" in line:
            yield line


def report(story, state):
    kinds = collections.Counter(person.kind for person in story.people)
    levels = collections.Counter(person["trust_level"] for person in state.people.values() if person["role"] == "customer")
    steps = collections.Counter(person["rank_position"] for person in state.people.values())
    spams = [post for post in story.posts.values() if post.is_spam]
    left = [post for post in spams if state.posts[post.id]["visibility"] == "visible"]
    ring = {person.id for person in story.of_kind("ring")}
    inside = [entry for entry in state.stand if entry[1] in ring and entry[6] in ring and entry[2] in ("accepted", "thanks")]
    full = sum(recompute.Ledger.POINTS[entry[2]] for entry in inside)
    alone = [entry for entry in story.hidden if {person.kind for person in entry[3]} == {"clique"}]
    print(f"  people: {dict(kinds)}")
    print(f"  posts: {dict(collections.Counter(post.kind for post in story.posts.values()))}, acts: {story.done}")
    print(f"  refused by the rules: { {' '.join(key): number for key, number in story.refused.items()} }")
    print(f"  levels of customers: {dict(sorted(levels.items()))}; ranks: {dict(sorted(steps.items()))}")
    print(f"  queue: {len(story.decided)} decisions; flags: {len(story.flags)}; hidden by flags: {len(story.hidden)},"
          f" by the clique alone: {len(alone)}")
    print(f"  spam: {len(spams)} posts, {len(left)} still visible")
    print(f"  the ring: {sum(entry[3] for entry in inside)} points of the {full} that its {len(inside)} acts would be worth")


def last_look(driver):
    """`entraide check` goes by the clock on the wall, so everybody is looked at once more by it:
    what is planned for the next night is done now."""
    driver.at(int(time.time()))
    driver.do("jobs")
    driver.database.execute("update jobs set run_at = to_timestamp(%s) where kind = 'standing_all' and state = 'queued'",
                            (driver.now,))
    driver.do("jobs")


def run(options, conninfo, folder, outcome):
    people, questions = SIZES[options.full]
    database = scratch_database(conninfo, f"simulation_{options.seed}")
    driver = Driver(options.build, database, folder, ROOT)
    try:
        story = Story(driver, options.seed, people, questions, BEGINS)
        story.play(lambda words: print(f"  {words}", flush=True))
        # What is under way comes to its end: the team, the worker, and a last night.
        story.moderate()
        driver.do("jobs")
        driver.at(driver.now + DAY)
        driver.do("jobs")
        last_look(driver)
        checked = list(own_check(driver))
        state = recompute.State(driver, story)
        state.figures = {number: recompute.figures(state, person) for number, person in state.people.items()}
        report(story, state)
        for name, check in CHECKS.items():
            outcome.tell(name, check(state))
        outcome.tell("entraide check", checked)
        outcome.tell("the spam score on what was kept back", spam.measure(driver, options.seed))
        found = spam.measure_shared(driver, ROOT)
        if found is None:
            outcome.skipped += 1
            print("  – the spam score on texts of real people: skipped, there is no ../shared/data")
        else:
            outcome.tell("the spam score on texts of real people", found)
    finally:
        driver.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, default=os.environ.get("ENTRAIDE_TEST_BUILD", "build"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--full", action="store_true", help="2,000 people and 20,000 questions")
    parser.add_argument("--keep", action="store_true", help="leave the database's server and the log behind")
    options = parser.parse_args()
    options.build = pathlib.Path(options.build).resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="entraide-simulation."))
    folder.chmod(0o755)
    server = str(ROOT / "tests" / "postgres.sh")
    conninfo = os.environ.get("ENTRAIDE_TEST_DATABASE")
    is_own = not conninfo
    if is_own:
        conninfo = subprocess.run([server, "start", folder / "postgres", "--unsafe"], check=True,
                                  capture_output=True, text=True, cwd="/").stdout.strip()
    outcome, began = Outcome(), time.monotonic()
    print(f"A year from seed {options.seed}", flush=True)
    try:
        run(options, conninfo, folder, outcome)
    finally:
        if is_own and not options.keep:
            subprocess.run([server, "stop", folder / "postgres"], check=False, cwd="/")
    if outcome.failed:
        print(f"again: ./dev test simulation --seed {options.seed}{' --full' if options.full else ''}; log: {folder}")
    elif not options.keep:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"simulation: {outcome.passed} passed, {outcome.failed} failed, {outcome.skipped} skipped"
          f" in {time.monotonic() - began:.1f}s")
    return 1 if outcome.failed else 0


if __name__ == "__main__":
    sys.exit(main())
