"""What whoever runs the site has: commands, metrics, logs, checks, the index."""

import os
import re
import subprocess
import time

import psycopg
import pytest

from support.forum import BODY, a_title, answer, ask, comment, press
from support.site import PASSWORD
from support.waiting import until


def figures(text):
    """name → {labels as written: value} of the Prometheus text format."""
    found = {}
    for line in text.splitlines():
        if line.startswith("#") or not line:
            continue
        match = re.fullmatch(r'([a-z_]+)(?:\{([^}]*)\})? (\S+)', line)
        assert match, f"not a line of the format: {line!r}"
        found.setdefault(match[1], {})[match[2] or ""] = float(match[3])
    return found


@pytest.fixture
def operator(site):
    return site.visitor(address="127.0.0.1")


# ---- watching ---------------------------------------------------------------


def test_health_says_that_the_process_is_up(operator):
    answered = operator.get("/healthz")
    assert (answered.status, answered.text) == (200, "ok\n")
    assert answered.headers["Cache-Control"] == "private, no-store"


def test_ready_says_what_it_reaches(operator, site):
    ask(site.member())
    end = time.monotonic() + 20
    while not re.fullmatch(r"database ok\nindex ok [1-9]\d*\nmarks \d+ oldest \d+ s\n", operator.get("/readyz").text):
        assert time.monotonic() < end, operator.get("/readyz").text
        time.sleep(0.2)


def test_metrics_count_each_request_by_route_and_status(operator, site):
    reader = site.visitor(address="127.0.0.1")
    before = figures(operator.get("/metrics").text)
    for _ in range(17):
        assert reader.get("/tags").status == 200
    for _ in range(5):
        assert reader.get("/t/999999999-x").status == 404
    for _ in range(3):
        reader.post("/logout", {"csrf": "x"})
    after = figures(operator.get("/metrics").text)

    def grown(name, labels):
        return after[name].get(labels, 0) - before.get(name, {}).get(labels, 0)

    assert grown("entraide_requests_total", 'route="tags",method="GET",status="200"') == 17
    assert grown("entraide_requests_total", 'route="topic",method="GET",status="404"') == 5
    assert grown("entraide_requests_total", 'route="logout",method="POST",status="403"') == 3
    total = sum(after["entraide_requests_total"].values()) - sum(before["entraide_requests_total"].values())
    assert total == 17 + 5 + 3 + 1, "and the reading of the figures itself"
    assert grown("entraide_statements_total", 'pool="pages"') >= 17 + 5


def test_the_histogram_is_one(operator):
    found = figures(operator.get("/metrics").text)
    for pool in ("pages", "slow"):
        buckets = [(float(re.search(r'le="([^"]+)"', labels)[1]), count)
                   for labels, count in found["entraide_request_seconds_bucket"].items() if f'"{pool}"' in labels]
        counts = [count for _, count in sorted(buckets)]
        assert counts == sorted(counts)
        assert counts[-1] == found["entraide_request_seconds_count"][f'pool="{pool}"']
        assert found["entraide_request_seconds_sum"][f'pool="{pool}"'] >= 0


def test_metrics_know_the_jobs(operator, site):
    site.sql("insert into jobs (kind, payload, run_at) values ('mail', '{\"id\": 0}', now() + interval '1 hour')")
    found = figures(operator.get("/metrics").text)
    assert found["entraide_jobs"]['kind="mail",state="queued"'] >= 1
    assert found["entraide_database_up"][""] == 1
    site.sql("delete from jobs where payload ->> 'id' = '0'")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_watching_costs_no_session_and_is_for_nobody_else(site, path):
    member = site.member(role="administrator")
    assert member.get(path).status == 403


# ---- searching --------------------------------------------------------------


def found_by(visitor, words):
    return [node.text for node in visitor.get("/search", params={"q": words}).page.all("h3", class_="question-title")]


def test_a_new_question_is_found_soon_and_a_withdrawn_one_at_once_no_more(site):
    member, reader = site.member(), site.visitor(address="127.0.0.1")
    title = a_title("How do I descale the zorgulator of my coffee machine")
    topic = ask(member, title=title, slug="box")
    until(lambda: title in found_by(reader, "zorgulator"))
    assert title in found_by(reader, "ZORGULATOR descaling")
    said = site.run("search", "query", "zorgulator").stdout
    assert str(topic.id) in said and title in said.replace("[", "").replace("]", ""), said
    answer(site.member(role="advisor"), topic, body="With vinegar and a quibblewrench, as always.")
    until(lambda: title in found_by(reader, "quibblewrench"))
    site.sql("update posts set visibility = 'withdrawn' where topic_id = %s and kind = 'answer'", topic.id)
    press(member, topic.path, f"/p/{topic.post}/withdraw")
    assert title not in found_by(reader, "zorgulator"), "even before the index knows"
    until(lambda: str(topic.id) not in site.run("search", "query", "zorgulator").stdout)
    press(member, topic.path, f"/p/{topic.post}/restore")
    until(lambda: title in found_by(reader, "zorgulator"))


def test_an_edited_title_is_found_by_its_new_words_only(site):
    member, reader = site.member(), site.visitor(address="127.0.0.1")
    topic = ask(member, title="What is a flumboggle good for, please?")
    until(lambda: found_by(reader, "flumboggle"))
    member.submit(f"/p/{topic.post}/edit", f"/p/{topic.post}/edit", title="What is a wibblesnatch good for, please?")
    until(lambda: found_by(reader, "wibblesnatch"))
    assert not found_by(reader, "flumboggle")


def test_searching_is_indifferent_to_accents_and_knows_french(site):
    member, reader = site.member(language="fr"), site.visitor("fr", "127.0.0.1")
    title = "Où trouver les télécommandes grésillantes du décodeur ?"
    ask(member, title=title, language="fr")
    until(lambda: title in found_by(reader, "télécommande grésillante"))
    assert title in found_by(reader, "telecommandes gresillantes")


@pytest.mark.parametrize("words", ["", " ", "*", "\"", "a AND", "NOT x", "title:", "(((", "x" * 500, "a " * 500, "-", "~", "é" * 200,
                                   "wifi NEAR/3", "\U0001f600"])
def test_odd_words_are_no_error(operator, words):
    assert operator.get("/search", params={"q": words}).status == 200


def test_the_index_is_made_anew_by_a_command_and_finds_the_same(site):
    member = site.member()
    title = a_title("Who has ever seen a blorptastic antenna")
    ask(member, title=title)
    until(lambda: title in found_by(member, "blorptastic"))
    assert re.search(r"search rebuild: \d+ topics in [\d.]+ s, \d+ in the index, \d+ kB\n", site.run("search", "rebuild").stdout)
    until(lambda: "topics marked       0" in site.run("search", "stats").stdout)
    assert title in found_by(member, "blorptastic")
    visible = site.sql_value("select count(*) from topics where visibility = 'visible'")
    assert f"topics in the index {visible}\n" in site.run("search", "stats").stdout


def test_related_questions_are_shown_once_the_worker_found_them(site):
    member = site.member(role="advisor")
    first = ask(member, title="The squelchometer of my router shows nothing", body=f"Squelchometer, router. {BODY}")
    second = ask(member, title="My router has a squelchometer that is dark", body=f"Router, squelchometer. {BODY}")
    reader = site.visitor(address="127.0.0.1")
    until(lambda: first.path in reader.get(second.path).page.links)


# ---- commands ---------------------------------------------------------------


def test_people_are_made_listed_and_given_roles_by_commands(site):
    made = site.run("user", "create", "--email", "first.admin@example.org", "--name", "The First Administrator",
                    "--role", "administrator", "--title", "Runs it", "--language", "en", "--password-stdin",
                    stdin="a long enough sentence\n")
    assert re.fullmatch(r"person \d+: The First Administrator <first\.admin@example\.org>, administrator\n", made.stdout)
    visitor = site.visitor()
    signed_in = visitor.submit("/login", "/login", email="first.admin@example.org", password="a long enough sentence")
    assert signed_in.status == 200 and visitor.get("/settings", follow=False).status == 200
    assert "first.admin@example.org" in site.run("user", "list").stdout
    changed = site.run("user", "role", "first.admin@example.org", "moderator")
    assert "is now moderator" in changed.stdout
    assert re.search(r"moderator +active .*first\.admin", site.run("user", "list").stdout)


def test_a_password_is_made_up_and_said_where_none_was_given(site):
    made = site.run("user", "create", "--email", "made.up@example.org", "--name", "Made Up", stdin="")
    password = re.search(r"^password: (\S{20,})$", made.stdout, re.M)[1]
    assert site.visitor().submit("/login", "/login", email="made.up@example.org", password=password).status == 200


@pytest.mark.parametrize("arguments", [
    ["user", "create"], ["user", "create", "--email", "x", "--name", "Somebody"],
    ["user", "create", "--email", "a@example.org", "--name", "A B", "--role", "king"],
    ["user", "create", "--email", "taken@example.org", "--name", "Taken Twice"],
    ["user", "role", "nobody.here@example.org", "moderator"], ["user", "role", "x"], ["user"], ["user", "fly"],
    ["check", "--fly"], ["search"], ["search", "fly"], ["import"], ["migrate", "--fly"], ["fly"], [], ["web", "--fly"],
    ["worker", "--fly"], ["worker", "--check", "now"], ["config", "now"], ["migrate", "now"], ["check", "--repair", "now"],
], ids=" ".join)
def test_a_command_that_cannot_be_done_says_so_and_fails(site, arguments):
    if "taken@example.org" in arguments:
        site.run("user", "create", "--email", "taken@example.org", "--name", "Taken Once", stdin="")
    people = site.sql_value("select count(*) from people")
    done = site.run(*arguments, stdin="", check=False)
    assert done.returncode != 0
    assert done.stderr.strip() or done.stdout.strip()
    assert "password" not in done.stdout
    assert site.sql_value("select count(*) from people") == people


@pytest.mark.parametrize("command", ["web", "worker", "migrate", "import", "search", "user", "check", "config", "demo"])
def test_each_command_explains_itself(site, command):
    helped = site.run(command, "--help")
    assert helped.stdout.startswith("usage: entraide " + command) and not helped.stderr
    assert command in site.run("--help").stdout


def test_migrating_twice_does_nothing(site):
    done = subprocess.run([str(site.prefix() / "bin" / "entraide"), "migrate"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, encoding="utf-8",
                          env={**os.environ, "ENTRAIDE_CONFIG": str(site.var / "entraide.conf"),
                               "ENTRAIDE_DATABASE_CONNINFO": site.conninfo("entraide")})
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name, value", [("ENTRAIDE_SITE_BASE_URL", "ftp://x"), ("ENTRAIDE_SECRET_KEY", "short"),
                                         ("ENTRAIDE_WEB_PAGES_WORKERS", "many"), ("ENTRAIDE_LOG_LEVEL", "loud"),
                                         ("ENTRAIDE_SITE_TIMEZONE", "Mars/Olympus")])
def test_a_wrong_configuration_is_refused_with_its_name(site, name, value):
    done = subprocess.run([str(site.prefix() / "bin" / "entraide"), "web", "--check"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, encoding="utf-8", timeout=20,
                          env={"ENTRAIDE_CONFIG": str(site.var / "entraide.conf"), "PATH": "/usr/bin", name: value})
    assert done.returncode != 0
    assert name in done.stderr or value in done.stderr


def test_the_program_stops_before_it_serves_a_schema_that_is_not_its_own(site):
    database = site.conninfo("entraide").replace("dbname=entraide", "dbname=postgres")
    done = subprocess.run([str(site.prefix() / "bin" / "entraide"), "web"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, encoding="utf-8", timeout=30,
                          env={"ENTRAIDE_CONFIG": str(site.var / "entraide.conf"), "PATH": "/usr/bin",
                               "ENTRAIDE_DATABASE_CONNINFO": database})
    assert done.returncode != 0 and "entraide migrate" in done.stderr


def test_the_applications_role_can_only_add_to_what_is_kept_for_good(site):
    with psycopg.connect(site.conninfo("entraide_app"), autocommit=True) as connection:
        for statement in ("update audit_log set action = 'x'", "delete from audit_log", "truncate audit_log",
                          "update revisions set body_md = 'x'", "delete from revisions", "drop table topics",
                          "alter table people add column x text", "create table x (y int)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


# ---- logs -------------------------------------------------------------------


def test_a_request_is_one_line_in_both_logs_under_one_id(site, operator):
    answered = operator.get("/tags")
    number = answered.headers["X-Request-Id"]
    until(lambda: number in site.log("web") and number in site.log("access"))
    line = next(line for line in site.log("web").splitlines() if number in line)
    for part in ("event=request", "method=GET", "path=/tags", "route=tags", "status=200", "us=", "statements=", "trips="):
        assert part in line, line


def test_an_id_that_the_client_made_up_is_not_taken(operator):
    answered = operator.get("/tags", headers={"X-Request-Id": "a" * 32, "Request-Id": "b" * 32})
    assert answered.headers["X-Request-Id"] not in ("a" * 32, "b" * 32)


def test_words_that_look_like_log_lines_stay_inside_their_own(site, operator):
    operator.get("/c/x%22%20level=error%20event=forged", headers={"User-Agent": "a\" level=error event=forged \"b"})
    until(lambda: "forged" in site.log("access"))
    for name in ("web", "access"):
        for line in site.log(name).splitlines():
            assert not re.search(r"(?:^|\s)event=forged", re.sub(r'"(?:[^"\\]|\\.)*"', '""', line)), line


@pytest.mark.last
def test_no_log_holds_a_text_a_password_or_an_address_of_a_person(site):
    words = [PASSWORD, "a quite different sentence", BODY[:40], "guess number", "@example.org"]
    for name in ("web", "worker"):
        log = site.log(name)
        assert not [word for word in words if word in log], name


@pytest.mark.last
def test_nothing_went_wrong_on_our_side_in_all_of_this(site):
    """No 500, no worker that died by itself, no job that is dead."""
    lines = site.log("web").splitlines()
    assert not [line for line in lines if " status=500" in line or "error=internal" in line]
    died = [line for line in lines if "event=worker_died" in line and "signal=9" not in line]
    assert not died
    assert not [line for line in site.log("worker").splitlines() if "event=worker_died" in line]
    assert site.sql("select kind, last_error from jobs where state = 'dead'") == []


@pytest.mark.last
def test_all_derived_values_are_right_after_all_of_this(site):
    """Other tests change the truth behind the program's back, dates and counts
    among it; what they changed is mended first, then everything is done again by
    the program alone."""
    site.run("check", "--repair")
    member, staff = site.member(age_days=2), site.member(role="moderator")
    for _ in range(3):
        topic = ask(member, tags="derived, values")
        posts = [answer(staff, topic) for _ in range(2)]
        note = comment(member, posts[0])
        press(member, topic.path, f"/p/{posts[0]}/accept")
        press(member, topic.path, f"/p/{posts[0]}/thank")
        press(staff, topic.path, f"/t/{topic.id}/me-too")
        press(staff, topic.path, f"/p/{note}/withdraw")
        press(staff, topic.path, f"/p/{posts[1]}/withdraw")
        press(staff, topic.path, f"/p/{posts[1]}/restore")
        staff.submit(f"/p/{topic.post}/edit", f"/p/{topic.post}/edit", tags="derived, others", title=a_title())
    press(staff, topic.path, f"/p/{topic.post}/withdraw")
    checked = site.run("check", check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.last
def test_a_wrong_value_is_found_and_mended(site):
    topic = site.sql_value("select id from topics where answer_count > 0 limit 1")
    site.sql("update topics set answer_count = answer_count + 5, score = score - 1 where id = %s", topic)
    found = site.run("check", check=False)
    assert found.returncode == 1
    assert re.search(r"topics\.answer_count +1 differ", found.stdout) and re.search(r"topics\.score +1 differ", found.stdout)
    assert site.run("check", "--repair").returncode == 0
    assert site.run("check", check=False).returncode == 0
