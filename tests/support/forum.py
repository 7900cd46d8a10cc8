"""What people do on the forum, in one line each, for tests that are about
something else: asking, answering, planting many topics at once.

Each step presses the page's own buttons and insists that it worked.
"""

import itertools
import re
import urllib.parse

from support.waiting import until

_numbers = itertools.count(1)

BODY = "Since this morning the box restarts every ten minutes, whatever I do."


def category(site, slug="box", parent=None):
    """The category of that address, made where it is missing; its number."""
    site.sql(
        "insert into categories (slug, name_fr, name_en, parent_id) values (%s, %s, %s, %s)"
        " on conflict (slug) do nothing",
        slug, f"Rubrique {slug}", f"Subject {slug}", parent and category(site, parent),
    )
    return site.sql_value("select id from categories where slug = %s", slug)


def rest(site):
    """As if time had passed: nobody has to wait before the next post."""
    site.sql("delete from throttles where key not like 'login%%'")


class Topic:
    def __init__(self, site, path):
        self.site, self.path = site, path
        self.id = int(re.match(r"/t/(\d+)-", path)[1])

    @property
    def post(self):
        """The number of the question's own text."""
        return self.site.sql_value(
            "select id from posts where topic_id = %s and kind = 'question'", self.id)

    def row(self):
        (row,) = self.site.sql("select * from topics where id = %s", self.id)
        return row


def path_of(answer):
    """Where a redirect leads, without the host, which must be ours."""
    location = answer.headers["Location"]
    assert location.startswith(answer.response.request.url[:answer.response.request.url.index("/", 8)])
    parts = urllib.parse.urlsplit(location)
    return parts.path + (f"?{parts.query}" if parts.query else "") + (
        f"#{parts.fragment}" if parts.fragment else "")


def accepted(answer):
    """A form that was taken: 303; where it leads."""
    assert answer.status == 303, f"{answer}: {problem(answer)}"
    return path_of(answer)


def problem(answer):
    """What a refused form says."""
    alert = answer.page.find(role="alert") if answer.is_html else None
    return alert.text if alert else answer.page.title if answer.is_html else answer.text[:200]


def a_title(words="Why does my box restart again and again"):
    return f"{words} ({next(_numbers)})?"


def ask(visitor, title=None, body=None, slug="box", tags="", **fields):
    """A published question; what looks like it is passed over."""
    site = visitor.site
    rest(site)
    number = category(site, slug)
    answer = visitor.submit(
        "/ask", "/ask", follow=False, title=title or a_title(), tags=tags, category=number,
        considered="1",
        body=body or f"{BODY} {next(_numbers)}", **fields,
    )
    return Topic(site, accepted(answer))


def answer(visitor, topic, body=None, **fields):
    """The number of a published answer."""
    rest(visitor.site)
    sent = visitor.submit(
        f"/t/{topic.id}/answer", f"/t/{topic.id}/answer", follow=False,
        body=body or f"Hold the button for ten seconds, then wait. {next(_numbers)}", **fields,
    )
    return int(accepted(sent).rpartition("#p")[2])


def comment(visitor, post, body=None):
    """The number of a published comment under that post."""
    rest(visitor.site)
    sent = visitor.submit(
        f"/p/{post}/comment", f"/p/{post}/comment", follow=False,
        body=body or f"Did that help you? {next(_numbers)}",
    )
    return int(accepted(sent).rpartition("#p")[2])


def press(visitor, page, action, follow=True, **fields):
    """A button of a page: thank, accept, follow…"""
    rest(visitor.site)
    return visitor.submit(page, action, follow=follow, **fields)


def plant_topics(site, author, count, slug="box", answers=0, prefix="Planted question", first=1):
    """Many questions at once, past the forms; their numbers, oldest first."""
    number = category(site, slug)
    rows = site.sql(
        "with made as (insert into topics (category_id, top_category_id, author_id, title, excerpt,"
        "  language, created_at, active_at, last_number)"
        " select %s, %s, %s, %s || ' number ' || n, 'An excerpt.', 'en', t.at, t.at, 1"
        " from generate_series(%s::integer, %s::integer) n,"
        " lateral (select now() - interval '1 hour' + make_interval(secs => n) as at) t"
        " order by n returning id, created_at)"
        " insert into posts (topic_id, number, kind, author_id, body_md, body_html, created_at)"
        " select id, 1, 'question', %s, 'Planted.', '<p>Planted.</p>', created_at from made order by id"
        " returning topic_id",
        number, number, author.id, prefix, first, first + count - 1, author.id,
    )
    for row in rows if answers else []:
        plant_answers(site, author, row["topic_id"], answers)
    return [row["topic_id"] for row in rows]


def plant_answers(site, author, topic_id, count):
    rows = site.sql(
        "with numbered as (update topics set last_number = last_number + %s where id = %s"
        " returning last_number - %s as before)"
        " insert into posts (topic_id, number, kind, author_id, body_md, body_html, created_at)"
        " select %s, before + n, 'answer', %s, 'Planted answer ' || n,"
        " '<p>Planted answer ' || n || '</p>', now() - interval '1 hour' + make_interval(secs => n)"
        " from numbered, generate_series(1, %s) n order by n returning id",
        count, topic_id, count, topic_id, author.id, count,
    )
    return [row["id"] for row in rows]


def mails_are_due(site):
    """Notifications wait ten minutes for their reader; not here."""
    site.sql("update jobs set run_at = now() where kind = 'mail' and state = 'queued'")
    site.sql("select pg_notify('jobs', 'mail')")


def article(answer, post):
    """The article of a post on its topic's page."""
    return answer.page.find("article", id=f"p{post}")


def has_button(node, action):
    return node.find("form", action=action) is not None or node.find("button", formaction=action) is not None


def notifications(visitor):
    page = visitor.get("/notifications").page
    return [node.text for node in page.all("li", class_="notification")]


def edit(visitor, post, follow=True, **fields):
    return visitor.submit(f"/p/{post}/edit", f"/p/{post}/edit", follow=follow, **fields)


def set_status(visitor, topic, status, follow=True, **fields):
    return press(visitor, topic.path, f"/t/{topic.id}/status", follow=follow, status=status, **fields)


def eventually(condition, what, seconds=30):
    """Waits for what the worker does; the condition's value once it holds."""
    return until(condition, seconds, what)


def settle(site, *topics):
    """Waits until the worker has taken these into the index."""
    eventually(lambda: not site.sql("select 1 from search_marks where topic_id = any(%s)",
                                    [topic.id for topic in topics]), "the index")


def without_badges(site, person_id):
    """For tests that count notifications: no badge comes in between."""
    site.sql("insert into badge_awards (badge_id, person_id, taken_at) select id, %s, now() from badges", person_id)
