-- Who asked although an article was offered, and how it went in all: a page that offered
-- three articles is one page there. For the desk's reports.

alter table article_deflections add column asked integer not null default 0;

create table article_deflection_days (
	day date primary key,
	shown integer not null,
	opened integer not null,
	solved integer not null,
	asked integer not null
);

-- From the rows of the last 30 days, as the job "counts" does for today and yesterday.
update article_deflections d
set asked = s.asked
from (select v.day, a.article_id, count(v.asked_topic_id)::integer as asked
	from deflection_articles a join deflection_views v on v.id = a.view_id
	group by v.day, a.article_id) s
where d.day = s.day and d.article_id = s.article_id;

insert into article_deflection_days (day, shown, opened, solved, asked)
select v.day, count(*), count(*) filter (where s.is_opened), count(*) filter (where s.is_solved),
	count(v.asked_topic_id)
from (select view_id, bool_or(is_opened) as is_opened, bool_or(is_solved) as is_solved
	from deflection_articles group by view_id) s
join deflection_views v on v.id = s.view_id
group by v.day;
