"""What is broken, how often, and what must hold meanwhile. The numbers (F1 …) are those of
the fault table that README.md repeats.

A trial gets the site, the load that runs meanwhile and how many rounds to make; it returns
lines about what it saw, and raises Failure when something that must hold does not.
"""

import dataclasses
import os
import random
import signal
import threading
import time

from failing import fail_calls
from load import Asker, post_answer
from overload import overload
from say import Failure
from slow import slow_clients
from storage import break_index, delete_index, fill_the_disk, flip_a_byte, truncate_index
from verify import PATIENCE, soon_enough, wait_until


@dataclasses.dataclass
class Trial:
    name: str
    row: str
    title: str
    run: object
    rounds: int  # of the whole run
    short: int  # in continuous integration; 0: not there
    reads_fail: bool = False  # may pages fail while it is broken?
    writes_fail: bool = True
    needs_build: bool = False  # changes the program's files, or builds more
    has_writers: bool = True  # else only those of the trial itself write


def seconds_text(name, seconds):
    ordered = sorted(seconds)
    return f"{name}: {ordered[len(ordered) // 2]:.2f} s half of the time, {ordered[-1]:.2f} s at most"


def must(is_so, sentence):
    if not is_so:
        raise Failure(sentence)


ROUND = 16  # pages: whoever was asking when the workers died has been answered, and has asked again


# ---- F1: a worker of the web dies -----------------------------------------------------------


def kill_web_workers(site, load, rounds):
    """At random, one after the other, in the midst of whatever it does."""
    chance, back = random.Random(1), []
    for _ in range(rounds):
        before = site.workers()
        victim = chance.choice(before)
        began = time.monotonic()
        site.kill([victim])
        wait_until(lambda: len(site.workers()) == len(before) and victim not in site.workers(), PATIENCE,
                   "another worker in its place")
        back.append(time.monotonic() - began)
        soon_enough(site, back[-1], 10, f"another was in its place after {back[-1]:.1f} s")
        time.sleep(chance.uniform(0.02, 0.2))
    return [seconds_text("another in its place", back)]


def kill_before_commit(site, load, rounds):
    """The worker waits for a question that somebody else holds; nothing is committed yet."""
    for number in range(rounds):
        with site.database("postgres") as holder:
            holder.execute("begin")
            holder.execute("select from topics where id = 14 for update")
            told = asked(site, load, number, 14, is_held, "a worker that waits for the question")
            holder.execute("rollback")
        must(not told, "an answer was acknowledged that could not have been written")
    return []


def kill_after_commit(site, load, rounds):
    """It is committed, and the commit waits for a second machine that does not exist; so the
    worker dies knowing nothing of its luck, and the person sends the form again."""
    for number in range(rounds):
        with site.database("postgres") as connection:
            before = count_of(connection, site)
            wait_until(lambda: kill_a_commit(site, load, number, connection) > before, PATIENCE, "an answer's commit")
    return [f"committed, not acknowledged, sent again: {rounds}"]


def kill_a_commit(site, load, number, connection):
    """How many answers there are then. The commits of the jobs wait as well, and where one of
    them holds what the answer needs, the answer is refused after the statement's two seconds."""
    site.set_postgres(synchronous_standby_names="nobody")
    try:
        asked(site, load, number, 15, committing, "a worker whose commit waits")
    finally:
        site.set_postgres(synchronous_standby_names=None)
    wait_until(lambda: not committing(connection), PATIENCE, "the commit to end")
    return count_of(connection, site)


def count_of(connection, site):
    return connection.execute("select count(*) from posts where topic_id = 15").fetchone()[0]


HELD = ("from pg_stat_activity where wait_event_type = 'Lock' and wait_event in ('transactionid', 'tuple')"
        " and usename = 'entraide_app' and datname = 'entraide'")


def is_held(connection):
    """Statements that wait for a row."""
    return connection.execute(f"select count(*) {HELD}").fetchone()[0]


def committing(connection):
    """Commits of answers that wait: a table's locks last until the commit has ended."""
    return connection.execute(
        "select count(*) from pg_stat_activity a join pg_locks l using (pid) where a.wait_event = 'SyncRep'"
        " and l.relation = 'posts'::regclass and l.mode = 'RowExclusiveLock'").fetchone()[0]


def asked(site, load, number, topic, waits, what):
    """Posts, kills all workers once one waits as meant. Whether it was acknowledged."""
    member, told = number % 8, []
    key = site.new_key(member)
    poster = threading.Thread(target=lambda: told.append(
        post_answer(site, Asker(site), member, topic, key, lambda _: None)))
    with site.database("postgres") as connection:
        poster.start()
        wait_until(lambda: waits(connection) or not poster.is_alive(), PATIENCE, what)
        if waits(connection):
            site.kill(site.workers())
        if waits is is_held:
            # PostgreSQL sees that the client is gone when it has the lock; it need not wait.
            connection.execute(f"select pg_terminate_backend(pid) {HELD}")
    poster.join()
    read = load.count("read")
    wait_until(lambda: load.count("read") > read + ROUND, PATIENCE, "pages after the workers' death")
    if told[0]:
        load.journal.note(key)
    else:
        load.in_doubt.append((member, topic, key))
    return told[0]


# ---- F8: the worker of the jobs dies ---------------------------------------------------------


def kill_job_workers(site, load, rounds):
    chance, whole = random.Random(2), len(site.groups()["worker"].children())
    for _ in range(rounds):
        if victims := site.groups()["worker"].children():
            site.kill([chance.choice(victims)])
        time.sleep(chance.uniform(0.05, 0.5))
    wait_until(lambda: len(site.groups()["worker"].children()) == whole, PATIENCE, "the workers")
    return []


# ---- F2: PostgreSQL goes and comes back --------------------------------------------------------


def restart_postgres(mode):
    def run(site, load, rounds):
        gaps = []
        for _ in range(rounds):
            if mode == "kill":
                site.kill_postgres()
            else:
                status, words = site.pg_ctl("-m", mode, "stop")
                must(status == 0, f"pg_ctl stop: {words}")
            time.sleep(0.3)
            site.start_postgres()
            began = time.monotonic()
            wait_until(lambda: load.first_after("write", began) is not None, PATIENCE, "an answer after PostgreSQL's return")
            gaps.append(load.first_after("write", began))
            soon_enough(site, gaps[-1], 5, f"the first answer came {gaps[-1]:.1f} s after PostgreSQL's return")
            time.sleep(0.5)
        return [seconds_text("first answer after its return", gaps)]
    return run


# ---- F12: new configuration, new program, new tables: nobody notices ------------------------------


def reload_nginx(site, load, rounds):
    for _ in range(rounds):
        os.kill(site.pid("nginx"), signal.SIGHUP)
        time.sleep(0.7)
    return []


def reload_program(name):
    def run(site, load, rounds):
        for _ in range(rounds):
            before = set(site.groups()[name].children())
            os.kill(site.pid(name), signal.SIGHUP)
            wait_until(lambda: not before & set(site.groups()[name].children()), PATIENCE, f"new processes of {name}")
            time.sleep(0.3)
        return []
    return run


def new_binary(site, load, rounds):
    for _ in range(rounds):
        site.install_new_binary()
        for name in ("web", "worker"):
            before = set(site.groups()[name].children())
            os.kill(site.pid(name), signal.SIGHUP)
            wait_until(lambda: not before & set(site.groups()[name].children()), PATIENCE, f"new processes of {name}")
        must(os.readlink(f"/proc/{site.pid('web')}/exe") == str(site.binary.resolve()), "web runs another program")
        time.sleep(0.3)
    return []


def migrate(site, load, rounds):
    """A column more and an index, then the replaced functions; the old program goes on meanwhile."""
    migrations = site.binary.parents[1] / "share" / "entraide" / "migrations"
    newest = max(int(path.name[:4]) for path in migrations.glob("[0-9]*.sql"))
    for number in range(newest + 1, newest + 1 + rounds):
        (migrations / f"{number:04d}_chaos.sql").write_text(
            f"alter table topics add column chaos_{number} bigint not null default 0;\n"
            f"create index topics_chaos_{number} on topics (chaos_{number}) where chaos_{number} > 0;\n")
        site.program_as_owner("migrate")
        os.kill(site.pid("web"), signal.SIGHUP)
        time.sleep(1)
    return []


TRIALS = [
    Trial("web-kill", "F1", "a web worker killed at random", kill_web_workers, 100, 15),
    Trial("web-kill-before", "F1", "web workers killed before the commit", kill_before_commit, 100, 5,
          has_writers=False),
    Trial("web-kill-after", "F1", "web workers killed between commit and answer", kill_after_commit, 100, 5,
          has_writers=False),
    Trial("jobs-kill", "F8", "a worker of the jobs killed at random", kill_job_workers, 50, 10),
    Trial("postgres-fast", "F2", "PostgreSQL restarted", restart_postgres("fast"), 50, 1, reads_fail=True),
    Trial("postgres-immediate", "F2", "PostgreSQL stopped at once, and recovered", restart_postgres("immediate"), 50, 0,
          reads_fail=True),
    Trial("postgres-kill", "F2", "PostgreSQL killed, and recovered", restart_postgres("kill"), 50, 2, reads_fail=True),
    Trial("disk-full", "F6", "PostgreSQL's disk full, and room again", fill_the_disk, 10, 1, reads_fail=True),
    Trial("index-deleted", "F7", "the search index deleted", break_index(delete_index), 10, 0, writes_fail=False),
    Trial("index-truncated", "F7", "a file of the search index cut short", break_index(truncate_index), 10, 0,
          writes_fail=False),
    Trial("index-flipped", "F7", "a bit of the search index turned over", break_index(flip_a_byte), 10, 2,
          writes_fail=False),
    Trial("overload", "F13", "three times as much asked as it can do", overload, 3, 0, needs_build=True,
          has_writers=False, reads_fail=True),
    Trial("slow-clients", "F13", "a thousand clients that take their time", slow_clients, 1, 0, writes_fail=False),
    Trial("memory-fails", "F15", "memory is refused now and then", fail_calls("memory"), 10, 1, reads_fail=True),
    Trial("network-fails", "F15", "connections break now and then", fail_calls("network"), 10, 1, reads_fail=True),
    Trial("files-fail", "F15", "files cannot be read or written now and then", fail_calls("files"), 10, 1, reads_fail=True),
    Trial("nginx-reload", "F12", "nginx told to reload", reload_nginx, 30, 3, writes_fail=False),
    Trial("web-reload", "F12", "web told to reload", reload_program("web"), 30, 3, writes_fail=False),
    Trial("jobs-reload", "F12", "the worker told to reload", reload_program("worker"), 20, 1, writes_fail=False),
    Trial("new-binary", "F12", "a new program installed and taken over", new_binary, 20, 2, writes_fail=False,
          needs_build=True),
    Trial("migration", "F12", "tables changed under the running program", migrate, 5, 1, writes_fail=False,
          needs_build=True),
]
