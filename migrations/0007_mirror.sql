-- Mirrors of conversations elsewhere (docs/mirroring.md). What stands here is
-- derived from another network and from what was answered to it; what people see
-- are ordinary topics and posts.

create table mirror_sources (
	id bigint generated always as identity primary key,
	connector text not null,
	account text not null,
	name text not null,
	category_id bigint not null references categories,
	language text not null,
	-- 'paused' and 'removed' by people; 'stopped' by the worker, with the reason.
	state text not null default 'active',
	state_reason text not null default '',
	created_at timestamptz not null default now(),
	created_by bigint references people,
	-- Privacy, as the brand chose: 'nobody' (no users' texts at all), 'anonymous',
	-- 'first_name', 'name'.
	show_authors text not null default 'anonymous',
	index_comments boolean not null default true,
	-- Who decided that, and when: the Terms ask for it (docs/mirroring.md).
	privacy_decided_by bigint references people,
	privacy_decided_at timestamptz,
	-- Characters of answers that a thread needs to be worth indexing.
	index_answer_min integer not null default 40,
	keep_removed_days integer not null default 30,
	keep_raw_days integer not null default 30,
	poll_minutes integer not null default 10,
	-- What was read, and when.
	-- A backfill that was asked for (or broke off) goes on from its start's time.
	backfill_asked_at timestamptz,
	backfill_started_at timestamptz,
	backfilled_at timestamptz,
	-- What the connector left for the next reading of posts.
	watermark text not null default '',
	polled_at timestamptz,
	counted_at timestamptz,
	swept_at timestamptz,
	event_at timestamptz,
	health_at timestamptz,
	health jsonb not null default '{}',
	usage_percent integer not null default 0,
	usage_until timestamptz,
	writes_blocked_until timestamptz,
	written_at timestamptz,
	concluded_at timestamptz,
	brake_at timestamptz,
	-- Which alerts were sent, and when: {"token": "2026-11-22T10:00:00Z"}.
	alerts jsonb not null default '{}',
	token_expires_at timestamptz,
	failed_calls integer not null default 0,
	last_error text not null default '',
	last_trace_id text not null default '',
	last_error_at timestamptz,
	constraint mirror_sources_unique unique (connector, account),
	constraint mirror_sources_language check (language in ('fr', 'en')),
	constraint mirror_sources_state check (state in ('active', 'paused', 'stopped', 'removed')),
	constraint mirror_sources_show_authors check (show_authors in ('nobody', 'anonymous', 'first_name', 'name')),
	constraint mirror_sources_days check (keep_removed_days between 0 and 3650 and keep_raw_days between 1 and 3650),
	constraint mirror_sources_poll check (poll_minutes between 1 and 1440)
);

-- People elsewhere, by the id that their network gives them for this account.
create table mirror_authors (
	id bigint generated always as identity primary key,
	source_id bigint not null references mirror_sources,
	author_key text not null,
	name text not null default '',
	-- A member who showed an advisor that this is them.
	person_id bigint references people,
	claimed_by bigint references people,
	-- Nothing of theirs is kept or shown again; erasing: the worker is still at it.
	erased_at timestamptz,
	is_erasing boolean not null default false,
	constraint mirror_authors_unique unique (source_id, author_key)
);
create index mirror_authors_erasing on mirror_authors (source_id) where is_erasing;
create index mirror_authors_of_person on mirror_authors (person_id) where person_id is not null;

-- One row for each post or comment that was ever seen there, for ever: a removed
-- one keeps its ids and times, so that a late notice does not bring it back.
create table mirror_items (
	id bigint generated always as identity primary key,
	source_id bigint not null references mirror_sources,
	kind text not null,
	key text not null,
	address text not null,
	parent_key text not null default '',
	root_key text not null default '',
	author_id bigint references mirror_authors,
	is_self boolean not null default false,
	is_by_visitor boolean not null default false,
	can_comment boolean not null default true,
	title text not null default '',
	body text not null default '',
	-- Foreign markup as it came, where texts come so (feeds).
	html text not null default '',
	url text not null default '',
	visibility text not null default 'public',
	created_at timestamptz,
	edited_at timestamptz,
	-- When it was last read from the network itself.
	confirmed_at timestamptz,
	-- Of when the text and the visibility are: a read's time, else a notice's.
	text_at timestamptz,
	visibility_at timestamptz,
	-- Final when the network said so (or its parent went so); else concluded from
	-- absence, which a later read undoes.
	removed_at timestamptz,
	is_removal_final boolean not null default false,
	-- First and last time that it could not be read although its post could.
	missing_since timestamptz,
	missing_at timestamptz,
	missing_count integer not null default 0,
	comment_count integer not null default -1,
	comments_read_at timestamptz,
	touched_at timestamptz not null default now(),
	reactions jsonb not null default '{}',
	-- What it is here. A comment whose post or parent is not known yet has none.
	topic_id bigint references topics,
	post_id bigint references posts,
	-- Written here and sent there: its author and words are the forum's.
	is_ours boolean not null default false,
	constraint mirror_items_unique unique (source_id, kind, key),
	constraint mirror_items_kind check (kind in ('post', 'comment')),
	constraint mirror_items_visibility check (visibility in ('public', 'hidden', 'private', 'unpublished'))
);
create unique index mirror_items_of_post on mirror_items (post_id) where post_id is not null;
create index mirror_items_of_topic on mirror_items (topic_id) where topic_id is not null;
create index mirror_items_of_root on mirror_items (source_id, root_key);
create index mirror_items_of_parent on mirror_items (source_id, parent_key) where kind = 'comment';
create index mirror_items_touched on mirror_items (source_id, touched_at desc) where kind = 'post';
create index mirror_items_of_author on mirror_items (author_id) where author_id is not null;
-- What retention and absence look for.
create index mirror_items_removed on mirror_items (source_id, removed_at) where removed_at is not null;
create index mirror_items_missing on mirror_items (source_id, missing_since)
	where missing_since is not null and removed_at is null;
create index mirror_items_read on mirror_items (source_id, comments_read_at nulls first) where kind = 'post';

-- Read again soon; merged by key, so that a burst about one thing costs one read.
create table mirror_refreshes (
	source_id bigint not null references mirror_sources,
	kind text not null,
	key text not null,
	address text not null,
	with_comments boolean not null default false,
	asked_at timestamptz not null default clock_timestamp(),
	run_at timestamptz not null default clock_timestamp(),
	attempts integer not null default 0,
	primary key (source_id, kind, key)
);
create index mirror_refreshes_due on mirror_refreshes (source_id, run_at);

-- Notices as they came: raw bytes first, understood later.
create table mirror_deliveries (
	id bigint generated always as identity primary key,
	connector text not null,
	received_at timestamptz not null default clock_timestamp(),
	body bytea not null,
	body_hash bytea not null,
	state text not null default 'waiting',
	attempts integer not null default 0,
	run_at timestamptz not null default clock_timestamp(),
	unknown_count integer not null default 0,
	error text not null default '',
	done_at timestamptz,
	constraint mirror_deliveries_state check (state in ('waiting', 'done', 'dead'))
);
create index mirror_deliveries_waiting on mirror_deliveries (id) where state = 'waiting';
create index mirror_deliveries_dead on mirror_deliveries (id) where state = 'dead';
create index mirror_deliveries_old on mirror_deliveries (received_at);

-- What is sent there. A row is 'sending' before the call is made: a worker that dies
-- leaves 'sending', which is then 'unknown' and resolved by looking.
create table mirror_outbox (
	id bigint generated always as identity primary key,
	source_id bigint not null references mirror_sources,
	kind text not null,
	-- What is answered, edited, hidden, deleted; and our post whose text it is.
	item_id bigint not null references mirror_items,
	post_id bigint references posts,
	actor_id bigint references people,
	body text not null default '',
	state text not null default 'queued',
	attempts integer not null default 0,
	looks integer not null default 0,
	created_at timestamptz not null default now(),
	run_at timestamptz not null default now(),
	sent_first_at timestamptz,
	done_at timestamptz,
	sent_key text not null default '',
	sent_url text not null default '',
	error text not null default '',
	trace_id text not null default '',
	constraint mirror_outbox_kind check (kind in ('reply', 'edit', 'hide', 'unhide', 'delete')),
	constraint mirror_outbox_state check (state in ('queued', 'sending', 'unknown', 'sent', 'failed', 'cancelled'))
);
create index mirror_outbox_due on mirror_outbox (source_id, run_at, id) where state in ('queued', 'sending', 'unknown');
create index mirror_outbox_of_post on mirror_outbox (post_id) where post_id is not null;
create index mirror_outbox_failed on mirror_outbox (source_id, id desc) where state = 'failed';

-- Pictures, copied when first seen. The file is named by its content.
create table mirror_media (
	id bigint generated always as identity primary key,
	item_id bigint not null references mirror_items,
	position integer not null,
	kind text not null,
	source_url text not null default '',
	link text not null default '',
	title text not null default '',
	state text not null default 'waiting',
	attempts integer not null default 0,
	run_at timestamptz not null default now(),
	file text not null default '',
	width integer not null default 0,
	height integer not null default 0,
	bytes integer not null default 0,
	error text not null default '',
	constraint mirror_media_unique unique (item_id, position),
	constraint mirror_media_state check (state in ('waiting', 'stored', 'refused', 'removed', 'none'))
);
create index mirror_media_due on mirror_media (run_at) where state = 'waiting';

-- Requests to be forgotten: Facebook's callback, the form on the site, moderators.
create table mirror_erasures (
	id bigint generated always as identity primary key,
	code text not null,
	source_id bigint references mirror_sources,
	origin text not null,
	-- What the callback named, or the form said.
	scoped_id text not null default '',
	details text not null default '',
	contact text not null default '',
	state text not null default 'received',
	outcome text not null default '',
	author_id bigint references mirror_authors,
	decided_by bigint references people,
	created_at timestamptz not null default now(),
	done_at timestamptz,
	constraint mirror_erasures_code_unique unique (code),
	constraint mirror_erasures_origin check (origin in ('callback', 'deauthorize', 'form', 'moderator')),
	constraint mirror_erasures_state check (state in ('received', 'done', 'refused', 'unknown_person'))
);
create index mirror_erasures_open on mirror_erasures (created_at) where state = 'received';

-- Where a topic comes from ('forum', 'stackexchange', 'facebook', 'feed'); for a
-- mirrored one, the original's address and whether search engines may have it.
alter table topics add column source text not null default 'forum';
alter table topics add column mirror_source_id bigint references mirror_sources;
alter table topics add column source_url text not null default '';
create index topics_mirrored on topics (mirror_source_id, created_at desc, id desc) where mirror_source_id is not null;

-- A reply to a reply: shown under the answer (parent_id), beside the one it answers.
alter table posts add column reply_to_id bigint references posts;

-- Written by the account that is mirrored: the brand speaks.
alter table posts add column is_official boolean not null default false;
alter table topics add column is_official boolean not null default false;

-- Threads to be shown anew although nothing changed there: a choice was changed here.
create table mirror_reshows (
	source_id bigint not null references mirror_sources,
	root_key text not null,
	primary key (source_id, root_key)
);

alter table mails drop constraint mails_kind;
alter table mails add constraint mails_kind check (kind in
	('confirm', 'reset', 'exists', 'change_email', 'email_changed', 'password_changed', 'notification', 'mirror'));
