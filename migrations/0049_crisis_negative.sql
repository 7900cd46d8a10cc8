-- An alert of labelled samples stands beside those of counts, and joins none of them.
alter table crisis_alerts add column kind text not null default 'counts';
alter table crisis_alerts add constraint crisis_alerts_kind check (kind in ('counts', 'negative'));
drop index crisis_alerts_one;
create unique index crisis_alerts_one on crisis_alerts (kind, coalesce(category_id, 0)) where ended_at is null;
