"""French is set as French printers do (po/fr.po): no-break spaces before tall
marks and inside guillemets, typographic apostrophes, no word for one sex only
where the reader is meant.
"""

import pathlib
import re

import pytest

PO = pathlib.Path(__file__).resolve().parents[2] / "po" / "fr.po"
NO_BREAK, NARROW = "\u00a0", "\u202f"


def sentences():
    text = re.sub(r'"\n"', "", PO.read_text(encoding="utf-8"))
    header, *entries = text.split("\n\n")
    found = [match for entry in entries for match in re.findall(r'^msgstr(?:\[\d\])? "(.*)"$', entry, re.M)]
    assert len(found) > 300, "the file was not understood"
    return found


RULES = {
    "a plain space before a tall mark or a closing guillemet": r" [;:!?»]",
    "a plain space after an opening guillemet": r"« ",
    "no narrow space before ; ! ?": rf"[^\s{NARROW}(][;!?](?=\s|$)",
    "no space before a colon": rf"[^\s{NO_BREAK}\d/]:(?=[\s]|$)",
    "no space inside guillemets": rf"«[^{NO_BREAK}{NARROW}]|[^{NO_BREAK}{NARROW}]»",
    "a straight apostrophe": r"\w'\w",
    "three dots for an ellipsis": r"\.\.\.",
    "a man where anybody reads": r"\bvous (?:êtes|serez|étiez) \w+[éu]\b|\bvous seul\b|\bêtre (?:prévenu|sûr)\b",
    "an elision that a name may need": r"\b(?:de|que|à ce que) %(?:1\$)?s(?! caractère| mot| d’| à)\b",
}
# The words that are written to machines, as they are.
EXCEPT = re.compile(r"\b(?:javascript|tag|auteur|before|after):")


@pytest.mark.parametrize("rule", RULES)
def test_french_is_set_as_french(rule):
    wrong = [
        sentence for sentence in sentences()
        if re.search(RULES[rule], EXCEPT.sub("", sentence), re.IGNORECASE)
    ]
    assert not wrong, "\n".join(wrong)
