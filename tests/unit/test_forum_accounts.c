/*
 * Making accounts: sign-up and what it tells whom, names, the operator's command;
 * and people as others see them.
 */
#include "account_fixture.h"

#include "forum/account_parts.h"
#include "forum/person.h"
#include "forum/session.h"

/* Sign-up ---------------------------------------------------------------------- */

static void test_sign_up_waits_for_the_mailed_link(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx), *token;
	int64_t id, confirmed_id;

	sign_up_as(ctx, "  Hortense   Quill ", email);
	id = find(ctx, email);
	assert_true(id > 0);
	assert_int_equal(
		forum_number(
			ctx,
			"select (state = 'unconfirmed' and name = 'Hortense Quill'"
			" and handle = 'hortense-quill' and password_hash like '$argon2id$%' and charter_version = '1'"
			" and charter_accepted_at is not null and email_confirmed_at is null)::integer::bigint"
			" from people where id = $1",
			id),
		1);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from jobs, mails where jobs.kind = 'mail'"
			" and (payload ->> 'id')::bigint = mails.id and mails.person_id = $1 and run_at <= now()",
			id),
		1);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from mail_tokens where person_id = $1"
				      " and octet_length(token_hash) = 32",
				      id),
			 1);

	token = mailed_token(ctx, "confirm", id);
	assert_int_equal(strlen(token), CRYPTO_TOKEN_TEXT_LENGTH);
	assert_err(ctx, ERR_GONE, account_confirm(ctx, "x", &confirmed_id));
	assert_ok(ctx, account_confirm(ctx, token, &confirmed_id));
	assert_int_equal(confirmed_id, id);
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from people where id = $1 and state = 'active'"
			     " and email_confirmed_at is not null",
			     id),
		1);
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
	assert_int_equal(forum_number(ctx, "select count(*) + 0 * $1::bigint from people", 0),
			 people);
	assert_int_equal(
		forum_number(ctx, "select count(*) from people where id = $1 and name = 'Hortense'",
			     id),
		1);
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
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from people where id = $1 and handle = 'evariste-nul'",
			find(ctx, emails[0])),
		1);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from people where id = $1 and handle = 'evariste-nul-2'",
			find(ctx, emails[1])),
		1);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from people where id = $1 and handle = 'evariste-nul-3'",
			find(ctx, emails[2])),
		1);
}

static void test_sign_up_form_sent_twice_is_one_account_and_one_mail(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx);
	const struct sign_up form = {
		.name = "Hortense",
		.email = email,
		.password = PASSWORD,
		.language = "fr",
		.has_consented = true,
		.client_address = "192.0.2.1",
		.form_key = crypto_token(ctx->arena),
	};

	ctx->actor = &actor_visitor;
	forum_sql(ctx, "delete from throttles");
	assert_ok(ctx, account_sign_up(ctx, &form));
	assert_ok(ctx, account_sign_up(ctx, &form));
	assert_int_equal(forum_number(ctx, "select count(*) from mails where person_id = $1",
				      find(ctx, email)),
			 1);
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
	struct sign_up form = { .name = "Hortense",
				.email = new_email(ctx),
				.password = PASSWORD,
				.language = "fr",
				.has_consented = true };
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
	struct sign_up form = { .name = "Hortense",
				.password = PASSWORD,
				.language = "fr",
				.has_consented = true,
				.client_address = "192.0.2.77" };

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
		"Admin",
		"admin2",
		"4dm1n",
		"L'Administrateur",
		"Zoé - Modératrice",
		"MODÉRATEUR",
		"Le Support",
		"Conseillère Inès",
		"Service Client",
		"S e r v i c e  client",
		"Entraide",
		"entraide-officiel",
		"Entr4ide Paris",
		"\u0410dmin" /* Cyrillic A */,
		"Z\u043e\u00e9",
		"\u3164\u3164",
		"\u2800\u2800",
		"--",
		"\U0001F600\U0001F600",
		"zoe@example.org",
		"https://spam.example",
		"www.spam.example",
		"Z",
		"",
		"   ",
		"\u200b\u200b\u200b",
		"Quarante-et-un caractères, c'est trop long",
	};
	static const char *const good[] = {
		"Zoé",
		"Jean-François O'Neill",
		"Badminton35",
		"Administre",
		"Renée Supportel",
		"李明",
		"Žižek",
		"Дмитрий",
		"Ελένη",
		"Modeste",
		"Marie Claire",
		"R2D2",
		"Gégé 🐶",
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

/* By the operator -------------------------------------------------------------------- */

static void test_operator_makes_people_and_changes_roles(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx), *session;
	struct actor actor;
	int64_t id;
	struct account_create form = { .name = "Inès, conseillère",
				       .email = email,
				       .password = PASSWORD,
				       .language = "fr",
				       .title = "Conseillère",
				       .role = ROLE_ADVISOR };

	ctx->actor = &actor_system;
	assert_ok(ctx, account_create(ctx, &form, &id));
	assert_int_equal(account_create(ctx, &form, &id), ERR_INVALID);
	assert_string_equal(ctx->error.field, "email");
	error_clear(ctx);
	id = find(ctx, email);
	assert_ok(ctx,
		  session_create(ctx, &(struct session_new){ id, "192.0.2.1", "browser", NULL },
				 &session));
	assert_ok(ctx, session_load(ctx, session, &actor));
	assert_int_equal(actor.role, ROLE_ADVISOR);
	assert_true(actor.is_confirmed && actor.is_trusted);

	assert_ok(ctx, account_set_role(ctx, email, ROLE_MODERATOR));
	assert_ok(ctx, session_load(ctx, session, &actor));
	assert_int_equal(actor.id, 0);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from audit_log where subject_id = $1 and"
			" action = 'role_changed' and details = '{\"role\": \"moderator\", \"was\": \"advisor\"}'",
			id),
		1);
	assert_err(ctx, ERR_NOT_FOUND,
		   account_set_role(ctx, "nobody.at.all@example.org", ROLE_CUSTOMER));

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
	struct person_changes changes = { .language = "en",
					  .bio_md = "I like **fibre** <script>x</script>",
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
		FORUM_TEST(test_operator_makes_people_and_changes_roles),
		FORUM_TEST(test_profile_shows_an_address_only_to_its_owner),
		FORUM_TEST(test_profile_text_is_rendered_and_bounded),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_accounts");
}
