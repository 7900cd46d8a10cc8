"""Chromium as the browser tests use it: by the words that a person reads.

One process for the whole run; between tests it is put back as it was. Width,
light or dark, language and JavaScript are changed by the DevTools protocol.
"""

import base64
import os

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from support.site import NPM

PHONE, DESKTOP = 390, 1280
SECONDS = 10


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
    ]
    if os.geteuid() == 0:
        # Chromium's own sandbox refuses to be set up by root.
        arguments.append("--no-sandbox")
    for argument in arguments:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    driver.set_page_load_timeout(30)
    return driver


class Browser:
    def __init__(self, driver, site, screenshots):
        self.driver = driver
        self.site = site
        self.screenshots = screenshots

    def reset(self):
        """As somebody who was never here: a light phone, French, with scripts."""
        self.driver.get("about:blank")
        self._devtools("Network.clearBrowserCookies")
        self._devtools(
            "Storage.clearDataForOrigin", origin=self.site.url, storageTypes="all"
        )
        self.look(PHONE, "light")
        self.speak("fr")
        self.scripts(True)
        self.driver.get_log("browser")

    def _devtools(self, command, **arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    # ---- what kind of browser ---------------------------------------------

    def look(self, width=PHONE, scheme="light", media=""):
        self.width, self.scheme = width, scheme
        self._devtools(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=844 if width < 600 else 900,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self._devtools("Emulation.setEmulatedMedia", media=media, features=features)

    def speak(self, language):
        self._devtools("Network.enable")
        self._devtools(
            "Network.setExtraHTTPHeaders", headers={"Accept-Language": language}
        )

    def scripts(self, are_on):
        self.has_scripts = are_on
        self._devtools("Emulation.setScriptExecutionDisabled", value=not are_on)

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
        """condition: called without arguments until it is true."""
        return WebDriverWait(self.driver, seconds).until(lambda _: condition())

    def field(self, label):
        """The visible control that this label belongs to, as a person finds it."""
        for element in self.driver.find_elements(By.TAG_NAME, "label"):
            if element.is_displayed() and _same_words(element.text, label):
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

    def press(self, words):
        self._click("button, input[type=submit], summary, [role=button]", words)

    def follow(self, words):
        self._click("a", words)

    def _click(self, selector, words):
        for element in self.all(selector):
            name = element.accessible_name or element.text
            if element.is_displayed() and _same_words(name, words):
                # Into the middle: a sticky header must not lie over it.
                self.driver.execute_script(
                    "arguments[0].scrollIntoView({block: 'center'})", element
                )
                element.click()
                return
        raise AssertionError(f"nothing to click says {words!r} on {self.path}")

    def login(self, person):
        """By a session that the HTTP tests' visitor opens: quick, and the login
        page has tests of its own."""
        visitor = self.site.visitor(language="fr")
        visitor.login(person)
        self.open("/robots.txt")
        for cookie in visitor.session.cookies:
            self.driver.add_cookie(
                {"name": cookie.name, "value": cookie.value, "path": "/"}
            )

    # ---- judging ----------------------------------------------------------

    def complaints(self):
        """What the console said: broken scripts, refused by the CSP, missing files."""
        return [
            entry["message"]
            for entry in self.driver.get_log("browser")
            if entry["level"] in ("SEVERE", "WARNING")
        ]

    def barriers(self):
        """axe-core's findings for WCAG 2.2 AA and good practice, one line each.

        axe needs scripts: on a page that was loaded without them they are let in
        now, too late for the page's own."""
        had_scripts = self.has_scripts
        self.scripts(True)
        self.driver.execute_script((NPM / "axe-core" / "axe.min.js").read_text())
        found = self.driver.execute_async_script(
            """
            const done = arguments[arguments.length - 1];
            axe.run(document, {
                runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
                resultTypes: ['violations'],
            }).then(result => done(result.violations), error => done([{
                id: 'axe', help: String(error), nodes: [] }]));
            """
        )
        self.scripts(had_scripts)
        return [
            f"{violation['id']}: {violation['help']}: "
            + "; ".join(node["html"][:120] for node in violation["nodes"][:3])
            for violation in found
        ]

    def overflow(self):
        """How many pixels the page is wider than the screen: 0 on a good one."""
        return self.driver.execute_script(
            "return document.documentElement.scrollWidth - window.innerWidth"
        )

    def screenshot(self, name, whole=True):
        """NAME-390-light.png in var/test/browser/screenshots."""
        self.screenshots.mkdir(parents=True, exist_ok=True)
        file = self.screenshots / f"{name}-{self.width}-{self.scheme}.png"
        size = self._devtools("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": self.width, "scale": 1}
        clip["height"] = min(size["height"], 6000) if whole else 900
        shot = self._devtools(
            "Page.captureScreenshot",
            format="png",
            captureBeyondViewport=whole,
            clip=clip,
        )
        file.write_bytes(base64.b64decode(shot["data"]))
        return file


def _same_words(text, words):
    return " ".join(text.split()).casefold() == " ".join(words.split()).casefold()
