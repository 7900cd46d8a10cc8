-- Whom sign-up turns away: addresses of those who were removed as spam, kept as codes, and
-- how often it happened, without saying who.

create table sign_up_blocks (
	id bigint generated always as identity primary key,
	kind text not null,
	-- Keyed hashes (src/forum/sign_up_block.c): of the mail address, of the IPv4 address or
	-- the IPv6 /64; and of the range around a network, so that many in one range add up.
	code bytea not null,
	range_code bytea,
	-- For the team's eyes: the domain of the mail address, '' for a network.
	place text not null default '',
	reason text not null default '',
	-- What it came from; undoing that lifts it.
	removal_id bigint references removals,
	added_by bigint references people,
	added_at timestamptz not null default now(),
	expires_at timestamptz not null,
	lifted_by bigint references people,
	lifted_at timestamptz,
	constraint sign_up_blocks_kind check (kind in ('email', 'network')),
	constraint sign_up_blocks_code check (octet_length(code) = 32),
	constraint sign_up_blocks_range check ((kind = 'network') = (range_code is not null)),
	constraint sign_up_blocks_reason check (char_length(reason) <= 200)
);
create unique index sign_up_blocks_once on sign_up_blocks (kind, code) where lifted_at is null;
create index sign_up_blocks_of_range on sign_up_blocks (range_code) where lifted_at is null and range_code is not null;
create index sign_up_blocks_of_removal on sign_up_blocks (removal_id) where removal_id is not null;
create index sign_up_blocks_ending on sign_up_blocks (expires_at);

create table sign_up_refusals (
	day date not null default current_date,
	reason text not null,
	count integer not null default 1,
	primary key (day, reason),
	constraint sign_up_refusals_reason check (reason in ('trap', 'no_time', 'fast', 'domain', 'disposable', 'address', 'network'))
);

-- An account that slept is looked at again when it wakes: on, because it catches nobody
-- but those whom sign-up would turn away today.
alter table holding_rules drop constraint holding_rules_kind;
alter table holding_rules add constraint holding_rules_kind check (kind in ('first_posts', 'links', 'hosts', 'words', 'category',
	'trust', 'reputation', 'hours', 'fill_time', 'dormant', 'similar', 'spam', 'listed'));
insert into holding_rules (position, name, kind, act, trust_most, number, is_on) values
	(45, 'On the lists of sign-up, and silent until now', 'listed', 'hold', 1, 30, true);
update holding_version set version = version + 1;
