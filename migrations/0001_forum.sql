-- The forum's tables. Truth lives here: in keys, named constraints and states;
-- what is derived (counts, scores) is kept by the triggers of functions.sql,
-- always in the order topic, post, person, so that two writers cannot deadlock.
--
-- Landed: never edited again. Changes come as another file.

-- People -------------------------------------------------------------------

create table people (
	id bigint generated always as identity primary key,
	name text not null,
	-- What stands after '@': the name as a slug. Null for imported authors,
	-- whose names need not be unique.
	handle text,
	email text,
	-- Lower case; what sign-up and login compare.
	email_key text,
	password_hash text,
	role text not null default 'customer',
	state text not null default 'unconfirmed',
	is_trusted boolean not null default false,
	language text not null default 'fr',
	title text not null default '',
	bio_md text not null default '',
	bio_html text not null default '',
	wants_mail boolean not null default true,
	charter_version text,
	charter_accepted_at timestamptz,
	email_confirmed_at timestamptz,
	created_at timestamptz not null default now(),
	-- Derived, by trigger.
	question_count integer not null default 0,
	answer_count integer not null default 0,
	accepted_count integer not null default 0,
	thanks_count integer not null default 0,
	reputation integer not null default 0,
	constraint people_name_length check (char_length(name) between 1 and 60),
	constraint people_role check (role in ('customer', 'advisor', 'moderator', 'administrator')),
	constraint people_state check (state in ('unconfirmed', 'active', 'suspended', 'imported', 'anonymised')),
	constraint people_language check (language in ('fr', 'en')),
	constraint people_bio_length check (octet_length(bio_md) <= 4000),
	constraint people_email_when_active check (state in ('imported', 'anonymised') or email_key is not null)
);
create unique index people_email_unique on people (email_key);
create unique index people_handle_unique on people (handle);

create table sessions (
	-- SHA-256 of the token; the token itself is only in the person's cookie.
	token_hash bytea primary key,
	-- For the list of sessions: names one without giving it away.
	id bigint generated always as identity unique,
	person_id bigint not null references people,
	created_at timestamptz not null default now(),
	seen_at timestamptz not null default now(),
	expires_at timestamptz not null,
	address text not null default '',
	user_agent text not null default '',
	constraint sessions_hash_length check (octet_length(token_hash) = 32)
);
create index sessions_of_person on sessions (person_id, seen_at desc);
create index sessions_expired on sessions (expires_at);

-- Links sent by mail: once, for a while, only their hash is kept.
create table mail_tokens (
	token_hash bytea primary key,
	person_id bigint not null references people,
	purpose text not null,
	email text not null,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null,
	used_at timestamptz,
	constraint mail_tokens_purpose check (purpose in ('confirm', 'reset', 'change_email'))
);
create index mail_tokens_of_person on mail_tokens (person_id, purpose);
create index mail_tokens_expired on mail_tokens (expires_at);

-- Fixed windows of attempts; losing it in a crash only forgives.
create unlogged table throttles (
	key text primary key,
	attempts integer not null,
	ends_at timestamptz not null
);
create index throttles_ended on throttles (ends_at);

-- A form's key and what came of it: a repeat gets the first result.
create table form_keys (
	person_id bigint not null,
	key text not null,
	result text not null default '',
	created_at timestamptz not null default now(),
	primary key (person_id, key),
	constraint form_keys_length check (char_length(key) between 16 and 64)
);
create index form_keys_old on form_keys (created_at);

-- Places -------------------------------------------------------------------

create table categories (
	id bigint generated always as identity primary key,
	parent_id bigint references categories,
	slug text not null,
	position integer not null default 0,
	icon text not null default 'community',
	name_fr text not null,
	name_en text not null,
	description_fr text not null default '',
	description_en text not null default '',
	-- Refreshed by the worker's job "counts", so that no row is hot.
	topic_count integer not null default 0,
	constraint categories_slug_unique unique (slug),
	constraint categories_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(slug) <= 60)
);

create table tags (
	id bigint generated always as identity primary key,
	name text not null,
	topic_count integer not null default 0,
	created_at timestamptz not null default now(),
	constraint tags_name_unique unique (name),
	constraint tags_name_length check (char_length(name) between 1 and 35)
);
create index tags_popular on tags (topic_count desc, name);
create index tags_prefix on tags (name text_pattern_ops);

-- Questions and what is said under them --------------------------------------

create table topics (
	id bigint generated always as identity primary key,
	category_id bigint not null references categories,
	-- The category's parent, or itself: so that a list of a first-level category
	-- is one index range.
	top_category_id bigint not null references categories,
	author_id bigint references people,
	author_name text not null default '',
	title text not null,
	-- The question's first words without markup, for lists: made when it is
	-- written, because twenty a page are too dear to make when it is read.
	excerpt text not null default '',
	language text not null default 'fr',
	-- What people set; new, answered and solved follow from the counts.
	status text not null default 'open',
	duplicate_of bigint references topics,
	status_by bigint references people,
	status_at timestamptz,
	visibility text not null default 'visible',
	created_at timestamptz not null default now(),
	active_at timestamptz not null default now(),
	-- update … set last_number = last_number + 1 … returning: max+1 loses posts.
	last_number integer not null default 0,
	votes_imported integer not null default 0,
	views_imported integer not null default 0,
	-- Derived, by trigger.
	answer_count integer not null default 0,
	comment_count integer not null default 0,
	accepted_count integer not null default 0,
	me_too_count integer not null default 0,
	score integer not null default 0,
	first_answer_at timestamptz,
	solved_at timestamptz,
	-- What the indexes look at, instead of the counts: a second answer changes no
	-- index then, and the row is updated in place (measured: 160 µs against 65).
	is_answered boolean not null generated always as (answer_count > 0) stored,
	is_solved boolean not null generated always as (accepted_count > 0) stored,
	-- "12:wifi,7:fibre", numbers and names in order, so that lists need no join
	-- (measured: 21 rows 0.9 ms with it, 0.2 without).
	tag_list text not null default '',
	constraint topics_title_length check (char_length(title) between 1 and 255),
	constraint topics_language check (language in ('fr', 'en')),
	constraint topics_status check (status in ('open', 'needs_information', 'duplicate', 'closed')),
	-- An imported duplicate's original may be missing.
	constraint topics_not_its_own_duplicate check (duplicate_of is null or duplicate_of <> id),
	constraint topics_visibility check (visibility in ('visible', 'withdrawn', 'held'))
) with (fillfactor = 80);
-- Each list is an index range of its own (limits.md: offsets cost 150 times).
create index topics_new on topics (created_at desc, id desc) where visibility = 'visible';
create index topics_unanswered on topics (created_at desc, id desc)
	where visibility = 'visible' and not is_answered and status in ('open', 'needs_information');
create index topics_unsolved on topics (created_at desc, id desc)
	where visibility = 'visible' and not is_solved and status in ('open', 'needs_information');
create index topics_solved on topics (created_at desc, id desc)
	where visibility = 'visible' and is_solved;
create index topics_useful on topics (score desc, id desc) where visibility = 'visible';
create index topics_category_new on topics (category_id, created_at desc, id desc) where visibility = 'visible';
create index topics_category_unanswered on topics (category_id, created_at desc, id desc)
	where visibility = 'visible' and not is_answered and status in ('open', 'needs_information');
create index topics_category_unsolved on topics (category_id, created_at desc, id desc)
	where visibility = 'visible' and not is_solved and status in ('open', 'needs_information');
create index topics_category_solved on topics (category_id, created_at desc, id desc)
	where visibility = 'visible' and is_solved;
create index topics_category_useful on topics (category_id, score desc, id desc) where visibility = 'visible';
create index topics_top_new on topics (top_category_id, created_at desc, id desc) where visibility = 'visible';
create index topics_top_unanswered on topics (top_category_id, created_at desc, id desc)
	where visibility = 'visible' and not is_answered and status in ('open', 'needs_information');
create index topics_top_unsolved on topics (top_category_id, created_at desc, id desc)
	where visibility = 'visible' and not is_solved and status in ('open', 'needs_information');
create index topics_top_solved on topics (top_category_id, created_at desc, id desc)
	where visibility = 'visible' and is_solved;
create index topics_top_useful on topics (top_category_id, score desc, id desc) where visibility = 'visible';
create index topics_of_author on topics (author_id, created_at desc, id desc);
create index topics_duplicates on topics (duplicate_of) where duplicate_of is not null;

create table topic_tags (
	topic_id bigint not null references topics,
	tag_id bigint not null references tags,
	position smallint not null,
	-- The topic's, by trigger: so that a tag's list is one index range.
	created_at timestamptz not null,
	primary key (topic_id, tag_id)
);
create index topic_tags_by_tag on topic_tags (tag_id, created_at desc, topic_id desc);

create table posts (
	id bigint generated always as identity primary key,
	topic_id bigint not null references topics,
	number integer not null,
	kind text not null,
	-- A comment's question or answer.
	parent_id bigint references posts,
	author_id bigint references people,
	author_name text not null default '',
	body_md text not null,
	-- Only ever what text/sanitize.c made of body_md or of an import.
	body_html text not null,
	visibility text not null default 'visible',
	withdrawn_by bigint references people,
	withdrawn_at timestamptz,
	created_at timestamptz not null default now(),
	edited_at timestamptz,
	revision_count integer not null default 0,
	accepted_at timestamptz,
	accepted_by bigint references people,
	votes_imported integer not null default 0,
	-- Where an imported post came from; licences ask that it is shown.
	source_url text,
	source_licence text,
	-- Derived, by trigger.
	thanks_count integer not null default 0,
	score integer not null default 0,
	comment_count integer not null default 0,
	constraint posts_number_unique unique (topic_id, number),
	constraint posts_kind check (kind in ('question', 'answer', 'comment')),
	constraint posts_parent check ((kind = 'comment') = (parent_id is not null)),
	constraint posts_body_length check (octet_length(body_md) <= 200000),
	constraint posts_visibility check (visibility in ('visible', 'withdrawn', 'held')),
	constraint posts_only_answers_accepted check (accepted_at is null or kind = 'answer')
);
create unique index posts_one_question on posts (topic_id) where kind = 'question';
create index posts_answers_by_date on posts (topic_id, created_at, id) where kind = 'answer' and visibility = 'visible';
create index posts_answers_by_score on posts (topic_id, score desc, created_at, id) where kind = 'answer' and visibility = 'visible';
create index posts_accepted on posts (topic_id, accepted_at, id) where accepted_at is not null and visibility = 'visible';
-- For the public and for the team, who also see the few withdrawn ones.
create index posts_comments on posts (parent_id, created_at, id) where kind = 'comment';
create index posts_answers_of_author on posts (author_id, created_at desc, id desc) where kind = 'answer';
create index posts_of_author on posts (author_id, created_at desc, id desc);
-- For what happened lately (top helpers); tiny, and free to keep.
create index posts_lately on posts using brin (created_at);
-- People still see what they withdrew; there is little of it.
create index posts_hidden on posts (topic_id, author_id) where visibility <> 'visible';

-- Every version of an edited post, the first as number 0. Append only.
create table revisions (
	post_id bigint not null references posts,
	number integer not null,
	title text,
	body_md text not null,
	editor_id bigint references people,
	editor_name text not null default '',
	reason text not null default '',
	created_at timestamptz not null default now(),
	primary key (post_id, number),
	constraint revisions_reason_length check (char_length(reason) <= 200)
);

create table thanks (
	post_id bigint not null references posts,
	person_id bigint not null references people,
	created_at timestamptz not null default now(),
	primary key (post_id, person_id)
);
create index thanks_of_person on thanks (person_id);

create table me_too (
	topic_id bigint not null references topics,
	person_id bigint not null references people,
	created_at timestamptz not null default now(),
	primary key (topic_id, person_id)
);
create index me_too_of_person on me_too (person_id);

create table follows (
	person_id bigint not null references people,
	kind text not null,
	target_id bigint not null,
	created_at timestamptz not null default now(),
	primary key (person_id, kind, target_id),
	constraint follows_kind check (kind in ('topic', 'tag', 'category'))
);
create index follows_of_target on follows (kind, target_id, person_id);

create table drafts (
	person_id bigint not null references people,
	-- 'ask', 'answer:TOPIC', 'comment:POST', 'edit:POST'
	place text not null,
	title text not null default '',
	body_md text not null default '',
	category_id bigint references categories,
	tags text not null default '',
	updated_at timestamptz not null default now(),
	primary key (person_id, place),
	constraint drafts_body_length check (octet_length(body_md) <= 64000)
);

-- What people are told -------------------------------------------------------

create table notifications (
	id bigint generated always as identity primary key,
	person_id bigint not null references people,
	kind text not null,
	topic_id bigint not null references topics,
	post_id bigint references posts,
	actor_id bigint references people,
	created_at timestamptz not null default now(),
	read_at timestamptz,
	constraint notifications_kind check (kind in ('answer', 'comment', 'mention', 'accepted', 'thanks', 'question', 'status'))
);
create index notifications_of_person on notifications (person_id, id desc);
-- How many are unread is counted when it is asked: a counter in people would be
-- one more row to lock, in another order, by whoever tells several people.
create index notifications_unread on notifications (person_id) where read_at is null;
create unique index notifications_once on notifications (person_id, kind, topic_id, coalesce(post_id, 0), coalesce(actor_id, 0));

-- The outbox: what leaves the house has a row and a key, so a retry cannot send
-- twice unnoticed.
create table mails (
	id bigint generated always as identity primary key,
	person_id bigint references people,
	address text not null,
	language text not null,
	kind text not null,
	-- What the text needs: link, title, names. Never a password.
	parameters jsonb not null default '{}',
	notification_id bigint references notifications,
	key text not null,
	state text not null default 'queued',
	created_at timestamptz not null default now(),
	sent_at timestamptz,
	error text not null default '',
	constraint mails_key_unique unique (key),
	constraint mails_state check (state in ('queued', 'sent', 'refused', 'cancelled')),
	constraint mails_kind check (kind in ('confirm', 'reset', 'exists', 'change_email', 'email_changed', 'password_changed', 'notification'))
);
create index mails_of_person on mails (person_id, id desc);

-- Work -----------------------------------------------------------------------

create table jobs (
	id bigint generated always as identity primary key,
	kind text not null,
	payload jsonb not null default '{}',
	-- At most one waiting job with that key.
	key text,
	state text not null default 'queued',
	attempts integer not null default 0,
	run_at timestamptz not null default now(),
	leased_until timestamptz,
	created_at timestamptz not null default now(),
	last_error text not null default '',
	constraint jobs_state check (state in ('queued', 'running', 'dead'))
);
create unique index jobs_key_unique on jobs (kind, key) where key is not null and state = 'queued';
create index jobs_due on jobs (run_at, id) where state = 'queued';
create index jobs_leased on jobs (leased_until) where state = 'running';

create table search_marks (
	topic_id bigint primary key references topics,
	marked_at timestamptz not null default clock_timestamp()
);
create index search_marks_oldest on search_marks (marked_at);

-- "Related questions", found by the worker when it indexes a topic, so that no page
-- has to search.
create table related_topics (
	topic_id bigint not null references topics,
	position smallint not null,
	related_id bigint not null references topics,
	primary key (topic_id, position)
);

-- Refreshed by the job "counts": who helped most in the last thirty days.
create table top_helpers (
	person_id bigint primary key references people,
	position integer not null,
	points integer not null,
	answers integer not null,
	accepted integer not null,
	thanks integer not null,
	refreshed_at timestamptz not null default now()
);

-- Append only: the application's role has select and insert, nothing else.
create table audit_log (
	id bigint generated always as identity primary key,
	at timestamptz not null default now(),
	actor_id bigint,
	action text not null,
	subject text not null,
	subject_id bigint,
	details jsonb not null default '{}',
	request_id text not null default ''
);
create index audit_log_of_subject on audit_log (subject, subject_id, id desc);
create index audit_log_of_actor on audit_log (actor_id, id desc);

-- What the site keeps about itself: the version of the demo, the charter's texts.
create table settings (
	key text primary key,
	value text not null,
	updated_at timestamptz not null default now()
);

-- Imports --------------------------------------------------------------------

create table import_sources (
	id bigint generated always as identity primary key,
	kind text not null,
	-- Names the dump: an import run again with it finds its own work.
	name text not null,
	url text not null default '',
	created_at timestamptz not null default now(),
	-- What the last finished run counted.
	report jsonb not null default '{}',
	finished_at timestamptz,
	constraint import_sources_unique unique (kind, name),
	constraint import_sources_kind check (kind in ('stackexchange'))
);

create table import_map (
	source_id bigint not null references import_sources,
	kind text not null,
	foreign_id bigint not null,
	our_id bigint not null,
	topic_id bigint,
	-- An answer that its question named before it came.
	is_accepted boolean not null default false,
	primary key (source_id, kind, foreign_id),
	constraint import_map_kind check (kind in ('person', 'post', 'comment', 'tag', 'badge', 'version'))
);
create index import_map_posts on import_map (foreign_id, source_id) where kind = 'post';
create index import_map_ours on import_map (kind, our_id);

-- Rewards that people brought along from where they were; shown on their page.
create table imported_badges (
	id bigint generated always as identity primary key,
	person_id bigint not null references people,
	name text not null,
	-- 1 gold, 2 silver, 3 bronze, as in the dump.
	class smallint not null,
	awarded_at timestamptz not null
);
create index imported_badges_of_person on imported_badges (person_id, class);

-- Texts of imported posts in order, before they are numbered as revisions.
create table imported_versions (
	post_id bigint not null references posts,
	foreign_id bigint not null,
	body_md text not null,
	editor_id bigint references people,
	editor_name text not null default '',
	reason text not null default '',
	created_at timestamptz not null,
	primary key (post_id, foreign_id)
);

-- One batch of an import on its way into topics and posts; empty in between.
create unlogged table import_staging (
	foreign_id bigint not null,
	parent_id bigint,
	owner_id bigint,
	owner_name text not null,
	title text not null,
	tags text not null,
	body_md text not null,
	body_html text not null,
	excerpt text not null,
	score integer not null,
	views integer not null,
	created_at timestamptz not null,
	edited_at timestamptz,
	closed_at timestamptz,
	source_url text not null,
	licence text not null,
	-- Filled once the batch is here.
	post_id bigint,
	topic_id bigint
);
