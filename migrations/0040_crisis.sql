-- Crisis mode: hourly counts with an eye on them, alerts, and incidents with their banner,
-- official thread and updates. src/forum/crisis.h and incident.h say what for.

-- Derived from topics and posts; recomputed by crisis_count.c. key: a first-level category,
-- or 0 for all. An hour without any has no row.
create table crisis_counts (
	signal text not null,
	key bigint not null,
	hour timestamptz not null,
	count integer not null,
	primary key (signal, key, hour),
	constraint crisis_counts_signal check (signal in ('questions', 'words')),
	constraint crisis_counts_count check (count > 0),
	constraint crisis_counts_hour check (date_trunc('hour', hour, 'UTC') = hour)
);
create index crisis_counts_by_hour on crisis_counts (hour);

-- Which words the counts are of: others, and all hours are counted anew.
create table crisis_state (
	is_only boolean primary key default true,
	words text not null default '',
	counted_at timestamptz,
	constraint crisis_state_one check (is_only)
);
insert into crisis_state default values;

create table incidents (
	id bigint generated always as identity primary key,
	title text not null,
	severity text not null,
	-- Of the banner: pages of this category alone; null: all pages.
	category_id bigint references categories,
	is_banner_on boolean not null default false,
	banner_fr text not null,
	banner_en text not null,
	link text not null default '',
	topic_id bigint not null references topics,
	-- The answer that stands first in the thread: the newest update.
	pinned_post_id bigint references posts,
	state text not null default 'open',
	began_at timestamptz not null,
	opened_by bigint references people,
	opened_at timestamptz not null default now(),
	closed_by bigint references people,
	closed_at timestamptz,
	summary text not null default '',
	constraint incidents_severity check (severity in ('information', 'warning', 'critical')),
	constraint incidents_state check (state in ('open', 'closed')),
	constraint incidents_closed check ((state = 'closed') = (closed_at is not null)),
	constraint incidents_texts check (char_length(title) between 1 and 255
		and char_length(banner_fr) between 1 and 300 and char_length(banner_en) between 1 and 300
		and char_length(link) <= 500 and char_length(summary) <= 4000),
	-- The words can stay, nobody sees them any more.
	constraint incidents_banner check (state = 'open' or not is_banner_on)
);
create unique index incidents_of_topic on incidents (topic_id);
create unique index incidents_one_banner on incidents (coalesce(category_id, 0)) where is_banner_on;
create index incidents_open on incidents (id) where state = 'open';

-- The timeline.
create table incident_updates (
	id bigint generated always as identity primary key,
	incident_id bigint not null references incidents,
	kind text not null,
	post_id bigint references posts,
	-- Of gathered: a duplicate.
	topic_id bigint references topics,
	author_id bigint references people,
	created_at timestamptz not null default now(),
	constraint incident_updates_kind check (kind in
		('opened', 'update', 'gathered', 'released', 'banner', 'closed', 'reopened'))
);
create index incident_updates_of on incident_updates (incident_id, id);
create unique index incident_updates_post on incident_updates (post_id) where post_id is not null;

create table crisis_alerts (
	id bigint generated always as identity primary key,
	-- Null: nothing that one category alone explains.
	category_id bigint references categories,
	began_at timestamptz not null,
	-- When it was last out of the ordinary; the end comes some quiet hours later.
	last_at timestamptz not null,
	ended_at timestamptz,
	incident_id bigint references incidents
);
create unique index crisis_alerts_one on crisis_alerts (coalesce(category_id, 0)) where ended_at is null;
create index crisis_alerts_of_incident on crisis_alerts (incident_id) where incident_id is not null;

-- Each signal that raised it, as it was at its most unlikely.
create table crisis_alert_signals (
	alert_id bigint not null references crisis_alerts,
	signal text not null,
	key bigint not null,
	at timestamptz not null,
	hours smallint not null,
	observed integer not null,
	expected double precision not null,
	probability double precision not null,
	primary key (alert_id, signal, key)
);

-- The threads that make it.
create table crisis_alert_topics (
	alert_id bigint not null references crisis_alerts,
	topic_id bigint not null references topics,
	primary key (alert_id, topic_id)
);
