"""./dev itself: run twice, beside another copy, and with nothing to reach."""

import re
import socket
import subprocess

import pytest

from support.site import ROOT, Site, free_port

NAMES = ("nginx", "web", "worker", "mail")


def dev(*arguments):
    return subprocess.run(
        [str(ROOT / "dev"), *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", timeout=300,
    )


@pytest.fixture(scope="module")
def copy(site):
    """A second forum beside the first."""
    second = Site("second").start()
    yield second
    second.dev("down", "--delete")


def test_two_copies_run_side_by_side(site, copy):
    assert copy.visitor().get("/").status == 200
    assert site.visitor().get("/").status == 200
    assert copy.port != site.port
    copy.sql("create table only_here (n int)")
    assert site.sql_value("select to_regclass('only_here') is null")


def test_up_again_leaves_running_what_runs(copy):
    before = {name: copy.process(name) for name in NAMES}
    copy.sql("create table kept (n int)")
    said = copy.dev("up", "--prefix", str(copy.prefix()))
    assert {name: copy.process(name) for name in NAMES} == before
    assert copy.sql("select * from kept") == []
    assert f"http://127.0.0.1:{copy.port}/" in said


def test_a_process_that_died_is_noticed_and_started_again(copy):
    subprocess.run(["kill", "-KILL", str(copy.process("worker"))], check=True)
    status = dev("status", "--var", str(copy.var))
    assert status.returncode == 1
    assert re.search(r"worker\s+stopped", status.stdout)
    copy.dev("up", "--prefix", str(copy.prefix()))
    status = dev("status", "--var", str(copy.var))
    assert status.returncode == 0, status.stdout


def test_a_site_without_its_program_says_so_at_once_and_comes_back(site, copy):
    visitor = copy.visitor()
    subprocess.run(["kill", "-TERM", str(copy.process("web"))], check=True)
    while (answer := visitor.get("/")).status == 200:
        pass
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.page.language == "fr"
    assert "We will be right back" in answer.text
    site.keep_page(answer)
    copy.dev("up", "--prefix", str(copy.prefix()))
    assert visitor.get("/").status == 200


def test_a_port_in_use_is_named_before_anything_is_done(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = dev("up", "--var", str(tmp_path / "var"), "--port", str(port))
    assert done.returncode == 1
    assert f"something else listens on port {port}" in done.stdout
    assert not (tmp_path / "var" / "build").exists()


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["up", "--port", "80a"], "--port 80a is no port"),
        (["up", "--nonsense"], "does not know --nonsense"),
        (["up", "--import", "/nonexistent"], "has no Posts.xml"),
        (["status", "--var", "/nonexistent"], "there is no copy in"),
        (["logs", "nonsense"], "there is no"),
        (["nonsense"], "there is no command 'nonsense'"),
        (["test", "nonsense"], "there is no test part 'nonsense'"),
    ],
)
def test_mistakes_are_answered_with_a_sentence(arguments, words):
    done = dev(*arguments)
    assert done.returncode == 1
    assert words in done.stdout


def test_logs_psql_mail_and_run_reach_the_copy(copy):
    assert "event=" in copy.dev("logs", "web")
    said = copy.dev("psql", "-At", "-c", "select current_database()")
    assert said.strip() == "entraide"
    copy.dev("mail")
    assert "migrate" in copy.dev("run", "--help")


def test_down_stops_everything_and_up_starts_it_again(copy):
    copy.sql("create table survived (n int)")
    copy._database.close()
    copy.dev("down")
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", copy.port), timeout=1)
    copy.port = free_port()
    copy.dev("up", "--port", str(copy.port), "--prefix", str(copy.prefix()))
    assert copy.visitor().get("/").status == 200
    assert copy.sql("select * from survived") == []


def test_a_copy_runs_in_a_folder_that_is_closed_and_has_a_long_name(site, tmp_path):
    """As root PostgreSQL runs as another user, who cannot get to tmp_path; and a
    socket's path may not be longer than 107 bytes."""
    tmp_path.chmod(0o700)
    remote = Site("remote")
    remote.var = tmp_path / ("a-long-name-" * 8)
    remote.start()
    try:
        assert remote.visitor().get("/").status == 200
        assert remote.sql_value("select 1") == 1
    finally:
        remote.stop()
        remote.dev("down", "--delete")
    assert not list(remote.var.glob("postgres*"))
