#!/usr/bin/python3
"""Random stories from a seed, played in steps over the control interface.

    scenario = Scenario(control, seed=42, steps=80)
    for step in scenario.play():    # each step is done when it is yielded
        …                           # kill -9 somebody, look, go on
    state = scenario.settle()       # trouble over, everything delivered: the truth

The same seed and steps give the same story, printed line by line. On the command line:

    scenario.py --seed 42                            with a fake of its own, to read a story
    scenario.py --seed 42 --control http://127.0.0.1:8182 --pause 0.2
"""
import argparse
import json
import pathlib
import random
import sys
import time

if not __package__:
    sys.path[0] = str(pathlib.Path(__file__).resolve().parents[1])
    from graph.client import Control, ControlRefused, FakeGraph
else:
    from .client import Control, ControlRefused, FakeGraph

PEOPLE = ("Ana Ødegård", "Ivo 🚲 Łącki", "نورا الحسن", "Tom O’Hara <b>", "Zoé", "Karim", "陈伟", "Léa",
          "Marc", "Inès")
WORDS = ("bonjour", "la box", "redémarre", "encore", "ce matin", "merci", "fibre", "facture", "🙂",
         "à Nantes", "depuis hier", "le Wi-Fi", "coupe", "👍🏽", "pourquoi ?", "résolu", "toujours pas")
ODD_TEXTS = (
    "<script>alert(1)</script> [url=javascript:alert(1)]x[/url] **gras** & \"guillemets\"",
    "\u202egnp.exe à l’envers", "👩‍👩‍👧‍👦 🏳️‍🌈", "première ligne\n\n\nquatrième   ligne\t!",
    "https://example.org/a?b=c&d=%C3%A9#f", "@[123456] {{ modèle }} ${x} %s", "é" * 3000, "0",
    "# pas un titre\n- pas une liste\n> pas une citation\n```\npas du code",
)
# What PostgreSQL and UTF-8 cannot hold; a mirror shows U+FFFD instead.
UNSTORABLE_TEXTS = ("zéro \x00 octet", "demi \ud83d caractère")
CLOCK = 1_790_000_000  # of a story without a fake running: it reads the same every time
REACTIONS = ("LIKE", "LOVE", "WOW", "HAHA", "SAD", "ANGRY", "CARE")
READ_FAULTS = (
    {"status": 500, "body": {"error": {"message": "An unknown error occurred", "code": 1,
                                       "type": "OAuthException", "is_transient": True}}},
    {"status": 503, "body": {"error": {"message": "Service temporarily unavailable", "code": 2,
                                       "type": "OAuthException", "is_transient": True}}},
    {"status": 200, "body": "Service Unavailable"},
    {"kind": "garbage"}, {"kind": "close-before"}, {"kind": "truncate-body"}, {"delay": 0.3},
)
PAGING_FAULTS = tuple({"paging": kind} for kind in ("empty_with_next", "short", "repeat_item"))
WRITE_FAULTS = ({"kind": "close-before"}, {"kind": "close-after-commit"},
                {"kind": "500-after-commit"}, {"kind": "success-without-id"}, {"delay": 0.3})
THROTTLE = {"status": 429, "body": {"error": {
    "message": "(#4) Application request limit reached", "code": 4, "type": "OAuthException",
    "is_transient": True}}}
# Kinds of steps and how often they come.
WEIGHTS = {"post": 8, "visitor_post": 6, "comment": 26, "reply": 16, "page_answer": 8, "edit": 10,
           "hide": 5, "unhide": 4, "remove": 6, "remove_post": 1, "reaction": 6, "read_fault": 5,
           "paging_fault": 3, "write_fault": 3, "throttle": 1, "pause": 3, "resume": 4, "shuffle": 3,
           "duplicate": 3, "token_death": 1, "token_renewal": 3}


class Scenario:
    """control: a client.Control. without: kinds of steps that never come.

    lose: the share of acts whose webhook never comes. A lost removal can only be
    concluded after a day (nothing tells it apart from lost permission), so removals
    are announced unless lose_removals.
    """

    def __init__(self, control, seed, *, steps=80, lose=0.15, lose_removals=False, without=(),
                 unstorable=False, say=None):
        self.control = control
        self.seed = seed
        self.steps = steps
        self.lose = lose
        self.lose_removals = lose_removals
        self.say = say or (lambda line: print(line, flush=True))
        self.chance = random.Random(seed)
        self.weights = {kind: weight for kind, weight in WEIGHTS.items() if kind not in without}
        self.texts = ODD_TEXTS + (UNSTORABLE_TEXTS if unstorable else ())
        self.posts = []      # ids that may still be there
        self.comments = {}   # id → the post's id
        self.hidden = []
        self.number = 0

    # The story

    def play(self):
        """Yields one line for each step, after it was done."""
        yield self.tell("two posts to begin with", self.post, self.visitor_post)
        kinds, weights = list(self.weights), list(self.weights.values())
        while self.number < self.steps:
            kind = self.chance.choices(kinds, weights)[0]
            yield self.tell(None, getattr(self, kind))

    def tell(self, title, *acts):
        self.number += 1
        said = []
        for act in acts:
            try:
                said.append(act())
            except ControlRefused as error:  # the client under test removed it meanwhile
                said.append(f"{act.__name__}: {error}")
        line = f"seed {self.seed} step {self.number}: " + (f"{title}: " if title else "") + "; ".join(said)
        self.say(line)
        return line

    def settle(self):
        """Ends all trouble, delivers what waits, and returns the public state."""
        self.control.do("faults/clear")
        self.control.do("token/renew")
        found = self.control.do("webhooks/flush", retry_now=True)
        self.say(f"seed {self.seed} settled: {found.get('delivered', 0)} deliveries, "
                 f"{found['waiting']} still refused")
        return self.control.get("state")

    # Choices

    def text(self):
        if self.chance.random() < 0.12:
            return self.chance.choice(self.texts)
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(2, 12))) + f" ({self.number})"

    def person(self):
        return self.chance.choice(PEOPLE)

    def is_lost(self, removal=False):
        lost = self.chance.random() < self.lose
        return lost and (self.lose_removals or not removal)

    def do(self, name, words, lost, **arguments):
        found = self.control.do(name, silent=lost, **arguments)
        return found, words + (" [webhook lost]" if lost else "")

    def any_comment(self):
        return self.chance.choice(list(self.comments)) if self.comments else None

    # People's acts

    def post(self):
        photos = self.chance.choice((0, 0, 0, 1, 2))
        found, words = self.do("post", f"the Page posts with {photos} photos", self.is_lost(),
                               message=self.text(), photos=photos)
        self.posts.append(found["id"])
        return f"{words}: {found['id']}"

    def visitor_post(self):
        who = self.person()
        found, words = self.do("post", f"{who} posts", self.is_lost(), message=self.text(), who=who)
        self.posts.append(found["id"])
        return f"{words}: {found['id']}"

    def comment(self):
        if not self.posts:
            return self.post()
        return self.comment_on(self.chance.choice(self.posts[-6:]), self.person())

    def reply(self):
        target = self.any_comment()
        return self.comment_on(target, self.person()) if target else self.comment()

    def page_answer(self):
        target = self.any_comment()
        return self.comment_on(target, "page") if target else self.comment()

    def comment_on(self, target, who):
        photo = "jpeg" if self.chance.random() < 0.06 else None
        text = "" if photo and self.chance.random() < 0.5 else self.text()
        found, words = self.do("comment", f"{who} comments on {target}", self.is_lost(),
                               target=target, message=text, who=who, photo=photo)
        self.comments[found["id"]] = self.comments.get(target, target)
        return f"{words}: {found['id']}" + (" with a photo" if photo else "")

    def edit(self):
        things = self.posts + list(self.comments)
        if not things:
            return self.post()
        target = self.chance.choice(things)
        _, words = self.do("edit", f"edit of {target}", self.is_lost(), id=target, message=self.text())
        return words

    def hide(self):
        target = self.chance.choice(list(self.comments) + self.posts[-2:]) if self.posts else None
        if target is None:
            return self.post()
        self.hidden.append(target)
        _, words = self.do("hide", f"the Page hides {target}", self.is_lost(), id=target)
        return words

    def unhide(self):
        if not self.hidden:
            return self.comment()
        target = self.hidden.pop(self.chance.randrange(len(self.hidden)))
        _, words = self.do("unhide", f"the Page unhides {target}", self.is_lost(), id=target)
        return words

    def remove(self):
        target = self.any_comment()
        if target is None:
            return self.comment()
        del self.comments[target]
        _, words = self.do("delete", f"removal of {target}", self.is_lost(removal=True), id=target)
        return words

    def remove_post(self):
        if len(self.posts) < 3:
            return self.post()
        target = self.posts.pop(self.chance.randrange(len(self.posts)))
        self.comments = {comment: post for comment, post in self.comments.items() if post != target}
        _, words = self.do("delete", f"removal of the post {target}", self.is_lost(removal=True),
                           id=target)
        return words

    def reaction(self):
        things = self.posts + list(self.comments)
        if not things:
            return self.post()
        target, who = self.chance.choice(things), self.person()
        kind = self.chance.choice(REACTIONS + (None,))
        _, words = self.do("reaction", f"{who} reacts to {target}: {kind}", self.is_lost(), id=target,
                           who=who, type=kind)
        return words

    # Trouble

    def fault(self, method, action, words, most=2):
        times = self.chance.randint(1, most)
        self.control.do("faults", faults=[{"match": {"method": method}, "action": action,
                                           "times": times}])
        what = action.get("kind") or action.get("paging") or action.get("status") or f"{action['delay']} s"
        return f"{times} of the next {words} go wrong: {what}"

    def read_fault(self):
        return self.fault("GET", self.chance.choice(READ_FAULTS), "reads", 4)

    def paging_fault(self):
        return self.fault("GET", self.chance.choice(PAGING_FAULTS), "lists")

    def write_fault(self):
        return self.fault("POST", self.chance.choice(WRITE_FAULTS), "writes", 1)

    def throttle(self):
        return self.fault("GET", THROTTLE, "reads")

    def pause(self):
        self.control.do("webhooks/pause")
        return "webhooks wait"

    def resume(self):
        self.control.do("webhooks/resume")
        return "webhooks go on"

    def shuffle(self):
        self.control.do("webhooks/shuffle")
        return "waiting webhooks change their order"

    def duplicate(self):
        self.control.do("webhooks/duplicate")
        return "waiting webhooks are doubled"

    def token_death(self):
        subcode = self.chance.choice((458, 460, 463, 492))
        self.control.do("token/ban", subcode=subcode)
        return f"the Page token dies (190/{subcode})"

    def token_renewal(self):
        self.control.do("token/renew")
        return "the Page token lives"


def run(control, options):
    scenario = Scenario(control, options.seed, steps=options.steps, lose=options.lose,
                        lose_removals=options.lose_removals, unstorable=options.unstorable,
                        without=[kind for kind in options.without.split(",") if kind])
    for _ in scenario.play():
        time.sleep(options.pause)
    state = scenario.settle()
    if options.state:
        print(json.dumps(state, ensure_ascii=False, indent=1))


def main():
    parser = argparse.ArgumentParser(description="Plays a random story on a fake Facebook Page.")
    parser.add_argument("--control", help="control address of a running fake; else one of its own")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--steps", type=int, default=80)
    parser.add_argument("--pause", type=float, default=0, help="seconds between steps")
    parser.add_argument("--lose", type=float, default=0.15)
    parser.add_argument("--lose-removals", action="store_true")
    parser.add_argument("--unstorable", action="store_true", help="texts with NUL and lone surrogates")
    parser.add_argument("--without", default="", help=f"of {', '.join(WEIGHTS)}")
    parser.add_argument("--state", action="store_true", help="print the public state at the end")
    options = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    if options.control:
        run(Control(options.control), options)
    else:
        with FakeGraph(seed=options.seed, clock=CLOCK) as fake:
            run(fake, options)


if __name__ == "__main__":
    main()
