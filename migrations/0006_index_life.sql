-- The life of the search index: what it owes in an order, what was found to be
-- related apart from that, and how it is.

-- 0: words that somebody wrote just now, 1: words that came in bulk, 2: no words.
alter table search_marks add column priority smallint not null default 1,
	add constraint search_marks_priority check (priority between 0 and 2);
create index search_marks_words on search_marks (marked_at desc) where priority = 0;

-- Whose "related questions" are to be found again, when there is nothing better to do.
create table related_due (
	topic_id bigint primary key references topics,
	due_at timestamptz not null default clock_timestamp()
);
create index related_due_oldest on related_due (due_at);

-- One row: the index is one.
create table search_state (
	is_only boolean primary key default true,
	last_commit_at timestamptz,
	-- What the last attempt to write ended with; '' if it worked.
	failure text not null default '',
	failing_since timestamptz,
	-- In a row, and ever.
	failures integer not null default 0,
	failure_count bigint not null default 0,
	retry_at timestamptz,
	-- Somebody met broken parts in it: it is not written any more.
	is_broken boolean not null default false,
	-- The new one that is being built, by the time it was begun at, or null.
	generation bigint,
	generation_began_at timestamptz,
	generation_done bigint not null default 0,
	generation_total bigint not null default 0,
	built_at timestamptz,
	constraint search_state_one_row check (is_only)
);
insert into search_state default values;

-- What went into the living index while the next one was built: to be done again.
create table search_redone (
	topic_id bigint primary key
);
