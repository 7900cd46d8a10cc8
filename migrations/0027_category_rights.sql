-- Who may ask and answer where, categories that were closed down, and what administrators
-- changed about them.

alter table categories
	-- The least role: of those who may ask, and of those who may answer and comment.
	add column ask_role text not null default 'customer',
	add column answer_role text not null default 'customer',
	add column archived_at timestamptz,
	-- Where its questions went; its address leads there.
	add column moved_to bigint references categories,
	add constraint categories_ask_role check (ask_role in ('customer', 'advisor', 'moderator')),
	add constraint categories_answer_role check (answer_role in ('customer', 'advisor', 'moderator')),
	add constraint categories_moved check (moved_to is null or archived_at is not null),
	add constraint categories_names check (char_length(name_fr) between 1 and 80
		and char_length(name_en) between 1 and 80);

-- Addresses that a category had; filled by a trigger.
create table category_slugs (
	slug text primary key,
	category_id bigint not null references categories
);

-- Append only: the category's row before and after, as JSON; no "before": it was made.
create table category_changes (
	id bigint generated always as identity primary key,
	category_id bigint not null references categories,
	before jsonb,
	after jsonb not null,
	changed_by bigint references people,
	changed_at timestamptz not null default now(),
	reason text not null default '',
	undoes_id bigint references category_changes,
	constraint category_changes_reason check (char_length(reason) <= 200)
);
create index category_changes_of_category on category_changes (category_id, id desc);

-- What left a category when it was archived, to be brought back by undo.
create table category_moved_topics (
	category_id bigint not null references categories,
	topic_id bigint not null references topics,
	primary key (category_id, topic_id)
);
