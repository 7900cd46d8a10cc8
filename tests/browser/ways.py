"""The ways that a journey goes, so that each language, width, and having scripts or not
meets each other at least once. The fixture `way` puts the browser on one."""

from typing import NamedTuple

from support.browser import DESKTOP, PHONE


class Way(NamedTuple):
    language: str
    width: int
    scripts: bool

    def __str__(self):
        return f"{self.language}-{self.width}-{'scripts' if self.scripts else 'no-scripts'}"


WAYS = (Way("fr", PHONE, True), Way("en", DESKTOP, True), Way("en", PHONE, False), Way("fr", DESKTOP, False))


def is_sound(browser):
    assert not browser.overflow(), f"{browser.path} is wider than the screen"
    found = browser.barriers()
    assert not found, f"{browser.path}: {found}"
