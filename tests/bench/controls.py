"""The controls beside nginx: what PostgreSQL alone can do on this machine, by pgbench with as
many connections as the site is asked by.
"""

import re
import subprocess
import tempfile

from cases import REPLY
from rounds import CONNECTIONS
from say import Failure

PGBENCH = "/usr/lib/postgresql/15/bin/pgbench"
# One row by its key, as pgbench -S.
SELECT = "\\set id random(1, {topics})\nselect title from topics where id = :id;\n"
# The bare minimum of a stored answer: a row of its length with a key, kept for good.
TABLE = "create table bench_insert (id bigint generated always as identity primary key," \
    " topic_id bigint not null, body_md text not null, body_html text not null, at timestamptz not null default now())"
INSERT = "\\set id random(1, {topics})\n" \
    "insert into bench_insert (topic_id, body_md, body_html) values (:id, '{text}', '<p>{text}</p>');\n"


def _pgbench(scratch, script, seconds):
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".sql") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(
            [PGBENCH, "-n", "-M", "prepared", "-j2", f"-c{CONNECTIONS}", f"-T{seconds}", "-f", file.name,
             scratch.conninfo("entraide")],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=seconds + 60)
    rate = re.search(r"^tps = ([0-9.]+)", done.stdout, re.M)
    latency = re.search(r"^latency average = ([0-9.]+) ms", done.stdout, re.M)
    if done.returncode != 0 or not rate:
        raise Failure(f"pgbench failed: {done.stdout}")
    return {"per_second": float(rate[1]), "mean_ms": float(latency[1])}


def select(scratch, seconds):
    """Prepared selects of one row."""
    return _pgbench(scratch, SELECT.format(topics=scratch.topics), seconds)


def insert(scratch, seconds):
    """Transactions that add one row; as durable as the site's answers, see durability()."""
    with scratch.database("entraide") as connection:
        connection.execute("drop table if exists bench_insert")
        connection.execute(TABLE)
        try:
            return _pgbench(scratch, INSERT.format(topics=scratch.topics, text=REPLY.replace("\n", " ")), seconds)
        finally:
            connection.execute("drop table bench_insert")


def durability(scratch):
    """How a commit is kept, for pgbench and for the site alike: the server's settings."""
    with scratch.database("entraide") as connection:
        return {name: connection.execute(f"show {name}").fetchone()[0]
                for name in ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers")}
