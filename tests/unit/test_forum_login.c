/*
 * Signing in, links by mail, and what people change about their own account; and
 * that a stranger learns nothing from any of it.
 */
#include "account_fixture.h"

#include "forum/account_parts.h"
#include "forum/session.h"

/* Login ------------------------------------------------------------------------- */

static void test_login_needs_the_right_password_in_any_case_of_the_address(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx);
	int64_t id = confirmed(ctx, "Hortense", email), person_id;

	forum_sql(ctx, "delete from throttles");
	assert_err(ctx, ERR_INVALID, try_login(ctx, email, "trois petits chat"));
	assert_err(ctx, ERR_INVALID, try_login(ctx, email, ""));
	assert_ok(ctx, try_login(ctx, email, PASSWORD));
	assert_ok(ctx, account_login(ctx,
				     &(struct credentials){ .email = account_email_key(ctx, email),
							    .password = PASSWORD,
							    .client_address = "192.0.2.1",
							    .device_token = "" },
				     &person_id));
	assert_int_equal(person_id, id);
	assert_string_not_equal(account_email_key(ctx, email), email);
}

static void test_login_answers_the_same_for_unknown_accounts(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx), *known_message;
	struct db_counts known, unknown;

	confirmed(ctx, "Hortense", email);
	forum_sql(ctx, "delete from throttles");
	db_count_reset(ctx->db);
	assert_int_equal(try_login(ctx, email, "wrong password 1"), ERR_INVALID);
	known = db_counts(ctx->db);
	known_message = ctx->error.message;
	assert_string_equal(ctx->error.field, "password");
	db_count_reset(ctx->db);
	assert_int_equal(try_login(ctx, "nobody.at.all@example.org", "wrong password 1"),
			 ERR_INVALID);
	unknown = db_counts(ctx->db);
	assert_string_equal(ctx->error.message, known_message);
	assert_string_equal(ctx->error.field, "password");
	assert_int_equal(known.statements, unknown.statements);
	assert_int_equal(known.round_trips, unknown.round_trips);
	assert_int_equal(try_login(ctx, "not an address", "wrong password 1"), ERR_INVALID);
	assert_string_equal(ctx->error.message, known_message);
	error_clear(ctx);
}

static int by_size(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return left < right ? -1 : left > right;
}

#define TIMINGS 21

/* What this process used; what else runs on the machine does not count. */
static int64_t processor_time(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return used.tv_sec * CLOCK_SECOND + used.tv_nsec / 1000;
}

/*
 * Medians of the time that act takes, in turn, so that both meet the same noise. The
 * database's part is compared by counting statements, in the test before.
 */
static void measure(struct ctx *ctx, enum err (*act)(struct ctx *, const char *), const char *known,
		    const char *unknown, int64_t medians[2])
{
	int64_t times[2][TIMINGS];

	for (size_t i = 0; i < TIMINGS; i++) {
		for (size_t which = 0; which < 2; which++) {
			int64_t began;
			forum_sql(ctx, "delete from throttles");
			began = processor_time();
			(void)!act(ctx, which == 0 ? known : unknown);
			times[which][i] = processor_time() - began;
			error_clear(ctx);
		}
	}
	for (size_t which = 0; which < 2; which++) {
		qsort(times[which], TIMINGS, sizeof(int64_t), by_size);
		medians[which] = times[which][TIMINGS / 2];
	}
}

static enum err act_login(struct ctx *ctx, const char *email)
{
	return try_login(ctx, email, "wrong password 1");
}

static enum err act_ask_reset(struct ctx *ctx, const char *email)
{
	return account_ask_reset(ctx, email, "192.0.2.1");
}

static void test_time_does_not_tell_whether_an_account_exists(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx);
	int64_t medians[2];

	confirmed(ctx, "Hortense", email);
	measure(ctx, act_login, email, "nobody.at.all@example.org", medians);
	printf("login: known %lld us, unknown %lld us\n", (long long)medians[0],
	       (long long)medians[1]);
	assert_true(llabs(medians[0] - medians[1]) <= 5000);
	measure(ctx, act_ask_reset, email, "nobody.at.all@example.org", medians);
	printf("reset: known %lld us, unknown %lld us\n", (long long)medians[0],
	       (long long)medians[1]);
	assert_true(llabs(medians[0] - medians[1]) <= 5000);
}

static void test_tenth_wrong_password_closes_only_that_address(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx);
	int64_t ends_at;

	confirmed(ctx, "Hortense", email);
	forum_sql(ctx, "delete from throttles");
	for (int i = 0; i < 10; i++)
		assert_err(ctx, ERR_INVALID, try_login(ctx, email, "wrong password 1"));
	assert_int_equal(try_login(ctx, email, PASSWORD), ERR_THROTTLED);
	assert_true(ctx->error.retry_after_seconds > 0 && ctx->error.retry_after_seconds <= 600);
	ends_at = forum_number(
		ctx,
		"select (extract(epoch from ends_at) * 1000)::bigint + 0 * $1::bigint"
		" from throttles where key like 'login-account:%|192.0.2.1'",
		0);
	for (int i = 0; i < 5; i++)
		assert_err(ctx, ERR_THROTTLED, try_login(ctx, email, PASSWORD));
	/* The wait is not made longer by trying. */
	assert_int_equal(
		forum_number(ctx,
			     "select (extract(epoch from ends_at) * 1000)::bigint + 0 * $1::bigint"
			     " from throttles where key like 'login-account:%|192.0.2.1'",
			     0),
		ends_at);
	/* From elsewhere the owner gets in at once. */
	assert_ok(ctx, try_login_from(ctx, email, PASSWORD, "198.51.100.9", ""));
	/* And from here when the window has ended. */
	forum_sql(ctx, "update throttles set ends_at = now() - interval '1 second'");
	assert_ok(ctx, try_login(ctx, email, PASSWORD));
}

static void test_success_clears_the_count(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx);

	confirmed(ctx, "Hortense", email);
	forum_sql(ctx, "delete from throttles");
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 8; i++)
			assert_err(ctx, ERR_INVALID, try_login(ctx, email, "wrong password 1"));
		assert_ok(ctx, try_login(ctx, email, PASSWORD));
		forum_sql(ctx, "delete from throttles where key like 'login-address:%'");
	}
}

static void test_address_may_try_twenty_times_a_minute(void **state)
{
	struct ctx *ctx = *state;

	ctx->actor = &actor_visitor;
	forum_sql(ctx, "delete from throttles");
	for (int i = 0; i < 20; i++)
		assert_err(ctx, ERR_INVALID,
			   try_login(ctx, arena_printf(ctx->arena, "spray.%d@example.org", i),
				     "wrong password 1"));
	assert_int_equal(try_login(ctx, "spray.99@example.org", "wrong password 1"), ERR_THROTTLED);
	assert_true(ctx->error.retry_after_seconds > 0 && ctx->error.retry_after_seconds <= 60);
	error_clear(ctx);
}

static void test_known_browser_gets_in_while_strangers_hammer(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx), *device;
	int64_t id = confirmed(ctx, "Hortense", email), person_id;

	device = account_device_token(ctx, id);
	/* A hundred strangers from a hundred addresses. */
	forum_sql(ctx, arena_printf(ctx->arena,
				    "delete from throttles; insert into throttles values"
				    " ('login-everywhere:%s', 100, now() + interval '50 minutes')",
				    account_email_key(ctx, email)));
	assert_err(ctx, ERR_THROTTLED, try_login_from(ctx, email, PASSWORD, "203.0.113.5", ""));
	assert_err(ctx, ERR_THROTTLED,
		   try_login_from(ctx, email, PASSWORD, "203.0.113.5", "forged"));
	assert_ok(ctx, try_login_from(ctx, email, PASSWORD, "203.0.113.5", device));
	/* Its own guesses are counted too. */
	forum_sql(ctx, "delete from throttles where key like 'login-a%'");
	for (int i = 0; i < 10; i++)
		assert_err(ctx, ERR_INVALID,
			   try_login_from(ctx, email, "wrong password 1", "203.0.113.5", device));
	assert_err(ctx, ERR_THROTTLED, try_login_from(ctx, email, PASSWORD, "203.0.113.5", device));
	/* A new password makes all browsers strangers. */
	forum_sql(ctx, "delete from throttles");
	assert_ok(ctx, account_send_reset(ctx, account_email_key(ctx, email)));
	assert_ok(ctx,
		  account_reset(ctx, mailed_token(ctx, "reset", id), NEW_PASSWORD, &person_id));
	assert_string_not_equal(account_device_token(ctx, id), device);
}

/* Links -------------------------------------------------------------------------- */

static void test_reset_sets_a_password_confirms_and_ends_sessions(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx), *first, *second, *session;
	struct actor actor;
	int64_t id, person_id;

	sign_up_as(ctx, "Hortense", email);
	id = find(ctx, email);
	assert_ok(ctx,
		  session_create(ctx, &(struct session_new){ id, "192.0.2.1", "browser", NULL },
				 &session));
	assert_ok(ctx, account_send_reset(ctx, account_email_key(ctx, email)));
	first = mailed_token(ctx, "reset", id);
	assert_ok(ctx, account_check_reset(ctx, first));
	assert_ok(ctx, account_send_reset(ctx, account_email_key(ctx, email)));
	second = mailed_token(ctx, "reset", id);
	assert_err(ctx, ERR_GONE, account_check_reset(ctx, first));
	assert_err(ctx, ERR_INVALID, account_reset(ctx, second, "12345678", &person_id));
	/* Good in itself, but it is her name; the link may be used again. */
	assert_err(ctx, ERR_INVALID, account_reset(ctx, second, "hortense1789", &person_id));
	assert_ok(ctx, account_reset(ctx, second, NEW_PASSWORD, &person_id));
	assert_int_equal(person_id, id);
	assert_err(ctx, ERR_GONE, account_reset(ctx, second, NEW_PASSWORD, &person_id));
	assert_ok(ctx, session_load(ctx, session, &actor));
	assert_int_equal(actor.id, 0);
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from people where id = $1 and state = 'active'"
			     " and email_confirmed_at is not null",
			     id),
		1);
	assert_int_equal(mails_of(ctx, "password_changed", id), 1);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from audit_log where subject_id = $1"
				      " and action = 'password_reset'",
				      id),
			 1);
	assert_err(ctx, ERR_INVALID, try_login(ctx, email, PASSWORD));
	assert_ok(ctx, try_login(ctx, email, NEW_PASSWORD));
}

static void test_old_links_are_dead(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx), *token;
	int64_t id = confirmed(ctx, "Hortense", email), person_id;

	assert_ok(ctx, account_send_reset(ctx, account_email_key(ctx, email)));
	token = mailed_token(ctx, "reset", id);
	forum_sql(ctx, "update mail_tokens set expires_at = now() - interval '1 second'");
	assert_err(ctx, ERR_GONE, account_check_reset(ctx, token));
	assert_err(ctx, ERR_GONE, account_reset(ctx, token, NEW_PASSWORD, &person_id));
	/* A link of another kind opens nothing here. */
	sign_up_as(ctx, "Hortense", email = new_email(ctx));
	token = mailed_token(ctx, "confirm", find(ctx, email));
	assert_err(ctx, ERR_GONE, account_reset(ctx, token, NEW_PASSWORD, &person_id));
	assert_ok(ctx, account_confirm(ctx, token, &person_id));
}

static void test_asking_for_a_reset_looks_up_nothing(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx);
	int64_t id = confirmed(ctx, "Hortense", email), mails;

	ctx->actor = &actor_visitor;
	forum_sql(ctx, "delete from throttles; delete from jobs");
	assert_ok(ctx, account_ask_reset(ctx, email, "192.0.2.1"));
	assert_ok(ctx, account_ask_reset(ctx, "nobody.at.all@example.org", "192.0.2.1"));
	assert_int_equal(mails_of(ctx, "reset", id), 0);
	assert_int_equal(
		forum_number(ctx, "select count(*) + 0 * $1::bigint from jobs where kind = 'reset'",
			     0),
		2);
	mails = forum_number(ctx, "select count(*) + 0 * $1::bigint from mails", 0);
	assert_ok(ctx, account_send_reset(ctx, "nobody.at.all@example.org"));
	assert_int_equal(forum_number(ctx, "select count(*) + 0 * $1::bigint from mails", 0),
			 mails);
	assert_err(ctx, ERR_INVALID, account_ask_reset(ctx, "not an address", "192.0.2.1"));
	for (int i = 0; i < 3; i++)
		assert_ok(ctx, account_ask_reset(ctx, email, "192.0.2.1"));
	assert_err(ctx, ERR_THROTTLED, account_ask_reset(ctx, email, "192.0.2.1"));
}

/* Whoever asks, and from wherever: a mailbox is not flooded. */
static void test_one_account_gets_five_mails_an_hour_at_most(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx);
	int64_t id = confirmed(ctx, "Hortense", email);

	for (int i = 0; i < 8; i++)
		assert_ok(ctx, account_send_reset(ctx, account_email_key(ctx, email)));
	for (int i = 0; i < 3; i++)
		sign_up_as(ctx, "Mallory", email);
	assert_int_equal(forum_number(ctx, "select count(*) from mails where person_id = $1", id),
			 5);
	/* And the last link of them works. */
	assert_ok(ctx, account_check_reset(ctx, mailed_token(ctx, "reset", id)));
}

/* Settings ------------------------------------------------------------------------ */

static void test_new_address_counts_when_its_link_was_opened(void **state)
{
	struct ctx *ctx = *state;
	const char *old = new_email(ctx), *new = new_email(ctx), *reset_token;
	int64_t id = confirmed(ctx, "Hortense", old), person_id;

	act_as(ctx, id);
	forum_sql(ctx, "delete from throttles");
	assert_int_equal(account_change_email(ctx, "wrong password 1", new), ERR_INVALID);
	assert_string_equal(ctx->error.field, "password");
	assert_int_equal(account_change_email(ctx, PASSWORD, "nonsense"), ERR_INVALID);
	assert_string_equal(ctx->error.field, "email");
	assert_err(ctx, ERR_INVALID, account_change_email(ctx, PASSWORD, old));
	assert_ok(ctx, account_change_email(ctx, PASSWORD, new));
	assert_int_equal(find(ctx, old), id);
	assert_int_equal(find(ctx, new), 0);
	assert_ok(ctx, account_send_reset(ctx, account_email_key(ctx, old)));
	reset_token = mailed_token(ctx, "reset", id);

	assert_ok(ctx, account_confirm(ctx, mailed_token(ctx, "change_email", id), &person_id));
	assert_int_equal(find(ctx, old), 0);
	assert_int_equal(find(ctx, new), id);
	assert_int_equal(forum_number(ctx,
				      arena_printf(ctx->arena,
						   "select count(*) from mails where person_id = $1"
						   " and kind = 'email_changed' and address = '%s'",
						   old),
				      id),
			 1);
	/* What was sent to the old address opens nothing any more. */
	assert_err(ctx, ERR_GONE, account_reset(ctx, reset_token, NEW_PASSWORD, &person_id));
}

static void test_new_address_that_is_taken_looks_like_any_other(void **state)
{
	struct ctx *ctx = *state;
	const char *mine = new_email(ctx), *theirs = new_email(ctx);
	int64_t id = confirmed(ctx, "Hortense", mine), other = confirmed(ctx, "Zoé", theirs),
		person_id;

	act_as(ctx, id);
	forum_sql(ctx, "delete from throttles");
	assert_ok(ctx, account_change_email(ctx, PASSWORD, theirs));
	assert_int_equal(mails_of(ctx, "change_email", id), 0);
	assert_int_equal(mails_of(ctx, "exists", other), 1);
	/* Taken between the mail and the click. */
	theirs = new_email(ctx);
	assert_ok(ctx, account_change_email(ctx, PASSWORD, theirs));
	sign_up_as(ctx, "Zoé", theirs);
	assert_int_equal(account_confirm(ctx, mailed_token(ctx, "change_email", id), &person_id),
			 ERR_INVALID);
	assert_string_equal(ctx->error.field, "email");
	error_clear(ctx);
	assert_int_equal(find(ctx, mine), id);
}

static void test_new_password_needs_the_old_one_and_ends_other_sessions(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx), *here, *elsewhere;
	int64_t id = confirmed(ctx, "Hortense", email);
	struct actor actor, *self;

	assert_ok(ctx, session_create(ctx, &(struct session_new){ id, "192.0.2.1", "here", NULL },
				      &here));
	assert_ok(ctx,
		  session_create(ctx, &(struct session_new){ id, "192.0.2.2", "elsewhere", NULL },
				 &elsewhere));
	assert_ok(ctx, session_load(ctx, here, &actor));
	self = act_as(ctx, id);
	self->session_id = actor.session_id;
	forum_sql(ctx, "delete from throttles");
	assert_int_equal(account_change_password(ctx, "wrong password 1", NEW_PASSWORD),
			 ERR_INVALID);
	assert_string_equal(ctx->error.field, "password");
	assert_int_equal(account_change_password(ctx, PASSWORD, "12345678"), ERR_INVALID);
	assert_string_equal(ctx->error.field, "new_password");
	assert_ok(ctx, account_change_password(ctx, PASSWORD, NEW_PASSWORD));
	assert_ok(ctx, session_load(ctx, here, &actor));
	assert_int_equal(actor.id, id);
	assert_ok(ctx, session_load(ctx, elsewhere, &actor));
	assert_int_equal(actor.id, 0);
	assert_int_equal(mails_of(ctx, "password_changed", id), 1);
	assert_ok(ctx, try_login(ctx, email, NEW_PASSWORD));
}

static void test_stolen_session_may_not_guess_the_password(void **state)
{
	struct ctx *ctx = *state;
	int64_t id = confirmed(ctx, "Hortense", new_email(ctx));
	struct actor *actor = act_as(ctx, id);

	actor->role = ROLE_ADMINISTRATOR;
	forum_sql(ctx, "delete from throttles");
	for (int i = 0; i < 10; i++)
		assert_err(ctx, ERR_INVALID,
			   account_change_password(ctx, "wrong password 1", NEW_PASSWORD));
	assert_err(ctx, ERR_THROTTLED, account_change_password(ctx, PASSWORD, NEW_PASSWORD));
}

static void test_confirmation_can_be_sent_again(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx), *first;
	int64_t id, person_id;
	struct actor *actor;

	sign_up_as(ctx, "Hortense", email);
	id = find(ctx, email);
	first = mailed_token(ctx, "confirm", id);
	actor = act_as(ctx, id);
	actor->is_confirmed = false;
	assert_ok(ctx, account_resend_confirmation(ctx));
	assert_err(ctx, ERR_GONE, account_confirm(ctx, first, &person_id));
	assert_ok(ctx, account_confirm(ctx, mailed_token(ctx, "confirm", id), &person_id));
	actor->is_confirmed = true;
	assert_ok(ctx, account_resend_confirmation(ctx));
	assert_int_equal(mails_of(ctx, "confirm", id), 2);
}

static void test_unsubscribe_link_is_for_one_person(void **state)
{
	struct ctx *ctx = *state;
	int64_t id = confirmed(ctx, "Hortense", new_email(ctx)),
		other = confirmed(ctx, "Zoé", new_email(ctx));
	const char *token = account_unsubscribe_token(ctx, id);

	assert_err(ctx, ERR_NOT_FOUND, account_unsubscribe(ctx, other, token));
	assert_err(ctx, ERR_NOT_FOUND, account_unsubscribe(ctx, id, ""));
	assert_ok(ctx, account_unsubscribe(ctx, id, token));
	assert_int_equal(
		forum_number(ctx, "select count(*) from people where id = $1 and not wants_mail",
			     id),
		1);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from people where id = $1 and wants_mail",
				      other),
			 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_login_needs_the_right_password_in_any_case_of_the_address),
		FORUM_TEST(test_login_answers_the_same_for_unknown_accounts),
		FORUM_TEST(test_time_does_not_tell_whether_an_account_exists),
		FORUM_TEST(test_tenth_wrong_password_closes_only_that_address),
		FORUM_TEST(test_success_clears_the_count),
		FORUM_TEST(test_address_may_try_twenty_times_a_minute),
		FORUM_TEST(test_known_browser_gets_in_while_strangers_hammer),
		FORUM_TEST(test_reset_sets_a_password_confirms_and_ends_sessions),
		FORUM_TEST(test_old_links_are_dead),
		FORUM_TEST(test_asking_for_a_reset_looks_up_nothing),
		FORUM_TEST(test_one_account_gets_five_mails_an_hour_at_most),
		FORUM_TEST(test_new_address_counts_when_its_link_was_opened),
		FORUM_TEST(test_new_address_that_is_taken_looks_like_any_other),
		FORUM_TEST(test_new_password_needs_the_old_one_and_ends_other_sessions),
		FORUM_TEST(test_stolen_session_may_not_guess_the_password),
		FORUM_TEST(test_confirmation_can_be_sent_again),
		FORUM_TEST(test_unsubscribe_link_is_for_one_person),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_login");
}
