/*
 * The worker's surroundings: configuration, translations, and an index of its own.
 */
#include "jobs_fixture.h"

#include "forum/indexing.h"
#include "i18n/i18n.h"
#include "search/search.h"

char jobs_index_directory[256];

/* The fixture's configuration, with what jobs need beside. */
struct ctx *jobs_with_mail(void **state, const char *url)
{
	struct ctx *ctx = *state;
	struct config *config = arena_new_of(ctx->arena, struct config);

	*config = *ctx->config;
	config->mail.url = url;
	config->mail.user = config->mail.password = "";
	config->mail.from = "Entraide <no-reply@entraide.example>";
	config->site.contact_email = "aide@entraide.example";
	config->search.index_dir = jobs_index_directory;
	ctx->config = config;
	return ctx;
}

int64_t jobs_ask(struct ctx *ctx, const char *title)
{
	const char *path;
	int64_t id;

	forum_sql(ctx, "delete from throttles");
	ctx->actor = forum_person(ctx, "asker", ROLE_CUSTOMER);
	assert_ok(
		ctx,
		topic_create(
			ctx,
			&(struct topic_new){
				.title = title,
				.body_md =
					"Depuis hier soir le voyant de la fibre clignote en rouge.",
				.tags = "fibre",
				.language = "fr",
				.category_id = forum_category(ctx) },
			&id, &path));
	ctx->actor = &actor_system;
	return id;
}

size_t jobs_hits(const char *words)
{
	struct search_reader *reader;
	struct search_hits found;
	struct search_query query = { .words = words, .language = "fr", .limit = 50 };

	assert_int_equal(search_reader_open(jobs_index_directory, &reader), SEARCH_OK);
	assert_int_equal(search_run(reader, &query, &found), SEARCH_OK);
	search_reader_close(reader);
	return found.count;
}

/* As the worker goes on until there is nothing more to do. */
struct index_run jobs_index_until_idle(struct ctx *ctx, bool relates)
{
	struct index_run run = { 0 }, sum = { 0 };
	int rounds = 0;

	do {
		if (!relates)
			forum_sql(ctx, "delete from related_due");
		assert_ok(ctx, index_run(ctx, &run));
		assert_true(++rounds < 1000);
		sum.written += run.written;
		sum.articles += run.articles;
		sum.built += run.built;
		sum.related += run.related;
	} while (run.has_more || run.related > 0);
	sum.is_busy = run.is_busy;
	return sum;
}

/* Without the related questions, which would cost most of the tests' time. */
struct index_run jobs_index_all(struct ctx *ctx)
{
	return jobs_index_until_idle(ctx, false);
}

int64_t jobs_index_owed(struct ctx *ctx)
{
	int64_t count;

	assert_ok(ctx, index_owed(ctx, &count));
	return count;
}

int64_t jobs_count_visible(struct ctx *ctx)
{
	return forum_number(
		ctx, "select count(*) + 0 * $1::bigint from topics where visibility = 'visible'",
		0);
}

void jobs_set_topic(struct ctx *ctx, int64_t id, const char *change)
{
	forum_sql(ctx, arena_printf(ctx->arena, "update topics set %s where id = %lld", change,
				    (long long)id));
}

/* As somebody who deletes the folder, or overwrites a file of it. */
void jobs_spoil(const char *command)
{
	assert_int_equal(setenv("INDEX", jobs_index_directory, 1), 0);
	assert_int_equal(system(command), 0);
}

void jobs_let_retry(struct ctx *ctx)
{
	forum_sql(ctx, "update search_state set retry_at = null");
}

void jobs_put_topics(struct ctx *ctx, int count)
{
	forum_sql(
		ctx,
		arena_printf(ctx->arena,
			     "insert into topics (category_id, title)"
			     " select %lld, 'Question numéro ' || n from generate_series(1, %d) n",
			     (long long)forum_category(ctx), count));
}

int jobs_run(const struct CMUnitTest *tests, size_t count, const char *schema)
{
	const char *build = getenv("ENTRAIDE_BUILD_DIR"), *message;
	char locale[512], folder[] = "/tmp/entraide-jobs.XXXXXX", remove[320];
	int failed;

	snprintf(locale, sizeof(locale), "%s/locale", build ? build : ".");
	if (!i18n_init(locale, "Europe/Paris", &message)) {
		fprintf(stderr, "%s\n", message);
		return 1;
	}
	if (!mkdtemp(folder))
		return 1;
	snprintf(jobs_index_directory, sizeof(jobs_index_directory), "%s/index", folder);
	failed = forum_run_tests(tests, count, schema);
	snprintf(remove, sizeof(remove), "rm -rf -- '%s'", folder);
	return system(remove) == 0 ? failed : 1;
}
