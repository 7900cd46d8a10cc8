/*
 * Accounts: signing up and in, links by mail, changes; and that a stranger learns
 * nothing from any of it.
 */
#include "forum_fixture.h"

#include "forum/account_parts.h"
#include "forum/person.h"
#include "forum/session.h"
#include "forum/throttle.h"

#define PASSWORD "trois petits chats"
#define NEW_PASSWORD "quatre grands chiens"

/* An address of its own for each account. */
static const char *new_email(struct ctx *ctx)
{
	static int number;

	return arena_printf(ctx->arena, "Someone.%d@Example.org", ++number);
}

static void sign_up_as(struct ctx *ctx, const char *name, const char *email)
{
	ctx->actor = &actor_visitor;
	forum_sql(ctx, "delete from throttles");
	assert_ok(ctx, account_sign_up(ctx, &(struct sign_up){
		.name = name, .email = email, .password = PASSWORD, .language = "fr", .has_consented = true,
		.client_address = "192.0.2.1" }));
}

static int64_t find(struct ctx *ctx, const char *email)
{
	int64_t id;

	assert_ok(ctx, account_find(ctx, email, &id));
	return id;
}

static int64_t mails_of(struct ctx *ctx, const char *kind, int64_t person_id)
{
	return forum_number(ctx, arena_printf(ctx->arena, "select count(*) from mails"
					      " where person_id = $1 and kind = '%s'", kind), person_id);
}

/* The token of the newest mail of that kind, as it stands in its link. */
static const char *mailed_token(struct ctx *ctx, const char *kind, int64_t person_id)
{
	const char *sql = arena_printf(ctx->arena, "select parameters ->> 'link' from mails"
				       " where person_id = $1 and kind = '%s' order by id desc limit 1", kind);
	struct stmt statement = { NULL, sql, 1 };
	struct rows rows;
	const char *token;

	assert_ok(ctx, db_query(ctx, &statement, &rows, param_i64(person_id)));
	assert_true(rows_next(&rows));
	token = strstr(col_text(&rows), "token=");
	assert_non_null(token);
	return token + strlen("token=");
}

/* A confirmed account with PASSWORD. */
static int64_t confirmed(struct ctx *ctx, const char *name, const char *email)
{
	int64_t id, confirmed_id;

	sign_up_as(ctx, name, email);
	id = find(ctx, email);
	assert_ok(ctx, account_confirm(ctx, mailed_token(ctx, "confirm", id), &confirmed_id));
	assert_int_equal(confirmed_id, id);
	return id;
}

static enum err try_login_from(struct ctx *ctx, const char *email, const char *password, const char *address,
			       const char *device)
{
	int64_t id;

	error_clear(ctx);
	return account_login(ctx, &(struct credentials){
		.email = email, .password = password, .client_address = address, .device_token = device }, &id);
}

static enum err try_login(struct ctx *ctx, const char *email, const char *password)
{
	return try_login_from(ctx, email, password, "192.0.2.1", "");
}

static struct actor *act_as(struct ctx *ctx, int64_t id)
{
	struct actor *actor = arena_new_of(ctx->arena, struct actor);

	*actor = (struct actor){ .id = id, .role = ROLE_CUSTOMER, .name = "Zoé", .handle = "zoe",
				 .language = "fr", .is_confirmed = true, .csrf_token = "" };
	ctx->actor = actor;
	return actor;
}

/* Sign-up ---------------------------------------------------------------------- */

static void test_sign_up_waits_for_the_mailed_link(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx), *token;
	int64_t id, confirmed_id;

	sign_up_as(ctx, "  Hortense   Quill ", email);
	id = find(ctx, email);
	assert_true(id > 0);
	assert_int_equal(forum_number(ctx, "select (state = 'unconfirmed' and name = 'Hortense Quill'"
		" and handle = 'hortense-quill' and password_hash like '$argon2id$%' and charter_version = '1'"
		" and charter_accepted_at is not null and email_confirmed_at is null)::integer::bigint"
		" from people where id = $1", id), 1);
	assert_int_equal(forum_number(ctx, "select count(*) from jobs, mails where jobs.kind = 'mail'"
		" and (payload ->> 'id')::bigint = mails.id and mails.person_id = $1 and run_at <= now()", id), 1);
	assert_int_equal(forum_number(ctx, "select count(*) from mail_tokens where person_id = $1"
		" and octet_length(token_hash) = 32", id), 1);

	token = mailed_token(ctx, "confirm", id);
	assert_int_equal(strlen(token), CRYPTO_TOKEN_TEXT_LENGTH);
	assert_err(ctx, ERR_GONE, account_confirm(ctx, "x", &confirmed_id));
	assert_ok(ctx, account_confirm(ctx, token, &confirmed_id));
	assert_int_equal(confirmed_id, id);
	assert_int_equal(forum_number(ctx, "select count(*) from people where id = $1 and state = 'active'"
				      " and email_confirmed_at is not null", id), 1);
	assert_err(ctx, ERR_GONE, account_confirm(ctx, token, &confirmed_id));
}

static void test_sign_up_with_a_known_address_tells_only_its_owner(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx);
	struct db_counts fresh, taken;
	int64_t id, people;

	db_count_reset(ctx->db);
	sign_up_as(ctx, "Hortense", email);
	fresh = db_counts(ctx->db);
	id = find(ctx, email);
	people = forum_number(ctx, "select count(*) + 0 * $1::bigint from people", 0);
	db_count_reset(ctx->db);
	sign_up_as(ctx, "Mallory", email);
	taken = db_counts(ctx->db);
	assert_int_equal(forum_number(ctx, "select count(*) + 0 * $1::bigint from people", 0), people);
	assert_int_equal(forum_number(ctx, "select count(*) from people where id = $1 and name = 'Hortense'", id), 1);
	assert_int_equal(mails_of(ctx, "exists", id), 1);
	assert_int_equal(fresh.statements, taken.statements);
	assert_int_equal(fresh.round_trips, taken.round_trips);
}

/*
 * Somebody registered your address first: what you get is a link that sets your
 * own password, so theirs is worth nothing.
 */
static void test_address_registered_by_somebody_else_is_won_back(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx);
	int64_t id, owner;

	sign_up_as(ctx, "Mallory", email);
	id = find(ctx, email);
	sign_up_as(ctx, "Hortense", email);
	assert_ok(ctx, account_reset(ctx, mailed_token(ctx, "exists", id), NEW_PASSWORD, &owner));
	assert_int_equal(owner, id);
	assert_err(ctx, ERR_INVALID, try_login(ctx, email, PASSWORD));
	assert_ok(ctx, try_login(ctx, email, NEW_PASSWORD));
}

static void test_people_of_one_name_get_handles_of_their_own(void **state)
{
	struct ctx *ctx = *state;
	const char *emails[3] = { new_email(ctx), new_email(ctx), new_email(ctx) };

	for (size_t i = 0; i < ARRAY_COUNT(emails); i++)
		sign_up_as(ctx, "Évariste Nul", emails[i]);
	assert_int_equal(forum_number(ctx, "select count(*) from people where id = $1 and handle = 'evariste-nul'",
				      find(ctx, emails[0])), 1);
	assert_int_equal(forum_number(ctx, "select count(*) from people where id = $1 and handle = 'evariste-nul-2'",
				      find(ctx, emails[1])), 1);
	assert_int_equal(forum_number(ctx, "select count(*) from people where id = $1 and handle = 'evariste-nul-3'",
				      find(ctx, emails[2])), 1);
}

static void test_sign_up_form_sent_twice_is_one_account_and_one_mail(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx);
	const struct sign_up form = {
		.name = "Hortense", .email = email, .password = PASSWORD, .language = "fr",
		.has_consented = true, .client_address = "192.0.2.1",
		.form_key = crypto_token(ctx->arena),
	};

	ctx->actor = &actor_visitor;
	forum_sql(ctx, "delete from throttles");
	assert_ok(ctx, account_sign_up(ctx, &form));
	assert_ok(ctx, account_sign_up(ctx, &form));
	assert_int_equal(forum_number(ctx, "select count(*) from mails where person_id = $1", find(ctx, email)), 1);
}

static void refuse_sign_up(struct ctx *ctx, struct sign_up form, const char *field)
{
	ctx->actor = &actor_visitor;
	form.client_address = "192.0.2.1";
	assert_int_equal(account_sign_up(ctx, &form), ERR_INVALID);
	assert_string_equal(ctx->error.field, field);
	assert_true(ctx->error.message[0]);
	error_clear(ctx);
}

static void test_sign_up_names_the_field_that_is_wrong(void **state)
{
	struct ctx *ctx = *state;
	struct sign_up form = { .name = "Hortense", .email = new_email(ctx), .password = PASSWORD,
				.language = "fr", .has_consented = true };
	struct sign_up wrong = form;

	wrong.name = "H";
	refuse_sign_up(ctx, wrong, "name");
	wrong = form;
	wrong.email = "not an address";
	refuse_sign_up(ctx, wrong, "email");
	wrong.email = "a@b\r\nBcc: c@d";
	refuse_sign_up(ctx, wrong, "email");
	wrong = form;
	wrong.password = "12345678";
	refuse_sign_up(ctx, wrong, "password");
	wrong = form;
	wrong.has_consented = false;
	refuse_sign_up(ctx, wrong, "consent");
	assert_int_equal(find(ctx, form.email), 0);
}

static void test_eleventh_sign_up_of_an_hour_from_one_address_waits(void **state)
{
	struct ctx *ctx = *state;
	struct sign_up form = { .name = "Hortense", .password = PASSWORD, .language = "fr",
				.has_consented = true, .client_address = "192.0.2.77" };

	ctx->actor = &actor_visitor;
	forum_sql(ctx, "delete from throttles; insert into throttles values"
		       " ('sign-up:192.0.2.77', 10, now() + interval '30 minutes')");
	form.email = new_email(ctx);
	assert_err(ctx, ERR_THROTTLED, account_sign_up(ctx, &form));
	assert_int_equal(find(ctx, form.email), 0);
}

/* Names ------------------------------------------------------------------------- */

static void test_names_that_pass_for_the_team_or_hide_are_refused(void **state)
{
	static const char *const bad[] = {
		"Admin", "admin2", "4dm1n", "L'Administrateur", "Zoé - Modératrice", "MODÉRATEUR", "Le Support",
		"Conseillère Inès", "Service Client", "S e r v i c e  client", "Entraide", "entraide-officiel",
		"Entr4ide Paris", "\u0410dmin" /* Cyrillic A */, "Z\u043e\u00e9", "\u3164\u3164", "\u2800\u2800",
		"--", "\U0001F600\U0001F600", "zoe@example.org", "https://spam.example", "www.spam.example", "Z",
		"", "   ", "\u200b\u200b\u200b",
		"Quarante-et-un caractères, c'est trop long",
	};
	static const char *const good[] = {
		"Zoé", "Jean-François O'Neill", "Badminton35", "Administre", "Renée Supportel", "李明", "Žižek",
		"Дмитрий", "Ελένη", "Modeste", "Marie Claire", "R2D2", "Gégé 🐶",
	};
	struct ctx *ctx = *state;
	const char *name;

	for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
		if (account_check_name(ctx, bad[i], ROLE_CUSTOMER, &name) != ERR_INVALID ||
		    strcmp(ctx->error.field, "name") != 0)
			fail_msg("accepted: \"%s\"", bad[i]);
	error_clear(ctx);
	for (size_t i = 0; i < ARRAY_COUNT(good); i++)
		assert_ok(ctx, account_check_name(ctx, good[i], ROLE_CUSTOMER, &name));
	assert_ok(ctx, account_check_name(ctx, "Inès, conseillère", ROLE_ADVISOR, &name));
	assert_ok(ctx, account_check_name(ctx, "A\u202Eb\u200Bc", ROLE_CUSTOMER, &name));
	assert_string_equal(name, "Abc");
}

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
	assert_ok(ctx, account_login(ctx, &(struct credentials){
		.email = account_email_key(ctx, email), .password = PASSWORD,
		.client_address = "192.0.2.1", .device_token = "" }, &person_id));
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
	assert_int_equal(try_login(ctx, "nobody.at.all@example.org", "wrong password 1"), ERR_INVALID);
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
	printf("login: known %lld us, unknown %lld us\n", (long long)medians[0], (long long)medians[1]);
	assert_true(llabs(medians[0] - medians[1]) <= 5000);
	measure(ctx, act_ask_reset, email, "nobody.at.all@example.org", medians);
	printf("reset: known %lld us, unknown %lld us\n", (long long)medians[0], (long long)medians[1]);
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
	ends_at = forum_number(ctx, "select (extract(epoch from ends_at) * 1000)::bigint + 0 * $1::bigint"
			       " from throttles where key like 'login-account:%|192.0.2.1'", 0);
	for (int i = 0; i < 5; i++)
		assert_err(ctx, ERR_THROTTLED, try_login(ctx, email, PASSWORD));
	/* The wait is not made longer by trying. */
	assert_int_equal(forum_number(ctx, "select (extract(epoch from ends_at) * 1000)::bigint + 0 * $1::bigint"
			       " from throttles where key like 'login-account:%|192.0.2.1'", 0), ends_at);
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
			   try_login(ctx, arena_printf(ctx->arena, "spray.%d@example.org", i), "wrong password 1"));
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
	forum_sql(ctx, arena_printf(ctx->arena, "delete from throttles; insert into throttles values"
		" ('login-everywhere:%s', 100, now() + interval '50 minutes')", account_email_key(ctx, email)));
	assert_err(ctx, ERR_THROTTLED, try_login_from(ctx, email, PASSWORD, "203.0.113.5", ""));
	assert_err(ctx, ERR_THROTTLED, try_login_from(ctx, email, PASSWORD, "203.0.113.5", "forged"));
	assert_ok(ctx, try_login_from(ctx, email, PASSWORD, "203.0.113.5", device));
	/* Its own guesses are counted too. */
	forum_sql(ctx, "delete from throttles where key like 'login-a%'");
	for (int i = 0; i < 10; i++)
		assert_err(ctx, ERR_INVALID, try_login_from(ctx, email, "wrong password 1", "203.0.113.5", device));
	assert_err(ctx, ERR_THROTTLED, try_login_from(ctx, email, PASSWORD, "203.0.113.5", device));
	/* A new password makes all browsers strangers. */
	forum_sql(ctx, "delete from throttles");
	assert_ok(ctx, account_send_reset(ctx, account_email_key(ctx, email)));
	assert_ok(ctx, account_reset(ctx, mailed_token(ctx, "reset", id), NEW_PASSWORD, &person_id));
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
	assert_ok(ctx, session_create(ctx, id, "192.0.2.1", "browser", &session));
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
	assert_int_equal(forum_number(ctx, "select count(*) from people where id = $1 and state = 'active'"
				      " and email_confirmed_at is not null", id), 1);
	assert_int_equal(mails_of(ctx, "password_changed", id), 1);
	assert_int_equal(forum_number(ctx, "select count(*) from audit_log where subject_id = $1"
				      " and action = 'password_reset'", id), 1);
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
	assert_int_equal(forum_number(ctx, "select count(*) + 0 * $1::bigint from jobs where kind = 'reset'", 0), 2);
	mails = forum_number(ctx, "select count(*) + 0 * $1::bigint from mails", 0);
	assert_ok(ctx, account_send_reset(ctx, "nobody.at.all@example.org"));
	assert_int_equal(forum_number(ctx, "select count(*) + 0 * $1::bigint from mails", 0), mails);
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
	assert_int_equal(forum_number(ctx, "select count(*) from mails where person_id = $1", id), 5);
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
	assert_int_equal(forum_number(ctx, arena_printf(ctx->arena, "select count(*) from mails where person_id = $1"
		" and kind = 'email_changed' and address = '%s'", old), id), 1);
	/* What was sent to the old address opens nothing any more. */
	assert_err(ctx, ERR_GONE, account_reset(ctx, reset_token, NEW_PASSWORD, &person_id));
}

static void test_new_address_that_is_taken_looks_like_any_other(void **state)
{
	struct ctx *ctx = *state;
	const char *mine = new_email(ctx), *theirs = new_email(ctx);
	int64_t id = confirmed(ctx, "Hortense", mine), other = confirmed(ctx, "Zoé", theirs), person_id;

	act_as(ctx, id);
	forum_sql(ctx, "delete from throttles");
	assert_ok(ctx, account_change_email(ctx, PASSWORD, theirs));
	assert_int_equal(mails_of(ctx, "change_email", id), 0);
	assert_int_equal(mails_of(ctx, "exists", other), 1);
	/* Taken between the mail and the click. */
	theirs = new_email(ctx);
	assert_ok(ctx, account_change_email(ctx, PASSWORD, theirs));
	sign_up_as(ctx, "Zoé", theirs);
	assert_int_equal(account_confirm(ctx, mailed_token(ctx, "change_email", id), &person_id), ERR_INVALID);
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

	assert_ok(ctx, session_create(ctx, id, "192.0.2.1", "here", &here));
	assert_ok(ctx, session_create(ctx, id, "192.0.2.2", "elsewhere", &elsewhere));
	assert_ok(ctx, session_load(ctx, here, &actor));
	self = act_as(ctx, id);
	self->session_id = actor.session_id;
	forum_sql(ctx, "delete from throttles");
	assert_int_equal(account_change_password(ctx, "wrong password 1", NEW_PASSWORD), ERR_INVALID);
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
		assert_err(ctx, ERR_INVALID, account_change_password(ctx, "wrong password 1", NEW_PASSWORD));
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
	int64_t id = confirmed(ctx, "Hortense", new_email(ctx)), other = confirmed(ctx, "Zoé", new_email(ctx));
	const char *token = account_unsubscribe_token(ctx, id);

	assert_err(ctx, ERR_NOT_FOUND, account_unsubscribe(ctx, other, token));
	assert_err(ctx, ERR_NOT_FOUND, account_unsubscribe(ctx, id, ""));
	assert_ok(ctx, account_unsubscribe(ctx, id, token));
	assert_int_equal(forum_number(ctx, "select count(*) from people where id = $1 and not wants_mail", id), 1);
	assert_int_equal(forum_number(ctx, "select count(*) from people where id = $1 and wants_mail", other), 1);
}

/* By the operator -------------------------------------------------------------------- */

static void test_operator_makes_people_and_changes_roles(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx), *session;
	struct actor actor;
	int64_t id;
	struct account_create form = { .name = "Inès, conseillère", .email = email, .password = PASSWORD,
				       .language = "fr", .title = "Conseillère", .role = ROLE_ADVISOR };

	ctx->actor = &actor_system;
	assert_ok(ctx, account_create(ctx, &form, &id));
	assert_int_equal(account_create(ctx, &form, &id), ERR_INVALID);
	assert_string_equal(ctx->error.field, "email");
	error_clear(ctx);
	id = find(ctx, email);
	assert_ok(ctx, session_create(ctx, id, "192.0.2.1", "browser", &session));
	assert_ok(ctx, session_load(ctx, session, &actor));
	assert_int_equal(actor.role, ROLE_ADVISOR);
	assert_true(actor.is_confirmed && actor.is_trusted);

	assert_ok(ctx, account_set_role(ctx, email, ROLE_MODERATOR));
	assert_ok(ctx, session_load(ctx, session, &actor));
	assert_int_equal(actor.id, 0);
	assert_int_equal(forum_number(ctx, "select count(*) from audit_log where subject_id = $1 and"
		" action = 'role_changed' and details = '{\"role\": \"moderator\", \"was\": \"advisor\"}'", id), 1);
	assert_err(ctx, ERR_NOT_FOUND, account_set_role(ctx, "nobody.at.all@example.org", ROLE_CUSTOMER));

	act_as(ctx, id);
	assert_err(ctx, ERR_FORBIDDEN, account_set_role(ctx, email, ROLE_ADMINISTRATOR));
	assert_err(ctx, ERR_FORBIDDEN, account_create(ctx, &form, &id));
}

/* People -------------------------------------------------------------------------------- */

static void test_profile_shows_an_address_only_to_its_owner(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx);
	int64_t id = confirmed(ctx, "Hortense", email), unconfirmed;
	struct person person;

	ctx->actor = &actor_visitor;
	assert_ok(ctx, person_load(ctx, id, &person));
	assert_string_equal(person.author.name, "Hortense");
	assert_string_equal(person.email, "");
	assert_err(ctx, ERR_NOT_FOUND, person_load(ctx, 1L << 60, &person));
	sign_up_as(ctx, "Zoé", email = new_email(ctx));
	unconfirmed = find(ctx, email);
	assert_err(ctx, ERR_NOT_FOUND, person_load(ctx, unconfirmed, &person));
	act_as(ctx, unconfirmed);
	assert_ok(ctx, person_load(ctx, unconfirmed, &person));
	assert_string_equal(person.email, email);
	assert_false(person.is_confirmed);
}

static void test_profile_text_is_rendered_and_bounded(void **state)
{
	struct ctx *ctx = *state;
	int64_t id = confirmed(ctx, "Hortense", new_email(ctx));
	struct person_changes changes = { .language = "en", .bio_md = "I like **fibre** <script>x</script>",
					  .wants_mail = false };
	struct person person;
	struct actor *actor = act_as(ctx, id);
	char *long_text = arena_alloc(ctx->arena, PERSON_BIO_MAX_BYTES + 2);

	assert_ok(ctx, person_update(ctx, &changes));
	assert_ok(ctx, person_load(ctx, id, &person));
	assert_non_null(strstr(person.bio.html, "<strong>fibre</strong>"));
	assert_null(strstr(person.bio.html, "<script"));
	assert_string_equal(person.language, "en");
	assert_false(person.wants_mail);
	memset(long_text, 'x', PERSON_BIO_MAX_BYTES + 1);
	changes.bio_md = long_text;
	assert_err(ctx, ERR_INVALID, person_update(ctx, &changes));
	changes.bio_md = "";
	changes.language = "de";
	assert_err(ctx, ERR_INVALID, person_update(ctx, &changes));
	actor->is_suspended = true;
	changes.language = "fr";
	changes.bio_md = "spam";
	assert_err(ctx, ERR_FORBIDDEN, person_update(ctx, &changes));
	assert_ok(ctx, person_set_language(ctx, "fr"));
	assert_ok(ctx, person_load(ctx, id, &person));
	assert_string_equal(person.language, "fr");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_sign_up_waits_for_the_mailed_link),
		FORUM_TEST(test_sign_up_with_a_known_address_tells_only_its_owner),
		FORUM_TEST(test_address_registered_by_somebody_else_is_won_back),
		FORUM_TEST(test_people_of_one_name_get_handles_of_their_own),
		FORUM_TEST(test_sign_up_form_sent_twice_is_one_account_and_one_mail),
		FORUM_TEST(test_sign_up_names_the_field_that_is_wrong),
		FORUM_TEST(test_eleventh_sign_up_of_an_hour_from_one_address_waits),
		FORUM_TEST(test_names_that_pass_for_the_team_or_hide_are_refused),
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
		FORUM_TEST(test_operator_makes_people_and_changes_roles),
		FORUM_TEST(test_profile_shows_an_address_only_to_its_owner),
		FORUM_TEST(test_profile_text_is_rendered_and_bounded),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_accounts");
}
