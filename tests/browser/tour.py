"""Looks at a page once and keeps what the tests judge: its source, what axe-core
found, what it loaded, where it was too wide. A page is opened when the first
test asks for it.
"""

import pathlib
import re

from support.browser import DESKTOP, PHONE

JUDGE = (pathlib.Path(__file__).resolve().parent / "judge.js").read_text()
NARROW = 320
# 1280 pixels at a zoom of 200 %.
ZOOMED = DESKTOP // 2


def ask(browser, *questions):
    """The answers of functions of judge.js about the page that is shown, one after the other:
    a list, or the only one."""
    answer = browser.driver.execute_async_script(
        f"{JUDGE}; const [questions, done] = arguments;"
        " (async () => { const values = []; for (const question of questions) values.push(await judge[question]());"
        " return values; })().then(values => done({ values }), error => done({ error: String(error) }));",
        questions,
    )
    assert "error" not in answer, answer["error"]
    values = answer["values"]
    return values if len(questions) > 1 else values[0]


class Sight:
    """What was seen of one kind of page."""

    def __init__(self, kind, path):
        self.kind, self.path = kind, path
        self.barriers, self.overflow, self.complaints = {}, {}, []


class Tour:
    def __init__(self, browser, scene):
        self.browser, self.scene = browser, scene
        self._seen = {}

    def see(self, kind):
        if kind.label not in self._seen:
            self._seen[kind.label] = self._try(kind)
        if isinstance(self._seen[kind.label], Exception):
            raise self._seen[kind.label]
        return self._seen[kind.label]

    def _try(self, kind):
        """A page that cannot be looked at is not waited for by every test again."""
        try:
            return self._look(kind)
        except Exception as error:
            return error

    def go(self, kind, language="fr"):
        """Opens the page as that person on a light phone."""
        browser, scene = self.browser, self.scene
        scene.become(browser, kind.who, language)
        browser.look(PHONE, "light")
        browser.complaints()
        scene.prepare(kind)
        browser.open(kind.path(scene))
        if kind.act:
            kind.act(browser, scene)

    def _look(self, kind):
        browser = self.browser
        self.go(kind)
        sight = Sight(kind, browser.path)
        sight.source = browser.source()
        sight.facts, sight.sentences, sight.focus = ask(browser, "facts", "sentences", "focus")
        self._measure(sight, NARROW, PHONE)
        self._judge(sight)
        # The second time with every menu open.
        ask(browser, "unfold")
        browser.look(DESKTOP, "light")
        self._judge(sight)
        ask(browser, "layOver")
        # Each step is from one width to the next, as a new width is what takes time.
        self._measure(sight, DESKTOP)
        browser.letters(200)
        self._measure(sight, DESKTOP, PHONE, name="200 % letters")
        browser.letters(100)
        self._measure(sight, ZOOMED, NARROW, PHONE)
        sight.complaints = [line for line in browser.complaints() if not self._is_status(line, kind)]
        return sight

    def _judge(self, sight):
        """In both schemes; in the dark only what depends on colours again."""
        browser = self.browser
        sight.barriers[f"{browser.width} light"] = browser.barriers()
        browser.look(browser.width, "dark")
        sight.barriers[f"{browser.width} dark"] = browser.barriers(rules=["color-contrast", "link-in-text-block"])

    def _measure(self, sight, *widths, name=""):
        for width in widths:
            self.browser.look(width, "light")
            what = ask(self.browser, "measure")
            if what:
                sight.overflow[f"{width} {name}".strip()] = what

    def _is_status(self, line, kind):
        """Chromium logs every page with an error's status."""
        return kind.status >= 400 and re.search(rf"the server responded with a status of {kind.status}\b", line)
