-- Keeping it clean: what people flag, the team's queue, measures on people, and a case
-- for every act that limits somebody (EU Digital Services Act, articles 17 and 20).

-- What waits for the team, or was decided. One row a thing to decide: flags of a post
-- are one item, however many flagged it.
create table moderation_items (
	id bigint generated always as identity primary key,
	kind text not null,
	topic_id bigint references topics,
	post_id bigint references posts,
	-- Whom it is about: mostly the post's author. Null: nobody's account.
	person_id bigint references people,
	-- What else it is about: the case of an appeal, the notice of a notice.
	reference_id bigint,
	-- Why it is here: [{"code": "spam", "count": 3}, {"code": "rule", "text": "…"}].
	reasons jsonb not null default '[]',
	-- How urgent; for flags the sum of what those that count weigh.
	score real not null default 0,
	state text not null default 'open',
	-- Who looks at it, and until when it is theirs.
	claimed_by bigint references people,
	claimed_until timestamptz,
	opened_at timestamptz not null default clock_timestamp(),
	decided_at timestamptz,
	decided_by bigint references people,
	decision text,
	-- What the decision was for, in the words of who decided.
	note text not null default '',
	-- What puts it all back: {"visibility": "held", "measure": 12, "case": 7}.
	undo jsonb,
	undone_at timestamptz,
	undone_by bigint references people,
	constraint moderation_items_kind check (kind in ('flag', 'held', 'first_post', 'trusted_edit', 'appeal', 'notice', 'similar')),
	constraint moderation_items_state check (state in ('open', 'decided')),
	constraint moderation_items_about check (post_id is not null or person_id is not null or reference_id is not null),
	constraint moderation_items_decided check ((state = 'decided') = (decided_at is not null)),
	constraint moderation_items_decision check ((state = 'decided') = (decision is not null)),
	constraint moderation_items_decisions check (decision in ('approve', 'withdraw', 'edit', 'warn', 'suspend', 'ignore', 'uphold', 'reject')),
	constraint moderation_items_claim check ((claimed_by is null) = (claimed_until is null)),
	constraint moderation_items_reasons check (jsonb_typeof(reasons) = 'array' and octet_length(reasons::text) <= 16000),
	constraint moderation_items_note check (char_length(note) <= 2000)
);
-- At most one open item of a kind a target.
create unique index moderation_items_once on moderation_items (kind, coalesce(post_id, 0),
	coalesce(case when post_id is null then person_id end, 0),
	coalesce(case when kind in ('appeal', 'notice') then reference_id end, 0)) where state = 'open';
-- The queue, by what is most urgent, whole and by kind.
create index moderation_items_urgent on moderation_items (score desc, id) where state = 'open';
create index moderation_items_urgent_of_kind on moderation_items (kind, score desc, id) where state = 'open';
create index moderation_items_claimed on moderation_items (claimed_by) where state = 'open' and claimed_by is not null;
-- What was decided lately; and the context: of a person, of a post.
create index moderation_items_decided_lately on moderation_items (decided_at desc, id desc) where state = 'decided';
create index moderation_items_of_person on moderation_items (person_id, id desc);
create index moderation_items_of_post on moderation_items (post_id) where post_id is not null;
create index moderation_items_of_topic on moderation_items (topic_id) where topic_id is not null;

-- Flags ------------------------------------------------------------------------

create table flags (
	id bigint generated always as identity primary key,
	post_id bigint not null references posts,
	person_id bigint not null references people,
	reason text not null,
	detail text not null default '',
	-- What it weighed when it was made (src/forum/flag_score.c).
	weight real not null,
	-- Where it came from, as a network; forgotten some time after the decision.
	network text not null default '',
	-- Not counted: from the same place, or always together with, a flag that is.
	is_counted boolean not null default true,
	state text not null default 'open',
	created_at timestamptz not null default now(),
	decided_at timestamptz,
	constraint flags_reason check (reason in ('spam', 'rude', 'off_topic', 'wrong', 'personal_data', 'illegal', 'other')),
	constraint flags_state check (state in ('open', 'agreed', 'disagreed', 'ignored')),
	constraint flags_detail_length check (char_length(detail) <= 1000),
	constraint flags_weight check (weight >= 0)
);
create unique index flags_once on flags (post_id, person_id) where state = 'open';
create index flags_of_post on flags (post_id, id);
create index flags_of_person on flags (person_id, created_at desc);
create index flags_with_network on flags (decided_at) where network <> '' and state <> 'open';

-- A post that flags hid waits for the team; how many of a person did so lately is capped.
alter table posts add column hidden_by_flags_at timestamptz;
create index posts_hidden_by_flags on posts (author_id, hidden_by_flags_at) where hidden_by_flags_at is not null;

-- Measures on people --------------------------------------------------------------

create table measures (
	id bigint generated always as identity primary key,
	person_id bigint not null references people,
	kind text not null,
	-- Of 'rights_removed': where the person may not write, with what is below it.
	category_id bigint references categories,
	-- What the person is told. Of a note: what the team tells itself.
	reason text not null,
	created_by bigint references people,
	created_at timestamptz not null default now(),
	-- Null: until somebody ends it.
	ends_at timestamptz,
	acknowledged_at timestamptz,
	ended_at timestamptz,
	ended_by bigint references people,
	end_reason text not null default '',
	constraint measures_kind check (kind in ('note', 'warning', 'silence', 'suspension', 'rights_removed')),
	constraint measures_category check ((kind = 'rights_removed') = (category_id is not null)),
	constraint measures_reason check (char_length(reason) between 1 and 2000),
	constraint measures_end check (ends_at is null or ends_at > created_at)
);
create index measures_of_person on measures (person_id, id desc);
create index measures_in_force on measures (person_id, kind) where ended_at is null;
create index measures_ending on measures (ends_at) where ended_at is null and ends_at is not null;

-- What is in force, kept by trigger from measures, so that every request finds it in
-- the row that it reads anyway. 'infinity': until somebody ends it.
alter table people add column silenced_until timestamptz;
alter table people add column suspended_until timestamptz;
alter table people add column barred_categories bigint[] not null default '{}';
alter table people add column has_warning boolean not null default false;

-- Cases ---------------------------------------------------------------------------

-- One a act that limits somebody, by a person or by the program.
create table moderation_cases (
	id bigint generated always as identity primary key,
	act text not null,
	-- Whom it limits; null when that is nobody's account (an import, a mirror).
	person_id bigint references people,
	topic_id bigint references topics,
	post_id bigint references posts,
	measure_id bigint references measures,
	item_id bigint references moderation_items,
	-- The rule that was broken, and whether it is the charter's or a law's.
	rule text not null,
	ground text not null default 'charter',
	facts text not null,
	-- What brought it up: the team itself, flags, a notice, a rule of the program.
	origin text not null default 'team',
	is_detected_automatically boolean not null default false,
	is_decided_automatically boolean not null default false,
	decided_by bigint references people,
	starts_at timestamptz not null default now(),
	ends_at timestamptz,
	-- What was sent, in the language of whom it limits. Never changed.
	language text not null default 'fr',
	statement text not null,
	created_at timestamptz not null default now(),
	complaint_until timestamptz not null,
	reversed_at timestamptz,
	reversed_by bigint references people,
	-- 'upheld': a complaint; 'undone': whoever decided thought again; 'released': held, and
	-- found to be fine; 'replaced': by another act on the same post.
	reversal text,
	constraint moderation_cases_act check (act in ('hide', 'withdraw', 'refuse', 'warning', 'silence', 'suspension', 'rights_removed')),
	constraint moderation_cases_rule check (rule in ('spam', 'rude', 'off_topic', 'wrong', 'personal_data', 'illegal', 'other')),
	constraint moderation_cases_ground check (ground in ('charter', 'law')),
	constraint moderation_cases_origin check (origin in ('team', 'flags', 'notice', 'rule')),
	constraint moderation_cases_decider check (is_decided_automatically or decided_by is not null),
	constraint moderation_cases_facts check (char_length(facts) <= 4000),
	constraint moderation_cases_statement check (octet_length(statement) <= 16000),
	constraint moderation_cases_reversal check (reversal in ('upheld', 'undone', 'released', 'replaced')),
	constraint moderation_cases_reversed check ((reversed_at is null) = (reversal is null))
);
create index moderation_cases_of_person on moderation_cases (person_id, id desc);
create index moderation_cases_of_post on moderation_cases (post_id, id desc) where post_id is not null;
create index moderation_cases_of_measure on moderation_cases (measure_id) where measure_id is not null;
create index moderation_cases_lately on moderation_cases (created_at desc, id desc);

-- Decided by somebody else than who decided the case: a person, never the program.
create table complaints (
	id bigint generated always as identity primary key,
	case_id bigint not null references moderation_cases,
	person_id bigint not null references people,
	text text not null,
	created_at timestamptz not null default now(),
	-- The case's, so that the rule below is a constraint.
	case_decided_by bigint references people,
	decided_at timestamptz,
	decided_by bigint references people,
	decision text,
	answer text not null default '',
	constraint complaints_once unique (case_id),
	constraint complaints_text check (char_length(text) between 1 and 4000),
	constraint complaints_answer check (char_length(answer) <= 4000),
	constraint complaints_decision check (decision in ('upheld', 'rejected')),
	constraint complaints_decided check ((decision is null) = (decided_at is null) and (decision is null) = (decided_by is null)),
	constraint complaints_by_another check (decided_by is null or decided_by is distinct from case_decided_by)
);
create index complaints_of_person on complaints (person_id, id desc);

-- What people are told -----------------------------------------------------------------

alter table notifications add column case_id bigint references moderation_cases;
alter table notifications alter column topic_id drop not null;
alter table notifications drop constraint notifications_kind;
alter table notifications add constraint notifications_kind check (kind in
	('answer', 'comment', 'mention', 'accepted', 'thanks', 'question', 'status', 'held', 'released', 'case', 'complaint'));
alter table notifications add constraint notifications_about check (topic_id is not null or case_id is not null);
drop index notifications_once;
create unique index notifications_once on notifications (person_id, kind, coalesce(topic_id, 0), coalesce(post_id, 0),
	coalesce(actor_id, 0), coalesce(case_id, 0));
alter table mails drop constraint mails_kind;
alter table mails add constraint mails_kind check (kind in
	('confirm', 'reset', 'exists', 'change_email', 'email_changed', 'password_changed', 'notification', 'mirror', 'moderation'));
