-- Listening: what the forum and the mirrored sources say, by theme and week.
-- src/forum/listening.h says what for.

create table listening_themes (
	id bigint generated always as identity primary key,
	name text not null,
	-- One a line, in any language; as the watched words of crisis mode.
	words text not null default '',
	-- Whatever is asked there is of the theme; those below a first-level one included.
	category_ids bigint[] not null default '{}',
	changed_by bigint references people,
	changed_at timestamptz not null default now(),
	constraint listening_themes_name check (char_length(name) between 1 and 60),
	constraint listening_themes_words check (octet_length(words) <= 8000),
	constraint listening_themes_categories check (cardinality(category_ids) <= 200)
);
create unique index listening_themes_by_name on listening_themes (lower(name));
create index listening_themes_by_changer on listening_themes (changed_by) where changed_by is not null;

-- Derived from posts and themes; recomputed by listening_count.c. source_id: a mirrored
-- source, or 0 for the forum's own. theme_id 0: all texts; a text of two themes counts in
-- both. A week is its Monday, by the desk's wall.
create table listening_counts (
	week date not null,
	source_id bigint not null,
	theme_id bigint not null,
	count integer not null,
	primary key (week, source_id, theme_id),
	constraint listening_counts_week check (extract(isodow from week) = 1),
	constraint listening_counts_count check (count > 0)
);

-- Null: themes were changed since, and all weeks are counted anew.
create table listening_state (
	is_only boolean primary key default true,
	counted_at timestamptz,
	constraint listening_state_one check (is_only)
);
insert into listening_state default values;
