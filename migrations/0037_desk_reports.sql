-- The desk's reports: sums over the last 7, 30 and 90 days, worked out every hour, so that
-- no page adds up the whole forum. Derived wholly: desk_report_lines_of and
-- desk_report_people_of say what should stand there. docs/reports.md says what each means.

create table desk_report_lines (
	days integer not null,
	report text not null,
	place integer not null,
	-- What the line is about: a category, a team, an article; 0 where the place says it.
	subject_id bigint not null,
	figures bigint[] not null,
	primary key (days, report, place)
);

-- Lines about people: gone with the person, and with their wish not to be ranked.
create table desk_report_people (
	days integer not null,
	report text not null,
	person_id bigint not null references people,
	figures bigint[] not null,
	primary key (days, report, person_id)
);
create index desk_report_people_of_person on desk_report_people (person_id);

create table desk_report_runs (
	days integer primary key,
	worked_out_at timestamptz not null
);

-- Said by themselves; nobody is asked for an age.
alter table people add column is_minor boolean not null default false;
