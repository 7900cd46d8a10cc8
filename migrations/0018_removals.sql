-- Removing all that a person wrote: in the background, in batches, undoable for thirty
-- days. What each post was is kept, so that undoing puts back exactly that.

create table removals (
	id bigint generated always as identity primary key,
	person_id bigint not null references people,
	asked_by bigint references people,
	asked_at timestamptz not null default now(),
	reason text not null,
	is_spam boolean not null default true,
	case_id bigint references moderation_cases,
	state text not null default 'removing',
	total integer not null default 0,
	done integer not null default 0,
	last_post_id bigint not null default 0,
	ended_at timestamptz,
	undone_by bigint references people,
	undone_at timestamptz,
	constraint removals_state check (state in ('removing', 'removed', 'restoring', 'restored')),
	constraint removals_reason check (char_length(reason) between 1 and 1000)
);
create index removals_of_person on removals (person_id, id desc);
-- One at a time of a person.
create unique index removals_under_way on removals (person_id) where state in ('removing', 'restoring');

create table removal_posts (
	removal_id bigint not null references removals,
	post_id bigint not null references posts,
	was text not null,
	primary key (removal_id, post_id),
	constraint removal_posts_was check (was in ('visible', 'held'))
);
create index removal_posts_of_post on removal_posts (post_id);
