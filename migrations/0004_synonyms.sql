-- Words that stand for each other in searches, as administrators write them. Each
-- saving is a row and the newest counts, so that history and undo need no more.
-- Append only.
create table synonym_lists (
	id bigint generated always as identity primary key,
	-- What it was written over, 0 for the first: two people who change the same
	-- lists at once cannot both be saved.
	follows_id bigint not null,
	french text not null,
	english text not null,
	-- The lists that come with the program; the texts are empty then.
	is_default boolean not null default false,
	author_id bigint references people,
	created_at timestamptz not null default now(),
	constraint synonym_lists_over_newest unique (follows_id),
	constraint synonym_lists_length check (octet_length(french) <= 65536 and octet_length(english) <= 65536),
	constraint synonym_lists_default_is_empty check (not is_default or (french = '' and english = ''))
);
