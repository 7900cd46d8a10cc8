"""Memory: what each process holds, and whether it grows over many requests."""

import statistics

import metrics
from processes import listens_to, memory
from rounds import wrk
from say import step

POINTS = (0.1, 0.5, 1.0)
SECONDS = 5  # between two looks at how many it were


def web_workers(scratch, group):
    """Process ids by pool."""
    pools = {"pages": [], "slow": []}
    for pid in group.children():
        for pool, members in pools.items():
            if listens_to(pid, scratch.socket_path(pool)):
                members.append(pid)
                break
    return pools


def take(scratch, groups):
    """Resident and proportional bytes: the largest of each kind, the sum of all."""
    found = {}
    kinds = {f"web worker ({pool})": pids for pool, pids in
             web_workers(scratch, groups["web"]).items()}
    kinds["web supervisor"] = [groups["web"].root]
    kinds["worker"] = sorted(groups["worker"].members())
    kinds["nginx"] = sorted(groups["nginx"].members())
    kinds["postgres"] = sorted(groups["postgres"].members())
    for kind, pids in kinds.items():
        sizes = [memory(pid) for pid in pids]
        found[kind] = {
            "processes": len(pids),
            "largest_resident": max((resident for resident, _ in sizes), default=0),
            "sum_proportional": sum(share for _, share in sizes),
        }
    return found


def soak(scratch, groups, lines, requests):
    """The mix again and again; the memory of the pages' workers after a tenth, a half and
    all of it. The first tenth is warming up: the rest must stay where it was."""
    began = metrics.read(scratch).total
    samples, done = [], 0
    step(f"Asking for {requests} pages, to see whether memory grows")
    while len(samples) < len(POINTS):
        wrk(scratch, lines, SECONDS)
        done = metrics.read(scratch).total - began
        if done >= requests * POINTS[len(samples)]:
            samples.append((done, _resident(scratch, groups["web"])))
    return growth(samples)


def _resident(scratch, group):
    return {pid: memory(pid)[0] for pid in web_workers(scratch, group)["pages"]}


def growth(samples):
    """
    Of the workers that lived through it all: growth is the largest share by which one grew;
    None where there is no such one.
    """
    first, last = samples[0][1], samples[-1][1]
    same = sorted(set(first) & set(last))
    return {
        "requests": samples[-1][0],
        "samples": [{"requests": done, "mean_resident": statistics.mean(sizes.values())}
                    for done, sizes in samples],
        "replaced": len(first) - len(same),
        "growth": max((last[pid] / first[pid] - 1 for pid in same), default=None),
    }
