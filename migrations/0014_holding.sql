-- What is looked at before it is published: the team's ordered rules, what they held,
-- what spam looks like, whom sign-up refuses; and removing all that a person wrote.

-- Tried in order of position. The first that holds or refuses decides; marks add up.
create table holding_rules (
	id bigint generated always as identity primary key,
	position integer not null,
	name text not null,
	kind text not null,
	act text not null,
	is_on boolean not null default false,
	-- Whom it is for: people up to this level of trust; never the team.
	trust_most smallint not null default 4,
	-- What the kind compares with: a count, a level, seconds, percent.
	number integer not null default 0,
	-- Words, hosts or categories, one a line.
	words text not null default '',
	exceptions text not null default '',
	-- Of words: for which texts; '' for all.
	language text not null default '',
	-- What the writer is told when it refuses.
	message_fr text not null default '',
	message_en text not null default '',
	on_mirrors boolean not null default false,
	on_imports boolean not null default false,
	changed_at timestamptz not null default now(),
	changed_by bigint references people,
	deleted_at timestamptz,
	constraint holding_rules_kind check (kind in ('first_posts', 'links', 'hosts', 'words', 'category', 'trust',
		'reputation', 'hours', 'fill_time', 'dormant', 'similar', 'spam')),
	constraint holding_rules_act check (act in ('hold', 'refuse', 'mark')),
	constraint holding_rules_trust check (trust_most between 0 and 4),
	constraint holding_rules_language check (language in ('', 'fr', 'en')),
	constraint holding_rules_name check (char_length(name) between 1 and 80),
	constraint holding_rules_words check (octet_length(words) <= 200000 and octet_length(exceptions) <= 100000),
	constraint holding_rules_message check (char_length(message_fr) <= 400 and char_length(message_en) <= 400)
);
create index holding_rules_in_order on holding_rules (position, id) where deleted_at is null;

-- One row: how often the rules changed. Each process compares it with its copy.
create table holding_version (
	is_only boolean primary key default true,
	version bigint not null default 0,
	constraint holding_version_one check (is_only)
);
insert into holding_version default values;

-- A set to begin with, switched off: try them first.
insert into holding_rules (position, name, kind, act, trust_most, number) values
	(10, 'First posts of new members', 'first_posts', 'hold', 0, 1),
	(20, 'Links of new members', 'links', 'hold', 0, 1),
	(30, 'Written in under three seconds', 'fill_time', 'hold', 0, 3),
	(40, 'Long silent, and back', 'dormant', 'hold', 1, 180),
	(50, 'Like something that was removed', 'similar', 'hold', 3, 60),
	(60, 'Reads like spam', 'spam', 'hold', 1, 95);

-- A post that a rule held; its followers are told when it is let through.
create table held_posts (
	post_id bigint primary key references posts,
	rule_id bigint references holding_rules,
	held_at timestamptz not null default now(),
	released_at timestamptz
);

-- What was removed, as hashes of runs of words (src/text/shingles.h): no words.
create table removed_texts (
	post_id bigint primary key references posts,
	sketch bigint[] not null,
	removed_at timestamptz not null default now(),
	constraint removed_texts_sketch check (cardinality(sketch) between 1 and 64)
);
create index removed_texts_sketches on removed_texts using gin (sketch);
create index removed_texts_old on removed_texts (removed_at);

-- What words say about spam, learnt from decisions, by language (src/text/spam_score.h).
create table spam_tokens (
	language text not null,
	token bigint not null,
	spam integer not null default 0,
	ham integer not null default 0,
	seen_on date not null default current_date,
	primary key (language, token),
	constraint spam_tokens_counts check (spam >= 0 and ham >= 0)
);
create index spam_tokens_rare on spam_tokens (language, seen_on) where spam + ham <= 1;
create table spam_totals (
	language text primary key,
	spam integer not null default 0,
	ham integer not null default 0,
	constraint spam_totals_counts check (spam >= 0 and ham >= 0)
);
insert into spam_totals (language) values ('fr'), ('en');
-- What was learnt of which post, so that an undone decision is unlearnt exactly.
create table spam_lessons (
	post_id bigint primary key references posts,
	label text not null,
	language text not null,
	tokens bigint[] not null,
	learnt_at timestamptz not null default now(),
	constraint spam_lessons_label check (label in ('spam', 'ham'))
);

-- A rule over the posts of the last thirty days, without holding anything.
create table holding_trials (
	id bigint generated always as identity primary key,
	rule_id bigint not null references holding_rules,
	asked_by bigint references people,
	asked_at timestamptz not null default now(),
	state text not null default 'waiting',
	total integer not null default 0,
	seen integer not null default 0,
	matched integer not null default 0,
	-- The newest of those it would have caught, at most fifty.
	post_ids bigint[] not null default '{}',
	last_post_id bigint not null default 0,
	ended_at timestamptz,
	constraint holding_trials_state check (state in ('waiting', 'running', 'done', 'failed'))
);
create index holding_trials_of_rule on holding_trials (rule_id, id desc);
