"""entraide search evaluate: odd files, and that the ranking stays as good as it is."""

import json
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "bench"))

import search_quality  # noqa: E402


def program(site):
    return site.prefix() / "bin" / "entraide"


def write(path, *lines, mark="", end="\n"):
    path.write_bytes((mark + end.join(
        line if isinstance(line, str) else json.dumps(line) for line in lines)).encode())
    return str(path)


def evaluate(site, tmp_path, documents, queries, *options, check=True):
    return site.run("search", "evaluate", "--documents", write(tmp_path / "d.jsonl", *documents),
                    "--queries", write(tmp_path / "q.jsonl", *queries), *options, check=check)


def test_ranking_of_our_own_questions_stays_good(site):
    name, documents, queries, aims = search_quality.SETS[0]
    figures = search_quality.evaluate(program(site), documents, queries)
    for measure, aim in aims.items():
        assert figures[measure] >= aim, f"{measure} of {name}"


def test_ranking_of_the_cnil_questions_stays_good(site):
    _, documents, queries, _ = search_quality.SETS[1]
    if not documents.exists():
        pytest.skip(f"{documents} is not there: the shared data does not lie beside the checkout")
    figures = search_quality.evaluate(program(site), documents, queries)
    assert figures["MRR"] >= 0.60 and figures["P@1"] >= 0.52 and figures["hit@5"] >= 0.70


def test_odd_lines_are_told_and_passed_over(site, tmp_path):
    done = evaluate(
        site, tmp_path,
        [{"id": "a b", "title": "Résilier", "body": "<p>par l&eacute;ttre</p><p>ou ici</p>"},
         "no json", "[]", {"id": 7, "title": "Perroquet"}, {"id": "7", "title": "La box"},
         {"title": "no id"}, "", {"id": "bare"}],
        [{"q": "box", "expected": 7}, {"q": "", "expected": "7"}, {"q": "nobody expects"},
         {"q": "lettre résiliation", "expected": ["a b", "elsewhere"]}],
        "--run", str(tmp_path / "run.txt"))
    assert "3 in the index, 1 repeated" in done.stdout and "3 bad lines" in done.stdout
    assert "3, 1 bad lines, 1 empty" in done.stdout
    assert "1 expected ids not among the documents" in done.stdout
    assert "d.jsonl:2:" in done.stderr and "d.jsonl:6: no \"id\"" in done.stderr
    assert "q.jsonl:3: no \"expected\"" in done.stderr
    run = [line.split() for line in (tmp_path / "run.txt").read_text().splitlines()]
    assert ["1", "Q0", "7", "1"] in [line[:4] for line in run]
    assert ["4", "Q0", "a_b", "1"] in [line[:4] for line in run]
    assert "MRR         0.6667" in done.stdout and "P@1         0.6667" in done.stdout


def test_files_of_windows_are_read(site, tmp_path):
    documents = write(tmp_path / "d", {"id": "x", "title": "Un titre"}, "", mark="\ufeff", end="\r\n")
    queries = write(tmp_path / "q", {"q": "titres", "expected": "x"}, mark="\ufeff", end="\r\n")
    done = site.run("search", "evaluate", "--documents", documents, "--queries", queries)
    assert "MRR         1.0000" in done.stdout and "bad" not in done.stdout and not done.stderr


@pytest.mark.parametrize("options, said", [
    ([], "usage:"),
    (["--documents", "/nonexistent", "--queries", "/nonexistent"], "No such file"),
    (["--documents", "/dev/null", "--queries", "/dev/null"], "no document in it"),
    (["--documents", "x", "--queries", "y", "--language", "de"], "usage:"),
])
def test_what_cannot_be_evaluated_is_told(site, options, said):
    done = site.run("search", "evaluate", *options, check=False)
    assert done.returncode == 1 and said in done.stderr


def test_nothing_is_left_behind(site, tmp_path, monkeypatch):
    (tmp_path / "scratch").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    evaluate(site, tmp_path, [{"id": "1", "title": "x"}], [{"q": "x", "expected": "1"}])
    assert list((tmp_path / "scratch").iterdir()) == []
