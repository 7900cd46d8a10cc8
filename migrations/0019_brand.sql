-- Logos that administrators uploaded. What is shown is the worker's own WebP; which one
-- is in force is the setting brand.logo. The original is forgotten once it was read.

create table brand_logos (
	id bigint generated always as identity primary key,
	state text not null default 'waiting',
	original bytea,
	picture bytea,
	width integer not null default 0,
	height integer not null default 0,
	-- Why it was refused, in English; shown in the administrator's language.
	error text not null default '',
	uploaded_by bigint references people,
	uploaded_at timestamptz not null default now(),
	constraint brand_logos_state check (state in ('waiting', 'ready', 'refused')),
	constraint brand_logos_original_length check (octet_length(original) <= 262144),
	constraint brand_logos_picture_length check (octet_length(picture) <= 4194304),
	constraint brand_logos_ready check (state <> 'ready' or picture is not null)
);
