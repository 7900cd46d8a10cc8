/*
 * Copies and erasures as they are asked for, wait, and come about. Which columns belong to
 * a person is test_forum_erasure.c's.
 */
#include "account_fixture.h"

#include "forum/privacy.h"
#include "forum/session.h"

/* Erasing ------------------------------------------------------------------------------- */

/* Rows of any table whose text holds the word. */
static void assert_no_trace(struct ctx *ctx, const char *word)
{
	struct stmt tables = {
		NULL,
		"select c.relname from pg_class c\n"
		"where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace",
		0
	};
	struct rows rows;

	assert_ok(ctx, db_query_params(ctx, &tables, &rows, NULL, 0));
	while (rows_next(&rows)) {
		const char *table = col_text(&rows);
		struct stmt look = {
			NULL,
			arena_printf(ctx->arena, "select count(*) from %s t where t::text ilike $1",
				     table),
			1
		};
		struct rows found;

		assert_ok(ctx, db_query(ctx, &look, &found,
					param_text(arena_printf(ctx->arena, "%%%s%%", word))));
		rows_next(&found);
		if (col_i64(&found) > 0)
			fail_msg("\"%s\" is still in the table %s", word, table);
	}
}

/* Somebody with a trace everywhere, who has asked to leave; *topic_id: their question. */
static int64_t who_leaves(struct ctx *ctx, const char *name, const char *email, int64_t *topic_id)
{
	struct actor *other = forum_person(ctx, "Octave", ROLE_CUSTOMER);
	int64_t id = confirmed(ctx, arena_printf(ctx->arena, "Zdenka %s", name), email);
	struct actor *actor;
	const char *token;

	assert_ok(ctx,
		  session_create(ctx,
				 &(struct session_new){
					 id,
					 strcmp(name, "Staying") ? "198.51.100.77" : "198.51.100.1",
					 arena_printf(ctx->arena, "%s browser", name), NULL },
				 &token));
	actor = act_as(ctx, id);
	*topic_id = forum_ask(ctx, actor);
	forum_answer(ctx, other, *topic_id,
		     arena_printf(ctx->arena,
				  "Bonjour @zdenka-%s, avez-vous essayé de la redémarrer ?", name));
	ctx->actor = act_as(ctx, id);
	assert_ok(ctx, privacy_ask_erasure(ctx));
	return id;
}

static void test_an_erasure_waits_and_can_be_taken_back(void **state)
{
	struct ctx *ctx = *state;
	const char *email = new_email(ctx);
	struct privacy_state own;
	int64_t topic_id, id = who_leaves(ctx, "Staying", email, &topic_id);

	assert_ok(ctx, privacy_state_load(ctx, &own));
	assert_true(own.erasure_due_at > ctx->now + 13 * CLOCK_DAY);
	assert_ok(ctx, privacy_erase(ctx, id));
	assert_int_equal(find(ctx, email), id);
	assert_ok(ctx, privacy_cancel_erasure(ctx));
	forum_sql(ctx, "update person_erasures set due_at = now()");
	assert_ok(ctx, privacy_erase(ctx, id));
	assert_int_equal(find(ctx, email), id);
	assert_int_equal(mails_of(ctx, "privacy", id), 1);
}

static void test_an_erased_account_leaves_no_trace_but_what_it_said(void **state)
{
	struct ctx *ctx = *state;
	struct config *config = arena_new_of(ctx->arena, struct config);
	const char *email = new_email(ctx), *secret;
	int64_t topic_id, id = who_leaves(ctx, "Vanishing", email, &topic_id);

	*config = *ctx->config;
	crypto_box_new_keys(ctx->arena, &config->privacy.seal_key, &secret);
	ctx->config = config;
	ctx->actor = &actor_system;
	forum_sql(ctx, "update person_erasures set due_at = now(); delete from throttles");
	assert_ok(ctx, privacy_erase(ctx, id));
	assert_no_trace(ctx, "vanishing");
	assert_no_trace(ctx, email);
	assert_no_trace(ctx, "198.51.100.77");
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from topics t join people p on p.id = t.author_id"
			     " where t.id = $1 and p.state = 'anonymised'",
			     topic_id),
		1);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from posts where topic_id = $1"
				      " and body_md like '%Bonjour @…, avez-vous%'",
				      topic_id),
			 1);
}

static void test_what_the_law_keeps_opens_with_the_other_half_and_ends(void **state)
{
	static const char *const classes[] = { "identity", "account", "connection" };
	struct ctx *ctx = *state;
	struct config *config = arena_new_of(ctx->arena, struct config);
	const char *email = new_email(ctx), *secret;
	struct sealed_record *records;
	size_t count, length;
	int64_t topic_id, id = who_leaves(ctx, "Sealed", email, &topic_id);

	*config = *ctx->config;
	crypto_box_new_keys(ctx->arena, &config->privacy.seal_key, &secret);
	ctx->config = config;
	forum_sql(ctx, "delete from sealed_records; update person_erasures set due_at = now()");
	assert_ok(ctx, privacy_erase(ctx, id));
	assert_ok(ctx, privacy_sealed_list(ctx, &records, &count));
	assert_int_equal(count, 3);
	for (size_t i = 0; i < count; i++) {
		const uint8_t *text = crypto_box_open_with(ctx->arena, config->privacy.seal_key,
							   secret, records[i].sealed,
							   records[i].length, &length);
		const char *wanted = i == 0 ? email : i == 1 ? "zdenka" : "198.51.100.77";
		int64_t years = (records[i].keep_until - ctx->now) / (365 * CLOCK_DAY);

		assert_string_equal(records[i].class, classes[i]);
		assert_int_equal(years, i == 0 ? 5 : 1);
		assert_non_null(text);
		assert_non_null(memmem(text, length, wanted, strlen(wanted)));
		assert_null(crypto_box_open_with(ctx->arena, config->privacy.seal_key,
						 config->privacy.seal_key, records[i].sealed,
						 records[i].length, &length));
	}
	forum_sql(ctx, "update sealed_records set keep_until = now() where class <> 'identity'");
	assert_ok(ctx, privacy_retention(ctx));
	assert_int_equal(forum_number(ctx, "select count(*) from sealed_records where $1 > 0", id),
			 1);
	assert_int_equal(forum_number(ctx,
				      "select sum(deleted)::bigint from retention_log"
				      " where class = 'sealed' and $1 > 0",
				      id),
			 2);
}

static void test_kept_addresses_end_by_themselves(void **state)
{
	struct ctx *ctx = *state;

	forum_sql(ctx,
		  "delete from sign_up_blocks; delete from sign_up_refusals;"
		  "insert into sign_up_blocks (kind, code, reason, expires_at) values"
		  " ('email', sha256('one'), 'x', now() + interval '1 day'),"
		  " ('email', sha256('two'), 'x', now() - interval '1 second');"
		  "insert into sign_up_refusals (day, reason) values (current_date - 399, 'fast'),"
		  " (current_date - 401, 'fast')");
	assert_ok(ctx, privacy_retention(ctx));
	assert_int_equal(forum_number(ctx, "select count(*) from sign_up_blocks where $1 = 1", 1),
			 1);
	assert_int_equal(forum_number(ctx, "select count(*) from sign_up_refusals where $1 = 1", 1),
			 1);
}

static void test_the_team_gives_its_role_back_first(void **state)
{
	struct ctx *ctx = *state;

	ctx->actor = forum_person(ctx, "Hortense", ROLE_ADVISOR);
	assert_err(ctx, ERR_FORBIDDEN, privacy_ask_erasure(ctx));
}

/* Copies -------------------------------------------------------------------------------- */

static void test_there_is_one_copy_at_a_time_and_it_ends(void **state)
{
	struct ctx *ctx = *state;
	const char *json, *language, *zip;
	size_t length;
	int64_t id = confirmed(ctx, "Hortense", new_email(ctx));

	act_as(ctx, id);
	assert_ok(ctx, privacy_ask_export(ctx));
	assert_err(ctx, ERR_CONFLICT, privacy_ask_export(ctx));
	assert_err(ctx, ERR_NOT_FOUND, privacy_export_fetch(ctx, &zip, &length));
	assert_ok(ctx, privacy_export_read(ctx, id, &json, &language));
	assert_non_null(strstr(json, "\"Hortense\""));
	assert_null(strstr(json, "argon2id"));
	assert_ok(ctx, privacy_export_keep(ctx, id, "a zip", 5));
	assert_ok(ctx, privacy_export_fetch(ctx, &zip, &length));
	assert_int_equal(length, 5);
	assert_int_equal(mails_of(ctx, "privacy", id), 1);
	forum_sql(ctx, "update person_exports set expires_at = now()");
	assert_err(ctx, ERR_NOT_FOUND, privacy_export_fetch(ctx, &zip, &length));
	assert_ok(ctx, privacy_ask_export(ctx));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_an_erasure_waits_and_can_be_taken_back),
		FORUM_TEST(test_an_erased_account_leaves_no_trace_but_what_it_said),
		FORUM_TEST(test_what_the_law_keeps_opens_with_the_other_half_and_ends),
		FORUM_TEST(test_kept_addresses_end_by_themselves),
		FORUM_TEST(test_the_team_gives_its_role_back_first),
		FORUM_TEST(test_there_is_one_copy_at_a_time_and_it_ends),
	};
	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_privacy");
}
