"""Forms that others forged, that came without a session, or came twice."""

import concurrent.futures
import socket
import urllib.parse

import pytest

from support.forum import BODY, a_title, category, path_of
from support.world import POSTS, READS, WRITES, World, routes, state


# ---- forged forms -------------------------------------------------------------


FORGERIES = {
    "without a token": {},
    "an empty token": {"csrf": ""},
    "a made-up token": {"csrf": "A" * 43},
    "another session's token": {"csrf": "other"},
    "a foreign origin": {"csrf": "right", "Origin": "https://evil.example"},
    "no origin to speak of": {"csrf": "right", "Origin": "null"},
    "another port": {"csrf": "right", "Origin": "http://127.0.0.1:1"},
    "from another site": {"csrf": "right", "Sec-Fetch-Site": "cross-site"},
    "from another name of the domain": {"csrf": "right", "Sec-Fetch-Site": "same-site"},
}


@pytest.mark.parametrize("pattern", [row[1] for row in POSTS if row[3] in ("TOKEN", "FILES")])
def test_a_forged_form_is_refused_and_changes_nothing(site, world, pattern):
    path, fields = world.path(pattern), world.fields(pattern)
    tokens = {"right": world.token(), "other": world.token(world.other)}
    before = state(site)
    for name, forgery in FORGERIES.items():
        data, headers = dict(fields), {}
        for key, value in forgery.items():
            if key == "csrf":
                data["csrf"] = tokens.get(value, value)
            else:
                headers[key] = value
        refused = world.visitor.post(path, data, headers=headers, follow=False)
        assert refused.status == 403, f"{name}: {refused}"
        assert "Set-Cookie" not in refused.headers or "session=" not in refused.headers["Set-Cookie"], name
        if "body" in data:
            assert data["body"] in refused.page.text or refused.page.find("textarea", id="kept-body"), name
        assert state(site) == before, name


@pytest.mark.parametrize("pattern", [row[1] for row in POSTS if row[3] in ("TOKEN", "FILES")])
def test_the_same_form_with_the_right_token_is_taken(site, pattern):
    """The control: what was refused above was refused for the token alone."""
    world = World(site)
    fields = world.fields(pattern) | {"csrf": world.token()}
    taken = world.visitor.post(world.path(pattern), fields, follow=False)
    expected = {"/preview": 200, "/signup": 200, "/reset": 200, "/drafts": 204, "/confirm": 410,
                "/ask/similar": 200, "/ask/opened": 204,
                # Nothing is mirrored here: the token was good, what it is about is not there.
                "/p/:id/there": 404, "/p/:id/claim": 404, "/p/:id/erase-author": 404,
                "/admin/erasures": 404, "/admin/mirror/:id": 404, "/admin/undo": 404, "/admin/brand/logo": 422, "/kb/files/:id": 422,
                # Nothing was set up: there is no code to confirm, and no app to make codes for.
                "/settings/security/confirm": 404, "/settings/security/codes": 403,
                # At a number browsers have no passkeys: test_passkeys.py has a site with a name.
                "/login/passkey": 404, "/passkey/options": 404, "/settings/security/passkeys": 404,
                "/settings/security/passkeys/:id": 404,
                # An administrator does not vanish with the role.
                "/settings/privacy/erase": 403,
                # Nothing waits in the queue, nobody was judged, asked or removed.
                # The question is no idea, and has no poll; one that closes in 2099 is refused.
                "/t/:id/stage": 404, "/t/:id/poll": 422, "/t/:id/poll/remove": 404, "/t/:id/vote": 404,
                "/acts/:id/undo": 404, "/mod/items/:id/claim": 404, "/mod/items/:id/decide": 404,
                "/mod/items/:id/undo": 404, "/mod/measures/:id/end": 404, "/cases/:id/complaint": 404,
                "/mod/notices": 409, "/legal/notice/:slug/complaint": 404,
                "/mod/rings/:id": 404, "/experts/:id/consent": 409, "/experts/:id/end": 404, "/admin/experts": 404,
                # No charter was published here.
                "/charter/agree": 409,
                "/badges/:slug": 422, "/admin/holding/:id": 404, "/admin/ranks": 409,
                "/reset/password": 422}
    # The other modules read the brand on every page, and no rule may catch what they write.
    site.sql("delete from site_settings where name like 'brand.%%'")
    site.sql("delete from holding_rules where name = 'Forged'")
    assert taken.status == expected.get(pattern, 303), (taken, taken.page.text if taken.is_html else taken.text)


def test_the_language_is_not_changed_from_another_site(site, world):
    before = state(site)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        refused = world.visitor.post("/language", {"language": "fr"}, headers=headers, follow=False)
        assert refused.status == 403
    assert state(site) == before


@pytest.mark.parametrize("pattern", WRITES)
def test_nothing_is_changed_by_following_a_link(site, world, pattern):
    before = state(site)
    query = urllib.parse.urlencode(world.fields(pattern) | {"csrf": world.token()})
    path = f"{world.path(pattern)}?{query}"[:4000]
    answer_ = world.visitor.get(path, follow=False)
    assert answer_.status == (405 if pattern not in READS else answer_.status)
    assert answer_.status in (200, 302, 403, 404, 405, 410), answer_
    assert state(site) == before


def test_a_visitors_form_is_bound_to_their_browser(site):
    person = site.person()
    page = site.visitor().get("/login")
    victim = site.visitor()
    victim.get("/login")
    fields = page.page.form("/login").fields | {"email": person.email, "password": person.password}
    assert victim.post("/login", fields).status == 403, "login into the attacker's account"
    bare = site.visitor()
    assert bare.post("/login", fields).status == 403


# ---- who is not signed in -----------------------------------------------------


@pytest.mark.parametrize("method, pattern", [(row[0], row[1]) for row in routes() if row[2] == "MEMBER"])
def test_a_visitor_is_led_to_the_login_or_keeps_the_text(site, world, method, pattern):
    before = state(site)
    visitor, path = site.visitor(), world.path(pattern)
    if method == "GET":
        led = visitor.get(path + "?x=1&y=é", follow=False)
        assert led.status == 302
        parts = urllib.parse.urlsplit(path_of(led))
        assert parts.path == "/login"
        assert urllib.parse.parse_qs(parts.query)["next"] == [f"{path}?x=1&y=%C3%A9"]
        return
    fields = world.fields(pattern) | {"back": "/tags"}
    refused = visitor.post(path, fields, follow=False)
    if typed := fields.get("body") or fields.get("bio"):
        assert refused.status == 401
        assert refused.page.find(id="kept-body").raw_text.strip() == typed
        assert refused.page.find(id="kept-title") is None or \
            refused.page.find(id="kept-title")["value"] == fields["title"]
        assert "/login" in refused.page.links
    else:
        assert refused.status in (302, 303)
        assert path_of(refused).startswith("/login")
    assert state(site) == before


def test_a_button_pressed_after_the_session_ended_leads_back_to_a_page_that_exists(site, world):
    person = site.person()
    visitor = site.member(person)
    page = visitor.get(world.topic.path)
    site.sql("delete from sessions where person_id = %s", person.id)
    asked = visitor.submit(page, f"/t/{world.topic.id}/me-too")
    assert asked.status == 200 and asked.path == "/login"
    back = visitor.submit(asked, "/login", email=person.email, password=person.password)
    assert back.status == 200 and back.path == world.topic.path, back


# ---- sent twice ---------------------------------------------------------------


def count_posts(site, person):
    return site.sql_value("select count(*) from posts where author_id = %s", person.id)


WRITING = ["/ask", "/t/:id/answer", "/p/:id/comment", "/p/:id/edit"]


@pytest.mark.parametrize("pattern", WRITING)
def test_a_form_sent_again_does_nothing_twice(site, world, pattern):
    visitor = world.other if pattern == "/p/:id/edit" else site.member(role="advisor")
    page = visitor.get(world.path(pattern))
    form = page.page.form(world.path(pattern)).fields
    fields = form | {"title": a_title(), "body": f"{BODY} {a_title()}", "category": str(category(site)), "considered": "1"}
    versions = "select count(*) from revisions"
    before, versions_before = count_posts(site, visitor.person), site.sql_value(versions)
    sent = [visitor.post(world.path(pattern), fields, follow=False) for _ in range(3)]
    assert [answer_.status for answer_ in sent] == [303] * 3
    assert len({path_of(answer_) for answer_ in sent}) == 1
    assert count_posts(site, visitor.person) == before + (pattern != "/p/:id/edit")
    if pattern == "/p/:id/edit":
        assert site.sql_value(versions) <= versions_before + 2


@pytest.mark.parametrize("pattern", ["/ask", "/t/:id/answer", "/p/:id/comment"])
def test_a_form_sent_many_times_at_once_makes_one_post(site, world, pattern):
    visitor = site.member(role="advisor")
    form = visitor.get(world.path(pattern)).page.form(world.path(pattern)).fields
    fields = form | {"title": a_title(), "body": f"{BODY} {a_title()}", "category": str(category(site)), "considered": "1"}
    copies = []
    for _ in range(8):
        copy = site.visitor(address=visitor.address)
        copy.session.cookies.update(visitor.session.cookies)
        copies.append(copy)
    before = count_posts(site, visitor.person)
    with concurrent.futures.ThreadPoolExecutor(len(copies)) as pool:
        sent = list(pool.map(lambda copy: copy.post(world.path(pattern), fields, follow=False), copies))
    assert [answer_.status for answer_ in sent] == [303] * 8
    assert len({path_of(answer_) for answer_ in sent}) == 1
    assert count_posts(site, visitor.person) == before + 1


def test_another_text_from_the_same_form_is_another_post(site, world):
    visitor = site.member(role="advisor")
    path = f"/t/{world.topic.id}/answer"
    form = visitor.get(path).page.form(path).fields
    sent = [visitor.post(path, form | {"body": f"{BODY} Text number {n}."}, follow=False) for n in range(2)]
    assert [answer_.status for answer_ in sent] == [303, 303]
    assert path_of(sent[0]) != path_of(sent[1])
    assert count_posts(site, visitor.person) == 2


def test_a_repeat_after_a_lost_answer_finds_the_post(site, world):
    visitor = site.member(role="advisor")
    path = f"/t/{world.topic.id}/answer"
    fields = visitor.get(path).page.form(path).fields | {"body": f"{BODY} The answer to this got lost."}
    body = urllib.parse.urlencode(fields).encode()
    cookie = "; ".join(f"{c.name}={c.value}" for c in visitor.session.cookies)
    with socket.create_connection(("127.0.0.1", site.port)) as connection:
        connection.sendall(
            f"POST {path} HTTP/1.1\r\nHost: x\r\nOrigin: {site.url}\r\nCookie: {cookie}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    again = visitor.post(path, fields, follow=False)
    assert again.status == 303
    assert count_posts(site, visitor.person) == 1
    assert visitor.get(path_of(again)).status == 200


def test_two_people_cannot_take_each_others_key(site, world):
    first, second = site.member(role="advisor"), site.member(role="advisor")
    path = f"/t/{world.topic.id}/answer"
    form = first.get(path).page.form(path).fields | {"body": f"{BODY} {a_title()}"}
    assert first.post(path, form, follow=False).status == 303
    stolen = form | {"csrf": world.token(second)}
    assert second.post(path, stolen, follow=False).status == 303
    assert count_posts(site, second.person) == 1
