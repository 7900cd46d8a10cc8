-- Replaceable functions and triggers: the derived values. Run again whenever
-- this file changes. Every derived value is listed beside the query that
-- recomputes it in src/forum/check.c (`entraide check --repair`).
--
-- Locks are always taken in the order topic, post, person.
--
-- What is called for each row is plpgsql, which keeps its plans; a function in SQL
-- is planned at every call (measured: 50 µs more a post).
--
-- An import sets entraide.importing = 'on' for its transaction, writes without
-- these triggers, and recomputes at the end.

create or replace function is_importing() returns boolean
language sql stable as $$
	select coalesce(current_setting('entraide.importing', true), '') = 'on'
$$;

-- Points for a person's standing: an accepted answer 15 (Stack Exchange, Khoros),
-- a thank-you 4 (Khoros's weight of a kudos received).
create or replace function reputation_of(accepted integer, thanks integer) returns integer
language sql immutable as $$ select accepted * 15 + thanks * 4 $$;

create or replace function people_add(person bigint, questions integer, answers integer,
	accepted integer, thanks integer) returns void
language plpgsql as $$
begin
	update people set
		question_count = question_count + questions,
		answer_count = answer_count + answers,
		accepted_count = accepted_count + accepted,
		thanks_count = thanks_count + thanks,
		reputation = reputation_of(accepted_count + accepted, thanks_count + thanks)
	where id = person and (questions, answers, accepted, thanks) <> (0, 0, 0, 0);
end $$;

-- Times travel as microseconds since 1970 in arrays.
create or replace function from_us(microseconds bigint) returns timestamptz
language sql immutable as $$
	select timestamptz 'epoch' + nullif(microseconds, 0) * interval '1 microsecond'
$$;

-- posts → topics, parent post, people -----------------------------------------

create or replace function posts_changed() returns trigger
language plpgsql as $$
declare
	was integer := 0;
	is_now integer := 0;
	was_accepted integer := 0;
	is_accepted integer := 0;
	post posts := coalesce(new, old);
begin
	if tg_op <> 'INSERT' and old.visibility = 'visible' then
		was := 1;
		was_accepted := (old.accepted_at is not null)::integer;
	end if;
	if tg_op <> 'DELETE' and new.visibility = 'visible' then
		is_now := 1;
		is_accepted := (new.accepted_at is not null)::integer;
	end if;
	if was = is_now and was_accepted = is_accepted then
		return null;
	end if;
	if post.kind = 'answer' then
		update topics set
			answer_count = answer_count + is_now - was,
			accepted_count = accepted_count + is_accepted - was_accepted,
			first_answer_at = case when tg_op = 'INSERT' then least(first_answer_at, new.created_at)
				else (select min(p.created_at) from posts p
					where p.topic_id = post.topic_id and p.kind = 'answer' and p.visibility = 'visible') end,
			solved_at = case when tg_op = 'INSERT' then least(solved_at, new.accepted_at)
				else (select min(p.accepted_at) from posts p
					where p.topic_id = post.topic_id and p.accepted_at is not null
					and p.visibility = 'visible') end,
			active_at = greatest(active_at, case when tg_op = 'INSERT' then new.created_at else active_at end)
		where id = post.topic_id;
		perform people_add(post.author_id, 0, is_now - was, is_accepted - was_accepted, 0);
	elsif post.kind = 'comment' then
		update topics set comment_count = comment_count + is_now - was where id = post.topic_id;
		update posts set comment_count = comment_count + is_now - was where id = post.parent_id;
	else
		perform people_add(post.author_id, is_now - was, 0, 0, 0);
	end if;
	return null;
end $$;

create or replace trigger posts_counted
	after insert or delete or update of visibility, accepted_at on posts
	for each row when (not is_importing())
	execute function posts_changed();

-- A mirrored post gets another author or time: a member claims it, a read knows better.
create or replace function posts_moved() returns trigger
language plpgsql as $$
declare
	counts integer := (new.visibility = 'visible')::integer;
	questions integer := counts * (new.kind = 'question')::integer;
	answers integer := counts * (new.kind = 'answer')::integer;
	accepted integer := counts * (new.accepted_at is not null)::integer;
begin
	if new.created_at is distinct from old.created_at and new.kind = 'answer' then
		update topics set first_answer_at = (select min(p.created_at) from posts p
			where p.topic_id = new.topic_id and p.kind = 'answer' and p.visibility = 'visible')
		where id = new.topic_id;
	end if;
	if new.author_id is distinct from old.author_id then
		perform people_add(old.author_id, -questions, -answers, -accepted, -new.thanks_count);
		perform people_add(new.author_id, questions, answers, accepted, new.thanks_count);
	end if;
	return null;
end $$;

create or replace trigger posts_moved
	after update of author_id, created_at on posts
	for each row when (not is_importing())
	execute function posts_moved();

-- thanks → posts, people -------------------------------------------------------

create or replace function thanks_changed() returns trigger
language plpgsql as $$
declare
	change integer := case when tg_op = 'INSERT' then 1 else -1 end;
	thanked bigint;
begin
	update posts set thanks_count = thanks_count + change, score = score + change
	where id = coalesce(new.post_id, old.post_id)
	returning author_id into thanked;
	perform people_add(thanked, 0, 0, 0, change);
	return null;
end $$;

create or replace trigger thanks_counted
	after insert or delete on thanks
	for each row when (not is_importing())
	execute function thanks_changed();

-- me too → topics ----------------------------------------------------------------

create or replace function me_too_changed() returns trigger
language plpgsql as $$
declare
	change integer := case when tg_op = 'INSERT' then 1 else -1 end;
begin
	update topics set me_too_count = me_too_count + change, score = score + change
	where id = coalesce(new.topic_id, old.topic_id);
	return null;
end $$;

create or replace trigger me_too_counted
	after insert or delete on me_too
	for each row when (not is_importing())
	execute function me_too_changed();

-- What the search index owes -------------------------------------------------------
--
-- Priorities as in search_marks: 0 goes first, newest first; 1 and 2 wait for their
-- turn. What concerns many topics at once (a category, a person's role) is left to a
-- job, so that nobody waits for it. What marks what is listed in docs/search.md.

create or replace function search_mark(topic bigint, how smallint) returns void
language plpgsql as $$
begin
	insert into search_marks (topic_id, priority) values (topic, how)
	on conflict (topic_id) do update set marked_at = clock_timestamp(),
		priority = least(search_marks.priority, excluded.priority);
	perform pg_notify('search', '');
end $$;

-- Of the program before this one.
drop function if exists search_mark(bigint);

-- Votes count roughly: a topic is indexed again for the 1st, 3rd, 7th, 15th … of them.
create or replace function search_step(score integer) returns integer
language sql immutable parallel safe as $$
	select case when score < 0 then -1 else floor(ln(score + 1) / ln(2) + 0.000001)::integer end
$$;

create or replace function topics_searched() returns trigger
language plpgsql as $$
begin
	if tg_op = 'INSERT' or (old.title, old.visibility) is distinct from (new.title, new.visibility) then
		perform search_mark(new.id, 0::smallint);
	else
		perform search_mark(new.id, 2::smallint);
	end if;
	return null;
end $$;

create or replace trigger topics_searched_new
	after insert on topics
	for each row when (not is_importing())
	execute function topics_searched();

-- Not "update of …": that asks what a statement names, not what it changes.
create or replace trigger topics_searched
	after update on topics
	for each row when (not is_importing()
		and (old.title, old.visibility, old.category_id, old.language, old.is_solved, old.status,
			old.author_id, old.tag_list)
		is distinct from (new.title, new.visibility, new.category_id, new.language, new.is_solved,
			new.status, new.author_id, new.tag_list))
	execute function topics_searched();

create or replace trigger topics_searched_votes
	after update on topics
	for each row when (not is_importing() and old.score <> new.score
		and search_step(old.score) <> search_step(new.score))
	execute function topics_searched();

create or replace function posts_searched() returns trigger
language plpgsql as $$
begin
	if tg_op = 'INSERT' or (old.body_md, old.visibility) is distinct from (new.body_md, new.visibility) then
		perform search_mark(new.topic_id, 0::smallint);
	else
		perform search_mark(new.topic_id, 2::smallint);
	end if;
	return null;
end $$;

create or replace trigger posts_searched_new
	after insert on posts
	for each row when (not is_importing())
	execute function posts_searched();

create or replace trigger posts_searched
	after update on posts
	for each row when (not is_importing()
		and ((old.visibility, old.accepted_at, old.revision_count, old.author_id)
			is distinct from (new.visibility, new.accepted_at, new.revision_count, new.author_id)
			or (old.score <> new.score and search_step(old.score) <> search_step(new.score))
			or old.body_md <> new.body_md))
	execute function posts_searched();

-- Tags come with the topic's list of them.
drop trigger if exists topic_tags_searched on topic_tags;
drop function if exists topic_tags_searched();

create or replace function categories_searched() returns trigger
language plpgsql as $$
begin
	insert into jobs (kind, payload, key)
	values ('search_category', jsonb_build_object('id', new.id), new.id)
	on conflict (kind, key) where key is not null and state = 'queued' do nothing;
	return null;
end $$;

create or replace trigger categories_searched
	after update on categories
	for each row when ((old.name_fr, old.name_en, old.parent_id)
		is distinct from (new.name_fr, new.name_en, new.parent_id))
	execute function categories_searched();

-- Only what the team says is marked in the index; names are not in it.
create or replace function people_searched() returns trigger
language plpgsql as $$
begin
	insert into jobs (kind, payload, key)
	values ('search_author', jsonb_build_object('id', new.id), new.id)
	on conflict (kind, key) where key is not null and state = 'queued' do nothing;
	return null;
end $$;

create or replace trigger people_searched
	after update on people
	for each row when ((old.role = 'customer') <> (new.role = 'customer'))
	execute function people_searched();

-- Jobs wake the worker ----------------------------------------------------------------

create or replace function jobs_added() returns trigger
language plpgsql as $$
begin
	perform pg_notify('jobs', new.kind);
	return null;
end $$;

create or replace trigger jobs_added
	after insert on jobs
	for each row when (new.run_at <= now())
	execute function jobs_added();

-- A free handle for a name: "marie", else "marie-2", "marie-3"… Two at once can
-- find the same; the unique index refuses the second, which then looks again.
create or replace function free_handle(base text) returns text
language sql stable as $$
	with recursive tried (number, handle) as (
		select 1, base
		union all
		select number + 1, base || '-' || (number + 1)
		from tried
		where exists (select from people p where p.handle = tried.handle)
	)
	select handle from tried order by number desc limit 1
$$;

-- A top category is its own; a child carries its parent's -----------------------------------

create or replace function topics_place() returns trigger
language plpgsql as $$
begin
	select coalesce(c.parent_id, c.id) into new.top_category_id
	from categories c where c.id = new.category_id;
	return new;
end $$;

create or replace trigger topics_placed
	before insert or update of category_id on topics
	for each row execute function topics_place();

-- A tag's list is in the order of its topics' times ------------------------------------

create or replace function topic_tags_date() returns trigger
language plpgsql as $$
begin
	select t.created_at into new.created_at from topics t where t.id = new.topic_id;
	return new;
end $$;

create or replace trigger topic_tags_dated
	before insert on topic_tags
	for each row when (new.created_at is null)
	execute function topic_tags_date();

-- topic_tags → topics' list of tags ---------------------------------------------------

create or replace function topic_tag_list(topic bigint) returns text
language plpgsql stable as $$
begin
	return (select coalesce(string_agg(tag.id || ':' || tag.name, ',' order by tt.position, tag.id), '')
		from topic_tags tt join tags tag on tag.id = tt.tag_id
		where tt.topic_id = topic);
end $$;

create or replace function topic_tags_changed() returns trigger
language plpgsql as $$
begin
	update topics t set tag_list = topic_tag_list(t.id)
	where t.id in (select c.topic_id from changed c);
	return null;
end $$;

create or replace trigger topic_tags_listed_more
	after insert on topic_tags
	referencing new table as changed
	for each statement when (not is_importing())
	execute function topic_tags_changed();

create or replace trigger topic_tags_listed_less
	after delete on topic_tags
	referencing old table as changed
	for each statement when (not is_importing())
	execute function topic_tags_changed();

create or replace function tags_renamed() returns trigger
language plpgsql as $$
begin
	update topics t set tag_list = topic_tag_list(t.id)
	where t.id in (select tt.topic_id from topic_tags tt where tt.tag_id = new.id);
	return null;
end $$;

create or replace trigger tags_renamed
	after update of name on tags
	for each row when (old.name is distinct from new.name)
	execute function tags_renamed();

-- Takes one attempt out of a fixed window; the seconds to wait, or 0 if it may go on.
-- A refused attempt does not lengthen the wait: whoever is locked out by somebody
-- else's attempts gets in at the end of the window.
create or replace function throttle_take(bucket text, most integer, window_seconds integer) returns integer
language plpgsql as $$
declare
	wait_seconds integer;
begin
	insert into throttles as t (key, attempts, ends_at)
	values (bucket, 1, clock_timestamp() + make_interval(secs => window_seconds))
	on conflict (key) do update set
		attempts = case when t.ends_at <= clock_timestamp() then 1 else t.attempts + 1 end,
		ends_at = case when t.ends_at <= clock_timestamp() then excluded.ends_at else t.ends_at end
	returning case when t.attempts <= most then 0
		else greatest(1, ceil(extract(epoch from t.ends_at - clock_timestamp())))::integer end
	into wait_seconds;
	return wait_seconds;
end $$;

-- The words of posts that must be forgotten, in every version: the one hole in "append
-- only", and it takes only posts that the mirror holds back.
create or replace function forget_revisions(forgotten bigint[]) returns void
language sql security definer set search_path from current as $$
	update revisions r set title = null, body_md = '', editor_name = '', reason = ''
	from posts p
	where r.post_id = any (forgotten) and p.id = r.post_id and p.visibility <> 'visible'
		and p.body_md = ''
$$;

-- Words, names and pictures of mirrored items go; their rows stay as tombstones.
create or replace function mirror_forget(forgotten bigint[]) returns void
language plpgsql as $$
declare
	theirs bigint[] := (select array_agg(i.post_id order by i.post_id) from mirror_items i
		where i.id = any (forgotten) and i.post_id is not null and not i.is_ours);
begin
	update mirror_media set state = 'removed', source_url = '', link = '', title = ''
	where item_id = any (forgotten);
	update topics t set title = '…', excerpt = '', author_id = null, author_name = '', source_url = '',
		visibility = case when t.visibility = 'visible' then 'held' else t.visibility end
	from posts p
	where p.id = any (theirs) and p.kind = 'question' and t.id = p.topic_id;
	update posts p set body_md = '', body_html = '', author_id = null, author_name = '', source_url = '',
		visibility = case when p.visibility = 'visible' then 'held' else p.visibility end
	where p.id = any (theirs);
	perform forget_revisions(theirs);
	delete from notifications where post_id = any (theirs)
		and not exists (select from mails m where m.notification_id = notifications.id);
	update mirror_items set title = '', body = '', html = '', url = '' where id = any (forgotten);
end $$;

-- May search engines have this topic? One that is not mirrored: whenever it is visible.
-- A mirrored one needs answers worth reading, and where users' texts are not to be
-- indexed, none of theirs on it. Robots, sitemap and structured data ask here.
create or replace function mirror_may_index(topic bigint) returns boolean
language sql stable as $$
	select t.visibility = 'visible' and (t.mirror_source_id is null or (s.state <> 'removed'
		and s.index_answer_min <= coalesce((select sum(char_length(p.body_md)) from posts p
			where p.topic_id = t.id and p.kind = 'answer' and p.visibility = 'visible'), 0)
		and (s.index_comments or not exists (select from mirror_items i join posts p on p.id = i.post_id
			where i.topic_id = t.id and not i.is_self and not i.is_ours and p.visibility = 'visible'))))
	from topics t left join mirror_sources s on s.id = t.mirror_source_id
	where t.id = topic
$$;

-- Every process keeps a copy of the settings (src/forum/site_setting.c).
create or replace function site_settings_notify() returns trigger language plpgsql as $$
begin
	perform pg_notify('site_settings', '');
	return null;
end $$;

drop trigger if exists site_settings_notify on site_settings;
create trigger site_settings_notify after insert or update or delete on site_settings
	for each statement execute function site_settings_notify();

-- The audit log and the history of settings are append only for everybody, the owner
-- included: ./dev and small installs have no role of its own for the application.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
	raise exception '% is append only', tg_table_name using errcode = 'insufficient_privilege';
end $$;

drop trigger if exists audit_log_append_only on audit_log;
create trigger audit_log_append_only before update or delete or truncate on audit_log
	for each statement execute function refuse_change();
drop trigger if exists site_setting_changes_append_only on site_setting_changes;
create trigger site_setting_changes_append_only before update or delete or truncate on site_setting_changes
	for each statement execute function refuse_change();

-- measures → people: what is in force ------------------------------------------------
--
-- A date that has passed ends a measure by itself: a session compares it (session.c), and
-- the job "measures" ends the row, which comes back here.

create or replace function person_measures(person bigint) returns void
language plpgsql as $$
declare
	silenced timestamptz;
	suspended timestamptz;
	barred bigint[];
	warned boolean;
begin
	-- Two measures on one person at once must each see the other.
	perform from people where id = person for no key update;
	select max(coalesce(m.ends_at, 'infinity')) filter (where m.kind = 'silence'),
		max(coalesce(m.ends_at, 'infinity')) filter (where m.kind = 'suspension'),
		coalesce(array_agg(distinct m.category_id order by m.category_id)
			filter (where m.kind = 'rights_removed'), '{}'),
		coalesce(bool_or(m.kind = 'warning' and m.acknowledged_at is null), false)
	into silenced, suspended, barred, warned
	from measures m
	where m.person_id = person and m.ended_at is null and (m.ends_at is null or m.ends_at > now());
	update people p set silenced_until = silenced, suspended_until = suspended,
		barred_categories = barred, has_warning = warned,
		state = case
			when suspended is not null and p.state in ('unconfirmed', 'active') then 'suspended'
			when suspended is null and p.state = 'suspended' then
				case when p.email_confirmed_at is null then 'unconfirmed' else 'active' end
			else p.state end
	where p.id = person;
end $$;

create or replace function measures_changed() returns trigger
language plpgsql as $$
begin
	if new.kind <> 'note' then
		perform person_measures(new.person_id);
	end if;
	return null;
end $$;

create or replace trigger measures_in_force
	after insert or update on measures
	for each row execute function measures_changed();

-- Rights of the application's role, where the operator made one: everything but
-- to change the audit log or the schema. In the schema that is being made, which is
-- not always "public": a scratch copy must not give rights in the real one.
do $$
declare
	place text := current_schema();
begin
	if exists (select from pg_roles where rolname = 'entraide_app') then
		execute format('grant usage on schema %I to entraide_app', place);
		execute format('grant select, insert, update, delete on all tables in schema %I to entraide_app', place);
		execute format('grant usage on all sequences in schema %I to entraide_app', place);
		execute format('revoke update, delete, truncate on %I.audit_log, %I.revisions, %I.site_setting_changes'
			' from entraide_app', place, place, place);
	end if;
end $$;
