"""Somebody who used everything leaves. Their name, address, handle and the words that only
they used are looked for where an intruder would: in a dump of the database, in the index,
in all files beside them, and on the pages.
"""

import subprocess
import time

import pytest

from support.forum import a_title, answer, ask, comment
from support.passkeys import NamedSite, add
from support.site import PASSWORD

NAME, EMAIL = "Quirinius Fadeaway", "quirinius.fadeaway@example.org"
SECRETS = ("fadeaway", "quirinius", "hapaxlegomenon", "198.51.100.9")


@pytest.fixture(scope="module")
def named():
    forum = NamedSite("erasure").start()
    yield forum
    forum.stop()


@pytest.fixture(scope="module")
def gone(named):
    """The person's number and the question that stays, after the erasure."""
    person = named.person(name=NAME, email=EMAIL, age_days=40)
    member, other = named.member(person), named.member(age_days=40)
    moderator = named.member(role="moderator")
    topic = ask(member, title=a_title(), body=f"A box that restarts at night, I wonder why. Signed: {NAME}, {EMAIL}")
    answer(other, topic)
    theirs = ask(other, title=a_title())
    reply = answer(member, theirs, body=f"Switch it off and on again. Yours, {NAME}")
    comment(other, reply, body="Thank you @quirinius-fadeaway, that was it.")
    use_everything(named, member, topic, theirs, reply, moderator)
    erase(named, member)
    return person.id, topic


def use_everything(site, member, topic, theirs, reply, moderator):
    """By the pages, as people do; what no page shows yet, by SQL."""
    word = "hapaxlegomenon"
    member.submit("/settings", "/settings/profile", bio=f"I am {NAME}, {word}.", language="en")
    member.submit("/ask", "/ask", title=f"A draft about {word}", body=f"Unfinished {word}", save_draft="1")
    site.sql("delete from throttles")
    flagged = answer(moderator, theirs, body="An answer that somebody will report.")
    assert member.submit(f"/p/{flagged}/flag", f"/p/{flagged}/flag", reason="other", detail=f"Why: {word}").status == 200
    member.submit(theirs.path, f"/t/{theirs.id}/me-too")
    member.get(f"/search?q={word}+{NAME.replace(' ', '+')}")
    add(member, f"Telephone of {NAME}")
    member.submit("/settings/security", "/settings/security/begin")
    member.submit("/settings/privacy", "/settings/privacy/export")
    site.wait_mail(EMAIL)
    withdrawn = answer(member, theirs, body=f"Something that I take back: {word}.")
    member.submit(theirs.path, f"/p/{withdrawn}/withdraw")
    measured = moderator.submit(f"/mod/people/{member.person.id}", f"/mod/people/{member.person.id}/measures",
                                kind="warning", reason="other", measure_reason=f"Dear {NAME}, please stay polite.")
    assert measured.status == 200
    case = site.sql_value("select max(id) from moderation_cases where person_id = %s", member.person.id)
    complained = member.submit(f"/cases/{case}", f"/cases/{case}/complaint", text=f"I was polite: {word}. {NAME}")
    assert complained.status == 200
    site.sql("update sessions set address = '198.51.100.9', user_agent = 'browser of Fadeaway' where person_id = %s",
             member.person.id)
    category = site.sql_value("select category_id from topics where id = %s", topic.id)
    site.sql("insert into experts (person_id, category_id, state, reason, answered_at, ends_at)"
             " values (%s, %s, 'active', %s, now(), now() + interval '1 year')", member.person.id, category, word)
    site.sql("insert into article_proposals (post_id, person_id, note) values (%s, %s, %s)", reply, member.person.id, word)
    source = site.sql_value("insert into mirror_sources (connector, account, name, language, state, category_id)"
                            " values ('facebook', 'x', 'Page', 'en', 'stopped', %s) returning id", category)
    site.sql("insert into mirror_authors (source_id, author_key, name, person_id) values (%s, 'k', 'Somebody', %s)",
             source, member.person.id)


def erase(site, member):
    member.submit("/settings/privacy", "/settings/privacy/erase")
    site.sql("update person_erasures set due_at = now() where person_id = %s", member.person.id)
    site.sql("update jobs set run_at = now() where kind = 'erase' and key = %s", f"erase:{member.person.id}")
    end = time.monotonic() + 30
    while site.sql("select 1 from people where email_key = %s", EMAIL):
        assert time.monotonic() < end, site.log("worker")[-3000:]
        time.sleep(0.1)


def dump_of(site):
    """As a backup has it, less what is sealed to a key that is not on the site."""
    done = subprocess.run(["/usr/lib/postgresql/15/bin/pg_dump", "--no-owner", "--exclude-table-data=sealed_records",
                           site.conninfo()], capture_output=True, encoding="utf-8", timeout=120, check=True)
    return done.stdout


def lines_with(text, word):
    return [line[:300] for line in text.splitlines() if word in line.lower()]


@pytest.mark.parametrize("word", SECRETS)
def test_no_dump_of_the_database_tells_who_it_was(named, gone, word):
    assert not lines_with(dump_of(named), word)


def test_the_sealed_store_is_all_that_still_knows(named, gone):
    kept = named.sql("select class, extract(days from keep_until - created_at)::int as days, sealed from sealed_records"
                     " order by id")
    assert [row["class"] for row in kept] == ["identity", "account", "connection"]
    assert all(word.encode() not in bytes(row["sealed"]).lower() for row in kept for word in SECRETS)
    secret = next(line.split()[1] for line in (named.var / "seal_keys").read_text().splitlines()
                  if line.startswith("secret:"))
    named.environment["ENTRAIDE_DATABASE_CONNINFO"] = named.conninfo()
    opened = named.run("privacy", "open", stdin=secret + "\n").stdout
    assert EMAIL in opened and NAME in opened and "198.51.100.9" in opened


@pytest.fixture(scope="module")
def index(named, gone):
    """Up to date, and packed: Xapian leaves in its files what it no longer finds."""
    end = time.monotonic() + 30
    while named.sql("select 1 from search_marks"):
        assert time.monotonic() < end, named.log("worker")[-3000:]
        time.sleep(0.2)
    for word in ("fadeaway", "quirinius", "hapaxlegomenon"):
        found = named.run("search", "query", word, check=False)
        assert "/t/" not in found.stdout, found.stdout
    named.run("search", "rebuild")


def files_with(folder, word):
    return [str(file) for file in folder.rglob("*") if file.is_file() and word.encode() in file.read_bytes().lower()]


@pytest.mark.parametrize("word", ("fadeaway", "quirinius", "hapaxlegomenon"))
def test_neither_the_index_nor_any_file_beside_the_database_has_it(named, index, word):
    """PostgreSQL's own files are what the dump is made from;
    the mails were caught here, but lie in others' mailboxes."""
    folders = [folder for folder in named.var.iterdir()
               if folder.is_dir() and folder.name not in ("postgres", "mail", "pages", "log")]
    assert named.var / "index" in folders
    assert not [file for folder in folders for file in files_with(folder, word)]
    for name in ("web", "worker"):
        assert not lines_with(named.log(name), word)


def test_the_thread_stays_under_a_neutral_name(named, gone):
    number, topic = gone
    page = named.visitor().get(topic.path)
    assert page.status == 200 and "Former member" in page.page.text
    assert "A box that restarts at night" in page.page.text
    for path in (topic.path, f"/u/{number}", "/experts", "/leaderboard", "/questions"):
        assert "fadeaway" not in named.visitor().get(path).text.lower(), path


def test_nobody_signs_in_with_it_any_more(named, gone):
    visitor = named.visitor()
    assert visitor.submit("/login", "/login", email=EMAIL, password=PASSWORD).status == 422
