-- The advisors' desk: what needs a person, by when it was promised, and who has it.
--
-- What happened to a question is appended to desk_events by light triggers; the worker
-- makes desk_questions of it (src/forum/desk_work.h). Nothing is reckoned while people write.

create table desk_teams (
	id bigint generated always as identity primary key,
	name text not null,
	level smallint not null default 1,
	created_at timestamptz not null default now(),
	constraint desk_teams_name_unique unique (name),
	constraint desk_teams_name check (char_length(name) between 1 and 60),
	constraint desk_teams_level check (level between 1 and 3)
);

create table desk_members (
	person_id bigint primary key references people,
	team_id bigint not null references desk_teams,
	added_at timestamptz not null default now()
);
create index desk_members_of_team on desk_members (team_id, person_id);

-- Targets in minutes of working time; 0: none. Category null: everywhere. The kind of
-- question that is named wins over 'all', then the nearer category over the further.
create table desk_targets (
	id bigint generated always as identity primary key,
	category_id bigint references categories,
	kind text not null default 'all',
	first_minutes integer not null,
	solution_minutes integer not null,
	constraint desk_targets_kind check (kind in ('all', 'mirrored', 'watched')),
	constraint desk_targets_minutes check (first_minutes between 0 and 525600 and solution_minutes between 0 and 525600)
);
create unique index desk_targets_once on desk_targets (coalesce(category_id, 0), kind);
insert into desk_targets (kind, first_minutes, solution_minutes) values
	('all', 480, 2700), ('mirrored', 240, 1620), ('watched', 60, 540);

-- In the order of at, then id. What is new waits for the worker; the rest is kept, for the
-- clocks are reckoned from all of it.
create table desk_events (
	id bigint generated always as identity primary key,
	topic_id bigint not null references topics,
	kind text not null,
	at timestamptz not null default clock_timestamp(),
	is_new boolean not null default true,
	constraint desk_events_kind check (kind in ('published', 'hidden', 'shown', 'answered', 'done', 'undone',
		'waiting', 'resumed', 'handed_over', 'edited', 'moved', 'changed'))
);
create index desk_events_new on desk_events (id) where is_new;
create index desk_events_of_topic on desk_events (topic_id, at, id);

create table desk_questions (
	topic_id bigint primary key references topics,
	stage text not null,
	is_open boolean not null generated always as (stage <> 'done') stored,
	category_id bigint not null references categories,
	top_category_id bigint not null references categories,
	is_mirrored boolean not null default false,
	watched_reason text not null default '',
	is_watched boolean not null generated always as (watched_reason <> '') stored,
	-- Of support: 1 is the first line.
	level smallint not null default 1,
	team_id bigint references desk_teams,
	assigned_to bigint references people,
	-- Who has it in hand, until when, and the word that renews it.
	claimed_by bigint references people,
	claimed_until timestamptz,
	claim_token text,
	first_claimed_at timestamptz,
	escalated_to_person bigint references people,
	escalated_at timestamptz,
	escalated_due_at timestamptz,
	follow_up_at timestamptz,
	-- Clocks began then; null: an old archive, without any.
	clock_at timestamptz,
	asked_at timestamptz not null,
	-- Since when it needs information; null: it does not.
	waiting_since timestamptz,
	first_target_minutes integer not null default 0,
	solution_target_minutes integer not null default 0,
	first_met_at timestamptz,
	solution_met_at timestamptz,
	first_due_at timestamptz,
	solution_due_at timestamptz,
	first_breached_at timestamptz,
	solution_breached_at timestamptz,
	-- A clock that is not met has run out.
	is_breached boolean not null default false,
	hand_overs integer not null default 0,
	-- The next that runs out of what is promised, escalated and planned; null: nothing.
	due_at timestamptz,
	-- The next warning; and when the worker must look again.
	warning_at timestamptz,
	look_at timestamptz,
	first_warned_at timestamptz,
	solution_warned_at timestamptz,
	-- Me too and reach, in minutes that it comes sooner.
	weight integer not null default 0,
	-- The queue's order: due_at less the weight; what has no clock comes after, newest first.
	order_at timestamptz not null,
	updated_at timestamptz not null default now(),
	constraint desk_questions_stage check (stage in ('unanswered', 'answered', 'reopened', 'done')),
	constraint desk_questions_watched check (watched_reason in ('', 'crisis', 'legal', 'safety')),
	constraint desk_questions_level check (level between 1 and 3),
	constraint desk_questions_claim check ((claimed_by is null) = (claimed_until is null)
		and (claimed_by is null) = (claim_token is null)),
	constraint desk_questions_weight check (weight between 0 and 1440)
);
create index desk_questions_queue on desk_questions (order_at, topic_id) where stage <> 'done';
create index desk_questions_stage on desk_questions (stage, order_at, topic_id) where stage <> 'done';
create index desk_questions_category on desk_questions (category_id, order_at, topic_id) where stage <> 'done';
create index desk_questions_top_category on desk_questions (top_category_id, order_at, topic_id) where stage <> 'done';
create index desk_questions_team on desk_questions (team_id, order_at, topic_id) where stage <> 'done' and team_id is not null;
create index desk_questions_mirrored on desk_questions (order_at, topic_id) where stage <> 'done' and is_mirrored;
create index desk_questions_watched on desk_questions (order_at, topic_id) where stage <> 'done' and watched_reason <> '';
create index desk_questions_breached on desk_questions (order_at, topic_id) where stage <> 'done' and is_breached;
create index desk_questions_waiting on desk_questions (order_at, topic_id) where stage <> 'done' and waiting_since is not null;
create index desk_questions_escalated on desk_questions (order_at, topic_id) where stage <> 'done' and escalated_at is not null;
create index desk_questions_claimed on desk_questions (claimed_by) where claimed_by is not null;
create index desk_questions_assigned on desk_questions (assigned_to) where assigned_to is not null;
create index desk_questions_escalated_to on desk_questions (escalated_to_person) where escalated_to_person is not null;
create index desk_questions_to_look_at on desk_questions (look_at) where look_at is not null;

-- In which the clocks stood still, made anew from the events.
create table desk_spells (
	topic_id bigint not null references topics,
	kind text not null,
	from_at timestamptz not null,
	to_at timestamptz,
	primary key (topic_id, kind, from_at),
	constraint desk_spells_kind check (kind in ('paused', 'solved')),
	constraint desk_spells_ends check (to_at >= from_at)
);

-- A promise that was not kept: a fact, which later targets do not undo.
create table desk_breaches (
	id bigint generated always as identity primary key,
	topic_id bigint not null references topics,
	kind text not null,
	due_at timestamptz not null,
	met_at timestamptz,
	cause text not null,
	note text not null default '',
	-- Who corrected the cause that the program saw.
	corrected_by bigint references people,
	category_id bigint not null references categories,
	team_id bigint references desk_teams,
	recorded_at timestamptz not null default now(),
	constraint desk_breaches_once unique (topic_id, kind),
	constraint desk_breaches_kind check (kind in ('first_answer', 'solution')),
	constraint desk_breaches_cause check (cause in ('unseen', 'claimed', 'level', 'handed_over', 'information',
		'few_hours', 'reopened', 'too_many', 'outage', 'other')),
	constraint desk_breaches_note check (char_length(note) <= 400)
);
create index desk_breaches_newest on desk_breaches (due_at desc, id desc);

-- Filters that people keep: the words behind "?" of the queue's address.
create table desk_filters (
	id bigint generated always as identity primary key,
	person_id bigint not null references people,
	name text not null,
	query text not null,
	created_at timestamptz not null default now(),
	constraint desk_filters_name check (char_length(name) between 1 and 40),
	constraint desk_filters_query check (octet_length(query) <= 400)
);
create unique index desk_filters_once on desk_filters (person_id, lower(name));

-- Advisors are told before a clock runs out, and when it has.
alter table notifications drop constraint notifications_kind;
alter table notifications add constraint notifications_kind check (kind in
	('answer', 'comment', 'mention', 'accepted', 'thanks', 'question', 'status', 'held', 'released', 'case',
	'complaint', 'badge', 'expert', 'level', 'rank', 'article', 'desk_warning', 'desk_late'));
