"""The bench's own arithmetic, and that its forum is the same and sound each time."""

import collections
import datetime
import pathlib
import sys
import types

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))

import metrics  # noqa: E402
import mirror_cases  # noqa: E402
import processes  # noqa: E402
import report  # noqa: E402
from filling import TABLES, Filling  # noqa: E402
from say import Failure  # noqa: E402

NOW = datetime.datetime(2026, 1, 22, 12, 0, tzinfo=datetime.timezone.utc)
TEXT = """
entraide_requests_total{route="topic",method="GET",status="200"} %d
entraide_requests_total{route="metrics",method="GET",status="200"} %d
entraide_statements_total{pool="pages"} %d
entraide_statements_total{pool="slow"} 3
entraide_round_trips_total{pool="pages"} %d
"""


def rows_of(filling, table):
    """Rows as dictionaries."""
    names = TABLES[table].split(", ")
    return [dict(zip(names, row)) for row in filling.rows[table]]


def test_filling_is_the_same_at_every_run():
    assert Filling(200, NOW).make().rows == Filling(200, NOW).make().rows


def test_filling_holds_together():
    filling = Filling(300, NOW).make()
    posts = {post["id"]: post for post in rows_of(filling, "posts")}
    topics = {topic["id"]: topic for topic in rows_of(filling, "topics")}
    people = {person["id"] for person in rows_of(filling, "people")}
    numbers = collections.Counter((post["topic_id"], post["number"]) for post in posts.values())

    assert set(numbers.values()) == {1}
    assert collections.Counter(p["kind"] for p in posts.values())["question"] == len(topics) == 300
    for post in posts.values():
        assert post["author_id"] in people and post["created_at"] <= NOW
        assert post["number"] <= topics[post["topic_id"]]["last_number"]
        if post["kind"] == "comment":
            parent = posts[post["parent_id"]]
            assert parent["topic_id"] == post["topic_id"] and parent["kind"] != "comment"
            assert parent["created_at"] <= post["created_at"]
        if post["accepted_at"]:
            assert post["kind"] == "answer"
            assert post["accepted_by"] == topics[post["topic_id"]]["author_id"]


def test_filling_has_the_proportions_of_a_forum():
    filling = Filling(2000, NOW).make()
    posts = rows_of(filling, "posts")
    solved = {post["topic_id"] for post in posts if post["accepted_at"]}
    assert 0.57 < len(solved) / 2000 < 0.63
    assert 4.5 < len(posts) / 2000 < 5.5


def scratch_that_says(*texts):
    answers = iter(texts)
    return types.SimpleNamespace(get=lambda path: (200, {}, next(answers).encode()))


def test_asking_for_counters_is_not_counted():
    scratch = scratch_that_says(TEXT % (100, 7, 500, 120), TEXT % (150, 8, 651, 171))
    before, after = metrics.read(scratch), metrics.read(scratch)
    asked = metrics.asked_between(before, after)
    assert asked.requests == {("topic", "GET", 200): 50}
    assert (asked.total, asked.statements, asked.round_trips) == (50, 150, 50)


def test_processor_time_of_a_process_grows_with_its_work():
    group = processes.Group("this", 0)
    group.root = int(pathlib.Path("/proc/self").resolve().name)
    before = group.seconds()
    sum(number * number for number in range(3_000_000))
    assert group.seconds() > before
    resident, share = processes.memory(group.root)
    assert 0 < share <= resident


def test_median_is_of_each_figure_alone():
    rounds = [{"us": 3, "p99_ms": 9.0, "note": {"a": 1}}, {"us": 1, "p99_ms": 7.0, "note": {}},
              {"us": 2, "p99_ms": 8.0, "note": {"b": 2}}]
    assert report.median(rounds) == {"us": 2, "p99_ms": 8.0, "note": {"b": 2}}


def test_aim_is_met_or_missed_on_its_own_side():
    results = {"topic": {"share": 0.1, "us": 500, "p99_ms": 20.0}}
    memory = {"web worker (pages)": {"largest_resident": 30 * report.MB}}
    verdicts = {what: is_met for what, _, _, is_met in report.aims(results, memory, None)}
    assert verdicts == {
        "a topic's page, share of nginx alone": True,
        "a topic's page, processor ms": False,
        "a topic's page, processor ms (the hope)": False,
        "a topic's page, p99 ms": True,
        "resident memory of a pages worker, MB": False,
    }


def test_aims_of_the_mirror_are_at_most_and_each_case_has_its_figures():
    figures = {case: {} for case, _ in mirror_cases.CASES}
    for _, case, figure, limit in mirror_cases.AIMS:
        figures[case][figure] = limit
    assert all(is_met for *_, is_met in mirror_cases.aims(figures))
    figures["burst"]["page_slowed"] = 0.21
    missed = [what for what, _, _, is_met in mirror_cases.aims(figures) if not is_met]
    assert missed == ["a page slowed by it, share"]


def test_a_percentile_is_one_of_the_values():
    assert mirror_cases.percentile(range(1, 101), 0.99) == 100
    assert mirror_cases.percentile([3, 1, 2], 0.5) == 2
    assert mirror_cases.percentile([7], 0.99) == 7


def test_what_fails_in_the_background_is_said():
    def act():
        raise ValueError("no")

    with pytest.raises(Failure, match="no"):
        with mirror_cases.Background(act, 0.01):
            pass
