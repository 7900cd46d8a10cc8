"""The arithmetic of ./dev bench search."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))

import search  # noqa: E402


def figures(**changed):
    lines = [f"{name} 1 2 0.5 1.5" for name in search.ASKED]
    lines += ["added_per_topic 12 6", "bytes 300 100"]
    return {**search.parse_figures("\n".join(lines)), **changed}


def test_lines_of_the_program_become_figures():
    assert search.parse_figures("search 1.5 20 1 9\nbytes 7 2\n") == {
        "search": [1.5, 20, 1, 9], "bytes": [7, 2]}


def test_aims_met_and_missed_are_told():
    table = search.speed_table(figures(search=[16, 20, 1, 2], bytes=[360, 100]))
    row = next(line for line in table if line.startswith("search, 10 hits"))
    assert "✗ 15" in row and "✓ 80" in row
    assert "3.60" in table[-1] and "✗ 3.5" in table[-1]
    assert "✓ 30" in table[-2]


def test_rows_without_an_aim_judge_nothing():
    row = next(line for line in search.speed_table(figures()) if line.startswith("bare"))
    assert "✓" not in row and "✗" not in row
