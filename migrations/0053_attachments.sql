-- Files that hang on what people write: on articles, and on messages of private exchanges.
-- They lie in the database and not in a folder: who may read one is decided together with
-- the text, it goes with the text in one statement, and a backup has both or neither.

create table attachments (
	id bigint generated always as identity primary key,
	article_id bigint references articles on delete cascade,
	message_id bigint references private_messages on delete cascade,
	owner_id bigint references people,
	-- Told by the bytes. Pictures are made anew by the worker; until then nobody sees them.
	kind text not null,
	state text not null default 'waiting',
	-- As shown, and saved by browsers; the address has it too, but the number decides.
	name text not null,
	-- A picture in words, for those who do not see it.
	alt text not null default '',
	-- Why it was refused, in English; shown in the reader's language.
	problem text not null default '',
	-- Of content; of what was uploaded as long as it waits.
	bytes integer not null,
	width integer not null default 0,
	height integer not null default 0,
	small_width integer not null default 0,
	small_height integer not null default 0,
	original bytea,
	content bytea,
	small bytea,
	uploaded_at timestamptz not null,
	constraint attachments_place check (num_nonnulls(article_id, message_id) = 1),
	constraint attachments_kind check (kind in ('picture', 'pdf', 'text')),
	constraint attachments_state check (state in ('waiting', 'ready', 'refused')),
	constraint attachments_ready check ((state = 'ready') = (content is not null)),
	constraint attachments_waiting check ((state = 'waiting') = (original is not null)),
	constraint attachments_size check (bytes > 0 and octet_length(original) <= 5000000
		and octet_length(content) <= 8388608 and octet_length(small) <= 8388608),
	constraint attachments_words check (char_length(name) <= 100 and char_length(alt) <= 300
		and char_length(problem) <= 500)
);
-- Compressed already: PostgreSQL need not try.
alter table attachments alter original set storage external, alter content set storage external,
	alter small set storage external;
create index attachments_of_article on attachments (article_id, id) where article_id is not null;
create index attachments_of_message on attachments (message_id, id) where message_id is not null;
-- How much somebody uploaded in a day.
create index attachments_of_owner on attachments (owner_id, uploaded_at) where owner_id is not null;
create index attachments_waiting_at on attachments (uploaded_at) where state <> 'ready';

-- Which versions of articles name a file: a trigger reads it out of the text. What the
-- published version of a public article names is public; what no version names is nobody's.
create table attachment_uses (
	version_id bigint not null references article_versions on delete cascade,
	attachment_id bigint not null references attachments on delete cascade,
	primary key (version_id, attachment_id)
);
create index attachment_uses_of on attachment_uses (attachment_id, version_id);
