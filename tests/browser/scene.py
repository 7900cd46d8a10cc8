"""Who looks at the pages, and what they find beside the demo community: the
states that the demo has no reason to show. Made once for the whole run.

People write through the site's own forms where the text matters (so it passes
the sanitiser), and by SQL where only a state is needed.
"""

from mirrored import Mirrored
from support import articles, codes, forum

# What hostile or careless people write. It must stay text, in the frame, and
# never make the page wider than a phone.
HOSTILE_TITLE = "<script>alert('titre')</script> \"&amp;\" " + "Donaudampfschiff" * 6
HOSTILE_BODY = """\
<script>alert(1)</script><img src=x onerror=alert(1)><style>*{display:none}</style>

[un lien](javascript:alert(1)) [un autre](data:text/html,x) <javascript:alert(1)>
![une image](https://pictures.example/beacon.png) ![alt"onload="alert(1)](x.png)

""" + "Unmotsansfin" * 40 + " https://example.org/" + "chemin/" * 60 + """

> citation
> > dans une citation
> > > encore
> > > > et encore

>! ce qui est caché
>! sur deux lignes

| une | colonne | de | plus | qu’un | téléphone | ne | peut | en | montrer |
|:----|:-------:|---:|------|-------|-----------|----|------|----|---------|
| a | b | c | d | e | f | g | h | i | j |

- [ ] à faire
- [x] fait
  1. dedans
     - plus loin
       - encore plus loin
         - jusqu’où ?

```html
<p class="du code qui ne tient pas sur une ligne de téléphone et qui doit défiler dans son propre cadre">&nbsp;</p>
```

# Un titre de niveau 1
###### Un titre de niveau 6

مرحبا بالعالم — שלום עולם — 你好，世界 — ‮à l’envers‬ — Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞

***

Fin&nbsp;: **gras**, *italique*, ~~barré~~, `code`, <b>pas gras</b>, @personne, 4 < 5 && 6 > 5.
"""

QUESTION = """\
Depuis **lundi**, ma box redémarre à 3 h. J’ai essayé :

1. débrancher, attendre dix secondes ;
2. changer la prise.

> Le voyant clignote en orange.

Une idée ?"""
ANSWER = "Regardez *Système › Journal* : la ligne `S03-02` dit pourquoi. Et tenez-nous au courant !"


class Scene:
    def __init__(self, site):
        self.site = site
        self._visitors = {}
        self._reset_link = ""
        self.member = site.person(name="Claire Fontaine", language="fr", age_days=400)
        self.other = site.person(name="Émile", language="fr", age_days=900)
        self.newcomer = site.person(name="Zoé", language="fr")
        self.staff = site.person(name="Aline", language="fr", role="moderator", age_days=700)
        self.administrator = site.person(name="Odile", language="fr", role="administrator", age_days=800)
        self.reader = site.person(name="Grace", language="en", age_days=30)
        site.sql("update people set state = 'unconfirmed', email_confirmed_at = null where id = %s",
                 self.newcomer.id)
        # Who signs in in two steps, who is about to, and who wants to leave.
        self.careful = site.person(name="Prudence", language="fr", age_days=60)
        self.setting_up = site.person(name="Basile", language="fr", age_days=60)
        self.leaving = site.person(name="Perrine", language="fr", age_days=60)
        self._write()
        self._ask_for_data()
        self.mirrored = Mirrored(site, self.staff)
        self._set_states()
        self._count()
        forum.settle(site, self.question)
        self.category = forum.category(site, "box-internet")
        self.article = articles.put_article(site, "Redémarrer la box, pas à pas", language="fr", slug="box-internet",
                                            product="Box T3")
        for name, kind, state, content in (("lampes.webp", "picture", "refused", None), ("notice-" + "tres" * 18 + ".pdf", "pdf", "ready", b"%PDF")):
            site.sql("insert into attachments (article_id, kind, state, name, alt, problem, bytes, content, uploaded_at)"
                     " values (%s, %s, %s, %s, 'La box', 'not a picture that can be read', 4200000, %s, now())",
                     self.article, kind, state, name, content)
        articles.put_article(site, "Rétablir le wifi", language="fr", slug="wifi", product="Box T3")
        self._raise_alarm()
        self._notify()
        self._name_tags()
        self._put_on_the_desk()
        self._go_on_privately()
        self._invite_to_panels()
        site.sql("delete from throttles")

    def _raise_alarm(self):
        """An alert with a thread; an incident that is open, with its banner where it is quiet; the demo's past one."""
        number = self.site.sql_value
        self.theme = number("select min(id) from listening_themes")
        self.past_incident = number("select min(id) from incidents where state = 'closed'")
        self.alert = number("insert into crisis_alerts (began_at, last_at) values (now() - interval '2 hours', now())"
                            " returning id")
        self.site.sql("insert into crisis_alert_signals (alert_id, signal, key, at, hours, observed, expected, probability)"
                      " values (%s, 'questions', 0, now(), 1, 41, 8.2, 1e-9), (%s, 'words', 0, now(), 2, 12, 0.4, 1e-7)",
                      self.alert, self.alert)
        self.site.sql("insert into crisis_alert_topics (alert_id, topic_id) values (%s, %s), (%s, %s)",
                      self.alert, self.fresh, self.alert, self.waiting)
        self.incident = number(
            "insert into incidents (title, severity, category_id, is_banner_on, banner_fr, banner_en, link, topic_id, began_at)"
            " values ('Une panne', 'critical', (select id from categories where slug = %s), true,"
            " 'La télévision est coupée dans le Nord : nous y travaillons.', 'No television in the north: we are on it.',"
            " '/about', %s, now() - interval '2 hours') returning id", self.quiet_category, self.long)
        self.site.sql("insert into incident_updates (incident_id, kind) values (%s, 'opened')", self.incident)
        self.site.sql("update crisis_alerts set incident_id = %s where id = %s", self.incident, self.alert)

    def _notify(self):
        """A legal notice that was decided, and one that waits in the queue."""
        stranger, codes = self.site.visitor("fr"), []
        for number in range(2):
            sent = stranger.submit("/legal/notice", "/legal/notice", addresses=f"/t/{self.english}", faith="1",
                                   category="fraud", explanation=f"Une page de connexion contrefaite, la {number}e.")
            codes.append(sent.path.rpartition("/")[2])
        items = [self.site.sql_value("select i.id from moderation_items i join notices n on n.id = i.reference_id"
                                     " where i.kind = 'notice' and n.code = %s", code) for code in codes]
        self.notice, self.notice_item = codes[0], items[1]
        self.visitor("staff").submit(f"/mod/items/{items[0]}", f"/mod/items/{items[0]}/decide", decision="approve",
                                     note="La page est bien celle de la marque.")
        self.visitor("administrator").submit("/admin/transparency?year=2026", "/admin/transparency", do="publish")

    def _put_on_the_desk(self):
        """Questions as the worker makes them, with notes, an act and a template."""
        # Open, and nobody's incident: the worker would take it off the desk again.
        self.worked = self.site.sql_value(
            "select id from topics t where answer_count > 0 and not is_solved and status = 'open' and stage = ''"
            " and visibility = 'visible' and not exists (select from incidents i where i.topic_id = t.id)"
            " order by answer_count desc, id limit 1")
        for topic in (self.worked, self.hostile.id, self.fresh):
            self.site.sql("insert into desk_questions (topic_id, stage, category_id, top_category_id, asked_at, order_at)"
                          " select id, 'answered', category_id, top_category_id, created_at, created_at from topics"
                          " where id = %s on conflict (topic_id) do update set stage = 'answered'", topic)
        staff = self.visitor("staff")
        made = staff.submit("/desk/templates/new", "/desk/templates/new", do="save", language="fr", scope="all",
                            title="Ce qu’il nous faut pour vous aider",
                            body=f"Bonjour {{customer}},\n\nVoyez {{link:{self.article}}}.\n\n{{me}}")
        self.template = made.path.rpartition("/")[2]
        for words in ("Vu avec l’atelier : pièce commandée.", "mot " * 45):
            page = staff.get(f"/desk/{self.worked}").page
            form = next(form for form in page.forms if form.fields.get("do") == "note")
            staff.post(form.action, {**form.fields, "note": words})
        form = next(form for form in page.forms if form.fields.get("do") == "escalate")
        staff.post(form.action, {**form.fields, "to": "level-2", "hours": "24", "reason": "Matériel"})

    def _go_on_privately(self):
        """The member with the team: one that is open, with hostile words, and one that is closed."""
        made = ("insert into private_exchanges (topic_id, person_id, in_charge, started_by, started_at, said_at, state,"
                " closed_at, closing_reason) values (%s, %s, %s, %s, now() - interval '3 hours', now(), {}) returning id")
        number, staff = self.site.sql_value, self.staff.id
        self.private = number(made.format("'open', null, ''"), self.long, self.member.id, staff, staff)
        self.closed_private = number(made.format("'closed', now(), 'Cela ne regarde qu’un compte.'"),
                                     self.waiting, self.member.id, staff, staff)
        for writer, is_team, words in ((staff, True, "<p>Quel est votre <strong>numéro de client</strong> ?</p>"),
                                       (self.member.id, False, "<p>" + "interminable" * 30 + "</p><pre><code>"
                                        + "0123456789" * 30 + "</code></pre>")):
            self.site.sql("insert into private_messages (exchange_id, author_id, is_from_team, body_md, body_html, created_at)"
                          " values (%s, %s, %s, 'x', %s, now() - interval '1 hour')", self.private, writer, is_team, words)
        # Files of the member's message, in every state.
        for name, kind, state, content in (("box-allumee.webp", "picture", "refused", None), ("releve.pdf", "pdf", "ready", b"%PDF"),
                                           ("interminable" * 6 + ".txt", "text", "ready", b"x" * 120_000)):
            self.site.sql("insert into attachments (message_id, owner_id, kind, state, name, problem, bytes, content, uploaded_at)"
                          " select max(id), %s, %s, %s, %s, 'not a picture that can be read', 120000, %s, now() from private_messages"
                          " where exchange_id = %s", self.member.id, kind, state, name, content, self.private)

    def _invite_to_panels(self):
        """A panel that the member is in, one that waits for an answer, and one that is closed."""
        made = ("insert into panels (title, purpose_md, purpose_html, is_anonymous, least_trust, months, is_open, closed_at)"
                " values (%s, 'Essayer, puis dire.', '<p>Essayer, puis <strong>dire</strong>.</p>', {}, 0, 6, {}, {}) returning id")
        number = self.site.sql_value
        self.panel = number(made.format("true", "true", "null"), "Goûteurs de la Box T3")
        self.asked_panel = number(made.format("false", "true", "null"), "Un titre " + "interminable " * 8)
        closed = number(made.format("true", "false", "now()"), "Pilote de la télécommande")
        why = ('{"trust":2,"rank_fr":"Voix active","rank_en":"Active voice","posts":12,"months":6,"category_fr":"Box internet",'
               '"category_en":"Internet box","badge_fr":"Première question","badge_en":"First question"}')
        for panel, person, state in ((self.panel, self.member, "joined"), (self.asked_panel, self.member, "invited"),
                                     (closed, self.member, "left"), (self.panel, self.other, "declined"),
                                     (self.panel, self.newcomer, "invited")):
            self.site.sql("insert into panel_members (panel_id, person_id, state, why, answered_at)"
                          " values (%s, %s, %s, %s::jsonb, case when %s <> 'invited' then now() end)",
                          panel, person.id, state, why, state)

        text = ("one *: Une longue question, avec beaucoup de mots pour voir ? | Oui | " + "Non " * 15
                + "\nseveral: Où ? | Salon | Cuisine\nscale: Alors ? | Bof | Super\nnumber: Combien ?\ntext: Autre chose ?")
        asked = ("insert into questionnaires (panel_id, title, text, opens_at, closes_at) values (%s, %s, %s,"
                 " now() - interval '3 days', now() + interval '{} day') returning id")
        self.questionnaire = number(asked.format("2"), self.panel, "Après une semaine", text)
        self.closed_questionnaire = number(asked.format("-1"), self.panel, "Avant de commencer", text)
        for n in range(1, 7):
            answer = number("insert into questionnaire_answers (questionnaire_id) values (%s) returning id", self.questionnaire)
            self.site.sql("insert into questionnaire_values (answer_id, question, choices, number, words) values"
                          " (%s, 1, array[1 + %s %% 2]::smallint[], null, null), (%s, 2, '{1,2}', null, null),"
                          " (%s, 3, array[1 + %s %% 5]::smallint[], null, null), (%s, 4, null, %s, null),"
                          " (%s, 5, null, null, %s)", answer, n, answer, answer, n, answer, n * 3, answer, "mot " * 60)

    def _name_tags(self):
        """A tag with all that one can have, one that was merged into it, a word that may not be one."""
        sql = self.site.sql
        self.tag = self.site.sql_value(
            "update tags set is_restricted = true, description_fr = 'La box T3, depuis 2021.',"
            " description_en = 'The T3 box, since 2021.' where name = 'box-t3' returning id")
        self.merged_tag = self.site.sql_value(
            "insert into tags (name, merged_into) values ('boite-t3', %s) returning id", self.tag)
        sql("insert into tag_words (word, kind, tag_id) values ('t3', 'synonym', %s), ('box-trois', 'earlier', %s)",
            self.tag, self.tag)
        sql("insert into tag_words (word, kind) values ('divers', 'forbidden')")
        for state in ("running", "done"):
            sql("insert into tag_changes (kind, tag_id, other_id, from_name, to_name, reason, asked_by, state, total,"
                " done) values ('merge', %s, %s, 'boite-t3', 'box-t3', 'La même chose', %s, %s, 4200, 2100)",
                self.merged_tag, self.tag, self.administrator.id, state)

    # ---- people -----------------------------------------------------------

    def visitor(self, name):
        """support.visitor.Visitor of that person, signed in once for the run."""
        if name not in self._visitors:
            self._visitors[name] = self.site.member(getattr(self, name), language="fr")
        return self._visitors[name]

    def become(self, browser, name, language="fr"):
        """Into the browser goes that person's session; 'visitor' has none."""
        browser.forget()
        browser.speak(language)
        if name != "visitor":
            self.site.sql("update people set language = %s where id = %s", language, getattr(self, name).id)
            browser.take_cookies(self.visitor(name))

    # ---- content ----------------------------------------------------------

    def _write(self):
        member, other, staff = (self.visitor(name) for name in ("member", "other", "staff"))
        self.question = forum.ask(member, "Pourquoi ma box redémarre-t-elle chaque nuit ?", QUESTION,
                                  slug="box-internet", tags="box-t3, panne")
        self.answer = forum.answer(
            other, self.question, f"Bonjour @{self._handle(self.member)} ! {ANSWER}")
        self.comment = forum.comment(member, self.answer, "Merci, je regarde **ce soir**.")
        forum.comment(other, self.question.post, "Quel modèle de box ?")
        forum.press(member, self.question.path, f"/p/{self.answer}/accept")
        self.hostile = forum.ask(other, HOSTILE_TITLE, HOSTILE_BODY, slug="wifi",
                                 tags="c++, été-2026, 日本語, x, " + "l" * 35)
        forum.answer(staff, self.hostile, HOSTILE_BODY)
        self.own = forum.ask(other, "Puis-je garder mon numéro en changeant de ville ?", QUESTION, slug="portabilite")
        self.own_answer = forum.answer(member, self.own, "Oui, si le **département** reste le même.")
        forum.press(other, self.own.path, f"/p/{self.own_answer}/thank")
        self._edit(member, self.own_answer)
        self._draft(member)
        forum.press(staff, self.own.path, f"/t/{self.own.id}/me-too")

    def _handle(self, person):
        return self.site.sql_value("select handle from people where id = %s", person.id)

    def _edit(self, visitor, post):
        forum.rest(self.site)
        visitor.submit(f"/p/{post}/edit", f"/p/{post}/edit", reason="Précision sur la date",
                       body="Oui, si la **zone** reste la même.\n\nSinon, il change le jour du déménagement.")

    def _draft(self, visitor):
        visitor.submit("/ask", "/ask", title="Une question à finir", body="Pas encore prête, mais presque.",
                       save_draft="1")
        visitor.submit(f"/t/{self.question.id}/answer", f"/t/{self.question.id}/answer",
                       body="Ce que j’ajouterais", save_draft="1")

    def _set_states(self):
        """One question in each state; the demo has them, or they are made here."""
        sql, number = self.site.sql, self.number
        self.long = number("select id from topics where answer_count > 20 and visibility = 'visible' order by id limit 1")
        self.idea = number("select id from topics where stage = 'planned' and visibility = 'visible'")
        self.polled = number("select topic_id from polls where closes_at > now() order by id limit 1")
        self.solved = number("select id from topics where visibility = 'visible' and accepted_count > 0 and answer_count between 1 and 20"
                             " and author_id not in (%s, %s) order by id limit 1", self.member.id, self.other.id)
        self.fresh = number("select id from topics where answer_count = 0 and status = 'open' and visibility = 'visible'"
                            " order by id limit 1")
        self.english = number("select id from topics where language = 'en' and visibility = 'visible' order by id limit 1")
        self.duplicate = number("select id from topics where status = 'duplicate' and visibility = 'visible' order by id limit 1")
        self.closed = number("select id from topics where status = 'closed' and visibility = 'visible' order by id limit 1")
        self.waiting = number("select id from topics where status = 'needs_information' and visibility = 'visible' order by id limit 1")
        self.busy_post = number("select parent_id from posts where kind = 'comment' group by 1"
                                " order by count(*) desc, 1 limit 1")
        self.quiet_category = number("select slug from categories c where not exists (select from topics t"
                                     " where t.category_id = c.id and t.answer_count = 0) order by id limit 1")
        gone = forum.plant_topics(self.site, self.other, 2, "wifi", prefix="Retirée")
        sql("update topics set visibility = 'withdrawn' where id = any(%s)", gone)
        sql("update posts set visibility = 'withdrawn', withdrawn_by = %s, withdrawn_at = now()"
            " where topic_id = any(%s)", self.other.id, gone)
        self.withdrawn = gone[0]
        imported = forum.plant_topics(self.site, self.other, 1, "wifi", answers=2, prefix="Imported from elsewhere")
        sql("update posts set source_url = 'https://history.example/q/1', source_licence = 'CC BY-SA 4.0',"
            " author_id = null, author_name = 'user 12' where topic_id = %s", imported[0])
        self.imported = imported[0]

    def _ask_for_data(self):
        """Two-step sign-in that is set up, a copy that is ready, an account that ends soon."""
        self.careful_secret, self.careful_codes = codes.set_up(self.visitor("careful"))
        self.visitor("setting_up").submit("/settings/security", "/settings/security/begin")
        leaving = self.visitor("leaving")
        leaving.submit("/settings/privacy", "/settings/privacy/export")
        leaving.submit("/settings/privacy", "/settings/privacy/erase")
        self.site.sql("update person_exports set ready_at = now(), expires_at = now() + interval '7 days',"
                      " archive = coalesce(archive, 'zip') where person_id = %s", self.leaving.id)
        self.site.sql("insert into retention_log (class, deleted) values ('visits', 1234), ('exports', 1)")

    def _count(self):
        """Thirteen weeks of what /admin/search shows."""
        sql, today = self.site.sql, "(now() at time zone 'utc')::date"
        sql(f"insert into deflection_days select {today} - 7 * n, 40 - n, 30 - n, 22 - n, 14 - n, 4, 15, 9, 5"
            " from generate_series(0, 12) n on conflict (day) do nothing")
        sql(f"insert into search_days select {today} - 7 * n, 300 - 9 * n, 21 - n from generate_series(0, 12) n"
            " on conflict (day) do nothing")
        sql(f"insert into search_word_days values ({today}, 'demenag fibr', 'déménager avec la fibre', 7),"
            f" ({today} - 9, 'esim montr', 'esim pour une montre', 3) on conflict do nothing")
        sql(f"insert into search_position_days select {today}, n, 130 / n from generate_series(1, 20) n"
            " on conflict (day, position) do nothing")
        sql("insert into deflection_views (id, is_shown, is_opened, asked_topic_id) values (repeat('s', 43), true, true, %s)",
            self.own.id)
        sql("insert into deflection_hits (view_id, topic_id, position) values (repeat('s', 43), %s, 1)",
            self.question.id)

    def prepare(self, kind):
        """Nobody has to wait, but who is about to be told so."""
        self.site.sql("delete from throttles")
        self.site.sql("update sessions set checked_at = now()")
        if kind.name == "throttled":
            self.site.sql("insert into throttles (key, attempts, ends_at)"
                          " values (%s, 9, now() + interval '40 seconds')", f"post-gap:{self.member.id}")

    def grow_old(self, name):
        """The last time that the password was asked for is long ago."""
        self.site.sql("update sessions set checked_at = now() - interval '1 hour' where person_id = %s",
                      getattr(self, name).id)

    # ---- addresses --------------------------------------------------------

    def next_page(self, path):
        (link,) = [node for node in self.site.visitor("fr").get(path).page.all("a") if node.get("rel") == "next"]
        return link["href"]

    def reset_link(self):
        """From a mail; good until a password was set by it."""
        if not self._reset_link:
            self.site.visitor("fr").submit("/reset", "/reset", email=self.other.email)
            self._reset_link = self.site.wait_mail(self.other.email).link("/reset/password")
        return self._reset_link

    def number(self, query, *parameters):
        found = self.site.sql(query, *parameters)
        assert found, f"the demo community has nothing for: {query}"
        (value,) = found[0].values()
        return value
