"""Slow clients (row F13): a thousand connections that send their head, their form or take
their page a few bytes at a time (slowhttptest, Debian's package), and whom they keep from it.
"""

import subprocess

from say import Failure

CONNECTIONS = 1000
SECONDS = 20
# slowhttptest's own names of what it does.
MODES = {"heads": ("-H", "-i", "3", "-x", "24"), "bodies": ("-B", "-i", "3", "-s", "8192", "-x", "10"),
         "ranges": ("-R",), "readers": ("-X", "-k", "5", "-n", "3", "-w", "10", "-y", "20", "-z", "16")}
SLOWER = 5  # times: what the others may be
LEAST = 0.05  # seconds: of less nobody speaks


def slow_clients(site, load, rounds):
    lines = []
    for _ in range(rounds):
        for name, options in MODES.items():
            usual = p95(load.seconds_since("read", load.now() - 5))
            began = load.now()
            said = attack(site, options)
            slowed = p95(load.seconds_since("read", began))
            lines.append(f"{CONNECTIONS} slow {name}: {said}; pages of the others within {1000 * slowed:.0f} ms,"
                         f" {1000 * usual:.0f} ms before (95 %)")
            if slowed > max(LEAST, SLOWER * usual):
                raise Failure(f"pages became slow; {lines[-1]}")
    return lines


def attack(site, options):
    words = ["slowhttptest", "-c", str(CONNECTIONS), "-r", "250", "-l", str(SECONDS), "-p", "10", "-v", "0",
             "-u", f"{site.url}/questions", *options]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding="utf-8", timeout=SECONDS * 4)
    if "Exit status" not in done.stdout and done.returncode != 0:
        raise Failure(f"slowhttptest: {done.stdout[-500:]}")
    return "done"


def p95(seconds):
    if not seconds:
        raise Failure("nobody else got a page")
    return sorted(seconds)[int(0.95 * len(seconds))]
