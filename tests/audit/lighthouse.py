"""Lighthouse on one page, in its own mobile setting: a middling phone on a slow line."""

import json
import os
import pathlib
import statistics
import subprocess
import tempfile

NPM = pathlib.Path(os.environ.get("ENTRAIDE_AUDIT_NPM", "/nonexistent"))
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# As the browser tests start it: nothing but the site. Root has no sandbox to set up.
FLAGS = ["--headless=new", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server",
         "--disable-background-networking", "--disable-component-update"]
SECONDS = 180
# Now and then its browser loses the trace of a load; "please run Lighthouse again", it says.
TRIES = 3


class Failure(Exception):
    """Lighthouse gave no verdict, and why."""


def _look(url, headers, skipped):
    """The whole report of one load that Lighthouse could follow."""
    for left in reversed(range(TRIES)):
        try:
            return _look_once(url, headers, skipped)
        except Failure:
            if not left:
                raise


def _look_once(url, headers, skipped):
    """With a browser of its own."""
    flags = FLAGS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder, "report.json")
        pathlib.Path(folder, "headers.json").write_text(json.dumps(headers))
        done = subprocess.run(
            ["node", str(NPM / "lighthouse" / "cli" / "index.js"), url, "--quiet", "--output=json",
             f"--output-path={report}", f"--only-categories={','.join(CATEGORIES)}",
             f"--extra-headers={folder}/headers.json", f"--chrome-flags={' '.join(flags)}",
             "--no-enable-error-reporting", *(f"--skip-audits={name}" for name in skipped)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
            env={**os.environ, "CHROME_PATH": "/usr/bin/chromium"}, timeout=SECONDS,
        )
        if not report.exists():
            raise Failure(f"Lighthouse on {url}: {done.stdout[-2000:]}")
        found = json.loads(report.read_text())
    if "runtimeError" in found:
        raise Failure(f"Lighthouse on {url}: {found['runtimeError']['message']}")
    return found


def _where(audit):
    """The first places that an audit names, as a person finds them."""
    places = []
    for item in audit.get("details", {}).get("items", [])[:3]:
        node = item.get("node") or {}
        places.append(node.get("snippet") or item.get("url") or item.get("description") or "")
    return "; ".join(str(place)[:120] for place in places if place)


def reasons(report, category):
    """Why it has fewer than 100 there, the heaviest first: a sentence each."""
    lines = []
    for reference in sorted(report["categories"][category]["auditRefs"], key=lambda each: -each["weight"]):
        audit = report["audits"][reference["id"]]
        # 0.9 of a measure is Lighthouse's own "good".
        enough = 0.9 if category == "performance" else 1
        if not reference["weight"] or audit["score"] is None or audit["score"] >= enough:
            continue
        words = [audit["title"], audit.get("displayValue", ""), _where(audit)]
        lines.append(": ".join(word for word in words if word))
    return lines


def advice(report):
    """What Lighthouse says would make the page faster, whatever the score: a sentence each."""
    lines = []
    for audit in report["audits"].values():
        savings = audit.get("metricSavings") or {}
        if audit["score"] is not None and audit["score"] < 1 and any(savings.values()):
            gain = ", ".join(f"{name} {value:g}" for name, value in savings.items() if value)
            lines.append(f"{audit['title']} ({gain})")
    return lines


def figures(report):
    """What the table shows of it. None: Lighthouse could not say."""
    audits = report["audits"]
    scores = {name: report["categories"][name]["score"] for name in CATEGORIES}
    return {
        **{name: None if score is None else round(score * 100) for name, score in scores.items()},
        "bytes": audits["total-byte-weight"].get("numericValue"),
        "requests": len(audits["network-requests"].get("details", {}).get("items", [])),
        "cls": audits["cumulative-layout-shift"].get("numericValue"),
        # Points of Lighthouse's own test of the processor: 1,000 and more for what stands on a desk.
        "processor": report["environment"]["benchmarkIndex"],
        "lcp_ms": audits["largest-contentful-paint"].get("numericValue"),
        "reasons": {name: reasons(report, name) for name in CATEGORIES},
        "advice": advice(report),
    }


def judge(url, headers, skipped=(), runs=1):
    """figures() of the middle of so many loads, by their performance: a busy machine makes a
    page slow that is not."""
    found = [figures(_look(url, headers, skipped)) for _ in range(runs)]
    middle = statistics.median_low(each["performance"] or 0 for each in found)
    return next(each for each in found if (each["performance"] or 0) == middle)
