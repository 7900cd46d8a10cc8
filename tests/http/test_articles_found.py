"""Articles in the search: on the page of results, under the field, in the index's checks."""

import pytest
from support.articles import path_of_article, put_article
from support.forum import a_title, ask, eventually, settle

WORD = "phacochère"


def indexed(site):
    site.sql("notify search")
    eventually(lambda: not site.sql("select 1 from search_article_marks"), "articles in the index")


@pytest.fixture(scope="module")
def shelf(site):
    """A question and an article about the same thing."""
    member = site.member(role="advisor", age_days=5)
    topic = ask(member, title=f"Comment brosser un {WORD} ?", body="Il refuse toute brosse.", language="fr")
    number = put_article(site, f"Brosser un {WORD} sans se fâcher", language="fr", slug="kb-found")
    settle(site, topic)
    indexed(site)
    return {"topic": topic, "article": number}


@pytest.fixture
def reader(site):
    return site.visitor("fr")


def results(reader, **parameters):
    page = reader.get("/search", params={"q": WORD, **parameters}).page
    return page, [link["href"] for link in page.all("a") if link.has("data-position")]


def test_results_have_articles_with_their_own_look(site, reader, shelf):
    page, found = results(reader)
    path = path_of_article(site, shelf["article"])
    assert set(found) == {path, shelf["topic"].path}
    item = page.find("li", class_="result-article")
    assert item.find("a", href=path).find("mark").text == WORD and "Article" in item.find("span", class_="badge").text
    assert "Par l’équipe" in item.text and item.find("a", class_="in-category")["href"] == "/kb/c/kb-found"


def test_results_can_be_articles_alone_or_questions_alone(site, reader, shelf):
    page, _ = results(reader)
    links = {link.text.split()[0]: link["href"] for link in page.find("aside", id="filters").all("a")}
    assert links["Articles"].endswith("&kind=articles") and links["Questions"].endswith("&kind=questions")
    page, found = results(reader, kind="articles")
    assert found == [path_of_article(site, shelf["article"])]
    chip = page.find("ul", class_="active-filters").find("a")
    assert "Articles" in chip.text and "kind=" not in chip["href"]
    assert page.form("/search").fields["kind"] == "articles"
    assert results(reader, kind="questions")[1] == [shelf["topic"].path]
    assert len(results(reader, kind="anything")[1]) == 2
    assert results(reader, state="unanswered")[1] == [shelf["topic"].path], "an article waits for no answer"


def test_suggestions_name_articles(site, reader, shelf):
    found = reader.get("/search/suggest", params={"q": f"brosser {WORD[:6]}", "lang": "fr"}).json()["suggestions"]
    kinds = {each["kind"]: each for each in found}
    assert kinds["article"]["path"] == path_of_article(site, shelf["article"]) and kinds["article"]["note"] == "Article"
    assert kinds["topic"]["path"] == shelf["topic"].path


def test_what_happens_to_an_article_happens_in_the_search(site, reader, shelf):
    title = a_title("Un article que l’on range au grenier")
    number = put_article(site, title, language="fr", published=False)
    indexed(site)
    words = title.split()[-1]
    assert not reader.get("/search", params={"q": words}).page.find("li", class_="result-article")
    site.sql("update articles set published_version_id = latest_version_id, state = 'published', published_at = now(),"
             " changed_at = now() where id = %s", number)
    indexed(site)
    assert reader.get("/search", params={"q": words}).page.find("li", class_="result-article")
    # Gone from the page before the index knows.
    site.sql("begin; select pg_advisory_xact_lock(1); update articles set state = 'archived', archived_at = now()"
             f" where id = {number}; delete from search_article_marks; commit")
    assert not reader.get("/search", params={"q": words}).page.find("li", class_="result-article")
    done = site.run("search", "check", check=False)
    assert done.returncode == 1 and f"left over  1: article {number}\n" in done.stdout
    assert "the worker puts them right" in site.run("search", "check", "--repair", check=False).stdout
    # What is not public is not marked by the repair's own look at articles that are.
    indexed(site)
    assert f"article {number}" not in site.run("search", "check", check=False).stdout
