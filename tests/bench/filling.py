"""Fills a forum's tables by COPY: people, categories, tags, topics and posts in
the proportions of a brand's help forum. The same numbers give the same forum.

Topics are made one after the other in the order of their times, and a reply is written
when its time has come: nothing is kept of what was written, so a million topics need no
more memory than a thousand. What is derived (counts, scores, the index) is left to the
program, which knows how; only ids and times are decided here.
"""

import datetime
import heapq
import itertools
import random
import re
import unicodedata

from words import FAMILY, GIVEN, Texts

SEED = 20261123
PEOPLE, TOPICS_FOR_A_PERSON = 5000, 20
STAFF = 60
TAGS = 300
TOP_CATEGORIES, CHILDREN = 8, 3
DAYS = 3 * 365
REPLIES_MEAN, REPLIES_MAX = 4.0, 120
SOLVED_SHARE = 0.6
DOMAIN = "bench.example"
BATCH = 5000  # topics that are written together

# Filled one after the other; a sequence goes on where its ids end.
TABLES = {
    "people": "id, name, handle, email, email_key, password_hash, role, state, trust_level, language,"
    " charter_version, charter_accepted_at, email_confirmed_at, created_at",
    "categories": "id, parent_id, slug, position, name_fr, name_en, description_fr, description_en",
    "tags": "id, name",
    "topics": "id, category_id, top_category_id, author_id, title, excerpt, language, created_at,"
    " active_at, last_number",
    "topic_tags": "topic_id, tag_id, position, created_at",
    "posts": "id, topic_id, number, kind, parent_id, author_id, body_md, body_html, created_at,"
    " accepted_at, accepted_by",
    "thanks": "post_id, person_id, created_at",
    "me_too": "topic_id, person_id, created_at",
    "follows": "person_id, kind, target_id, created_at",
}
WITH_SEQUENCE = ("people", "categories", "tags", "topics", "posts")

ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def email_of(person):
    return f"person{person}@{DOMAIN}"


def people_count(topics):
    """A larger forum has more people, who have written more."""
    return max(PEOPLE, topics // TOPICS_FOR_A_PERSON)


def slug(text):
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def line(row):
    """A row as COPY's text format has it."""
    return "\t".join("\\N" if value is None else str(value).translate(ESCAPES) for value in row) + "\n"


class Ranks:
    """Draws out of a list, the first most often: by Zipf's law, weights of 1/rank."""

    def __init__(self, values):
        self.values = list(values)
        self.weights = list(itertools.accumulate(1 / rank for rank in range(1, len(self.values) + 1)))

    def draw(self, chance, count=1):
        return chance.choices(self.values, cum_weights=self.weights, k=count)


class Filling:
    """now: a datetime, the moment up to which things happened."""

    def __init__(self, topics, now):
        self.random = random.Random(SEED)
        self.texts = Texts(self.random)
        self.topic_count, self.people = topics, people_count(topics)
        self.now = now
        self.start = now - datetime.timedelta(days=DAYS)
        self.tags = Ranks(range(1, TAGS + 1))
        self.due = []  # replies whose time has not come: (time, number of order, post)
        self.posts_made = self.posts_written = 0

    # ---- writing ---------------------------------------------------------------

    def write(self, connection):
        """As superuser. Triggers and foreign keys are off for what there is most of: their
        work is done at once afterwards."""
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute("set local entraide.importing = 'on'")
            self._copy(cursor, self.first())
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute("set local session_replication_role = replica")
            cursor.execute("set local synchronous_commit = off")
            for rows in self.batches():
                self._copy(cursor, rows)
        for table in WITH_SEQUENCE:
            connection.execute(
                f"select setval(pg_get_serial_sequence('{table}', 'id'), max(id)) from {table}"
            )

    def _copy(self, cursor, rows):
        for table in TABLES:
            if rows.get(table):
                with cursor.copy(f"copy {table} ({TABLES[table]}) from stdin") as copy:
                    copy.write("".join(map(line, rows[table])))

    # ---- what there is before the first question ---------------------------

    def first(self):
        """{table: rows} of people, categories and tags."""
        self.rows = {table: [] for table in TABLES}
        self._people()
        self._categories()
        self.rows["tags"] = [(n, f"mot-{n}") for n in range(1, TAGS + 1)]
        return self.rows

    def _people(self):
        for number in range(1, self.people + 1):
            name = f"{self.random.choice(GIVEN)} {self.random.choice(FAMILY)} {number}"
            role = "advisor" if number <= STAFF else "customer"
            email, since = email_of(number), self.start
            self.rows["people"].append(
                (number, name, slug(name), email, email, "", role, "active",
                 4 if role == "advisor" else 0, "fr", "1", since, since, since)
            )

    def _categories(self):
        children = TOP_CATEGORIES + 1
        for top in range(1, TOP_CATEGORIES + 1):
            self._category(top, None, f"Rubrique {top}")
        for top in range(1, TOP_CATEGORIES + 1):
            for number in range(1, CHILDREN + 1):
                self._category(children, top, f"Rubrique {top}.{number}")
                children += 1
        self.places = Ranks((row[0], row[1] or row[0]) for row in self.rows["categories"])

    def _category(self, number, parent, name):
        said = f"Tout ce qui touche à la {name.lower()}"
        self.rows["categories"].append(
            (number, parent, slug(name), number, name, name, said, said)
        )

    # ---- questions and what is said under them ------------------------------

    def batches(self):
        """{table: rows} after {table: rows}, each with what the next rely on; after first()."""
        self.rows = {table: [] for table in TABLES}
        for topic_id in range(1, self.topic_count + 1):
            self._topic(topic_id)
            if topic_id % BATCH == 0:
                yield self.rows
                self.rows = {table: [] for table in TABLES}
        self._write_posts(None)
        yield self.rows

    def _topic(self, topic_id):
        """Times of questions are spread evenly, ids in their order."""
        until = self.now - datetime.timedelta(minutes=10)
        place = (topic_id - self.random.random()) / self.topic_count
        asked_at = self.start + (until - self.start) * place
        self._write_posts(asked_at)
        language = "fr" if self.random.random() < 0.8 else "en"
        ((category, top),) = self.places.draw(self.random)
        asker = self._customer()
        question = self._post(topic_id, "question", None, asker, asked_at, language)
        last = self._replies(topic_id, question, language)
        title = self.texts.title(language)
        excerpt = re.sub(r"[*`\n-]+", " ", question["body"][0])[:200]
        self.rows["topics"].append(
            (topic_id, category, top, asker, title, excerpt, language, asked_at, last["at"],
             last["number"])
        )
        self._around_topic(topic_id, asker, asked_at)

    def _replies(self, topic_id, question, language):
        """Most within days of the question; the first is an answer. The latest."""
        count = min(REPLIES_MAX, int(self.random.expovariate(1 / REPLIES_MEAN) + 0.5))
        gap = datetime.timedelta(days=self.random.expovariate(1 / 2.0))
        at, answers, latest = question["at"], [], question
        for number in range(2, count + 2):
            at = min(self.now, at + gap * self.random.random() + datetime.timedelta(minutes=1))
            is_answer = not answers or self.random.random() < 0.65
            kind = "answer" if is_answer else "comment"
            parent = None if is_answer else self.random.choice([question, *answers])
            author = self._helper() if is_answer else self._customer()
            latest = self._post(topic_id, kind, parent, author, at, language, number)
            if is_answer:
                answers.append(latest)
        # Some questions have no answer at all: the others make up for them.
        if answers and self.random.random() < SOLVED_SHARE / 0.88:
            self.random.choice(answers).update(accepted_by=question["author"])
        return latest

    def _post(self, topic_id, kind, parent, author, at, language, number=1):
        body = self.texts.comment(language) if kind == "comment" else self.texts.post(language)
        post = {"topic": topic_id, "kind": kind, "parent": parent, "author": author, "at": at,
                "number": number, "body": body, "accepted_by": None}
        self.posts_made += 1
        heapq.heappush(self.due, (at, self.posts_made, post))
        return post

    def _around_topic(self, topic_id, asker, asked_at):
        count = self.random.choice((1, 1, 2, 2, 3, 4))
        for position, tag in enumerate(dict.fromkeys(self.tags.draw(self.random, count)), 1):
            self.rows["topic_tags"].append((topic_id, tag, position, asked_at))
        self.rows["follows"].append((asker, "topic", topic_id, asked_at))
        if self.random.random() < 0.2:
            for person in {self._customer() for _ in range(self.random.randint(1, 6))} - {asker}:
                self.rows["me_too"].append((topic_id, person, asked_at))

    def _write_posts(self, until):
        """Ids in the order of time, so that a topic's posts lie apart on the disk
        as they do in a forum that grew. None: all that are left."""
        while self.due and (until is None or self.due[0][0] < until):
            post = heapq.heappop(self.due)[2]
            self.posts_written += 1
            post["id"] = self.posts_written
            self.rows["posts"].append(self._post_row(post))

    def _post_row(self, post):
        if post["kind"] == "answer" and self.random.random() < 0.15:
            for person in {self._customer() for _ in range(self.random.randint(1, 4))} - {post["author"]}:
                self.rows["thanks"].append((post["id"], person, post["at"]))
        accepted_at = post["at"] if post["accepted_by"] else None
        return (post["id"], post["topic"], post["number"], post["kind"],
                post["parent"] and post["parent"]["id"], post["author"], *post["body"], post["at"],
                accepted_at, post["accepted_by"])

    # ---- chance ----------------------------------------------------------------

    def _customer(self):
        return self.random.randint(STAFF + 1, self.people)

    def _helper(self):
        """A third by the team; most of the rest by few people (1/rank, roughly)."""
        if self.random.random() < 0.33:
            return self.random.randint(1, STAFF)
        return STAFF + 1 + int((self.people - STAFF - 1) * self.random.random() ** 3)
