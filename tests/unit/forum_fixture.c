/*
 * The database, the context and the people of the tests of src/forum.
 */
#include <dirent.h>
#include <fnmatch.h>

#include "forum_fixture.h"

#include "forum/audit.h"
#include "forum/category.h"

struct db *forum_db;
static const char *forum_conninfo;

DB_STATEMENT(
	fixture_person,
	"insert into people (name, handle, email, email_key, role, state, created_at, email_confirmed_at)"
	" values ($1, $2, $3, $3, $4, 'active', $5, $5) returning id",
	5);

static struct db *open_db(const char *conninfo, bool is_unprepared)
{
	struct db_options options = {
		.conninfo = conninfo,
		.statement_timeout_ms = 10000,
		.is_unprepared = is_unprepared,
	};
	const char *message;
	struct db *db;

	if (!db_open(&db, &options, &message)) {
		fprintf(stderr, "cannot open the test database: %s\n", message);
		exit(1);
	}
	return db;
}

struct db *forum_connect(void)
{
	return open_db(forum_conninfo, false);
}

static char *read_source_file(struct arena *arena, const char *name)
{
	const char *directory = getenv("ENTRAIDE_SOURCE_DIR");
	const char *path = arena_printf(arena, "%s/migrations/%s", directory ? directory : ".",
					name);
	char *text = arena_alloc(arena, FORUM_SQL_MAX_BYTES);
	FILE *file = fopen(path, "r");
	size_t length;

	if (!file) {
		fprintf(stderr, "cannot read %s (is ENTRAIDE_SOURCE_DIR set?)\n", path);
		exit(1);
	}
	length = fread(text, 1, FORUM_SQL_MAX_BYTES - 1, file);
	text[length] = '\0';
	fclose(file);
	return text;
}

static void run_script(struct ctx *ctx, const char *sql)
{
	if (db_script(ctx, sql) != OK) {
		fprintf(stderr, "setting up the test schema failed: %s\n", ctx->error.details);
		exit(1);
	}
}

static int is_migration(const struct dirent *entry)
{
	return fnmatch("[0-9][0-9][0-9][0-9]_*.sql", entry->d_name, 0) == 0;
}

/* All numbered files, in their order. */
static void run_migrations(struct ctx *ctx)
{
	const char *source = getenv("ENTRAIDE_SOURCE_DIR");
	const char *directory = arena_printf(ctx->arena, "%s/migrations", source ? source : ".");
	struct dirent **found;
	int count = scandir(directory, &found, is_migration, alphasort);

	for (int i = 0; i < count; i++) {
		run_script(ctx, read_source_file(ctx->arena, found[i]->d_name));
		free(found[i]);
	}
	if (count >= 0)
		free(found);
}

static void make_schema(struct arena *arena, const char *conninfo, const char *schema)
{
	struct ctx ctx = { .arena = arena, .db = open_db(conninfo, true), .actor = &actor_system };

	run_script(&ctx, arena_printf(arena,
				      "set client_min_messages = warning;"
				      "drop schema if exists %s cascade; create schema %s",
				      schema, schema));
	run_migrations(&ctx);
	run_script(&ctx, read_source_file(arena, "functions.sql"));
	db_close(ctx.db);
}

/* What the log says in codes, its page must be able to say in words. */
static int nameless_acts(struct arena *arena)
{
	struct ctx ctx = { .arena = arena, .db = forum_db, .actor = &actor_system };
	struct stmt statement = { NULL, "select distinct action from audit_log", 0 };
	struct rows rows;
	int count = 0;

	if (db_query_params(&ctx, &statement, &rows, NULL, 0) != OK)
		return 1;
	while (rows_next(&rows)) {
		const char *code = col_text(&rows);

		if (audit_action_name(code))
			continue;
		fprintf(stderr, "the audit log has no words for \"%s\"\n", code);
		count++;
	}
	return count;
}

int forum_run_tests(const struct CMUnitTest *tests, size_t count, const char *schema)
{
	const char *database = getenv("ENTRAIDE_TEST_DATABASE");
	struct arena *arena;
	const char *conninfo;
	int failed;

	if (!database || !*database) {
		printf("skipped: ENTRAIDE_TEST_DATABASE names no PostgreSQL (tests/postgres.sh starts one)\n");
		return FORUM_SKIP;
	}
	if (!crypto_init())
		return 1;
	arena = arena_new(FORUM_ARENA_BYTES);
	conninfo = arena_printf(arena, "%s options='-c search_path=%s'", database, schema);
	make_schema(arena, conninfo, schema);
	forum_conninfo = conninfo;
	forum_db = forum_connect();
	failed = _cmocka_run_group_tests(schema, tests, count, NULL, NULL);
	failed += nameless_acts(arena);
	db_close(forum_db);
	arena_free(arena);
	return failed;
}

int forum_setup(void **state)
{
	struct arena *arena = arena_new(FORUM_ARENA_BYTES);
	struct ctx *ctx = arena_new_of(arena, struct ctx);
	struct config *config = arena_new_of(arena, struct config);

	config->site.name = "Entraide";
	config->site.base_url = "https://entraide.example";
	config->site.default_language = "fr";
	config->site.charter_version = "1";
	config->site.session_days = 30;
	config->security.staff_without_second_factor = "allowed";
	config->privacy.seal_key = "";
	config->spam.service_url = config->spam.service_key = "";
	config->secret.key = "0123456789abcdef0123456789abcdef";
	*ctx = (struct ctx){
		.arena = arena,
		.config = config,
		.db = forum_db,
		.actor = &actor_system,
		.language = "fr",
		.request_id = "test",
		.now = clock_now(),
	};
	*state = ctx;
	return 0;
}

int forum_teardown(void **state)
{
	struct ctx *ctx = *state;

	db_rollback(ctx);
	arena_free(ctx->arena);
	return 0;
}

struct actor *forum_person(struct ctx *ctx, const char *name, enum role role)
{
	static int number;
	const char *handle = arena_printf(ctx->arena, "%s-%d", name, ++number);
	struct actor *actor = arena_new_of(ctx->arena, struct actor);
	struct rows rows;

	*actor = (struct actor){
		.role = role,
		.name = name,
		.handle = handle,
		.language = "fr",
		.is_confirmed = true,
		.created_at = ctx->now - 2 * CLOCK_DAY,
		.csrf_token = "",
	};
	assert_ok(ctx, db_query(ctx, &fixture_person, &rows, param_text(name), param_text(handle),
				param_text(arena_printf(ctx->arena, "%s@example.org", handle)),
				param_text(role_text(role)), param_time(actor->created_at)));
	assert_true(rows_next(&rows));
	actor->id = col_i64(&rows);
	return actor;
}

int64_t forum_category(struct ctx *ctx)
{
	static int number;
	const char *slug = arena_printf(ctx->arena, "category-%d", ++number);
	int64_t id;

	assert_ok(ctx, category_put(ctx,
				    &(struct category_new){ .slug = slug,
							    .name_fr = "Catégorie",
							    .name_en = "Category" },
				    &id));
	return id;
}

/* Not prepared: a statement made for one test. */
int64_t forum_number(struct ctx *ctx, const char *sql, int64_t parameter)
{
	struct stmt statement = { NULL, sql, 1 };
	struct rows rows;

	assert_ok(ctx, db_query(ctx, &statement, &rows, param_i64(parameter)));
	assert_true(rows_next(&rows));
	return col_i64(&rows);
}

void forum_sql(struct ctx *ctx, const char *sql)
{
	assert_ok(ctx, db_script(ctx, sql));
}

void forum_assert_code(struct ctx *ctx, enum err got, enum err wanted, const char *call,
		       const char *file, int line)
{
	if (got == wanted) {
		error_clear(ctx);
		return;
	}
	print_error("%s\n  gave %s instead of %s\n  field: %s\n  sentence: %s\n  details: %s\n",
		    call, err_name(got), err_name(wanted),
		    ctx->error.field ? ctx->error.field : "-",
		    ctx->error.message ? ctx->error.message : "-",
		    ctx->error.details ? ctx->error.details : "-");
	_fail(file, line);
}

/* Through the rules ------------------------------------------------------- */

int64_t forum_ask(struct ctx *ctx, const struct actor *asker)
{
	struct topic_new form = { .title = FORUM_TITLE,
				  .body_md = FORUM_BODY,
				  .tags = "box, wi-fi",
				  .category_id = forum_category(ctx) };
	const struct actor *before = ctx->actor;
	const char *path;
	int64_t id;

	ctx->actor = asker;
	assert_ok(ctx, topic_create(ctx, &form, &id, &path));
	ctx->actor = before;
	return id;
}

int64_t forum_answer(struct ctx *ctx, const struct actor *writer, int64_t topic_id,
		     const char *body)
{
	struct answer_new form = { .topic_id = topic_id, .body_md = body };
	const struct actor *before = ctx->actor;
	const char *path;
	int64_t id;

	forum_sql(ctx, "delete from throttles");
	ctx->actor = writer;
	assert_ok(ctx, answer_create(ctx, &form, &id, &path));
	ctx->actor = before;
	return id;
}

int64_t forum_comment(struct ctx *ctx, const struct actor *writer, int64_t post_id,
		      const char *body)
{
	struct comment_new form = { .post_id = post_id, .body_md = body };
	const struct actor *before = ctx->actor;
	const char *path;
	int64_t id;

	forum_sql(ctx, "delete from throttles");
	ctx->actor = writer;
	assert_ok(ctx, comment_create(ctx, &form, &id, &path));
	ctx->actor = before;
	return id;
}

int64_t forum_question_of(struct ctx *ctx, int64_t topic_id)
{
	return forum_number(ctx, "select id from posts where topic_id = $1 and kind = 'question'",
			    topic_id);
}

struct post forum_post(struct ctx *ctx, int64_t post_id)
{
	struct topic topic;
	struct post post;

	assert_ok(ctx, post_load(ctx, post_id, &post, &topic));
	return post;
}

/* Straight into the tables ------------------------------------------------- */

DB_STATEMENT(
	fixture_topic,
	"insert into topics (category_id, author_id, title, excerpt, status, created_at, last_number)"
	" values ($1, $2, $3, 'Premiers mots', $4, $5, 1) returning id",
	5);
DB_STATEMENT(
	fixture_post,
	"with n as (update topics set last_number = last_number + 1 where id = $1 returning last_number)"
	" insert into posts (topic_id, number, kind, parent_id, author_id, body_md, body_html, visibility, created_at, votes_imported)"
	" select $1, n.last_number, $2, $3, $4, $5, $5, $6, $7, 0 from n returning id",
	7);
static int64_t one_id(struct rows *rows)
{
	assert_true(rows_next(rows));
	return col_i64(rows);
}

int64_t forum_put_post(struct ctx *ctx, struct forum_new_post post)
{
	struct rows rows;

	assert_ok(ctx,
		  db_query(ctx, &fixture_post, &rows, param_i64(post.topic_id),
			   param_text(post_kind_text(post.kind)), param_id(post.parent_id),
			   param_id(post.author_id), param_text(post.body ? post.body : "texte"),
			   param_text(visibility_text(post.visibility)),
			   param_time(post.at ? post.at : FORUM_DAY_ONE)));
	return one_id(&rows);
}

int64_t forum_put_topic(struct ctx *ctx, struct forum_new_topic topic)
{
	struct rows rows;
	int64_t id;

	assert_ok(ctx, db_query(ctx, &fixture_topic, &rows, param_i64(topic.category_id),
				param_id(topic.author_id),
				param_text(topic.title ? topic.title : "Une question de test"),
				param_text(topic.status ? topic.status : "open"),
				param_time(topic.at ? topic.at : FORUM_DAY_ONE)));
	id = one_id(&rows);
	forum_put_post(ctx, (struct forum_new_post){ .topic_id = id,
						     .author_id = topic.author_id,
						     .kind = POST_QUESTION,
						     .at = topic.at });
	return id;
}

void forum_put_answers(struct ctx *ctx, int64_t topic_id, int64_t author_id, int count,
		       int64_t *ids)
{
	for (int i = 0; i < count; i++)
		ids[i] = forum_put_post(
			ctx,
			(struct forum_new_post){ .topic_id = topic_id,
						 .author_id = author_id,
						 .kind = POST_ANSWER,
						 .at = FORUM_DAY_ONE + (i + 1) * CLOCK_MINUTE });
}
