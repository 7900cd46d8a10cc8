"""/admin/mails: what each mail says, in each language: the words of administrators are in the
next mail that goes out, or are refused with the reason."""

import itertools

import pytest

from support.forum import problem, rest

PAGE = "/admin/mails"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def administrator(site):
    return site.member(role="administrator", address="127.0.0.1")


@pytest.fixture
def clean(site, administrator):
    """Afterwards each mail says again what it said."""
    rest(site)
    yield
    for row in site.sql("select distinct on (name, language) name, language, subject from mail_text_changes"
                        " order by name, language, id desc"):
        if row["subject"] is not None:
            press(administrator, f"{row['name']}-{row['language']}", "default")


def write(visitor, mail, do="save", page=None, **fields):
    path = f"{PAGE}/{mail}"
    words = {"subject": "A new password for {name}", "body": "Dear friend of {brand},\n\n{link}"}
    return visitor.submit(page or path, path, **{**words, "do": do, **fields})


def press(visitor, mail, button, page=None):
    """A form without words: undo, back to the default."""
    path = f"{PAGE}/{mail}"
    shown = page or visitor.get(path)
    form = next(form for form in shown.page.forms if form.action == path and form.fields.get("do") == button)
    return visitor.post(path, form.fields)


def reset_mail(site, language):
    """What somebody gets who has forgotten the password."""
    rest(site)
    person = site.person(language=language)
    assert site.visitor().submit("/reset", "/reset", email=person.email).status == 200
    return site.wait_mail(person.email), person


def changes(site, mail):
    name, language = mail.rsplit("-", 1)
    return site.sql("select * from mail_text_changes where name = %s and language = %s order by id desc", name, language)


# ---- what goes out ------------------------------------------------------------------------


def test_own_words_are_in_the_next_mail_of_that_language_and_no_other(site, administrator, clean):
    before, _ = reset_mail(site, "fr")
    saved = write(administrator, "reset-fr", subject="Mot de passe de {name}",
                  body="Cher {name}, {{voici}} :\r\n\r\n{link}\r\n\r\nL’équipe de {brand}", reason="Plus chaleureux")
    assert saved.status == 200 and saved.path == f"{PAGE}/reset-fr" and "next mail" in saved.page.text, problem(saved)
    mail, person = reset_mail(site, "fr")
    assert mail.subject == f"Mot de passe de {person.name}"
    assert f"Bonjour {person.name},\n\nCher {person.name}, {{voici}} :\n\nChoisissez un nouveau mot de passe:\n" in mail.text.replace("\r\n", "\n")
    assert mail.link("/reset/password?token=") in mail.html and "L’équipe de" in mail.html
    assert "<h1" in mail.html and f"Mot de passe de {person.name}" in mail.html
    opened = site.visitor().get(mail.link("/reset/password?token="))
    assert opened.status == 200 and opened.page.form("/reset/password")
    english, _ = reset_mail(site, "en")
    assert english.subject == "Choose a new password" and "asked for a new password" in english.text
    press(administrator, "reset-fr", "undo")
    again, _ = reset_mail(site, "fr")
    assert again.subject == before.subject == "Choisissez un nouveau mot de passe"


def test_a_notification_has_its_own_words_within_the_frame(site, administrator, clean):
    from support.forum import answer, ask
    write(administrator, "notification-answer-en", subject="{actor} wrote", body="News about {title}: {link}\n\n{excerpt}")
    asker, helper = site.member(age_days=5), site.member(age_days=5)
    topic = ask(asker)
    answer(helper, topic)
    site.sql("update jobs set run_at = now() where kind = 'mail'")
    mail = site.wait_mail(asker.person.email)
    assert mail.subject == f"{helper.person.name} wrote"
    assert f"News about {topic.row()['title']}: {site.url}" in mail.text
    assert "No more mails like this" in mail.text and "You get this mail because" in mail.text
    assert 'href="' + mail.link("/p/") in mail.html


def test_a_value_adds_no_header_and_no_place(site, administrator, clean):
    """A name is put in as it is; what it says is no placeholder."""
    person = site.person(name="{link} {{x}}")
    write(administrator, "reset-en", subject="For {name}")
    assert site.visitor().submit("/reset", "/reset", email=person.email).status == 200
    mail = site.wait_mail(person.email)
    assert mail.subject == "For {link} {{x}}" and mail.message["Bcc"] is None


def test_words_of_another_release_give_way_to_the_default_and_the_pages_say_so(site, administrator, clean):
    site.sql("insert into mail_text_changes (name, language, subject, body) values ('reset', 'en', 'Old', '{gone} {link}')")
    mail, _ = reset_mail(site, "en")
    assert mail.subject == "Choose a new password" and "{gone}" not in mail.text
    shown = administrator.get(f"{PAGE}/reset-en").page
    assert "cannot go out" in shown.text and "{gone}" in shown.text
    assert "the default goes out" in administrator.get(PAGE).page.text


# ---- the pages ----------------------------------------------------------------------------


def test_every_mail_is_listed_in_each_language_with_its_state(site, administrator, clean):
    listed = {link for link in administrator.get(PAGE).page.links if link.startswith(PAGE + "/")}
    kinds = {"confirm", "reset", "exists", "change_email", "email_changed", "password_changed",
             "moderation", "moderation-complaint", "privacy-export", "privacy-erasure",
             "notice-received", "notice-decided", "notice-complaint"}
    assert {f"{PAGE}/{kind}-{language}" for kind in kinds for language in ("fr", "en")} <= listed
    assert len(listed) == 2 * 44
    for path in sorted(listed):
        page = administrator.get(path)
        assert page.status == 200 and page.page.find("textarea", id="body"), path
    write(administrator, "mirror-lag-en", subject="Late", body="Late. {link}")
    shown = administrator.get(PAGE).page
    link = shown.find("a", href=f"{PAGE}/mirror-lag-en")
    assert "Own text since" in link.text and administrator.person.name in link.text
    assert "Default text" in shown.find("a", href=f"{PAGE}/mirror-lag-fr").text


@pytest.mark.parametrize("mail", ["reset", "reset-de", "nothing-en", "-en", "reset-en-fr", "notification-en"])
def test_a_mail_that_is_not_sent_has_no_page(administrator, mail):
    assert administrator.get(f"{PAGE}/{mail}").status == 404


def test_the_french_page_begins_with_the_french_words(administrator):
    page = administrator.get(f"{PAGE}/confirm-fr").page
    assert page.find("input", id="subject")["value"] == "Confirmez votre adresse"
    assert "{brand}" in page.find("textarea", id="body").raw_text and page.find("h1").text == "Confirm your address (Français)"


REFUSED = [
    ({"body": "Dear friend, choose a new one."}, "{link} is missing"),
    ({"body": "{link} {surname}"}, "no placeholder {surname}"),
    ({"body": "{link} {title}"}, "no placeholder {title}"),
    ({"subject": "Go to {link}"}, "not in the subject"),
    ({"body": "{link} {"}, "brace stands alone"),
    ({"subject": "x" * 121}, "long"),
    ({"body": "{link}" + "y" * 8000}, "long"),
    ({"subject": " "}, "fill in"),
    ({"body": "{link}" + "{brand}" * 20}, "more than 20"),
]


@pytest.mark.parametrize("fields, says", REFUSED)
@pytest.mark.parametrize("do", ["save", "preview", "test"])
def test_what_is_refused_says_why_and_keeps_what_was_typed(site, administrator, do, fields, says):
    before, sent = changes(site, "exists-en"), len(site.mails(administrator.person.email))
    refused = write(administrator, "exists-en", do=do, reason="Because", **fields)
    assert refused.status == 422 and says in problem(refused), problem(refused)
    for name, value in fields.items():
        field = refused.page.find(id=name)
        kept = field.raw_text if field.tag == "textarea" else field["value"]
        assert kept.strip() == value.strip() and field["aria-invalid"] == "true"
    assert refused.page.find("input", id="reason")["value"] == "Because"
    assert changes(site, "exists-en") == before and len(site.mails(administrator.person.email)) == sent


def test_line_ends_in_a_subject_are_no_header(site, administrator, clean):
    write(administrator, "reset-en", subject="Hello\r\nBcc: all@example.org")
    mail, _ = reset_mail(site, "en")
    assert mail.subject == "Hello Bcc: all@example.org" and mail.message["Bcc"] is None


def test_the_preview_is_what_goes_out_and_nothing_is_kept(site, administrator):
    shown = write(administrator, "notification-thanks-fr", do="preview", subject="Merci, {name}", body="{actor} : {link}")
    words = shown.page.find("pre", **{"class": "mail-words"}).raw_text
    assert shown.status == 200 and f"Bonjour {administrator.person.name}," in words
    assert "Camille : http" in words and "Ne plus recevoir" in words and site.url in words
    assert shown.page.find("textarea", id="body").raw_text.strip() == "{actor} : {link}"
    assert changes(site, "notification-thanks-fr") == []


# ---- a test to oneself ---------------------------------------------------------------------


def test_a_test_goes_to_the_administrators_own_address_and_saves_nothing(site):
    member = site.member(role="administrator", language="en")
    page = member.get(f"{PAGE}/notification-answer-fr")
    tried = write(member, "notification-answer-fr", do="test", page=page, subject="Du nouveau", body="{excerpt}\n\n{link}")
    assert tried.status == 200 and "on its way to your address" in tried.page.text
    assert tried.page.find("input", id="subject")["value"] == "Du nouveau"
    mail = site.wait_mail(member.person.email)
    assert mail.subject == "Essai : Du nouveau".replace(" :", "\u00a0:") and f"Bonjour {member.person.name}" in mail.text
    assert "Débranchez-la" in mail.text and "/unsubscribe?" in mail.text
    assert changes(site, "notification-answer-fr") == []
    (entry,) = site.sql("select * from audit_log where action = 'mail_text_tried' and actor_id = %s", member.person.id)
    assert entry["details"] == {"name": "notification-answer", "language": "fr"}


def test_only_so_many_tests_an_hour(site):
    member = site.member(role="administrator")
    site.sql("insert into throttles (key, attempts, ends_at) values (%s, 10, now() + interval '1 hour')",
             f"mail-test:{member.person.id}")
    refused = write(member, "reset-en", do="test", body="Kept {link}")
    assert refused.status == 429 and "Please wait" in problem(refused)
    assert refused.page.find("textarea", id="body").raw_text.strip() == "Kept {link}"
    assert site.mails(member.person.email) == []


# ---- history -------------------------------------------------------------------------------


def test_each_change_has_its_history_and_the_newest_is_undone(site, administrator, clean):
    mail = "password_changed-en"
    write(administrator, mail, subject="First", body="First body", reason="To try")
    write(administrator, mail, subject="Second", body="Second body")
    same = write(administrator, mail, subject="Second", body="Second body")
    assert "Nothing was changed" in same.page.text
    shown = administrator.get(f"{PAGE}/{mail}").page
    assert "To try" in shown.text and "First body" in shown.text and "In force" in shown.text
    undone = press(administrator, mail, "undo")
    assert undone.page.find("input", id="subject")["value"] == "First"
    press(administrator, mail, "default")
    rows = changes(site, mail)
    assert [row["subject"] for row in rows] == [None, "First", "Second", "First"]
    assert rows[1]["undoes_id"] == rows[2]["id"] and rows[3]["changed_by"] == administrator.person.id
    assert "Own text" not in administrator.get(f"{PAGE}/{mail}").page.find("header", **{"class": "page-heading"}).text
    actions = [row["action"] for row in site.sql(
        "select action from audit_log where subject = 'mail_text' and details ->> 'name' = 'password_changed' order by id")]
    assert actions == ["mail_text_changed", "mail_text_changed", "mail_text_undone", "mail_text_reset"]
    log = administrator.get("/admin/audit?subject=mail_text").page.text
    assert "Changed what a mail says" in log and "Put a mail back to its default text" in log


def test_the_default_words_saved_are_the_default(site, administrator, clean):
    page = administrator.get(f"{PAGE}/exists-fr")
    form = page.page.form(f"{PAGE}/exists-fr").fields
    write(administrator, "exists-fr", page=page, subject="Autre", body="{link}")
    write(administrator, "exists-fr", subject=form["subject"], body=form["body"])
    assert [row["subject"] for row in changes(site, "exists-fr")][:2] == [None, "Autre"]


def test_two_who_write_at_once_are_told_of_each_other(site, administrator, clean):
    other = site.member(role="administrator")
    page = other.get(f"{PAGE}/mirror-brake-en")
    write(administrator, "mirror-brake-en", subject="Mine", body="Mine {link}")
    late = write(other, "mirror-brake-en", page=page, subject="Theirs", body="Theirs {link}")
    assert late.status == 409 and "Somebody else" in problem(late)
    assert late.page.find("input", id="subject")["value"] == "Theirs"
    taken = write(other, "mirror-brake-en", page=late, subject="Theirs", body="Theirs {link}")
    assert taken.status == 200 and changes(site, "mirror-brake-en")[0]["subject"] == "Theirs"
    stale = administrator.get(f"{PAGE}/mirror-brake-en")
    press(other, "mirror-brake-en", "undo")
    assert press(administrator, "mirror-brake-en", "undo", page=stale).status == 409


def test_a_form_sent_twice_changes_once(site, administrator, clean):
    mail = "mirror-token-en"
    path = f"{PAGE}/{mail}"
    form = administrator.get(path).page.form(path).fields
    fields = {**form, "subject": "Once", "body": "Once {link}", "do": "save"}
    assert [administrator.post(path, fields, follow=False).status for _ in range(2)] == [303, 303]
    assert [row["subject"] for row in changes(site, mail)][:1] == ["Once"]
    assert len([row for row in changes(site, mail) if row["subject"] == "Once"]) == 1


def test_nobody_but_the_past_is_kept(site):
    """The history is append only, for the owner of the table too."""
    with pytest.raises(Exception, match="append only"):
        site.sql("delete from mail_text_changes where name = 'reset'")
