-- What an article was made of: the question and the answers of a thread. Who wrote them
-- is the posts' to say, so that whoever is erased there is nameless here.
create table article_sources (
	article_id bigint not null references articles,
	topic_id bigint not null references topics,
	post_id bigint not null references posts,
	created_at timestamptz not null default now(),
	primary key (article_id, post_id)
);
create index article_sources_of_topic on article_sources (topic_id);
create index article_sources_of_post on article_sources (post_id);
