"""A forum with the demo community and a Chromium to look at it. See README.md."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support.browser import DESKTOP, PHONE, Browser, start_chromium  # noqa: E402
from support.site import Site  # noqa: E402


@pytest.fixture(scope="session")
def site():
    forum = Site("browser", options=()).start()
    yield forum
    forum.stop()


@pytest.fixture(scope="session")
def chromium():
    driver = start_chromium()
    yield driver
    driver.quit()


@pytest.fixture
def browser(chromium, site):
    """A phone, light, French, with scripts, never here before."""
    window = Browser(chromium, site, site.var / "screenshots")
    window.reset()
    yield window
    window.scripts(True)


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def width(request):
    return request.param


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return request.param
