"""What should stand in the database at the end, worked out a second time from posts, thanks,
visits and decisions, in Python and from the rules as they are written in the settings and
on the pages; nothing here asks the forum's own code. Each function yields sentences about
what differs.
"""
import collections
import datetime
import itertools
import re

DAY = datetime.timedelta(days=1)
HONEST_DISCOUNTS = ("", "cap")
LEVELS = {  # src/forum/site_setting_table.h, section "trust": figure, least
    1: (("age_days", 1), ("days_visited", 2), ("posts", 1)),
    2: (("days_visited", 15), ("topics_answered", 3), ("thanks", 1), ("thanks_given", 1)),
    3: (("days_visited", 30), ("topics_answered", 10), ("accepted", 3), ("thanks", 20), ("thanked_by", 5),
        ("thanked_days", 7), ("thanks_given", 10)),
}
LEVEL_3_DAYS, KEPT_PERCENT, GRACE_DAYS, FLAGS_MOST = 100, 90, 14, 5


class State:
    """All rows that anything is worked out from, as dictionaries by id."""

    def __init__(self, driver, story):
        self.driver, self.story = driver, story
        self.now = driver.rows("select to_timestamp(%s)", driver.now)[0][0]
        self.people = self.table("people", "id, name, role, state, trust_level, trust_changed_at, created_at, reputation,"
                                 " question_count, answer_count, accepted_count, thanks_count, rank_position,"
                                 " rank_points, days_visited, is_expert, is_ranked, is_minor, email_confirmed_at,"
                                 " silenced_until")
        self.posts = self.table("posts", "id, topic_id, author_id, kind, visibility, created_at, accepted_at, accepted_by,"
                                " withdrawn_by, withdrawn_at, parent_id, thanks_count, comment_count, hidden_by_flags_at")
        self.topics = self.table("topics", "id, author_id, category_id, top_category_id, visibility, answer_count,"
                                 " comment_count, accepted_count, me_too_count, is_solved, solved_at, created_at, status,"
                                 " first_answer_at")
        self.categories = self.table("categories", "id, topic_count")
        self.tags = self.table("tags", "id, topic_count")
        self.thanks = driver.rows("select post_id, person_id, created_at from thanks order by created_at")
        self.me_too = driver.rows("select topic_id, person_id from me_too")
        self.topic_tags = driver.rows("select topic_id, tag_id from topic_tags")
        self.entries = driver.rows("select id, person_id, cause, points, discount, post_id, from_id, created_at, undoes"
                                   " from reputation_entries order by id")
        self.cases = driver.rows("select act, rule, person_id, post_id, created_at, reversed_at from moderation_cases")
        self.flags = driver.rows("select person_id, post_id, state, created_at from flags")
        self.persons = {person.id: person for person in story.people}
        self.by_author = collections.defaultdict(list)
        for post in self.posts.values():
            self.by_author[post["author_id"]].append(post)
        self.stand = standing(self.entries)

    def table(self, name, columns):
        names = [column.strip() for column in columns.split(",")]
        return {row[0]: dict(zip(names, row)) for row in self.driver.rows(f"select {columns} from {name}")}


def standing(entries):
    undone = {entry[8] for entry in entries if entry[8]}
    return [entry for entry in entries if not entry[8] and entry[0] not in undone]


def differ(what, number, found, wanted):
    if found != wanted:
        yield f"{what} of {number} is {found}, not {wanted}"


# Counters ------------------------------------------------------------------------------------


def counters(state):
    visible = [post for post in state.posts.values() if post["visibility"] == "visible"]
    of_topic, of_parent = collections.defaultdict(list), collections.Counter()
    for post in visible:
        of_topic[post["topic_id"]].append(post)
        if post["kind"] == "comment":
            of_parent[post["parent_id"]] += 1
    me_too = collections.Counter(topic for topic, _ in state.me_too)
    for topic in state.topics.values():
        posts = of_topic[topic["id"]]
        answers = [post for post in posts if post["kind"] == "answer"]
        accepted = [post["accepted_at"] for post in posts if post["accepted_at"]]
        for name, wanted in (("answer_count", len(answers)), ("accepted_count", len(accepted)),
                             ("comment_count", sum(post["kind"] == "comment" for post in posts)),
                             ("me_too_count", me_too[topic["id"]]), ("is_solved", bool(accepted)),
                             ("solved_at", min(accepted, default=None)),
                             ("first_answer_at", min((post["created_at"] for post in answers), default=None))):
            yield from differ(f"topics.{name}", topic["id"], topic[name], wanted)
    thanked = collections.Counter(post for post, _, _ in state.thanks)
    for post in state.posts.values():
        yield from differ("posts.thanks_count", post["id"], post["thanks_count"], thanked[post["id"]])
        yield from differ("posts.comment_count", post["id"], post["comment_count"], of_parent[post["id"]])
    for person in state.people.values():
        own = [post for post in state.by_author[person["id"]] if post["visibility"] == "visible"]
        for name, wanted in (("question_count", sum(post["kind"] == "question" for post in own)),
                             ("answer_count", sum(post["kind"] == "answer" for post in own)),
                             ("accepted_count", sum(bool(post["accepted_at"]) for post in own)),
                             ("thanks_count", sum(thanked[post["id"]] for post in state.by_author[person["id"]])),
                             ("days_visited", len(state.persons[person["id"]].visited))):
            yield from differ(f"people.{name}", person["id"], person[name], wanted)


def lists(state):
    """Counts that the worker keeps, a few minutes old: nothing happened since."""
    shown = {topic["id"]: topic for topic in state.topics.values() if topic["visibility"] == "visible"}
    in_category = collections.Counter(topic["category_id"] for topic in shown.values())
    with_tag = collections.Counter(tag for topic, tag in state.topic_tags if topic in shown)
    for category in state.categories.values():
        yield from differ("categories.topic_count", category["id"], category["topic_count"], in_category[category["id"]])
    for tag in state.tags.values():
        yield from differ("tags.topic_count", tag["id"], tag["topic_count"], with_tag[tag["id"]])


# Reputation ----------------------------------------------------------------------------------


def causes(state):
    """(receiver, cause, post, giver): what should have earned points, however many."""
    wanted = collections.Counter()
    for post in state.posts.values():
        author = post["author_id"]
        if post["visibility"] == "visible" and post["accepted_at"]:
            wanted[author, "accepted", post["id"], post["accepted_by"]] += 1
            asker = state.topics[post["topic_id"]]["author_id"]
            if post["accepted_by"] == asker and asker != author:
                wanted[asker, "accepting", post["id"], None] += 1
        if post["visibility"] == "withdrawn" and post["withdrawn_by"] not in (None, author):
            wanted[author, "removed", post["id"], None] += 1
    for post, giver, _ in state.thanks:
        if state.posts[post]["visibility"] == "visible":
            wanted[state.posts[post]["author_id"], "thanks", post, giver] += 1
    abuses = {(person, post) for act, rule, person, post, _, reversed_at in state.cases
              if act == "withdraw" and rule in ("spam", "rude", "illegal") and not reversed_at and post}
    for person, post in abuses:
        wanted[person, "abuse", post, None] += 1
    return wanted


class Ledger:
    """Plays the ledger again, row by row, and says what each row should have been worth."""

    POINTS = {"accepted": 15, "accepting": 2, "thanks": 10, "removed": -5, "abuse": -100}
    PAIR_WEEK, FREE, ONE_SIDED_FROM, ONE_SIDED_PERCENT, DAILY = 3, 2, 10, 80, 200

    def __init__(self, state):
        self.state = state
        self.given = collections.defaultdict(dict)     # giver → row id → (receiver, post, at)
        self.thanked = collections.defaultdict(dict)   # receiver → row id → (at, points)

    def discount(self, giver, receiver, at):
        people = self.state.people
        if giver is None:
            return ""
        if giver == receiver:
            return "self"
        if people[giver]["role"] != "customer":
            return ""
        if self.state.persons[giver].address == self.state.persons[receiver].address:
            return "address"

        def posts(one, other, days):
            return {post for to, post, when in self.given[one].values()
                    if (other is None or to == other) and at - days * DAY < when <= at}

        # The week has no upper end; what comes later is not there yet.
        week = {post for to, post, when in self.given[giver].values()
                if to == receiver and at - 7 * DAY < when <= at}
        month, everybody = posts(giver, receiver, 30), posts(giver, None, 30)
        if len(week) >= self.PAIR_WEEK:
            return "pair"
        if len(everybody) >= self.ONE_SIDED_FROM and len(month) * 100 > len(everybody) * self.ONE_SIDED_PERCENT:
            return "one_sided"
        if len(month) >= self.FREE and len(posts(receiver, giver, 30)) >= self.FREE:
            return "reciprocal"
        return ""

    def worth(self, entry):
        _, receiver, cause, _, _, post, giver, at, _ = entry
        if cause in ("removed", "abuse"):
            return self.POINTS[cause], ""
        other = self.state.posts[post]["author_id"] if cause == "accepting" else giver
        discount = self.discount(other, receiver, at)
        points = 0 if discount else self.POINTS[cause]
        if cause == "thanks" and points:
            room = self.DAILY - sum(had for when, had in self.thanked[receiver].values()
                                    if when.date() == at.date())
            if points > room:
                return max(room, 0), "cap"
        return points, discount

    def play(self):
        for entry in self.state.entries:
            number, receiver, cause, points, discount, post, giver, at, undoes = entry
            if undoes:
                for rows in (self.given[giver], self.thanked[receiver]):
                    rows.pop(undoes, None)
                continue
            wanted = self.worth(entry)
            if (points, discount) != wanted:
                yield f"entry {number} ({cause} for {receiver} by {giver}) is worth {(points, discount)}, not {wanted}"
            if cause in ("accepted", "thanks") and giver:
                self.given[giver][number] = (receiver, post, at)
            if cause == "thanks":
                self.thanked[receiver][number] = (at, points)


def reputation(state):
    sums = collections.Counter()
    for entry in state.entries:
        sums[entry[1]] += entry[3]
    for person in state.people.values():
        yield from differ("people.reputation", person["id"], person["reputation"], sums[person["id"]])
    found = collections.Counter((entry[1], entry[2], entry[5], entry[6]) for entry in state.stand)
    wanted = causes(state)
    for key in found.keys() | wanted.keys():
        yield from differ("the ledger's rows", key, found[key], wanted[key])
    yield from Ledger(state).play()


# Trust, ranks, badges ------------------------------------------------------------------------


def figures(state, person, since=None):
    """As docs and labels say; since: only what happened from then on."""
    number = person["id"]
    begins = since or datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)
    own = [post for post in state.by_author[number] if post["visibility"] == "visible" and post["created_at"] >= begins]
    answers = [post for post in own if post["kind"] == "answer"]
    paid = [entry for entry in state.stand if entry[1] == number and entry[4] in HONEST_DISCOUNTS and entry[7] >= begins]
    accepted = sum(entry[2] == "accepted" for entry in paid)
    thanks = [entry for entry in paid if entry[2] == "thanks"]
    strangers = [post for post in answers if state.topics[post["topic_id"]]["author_id"] != number]
    visited = state.persons[number].visited
    return {
        "age_days": (state.now - person["created_at"]).days,
        "days_visited": len(visited) if since is None else sum(
            day >= (since - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)).days for day in visited),
        "questions": sum(post["kind"] == "question" for post in own), "answers": len(answers),
        "replies": sum(post["kind"] != "question" for post in own), "posts": len(own),
        "topics_answered": len({post["topic_id"] for post in strangers}),
        "accepted": accepted,
        "accepted_share": min(100, accepted * 100 // len(answers)) if len(answers) >= 5 else 0,
        "thanks": len(thanks), "thanked_by": len({entry[6] for entry in thanks}),
        "thanked_days": len({entry[7].date() for entry in thanks}),
        "thanks_given": sum(giver == number and at >= begins for _, giver, at in state.thanks),
        "solved_questions": sum(topic["author_id"] == number and topic["is_solved"] and topic["visibility"] == "visible"
                                and topic["solved_at"] >= begins for topic in state.topics.values()),
        "quick_answers": sum(post["created_at"] < state.topics[post["topic_id"]]["created_at"]
                             + datetime.timedelta(hours=1) for post in strangers),
        "categories_answered": len({state.topics[post["topic_id"]]["top_category_id"] for post in answers}),
        "best_answer_thanks": max((post["thanks_count"] for post in answers), default=0),
        "confirmed_flags": sum(entry[2] == "abuse" and entry[1] == number and entry[7] >= begins for entry in state.stand),
        "right_flags": sum(flag[0] == number and flag[2] == "agreed" and flag[3] >= begins for flag in state.flags),
        "reputation": person["reputation"], "articles": 0, "edits": 0,
    }


def meets(values, level, percent=100):
    return all(values[name] * 100 >= least * percent for name, least in LEVELS[level])


def most_ever(state, person, values):
    """The same with what was taken away since: no figure was ever higher."""
    number, more = person["id"], dict(values)
    own = state.by_author[number]
    gained = [entry for entry in state.entries if entry[1] == number and not entry[8] and entry[4] in HONEST_DISCOUNTS]
    more.update(posts=len(own), replies=sum(post["kind"] != "question" for post in own),
                questions=sum(post["kind"] == "question" for post in own),
                answers=sum(post["kind"] == "answer" for post in own),
                topics_answered=len({post["topic_id"] for post in own if post["kind"] == "answer"}),
                accepted=sum(entry[2] == "accepted" for entry in gained),
                thanks=sum(entry[2] == "thanks" for entry in gained),
                thanked_by=len({entry[6] for entry in gained if entry[2] == "thanks"}),
                thanked_days=len({entry[7].date() for entry in gained if entry[2] == "thanks"}),
                solved_questions=sum(topic["author_id"] == number for topic in state.topics.values()),
                quick_answers=sum(post["kind"] == "answer" for post in own), right_flags=10**9,
                categories_answered=len({state.topics[post["topic_id"]]["top_category_id"] for post in own}),
                best_answer_thanks=max((post["thanks_count"] for post in own), default=0), confirmed_flags=10**9)
    return more


def trust(state):
    """Levels 1 and 2 are kept, so what they were reached by is bounded from both sides."""
    window = state.now - LEVEL_3_DAYS * DAY
    for person in state.people.values():
        level, values = person["trust_level"], state.figures[person["id"]]
        recent = figures(state, person, window)
        most = most_ever(state, person, values)
        if person["role"] != "customer":
            yield from differ("the level of the team", person["id"], level, 4)
            continue
        if person["state"] == "suspended":
            yield from differ("the level of the suspended", person["id"], level, 0)
            continue
        has_abused = recent["confirmed_flags"] > FLAGS_MOST
        reached = 0
        for step in (1, 2, 3):
            if not meets(recent if step == 3 else values, step):
                break
            reached = step
        if level < min(reached, 1 if has_abused else 3):
            yield f"person {person['id']} is at level {level}, but reached {reached}"
        if level >= 1 and not meets(most, 1) or level >= 2 and not meets(most, 2) or level > 3:
            yield f"person {person['id']} is at level {level} without having reached it"
        if level == 3 and not meets(recent, 3, KEPT_PERCENT) and (
                state.now - person["trust_changed_at"] >= GRACE_DAYS * DAY):
            yield f"person {person['id']} is at level 3 without its figures"
        if has_abused and level > 1:
            yield f"person {person['id']} is at level {level} after {recent['confirmed_flags']} abuses"


def ladder(text):
    """The lines of the page of ranks: weights, and (points, conditions) from the lowest."""
    weights, ranks = {}, []
    for line in text.splitlines():
        if line.startswith("points:"):
            weights = {name: int(number) for name, number in re.findall(r"(\w+) (\d+)", line)}
        elif "|" in line:
            parts = [part.strip() for part in line.split("|")]
            needed = re.findall(r"(\w+) >= (\d+)", parts[3]) if len(parts) > 3 else []
            ranks.append((int(parts[2]), [(name, int(number)) for name, number in needed]))
    return weights, ranks


def ranks(state):
    weights, steps = ladder(state.driver.rows("select text from rank_ladders order by id desc limit 1")[0][0])
    for person in state.people.values():
        values = state.figures[person["id"]]
        points = sum(values[name] * weight for name, weight in weights.items())
        position = max(place for place, (least, needed) in enumerate(steps, 1)
                       if points >= least and all(values[name] >= number for name, number in needed))
        yield from differ("rank_points", person["id"], person["rank_points"], points)
        yield from differ("rank_position", person["id"], person["rank_position"], position)


def badges(state):
    """Whoever has the figures has the badge; whoever has the badge had the figures once."""
    given = set(state.driver.rows("select badge_id, person_id from badge_awards where taken_at is null"))
    for number, figure, threshold, days in state.driver.rows(
            "select id, figure, threshold, window_days from badges where figure is not null and is_active"):
        for person in state.people.values():
            if person["state"] not in ("active", "suspended") or figure == "night_answers":
                continue
            has = (number, person["id"]) in given
            values = state.figures[person["id"]]
            if days:
                values = figures(state, person, state.now - days * DAY)
            if values[figure] >= threshold and not has:
                yield f"person {person['id']} has not badge {number} with {figure} {values[figure]} of {threshold}"
            if has and most_ever(state, person, state.figures[person["id"]])[figure] < threshold:
                yield f"person {person['id']} has badge {number} without {figure} {threshold}"


# Experts -------------------------------------------------------------------------------------


def median(numbers):
    numbers = sorted(numbers)
    middle = (len(numbers) - 1) / 2
    low, high = numbers[int(middle)], numbers[-int(-middle // 1) if middle % 1 else int(middle)]
    return (low + high) / 2 if middle % 1 else low


def candidates(state):
    """Who might be an expert in each field, the best first, by the weights that expert.h states."""
    year = state.now - 365 * DAY
    advisor = state.story.team["advisor"][0]
    state.driver.do("visit", advisor.id, advisor.address)
    for category in state.categories:
        there = collections.defaultdict(list)
        for post in state.posts.values():
            topic = state.topics[post["topic_id"]]
            if (post["kind"] == "answer" and post["visibility"] == topic["visibility"] == "visible"
                    and post["created_at"] > year and topic["author_id"] != post["author_id"]
                    and category in (topic["category_id"], topic["top_category_id"])):
                there[post["author_id"]].append((post, topic))
        wanted = []
        for number, answers in there.items():
            person = state.people[number]
            if person["role"] == "customer" and person["state"] == "active" and person["is_ranked"]:
                wanted.append(candidate(state, number, answers, year))
        wanted.sort(key=lambda row: (-row[0], row[1]))
        wanted = sorted(((number, score) for _, number, score in wanted[:30]), key=lambda row: (-row[1], row[0]))
        found = [tuple(map(int, field.split())) for field in
                 state.driver.do("candidates", advisor.id, category)]
        if found != wanted:
            yield f"candidates of field {category}: {found[:5]}…, not {wanted[:5]}…"


def candidate(state, number, answers, year):
    ids = {post["id"] for post, _ in answers}
    paid = [entry for entry in state.stand if entry[5] in ids and entry[4] in HONEST_DISCOUNTS]
    accepted = len({entry[5] for entry in paid if entry[2] == "accepted"})
    thanks = sum(entry[2] == "thanks" for entry in paid)
    reach = len({topic["id"] for _, topic in answers})
    minutes = round(median([(post["created_at"] - topic["created_at"]).total_seconds() for post, topic in answers]) / 60)
    abuses = sum(entry[2] == "abuse" and entry[1] == number and entry[7] > year for entry in state.stand)
    since = (state.now - 90 * DAY - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)).days
    days = sum(day > since for day in state.persons[number].visited)
    share = accepted * 100 // len(answers)
    score = (min(share * 30 // 50, 30) + min(reach * 25 // 50, 25) + min(thanks * 20 // 50, 20)
             + 15 - min(minutes * 15 // 1440, 15) + min(days * 10 // 30, 10) - 25 * abuses)
    return accepted * 15 + thanks * 4 + reach, number, max(score, 0)


# The queue, the clique, the ring -------------------------------------------------------------


def queue(state):
    items = state.driver.rows("select kind, post_id, state, decision from moderation_items")
    waiting = {post for _, post, open_or_not, _ in items if open_or_not == "open"}
    for post in state.posts.values():
        if post["visibility"] == "held" and post["id"] not in waiting:
            yield f"post {post['id']} is held, and nobody is asked about it"
    decisions = {}
    for _, _, post, decision, _ in state.story.decided:
        decisions[post] = decision
    hidden_since = {post["id"] for post in state.posts.values() if post["id"] in waiting}
    for post, decision in decisions.items():
        if post in hidden_since or post not in state.posts:
            continue
        wanted = "visible" if decision == "approve" else "withdrawn"
        yield from differ("the visibility after the decision", post, state.posts[post]["visibility"], wanted)
    for person, post, expected, weight in state.story.weights:
        if abs(expected - weight) > 0.001:
            yield f"the flag of {person} on {post} weighs {weight}, not {expected:.3f}"


def clique(state, hours):
    """No two may hide more than flags.clique_posts posts before they count as one."""
    together = collections.Counter()
    for _, _, _, counted in state.story.hidden:
        members = sorted(person.id for person in counted if person.kind == "clique")
        together.update(itertools.combinations(members, 2))
    for pair, number in together.items():
        if number > 3:
            yield f"{pair} of the clique hid {number} posts together"
    for post, at, level, _ in state.story.hidden:
        if level >= 3 or state.people[state.posts[post]["author_id"]]["role"] != "customer":
            yield f"flags hid post {post} of somebody at level {level}"
        if state.story.posts[post].is_spam:
            continue
        looked = [when for _, _, decided, _, when in state.story.decided if decided == post and when >= at]
        if not looked and at < state.driver.now - hours * 3600 or looked and looked[0] - at > hours * 3600:
            yield f"post {post}, which is no spam, was hidden for more than {hours} hours"
    for member in state.story.of_kind("clique"):
        reported = [post for flagger, post, _, _ in state.story.flags if flagger is member]
        away = [post for post in reported if state.posts[post]["visibility"] != "visible"
                and not state.story.posts[post].is_spam]
        waiting = {row[0] for row in state.driver.rows("select post_id from moderation_items where state = 'open'")}
        for post in away:
            if post not in waiting:
                yield f"post {post} is gone because of the clique"


def ring(state):
    """Inside the ring no pair is paid for more than the rules leave, and moderators are told."""
    members = {person.id for person in state.story.of_kind("ring")}
    paid = collections.defaultdict(list)
    for entry in state.stand:
        if entry[2] in ("accepted", "thanks") and entry[1] in members and entry[6] in members and entry[3] > 0:
            paid[entry[6], entry[1]].append((entry[7], entry[5]))
    for (giver, receiver), acts in paid.items():
        for at, _ in acts:
            week = {post for when, post in acts if at - 7 * DAY < when <= at}
            if len(week) > 3:
                yield f"{giver} raised {receiver} for {len(week)} posts in a week"
    listed = state.driver.rows("select members from reputation_rings where state = 'open'")
    if not any(len(members & set(row[0])) >= 2 for row in listed):
        yield f"the ring {sorted(members)} is not on /mod/rings"
    for (found,) in listed:
        if not members & set(found):
            kinds = {state.persons[number].kind for number in found}
            if kinds == {"helper"} and len(found) > 4:
                yield f"so many helpers are taken for a ring: {sorted(found)}"
