/*
 * Passkeys as the forum keeps them: whose they are, that a challenge counts once, for one
 * thing and one person, that a counter never goes back, and what they do to signing in.
 */
#include "account_fixture.h"

#include "authenticator.h"
#include "forum/passkey.h"
#include "forum/second_factor.h"
#include "forum/session.h"
#include "forum/sign_in_step.h"

#define ADDRESS "192.0.2.9"

/* The site as browsers reach it, with passkeys. */
static void with_name(struct ctx *ctx)
{
	struct config *config = arena_new_of(ctx->arena, struct config);

	*config = *ctx->config;
	config->site.base_url = "https://forum.example";
	config->security.staff_without_second_factor = "refused";
	ctx->config = config;
	forum_sql(ctx, "delete from throttles");
}

/* Somebody who acts, in a session that began with the password. */
static struct actor *somebody(struct ctx *ctx, enum role role)
{
	struct actor *person = forum_person(ctx, "Hortense", role);
	const char *token;

	ctx->actor = person;
	assert_ok(ctx, session_create(ctx,
				      &(struct session_new){ .person_id = person->id,
							     .client_address = "192.0.2.1",
							     .user_agent = "browser" },
				      &token));
	assert_ok(ctx, session_load(ctx, token, person));
	return person;
}

static const char *text_of(struct ctx *ctx, struct slice bytes)
{
	return crypto_base64url(ctx->arena, bytes.data, bytes.length);
}

static const char *begin(struct ctx *ctx, enum passkey_purpose purpose, int64_t person_id)
{
	struct passkey_options options;

	assert_ok(ctx, passkey_begin(ctx, purpose, person_id, ADDRESS, &options));
	assert_string_equal(options.rp_id, "forum.example");
	return options.challenge;
}

static enum err try_register(struct ctx *ctx, struct authenticator *device, const char *challenge,
			     const char *const **codes)
{
	struct slice said = authenticator_client_data(device, WEBAUTHN_CREATE, challenge);

	return passkey_register(
		ctx,
		&(struct passkey_new){ "My telephone", text_of(ctx, said),
				       text_of(ctx, authenticator_attest(device, said)) },
		codes);
}

/* The actor's, registered as a browser does it. */
static struct authenticator *with_passkey(struct ctx *ctx)
{
	struct authenticator *device = authenticator_new(ctx->arena, WEBAUTHN_ES256);
	const char *const *codes;

	assert_ok(ctx,
		  try_register(ctx, device, begin(ctx, PASSKEY_REGISTER, ctx->actor->id), &codes));
	device->count++;
	return device;
}

/* handle: as the browser says it; NULL for the right one of that person. */
static enum err answer(struct ctx *ctx, enum passkey_purpose purpose, struct authenticator *device,
		       const char *challenge, const char *handle, int64_t *person_id)
{
	struct webauthn_assertion made = authenticator_assert(device, challenge);

	return passkey_check(ctx, purpose,
			     &(struct passkey_answer){
				     .id = text_of(ctx, slice_make((const char *)device->id,
								   sizeof(device->id))),
				     .client_data = text_of(ctx, made.client_data),
				     .authenticator_data = text_of(ctx, made.authenticator_data),
				     .signature = text_of(ctx, made.signature),
				     .user_handle = handle,
			     },
			     ADDRESS, person_id);
}

static const char *handle_of(struct ctx *ctx, int64_t person_id)
{
	struct passkey_options options;

	assert_ok(ctx, passkey_begin(ctx, PASSKEY_REGISTER, person_id, ADDRESS, &options));
	return options.user_id;
}

static void assert_refused(struct ctx *ctx, enum err result)
{
	assert_int_equal(result, ERR_INVALID);
	assert_string_equal(ctx->error.field, "passkey");
	error_clear(ctx);
}

/* Registering ----------------------------------------------------------------------------- */

static void test_a_passkey_is_kept_with_its_name_and_counts_as_second_factor(void **state)
{
	struct ctx *ctx = *state;
	struct authenticator *device = authenticator_new(ctx->arena, WEBAUTHN_EDDSA);
	struct second_factor own;
	struct passkey *passkeys;
	const char *const *codes, *token;
	size_t count;

	with_name(ctx);
	somebody(ctx, ROLE_CUSTOMER);
	assert_ok(ctx,
		  try_register(ctx, device, begin(ctx, PASSKEY_REGISTER, ctx->actor->id), &codes));
	assert_non_null(codes);
	assert_ok(ctx, passkey_list(ctx, &passkeys, &count));
	assert_int_equal(count, 1);
	assert_string_equal(passkeys[0].name, "My telephone");
	assert_int_equal(passkeys[0].used_at, 0);
	assert_ok(ctx, second_factor_load(ctx, &own));
	assert_true(second_factor_is_on(&own) && !own.has_app && own.passkey_count == 1);
	assert_int_equal(own.codes_left, RECOVERY_CODE_COUNT);
	assert_ok(ctx, sign_in_step_begin(ctx, ctx->actor->id, &token));
	assert_non_null(token);
	assert_int_equal(mails_of(ctx, "second_factor", ctx->actor->id), 1);
	assert_ok(ctx, try_register(ctx, authenticator_new(ctx->arena, WEBAUTHN_RS256),
				    begin(ctx, PASSKEY_REGISTER, ctx->actor->id), &codes));
	assert_null(codes);
}

static void test_a_challenge_counts_once_for_one_thing_and_one_person(void **state)
{
	struct ctx *ctx = *state;
	struct authenticator *device;
	const char *const *codes, *challenge;
	int64_t other, id;

	with_name(ctx);
	other = somebody(ctx, ROLE_CUSTOMER)->id;
	id = somebody(ctx, ROLE_CUSTOMER)->id;
	device = authenticator_new(ctx->arena, WEBAUTHN_ES256);
	challenge = begin(ctx, PASSKEY_REGISTER, id);
	assert_refused(ctx, try_register(ctx, device, begin(ctx, PASSKEY_REGISTER, other), &codes));
	assert_refused(ctx, try_register(ctx, device, crypto_token(ctx->arena), &codes));
	assert_ok(ctx, try_register(ctx, device, challenge, &codes));
	assert_refused(ctx, try_register(ctx, device, challenge, &codes));
	device->count++;
	challenge = begin(ctx, PASSKEY_CHECK, id);
	assert_refused(ctx, answer(ctx, PASSKEY_STEP, device, challenge, "", &id));
	assert_ok(ctx, answer(ctx, PASSKEY_CHECK, device, challenge, "", &id));
	device->count++;
	assert_refused(ctx, answer(ctx, PASSKEY_CHECK, device, challenge, "", &id));
	challenge = begin(ctx, PASSKEY_CHECK, id);
	forum_sql(ctx, "update passkey_challenges set expires_at = now()");
	assert_refused(ctx, answer(ctx, PASSKEY_CHECK, device, challenge, "", &id));
	assert_ok(ctx, passkey_purge(ctx));
	assert_int_equal(
		forum_number(ctx, "select count(*) from passkey_challenges where $1 > 0", id), 0);
}

static void test_a_credential_belongs_to_one_account(void **state)
{
	struct ctx *ctx = *state;
	struct authenticator *device;
	const char *const *codes;
	int64_t first;

	with_name(ctx);
	first = somebody(ctx, ROLE_CUSTOMER)->id;
	device = with_passkey(ctx);
	somebody(ctx, ROLE_CUSTOMER);
	assert_refused(ctx, try_register(ctx, device, begin(ctx, PASSKEY_REGISTER, ctx->actor->id),
					 &codes));
	assert_null(codes);
	assert_int_equal(
		forum_number(ctx, "select count(*) from passkeys where person_id = $1", first), 1);
}

static void test_there_is_an_end_to_how_many(void **state)
{
	struct ctx *ctx = *state;
	const char *const *codes;

	with_name(ctx);
	somebody(ctx, ROLE_CUSTOMER);
	with_passkey(ctx);
	forum_number(
		ctx,
		"with more as (insert into passkeys (person_id, name, credential_id, algorithm, public_key)"
		" select $1, 'more', sha256(n::text::bytea), -7, '\\x01' from generate_series(1, 19) n returning 1)"
		" select count(*) from more",
		ctx->actor->id);
	assert_err(ctx, ERR_FORBIDDEN,
		   try_register(ctx, authenticator_new(ctx->arena, WEBAUTHN_ES256),
				begin(ctx, PASSKEY_REGISTER, ctx->actor->id), &codes));
}

/* Signing in ------------------------------------------------------------------------------ */

static void test_a_passkey_says_who_signs_in(void **state)
{
	struct ctx *ctx = *state;
	struct authenticator *device;
	const char *handle;
	int64_t id, found = 0;

	with_name(ctx);
	id = somebody(ctx, ROLE_CUSTOMER)->id;
	device = with_passkey(ctx);
	handle = handle_of(ctx, id);
	ctx->actor = &actor_visitor;
	assert_refused(ctx, answer(ctx, PASSKEY_SIGN_IN, device, begin(ctx, PASSKEY_SIGN_IN, 0), "",
				   &found));
	assert_refused(ctx, answer(ctx, PASSKEY_SIGN_IN, device, begin(ctx, PASSKEY_SIGN_IN, 0),
				   handle_of(ctx, id - 1), &found));
	device->flags = AUTHENTICATOR_PRESENT;
	assert_refused(ctx, answer(ctx, PASSKEY_SIGN_IN, device, begin(ctx, PASSKEY_SIGN_IN, 0),
				   handle, &found));
	assert_int_equal(found, 0);
	device->flags |= AUTHENTICATOR_VERIFIED;
	assert_ok(ctx, answer(ctx, PASSKEY_SIGN_IN, device, begin(ctx, PASSKEY_SIGN_IN, 0), handle,
			      &found));
	assert_int_equal(found, id);
	device->count++;
	forum_number(
		ctx,
		"with gone as (update people set state = 'anonymised', email = null, email_key = null,"
		" password_hash = null, handle = null where id = $1 returning 1) select count(*) from gone",
		id);
	assert_refused(ctx, answer(ctx, PASSKEY_SIGN_IN, device, begin(ctx, PASSKEY_SIGN_IN, 0),
				   handle, &found));
}

static void test_another_persons_passkey_is_no_second_step(void **state)
{
	struct ctx *ctx = *state;
	struct authenticator *theirs, *own;
	int64_t id;

	with_name(ctx);
	somebody(ctx, ROLE_CUSTOMER);
	theirs = with_passkey(ctx);
	id = somebody(ctx, ROLE_CUSTOMER)->id;
	own = with_passkey(ctx);
	ctx->actor = &actor_visitor;
	assert_refused(ctx,
		       answer(ctx, PASSKEY_STEP, theirs, begin(ctx, PASSKEY_STEP, id), "", &id));
	assert_ok(ctx, answer(ctx, PASSKEY_STEP, own, begin(ctx, PASSKEY_STEP, id), "", &id));
}

static void test_a_counter_that_goes_back_is_refused_and_told_of(void **state)
{
	struct ctx *ctx = *state;
	struct authenticator *device;
	int64_t id, mails;

	with_name(ctx);
	id = somebody(ctx, ROLE_CUSTOMER)->id;
	device = with_passkey(ctx);
	device->count = 9;
	assert_ok(ctx, answer(ctx, PASSKEY_CHECK, device, begin(ctx, PASSKEY_CHECK, id), "", &id));
	mails = mails_of(ctx, "second_factor", id);
	assert_refused(ctx,
		       answer(ctx, PASSKEY_CHECK, device, begin(ctx, PASSKEY_CHECK, id), "", &id));
	device->count = 0;
	assert_refused(ctx,
		       answer(ctx, PASSKEY_CHECK, device, begin(ctx, PASSKEY_CHECK, id), "", &id));
	assert_int_equal(mails_of(ctx, "second_factor", id), mails + 2);
	device->count = 10;
	assert_ok(ctx, answer(ctx, PASSKEY_CHECK, device, begin(ctx, PASSKEY_CHECK, id), "", &id));
}

static void test_a_device_that_does_not_count_is_taken(void **state)
{
	struct ctx *ctx = *state;
	struct authenticator *device = authenticator_new(ctx->arena, WEBAUTHN_ES256);
	const char *const *codes;
	int64_t id;

	with_name(ctx);
	id = somebody(ctx, ROLE_CUSTOMER)->id;
	device->count = 0;
	assert_ok(ctx, try_register(ctx, device, begin(ctx, PASSKEY_REGISTER, id), &codes));
	for (int i = 0; i < 2; i++)
		assert_ok(ctx, answer(ctx, PASSKEY_CHECK, device, begin(ctx, PASSKEY_CHECK, id), "",
				      &id));
}

static void test_guessing_is_limited(void **state)
{
	struct ctx *ctx = *state;
	struct authenticator *thief = authenticator_new(ctx->arena, WEBAUTHN_ES256);
	int64_t id;

	with_name(ctx);
	id = somebody(ctx, ROLE_CUSTOMER)->id;
	with_passkey(ctx);
	for (int i = 0; i < 5; i++)
		assert_refused(ctx, answer(ctx, PASSKEY_STEP, thief, begin(ctx, PASSKEY_STEP, id),
					   "", &id));
	assert_err(ctx, ERR_THROTTLED,
		   answer(ctx, PASSKEY_STEP, thief, begin(ctx, PASSKEY_STEP, id), "", &id));
}

/* Removing -------------------------------------------------------------------------------- */

static int64_t newest(struct ctx *ctx)
{
	return forum_number(ctx, "select max(id) from passkeys where person_id = $1",
			    ctx->actor->id);
}

static void test_the_last_one_takes_the_recovery_codes_along(void **state)
{
	struct ctx *ctx = *state;
	struct second_factor own;
	int64_t theirs;

	with_name(ctx);
	somebody(ctx, ROLE_CUSTOMER);
	with_passkey(ctx);
	theirs = newest(ctx);
	somebody(ctx, ROLE_CUSTOMER);
	with_passkey(ctx);
	assert_err(ctx, ERR_NOT_FOUND, passkey_remove(ctx, theirs));
	assert_ok(ctx, passkey_remove(ctx, newest(ctx)));
	assert_ok(ctx, second_factor_load(ctx, &own));
	assert_false(second_factor_is_on(&own));
	assert_int_equal(own.codes_left, 0);
	assert_int_equal(forum_number(ctx, "select count(*) from passkeys where id = $1", theirs),
			 1);
}

static void test_the_team_keeps_one_factor_and_has_its_rights_by_a_passkey(void **state)
{
	struct ctx *ctx = *state;
	struct actor *person;

	with_name(ctx);
	person = somebody(ctx, ROLE_MODERATOR);
	assert_true(person->lacks_second_factor);
	with_passkey(ctx);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from sessions where id = $1"
				      " and authenticated_by = 'passkey'",
				      person->session_id),
			 1);
	assert_err(ctx, ERR_FORBIDDEN, passkey_remove(ctx, newest(ctx)));
	with_passkey(ctx);
	assert_ok(ctx, passkey_remove(ctx, newest(ctx)));
	assert_err(ctx, ERR_FORBIDDEN, passkey_remove(ctx, newest(ctx)));
}

static void test_without_a_name_there_are_none(void **state)
{
	struct ctx *ctx = *state;
	struct config *config = arena_new_of(ctx->arena, struct config);
	struct passkey_options options;

	*config = *ctx->config;
	config->site.base_url = "http://127.0.0.1:8080";
	ctx->config = config;
	somebody(ctx, ROLE_CUSTOMER);
	assert_false(passkeys_work_here(ctx));
	assert_err(ctx, ERR_NOT_FOUND,
		   passkey_begin(ctx, PASSKEY_REGISTER, ctx->actor->id, ADDRESS, &options));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_a_passkey_is_kept_with_its_name_and_counts_as_second_factor),
		FORUM_TEST(test_a_challenge_counts_once_for_one_thing_and_one_person),
		FORUM_TEST(test_a_credential_belongs_to_one_account),
		FORUM_TEST(test_there_is_an_end_to_how_many),
		FORUM_TEST(test_a_passkey_says_who_signs_in),
		FORUM_TEST(test_another_persons_passkey_is_no_second_step),
		FORUM_TEST(test_a_counter_that_goes_back_is_refused_and_told_of),
		FORUM_TEST(test_a_device_that_does_not_count_is_taken),
		FORUM_TEST(test_guessing_is_limited),
		FORUM_TEST(test_the_last_one_takes_the_recovery_codes_along),
		FORUM_TEST(test_the_team_keeps_one_factor_and_has_its_rights_by_a_passkey),
		FORUM_TEST(test_without_a_name_there_are_none),
	};
	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_passkeys");
}
