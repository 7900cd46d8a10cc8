-- What has changed on pages that are stored (src/forum/page_change.h): a line for each
-- transaction and page. Lines are only added, so nobody waits for anybody because of
-- them. The newest of a page stays: it is the page's version for browsers and crawlers.
create table page_changes (
	id bigint generated always as identity primary key,
	-- 'all' is every page of the site: its settings, its brand, its categories.
	kind text not null,
	page_id bigint not null default 0,
	-- The title it had until then, where it changed: the address that it had. Forgotten
	-- within minutes.
	was text not null default '',
	at timestamptz not null default clock_timestamp(),
	-- Numbers are given before transactions end; by this no line is passed over.
	transaction xid8 not null default pg_current_xact_id(),
	constraint page_changes_kind check (kind in ('topic', 'article', 'all'))
);
create index page_changes_of_page on page_changes (kind, page_id, id);
create index page_changes_in_order on page_changes (transaction, id);

create index page_changes_recent on page_changes (at);

-- Who names a question among those like it, when that changes its state or its title.
create index related_topics_named on related_topics (related_id);
