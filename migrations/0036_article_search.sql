-- Articles in the search index, and offered to those who ask.

-- As search_marks, for articles: there are few, so they have one turn and no order of
-- importance.
create table search_article_marks (
	article_id bigint primary key references articles,
	marked_at timestamptz not null default clock_timestamp()
);
create index search_article_marks_oldest on search_article_marks (marked_at, article_id);
insert into search_article_marks (article_id) select id from articles where is_public;

-- What went into the living index while the next one was built: to be done again.
create table search_redone_articles (
	article_id bigint primary key
);

-- Shown beside a question in the making (deflection_views), as deflection_hits has questions.
create unlogged table deflection_articles (
	view_id text not null references deflection_views on delete cascade,
	article_id bigint not null,
	position smallint not null,
	is_opened boolean not null default false,
	is_solved boolean not null default false,
	primary key (view_id, article_id)
);

-- What articles saved people from asking, by day: how often each was shown to somebody who
-- began a question, opened, and said to have answered it. Nobody can be told from it.
create table article_deflections (
	day date not null,
	article_id bigint not null references articles,
	shown integer not null default 0,
	opened integer not null default 0,
	solved integer not null default 0,
	primary key (day, article_id)
);
create index article_deflections_of_article on article_deflections (article_id, day);
