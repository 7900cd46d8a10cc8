"""The driver as an object: one line there, one back; and the database beside it."""
import os
import re
import subprocess
import time

import psycopg

SEARCH_PATH = "simulation,pg_catalog"

# The clock that the simulation moves stands before PostgreSQL's own in the search path.
# Defaults of columns, functions and statements find it by the same name.
CLOCK = """
create schema simulation;
create function simulation.now() returns timestamptz language sql stable as $$
    select coalesce(nullif(current_setting('simulation.now', true), '')::timestamptz, pg_catalog.now()) $$;
create function simulation.clock_timestamp() returns timestamptz language sql volatile as $$
    select coalesce(nullif(current_setting('simulation.now', true), '')::timestamptz, pg_catalog.clock_timestamp()) $$;
"""


class Refused(Exception):
    """A rule said no: .code is the error's name."""

    def __init__(self, act, code, sentence, details):
        super().__init__(f"{act}: {code} {sentence} {details}")
        self.code, self.sentence = code, sentence


def scratch_database(conninfo, name):
    with psycopg.connect(conninfo, autocommit=True) as server:
        server.execute(f"drop database if exists {name} with (force)")
        server.execute(f"create database {name}")
    own = re.sub(r"dbname=\S+", f"dbname={name}", conninfo)
    with psycopg.connect(own, autocommit=True) as database:
        database.execute(CLOCK)
    return f"{own} options='-c search_path={SEARCH_PATH}'"


class Driver:
    def __init__(self, build, conninfo, folder, root):
        config = folder / "entraide.conf"
        config.write_text(f"""
[site]
base_url = http://127.0.0.1:9
default_language = fr
[database]
conninfo = {conninfo}
[log]
level = error
[secret]
key = {"0123456789abcdef" * 2}
[search]
index_dir = {folder / "index"}
[paths]
locale_dir = {build / "locale"}
migrations_dir = {root / "migrations"}
[security]
staff_without_second_factor = allowed
""")
        self.environment = {**os.environ, "ENTRAIDE_CONFIG": str(config)}
        self.build = build
        self.run("migrate")
        self.database = psycopg.connect(conninfo, autocommit=True)
        self.log = open(folder / "driver.log", "wb")
        self.process = subprocess.Popen([build / "tests" / "simulation" / "driver"], env=self.environment,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log,
                                        encoding="utf-8")
        self.now = 0
        self.acts = 0
        self.spent = {}  # by kind of act: how many, how many seconds

    def run(self, *arguments):
        done = subprocess.run([self.build / "entraide", *arguments], env=self.environment, capture_output=True,
                              text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"entraide {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def do(self, *fields):
        """The fields of the answer; Refused when it begins with "no"."""
        words = [str(field).replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t") for field in fields]
        self.process.stdin.write("\t".join(words) + "\n")
        self.process.stdin.flush()
        self.acts += 1
        began = time.monotonic()
        line = self.process.stdout.readline()
        spent = self.spent.setdefault(words[0], [0, 0.0])
        spent[0] += 1
        spent[1] += time.monotonic() - began
        if not line:
            raise RuntimeError(f"the driver ended at: {words}; see {self.log.name}")
        answer = line.rstrip("\n").split("\t")
        if answer[0] != "ok":
            raise Refused(words[0], *(answer[1:] + ["", "", ""])[:3])
        return answer[1:]

    def at(self, seconds):
        """Moves the clock, which never goes back."""
        if seconds > self.now:
            self.now = seconds
            self.do("time", int(seconds * 1_000_000))

    def rows(self, query, *parameters):
        began = time.monotonic()
        rows = self.database.execute(query, parameters).fetchall()
        spent = self.spent.setdefault("(looking)", [0, 0.0])
        spent[0] += 1
        spent[1] += time.monotonic() - began
        return rows

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.database.close()
        self.log.close()
