-- Reputation as a ledger: a row for each cause, append only. When the cause is undone
-- a second row takes the points back and says which one it undoes. The sum is kept in
-- people.reputation by trigger (functions.sql), what should stand here is the view
-- reputation_causes.

create table reputation_entries (
	id bigint generated always as identity primary key,
	person_id bigint not null references people,
	cause text not null,
	points integer not null,
	-- Why it pays less than it might; '' when it pays in full.
	discount text not null default '',
	post_id bigint references posts on delete set null,
	-- Whose act it was: who thanked, who accepted. Null where that is oneself.
	from_id bigint references people,
	undoes bigint references reputation_entries,
	created_at timestamptz not null,
	constraint reputation_entries_cause check (cause in ('accepted', 'accepting', 'thanks', 'removed', 'abuse')),
	constraint reputation_entries_discount check (discount in
		('', 'self', 'address', 'pair', 'reciprocal', 'one_sided', 'ring', 'cap'))
);
create unique index reputation_entries_undone on reputation_entries (undoes) where undoes is not null;
create index reputation_entries_of_person on reputation_entries (person_id, created_at desc, id desc);
create index reputation_entries_of_post on reputation_entries (post_id);
create index reputation_entries_of_giver on reputation_entries (from_id, person_id, created_at) where from_id is not null;

-- Where people sign in from, as a keyed hash: two accounts at one address are taken
-- for one household. Kept as long as the setting says.
create table person_addresses (
	person_id bigint not null references people,
	address_hash bytea not null,
	seen_at timestamptz not null default now(),
	primary key (person_id, address_hash)
);
create index person_addresses_by_hash on person_addresses (address_hash, person_id);

-- On which days somebody was here signed in: a date, nothing else.
create table person_days (
	person_id bigint not null references people,
	day date not null,
	primary key (person_id, day)
);
create index person_days_old on person_days (day);
-- How many there ever were; rows older than the rules look at go.
create index revisions_of_editor on revisions (editor_id) where number > 0;
alter table people add column days_visited integer not null default 0;

-- People who seem to raise each other, for moderators to judge.
create table reputation_rings (
	id bigint generated always as identity primary key,
	-- In order; the same people are one suspicion.
	members bigint[] not null,
	state text not null default 'open',
	-- How many acts went around among them, and how many of those paid nothing.
	acts integer not null,
	discounted integer not null,
	found_at timestamptz not null default now(),
	seen_at timestamptz not null default now(),
	decided_by bigint references people,
	decided_at timestamptz,
	reason text not null default '',
	constraint reputation_rings_state check (state in ('open', 'dismissed', 'confirmed')),
	constraint reputation_rings_members check (cardinality(members) between 2 and 50),
	constraint reputation_rings_reason check (char_length(reason) <= 500)
);
create unique index reputation_rings_once on reputation_rings (members);
create index reputation_rings_open on reputation_rings (state, seen_at desc, id desc);
create index reputation_rings_of_members on reputation_rings using gin (members);

-- What was earned before there was a ledger: the worker writes it.
insert into jobs (kind, key) select 'standing_all', 'standing_all' where exists (select from posts);
