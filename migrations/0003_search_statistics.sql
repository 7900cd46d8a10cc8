-- What the ask page's suggestions and the search are good for. Nothing here says who:
-- no person, no address, no cookie; a day instead of a time.
--
-- What is written while people read is unlogged: a crash may lose some of it, and
-- writing it waits for no disk. The job "counts" adds it up by day; only the sums
-- are kept for long (src/forum/statistics.c).

-- An ask page that somebody began to fill in. The number is random, stands in the
-- page's form, and is known to nobody else.
create unlogged table deflection_views (
	id text primary key,
	day date not null default (now() at time zone 'utc')::date,
	is_shown boolean not null default false,
	is_opened boolean not null default false,
	is_solved boolean not null default false,
	is_followed boolean not null default false,
	-- The question that was asked all the same. Public, as is who asked it.
	asked_topic_id bigint,
	constraint deflection_views_id_form check (id ~ '^[A-Za-z0-9_-]{43}$')
);
create index deflection_views_by_day on deflection_views (day);
create index deflection_views_failed on deflection_views (asked_topic_id desc)
	where is_shown and asked_topic_id is not null;

-- What such a page showed, and at which place first.
create unlogged table deflection_hits (
	view_id text not null references deflection_views on delete cascade,
	topic_id bigint not null,
	position smallint not null,
	is_opened boolean not null default false,
	is_solved boolean not null default false,
	is_followed boolean not null default false,
	primary key (view_id, topic_id)
);

create unlogged table search_log (
	id bigint generated always as identity primary key,
	day date not null default (now() at time zone 'utc')::date,
	-- The meaning-bearing words in alphabetical order: what searches are grouped by.
	words text not null,
	-- The same search as it was typed, without what could name a person.
	example text not null,
	has_hits boolean not null,
	constraint search_log_length check (char_length(words) <= 200 and char_length(example) <= 200)
);
create index search_log_by_day on search_log (day);

create unlogged table search_opened (
	id bigint generated always as identity primary key,
	day date not null default (now() at time zone 'utc')::date,
	position smallint not null,
	constraint search_opened_position check (position between 1 and 50)
);
create index search_opened_by_day on search_opened (day);

-- Sums, by day --------------------------------------------------------------------

create table deflection_days (
	day date primary key,
	started integer not null,
	shown integer not null,
	opened integer not null,
	solved integer not null,
	followed integer not null,
	asked integer not null,
	-- Asked although something was shown.
	asked_although integer not null,
	-- Opened a suggestion and neither asked nor said that it helped.
	left_after_opening integer not null
);

create table search_days (
	day date primary key,
	searches integer not null,
	without_result integer not null
);

-- Searches without a result.
create table search_word_days (
	day date not null,
	words text not null,
	example text not null,
	searches integer not null,
	primary key (day, words)
);

create table search_position_days (
	day date not null,
	position smallint not null,
	opened integer not null,
	primary key (day, position)
);
