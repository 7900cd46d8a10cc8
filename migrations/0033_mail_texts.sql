-- What mails say, where administrators put words of their own in the place of the default
-- ones of src/forum/mail_text_table.c. Append only: the newest of a mail and language counts;
-- without words, the default does.
create table mail_text_changes (
	id bigint generated always as identity primary key,
	name text not null,
	language text not null,
	subject text,
	body text,
	reason text not null default '',
	changed_by bigint references people,
	changed_at timestamptz not null default now(),
	undoes_id bigint references mail_text_changes,
	constraint mail_text_changes_name check (name ~ '^[a-z_]+(-[a-z_]+)?$' and char_length(name) <= 60),
	constraint mail_text_changes_language check (language in ('en', 'fr')),
	constraint mail_text_changes_words check ((subject is null) = (body is null)),
	constraint mail_text_changes_subject check (char_length(subject) between 1 and 120
		and subject !~ '[\r\n]'),
	constraint mail_text_changes_body check (octet_length(body) between 1 and 8000),
	constraint mail_text_changes_reason check (char_length(reason) <= 200)
);
create index mail_text_changes_newest on mail_text_changes (name, language, id desc);
