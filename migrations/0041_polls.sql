-- Polls in topics: one a topic, asked by its author or by the team.

create table polls (
	id bigint generated always as identity primary key,
	topic_id bigint not null unique references topics,
	author_id bigint references people,
	question text not null,
	is_multiple boolean not null,
	-- When people see what came of it.
	shows text not null,
	closes_at timestamptz not null,
	created_at timestamptz not null default now(),
	-- By the triggers of poll_votes.
	voter_count integer not null default 0,
	removed_at timestamptz,
	removed_by bigint references people,
	removal_reason text not null default '',
	constraint polls_question_length check (char_length(question) between 1 and 200),
	constraint polls_shows check (shows in ('always', 'voted', 'closed')),
	constraint polls_removed check ((removed_at is null) = (removal_reason = '')),
	constraint polls_removal_length check (char_length(removal_reason) <= 300)
);

create table poll_choices (
	poll_id bigint not null references polls,
	position smallint not null,
	label text not null,
	vote_count integer not null default 0,
	primary key (poll_id, position),
	constraint poll_choices_position check (position between 1 and 10),
	constraint poll_choices_label_length check (char_length(label) between 1 and 100)
);

-- Whose account is erased stays as "Former member": the vote counts on.
create table poll_votes (
	poll_id bigint not null references polls,
	person_id bigint not null references people,
	choices smallint[] not null,
	voted_at timestamptz not null default now(),
	primary key (poll_id, person_id),
	constraint poll_votes_choices check (cardinality(choices) between 1 and 10)
);
create index poll_votes_of_person on poll_votes (person_id);

-- Its page asks for the poll only then.
alter table topics add column has_poll boolean not null default false;
