"""Two copies of different size beside each other: which pages get slower as a forum grows?
Each page is asked of one, then of the other, so what disturbs disturbs both.
"""

import dataclasses

import report
from cases import Site, reading_cases
from rounds import Round
from say import Failure, step


def without_control(case):
    """The other copy is the control here."""
    return dataclasses.replace(case, control=[])


def compare(small, large, rounds, seconds):
    """(cases of the first, {name: (best of the first, best of the second)})."""
    sides = []
    for scratch in (small, large):
        site = Site(scratch)
        sides.append((Round(scratch, site.people, scratch.groups(), seconds),
                      {case.name: without_control(case) for case in reading_cases(site)}))
    names = [name for name in sides[0][1] if name in sides[1][1]]
    if not names:
        raise Failure("there is no page that both copies have")
    found = {name: ([], []) for name in names}
    for number in range(rounds + 1):
        step(f"Round {number} of {rounds}" if number else "Warming up")
        for name in names:
            for n, (round_, cases) in enumerate(sides):
                figures = round_.measure(cases[name])
                if number:
                    found[name][n].append(figures)
    return [sides[0][1][name] for name in names], {
        name: tuple(report.best(figures) for figures in both) for name, both in found.items()}
