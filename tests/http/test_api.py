"""The interface for programs, held against its description: whatever /api/v1
answers must be what docs/openapi.json says, and no more than it says.
"""

import json
import re
import types

import jsonschema
import pytest

from support.articles import put_article
from support.forum import answer, ask, category, comment, plant_answers, plant_topics, press
from support.site import ROOT

DESCRIPTION = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
BASE = DESCRIPTION["servers"][0]["url"]
ROUTES = (ROOT / "src" / "web" / "routes.c").read_text("utf-8")
FILTERS = ("new", "unanswered", "unsolved", "solved", "useful")


# ---- the description as a judge ---------------------------------------------


def strict(node):
    """The description with all objects closed: what it does not name is wrong."""
    if isinstance(node, list):
        return [strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {key: strict(value) for key, value in node.items()}
    if closed.get("type") == "object" and "properties" in closed:
        closed["additionalProperties"] = False
    return closed


STRICT = strict(DESCRIPTION)
FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date-time")
def is_time(value):
    return not isinstance(value, str) or bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value))


@FORMATS.checks("uri")
def is_address(value):
    return not isinstance(value, str) or bool(re.fullmatch(r"https?://[^\s<>\"]+", value))


def judge(value, schema):
    resolver = jsonschema.RefResolver.from_schema(STRICT)
    validator = jsonschema.Draft202012Validator(schema, resolver=resolver, format_checker=FORMATS)
    errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in validator.iter_errors(value)]
    assert not errors, errors


def resolve(node):
    """What a {"$ref": …} of the description stands for."""
    while "$ref" in node:
        target = STRICT
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def response_of(template, status):
    responses = STRICT["paths"][template]["get"]["responses"]
    return resolve(responses.get(str(status), responses["default"]))


def hold(got, template, status=200):
    """got must be what the description says of that path and status."""
    assert got.status == status, f"{got}: {got.text[:300]}"
    said = response_of(template, status)
    for name, header in said.get("headers", {}).items():
        header = resolve(header)
        assert name in got.headers or not header.get("required"), f"{got} has no {name}"
        if name in got.headers and header["schema"]["type"] == "string":
            judge(got.headers[name], header["schema"])
    if "content" not in said:
        assert got.text == ""
        return None
    kind = got.headers["Content-Type"].split(";")[0]
    assert kind in said["content"], f"{got} is {kind}"
    body = got.json()
    judge(body, said["content"][kind]["schema"])
    return body


# ---- what there is to read ----------------------------------------------------


@pytest.fixture(scope="module")
def content(site):
    """A bit of everything that the interface shows."""
    made = types.SimpleNamespace(asker=site.member(), advisor=site.member(role="advisor"))
    category(site, "api-internet")
    category(site, "api-box", "api-internet")
    made.topic = ask(made.asker, slug="api-box", tags="api-fibre, api-wi-fi",
                     body="See <b>here</b>: [x](https://example.org/?a=1&b=2) </script>")
    made.answer = answer(made.advisor, made.topic)
    comment(made.asker, made.answer)
    press(made.asker, made.topic.path, f"/p/{made.answer}/accept")
    plant_answers(site, made.asker.person, made.topic.id, 43)
    plant_comments(site, made)
    made.planted = plant_topics(site, made.asker.person, 45, slug="api-box", prefix="Of the interface")
    plant_tags(site, made.planted)
    made.withdrawn, made.duplicate, made.imported = made.planted[:3]
    site.sql("update topics set visibility = 'withdrawn' where id = %s", made.withdrawn)
    site.sql("update topics set status = 'duplicate', duplicate_of = %s where id = %s",
             made.topic.id, made.duplicate)
    site.sql("update posts set author_id = null, author_name = 'Élodie', votes_imported = -3,"
             " source_url = 'https://old.example.org/q/1', source_licence = 'CC BY-SA 4.0'"
             " where topic_id = %s", made.imported)
    made.articles = plant_articles(site, made)
    site.run("check", "--repair")
    return made


def plant_articles(site, made):
    """More than a page of them in one category; the first has what an article can have."""
    numbers = [put_article(site, f"Article {n} of the interface", slug="api-box", product="Box T3") for n in range(35)]
    group = site.sql_value("select group_id from articles where id = %s", numbers[0])
    made.translated = put_article(site, "Article 0 de l’interface", language="fr", slug="api-internet", group=group)
    made.draft = put_article(site, "Draft of the interface", published=False)
    made.archived = put_article(site, "Archived of the interface")
    site.sql("update articles set state = 'archived', archived_at = now() where id = %s", made.archived)
    site.sql("insert into article_sources (article_id, topic_id, post_id) values (%s, %s, %s)",
             numbers[0], made.topic.id, made.answer)
    return numbers


def plant_comments(site, made):
    site.sql(
        "insert into posts (topic_id, number, kind, parent_id, author_id, body_md, body_html, created_at)"
        " select %s, 1000 + n, 'comment', %s, %s, 'Comment ' || n, '<p>Comment ' || n || '</p>',"
        " now() - interval '1 hour' + make_interval(secs => n) from generate_series(1, 125) n",
        made.topic.id, made.topic.post, made.asker.person.id,
    )


def plant_tags(site, topics):
    """Five each: more than a page of them."""
    site.sql("insert into tags (name) select 'api-tag-' || n from generate_series(1, %s) n", 5 * len(topics))
    site.sql(
        "insert into topic_tags (topic_id, tag_id, position)"
        " select (%s::bigint[])[1 + (n - 1) / 5], tag.id, 1 + (n - 1) %% 5"
        " from generate_series(1, %s) n join tags tag on tag.name = 'api-tag-' || n",
        topics, 5 * len(topics),
    )


def places(content):
    """Every path of the description, filled in."""
    number = {"/topics/{id}": content.topic.id, "/posts/{id}/comments": content.topic.post,
              "/people/{id}": content.advisor.person.id, "/articles/{id}": content.articles[0]}
    return {path: BASE + path.replace("{id}", str(number.get(path, ""))) for path in STRICT["paths"]}


def pages(client, template, path):
    """All pages from that one on; each must name the next one twice alike."""
    found = []
    while path:
        got = client.get(path)
        found.append(hold(got, template))
        link = re.fullmatch(r'<(.+)>; rel="next"', got.headers.get("Link", ""))
        assert (link and link[1]) == found[-1]["next"]
        path = found[-1]["next"]
        assert len(found) < 100
    return found


# ---- the description itself -----------------------------------------------------


def nodes(node, at=""):
    yield at, node
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from nodes(child, f"{at}/{key}")


def test_schemas_are_schemas_and_references_lead_somewhere():
    assert DESCRIPTION["openapi"].startswith("3.1.")
    for at, node in nodes(DESCRIPTION):
        if isinstance(node, dict) and "$ref" in node and "/example" not in at:
            assert resolve(node), at
        if at.endswith("/schema") or re.fullmatch(r"/components/schemas/\w+", at):
            jsonschema.Draft202012Validator.check_schema(node)


def test_required_members_are_described():
    for at, node in nodes(DESCRIPTION["components"]["schemas"]):
        if isinstance(node, dict) and "properties" in node and "required" in node:
            assert set(node["required"]) <= set(node["properties"]), at


def test_operations_have_names_of_their_own_and_declare_their_path():
    operations = [(path, item["get"]) for path, item in DESCRIPTION["paths"].items()]
    assert len({operation["operationId"] for _, operation in operations}) == len(operations)
    for path, operation in operations:
        parameters = [resolve(parameter) for parameter in operation.get("parameters", ())]
        declared = {p["name"] for p in parameters if p["in"] == "path"}
        assert declared == set(re.findall(r"\{(\w+)\}", path))


def test_examples_are_what_the_schemas_ask_for():
    examples = [(at, node) for at, node in nodes(STRICT)
                if isinstance(node, dict) and {"schema", "example"} <= set(node)]
    assert len(examples) >= 8
    for at, node in examples:
        judge(node["example"], node["schema"])


def test_description_lists_the_routes_of_the_program():
    routes = re.findall(r'\{ HTTP_(\w+),\s+"/api/v1(/[^"]*)",\s+ACCESS_PROGRAM,', ROUTES)
    assert {(method, path.replace(":id", "{id}")) for method, path in routes} == {
        ("GET", path) for path in DESCRIPTION["paths"]}


def test_site_hands_out_the_description(client):
    assert hold(client.get(f"{BASE}/openapi.json"), "/openapi.json") == DESCRIPTION


def test_manual_names_every_path():
    manual = (ROOT / "docs" / "api.md").read_text("utf-8")
    assert not [path for path in DESCRIPTION["paths"] if f"{BASE}{path}" not in manual]


# ---- the answers ---------------------------------------------------------------------


def test_every_path_answers_as_described(client, content):
    for template, path in places(content).items():
        assert hold(client.get(path), template)


@pytest.mark.parametrize("name", FILTERS)
def test_filters_choose_topics_by_their_state(client, content, name):
    listed = pages(client, "/topics", f"{BASE}/topics?filter={name}&category=api-box")
    topics = [topic for page in listed for topic in page["topics"]]
    states = {
        "new": {"new", "solved", "duplicate"}, "unanswered": {"new"}, "unsolved": {"new"},
        "solved": {"solved"}, "useful": {"new", "solved", "duplicate"},
    }[name]
    assert {topic["state"] for topic in topics} == states
    order = "score" if name == "useful" else "created_at"
    assert topics == sorted(topics, key=lambda topic: topic[order], reverse=True)


def test_category_includes_those_below_it(client, content):
    def ids(slug):
        listed = pages(client, "/topics", f"{BASE}/topics?category={slug}")
        return [topic["id"] for page in listed for topic in page["topics"]]

    assert ids("api-internet") == ids("api-box")
    assert len(ids("api-box")) == 45  # one of 46 is withdrawn
    assert content.withdrawn not in ids("api-box")


def test_tag_lists_its_topics(client, content):
    (page,) = pages(client, "/topics", f"{BASE}/topics?tag=api-fibre")
    (topic,) = page["topics"]
    assert topic["id"] == content.topic.id
    assert topic["tags"] == ["api-fibre", "api-wi-fi"]
    assert topic["category"] == "api-box" and topic["answer_count"] == 44
    assert topic["author"]["id"] == content.asker.person.id


def test_lists_page_to_their_end_without_repeating(client, content):
    topics = [topic["id"] for page in pages(client, "/topics", f"{BASE}/topics") for topic in page["topics"]]
    assert len(topics) == len(set(topics))
    visible = {row["id"] for row in content.asker.site.sql("select id from topics where visibility = 'visible'")}
    assert set(topics) == visible

    tags = [tag["name"] for page in pages(client, "/tags", f"{BASE}/tags") for tag in page["tags"]]
    assert len(tags) == len(set(tags)) and {f"api-tag-{n}" for n in range(6, 226)} <= set(tags)


def test_topic_pages_its_answers(client, content):
    listed = pages(client, "/topics/{id}", f"{BASE}/topics/{content.topic.id}")
    answers = [post for page in listed for post in page["answers"]]
    assert [len(page["answers"]) for page in listed] == [20, 20, 4]
    assert len({post["id"] for post in answers}) == 44
    assert [page["page"] for page in listed] == [1, 2, 3] and listed[0]["page_count"] == 3
    assert all(page["accepted_ids"] == [content.answer] for page in listed)
    (solution,) = [post for post in answers if post["accepted_at"]]
    assert solution["id"] == content.answer and solution["author"]["role"] == "advisor"
    assert len(solution["comments"]) == 1 and solution["comments_next"] is None


def test_comments_go_on_where_the_topic_stops(client, content):
    question = client.get(f"{BASE}/topics/{content.topic.id}").json()["question"]
    assert question["comment_count"] == 125
    rest = pages(client, "/posts/{id}/comments", question["comments_next"])
    comments = question["comments"] + [one for page in rest for one in page["comments"]]
    assert [one["body_html"] for one in comments] == [f"<p>Comment {n}</p>" for n in range(1, 126)]
    whole = pages(client, "/posts/{id}/comments", f"{BASE}/posts/{content.topic.post}/comments")
    assert [one for page in whole for one in page["comments"]] == comments


def test_duplicate_names_its_original(client, content):
    topic = hold(client.get(f"{BASE}/topics/{content.duplicate}"), "/topics/{id}")
    assert topic["state"] == "duplicate" and topic["duplicate_of"] == content.topic.id


def test_imported_post_names_its_source(client, content):
    topic = hold(client.get(f"{BASE}/topics/{content.imported}"), "/topics/{id}")
    question = topic["question"]
    assert question["author"] == {"id": None, "name": "Élodie", "role": "customer"}
    assert question["source_url"] == "https://old.example.org/q/1"
    assert question["source_licence"] == "CC BY-SA 4.0" and question["score"] == -3


def test_person_is_what_everybody_may_see(client, content):
    person = hold(client.get(f"{BASE}/people/{content.advisor.person.id}"), "/people/{id}")
    assert person["name"] == content.advisor.person.name and person["role"] == "advisor"
    assert (person["answer_count"], person["accepted_count"]) == (1, 1)
    assert content.advisor.person.email not in json.dumps(person)


def test_lists_of_articles_are_what_readers_find(client, content):
    def ids(query=""):
        listed = pages(client, "/articles", f"{BASE}/articles{query}")
        found = [article for page in listed for article in page["articles"]]
        assert found == sorted(found, key=lambda one: (one["changed_at"], one["id"]), reverse=True)
        assert len({one["id"] for one in found}) == len(found)
        return {one["id"] for one in found}

    def public(where="true"):
        return {row["id"] for row in content.asker.site.sql(
            f"select a.id from articles a left join categories c on c.id = a.category_id where a.is_public and {where}")}

    assert ids() == public() and {content.draft, content.archived}.isdisjoint(ids())
    assert ids("?language=fr") == public("a.language = 'fr'")
    assert ids("?category=api-box") == set(content.articles)
    assert ids("?category=api-internet") == {*content.articles, content.translated}
    assert ids("?category=api-internet&language=fr") == {content.translated}


def test_an_article_has_its_words_its_versions_and_its_thanks(client, content):
    row = content.asker.site.sql("select * from articles where id = %s", content.articles[0])[0]
    article = hold(client.get(f"{BASE}/articles/{row['id']}"), "/articles/{id}")
    assert (article["title"], article["summary"], article["language"]) == (row["title"], row["summary"], "en")
    assert (article["category"], article["product"]) == ("api-box", "Box T3")
    assert "<h3>First</h3>" in article["body_html"]
    assert [other["id"] for other in article["other_languages"]] == [content.translated]
    assert [topic["id"] for topic in article["settles"]] == [content.topic.id]
    assert [person["id"] for person in article["thanks_to"]] == [content.advisor.person.id]
    for address in (article["url"], article["other_languages"][0]["url"], article["settles"][0]["url"]):
        assert client.get(address, follow=False).status == 200, address


def test_addresses_lead_to_pages(client, content):
    topic = client.get(f"{BASE}/topics/{content.topic.id}").json()
    for address in (topic["url"], topic["question"]["url"], topic["question"]["author"]["url"],
                    client.get(f"{BASE}/categories").json()["categories"][0]["url"]):
        page = client.get(address)
        assert page.status == 200 and page.is_html


def test_names_come_in_the_language_asked_for(client, content):
    def names(language):
        got = client.get(f"{BASE}/categories", headers={"Accept-Language": language})
        assert "Accept-Language" in got.headers["Vary"]
        return [place["name"] for place in hold(got, "/categories")["categories"]]

    assert "Rubrique api-box" in names("fr") and "Subject api-box" in names("en")


def test_markup_cannot_leave_the_json(client, content):
    got = client.get(f"{BASE}/topics/{content.topic.id}")
    assert "<" not in got.text and got.headers["X-Content-Type-Options"] == "nosniff"
    body = got.json()["question"]["body_html"]
    assert "&lt;/script&gt;" in body and 'href="https://example.org/?a=1&amp;b=2"' in body


def test_cookies_change_nothing(client, content):
    moderator = client.site.member(role="moderator")
    hidden = f"{BASE}/topics/{content.withdrawn}"
    hold(moderator.get(hidden), "/topics/{id}", 410)
    for path in places(content).values():
        mine, theirs = moderator.get(path), client.get(path)
        assert mine.text == theirs.text
        assert "Set-Cookie" not in mine.headers
        # What people wrote may be removed at any moment; what the site is made of, seldom.
        is_written = any(part in path for part in ("/topics", "/posts", "/people", "/articles"))
        assert mine.headers["Cache-Control"] == ("public, max-age=0, must-revalidate" if is_written
                                                 else "public, max-age=60"), path


# ---- asking again -----------------------------------------------------------------------


def test_what_did_not_change_is_not_sent_again(client, content):
    for template, path in places(content).items():
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        hold(again, template, 304)
        assert again.headers["ETag"] == first.headers["ETag"]
        other = client.get(path, headers={"If-None-Match": 'W/"000000000000000000000000"'})
        hold(other, template)


def test_change_makes_another_tag(client, content):
    path = f"{BASE}/topics/{content.planted[-1]}"
    before = client.get(path).headers["ETag"]
    client.site.sql("update topics set title = title || '!' where id = %s", content.planted[-1])
    after = client.get(path, headers={"If-None-Match": before})
    assert hold(after, "/topics/{id}")["title"].endswith("!")
    assert after.headers["ETag"] != before


def test_head_is_get_without_its_body(client, content):
    for path in places(content).values():
        whole, head = client.get(path), client.head(path)
        assert head.status == 200 and head.text == ""
        for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control", "Link"):
            assert head.headers.get(name) == whole.headers.get(name)


# ---- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize("template, path, status, field", [
    ("/topics", "/topics?filter=followed", 422, "filter"),
    ("/topics", "/topics?filter=loudest", 422, "filter"),
    ("/topics", "/topics?category=api-box&tag=api-fibre", 422, "tag"),
    ("/topics", "/topics?category=no-such-place", 404, None),
    ("/topics", "/topics?tag=no-such-tag", 404, None),
    ("/topics", "/topics?after=yesterday", 404, None),
    ("/topics", "/topics?after=1_99999999999999999999", 404, None),
    ("/topics", "/topics?after=99999999999999999999_1", 404, None),
    ("/topics/{id}", "/topics/999999999", 404, None),
    ("/topics/{id}", "/topics/9223372036854775807", 404, None),
    ("/topics/{id}", "/topics/9223372036854775808", 404, None),
    ("/topics/{id}", "/topics/0", 404, None),
    ("/topics/{id}", "/topics/-1", 404, None),
    ("/topics/{id}", "/topics/one", 404, None),
    ("/topics/{id}", "/topics/{topic}?page=4", 404, None),
    ("/topics/{id}", "/topics/{topic}?page=0", 404, None),
    ("/topics/{id}", "/topics/{topic}?page=9223372036854775807", 404, None),
    ("/topics/{id}", "/topics/{withdrawn}", 410, None),
    ("/posts/{id}/comments", "/posts/999999999/comments", 404, None),
    ("/posts/{id}/comments", "/posts/{post}/comments?after=x", 404, None),
    ("/articles", "/articles?language=de", 422, "language"),
    ("/articles", "/articles?category=no-such-place", 404, None),
    ("/articles", "/articles?after=yesterday", 404, None),
    ("/articles/{id}", "/articles/999999999", 404, None),
    ("/articles/{id}", "/articles/{draft}", 404, None),
    ("/articles/{id}", "/articles/{archived}", 410, None),
    ("/tags", "/tags?count=many", 404, None),
    ("/people/{id}", "/people/999999999", 404, None),
    ("/topics", "/topics?tag=%FF", 400, None),
    ("/topics", "/topics?tag=a%00b", 400, None),
])
def test_refusal_is_a_problem_document(client, content, template, path, status, field):
    path = path.replace("{topic}", str(content.topic.id)).replace("{post}", str(content.topic.post))
    for name in ("withdrawn", "draft", "archived"):
        path = path.replace(f"{{{name}}}", str(getattr(content, name)))
    got = client.get(BASE + path)
    problem = hold(got, template, status)
    assert got.headers["Content-Type"] == "application/problem+json"
    assert problem["status"] == status and problem.get("field") == field
    assert problem["request_id"] == got.headers["X-Request-Id"]
    assert got.headers["Cache-Control"] == "private, no-store"


def test_problem_is_told_in_the_language_asked_for(client):
    def title(language):
        return client.get(f"{BASE}/topics/999999999", headers={"Accept-Language": language}).json()["title"]

    assert title("en") == "There is nothing here"
    assert title("fr") == "Il n’y a rien ici"


def test_unknown_path_is_a_problem_document_too(client):
    got = client.get(f"{BASE}/weather")
    assert got.status == 404 and got.headers["Content-Type"] == "application/problem+json"
    judge(got.json(), {"$ref": "#/components/schemas/Problem"})


def test_nothing_can_be_written(client, content):
    for template, path in places(content).items():
        got = client.post(path, {"title": "x"}, follow=False)
        assert hold(got, template, 405)["status"] == 405


def test_person_who_has_not_confirmed_is_not_found(client, site):
    visitor = site.visitor()
    email = "api-unconfirmed@example.org"
    assert visitor.sign_up("Unconfirmed Person", email, "a long enough sentence").status == 200
    number = site.sql_value("select id from people where email = %s", email)
    hold(client.get(f"{BASE}/people/{number}"), "/people/{id}", 404)
