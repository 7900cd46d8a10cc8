-- Legal notices by anybody (EU Digital Services Act, articles 16, 20 and 23).

create table notices (
	id bigint generated always as identity primary key,
	-- The number on the receipt: who has it may read what becomes of the notice.
	code text not null,
	category text not null,
	explanation text not null,
	-- Given freely, emptied a while after the decision.
	name text not null default '',
	email text not null default '',
	-- Sent while signed in.
	person_id bigint references people,
	-- Whom it came from, as a keyed code (an account, an address of mail, a network).
	notifier text not null default '',
	language text not null,
	created_at timestamptz not null default now(),
	-- Somebody has opened it in the queue.
	examined_at timestamptz,
	decided_at timestamptz,
	outcome text,
	-- Sent while the notifier was suspended: kept, and not handled unless it is taken up.
	is_set_aside boolean not null default false,
	constraint notices_code unique (code),
	constraint notices_category check (category in ('hate', 'insult', 'privacy', 'minors', 'violence', 'fraud', 'property', 'products', 'other')),
	constraint notices_explanation check (char_length(explanation) between 1 and 5000),
	constraint notices_name check (char_length(name) <= 100),
	constraint notices_email check (char_length(email) <= 254),
	constraint notices_outcome check (outcome in ('removed', 'partly', 'left', 'unfounded')),
	constraint notices_decided check ((outcome is null) = (decided_at is null))
);
create index notices_of_notifier on notices (notifier, created_at) where notifier <> '';
create index notices_lately on notices (id desc);
create index notices_of_year on notices (created_at);
create index notices_of_person on notices (person_id) where person_id is not null;

-- What a notice is about: each is an item of the queue, decided for itself.
create table notice_targets (
	notice_id bigint not null references notices on delete cascade,
	post_id bigint not null references posts,
	address text not null,
	primary key (notice_id, post_id),
	constraint notice_targets_address check (char_length(address) <= 1000)
);
create index notice_targets_of_post on notice_targets (post_id);

-- Of whoever sent it, decided by somebody else than who decided the notice.
create table notice_complaints (
	notice_id bigint primary key references notices on delete cascade,
	text text not null,
	created_at timestamptz not null default now(),
	decided_at timestamptz,
	decided_by bigint references people,
	decision text,
	answer text not null default '',
	constraint notice_complaints_text check (char_length(text) between 1 and 4000),
	constraint notice_complaints_answer check (char_length(answer) <= 4000),
	constraint notice_complaints_decision check (decision in ('upheld', 'rejected')),
	constraint notice_complaints_decided check ((decision is null) = (decided_at is null) and (decision is null) = (decided_by is null))
);

-- Article 23.2: a warning first, then for some time notices are not handled.
create table notifier_measures (
	id bigint generated always as identity primary key,
	notifier text not null,
	kind text not null,
	notice_id bigint references notices,
	created_at timestamptz not null default now(),
	created_by bigint references people,
	ends_at timestamptz,
	ended_at timestamptz,
	ended_by bigint references people,
	constraint notifier_measures_kind check (kind in ('warning', 'suspension')),
	constraint notifier_measures_end check ((kind = 'suspension') = (ends_at is not null))
);
create index notifier_measures_of on notifier_measures (notifier, id desc);
create index notifier_measures_of_notice on notifier_measures (notice_id);

-- The queue: a notifier's complaint, and the decision that a notice was abusive.
alter table moderation_items drop constraint moderation_items_kind;
alter table moderation_items add constraint moderation_items_kind check (kind in
	('flag', 'held', 'first_post', 'trusted_edit', 'appeal', 'notice', 'notice_complaint', 'similar'));
alter table moderation_items drop constraint moderation_items_decisions;
alter table moderation_items add constraint moderation_items_decisions check (decision in
	('approve', 'withdraw', 'edit', 'warn', 'suspend', 'ignore', 'uphold', 'reject', 'unfounded'));
drop index moderation_items_once;
create unique index moderation_items_once on moderation_items (kind, coalesce(post_id, 0),
	coalesce(case when post_id is null then person_id end, 0),
	coalesce(case when kind in ('appeal', 'notice', 'notice_complaint') then reference_id end, 0)) where state = 'open';
create index moderation_items_of_notice on moderation_items (reference_id) where kind in ('notice', 'notice_complaint');

-- Repeat offenders (article 23.1): how often content of a person was against the law.
create index moderation_cases_by_law on moderation_cases (person_id, created_at) where ground = 'law';
