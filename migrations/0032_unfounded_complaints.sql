-- Article 23.2 of the Digital Services Act, for authors: complaints that are manifestly
-- unfounded are counted; after a warning, further ones are not taken for some time.

alter table complaints
	add column unfounded text,
	add column suspends_until timestamptz,
	add constraint complaints_unfounded check (unfounded in ('counted', 'warning', 'suspension')),
	add constraint complaints_unfounded_rejected check (unfounded is null or decision = 'rejected'),
	add constraint complaints_suspension check ((suspends_until is not null) = (unfounded is not distinct from 'suspension'));
create index complaints_unfounded_of on complaints (person_id, decided_at) where unfounded is not null;
