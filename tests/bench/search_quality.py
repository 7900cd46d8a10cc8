"""How good the search is: what `entraide search evaluate` says of sets of questions.

Our own set, of a telephone company's help, is always there; the articles and questions
of the CNIL, and what a commercial engine and plain Xapian make of them, where the
shared data lies beside the checkout.
"""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("ENTRAIDE_SHARED", ROOT.parent / "shared"))
MEASURES = ("MRR", "P@1", "hit@5", "MAP", "nDCG@10", "latency p50", "latency p99")

# Name, documents and queries, and aims.
SETS = [
    ("our own, 28 questions", ROOT / "tests/bench/search/documents.jsonl",
     ROOT / "tests/bench/search/queries.jsonl", {"MRR": 0.80, "P@1": 0.70, "hit@5": 0.90}),
    ("CNIL, 84 questions", SHARED / "data/cnil-faq/articles.jsonl",
     SHARED / "data/cnil-faq/queries.jsonl", {"MRR": 0.60, "P@1": 0.50, "hit@5": 0.75}),
]
KNOWN = [("  a commercial engine", {"MRR": 0.369, "P@1": 0.286, "hit@5": 0.476}),
         ("  Xapian's BM25, French stems", {"MRR": 0.44, "P@1": 0.33, "hit@5": 0.58})]


def evaluate(program, documents, queries, *options):
    """{measure: number}. Raises CalledProcessError when the program fails."""
    done = subprocess.run(
        [program, "search", "evaluate", "--documents", documents, "--queries", queries, *options],
        stdout=subprocess.PIPE, text=True, check=True)
    figures = {}
    for line in done.stdout.splitlines():
        for name in MEASURES:
            if line.startswith(name + " "):
                figures[name] = float(line[len(name):].split()[0])
    return figures


def row(name, figures):
    return f"{name:34}" + "".join(
        f"{figures[measure]:9.3f}" if measure in figures else f"{'':9}" for measure in MEASURES[:5])


def quality_table(program):
    lines = [f"{'':34}" + "".join(f"{measure:>9}" for measure in MEASURES[:5])]
    for name, documents, queries, aims in SETS:
        if not documents.exists():
            lines.append(f"{name:34} skipped: {documents} is not there")
            continue
        lines.append(row(name, evaluate(program, documents, queries)))
        lines.append(row("  aims", aims))
        if name.startswith("CNIL"):
            lines += [row(*known) for known in KNOWN]
    return lines
