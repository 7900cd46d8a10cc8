-- Trust is about rights: levels 0 to 4. The rules of src/forum/trust.h move people
-- between 0 and 3; 4 is given by hand only. Staff stand at 4 by their role.
-- A level given by hand stays until it is taken back; null when the rules decide.

alter table people add column trust_level smallint not null default 0;
alter table people add column trust_level_given smallint;
alter table people add column trust_changed_at timestamptz;
alter table people add constraint people_trust_level check (trust_level between 0 and 4);
alter table people add constraint people_trust_level_given check (trust_level_given between 0 and 4);

update people set trust_level = 4 where role <> 'customer';
-- Whom the operator trusted before there were levels.
update people set trust_level = 3, trust_level_given = 3 where role = 'customer' and is_trusted;

-- Links without "nofollow" and the like: from level 3 on.
alter table people drop column is_trusted;
alter table people add column is_trusted boolean not null generated always as (trust_level >= 3) stored;
