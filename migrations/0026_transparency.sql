-- The yearly report (EU Digital Services Act, articles 15 and 24): its figures as they
-- were when an administrator published it, so that what was public does not change.

create table transparency_reports (
	year integer primary key,
	published_at timestamptz not null default now(),
	published_by bigint references people,
	constraint transparency_reports_year check (year between 2000 and 2200)
);

create table transparency_figures (
	year integer not null references transparency_reports on delete cascade,
	section text not null,
	subject text not null,
	detail text not null,
	count bigint not null,
	automated bigint not null,
	median_hours double precision,
	primary key (year, section, subject, detail)
);

create index complaints_of_year on complaints (created_at);
create index moderation_cases_of_year on moderation_cases (created_at);
create index measures_of_year on measures (created_at) where kind = 'suspension';
