-- What administrators do with tags: describe, restrict, rename, merge, undo; and the words
-- that stand for a tag, or may not be one.

alter table tags
	add column description_fr text not null default '',
	add column description_en text not null default '',
	-- Only advisors and above may put it on a question.
	add column is_restricted boolean not null default false,
	-- Its newest visible question; the epoch: none. As topic_count, by the job "counts".
	add column used_at timestamptz not null default to_timestamp(0),
	-- Its questions went, or are going, to that tag; never one that was merged itself.
	add column merged_into bigint references tags,
	add constraint tags_descriptions check (char_length(description_fr) <= 300
		and char_length(description_en) <= 300),
	add constraint tags_not_into_itself check (merged_into <> id);
create index tags_used on tags (used_at desc, name);
create index tags_merged on tags (merged_into) where merged_into is not null;
update tags g set used_at = coalesce((select max(t.created_at)
	from topic_tags tt join topics t on t.id = tt.topic_id and t.visibility = 'visible'
	where tt.tag_id = g.id), to_timestamp(0));

-- Synonyms and earlier names, which lead to their tag; and words that may not be tags.
-- Found without regard to accents, when no tag has exactly that name.
create table tag_words (
	word text primary key,
	folded text not null generated always as
		(regexp_replace(normalize(lower(word), NFD), '[\u0300-\u036f]', '', 'g')) stored,
	kind text not null,
	tag_id bigint references tags,
	made_at timestamptz not null default now(),
	constraint tag_words_kind check (kind in ('synonym', 'earlier', 'forbidden')),
	constraint tag_words_leads check ((kind = 'forbidden') = (tag_id is null)),
	constraint tag_words_length check (char_length(word) between 1 and 35)
);
create index tag_words_prefix on tag_words (word text_pattern_ops);
create index tag_words_folded on tag_words (folded);
create index tag_words_of_tag on tag_words (tag_id);

-- Renaming and merging: done in the background, in batches, undoable for thirty days.
create table tag_changes (
	id bigint generated always as identity primary key,
	kind text not null,
	tag_id bigint not null references tags,
	other_id bigint references tags,
	from_name text not null,
	to_name text not null,
	reason text not null,
	asked_by bigint references people,
	asked_at timestamptz not null default now(),
	state text not null default 'running',
	total integer not null default 0,
	done integer not null default 0,
	-- How far the undoing of a merge is.
	last_topic_id bigint not null default 0,
	ended_at timestamptz,
	undone_by bigint references people,
	undone_at timestamptz,
	-- Of a merge: what else went over, as lists of numbers and words.
	moved jsonb not null default '{}',
	constraint tag_changes_kind check (kind in ('rename', 'merge')),
	constraint tag_changes_other check ((kind = 'merge') = (other_id is not null)),
	constraint tag_changes_state check (state in ('running', 'done', 'undoing', 'undone')),
	constraint tag_changes_reason check (char_length(reason) between 1 and 200)
);
create index tag_changes_of_tag on tag_changes (tag_id, id desc);
create index tag_changes_of_other on tag_changes (other_id, id desc);
-- One at a time of a tag.
create unique index tag_changes_under_way on tag_changes (tag_id) where state in ('running', 'undoing');

-- What each question had: the merged tag at that place, and perhaps the other one as well.
create table tag_change_topics (
	change_id bigint not null references tag_changes,
	topic_id bigint not null references topics,
	position smallint not null,
	had_other boolean not null,
	primary key (change_id, topic_id)
);

-- Who follows a tag because another was merged into it; undo takes it back.
alter table follows add column merged_by bigint references tag_changes;
create index follows_merged on follows (merged_by) where merged_by is not null;
