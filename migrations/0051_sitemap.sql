-- Sitemaps (src/forum/sitemap.h): each file ready to be sent, so that any node can send
-- it and an update writes only the files that something happened in.
create table sitemap_files (
	kind text not null,
	-- Of topics, articles, tags and people: their ids divided by 10,000.
	number bigint not null,
	addresses integer not null,
	-- XML, gzipped.
	body bytea not null,
	-- When its contents last became others, when it was last made, and since when
	-- something in it has changed (null: nothing since).
	changed_at timestamptz not null default now(),
	built_at timestamptz not null default now(),
	touched_at timestamptz,
	constraint sitemap_files_pkey primary key (kind, number),
	constraint sitemap_files_kind check (kind in ('topics', 'articles', 'tags', 'people', 'pages', 'recent'))
);
-- It is compressed already.
alter table sitemap_files alter column body set storage external;

-- What happened since the worker last looked. Only ever appended to, without a key, so
-- that writers do not wait for each other; losing it in a crash costs a day, for every
-- file is made anew once a day.
create unlogged table sitemap_touches (
	kind text not null,
	subject_id bigint not null
);
