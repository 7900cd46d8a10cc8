-- Passkeys: the public half of keys that people sign in with (W3C Web Authentication).

create table passkeys (
	id bigint generated always as identity primary key,
	person_id bigint not null references people,
	-- As the person called it: "my telephone".
	name text not null,
	credential_id bytea not null,
	-- Of COSE (RFC 8152): EdDSA, ES256, RS256.
	algorithm integer not null,
	public_key bytea not null,
	-- What the authenticator has signed so far; 0: it does not count.
	sign_count bigint not null default 0,
	created_at timestamptz not null default now(),
	used_at timestamptz,
	constraint passkeys_credential unique (credential_id),
	constraint passkeys_credential_length check (octet_length(credential_id) between 1 and 1023),
	constraint passkeys_key_length check (octet_length(public_key) between 1 and 1024),
	constraint passkeys_algorithm check (algorithm in (-8, -7, -257)),
	constraint passkeys_name_length check (char_length(name) between 1 and 60)
);
create index passkeys_of_person on passkeys (person_id, id);

-- What a browser was asked to sign: for minutes, for one thing, answered once.
create table passkey_challenges (
	challenge_hash bytea primary key,
	purpose text not null,
	-- Null: whoever signs in by it says who they are.
	person_id bigint references people,
	expires_at timestamptz not null,
	constraint passkey_challenges_hash_length check (octet_length(challenge_hash) = 32),
	constraint passkey_challenges_purpose check (purpose in ('register', 'check', 'step', 'sign_in')),
	constraint passkey_challenges_person check ((purpose = 'sign_in') = (person_id is null))
);
create index passkey_challenges_of_person on passkey_challenges (person_id) where person_id is not null;
create index passkey_challenges_ended on passkey_challenges (expires_at);
