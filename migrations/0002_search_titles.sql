-- Finding topics by their titles with PostgreSQL alone, for when the search index is
-- away. The functions belong to the index on titles: to change what they return is to
-- make it anew, so they stand here and not among those that may be replaced.

-- Without accents, as people leave them out.
create function title_folded(title text) returns text
language sql immutable parallel safe as $$
	select translate(replace(replace(lower(title), 'œ', 'oe'), 'æ', 'ae'),
		'ÀÂÄÁÃÇÉÈÊËÍÌÎÏÑÓÒÔÖÕÚÙÛÜÝŸàâäáãçéèêëíìîïñóòôöõúùûüýÿ’',
		'aaaaaceeeeiiiinooooouuuuyyaaaaaceeeeiiiinooooouuuuyy''')
$$;

create function title_words(language text, title text) returns tsvector
language sql immutable parallel safe as $$
	select case language
		when 'en' then to_tsvector('pg_catalog.english'::regconfig, title_folded(title))
		else to_tsvector('pg_catalog.french'::regconfig, title_folded(title))
	end
$$;

create index topics_title_words on topics using gin (title_words(language, title))
	where visibility = 'visible';
