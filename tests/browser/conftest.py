"""A forum with the demo community and a Chromium to look at it. See README.md."""

import gettext
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support.browser import Browser, start_chromium  # noqa: E402
from support.quiet import pytest_runtest_protocol  # noqa: E402, F401
from support.site import Site  # noqa: E402

from scene import Scene  # noqa: E402
from tour import Tour  # noqa: E402
from ways import WAYS  # noqa: E402


@pytest.fixture(scope="session")
def site():
    forum = Site("browser", options=()).start()
    # Tests are new people who write for the first time, over and over: the demo's rule
    # would put each of them before the team.
    forum.sql("update holding_rules set is_on = false where kind = 'first_posts'")
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


@pytest.fixture(params=WAYS, ids=str)
def way(request, browser):
    browser.speak(request.param.language)
    browser.look(request.param.width)
    browser.scripts(request.param.scripts)
    return request.param


@pytest.fixture(scope="session")
def scene(site):
    return Scene(site)


@pytest.fixture(scope="session")
def tour(chromium, site, scene):
    window = Browser(chromium, site, site.var / "screenshots")
    window.reset()
    return Tour(window, scene)


@pytest.fixture(scope="session")
def catalogue(site):
    """language → a function from a sentence of the templates (and its context) to
    that language, by the catalogue that the site has installed; its .foreign is
    what the other language would say."""
    french = gettext.translation("entraide-fr", site.prefix() / "share" / "locale", ["fr"])
    sentences = [key.rpartition("\4")[2] for key in french._catalog if isinstance(key, str)]
    differing = [key for key in sentences if len(key) > 3 and french.gettext(key) != key]
    translated = {french.gettext(key) for key in sentences}
    # "Administration" is a word of both, and the French name of a role.
    foreign = {"fr": set(differing) - translated, "en": translated - set(sentences)}

    def of(language):
        found = french if language == "fr" else gettext.NullTranslations()

        def words(sentence, context=None):
            return found.pgettext(context, sentence) if context else found.gettext(sentence)

        words.language = language
        words.foreign = foreign[language]
        return words

    return of


def pytest_addoption(parser):
    parser.addoption(
        "--screenshot", action="store_true", help="write docs/screenshot.png, the picture of README.md"
    )
