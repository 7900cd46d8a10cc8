"""/admin/settings: changing, what is refused and why, history, undo, and that every
process knows of it at once. The schema's and the store's rules are tests/unit's."""

import time

import psycopg
import pytest

from support.forum import ask

HOME, PAGE = "/admin/settings", "/admin/settings/writing"
HOURS = "writing.edit_hours"


@pytest.fixture(scope="module")
def administrator(site):
    return site.member(role="administrator", address="127.0.0.1")


@pytest.fixture(autouse=True)
def at_their_defaults(site):
    yield
    site.sql("delete from site_settings where name like 'writing.%%'")


def save(visitor, page=PAGE, **fields):
    return visitor.submit(page, PAGE, **fields)


def set_hours(visitor, hours, **fields):
    return save(visitor, **{HOURS: str(hours)}, **fields)


def stored(site, name=HOURS):
    return site.sql_value("select max(value) from site_settings where name = %s", name)


def shown(visitor, name=HOURS):
    return visitor.get(PAGE).page.form(PAGE).fields[name]


def undo(visitor, path=PAGE, number=0):
    """Presses the number-th "Undo" from the top."""
    page = visitor.get(path).page
    forms = [form for form in page.forms if form.action == "/admin/undo"]
    return visitor.post("/admin/undo", forms[number].fields)


def test_a_setting_has_a_label_an_explanation_and_its_default(administrator):
    page = administrator.get(PAGE).page
    assert page.find("label", **{"for": HOURS}).text == "Time to edit one's own posts, in hours"
    help_ = page.find(id=f"{HOURS}-help").text
    assert "members may no longer change their posts" in help_
    assert "A whole number from 0 to 8,760." in help_
    assert "Default: 24" in help_
    assert PAGE in administrator.get(HOME).page.links


def test_a_change_is_stored_with_its_reason_and_shown_in_the_history(site, administrator):
    answer = set_hours(administrator, 48, reason="Asked for in the survey")
    assert "The settings are saved" in answer.page.text
    assert stored(site) == "48" and shown(administrator) == "48"
    history = administrator.get(PAGE).page.find("ul", class_="changes").text
    assert "24 (default)" in history and "48" in history and "Asked for in the survey" in history
    assert administrator.person.name in history
    assert "1 changed" in administrator.get(HOME).page.text
    entry = site.sql("select * from audit_log where action = 'setting_changed' order by id desc limit 1")[0]
    assert entry["actor_id"] == administrator.person.id
    assert entry["details"] == {"name": HOURS, "from": None, "to": "48"}
    assert entry["reason"] == "Asked for in the survey"


def test_saving_the_same_again_changes_nothing(site, administrator):
    before = site.sql_value("select count(*) from site_setting_changes")
    assert "Nothing was different" in save(administrator).page.text
    assert site.sql_value("select count(*) from site_setting_changes") == before


@pytest.mark.parametrize("typed", ["-1", "8761", "", "24 h", "1e3", "<b>5</b>"])
def test_what_does_not_fit_is_refused_at_its_field_and_kept(site, administrator, typed):
    answer = set_hours(administrator, typed)
    assert answer.status == 422
    assert answer.page.find(id=f"{HOURS}-error").text == "Write a whole number between 0 and 8,760."
    assert answer.page.form(PAGE).fields[HOURS] == typed
    assert stored(site) is None


def test_the_refusal_is_said_in_french(site):
    french = site.member(role="administrator", language="fr")
    answer = set_hours(french, "souvent")
    assert "Écrivez un nombre entier entre 0 et 8" in answer.page.find(id=f"{HOURS}-error").text


def test_one_press_brings_back_the_default_of_one_setting(site, administrator):
    save(administrator, **{HOURS: "48", "writing.staff_accept_hours": "100"})
    answer = save(administrator, **{"default": HOURS, HOURS: "nonsense"})
    assert answer.status == 200
    assert stored(site) is None
    assert stored(site, "writing.staff_accept_hours") == "100"


def test_undo_is_one_press_and_can_be_undone(site, administrator):
    set_hours(administrator, 10)
    set_hours(administrator, 20)
    assert "The change is undone" in undo(administrator).page.text
    assert stored(site) == "10"
    undo(administrator, HOME)
    assert stored(site) == "20"


def test_a_second_press_undoes_nothing_more(site, administrator):
    set_hours(administrator, 10)
    set_hours(administrator, 20)
    form = next(f for f in administrator.get(PAGE).page.forms if f.action == "/admin/undo")
    assert administrator.post("/admin/undo", form.fields).status == 200
    assert administrator.post("/admin/undo", form.fields).status == 200
    assert stored(site) == "10"


def test_of_two_who_save_at_once_the_second_is_told(site, administrator):
    first = administrator.get(PAGE)
    set_hours(administrator, 30)
    answer = save(administrator, page=first, **{HOURS: "40"})
    assert answer.status == 409
    assert "Somebody else changed these settings" in answer.page.text
    assert answer.page.form(PAGE).fields[HOURS] == "40"
    assert stored(site) == "30"
    assert administrator.post(PAGE, answer.page.form(PAGE).fields).status == 200
    assert stored(site) == "40"


def test_unknown_sections_and_changes_are_not_found(administrator):
    assert administrator.get("/admin/settings/nonsense").status == 404
    assert administrator.get(f"{PAGE}?before=x").status == 404
    token = administrator.get(PAGE).page.form(PAGE).fields["csrf"]
    for change in ("999999999", ""):
        answer = administrator.post("/admin/undo", {"csrf": token, "key": "k" * 40, "change": change})
        assert answer.status == 404
    assert administrator.post("/admin/undo", {"csrf": token, "key": "k" * 40, "change": "x"}).status == 400


def test_a_change_is_known_to_every_process_within_two_seconds(site):
    """Written past the program, so that only the notice can tell the processes."""
    member, other = site.member(age_days=3), site.member(role="moderator")
    topic = ask(member)
    site.sql("update posts set created_at = now() - interval '30 hours' where topic_id = %s", topic.id)
    site.sql("update topics set created_at = now() - interval '30 hours' where id = %s", topic.id)
    edit = f"/p/{topic.post}/edit"
    assert all(member.get(edit).status == 403 for _ in range(6)), "24 hours are over"
    site.sql("insert into site_settings values (%s, '48')", HOURS)
    time.sleep(2)
    assert all(member.get(edit).status == 200 for _ in range(12)), "in every process"
    site.sql("delete from site_settings where name = %s", HOURS)
    time.sleep(2)
    assert all(member.get(edit).status == 403 for _ in range(12))
    assert other.get(edit).status == 200


def test_the_history_is_append_only_for_the_applications_role(site):
    with psycopg.connect(site.conninfo("entraide_app"), autocommit=True) as connection:
        for statement in ("update site_setting_changes set reason = 'x'", "delete from site_setting_changes",
                          "truncate site_setting_changes"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        granted = connection.execute(
            "select array_agg(privilege_type::text order by privilege_type) from information_schema.role_table_grants"
            " where table_name = 'audit_log' and grantee = 'entraide_app'").fetchone()[0]
    assert granted == ["INSERT", "SELECT"]
