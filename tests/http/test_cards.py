"""The picture of a thread that other sites show: drawn when it is asked for, of what the
thread says now, whatever its title."""

import struct
import time

import psycopg
import pytest

from support.forum import a_title, answer, ask, edit, eventually, press
from support.waiting import until

TITLES = [
    "Why does <span size='500000'>this</span> &amp; that & the <b>other</b> stay dark?",
    "W" * 255,
    "Pourquoi « ma lampe » s’éteint-elle à 23 h 59 ? Et l’œil-de-bœuf ?",
    "لماذا لا تعمل المصباح بعد التحديث الأخير؟ 李小龍 🙈🙉🙊 \u1eb9\u0301",
    "\u200b\u2060\u200b\u2060 invisible letters \u202e all around \u200b here",
    "long words " * 23,
]


def head(answer_):
    return {node.get("property"): node["content"] for node in answer_.page.all("meta") if node.has("property")}


def card_path(site, topic):
    return head(site.visitor().get(topic.path))["og:image"].removeprefix(site.url)


def picture(site, path):
    """The PNG; that it is one, of the promised size. Who asks while the worker is busy is sent to
    the logo, and asks again."""
    def look():
        found = site.visitor().get(path, follow=False)
        assert found.status == 200 or "/card/" not in found.headers["Location"], found
        return found.status == 200 and found

    got = until(look, 30)
    assert got.headers["Content-Type"] == "image/png"
    assert "immutable" in got.headers["Cache-Control"]
    png = got.response.content
    assert png[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", png[16:24]) == (1200, 630)
    assert 2_000 < len(png) < 150_000
    return png


@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
def test_a_thread_has_a_card_whatever_its_title(site, asker, title):
    topic = ask(asker)
    site.sql("update topics set title = %s where id = %s", title, topic.id)
    shown = site.visitor().get(f"/t/{topic.id}-")
    said = head(shown)
    assert said["og:image:alt"] == title
    assert (said["og:image:width"], said["og:image:height"], said["og:image:type"]) == ("1200", "630", "image/png")
    assert shown.page.find("meta", name="twitter:card")["content"] == "summary_large_image"
    picture(site, said["og:image"].removeprefix(site.url))


def test_it_is_drawn_once_and_anew_when_it_says_something_else(site, asker, helper):
    topic = ask(asker)
    post = answer(helper, topic)
    first = card_path(site, topic)
    png = picture(site, first)
    made = site.sql_value("select made_at from topic_cards where topic_id = %s", topic.id)
    assert picture(site, first) == png
    assert site.sql_value("select made_at from topic_cards where topic_id = %s", topic.id) == made

    press(asker, topic.path, f"/p/{post}/accept")
    solved = card_path(site, topic)
    assert solved != first
    moved = site.visitor().get(first, follow=False)
    assert moved.status == 302 and moved.headers["Location"] == site.url + solved
    assert "no-store" in moved.headers["Cache-Control"]
    assert picture(site, solved) != png

    edit(asker, topic.post, title=a_title("Something quite else is the matter"), body="It was another thing altogether, sorry.")
    assert not site.sql("select 1 from topic_cards where topic_id = %s", topic.id), "nothing of an earlier title is kept"
    again = site.visitor().get(f"/t/{topic.id}-")
    assert head(again)["og:image"] not in (site.url + first, site.url + solved)


def test_both_languages_show_one_card(site, asker, helper):
    topic = ask(asker)
    press(asker, topic.path, f"/p/{answer(helper, topic)}/accept")
    assert len({head(site.visitor(language).get(topic.path))["og:image"] for language in ("en", "fr")}) == 1


def test_what_is_hidden_has_none(site, asker):
    topic = ask(asker)
    path = card_path(site, topic)
    picture(site, path)
    for state, status in (("held", 404), ("withdrawn", 410)):
        site.sql("update topics set visibility = %s where id = %s", state, topic.id)
        assert site.visitor().get(path, follow=False).status == status
        assert not site.sql("select 1 from topic_cards where topic_id = %s", topic.id)
        assert asker.get(path, follow=False).status == status, "not for its author either: it would be kept for all"
    assert site.visitor().get("/t/999999999/card/000000000000.png").status == 404


def test_while_it_cannot_be_drawn_the_brands_picture_stands_in(site, asker):
    topic = ask(asker)
    path = card_path(site, topic)
    with psycopg.connect(site.conninfo()) as held_up:
        held_up.execute("lock table topic_cards in exclusive mode")
        began = time.monotonic()
        moved = site.visitor().get(path, follow=False)
        assert moved.status == 302 and time.monotonic() - began < 5
        assert moved.headers["Location"] == site.url + "/theme/logo.svg" and "no-store" in moved.headers["Cache-Control"]
    eventually(lambda: site.visitor().get(path, follow=False).status == 200, "the card")
