"""Disks that are full, and a search index that is broken (rows F6 and F7)."""

import os
import random
import shutil
import subprocess
import time
import urllib.parse

from load import Asker
from say import Failure
from verify import PATIENCE, soon_enough, wait_until

SPARE_MB = 64
WORDS = ("box", "fibre", "télé", "débit", "facture", "wifi", "redémarrer", "réseau", "message", "ligne")


def must(is_so, sentence):
    if not is_so:
        raise Failure(sentence)


# ---- F7: the index ---------------------------------------------------------------------------


def search_paths():
    return [f"/search?q={urllib.parse.quote(word)}" for word in WORDS]


def index_files(site):
    return [path for path in (site.var / "index" / "current").resolve().iterdir() if path.suffix == ".glass"]


def delete_index(site, _):
    shutil.rmtree((site.var / "index" / "current").resolve())


def truncate_index(site, chance):
    path = chance.choice(index_files(site))
    os.truncate(path, chance.randrange(max(path.stat().st_size, 1)))


def flip_a_byte(site, chance):
    path = chance.choice(index_files(site))
    with open(path, "r+b") as file:
        file.seek(chance.randrange(max(path.stat().st_size, 1)))
        byte = file.read(1) or b"\0"
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1 << chance.randrange(8)]))


def break_index(hurt):
    """Pages go on, and the search answers, with titles from PostgreSQL when it must; a rebuilt
    index is held against the database at the end (verify.py)."""
    def run(site, load, rounds):
        chance, asker = random.Random(3), Asker(site)
        for _ in range(rounds):
            hurt(site, chance)
            for path in search_paths():
                status, _ = asker.ask("GET", path)
                must(status == 200, f"{path} answers {status}")
            site.program("search", "rebuild", "--anew")
            must(all(asker.ask("GET", path)[0] == 200 for path in search_paths()), "a search fails after the rebuild")
        asker.close()
        return []
    return run


# ---- F6: the disk of PostgreSQL is full ---------------------------------------------------------


class SmallDisk:
    """with SmallDisk(site): the cluster stands on a disk of its own with 64 MB to spare."""

    def __init__(self, site):
        self.site = site
        self.kept = site.cluster.with_name("postgres.large")

    def __enter__(self):
        self._stop()
        self.site.cluster.rename(self.kept)
        mine = self.kept.stat()
        used = sum(path.stat().st_size for path in self.kept.rglob("*") if path.is_file()) >> 20
        self.site.cluster.mkdir(mode=0o700)
        subprocess.run(["mount", "-t", "tmpfs", "-o",
                        f"size={used + SPARE_MB}m,mode=0700,uid={mine.st_uid},gid={mine.st_gid}", "tmpfs",
                        str(self.site.cluster)], check=True)
        subprocess.run(["cp", "-a", f"{self.kept}/.", str(self.site.cluster)], check=True)
        self.site.start_postgres()
        return self

    def fill(self):
        """To the last byte, as somebody else's log would."""
        with open(self.site.cluster / "balloon", "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(1 << 20))
            except OSError:
                pass
            try:
                while True:
                    file.write(bytes(512))
            except OSError:
                pass

    def free(self):
        (self.site.cluster / "balloon").unlink(missing_ok=True)

    def __exit__(self, *_):
        self._stop()
        shutil.rmtree(self.kept)
        subprocess.run(["cp", "-a", str(self.site.cluster), str(self.kept)], check=True)
        subprocess.run(["umount", str(self.site.cluster)], check=True)
        self.site.cluster.rmdir()
        self.kept.rename(self.site.cluster)
        self.site.start_postgres()

    def _stop(self):
        status, words = self.site.pg_ctl("-m", "fast", "stop")
        if status != 0 and (self.site.cluster / "postmaster.pid").exists():
            raise Failure(f"pg_ctl stop: {words}")


def fill_the_disk(site, load, rounds):
    """Writing is refused with a page that says so, what was acknowledged stays, and it goes on by
    itself when there is room. PostgreSQL stops itself when its log has no room; whoever runs it
    starts it again (systemd does), so do we."""
    if os.getuid() != 0:
        return ["not done: only root may mount a small disk"]
    back, refused = [], 0
    with SmallDisk(site) as disk:
        for _ in range(rounds):
            wait_until(site.is_ready, PATIENCE, "the site to be ready")
            disk.fill()
            began = time.monotonic()
            wait_until(lambda: load.failed("write", began) > 5, 60, "answers to be refused")
            time.sleep(1)
            refused += load.failed("write", began)
            disk.free()
            freed = time.monotonic()
            if site.pg_ctl("status")[0] != 0:
                site.start_postgres()
            wait_until(lambda: load.first_after("write", freed) is not None, PATIENCE, "an answer after there was room")
            back.append(load.first_after("write", freed))
            soon_enough(site, back[-1], 10, f"the first answer came {back[-1]:.1f} s after there was room")
    return [f"answers refused while it was full: {refused}",
            f"first answer after there was room: {max(back):.1f} s at most"]
