-- PostgreSQL analyzes tables and restores indexes with nobody's search path, where the
-- names inside a function that is kept as text are not found: "topics" was never analyzed
-- by itself. Bodies that are read when the function is made (RETURN) keep what they meant.

create or replace function title_words(language text, title text) returns tsvector
language sql immutable parallel safe
return case language
	when 'en' then to_tsvector('pg_catalog.english'::regconfig, title_folded(title))
	else to_tsvector('pg_catalog.french'::regconfig, title_folded(title))
end;

analyze topics;
