/*
 * What tests of src/jobs start from, beside the forum fixture: a configuration with
 * mail, translations, and a folder for a real index.
 *
 *	int main(void)
 *	{
 *		const struct CMUnitTest tests[] = { FORUM_TEST(test_…) };
 *		return jobs_run(tests, ARRAY_COUNT(tests), "test_jobs_thing");
 *	}
 */
#ifndef TESTS_JOBS_FIXTURE_H
#define TESTS_JOBS_FIXTURE_H

#include "forum_fixture.h"

#include "jobs/index.h"

extern char jobs_index_directory[256];

int jobs_run(const struct CMUnitTest *tests, size_t count, const char *schema);

/* The fixture's configuration, with what jobs need beside. */
struct ctx *jobs_with_mail(void **state, const char *url);

int64_t jobs_ask(struct ctx *ctx, const char *title);
void jobs_put_topics(struct ctx *ctx, int count);
/* change: what stands after "set". */
void jobs_set_topic(struct ctx *ctx, int64_t id, const char *change);
int64_t jobs_count_visible(struct ctx *ctx);

/* As the worker goes on until there is nothing more to do. */
struct index_run jobs_index_until_idle(struct ctx *ctx, bool relates);
/* Without the related questions, which would cost most of the tests' time. */
struct index_run jobs_index_all(struct ctx *ctx);
int64_t jobs_index_owed(struct ctx *ctx);
void jobs_let_retry(struct ctx *ctx);
size_t jobs_hits(const char *words);
/* As somebody who deletes the folder, or overwrites a file of it. */
void jobs_spoil(const char *command);

#endif
