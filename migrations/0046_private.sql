-- The private side of the desk: an advisor and whoever asked go on one to one, under a public
-- thread that says no more than that. What was said goes when its time is over, or with the
-- account of who asked; that there was an exchange stays.

create table private_exchanges (
	id bigint generated always as identity primary key,
	topic_id bigint not null references topics,
	-- Who asked. Null: their account was erased.
	person_id bigint references people,
	state text not null default 'open',
	in_charge bigint references people,
	started_by bigint references people,
	started_at timestamptz not null,
	-- The newest message, and who has to say the next one.
	said_at timestamptz not null,
	waits_for text not null default 'person',
	person_read_at timestamptz,
	team_read_at timestamptz,
	closed_by bigint references people,
	closed_at timestamptz,
	-- How it ended: an answer that everybody can read, or why there is nothing to say.
	summary_post_id bigint references posts,
	closing_reason text not null default '',
	emptied_at timestamptz,
	constraint private_exchanges_state check (state in ('open', 'closed')),
	constraint private_exchanges_closed check ((state = 'closed') = (closed_at is not null)),
	constraint private_exchanges_waits_for check (waits_for in ('person', 'team')),
	constraint private_exchanges_emptied check (emptied_at is null or state = 'closed'),
	constraint private_exchanges_reason check (char_length(closing_reason) <= 300)
);
create unique index private_exchanges_one_open on private_exchanges (topic_id, person_id) where state = 'open';
create index private_exchanges_of_topic on private_exchanges (topic_id, id desc);
create index private_exchanges_of_person on private_exchanges (person_id, id desc) where person_id is not null;
create index private_exchanges_waiting on private_exchanges (waits_for, said_at) where state = 'open';
create index private_exchanges_to_empty on private_exchanges (closed_at) where state = 'closed' and emptied_at is null;
create index private_exchanges_in_charge on private_exchanges (in_charge) where in_charge is not null;
create index private_exchanges_by_starter on private_exchanges (started_by) where started_by is not null;
create index private_exchanges_by_closer on private_exchanges (closed_by) where closed_by is not null;
create index private_exchanges_by_summary on private_exchanges (summary_post_id) where summary_post_id is not null;

create table private_messages (
	id bigint generated always as identity primary key,
	exchange_id bigint not null references private_exchanges on delete cascade,
	author_id bigint references people,
	is_from_team boolean not null,
	body_md text not null,
	body_html text not null,
	created_at timestamptz not null,
	constraint private_messages_body check (octet_length(body_md) between 1 and 16000)
);
create index private_messages_of on private_messages (exchange_id, id desc);
create index private_messages_of_author on private_messages (author_id) where author_id is not null;

alter table notifications drop constraint notifications_kind;
alter table notifications add constraint notifications_kind check (kind in
	('answer', 'comment', 'mention', 'accepted', 'thanks', 'question', 'status', 'held', 'released', 'case',
	'complaint', 'badge', 'expert', 'level', 'rank', 'article', 'desk_warning', 'desk_late',
	'desk_note', 'desk_handed', 'panel', 'private', 'private_reply'));
