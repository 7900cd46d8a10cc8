-- Topics that search engines are to be told of (src/forum/indexnow.h); empty while that
-- is off.
create table indexnow_marks (
	topic_id bigint not null references topics on delete cascade,
	marked_at timestamptz not null default clock_timestamp(),
	constraint indexnow_marks_pkey primary key (topic_id)
);
create index indexnow_marks_oldest on indexnow_marks (marked_at);

-- How the service does: one row.
create table indexnow_state (
	is_one boolean not null default true,
	failures integer not null default 0,
	closed_until timestamptz,
	last_error text not null default '',
	sent_at timestamptz,
	constraint indexnow_state_pkey primary key (is_one),
	constraint indexnow_state_one check (is_one)
);
insert into indexnow_state default values;
