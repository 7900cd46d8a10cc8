"""The desk's reports, worked out a second time from questions, answers and visits, in
Python and by the definitions of docs/reports.md; the forum's own are what the worker's job
wrote last. Yields sentences about what differs.
"""
import collections
import datetime
import math
import zoneinfo

import recompute

DAY = datetime.timedelta(days=1)
ZONE = zoneinfo.ZoneInfo("Europe/Paris")  # the default of desk.time_zone
AGES = [datetime.timedelta(hours=4), DAY, 3 * DAY, 7 * DAY, 30 * DAY, 365 * DAY]
SIDES = ("customer", "expert", "staff", "asker")
SPANS = (7, 30, 90)


def share(numbers, percent):
    """percentile_disc: the first value with at least that share of all up to it; 0 of none."""
    numbers = sorted(numbers)
    return numbers[max(math.ceil(percent * len(numbers) / 100) - 1, 0)] if numbers else 0


def three(numbers):
    return [len(numbers), share(numbers, 50), share(numbers, 90)]


def seconds(span):
    """As PostgreSQL rounds to a whole number: half to even."""
    return max(0, round(span.total_seconds()))


class Questions:
    """The public questions of a span: who answered first and who solved them, and when."""

    def __init__(self, state, at, experts, answers, days):
        self.rows = []
        for topic in state.topics.values():
            if topic["visibility"] != "visible" or not at - days * DAY < topic["created_at"] <= at:
                continue
            first = min((post for post in answers[topic["id"]] if post["author_id"] != topic["author_id"]),
                        key=lambda post: (post["created_at"], post["id"]), default=None)
            solution = min((post for post in answers[topic["id"]] if post["accepted_at"]),
                           key=lambda post: (post["accepted_at"], post["id"]), default=None)
            self.rows.append((
                topic,
                (seconds(first["created_at"] - topic["created_at"]), side(state, experts, topic, first)) if first else None,
                (seconds(solution["accepted_at"] - topic["created_at"]), side(state, experts, topic, solution))
                if solution else None))


def side(state, experts, topic, post):
    if post["accepted_at"] and post["author_id"] == topic["author_id"]:
        return "asker"
    if state.people[post["author_id"]]["role"] != "customer":
        return "staff"
    for category, tag, begins, ends in experts[post["author_id"]]:
        if begins <= post["created_at"] < ends and (category in (topic["category_id"], topic["top_category_id"])
                                                   or (topic["id"], tag) in state.tagged):
            return "expert"
    return "customer"


def times(state, rows):
    groups = [(0, rows)]
    for category in state.driver.rows("select id from categories where parent_id is null order by position, id"):
        groups.append((category[0], [row for row in rows if row[0]["top_category_id"] == category[0]]))
    groups = [group for group in groups if group[1] or not group[0]]
    return [("times", place, subject,
             [len(group)] + three([first[0] for _, first, _ in group if first])
             + three([solved[0] for _, _, solved in group if solved]))
            for place, (subject, group) in enumerate(groups)]


def sides(rows):
    if not rows:
        return []
    firsts, solutions = [first for _, first, _ in rows if first], [solved for _, _, solved in rows if solved]
    return [("sides", place + 1, 0,
             three([number for number, who in firsts if who == name])
             + three([number for number, who in solutions if who == name]) + [len(firsts), len(solutions)])
            for place, name in enumerate(SIDES)]


def backlog(state, at):
    counts = collections.defaultdict(lambda: [0, 0, 0])
    for topic in state.topics.values():
        if topic["visibility"] == "visible" and not topic["is_solved"] and topic["created_at"] <= at and topic[
                "status"] in ("open", "needs_information"):
            place = sum(at - topic["created_at"] >= age for age in AGES)
            counts[place][topic["answer_count"] > 0] += 1
            counts[place][2] += topic["status"] == "needs_information"
    return [("backlog", place, 0, numbers) for place, numbers in counts.items()]


CAUSES = ("unseen", "claimed", "level", "handed_over", "information", "few_hours", "reopened", "too_many", "outage",
          "other")  # the order of docs/desk.md


def causes(state, at, days):
    counts = collections.defaultdict(lambda: [0, 0, 0, 0])
    for topic, kind, cause, due_at, corrected in state.driver.rows(
            "select topic_id, kind, cause, due_at, corrected_by from desk_breaches"):
        if state.topics[topic]["visibility"] == "visible" and at - days * DAY < due_at <= at:
            line = counts[CAUSES.index(cause)]
            line[0] += 1
            line[1 if kind == "first_answer" else 2] += 1
            line[3] += corrected is not None
    return [("causes", place, 0, numbers) for place, numbers in counts.items()]


def load(state, rows, at, days):
    counts = collections.defaultdict(lambda: [0, 0])
    for topic, _, _ in rows:
        counts[hour(topic["created_at"])][0] += 1
    for post in state.posts.values():
        if (post["kind"] == "answer" and post["visibility"] == "visible"
                and state.topics[post["topic_id"]]["visibility"] == "visible" and post["author_id"]
                and state.people[post["author_id"]]["role"] != "customer" and at - days * DAY < post["created_at"] <= at):
            counts[hour(post["created_at"])][1] += 1
    return [("load", place, 0, numbers) for place, numbers in counts.items()]


def hour(moment):
    wall = moment.astimezone(ZONE)
    return wall.weekday() * 24 + wall.hour


def may_be_listed(state, number, at):
    person = state.people.get(number)
    return (person and person["role"] == "customer" and person["state"] == "active" and person["is_ranked"]
            and not person["is_minor"] and person["email_confirmed_at"]
            and not (person["silenced_until"] and person["silenced_until"] > at))


def ambassadors(state, at, days):
    there = collections.defaultdict(list)
    for post in state.posts.values():
        topic = state.topics[post["topic_id"]]
        if (post["kind"] == "answer" and post["visibility"] == topic["visibility"] == "visible"
                and at - days * DAY < post["created_at"] <= at and topic["author_id"] != post["author_id"]):
            there[post["author_id"]].append((post, topic))
    found = []
    for number, answers in there.items():
        if len(answers) < 5 or not may_be_listed(state, number, at):
            continue
        ids = {post["id"] for post, _ in answers}
        paid = [entry for entry in state.stand if entry[5] in ids and entry[4] in recompute.HONEST_DISCOUNTS]
        accepted = len({entry[5] for entry in paid if entry[2] == "accepted"})
        thanks = sum(entry[2] == "thanks" for entry in paid)
        reach = len({topic["id"] for _, topic in answers})
        waited = recompute.median([(post["created_at"] - topic["created_at"]).total_seconds() for post, topic in answers])
        abuses = sum(entry[2] == "abuse" and entry[1] == number and entry[7] > at - days * DAY for entry in state.stand)
        since = ((at - 90 * DAY).astimezone(datetime.timezone.utc).date() - datetime.date(1970, 1, 1)).days
        visits = sum(day > since for day in state.persons[number].visited)
        found.append((-(accepted * 15 + thanks * 4 + reach), number,
                      [len(answers), accepted * 100 // len(answers), reach, thanks, round(waited / 60), abuses, visits]))
    return [("ambassadors", number, figures) for _, number, figures in sorted(found)[:30]]


def care(state, at, days):
    own = collections.defaultdict(list)
    for topic in state.topics.values():
        if topic["visibility"] == "visible" and at - days * DAY < topic["created_at"] <= at and topic[
                "status"] in ("open", "needs_information"):
            own[topic["author_id"]].append(topic)
    found = []
    for number, topics in own.items():
        failed = [topic for topic in topics if not topic["is_solved"] and topic["created_at"] <= at - 3 * DAY]
        alone = sum(topic["answer_count"] == 0 and topic["created_at"] <= at - 3 * DAY for topic in topics)
        if len(failed) >= 2 and 2 * len(failed) >= len(topics) and may_be_listed(state, number, at):
            found.append((-len(failed), -alone, len(topics), number,
                          [len(topics), len(failed), alone, max(topic["id"] for topic in topics)]))
    return [("care", number, figures) for _, _, _, number, figures in sorted(found)[:30]]


def compare(what, found, wanted):
    for line in sorted(found - wanted)[:3]:
        yield f"{what}: there is {line}"
    for line in sorted(wanted - found)[:3]:
        yield f"{what}: there should be {line}"


def flat(lines):
    return {(*line[:-1], *line[-1]) for line in lines}


def check(state):
    """Every line of every span but those of the targets, which have clocks of their own."""
    driver = state.driver
    experts, answers = collections.defaultdict(list), collections.defaultdict(list)
    for person, category, tag, begins, ends in driver.rows(
            "select person_id, category_id, tag_id, answered_at, coalesce(ended_at, ends_at) from experts"
            " where state in ('active', 'ended') and answered_at is not null"):
        experts[person].append((category, tag, begins, ends))
    state.tagged = set(state.topic_tags)
    for days in SPANS:
        (at,), = driver.rows("select worked_out_at from desk_report_runs where days = %s", days)
        answers.clear()
        for post in state.posts.values():
            if post["kind"] == "answer" and post["visibility"] == "visible" and post["created_at"] <= at:
                answers[post["topic_id"]].append(post)
        rows = Questions(state, at, experts, answers, days).rows
        found = flat(driver.rows("select report, place, subject_id, figures from desk_report_lines"
                                 " where days = %s and report in ('times', 'sides', 'backlog', 'load')", days))
        yield from compare(f"{days} days", found, flat(
            times(state, rows) + sides(rows) + backlog(state, at) + load(state, rows, at, days)))
        # The desk was looked through once more after the report: what would be written now.
        found = flat(driver.rows("select report, place, subject_id, figures from desk_report_lines_of(%s, %s, %s)"
                                 " where report = 'causes'", days, at, str(ZONE)))
        yield from compare(f"causes of {days} days", found, flat(causes(state, at, days)))
        found = flat(driver.rows("select report, person_id, figures from desk_report_people where days = %s", days))
        yield from compare(f"people of {days} days", found, flat(ambassadors(state, at, days) + care(state, at, days)))
