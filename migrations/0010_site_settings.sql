-- What administrators change while the site runs, with everything that ever was; and
-- what the audit log wants to be searched by. src/forum/site_setting_table.h says which
-- settings there are; one that stands at its default has no row.

create table site_settings (
	name text primary key,
	value text not null,
	constraint site_settings_name check (name ~ '^[a-z_]+\.[a-z0-9_]+$' and char_length(name) <= 60),
	constraint site_settings_value_length check (octet_length(value) <= 262144)
);

-- Append only. A null is "at its default".
create table site_setting_changes (
	id bigint generated always as identity primary key,
	name text not null,
	old_value text,
	new_value text,
	changed_by bigint references people,
	changed_at timestamptz not null default now(),
	reason text not null default '',
	undoes_id bigint references site_setting_changes,
	constraint site_setting_changes_differ check (old_value is distinct from new_value),
	constraint site_setting_changes_reason_length check (char_length(reason) <= 200)
);
create index site_setting_changes_of_name on site_setting_changes (name, id desc);
create index site_setting_changes_of_section on site_setting_changes (split_part(name, '.', 1), id desc);

alter table audit_log add column person_id bigint;
alter table audit_log add column reason text not null default '';
create index audit_log_of_person on audit_log (person_id, id desc) where person_id is not null;
create index audit_log_of_action on audit_log (action, id desc);
create index audit_log_by_time on audit_log (at);
