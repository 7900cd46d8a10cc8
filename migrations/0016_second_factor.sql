-- Two-step sign-in: what somebody has beside the password, and how a session began.

-- A row for who has set up, or is setting up, an app with one-time codes.
create table second_factors (
	person_id bigint primary key references people,
	-- Sealed under the configuration's secret (src/base/crypto.h), never in clear.
	totp_secret bytea,
	-- The one that is being set up; it replaces the other at its first right code.
	totp_next bytea,
	totp_since timestamptz,
	-- The step (30 s) of the code used last: each counts once.
	totp_last_step bigint not null default 0,
	constraint second_factors_since check ((totp_secret is null) = (totp_since is null))
);

-- For the day the telephone is lost. An HMAC under the same secret.
create table recovery_codes (
	person_id bigint not null references people,
	code_hash bytea not null,
	used_at timestamptz,
	primary key (person_id, code_hash),
	constraint recovery_codes_hash_length check (octet_length(code_hash) = 32)
);

-- Between the password and the code: not a session yet, and only for some minutes.
create table sign_in_steps (
	token_hash bytea primary key,
	person_id bigint not null references people,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null,
	constraint sign_in_steps_hash_length check (octet_length(token_hash) = 32)
);
create index sign_in_steps_of_person on sign_in_steps (person_id);
create index sign_in_steps_expired on sign_in_steps (expires_at);

alter table sessions add column authenticated_by text not null default 'password';
-- When password or code were last asked for: what cannot be taken back asks again.
alter table sessions add column checked_at timestamptz not null default now();
alter table sessions add constraint sessions_authenticated_by check (authenticated_by in
	('password', 'mail', 'totp', 'recovery_code', 'passkey'));

-- Which kinds there are is the program's to say; a list here had to grow with each.
alter table mails drop constraint mails_kind;
alter table mails add constraint mails_kind check (kind ~ '^[a-z_]{1,40}$');
