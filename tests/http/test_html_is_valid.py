"""The Nu HTML checker looks at every page that the other tests were shown."""

import json
import pathlib
import re

import pytest

from support import html_checker


@pytest.mark.last
def test_every_page_that_was_shown_is_valid_html(site):
    assert len(list(site.pages.glob("*.html"))) > 1, "no page was kept to be judged"
    complaints = {}
    for message in html_checker.complaints(site.pages):
        if not TYPED.search(message["message"]):
            complaints.setdefault(said(message), shown_at(message["url"]))
    assert not complaints, "\n".join(f"{what}\n    {where}" for what, where in complaints.items())


# What people typed, not how we show it: strange letters, the language it is taken
# for, links that lead out (ours begin with a slash), a line feed in a search.
TYPED = re.compile(
    r"appears to be written in|Private Use Area|composing character|Line feed not allowed"
    r"|Bad value “[^/?#“”][^“”]*” for attribute “href” on element “a”"
)


def said(message):
    extract = message.get("extract", "").replace("\n", "⏎")
    return f"{message['message']} … {extract}"


def shown_at(file_address):
    note = pathlib.Path(file_address.removeprefix("file:")).with_suffix(".json")
    shown = json.loads(note.read_text())
    return f"{shown['status']} {shown['url']}"
