#!/usr/bin/env python3
"""./dev audit: the pages that most people see first, as Lighthouse, axe-core and the Nu HTML
checker see them, on a forum of its own behind nginx. See README.md.
"""

import argparse
import json
import os
import pathlib
import re
import sys
import tempfile
from typing import NamedTuple

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import lighthouse  # noqa: E402
from judgement import print_missed, print_table  # noqa: E402
from support import html_checker  # noqa: E402
from support.browser import DESKTOP, PHONE, Browser, start_chromium  # noqa: E402
from support.site import Person, Site  # noqa: E402

LANGUAGES = ("fr", "en")
# A customer of the demo community.
SOMEBODY = Person(0, "Camille", "camille@example.org", "customer", "entraide-demo-2026")
LONGEST_THREAD = """select id from topics t where status = 'open' and topic_may_index(t)
	order by answer_count desc, id limit 1"""
# A page as it was sent, not as the script left it.
SOURCE = "const done = arguments[0]; fetch(location.href).then(answer => answer.text()).then(done)"


class Looked(NamedTuple):
    """A page that is looked at. is_found: search engines are to find it."""

    name: str
    path: str
    is_found: bool = True
    is_signed_in: bool = False

    @property
    def skipped(self):
        """Lighthouse takes it for a mistake that a page is not for search engines; of these
        two it is meant (docs/seo.md)."""
        return () if self.is_found else ("is-crawlable",)


def arguments():
    parser = argparse.ArgumentParser(prog="./dev audit", description=__doc__.split("\n\n")[0],
                                     epilog="With one load a page it takes about five minutes.")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--only", metavar="PAGE,…", help="only these, by name: home, list, topic, article, ask, sign-up")
    parser.add_argument("--runs", type=int, default=1, metavar="N", help="loads a page; the middle one counts (1)")
    parser.add_argument("--var", metavar="DIR", help="the folder of build, tools and copy, as of ./dev test (var/test)")
    return parser.parse_args()


def pages_of(site):
    visitor = site.visitor("fr", "127.0.0.1")
    article = re.search(r'href="(/kb/[0-9]+-[^"]*)"', visitor.get("/kb").text)[1]
    return [
        Looked("home", "/"),
        Looked("list", "/questions"),
        Looked("topic", visitor.get(f"/t/{site.sql_value(LONGEST_THREAD)}").path),
        Looked("article", article),
        Looked("ask", "/ask", is_found=False, is_signed_in=True),
        Looked("sign-up", "/signup", is_found=False),
    ]


def session_cookie(site):
    cookies = site.member(SOMEBODY, language="fr", address="127.0.0.1").session.cookies
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies if cookie.name != "notice")


def lighthouse_row(site, page, language, cookie, runs):
    headers = {"Accept-Language": language}
    if page.is_signed_in:
        headers["Cookie"] = cookie
    found = lighthouse.judge(site.url + page.path, headers, page.skipped, runs)
    return {"page": page.name, "language": language, "path": page.path, **found}


def look_closer(site, rows, pages, cookie, folder):
    """axe-core at both widths, and the page's markup into the folder."""
    driver = start_chromium()
    try:
        browser = Browser(driver, site, folder)
        browser.reset()
        for row in rows:
            page = next(page for page in pages if page.name == row["page"])
            browser.forget()
            browser.speak(row["language"])
            if page.is_signed_in:
                for name, value in (pair.split("=", 1) for pair in cookie.split("; ")):
                    driver.execute_cdp_cmd("Network.setCookie", {"name": name, "value": value, "url": site.url})
            row["barriers"] = []
            for width in (PHONE, DESKTOP):
                browser.look(width)
                driver.get(site.url + page.path)
                row["barriers"] += [f"at {width}: {line}" for line in browser.barriers()]
            (folder / f"{row['page']}.{row['language']}.html").write_text(driver.execute_async_script(SOURCE))
    finally:
        driver.quit()


def check_html(rows, folder):
    for row in rows:
        row["html"] = []
    for message in html_checker.complaints(folder):
        name, language, _ = message["url"].rsplit("/", 1)[1].split(".")
        row = next(row for row in rows if (row["page"], row["language"]) == (name, language))
        row["html"].append(f"{message['message']} … {message.get('extract', '')}".replace("\n", "⏎"))


def audit(options, site):
    pages = [page for page in pages_of(site) if not options.only or page.name in options.only.split(",")]
    cookie = session_cookie(site)
    rows = []
    for page in pages:
        for language in LANGUAGES:
            print(f"  Lighthouse: {page.name}, {language} …", flush=True)
            rows.append(lighthouse_row(site, page, language, cookie, options.runs))
    print("  axe-core and the HTML checker …", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        look_closer(site, rows, pages, cookie, pathlib.Path(folder))
        check_html(rows, pathlib.Path(folder))
    return rows


def main():
    options = arguments()
    # As on a server: with the pages that nginx keeps.
    site = Site("audit", options=(), settings={"ENTRAIDE_DEV_PAGE_CACHE": "on"})
    print("  Starting a forum with the demo community …", flush=True)
    site.start()
    try:
        rows = audit(options, site)
    except lighthouse.Failure as failure:
        sys.exit(f"✗ {failure}")
    finally:
        site.dev("down", "--delete")
    print_table(rows)
    print(f"\n{options.runs} load(s) a page; {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; Lighthouse takes the"
          f" processor for one of {min(row['processor'] for row in rows):.0f} to {max(row['processor'] for row in rows):.0f} points.")
    is_missed = print_missed(rows)
    if options.json:
        options.json.write_text(json.dumps(rows, indent="\t", ensure_ascii=False) + "\n")
    sys.exit(1 if is_missed else 0)


if __name__ == "__main__":
    main()
