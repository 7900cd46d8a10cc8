"""A question with everything on it, the site map, and what a form could change:
for the tests that send forms which must be refused.
"""

import datetime
import hashlib
import pathlib
import re
import socket

from support.articles import put_article
from support.forum import BODY, a_title, answer, ask, category, comment, plant_topics

ROOT = pathlib.Path(__file__).resolve().parents[2]

ROW = re.compile(r'\{ HTTP_(\w+),\s+"([^"]+)",\s+ACCESS_(\w+),\s+GUARD_(\w+),')


def routes():
    """(method, pattern, access, guard) of each row."""
    rows = ROW.findall((ROOT / "src/web/routes.c").read_text())
    assert len(rows) > 40, "the table in routes.c was not understood"
    return rows


POSTS = [row for row in routes() if row[0] == "POST"]
READS = sorted({row[1] for row in routes() if row[0] == "GET"})
WRITES = sorted({row[1] for row in POSTS})


def incident(site, thread):
    """The numbers of an alert and of a closed incident, whose thread the question is."""
    alert = site.sql_value("insert into crisis_alerts (began_at, last_at, ended_at) values (now(), now(), now())"
                           " returning id")
    number = site.sql_value("insert into incidents (title, severity, banner_fr, banner_en, topic_id, state, began_at,"
                            " closed_at) values ('Forged', 'warning', 'Forgé', 'Forged', %s, 'closed',"
                            " now() - interval '3 hours', now()) on conflict (topic_id) do update set title = 'Forged'"
                            " returning id", thread)
    return alert, number


def listened(site, topic):
    """The number of a text that waits for a label, in a sample of its own."""
    sample = site.sql_value("insert into listening_samples (week, seed) values ((select coalesce(min(week), date '2020-01-06')"
                            " from listening_samples) - 7, 1) returning id")
    return site.sql_value("insert into listening_texts (sample_id, post_id, source_id, theme_id, probability, is_double)"
                          " values (%s, %s, 0, 0, 1, false) returning id", sample, topic.post)


class World:
    """A question with an answer and a comment, and an administrator whose every form
    would be accepted: so that a forged one that got through would show."""

    def __init__(self, site, address=None):
        self.site = site
        self.person = site.person(role="administrator")
        self.visitor = site.member(self.person, address=address)
        self.other = site.member(role="moderator")
        self.asker = site.member()
        self.topic = ask(self.asker)
        self.answer = answer(self.other, self.topic)
        self.comment = comment(self.other, self.topic.post)
        self.hidden = answer(self.other, self.topic)
        site.sql("update posts set visibility = 'withdrawn' where id = %s", self.hidden)
        # The worker does it too, a moment later.
        site.sql("insert into desk_questions (topic_id, stage, category_id, top_category_id, asked_at, order_at)"
                 " select id, 'answered', category_id, top_category_id, created_at, created_at from topics where id = %s"
                 " on conflict do nothing", self.topic.id)
        self.template = site.sql_value("insert into desk_templates (language, title, body_md) values ('en', 'Forged', 'Hello')"
                                       " returning id")
        # One to be closed, one for what needs an open one.
        self.closing, self.panel = (site.sql_value(
            "insert into panels (title, purpose_md, purpose_html, is_anonymous, least_trust, months)"
            " values ('Forged', 'x', 'x', false, 0, 0) returning id") for _ in range(2))
        site.sql("insert into panel_members (panel_id, person_id, why) values (%s, %s, '{}')", self.panel, self.person.id)
        # There is room for twenty: what earlier forms made goes.
        site.sql("delete from listening_themes where name like 'Forged %%'")
        self.theme = site.sql_value("insert into listening_themes (name, words) values ('Forged', 'zyxomma')"
                                    " on conflict (lower(name)) do update set words = 'zyxomma' returning id")
        # The second panel is one that the person is in.
        site.sql("update panel_members set state = 'joined', answered_at = now() where panel_id = %s", self.panel)
        self.questionnaire = site.sql_value(
            "insert into questionnaires (panel_id, title, text, opens_at, closes_at) values (%s, 'Forged',"
            " 'text: What?', now() - interval '1 day', now() + interval '1 day') returning id", self.panel)
        self.listened = listened(site, self.topic)
        self.alert, self.incident = incident(site, plant_topics(site, self.person, 1, prefix="Forged thread")[0])
        self.private = site.sql_value("insert into private_exchanges (topic_id, person_id, in_charge, started_at, said_at)"
                                      " select id, author_id, %s, now(), now() from topics where id = %s returning id",
                                      self.person.id, self.topic.id)
        self.category = category(site, f"forged-{self.topic.id}")
        self.article = put_article(site, a_title(), slug=f"forged-{self.topic.id}", owner=self.person.id)
        self.tag = site.sql_value("insert into tags (name) values (%s) returning id", f"forged-{self.topic.id}")
        # The team leaves an asker three days to accept.
        site.sql("update posts set created_at = created_at - interval '4 days' where id = %s", self.answer)

    def path(self, pattern):
        number = self.topic.id if pattern.startswith(("/t/", "/desk/")) else self.answer
        if pattern in ("/admin/members/:id", "/mod/people/:id/measures", "/mod/removal/:id", "/u/:id/trust"):
            number = self.asker.person.id
        if pattern == "/desk/templates/:id":
            number = self.template
        if pattern.startswith(("/desk/panels/", "/panels/")):
            panel = self.closing if pattern == "/desk/panels/:id" else self.panel
            return pattern.replace(":id", str(self.questionnaire if "/questions/" in pattern else panel))
        if pattern == "/desk/listening/themes/:id":
            number = self.theme
        if pattern.startswith("/private/:id"):
            number = self.private
        if pattern == "/theme/:slug":
            # Any other name below is a file, which nginx looks for.
            return pattern.replace(":slug", "0123456789abcdef.css")
        if pattern == "/badges/:slug":
            return pattern.replace(":slug", "premiere-question")
        if pattern.endswith("/restore"):
            number = self.hidden
        if pattern.endswith("/edit"):
            number = self.topic.post
        if pattern.startswith("/kb/"):
            return pattern.replace("/work/:id/:slug", "/work/:id/1").replace(":id", str(self.article))
        if pattern.startswith("/admin/settings/"):
            return pattern.replace(":slug", "writing")
        if pattern == "/admin/categories/:id":
            number = self.category
        if pattern == "/admin/mails/:slug":
            return pattern.replace(":slug", "mirror-subscription-fr")
        if pattern.startswith("/desk/incidents/"):
            return pattern.replace(":slug", "hours.csv").replace(":id", str(self.incident))
        if pattern.startswith("/desk/alerts/"):
            return pattern.replace(":id", str(self.alert))
        if pattern == "/admin/tags/:id":
            number = self.tag
        if pattern.startswith("/admin/texts/"):
            return pattern.replace(":slug", "legal").replace(":id", "1")
        return pattern.replace(":id", str(number))

    def fields(self, pattern):
        """What makes that form a valid one, but for the token."""
        texts = {"title": a_title(), "body": f"{BODY} {a_title()}", "category": str(category(self.site)),
                 "key": hashlib.sha256(a_title().encode()).hexdigest()[:43] + "-test"}
        known = {
            "/language": {"language": "fr"},
            "/ask": {"considered": "1", **texts},
            "/ask/similar": texts, "/ask/opened": {"topic": str(self.topic.id), "view": "A" * 43},
            "/ask/solved": {"topic": str(self.topic.id), **texts},
            "/ask/me-too": {"topic": str(self.topic.id), **texts},
            "/search/opened": {"position": "1"},
            "/kb/:id/helpful": {"on": "1"},
            "/t/:id/article": {"key": texts["key"]},
            "/kb/work/new": {"do": "save", "language": "en", "summary": "", "product": "", "reason": "", **texts},
            "/kb/work/:id": {"do": "save", "follows": "1", "summary": "", "product": "", "reason": "", **texts},
            "/kb/files/:id": {"alt": "Forged", **texts},
            "/t/:id/answer": texts, "/p/:id/comment": texts,
            "/p/:id/edit": {**texts, "revision": "0"},
            "/t/:id/status": {"status": "closed", **texts},
            "/t/:id/poll": {"question": "Forged", "choices": "One\nTwo", "closes": "2099-01-01", "shows": "always", **texts},
            "/t/:id/poll/remove": {"reason": "Forged", **texts},
            "/t/:id/vote": {"choice": "1", **texts},
            "/t/:id/stage": {"stage": "planned", "reason": "Forged", **texts},
            "/t/:id/acts": {"do": "lock", "on": "1", **texts},
            "/follow": {"kind": "topic", "id": str(self.topic.id), "on": "1"},
            "/preview": texts,
            "/drafts": {"place": "ask", **texts},
            "/check": {"check_password": self.person.password},
            "/settings/security/passkeys": {"name": "Forged", "client_data": "AAAA", "attestation": "AAAA", **texts},
            "/passkey/options": {"for": "new", **texts},
            "/login": {"email": self.person.email, "password": self.person.password},
            "/signup": {"name": "Forged By Somebody", "email": "forged@example.org", "consent": "1",
                        "password": "a forged sentence", "key": texts["key"]},
            "/reset": {"email": self.person.email},
            "/settings/profile": {"bio": f"Forged {a_title()}", "language": "fr"},
            "/settings/email": {"email": "forged@example.org", "password": self.person.password},
            "/admin/synonyms": {"version": "0", "french": "forgé, façonné", **texts},
            "/admin/settings/:slug": {"follows": "999999999", "writing.edit_hours": "31", **texts,
                                      "writing.edit_hours_trusted": "720", "writing.staff_accept_hours": "72"},
            "/admin/jobs": {"do": "retry", "job": "0", **texts},
            "/admin/members/:id": {"role": "advisor", "reason": "Forged", **texts},
            "/admin/brand": {"follows": "999999999", "brand.name": "Forged", "do": "save", **texts},
            "/admin/sign-up": {"follows": "999999999", "sign_up.range_from": "6", "sign_up.block_removed": "on", **texts},
            "/admin/sign-up/kept": {"do": "add", "address": "forged-block@example.net", "block_reason": "Forged", **texts},
            **{path: {"name_fr": "Forgée", "name_en": "Forged", "slug": f"forged-{texts['key'][:12].lower()}",
                      "position": "1", **texts}
               for path in ("/admin/categories/new", "/admin/categories/:id")},
            "/admin/desk": {"do": "team", "name": f"Forged {a_title()}"[:60], "level": "2", **texts},
            "/admin/tags/:id": {"do": "save", "description_en": f"Forged {a_title()}", **texts},
            "/admin/tags/forbidden": {"do": "forbid", "word": f"forged-{texts['key'][:12].lower()}",
                                      "reason": "Forged", **texts},
            "/admin/texts": {"name": f"forged-{texts['key'][:8]}", **{k: v for k, v in texts.items() if k == "key"}},
            "/admin/texts/:slug": {"follows": "0", "publication": "0", "title_fr": "Forgé", "body_fr": "Forgé",
                                   "do": "save", **texts},
            "/admin/mails/:slug": {"follows": "0", "subject": "Forged", "do": "save", **texts},
            "/charter/agree": {"agree": "0", **texts},
            "/admin/undo": {"change": "999999", **texts},
            "/admin/holding": {"do": "on", "rule": "999999", **texts},
            "/admin/holding/new": {"kind": "fill_time", "act": "mark", "name": "Forged", "number": "1", **texts},
            "/admin/holding/:id": {"kind": "fill_time", "act": "mark", "name": "Forged", "number": "1", **texts},
            "/admin/ranks": {"ladder": "points: replies 1\nUn | One | 0", "follows": "999999", **texts},
            "/p/:id/flag": {"reason": "spam", **texts},
            "/private/:id": {"do": "close_silently", "reason": "Forged", **texts},
            "/private/:id/message": texts,
            "/desk/:id/claim": {"on": "1", **texts},
            "/desk/filters": {"show": "mine", "name": "Forged", **texts},
            "/desk/:id": {"do": "note", "note": f"Forged {a_title()}", **texts},
            **{path: {"do": "save", "language": "en", "scope": "all", "version": "1", **texts}
               for path in ("/desk/templates/new", "/desk/templates/:id")},
            "/desk/listening/label": {"label": "negative", "text": str(self.listened), **texts},
            **{path: {"do": "save", "name": f"Forged {a_title()}"[:60], "words": "zyxomma", **texts}
               for path in ("/desk/listening/themes/new", "/desk/listening/themes/:id")},
            "/desk/incidents/new": {**texts, "title": f"Forged {a_title()}", "body": "Forged, and long enough",
                                    "banner_fr": "Forgé", "banner_en": "Forged"},
            "/desk/incidents/:id": {"do": "reopen", **texts},
            **{path: {"version": "1", "trust": "1", "months": "6", **texts}
               for path in ("/desk/panels/new", "/desk/panels/:id/edit")},
            "/desk/panels/:id": {"do": "close", **texts},
            "/desk/panels/:id/people": {f"p-{self.asker.person.id}": "1", **texts},
            "/panels/:id": {"answer": "yes", **texts},
            **{path: {"version": "1", "text": "text: What?", "opens": datetime.date.today().isoformat(),
                      "closes": (datetime.date.today() + datetime.timedelta(days=9)).isoformat(), **texts}
               for path in ("/desk/panels/:id/questions", "/desk/panels/questions/:id/edit")},
            "/panels/questions/:id": {"q-1": "Forged", **texts},
            "/mod/batch": {"decision": "ignore", "reason": "spam", "item": "999999", **texts},
            "/mod/items/:id/decide": {"decision": "ignore", "reason": "spam", **texts},
            "/mod/people/:id/measures": {"kind": "note", "reason": "other", "measure_reason": "Forged", **texts},
            "/mod/measures/:id/end": {"person": "1", "end_reason": "Forged", **texts},
            "/mod/removal/:id": {"reason": "Forged reason", **texts},
            "/u/:id/trust": {"level": "1", "reason": "Forged reason", **texts},
            "/p/:id/there": {"do": "hide", **texts},
            "/mirror/outbox/:id": {"do": "retry", **texts},
            "/p/:id/claim": {"member": "nobody", **texts},
            "/legal/notice": {**texts, "addresses": f"/p/{self.answer}", "category": "other", "faith": "1",
                              "explanation": "Forged, and long enough to be taken"},
            "/legal/notice/:slug/complaint": {"text": "Forged, and long enough", **texts},
            "/admin/transparency": {"do": "publish", "year": "2020", **texts},
            "/mod/notices": {"do": "hear", "id": "999999", **texts},
            "/erasure": {"address": f"/p/{self.answer}", "name": "Forged", **texts},
            "/admin/erasures": {"do": "refuse", "request": "999999", "reason": "Forged reason", **texts},
            "/admin/mirror/new": {**texts, "connector": "facebook", "account": "4711", "name": "Forged",
                                  "language": "fr"},
            "/admin/mirror/deliveries": {"do": "retry", "delivery": "0", **texts},
            "/admin/mirror/:id": {"do": "pause", **texts},
            "/settings/password": {"password": self.person.password, "new_password": "forged password"},
        }
        return known.get(pattern, {"on": "1", "token": "A" * 43, **texts})

    def token(self, visitor=None):
        return (visitor or self.visitor).get("/ask").page.form("/ask").fields["csrf"]


TRUTH = ("people", "sessions", "mail_tokens", "topics", "topic_tags", "posts", "revisions", "thanks", "me_too",
         "follows", "drafts", "notifications", "audit_log", "form_keys", "synonym_lists", "mirror_sources",
         "site_settings", "site_setting_changes", "sign_up_blocks", "brand_logos", "category_changes", "page_texts", "page_text_versions",
         "page_text_publications", "consents", "mail_text_changes",
         "moderation_items", "moderation_cases", "flags", "measures", "complaints", "topic_acts", "polls", "poll_choices", "poll_votes", "holding_rules",
         "rank_ladders", "badges", "experts", "removals", "article_proposals", "person_exports", "person_erasures",
         "transparency_reports", "transparency_figures", "notices", "notice_targets", "notice_complaints", "notifier_measures", "mirror_erasures", "mirror_outbox", "mirror_authors", "second_factors", "recovery_codes", "passkeys",
         "passkey_challenges", "incidents", "incident_updates", "panels", "panel_members", "questionnaires", "questionnaire_answers", "questionnaire_values",
         "listening_themes", "listening_labels", "private_messages", "attachments")


# What the worker works out or notes by itself, at any moment, is no form's doing.
WORKED_OUT = {
    "mirror_sources": "(select id, name, category_id, language, show_authors, index_comments, privacy_decided_at,"
                      " backfill_asked_at from mirror_sources)",
    "people": "(select to_jsonb(p) - array['trust_level', 'trust_changed_at', 'days_visited', 'rank_position',"
              " 'rank_points', 'rank_fr', 'rank_en'] from people p)",
    "questionnaires": "(select to_jsonb(q) - 'told_at' from questionnaires q)",
    "notifications": "(select * from notifications where kind not in"
                     " ('level', 'rank', 'badge', 'article', 'panel', 'panel_questions', 'desk_warning', 'desk_late'))",
}


def state(site):
    """A line for each table that a form could have changed."""
    parts = [f"'{table}=' || (select coalesce(md5(string_agg(t::text, '' order by t::text)), '')"
             f" from {WORKED_OUT.get(table, table)} t)" for table in TRUTH]
    return site.sql_value("select concat_ws(E'\\n', " + ", ".join(parts) + ")")


def raw(site, request, seconds=5):
    with socket.create_connection(("127.0.0.1", site.port), timeout=seconds) as connection:
        connection.sendall(request)
        parts = []
        try:
            while part := connection.recv(65536):
                parts.append(part)
        except (TimeoutError, ConnectionResetError):
            pass
    return b"".join(parts)
