"""`entraide import articles` and `entraide export articles`: what is said, all or nothing, and
the frequently asked questions of a real site."""

import json

import pytest

from support.forum import path_of
from support.site import shared_folder
from test_import import Database

WORDS = "Enough words for an article."


@pytest.fixture(scope="module")
def database(site):
    return Database(site, "import_articles")


def write(folder, *rows, name="articles.jsonl"):
    path = folder / name
    path.write_text("".join(row if isinstance(row, str) else f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows))
    return path


def counts(done):
    """label → number of the summary."""
    lines = (line.rpartition(" ") for line in done.stdout.splitlines())
    return {label.strip(): int(number) for label, _, number in lines}


def row(name, **fields):
    return {"id": name, "title": f"About {name}", "body": WORDS, "lang": "en", **fields}


def test_bad_lines_are_named_and_nothing_is_stored(database, tmp_path):
    before = database.value("select count(*) from articles")
    path = write(tmp_path, row("good"), "\n", row("no body", body=""), "{broken\n", row("x" * 300 + "y"),
                 row("de", lang="de"), row("good", body=f"{WORDS} Others."), '{"id": "' + "y" * 300000 + '"}\n')
    done = database.run("import", "articles", path, check=False)
    assert done.returncode != 0 and "Nothing was stored: 6 of 7 lines are bad" in done.stderr
    said = done.stderr.splitlines()
    for beginning in ("line 3, id: ", "line 4: This is no JSON", "line 5, id: Too long",
                      "line 6, lang: ", "line 7, id: Line 1 has the same id", "line 8: The line is longer"):
        assert any(line.startswith(beginning) for line in said), (beginning, said)
    assert database.value("select count(*) from articles") == before


def test_what_cannot_be_read_is_said(database, tmp_path):
    for arguments, sentence in ((("/nowhere/at.all",), "No such file"), ((), "usage:"), (("a", "--language", "de"), "usage:"),
                                ((tmp_path,), "Is a directory")):
        done = database.run("import", "articles", *arguments, check=False)
        assert done.returncode != 0 and sentence in done.stderr
    path = write(tmp_path, "\n" * 20001)
    assert "more than 20000 lines" in database.run("import", "articles", path, check=False).stderr
    assert "usage: entraide import articles" in database.run("import", "articles", "--help").stdout
    assert "usage:" in database.run("export", "topics", check=False).stderr


def test_what_is_exported_is_taken_back_unchanged(database, tmp_path):
    database.sql("insert into categories (slug, name_fr, name_en, position) values ('box-of-import', 'La box', 'The box', 1)"
                 " returning id")
    path = write(tmp_path, row("steps", theme="La Box", body="<h2>One</h2><ol><li>Two</li><li>Three</li></ol><script>x()</script>"),
                 row("téléphone", theme="Elsewhere", summary='In "short"'), row("draft-not", lang="fr"))
    told = counts(database.run("import", "articles", path))
    assert told == {"lines": 3, "new articles": 3, "theme is a category": 1, "without a theme": 1,
                    "theme kept as the product: no category is called so": 1}
    out = tmp_path / "out.jsonl"
    database.run("export", "articles", out)
    lines = {entry["id"]: entry for entry in map(json.loads, out.read_text().splitlines())}
    assert lines["steps"]["theme"] == "box-of-import" and lines["steps"]["body"].startswith("# One\n")
    assert "x()" not in lines["steps"]["body"] and "1. Two" in lines["steps"]["body"]
    assert lines["téléphone"]["product"] == "Elsewhere" and lines["téléphone"]["summary"] == 'In "short"'
    versions = database.value("select count(*) from article_versions")
    told = counts(database.run("import", "articles", out))
    assert told["there already, word for word"] == len(lines) and "new articles" not in told
    assert database.value("select count(*) from article_versions") == versions
    assert database.run("export", "articles").stdout == out.read_text()


def test_old_numbers_lead_to_the_imported_article(site, tmp_path):
    path = write(tmp_path, row("faq-4711", title="Where an old number leads"))
    site.run("import", "articles", str(path))
    answer = site.visitor("en").get("/kb/old/faq-4711", follow=False)
    assert answer.status == 301 and path_of(answer).endswith("-where-an-old-number-leads")
    assert "Where an old number leads" in site.visitor("en").get("/kb/old/faq-4711").page.find("h1").text
    assert site.sql_value("select count(*) from audit_log where subject = 'article' and action = 'article_published'"
                          " and subject_id = (select id from articles where import_key = 'faq-4711')") == 1


def test_the_questions_of_a_real_site_are_taken_over(site, database):
    folder = shared_folder()
    path = folder / "data" / "cnil-faq" / "articles.jsonl" if folder else None
    if not path or not path.exists():
        pytest.skip("../shared/data/cnil-faq is not here")
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    different = {entry["id"] for entry in rows}
    told = counts(database.run("import", "articles", path))
    assert told["lines"] == len(rows) and told["new articles"] == len(different)
    assert told["the same line a second time"] == len(rows) - len(different)
    assert told["title shortened, whole in the summary"] == sum(len(entry["title"]) > 160 for entry in rows)
    stored = {key: title for key, title in (found.values() for found in database.sql(
        "select import_key, case when char_length(summary) > 0 then summary else title end from articles"
        " where is_public and language = 'fr' and import_key = any(%s)", list(different)))}
    assert {entry["id"]: " ".join(entry["title"].split()) for entry in rows} == stored
    again = counts(database.run("import", "articles", path))
    assert again["there already, word for word"] == len(different) and "renewed" not in again
