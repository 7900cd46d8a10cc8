"""Memory: what each process holds, and whether it grows over many requests."""

import statistics

import metrics
from cases import Case
from processes import listens_to, memory
from say import step

PARTS = 10


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


def soak_lines(cases):
    """What is asked for: every page that is only read."""
    return [line for case in cases if case.has_site and case.status == 200 for line in case.lines]


def soak(scratch, round_, cases, groups, requests):
    """Many requests of all reading kinds; the memory of the pages' workers after
    each tenth. The first tenth is warming up: the rest must stay where it was."""
    mixed = Case("soak", "soak", lines=soak_lines(cases))
    began = metrics.read(scratch).total
    samples, done = [], 0
    step(f"Asking for {requests} pages, to see whether memory grows")
    while done < requests:
        round_.run_wrk(mixed)
        done = metrics.read(scratch).total - began
        if done >= requests * (len(samples) + 1) / PARTS or done >= requests:
            samples.append((done, _resident(scratch, groups["web"])))
    return _growth(samples)


def _resident(scratch, group):
    return {pid: memory(pid)[0] for pid in web_workers(scratch, group)["pages"]}


def _growth(samples):
    """Of the workers that lived through it all."""
    first, last = samples[0][1], samples[-1][1]
    same = sorted(set(first) & set(last))
    return {
        "requests": samples[-1][0],
        "samples": [{"requests": done, "mean_resident": statistics.mean(sizes.values())}
                    for done, sizes in samples],
        "replaced": len(first) - len(same),
        "growth": max((last[pid] - first[pid] for pid in same), default=0),
    }
