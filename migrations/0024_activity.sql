-- What the dashboards show: sums by day, week and month, so that no page adds up the
-- whole forum. Derived: src/forum/activity.h says when each row is worked out anew.
-- Medians and numbers of different people cannot be added up, hence rows of their own
-- for weeks and months. Days are those of UTC.

create table question_periods (
	unit text not null,
	starts_on date not null,
	-- 0: the whole forum; else a category of the first level, with what is below it.
	category_id bigint not null,
	questions integer not null,
	answers integer not null,
	solved integer not null,
	-- Of the questions asked then: whose first hour, day, three days are over, and who
	-- had an answer by somebody else before that.
	due_1h integer not null,
	in_1h integer not null,
	due_24h integer not null,
	in_24h integer not null,
	due_72h integer not null,
	in_72h integer not null,
	-- Who gave the first answer, and how many seconds it took them.
	first_count integer not null,
	first_median integer not null,
	first_p90 integer not null,
	staff_count integer not null,
	staff_median integer not null,
	staff_p90 integer not null,
	expert_count integer not null,
	expert_median integer not null,
	expert_p90 integer not null,
	customer_count integer not null,
	customer_median integer not null,
	customer_p90 integer not null,
	views bigint not null,
	primary key (unit, category_id, starts_on),
	constraint question_periods_unit check (unit in ('day', 'week', 'month'))
);

create table community_periods (
	unit text not null,
	starts_on date not null,
	-- Different people who were here signed in, and of them those who wrote something.
	active integer not null,
	writers integer not null,
	-- Confirmed accounts at the end.
	members integer not null,
	-- Items of the moderators' queue, and the seconds from opening to decision.
	opened integer not null,
	decided integer not null,
	decision_median integer not null,
	decision_p90 integer not null,
	primary key (unit, starts_on),
	constraint community_periods_unit check (unit in ('day', 'week', 'month'))
);

-- How often pages of questions were shown: a number a day, nothing about anybody.
create table view_days (
	day date not null,
	category_id bigint not null,
	views bigint not null,
	primary key (day, category_id)
);

-- topics_new and posts_lately find the questions and posts of a period.
create index moderation_items_opened on moderation_items (opened_at);

insert into jobs (kind, key) values ('activity', 'activity');
