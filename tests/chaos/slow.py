"""Slow clients (row F13): a thousand connections that send their head, their form or take
their page a few bytes at a time (slowhttptest, Debian's package), and whom they keep from it.
"""

import pathlib
import subprocess
import time

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
            held = attack(site, options)
            slowed = p95(load.seconds_since("read", began))
            lines.append(f"slow {name}: {held} connections stood open; pages of the others within {1000 * slowed:.0f} ms,"
                         f" {1000 * usual:.0f} ms before (95 %)")
            if name != "ranges" and held < CONNECTIONS / 2:
                raise Failure(f"that was no attack; {lines[-1]}")
            if slowed > max(LEAST, SLOWER * usual):
                raise Failure(f"pages became slow; {lines[-1]}")
    return lines


def attack(site, options):
    """The most connections that nginx had open meanwhile."""
    words = ["slowhttptest", "-c", str(CONNECTIONS), "-r", "250", "-l", str(SECONDS), "-p", "10", "-v", "0",
             "-u", f"{site.url}/questions", *options]
    most, ends = 0, time.monotonic() + 4 * SECONDS
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as attacker:
        while attacker.poll() is None:
            if time.monotonic() > ends:
                attacker.kill()
                raise Failure("slowhttptest does not end")
            most = max(most, connections_of(site))
            time.sleep(0.2)
    return most


def connections_of(site):
    """Established ones at nginx's end: proc(5), state 01."""
    port = f":{site.port:04X} "
    lines = pathlib.Path("/proc/net/tcp").read_text().splitlines()
    return sum(1 for line in lines if port in line[:25] and line.split()[3] == "01")


def p95(seconds):
    if not seconds:
        raise Failure("nobody else got a page")
    return sorted(seconds)[int(0.95 * len(seconds))]
