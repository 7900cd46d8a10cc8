"""A mirrored conversation with everything on it, planted as the worker would have left
it: the pages are looked at here, how it comes about is proved elsewhere.
"""

import base64
import json
import pathlib

from support import forum

PICTURE = "9f2c5d0a7be14c33.png"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
LONG = "https://www.facebook.com/permalink.php?story_fbid=" + "pfbid0" * 20


class Mirrored:
    def __init__(self, site, staff):
        self.site, self.sql = site, site.sql_value
        category = forum.category(site, "box-internet")
        checks = {"is_well": False, "lines": [
            {"is_well": True, "what": "The token is this Page's", "advice": "", "arguments": []},
            {"is_well": False, "what": "The app is subscribed to notices", "arguments": [LONG, f"{site.url}/hooks/facebook"],
             "advice": "The app's notices go to %s, not to %s. Run “entraide mirror subscribe” to change that."},
            {"is_well": False, "what": "It has the permissions that a mirror needs",
             "advice": "Missing for this Page: %s. Make a new token and tick these.",
             "arguments": ["pages_read_user_content, pages_manage_engagement"]}]}
        self.source = self._source("615000000000001", "Tramelune", category, json.dumps(checks))
        site.sql("update mirror_sources set state = 'paused', event_at = now() - interval '2 minutes',"
                 " usage_percent = 12, privacy_decided_at = now(), privacy_decided_by = %s, brake_at = now(),"
                 " backfill_asked_at = now() where id = %s", staff.id, self.source)
        troubled = self._source("615000000000002", "Page en panne", category, "{}")
        site.sql("update mirror_sources set state = 'stopped', state_reason = 'Error validating access token',"
                 " last_error = '(#190) Session has been invalidated', last_trace_id = 'AbCdEfGhIjK',"
                 " last_error_at = now() where id = %s", troubled)
        self.author = self.sql("insert into mirror_authors (source_id, author_key, name) values (%s, '731', 'Ana Exemple')"
                               " returning id", self.source)
        self._thread(category, staff)
        self._extras()

    def _source(self, account, name, category, health):
        return self.sql("insert into mirror_sources (connector, account, name, category_id, language, health, health_at)"
                        " values ('facebook', %s, %s, %s, 'fr', %s, now()) returning id",
                        account, name, category, health)

    def _thread(self, category, staff):
        self.topic = self.sql(
            "insert into topics (category_id, author_name, is_official, title, excerpt, language, source,"
            " mirror_source_id, source_url, last_number, created_at) values (%s, 'Tramelune', true,"
            " 'Votre box redémarre après la mise à jour ?', 'Un correctif arrive.', 'fr', 'facebook', %s, %s, 9,"
            " now() - interval '3 days') returning id", category, self.source, LONG)
        self.question = self._post(1, "question", "Un correctif arrive ce soir pour la box T3.", official=True)
        self.comment = self._post(2, "answer", "Chez moi cela redémarre **toujours**, que faire ?")
        self.hidden = self._post(3, "answer", "Moi aussi, depuis hier.")
        reply = self._post(4, "comment", "Bonjour, maintenez le bouton dix secondes.", parent=self.comment, official=True)
        self._post(5, "comment", "Merci, cela marche !", parent=self.comment, reply_to=reply)
        self.sent = self._post(6, "answer", "Le correctif est installé chez tout le monde.", author=staff.id)
        self.failed = self._post(7, "answer", "Nous rappelons les personnes concernées.", author=staff.id)
        waiting = self._post(8, "answer", "Le prochain point est à 18 heures.", author=staff.id)
        unknown = self._post(9, "answer", "Le point de 18 heures est reporté.", author=staff.id)
        item = self._item(self.question, "post", "100", is_self=True)
        self._item(self.comment, "comment", "201")
        self._item(self.hidden, "comment", "202", visibility="hidden")
        for post, state, error in ((self.sent, "sent", ""), (self.failed, "failed", "Les commentaires sont fermés."),
                                   (waiting, "queued", ""), (unknown, "unknown", "")):
            self.sql("insert into mirror_outbox (source_id, kind, item_id, post_id, state, error, trace_id)"
                     " values (%s, 'reply', %s, %s, %s, %s, 'AbCd') returning id", self.source, item, post, state, error)
        media = pathlib.Path(self.site.var / "media")
        media.mkdir(exist_ok=True)
        (media / PICTURE).write_bytes(PIXEL)
        self.site.sql("insert into mirror_media (item_id, position, kind, state, file, link, width, height) values"
                      " (%s, 0, 'photo', 'stored', %s, '', 640, 480),"
                      " (%s, 1, 'link', 'none', '', 'https://exemple.fr/aide', 0, 0)", item, PICTURE, item)

    def _post(self, number, kind, text, parent=None, reply_to=None, author=None, official=False):
        name = "Tramelune" if official else "" if author else "Client Facebook"
        return self.sql("insert into posts (topic_id, number, kind, parent_id, reply_to_id, author_id, author_name,"
                        " is_official, body_md, body_html, created_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
                        " now() - interval '2 days' + make_interval(mins => %s)) returning id", self.topic, number, kind,
                        parent, reply_to, author, name, official, text, f"<p>{text}</p>", number)

    def _item(self, post, kind, key, is_self=False, visibility="public"):
        return self.sql("insert into mirror_items (source_id, kind, key, address, root_key, author_id, is_self, body,"
                        " url, visibility, reactions, topic_id, post_id, text_at) values (%s, %s, %s, %s, '100', %s, %s,"
                        " 'texte', %s, %s, '{\"all\": 12}', %s, %s, now()) returning id", self.source, kind, key, key,
                        None if is_self else self.author, is_self, LONG, visibility, self.topic, post)

    def _extras(self):
        """Requests in each state, and a notice that nobody could read."""
        self.request = "0" * 31 + "1"
        for code, state, outcome in ((self.request, "received", ""), ("0" * 31 + "2", "done", ""),
                                     ("0" * 31 + "3", "refused", "Ce commentaire n’est pas le vôtre."),
                                     ("0" * 31 + "4", "unknown_person", "")):
            self.sql("insert into mirror_erasures (code, source_id, origin, name, contact, address, details, state,"
                     " outcome, author_id, post_id) values (%s, %s, 'form', 'Ana Exemple', 'ana@example.org', %s,"
                     " 'Je ne veux plus y figurer.', %s, %s, %s, %s) returning id", code, self.source, LONG, state,
                     outcome, self.author, self.comment)
        self.sql("insert into mirror_erasures (code, origin, scoped_id) values (%s, 'callback', '99') returning id",
                 "0" * 31 + "5")
        self.sql("insert into mirror_deliveries (connector, body, body_hash, state, error)"
                 " values ('facebook', 'x', '', 'dead', 'the body is not JSON') returning id")
