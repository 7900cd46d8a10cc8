-- The brand's own pages (charter, legal notice, privacy policy, others), version by
-- version, and who agreed to which charter. Without a publication the theme's files count.

create table page_texts (
	name text primary key,
	created_at timestamptz not null default now(),
	constraint page_texts_name check (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(name) <= 60)
);
insert into page_texts (name) values ('charter'), ('legal'), ('about'), ('privacy');

-- Append only. A language without words shows the other's.
create table page_text_versions (
	id bigint generated always as identity primary key,
	name text not null references page_texts,
	number integer not null,
	title_fr text not null,
	body_fr text not null,
	title_en text not null,
	body_en text not null,
	reason text not null default '',
	written_by bigint references people,
	written_at timestamptz not null default now(),
	constraint page_text_versions_number unique (name, number),
	constraint page_text_versions_words check (body_fr <> '' or body_en <> ''),
	constraint page_text_versions_length check (octet_length(body_fr) <= 32000
		and octet_length(body_en) <= 32000 and char_length(title_fr) <= 120
		and char_length(title_en) <= 120),
	constraint page_text_versions_reason check (char_length(reason) <= 200)
);

-- Append only: the newest of a name is in force. No version: the theme's file.
create table page_text_publications (
	id bigint generated always as identity primary key,
	name text not null references page_texts,
	version_id bigint references page_text_versions,
	-- Who agreed to the charter before this moment is asked again; null: nobody.
	asked_at timestamptz,
	published_by bigint references people,
	published_at timestamptz not null default now(),
	undoes_id bigint references page_text_publications
);
create index page_text_publications_newest on page_text_publications (name, id desc);

-- Every consent somebody ever gave; the newest stands in people, too. Filled by a trigger.
create table consents (
	id bigint generated always as identity primary key,
	person_id bigint not null references people,
	document text not null,
	version text not null,
	given_at timestamptz not null,
	constraint consents_document check (document in ('charter'))
);
create index consents_of_person on consents (person_id, id);
insert into consents (person_id, document, version, given_at)
select id, 'charter', coalesce(charter_version, ''), charter_accepted_at
from people where charter_accepted_at is not null;
