-- What the team does with whole questions: merge, split, move, set a state, pin, lock,
-- give to another author, withdraw. Each act is a row with what it takes to undo it.

-- Was never written: where a question went stands in its own row.
drop table topic_merges;

alter table topics
	-- Its posts are there now; this row stays for its old address, and for the undo.
	add column merged_into bigint references topics,
	-- The post that was its question.
	add column merged_post_id bigint references posts,
	-- 'category': on top of its category's list; 'everywhere': of all lists.
	add column pinned text not null default '',
	add column pinned_until timestamptz,
	-- Nobody but moderators writes or changes anything in it.
	add column is_locked boolean not null default false,
	-- Why it is in its state, for everybody to read.
	add column status_reason text not null default '',
	add constraint topics_pinned check (pinned in ('', 'category', 'everywhere')),
	add constraint topics_merged_hidden check (merged_into is null or visibility = 'withdrawn'),
	add constraint topics_merged_elsewhere check (merged_into is null or merged_into <> id),
	add constraint topics_status_reason_length check (char_length(status_reason) <= 500);
create index topics_merged on topics (merged_into) where merged_into is not null;
create index topics_merged_posts on topics (merged_post_id) where merged_post_id is not null;
create index topics_on_top on topics (pinned, created_at desc, id desc) where pinned <> '' and visibility = 'visible';

create table topic_acts (
	id bigint generated always as identity primary key,
	kind text not null,
	topic_id bigint not null references topics,
	-- Merge: where to; split: the new question.
	other_id bigint references topics,
	-- Author: of this post.
	post_id bigint references posts,
	actor_id bigint references people,
	reason text not null default '',
	-- Of simple acts: the fields that changed, as they were and as they became. No words
	-- of anybody: these rows outlive an erasure.
	before jsonb not null default '{}',
	after jsonb not null default '{}',
	-- Of merge and split: what was moved and added.
	moved jsonb not null default '{}',
	created_at timestamptz not null default clock_timestamp(),
	undone_at timestamptz,
	undone_by bigint references people,
	constraint topic_acts_kind check (kind in
		('merge', 'split', 'move', 'status', 'pin', 'lock', 'author', 'visibility')),
	constraint topic_acts_reason_length check (char_length(reason) <= 500),
	constraint topic_acts_other check (other_id is null or other_id <> topic_id)
);
create index topic_acts_of_topic on topic_acts (topic_id, id desc);
create index topic_acts_of_other on topic_acts (other_id, id desc) where other_id is not null;
