-- What functions.sql dropped each time it was run, and locked the tables for.
drop trigger if exists posts_searched_new on posts;
drop trigger if exists posts_searched on posts;
drop trigger if exists topic_tags_searched on topic_tags;
