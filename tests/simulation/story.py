"""A year of a community: who is there, what they do and when. Everything is drawn from one
seed; every act goes through the driver, and so through the rules of the forum.
"""
import dataclasses
import heapq
import itertools
import math
import random

from client import Refused
from texts import EVERY_FAMILY, Spammer, Voices

HOUR, DAY = 3600, 86400
CATEGORIES = 6
TAGS = ["wifi", "fibre", "box", "mobile", "facture", "forfait", "television", "debit", "sim", "roaming"]
# What an act may be refused for in a living community; anything else is a fault of ours.
USUAL = {"forbidden", "gone", "not_found", "throttled", "conflict"}


@dataclasses.dataclass(eq=False)
class Person:
    id: int
    kind: str          # "helper", "regular", "asker", "spammer", "clique", "ring", or a role of the team
    address: str
    joined: float
    home: int          # the category they know best
    energy: float      # how often they do things
    visited: set = dataclasses.field(default_factory=set)
    posts: int = 0


@dataclasses.dataclass(eq=False)
class Post:
    id: int
    topic: int
    author: Person
    kind: str
    at: float
    is_spam: bool
    family: str = ""
    is_gone: bool = False


class Story:
    def __init__(self, driver, seed, people, questions, begins, days=365):
        self.driver, self.seed = driver, seed
        self.chance = random.Random(f"story {seed}")
        self.size, self.questions = people, questions
        self.begins, self.ends = begins, begins + days * DAY
        self.voices = Voices(self.chance)
        self.spammer = Spammer(self.chance, self.voices)
        self.people, self.posts, self.topics, self.asked_by = [], {}, {}, {}
        self.queue, self.order = [], itertools.count()
        self.refused, self.done = {}, {}
        self.flags, self.hidden, self.decided = [], [], []
        self.weights = []

    # ---- time ------------------------------------------------------------------------

    def later(self, seconds, act, *arguments):
        at = self.driver.now + seconds
        if at < self.ends:
            heapq.heappush(self.queue, (at, next(self.order), act, arguments))

    def on(self, at, act, *arguments):
        heapq.heappush(self.queue, (at, next(self.order), act, arguments))

    def play(self, tell):
        self.populate()
        night = 0
        while self.queue:
            at, _, act, arguments = heapq.heappop(self.queue)
            if at >= self.ends:
                break
            self.driver.at(at)
            act(*arguments)
            if (at - self.begins) // DAY >= night + 30:
                night += 30
                tell(f"day {night}: {len(self.topics)} questions, {len(self.posts)} posts, {self.driver.acts} acts")
        self.driver.at(self.ends)

    def act(self, *fields):
        """What the driver answers, or None where a rule says no."""
        try:
            answer = self.driver.do(*fields)
        except Refused as refused:
            if refused.code not in USUAL and not (refused.code == "invalid" and fields[0] in ("ask", "answer")):
                raise
            key = (fields[0], refused.code)
            self.refused[key] = self.refused.get(key, 0) + 1
            return None
        self.done[fields[0]] = self.done.get(fields[0], 0) + 1
        return answer

    # ---- who is there ----------------------------------------------------------------

    def populate(self):
        self.driver.at(self.begins)
        self.categories = [int(self.driver.do("category", f"field-{n}", f"Field {n}")[0]) for n in range(CATEGORIES)]
        self.driver.database.execute("update holding_rules set is_on = true where kind in"
                                     " ('first_posts', 'links', 'fill_time', 'similar', 'spam')")
        self.team = {role: [self.join(role, 0) for _ in range(count)]
                     for role, count in (("administrator", 1), ("moderator", 3), ("advisor", 4))}
        size = self.size
        clique, ring = max(6, size // 250), max(5, size // 300)
        for kind, count in (("helper", size * 6 // 100), ("regular", size * 14 // 100), ("spammer", max(36, size * 6 // 100)),
                            ("clique", clique), ("ring", ring)):
            for number in range(count):
                self.on(self.begins + self.join_time(kind, number), self.arrive, kind)
        askers = size - 8 - size * 20 // 100 - max(36, size * 6 // 100) - clique - ring
        for number in range(askers):
            self.on(self.begins + self.chance.random() ** 1.5 * 330 * DAY, self.arrive, "asker")
        # The worker has its turn at night, when what the clock asks for is due too.
        for number in range(365):
            self.on(self.begins + number * DAY + 2.6 * HOUR, self.work_off_jobs)
            for hour in (8.5, 17):
                self.on(self.begins + number * DAY + hour * HOUR, self.moderate)
        gap = (self.ends - self.begins) / self.questions
        for number in range(self.questions):
            self.on(self.begins + (number + self.chance.random()) * gap, self.somebody_asks)

    def join_time(self, kind, number):
        if kind in ("clique", "ring"):
            return (5 + number) * DAY
        if kind == "spammer":
            return self.chance.random() * 350 * DAY
        return self.chance.random() ** 2 * 200 * DAY

    def join(self, kind, number):
        role = kind if kind in ("administrator", "moderator", "advisor") else "customer"
        made = int(self.driver.do("person", role, f"{kind.capitalize()} {len(self.people)}")[0])
        # Two of the ring live together.
        place = len(self.people)
        if kind == "ring" and sum(person.kind == "ring" for person in self.people) == 1:
            address = next(person.address for person in self.people if person.kind == "ring")
        else:
            address = f"10.{place // 60000}.{place // 250 % 240}.{place % 250 + 1}"
        energy = {"helper": 1.0, "regular": 0.45, "clique": 0.4, "ring": 0.5}.get(kind, 0.1)
        person = Person(made, kind, address, self.driver.now, self.chance.randrange(CATEGORIES),
                        energy * self.chance.lognormvariate(0, 0.5))
        self.people.append(person)
        return person

    def of_kind(self, *kinds):
        return [person for person in self.people if person.kind in kinds]

    def arrive(self, kind):
        person = self.join(kind, 0)
        if kind == "spammer":
            # Some wait for weeks, as those do who make accounts in advance.
            wait = self.chance.choice((0.1, 0.1, 2, 30)) * DAY * self.chance.random()
            if self.chance.random() < 0.4:
                # Something harmless first, so that the first post is let through.
                self.later(wait, self.answer_something, person)
                wait += 1.5 * DAY
            for number in range(self.chance.randint(2, 6)):
                self.later(wait + number * self.chance.random() * 3 * HOUR, self.spam, person)
            return
        if kind == "ring":
            for day in range(20, 340, 9):
                self.later((day + self.chance.random()) * DAY, self.ring_turn, person)
        if kind == "clique":
            for day in range(3):
                self.later((0.05 + day) * DAY, self.answer_something, person)
            if len(self.of_kind("clique")) == 1:
                for week in range(14, 50):
                    self.later(week * 7 * DAY, self.clique_turn)
        rate = {"helper": 1.1, "regular": 2.2, "clique": 3, "ring": 3, "asker": 9}[kind]
        self.later(self.chance.random() * DAY, self.come_by, person, rate)

    def come_by(self, person, every):
        """A day here: look around, answer, thank."""
        self.visit(person)
        if person.kind in ("helper", "regular", "clique"):
            for _ in range(self.times(person.energy * (0.9 if person.kind == "helper" else 0.4))):
                self.later(self.chance.random() * 3 * HOUR, self.answer_something, person)
        if person.kind != "asker" or self.chance.random() < 0.3:
            for _ in range(self.times(0.5)):
                self.later(self.chance.random() * 3 * HOUR, self.thank_something, person)
        self.later(max(0.4, self.chance.expovariate(1 / every)) * DAY, self.come_by, person, every)

    def times(self, mean):
        """How often, for something that happens so often on average."""
        count, rest = 0, self.chance.expovariate(1)
        while rest < mean and count < 8:
            count += 1
            rest += self.chance.expovariate(1)
        return count

    def visit(self, person):
        day = int(self.driver.now // DAY)
        if day not in person.visited:
            person.visited.add(day)
            self.driver.do("visit", person.id, person.address)

    # ---- asking and answering --------------------------------------------------------

    def somebody_asks(self):
        pool = self.of_kind("asker", "asker", "regular", "clique")
        if len(pool) < 3:
            return
        self.ask(self.chance.choice(pool))

    def ask(self, person, is_spam=False, family=""):
        self.visit(person)
        tags = ", ".join(self.chance.sample(TAGS, self.chance.randint(0, 3)))
        title = self.spammer.part(["Meilleur comparatif de box et de forfait", "Service client box joignable 24h/24",
                                   "Gagner de l'argent avec sa fibre", "Qui veut faire connaissance ce soir ?",
                                   "", ""]) if is_spam else self.voices.title()
        body = self.spammer.write(family) if is_spam else self.voices.question()
        category = self.categories[person.home if self.chance.random() < 0.4 else self.chance.randrange(CATEGORIES)]
        made = self.act("ask", person.id, category, tags, self.chance.randint(4, 900), title, body)
        if not made:
            return None
        topic, post, is_held = (int(field) for field in made)
        self.topics[topic] = self.remember(post, topic, person, "question", is_spam, family)
        self.asked_by.setdefault(person.id, []).append(topic)
        if not is_spam:
            for _ in range(self.times(1.1)):
                helpers = self.of_kind("helper", "helper", "regular")
                if helpers:
                    wait = self.chance.lognormvariate(0.5, 1.4) * HOUR + (8 * HOUR if is_held else 0)
                    self.later(wait, self.answer, self.chance.choice(helpers), topic)
            self.later(self.chance.uniform(0.3, 4) * DAY, self.look_back, person, topic)
            self.later(self.chance.uniform(4, 9) * DAY, self.team_looks, topic)
        return topic

    def remember(self, post, topic, person, kind, is_spam, family=""):
        person.posts += 1
        self.posts[post] = Post(post, topic, person, kind, self.driver.now, is_spam, family)
        if is_spam:
            for _ in range(self.times(1.2)):
                self.later(self.chance.uniform(0.2, 10) * HOUR, self.flag_spam, post)
        return post

    def recent_topics(self, days=14):
        newest = []
        for topic in reversed(self.topics):
            if self.posts[self.topics[topic]].at < self.driver.now - days * DAY:
                break
            newest.append(topic)
        return newest

    def answer_something(self, person):
        topics = [topic for topic in self.recent_topics() if not self.posts[self.topics[topic]].is_spam]
        if topics:
            self.answer(person, self.chance.choice(topics))

    def answer(self, person, topic, is_spam=False, family=""):
        self.visit(person)
        body = self.spammer.write(family) if is_spam else self.voices.answer()
        made = self.act("answer", person.id, topic, self.chance.randint(2 if is_spam else 8, 600), body)
        if not made:
            return None
        post = self.remember(int(made[0]), topic, person, "answer", is_spam, family)
        if not is_spam and self.chance.random() < 0.35:
            asker = self.posts[self.topics[topic]].author
            writer = self.chance.choice((asker, self.chance.choice(self.of_kind("helper", "regular") or [asker])))
            self.later(self.chance.uniform(0.1, 20) * HOUR, self.comment, writer, post)
        return post

    def comment(self, person, post, is_spam=False, family=""):
        self.visit(person)
        body = self.spammer.write(family) if is_spam else self.voices.comment()
        made = self.act("comment", person.id, post, self.chance.randint(4, 200), body[:1900])
        return self.remember(int(made[0]), self.posts[post].topic, person, "comment", is_spam, family) if made else None

    def answers_of(self, topic):
        return [row[0] for row in self.driver.rows(
            "select id from posts where topic_id = %s and kind = 'answer' and visibility = 'visible'", topic)]

    def look_back(self, person, topic):
        """The asker comes again, accepts what helped and says thanks."""
        self.visit(person)
        answers = [post for post in self.answers_of(topic) if not self.posts[post].is_spam]
        others = [post for post in answers if self.posts[post].author is not person]
        if others and self.chance.random() < 0.55:
            best = self.chance.choice(others)
            if self.act("accept", person.id, best) is not None and self.chance.random() < 0.7:
                self.act("thank", person.id, best)
        elif others and self.chance.random() < 0.4:
            self.act("thank", person.id, self.chance.choice(others))

    def team_looks(self, topic):
        """An advisor accepts for an asker who stays silent; somebody else has the problem too."""
        rows = self.driver.rows("select is_solved from topics where id = %s and visibility = 'visible'", topic)
        if not rows:
            return
        if not rows[0][0] and self.chance.random() < 0.15:
            advisor = self.chance.choice(self.team["advisor"])
            answers = [post for post in self.answers_of(topic) if not self.posts[post].is_spam]
            if answers:
                self.visit(advisor)
                self.act("accept", advisor.id, self.chance.choice(answers))
        if self.chance.random() < 0.3:
            self.later(self.chance.random() * DAY, self.join_in, self.chance.choice(self.people), topic)

    def join_in(self, person, topic):
        self.visit(person)
        self.act("me_too", person.id, topic)

    def thank_something(self, person):
        topics = self.recent_topics(20)
        if not topics:
            return
        self.visit(person)
        answers = [post for post in self.answers_of(self.chance.choice(topics))
                   if not self.posts[post].is_spam and self.posts[post].author is not person]
        if answers:
            self.act("thank", person.id, self.chance.choice(answers))

    # ---- those who do harm -----------------------------------------------------------

    def spam(self, person):
        family = self.chance.choice(EVERY_FAMILY)
        topics = self.recent_topics()
        dice = self.chance.random()
        if dice < 0.35 or not topics:
            self.ask(person, True, family)
        elif dice < 0.85:
            self.answer(person, self.chance.choice(topics), True, family)
        else:
            self.comment(person, self.topics[self.chance.choice(topics)], True, family)

    def ring_turn(self, person):
        """One asks, another answers, all the others are enthusiastic."""
        others = [other for other in self.of_kind("ring") if other is not person]
        if len(others) < 2:
            return
        topic = self.ask(person)
        if topic:
            self.later(10 * HOUR, self.ring_answer, self.chance.choice(others), person, topic)

    def ring_answer(self, person, asker, topic):
        post = self.answer(person, topic)
        if not post:
            return
        self.later(HOUR, self.ring_thank, asker, post, True)
        for other in self.of_kind("ring"):
            if other not in (person, asker):
                self.later(self.chance.uniform(1, 9) * HOUR, self.ring_thank, other, post, False)

    def ring_thank(self, person, post, is_asker):
        self.visit(person)
        if is_asker:
            self.act("accept", person.id, post)
        self.act("thank", person.id, post)

    def clique_turn(self):
        """All of them report the same three posts of people who help."""
        members = self.of_kind("clique")
        honest = [post for post in self.posts.values() if post.at > self.driver.now - 10 * DAY and not post.is_spam
                  and post.kind == "answer" and post.author.kind in ("helper", "regular")]
        for victim in self.chance.sample(honest, min(3, len(honest))):
            for place, member in enumerate(members):
                self.later(HOUR + place * 120, self.flag, member, victim.id, "wrong")

    def flag_spam(self, post):
        finders = self.of_kind("helper", "regular")
        if finders:
            self.flag(self.chance.choice(finders), post, "spam")

    def flag(self, person, post, reason):
        self.visit(person)
        expected = self.flag_weight(person)
        before = self.driver.rows("select visibility from posts where id = %s", post)[0][0]
        if self.act("flag", person.id, post, reason) is None:
            return
        row = self.driver.rows("select weight, is_counted from flags where post_id = %s and person_id = %s"
                               " order by id desc limit 1", post, person.id)[0]
        self.weights.append((person.id, post, expected, row[0]))
        self.flags.append((person, post, reason, self.driver.now))
        after = self.driver.rows("select visibility from posts where id = %s", post)[0][0]
        if before == "visible" and after == "held":
            level = self.driver.rows("select trust_level, role from people where id = %s",
                                     self.posts[post].author.id)[0]
            counted = {row[0] for row in self.driver.rows(
                "select person_id from flags where post_id = %s and state = 'open' and is_counted", post)}
            flaggers = {flag[0] for flag in self.flags if flag[1] == post and flag[0].id in counted}
            self.hidden.append((post, self.driver.now, level[0], flaggers))

    def flag_weight(self, person):
        """The field guide's arithmetic, worked out here."""
        level, role = self.driver.rows("select trust_level, role from people where id = %s", person.id)[0]
        states = [row[0] for row in self.driver.rows("select state from flags where person_id = %s", person.id)]
        right, wrong = states.count("agreed"), states.count("disagreed")
        bonus = 0.0
        if right + wrong > 5:
            share = right / (right + wrong)
            distance = (share - 0.7) / (0.3 if share >= 0.7 else 0.7)
            bonus = distance * 5 * math.log(right + wrong, 4)
        return max(0.0, 1 + (level if role == "customer" else 5) + bonus)

    # ---- the team --------------------------------------------------------------------

    def work_off_jobs(self):
        self.driver.do("jobs")

    def moderate(self):
        """Works off the queue, the most urgent first, as in /mod."""
        moderator = self.chance.choice(self.team["moderator"])
        self.visit(moderator)
        for _ in range(400):
            item = int(self.driver.do("next", moderator.id)[0])
            if item == 0:
                return
            kind, post = self.driver.rows("select kind, post_id from moderation_items where id = %s", item)[0]
            is_spam = post in self.posts and self.posts[post].is_spam
            decision = "approve"
            if is_spam:
                decision = "suspend" if self.chance.random() < 0.3 else "withdraw"
            self.driver.do("decide", moderator.id, item, decision, "spam" if is_spam else "other", "")
            self.decided.append((item, kind, post, decision, self.driver.now))
            # Nobody decides in no time.
            self.driver.at(self.driver.now + 20)
