-- Who crawls what (src/forum/crawl.h): counted from nginx's log, by day of UTC.
create table crawl_days (
	day date not null,
	-- "googlebot": a row of src/http/crawler.c; "other" is whoever only says that it is one.
	crawler text not null,
	-- 'none': its maker gives no way to check; 'unknown': not checked, or no answer.
	verdict text not null,
	-- Of page: 'topic', 'list'…; and what it was answered: 'ok', 'same' (304)…
	kind text not null,
	answer text not null,
	-- From nginx's store; else made by the program, or a file.
	is_kept boolean not null,
	requests bigint not null,
	bytes bigint not null,
	constraint crawl_days_pkey primary key (day, crawler, verdict, kind, answer, is_kept),
	constraint crawl_days_verdict check (verdict in ('verified', 'false', 'unknown', 'none'))
);

-- From where those come that can be checked, and whether they are who they say: for about
-- a week. An IPv4 address, or the /64 of an IPv6 one.
create table crawl_networks (
	crawler text not null,
	network cidr not null,
	verdict text not null,
	-- What DNS calls it; of a false one too.
	host text not null default '',
	expires_at timestamptz not null,
	seen_at timestamptz not null default now(),
	requests bigint not null default 0,
	constraint crawl_networks_pkey primary key (crawler, network),
	constraint crawl_networks_verdict check (verdict in ('verified', 'false', 'unknown')),
	constraint crawl_networks_host check (length(host) <= 255)
);
create index crawl_networks_expiry on crawl_networks (expires_at);

-- How far each node's log has been read. Moves together with what was counted.
create table crawl_logs (
	node text not null,
	version bigint not null default 0,
	inode bigint not null default 0,
	read_to bigint not null default 0,
	-- SHA-256 of the file's first bytes: the same file under another name is known by it.
	head bytea not null default '',
	head_length bigint not null default 0,
	is_in_long_line boolean not null default false,
	lines bigint not null default 0,
	skipped bigint not null default 0,
	looked_at timestamptz,
	last_line_at timestamptz,
	trouble text not null default '',
	constraint crawl_logs_pkey primary key (node),
	constraint crawl_logs_node check (length(node) between 1 and 400)
);
