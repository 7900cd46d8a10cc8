/*
 * Which pages have changed since somebody looked: none is passed over, whatever order
 * transactions end in; and what is forgotten afterwards.
 */
#include "forum_fixture.h"

#include "forum/page_change.h"

struct looker {
	char seen[PAGE_SEEN_MAX];
	struct page_change *changes;
	size_t count;
};

static void look(struct ctx *ctx, struct looker *looker)
{
	assert_ok(ctx, page_changes_since(ctx, looker->seen, looker->seen, &looker->changes,
					  &looker->count));
}

static bool has(const struct looker *looker, const char *address)
{
	for (size_t i = 0; i < looker->count; i++)
		if (strcmp(looker->changes[i].address, address) == 0)
			return true;
	return false;
}

static int64_t put_topic(struct ctx *ctx)
{
	return forum_put_topic(
		ctx,
		(struct forum_new_topic){ .category_id = forum_category(ctx),
					  .author_id = forum_person(ctx, "Zoé", ROLE_CUSTOMER)->id,
					  .title = "Which lamp is that one?" });
}

static void lock_topic(struct ctx *ctx, int64_t id)
{
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update topics set is_locked = not is_locked where id = %lld",
				    (long long)id));
}

static const char *address_of(struct ctx *ctx, int64_t id, const char *words)
{
	return arena_printf(ctx->arena, "/t/%lld-%s", (long long)id, words);
}

static void test_the_first_look_sees_nothing_and_the_next_what_came_since(void **state)
{
	struct ctx *ctx = *state;
	struct looker looker = { .seen = "" };
	int64_t id = put_topic(ctx);

	look(ctx, &looker);
	assert_int_equal(looker.count, 0);
	lock_topic(ctx, id);
	look(ctx, &looker);
	assert_true(has(&looker, address_of(ctx, id, "which-lamp-is-that-one")));
	look(ctx, &looker);
	assert_int_equal(looker.count, 0);
}

/* Its line has the lower number, and can be seen after the other's. */
static void test_a_transaction_that_ends_late_is_not_passed_over(void **state)
{
	struct ctx *ctx = *state, late = *ctx;
	struct looker looker = { .seen = "" };
	int64_t first = put_topic(ctx), second = put_topic(ctx);

	late.db = forum_connect();
	late.arena = arena_new(FORUM_ARENA_BYTES);
	look(ctx, &looker);
	db_begin(&late);
	lock_topic(&late, first);
	lock_topic(ctx, second);
	look(ctx, &looker);
	assert_true(has(&looker, address_of(ctx, second, "which-lamp-is-that-one")));
	assert_false(has(&looker, address_of(ctx, first, "which-lamp-is-that-one")));
	assert_ok(&late, db_commit(&late));
	look(ctx, &looker);
	assert_true(has(&looker, address_of(ctx, first, "which-lamp-is-that-one")));
	assert_false(has(&looker, address_of(ctx, second, "which-lamp-is-that-one")));
	arena_free(late.arena);
	db_close(late.db);
}

static void test_a_new_title_is_a_change_of_both_addresses(void **state)
{
	struct ctx *ctx = *state;
	struct looker looker = { .seen = "" };
	int64_t id = put_topic(ctx);

	look(ctx, &looker);
	forum_sql(
		ctx,
		arena_printf(ctx->arena,
			     "update topics set title = 'Une lampe d''été, ici ?' where id = %lld",
			     (long long)id));
	look(ctx, &looker);
	assert_true(has(&looker, address_of(ctx, id, "which-lamp-is-that-one")));
	assert_true(has(&looker, address_of(ctx, id, "une-lampe-d-ete-ici")));
}

static void test_further_pages_are_as_many_as_there_may_be(void **state)
{
	struct ctx *ctx = *state;
	struct looker looker = { .seen = "" };
	int64_t id = put_topic(ctx);

	look(ctx, &looker);
	forum_sql(
		ctx,
		arena_printf(ctx->arena,
			     "update topics set last_number = 45, is_locked = true where id = %lld",
			     (long long)id));
	look(ctx, &looker);
	assert_int_equal(looker.count, 1);
	assert_int_equal(looker.changes[0].pages, 3);
}

static void test_another_program_is_another_version_of_every_page_once(void **state)
{
	struct ctx *ctx = *state;
	struct looker looker = { .seen = "" };

	assert_ok(ctx, page_tag_announce(ctx, "one"));
	look(ctx, &looker);
	assert_ok(ctx, page_tag_announce(ctx, "one"));
	look(ctx, &looker);
	assert_int_equal(looker.count, 0);
	assert_ok(ctx, page_tag_announce(ctx, "another"));
	look(ctx, &looker);
	assert_int_equal(looker.count, 1);
	assert_int_equal(looker.changes[0].kind, PAGE_ALL);
}

/* The newest stays, as a page's version; the words of before do not. */
static void test_old_lines_and_titles_are_forgotten(void **state)
{
	struct ctx *ctx = *state;
	struct page_version before, after;
	int64_t id = put_topic(ctx);

	lock_topic(ctx, id);
	forum_sql(ctx,
		  arena_printf(ctx->arena,
			       "update topics set title = 'Another title of it' where id = %lld",
			       (long long)id));
	forum_sql(ctx, "update page_changes set at = at - interval '6 minutes'");
	assert_ok(ctx, page_version_load(ctx, PAGE_TOPIC, id, &before));
	assert_ok(ctx, page_changes_forget(ctx));
	assert_ok(ctx, page_version_load(ctx, PAGE_TOPIC, id, &after));
	assert_int_equal(after.newest, before.newest);
	assert_true(after.count < before.count);
	assert_int_equal(
		forum_number(ctx, "select count(*) from page_changes where was <> '' and $1 > 0",
			     id),
		0);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from page_changes where kind = 'topic' and page_id = $1",
			id),
		1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_the_first_look_sees_nothing_and_the_next_what_came_since),
		FORUM_TEST(test_a_transaction_that_ends_late_is_not_passed_over),
		FORUM_TEST(test_a_new_title_is_a_change_of_both_addresses),
		FORUM_TEST(test_further_pages_are_as_many_as_there_may_be),
		FORUM_TEST(test_another_program_is_another_version_of_every_page_once),
		FORUM_TEST(test_old_lines_and_titles_are_forgotten),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_page_changes");
}
