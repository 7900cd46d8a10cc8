"""Mirrored conversations on the web: a topic's page, answering there, moderating,
claims, being forgotten, and the administration. The stand-in for Facebook is real
enough; the worker carries everything over."""

import base64
import json
import re
import time

import pytest

from support.forum import accepted, problem
from support.mirror import PAGE_NAME, Thread, post_of
from support.waiting import until
from test_html_is_valid import test_every_page_that_was_shown_is_valid_html  # noqa: F401: for this site's pages

PAGE = "/admin/mirror"
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


@pytest.fixture(scope="module")
def site(mirror_site):
    mirror_site.sql("delete from mirror_deliveries")
    mirror_site.source()
    return mirror_site


@pytest.fixture(scope="module")
def administrator(site):
    return site.member(role="administrator")


@pytest.fixture(scope="module")
def thread(site):
    return Thread(site)


# ---- the topic's page ----------------------------------------------------------


def robots(answer):
    return [node["content"] for node in answer.page.all("meta") if node.get("name") == "robots"]


def test_a_thread_says_where_it_comes_from(site, thread, client_of):
    answer = client_of("en").get(thread.path)
    assert answer.status == 200
    origin = answer.page.find("p", class_="origin")
    assert "From our Facebook page" in origin.text
    link = origin.find("a")
    assert link["href"].startswith("https://www.facebook.com/") or link["href"].startswith("http")
    assert set(link["rel"].split()) == {"nofollow", "ugc", "noopener"}
    assert "De notre page Facebook" in client_of("fr").get(thread.path).page.find("p", class_="origin").text


def test_people_are_anonymous_and_the_brand_is_official(site, thread, client_of):
    answer = client_of("en").get(thread.path)
    assert "Camille" not in answer.text and "Durand" not in answer.text
    assert thread.person not in answer.text
    article = answer.page.find("article", id=f"p{thread.comment_post}")
    assert article.find("header").find("span", class_="role") is None
    assert "Facebook" in article.find("header").text
    official = answer.page.find("li", id=f"p{thread.answer_post}")
    assert official.find("span", class_="role")


def test_the_canonical_address_is_ours(site, thread, client_of):
    answer = client_of("en").get(thread.path)
    canonical = [node["href"] for node in answer.page.all("link") if node.get("rel") == "canonical"]
    assert canonical == [site.url + thread.path]


def test_pictures_are_ours_and_keep_their_place(site, thread, client_of):
    name = "0123456789abcdef.png"
    media = site.var / "media"
    media.mkdir(exist_ok=True)
    (media / name).write_bytes(PIXEL)
    item = site.sql_value("select id from mirror_items where topic_id = %s and kind = 'post'", thread.id)
    site.sql("insert into mirror_media (item_id, position, kind, state, file, width, height)"
             " values (%s, 9, 'photo', 'stored', %s, 640, 480)", item, name)
    page = client_of("en").get(thread.path).page
    image = next(node for node in page.all("img") if node["src"] == f"/media/{name}")
    assert int(image["width"]) > 0 and int(image["height"]) > 0
    assert image["alt"]
    answer = client_of("en").get(image["src"])
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("image/")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_robots_follow_the_rule(site, client_of):
    thread = Thread(site, question="Une question courte sur la télé en panne ?", comment="Moi aussi.")
    assert robots(client_of("en").get(thread.path)) == ["noindex"]
    long = "Débranchez le décodeur pendant une minute entière, puis rebranchez-le et attendez que le voyant soit fixe."
    wait_for = site.graph.do("comment", target=thread.post, who="page", message=long)["id"]
    post_of(site, wait_for)
    assert robots(client_of("en").get(thread.path)) == []
    site.source(index_comments=False)
    try:
        assert robots(client_of("en").get(thread.path)) == ["noindex"]
    finally:
        site.source(index_comments=True)
    assert robots(client_of("en").get(thread.path + "?sort=votes")) == ["noindex"]


def test_lists_have_a_badge(site, thread, client_of):
    rows = client_of("en").get("/questions").page
    assert rows.find("span", class_="badge-source")


@pytest.fixture
def client_of(site):
    visitors = {}
    return lambda language: visitors.setdefault(language, site.visitor(language, address="127.0.0.1"))


# ---- answering there -----------------------------------------------------------


@pytest.fixture(scope="module")
def adviser(site):
    return site.member(role="advisor", address="127.0.0.1")


def test_only_the_team_is_offered_to_send(site, thread, adviser):
    box = [node for node in adviser.get(thread.path).page.all("input") if node.get("name") == "send"]
    assert len(box) == 1 and box[0].has("checked")
    customer = site.member(address="127.0.0.1")
    assert not [node for node in customer.get(thread.path).page.all("input") if node.get("name") == "send"]


def outbox(site, post):
    rows = site.sql("select * from mirror_outbox where post_id = %s order by id", post)
    return rows[-1] if rows else None


def test_an_answer_goes_there_once_and_says_so(site, thread, adviser):
    text = "Voici **la marche à suivre** : mettez le logiciel à jour, puis redémarrez la box. Bonne journée !"
    sent = adviser.submit(f"/t/{thread.id}/answer", f"/t/{thread.id}/answer", follow=False, body=text)
    post = int(accepted(sent).rpartition("#p")[2])
    assert outbox(site, post)["state"] in ("queued", "sending", "sent")
    until(lambda: outbox(site, post)["state"] == "sent", what="sent")
    page = adviser.get(thread.path).page
    assert "Sent to Facebook" in page.find("article", id=f"p{post}").text
    state = json.dumps(site.graph.get("state"), ensure_ascii=False)
    assert state.count("mettez le logiciel à jour") == 1
    assert "**la marche" not in state
    visitor = site.visitor(address="127.0.0.1").get(thread.path).page
    assert "Sent to Facebook" not in visitor.find("article", id=f"p{post}").text


def test_an_answer_may_stay_here(site, thread, adviser):
    page = adviser.get(f"/t/{thread.id}/answer").page
    form = page.form(f"/t/{thread.id}/answer")
    data = {**form.fields, "body": "Celle-ci reste sur le forum, pour ceux qui lisent ici seulement."}
    data.pop("send", None)
    site.sql("delete from throttles")
    sent = adviser.post(form.action, data, follow=False)
    assert outbox(site, int(accepted(sent).rpartition("#p")[2])) is None


def test_customers_cannot_send_by_a_forged_form(site, thread):
    customer = site.member(age_days=10)
    sent = customer.submit(f"/t/{thread.id}/answer", f"/t/{thread.id}/answer", follow=False, send="facebook",
                           send_offered="1", body="Je réponds ici en tant que simple client, rien de plus.")
    assert outbox(site, int(accepted(sent).rpartition("#p")[2])) is None


def test_what_is_too_long_there_is_refused_with_its_text(site, thread, adviser):
    site.sql("delete from throttles")
    body = "Une phrase assez longue pour dépasser. " * 400
    assert len(body) > 8000
    before = site.sql_value("select count(*) from posts")
    answer = adviser.submit(f"/t/{thread.id}/answer", f"/t/{thread.id}/answer", body=body)
    assert answer.status == 422
    assert "at most 8,000" in problem(answer)
    form = answer.page.form(f"/t/{thread.id}/answer")
    assert form.fields["body"].strip() == body.strip()
    assert site.sql_value("select count(*) from posts") == before
    assert answer.page.find("div", class_="send-preview")


def test_the_preview_shows_it_as_it_will_be_there(site, thread, adviser):
    body = "Un **mot** et [un lien](https://exemple.fr/aide) pour vous 🙂."
    answer = adviser.submit(f"/t/{thread.id}/answer", f"/t/{thread.id}/answer", body=body, preview="1")
    shown = answer.page.find("div", class_="send-preview").text
    assert "https://exemple.fr/aide" in shown and "**" not in shown
    assert re.search(r"\d+ of at most 8,000 characters", shown)
    form = adviser.get(thread.path).page.form(f"/t/{thread.id}/answer")
    piece = adviser.post("/preview", {"csrf": form.fields["csrf"], "body": body, "send": "facebook"})
    assert "send-preview" in piece.text
    assert "send-preview" not in adviser.post("/preview", {"csrf": form.fields["csrf"], "body": body}).text


def test_a_refused_sending_says_why_and_can_be_tried_again(site, adviser):
    thread = Thread(site, question="Comment changer le nom de mon réseau wifi à la maison ?")
    site.graph.do("faults", faults=[{"match": {"method": "POST", "path": "/comments"}, "times": 1,
                                     "action": {"status": 400, "body": {"error": {
                                         "message": "Denied", "code": 1705, "type": "OAuthException",
                                         "fbtrace_id": "Trace7"}}}}])
    site.sql("delete from throttles")
    sent = adviser.submit(f"/t/{thread.id}/answer", f"/t/{thread.id}/answer", follow=False,
                          body="Ouvrez les réglages de la box, puis le menu du réseau sans fil.")
    post = int(accepted(sent).rpartition("#p")[2])
    until(lambda: outbox(site, post)["state"] == "failed", what="failed")
    article = adviser.get(thread.path).page.find("article", id=f"p{post}")
    assert "Not on Facebook" in article.text
    site.graph.do("faults/clear")
    number = outbox(site, post)["id"]
    answer = adviser.submit(thread.path, f"/mirror/outbox/{number}", do="retry")
    assert answer.status == 200
    until(lambda: outbox(site, post)["state"] == "sent", what="sent")


# ---- hiding and deleting there ---------------------------------------------------


def act_there(visitor, thread, what):
    page = visitor.get(thread.path).page
    token = page.form("/logout").fields["csrf"]
    return visitor.post(f"/p/{thread.comment_post}/there", {"csrf": token, "key": f"{what}-{time.time()}-0123456789",
                                                           "do": what}, follow=False)


def test_hiding_there_takes_it_away_here_and_showing_brings_it_back(site, adviser):
    thread = Thread(site, question="Pourquoi ma facture a-t-elle augmenté ce mois-ci ?")
    assert act_there(adviser, thread, "hide").status == 303
    visitor = site.visitor(address="127.0.0.1")
    until(lambda: f'id="p{thread.comment_post}"' not in visitor.get(thread.path).text, what="hidden here")
    assert act_there(adviser, thread, "unhide").status == 303
    until(lambda: f'id="p{thread.comment_post}"' in visitor.get(thread.path).text, what="shown again")
    assert act_there(adviser, thread, "delete").status == 303
    until(lambda: f'id="p{thread.comment_post}"' not in visitor.get(thread.path).text, what="deleted")


@pytest.mark.parametrize("role", ["customer"])
def test_others_cannot_hide_there(site, thread, role):
    assert act_there(site.member(role=role), thread, "hide").status == 403


# ---- a member's claim --------------------------------------------------------------


def test_a_claim_gives_the_posts_to_the_member_and_can_be_undone(site, adviser):
    thread = Thread(site, question="Comment activer la 5G sur mon téléphone ?")
    member = site.person(name="Camille du forum")
    handle = site.sql_value("select handle from people where id = %s", member.id)
    page = f"/p/{thread.comment_post}/claim"
    assert "Camille Durand" in adviser.get(page).text
    refused = adviser.submit(page, page, member="nobody-of-this-name")
    assert refused.status == 422 and "Nobody here has this name" in problem(refused)
    assert adviser.submit(page, page, member="@" + handle).status == 200
    visitor = site.visitor(address="127.0.0.1")
    until(lambda: "Camille du forum" in visitor.get(thread.path).text, what="the member's name")
    assert adviser.submit(page, page).status == 200
    until(lambda: "Camille du forum" not in visitor.get(thread.path).text, what="undone")
    assert site.sql_value("select count(*) from audit_log where action in ('mirror_claim', 'mirror_unclaim')") == 2


# ---- being forgotten ---------------------------------------------------------------


def ask_form(site, visitor, **fields):
    site.sql("delete from throttles")
    return visitor.submit("/erasure", "/erasure", follow=False, **{"name": "Camille Durand", **fields})


def test_a_form_gets_a_code_a_page_and_a_decision(site, thread):
    thread = Thread(site, question="Peut-on garder son numéro en changeant de forfait ?",
                    comment="Mon secret personnel quatre deux sept.")
    visitor, moderator = site.visitor(), site.member(role="moderator", address="127.0.0.1")
    sent = ask_form(site, visitor, address=f"{site.url}/p/{thread.comment_post}", contact="camille@example.org",
                    reason="Je ne veux plus.")
    path = accepted(sent)
    assert re.fullmatch(r"/erasure/[0-9a-f]{32}", path)
    page = visitor.get(path)
    assert "We have it" in page.text and "camille@example.org" not in page.text
    assert robots(page) == ["noindex"]
    assert "reçue" in site.visitor("fr").get(path).text
    queue = moderator.get("/admin/erasures")
    assert "camille@example.org" in queue.text and "Mon secret personnel" in queue.text
    number = site.sql_value("select id from mirror_erasures where code = %s", path.rpartition("/")[2])
    token = queue.page.form("/logout").fields["csrf"]
    done = moderator.post("/admin/erasures", {"csrf": token, "key": "x" * 20, "request": str(number), "do": "erase"})
    assert done.status == 200
    until(lambda: "Done:" in visitor.get(path).text, what="done")
    public = site.visitor(address="127.0.0.1").get(thread.path).text
    assert "Mon secret personnel" not in public
    left = site.sql("select 1 from posts where body_md like '%%quatre deux sept%%' union all"
                    " select 1 from revisions where body_md like '%%quatre deux sept%%' union all"
                    " select 1 from mirror_items where body like '%%quatre deux sept%%'")
    assert not left
    kept = site.sql("select name, contact, details from mirror_erasures where id = %s", number)[0]
    assert not any(kept.values())


def test_a_request_can_be_refused_with_a_reason(site, thread):
    visitor, moderator = site.visitor(), site.member(role="moderator")
    path = accepted(ask_form(site, visitor, address="https://www.facebook.com/somewhere/else"))
    number = site.sql_value("select id from mirror_erasures where code = %s", path.rpartition("/")[2])
    token = moderator.get("/settings").page.form("/logout").fields["csrf"]
    send = {"csrf": token, "request": str(number)}
    none = moderator.post("/admin/erasures", {**send, "key": "a" * 20, "do": "erase", "address": "/p/999999999"})
    assert none.status == 422 and "Nobody's comment was found there" in problem(none)
    empty = moderator.post("/admin/erasures", {**send, "key": "b" * 20, "do": "refuse", "reason": ""})
    assert empty.status == 422
    answer = moderator.post("/admin/erasures", {**send, "key": "c" * 20, "do": "refuse",
                                               "reason": "We cannot find <b>this</b> comment."})
    assert answer.status == 200
    assert "We cannot find &lt;b&gt;this&lt;/b&gt; comment." in visitor.get(path).text


@pytest.mark.parametrize("fields, words", [
    ({"address": ""}, "address"), ({"address": "/p/1", "name": ""}, "name"),
    ({"address": "x" * 1001}, "address"), ({"address": "/p/1", "contact": "c" * 255}, "contact"),
])
def test_a_form_that_says_too_little_comes_back(site, fields, words):
    answer = ask_form(site, site.visitor(), **fields)
    assert answer.status == 422
    node = next(node for node in answer.page.all("input") if node.get("name") == words)
    assert node.get("aria-invalid") == "true"


def test_asking_often_is_slowed_down(site):
    visitor = site.visitor()
    site.sql("delete from throttles")
    answers = [visitor.submit("/erasure", "/erasure", follow=False, address="/p/1", name="A") for _ in range(7)]
    assert [answer.status for answer in answers] == [303] * 5 + [429] * 2
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_comments_are_found_by_their_address_there(site, thread):
    short = thread.comment.rpartition("_")[2]
    for address in (f"https://www.facebook.com/x/posts/1?comment_id={short}",
                    f"https://www.facebook.com/x/posts/1?comment_id=1&reply_comment_id={short}",
                    f"{site.url}{thread.path}#p{thread.comment_post}"):
        path = accepted(ask_form(site, site.visitor(), address=address))
        found = site.sql_value("select post_id from mirror_erasures where code = %s", path.rpartition("/")[2])
        assert found == thread.comment_post, address


def test_unknown_codes_are_not_there(client_of):
    for code in ("0" * 32, "x", "a" * 43, "..%2f"):
        assert client_of("en").get(f"/erasure/{code}").status in (400, 404)


def test_facebook_passes_a_request_on(site):
    person = site.graph.do("person", name="Lou Martin")["id"]
    answer = site.graph.do("erasure", who=person)
    said = answer if "confirmation_code" in answer else answer.get("body") or answer.get("answer")
    said = json.loads(said) if isinstance(said, str) else said
    code = said["confirmation_code"]
    assert re.fullmatch(r"[0-9a-f]{32}", code)
    assert said["url"] == f"{site.url}/erasure/{code}"
    assert site.visitor().get(f"/erasure/{code}").status == 200
    assert site.sql_value("select origin from mirror_erasures where code = %s", code) == "callback"


def test_deauthorizing_deletes_nothing(site):
    before = site.sql_value("select count(*) from mirror_items where removed_at is null")
    site.graph.do("deauthorize", who=site.graph.do("person", name="An Adviser")["id"])
    assert site.sql_value("select count(*) from mirror_erasures where origin = 'deauthorize'") >= 1
    assert site.sql_value("select count(*) from mirror_items where removed_at is null") == before


@pytest.mark.parametrize("path", ["/hooks/facebook/deletion", "/hooks/facebook/deauthorize"])
@pytest.mark.parametrize("request_", ["", "a.b", "x" * 5000, "YQ.eyJ1c2VyX2lkIjoiMSJ9"])
def test_unsigned_callbacks_are_refused(site, path, request_):
    before = site.sql_value("select count(*) from mirror_erasures")
    answer = site.visitor(address="127.0.0.1").request("POST", path, data={"signed_request": request_})
    assert answer.status == 403
    assert site.sql_value("select count(*) from mirror_erasures") == before


def test_a_moderator_erases_the_author_of_a_post(site):
    thread = Thread(site, question="Mon décodeur affiche une erreur inconnue, une idée ?",
                    comment="Numéro de client neuf neuf un.")
    moderator = site.member(role="moderator", address="127.0.0.1")
    page = f"/p/{thread.comment_post}/erase-author"
    assert page in moderator.get(thread.path).page.links
    answer = moderator.submit(page, page)
    assert answer.status == 200 and answer.path.startswith("/erasure/")
    until(lambda: "Numéro de client" not in moderator.get(thread.path).text, what="gone")
    for role in ("customer", "advisor"):
        assert site.member(role=role).get(page).status == 403


# ---- the administration --------------------------------------------------------------


@pytest.mark.parametrize("role, mirror, erasures", [
    ("customer", 403, 403), ("advisor", 403, 403), ("moderator", 403, 200), ("administrator", 200, 200),
])
def test_each_role_sees_what_is_for_it(site, role, mirror, erasures):
    visitor, number = site.member(role=role), site.source()
    for path in (PAGE, f"{PAGE}/new", f"{PAGE}/{number}"):
        assert visitor.get(path).status == mirror, path
    assert visitor.get("/admin/erasures").status == erasures
    token = visitor.get("/settings").page.form("/logout").fields["csrf"]
    for path, fields in ((f"{PAGE}/{number}", {"do": "pause"}), (f"{PAGE}/new", {"connector": "facebook"}),
                         (f"{PAGE}/deliveries", {"do": "retry", "delivery": "0"}),
                         ("/admin/erasures", {"do": "refuse", "request": "1"})):
        if role != "administrator" and not (path == "/admin/erasures" and erasures == 200):
            assert visitor.post(path, {"csrf": token, "key": "k" * 20, **fields}).status == 403, path
    assert site.sql_value("select state from mirror_sources where id = %s", number) == "active"


def test_the_list_shows_how_a_source_is(site, thread, administrator):
    text = administrator.get(PAGE).page.text
    assert PAGE_NAME in text and "Running" in text and "Last notice" in text


def save(administrator, number, **fields):
    page = administrator.get(f"{PAGE}/{number}").page
    form = next(form for form in page.forms if form.fields.get("do") == "configure")
    return administrator.post(form.action, {**form.fields, **fields})


def test_a_choice_needs_a_decision_and_is_written_down(site, administrator, thread):
    number = site.source()
    refused = save(administrator, number, show_authors="first_name")
    assert refused.status == 422 and "your company decided" in problem(refused)
    assert save(administrator, number, show_authors="first_name", decided="1").status == 200
    visitor = site.visitor(address="127.0.0.1")
    until(lambda: "Camille" in visitor.get(thread.path).text, what="the first name")
    assert "Durand" not in visitor.get(thread.path).text
    decided = site.sql("select actor_id, details from audit_log where action = 'mirror_privacy' order by id desc")[0]
    assert decided["actor_id"] == administrator.person.id
    assert decided["details"]["show_authors"] == "first_name"
    assert "Last decided by" in administrator.get(f"{PAGE}/{number}").text
    assert save(administrator, number, show_authors="nobody", decided="1").status == 200
    until(lambda: f'id="p{thread.comment_post}"' not in visitor.get(thread.path).text, what="no users' texts")
    assert save(administrator, number, show_authors="anonymous", decided="1").status == 200
    until(lambda: f'id="p{thread.comment_post}"' in visitor.get(thread.path).text, what="texts again")


@pytest.mark.parametrize("field, value", [("keep_raw_days", "0"), ("poll_minutes", "x"), ("index_answer_min", "-1"),
                                          ("name", "")])
def test_a_choice_that_cannot_be_comes_back(site, administrator, field, value):
    refused = save(administrator, site.source(), decided="1", **{field: value})
    assert refused.status == 422
    node = next(node for node in refused.page.all("input") if node.get("name") == field)
    assert node.get("aria-invalid") == "true"


def press(administrator, number, what):
    page = administrator.get(f"{PAGE}/{number}").page
    form = next(form for form in page.forms if form.fields.get("do") == what)
    return administrator.post(form.action, form.fields)


def test_pausing_and_going_on(site, administrator):
    number = site.source()
    assert press(administrator, number, "pause").status == 200
    assert site.sql_value("select state from mirror_sources where id = %s", number) == "paused"
    assert "Paused" in administrator.get(PAGE).text
    assert press(administrator, number, "resume").status == 200
    assert site.sql_value("select state from mirror_sources where id = %s", number) == "active"


def test_a_backfill_is_asked_for_and_shows_how_far_it_is(site, administrator):
    number = site.source()
    site.graph.do("post", message="Une publication silencieuse que seul un rattrapage trouve.", silent=True)
    answer = press(administrator, number, "backfill")
    assert answer.status == 200
    until(lambda: site.sql_value("select backfill_asked_at is null and backfill_started_at is null"
                                " from mirror_sources where id = %s", number), 60, "backfilled")
    assert site.sql_value("select count(*) from topics where title like 'Une publication silencieuse%%'") == 1


def test_the_self_test_speaks_plainly(site, administrator):
    number = site.source()
    assert press(administrator, number, "check").status == 200
    until(lambda: site.sql_value("select health_at is not null from mirror_sources where id = %s", number), what="tested")
    page = administrator.get(f"{PAGE}/{number}").page
    assert page.find("ul", class_="checks")
    assert f"{site.url}/hooks/facebook" in page.text and f"{site.url}/hooks/facebook/deletion" in page.text
    assert site.secret not in page.text and site.verify_token not in page.text


def test_the_self_test_is_in_the_readers_language(site, administrator):
    """The worker tests; whoever reads it later reads their own language, addresses included."""
    number, hook = site.source(), f"{site.url}/hooks/facebook"
    french = site.member(role="administrator", language="fr")
    site.graph.do("subscribe", callback_url="https://autre.example/crochet", verify_token=site.verify_token)
    try:
        assert press(administrator, number, "check").status == 200
        until(lambda: "autre.example" in administrator.get(f"{PAGE}/{number}").text, what="tested")
    finally:
        site.graph.do("subscribe", callback_url=hook, verify_token=site.verify_token)
    english = administrator.get(f"{PAGE}/{number}").page.find("ul", class_="checks").text
    assert f"The app's notices go to https://autre.example/crochet, not to {hook}." in english
    said = french.get(f"{PAGE}/{number}").page.find("ul", class_="checks").text
    assert f"Les notifications de l’application sont envoyées à https://autre.example/crochet, pas à {hook}." in said
    assert not re.search(r"\b(the|is|are|has|Page's)\b", said), said
    assert press(administrator, number, "check").status == 200
    until(lambda: "autre.example" not in administrator.get(f"{PAGE}/{number}").text, what="tested again")


def test_dead_notices_are_tried_again_or_dropped(site, administrator):
    numbers = [site.sql_value("insert into mirror_deliveries (connector, body, body_hash, state, error)"
                              " values ('facebook', 'no json', '', 'dead', 'not readable') returning id")
               for _ in range(2)]
    assert "not readable" in administrator.get(PAGE).text
    token = administrator.get(PAGE).page.form("/logout").fields["csrf"]
    for number, what in zip(numbers, ("drop", "retry")):
        sent = {"csrf": token, "key": f"{what}{'k' * 20}", "delivery": str(number), "do": what}
        assert administrator.post(f"{PAGE}/deliveries", sent).status == 200
    assert not site.sql("select 1 from mirror_deliveries where id = %s", numbers[0])
    assert site.sql_value("select state from mirror_deliveries where id = %s", numbers[1]) != "dead"


def test_a_second_mirror_is_set_up_and_removed(site, administrator):
    refused = administrator.submit(f"{PAGE}/new", f"{PAGE}/new", account="", name="Ours", category="")
    assert refused.status == 422
    category = site.sql_value("select min(id) from categories")
    answer = administrator.submit(f"{PAGE}/new", f"{PAGE}/new", account="615000000000999", name="Second page",
                                  category=category, language="en")
    assert answer.status == 200
    number = int(answer.path.rpartition("/")[2])
    assert "Second page" in administrator.get(PAGE).text
    assert press(administrator, number, "remove").status == 200
    assert "Second page" not in administrator.get(PAGE).text


@pytest.mark.last
def test_the_log_names_no_secret(site):
    log = site.log("web") + site.log("worker") + site.log("access")
    assert site.secret not in log and site.verify_token not in log
    assert site.graph.config["page_token"] not in log
