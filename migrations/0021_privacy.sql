-- What people may ask of us about their data, and what the law has us keep.

-- Somebody's copy of everything about them: one at a time, gone after a week.
create table person_exports (
	person_id bigint primary key references people,
	asked_at timestamptz not null default now(),
	ready_at timestamptz,
	expires_at timestamptz,
	archive bytea, -- a zip
	constraint person_exports_ready check ((archive is null) = (ready_at is null)
		and (archive is null) = (expires_at is null))
);

-- Who wants to leave. Until due_at it can be taken back.
create table person_erasures (
	person_id bigint primary key references people,
	asked_at timestamptz not null default now(),
	due_at timestamptz not null
);

-- Decree 2021-1362: encrypted to a public key whose other half is not on the site. The
-- application adds and, when the time is over, deletes; it cannot read them.
create table sealed_records (
	id bigint generated always as identity primary key,
	class text not null,
	sealed bytea not null,
	created_at timestamptz not null default now(),
	keep_until timestamptz not null,
	constraint sealed_records_class check (class in ('identity', 'account', 'connection'))
);
create index sealed_records_by_time on sealed_records (keep_until);

-- What the night threw away, by class of data.
create table retention_log (
	id bigint generated always as identity primary key,
	at timestamptz not null default now(),
	class text not null,
	deleted bigint not null
);
