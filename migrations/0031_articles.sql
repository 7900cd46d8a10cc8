-- The knowledge base: articles of the brand, version by version, in the languages of the
-- site. What readers see is the published version; the team may be ahead of it.

create sequence article_groups;

create table articles (
	id bigint generated always as identity primary key,
	-- Versions of one article in other languages have the same; one of each language.
	group_id bigint not null default nextval('article_groups'),
	language text not null,
	category_id bigint references categories,
	-- A free word beside the category: a product, a subject. Empty: none.
	product text not null default '',
	product_slug text not null default '',
	-- Of the published version; before there is one, of the newest.
	title text not null,
	summary text not null default '',
	-- Of the work: the newest version is being written, waits for somebody to look at it,
	-- is what readers see; or all is put away.
	state text not null default 'draft',
	owner_id bigint references people,
	-- When the owner is to look whether it still holds.
	review_due date,
	reminded_at timestamptz,
	-- The version that is to be published then, and who said so.
	publish_at timestamptz,
	publish_version_id bigint,
	publish_by bigint references people,
	published_version_id bigint,
	latest_version_id bigint,
	helpful_count integer not null default 0,
	unhelpful_count integer not null default 0,
	view_count bigint not null default 0,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	-- The first time; changed_at: when readers last got another version.
	published_at timestamptz,
	changed_at timestamptz,
	archived_at timestamptz,
	-- Readers of an archived one are led there.
	replaced_by bigint references articles,
	-- As it was called where it came from; an import finds it again by this.
	import_key text,
	-- Readers have it: whoever lists, searches or suggests articles asks for this.
	is_public boolean generated always as (published_version_id is not null and state <> 'archived') stored,
	constraint articles_language check (language in ('fr', 'en')),
	constraint articles_state check (state in ('draft', 'review', 'published', 'archived')),
	constraint articles_title check (char_length(title) between 1 and 160),
	constraint articles_summary check (char_length(summary) <= 400),
	constraint articles_product check (char_length(product) <= 60),
	constraint articles_published check (state <> 'published' or published_version_id = latest_version_id),
	constraint articles_archived check ((state = 'archived') = (archived_at is not null)),
	constraint articles_replaced check (replaced_by is null or (state = 'archived' and replaced_by <> id)),
	constraint articles_scheduled check ((publish_at is null) = (publish_version_id is null)),
	constraint articles_import_key unique (import_key),
	constraint articles_import_key_length check (char_length(import_key) between 1 and 300)
);

-- Append only, but for the names of people whose account is erased.
create table article_versions (
	id bigint generated always as identity primary key,
	article_id bigint not null references articles,
	number integer not null,
	title text not null,
	summary text not null,
	body_md text not null,
	body_html text not null,
	author_id bigint references people,
	reason text not null default '',
	created_at timestamptz not null default now(),
	constraint article_versions_number unique (article_id, number),
	constraint article_versions_title check (char_length(title) between 1 and 160),
	constraint article_versions_summary check (char_length(summary) <= 400),
	constraint article_versions_body check (octet_length(body_md) <= 32000),
	constraint article_versions_reason check (char_length(reason) <= 200)
);
create index article_versions_of_author on article_versions (author_id) where author_id is not null;

alter table articles
	add constraint articles_published_version foreign key (published_version_id) references article_versions,
	add constraint articles_latest_version foreign key (latest_version_id) references article_versions,
	add constraint articles_publish_version foreign key (publish_version_id) references article_versions;

create unique index articles_one_a_language on articles (group_id, language) where state <> 'archived';
create index articles_of_category on articles (category_id, language, changed_at desc, id desc) where is_public;
create index articles_of_product on articles (product_slug, language, changed_at desc, id desc)
	where is_public and product_slug <> '';
create index articles_newest on articles (language, changed_at desc, id desc) where is_public;
create index articles_most_read on articles (language, view_count desc, id) where is_public;
create index articles_worked_on on articles (state, updated_at desc, id desc);
create index articles_of_owner on articles (owner_id, updated_at desc, id desc) where owner_id is not null;
create index articles_for_review on articles (review_due) where review_due is not null and state <> 'archived';
create index articles_scheduled on articles (publish_at) where publish_at is not null;

-- Addresses that an article had elsewhere, as they stand behind /kb/old/.
create table article_redirects (
	address text primary key,
	article_id bigint not null references articles,
	created_at timestamptz not null default now(),
	constraint article_redirects_address check (char_length(address) between 1 and 300)
);
create index article_redirects_of_article on article_redirects (article_id);

-- Was this helpful? One a member; of visitors one a day and address, by a keyed code that
-- is different every day and for every article, and is forgotten after two.
create table article_votes (
	id bigint generated always as identity primary key,
	article_id bigint not null references articles,
	person_id bigint references people,
	code bytea,
	is_helpful boolean not null,
	reason text not null default '',
	comment text not null default '',
	created_at timestamptz not null default now(),
	constraint article_votes_reason check (reason in ('', 'incomplete', 'unclear', 'wrong', 'outdated', 'other')),
	constraint article_votes_helpful check (not is_helpful or reason = ''),
	constraint article_votes_comment check (char_length(comment) <= 500),
	constraint article_votes_one check (person_id is null or code is null)
);
create unique index article_votes_of_person on article_votes (article_id, person_id) where person_id is not null;
create unique index article_votes_of_code on article_votes (article_id, code) where code is not null;
create index article_votes_newest on article_votes (article_id, id desc);
create index article_votes_by_person on article_votes (person_id) where person_id is not null;
create index article_votes_to_forget on article_votes (created_at) where code is not null;

alter table notifications add column article_id bigint references articles;
alter table notifications drop constraint notifications_kind;
alter table notifications add constraint notifications_kind check (kind in
	('answer', 'comment', 'mention', 'accepted', 'thanks', 'question', 'status', 'held', 'released', 'case',
	'complaint', 'badge', 'expert', 'level', 'rank', 'article'));
alter table notifications drop constraint notifications_about;
alter table notifications add constraint notifications_about check
	(topic_id is not null or case_id is not null or badge_id is not null or expert_id is not null
	or standing is not null or article_id is not null);
drop index notifications_once;
create unique index notifications_once on notifications (person_id, kind, coalesce(topic_id, 0), coalesce(post_id, 0),
	coalesce(actor_id, 0), coalesce(case_id, 0), coalesce(badge_id, 0), coalesce(expert_id, 0),
	coalesce(standing, 0), coalesce(article_id, 0));
