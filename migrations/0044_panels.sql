-- Panels: closed groups of volunteers, invited by criteria. src/forum/panel.h says what for.

create table panels (
	id bigint generated always as identity primary key,
	version integer not null default 1,
	title text not null,
	purpose_md text not null,
	purpose_html text not null,
	-- Said in the invitation: does not change once somebody has one.
	is_anonymous boolean not null,
	is_open boolean not null default true,
	-- Who is invited: whoever fulfils all of these.
	least_trust smallint not null default 1,
	least_rank smallint not null default 0,
	category_id bigint references categories,
	badge_id bigint references badges,
	is_for_experts boolean not null default false,
	-- Somebody wrote something within so many; 0: whenever.
	months smallint not null default 6,
	made_by bigint references people,
	made_at timestamptz not null default now(),
	closed_at timestamptz,
	constraint panels_title check (char_length(title) between 1 and 120),
	constraint panels_purpose check (octet_length(purpose_md) between 1 and 4000),
	constraint panels_trust check (least_trust between 0 and 4),
	constraint panels_rank check (least_rank between 0 and 20),
	constraint panels_months check (months between 0 and 36),
	constraint panels_closed check (is_open = (closed_at is null))
);
create index panels_of_maker on panels (made_by) where made_by is not null;
create index panels_closed_long on panels (closed_at) where closed_at is not null;

create table panel_members (
	id bigint generated always as identity unique,
	panel_id bigint not null references panels,
	person_id bigint not null references people,
	state text not null default 'invited',
	-- The criteria that were fulfilled, with the figures of then.
	why jsonb not null,
	invited_by bigint references people,
	invited_at timestamptz not null default now(),
	-- Of the newest yes or no.
	answered_at timestamptz,
	primary key (panel_id, person_id),
	constraint panel_members_state check (state in ('invited', 'joined', 'declined', 'left')),
	constraint panel_members_answered check ((state = 'invited') = (answered_at is null))
);
create index panel_members_in_order on panel_members (panel_id, id);
create index panel_members_of_person on panel_members (person_id);
create index panel_members_by on panel_members (invited_by) where invited_by is not null;

alter table notifications add column panel_id bigint references panels;
create index notifications_of_panel on notifications (panel_id) where panel_id is not null;
alter table notifications drop constraint notifications_kind;
alter table notifications add constraint notifications_kind check (kind in
	('answer', 'comment', 'mention', 'accepted', 'thanks', 'question', 'status', 'held', 'released', 'case',
	'complaint', 'badge', 'expert', 'level', 'rank', 'article', 'desk_warning', 'desk_late',
	'desk_note', 'desk_handed', 'panel'));
alter table notifications drop constraint notifications_about;
alter table notifications add constraint notifications_about check
	(topic_id is not null or case_id is not null or badge_id is not null or expert_id is not null
	or standing is not null or article_id is not null or panel_id is not null);
drop index notifications_once;
create unique index notifications_once on notifications (person_id, kind, coalesce(topic_id, 0), coalesce(post_id, 0),
	coalesce(actor_id, 0), coalesce(case_id, 0), coalesce(badge_id, 0), coalesce(expert_id, 0),
	coalesce(standing, 0), coalesce(article_id, 0), coalesce(panel_id, 0));
