"""Taking over Stack Exchange dumps: a small one written by hand with every trap
that is known, broken ones, a generated one that is interrupted, and real ones.
"""

import functools
import html
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

import psycopg
import pytest
from psycopg.rows import dict_row

from support.forum import path_of
from support.site import shared_folder

DUMP = pathlib.Path(__file__).parent / "data" / "dump"
FILES = ("Users", "Tags", "Posts", "Comments", "PostLinks", "Votes", "Badges", "PostHistory")
TABLES = ("people", "categories", "tags", "topics", "topic_tags", "posts", "revisions", "notifications", "mails", "jobs",
          "import_map", "imported_badges", "imported_versions", "import_staging", "import_sources")


class Database:
    """An empty forum's database, beside that of the site."""

    def __init__(self, site, name):
        self.site = site
        self.conninfo = re.sub(r"dbname=\S+", f"dbname={name}", site.conninfo("entraide"))
        with psycopg.connect(site.conninfo("postgres"), autocommit=True) as postgres:
            postgres.execute(f"drop database if exists {name} with (force)")
            postgres.execute(f"create database {name} owner entraide template template0")
        self.run("migrate")

    def command(self, *arguments):
        environment = {**os.environ, "ENTRAIDE_CONFIG": str(self.site.var / "entraide.conf"),
                       "ENTRAIDE_DATABASE_CONNINFO": self.conninfo}
        return [str(self.site.prefix() / "bin" / "entraide"), *map(str, arguments)], environment

    def run(self, *arguments, check=True):
        command, environment = self.command(*arguments)
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8", timeout=300)
        assert done.returncode == 0 or (not check and done.returncode > 0), done.stdout + done.stderr
        return done

    def sql(self, query, *parameters):
        with psycopg.connect(self.conninfo, row_factory=dict_row, autocommit=True) as connection:
            return connection.execute(query, parameters).fetchall()

    def value(self, query, *parameters):
        (row,) = self.sql(query, *parameters)
        (value,) = row.values()
        return value

    def slow_down(self, seconds=0.1):
        """Each batch of an import takes so much longer: on any machine there is time to see
        one half done."""
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            connection.execute("create or replace function slow_down() returns trigger language plpgsql as"
                               f" $$ begin perform pg_sleep({seconds}); return null; end $$")
            connection.execute("create or replace trigger slow_down after insert on import_map"
                               " for each statement execute function slow_down()")

    def fingerprint(self):
        """table → rows and a hash of all they hold, but for when the import ended."""
        return {table: self.sql(
            f"select count(*), md5(string_agg((to_jsonb(t) - 'finished_at' - 'report')::text, '|'"
            f" order by (to_jsonb(t) - 'finished_at' - 'report')::text)) from {table} t")[0] for table in TABLES}

    def counts(self):
        return {table: self.value(f"select count(*) from {table}") for table in TABLES}


@pytest.fixture(scope="module")
def databases(site):
    """Makes databases by name; each name once."""
    return functools.cache(lambda name: Database(site, f"import_{name}"))


def report_of(text):
    """file → {"read": …, "imported": …, "present": …, "skipped": …, "reasons": {…}}."""
    report, current = {}, None
    for line in text.splitlines()[1:]:
        if match := re.match(r"(\w+\.xml) +(\d+) +(\d+) +(\d+) +(\d+)$", line):
            current = report[match[1]] = dict(zip(("read", "imported", "present", "skipped"), map(int, match.groups()[1:])))
            current["reasons"] = {}
        elif match := re.match(r" +(\d+)  (.+)$", line):
            current["reasons"][match[2]] = int(match[1])
        else:
            assert "not in this dump" in line, line
    return report


def rows_in(file):
    return sum(1 for _, element in ElementTree.iterparse(file) if element.tag == "row")


def adds_up(report, folder):
    for name, counted in report.items():
        assert counted["read"] == counted["imported"] + counted["present"] + counted["skipped"], name
        assert counted["skipped"] == sum(counted["reasons"].values()), name
        if "&#x" not in (folder / name).read_text("utf-8-sig"):
            assert counted["read"] == rows_in(folder / name), name
        else:
            assert counted["read"] == (folder / name).read_text("utf-8-sig").count("<row "), name


@pytest.fixture(scope="module")
def small(databases):
    """The dump written by hand, imported; with what was said at the end."""
    database = databases("small")
    database.said = database.run("import", "stackexchange", DUMP, "--name", "castles", "--url",
                                 "https://castles.example", "--category", "castles").stdout
    return database


def post_of(database, number):
    rows = database.sql("select p.* from posts p join import_map m on m.our_id = p.id and m.kind = 'post'"
                        " where m.foreign_id = %s", number)
    return rows[0] if rows else None


# ---- the dump written by hand ------------------------------------------------


def test_the_numbers_at_the_end_add_up(small):
    report = report_of(small.said)
    assert set(report) == {f"{name}.xml" for name in FILES}
    adds_up(report, DUMP)
    assert report["Posts.xml"]["imported"] == 8
    assert sum(report["Posts.xml"]["reasons"].values()) == 5
    assert report["Comments.xml"]["imported"] == 2
    assert report["Users.xml"]["imported"] == 5
    assert report["Badges.xml"]["imported"] == 2


def test_rules_for_imports_hold_what_comes_once(databases):
    database = databases("held")
    for words, on_imports in (("rain\nroofs", "true"), ("clock", "false")):
        database.sql("insert into holding_rules (position, name, kind, act, words, is_on, on_imports)"
                     f" values (1, 'Of a test', 'words', 'refuse', '{words}', true, {on_imports}) returning id")
    # About the writer, of whom nothing is known here.
    database.sql("update holding_rules set is_on = true, on_imports = true where kind in ('first_posts', 'dormant')"
                 " returning id")
    arguments = ("import", "stackexchange", DUMP, "--name", "castles", "--url", "https://castles.example",
                 "--category", "castles")
    database.run(*arguments)
    held = database.sql("select id from posts where visibility = 'held'")
    assert [row["id"] for row in held] == [post_of(database, 2)["id"]]
    # A question that was answered is marked: it would take its answers with it.
    waiting = database.sql("select post_id, kind, reasons->0->>'text' as why from moderation_items order by post_id")
    assert {(row["post_id"], row["kind"]) for row in waiting} >= {(post_of(database, 1)["id"], "held"),
                                                                (post_of(database, 2)["id"], "held")}
    assert all(row["why"].startswith("Of a test · ") for row in waiting)
    database.sql("update posts set visibility = 'visible' where visibility = 'held' returning id")
    database.run(*arguments)
    assert database.value("select count(*) from posts where visibility = 'held'") == 0
    assert database.value("select count(*) from moderation_items") == len(waiting)


def test_an_answer_that_comes_before_its_question_is_its_accepted_answer(small):
    question, accepted = post_of(small, 1), post_of(small, 2)
    assert accepted["topic_id"] == question["topic_id"] and accepted["kind"] == "answer"
    assert accepted["accepted_at"] is not None and accepted["score"] == -1
    topic = small.sql("select * from topics where id = %s", question["topic_id"])[0]
    assert (topic["accepted_count"], topic["answer_count"], topic["comment_count"]) == (1, 1, 2)
    assert topic["title"] == "Why do castles have such steep roofs?" and topic["score"] == 5
    assert topic["views_imported"] == 10
    assert topic["created_at"].isoformat().startswith("2011-10-11T19:42:20.713")
    assert question["edited_at"].isoformat().startswith("2012-05-06T07:08:09")


def test_a_text_keeps_its_markup_and_loses_what_could_harm(small):
    assert "<strong>rain</strong>" in post_of(small, 2)["body_html"]
    assert "**rain**" in post_of(small, 2)["body_md"]
    hostile = post_of(small, 11)["body_html"]
    assert "Hostile" in hostile
    assert not re.search(r"<script|<svg|onclick|onerror|javascript:", hostile)
    about = small.value("select bio_html from people where name like 'Zo%%'")
    assert "<em>old</em>" in about and "script" not in about


def test_letters_that_xml_forbids_are_replaced_and_the_rest_is_kept(small):
    topic = small.sql("select * from topics where title like 'A title with a bell%%'")[0]
    assert re.fullmatch(r"A title with a bell.? in it, why & how\?", topic["title"])
    body = post_of(small, 9)["body_html"]
    assert "A bell" in body and "there. See" in body
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", body)


def test_authors_who_are_gone_are_named_as_the_dump_names_them(small):
    deleted = post_of(small, 3)
    assert (deleted["author_id"], deleted["author_name"]) == (None, "user99")
    missing = post_of(small, 4)
    assert missing["author_id"] is None or small.value(
        "select state from people where id = %s", missing["author_id"]) == "imported"
    unknown = post_of(small, 10)
    assert unknown["author_id"] is None
    without_a_name = small.sql("select * from people p join import_map m on m.our_id = p.id and m.kind = 'person'"
                               " where m.foreign_id = 3")[0]
    assert without_a_name["name"] == "user3"


def test_people_of_one_name_are_two_and_nobody_can_sign_in_as_them(small):
    bobs = small.sql("select * from people where name = 'Bob'")
    assert len(bobs) == 2
    assert {bob["state"] for bob in bobs} == {"imported"}
    assert not [bob for bob in bobs if bob["email"] or bob["password_hash"]]


def test_tags_of_both_notations_are_the_same_tags(small):
    for number, wanted in ((1, ["castles", "middle-ages"]), (3, ["castles"]), (9, ["castles", "middle-ages"])):
        assert [row["name"] for row in small.sql(
            "select g.name from topic_tags tt join tags g on g.id = tt.tag_id where tt.topic_id = %s order by position",
            post_of(small, number)["topic_id"])] == wanted


def test_a_duplicate_points_to_its_original_and_is_closed(small):
    duplicate = small.sql("select * from topics where id = %s", post_of(small, 3)["topic_id"])[0]
    assert duplicate["status"] == "duplicate"
    assert duplicate["duplicate_of"] == post_of(small, 1)["topic_id"]


def test_links_between_imported_posts_lead_to_ours_and_others_to_where_they_led(small):
    links = dict(re.findall(r'<a href="([^"]+)"[^>]*>(\w+)</a>', html.unescape(post_of(small, 9)["body_html"])))
    by_word = {word: href for href, word in links.items()}
    ours = {word: f"/p/{post_of(small, number)['id']}" for word, number in
            (("one", 1), ("three", 2), ("four", 3))}
    for word, permalink in ours.items():
        topic = f"/t/{small.value('select topic_id from posts where id = %s', int(permalink[3:]))}"
        assert by_word[word] == permalink or by_word[word].startswith(topic), (word, by_word[word])
    assert by_word["two"] in (f"/p/{post_of(small, 4)['id']}", f"/p/{post_of(small, 3)['id']}")
    assert by_word["five"] == "https://castles.example/questions/424242/gone", "what we do not have is there still"
    assert by_word["six"] == "https://example.org/questions/1"


def test_versions_become_a_history(small):
    versions = small.sql("select r.*, p.name from revisions r left join people p on p.id = r.editor_id"
                         " where post_id = %s order by number", post_of(small, 1)["id"])
    assert [version["body_md"] for version in versions] == ["Why do castels have roofs?", "Why do castles have roofs?"]
    assert versions[1]["name"] == "Bob" and versions[1]["reason"] == "a letter"
    assert post_of(small, 1)["revision_count"] == 1


def test_nobody_is_told_and_nothing_is_mailed(small):
    assert small.counts()["notifications"] == small.counts()["mails"] == 0
    assert small.value("select count(*) from jobs where kind = 'mail'") == 0


def test_the_derived_values_are_those_of_entraide_check(small):
    checked = small.run("check", check=False)
    assert checked.returncode == 0, checked.stdout


def test_an_import_run_again_changes_nothing(small):
    before = small.fingerprint()
    again = small.run("import", "stackexchange", DUMP, "--name", "castles", "--url", "https://castles.example",
                      "--category", "castles").stdout
    assert small.fingerprint() == before
    report, first = report_of(again), report_of(small.said)
    adds_up(report, DUMP)
    for name in ("Users.xml", "Posts.xml", "Comments.xml", "Badges.xml", "Tags.xml"):
        assert report[name]["imported"] == 0, name
        assert report[name]["present"] == first[name]["imported"], name


def test_without_the_other_files_posts_are_imported_alone(databases, tmp_path):
    shutil.copy(DUMP / "Posts.xml", tmp_path)
    database = databases("alone")
    report = report_of(database.run("import", "stackexchange", tmp_path, "--name", "alone").stdout)
    assert report["Posts.xml"]["imported"] == 8 and list(report) == ["Posts.xml"]
    assert post_of(database, 1)["topic_id"]
    assert database.run("check", check=False).returncode == 0


# ---- on the site --------------------------------------------------------------


@pytest.fixture(scope="module")
def on_site(site):
    """The same dump in the forum that is running."""
    done = subprocess.run(
        [str(site.prefix() / "bin" / "entraide"), "import", "stackexchange", str(DUMP), "--name", "castles",
         "--url", "https://castles.example", "--category", "castles"],
        env={**os.environ, "ENTRAIDE_CONFIG": str(site.var / "entraide.conf"),
             "ENTRAIDE_DATABASE_CONNINFO": site.conninfo("entraide")},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stdout
    return site


@pytest.mark.parametrize("path", ["/questions/{n}", "/questions/{n}/some-words", "/q/{n}", "/a/{n}"])
@pytest.mark.parametrize("number", [1, 2, 9, 10])
def test_old_addresses_lead_to_ours_for_good(on_site, path, number):
    reader = on_site.visitor(address="127.0.0.1")
    moved = reader.get(path.format(n=number), follow=False)
    assert moved.status == 301
    shown = reader.get(path_of(moved))
    assert shown.status == 200
    post = on_site.sql_value("select our_id from import_map where kind = 'post' and foreign_id = %s", number)
    assert shown.page.find("article", id=f"p{post}")


@pytest.mark.parametrize("number", [5, 6, 8, 424242, 1000000001])
def test_old_addresses_of_what_was_not_imported_are_not_here(on_site, number):
    assert on_site.visitor().get(f"/questions/{number}").status == 404


def test_each_post_says_where_it_came_from_and_under_which_licence(on_site):
    reader = on_site.visitor()
    page = reader.get("/questions/1").page
    sources = page.all(class_="source")
    assert len(sources) >= 2
    assert sources[0].find("a")["href"] == "https://castles.example/q/1"
    assert "CC BY-SA 3.0" in sources[0].text
    assert "CC BY-SA 4.0" in reader.get("/questions/9").page.find(class_="source").text, "by its date"
    assert "Zoë <Archivist>" in page.text
    # A duplicate: its address leads to the original.
    number = on_site.sql_value("select topic_id from import_map where kind = 'post' and foreign_id = 3")
    assert "user99" in reader.get(f"/t/{number}?view=duplicate").page.text


def test_an_imported_person_has_a_page_with_their_badges(on_site):
    number = on_site.sql_value("select our_id from import_map where kind = 'person' and foreign_id = 1")
    page = on_site.visitor().get(f"/u/{number}")
    assert page.status == 200 and "Why do castles" in page.page.text
    assert "@" not in page.page.find("main").text, "no handle, so no sign for one"


def test_imported_questions_can_be_answered_by_members(on_site):
    from support.forum import rest
    rest(on_site)
    member = on_site.member(age_days=3)
    topic = on_site.sql_value("select topic_id from import_map where kind = 'post' and foreign_id = 9")
    sent = member.submit(f"/t/{topic}/answer", f"/t/{topic}/answer", follow=False,
                         body="The bell rings still, ask the parish.")
    assert sent.status == 303
    assert member.get(path_of(sent)).status == 200


# ---- broken dumps -------------------------------------------------------------

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
GOOD = ('  <row Id="1" PostTypeId="1" CreationDate="2011-10-11T19:42:20.713" Score="0" Body="b" Title="A title that is fine"'
        ' Tags="|x|" OwnerUserId="1" />\n')
BROKEN = {
    "cut short": HEAD + "<posts>\n" + GOOD + GOOD[:60],
    "without its end": HEAD + "<posts>\n" + GOOD,
    "an entity bomb": HEAD + "<!DOCTYPE posts [<!ENTITY a \"aaaaaaaaaa\">" + "".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)) + "]>\n<posts>\n"
        + GOOD.replace('Body="b"', 'Body="&j;"') + "</posts>\n",
    "an external entity": HEAD + '<!DOCTYPE posts [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<posts>\n'
        + GOOD + "<row>&x;</row></posts>\n",
    "not XML": "Id,PostTypeId\n1,1\n",
    "JSON": '{"posts": []}',
    "empty": "",
    "a PNG": "\x89PNG\r\n\x1a\n\0\0",
    "two attributes of one name": HEAD + "<posts>\n" + GOOD + GOOD.replace('Id="1"', 'Id="2" Id="3"') + "</posts>\n",
    "no quotes": HEAD + "<posts>\n" + GOOD + "<row Id=2 /></posts>\n",
    "an unknown entity": HEAD + "<posts>\n" + GOOD + GOOD.replace('Body="b"', 'Body="&nbsp;"') + "</posts>\n",
    "HTML": "<!DOCTYPE html><html><body><p>Not found<br></body></html>",
    "a raw control character": HEAD + "<posts>\n" + GOOD.replace('Body="b"', 'Body="\x01"') + "<posts>\n",
}


@pytest.fixture(scope="module")
def broken(databases):
    return databases("broken")


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_dump_is_refused_whole_with_file_and_line(broken, tmp_path, text):
    shutil.copy(DUMP / "Users.xml", tmp_path)
    (tmp_path / "Posts.xml").write_text(text, encoding="utf-8")
    before = broken.counts()
    started = time.monotonic()
    done = broken.run("import", "stackexchange", tmp_path, "--name", "broken", check=False)
    assert done.returncode != 0
    assert time.monotonic() - started < 10
    assert "Posts.xml" in done.stderr and re.search(r"line \d+", done.stderr), done.stderr
    assert "root:" not in done.stderr
    assert broken.counts() == before == {**before, "people": 0, "posts": 0, "import_map": 0}


def test_a_broken_file_of_another_kind_is_refused_before_anything_is_stored(broken, tmp_path):
    for name in FILES:
        shutil.copy(DUMP / f"{name}.xml", tmp_path)
    file = tmp_path / "PostHistory.xml"
    file.write_bytes(file.read_bytes()[:-40])
    done = broken.run("import", "stackexchange", tmp_path, "--name", "broken", check=False)
    assert done.returncode != 0 and "PostHistory.xml" in done.stderr
    assert broken.counts()["posts"] == broken.counts()["people"] == 0


@pytest.mark.parametrize("arguments", [["stackexchange"], ["stackexchange", "/nonexistent"], ["discourse", "."], [],
                                       ["stackexchange", ".", "--language", "de"]],
                         ids=["no folder", "no such folder", "another kind", "nothing", "language"])
def test_a_command_that_makes_no_sense_says_so(broken, arguments):
    done = broken.run("import", *arguments, check=False)
    assert done.returncode != 0 and done.stderr
    assert broken.counts()["posts"] == 0


def test_a_harmless_document_type_is_no_reason_to_refuse(databases, tmp_path):
    (tmp_path / "Posts.xml").write_text(HEAD + "<!DOCTYPE posts>\n<posts>\n" + GOOD + "</posts>\n")
    report = report_of(databases("doctype").run("import", "stackexchange", tmp_path).stdout)
    assert report["Posts.xml"]["imported"] == 1


# ---- a larger one, interrupted --------------------------------------------------


def quote(text):
    return html.escape(text, quote=True).replace("\n", "&#xA;")


def generate(folder, questions, answers=2):
    """A dump of so many questions; answers stand before their questions now and then."""
    posts, comments, users, history = [], [], [], []
    for n in range(questions // 3):
        users.append(f'<row Id="{n + 1}" CreationDate="2015-01-01T00:00:00.000" DisplayName="Person {n}" AboutMe="" />')
    for n in range(questions):
        first = n * (answers + 1) + 1
        body = quote(f"<p>Question <em>{n}</em> about things, see <a href=\"/questions/{(n * 7) % questions * (answers + 1) + 1}\">"
                     f"this</a>.</p>\n<p>{'Words and words. ' * 12}</p>")
        rows = [f'<row Id="{first}" PostTypeId="1" AcceptedAnswerId="{first + 1 if n % 3 == 0 else ""}"'
                f' CreationDate="2016-01-{n % 28 + 1:02}T00:{n % 60:02}:00.000" Score="{n % 9 - 2}" ViewCount="{n}"'
                f' Body="{body}" OwnerUserId="{n % (questions // 3) + 1}" Title="Question number {n} about generated things"'
                f' Tags="|tag-{n % 40}|tag-{n % 7 + 50}|" />']
        for m in range(answers):
            rows.append(f'<row Id="{first + 1 + m}" PostTypeId="2" ParentId="{first}"'
                        f' CreationDate="2016-02-{n % 28 + 1:02}T{m:02}:00:00.000" Score="{m}" Body="{body}"'
                        f' OwnerUserId="{(n + m) % (questions // 3) + 1}" />')
        posts += rows if n % 5 else rows[::-1]
        comments.append(f'<row Id="{n + 1}" PostId="{first + n % 2}" Score="0" Text="Comment {n}, is it so?"'
                        f' CreationDate="2016-03-01T00:00:00.000" UserId="{n % (questions // 3) + 1}" />')
        history.append(f'<row Id="{n + 1}" PostHistoryTypeId="2" PostId="{first}" CreationDate="2016-01-01T00:00:00.000"'
                       f' UserId="1" Text="Question *{n}* about things" />')
    for name, rows in (("Users", users), ("Posts", posts), ("Comments", comments), ("PostHistory", history)):
        root = name.lower()
        (folder / f"{name}.xml").write_text(f"\ufeff{HEAD}<{root}>\n" + "\n".join(rows) + f"\n</{root}>\n", "utf-8")


COMPARED = """
select md5(string_agg(line, '|' order by line)) from (
    select concat_ws(' ', m.kind, m.foreign_id, p.number, p.kind, p.body_md, p.score, p.created_at, p.author_name,
        p.comment_count, p.revision_count, p.accepted_at, a.name, pm.foreign_id, t.title, t.answer_count, t.comment_count,
        t.accepted_count, t.score, t.excerpt, t.last_number, regexp_replace(p.body_html, '/(p|t)/[0-9]+[^"]*', '', 'g'),
        (select string_agg(g.name, ',' order by tt.position) from topic_tags tt join tags g on g.id = tt.tag_id
            where tt.topic_id = t.id)) as line
    from import_map m join posts p on p.id = m.our_id join topics t on t.id = p.topic_id
    left join people a on a.id = p.author_id
    left join import_map pm on pm.our_id = p.parent_id and pm.kind = 'post'
    where m.kind in ('post', 'comment')) lines
"""


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("generated")
    generate(folder, 900)
    return folder


def test_an_import_that_is_killed_again_and_again_ends_like_one_that_was_not(databases, generated):
    whole, killed = databases("whole"), databases("killed")
    whole.said = whole.run("import", "stackexchange", generated, "--name", "gen").stdout
    adds_up(report_of(whole.said), generated)
    killed.slow_down()
    seen = []
    for wanted in ("select count(*) > 0 from import_map where kind = 'person'",
                   "select count(*) > 0 from topics", "select count(*) > 1500 from posts",
                   "select count(*) > 2700 from posts"):
        command, environment = killed.command("import", "stackexchange", generated, "--name", "gen")
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while process.poll() is None and not killed.value(wanted):
            assert time.monotonic() < end
        process.kill()
        process.wait()
        # Its session, and with it the lock, ends when PostgreSQL notices.
        while killed.value("select count(*) > 0 from pg_locks l join pg_database d on d.oid = l.database"
                           " where l.locktype = 'advisory' and d.datname = current_database()"):
            assert time.monotonic() < end
            time.sleep(0.05)
        seen.append(killed.value("select count(*) from posts"))
    assert seen == sorted(seen) and 0 < seen[1] < 3600, seen
    killed.slow_down(0)
    report = report_of(killed.run("import", "stackexchange", generated, "--name", "gen").stdout)
    adds_up(report, generated)
    assert killed.value(COMPARED) == whole.value(COMPARED)
    assert {table: count for table, count in killed.counts().items() if table != "jobs"} == \
        {table: count for table, count in whole.counts().items() if table != "jobs"}
    for database in (whole, killed):
        assert database.run("check", check=False).returncode == 0


def test_two_imports_at_once_do_not_mix(databases, generated):
    database = databases("twice")
    command, environment = database.command("import", "stackexchange", generated, "--name", "gen")
    both = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
            for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes[0] == 0, said
    assert database.value("select count(*) from posts") == databases("whole").value("select count(*) from posts")
    assert database.run("check", check=False).returncode == 0


# Linux counts what a process had before exec() as its own, so a large pytest would be measured;
# between them stands a small one, which says the most that the command had, in kB.
MEASURED = """import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stderr=subprocess.STDOUT)
_, status, usage = os.wait4(process.pid, 0)
print(usage.ru_maxrss, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))"""


def test_memory_stays_flat_however_large_the_dump(site, databases, tmp_path):
    if b"__asan_init" in (site.prefix() / "bin" / "entraide").read_bytes():
        pytest.skip("AddressSanitizer holds back what was freed")
    with open(tmp_path / "Posts.xml", "w", encoding="utf-8") as file:
        file.write(HEAD + "<posts>\n")
        body = quote("<p>" + "A long text of a tag wiki. " * 150 + "</p>")
        for n in range(12_000):
            kind = 1 if n % 40 == 0 else 4
            file.write(f'<row Id="{n + 1}" PostTypeId="{kind}" CreationDate="2016-01-01T00:00:00.000" Score="0" Body="{body}"'
                       f' Title="A title that is long enough {n}" />\n')
        file.write("</posts>\n")
    assert (tmp_path / "Posts.xml").stat().st_size > 45_000_000
    command, environment = databases("large").command("import", "stackexchange", tmp_path)
    done = subprocess.run([sys.executable, "-c", MEASURED, *command], env=environment, capture_output=True,
                          encoding="utf-8")
    assert done.returncode == 0, done.stdout
    assert report_of(done.stdout)["Posts.xml"]["imported"] == 300
    assert int(done.stderr) < 150_000, f"{done.stderr} kB"


# ---- real ones -------------------------------------------------------------------


def expected(folder):
    """What an import of those files must come to, counted without the program."""
    questions, answers, scores, accepted, titles = set(), {}, 0, set(), {}
    for _, row in ElementTree.iterparse(folder / "Posts.xml"):
        number, kind = int(row.get("Id", 0)), row.get("PostTypeId")
        if row.tag != "row" or number >= 1_000_000_000:
            continue
        if kind == "1" and row.get("Title"):
            questions.add(number)
            titles[number] = row.get("Title")
            scores += int(row.get("Score"))
            if row.get("AcceptedAnswerId"):
                accepted.add(int(row.get("AcceptedAnswerId")))
        elif kind == "2":
            answers[number] = (int(row.get("ParentId", 0)), int(row.get("Score")))
        row.clear()
    answers = {number: score for number, (parent, score) in answers.items() if parent in questions}
    comments = 0
    if (folder / "Comments.xml").exists():
        for _, row in ElementTree.iterparse(folder / "Comments.xml"):
            known = row.tag == "row" and int(row.get("PostId")) in questions | answers.keys()
            comments += bool(known and row.get("Text"))
            row.clear()
    return {"questions": len(questions), "answers": len(answers), "comments": comments,
            "scores": scores + sum(answers.values()), "accepted": len(accepted & answers.keys())}, titles


@pytest.mark.parametrize("name", ["history-meta", "beer"])
def test_a_real_dump_is_taken_over_whole(databases, name):
    shared = shared_folder()
    folder = shared and shared / "data" / "stackexchange" / name
    if not folder or not folder.is_dir():
        pytest.skip("the shared dumps are not here")
    database = databases(name.replace("-", "_"))
    report = report_of(database.run("import", "stackexchange", folder).stdout)
    for file, counted in report.items():
        assert counted["read"] == (folder / file).read_text("utf-8-sig").count("<row ")
        assert counted["read"] == counted["imported"] + counted["present"] + counted["skipped"]
    wanted, titles = expected(folder)
    assert database.sql(
        "select count(*) filter (where kind = 'question') as questions, count(*) filter (where kind = 'answer') as answers,"
        " count(*) filter (where kind = 'comment') as comments, count(accepted_at) as accepted,"
        " sum(score) filter (where kind <> 'comment') as scores from posts")[0] == wanted
    sample = list(titles.items())[::max(1, len(titles) // 20)]
    for number, title in sample:
        kept = database.value("select t.title from topics t join import_map m on m.topic_id = t.id"
                              " and m.kind = 'post' where m.foreign_id = %s", number)
        assert " ".join(kept.split()) == " ".join(title.split())
    assert database.run("check", check=False).returncode == 0
    before = database.fingerprint()
    database.run("import", "stackexchange", folder)
    assert database.fingerprint() == before
