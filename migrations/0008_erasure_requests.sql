-- Requests to be forgotten that come by the site's own form, and what became of them.

alter table mirror_erasures
	-- As the form said; they go with the request's end, as far as they are personal.
	add column name text not null default '',
	add column address text not null default '',
	add column language text not null default 'en',
	-- The post that the address was found to mean.
	add column post_id bigint references posts,
	add column decided_at timestamptz;

-- Original addresses, for finding what somebody means.
create index mirror_items_of_url on mirror_items using hash (url) where url <> '';

-- Where a topic went when it was merged into another: old addresses lead there.
create table topic_merges (
	topic_id bigint primary key references topics,
	into_id bigint not null references topics,
	merged_by bigint references people,
	merged_at timestamptz not null default now(),
	-- The posts that moved, with what they were before: to undo it.
	moved jsonb not null,
	constraint topic_merges_other check (topic_id <> into_id)
);
create index topic_merges_into on topic_merges (into_id);
