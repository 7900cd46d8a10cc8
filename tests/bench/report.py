"""The figures, as a table for people, beside what was aimed at."""

MB = 1000 * 1000
SEARCH_TOPICS = 200000  # the least at which the aim of the search counts
MEMORY_TOPICS = 20000
FLAT = 0.02
SLOWER_MOST = 1.3
PAGES_SERVED = ("topic", "home", "questions", "category", "tag", "profile", "feed")

# The aims: (what, case, figure, its most or least, by how much the figure counts).
AIMS = (
    ("a topic's page, share of the control", "topic", "share", "least", 0.12),
    ("a topic's page, processor ms", "topic", "us", "most", 300),
    ("a topic's page, of that the application", "topic", "us_web", "most", 80),
    ("list of questions, processor ms", "questions", "us", "most", 350),
    ("a category's list, processor ms", "category", "us", "most", 350),
    ("a tag's list, processor ms", "tag", "us", "most", 350),
    ("a profile, processor ms", "profile", "us", "most", 350),
    ("searching, processor ms", "search", "us", "most", 2000),
    ("a posted answer, processor ms", "answer", "us", "most", 1000),
)
P99_MOST = 12
INSERT_LEAST = 0.3
KEPT_LEAST = 0.90
RESIDENT_MOST = 20 * MB
STACK_MOST = 250 * MB


def best(rounds):
    """The round with the most requests a second, whole; the control's best beside it. What
    else runs on a machine only ever takes away, so the best is nearest to the program's own."""
    chosen = dict(max(rounds, key=lambda figures: figures["per_second"]))
    if "control_per_second" in chosen:
        chosen["control_per_second"] = max(figures["control_per_second"] for figures in rounds)
        chosen["share"] = chosen["per_second"] / chosen["control_per_second"]
    return chosen


def _number(value, digits=0):
    return "–" if value is None else f"{value:,.{digits}f}"


def _print_rows(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print()
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  ".join(cells).rstrip())


HEAD = ("", "requests/s", "control/s", "share", "p50 ms", "p99 ms", "processor ms", "nginx/app/postgres",
        "statements", "trips", "bytes", "others")


def _row(title, figures):
    split = "/".join(_number(figures[f"us_{name}"] / 1000, 3) for name in ("nginx", "web", "postgres")) \
        if "us" in figures else "–"
    return (title, _number(figures["per_second"]), _number(figures.get("control_per_second")),
            _number(figures.get("share"), 3), _number(figures["p50_ms"], 2), _number(figures["p99_ms"], 1),
            _number(figures["us"] / 1000, 3) if "us" in figures else "–", split,
            _number(figures.get("statements"), 1), _number(figures.get("round_trips"), 1),
            _number(figures.get("bytes")), _number(figures["others"], 1))


def print_table(cases, found):
    rows = [HEAD] + [_row(case.title, found["results"][case.name]) for case in cases]
    if "mix" in found:
        rows.append(_row("the mix, closed", found["mix"]["closed"]))
    _print_rows(rows)
    if "mix" in found:
        asked = found["mix"]["open"]
        print(f"\nThe mix, open, {asked['rate']:,} requests a second due: p50 {asked['p50_ms']:.2f} ms, p99 "
              f"{asked['p99_ms']:.1f} ms, p99.9 {asked['p999_ms']:.1f} ms, {asked['wrong']} not answered.")
    _print_beside(found)


def _print_beside(found):
    results = found["results"]
    if "select" in found:
        print(f"\npgbench, prepared selects of one row: {found['select']['per_second']:,.0f} a second.")
    if "insert" in found:
        print(f"pgbench, bare inserts of a row of an answer's size: {found['insert']['per_second']:,.0f} transactions "
              f"a second, {found['insert']['mean_ms']:.2f} ms each at 16 connections "
              f"(fsync {found['durability']['fsync']}, synchronous_commit {found['durability']['synchronous_commit']}).")
    if "answer" in results:
        print(f"A posted answer costs the worker and PostgreSQL {results['answer']['us_later'] / 1000:,.2f} ms "
              "more, later, to index it.")
    if "topic_noise" in results and "topic" in results:
        noise = results["topic_noise"]
        print(f"The hammered login answered {noise['logins_per_second']:.0f} attempts a second; "
              f"pages kept {noise['per_second'] / results['topic']['per_second']:.0%} of their speed.")
    for form, kept in found.get("kept", {}).items():
        print(f"Kept by nginx, {form}: {kept['kept']['per_second']:,.0f} a second, {kept['kept']['us_nginx']:.0f} µs; "
              f"as files {kept['file']['per_second']:,.0f}, {kept['file']['us_nginx']:.0f} µs: {kept['share']:.2f} of it.")


def print_memory(memory, growth):
    print("\nMemory, MB               processes  largest resident (RSS)  sum, proportional (PSS)")
    for kind, sizes in memory.items():
        print(f"  {kind:22} {sizes['processes']:9} {sizes['largest_resident'] / MB:23.1f} "
              f"{sizes['sum_proportional'] / MB:24.1f}")
    print(f"  {'all':22} {sum(sizes['processes'] for sizes in memory.values()):9} {'':23} {stack(memory) / MB:24.1f}")
    if growth:
        print(f"  A pages worker over {growth['requests']:,} requests (RSS): "
              + ", ".join(f"{sample['mean_resident'] / MB:.2f} after {sample['requests']:,}"
                          for sample in growth["samples"])
              + (f" ({growth['replaced']} were replaced)" if growth["replaced"] else ""))


def stack(memory):
    """All processes, shared memory once."""
    return sum(sizes["sum_proportional"] for sizes in memory.values())


def print_figures(figures):
    """One case's own, a line each."""
    for name, value in figures.items():
        print(f"    {name:26} {value:12,.2f}")


def aims(found, topics):
    """[(what, figure or None where it was not measured, limit, is met)], figures as printed."""
    said = []

    def add(what, value, kind, limit):
        is_met = None if value is None else value >= limit if kind == "least" else value <= limit
        said.append((what, value, limit, is_met))

    results, kept = found["results"], found.get("kept", {})
    for form in ("gzip", "plain"):
        add(f"a kept page, {form}, share of files", kept[form]["share"] if form in kept else None, "least", KEPT_LEAST)
    for what, case, figure, kind, limit in AIMS:
        value = results.get(case, {}).get(figure)
        if case == "search" and topics < SEARCH_TOPICS:
            what, value = f"{what}, at {SEARCH_TOPICS:,} topics", None
        scale = 1000 if figure.startswith("us") else 1
        add(what, None if value is None else value / scale, kind, limit / scale)
    for name in PAGES_SERVED:
        if name in results:
            add(f"{name}, p99 ms at 16 connections", results[name]["p99_ms"], "most", P99_MOST)
    add("the mix, open, p99 ms", found["mix"]["open"]["p99_ms"] if "mix" in found else None, "most", P99_MOST)
    add("posted answers, share of bare inserts",
        results["answer"]["per_second"] / found["insert"]["per_second"]
        if "insert" in found and "answer" in results else None, "least", INSERT_LEAST)
    memory = found["memory"]
    add("memory of a pages worker, MB (RSS)", memory["web worker (pages)"]["largest_resident"] / MB, "most",
        RESIDENT_MOST / MB)
    add("memory of the whole stack, MB (PSS)" if topics == MEMORY_TOPICS
        else f"memory of the whole stack, MB (PSS), at {MEMORY_TOPICS:,} topics",
        stack(memory) / MB if topics == MEMORY_TOPICS else None, "most", STACK_MOST / MB)
    growth = found.get("soak")
    add(f"growth over {growth['requests']:,} requests" if growth else "growth over many requests",
        growth["growth"] if growth else None, "most", FLAT)
    return said


def print_aims(said):
    print("\nAims")
    for what, value, limit, is_met in said:
        figure = "       –" if value is None else f"{value:8.3f}"
        verdict = "not measured" if is_met is None else "met" if is_met else f"missed by {_missed(value, limit)}"
        print(f"  {what:50} {figure}  aim {limit:6.2f}  {verdict}")


def _missed(value, limit):
    return f"{abs(value - limit) / limit:.0%}"


def print_against(topics, others, cases, results):
    """results[name]: best figures of both copies. Whether no page is too much slower."""
    rows = [("", f"{topics:,}: requests/s", f"{others:,}: requests/s", "slower", "processor ms", "processor ms", "more", "")]
    slowest = 0.0
    for case in cases:
        one, other = results[case.name]
        slower = one["per_second"] / other["per_second"]
        slowest = max(slowest, slower)
        rows.append((case.title, _number(one["per_second"]), _number(other["per_second"]), f"× {slower:.2f}",
                     _number(one["us"] / 1000, 3), _number(other["us"] / 1000, 3), f"× {other['us'] / one['us']:.2f}",
                     "" if slower <= SLOWER_MOST else "✗"))
    _print_rows(rows)
    print_aims([("the slowest page, times slower", slowest, SLOWER_MOST, slowest <= SLOWER_MOST)])
    return slowest <= SLOWER_MOST
