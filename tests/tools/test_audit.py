"""What ./dev audit makes of Lighthouse's reports, without a browser."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "audit"))

import judgement  # noqa: E402
import lighthouse  # noqa: E402


def verdict(performance=1.0, seo=1.0, **audits):
    """A report as Lighthouse writes it, with what ours reads."""
    found = {"total-byte-weight": {"title": "Weight", "score": 1, "numericValue": 27_300},
             "network-requests": {"title": "Requests", "score": None, "details": {"items": [{}, {}]}},
             "cumulative-layout-shift": {"title": "Shifts", "score": 1, "numericValue": 0.01},
             "largest-contentful-paint": {"title": "Paint", "score": 1, "numericValue": 1190.4},
             "meta-description": {"title": "No description", "score": 1},
             "is-crawlable": {"title": "Not crawlable", "score": None}, **audits}
    weights = {"performance": {"largest-contentful-paint": 25}, "seo": {"meta-description": 1, "is-crawlable": 4}}
    scores = {"performance": performance, "seo": seo}
    return {"audits": found, "environment": {"benchmarkIndex": 1500}, "categories": {
        name: {"score": scores.get(name, 1),
               "auditRefs": [{"id": each, "weight": weight} for each, weight in weights.get(name, {}).items()]}
        for name in lighthouse.CATEGORIES}}


def row(found):
    return {"page": "home", "language": "fr", "path": "/", "barriers": [], "html": [], **found}


def test_the_figures_are_those_of_the_report():
    found = lighthouse.figures(verdict(performance=0.973))
    assert (found["performance"], found["seo"], found["requests"]) == (97, 100, 2)
    assert (found["bytes"], found["cls"], found["lcp_ms"]) == (27_300, 0.01, 1190.4)
    assert not judgement.missed(row(found))
    assert judgement.cells(row(found))[:9] == ("home", "fr", "97", "100", "100", "100", "2", "27.3", "0.010")


def test_what_is_missed_is_said_with_its_reason_and_place():
    broken = {"title": "No description", "score": 0, "details": {"items": [{"node": {"snippet": "<head>"}}]}}
    found = lighthouse.figures(verdict(seo=0.88, **{"meta-description": broken}))
    assert judgement.missed(row(found)) == ["seo: 88, the aim is 100", "    No description: <head>"]
    assert judgement.cells(row(found))[5] == "88 ✗"


def test_what_lighthouse_was_not_asked_or_could_not_say_is_no_reason():
    assert lighthouse.reasons(verdict(), "seo") == []
    found = lighthouse.figures(verdict(performance=None))
    assert found["performance"] is None and judgement.cells(row(found))[2] == "–"
    assert judgement.missed(row(found))[0] == "performance: None, the aim is 95"


def test_a_slow_page_is_told_what_would_help():
    slow = {"title": "Files in the way", "score": 0.5, "metricSavings": {"FCP": 200, "LCP": 0}}
    assert "    advice: Files in the way (FCP 200)" in judgement.missed(row(lighthouse.figures(verdict(performance=0.9, slow=slow))))
    assert not judgement.missed(row(lighthouse.figures(verdict(slow=slow)))), "not where the aim is met"


def test_barriers_and_bad_markup_are_missed_aims():
    found = {**row(lighthouse.figures(verdict())), "barriers": ["at 390: label"], "html": ["Stray tag"]}
    assert judgement.missed(found) == ["axe: at 390: label", "HTML: Stray tag"]


@pytest.mark.parametrize("scores, middle", [([0.7, 0.99, 0.95], 95), ([0.7, 0.99], 70), ([0.9], 90)])
def test_of_several_loads_the_middle_one_counts(monkeypatch, scores, middle):
    reports = iter([verdict(performance=score) for score in scores])
    monkeypatch.setattr(lighthouse, "_look", lambda *_: next(reports))
    assert lighthouse.judge("http://127.0.0.1/", {}, runs=len(scores))["performance"] == middle
