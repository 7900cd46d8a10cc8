"""What moderators and administrators have behind them in a large forum: 100,000 of each
thing, straight into the tables. Run as the superuser with triggers off: what they keep is
either set here or of no interest to the pages.
"""

HEAVY = 61  # somebody with a long history

STATEMENTS = (
    ("people", """
insert into people (name, handle, email, email_key, password_hash, role, state, language, charter_version,
	charter_accepted_at, email_confirmed_at, created_at)
select 'Membre ' || n, 'membre-' || n, 'membre' || n || '@bench.example', 'membre' || n || '@bench.example', '',
	'customer', case when n % 50 = 0 then 'suspended' else 'active' end, 'fr', '1', now(), t, t
from (select n, now() - interval '1 minute' * (n * 15) as t from generate_series(1, {n}) n) s"""),
    ("items of the queue, open", """
insert into moderation_items (kind, topic_id, post_id, person_id, reasons, score, opened_at)
select (array['flag', 'held', 'first_post', 'trusted_edit', 'similar'])[1 + n % 5], p.topic_id, p.id, p.author_id,
	'[{{"code": "spam", "count": 2}}]', n % 40, now() - interval '1 minute' * n
from generate_series(0, {n} / 2) n
join posts p on p.id = 1 + (n / 5) % (select max(id) from posts)
on conflict do nothing"""),
    ("items of the queue, decided", """
insert into moderation_items (kind, topic_id, post_id, person_id, reasons, score, opened_at, state, decided_at,
	decided_by, decision)
select 'flag', p.topic_id, p.id, case when n % 20 = 0 then {heavy} else p.author_id end,
	'[{{"code": "rude", "count": 1}}]', n % 40, now() - interval '10 minutes' * n, 'decided',
	now() - interval '10 minutes' * n + interval '1 minute' * (n % 2000), 1, 'ignore'
from generate_series(1, {n} / 2) n
join posts p on p.id = 1 + n % (select max(id) from posts)"""),
    ("flags", """
insert into flags (post_id, person_id, reason, weight, state, created_at, decided_at)
select 1 + n % (select max(id) from posts), case when n % 20 = 0 then {heavy} else 100 + n % 4000 end, 'spam', 2,
	'agreed', now() - interval '5 minutes' * n, now() - interval '4 minutes' * n
from generate_series(1, {n}) n"""),
    ("measures", """
insert into measures (person_id, kind, reason, created_by, created_at, ended_at)
select case when n % 20 = 0 then {heavy} else 100 + n % 4000 end, (array['note', 'warning', 'silence'])[1 + n % 3],
	'Une raison', 1, now() - interval '10 minutes' * n, now() - interval '9 minutes' * n
from generate_series(1, {n}) n"""),
    ("cases", """
insert into moderation_cases (act, person_id, topic_id, post_id, rule, facts, decided_by, created_at, language,
	statement, complaint_until)
select 'withdraw', case when n % 20 = 0 then {heavy} else p.author_id end, p.topic_id, p.id, 'spam', 'Des faits', 1,
	now() - interval '10 minutes' * n, 'fr', 'Pour ces raisons', now() + interval '100 days'
from generate_series(1, {n}) n
join posts p on p.id = 1 + n % (select max(id) from posts)"""),
    ("complaints", """
insert into complaints (case_id, person_id, text, case_decided_by, decided_at, decided_by, decision)
select c.id, coalesce(c.person_id, {heavy}), 'Je ne suis pas d’accord', 1, now(), 2, 'rejected'
from moderation_cases c where c.id % 4 = 0"""),
    ("entries of the audit log", """
insert into audit_log (at, actor_id, action, subject, subject_id, person_id, details, reason)
select now() - interval '7 minutes' * n, 1 + n % 60, (array['post_edit', 'role_changed', 'setting_changed',
	'topic_status', 'post_withdraw'])[1 + n % 5], 'post', n, case when n % 20 = 0 then {heavy} else 100 + n % 4000 end,
	'{{"from": "a", "to": "b"}}', 'Parce que'
from generate_series({n}, 1, -1) n"""),
    ("jobs", """
insert into jobs (kind, payload, state, run_at, attempts, last_error)
select 'standing', '{{"id": 1}}', case when n % 10 = 0 then 'dead' else 'queued' end, now() + interval '30 days',
	case when n % 10 = 0 then 12 else 0 end, case when n % 10 = 0 then 'went wrong' else '' end
from generate_series(1, {n}) n"""),
    ("mails", """
insert into mails (person_id, address, language, kind, key, state, created_at, sent_at)
select 100 + n % 4000, 'a@bench.example', 'fr', 'notification', 'bench-' || n,
	(array['sent', 'sent', 'sent', 'refused'])[1 + n % 4], t, t
from (select n, now() - interval '1 minute' * n as t from generate_series(1, {n}) n) s"""),
    ("rings", """
insert into reputation_rings (members, state, acts, discounted, seen_at)
select array[100 + n % 4000, 5000 + n], (array['open', 'dismissed'])[1 + n % 2], 20, 5, now() - interval '1 minute' * n
from generate_series(1, {n}) n"""),
    ("removals", """
insert into removals (person_id, asked_by, asked_at, reason, state, total, done, ended_at)
select case when n % 20 = 0 then {heavy} else 100 + n % 4000 end, 1, now() - interval '10 minutes' * n, 'Du spam',
	'removed', 10, 10, now() - interval '9 minutes' * n
from generate_series(1, {n}) n"""),
    ("changes of settings", """
insert into site_setting_changes (name, old_value, new_value, changed_by, changed_at, reason)
select (array['flags.hide_score', 'writing.edit_hours', 'brand.name', 'trust.level1_posts'])[1 + n % 4],
	n::text, (n + 1)::text, 1, now() - interval '10 minutes' * ({n} - n), 'Parce que'
from generate_series(1, {n}) n"""),
    ("requests to be forgotten", """
insert into mirror_erasures (code, origin, state, name, details, created_at)
select md5(n::text), 'form', (array['received', 'done'])[1 + n % 2], 'Quelqu’un', 'À oublier', now() - interval '1 minute' * n
from generate_series(1, {n}) n"""),
    ("words searched in vain", """
insert into search_word_days (day, words, example, searches)
select (now() at time zone 'utc')::date - n % 390, 'mot ' || n, 'un mot ' || n, 1 + n % 9
from generate_series(1, {n}) n"""),
    ("versions of the ladder", """
insert into rank_ladders (text, editor_id, reason)
select (select text from rank_ladders order by id limit 1), 1, 'Essai ' || n from generate_series(1, {n} / 100) n"""),
    ("rules before publication", """
insert into holding_rules (position, name, kind, act, is_on, number)
select 100 + n, 'Règle ' || n, 'fill_time', 'mark', false, 3 from generate_series(1, 50) n"""),
    ("days of visits", """
insert into person_days (person_id, day)
select p.id, (now() at time zone 'utc')::date - d from people p, generate_series(0, 100) d
where (p.id * 7 + d * 13) % 60 = 0 on conflict do nothing"""),
)

TABLES = ("people", "moderation_items", "flags", "measures", "moderation_cases", "complaints", "audit_log", "jobs",
          "mails", "reputation_rings", "removals", "site_setting_changes", "mirror_erasures")


def fill(connection, count, tell):
    with connection.transaction():
        connection.execute("set local session_replication_role = replica")
        for what, statement in STATEMENTS:
            tell(what)
            connection.execute(statement.format(n=count, heavy=HEAVY))
