"""Pictures of the main pages, to be looked at: var/test/browser/screenshots has
each at both widths, in both schemes and both languages. And the one of README.md,
which `./dev test browser -- -k readme --screenshot` makes anew.
"""

import base64
import itertools

import pytest

from pages import KINDS
from support.browser import DESKTOP, PHONE
from support.site import ROOT
from tour import ask

SHOWN = (
    "home:visitor", "questions:visitor", "category:visitor", "tags:visitor", "topic-long:member", "topic-own:member",
    "topic-solved:staff", "profile-answers:visitor", "search-results:visitor", "charter:visitor", "signup:visitor",
    "ask-refused:member", "ask-preview:member", "settings:member", "notifications:member", "drafts:member",
    "history:visitor", "not-found:visitor", "topic-mirrored:visitor", "topic-mirrored:staff", "answer-mirrored:staff",
    "erasure:visitor", "erasures:staff", "mirrors:administrator", "mirror:administrator",
)
README_PICTURE = ROOT / "docs" / "screenshot.png"
README_PICTURE_MAX_BYTES = 300_000


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("label", SHOWN)
def test_the_main_pages_have_their_picture_taken(tour, catalogue, label, language):
    (kind,) = [kind for kind in KINDS if kind.label == label]
    browser = tour.browser
    tour.go(kind, language)
    assert browser.find("html").get_attribute("lang") == language
    foreign = set(ask(browser, "sentences")) & catalogue(language).foreign
    assert not foreign, "of the other language"
    for width, scheme in itertools.product((PHONE, DESKTOP), ("light", "dark")):
        browser.look(width, scheme)
        picture = browser.screenshot(f"{kind.name}-{kind.who}-{language}")
        assert picture.stat().st_size > 10_000, "an empty page"


# A desk and a phone beside each other, on the colours of the hero.
FRAME = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; width: 1200px; height: 750px; position: relative; overflow: hidden;
	background: linear-gradient(160deg, #e9e9f6, #cfd1ef) }
img { position: absolute; display: block; border-radius: 10px; box-shadow: 0 2px 8px #1b1b3c33, 0 18px 48px #1b1b3c4d }
.desk { left: 40px; top: 40px; width: 960px }
.phone { right: 40px; bottom: 40px; width: 270px; border-radius: 22px; border: 6px solid #14163f }
</style><img class="desk" src="data:image/png;base64,DESK" alt=""><img class="phone" src="data:image/png;base64,PHONE" alt="">"""


def picture_of(browser, width, height):
    browser.look(width, "light")
    browser.open("/")
    return browser.capture(width, height)


def test_readme_has_its_picture(browser, pytestconfig):
    """The home page on a desk and on a phone."""
    desk, phone = picture_of(browser, DESKTOP, 893), picture_of(browser, PHONE, 800)
    page = FRAME.replace("DESK", base64.b64encode(desk).decode()).replace(
        "PHONE", base64.b64encode(phone).decode())
    browser.show(page)
    browser.look(1200, "light")
    made = browser.capture(1200, 750)
    if pytestconfig.getoption("--screenshot"):
        README_PICTURE.write_bytes(made)
    kept = README_PICTURE.read_bytes()
    assert kept.startswith(b"\x89PNG") and len(kept) <= README_PICTURE_MAX_BYTES
    assert "(docs/screenshot.png)" in (ROOT / "README.md").read_text(encoding="utf-8")
