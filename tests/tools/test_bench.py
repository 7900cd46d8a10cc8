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
import filling as filling_module  # noqa: E402
import report  # noqa: E402
import soak  # noqa: E402
from filling import TABLES, Filling, line  # noqa: E402
from say import Failure  # noqa: E402

NOW = datetime.datetime(2026, 1, 22, 12, 0, tzinfo=datetime.timezone.utc)
TEXT = """
entraide_requests_total{route="topic",method="GET",status="200"} %d
entraide_requests_total{route="metrics",method="GET",status="200"} %d
entraide_statements_total{pool="pages"} %d
entraide_statements_total{pool="slow"} 3
entraide_round_trips_total{pool="pages"} %d
"""


def rows_of(filling):
    """{table: rows as dictionaries}."""
    found = {table: [] for table in TABLES}
    for rows in [filling.first(), *filling.batches()]:
        for table, names in TABLES.items():
            found[table] += [dict(zip(names.split(", "), row)) for row in rows[table]]
    return found


def test_filling_is_the_same_at_every_run():
    assert rows_of(Filling(200, NOW)) == rows_of(Filling(200, NOW))


def test_filling_holds_together(monkeypatch):
    monkeypatch.setattr(filling_module, "BATCH", 70)
    rows = rows_of(Filling(300, NOW))
    posts = {post["id"]: post for post in rows["posts"]}
    topics = {topic["id"]: topic for topic in rows["topics"]}
    people = {person["id"] for person in rows["people"]}
    numbers = collections.Counter((post["topic_id"], post["number"]) for post in posts.values())

    assert set(numbers.values()) == {1}
    assert collections.Counter(p["kind"] for p in posts.values())["question"] == len(topics) == 300
    assert [post["created_at"] for post in posts.values()] == sorted(post["created_at"] for post in posts.values())
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


def test_a_batch_relies_only_on_what_was_written_before(monkeypatch):
    monkeypatch.setattr(filling_module, "BATCH", 20)
    filling, topics, posts = Filling(200, NOW), set(), set()
    filling.first()
    for rows in filling.batches():
        topics |= {row[0] for row in rows["topics"]}
        posts |= {row[0] for row in rows["posts"]}
        assert {row[1] for row in rows["posts"]} | {row[0] for row in rows["topic_tags"]} <= topics
        assert {row[4] for row in rows["posts"]} - {None} <= posts
        assert {row[0] for row in rows["thanks"]} <= posts
    assert filling.due == [] and len(posts) == filling.posts_written


def test_filling_has_the_proportions_of_a_forum():
    rows = rows_of(Filling(2000, NOW))
    posts = rows["posts"]
    solved = {post["topic_id"] for post in posts if post["accepted_at"]}
    assert 0.57 < len(solved) / 2000 < 0.63
    assert 4.5 < len(posts) / 2000 < 5.5
    # Zipf's law: the first tag twice as often as the second, the second three times the sixth.
    tags = collections.Counter(row["tag_id"] for row in rows["topic_tags"])
    assert 1.5 < tags[1] / tags[2] < 2.5 and 2 < tags[2] / tags[6] < 4.5


def test_a_row_is_written_as_copy_reads_it():
    assert line((1, None, "a\tb\nc\\d", "é")) == "1\t\\N\ta\\tb\\nc\\\\d\té\n"


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


def figures(per_second, us, control=1000):
    return {"per_second": per_second, "us": us, "control_per_second": control}


def test_the_best_round_counts_whole_and_its_control_is_the_best():
    best = report.best([figures(100, 300, 1000), figures(120, 310, 900), figures(90, 290, 1200)])
    assert best == {"per_second": 120, "us": 310, "control_per_second": 1200, "share": 0.1}


def test_aim_is_met_or_missed_on_its_own_side_or_not_measured():
    memory = {"web worker (pages)": {"largest_resident": 30 * report.MB, "sum_proportional": 90 * report.MB}}
    results = {"topic": {"share": 0.13, "us": 500, "us_web": 80, "p99_ms": 11.0},
               "search": {"us": 100}, "answer": {"per_second": 290, "us": 900}}
    found = {"results": results, "memory": memory, "insert": {"per_second": 1000}, "soak": {"requests": 9, "growth": 0.01}}
    verdicts = {what: is_met for what, _, _, is_met in report.aims(found, 20000)}
    assert verdicts["a topic's page, share of the control"] is True
    assert verdicts["a topic's page, processor ms"] is False
    assert verdicts["a topic's page, of that the application"] is True
    assert verdicts["topic, p99 ms at 16 connections"] is True
    assert verdicts["searching, processor ms, at 200,000 topics"] is None
    assert verdicts["a posted answer, processor ms"] is True
    assert verdicts["posted answers, share of bare inserts"] is False
    assert verdicts["a kept page, gzip, share of files"] is None
    assert verdicts["memory of a pages worker, MB (RSS)"] is False
    assert verdicts["memory of the whole stack, MB (PSS)"] is True
    assert verdicts["growth over 9 requests"] is True


def test_growth_is_of_the_workers_that_lived_on():
    grown = soak.growth([(10, {1: 100, 2: 100}), (50, {1: 101, 2: 100}), (100, {1: 103, 3: 500})])
    assert round(grown["growth"], 3) == 0.03 and grown["replaced"] == 1
    assert [sample["requests"] for sample in grown["samples"]] == [10, 50, 100]
    assert soak.growth([(10, {1: 100}), (50, {2: 100}), (100, {3: 100})])["growth"] is None


def test_a_page_that_gets_too_slow_is_seen(capsys):
    case = types.SimpleNamespace(name="topic", title="a topic")
    assert report.print_against(20, 40, [case], {"topic": (figures(130, 1), figures(101, 1))})
    assert not report.print_against(20, 40, [case], {"topic": (figures(130, 1), figures(99, 1))})
    assert "✗" in capsys.readouterr().out


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
