-- Replaceable functions and triggers: the derived values. Run again whenever
-- this file changes. Every derived value is listed beside the query that
-- recomputes it in src/forum/check.c (`entraide check --repair`).
--
-- Locks are always taken in the order topic, post, search mark, person; of each kind
-- the lowest number first. Triggers of one event fire by their names, so the name of
-- posts_are_searched stands before posts_counted.
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

create or replace function people_add(person bigint, questions integer, answers integer,
	accepted integer, thanks integer) returns void
language plpgsql as $$
begin
	update people set
		question_count = question_count + questions,
		answer_count = answer_count + answers,
		accepted_count = accepted_count + accepted,
		thanks_count = thanks_count + thanks
	where id = person and (questions, answers, accepted, thanks) <> (0, 0, 0, 0);
end $$;

-- Of the program before this one.
drop function if exists reputation_of(integer, integer);

-- Times travel as microseconds since 1970 in arrays.
create or replace function from_us(microseconds bigint) returns timestamptz
language sql immutable as $$
	select timestamptz 'epoch' + nullif(microseconds, 0) * interval '1 microsecond'
$$;

-- posts → topics, parent post, people -----------------------------------------

-- A new post: its number, where none is given, and its topic's counts, in one update of the
-- topic. last_number, not max + 1: that loses posts under concurrency. Before the post
-- itself, as the topic's lock comes first.
create or replace function posts_added() returns trigger
language plpgsql as $$
begin
	if new.visibility = 'visible' and new.kind = 'answer' and not is_importing() then
		update topics set
			last_number = last_number + (new.number is null)::integer,
			answer_count = answer_count + 1,
			first_answer_at = least(first_answer_at, new.created_at),
			active_at = greatest(active_at, new.created_at)
		where id = new.topic_id returning coalesce(new.number, last_number) into new.number;
	elsif new.visibility = 'visible' and new.kind = 'comment' and not is_importing() then
		update topics set
			last_number = last_number + (new.number is null)::integer,
			comment_count = comment_count + 1
		where id = new.topic_id returning coalesce(new.number, last_number) into new.number;
	elsif new.number is null then
		update topics set last_number = last_number + 1
		where id = new.topic_id returning last_number into new.number;
	end if;
	return new;
end $$;

create or replace trigger posts_added
	before insert on posts
	for each row execute function posts_added();

-- And what follows from the row: whoever has the search mark has had the topic before.
create or replace function posts_stored() returns trigger
language plpgsql as $$
begin
	if is_importing() then
		return null;
	end if;
	-- A comment counts at its parent, whose lock comes before the mark's.
	if new.kind = 'comment' and new.visibility = 'visible' then
		update posts set comment_count = comment_count + 1 where id = new.parent_id;
	end if;
	perform search_mark(new.topic_id, 0::smallint);
	if new.visibility <> 'visible' then
		return null;
	end if;
	if new.accepted_at is not null then
		update topics set accepted_count = accepted_count + 1, solved_at = least(solved_at, new.accepted_at)
		where id = new.topic_id;
		-- Reputation goes to both sides: both are locked now, in order.
		perform from people where id in (new.author_id, new.accepted_by) order by id for no key update;
	end if;
	if new.kind = 'question' then
		-- An answer changes its topic, which says so itself.
		perform page_changed('topic', new.topic_id);
		update people set question_count = question_count + 1 where id = new.author_id;
	elsif new.kind = 'answer' then
		update people set answer_count = answer_count + 1,
			accepted_count = accepted_count + (new.accepted_at is not null)::integer
		where id = new.author_id;
	end if;
	return null;
end $$;

create or replace trigger posts_stored
	after insert on posts
	for each row execute function posts_stored();

-- Of the program before this one; asked first, because dropping waits for all who write.
do $$
begin
	if exists (select from pg_trigger where tgrelid = 'posts'::regclass
		and tgname in ('posts_are_searched_new', 'posts_paged_new')) then
		drop trigger if exists posts_are_searched_new on posts;
		drop trigger if exists posts_paged_new on posts;
	end if;
end $$;

create or replace function posts_changed() returns trigger
language plpgsql as $$
declare
	was integer := (old.visibility = 'visible')::integer;
	is_now integer := 0;
	was_accepted integer := was * (old.accepted_at is not null)::integer;
	is_accepted integer := 0;
	post posts := coalesce(new, old);
begin
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
			first_answer_at = (select min(p.created_at) from posts p
				where p.topic_id = post.topic_id and p.kind = 'answer' and p.visibility = 'visible'),
			solved_at = (select min(p.accepted_at) from posts p
				where p.topic_id = post.topic_id and p.accepted_at is not null
				and p.visibility = 'visible')
		where id = post.topic_id;
		if is_accepted <> was_accepted then
			-- Reputation goes to both sides below: both are locked now, in order.
			perform from people where id in (post.author_id, new.accepted_by, old.accepted_by)
			order by id for no key update;
		end if;
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
	after delete or update of visibility, accepted_at on posts
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

-- A post gets another place: into another topic, from an answer to a question … It counts
-- there and no longer here. Its visibility and acceptance do not change in the same
-- statement. What the mirror and the team's queue know of it follows.
create or replace function posts_placed() returns trigger
language plpgsql as $$
declare
	counts integer := (new.visibility = 'visible')::integer;
	accepted integer := counts * (new.accepted_at is not null)::integer;
begin
	update mirror_items set topic_id = new.topic_id where post_id = new.id and topic_id <> new.topic_id;
	update moderation_items set topic_id = new.topic_id where post_id = new.id and topic_id <> new.topic_id;
	update article_sources set topic_id = new.topic_id where post_id = new.id and topic_id <> new.topic_id;
	update topics t set
		answer_count = answer_count + counts
			* ((t.id = new.topic_id and new.kind = 'answer')::integer - (t.id = old.topic_id and old.kind = 'answer')::integer),
		comment_count = comment_count + counts
			* ((t.id = new.topic_id and new.kind = 'comment')::integer - (t.id = old.topic_id and old.kind = 'comment')::integer),
		accepted_count = accepted_count + accepted
			* ((t.id = new.topic_id)::integer - (t.id = old.topic_id)::integer),
		first_answer_at = (select min(p.created_at) from posts p
			where p.topic_id = t.id and p.kind = 'answer' and p.visibility = 'visible'),
		solved_at = (select min(p.accepted_at) from posts p
			where p.topic_id = t.id and p.accepted_at is not null and p.visibility = 'visible')
	where t.id in (select id from topics where id in (old.topic_id, new.topic_id) order by id);
	perform search_mark(t.id, 0::smallint)
	from (select id from topics where id in (old.topic_id, new.topic_id) order by id) t;
	update posts p set comment_count = comment_count + counts
		* ((new.kind = 'comment' and p.id = new.parent_id)::integer
			- (old.kind = 'comment' and p.id = old.parent_id)::integer)
	where p.id in (old.parent_id, new.parent_id) and counts > 0
		and (old.kind, old.parent_id) is distinct from (new.kind, new.parent_id);
	if old.kind <> new.kind then
		perform people_add(new.author_id,
			counts * ((new.kind = 'question')::integer - (old.kind = 'question')::integer),
			counts * ((new.kind = 'answer')::integer - (old.kind = 'answer')::integer), 0, 0);
	end if;
	-- Who accepted it may not be the one who asks there.
	if new.accepted_at is not null then
		perform reputation_settle(new.id);
	end if;
	return null;
end $$;

create or replace trigger posts_placed
	after update of topic_id, kind, parent_id on posts
	for each row when (not is_importing()
		and (old.topic_id, old.kind, old.parent_id) is distinct from (new.topic_id, new.kind, new.parent_id))
	execute function posts_placed();

-- A topic's time is its tags' too.
create or replace function topics_dated() returns trigger
language plpgsql as $$
begin
	update topic_tags set created_at = new.created_at where topic_id = new.id;
	return null;
end $$;

create or replace trigger topics_dated
	after update of created_at on topics
	for each row when (not is_importing() and old.created_at is distinct from new.created_at)
	execute function topics_dated();

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

-- Reputation: posts, thanks → the ledger → people -----------------------------------
--
-- What is earned follows from posts and thanks (reputation_causes); reputation_settle
-- compares that with the rows that stand and writes the difference, for one post from
-- the triggers, for all of them from `entraide check --repair` and after an import.

-- A number that administrators may have changed; the default is the one of
-- src/forum/site_setting_table.h (a test compares them).
create or replace function site_setting_number(setting text, otherwise integer) returns integer
language sql stable as $$
	select coalesce((select s.value::integer from site_settings s
		where s.name = setting and s.value ~ '^-?[0-9]{1,9}$'), otherwise)
$$;

-- What should stand in the ledger.
create or replace view reputation_causes as
	select p.author_id as person_id, 'accepted' as cause, p.id as post_id, p.accepted_by as from_id,
		p.accepted_at as at
	from posts p
	where p.accepted_at is not null and p.visibility = 'visible' and p.author_id is not null
	union all
	-- Whoever asked and closes the loop gets a little too, not for an answer of their own.
	select p.accepted_by, 'accepting', p.id, null, p.accepted_at
	from posts p join topics t on t.id = p.topic_id and t.author_id = p.accepted_by
	where p.accepted_at is not null and p.visibility = 'visible'
		and p.accepted_by is distinct from p.author_id
	union all
	select p.author_id, 'thanks', p.id, k.person_id, k.created_at
	from thanks k join posts p on p.id = k.post_id and p.visibility = 'visible' and p.author_id is not null
	union all
	-- Taken away by somebody else.
	select p.author_id, 'removed', p.id, null, coalesce(p.withdrawn_at, p.created_at)
	from posts p
	where p.visibility = 'withdrawn' and p.withdrawn_by <> p.author_id
	union all
	-- And for what the charter calls abuse: once a post, while the case stands.
	select c.person_id, 'abuse', c.post_id, null, min(c.created_at)
	from moderation_cases c join posts p on p.id = c.post_id and p.author_id = c.person_id
	where c.act = 'withdraw' and c.rule in ('spam', 'rude', 'illegal') and c.reversed_at is null
	group by c.person_id, c.post_id;

-- Rows that stand: not undone, and not the undoing of another.
create or replace view reputation_standing as
	select e.id, e.person_id, e.cause, e.points, e.discount, e.post_id, e.from_id, e.created_at
	from reputation_entries e
	where e.undoes is null and not exists (select from reputation_entries u where u.undoes = e.id);

create or replace function reputation_points(cause text) returns integer
language sql stable as $$
	select case cause
		when 'accepted' then site_setting_number('reputation.accepted', 15)
		when 'accepting' then site_setting_number('reputation.accepting', 2)
		when 'thanks' then site_setting_number('reputation.thanks', 10)
		when 'removed' then -site_setting_number('reputation.removed', 5)
		when 'abuse' then -site_setting_number('reputation.abuse', 100)
	end
$$;

-- One household: an address that many use (a company, a telephone network) proves nothing.
create or replace function is_same_address(one bigint, other bigint) returns boolean
language sql stable as $$
	select exists (select from person_addresses a
		join person_addresses b on b.address_hash = a.address_hash and b.person_id = other
		where a.person_id = one and (select count(*) from (select from person_addresses c
			where c.address_hash = a.address_hash limit 6) many) <= 5)
$$;

-- Why an act of giver for receiver pays nothing; '' when it pays. Posts are counted,
-- not acts: accepting an answer and thanking for it is one kindness.
create or replace function reputation_discount(giver bigint, receiver bigint, at timestamptz) returns text
language plpgsql stable as $$
declare
	to_receiver_week integer;
	to_receiver_month integer;
	to_all_month integer;
	from_receiver_month integer;
begin
	if giver is null then
		return '';
	elsif giver = receiver then
		return 'self';
	elsif exists (select from people s where s.id = giver and s.role <> 'customer') then
		-- The team accepts and thanks for a living, all from one office.
		return '';
	elsif exists (select from reputation_rings r
		where r.state = 'confirmed' and r.members @> array[giver, receiver]) then
		return 'ring';
	elsif is_same_address(giver, receiver) then
		return 'address';
	end if;
	select count(distinct e.post_id) filter (where e.person_id = receiver and e.created_at > at - interval '7 days'),
		count(distinct e.post_id) filter (where e.person_id = receiver),
		count(distinct e.post_id)
	into to_receiver_week, to_receiver_month, to_all_month
	from reputation_standing e
	where e.from_id = giver and e.cause in ('accepted', 'thanks')
		and e.created_at > at - interval '30 days' and e.created_at <= at;
	if to_receiver_week >= site_setting_number('reputation.pair_week', 3) then
		return 'pair';
	elsif to_all_month >= site_setting_number('reputation.one_sided_from', 10)
		and to_receiver_month * 100 > to_all_month * site_setting_number('reputation.one_sided_share', 80) then
		return 'one_sided';
	end if;
	if to_receiver_month < site_setting_number('reputation.reciprocal_free', 2) then
		return '';
	end if;
	select count(distinct e.post_id) into from_receiver_month
	from reputation_standing e
	where e.from_id = receiver and e.person_id = giver and e.cause in ('accepted', 'thanks')
		and e.created_at > at - interval '30 days' and e.created_at <= at;
	if from_receiver_month >= site_setting_number('reputation.reciprocal_free', 2) then
		return 'reciprocal';
	end if;
	return '';
end $$;

create or replace function reputation_write(receiver bigint, why text, post bigint, giver bigint,
	at timestamptz) returns void
language plpgsql as $$
declare
	-- Who accepts earns as much as the answer is worth: nothing among the same people.
	other bigint := case when why = 'accepting' then (select p.author_id from posts p where p.id = post)
		else giver end;
	discounted text := case when why in ('removed', 'abuse') then '' else reputation_discount(other, receiver, at) end;
	worth integer := case when discounted = '' then reputation_points(why) else 0 end;
	room integer;
begin
	if why = 'thanks' and worth > 0 then
		select site_setting_number('reputation.daily_most', 200) - coalesce(sum(e.points), 0) into room
		from reputation_standing e
		where e.person_id = receiver and e.cause = 'thanks'
			and e.created_at >= date_trunc('day', at) and e.created_at < date_trunc('day', at) + interval '1 day';
		if worth > room then
			worth := greatest(room, 0);
			discounted := 'cap';
		end if;
	end if;
	insert into reputation_entries (person_id, cause, points, discount, post_id, from_id, created_at)
	values (receiver, why, worth, discounted, post, giver, at);
	update people set reputation = reputation + worth where id = receiver;
end $$;

create or replace function reputation_undo(entry bigint) returns void
language plpgsql as $$
declare
	taken reputation_entries;
begin
	insert into reputation_entries (person_id, cause, points, discount, post_id, from_id, undoes, created_at)
	select e.person_id, e.cause, -e.points, e.discount, e.post_id, e.from_id, e.id, clock_timestamp()
	from reputation_entries e where e.id = entry
	returning * into taken;
	update people set reputation = reputation + taken.points where id = taken.person_id;
end $$;

-- What differs between causes and standing rows; post null: everywhere.
create or replace function reputation_differences(post bigint) returns table (entry bigint, person_id bigint,
	cause text, post_id bigint, from_id bigint, at timestamptz)
language sql stable as $$
	select e.id, c.person_id, c.cause, c.post_id, c.from_id, c.at
	from (select * from reputation_causes c where post is null or c.post_id = post) c
	full join (select * from reputation_standing e
		where (post is null and e.post_id is not null or e.post_id = post)) e
	on e.post_id = c.post_id and e.cause = c.cause and e.person_id = c.person_id
		and coalesce(e.from_id, 0) = coalesce(c.from_id, 0)
	where e.id is null or c.post_id is null
$$;

-- In the order of time, so that caps and discounts fall as they would have fallen.
create or replace function reputation_settle(post bigint) returns integer
language plpgsql as $$
declare
	difference record;
	written integer := 0;
begin
	for difference in select * from reputation_differences(post) d
		order by d.entry is null, d.at, d.post_id, d.from_id
	loop
		if difference.entry is not null then
			perform reputation_undo(difference.entry);
		else
			perform reputation_write(difference.person_id, difference.cause, difference.post_id,
				difference.from_id, difference.at);
		end if;
		written := written + 1;
	end loop;
	return written;
end $$;

create or replace function posts_earn() returns trigger
language plpgsql as $$
begin
	perform reputation_settle(new.id);
	return null;
end $$;

-- Another one asks: what was accepted in it was accepted by somebody else, or by them.
create or replace function topics_earn() returns trigger
language plpgsql as $$
begin
	perform reputation_settle(p.id) from posts p
	where p.topic_id = new.id and p.accepted_at is not null;
	return null;
end $$;

create or replace trigger topics_reputation
	after update of author_id on topics
	for each row when (not is_importing() and old.author_id is distinct from new.author_id)
	execute function topics_earn();

-- After posts_counted and posts_moved: triggers go by their names.
create or replace trigger posts_reputation
	after update of visibility, accepted_at, accepted_by, author_id on posts
	for each row when (not is_importing()
		and (old.visibility, old.accepted_at, old.accepted_by, old.author_id)
		is distinct from (new.visibility, new.accepted_at, new.accepted_by, new.author_id)
		and (old.accepted_at is not null or new.accepted_at is not null or new.thanks_count > 0
			or old.visibility = 'withdrawn' or new.visibility = 'withdrawn'))
	execute function posts_earn();

create or replace function moderation_cases_earn() returns trigger
language plpgsql as $$
begin
	perform reputation_settle(new.post_id);
	return null;
end $$;

create or replace trigger moderation_cases_reputation
	after insert or update of reversed_at on moderation_cases
	for each row when (new.post_id is not null and new.act = 'withdraw')
	execute function moderation_cases_earn();

create or replace function thanks_earn() returns trigger
language plpgsql as $$
declare
	thanked posts;
	entry bigint;
begin
	select * into thanked from posts p where p.id = coalesce(new.post_id, old.post_id);
	if tg_op = 'INSERT' and thanked.visibility = 'visible' and thanked.author_id is not null then
		perform reputation_write(thanked.author_id, 'thanks', new.post_id, new.person_id, new.created_at);
	elsif tg_op = 'DELETE' then
		select e.id into entry from reputation_standing e
		where e.post_id = old.post_id and e.cause = 'thanks' and e.from_id = old.person_id;
		if found then
			perform reputation_undo(entry);
		end if;
	end if;
	return null;
end $$;

create or replace trigger thanks_reputation
	after insert or delete on thanks
	for each row when (not is_importing())
	execute function thanks_earn();

-- Rings: people who reward mostly each other, over thirty days. Suspicious is an act
-- that goes back and forth, one that most of somebody's goodwill goes to, and one within
-- a household; who is led back to by such acts belongs together. Helpers who thank each
-- other are led back to as well, but get most of their thanks from others.
create or replace function reputation_find_rings(at timestamptz) returns integer
language plpgsql as $$
declare
	found_rings integer;
begin
	with recursive acts as materialized (
		select e.from_id as giver, e.person_id as receiver, count(distinct e.post_id) as acts,
			count(distinct e.post_id) filter (where e.discount not in ('', 'cap')) as discounted
		from reputation_standing e
		join people g on g.id = e.from_id and g.role = 'customer'
		join people r on r.id = e.person_id and r.role = 'customer'
		where e.cause in ('accepted', 'thanks') and e.from_id <> e.person_id
			and e.created_at > at - interval '30 days' and e.created_at <= at
		group by e.from_id, e.person_id
	), given as (
		select a.giver, sum(a.acts) as acts from acts a group by a.giver
	), edges as materialized (
		select a.giver, a.receiver from acts a join given g on g.giver = a.giver
		where a.acts >= 3 and a.acts * 2 >= g.acts
		union
		select a.giver, a.receiver from acts a join acts b on b.giver = a.receiver and b.receiver = a.giver
		where a.acts >= 2 and b.acts >= 2
		union
		select unnest(array[a.giver, a.receiver]), unnest(array[a.receiver, a.giver]) from acts a
		where a.acts >= 2 and is_same_address(a.giver, a.receiver)
	), walk (start, place) as (
		select e.giver, e.receiver from edges e
		union
		select w.start, e.receiver from walk w join edges e on e.giver = w.place
	), together as (
		select distinct array_agg(distinct there.place order by there.place) as members
		from walk there join walk back on back.start = there.place and back.place = there.start
		group by there.start
	), counted as (
		select t.members,
			sum(a.acts) filter (where a.giver = any (t.members)) as inside,
			sum(a.discounted) filter (where a.giver = any (t.members)) as discounted,
			sum(a.acts) as received
		from together t join acts a on a.receiver = any (t.members)
		where cardinality(t.members) between 2 and 50
		group by t.members
	)
	insert into reputation_rings (members, acts, discounted, found_at, seen_at)
	select c.members, c.inside, c.discounted, at, at
	from counted c
	where c.inside >= site_setting_number('reputation.ring_acts', 6)
		and c.inside * 100 >= c.received * site_setting_number('reputation.ring_share', 60)
	on conflict (members) do update set acts = excluded.acts, discounted = excluded.discounted,
		seen_at = excluded.seen_at;
	get diagnostics found_rings = row_count;
	-- It grew: one suspicion, not two.
	delete from reputation_rings o where o.state = 'open' and o.seen_at < at
		and exists (select from reputation_rings n where n.id <> o.id and n.members @> o.members and n.seen_at = at);
	return found_rings;
end $$;

-- After a decision: what members earned from each other goes (confirmed), or comes back.
create or replace function reputation_ring_settle(ring bigint) returns void
language plpgsql as $$
declare
	judged reputation_rings;
	entry record;
	touched bigint[] := '{}';
	post bigint;
begin
	select * into judged from reputation_rings r where r.id = ring;
	perform from people where id = any (judged.members) order by id for no key update;
	for entry in select e.id, e.post_id from reputation_standing e
		where e.person_id = any (judged.members) and e.from_id = any (judged.members)
			and e.cause in ('accepted', 'thanks') and e.post_id is not null
			and case judged.state when 'confirmed' then e.points > 0 else e.discount = 'ring' end
		order by e.id
	loop
		perform reputation_undo(entry.id);
		touched := touched || entry.post_id;
	end loop;
	for post in select distinct unnest(touched) order by 1 loop
		perform reputation_settle(post);
	end loop;
end $$;

-- Days somebody was here, and what follows from their standing -------------------------

-- What trust, ranks and badges look at: of these people, since that time (null: ever), as
-- it stands at a time. Only what earned points counts as accepted or thanked, so rings
-- and self-help raise nobody. The columns are in the order of figure.h.
create or replace function person_figures(ids bigint[], since timestamptz, at timestamptz)
returns table (person_id bigint, age_days integer, days_visited integer, questions integer, answers integer,
	replies integer, posts integer, topics_answered integer, accepted integer, accepted_share integer, thanks integer,
	thanked_by integer, thanked_days integer, thanks_given integer, solved_questions integer,
	quick_answers integer, night_answers integer, edits integer, categories_answered integer,
	best_answer_thanks integer, articles integer, confirmed_flags integer, right_flags integer,
	reputation integer)
language sql stable as $$
	select p.id,
		greatest(0, floor(extract(epoch from at - p.created_at) / 86400))::integer,
		case when since is null then p.days_visited
			else (select count(*) from person_days d where d.person_id = p.id and d.day >= since::date) end::integer,
		o.questions, o.answers, o.replies, o.posts, o.topics_answered, e.accepted,
		-- A share of a few answers says nothing.
		case when o.answers >= 5 then least(100, e.accepted * 100 / o.answers) else 0 end,
		e.thanks, e.thanked_by, e.thanked_days,
		(select count(*) from thanks k where k.person_id = p.id
			and k.created_at >= coalesce(since, '-infinity'))::integer,
		(select count(*) from topics t where t.author_id = p.id and t.is_solved
			and t.visibility = 'visible' and t.solved_at >= coalesce(since, '-infinity'))::integer,
		o.quick_answers, o.night_answers,
		(select count(*) from revisions r join posts c on c.id = r.post_id
			where r.editor_id = p.id and r.number > 0 and c.author_id <> p.id
			and r.created_at >= coalesce(since, '-infinity'))::integer,
		o.categories_answered, o.best_answer_thanks,
		-- That somebody's answers went into, as long as they are public.
		(select count(distinct s.article_id) from article_sources s
			join posts c on c.id = s.post_id and c.author_id = p.id and c.kind = 'answer' and c.visibility = 'visible'
			join articles a on a.id = s.article_id and a.is_public
			where a.published_at >= coalesce(since, '-infinity'))::integer,
		(select count(*) from reputation_standing b where b.person_id = p.id and b.cause = 'abuse'
			and b.created_at >= coalesce(since, '-infinity'))::integer,
		(select count(*) from flags f where f.person_id = p.id and f.state = 'agreed'
			and f.created_at >= coalesce(since, '-infinity'))::integer,
		p.reputation
	from people p
	cross join lateral (
		select count(*)::integer as posts, count(*) filter (where c.kind = 'question')::integer as questions,
			count(*) filter (where c.kind = 'answer')::integer as answers,
			count(*) filter (where c.kind <> 'question')::integer as replies,
			count(distinct c.topic_id) filter (where c.kind = 'answer' and t.author_id is distinct from p.id)::integer
				as topics_answered,
			count(*) filter (where c.kind = 'answer' and c.created_at < t.created_at + interval '1 hour'
				and t.author_id is distinct from p.id)::integer as quick_answers,
			count(*) filter (where c.kind = 'answer'
				and extract(hour from c.created_at at time zone 'Europe/Paris') < 6)::integer as night_answers,
			count(distinct t.top_category_id) filter (where c.kind = 'answer')::integer as categories_answered,
			coalesce(max(c.thanks_count) filter (where c.kind = 'answer'), 0)::integer as best_answer_thanks
		from posts c join topics t on t.id = c.topic_id
		where c.author_id = p.id and c.visibility = 'visible' and c.created_at >= coalesce(since, '-infinity')
	) o
	cross join lateral (
		select count(*) filter (where s.cause = 'accepted')::integer as accepted,
			count(*) filter (where s.cause = 'thanks')::integer as thanks,
			count(distinct s.from_id) filter (where s.cause = 'thanks')::integer as thanked_by,
			count(distinct s.created_at::date) filter (where s.cause = 'thanks')::integer as thanked_days
		from reputation_standing s
		where s.person_id = p.id and s.discount in ('', 'cap') and s.cause in ('accepted', 'thanks')
			and s.created_at >= coalesce(since, '-infinity')
	) e
	where p.id = any (ids)
	order by p.id
$$;

-- A job looks at trust, rank and badges of whoever's figures changed; one that waits
-- already is enough. The person's row is locked here, so two never wait crosswise.
create or replace function standing_changed() returns trigger
language plpgsql as $$
begin
	if is_importing() or new.state not in ('active', 'suspended')
		or (old.question_count, old.answer_count, old.accepted_count, old.thanks_count, old.reputation,
			old.days_visited, old.state, old.role, old.trust_level_given)
		is not distinct from (new.question_count, new.answer_count, new.accepted_count, new.thanks_count,
			new.reputation, new.days_visited, new.state, new.role, new.trust_level_given) then
		return null;
	end if;
	insert into jobs (kind, payload, key)
	values ('standing', jsonb_build_object('id', new.id), new.id)
	on conflict (kind, key) where key is not null and state = 'queued' do nothing;
	return null;
end $$;

create or replace trigger people_standing
	after update of question_count, answer_count, accepted_count, thanks_count, reputation, days_visited, state,
		role, trust_level_given on people
	for each row execute function standing_changed();

create or replace function person_days_counted() returns trigger
language plpgsql as $$
begin
	update people set days_visited = days_visited + 1 where id = new.person_id;
	return null;
end $$;

create or replace trigger person_days_counted
	after insert on person_days
	for each row execute function person_days_counted();

-- Experts ------------------------------------------------------------------------------

create or replace function experts_changed() returns trigger
language plpgsql as $$
begin
	update people set is_expert = exists (select from experts e where e.person_id = new.person_id and e.state = 'active')
	where id = new.person_id;
	return null;
end $$;

create or replace trigger experts_counted
	after insert or update of state on experts
	for each row execute function experts_changed();

-- Is this topic in a field of that person, in office now?
create or replace function is_expert_of(person bigint, topic bigint) returns boolean
language plpgsql stable as $$
begin
	return exists (select from experts e join topics t on t.id = topic
		where e.person_id = person and e.state = 'active' and e.ends_at > now()
			and (e.category_id in (t.category_id, t.top_category_id)
				or e.tag_id in (select tt.tag_id from topic_tags tt where tt.topic_id = t.id)));
end $$;

-- Dashboards --------------------------------------------------------------------------

-- Whose an answer is in the figures: 'staff' by the role of today, 'expert' who was in
-- office in a field of the question then, else 'customer'.
create or replace function answer_side(author bigint, topic bigint, category bigint, top_category bigint, at timestamptz)
returns text
language sql stable as $$
	select case when exists (select from people a where a.id = author and a.role <> 'customer') then 'staff'
		when exists (select from experts e
			where e.person_id = author and e.answered_at <= at
				and e.state in ('active', 'ended')
				and at < coalesce(e.ended_at, e.ends_at)
				and (e.category_id in (category, top_category)
					or e.tag_id in (select tt.tag_id from topic_tags tt where tt.topic_id = topic)))
			then 'expert'
		else 'customer' end
$$;

-- What question_periods should hold from the period of that moment on, as things stand
-- at another: a row for each period and each category of the first level, 0 for all.
create or replace function question_periods_of(period text, since timestamptz, at timestamptz)
returns setof question_periods
language sql stable as $$
	with asked as (
		select date_trunc(period, t.created_at at time zone 'utc')::date as starts_on,
			t.top_category_id as category, t.is_solved, at - t.created_at as age,
			f.seconds, f.by_whom
		from topics t
		left join lateral (
			-- The first answer that is not the asker's own.
			select greatest(0, extract(epoch from p.created_at - t.created_at))::integer as seconds,
				answer_side(p.author_id, t.id, t.category_id, t.top_category_id, p.created_at) as by_whom
			from posts p
			where p.topic_id = t.id and p.kind = 'answer' and p.visibility = 'visible'
				and p.created_at <= at and coalesce(p.author_id <> t.author_id, true)
			order by p.created_at, p.id
			limit 1) f on true
		where t.visibility = 'visible' and t.stage = ''
			and t.created_at >= date_trunc(period, since at time zone 'utc') at time zone 'utc'
			and t.created_at <= at
	), questions as (
		select starts_on, coalesce(category, 0) as category, count(*) as questions,
			count(*) filter (where is_solved) as solved,
			count(*) filter (where age >= interval '1 hour') as due_1h,
			count(*) filter (where age >= interval '1 hour' and seconds <= 3600) as in_1h,
			count(*) filter (where age >= interval '24 hours') as due_24h,
			count(*) filter (where age >= interval '24 hours' and seconds <= 24 * 3600) as in_24h,
			count(*) filter (where age >= interval '72 hours') as due_72h,
			count(*) filter (where age >= interval '72 hours' and seconds <= 72 * 3600) as in_72h,
			count(seconds) as first_count,
			percentile_cont(array[0.5, 0.9]) within group (order by seconds) as first,
			count(seconds) filter (where by_whom = 'staff') as staff_count,
			percentile_cont(array[0.5, 0.9]) within group (order by seconds) filter (where by_whom = 'staff') as staff,
			count(seconds) filter (where by_whom = 'expert') as expert_count,
			percentile_cont(array[0.5, 0.9]) within group (order by seconds) filter (where by_whom = 'expert') as expert,
			count(seconds) filter (where by_whom = 'customer') as customer_count,
			percentile_cont(array[0.5, 0.9]) within group (order by seconds) filter (where by_whom = 'customer') as customer
		from asked
		group by grouping sets ((starts_on), (starts_on, category))
	), answers as (
		select date_trunc(period, p.created_at at time zone 'utc')::date as starts_on,
			coalesce(t.top_category_id, 0) as category, count(*) as answers
		from posts p
		join topics t on t.id = p.topic_id and t.visibility = 'visible'
		where p.kind = 'answer' and p.visibility = 'visible'
			and p.created_at >= date_trunc(period, since at time zone 'utc') at time zone 'utc'
			and p.created_at <= at
		group by grouping sets ((1), (1, t.top_category_id))
	), seen as (
		select date_trunc(period, v.day::timestamp)::date as starts_on,
			coalesce(coalesce(c.parent_id, c.id), 0) as category, sum(v.views) as views
		from view_days v
		join categories c on c.id = v.category_id
		where v.day >= date_trunc(period, since at time zone 'utc')::date and v.day <= (at at time zone 'utc')::date
		group by grouping sets ((1), (1, coalesce(c.parent_id, c.id)))
	)
	select period, g.starts_on, c.category, coalesce(q.questions, 0)::integer, coalesce(a.answers, 0)::integer,
		coalesce(q.solved, 0)::integer, coalesce(q.due_1h, 0)::integer, coalesce(q.in_1h, 0)::integer,
		coalesce(q.due_24h, 0)::integer, coalesce(q.in_24h, 0)::integer, coalesce(q.due_72h, 0)::integer,
		coalesce(q.in_72h, 0)::integer,
		coalesce(q.first_count, 0)::integer, coalesce(q.first[1], 0)::integer, coalesce(q.first[2], 0)::integer,
		coalesce(q.staff_count, 0)::integer, coalesce(q.staff[1], 0)::integer, coalesce(q.staff[2], 0)::integer,
		coalesce(q.expert_count, 0)::integer, coalesce(q.expert[1], 0)::integer, coalesce(q.expert[2], 0)::integer,
		coalesce(q.customer_count, 0)::integer, coalesce(q.customer[1], 0)::integer, coalesce(q.customer[2], 0)::integer,
		coalesce(v.views, 0)::bigint
	from (select n::date as starts_on from generate_series(date_trunc(period, since at time zone 'utc'),
		at at time zone 'utc', ('1 ' || period)::interval) n) g
	cross join (select 0 as category union all select id from categories where parent_id is null) c
	left join questions q on q.starts_on = g.starts_on and q.category = c.category
	left join answers a on a.starts_on = g.starts_on and a.category = c.category
	left join seen v on v.starts_on = g.starts_on and v.category = c.category
$$;

-- The same for community_periods.
create or replace function community_periods_of(period text, since timestamptz, at timestamptz)
returns setof community_periods
language sql stable as $$
	with here as (
		select date_trunc(period, d.day::timestamp)::date as starts_on, count(distinct d.person_id) as people
		from person_days d
		where d.day >= date_trunc(period, since at time zone 'utc')::date and d.day <= (at at time zone 'utc')::date
		group by 1
	), wrote as (
		select date_trunc(period, p.created_at at time zone 'utc')::date as starts_on,
			count(distinct p.author_id) as people
		from posts p
		-- Accounts of this site: not those whose words were imported or copied.
		join people a on a.id = p.author_id and a.email_confirmed_at is not null
		where p.visibility = 'visible'
			and p.created_at >= date_trunc(period, since at time zone 'utc') at time zone 'utc'
			and p.created_at <= at
		group by 1
	), opened as (
		select date_trunc(period, i.opened_at at time zone 'utc')::date as starts_on, count(*) as items
		from moderation_items i
		where i.opened_at >= date_trunc(period, since at time zone 'utc') at time zone 'utc' and i.opened_at <= at
		group by 1
	), decided as (
		select date_trunc(period, i.decided_at at time zone 'utc')::date as starts_on, count(*) as items,
			percentile_cont(array[0.5, 0.9])
				within group (order by greatest(0, extract(epoch from i.decided_at - i.opened_at))) as seconds
		from moderation_items i
		where i.state = 'decided' and i.decided_at <= at
			and i.decided_at >= date_trunc(period, since at time zone 'utc') at time zone 'utc'
		group by 1
	), joined as (
		select greatest(date_trunc(period, a.email_confirmed_at at time zone 'utc')::date,
				date_trunc(period, since at time zone 'utc')::date) as starts_on, count(*) as people
		from people a
		where a.email_confirmed_at <= at and a.state in ('active', 'suspended')
		group by 1
	)
	select period, g.starts_on, coalesce(h.people, 0)::integer, coalesce(w.people, 0)::integer,
		(sum(coalesce(j.people, 0)) over (order by g.starts_on))::integer,
		coalesce(o.items, 0)::integer, coalesce(d.items, 0)::integer,
		coalesce(d.seconds[1], 0)::integer, coalesce(d.seconds[2], 0)::integer
	from (select n::date as starts_on from generate_series(date_trunc(period, since at time zone 'utc'),
		at at time zone 'utc', ('1 ' || period)::interval) n) g
	left join here h on h.starts_on = g.starts_on
	left join wrote w on w.starts_on = g.starts_on
	left join opened o on o.starts_on = g.starts_on
	left join decided d on d.starts_on = g.starts_on
	left join joined j on j.starts_on = g.starts_on
$$;

-- The desk ------------------------------------------------------------------------------
--
-- What happened to a question, for the worker to reckon with: one insert a change, no more.

create or replace function desk_is_done(status text, solved boolean) returns boolean
language sql immutable as $$
	select solved or status in ('duplicate', 'closed')
$$;

-- Whom it concerns when a clock of that question runs out: who has it in hand; else the
-- team that it belongs to; else the teams of its level; else, where there are none, advisors.
create or replace function desk_people(topic bigint) returns setof bigint
language plpgsql stable as $$
declare
	question desk_questions;
	holder bigint;
begin
	select * into question from desk_questions q where q.topic_id = topic;
	holder := coalesce(case when question.claimed_until > clock_timestamp() then question.claimed_by end,
		question.escalated_to_person, question.assigned_to);
	if holder is not null then
		return next holder;
		return;
	end if;
	return query select m.person_id from desk_members m join desk_teams t on t.id = m.team_id
		join people p on p.id = m.person_id and p.state = 'active'
			and (p.role <> 'customer' or exists (select from experts e
				where e.person_id = p.id and e.state = 'active' and e.ends_at > now()))
		where case when question.team_id is null then t.level = question.level else t.id = question.team_id end
		order by 1 limit 50;
	if not found then
		return query select p.id from people p where p.role = 'advisor' and p.state = 'active' order by 1 limit 50;
	end if;
end $$;

create or replace function desk_event(topic bigint, what text) returns void
language plpgsql as $$
begin
	insert into desk_events (topic_id, kind) values (topic, what);
	perform pg_notify('desk', '');
end $$;

-- An idea is for the desk as if it were hidden: it waits for no answer.
create or replace function topics_desk() returns trigger
language plpgsql as $$
begin
	if is_importing() then
		return null;
	end if;
	if tg_op = 'INSERT' then
		if new.visibility = 'visible' and new.stage = '' then
			perform desk_event(new.id, 'published');
		end if;
		return null;
	end if;
	if (old.visibility = 'visible' and old.stage = '') <> (new.visibility = 'visible' and new.stage = '') then
		perform desk_event(new.id, case when new.visibility = 'visible' and new.stage = ''
			then 'shown' else 'hidden' end);
	end if;
	if new.stage <> '' then
		return null;
	end if;
	-- Before what it may have solved.
	if old.answer_count <> new.answer_count then
		perform desk_event(new.id, 'answered');
	end if;
	if desk_is_done(old.status, old.is_solved) <> desk_is_done(new.status, new.is_solved) then
		perform desk_event(new.id, case when desk_is_done(new.status, new.is_solved) then 'done' else 'undone' end);
	end if;
	if (old.status = 'needs_information') <> (new.status = 'needs_information') then
		perform desk_event(new.id, case when new.status = 'needs_information' then 'waiting' else 'resumed' end);
	end if;
	if old.category_id <> new.category_id then
		perform desk_event(new.id, 'moved');
	end if;
	if old.title <> new.title then
		perform desk_event(new.id, 'edited');
	end if;
	if search_step(old.me_too_count) <> search_step(new.me_too_count)
		or (old.mirror_source_id, old.created_at, old.first_answer_at, old.solved_at, old.status_at)
			is distinct from (new.mirror_source_id, new.created_at, new.first_answer_at, new.solved_at, new.status_at) then
		perform desk_event(new.id, 'changed');
	end if;
	return null;
end $$;

create or replace trigger topics_desk_new
	after insert on topics
	for each row execute function topics_desk();

create or replace trigger topics_desk
	after update of visibility, answer_count, accepted_count, status, category_id, title, me_too_count,
		mirror_source_id, created_at, first_answer_at, solved_at, status_at, stage on topics
	for each row execute function topics_desk();

-- Another text of the question may have a watched word, or no longer.
create or replace function posts_desk() returns trigger
language plpgsql as $$
begin
	perform desk_event(new.topic_id, 'edited');
	return null;
end $$;

create or replace trigger posts_desk
	after update of body_md on posts
	for each row when (not is_importing() and new.kind = 'question' and old.body_md <> new.body_md)
	execute function posts_desk();
-- The desk's reports ------------------------------------------------------------------

-- What desk_report_lines should hold for so many days before a moment. Hours and days of
-- the week are those of the desk's time zone. "first": of the first answer that is not
-- the asker's own; "solved": to the first accepted answer. Seconds.
create or replace function desk_report_lines_of(span integer, at timestamptz, zone text)
returns table (report text, place integer, subject_id bigint, figures bigint[])
language sql stable as $$
	with asked as materialized (
		select t.id, t.top_category_id as category, t.created_at, t.is_solved, f.seconds, f.by_whom,
			case when t.is_solved then s.seconds end as solved_seconds,
			case when t.is_solved then s.by_whom end as solved_by
		from topics t
		left join lateral (
			select greatest(0, extract(epoch from p.created_at - t.created_at))::bigint as seconds,
				answer_side(p.author_id, t.id, t.category_id, t.top_category_id, p.created_at) as by_whom
			from posts p
			where p.topic_id = t.id and p.kind = 'answer' and p.visibility = 'visible'
				and p.created_at <= at and coalesce(p.author_id <> t.author_id, true)
			order by p.created_at, p.id
			limit 1) f on true
		left join lateral (
			select greatest(0, extract(epoch from p.accepted_at - t.created_at))::bigint as seconds,
				case when p.author_id = t.author_id then 'asker'
					else answer_side(p.author_id, t.id, t.category_id, t.top_category_id, p.created_at)
				end as by_whom
			from posts p
			where p.topic_id = t.id and p.kind = 'answer' and p.visibility = 'visible' and p.accepted_at is not null
			order by p.accepted_at, p.id
			limit 1) s on t.is_solved
		where t.visibility = 'visible' and t.stage = '' and t.created_at > at - make_interval(days => span) and t.created_at <= at
	), times as (
		select category, count(*) as questions, count(seconds) as first_count,
			percentile_disc(array[0.5, 0.9]) within group (order by seconds) as first,
			count(solved_seconds) as solved_count,
			percentile_disc(array[0.5, 0.9]) within group (order by solved_seconds) as solved
		from asked
		group by grouping sets ((), (category))
	), promised as (
		-- What was promised and has come out, one way or the other.
		select q.top_category_id as category, q.team_id as team,
			grouping(q.team_id) = 0 as is_team,
			array[count(*) filter (where first_is_out), count(*) filter (where first_is_out and q.first_breached_at is null),
				count(*) filter (where solution_is_out),
				count(*) filter (where solution_is_out and q.solution_breached_at is null)] as figures
		from desk_questions q
		join topics t on t.id = q.topic_id and t.visibility = 'visible' and t.stage = ''
		cross join lateral (select
			q.first_target_minutes > 0 and coalesce(q.first_met_at, q.first_breached_at) <= at as first_is_out,
			q.solution_target_minutes > 0 and coalesce(q.solution_met_at, q.solution_breached_at) <= at
				as solution_is_out) o
		where q.clock_at > at - make_interval(days => span) and q.clock_at <= at
		group by grouping sets ((), (q.top_category_id), (q.team_id))
	), sides as (
		select w.place, w.side,
			count(*) filter (where a.by_whom = w.side) as first_count,
			percentile_disc(array[0.5, 0.9]) within group (order by a.seconds) filter (where a.by_whom = w.side) as first,
			count(*) filter (where a.solved_by = w.side) as solved_count,
			percentile_disc(array[0.5, 0.9]) within group (order by a.solved_seconds)
				filter (where a.solved_by = w.side) as solved
		from (values (1, 'customer'), (2, 'expert'), (3, 'staff'), (4, 'asker')) w (place, side)
		cross join asked a
		group by w.place, w.side
	), backlog as (
		select width_bucket(extract(epoch from at - t.created_at)::bigint,
				array[4 * 3600, 24 * 3600, 3 * 86400, 7 * 86400, 30 * 86400, 365 * 86400]::bigint[]) as place,
			count(*) filter (where not t.is_answered) as unanswered,
			count(*) filter (where t.is_answered) as answered,
			count(*) filter (where t.status = 'needs_information') as waiting
		from topics t
		where t.visibility = 'visible' and t.stage = '' and not t.is_solved and t.status in ('open', 'needs_information')
			and t.created_at <= at
		group by 1
	), work as (
		select w.at at time zone zone as wall, w.is_question
		from (select created_at as at, true as is_question from asked
			union all
			select p.created_at, false
			from posts p
			join topics t on t.id = p.topic_id and t.visibility = 'visible'
			join people a on a.id = p.author_id and a.role <> 'customer'
			where p.kind = 'answer' and p.visibility = 'visible'
				and p.created_at > at - make_interval(days => span) and p.created_at <= at) w
	)
	select 'targets', row_number() over (order by p.category is not null, c.position, c.id)::integer - 1,
		coalesce(p.category, 0), p.figures
	from promised p
	left join categories c on c.id = p.category
	where not p.is_team
	union all
	select 'teams', row_number() over (order by m.level, m.name, m.id)::integer - 1, coalesce(p.team, 0), p.figures
	from promised p
	left join desk_teams m on m.id = p.team
	where p.is_team
	union all
	-- By place in the list of causes (desk_breach.c).
	select 'causes', array_position(array['unseen', 'claimed', 'level', 'handed_over', 'information', 'few_hours',
			'reopened', 'too_many', 'outage', 'other'], b.cause) - 1, 0,
		array[count(*), count(*) filter (where b.kind = 'first_answer'), count(*) filter (where b.kind = 'solution'),
			count(*) filter (where b.corrected_by is not null)]
	from desk_breaches b
	join topics t on t.id = b.topic_id and t.visibility = 'visible'
	where b.due_at > at - make_interval(days => span) and b.due_at <= at
	group by b.cause
	union all
	select 'times', row_number() over (order by t.category is not null, c.position, c.id)::integer - 1,
		coalesce(t.category, 0),
		array[t.questions, t.first_count, coalesce(t.first[1], 0), coalesce(t.first[2], 0),
			t.solved_count, coalesce(t.solved[1], 0), coalesce(t.solved[2], 0)]
	from times t
	left join categories c on c.id = t.category
	union all
	select 'sides', s.place, 0, array[s.first_count, coalesce(s.first[1], 0), coalesce(s.first[2], 0),
		s.solved_count, coalesce(s.solved[1], 0), coalesce(s.solved[2], 0),
		(sum(s.first_count) over ())::bigint, (sum(s.solved_count) over ())::bigint]
	from sides s
	union all
	select 'backlog', b.place, 0, array[b.unanswered, b.answered, b.waiting]
	from backlog b
	union all
	select 'load', (extract(isodow from w.wall) * 24 - 24 + extract(hour from w.wall))::integer, 0,
		array[count(*) filter (where w.is_question), count(*) filter (where not w.is_question)]
	from work w
	group by 2
	union all
	-- Days of UTC, as they are counted by: so many, today's among them.
	select 'articles', 0, 0, array[sum(d.shown), sum(d.opened), sum(d.solved), sum(d.asked)]::bigint[]
	from article_deflection_days d, lateral (select (at at time zone 'utc')::date as today) now
	where d.day > now.today - span and d.day <= now.today
	having count(*) > 0
	union all
	(select 'articles', row_number() over (order by sum(d.solved) desc, sum(d.shown) desc, d.article_id)::integer,
		d.article_id, array[sum(d.shown), sum(d.opened), sum(d.solved), sum(d.asked)]::bigint[]
	from article_deflections d, lateral (select (at at time zone 'utc')::date as today) now
	where d.day > now.today - span and d.day <= now.today
	group by d.article_id
	order by 2
	limit 20)
$$;

-- Figures of who helped customers since a moment, in a field or (both null) anywhere:
-- what expert_candidate.c and the report on ambassadors score. What points did not pay
-- for (rings, households) does not count.
create or replace function helper_figures(category bigint, tag bigint, since timestamptz, at timestamptz)
returns table (person_id bigint, answers bigint, accepted bigint, reach bigint, thanks bigint, minutes bigint,
	abuses bigint, days bigint)
language sql stable as $$
	select s.author_id, s.answers, s.accepted, s.reach, s.thanks, s.minutes,
		(select count(*) from reputation_standing b where b.person_id = s.author_id and b.cause = 'abuse'
			and b.created_at > since),
		(select count(*) from person_days d where d.person_id = s.author_id
			and d.day > (at - interval '90 days')::date)
	from (
		select t.author_id, count(*) as answers, count(distinct t.topic_id) as reach,
			count(*) filter (where exists (select from reputation_standing e where e.post_id = t.id
				and e.cause = 'accepted' and e.discount in ('', 'cap'))) as accepted,
			sum((select count(*) from reputation_standing e where e.post_id = t.id
				and e.cause = 'thanks' and e.discount in ('', 'cap')))::bigint as thanks,
			(percentile_cont(0.5) within group (order by extract(epoch from t.waited)) / 60)::bigint as minutes
		from (
			select p.author_id, p.id, p.topic_id, p.created_at - q.created_at as waited
			from topics q join posts p on p.topic_id = q.id
			where p.kind = 'answer' and p.visibility = 'visible' and q.visibility = 'visible' and q.stage = ''
				and p.created_at > since and p.created_at <= at and q.author_id is distinct from p.author_id
				and case when category is not null then category in (q.category_id, q.top_category_id)
					when tag is not null
						then exists (select from topic_tags g where g.topic_id = q.id and g.tag_id = tag)
					else true end) t
		where t.author_id is not null
		group by t.author_id) s
$$;

-- The same for desk_report_people: members of the public with an account here who did
-- not opt out and are not minors. "ambassadors": the best helpers, before candidate_score
-- puts them in order. "care": who asked at least twice and was failed at least twice and
-- half of the time: not solved after three days.
create or replace function desk_report_people_of(span integer, at timestamptz)
returns table (report text, person_id bigint, figures bigint[])
language sql stable as $$
	with people_here as (
		select a.id from people a
		where a.role = 'customer' and a.state = 'active' and a.email_confirmed_at is not null
			and a.is_ranked and not a.is_minor
			and coalesce(a.silenced_until, '-infinity') <= at
	), failing as (
		select t.author_id, count(*) as questions,
			count(*) filter (where not t.is_solved and t.created_at <= at - interval '3 days') as failed,
			count(*) filter (where not t.is_answered and t.created_at <= at - interval '3 days') as unanswered,
			max(t.id) as latest
		from topics t
		where t.visibility = 'visible' and t.stage = '' and t.created_at > at - make_interval(days => span) and t.created_at <= at
			and t.status in ('open', 'needs_information')
		group by t.author_id
	)
	(select 'ambassadors', h.person_id,
		array[h.answers, h.accepted * 100 / h.answers, h.reach, h.thanks, h.minutes, h.abuses, h.days]
	from helper_figures(null, null, at - make_interval(days => span), at) h
	join people_here p on p.id = h.person_id
	where h.answers >= 5
	order by h.accepted * 15 + h.thanks * 4 + h.reach desc, h.person_id
	limit 30)
	union all
	(select 'care', f.author_id, array[f.questions, f.failed, f.unanswered, f.latest]
	from failing f
	join people_here p on p.id = f.author_id
	where f.failed >= 2 and 2 * f.failed >= f.questions
	order by f.failed desc, f.unanswered desc, f.questions, f.author_id
	limit 30)
$$;

-- Polls ---------------------------------------------------------------------------------

create or replace function poll_count_vote(poll bigint, chosen smallint[], by_how_many integer) returns void
language sql as $$
	update polls set voter_count = voter_count + by_how_many where id = poll;
	update poll_choices set vote_count = vote_count + by_how_many
	where poll_id = poll and position = any (chosen);
$$;

create or replace function poll_votes_counted() returns trigger
language plpgsql as $$
begin
	if tg_op <> 'INSERT' then
		perform poll_count_vote(old.poll_id, old.choices, -1);
	end if;
	if tg_op <> 'DELETE' then
		perform poll_count_vote(new.poll_id, new.choices, 1);
	end if;
	return null;
end $$;

create or replace trigger poll_votes_counted
	after insert or update or delete on poll_votes
	for each row execute function poll_votes_counted();

-- A topic's page asks for its poll only where there is one.
create or replace function polls_placed() returns trigger
language plpgsql as $$
begin
	update topics t set has_poll = exists (select from polls p where p.topic_id = t.id)
	where t.id in (new.topic_id, case when tg_op = 'UPDATE' then old.topic_id end);
	return null;
end $$;

create or replace trigger polls_placed
	after insert or update of topic_id on polls
	for each row execute function polls_placed();

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
	-- What concerns the index concerns the sitemap.
	insert into sitemap_touches (kind, subject_id) values ('topics', topic);
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

create or replace trigger topics_searched
	after update of title, visibility, category_id, language, accepted_count, status, author_id, tag_list,
		stage on topics
	for each row when (not is_importing()
		and (old.title, old.visibility, old.category_id, old.language, old.is_solved, old.status,
			old.author_id, old.tag_list, old.stage = '')
		is distinct from (new.title, new.visibility, new.category_id, new.language, new.is_solved,
			new.status, new.author_id, new.tag_list, new.stage = ''))
	execute function topics_searched();

create or replace trigger topics_searched_votes
	after update of score on topics
	for each row when (not is_importing() and old.score <> new.score
		and search_step(old.score) <> search_step(new.score))
	execute function topics_searched();

create or replace function posts_searched() returns trigger
language plpgsql as $$
begin
	-- A comment will count at its parent, whose lock comes before the mark's.
	if new.kind = 'comment' then
		perform from posts where id = new.parent_id for no key update;
	end if;
	if (old.body_md, old.visibility) is distinct from (new.body_md, new.visibility) then
		perform search_mark(new.topic_id, 0::smallint);
	else
		perform search_mark(new.topic_id, 2::smallint);
	end if;
	return null;
end $$;

create or replace trigger posts_are_searched
	after update of visibility, accepted_at, revision_count, author_id, score, body_md on posts
	for each row when (not is_importing()
		and ((old.visibility, old.accepted_at, old.revision_count, old.author_id)
			is distinct from (new.visibility, new.accepted_at, new.revision_count, new.author_id)
			or (old.score <> new.score and search_step(old.score) <> search_step(new.score))
			or old.body_md <> new.body_md))
	execute function posts_searched();

-- Tags come with the topic's list of them.
drop function if exists topic_tags_searched();

-- Articles: what readers have of one has changed, or its place. Thanks count roughly.
create or replace function search_mark_article(article bigint) returns void
language plpgsql as $$
begin
	insert into search_article_marks (article_id) values (article)
	on conflict (article_id) do update set marked_at = clock_timestamp();
	perform pg_notify('search', '');
	insert into sitemap_touches (kind, subject_id) values ('articles', article);
end $$;

create or replace function articles_searched() returns trigger
language plpgsql as $$
begin
	perform search_mark_article(new.id);
	return null;
end $$;

create or replace trigger articles_searched
	after update on articles
	for each row when ((old.is_public or new.is_public)
		and ((old.is_public, old.published_version_id, old.title, old.summary, old.category_id, old.product, old.language)
			is distinct from (new.is_public, new.published_version_id, new.title, new.summary, new.category_id,
				new.product, new.language)
			or search_step(old.helpful_count) <> search_step(new.helpful_count)))
	execute function articles_searched();

create or replace trigger articles_searched_new
	after insert on articles
	for each row when (new.is_public)
	execute function articles_searched();

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

-- An address that a category had leads to it; one that is in use again leads nowhere else.
create or replace function categories_moved() returns trigger
language plpgsql as $$
begin
	if tg_op = 'UPDATE' then
		insert into category_slugs (slug, category_id) values (old.slug, new.id)
		on conflict (slug) do update set category_id = excluded.category_id;
	end if;
	delete from category_slugs where slug = new.slug;
	return null;
end $$;

create or replace trigger categories_moved
	after update on categories
	for each row when (old.slug is distinct from new.slug)
	execute function categories_moved();
create or replace trigger categories_begun
	after insert on categories
	for each row execute function categories_moved();

-- Where not every member may write: ",12=23,15=99,": the number of a category, then the
-- least role (1 customer to 4 administrator, 9 nobody) that asks and that answers there.
-- Every request of somebody who is signed in asks for it. plpgsql keeps its plan, where a
-- function in SQL that has a query of its own is planned at each call.
create or replace function category_rights() returns text
language plpgsql stable as $$
begin return (
	with least_roles as (
		select c.id, case when c.archived_at is not null then 9 else greatest(
				array_position(array['customer', 'advisor', 'moderator'], c.ask_role),
				array_position(array['customer', 'advisor', 'moderator'], p.ask_role)) end as asks,
			case when c.archived_at is not null then 9 else greatest(
				array_position(array['customer', 'advisor', 'moderator'], c.answer_role),
				array_position(array['customer', 'advisor', 'moderator'], p.answer_role)) end as answers
		from categories c left join categories p on p.id = c.parent_id)
	select coalesce(',' || string_agg(l.id || '=' || l.asks || l.answers, ',' order by l.id) || ',', '')
	from least_roles l where l.asks > 1 or l.answers > 1);
end $$;

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
	after update of role on people
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

-- A top category is its own; a child carries its parent's. In a category for ideas a topic
-- is one: it begins as proposed, and finds its stage again when it comes back ---------------

create or replace function topics_place() returns trigger
language plpgsql as $$
declare
	is_idea boolean;
begin
	select coalesce(c.parent_id, c.id), c.purpose = 'ideas' into new.top_category_id, is_idea
	from categories c where c.id = new.category_id;
	if not coalesce(is_idea, false) then
		new.stage = '';
	elsif new.stage = '' then
		new.stage = coalesce((select a.after ->> 'stage' from topic_acts a
			where a.topic_id = new.id and a.kind = 'stage' and a.undone_at is null
			order by a.id desc limit 1), 'proposed');
	end if;
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

-- Administrators' renaming says so, and does the same in batches (forum/tag_change.c).
create or replace trigger tags_renamed
	after update of name on tags
	for each row when (old.name is distinct from new.name
		and current_setting('entraide.renaming', true) is distinct from 'on')
	execute function tags_renamed();

-- What a typed word means as a tag: the tag's name, also by its synonyms, earlier names and
-- tags merged into it; the word itself when there is no such tag yet; null: forbidden.
create or replace function tag_fold(typed text) returns text
language sql immutable as $$
	select regexp_replace(normalize(lower(typed), NFD), '[\u0300-\u036f]', '', 'g')
$$;

create or replace function tag_resolve(typed text) returns text
language plpgsql stable as $$
declare
	meant text;
begin
	select coalesce(o.name, g.name) into meant
	from tags g left join tags o on o.id = g.merged_into where g.name = typed;
	if found then
		return meant;
	end if;
	select g.name into meant
	from tag_words w left join tags g on g.id = w.tag_id
	where w.folded = tag_fold(typed) order by (w.word = typed) desc, w.word limit 1;
	if found then
		return meant;
	end if;
	return typed;
end $$;

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
	-- Also of what was merged into another question: its title is theirs.
	update topics t set title = '…', excerpt = '', author_id = null, author_name = '', source_url = '',
		visibility = case when t.visibility = 'visible' then 'held' else t.visibility end
	from posts p
	where p.id = any (theirs)
		and ((p.kind = 'question' and t.id = p.topic_id) or t.merged_post_id = p.id);
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
		and not exists (select from mirror_items i join mirror_sources own on own.id = i.source_id
			join posts p on p.id = i.post_id
			where i.topic_id = t.id and not own.index_comments and not i.is_self and not i.is_ours
			and p.visibility = 'visible')))
	from topics t left join mirror_sources s on s.id = t.mirror_source_id
	where t.id = topic
$$;

-- May search engines have it? One rule for each kind of page: its robots, the sitemap and
-- IndexNow ask here.

-- A question that nobody else answered, by somebody whom nobody knows yet, is where spam
-- stands: not before another answers it or its author has risen. A topic's page decides the
-- same from what it has loaded (src/web/indexing.h); a test compares the two.
create or replace function topic_may_index(topic topics) returns boolean
language sql stable as $$
	select topic.visibility = 'visible' and topic.status <> 'duplicate' and topic.merged_into is null
		and case when topic.mirror_source_id is not null then mirror_may_index(topic.id)
			else not exists (select from people p
					where p.id = topic.author_id and p.role = 'customer' and p.trust_level = 0 and p.state <> 'imported')
				or (topic.is_answered and exists (select from posts a where a.topic_id = topic.id and a.kind = 'answer'
					and a.visibility = 'visible' and a.author_id is distinct from topic.author_id)) end
$$;

-- Two questions make no page worth finding.
create or replace function tag_may_index(tag tags) returns boolean
language sql immutable as $$
	select tag.topic_count >= 3 and tag.merged_into is null
$$;

-- People who have answered somebody.
create or replace function person_may_index(person people) returns boolean
language sql immutable as $$
	select person.answer_count > 0 and person.state in ('active', 'imported')
$$;

-- What of people and mirrors concerns the sitemap; of topics and articles see search_mark.
create or replace function people_touched() returns trigger
language plpgsql as $$
begin
	if is_importing() or (old.name, old.state, old.answer_count = 0, old.trust_level = 0)
		is not distinct from (new.name, new.state, new.answer_count = 0, new.trust_level = 0) then
		return null;
	end if;
	insert into sitemap_touches (kind, subject_id) values ('people', new.id);
	if (old.trust_level = 0) <> (new.trust_level = 0) then
		insert into sitemap_touches (kind, subject_id)
		select 'topics', t.id from topics t where t.author_id = new.id and not t.is_answered limit 1000;
	end if;
	return null;
end $$;

create or replace trigger people_touched
	after update of name, state, answer_count, trust_level on people
	for each row execute function people_touched();

create or replace function mirrors_touched() returns trigger
language plpgsql as $$
begin
	update sitemap_files set touched_at = coalesce(touched_at, now()) where kind = 'topics';
	return null;
end $$;

create or replace trigger mirrors_touched
	after update on mirror_sources
	for each row when ((old.state, old.index_answer_min, old.index_comments)
		is distinct from (new.state, new.index_answer_min, new.index_comments))
	execute function mirrors_touched();

-- The figures of a year's transparency report, a row each; src/forum/transparency.h says
-- what sections there are. Aggregates only: nothing of it leads back to anybody.
create or replace function transparency_of(of_year integer)
returns table (section text, subject text, detail text, count bigint, automated bigint, median_hours double precision)
language sql stable as $$
	with span as (
		select make_timestamptz(of_year, 1, 1, 0, 0, 0, 'UTC') as begins,
			make_timestamptz(of_year + 1, 1, 1, 0, 0, 0, 'UTC') as ends
	)
	select 'notices', n.category, coalesce(n.outcome, 'open'), count(*), 0::bigint,
		percentile_cont(0.5) within group (order by extract(epoch from n.decided_at - n.created_at) / 3600)
	from notices n, span where n.created_at >= span.begins and n.created_at < span.ends
	group by n.category, coalesce(n.outcome, 'open')
	union all
	select 'all_notices', case when n.decided_at is null then 'open' else 'decided' end, '', count(*), 0::bigint,
		percentile_cont(0.5) within group (order by extract(epoch from n.decided_at - n.created_at) / 3600)
	from notices n, span where n.created_at >= span.begins and n.created_at < span.ends
	group by n.decided_at is null
	union all
	select case when k.origin = 'notice' then 'by_notice' else 'own_initiative' end, k.act, k.rule, count(*),
		count(*) filter (where k.is_decided_automatically), null::double precision
	from moderation_cases k, span where k.created_at >= span.begins and k.created_at < span.ends
	group by k.origin = 'notice', k.act, k.rule
	union all
	select 'complaints', 'author', coalesce(c.decision, 'open'), count(*), 0::bigint,
		percentile_cont(0.5) within group (order by extract(epoch from c.decided_at - c.created_at) / 3600)
	from complaints c, span where c.created_at >= span.begins and c.created_at < span.ends
	group by coalesce(c.decision, 'open')
	union all
	select 'complaints', 'notifier', coalesce(c.decision, 'open'), count(*), 0::bigint,
		percentile_cont(0.5) within group (order by extract(epoch from c.decided_at - c.created_at) / 3600)
	from notice_complaints c, span where c.created_at >= span.begins and c.created_at < span.ends
	group by coalesce(c.decision, 'open')
	union all
	select 'suspensions', 'illegal_content', '', count(*), 0::bigint, null::double precision
	from measures m, span where m.kind = 'suspension' and m.created_at >= span.begins and m.created_at < span.ends
		and exists (select from moderation_cases k where k.measure_id = m.id and k.ground = 'law')
	having count(*) > 0
	union all
	select 'suspensions', case m.kind when 'warning' then 'notifier_warning' else 'unfounded_notices' end, '',
		count(*), 0::bigint, null::double precision
	from notifier_measures m, span where m.created_at >= span.begins and m.created_at < span.ends
	group by m.kind
	union all
	select 'suspensions', case c.unfounded when 'warning' then 'complaint_warning' else 'unfounded_complaints' end, '',
		count(*), 0::bigint, null::double precision
	from complaints c, span where c.unfounded in ('warning', 'suspension')
		and c.decided_at >= span.begins and c.decided_at < span.ends
	group by c.unfounded
	union all
	select 'recipients', to_char(d.day, 'YYYY-MM'), '', count(distinct d.person_id), 0::bigint, null::double precision
	from person_days d where d.day >= make_date(of_year, 1, 1) and d.day < make_date(of_year + 1, 1, 1)
	group by to_char(d.day, 'YYYY-MM')
$$;

-- Whether the password alone opens no session of this person.
create or replace function has_second_factor(person bigint) returns boolean
language sql stable as $$
	select exists (select from second_factors f where f.person_id = person and f.totp_secret is not null)
		or exists (select from passkeys k where k.person_id = person)
$$;

-- Everything about a person, for themselves: an object of lists of flat objects. What
-- guards the account (hashes, secrets) and what others said in confidence is not theirs.
-- tests/unit/test_forum_privacy.c compares this with the schema.
create or replace function person_export(person bigint) returns jsonb
language sql stable as $$
	select jsonb_build_object(
	'account', (select jsonb_agg(to_jsonb(x)) from (select p.id, p.name, p.handle, p.email, p.role, p.state,
		p.language, p.title, p.bio_md as bio, p.wants_mail, p.is_minor, p.charter_version, p.charter_accepted_at,
		p.email_confirmed_at, p.created_at, p.trust_level, p.reputation, f.totp_since as two_step_since
		from people p left join second_factors f on f.person_id = p.id where p.id = person) x),
	'questions', (select jsonb_agg(to_jsonb(x)) from (select t.id, t.title, q.body_md as text, q.visibility,
		q.created_at from topics t join posts q on q.topic_id = t.id and q.kind = 'question'
		where t.author_id = person order by t.id) x),
	'answers', (select jsonb_agg(to_jsonb(x)) from (select p.id, p.kind, t.title, p.body_md as text, p.visibility,
		p.created_at from posts p join topics t on t.id = p.topic_id
		where p.author_id = person and p.kind <> 'question' order by p.id) x),
	'versions', (select jsonb_agg(to_jsonb(x)) from (select r.post_id, r.number, r.title, r.body_md as text,
		r.reason, r.created_at from revisions r where r.editor_id = person order by r.post_id, r.number) x),
	'drafts', (select jsonb_agg(to_jsonb(x)) from (select d.place, d.title, d.body_md as text, d.updated_at
		from drafts d where d.person_id = person) x),
	'desk_filters', (select jsonb_agg(to_jsonb(x)) from (select f.name, f.query, f.created_at
		from desk_filters f where f.person_id = person order by f.id) x),
	'thanks', (select jsonb_agg(to_jsonb(x)) from (select k.post_id, k.created_at from thanks k
		where k.person_id = person order by k.created_at) x),
	'me_too', (select jsonb_agg(to_jsonb(x)) from (select m.topic_id, m.created_at from me_too m
		where m.person_id = person order by m.created_at) x),
	'polls', (select jsonb_agg(to_jsonb(x)) from (select p.topic_id, p.question, p.created_at, p.closes_at,
		p.removed_at, p.removal_reason from polls p where p.author_id = person order by p.id) x),
	'votes', (select jsonb_agg(to_jsonb(x)) from (select p.topic_id, p.question, v.voted_at,
		(select jsonb_agg(c.label order by c.position) from poll_choices c
			where c.poll_id = v.poll_id and c.position = any (v.choices)) as choices
		from poll_votes v join polls p on p.id = v.poll_id where v.person_id = person order by v.voted_at) x),
	'follows', (select jsonb_agg(to_jsonb(x)) from (select f.kind, f.target_id, f.created_at from follows f
		where f.person_id = person order by f.created_at) x),
	'notifications', (select jsonb_agg(to_jsonb(x)) from (select n.kind, n.topic_id, n.post_id, n.created_at,
		n.read_at from notifications n where n.person_id = person order by n.id) x),
	'flags', (select jsonb_agg(to_jsonb(x)) from (select f.post_id, f.reason, f.detail, f.state, f.created_at
		from flags f where f.person_id = person order by f.id) x),
	'measures', (select jsonb_agg(to_jsonb(x)) from (select m.kind, m.reason, m.created_at, m.ends_at, m.ended_at
		from measures m where m.person_id = person and m.kind <> 'note' order by m.id) x),
	'decisions', (select jsonb_agg(to_jsonb(x)) from (select c.act, c.post_id, c.rule, c.facts, c.statement,
		c.starts_at, c.ends_at, c.complaint_until from moderation_cases c where c.person_id = person order by c.id) x),
	'complaints', (select jsonb_agg(to_jsonb(x)) from (select c.case_id, c.text, c.created_at, c.decision, c.answer
		from complaints c where c.person_id = person order by c.id) x),
	'legal_notices', (select jsonb_agg(to_jsonb(x)) from (select n.code as number, n.category, n.explanation, n.name,
		n.email, n.created_at, n.decided_at, n.outcome, c.text as complaint, c.answer
		from notices n left join notice_complaints c on c.notice_id = n.id where n.person_id = person
		order by n.id) x),
	'reputation', (select jsonb_agg(to_jsonb(x)) from (select e.cause, e.points, e.discount, e.post_id, e.created_at
		from reputation_entries e where e.person_id = person order by e.id) x),
	'lists_of_the_team', (select jsonb_agg(to_jsonb(x)) from (select l.days, l.report, l.figures
		from desk_report_people l where l.person_id = person order by l.report, l.days) x),
	'consents', (select jsonb_agg(to_jsonb(x)) from (select c.document, c.version, c.given_at
		from consents c where c.person_id = person order by c.id) x),
	'badges', (select jsonb_agg(to_jsonb(x)) from (select b.badge_id, b.awarded_at, b.reason, b.taken_at
		from badge_awards b where b.person_id = person order by b.id) x),
	'expert', (select jsonb_agg(to_jsonb(x)) from (select e.category_id, e.tag_id, e.state, e.nominated_at, e.reason,
		e.answered_at, e.charter_version, e.ends_at, e.ended_at, e.end_reason from experts e
		where e.person_id = person order by e.id) x),
	'proposals', (select jsonb_agg(to_jsonb(x)) from (select a.post_id, a.note, a.state, a.created_at
		from article_proposals a where a.person_id = person order by a.id) x),
	'articles', (select jsonb_agg(to_jsonb(x)) from (select v.article_id, v.number, v.title, v.summary, v.body_md as text,
		v.reason, v.created_at from article_versions v where v.author_id = person order by v.id) x),
	'article_votes', (select jsonb_agg(to_jsonb(x)) from (select v.article_id, v.is_helpful, v.reason, v.comment,
		v.created_at from article_votes v where v.person_id = person order by v.id) x),
	'desk_notes', (select jsonb_agg(to_jsonb(x)) from (select n.topic_id, n.body_md as text, n.created_at
		from desk_notes n where n.author_id = person order by n.id) x),
	'desk_templates', (select jsonb_agg(to_jsonb(x)) from (select d.language, d.title, d.body_md as text, d.changed_at
		from desk_templates d where d.owner_id = person order by d.id) x),
	'panels', (select jsonb_agg(to_jsonb(x)) from (select n.title, m.state, m.why, m.invited_at, m.answered_at
		from panel_members m join panels n on n.id = m.panel_id where m.person_id = person order by m.id) x),
	'private_messages', (select jsonb_agg(to_jsonb(x)) from (select e.topic_id, m.is_from_team, m.body_md as text,
		m.created_at, (select string_agg(f.name, ', ' order by f.id) from attachments f where f.message_id = m.id) as files
		from private_messages m join private_exchanges e on e.id = m.exchange_id
		where e.person_id = person or m.author_id = person order by m.id) x),
	'files', (select jsonb_agg(to_jsonb(x)) from (select f.name, f.alt as text, f.kind, f.bytes,
		'/files/' || f.id || '/' || f.kind as address, f.uploaded_at as created_at
		from attachments f where f.owner_id = person order by f.id) x),
	'panel_answers', (select jsonb_agg(to_jsonb(x)) from (select q.title, q.text as questions, a.answered_at, a.changed_at,
		(select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('question', v.question, 'choices', v.choices,
			'number', v.number, 'text', v.words)) order by v.question)
			from questionnaire_values v where v.answer_id = a.id) as answers
		from questionnaire_answers a join questionnaires q on q.id = a.questionnaire_id
		where a.person_id = person order by a.id) x),
	'listening_labels', (select jsonb_agg(to_jsonb(x)) from (select l.label, l.created_at from listening_labels l
		where l.labeller_id = person order by l.id) x),
	'imported_badges', (select jsonb_agg(to_jsonb(b) - 'person_id') from imported_badges b where b.person_id = person),
	'mirrored_accounts', (select jsonb_agg(to_jsonb(x)) from (select a.name from mirror_authors a
		where a.person_id = person) x),
	'visits', (select jsonb_agg(to_jsonb(x)) from (select d.day from person_days d where d.person_id = person
		order by d.day) x),
	'sessions', (select jsonb_agg(to_jsonb(x)) from (select s.created_at, s.seen_at, s.expires_at, s.address,
		s.user_agent, s.authenticated_by from sessions s where s.person_id = person order by s.id) x),
	'passkeys', (select jsonb_agg(to_jsonb(x)) from (select k.name, k.created_at, k.used_at from passkeys k
		where k.person_id = person order by k.id) x),
	'mails', (select jsonb_agg(to_jsonb(x)) from (select m.kind, m.address, m.state, m.created_at, m.sent_at
		from mails m where m.person_id = person order by m.id) x))
$$;

-- What is sealed before an account is erased, by the classes of decree 2021-1362.
create or replace function person_sealed(person bigint, class text) returns text
language sql stable as $$
	select case class
		when 'identity' then (select jsonb_build_object('id', p.id, 'name', p.name, 'email', p.email)::text
			from people p where p.id = person)
		when 'account' then (select jsonb_build_object('id', p.id, 'handle', p.handle, 'created_at', p.created_at,
			'email_confirmed_at', p.email_confirmed_at, 'charter_version', p.charter_version,
			'consents', (select jsonb_agg(jsonb_build_object('document', c.document, 'version', c.version,
				'given_at', c.given_at) order by c.id) from consents c where c.person_id = person),
			'closed_at', now())::text from people p where p.id = person)
		else (select jsonb_build_object('id', person, 'connections', jsonb_agg(jsonb_build_object('at', s.created_at,
			'seen_at', s.seen_at, 'address', s.address, 'user_agent', s.user_agent)))::text
			from sessions s where s.person_id = person)
	end
$$;

-- "@name" in what others wrote and in its history, which the application's role may not
-- change otherwise: only for somebody whose erasure is due.
create or replace function forget_mentions(person bigint) returns void
language plpgsql security definer set search_path from current as $$
declare
	mention text;
	link text := '<a href="/u/' || person || '(-[^"]*)?"[^>]*>[^<]*</a>';
begin
	select '@(' || concat_ws('|', p.handle, regexp_replace(p.name, '([^[:alnum:] ])', '\\\1', 'g'))
		|| ')(?![[:alnum:]_-])'
	into mention
	from people p join person_erasures e on e.person_id = p.id and e.due_at <= now()
	where p.id = person;
	if mention is null then
		raise exception 'this person is not being erased';
	end if;
	update revisions set body_md = regexp_replace(body_md, mention, '@…', 'gi') where body_md ~* mention;
	perform search_mark(t.topic_id, 0::smallint)
	from (select distinct p.topic_id from posts p where p.body_md ~* mention order by 1) t;
	update posts set body_md = regexp_replace(body_md, mention, '@…', 'gi'),
		body_html = regexp_replace(regexp_replace(body_html, link, '@…', 'g'), mention, '@…', 'gi')
	where body_md ~* mention;
	update drafts set body_md = regexp_replace(body_md, mention, '@…', 'gi') where body_md ~* mention;
	update desk_notes set body_md = regexp_replace(body_md, mention, '@…', 'gi'),
		body_html = regexp_replace(regexp_replace(body_html, link, '@…', 'g'), mention, '@…', 'gi')
	where body_md ~* mention;
	update private_messages set body_md = regexp_replace(body_md, mention, '@…', 'gi'),
		body_html = regexp_replace(body_html, mention, '@…', 'gi')
	where body_md ~* mention;
	-- What was said in a thread may have come into an article.
	update article_versions set body_md = regexp_replace(body_md, mention, '@…', 'gi'),
		body_html = regexp_replace(body_html, mention, '@…', 'gi')
	where body_md ~* mention;
end $$;

-- As words of a regular expression, in clear and as they stand in HTML.
create or replace function as_words(texts text[]) returns text
language sql immutable as $$
	select '(?<![[:alnum:]])(' || string_agg(distinct regexp_replace(w, '([^[:alnum:] ])', '\\\1', 'g'), '|')
		|| ')(?![[:alnum:]])'
	from (select unnest(array[t, replace(replace(replace(t, '&', '&amp;'), '''', '&#39;'), '"', '&quot;')]) as w
		from unnest(texts) t where char_length(t) > 4) x
$$;

-- Articles that somebody's posts went into.
create or replace function made_of(person bigint) returns setof bigint
language sql stable as $$
	select distinct s.article_id from article_sources s join posts p on p.id = s.post_id where p.author_id = person
$$;

-- Name and address in what the person wrote in public, which stays; what was not public
-- (held, or taken back by its author) goes. Only for somebody whose erasure is due.
create or replace function forget_own_words(person bigint) returns void
language plpgsql security definer set search_path from current as $$
declare
	who text;
	gone bigint[];
begin
	select as_words(array[p.name, p.email, p.email_key]) into who
	from people p join person_erasures e on e.person_id = p.id and e.due_at <= now()
	where p.id = person;
	if who is null then
		raise exception 'this person is not being erased';
	end if;
	select coalesce(array_agg(p.id order by p.id), '{}') into gone from posts p
	where p.author_id = person
		and (p.visibility = 'held' or (p.visibility = 'withdrawn' and p.withdrawn_by = person));
	update topics t set title = '…', excerpt = ''
	from posts p where p.id = any (gone) and p.kind = 'question' and t.id = p.topic_id;
	update posts set body_md = '', body_html = '' where id = any (gone);
	perform forget_revisions(gone);
	update revisions r set body_md = regexp_replace(r.body_md, who, '…', 'gi'),
		title = regexp_replace(r.title, who, '…', 'gi'), reason = regexp_replace(r.reason, who, '…', 'gi')
	from posts p
	where p.id = r.post_id and (p.author_id = person or r.editor_id = person)
		and concat_ws(' ', r.title, r.reason, r.body_md) ~* who;
	update posts set body_md = regexp_replace(body_md, who, '…', 'gi'),
		body_html = regexp_replace(body_html, who, '…', 'gi')
	where author_id = person and (body_md ~* who or body_html ~* who);
	update topics set title = regexp_replace(title, who, '…', 'gi'),
		excerpt = regexp_replace(excerpt, who, '…', 'gi')
	where author_id = person and (title ~* who or excerpt ~* who);
	update article_versions set title = regexp_replace(title, who, '…', 'gi'),
		summary = regexp_replace(summary, who, '…', 'gi'), body_md = regexp_replace(body_md, who, '…', 'gi'),
		body_html = regexp_replace(body_html, who, '…', 'gi'), reason = regexp_replace(reason, who, '…', 'gi')
	where (author_id = person or article_id in (select made_of(person))) and concat_ws(' ', title, summary, reason, body_md) ~* who;
	update articles a set title = regexp_replace(a.title, who, '…', 'gi'),
		summary = regexp_replace(a.summary, who, '…', 'gi')
	where (a.title ~* who or a.summary ~* who)
		and (a.id in (select made_of(person))
			or exists (select from article_versions v where v.article_id = a.id and v.author_id = person));
	update desk_notes set body_md = regexp_replace(body_md, who, '…', 'gi'),
		body_html = regexp_replace(body_html, who, '…', 'gi')
	where author_id = person and (body_md ~* who or body_html ~* who);
	update private_messages set body_md = regexp_replace(body_md, who, '…', 'gi'),
		body_html = regexp_replace(body_html, who, '…', 'gi')
	where author_id = person and (body_md ~* who or body_html ~* who);
	update attachments set name = regexp_replace(name, who, '…', 'gi'), alt = regexp_replace(alt, who, '…', 'gi')
	where owner_id = person and (name ~* who or alt ~* who);
	-- The trigger that tells the index looks at versions, and these are none.
	perform search_mark(t.topic_id, 0::smallint)
	from (select distinct p.topic_id from posts p where p.author_id = person order by 1) t;
	perform search_mark_article(a.id)
	from (select a.id from articles a join article_versions v on v.id = a.published_version_id
		where v.author_id = person or a.id in (select made_of(person)) order by 1) a;
	-- The one change that the audit log takes: see audit_log_change.
	update audit_log set reason = regexp_replace(reason, who, '…', 'gi') where person_id = person and reason ~* who;
end $$;

-- What the person told the team, and the team wrote about the person: decisions are kept,
-- to account for them, without the words that say who it was.
create or replace function forget_cases(gone people) returns void
language plpgsql as $$
declare
	who text := as_words(array[gone.name, gone.email, gone.email_key, gone.handle]);
begin
	update flags set detail = '', network = '' where person_id = gone.id;
	update complaints set text = '…', answer = regexp_replace(answer, who, '…', 'gi') where person_id = gone.id;
	update article_proposals set note = '' where person_id = gone.id;
	update article_votes set comment = '' where person_id = gone.id and comment <> '';
	update experts set state = case when state in ('nominated', 'active') then 'ended' else state end,
		ended_at = coalesce(ended_at, now()), reason = '', end_reason = '' where person_id = gone.id;
	update badge_awards set reason = '' where person_id = gone.id and reason <> '';
	update measures set end_reason = regexp_replace(end_reason, who, '…', 'gi'),
		reason = case when kind = 'note' then '…' else regexp_replace(reason, who, '…', 'gi') end
	where person_id = gone.id;
	update moderation_cases set facts = regexp_replace(facts, who, '…', 'gi'),
		statement = regexp_replace(statement, who, '…', 'gi') where person_id = gone.id;
	update removals set reason = regexp_replace(reason, who, '…', 'gi') where person_id = gone.id;
	update moderation_items set note = regexp_replace(note, who, '…', 'gi') where person_id = gone.id;
	update mirror_authors set person_id = null, claimed_by = null where person_id = gone.id;
	delete from search_log where example ~* who;
	delete from search_word_days where example ~* who;
end $$;

-- The account goes, what was written in public stays under a neutral name. What was
-- sealed before is all that still says who it was.
create or replace function person_erase(person bigint) returns void
language plpgsql as $$
declare
	gone people%rowtype;
begin
	select * into gone from people where id = person for update;
	perform forget_mentions(person);
	perform forget_own_words(person);
	perform forget_cases(gone);
	delete from sessions where person_id = person;
	delete from sign_in_steps where person_id = person;
	delete from recovery_codes where person_id = person;
	delete from second_factors where person_id = person;
	delete from passkeys where person_id = person;
	delete from passkey_challenges where person_id = person;
	delete from mail_tokens where person_id = person;
	delete from mails where person_id = person or address in (gone.email, gone.email_key);
	delete from notifications n where n.person_id = person
		and not exists (select from mails m where m.notification_id = n.id);
	update notices set name = '', email = '', notifier = '', person_id = null
	where person_id = person or lower(email) in (lower(gone.email), gone.email_key);
	delete from drafts where person_id = person;
	delete from desk_filters where person_id = person;
	delete from desk_members where person_id = person;
	-- What the desk said of their questions; what they said of others' stays, without a name.
	delete from desk_notes where topic_id in (select t.id from topics t where t.author_id = person);
	-- What was said in private with them, by both sides; that there was an exchange stays.
	delete from private_messages m using private_exchanges e where e.id = m.exchange_id and e.person_id = person;
	update private_exchanges e set person_id = null, state = 'closed', closed_at = coalesce(e.closed_at, now()),
		emptied_at = coalesce(e.emptied_at, now()), closing_reason = '' where e.person_id = person;
	delete from desk_templates where owner_id = person;
	delete from desk_template_changes where owner_id = person;
	delete from panel_members where person_id = person;
	-- What was chosen stays counted, under nobody's name; own words may say who it was.
	delete from questionnaire_values v using questionnaire_answers a
	where a.id = v.answer_id and a.person_id = person and v.words is not null;
	update questionnaire_answers set person_id = null where person_id = person;
	delete from follows where person_id = person;
	delete from desk_report_people where person_id = person;
	-- What they said of samples still counts, without a name.
	delete from listening_labels where labeller_id = person and turn is null;
	update listening_labels set labeller_id = null where labeller_id = person;
	delete from person_days where person_id = person;
	delete from person_addresses where person_id = person;
	delete from person_exports where person_id = person;
	delete from consents where person_id = person;
	delete from top_helpers where person_id = person;
	delete from form_keys where person_id = person;
	delete from jobs where payload ->> 'text' = gone.email_key and state <> 'running';
	delete from throttles where strpos(key, gone.email_key) > 0;
	update topics set author_name = '' where author_id = person and author_name <> '';
	update posts set author_name = '' where author_id = person and author_name <> '';
	update people set name = case language when 'fr' then 'Ancien membre' else 'Former member' end,
		handle = null, email = null, email_key = null, password_hash = null, state = 'anonymised',
		title = '', bio_md = '', bio_html = '', wants_mail = false, is_minor = false, charter_version = null,
		charter_accepted_at = null, email_confirmed_at = null
	where id = person;
	delete from person_erasures where person_id = person;
end $$;

-- How the charter in force is called in consents; null while it is the theme's.
create or replace function charter_version() returns text language sql stable as $$
	select to_char(v.written_at at time zone 'utc', 'YYYY-MM-DD') || '/' || v.number
	from (select u.version_id from page_text_publications u where u.name = 'charter'
		order by u.id desc limit 1) newest
	join page_text_versions v on v.id = newest.version_id
$$;

-- Whoever says yes leaves a row, at sign-up and whenever they are asked again.
create or replace function people_consents() returns trigger language plpgsql as $$
begin
	insert into consents (person_id, document, version, given_at)
	values (new.id, 'charter', coalesce(new.charter_version, ''), new.charter_accepted_at);
	return null;
end $$;

create or replace trigger people_consents after insert on people
	for each row when (new.charter_accepted_at is not null) execute function people_consents();
create or replace trigger people_consents_again after update of charter_accepted_at on people
	for each row when (new.charter_accepted_at is not null
		and new.charter_accepted_at is distinct from old.charter_accepted_at)
	execute function people_consents();

-- Pages that are stored ------------------------------------------------------------------
--
-- Which pages show what has changed (src/forum/page_change.h; docs/performance.md lists
-- what is not marked, and why). Lines are only added, so no lock is taken.

create or replace function page_changed(of_kind text, page bigint, title text default '') returns void
language plpgsql as $$
begin
	-- One line for each page and transaction, but for each title it had.
	insert into page_changes (kind, page_id, was)
	select of_kind, page, title
	where title <> '' or not exists (select from page_changes c
		where c.kind = of_kind and c.page_id = page and c.transaction = pg_current_xact_id());
	if found then
		perform pg_notify('pages', '');
	end if;
end $$;

create or replace function pages_all_changed() returns trigger
language plpgsql as $$
begin
	perform page_changed('all', 0);
	return null;
end $$;

-- Topics: itself; what is named on the pages of others only changes there with its title
-- and its state, as a number of answers is no news worth a page.
create or replace function topics_paged() returns trigger
language plpgsql as $$
begin
	if is_importing()
		or (old.category_id, old.title, old.language, old.author_id, old.author_name, old.is_official, old.status,
			old.visibility, old.duplicate_of, old.merged_into, old.merged_post_id, old.active_at, old.answer_count,
			old.comment_count, old.accepted_count, old.me_too_count, old.excerpt, old.tag_list, old.source_url,
			old.is_locked, old.status_reason, old.stage, old.has_poll)
		is not distinct from (new.category_id, new.title, new.language, new.author_id, new.author_name,
			new.is_official, new.status, new.visibility, new.duplicate_of, new.merged_into, new.merged_post_id,
			new.active_at, new.answer_count, new.comment_count, new.accepted_count, new.me_too_count, new.excerpt,
			new.tag_list, new.source_url, new.is_locked, new.status_reason, new.stage, new.has_poll) then
		return null;
	end if;
	perform page_changed('topic', new.id, case when old.title <> new.title then old.title else '' end);
	if (old.title, old.language, old.visibility, old.status, old.duplicate_of, old.merged_into, old.is_solved)
		is distinct from (new.title, new.language, new.visibility, new.status, new.duplicate_of,
			new.merged_into, new.is_solved) then
		perform page_changed('topic', named.id)
		from (select topic_id as id from related_topics where related_id = new.id
			union select id from topics where duplicate_of = new.id
			union select unnest(array[old.duplicate_of, new.duplicate_of, old.merged_into, new.merged_into])) named
		where named.id is not null;
		perform page_changed('article', article_id) from article_sources where topic_id = new.id;
	end if;
	return null;
end $$;

create or replace trigger topics_paged
	after update of category_id, title, language, author_id, author_name, is_official, status, visibility,
		duplicate_of, merged_into, merged_post_id, active_at, answer_count, comment_count, accepted_count,
		me_too_count, excerpt, tag_list, source_url, is_locked, status_reason, stage, has_poll on topics
	for each row execute function topics_paged();

-- Posts: on the page of their topic, and those that an article was made of on the article's.
create or replace function posts_paged() returns trigger
language plpgsql as $$
declare
	post posts := coalesce(new, old);
begin
	if tg_op = 'UPDATE' and (is_importing()
		or (old.topic_id, old.parent_id, old.kind, old.author_id, old.author_name, old.is_official, old.body_html,
			old.visibility, old.withdrawn_by, old.edited_at, old.accepted_at, old.revision_count, old.thanks_count,
			old.comment_count, old.source_url, old.source_licence, old.reply_to_id, old.endorsed_at, old.created_at)
		is not distinct from (new.topic_id, new.parent_id, new.kind, new.author_id, new.author_name, new.is_official,
			new.body_html, new.visibility, new.withdrawn_by, new.edited_at, new.accepted_at, new.revision_count,
			new.thanks_count, new.comment_count, new.source_url, new.source_licence, new.reply_to_id,
			new.endorsed_at, new.created_at)) then
		return null;
	end if;
	perform page_changed('topic', post.topic_id);
	if tg_op = 'UPDATE' then
		if old.topic_id <> new.topic_id then
			perform page_changed('topic', old.topic_id);
		end if;
		if (old.visibility, old.author_id) is distinct from (new.visibility, new.author_id) then
			perform page_changed('article', article_id) from article_sources where post_id = new.id;
		end if;
	end if;
	return null;
end $$;

create or replace trigger posts_paged_gone
	after delete on posts
	for each row when (not is_importing())
	execute function posts_paged();
create or replace trigger posts_paged
	after update of topic_id, parent_id, kind, author_id, author_name, is_official, body_html, visibility,
		withdrawn_by, edited_at, accepted_at, revision_count, thanks_count, comment_count, source_url,
		source_licence, reply_to_id, endorsed_at, created_at on posts
	for each row execute function posts_paged();

-- People: what stands beside their name. All their pages at once, as lines; more than the
-- worker takes away one by one (PAGE_CHANGES_MAX) are all pages.
create or replace function person_pages_changed(person bigint) returns void
language plpgsql as $$
declare
	shown bigint[] := array(select distinct topic_id from posts where author_id = person limit 1001);
begin
	if cardinality(shown) > 1000 then
		perform page_changed('all', 0);
		return;
	end if;
	perform page_changed('topic', place) from unnest(shown) place;
	perform page_changed('article', shown.article_id)
	from (select distinct s.article_id from posts p join article_sources s on s.post_id = p.id
		where p.author_id = person) shown;
end $$;

create or replace function people_paged() returns trigger
language plpgsql as $$
begin
	perform person_pages_changed(new.id);
	return null;
end $$;

create or replace trigger people_paged
	after update of name, title, role, state, is_ranked, rank_fr, rank_en, is_expert, trust_level on people
	for each row when (not is_importing()
		and (old.name, old.title, old.role, old.state = 'suspended', old.is_ranked, old.rank_fr, old.rank_en,
			old.is_expert, old.trust_level = 0, old.state = 'imported')
		is distinct from (new.name, new.title, new.role, new.state = 'suspended', new.is_ranked, new.rank_fr,
			new.rank_en, new.is_expert, new.trust_level = 0, new.state = 'imported'))
	execute function people_paged();

create or replace function experts_paged() returns trigger
language plpgsql as $$
begin
	perform person_pages_changed((coalesce(new, old)).person_id);
	return null;
end $$;
create or replace trigger experts_paged
	after insert or delete or update of state, ends_at on experts
	for each row execute function experts_paged();

create or replace function private_exchanges_paged() returns trigger
language plpgsql as $$
begin
	perform page_changed('topic', (coalesce(new, old)).topic_id);
	return null;
end $$;
create or replace trigger private_exchanges_paged
	after insert or delete or update of state on private_exchanges
	for each row execute function private_exchanges_paged();

create or replace function related_topics_paged() returns trigger
language plpgsql as $$
begin
	perform page_changed('topic', (coalesce(new, old)).topic_id);
	return null;
end $$;
create or replace trigger related_topics_paged
	after insert or delete or update on related_topics
	for each row execute function related_topics_paged();

-- Articles: itself, its other languages, those that name it, and the threads it settles.
create or replace function article_pages_changed(article articles) returns void
language plpgsql as $$
begin
	perform page_changed('article', a.id) from articles a
	where a.id = article.id or a.group_id = article.group_id or a.replaced_by = article.id
		or (a.is_public and a.language = article.language
			and ((a.product_slug <> '' and a.product_slug = article.product_slug)
				or a.category_id = article.category_id));
	perform page_changed('topic', s.topic_id) from article_sources s where s.article_id = article.id;
end $$;

create or replace function articles_paged() returns trigger
language plpgsql as $$
begin
	if tg_op = 'UPDATE' then
		perform page_changed('article', old.id, old.title) where old.title <> new.title;
		perform article_pages_changed(old);
	end if;
	perform article_pages_changed(new);
	return null;
end $$;
create or replace trigger articles_paged_new
	after insert on articles
	for each row when (new.is_public)
	execute function articles_paged();
create or replace trigger articles_paged
	after update on articles
	for each row when ((old.is_public or new.is_public)
		and (old.group_id, old.language, old.category_id, old.product, old.product_slug, old.title, old.summary,
			old.is_public, old.published_version_id, old.replaced_by, old.changed_at, old.published_at)
		is distinct from (new.group_id, new.language, new.category_id, new.product, new.product_slug, new.title,
			new.summary, new.is_public, new.published_version_id, new.replaced_by, new.changed_at,
			new.published_at))
	execute function articles_paged();

-- Files of an article are those of its other languages too.
create or replace function attachments_paged() returns trigger
language plpgsql as $$
begin
	perform page_changed('article', other.id)
	from articles own join articles other on other.group_id = own.group_id
	where own.id = (coalesce(new, old)).article_id;
	return null;
end $$;
create or replace trigger attachments_paged
	after insert or delete or update of state, name, alt on attachments
	for each row execute function attachments_paged();

create or replace function article_sources_paged() returns trigger
language plpgsql as $$
begin
	perform page_changed('topic', (coalesce(new, old)).topic_id);
	perform page_changed('article', (coalesce(new, old)).article_id);
	return null;
end $$;
create or replace trigger article_sources_paged
	after insert or delete on article_sources
	for each row execute function article_sources_paged();

-- What stands on every page.
create or replace trigger site_settings_paged after insert or update or delete on site_settings
	for each statement execute function pages_all_changed();
create or replace trigger incidents_paged after insert or update or delete on incidents
	for each statement execute function pages_all_changed();
create or replace trigger brand_logos_paged after insert or update or delete on brand_logos
	for each statement execute function pages_all_changed();
create or replace trigger categories_paged
	after update on categories
	for each row when ((old.name_fr, old.name_en, old.slug, old.parent_id, old.purpose, old.archived_at)
		is distinct from (new.name_fr, new.name_en, new.slug, new.parent_id, new.purpose, new.archived_at))
	execute function pages_all_changed();
-- The newest word of an incident stands on its thread, which its banner leads to.
create or replace function incident_posts_paged() returns trigger language plpgsql as $$
begin
	if exists (select from incidents i where i.pinned_post_id = new.id and i.state = 'open') then
		perform page_changed('all', 0);
	end if;
	return null;
end $$;
create or replace trigger incident_posts_paged after update of visibility, body_md on posts
	for each row when (new.kind = 'answer') execute function incident_posts_paged();

-- Every process keeps a copy of the settings (src/forum/site_setting.c).
create or replace function site_settings_notify() returns trigger language plpgsql as $$
begin
	perform pg_notify('site_settings', '');
	return null;
end $$;

create or replace trigger site_settings_notify after insert or update or delete on site_settings
	for each statement execute function site_settings_notify();
-- What goes on is kept beside them (src/forum/crisis_now.h).
create or replace trigger incidents_notify after insert or update or delete on incidents
	for each statement execute function site_settings_notify();
create or replace function incident_posts_notify() returns trigger language plpgsql as $$
begin
	if exists (select from incidents i where i.pinned_post_id = new.id and i.state = 'open') then
		perform pg_notify('site_settings', '');
	end if;
	return null;
end $$;
create or replace trigger incident_posts_notify after update of visibility, body_md on posts
	for each row when (new.kind = 'answer') execute function incident_posts_notify();
create or replace trigger crisis_alerts_notify after insert or update of ended_at or delete on crisis_alerts
	for each statement execute function site_settings_notify();

-- Whoever has answered has answered these questions.
create or replace function questionnaires_keep() returns trigger language plpgsql as $$
begin
	if exists (select from questionnaire_answers a where a.questionnaire_id = old.id) then
		raise exception 'this questionnaire was answered' using errcode = 'check_violation',
			constraint = 'questionnaires_answered';
	end if;
	return new;
end $$;
create or replace trigger questionnaires_keep before update of text on questionnaires
	for each row when (new.text <> old.text) execute function questionnaires_keep();

-- The copy also says whether there is a category for ideas.
create or replace trigger categories_purpose_notify
	after insert or update of purpose, archived_at, parent_id on categories
	for each statement execute function site_settings_notify();

-- The audit log and the history of settings are append only for everybody, the owner
-- included: ./dev and small installs have no role of its own for the application.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
	raise exception '% is append only', tg_table_name using errcode = 'insufficient_privilege';
end $$;

create or replace trigger audit_log_append_only before delete or truncate on audit_log
	for each statement execute function refuse_change();

-- But the name that a reason gives of somebody whose erasure is due: of that row nothing
-- but the reason, and only by forget_own_words, for the application's role may not update.
create or replace function audit_log_change() returns trigger language plpgsql as $$
begin
	if to_jsonb(new) - 'reason' = to_jsonb(old) - 'reason' and exists (select from person_erasures e
		where e.person_id = old.person_id and e.due_at <= now()) then
		return new;
	end if;
	raise exception 'audit_log is append only' using errcode = 'insufficient_privilege';
end $$;

create or replace trigger audit_log_no_update before update on audit_log
	for each row execute function audit_log_change();
create or replace trigger site_setting_changes_append_only before update or delete or truncate on site_setting_changes
	for each statement execute function refuse_change();

create or replace trigger category_changes_append_only before update or delete or truncate on category_changes
	for each statement execute function refuse_change();
create or replace trigger page_text_versions_append_only before update or delete or truncate on page_text_versions
	for each statement execute function refuse_change();
create or replace trigger mail_text_changes_append_only before update or delete or truncate on mail_text_changes
	for each statement execute function refuse_change();
create or replace trigger page_text_publications_append_only before update or delete or truncate on page_text_publications
	for each statement execute function refuse_change();

-- Versions of articles: but the name and address of somebody whose erasure is due, and
-- only by forget_own_words, for the application's role may not update.
create or replace function article_versions_change() returns trigger language plpgsql as $$
begin
	if (new.id, new.article_id, new.number, new.author_id, new.created_at)
			is not distinct from (old.id, old.article_id, old.number, old.author_id, old.created_at)
		and exists (select from person_erasures e where e.due_at <= now()
			and (e.person_id = old.author_id or old.article_id in (select made_of(e.person_id))
				or old.body_md ilike '%@' || (select p.handle from people p where p.id = e.person_id) || '%'
				or old.body_md ilike '%@' || (select p.name from people p where p.id = e.person_id) || '%')) then
		return new;
	end if;
	raise exception 'article_versions is append only' using errcode = 'insufficient_privilege';
end $$;

create or replace trigger article_versions_no_update before update on article_versions
	for each row execute function article_versions_change();
create or replace trigger article_versions_append_only before delete or truncate on article_versions
	for each statement execute function refuse_change();

-- article_versions → attachment_uses -------------------------------------------------------
-- Which files a version names: those of its own article, in all its languages, and of
-- nothing else, whatever number is written there.

create or replace function article_versions_name_files() returns trigger language plpgsql as $$
begin
	if position('/files/' in new.body_md) > 0 then
		insert into attachment_uses (version_id, attachment_id)
		select new.id, f.id
		from (select distinct m[1]::bigint as id
			from regexp_matches(new.body_md, '/files/([0-9]{1,15})/', 'g') m) named
		join attachments f on f.id = named.id
		join articles b on b.id = f.article_id
		join articles a on a.group_id = b.group_id and a.id = new.article_id;
	end if;
	return null;
end $$;

create or replace trigger article_versions_files after insert on article_versions
	for each row execute function article_versions_name_files();

-- article_votes → articles ----------------------------------------------------------------

create or replace function article_votes_changed() returns trigger language plpgsql as $$
declare
	yes integer := 0;
	no integer := 0;
begin
	if tg_op <> 'INSERT' then
		yes := yes - old.is_helpful::integer;
		no := no - (not old.is_helpful)::integer;
	end if;
	if tg_op <> 'DELETE' then
		yes := yes + new.is_helpful::integer;
		no := no + (not new.is_helpful)::integer;
	end if;
	if yes <> 0 or no <> 0 then
		update articles set helpful_count = helpful_count + yes, unhelpful_count = unhelpful_count + no
		where id = coalesce(new.article_id, old.article_id);
	end if;
	return null;
end $$;

create or replace trigger article_votes_counted
	after insert or delete or update of is_helpful on article_votes
	for each row execute function article_votes_changed();

-- An address as what one household or office has: an IPv4 address, an IPv6 /64.
create or replace function network_of(address text) returns text
language plpgsql immutable as $$
begin
	if family(address::inet) = 6 then
		return host(network(set_masklen(address::inet, 64)));
	end if;
	return host(address::inet);
exception when others then
	-- Not an address (a test, a socket): the same text is the same place.
	return address;
end $$;

-- measures → people: what is in force ------------------------------------------------
--
-- A date that has passed ends a measure by itself: a session compares it (session.c), and
-- the job "measures" ends the row, which comes back here.

create or replace function person_figures(person bigint) returns void
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
		perform person_figures(new.person_id);
	end if;
	return null;
end $$;

create or replace trigger measures_in_force
	after insert or update on measures
	for each row execute function measures_changed();

-- Each process compares its copy of the holding rules with the version (src/forum/holding.c).
create or replace function holding_rules_changed() returns trigger language plpgsql as $$
begin
	update holding_version set version = version + 1;
	return null;
end $$;

create or replace trigger holding_rules_changed after insert or update or delete on holding_rules
	for each statement execute function holding_rules_changed();

-- A held post becomes public: whoever follows is told by a job, however it came about.
create or replace function posts_released() returns trigger language plpgsql as $$
declare
	was_held boolean;
begin
	update held_posts set released_at = clock_timestamp() where post_id = new.id and released_at is null;
	was_held := found;
	if was_held or old.hidden_by_flags_at is not null then
		-- What was said under a mirrored post while it was held is shown now.
		insert into mirror_reshows (source_id, root_key)
		select i.source_id, case when i.kind = 'post' then i.key else i.root_key end
		from mirror_items i where i.post_id = new.id
		on conflict do nothing;
		if found then
			perform pg_notify('mirror', '');
		end if;
	end if;
	if was_held then
		insert into jobs (kind, payload, key) values ('post_released', jsonb_build_object('id', new.id), new.id::text)
		on conflict do nothing;
	end if;
	return null;
end $$;

create or replace trigger posts_released after update of visibility on posts
	for each row when (not is_importing() and old.visibility = 'held' and new.visibility = 'visible')
	execute function posts_released();

-- What the team decides is learnt from, and unlearnt when it is undone.
create or replace function posts_judged() returns trigger language plpgsql as $$
begin
	insert into jobs (kind, payload, key)
	values ('post_judged', jsonb_build_object('id', new.post_id), new.post_id::text)
	on conflict do nothing;
	return null;
end $$;

-- Whoever sent a notice sees when somebody has begun to examine it.
create or replace function notice_examined() returns trigger language plpgsql as $$
begin
	update notices set examined_at = now() where id = new.reference_id and examined_at is null;
	return null;
end $$;
create or replace trigger notice_examined after update of claimed_by on moderation_items
	for each row when (new.kind = 'notice' and new.claimed_by is not null)
	execute function notice_examined();

create or replace trigger items_judged after update of state, undone_at on moderation_items
	for each row when (new.post_id is not null and (new.state, new.undone_at) is distinct from (old.state, old.undone_at))
	execute function posts_judged();
create or replace trigger cases_judged after insert or update of reversed_at on moderation_cases
	for each row when (new.post_id is not null and new.rule = 'spam')
	execute function posts_judged();

-- Whoever takes the role, the account or its state away, from whichever page or command:
-- one active administrator stays. The lock makes two who demote each other wait, so the
-- second sees what the first did.
create or replace function keep_an_administrator() returns trigger language plpgsql as $$
begin
	perform pg_advisory_xact_lock(hashtextextended('administrators', 0));
	if not exists (select from people where role = 'administrator' and state = 'active' and id <> old.id) then
		raise exception 'the last administrator' using errcode = 'check_violation',
			constraint = 'people_last_administrator';
	end if;
	return null;
end $$;

create or replace trigger keep_an_administrator
	after update of role, state on people
	for each row when (old.role = 'administrator' and old.state = 'active'
		and (new.role <> 'administrator' or new.state <> 'active'))
	execute function keep_an_administrator();

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
		execute format('revoke select, update, truncate on %I.sealed_records from entraide_app', place);
		execute format('grant select (id, class, created_at, keep_until) on %I.sealed_records to entraide_app', place);
		execute format('revoke update, delete, truncate on %I.audit_log, %I.revisions, %I.site_setting_changes,'
			' %I.reputation_entries, %I.rank_ladders, %I.article_versions from entraide_app',
			place, place, place, place, place, place);
	end if;
end $$;

-- Cards (src/forum/card.h): nothing of an earlier title, or of what is hidden, is kept.
create or replace function topics_card_gone() returns trigger
language plpgsql as $$
begin
	delete from topic_cards where topic_id = new.id;
	return null;
end $$;

create or replace trigger topics_card_gone
	after update of title, visibility on topics
	for each row when ((old.title, old.visibility) is distinct from (new.title, new.visibility))
	execute function topics_card_gone();
