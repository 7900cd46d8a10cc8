-- What administrators search members by, and mails of the last day for the system page.
create index people_handle_prefix on people (handle text_pattern_ops);
create index people_of_role on people (role, id desc);
create index mails_lately on mails (created_at);
