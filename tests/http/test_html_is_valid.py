"""The Nu HTML checker looks at every page that the other tests were shown."""

import json
import pathlib
import re
import subprocess

import pytest

from support.site import NPM

JAR = NPM / "vnu-jar" / "build" / "dist" / "vnu.jar"


@pytest.mark.last
def test_every_page_that_was_shown_is_valid_html(site):
    assert len(list(site.pages.glob("*.html"))) > 1, "no page was kept to be judged"
    # All in one start of the Java machine: it takes longer than the pages.
    judged = subprocess.run(
        ["java", "-Xss4m", "-jar", str(JAR), "--format", "json", "--exit-zero-always",
         "--skip-non-html", str(site.pages)],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    complaints = {}
    for message in json.loads(judged.stderr)["messages"]:
        if is_ours(message):
            complaints.setdefault(said(message), shown_at(message["url"]))
    assert not complaints, "\n".join(f"{what}\n    {where}" for what, where in complaints.items())


# What people typed, not how we show it: strange letters, the language it is taken
# for, links that lead out (ours begin with a slash), a line feed in a search.
TYPED = re.compile(
    r"appears to be written in|Private Use Area|composing character|Line feed not allowed"
    r"|Bad value “[^/?#“”][^“”]*” for attribute “href” on element “a”"
)


def is_ours(message):
    is_complaint = message["type"] == "error" or message.get("subType") == "warning"
    return is_complaint and not TYPED.search(message["message"])


def said(message):
    extract = message.get("extract", "").replace("\n", "⏎")
    return f"{message['message']} … {extract}"


def shown_at(file_address):
    note = pathlib.Path(file_address.removeprefix("file:")).with_suffix(".json")
    shown = json.loads(note.read_text())
    return f"{shown['status']} {shown['url']}"
