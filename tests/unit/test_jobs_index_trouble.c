/*
 * The indexer when things go wrong: an index that is gone, broken, of an older program,
 * cut short; a disk that is full or cannot be written.
 */
#include <sched.h>
#include <sys/mount.h>

#include "jobs_fixture.h"

#include "forum/index_state.h"
#include "forum/indexing.h"
#include "search/search.h"

static void test_broken_index_is_built_anew(void **state)
{
	static const char *const ways[] = {
		"echo 'not an index' > $INDEX/current/iamglass",
		"rm $INDEX/current/iamglass",
		"rm $INDEX/current/postlist.glass",
		"dd if=/dev/urandom of=$INDEX/current/postlist.glass bs=1k count=64 conv=notrunc 2>/dev/null",
		"rm -r $INDEX/generation-*",
		"rm $INDEX/current",
		"rm -r $INDEX",
	};
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");

	jobs_ask(ctx, "Le boîtier tapir ne démarre plus");
	jobs_index_all(ctx);
	for (size_t i = 0; i < ARRAY_COUNT(ways); i++) {
		jobs_spoil(ways[i]);
		if (jobs_index_all(ctx).built != jobs_count_visible(ctx))
			fail_msg("not mended after: %s", ways[i]);
		assert_int_equal(jobs_hits("tapir"), 1);
	}
}

static void test_index_of_an_older_program_goes_over(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	struct search_writer *writer;
	struct search_place place;

	jobs_ask(ctx, "Le boîtier tamanoir ne démarre plus");
	jobs_spoil("rm -rf $INDEX");
	assert_int_equal(search_writer_create(jobs_index_directory, &writer), SEARCH_OK);
	search_writer_close(writer);
	jobs_spoil("test -e $INDEX/iamglass");
	/* It is a good index, and goes on being written in its place. */
	jobs_index_all(ctx);
	assert_int_equal(search_look(jobs_index_directory, &place), SEARCH_OK);
	assert_int_equal(place.generation, 0);
	forum_sql(ctx, "update search_state set is_broken = true");
	jobs_index_all(ctx);
	assert_int_equal(search_look(jobs_index_directory, &place), SEARCH_OK);
	assert_true(place.generation > 0);
	jobs_spoil("test ! -e $INDEX/iamglass");
	assert_int_equal(jobs_hits("tamanoir"), 1);
}

static void test_place_that_cannot_be_written_is_tried_later(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	struct index_state now;
	struct index_run run = { 0 };

	jobs_ask(ctx, "Le boîtier gecko ne démarre plus");
	/* A file where the folder should be: root too is refused. */
	jobs_spoil("rm -rf $INDEX");
	jobs_spoil("touch $INDEX");
	assert_ok(ctx, index_run(ctx, &run));
	assert_ok(ctx, index_state_load(ctx, &now));
	assert_string_not_equal(now.failure, "");
	assert_int_equal(now.failures, 1);
	assert_true(now.is_waiting);
	/* Not before its time. */
	assert_ok(ctx, index_run(ctx, &run));
	assert_ok(ctx, index_state_load(ctx, &now));
	assert_int_equal(now.failures, 1);
	jobs_let_retry(ctx);
	assert_ok(ctx, index_run(ctx, &run));
	assert_ok(ctx, index_state_load(ctx, &now));
	assert_int_equal(now.failures, 2);
	jobs_spoil("rm $INDEX");
	jobs_let_retry(ctx);
	assert_int_equal(jobs_index_all(ctx).built, jobs_count_visible(ctx));
	assert_ok(ctx, index_state_load(ctx, &now));
	assert_string_equal(now.failure, "");
	assert_int_equal(now.failures, 0);
	assert_int_equal(jobs_hits("gecko"), 1);
}

/* Not the root of a table, which opening would look at. */
static void test_bytes_overwritten_are_met_while_writing(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	int64_t id = jobs_ask(ctx, "Le boîtier tatou ne démarre plus"), marked;

	jobs_put_topics(ctx, 1500);
	jobs_index_all(ctx);
	forum_sql(ctx, "update search_state set built_at = built_at - interval '1 hour'");
	jobs_spoil("dd if=/dev/zero conv=notrunc"
		   " of=$INDEX/current/termlist.glass bs=8k seek=3 count=4 2>/dev/null");
	jobs_set_topic(ctx, id, "title = 'Le boîtier wallaby ne démarre plus'");
	assert_ok(ctx, index_mark_all(ctx, &marked));
	jobs_index_all(ctx);
	assert_true(forum_number(ctx, "select failure_count + 0 * $1::bigint from search_state",
				 0) > 0);
	jobs_let_retry(ctx);
	assert_int_equal(jobs_index_all(ctx).built, jobs_count_visible(ctx));
	assert_int_equal(jobs_hits("wallaby"), 1);
	assert_int_equal(jobs_index_owed(ctx), 0);
}

/* A small file system in the place of the index, in a name space of its own; root only. */
static void mount_disk(unsigned long flags, const char *size)
{
	assert_int_equal(mount("none", jobs_index_directory, "tmpfs", flags, size), 0);
}

static bool has_own_mounts(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static void assert_failure(struct ctx *ctx, const char *failure)
{
	struct index_state now;

	assert_ok(ctx, index_state_load(ctx, &now));
	assert_string_equal(now.failure, failure);
	jobs_let_retry(ctx);
}

static void test_full_or_read_only_disk_is_noted_and_survived(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	int64_t count;

	if (!has_own_mounts()) {
		print_message("skipped: disks can be mounted by root only\n");
		skip();
	}
	jobs_ask(ctx, "Le boîtier blaireau ne démarre plus");
	jobs_spoil("rm -rf $INDEX; mkdir $INDEX");
	mount_disk(0, "size=1m");
	jobs_index_all(ctx);
	assert_failure(ctx, "full");
	jobs_spoil("test ! -e $INDEX/building");
	mount_disk(MS_REMOUNT, "size=256m");
	assert_int_equal(jobs_index_all(ctx).built, jobs_count_visible(ctx));
	assert_failure(ctx, "");

	jobs_spoil("dd if=/dev/zero of=$INDEX/ballast bs=1M 2>/dev/null; true");
	assert_ok(ctx, index_mark_all(ctx, &count));
	jobs_index_all(ctx);
	assert_failure(ctx, "full");
	assert_true(jobs_index_owed(ctx) > 0);
	assert_int_equal(jobs_hits("blaireau"), 1);
	jobs_spoil("rm $INDEX/ballast");
	assert_true(jobs_index_all(ctx).written > 0);
	assert_failure(ctx, "");

	mount_disk(MS_REMOUNT | MS_RDONLY, "size=256m");
	assert_ok(ctx, index_mark_all(ctx, &count));
	jobs_index_all(ctx);
	assert_failure(ctx, "denied");
	assert_int_equal(jobs_hits("blaireau"), 1);
	mount_disk(MS_REMOUNT, "size=256m");
	jobs_index_all(ctx);
	assert_failure(ctx, "");
	assert_int_equal(jobs_index_owed(ctx), 0);
	assert_int_equal(umount(jobs_index_directory), 0);
}

static void test_exchange_that_was_cut_short_is_ended(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	struct index_build build = { 0 };
	struct search_place before, after;
	int64_t id = jobs_ask(ctx, "Le boîtier okapi ne démarre plus");

	jobs_index_all(ctx);
	assert_int_equal(search_look(jobs_index_directory, &before), SEARCH_OK);
	/* Killed between the exchange and its end in the database. */
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update search_state set generation = %lld;"
				    "insert into search_redone values (%lld)",
				    (long long)before.generation, (long long)id));
	assert_ok(ctx, index_build(ctx, &build));
	assert_true(build.is_finished);
	assert_int_equal(build.built, 0);
	assert_int_equal(jobs_index_owed(ctx), 1);
	assert_int_equal(jobs_index_all(ctx).written, 1);
	assert_int_equal(search_look(jobs_index_directory, &after), SEARCH_OK);
	assert_int_equal(after.generation, before.generation);
	assert_int_equal(jobs_hits("okapi"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_broken_index_is_built_anew),
		FORUM_TEST(test_bytes_overwritten_are_met_while_writing),
		FORUM_TEST(test_index_of_an_older_program_goes_over),
		FORUM_TEST(test_place_that_cannot_be_written_is_tried_later),
		FORUM_TEST(test_full_or_read_only_disk_is_noted_and_survived),
		FORUM_TEST(test_exchange_that_was_cut_short_is_ended),
	};

	return jobs_run(tests, ARRAY_COUNT(tests), "test_jobs_index_trouble");
}
