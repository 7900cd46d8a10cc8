"""Visitors' pages that nginx keeps, beside nginx serving the very same bytes as files: a
thousand of each, in turn, plain and compressed.
"""

import metrics
from cases import get
from rounds import Usage, wrk
from say import Failure, step

FORMS = {"plain": "", "gzip": "gzip"}
TRIES = 10
UNKEPT_SHARE = 0.002  # of the requests may still reach the program: what ran out meanwhile


def _fill(scratch, lines):
    """Asks until nginx answers all of them itself."""
    for _ in range(TRIES):
        before = metrics.read(scratch)
        for _, path, _, _, coding in lines:
            scratch.ask("GET", path, {"Accept-Encoding": coding} if coding else {}, None)
        if metrics.asked_between(before, metrics.read_when_quiet(scratch)).total == 0:
            return
    raise Failure(f"after {TRIES} times nginx does not keep all pages")


def _one(scratch, groups, lines, seconds):
    counters, usage = metrics.read(scratch), Usage(groups)
    figures = wrk(scratch, lines, seconds)
    asked = metrics.asked_between(counters, metrics.read_when_quiet(scratch)).total
    used, figures["others"] = usage.take()
    if asked > figures["requests"] * UNKEPT_SHARE:
        raise Failure(f"{asked} of {figures['requests']} pages were not answered by nginx")
    figures["us_nginx"] = used["nginx"] / figures["requests"] * 1e6
    return figures


def measure_kept(scratch, paths, seconds, times):
    """{form: {"kept": figures, "file": figures, "share": of the best of each}}."""
    step("The same pages as files")
    files = [scratch.put_file(f"{n}.html", scratch.get(path)[2]) for n, path in enumerate(paths)]
    step("Letting nginx keep pages")
    scratch.keep_pages()
    groups, found = scratch.groups(), {}
    for form, coding in FORMS.items():
        kept, bare = get(*paths, coding=coding), get(*files, coding=coding)
        _fill(scratch, kept)
        rounds = [(_one(scratch, groups, bare, seconds), _one(scratch, groups, kept, seconds)) for _ in range(times)]
        best = {name: max((pair[n] for pair in rounds), key=lambda one: one["per_second"])
                for n, name in enumerate(("file", "kept"))}
        found[form] = {**best, "share": best["kept"]["per_second"] / best["file"]["per_second"]}
    return found
