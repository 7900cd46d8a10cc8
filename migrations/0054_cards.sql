-- Pictures of threads that other sites show beside their addresses (src/forum/card.h).
-- Derived: they can be dropped, and come again when somebody asks.
create table topic_cards (
	topic_id bigint primary key references topics on delete cascade,
	-- Of what it shows.
	version text not null,
	png bytea not null,
	made_at timestamptz not null default now(),
	constraint topic_cards_version check (char_length(version) between 1 and 64),
	constraint topic_cards_png check (octet_length(png) between 1 and 1048576)
);
-- It is compressed already.
alter table topic_cards alter column png set storage external;
create index topic_cards_made on topic_cards (made_at);
