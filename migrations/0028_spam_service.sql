-- What another service says of posts (src/forum/spam_service.h), and how it is doing.

create table spam_service_checks (
	post_id bigint primary key references posts,
	verdict text not null,
	-- "Discard" in the service's words: not even worth a look.
	is_certain boolean not null default false,
	checked_at timestamptz not null default now(),
	-- What it was told afterwards, because the team saw it otherwise.
	told text,
	constraint spam_service_checks_verdict check (verdict in ('spam', 'ham')),
	constraint spam_service_checks_told check (told in ('spam', 'ham'))
);
create index spam_service_checks_old on spam_service_checks (checked_at);

-- One row, of all processes: after several failures in a row nothing is asked for a while.
create table spam_service_state (
	is_only boolean primary key default true,
	failures integer not null default 0,
	closed_until timestamptz,
	last_error text not null default '',
	asked_at timestamptz,
	-- A hash of the key and address that the service said are good.
	verified bytea,
	constraint spam_service_state_one check (is_only)
);
insert into spam_service_state default values;
