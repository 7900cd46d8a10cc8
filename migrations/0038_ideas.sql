-- Ideas: categories for them, and the stage that the brand answers for.

alter table categories
	add column purpose text not null default 'questions',
	add constraint categories_purpose check (purpose in ('questions', 'ideas'));

-- '' : a question. What is in a category for ideas is one and has a stage; the trigger
-- topics_placed sees to it.
alter table topics
	add column stage text not null default '',
	add constraint topics_stage check (stage in ('', 'proposed', 'study', 'planned', 'done', 'no'));
create index topics_ideas_by_votes on topics (me_too_count desc, id desc)
	where stage <> '' and visibility = 'visible';
create index topics_ideas_by_date on topics (created_at desc, id desc)
	where stage <> '' and visibility = 'visible';
create index topics_ideas_by_stage on topics (stage)
	where stage <> '' and visibility = 'visible';

-- What was decided, with its reason, is an act on the topic: undoable, and shown to all.
alter table topic_acts
	drop constraint topic_acts_kind,
	add constraint topic_acts_kind check (kind in
		('merge', 'split', 'move', 'status', 'pin', 'lock', 'author', 'visibility', 'stage'));
create index topic_acts_stages on topic_acts (topic_id, id desc) where kind = 'stage' and undone_at is null;
