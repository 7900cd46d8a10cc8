#!/usr/bin/env python3
"""Checks the demo community before anybody sees it.

The files beside this script are written by hand, and a wrong key or an answer
older than its question only shows up as a strange page. So every rule of
README.md is checked here, with the standard library alone. One line per fault;
the exit status is 1 if there was any.
"""

import collections
import json
import pathlib
import re
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree

DEMO = pathlib.Path(__file__).resolve().parent
THEME = DEMO.parent / "theme"

PEOPLE = 25
ROLES = {"customer", "advisor", "moderator", "administrator"}
# At least this many of each; the rest of the program counts on these keys.
ROLE_MINIMUM = {"administrator": 1, "moderator": 1, "advisor": 4}
FIXED_KEYS = {
    "admin": "administrator", "mod": "moderator", "advisor": "advisor",
    "customer": "customer", "english": "customer",
}
ICONS = {
    "box", "mobile", "invoice", "tv", "fibre", "account", "phone", "shop",
    "idea", "community", "security", "email",
}
LANGUAGES = {"fr", "en"}
STAGES = {"proposed", "study", "planned", "done", "no"}
MAIL_DOMAINS = {"example.org", "example.com", "demo.example"}
DOCUMENTS = ["charter", "about", "legal"]

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# As people write them, accents and all.
TAG = re.compile(r"[a-z0-9à-öø-ÿœ]+(-[a-z0-9à-öø-ÿœ]+)*")
PERSON_NAME = re.compile(r"[^\W_][\w-]{0,38}[^\W_]")
MENTION = re.compile(r"(?<![\w.])@(\w+(?:-\w+)*)")
TASK_ITEM = re.compile(r"^- \[[ x]\] ", re.MULTILINE)
TABLE_RULE = re.compile(r"^\|[ :|-]*-[ :|-]*\|$", re.MULTILINE)
LINK_TARGET = re.compile(r"\]\(([^)\s]*)[^)]*\)")
BARE_URL = re.compile(r"https?://[^\s)>]+|\bwww\.\S+")
PHONE_NUMBER = re.compile(r"(?<![\d.])(?:\+33|0)[ .]?[1-9](?:[ .-]?\d{2}){4}")
RAW_HTML = re.compile(r"<[a-zA-Z/!][^>]*>")

# What the program refuses from people, the demo does not contain either.
TITLE_MIN, TITLE_MAX = 15, 150
POST_MIN, POST_MAX_BYTES = 20, 32_000
COMMENT_MIN, COMMENT_MAX_BYTES = 5, 2_000
BIO_MAX_BYTES = 4_000
TAGS_MAX, TAG_MAX = 5, 35
REASON_MAX = 200

faults = []


def fault(where, message):
    faults.append(f"{where}: {message}")


def load(path):
    """The JSON in a file, or None after a fault; refuses doubled keys."""
    def unique(pairs):
        keys = [key for key, _ in pairs]
        for key, count in collections.Counter(keys).items():
            if count > 1:
                fault(path.name, f"the key {key!r} stands twice in one object")
        return dict(pairs)

    try:
        text = path.read_text(encoding="utf-8")
        check_characters(path.name, text)
        return json.loads(text, object_pairs_hook=unique)
    except (OSError, ValueError) as error:
        fault(path.name, str(error))
        return None


def check_characters(where, text):
    if unicodedata.normalize("NFC", text) != text:
        fault(where, "not in Unicode normal form C")
    for character in set(text) - {"\n", "\t"}:
        category = unicodedata.category(character)
        if category in {"Cc", "Co", "Cs", "Cn"} or character == "\ufffd":
            fault(where, f"forbidden character U+{ord(character):04X}")


def check_keys(where, record, required, optional=()):
    if not isinstance(record, dict):
        fault(where, "an object was expected")
        return False
    missing = set(required) - set(record)
    unknown = set(record) - set(required) - set(optional)
    if missing:
        fault(where, f"missing: {', '.join(sorted(missing))}")
    if unknown:
        fault(where, f"unknown: {', '.join(sorted(unknown))}")
    return not missing


def is_line(value):
    return isinstance(value, str) and "\n" not in value


def check_number(where, value, low, high):
    # bool is an int to Python, but not to a reader of JSON.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        fault(where, f"{value!r} is not a number")
        return False
    if not low <= value <= high:
        fault(where, f"{value} is not between {low} and {high}")
        return False
    return True


# ---- brand, categories, people ----------------------------------------

def check_brand():
    brand = load(DEMO / "brand.json")
    required = ["name", "tagline_fr", "tagline_en", "contact_email"]
    if not brand or not check_keys("brand", brand, required, ["operator"]):
        return
    for key, value in brand.items():
        if not is_line(value) or not value.strip():
            fault("brand", f"{key} is empty or not one line")
    check_address("brand", brand["contact_email"])


def check_address(where, address):
    name, _, domain = str(address).partition("@")
    if not name or domain not in MAIL_DOMAINS:
        fault(where, f"{address!r} is not an address for examples")


def read_categories():
    """The slugs, each with the slug of its top-level category."""
    tops = load(DEMO / "categories.json") or []
    parents = {}
    if not 6 <= len(tops) <= 10:
        fault("categories", f"{len(tops)} at the top, about 8 expected")
    for top in tops:
        children = top.pop("children", [])
        for category in [top, *children]:
            check_category(category, parents)
            parents[category.get("slug")] = top.get("slug")
    return parents


def check_category(category, seen):
    where = f"category {category.get('slug')}"
    texts = ["name_fr", "name_en", "description_fr", "description_en"]
    if not check_keys(where, category, ["slug", "icon", *texts], ["purpose"]):
        return
    if not SLUG.fullmatch(category["slug"]):
        fault(where, "not a slug")
    if category["slug"] in seen:
        fault(where, "the slug is taken twice")
    if category["icon"] not in ICONS:
        fault(where, f"no icon named {category['icon']!r}")
    for key in texts:
        if not is_line(category[key]) or not category[key].strip():
            fault(where, f"{key} is empty or not one line")


def read_people():
    people = {}
    names, addresses = set(), set()
    for person in load(DEMO / "people.json") or []:
        where = f"person {person.get('key')}"
        required = ["key", "name", "email", "role", "language", "bio",
                    "joined_days_ago"]
        if not check_keys(where, person, required, ["title"]):
            continue
        check_person(where, person)
        for value, seen in ((person["key"], people),
                            (person["name"].casefold(), names),
                            (person["email"].casefold(), addresses)):
            if value in seen:
                fault(where, f"{value!r} is taken twice")
        names.add(person["name"].casefold())
        addresses.add(person["email"].casefold())
        people[person["key"]] = person
    check_roles(people)
    return people


def check_person(where, person):
    if not SLUG.fullmatch(person["key"]):
        fault(where, "the key is not a slug")
    if not PERSON_NAME.fullmatch(person["name"]):
        fault(where, f"{person['name']!r} cannot be mentioned with @")
    if person["role"] not in ROLES:
        fault(where, f"no role named {person['role']!r}")
    if person["language"] not in LANGUAGES:
        fault(where, f"no language named {person['language']!r}")
    if person["role"] != "customer" and not person.get("title"):
        fault(where, "staff need a title")
    check_address(where, person["email"])
    check_number(where, person["joined_days_ago"], 1, 600)
    if person["bio"]:
        check_body(where, person["bio"], 1, BIO_MAX_BYTES)


def check_roles(people):
    if len(people) != PEOPLE:
        fault("people", f"{len(people)}, {PEOPLE} expected")
    for key, role in FIXED_KEYS.items():
        if people.get(key, {}).get("role") != role:
            fault("people", f"{key} must be there, with the role {role}")
    counts = collections.Counter(p["role"] for p in people.values())
    for role, least in ROLE_MINIMUM.items():
        if counts[role] < least:
            fault("people", f"{counts[role]} with the role {role}, {least} expected")
    languages = [p["language"] for p in people.values() if p["role"] == "customer"]
    if not LANGUAGES <= set(languages):
        fault("people", "customers of both languages expected")


# ---- texts --------------------------------------------------------------

def check_body(where, lines, least=POST_MIN, most_bytes=POST_MAX_BYTES):
    """Faults of a Markdown body; returns its text without code."""
    if not isinstance(lines, list) or not all(is_line(line) for line in lines):
        fault(where, "the body is not a list of lines")
        return ""
    text = "\n".join(lines)
    if not text.strip() or not lines[0].strip() or not lines[-1].strip():
        fault(where, "the body is empty, or begins or ends with an empty line")
    if len(text) < least or len(text.encode()) > most_bytes:
        fault(where, f"a body of {len(text)} characters")
    if any(line != line.rstrip() for line in lines):
        fault(where, "blanks at the end of a line")
    if text.count("```") % 2:
        fault(where, "a code block is not closed")
    if PHONE_NUMBER.search(text) or re.search(r"\bFR\d{2}\b", text):
        fault(where, "looks like a real telephone number or bank account")
    prose = without_code(text)
    if RAW_HTML.search(prose):
        fault(where, "raw HTML")
    check_links(where, prose)
    return prose


def without_code(text):
    return re.sub(r"`[^`]*`", "", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def check_links(where, prose):
    targets = LINK_TARGET.findall(prose)
    for target in targets + BARE_URL.findall(prose):
        is_relative = re.match(r"[/#](?!/)", target)
        is_example = target.startswith("https://example.com/")
        if not is_relative and not is_example:
            fault(where, f"a link to {target!r} leads out of the demo")


class Checker:
    """Walks over the threads with what they refer to at hand."""

    def __init__(self, parents, people):
        self.parents = parents
        self.people = people
        self.names = {p["name"] for p in people.values()}

    def post(self, where, post, not_before=None, limits=()):
        """The part all kinds of post share; not_before: age of its parent."""
        author = self.people.get(post["author"])
        if not author:
            fault(where, f"no person with the key {post['author']!r}")
        prose = check_body(where, post["body"], *limits)
        for name in MENTION.findall(prose):
            if name not in self.names:
                fault(where, f"nobody is called @{name}")
        if not check_number(where, post["hours_ago"], 0.1, 24 * 430):
            return
        if not_before is not None and post["hours_ago"] >= not_before:
            fault(where, f"{post['hours_ago']} h ago, not after what it is about")
        if author and post["hours_ago"] >= 24 * author["joined_days_ago"]:
            fault(where, f"{post['author']} had not joined yet")

    def keys(self, where, kind, keys, author):
        if not isinstance(keys, list):
            fault(where, f"{kind} is not a list")
            return
        for key, count in collections.Counter(keys).items():
            if key not in self.people:
                fault(where, f"{kind}: no person with the key {key!r}")
            if count > 1:
                fault(where, f"{kind}: {key} stands there twice")
            if key == author:
                fault(where, f"{kind}: {key} wrote it")

    def comments(self, where, parent):
        age = parent["hours_ago"]
        for number, comment in enumerate(parent.get("comments", []), 1):
            here = f"{where}, comment {number}"
            if not check_keys(here, comment, ["author", "body", "hours_ago"]):
                continue
            self.post(here, comment, parent["hours_ago"],
                      (COMMENT_MIN, COMMENT_MAX_BYTES))
            if comment["hours_ago"] > age:
                fault(here, "the comments are not in order of time")
            age = comment["hours_ago"]

    def answer(self, where, answer, question):
        optional = ["accepted", "thanks", "edited", "comments"]
        if not check_keys(where, answer, ["author", "body", "hours_ago"], optional):
            return
        self.post(where, answer, question["hours_ago"])
        self.keys(where, "thanks", answer.get("thanks", []), answer["author"])
        if not isinstance(answer.get("accepted", False), bool):
            fault(where, "accepted is neither true nor false")
        self.comments(where, answer)
        edit = answer.get("edited")
        if edit and check_keys(f"{where}, edit", edit, ["hours_ago", "body", "reason"]):
            as_post = {"author": answer["author"], **edit}
            self.post(f"{where}, edit", as_post, answer["hours_ago"])
            if edit["body"] == answer["body"]:
                fault(where, "an edit without a change")
            if not 1 <= len(edit["reason"]) <= REASON_MAX:
                fault(where, "an edit without a short reason")

    def stages(self, where, thread):
        """What the team makes of an idea, oldest first."""
        age = thread["hours_ago"]
        for stage in thread.get("stages", []):
            if not check_keys(where, stage, ["by", "stage", "hours_ago", "reason"]):
                continue
            if thread["category"] != "idees" or stage["stage"] not in STAGES:
                fault(where, "has a stage that is none")
            if stage["by"] not in self.people or not is_line(stage["reason"]):
                fault(where, "has a stage of nobody, or without a reason")
            if stage["hours_ago"] > age:
                fault(where, "has stages that are not in order of time")
            age = stage["hours_ago"]

    def poll(self, where, poll):
        if poll is None or not check_keys(where, poll, ["question", "choices", "shows", "open_days", "votes"], ["multiple"]):
            return
        if not 2 <= len(poll["choices"]) <= 10 or poll["shows"] not in ("always", "voted", "closed"):
            fault(where, "has a poll that is none")
        for person, chosen in poll["votes"].items():
            if person not in self.people or not set(chosen) <= set(range(1, len(poll["choices"]) + 1)):
                fault(where, f"has a vote of {person} that is none")
            if len(chosen) != 1 and not poll.get("multiple"):
                fault(where, f"has too many votes of {person}")

    def thread(self, where, thread, top):
        required = ["category", "language", "author", "title", "body", "tags",
                    "hours_ago", "answers"]
        optional = ["me_too", "state", "followers", "comments", "acts", "stages", "poll"]
        if not check_keys(where, thread, required, optional):
            return
        if self.parents.get(thread["category"]) != top:
            fault(where, f"{thread['category']} is not a category of {top}")
        if thread["language"] not in LANGUAGES:
            fault(where, f"no language named {thread['language']!r}")
        check_title(where, thread["title"])
        check_tags(where, thread["tags"])
        self.post(where, thread)
        for kind in ("me_too", "followers"):
            self.keys(where, kind, thread.get(kind, []), thread["author"])
        self.comments(where, thread)
        self.stages(where, thread)
        self.poll(where, thread.get("poll"))
        age = thread["hours_ago"]
        for number, answer in enumerate(thread["answers"], 1):
            self.answer(f"{where}, answer {number}", answer, thread)
            if answer["hours_ago"] > age:
                fault(f"{where}, answer {number}", "not in order of time")
            age = answer["hours_ago"]


def check_title(where, title):
    if not is_line(title) or title != title.strip():
        fault(where, "the title is not one clean line")
    elif not TITLE_MIN <= len(title) <= TITLE_MAX:
        fault(where, f"a title of {len(title)} characters")


def check_tags(where, tags):
    if len(tags) > TAGS_MAX or len(set(tags)) != len(tags):
        fault(where, "too many tags, or one twice")
    for tag in tags:
        if not TAG.fullmatch(tag) or len(tag) > TAG_MAX:
            fault(where, f"{tag!r} is not a tag")


# ---- the threads as a whole -----------------------------------------------

def read_threads(checker):
    threads = []
    tops = set(checker.parents.values())
    files = {path.stem: path for path in (DEMO / "threads").glob("*.json")}
    for stem in sorted(tops ^ set(files)):
        fault("threads", f"one file per top-level category: {stem}")
    for stem, path in sorted(files.items()):
        for number, thread in enumerate(load(path) or [], 1):
            checker.thread(f"{path.name} {number}", thread, stem)
            threads.append(thread)
    return threads


def check_states(threads):
    by_title = collections.Counter(thread["title"] for thread in threads)
    originals = {t["title"]: t for t in threads}
    for title, count in by_title.items():
        if count > 1:
            fault("threads", f"{count} are called {title!r}")
    for thread in threads:
        state = thread.get("state")
        if state is None or state in ("needs_information", "closed"):
            continue
        original = state.get("duplicate_of") if isinstance(state, dict) else None
        if original not in originals or original == thread["title"]:
            fault(thread["title"], f"no such state: {state!r}")
        elif originals[original]["hours_ago"] <= thread["hours_ago"]:
            fault(thread["title"], "a duplicate is older than its original")


def check_acts(threads):
    titles = {thread["title"] for thread in threads}
    for thread in threads:
        acts = thread.get("acts", {})
        if "joined_with" in acts and acts["joined_with"] not in titles - {thread["title"]}:
            fault(thread["title"], "is joined with no thread")
        if acts.get("pinned", "category") not in ("category", "everywhere"):
            fault(thread["title"], "is on top of no list")
        split = acts.get("split", {"answers": [], "title": "a title long enough"})
        if not all(0 <= index < len(thread["answers"]) for index in split["answers"]):
            fault(thread["title"], "has no such answer to split off")


def count_accepted(thread):
    return sum(answer.get("accepted", False) for answer in thread["answers"])


def measure(threads):
    """What the demo has to show, as name: (what there is, least, most)."""
    total = len(threads) or 1
    solved = [t for t in threads if count_accepted(t)]
    unanswered = [t for t in threads if not t["answers"]]
    ages = [t["hours_ago"] for t in threads] or [0]
    states = collections.Counter(
        "duplicate" if isinstance(t.get("state"), dict) else t.get("state")
        for t in threads)
    texts = ["\n".join(post["body"]) for t in threads for post in [t, *t["answers"]]]

    def share(count):
        return round(100 * count / total)

    return {
        "threads": (len(threads), 60, 200),
        "threads in English": (sum(t["language"] == "en" for t in threads), 10, 30),
        "% solved": (share(len(solved)), 50, 70),
        "% unanswered": (share(len(unanswered)), 10, 20),
        "% answered, unsolved":
            (share(total - len(solved) - len(unanswered)), 12, 30),
        "with two accepted answers": (sum(count_accepted(t) > 1 for t in threads), 2, 9),
        "answers in the longest": (max((len(t["answers"]) for t in threads), default=0), 26, 60),
        "needing information": (states["needs_information"], 1, 9),
        "closed": (states["closed"], 1, 9),
        "duplicates": (states["duplicate"], 2, 9),
        "edited answers": (sum("edited" in a for t in threads for a in t["answers"]), 2, 20),
        "with a table": (sum(bool(TABLE_RULE.search(x)) for x in texts), 2, 50),
        "with a task list": (sum(bool(TASK_ITEM.search(x)) for x in texts), 1, 50),
        "with a code block": (sum("```" in x for x in texts), 3, 50),
        "with a quote": (sum("\n> " in x for x in texts), 1, 50),
        "with a mention": (sum(bool(MENTION.search(without_code(x))) for x in texts), 3, 99),
        "with a link": (sum(bool(LINK_TARGET.search(x)) for x in texts), 2, 50),
        "hours since the newest": (min(ages), 0.1, 1),
        "days since the oldest": (round(max(ages) / 24), 330, 430),
        "% of the last three days": (share(sum(a <= 72 for a in ages)), 20, 60),
    }


def check_amounts(threads):
    for name, (found, least, most) in measure(threads).items():
        print(f"{found:>8} {name}")
        if not least <= found <= most:
            fault("threads", f"{found} {name}: between {least} and {most} expected")


# ---- documents and drawings ------------------------------------------------

def check_documents():
    for name in DOCUMENTS:
        for language in sorted(LANGUAGES):
            path = DEMO / f"{name}.{language}.md"
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, ValueError) as error:
                fault(path.name, str(error))
                continue
            check_characters(path.name, text)
            check_body(path.name, text.rstrip("\n").split("\n"))
            if not text.startswith("# "):
                fault(path.name, "does not open with a title")


def check_drawings():
    """A logo comes from many hands: no scripts, nothing loaded from outside."""
    for name in ("logo.svg", "favicon.svg"):
        try:
            root = ElementTree.parse(THEME / name).getroot()
        except (OSError, ElementTree.ParseError) as error:
            fault(name, str(error))
            continue
        if not root.get("viewBox"):
            fault(name, "has no viewBox")
        for element in root.iter():
            tag = element.tag.rpartition("}")[2]
            if tag in {"script", "foreignObject", "image", "use", "style", "a"}:
                fault(name, f"holds a {tag} element")
            for attribute, value in element.attrib.items():
                plain = attribute.rpartition("}")[2]
                outside = "url(" in value and "url(#" not in value
                if plain.startswith("on") or plain == "href" or outside:
                    fault(name, f"the attribute {plain} is not allowed")


def main():
    check_brand()
    parents = read_categories()
    people = read_people()
    threads = read_threads(Checker(parents, people))
    # Counting needs threads of the right shape.
    if not faults:
        check_states(threads)
        check_acts(threads)
        check_amounts(threads)
    check_documents()
    check_drawings()
    for line in faults:
        print(line, file=sys.stderr)
    print(f"demo: {len(faults)} faults" if faults else "demo: all well")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
