/*
 * Two-step sign-in: what is kept, that each code counts once, what guessing brings,
 * and that the team has no rights without it.
 */
#include "account_fixture.h"

#include "base/totp.h"
#include "forum/second_factor.h"
#include "forum/session.h"
#include "forum/sign_in_step.h"

/* Setting up ------------------------------------------------------------------------ */

/* From base 32, as an app does. */
static void read_secret(const char *text, uint8_t secret[TOTP_SECRET_BYTES])
{
	uint64_t bits = 0;
	int count = 0, length = 0;

	for (const char *c = text; *c && length < TOTP_SECRET_BYTES; c++) {
		bits = bits << 5 | (uint64_t)(*c >= 'A' ? *c - 'A' : *c - '2' + 26);
		count += 5;
		if (count >= 8) {
			count -= 8;
			secret[length++] = (uint8_t)(bits >> count);
		}
	}
	assert_int_equal(length, TOTP_SECRET_BYTES);
}

static const char *code_at(struct ctx *ctx, const uint8_t *secret, int steps)
{
	return totp_code(ctx->arena, secret, ctx->now / CLOCK_SECOND / TOTP_STEP_SECONDS + steps);
}

/* Whose app holds the secret; acts, in a session. */
static struct actor *with_app(struct ctx *ctx, enum role role, uint8_t *secret,
			      const char *const **codes)
{
	struct actor *person = forum_person(ctx, "Hortense", role);
	struct totp_setup setup;
	const char *token;

	ctx->actor = person;
	assert_ok(ctx, session_create(ctx,
				      &(struct session_new){ .person_id = person->id,
							     .client_address = "192.0.2.1",
							     .user_agent = "browser" },
				      &token));
	assert_ok(ctx, session_load(ctx, token, person));
	assert_ok(ctx, second_factor_begin(ctx));
	assert_ok(ctx, second_factor_setup(ctx, &setup));
	read_secret(setup.secret, secret);
	assert_ok(ctx, second_factor_confirm(ctx, code_at(ctx, secret, 0), codes));
	assert_ok(ctx, session_load(ctx, token, person));
	return person;
}

static void test_an_app_counts_from_its_first_right_code_on(void **state)
{
	struct ctx *ctx = *state;
	uint8_t secret[TOTP_SECRET_BYTES];
	struct second_factor own;
	const char *const *codes, *token;
	struct totp_setup setup;

	ctx->actor = forum_person(ctx, "Hortense", ROLE_CUSTOMER);
	assert_err(ctx, ERR_NOT_FOUND, second_factor_setup(ctx, &setup));
	assert_ok(ctx, second_factor_begin(ctx));
	assert_ok(ctx, second_factor_setup(ctx, &setup));
	read_secret(setup.secret, secret);
	assert_int_equal(second_factor_confirm(ctx, "000 000x", &codes), ERR_INVALID);
	assert_string_equal(ctx->error.field, "code");
	error_clear(ctx);
	assert_ok(ctx, sign_in_step_begin(ctx, ctx->actor->id, &token));
	assert_null(token);
	assert_ok(ctx, second_factor_confirm(ctx, code_at(ctx, secret, -1), &codes));
	assert_ok(ctx, second_factor_load(ctx, &own));
	assert_true(own.has_app && !own.is_setting_up);
	assert_int_equal(own.codes_left, RECOVERY_CODE_COUNT);
	assert_int_equal(mails_of(ctx, "second_factor", ctx->actor->id), 1);
	assert_ok(ctx, sign_in_step_begin(ctx, ctx->actor->id, &token));
	assert_non_null(token);
}

static void test_the_address_for_apps_says_all_of_it(void **state)
{
	struct ctx *ctx = *state;
	struct totp_setup setup;
	const char *uri;

	ctx->actor = forum_person(ctx, "Hortense", ROLE_CUSTOMER);
	assert_ok(ctx, second_factor_begin(ctx));
	assert_ok(ctx, second_factor_setup(ctx, &setup));
	uri = setup.uri;
	assert_int_equal(strncmp(uri, "otpauth://totp/", 15), 0);
	assert_non_null(strstr(uri, arena_printf(ctx->arena, "?secret=%s&", setup.secret)));
	assert_non_null(strstr(uri, "&algorithm=SHA1&digits=6&period=30"));
	assert_null(strchr(uri, ' '));
	assert_null(strchr(uri, '@'));
}

static void test_neither_secret_nor_recovery_codes_stand_in_the_database(void **state)
{
	struct ctx *ctx = *state;
	uint8_t secret[TOTP_SECRET_BYTES];
	const char *const *codes;
	struct actor *person = with_app(ctx, ROLE_CUSTOMER, secret, &codes);
	const char *text = totp_secret_text(ctx->arena, secret);
	const char *hex = crypto_hex(ctx->arena, secret, sizeof(secret));

	assert_int_equal(
		forum_number(
			ctx,
			arena_printf(
				ctx->arena,
				"select count(*) from second_factors f where person_id = $1 and"
				" (f::text ilike '%%%s%%' or f::text ilike '%%%s%%')",
				text, hex),
			person->id),
		0);
	assert_int_equal(forum_number(ctx,
				      "select octet_length(totp_secret) from second_factors"
				      " where person_id = $1",
				      person->id),
			 TOTP_SECRET_BYTES + CRYPTO_SEAL_BYTES);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(distinct code_hash) from recovery_codes where person_id = $1",
			person->id),
		RECOVERY_CODE_COUNT);
	assert_int_equal(strlen(codes[0]), 14);
}

/* The second step --------------------------------------------------------------------- */

static void test_the_step_ends_in_a_session_with_a_second_factor(void **state)
{
	struct ctx *ctx = *state;
	uint8_t secret[TOTP_SECRET_BYTES];
	const char *const *codes, *token, *by;
	struct actor *person = with_app(ctx, ROLE_CUSTOMER, secret, &codes);
	int64_t person_id;

	ctx->actor = &actor_visitor;
	assert_err(ctx, ERR_GONE, sign_in_step_load(ctx, "no such token", &person_id));
	assert_ok(ctx, sign_in_step_begin(ctx, person->id, &token));
	assert_err(ctx, ERR_INVALID, sign_in_step_finish(ctx, token, "000000", &person_id, &by));
	assert_ok(ctx, sign_in_step_finish(ctx, token, code_at(ctx, secret, 1), &person_id, &by));
	assert_int_equal(person_id, person->id);
	assert_string_equal(by, BY_TOTP);
	assert_err(ctx, ERR_GONE, sign_in_step_load(ctx, token, &person_id));
}

static void test_each_code_counts_once_and_no_older_one_after_it(void **state)
{
	struct ctx *ctx = *state;
	uint8_t secret[TOTP_SECRET_BYTES];
	const char *const *codes, *by;
	struct actor *person = with_app(ctx, ROLE_CUSTOMER, secret, &codes);

	assert_err(ctx, ERR_INVALID,
		   second_factor_check(ctx, person->id, code_at(ctx, secret, 0), "code", &by));
	assert_ok(ctx, second_factor_check(ctx, person->id, code_at(ctx, secret, 1), "code", &by));
	assert_err(ctx, ERR_INVALID,
		   second_factor_check(ctx, person->id, code_at(ctx, secret, 1), "code", &by));
	assert_err(ctx, ERR_INVALID,
		   second_factor_check(ctx, person->id, code_at(ctx, secret, -1), "code", &by));
}

static void test_a_recovery_code_works_once_however_it_is_written(void **state)
{
	struct ctx *ctx = *state;
	uint8_t secret[TOTP_SECRET_BYTES];
	const char *const *codes, *const *others, *by;
	struct actor *person = with_app(ctx, ROLE_CUSTOMER, secret, &codes);
	char *loud = arena_printf(ctx->arena, " %.4s%s ", codes[3], codes[3] + 4);

	for (char *c = loud; *c; c++)
		*c = *c == '-' ? ' ' : (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c);
	assert_ok(ctx, second_factor_check(ctx, person->id, loud, "code", &by));
	assert_string_equal(by, BY_RECOVERY_CODE);
	assert_err(ctx, ERR_INVALID, second_factor_check(ctx, person->id, codes[3], "code", &by));
	assert_int_equal(mails_of(ctx, "second_factor", person->id), 2);
	assert_ok(ctx, second_factor_new_codes(ctx, &others));
	assert_err(ctx, ERR_INVALID, second_factor_check(ctx, person->id, codes[0], "code", &by));
	assert_ok(ctx, second_factor_check(ctx, person->id, others[0], "code", &by));
}

static void test_guessing_is_refused_soon_even_with_the_right_code(void **state)
{
	struct ctx *ctx = *state;
	uint8_t secret[TOTP_SECRET_BYTES];
	const char *const *codes, *by;
	struct actor *person = with_app(ctx, ROLE_MODERATOR, secret, &codes);

	forum_sql(ctx, "delete from throttles");
	for (int i = 0; i < 5; i++)
		assert_err(ctx, ERR_INVALID,
			   second_factor_check(ctx, person->id, "000000", "code", &by));
	assert_int_equal(second_factor_check(ctx, person->id, code_at(ctx, secret, 1), "code", &by),
			 ERR_THROTTLED);
	assert_true(ctx->error.retry_after_seconds > 300);
	error_clear(ctx);
	forum_sql(ctx, "delete from throttles");
	assert_ok(ctx, second_factor_check(ctx, person->id, code_at(ctx, secret, 1), "code", &by));
}

/* The team ------------------------------------------------------------------------------ */

static struct actor session_of(struct ctx *ctx, int64_t person_id, const char *by)
{
	struct actor actor;
	const char *token;

	assert_ok(ctx, session_create(ctx,
				      &(struct session_new){ .person_id = person_id,
							     .client_address = "192.0.2.1",
							     .user_agent = "browser",
							     .authenticated_by = by },
				      &token));
	assert_ok(ctx, session_load(ctx, token, &actor));
	return actor;
}

static void test_the_team_has_a_customers_rights_without_a_second_factor(void **state)
{
	static const enum role team[] = { ROLE_ADVISOR, ROLE_MODERATOR, ROLE_ADMINISTRATOR };
	struct ctx *ctx = *state;
	struct config *config = arena_new_of(ctx->arena, struct config);

	*config = *ctx->config;
	ctx->config = config;
	for (size_t i = 0; i < ARRAY_COUNT(team); i++) {
		int64_t id = forum_person(ctx, "Hortense", team[i])->id;
		struct actor actor;

		config->security.staff_without_second_factor = "refused";
		actor = session_of(ctx, id, BY_PASSWORD);
		assert_int_equal(actor.role, ROLE_CUSTOMER);
		assert_int_equal(actor.trust_level, TRUST_NEW);
		assert_true(actor.lacks_second_factor && !actor.is_trusted);
		assert_int_equal(session_of(ctx, id, BY_MAIL).role, ROLE_CUSTOMER);
		assert_int_equal(session_of(ctx, id, BY_TOTP).role, team[i]);
		assert_int_equal(session_of(ctx, id, BY_RECOVERY_CODE).role, team[i]);
		config->security.staff_without_second_factor = "allowed";
		assert_int_equal(session_of(ctx, id, BY_PASSWORD).role, team[i]);
	}
}

static void test_the_team_cannot_switch_it_off_and_others_can(void **state)
{
	struct ctx *ctx = *state;
	struct config *config = arena_new_of(ctx->arena, struct config);
	uint8_t secret[TOTP_SECRET_BYTES];
	const char *const *codes, *token;
	struct actor *person;

	*config = *ctx->config;
	ctx->config = config;
	config->security.staff_without_second_factor = "refused";
	with_app(ctx, ROLE_ADVISOR, secret, &codes);
	assert_err(ctx, ERR_FORBIDDEN, second_factor_remove(ctx));
	person = with_app(ctx, ROLE_CUSTOMER, secret, &codes);
	assert_ok(ctx, second_factor_remove(ctx));
	assert_ok(ctx, sign_in_step_begin(ctx, person->id, &token));
	assert_null(token);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from recovery_codes where person_id = $1",
				      person->id),
			 0);
}

/* Asking again ----------------------------------------------------------------------- */

static void test_an_old_check_is_renewed_by_the_password_or_a_code(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx), *const * codes;
	uint8_t secret[TOTP_SECRET_BYTES];
	struct actor actor, *person;

	actor = session_of(ctx, confirmed(ctx, "Hortense", email), BY_PASSWORD);
	ctx->actor = &actor;
	assert_false(session_wants_check(ctx));
	ctx->now += 16 * CLOCK_MINUTE;
	assert_true(session_wants_check(ctx));
	forum_sql(ctx, "delete from throttles");
	assert_int_equal(session_check(ctx, "not the password", ""), ERR_INVALID);
	assert_string_equal(ctx->error.field, "check_password");
	error_clear(ctx);
	assert_err(ctx, ERR_INVALID, session_check(ctx, "", ""));
	assert_int_equal(session_check(ctx, "", "123456"), ERR_INVALID);
	assert_string_equal(ctx->error.field, "check_code");
	error_clear(ctx);
	assert_ok(ctx, session_check(ctx, PASSWORD, ""));
	ctx->now -= 16 * CLOCK_MINUTE;
	person = with_app(ctx, ROLE_CUSTOMER, secret, &codes);
	forum_sql(ctx, "update sessions set checked_at = now() - interval '1 hour'");
	assert_ok(ctx, session_check(ctx, "", code_at(ctx, secret, 1)));
	assert_int_equal(forum_number(ctx,
				      "select count(*) from sessions where person_id = $1"
				      " and checked_at > now() - interval '1 minute'",
				      person->id),
			 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_an_app_counts_from_its_first_right_code_on),
		FORUM_TEST(test_the_address_for_apps_says_all_of_it),
		FORUM_TEST(test_neither_secret_nor_recovery_codes_stand_in_the_database),
		FORUM_TEST(test_the_step_ends_in_a_session_with_a_second_factor),
		FORUM_TEST(test_each_code_counts_once_and_no_older_one_after_it),
		FORUM_TEST(test_a_recovery_code_works_once_however_it_is_written),
		FORUM_TEST(test_guessing_is_refused_soon_even_with_the_right_code),
		FORUM_TEST(test_the_team_has_a_customers_rights_without_a_second_factor),
		FORUM_TEST(test_the_team_cannot_switch_it_off_and_others_can),
		FORUM_TEST(test_an_old_check_is_renewed_by_the_password_or_a_code),
	};
	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_second_factor");
}
