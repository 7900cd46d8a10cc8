"""What the kernel says about processes: time used, memory, who is whose child."""

import os
import pathlib
import re

from say import Failure

TICKS = os.sysconf("SC_CLK_TCK")
PROC = pathlib.Path("/proc")


def _stat(pid):
    """parent, seconds of its own, seconds of its children that ended; None: gone."""
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name, in brackets, may hold anything.
    fields = text.rpartition(")")[2].split()
    parent, times = int(fields[1]), [int(field) / TICKS for field in fields[11:15]]
    return parent, times[0] + times[1], times[2] + times[3]


def busy_seconds():
    """Processor time of everything on this machine so far."""
    fields = [int(field) for field in (PROC / "stat").read_text().splitlines()[0].split()[1:]]
    # user, nice, system, idle, iowait, irq, softirq, steal: guests are in user already.
    return (sum(fields[:3]) + sum(fields[5:8])) / TICKS


class Group:
    """A process and its children, such as nginx's master and its workers."""

    def __init__(self, name, root):
        self.name, self.root = name, root

    def members(self):
        pids = [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]
        stats = {pid: stat for pid in pids if (stat := _stat(pid))}
        if self.root not in stats:
            raise Failure(f"{self.name} (process {self.root}) has ended during the measurement")
        return {pid: s for pid, s in stats.items() if pid == self.root or s[0] == self.root}

    def children(self):
        return sorted(set(self.members()) - {self.root})

    def seconds(self):
        """Processor time so far, also of children that have ended."""
        members = self.members()
        return sum(own for _, own, _ in members.values()) + members[self.root][2]


def memory(pid):
    """(resident, its share of what is shared), in bytes."""
    text = (PROC / str(pid) / "smaps_rollup").read_text()
    values = dict(re.findall(r"^(\w+): +(\d+) kB", text, re.M))
    return int(values["Rss"]) * 1024, int(values["Pss"]) * 1024


def listens_to(pid, socket_path):
    """Whether it holds that listening socket: tells the workers of two pools apart."""
    inodes = set()
    for line in (PROC / "net" / "unix").read_text().splitlines()[1:]:
        fields = line.split()
        if len(fields) == 8 and fields[7] == str(socket_path):
            inodes.add(f"socket:[{fields[6]}]")
    held = set()
    for link in (PROC / str(pid) / "fd").iterdir():
        try:
            held.add(os.readlink(link))
        except FileNotFoundError:
            pass
    return bool(inodes & held)
