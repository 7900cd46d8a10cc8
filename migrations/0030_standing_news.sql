-- A new trust level, a new rank: told on the site, each once.

alter table notifications
	-- The level, or the rank's place on the ladder; and the rank's names as they were then.
	add column standing smallint,
	add column rank_fr text,
	add column rank_en text;
alter table notifications drop constraint notifications_kind;
alter table notifications add constraint notifications_kind check (kind in
	('answer', 'comment', 'mention', 'accepted', 'thanks', 'question', 'status', 'held', 'released', 'case',
	'complaint', 'badge', 'expert', 'level', 'rank'));
alter table notifications add constraint notifications_level check (kind <> 'level' or standing between 0 and 4);
alter table notifications drop constraint notifications_about;
alter table notifications add constraint notifications_about check
	(topic_id is not null or case_id is not null or badge_id is not null or expert_id is not null
	or standing is not null);
drop index notifications_once;
create unique index notifications_once on notifications (person_id, kind, coalesce(topic_id, 0), coalesce(post_id, 0),
	coalesce(actor_id, 0), coalesce(case_id, 0), coalesce(badge_id, 0), coalesce(expert_id, 0), coalesce(standing, 0));
