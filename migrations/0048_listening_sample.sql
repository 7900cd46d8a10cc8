-- Samples of what was said in a week, and what people say they are. No text stands here.

create table listening_samples (
	id bigint generated always as identity primary key,
	week date not null,
	seed bigint not null,
	drawn_at timestamptz not null default now(),
	constraint listening_samples_week check (extract(isodow from week) = 1)
);
create unique index listening_samples_by_week on listening_samples (week);

-- theme_id: the first of a text's themes, or 0; it may be gone since.
create table listening_strata (
	sample_id bigint not null references listening_samples on delete cascade,
	source_id bigint not null,
	theme_id bigint not null,
	size integer not null,
	primary key (sample_id, source_id, theme_id),
	constraint listening_strata_size check (size > 0)
);

create table listening_texts (
	id bigint generated always as identity primary key,
	sample_id bigint not null references listening_samples on delete cascade,
	post_id bigint not null references posts on delete cascade,
	source_id bigint not null,
	theme_id bigint not null,
	-- Of having been drawn: those drawn of its stratum, by those there were.
	probability double precision not null,
	-- Two people label it, each without the other.
	is_double boolean not null,
	constraint listening_texts_unique unique (sample_id, post_id),
	constraint listening_texts_probability check (probability > 0 and probability <= 1)
);
create index listening_texts_of_post on listening_texts (post_id);

-- Whose a label is goes with their account. turn: the first and the second label of a text;
-- null: skipped, and left to others.
create table listening_labels (
	id bigint generated always as identity primary key,
	text_id bigint not null references listening_texts on delete cascade,
	turn smallint,
	labeller_id bigint references people,
	label text not null,
	created_at timestamptz not null default now(),
	constraint listening_labels_label check (label in ('negative', 'neutral', 'positive', 'other', 'skipped')),
	constraint listening_labels_turn check (turn between 1 and 2),
	constraint listening_labels_skipped check ((label = 'skipped') = (turn is null)),
	constraint listening_labels_once unique (text_id, turn),
	constraint listening_labels_own unique (text_id, labeller_id)
);
create index listening_labels_of_labeller on listening_labels (labeller_id, id desc) where labeller_id is not null;
