-- Experts: people who know a field (a category or a tag), named by the team with their
-- consent, for a term.

create table experts (
	id bigint generated always as identity primary key,
	person_id bigint not null references people,
	category_id bigint references categories,
	tag_id bigint references tags,
	state text not null default 'nominated',
	nominated_by bigint references people,
	nominated_at timestamptz not null default now(),
	reason text not null default '',
	-- Consent: when, and to which version of the experts' charter.
	answered_at timestamptz,
	charter_version text not null default '',
	-- The term, from consent on.
	ends_at timestamptz,
	ended_at timestamptz,
	ended_by bigint references people,
	end_reason text not null default '',
	constraint experts_state check (state in ('nominated', 'active', 'declined', 'ended')),
	constraint experts_field check ((category_id is null) <> (tag_id is null)),
	constraint experts_term check (state <> 'active' or (answered_at is not null and ends_at is not null)),
	constraint experts_reason check (char_length(reason) <= 500 and char_length(end_reason) <= 500)
);
create unique index experts_once on experts (person_id, coalesce(category_id, 0), coalesce(tag_id, 0))
	where state in ('nominated', 'active');
create index experts_of_person on experts (person_id, id);
create index experts_in_office on experts (ends_at) where state = 'active';

-- Derived, by trigger: is there an active row, so that most posts ask no further?
alter table people add column is_expert boolean not null default false;

-- "As good as official": said of an answer by an expert of the field or by the team.
alter table posts add column endorsed_at timestamptz;
alter table posts add column endorsed_by bigint references people;

-- What deserves to become an article; the knowledge base takes it from here.
create table article_proposals (
	id bigint generated always as identity primary key,
	post_id bigint not null references posts,
	person_id bigint not null references people,
	note text not null default '',
	state text not null default 'open',
	created_at timestamptz not null default now(),
	constraint article_proposals_once unique (post_id),
	constraint article_proposals_state check (state in ('open', 'taken', 'declined')),
	constraint article_proposals_note check (char_length(note) <= 500)
);

alter table notifications add column expert_id bigint references experts;
alter table notifications drop constraint notifications_kind;
alter table notifications add constraint notifications_kind check (kind in
	('answer', 'comment', 'mention', 'accepted', 'thanks', 'question', 'status', 'held', 'released', 'case',
	'complaint', 'badge', 'expert'));
alter table notifications drop constraint notifications_about;
alter table notifications add constraint notifications_about check
	(topic_id is not null or case_id is not null or badge_id is not null or expert_id is not null);
drop index notifications_once;
create unique index notifications_once on notifications (person_id, kind, coalesce(topic_id, 0), coalesce(post_id, 0),
	coalesce(actor_id, 0), coalesce(case_id, 0), coalesce(badge_id, 0), coalesce(expert_id, 0));

-- Leaderboards: a month of the ledger.
create index reputation_entries_by_time on reputation_entries (created_at);
