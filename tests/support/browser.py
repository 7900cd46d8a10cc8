"""Chromium as the browser tests use it: by the words that a person reads.

One process for the whole run; between tests it is put back as it was. Width,
light or dark, language and JavaScript are changed by the DevTools protocol.
"""

import base64
import functools
import json
import os

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from support.site import NPM

PHONE, DESKTOP = 390, 1280
SECONDS = 10
# How often to look whether the next page is there, and whether a page says what it should.
OFTEN, SOON = 0.02, 0.1
# All that a page may keep in the browser beside cookies. Chromium takes ten times as long over "all",
# which names what no page of ours can write to (a cache of shaders, what advertisers keep).
KEPT = "local_storage,indexeddb,cache_storage,service_workers,file_systems,websql"

# Which of them hold these letters anywhere a name can come from.
MENTIONING = """
const [selector, words] = arguments;
const plain = text => text.replace(/\\s+/g, "").toLowerCase();
const named = element => (element.getAttribute("aria-labelledby") ?? "").split(" ")
	.map(id => document.getElementById(id)?.textContent ?? "");
return [...document.querySelectorAll(selector)].filter(element => plain([element.textContent,
	element.ariaLabel, element.value, element.title, ...named(element)].join(" ")).includes(plain(words)));
"""

# What axe-core finds; null where the page has no axe yet. Style sheets are not fetched a second
# time for it (only a rule that is not asked for reads them), elements are shown by their HTML.
AXE = """
const [rules, done] = arguments;
if (!("axe" in window))
	return done(null);
axe.run(document, {
	runOnly: rules ?? ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
	resultTypes: ["violations"],
	preload: { assets: ["media"] },
	selectors: false,
}).then(result => done(result.violations), error => done([{ id: "axe", help: String(error), nodes: [] }]));
"""


@functools.cache
def axe_source():
    return (NPM / "axe-core" / "axe.min.js").read_text()


def _is_of_a_page_left(error):
    """While the next page comes, ChromeDriver may say of an element of the old one that its
    node "does not belong to the document", which Selenium's staleness_of takes for a failure."""
    return isinstance(error, StaleElementReferenceException) or \
        "does not belong to the document" in (error.msg or "")


def _gone(element):
    """Until the element's page was left."""

    def is_gone(_driver):
        try:
            element.is_enabled()
        except WebDriverException as error:
            if _is_of_a_page_left(error):
                return True
            raise
        return False

    return is_gone


def start_chromium():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    arguments = [
        "--headless=new",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--force-color-profile=srgb",
        "--no-first-run",
        # Nothing but the site: no updates, no look-ups.
        "--disable-background-networking",
        "--disable-component-update",
        "--no-proxy-server",
        # A page is looked at once: to optimise its scripts takes longer than to run them.
        "--js-flags=--no-opt --no-maglev --single-threaded-gc --min-semi-space-size=32",
    ]
    if os.geteuid() == 0:
        # Chromium's own sandbox refuses to be set up by root.
        arguments.append("--no-sandbox")
    for argument in arguments:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    options.set_capability("goog:perfLoggingPrefs", {"enablePage": False})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    driver.set_page_load_timeout(30)
    return driver


class Browser:
    def __init__(self, driver, site, screenshots):
        self.driver = driver
        # What Chromium was told last, by method: shared by all who drive it.
        self._told = driver.__dict__.setdefault("told", {})
        self.site = site
        self.screenshots = screenshots

    def reset(self):
        """As somebody who was never here: a light phone, French, with scripts."""
        self.driver.get("about:blank")
        self.forget()
        self.look(PHONE, "light")
        self.speak("fr")
        self.scripts(True)
        self.driver.get_log("browser")

    def forget(self):
        """As if the site had never been visited."""
        self._devtools("Storage.clearDataForOrigin", origin=self.site.url, storageTypes=KEPT)
        self._devtools("Network.clearBrowserCookies")

    def _devtools(self, command, **arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    def _set(self, command, **arguments):
        """Of what stays as it was set: only when it is another, as each takes a frame or two."""
        if self._told.get(command) != arguments:
            self._told.pop(command, None)
            self._devtools(command, **arguments)
            self._told[command] = arguments

    # ---- what kind of browser ---------------------------------------------

    def look(self, width=PHONE, scheme="light", media="", motion="reduce"):
        self.width, self.scheme = width, scheme
        self._set(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=844 if width < 600 else 900,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": motion},
        ]
        self._set("Emulation.setEmulatedMedia", media=media, features=features)

    def letters(self, percent):
        """The size of letters that somebody has chosen in the browser's settings."""
        sizes = {"standard": 16 * percent // 100, "fixed": 13 * percent // 100}
        self._set("Page.setFontSizes", fontSizes=sizes)

    def speak(self, language):
        self._set("Network.enable")
        self._set("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})

    def scripts(self, are_on):
        self.has_scripts = are_on
        self._set("Emulation.setScriptExecutionDisabled", value=not are_on)

    # ---- going about ------------------------------------------------------

    def open(self, path):
        self.driver.get(path if path.startswith("http") else self.site.url + path)

    @property
    def path(self):
        return self.driver.current_url.removeprefix(self.site.url)

    @property
    def text(self):
        return self.driver.find_element(By.TAG_NAME, "body").text

    @property
    def title(self):
        return self.driver.title

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def wait(self, condition, seconds=SECONDS):
        """condition: called without arguments until it is true. One page may give way to
        the next while it looks."""

        def holds(_driver):
            try:
                return condition()
            except WebDriverException as error:
                if _is_of_a_page_left(error):
                    return False
                raise

        return WebDriverWait(self.driver, seconds, SOON).until(holds)

    def mentioning(self, selector, words):
        """The elements among which those are that are called so: first whose letters say it,
        then the others. To ask Chromium for the name of each takes longer than its page."""
        likely = self.driver.execute_script(MENTIONING, selector, words)
        yield from likely
        yield from (element for element in self.all(selector) if element not in likely)

    def field(self, label):
        """The visible control that this label belongs to, as a person finds it."""
        for element in self.mentioning("label", label):
            if _same_words(element.text, label) and element.is_displayed():
                target = element.get_attribute("for")
                if target:
                    return self.driver.find_element(By.ID, target)
                return element.find_element(By.CSS_SELECTOR, "input, textarea, select")
        raise AssertionError(f"no field is labelled {label!r} on {self.path}")

    def fill(self, label, value):
        control = self.field(label)
        control.clear()
        control.send_keys(value)

    def tick(self, label):
        control = self.field(label)
        if not control.is_selected():
            control.click()

    def press(self, words, within="body"):
        self._click("button, input[type=submit], summary, [role=button]", words, within)

    def follow(self, words, within="body"):
        self._click("a", words, within)

    def _click(self, selector, words, within):
        selector = ", ".join(f"{within} {part}" for part in selector.split(", "))
        for element in self.mentioning(selector, words):
            name = element.accessible_name or element.text
            if _same_words(name, words) and element.is_displayed():
                # Into the middle: a sticky header must not lie over it.
                self.driver.execute_script(
                    "arguments[0].scrollIntoView({block: 'center'})", element
                )
                self.leave(element) if _leads_away(element) else element.click()
                return
        raise AssertionError(f"nothing to click says {words!r} on {self.path}")

    def leave(self, element):
        """A click that another page follows, which is waited for."""
        page = self.find("html")
        element.click()
        WebDriverWait(self.driver, SECONDS, OFTEN).until(_gone(page))

    def says(self, sentence):
        """Whether the page shows it; no-break spaces are spaces there."""
        return _plain(sentence) in _plain(self.text)

    def login(self, person):
        """By a session that the HTTP tests' visitor opens: quick, and the login
        page has tests of its own."""
        self.take_cookies(self.site.member(person))

    def take_cookies(self, visitor):
        """Goes on as that visitor (support.visitor.Visitor)."""
        self.put_cookies({cookie.name: cookie.value for cookie in visitor.session.cookies})

    def put_cookies(self, cookies):
        for name, value in cookies.items():
            self._devtools(
                "Network.setCookie", name=name, value=value, url=self.site.url, httpOnly=True
            )

    def cookies(self):
        return {cookie["name"]: cookie["value"] for cookie in self.driver.get_cookies()}

    def send(self, action, fields, button=None):
        """Sends the page's form of that action as a person could who gets around
        the browser's own checks; button: name, id or value of the one to press."""
        page = self.find("html")
        self.driver.execute_script(
            """
            const [action, fields, button] = arguments;
            const form = [...document.forms].find(form => new URL(form.action).pathname === action);
            for (const [name, value] of Object.entries(fields)) {
                const control = form.elements[name];
                control.type === "checkbox" ? control.checked = Boolean(value) : control.value = value;
            }
            const pressed = button && (form.elements[button] || form.querySelector(`button[value="${button}"]`));
            if (button && !pressed)
                throw new Error(`no button ${button} in the form of ${action}`);
            form.noValidate = true;
            form.requestSubmit(pressed || undefined);
            """,
            action, fields, button,
        )
        WebDriverWait(self.driver, SECONDS, OFTEN).until(_gone(page))

    def source(self):
        """The page as it was sent, before any script: of those that were opened
        since the last time, the last."""
        pages = [
            event["params"]["requestId"]
            for entry in self.driver.get_log("performance")
            for event in [json.loads(entry["message"])["message"]]
            if event["method"] == "Network.responseReceived"
            and event["params"]["type"] == "Document"
        ]
        body = self._devtools("Network.getResponseBody", requestId=pages[-1])
        assert not body["base64Encoded"], "the page is not text"
        return body["body"]

    # ---- judging ----------------------------------------------------------

    def complaints(self):
        """What the console said: broken scripts, refused by the CSP, missing files."""
        return [
            entry["message"]
            for entry in self.driver.get_log("browser")
            if entry["level"] in ("SEVERE", "WARNING")
        ]

    def barriers(self, rules=None):
        """axe-core's findings for WCAG 2.2 AA and good practice, one line each;
        rules: only for those, by their names.

        axe needs scripts: on a page that was loaded without them they are let in
        now, too late for the page's own."""
        had_scripts = self.has_scripts
        self.scripts(True)
        found = self.driver.execute_async_script(AXE, rules)
        if found is None:
            self.driver.execute_script(axe_source())
            found = self.driver.execute_async_script(AXE, rules)
        self.scripts(had_scripts)
        return [
            f"{violation['id']}: {violation['help']}: "
            + "; ".join(node["html"][:120] for node in violation["nodes"][:3])
            for violation in found
        ]

    def status(self):
        """Of the page that is shown."""
        return self.driver.execute_script(
            "return performance.getEntriesByType('navigation')[0].responseStatus"
        )

    def overflow(self):
        """How many pixels the page is wider than the screen: 0 on a good one."""
        return self.driver.execute_script(
            "return document.documentElement.scrollWidth - window.innerWidth"
        )

    def screenshot(self, name, whole=True):
        """NAME-390-light.png in var/test/browser/screenshots."""
        self.screenshots.mkdir(parents=True, exist_ok=True)
        file = self.screenshots / f"{name}-{self.width}-{self.scheme}.png"
        height = self._devtools("Page.getLayoutMetrics")["cssContentSize"]["height"]
        file.write_bytes(self.capture(self.width, min(height, 4000) if whole else 900))
        return file

    def capture(self, width, height):
        """PNG of the upper left of the page, however small the window is."""
        shot = self._devtools(
            "Page.captureScreenshot",
            format="png",
            captureBeyondViewport=True,
            optimizeForSpeed=True,
            clip={"x": 0, "y": 0, "width": width, "height": height, "scale": 1},
        )
        return base64.b64decode(shot["data"])

    def show(self, html):
        """A page of the test's own."""
        self.driver.get("about:blank")
        frame = self._devtools("Page.getResourceTree")["frameTree"]["frame"]["id"]
        self._devtools("Page.setDocumentContent", frameId=frame, html=html)
        self.wait(lambda: self.driver.execute_script(
            "return [...document.images].every(image => image.complete)"))


def _plain(text):
    return " ".join(text.split())


def _same_words(text, words):
    return _plain(text).casefold() == _plain(words).casefold()


def _leads_away(element):
    """A link to elsewhere, or a button that sends its form."""
    if element.tag_name == "a":
        return not (element.get_dom_attribute("href") or "#").startswith("#")
    return element.tag_name in ("button", "input") and element.get_attribute("type") == "submit"
