"""What is sent, for every page of pages.py: valid HTML, nothing from elsewhere,
nothing that the content policy refuses, not too heavy, and it stays where it is.
"""

import gzip

import pytest

from pages import KINDS
from support import html_checker

BY_LABEL = {kind.label: kind for kind in KINDS}
all_kinds = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.label)


@pytest.fixture(scope="session")
def verdicts(request, tour, tmp_path_factory):
    """The Nu checker's complaints, all pages that are asked for in one start of the Java
    machine: label → sentences."""
    folder = tmp_path_factory.mktemp("pages")
    for kind in [item.callspec.params["kind"] for item in request.session.items if "verdicts" in item.fixturenames]:
        (folder / f"{kind.name}.{kind.who}.html").write_text(tour.see(kind).source)
    complaints = {}
    for message in html_checker.complaints(folder):
        label = ":".join(message["url"].rsplit("/", 1)[1].rsplit(".", 2)[:2])
        complaints.setdefault(label, []).append(f"{message['message']} … {message.get('extract', '')}")
    return complaints


@all_kinds
def test_the_html_is_valid(verdicts, kind):
    assert not verdicts.get(kind.label), "\n".join(verdicts[kind.label])


@all_kinds
def test_the_browser_has_nothing_to_complain_about(tour, kind):
    """No error of a script, nothing refused by the content policy, no missing file."""
    assert not tour.see(kind).complaints


@all_kinds
def test_nothing_is_loaded_from_elsewhere(tour, kind):
    assert not tour.see(kind).facts["foreign"]


@all_kinds
def test_nothing_moves_while_the_page_loads(tour, kind):
    """Google's limit of a good page is 0.1."""
    assert tour.see(kind).facts["shifts"] < 0.1


@all_kinds
def test_the_title_says_what_page_it_is(tour, kind):
    title = tour.see(kind).facts["title"]
    assert title.endswith("La Veillée Tramelune") or kind.name == "home", title
    assert len(title) > len("La Veillée Tramelune")


@all_kinds
def test_the_page_speaks_french_only(tour, catalogue, kind):
    """No sentence was forgotten on the way to the translators."""
    foreign = set(tour.see(kind).sentences) & catalogue("fr").foreign
    assert not foreign


@pytest.mark.parametrize("who, most", [("visitor", 60_000), ("member", 60_000), ("staff", 100_000)])
def test_a_page_of_twenty_answers_is_light(tour, who, most):
    """Beside what people wrote. The team has a menu with forms at every post."""
    facts = tour.see(BY_LABEL[f"topic-long:{who}"]).facts
    assert facts["posts"] >= 21, "this is not a full page"
    assert facts["bytes"] - facts["written"] < most


def test_styles_and_scripts_are_light(site, tour):
    """Compressed; a phone on a weak line waits for them once. All of each is one file."""
    visitor = site.visitor("fr")
    page = visitor.get("/").page
    (style,) = [link["href"] for link in page.all("link") if link.get("rel") == "stylesheet"]
    script = page.find("script")["src"]
    assert len(gzip.compress(visitor.get(style).response.content)) < 12_000
    assert len(gzip.compress(visitor.get(script).response.content)) < 6_000
