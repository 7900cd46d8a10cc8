"""The table of ./dev audit, what was aimed at, and why it was missed."""

# What each column has at least, as a percentage of Lighthouse's best.
AIMS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
HEAD = ("page", "", "performance", "accessibility", "best practices", "SEO", "requests", "kB", "CLS", "LCP s", "axe", "HTML")


def _score(row, name):
    value = row[name]
    return "–" if value is None else f"{value}{'' if value >= AIMS[name] else ' ✗'}"


def _measure(value, form):
    return "–" if value is None else form.format(value)


def cells(row):
    return (row["page"], row["language"], *(_score(row, name) for name in AIMS), str(row["requests"]),
            _measure(row["bytes"] and row["bytes"] / 1000, "{:.1f}"), _measure(row["cls"], "{:.3f}"),
            _measure(row["lcp_ms"] and row["lcp_ms"] / 1000, "{:.2f}"),
            *(f"{len(row[name])} ✗" if row[name] else "0" for name in ("barriers", "html")))


def print_table(rows):
    lines = [HEAD] + [cells(row) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    print()
    for line in lines:
        words = [line[0].ljust(widths[0]), line[1].ljust(widths[1])]
        words += [cell.rjust(width) for cell, width in zip(line[2:], widths[2:])]
        print("  ".join(words).rstrip())


def missed(row):
    """What is not as it should be on that page: a sentence each, none where all is."""
    lines = []
    for name, aim in AIMS.items():
        if row[name] is None or row[name] < aim:
            lines.append(f"{name}: {row[name]}, the aim is {aim}")
            lines += [f"    {reason}" for reason in row["reasons"][name]]
    if any(row[name] is not None and row[name] < aim for name, aim in AIMS.items() if name == "performance"):
        lines += [f"    advice: {words}" for words in row["advice"]]
    return lines + [f"axe: {line}" for line in row["barriers"]] + [f"HTML: {line}" for line in row["html"]]


def print_missed(rows):
    """Whether anything was."""
    found = [(row, missed(row)) for row in rows]
    for row, lines in found:
        if lines:
            print(f"\n{row['page']}, {row['language']} ({row['path']})")
        for line in lines:
            print(f"  {line}")
    if not any(lines for _, lines in found):
        print("\nEverything is as it should be.")
    return any(lines for _, lines in found)
