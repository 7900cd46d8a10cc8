"""Where things are: permalinks, pages, slugs, profiles, languages, links."""

import re

from support.forum import answer, article, ask, comment, path_of, plant_answers


# ---- where things are ---------------------------------------------------------


def test_a_permalink_leads_to_the_page_that_the_post_is_on(site, asker, helper):
    topic = ask(asker)
    posts = plant_answers(site, helper.person, topic.id, 45)
    reader = site.visitor()
    for index, page in ((0, None), (19, None), (20, "2"), (44, "3")):
        moved = reader.get(f"/p/{posts[index]}", follow=False)
        assert moved.status == 302
        wanted = topic.path + (f"?page={page}" if page else "") + f"#p{posts[index]}"
        assert path_of(moved) == wanted
        assert article(reader.get(path_of(moved)), posts[index])
    note = comment(asker, posts[30])
    assert path_of(reader.get(f"/p/{note}", follow=False)) == f"{topic.path}?page=2#p{note}"
    last = answer(helper, topic)
    assert path_of(reader.get(f"/p/{last}", follow=False)) == f"{topic.path}?page=3#p{last}"


def test_answers_are_shown_twenty_a_page_all_once_in_both_orders(site, asker, helper):
    topic = ask(asker)
    posts = plant_answers(site, helper.person, topic.id, 45)
    site.sql("update posts set votes_imported = number %% 7, score = number %% 7 where id = any (%s)", posts)
    reader = site.visitor()
    by_score = [row["id"] for row in site.sql(
        "select id from posts where id = any (%s) order by score desc, created_at, id", posts)]
    for query, wanted in (("", posts), ("sort=votes", by_score)):
        seen, pages = [], []
        path = topic.path + (f"?{query}" if query else "")
        while path:
            answer_ = reader.get(path)
            assert answer_.status == 200
            shown = [int(node["id"][1:]) for node in answer_.page.all("article", class_="answer")]
            pages.append(len(shown))
            seen += shown
            canonical = answer_.page.find("link", rel="canonical")["href"]
            assert canonical == site.url + path, "each page is its own canonical"
            noindex = answer_.page.find("meta", name="robots") is not None
            assert noindex == bool(query), "sorted variants are not for search engines"
            link = answer_.page.find("a", rel="next")
            path = link["href"] if link else None
        assert pages == [20, 20, 5] and seen == wanted
    assert reader.get(f"{topic.path}?page=4").status == 404


def test_any_slug_leads_to_the_right_one_for_good(site, asker):
    topic = ask(asker, title="Éteindre & rallumer l’« œil » : où est le bouton ?")
    reader = site.visitor()
    for path in (f"/t/{topic.id}", f"/t/{topic.id}-", f"/t/{topic.id}-quite-another", f"/t/{topic.id}-%C3%A9"):
        moved = reader.get(path, follow=False)
        assert (moved.status, path_of(moved)) == (301, topic.path), path
    kept = reader.get(f"/t/{topic.id}-x?sort=votes", follow=False)
    assert path_of(kept) == f"{topic.path}?sort=votes"
    page = reader.get(topic.path).page
    assert page.find("link", rel="canonical")["href"] == site.url + topic.path
    person = reader.get(f"/u/{asker.person.id}", follow=False)
    assert person.status == 301
    assert reader.get(path_of(person)).status == 200


def test_a_persons_page_shows_their_questions_and_answers(site, asker, helper):
    topic = ask(asker)
    answer(helper, topic, body="An answer that my page shows as well.")
    own = site.visitor().get(f"/u/{asker.person.id}").page
    assert topic.row()["title"] in own.text and own.find("h1").text == asker.person.name
    theirs = site.visitor().get(f"/u/{helper.person.id}?tab=answers").page
    assert topic.row()["title"] in theirs.text and "my page shows" in theirs.text
    assert asker.person.email not in own.text


def test_the_profile_text_is_markdown_and_harmless(site):
    visitor = site.member()
    saved = visitor.submit("/settings", "/settings/profile", language="en", wants_mail="1",
                           bio="I **help** with [boxes](javascript:alert(1)) <b onclick=x>.</b>")
    assert saved.status == 200 and "saved" in saved.page.text
    page = site.visitor().get(f"/u/{visitor.person.id}").page
    prose = page.find(class_="prose")
    assert prose.find("strong").text == "help"
    assert not prose.find("a", href="javascript:alert(1)") and not prose.find("b", onclick="x")
    long = visitor.submit("/settings", "/settings/profile", language="en", bio="x" * 4001)
    assert long.status == 422 and long.page.find(id="bio").raw_text.strip() == "x" * 4001


def test_the_language_is_changed_by_visitors_and_members(site):
    visitor = site.visitor(language="en")
    shown = visitor.submit("/questions", "/language")
    assert shown.page.language == "fr" and shown.path == "/questions"
    assert visitor.get("/").page.language == "fr"
    member = site.member(language="en")
    shown = member.submit("/tags", "/language")
    assert shown.page.language == "fr"
    assert site.sql_value("select language from people where id = %s", member.person.id) == "fr"
    elsewhere = site.member(member.person, language="en")
    assert elsewhere.get("/").page.language == "fr"


def test_links_of_new_people_do_not_count_for_search_engines(site, asker):
    body = "See [this](https://example.com/a) and https://example.com/b and [ours](/questions) please."
    topic = ask(asker, body=body)
    prose = site.visitor().get(topic.path).page.find(class_="prose")
    outside = [a for a in prose.all("a") if a["href"].startswith("https://example.com")]
    assert len(outside) == 2
    assert all({"ugc", "nofollow"} <= set(a.get("rel").split()) for a in outside)
    staff = site.member(role="advisor")
    trusted = site.visitor().get(ask(staff, body=body).path).page.find(class_="prose")
    outside = [a for a in trusted.all("a") if a["href"].startswith("https://example.com")]
    assert len(outside) == 2 and not [a for a in outside if "nofollow" in a.get("rel")]


def test_a_topic_without_answers_is_listed_as_such_and_counts_are_right_in_both_languages(site, asker, helper):
    topic = ask(asker)
    for language, none, one, two in (("en", "0 answers", "1 answer", "2 answers"),
                                     ("fr", "0 réponse", "1 réponse", "2 réponses")):
        reader = site.visitor(language=language)
        site.sql("update posts set visibility = 'withdrawn' where topic_id = %s and kind = 'answer'", topic.id)
        assert reader.get(topic.path).page.find(id="answers").text.replace("\u00a0", " ") == none
        answer(helper, topic)
        assert reader.get(topic.path).page.find(id="answers").text.replace("\u00a0", " ") == one
        answer(helper, topic)
        assert reader.get(topic.path).page.find(id="answers").text.replace("\u00a0", " ") == two


def test_times_are_relative_with_the_exact_one_beside_them(site, asker):
    topic = ask(asker)
    site.sql("update posts set created_at = now() - interval '3 hours' where id = %s", topic.post)
    for language, words in (("en", "3 hours ago"), ("fr", "il y a 3 heures")):
        # A visitor's page may be kept for hours: it says the day.
        assert article(site.visitor(language=language).get(topic.path), topic.post).find(
            "time", class_="ago").text.replace("\u00a0", " ") != words
        page = site.member(language=language).get(topic.path)
        shown = article(page, topic.post).find("time", class_="ago")
        assert shown.text.replace("\u00a0", " ") == words
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", shown["datetime"])
        assert shown["title"]


def test_whoever_is_asked_to_sign_in_comes_back_to_the_question(site, asker):
    topic = ask(asker)
    person, visitor = site.person(), site.visitor()
    page = visitor.get(topic.path)
    login = next(a for a in page.page.all("a") if a.get("href").startswith("/login?next="))
    back = visitor.submit(visitor.get(login["href"]), "/login", email=person.email, password=person.password)
    assert back.status == 200 and back.path == topic.path
