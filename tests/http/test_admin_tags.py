"""/admin/tags: what administrators do with tags, and what everybody sees of it."""

import itertools

import pytest

from support.forum import BODY, a_title, ask, category, eventually, plant_topics, problem, rest

PAGE = "/admin/tags"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def administrator(site):
    return site.member(role="administrator", address="127.0.0.1")


@pytest.fixture
def name():
    return f"tagged-{next(_numbers)}"


def make(site, name, topics=0, member=None):
    """The number of a tag, with so many questions."""
    number = site.sql_value("insert into tags (name, topic_count) values (%s, %s) returning id", name, topics)
    if topics:
        planted = plant_topics(site, (member or site.member()).person, topics)
        site.sql("insert into topic_tags (topic_id, tag_id, position) select t, %s, 1 from unnest(%s::bigint[]) t",
                 number, planted)
    return number


def act(visitor, number, act, **fields):
    path = f"{PAGE}/{number}"
    shown = visitor.get(path)
    form = next(form for form in shown.page.forms if form.action == path and form.fields.get("do") == act
                and all(form.fields.get(field) in (None, "", value) for field, value in fields.items()
                        if field == "change"))
    return visitor.post(path, {**form.fields, **fields})


def names(site, topic):
    """The tags of a question, as its row lists them."""
    listed = site.sql_value("select tag_list from topics where id = %s", topic)
    return [tag.partition(":")[2] for tag in listed.split(",") if tag]


def state(site, number):
    return site.sql_value("select state from tag_changes where tag_id = %s order by id desc limit 1", number)


def ask_with(visitor, site, tags):
    category(site, "box")
    rest(site)
    return visitor.submit("/ask", "/ask", follow=False, title=a_title(), body=f"{BODY} {a_title()}", tags=tags,
                          category=str(category(site, "box")), considered="1")


def asked(sent):
    assert sent.status == 303, problem(sent)
    return int(sent.headers["Location"].partition("/t/")[2].partition("-")[0])


def test_a_description_stands_on_the_public_page_in_both_languages(site, administrator, name):
    number = make(site, name, 1)
    saved = act(administrator, number, "save", description_fr="Ce que c’est.", description_en="What it <is>.",
                reason="Nobody knew")
    assert saved.status == 200 and "saved" in saved.page.text, problem(saved)
    assert "What it <is>." in site.visitor().get(f"/tag/{name}").page.text
    assert "Ce que c’est." in site.visitor("fr").get(f"/tag/{name}").page.text
    entry = site.sql("select action, reason from audit_log where subject = 'tag' and subject_id = %s", number)
    assert [(row["action"], row["reason"]) for row in entry] == [("tag_changed", "Nobody knew")]


def test_a_synonym_leads_to_its_tag_everywhere(site, administrator, name):
    number = make(site, name, 1)
    added = act(administrator, number, "add_word", word=f"Été {name}")
    assert added.status == 200, problem(added)
    word = f"été-{name}"
    moved = site.visitor().get(f"/tag/{word}", follow=False)
    assert moved.status == 301 and moved.headers["Location"].endswith(f"/tag/{name}")
    assert site.visitor().get(f"/tag/ETE-{name}", follow=False).status == 301
    assert f"Also called: {word}" in site.visitor().get(f"/tag/{name}").page.text
    topic = asked(ask_with(site.member(), site, f"ete-{name}, {name}, other"))
    assert names(site, topic) == [name, "other"]
    listed = site.visitor().get(f"/api/v1/topics?tag={word}").json()["topics"]
    assert topic in {row["id"] for row in listed}
    shown = administrator.get(f"{PAGE}?q={word}")
    assert shown.page.find("a", href=f"{PAGE}/{number}")
    gone = act(administrator, number, "remove_word", word=word)
    assert gone.status == 200 and site.visitor().get(f"/tag/{word}", follow=False).status == 404


@pytest.mark.parametrize("sent, field", [
    ({"act": "rename", "name": "", "rename_reason": "why"}, "name"),
    ({"act": "rename", "name": "a, b", "rename_reason": "why"}, "name"),
    ({"act": "rename", "name": "taken-already", "rename_reason": "why"}, "name"),
    ({"act": "rename", "name": "fine-name", "rename_reason": ""}, "rename_reason"),
    ({"act": "merge", "into": "nowhere-to-be-found", "merge_reason": "why"}, "into"),
    ({"act": "merge", "into": "taken-already", "merge_reason": ""}, "merge_reason"),
    ({"act": "add_word", "word": "taken-already"}, "word"),
    ({"act": "add_word", "word": "x" * 36}, "word"),
    ({"act": "save", "description_en": "x" * 301}, "description_en"),
])
def test_what_does_not_fit_comes_back_with_the_reason(site, administrator, name, sent, field):
    site.sql("insert into tags (name) values ('taken-already') on conflict do nothing")
    number = make(site, name)
    refused = act(administrator, number, **sent)
    assert refused.status == 422 and refused.page.find(id=f"{field}-error"), problem(refused)
    assert site.sql_value("select name from tags where id = %s", number) == name
    assert site.sql("select id from tag_changes where tag_id = %s", number) == []


def test_a_renamed_tag_keeps_its_earlier_address_and_comes_back(site, administrator, name):
    number = make(site, name, 3)
    renamed = act(administrator, number, "rename", name=f"{name}-new", rename_reason="Clearer")
    assert renamed.status == 200 and "renamed" in renamed.page.text, problem(renamed)
    eventually(lambda: state(site, number) == "done", "the questions follow")
    moved = site.visitor().get(f"/tag/{name}", follow=False)
    assert moved.status == 301 and moved.headers["Location"].endswith(f"/tag/{name}-new")
    assert f"{name}-new" in site.visitor().get(f"/tag/{name}-new").page.text
    topic = site.sql_value("select topic_id from topic_tags where tag_id = %s limit 1", number)
    assert names(site, topic) == [f"{name}-new"]
    act(administrator, number, "undo")
    eventually(lambda: state(site, number) == "undone", "the questions come back")
    assert names(site, topic) == [name]
    assert site.visitor().get(f"/tag/{name}-new", follow=False).status == 301
    actions = site.sql("select action from audit_log where subject = 'tag' and subject_id = %s order by id", number)
    assert [row["action"] for row in actions] == ["tag_renamed", "tag_change_undone"]


def test_merging_moves_questions_followers_and_addresses_and_is_undone(site, administrator, name):
    follower = site.member()
    number, into = make(site, name, 4), make(site, f"{name}-into", 1)
    site.sql("insert into follows (person_id, kind, target_id) values (%s, 'tag', %s)", follower.person.id, number)
    merged = act(administrator, number, "merge", into=f"{name}-into", merge_reason="The same")
    assert merged.status == 200 and "merged" in merged.page.text, problem(merged)
    eventually(lambda: state(site, number) == "done", "the questions follow")
    moved = site.visitor().get(f"/tag/{name}", follow=False)
    assert moved.status == 301 and moved.headers["Location"].endswith(f"/tag/{name}-into")
    assert site.sql_value("select topic_count from tags where id = %s", into) == 5
    assert "5 questions" in site.visitor().get(f"/tag/{name}-into").page.text
    followed = "select count(*) from follows where kind = 'tag' and target_id = %s and person_id = %s"
    assert site.sql_value(followed, into, follower.person.id) == 1
    assert names(site, asked(ask_with(site.member(), site, name))) == [f"{name}-into"]
    assert name not in {tag["name"] for tag in site.visitor().get("/api/v1/tags").json()["tags"]}
    act(administrator, number, "undo")
    eventually(lambda: state(site, number) == "undone", "the questions go back")
    assert site.visitor().get(f"/tag/{name}", follow=False).status == 200
    assert site.sql_value("select topic_count from tags where id = %s", number) == 4
    assert site.sql_value(followed, into, follower.person.id) == 0


def test_a_change_under_way_shows_how_far_it_is_and_waits_for_no_other(site, administrator, name):
    number, into = make(site, name), make(site, f"{name}-into")
    site.sql("insert into tag_changes (kind, tag_id, other_id, from_name, to_name, reason, state, total, done)"
             " values ('merge', %s, %s, 'a', 'b', 'why', 'running', 400, 300)", number, into)
    shown = administrator.get(f"{PAGE}/{number}")
    assert "300 of 400 questions" in shown.page.text and shown.page.find("progress")["value"] == "300"
    refused = act(administrator, into, "rename", name=f"{name}-other", rename_reason="why")
    assert refused.status == 409 and "under way" in refused.page.text
    site.sql("delete from tag_changes where tag_id = %s", number)


def test_a_restricted_tag_is_not_for_members(site, administrator, name):
    number = make(site, name)
    act(administrator, number, "save", restricted="1")
    member, advisor = site.member(), site.member(role="advisor")
    assert name in member.get("/ask").page.find(id="tags-help").text
    assert name not in advisor.get("/ask").page.find(id="tags-help").text
    refused = ask_with(member, site, f"box, {name}")
    assert refused.status == 422 and "Only the team puts the tag" in refused.page.find(id="tags-error").text
    assert names(site, asked(ask_with(advisor, site, f"box, {name}"))) == ["box", name]
    site.sql("update tags set is_restricted = false where id = %s", number)


def test_a_forbidden_word_is_refused_with_a_sentence(site, administrator, name):
    path = f"{PAGE}/forbidden"
    sent = administrator.submit(path, path, word=f"Interdît {name}", reason="Says nothing")
    assert sent.status == 200 and f"interdît-{name}" in sent.page.text, problem(sent)
    refused = ask_with(site.member(), site, f"interdit-{name}")
    assert refused.status == 422 and "cannot be a tag" in refused.page.find(id="tags-error").text
    shown = administrator.get(path)
    form = next(form for form in shown.page.forms if form.fields.get("do") == "allow"
                and form.fields["word"] == f"interdît-{name}")
    assert administrator.post(path, form.fields).status == 200
    asked(ask_with(site.member(), site, f"interdit-{name}"))
    again = administrator.submit(path, path, word=f"interdit-{name}", reason="Too late")
    assert again.status == 422 and again.page.find(id="word-error")


def test_only_an_unused_tag_can_be_deleted(site, administrator, name):
    used, unused = make(site, name, 1), make(site, f"{name}-unused")
    assert not [form for form in administrator.get(f"{PAGE}/{used}").page.forms if form.fields.get("do") == "delete"]
    form = next(form for form in administrator.get(f"{PAGE}/{unused}").page.forms
                if form.fields.get("do") == "delete")
    refused = administrator.post(f"{PAGE}/{used}", {**form.fields, "delete_reason": "by hand"})
    assert refused.status == 409 and "Only a tag without questions" in refused.page.text
    gone = act(administrator, unused, "delete", delete_reason="A slip")
    assert gone.path == PAGE, problem(gone)
    assert administrator.get(f"{PAGE}/{unused}").status == 404
    assert site.visitor().get(f"/tag/{name}-unused").status == 404


def test_the_list_is_searched_sorted_and_paged(site, administrator, name):
    site.sql("insert into tags (name, topic_count, used_at) select 'sorted-' || lpad(n::text, 3, '0'), n %% 7,"
             " to_timestamp(n) from generate_series(1, 120) n")
    for sort in ("name", "topics", "use"):
        shown, seen = administrator.get(f"{PAGE}?q=sorted-&sort={sort}"), []
        for _ in range(3):
            assert shown.status == 200, problem(shown)
            seen += [row.text for row in shown.page.find("table").all("th") if row.text.startswith("sorted-")]
            following = shown.page.find("a", rel="next")
            if not following:
                break
            shown = administrator.get(following["href"])
        assert len(seen) == len(set(seen)) == 120, sort
    assert "No tag was found." in administrator.get(f"{PAGE}?q=never-heard-of").page.text
    assert administrator.get(f"{PAGE}?after=x&name=y").status == 404
