-- Working a question at the desk: internal notes and reply templates.

-- What the desk says among itself. Gone with the account of who asked.
create table desk_notes (
	id bigint generated always as identity primary key,
	topic_id bigint not null references topics,
	author_id bigint references people,
	body_md text not null,
	body_html text not null,
	created_at timestamptz not null default now(),
	edited_at timestamptz,
	constraint desk_notes_body check (octet_length(body_md) between 1 and 4000)
);
create index desk_notes_of_topic on desk_notes (topic_id, id desc);
create index desk_notes_of_author on desk_notes (author_id) where author_id is not null;

-- Of a person (owner_id), of a team (team_id), or of everybody at the desk. The row is the
-- newest version.
create table desk_templates (
	id bigint generated always as identity primary key,
	version integer not null default 1,
	owner_id bigint references people,
	team_id bigint references desk_teams on delete set null,
	language text not null,
	title text not null,
	body_md text not null,
	is_deleted boolean not null default false,
	changed_by bigint references people,
	changed_at timestamptz not null default now(),
	use_count bigint not null default 0,
	used_at timestamptz,
	constraint desk_templates_language check (language in ('fr', 'en')),
	constraint desk_templates_scope check (owner_id is null or team_id is null),
	constraint desk_templates_title check (char_length(title) between 1 and 80),
	constraint desk_templates_body check (octet_length(body_md) between 1 and 8000)
);
create index desk_templates_of_owner on desk_templates (owner_id) where owner_id is not null;
create index desk_templates_of_team on desk_templates (team_id) where team_id is not null;
create index desk_templates_by_changer on desk_templates (changed_by) where changed_by is not null;

create table desk_template_changes (
	template_id bigint not null references desk_templates on delete cascade,
	version integer not null,
	owner_id bigint references people,
	team_id bigint references desk_teams on delete set null,
	language text not null,
	title text not null,
	body_md text not null,
	is_deleted boolean not null,
	changed_by bigint references people,
	changed_at timestamptz not null,
	-- The version that this one takes back; null: an ordinary change.
	undoes integer,
	primary key (template_id, version)
);
create index desk_template_changes_of_owner on desk_template_changes (owner_id) where owner_id is not null;
create index desk_template_changes_of_team on desk_template_changes (team_id) where team_id is not null;
create index desk_template_changes_by_changer on desk_template_changes (changed_by) where changed_by is not null;

-- A template names an article by its title.
create index articles_by_title on articles (lower(title)) where is_public;

alter table notifications drop constraint notifications_kind;
alter table notifications add constraint notifications_kind check (kind in
	('answer', 'comment', 'mention', 'accepted', 'thanks', 'question', 'status', 'held', 'released', 'case',
	'complaint', 'badge', 'expert', 'level', 'rank', 'article', 'desk_warning', 'desk_late',
	'desk_note', 'desk_handed'));

-- What was done with a question at the desk, with what it takes to undo it: the columns of
-- desk_questions that people decide, before and after.
create table desk_acts (
	id bigint generated always as identity primary key,
	topic_id bigint not null references topics,
	kind text not null,
	reason text not null default '',
	actor_id bigint references people,
	created_at timestamptz not null default now(),
	before jsonb not null,
	after jsonb not null,
	undone_at timestamptz,
	undone_by bigint references people,
	constraint desk_acts_kind check (kind in ('hand_over', 'escalate', 'follow_up')),
	constraint desk_acts_reason check (char_length(reason) <= 500)
);
create index desk_acts_of_topic on desk_acts (topic_id, id desc);
create index desk_acts_of_actor on desk_acts (actor_id) where actor_id is not null;
create index desk_acts_by_undoer on desk_acts (undone_by) where undone_by is not null;
