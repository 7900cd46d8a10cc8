-- What is undone is news again to whom it concerned: found without reading all notices.
create index notifications_of_case on notifications (case_id) where case_id is not null;
