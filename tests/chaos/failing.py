"""Calls that fail (row F15): memory, the network, files, one in so many, in the workers of
web and of the jobs. The calls are failing.c's, which is loaded into the programs at their
start and does nothing until a trial says how often.
"""

import mmap
import os
import struct
import subprocess
import time

from say import Failure
from scratch import ROOT
from verify import PATIENCE, wait_until

KINDS = ("memory", "network", "files")
# So that a worker lives through some tens of requests. A request takes about 200 calls for
# memory, 12 to the network, and hardly one to files.
ONE_IN = {"memory": 8000, "network": 400, "files": 40}
SECONDS = 8


class Failing:
    """The page of memory that all processes of the copy look at."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.library, self.path = folder / "failing.so", folder / "failing"
        self._build()
        self.path.write_bytes(bytes(mmap.PAGESIZE))
        self.path.chmod(0o666)  # PostgreSQL's owner starts programs too
        with open(self.path, "r+b") as file:
            self.page = mmap.mmap(file.fileno(), mmap.PAGESIZE)

    def _build(self):
        done = subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", str(self.library),
                               str(ROOT / "tests" / "chaos" / "failing.c"), "-ldl"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, encoding="utf-8", timeout=120)
        if done.returncode != 0:
            raise Failure(f"failing.c cannot be built: {done.stdout}")

    def environment(self):
        """With which the copy is to be started."""
        return {"LD_PRELOAD": str(self.library), "ENTRAIDE_FAILING": str(self.path)}

    def set(self, kind, one_in):
        struct.pack_into("=I", self.page, 4 * KINDS.index(kind), one_in)

    def failed(self, kind):
        return struct.unpack_from("=I", self.page, 4 * (len(KINDS) + KINDS.index(kind)))[0]


def fail_calls(kind):
    def run(site, load, rounds):
        failing, failed, reads, writes = site.failing, 0, load.count("read"), load.count("write")
        for _ in range(rounds):
            before = failing.failed(kind)
            failing.set(kind, ONE_IN[kind])
            try:
                time.sleep(SECONDS)
            finally:
                failing.set(kind, 0)
            failed += failing.failed(kind) - before
            began = time.monotonic()
            wait_until(lambda: load.first_after("write", began) is not None, PATIENCE, "an answer when nothing fails any more")
        if not failed:
            raise Failure("no call failed: the library is not loaded")
        return [f"{failed} calls failed; meanwhile {load.count('read') - reads} pages and {load.count('write') - writes}"
                " answers went well"]
    return run


def is_loaded(site):
    """In all workers; a copy that an earlier run kept was started without it."""
    return all("failing.so" in open(f"/proc/{pid}/maps").read()
               for name in ("web", "worker") for pid in site.groups()[name].children())


def prepare(site):
    """Before the copy is started."""
    site.failing = Failing(site.var / "failing")
    os.environ.update(site.failing.environment())
