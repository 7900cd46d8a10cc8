"""The figures, as a table for people, beside what was aimed at."""

import statistics

MB = 1024 * 1024

# The aims: (what, case, figure, its most or least, by how much the figure counts).
AIMS = (
    ("a topic's page, share of nginx alone", "topic", "share", "least", 0.08),
    ("a topic's page, processor ms", "topic", "us", "most", 450),
    ("a topic's page, processor ms (the hope)", "topic", "us", "most", 400),
    ("a topic's page, p99 ms", "topic", "p99_ms", "most", 20),
    ("a posted answer, processor ms", "answer", "us", "most", 1000),
    ("a topic's page beside a hammered login, p99 ms", "topic_noise", "p99_ms", "most", 20),
)
RESIDENT_MOST = 25 * MB
# What the allocator may still take after warming up.
GROWTH_MOST = 1 * MB


def median(rounds):
    """Figure by figure; text and tables come from the last round."""
    merged = dict(rounds[-1])
    for name, value in merged.items():
        if isinstance(value, (int, float)):
            merged[name] = statistics.median(figures[name] for figures in rounds)
    return merged


def add_shares(results):
    for figures in results.values():
        figures["share"] = figures["per_second"] / results["control"]["per_second"]


def _number(value, digits=0):
    return "–" if value is None else f"{value:,.{digits}f}"


HEAD = ("", "requests/s", "share", "p50 ms", "p99 ms", "processor µs", "nginx/web/postgres",
        "statements", "trips")


def _row(case, figures):
    split = "/".join(_number(figures.get(f"us_{name}")) for name in ("nginx", "web", "postgres"))
    return (case.title, _number(figures["per_second"]), _number(figures["share"], 3),
            _number(figures["p50_ms"], 2), _number(figures["p99_ms"], 1),
            _number(figures.get("us")), "–" if "us" not in figures else split,
            _number(figures.get("statements"), 1), _number(figures.get("round_trips"), 1))


def print_table(cases, results):
    rows = [HEAD] + [_row(case, results[case.name]) for case in cases]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    print()
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  ".join(cells).rstrip())
    if "answer" in results:
        print(f"\nA posted answer costs the worker and PostgreSQL {results['answer']['us_later']:,.0f} µs "
              "more, later, to index it.")
    if "topic_noise" in results and "topic" in results:
        _print_noise(results["topic_noise"], results["topic"])


def _print_noise(noise, quiet):
    print(f"\nThe hammered login answered {noise['logins_per_second']:.0f} attempts a second; "
          f"pages kept {noise['per_second'] / quiet['per_second']:.0%} of their speed.")


def print_memory(memory, growth):
    print("\nResident memory, MB      processes  largest  sum (proportional)")
    for kind, sizes in memory.items():
        print(f"  {kind:22} {sizes['processes']:9} {sizes['largest_resident'] / MB:8.1f} "
              f"{sizes['sum_proportional'] / MB:8.1f}")
    if growth:
        print(f"  A pages worker over {growth['requests']:,} requests: "
              + " ".join(f"{sample['mean_resident'] / MB:.1f}" for sample in growth["samples"])
              + (f" ({growth['replaced']} were replaced)" if growth["replaced"] else ""))


def print_figures(figures):
    """One case's own, a line each."""
    for name, value in figures.items():
        print(f"    {name:26} {value:12,.2f}")


def aims(results, memory, growth):
    """[(what, figure, limit, is met)], figures as printed."""
    found = []
    for what, case, figure, kind, limit in AIMS:
        if case not in results:
            continue
        value = results[case][figure]
        scale = 1000 if figure == "us" else 1
        found.append((what, value / scale, limit / scale,
                      value >= limit if kind == "least" else value <= limit))
    resident = memory["web worker (pages)"]["largest_resident"]
    found.append(("resident memory of a pages worker, MB", resident / MB, RESIDENT_MOST / MB,
                  resident <= RESIDENT_MOST))
    if growth:
        found.append((f"growth over {growth['requests']:,} requests, MB", growth["growth"] / MB,
                      GROWTH_MOST / MB, growth["growth"] <= GROWTH_MOST))
    return found


def print_aims(found):
    print("\nAims")
    for what, value, limit, is_met in found:
        verdict = "met" if is_met else f"missed by {abs(value - limit) / limit:.0%}"
        print(f"  {what:50} {value:8.3f}  aim {limit:6.2f}  {verdict}")
