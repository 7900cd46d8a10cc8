/*
 * What tests of src/forum start from: a real PostgreSQL ($ENTRAIDE_TEST_DATABASE,
 * a conninfo) with the migrations in a schema of the program's own, a context,
 * and people. Each test makes its own people and questions, so that none sees
 * another's. Without a database the program says so and is skipped.
 *
 *	int main(void)
 *	{
 *		const struct CMUnitTest tests[] = { FORUM_TEST(test_…) };
 *		return forum_run(tests, ARRAY_COUNT(tests), "test_forum_posts");
 *	}
 */
#ifndef TESTS_FORUM_FIXTURE_H
#define TESTS_FORUM_FIXTURE_H

#include "unit.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "db/db.h"
#include "forum/post.h"

#define FORUM_SKIP          77 /* automake's "skipped" */
#define FORUM_ARENA_BYTES   ((size_t)64 << 20)
#define FORUM_SQL_MAX_BYTES (1 << 20)

/* The connection of the whole program, and what the tests' contexts point to. */
extern struct db *forum_db;

/* Another connection to the same schema, for what happens at once; db_close it. */
struct db *forum_connect(void);

#define FORUM_TEST(function) cmocka_unit_test_setup_teardown(function, forum_setup, forum_teardown)

int forum_setup(void **state); /* *state: a struct ctx, acting as the system */
int forum_teardown(void **state);
int forum_run_tests(const struct CMUnitTest *tests, size_t count, const char *schema);
#define forum_run(tests, count, schema) forum_run_tests(tests, count, schema)

/* A confirmed account that is two days old; acts when put into ctx->actor. */
struct actor *forum_person(struct ctx *ctx, const char *name, enum role role);
int64_t forum_category(struct ctx *ctx);

#define FORUM_BODY  "Ma box redémarre toutes les nuits à trois heures."
#define FORUM_TITLE "Ma box redémarre chaque nuit"

/*
 * What people write, through the rules; the actor is left as it was, and the gap
 * between two posts is forgotten first. They return the topic's, the post's number.
 */
int64_t forum_ask(struct ctx *ctx, const struct actor *asker);
int64_t forum_answer(struct ctx *ctx, const struct actor *writer, int64_t topic_id,
		     const char *body);
int64_t forum_comment(struct ctx *ctx, const struct actor *writer, int64_t post_id,
		      const char *body);
int64_t forum_question_of(struct ctx *ctx, int64_t topic_id);
struct post forum_post(struct ctx *ctx, int64_t post_id);

/*
 * Rows straight into the tables, so that a test says exactly what stands there;
 * at 0 means FORUM_DAY_ONE.
 */
#define FORUM_DAY_ONE (INT64_C(1700000000) * CLOCK_SECOND)

struct forum_new_post {
	int64_t topic_id, parent_id, author_id, at;
	enum post_kind kind;
	enum visibility visibility;
	const char *body;
};

struct forum_new_topic {
	int64_t category_id, author_id, at;
	const char *title, *status;
};

int64_t forum_put_post(struct ctx *ctx, struct forum_new_post post);
int64_t forum_put_topic(struct ctx *ctx, struct forum_new_topic topic);
/* An answer a minute: number i, from 0, stands at FORUM_DAY_ONE + i + 1 minutes. */
void forum_put_answers(struct ctx *ctx, int64_t topic_id, int64_t author_id, int count,
		       int64_t *ids);

/* One number out of the database; sql is written by the test. */
int64_t forum_number(struct ctx *ctx, const char *sql, int64_t parameter);
void forum_sql(struct ctx *ctx, const char *sql);

/* Fails the test with the error's sentence and details. */
#define assert_ok(ctx, call) forum_assert_code((ctx), (call), OK, #call, __FILE__, __LINE__)
#define assert_err(ctx, code, call) \
	forum_assert_code((ctx), (call), (code), #call, __FILE__, __LINE__)
void forum_assert_code(struct ctx *ctx, enum err got, enum err wanted, const char *call,
		       const char *file, int line);

#endif
