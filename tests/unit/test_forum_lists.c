/*
 * Lists of topics with their filters, places and pages; of answers, categories
 * and tags.
 */
#include "forum_fixture.h"

#include "forum/category.h"
#include "forum/follow.h"

DB_STATEMENT(
	test_tag,
	"insert into tags (name) values ($1) on conflict (name) do update set name = excluded.name returning id",
	1);
DB_STATEMENT(test_topic_tag,
	     "insert into topic_tags (topic_id, tag_id, position) values ($1, $2, $3)", 3);

static int64_t one_id(struct rows *rows)
{
	assert_true(rows_next(rows));
	return col_i64(rows);
}

/* Lists -------------------------------------------------------------------- */

/* Five topics of one category, oldest first, each of another state. */
struct shelf {
	int64_t top_id, child_id, tag_id;
	int64_t fresh, answered, solved, closed, waiting;
	struct actor *asker;
};

static int64_t put_on_shelf(struct ctx *ctx, const struct shelf *shelf, int64_t place,
			    const char *status)
{
	return forum_put_topic(ctx, (struct forum_new_topic){ .category_id = shelf->child_id,
							      .status = status,
							      .author_id = shelf->asker->id,
							      .at = FORUM_DAY_ONE + place });
}

static struct shelf put_shelf(struct ctx *ctx)
{
	struct shelf shelf = { .asker = forum_person(ctx, "Marie", ROLE_CUSTOMER) };
	const char *slug;
	int64_t answers[1];
	struct rows rows;

	shelf.top_id = forum_category(ctx);
	slug = arena_printf(ctx->arena, "child-of-%lld", (long long)shelf.top_id);
	assert_ok(ctx, category_put(ctx,
				    &(struct category_new){ .slug = slug,
							    .name_fr = "Enfant",
							    .name_en = "Child",
							    .parent_id = shelf.top_id },
				    &shelf.child_id));
	shelf.fresh = put_on_shelf(ctx, &shelf, 1, "open");
	shelf.answered = put_on_shelf(ctx, &shelf, 2, "open");
	shelf.solved = put_on_shelf(ctx, &shelf, 3, "open");
	shelf.closed = put_on_shelf(ctx, &shelf, 4, "closed");
	shelf.waiting = put_on_shelf(ctx, &shelf, 5, "needs_information");
	forum_put_answers(ctx, shelf.answered, 0, 1, answers);
	forum_put_answers(ctx, shelf.solved, 0, 1, answers);
	assert_ok(ctx, post_accept(ctx, answers[0], true));
	assert_ok(ctx, db_query(ctx, &test_tag, &rows, param_text(slug)));
	shelf.tag_id = one_id(&rows);
	for (int64_t id = shelf.fresh; id <= shelf.waiting; id++)
		assert_ok(ctx, db_query(ctx, &test_topic_tag, NULL, param_i64(id),
					param_i64(shelf.tag_id), param_i64(1)));
	return shelf;
}

/* ids: what must come, in order, ended by 0. */
static enum err answers_of(struct ctx *ctx, int64_t person_id, struct list_key after,
			   struct answer_list *out)
{
	struct rows rows;

	answer_list_add(ctx, person_id, after, &rows);
	TRY(db_run(ctx));
	answer_list_read(ctx, &rows, out);
	return OK;
}

static void assert_lists(struct ctx *ctx, struct topic_query query, const int64_t *ids)
{
	struct topic_list list;

	db_count_reset(ctx->db);
	assert_ok(ctx, topic_list(ctx, &query, &list));
	assert_int_equal(db_counts(ctx->db).statements, 1);
	for (size_t i = 0; ids[i] || i < list.count; i++) {
		if (i >= list.count || list.items[i].id != ids[i])
			fail_msg("filter %s: row %zu is %lld instead of %lld",
				 topic_filter_text(query.filter), i,
				 i < list.count ? (long long)list.items[i].id : 0LL,
				 (long long)ids[i]);
	}
}

#define IDS(...) \
	(const int64_t[]) \
	{ \
		__VA_ARGS__, 0 \
	}

static void assert_shelf_lists(struct ctx *ctx, const struct shelf *shelf, struct topic_query place)
{
	struct topic_query query;

	assert_lists(
		ctx, (query = place, query.filter = FILTER_NEW, query),
		IDS(shelf->waiting, shelf->closed, shelf->solved, shelf->answered, shelf->fresh));
	assert_lists(ctx, (query = place, query.filter = FILTER_UNANSWERED, query),
		     IDS(shelf->waiting, shelf->fresh));
	assert_lists(ctx, (query = place, query.filter = FILTER_UNSOLVED, query),
		     IDS(shelf->waiting, shelf->answered, shelf->fresh));
	assert_lists(ctx, (query = place, query.filter = FILTER_SOLVED, query), IDS(shelf->solved));
	assert_lists(
		ctx, (query = place, query.filter = FILTER_USEFUL, query),
		IDS(shelf->answered, shelf->waiting, shelf->closed, shelf->solved, shelf->fresh));
	assert_lists(ctx, (query = place, query.filter = FILTER_FOLLOWED, query),
		     IDS(shelf->closed));
}

static void test_every_filter_works_in_every_place(void **state)
{
	struct ctx *ctx = *state;
	struct shelf shelf = put_shelf(ctx);
	struct actor *reader = forum_person(ctx, "Luc", ROLE_CUSTOMER);

	ctx->actor = reader;
	assert_ok(ctx, topic_me_too(ctx, shelf.answered, true));
	assert_ok(ctx, follow_set(ctx, FOLLOW_TOPIC, shelf.closed, true));
	assert_shelf_lists(ctx, &shelf, (struct topic_query){ .category_id = shelf.child_id });
	assert_shelf_lists(
		ctx, &shelf,
		(struct topic_query){ .category_id = shelf.top_id, .is_top_category = true });
	assert_shelf_lists(ctx, &shelf, (struct topic_query){ .tag_id = shelf.tag_id });
	assert_lists(ctx, (struct topic_query){ .filter = FILTER_FOLLOWED }, IDS(shelf.closed));
	assert_lists(ctx, (struct topic_query){ .category_id = shelf.top_id }, IDS(0));
}

static void test_lists_of_everything_have_only_what_fits(void **state)
{
	struct ctx *ctx = *state;
	struct shelf shelf = put_shelf(ctx);
	struct topic_list list;

	ctx->actor = &actor_visitor;
	for (int filter = 0; filter < FILTER_COUNT; filter++) {
		struct topic_query query = { .filter = (enum topic_filter)filter };

		assert_ok(ctx, topic_list(ctx, &query, &list));
		assert_true(list.count > 0 || filter == FILTER_FOLLOWED);
		for (size_t i = 0; i < list.count; i++) {
			assert_true(filter != FILTER_UNANSWERED || list.items[i].answer_count == 0);
			assert_true(filter != FILTER_SOLVED || list.items[i].state == TOPIC_SOLVED);
			assert_true(filter != FILTER_UNSOLVED ||
				    list.items[i].state != TOPIC_SOLVED);
		}
	}
	assert_ok(ctx, topic_list_by_ids(ctx, IDS(shelf.solved, 999999999, shelf.fresh), 3, &list));
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[0].id, shelf.solved);
	assert_int_equal(list.items[1].id, shelf.fresh);
}

static void test_row_says_what_a_list_shows(void **state)
{
	struct ctx *ctx = *state;
	struct shelf shelf = put_shelf(ctx);
	struct topic_query query = { .tag_id = shelf.tag_id, .filter = FILTER_SOLVED };
	struct topic_list list;

	ctx->language = "en";
	assert_ok(ctx, topic_list(ctx, &query, &list));
	assert_int_equal(list.items[0].state, TOPIC_SOLVED);
	assert_string_equal(list.items[0].category_name, "Child");
	assert_string_equal(list.items[0].author.name, "Marie");
	assert_string_equal(list.items[0].excerpt, "Premiers mots");
	assert_int_equal(list.items[0].tag_count, 1);
	assert_int_equal(list.items[0].created_at, FORUM_DAY_ONE + 3);
}

/* Ties on the time are told apart by the number. */
static void test_pages_by_key_show_each_topic_once(void **state)
{
	static const enum topic_filter filters[] = { FILTER_NEW, FILTER_USEFUL };
	struct ctx *ctx = *state;
	int64_t category_id = forum_category(ctx);

	for (int i = 0; i < 50; i++)
		forum_put_topic(ctx, (struct forum_new_topic){ .category_id = category_id,
							       .at = FORUM_DAY_ONE + i / 3 });
	for (size_t f = 0; f < ARRAY_COUNT(filters); f++) {
		struct topic_query query = { .filter = filters[f],
					     .category_id = category_id,
					     .limit = 7 };
		int64_t seen = 0, last = 0;
		struct topic_list list;

		do {
			assert_ok(ctx, topic_list(ctx, &query, &list));
			for (size_t i = 0; i < list.count; i++, seen++) {
				assert_true(last == 0 || list.items[i].id < last);
				last = list.items[i].id;
			}
			query.after = list.next;
		} while (list.has_more);
		assert_int_equal(seen, 50);
	}
}

static void test_made_up_keys_are_harmless(void **state)
{
	static const int64_t made_up[] = { INT64_MIN, -1, 0, 1, INT32_MAX, INT64_MAX };
	struct ctx *ctx = *state;
	struct topic_list list;
	struct answer_list answers;

	put_shelf(ctx);
	for (size_t i = 0; i < ARRAY_COUNT(made_up); i++) {
		struct list_key after = { made_up[i], made_up[ARRAY_COUNT(made_up) - 1 - i] };

		for (int filter = 0; filter < FILTER_COUNT; filter++)
			assert_ok(ctx, topic_list(ctx,
						  &(struct topic_query){
							  .filter = (enum topic_filter)filter,
							  .after = after },
						  &list));
		assert_ok(ctx, answers_of(ctx, 1, after, &answers));
	}
}

static void test_author_and_team_see_withdrawn_questions_in_the_list(void **state)
{
	struct ctx *ctx = *state;
	struct shelf shelf = put_shelf(ctx);
	struct topic_query query = { .author_id = shelf.asker->id };
	struct topic_list list;

	ctx->actor = shelf.asker;
	assert_ok(ctx,
		  post_withdraw(ctx, forum_number(ctx, "select id from posts where topic_id = $1",
						  shelf.fresh)));
	assert_ok(ctx, topic_list(ctx, &query, &list));
	assert_int_equal(list.count, 5);
	assert_int_equal(list.items[4].visibility, VISIBILITY_WITHDRAWN);
	ctx->actor = &actor_visitor;
	assert_ok(ctx, topic_list(ctx, &query, &list));
	assert_int_equal(list.count, 4);
}

static void test_answers_of_a_person_are_listed_with_their_topics(void **state)
{
	struct ctx *ctx = *state;
	struct actor *writer = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	int64_t topic_id = forum_put_topic(
		ctx, (struct forum_new_topic){ .category_id = forum_category(ctx) });
	int64_t answers[25];
	struct answer_list list;

	forum_put_answers(ctx, topic_id, writer->id, 25, answers);
	assert_ok(ctx, answers_of(ctx, writer->id, (struct list_key){ 0 }, &list));
	assert_int_equal(list.count, 20);
	assert_true(list.has_more);
	assert_int_equal(list.items[0].id, answers[24]);
	assert_string_equal(list.items[0].topic_slug, "une-question-de-test");
	assert_ok(ctx, answers_of(ctx, writer->id, list.next, &list));
	assert_int_equal(list.count, 5);
	assert_false(list.has_more);
}

static void test_categories_come_in_order_and_in_two_levels(void **state)
{
	struct ctx *ctx = *state;
	struct shelf shelf = put_shelf(ctx);
	struct category_new third = { .slug = "third-level",
				      .name_fr = "Trois",
				      .name_en = "Three",
				      .parent_id = shelf.child_id };
	struct categories all;
	struct category found;
	int64_t id;

	assert_ok(ctx, category_list(ctx, &all));
	for (size_t i = 0; i < all.count; i++) {
		if (all.items[i].id == shelf.child_id)
			assert_int_equal(all.items[i - 1].id, shelf.top_id);
	}
	assert_ok(ctx,
		  category_by_slug(
			  ctx, arena_printf(ctx->arena, "child-of-%lld", (long long)shelf.top_id),
			  &found));
	assert_string_equal(found.name, "Enfant");
	assert_string_equal(found.parent_name, "Catégorie");
	assert_err(ctx, ERR_NOT_FOUND, category_by_slug(ctx, "nowhere", &found));
	assert_err(ctx, ERR_INVALID, category_put(ctx, &third, &id));
}

static void test_moved_category_takes_its_topics_along(void **state)
{
	struct ctx *ctx = *state;
	struct shelf shelf = put_shelf(ctx);
	int64_t other = forum_category(ctx), id;
	struct category_new moved = { .name_fr = "Enfant", .name_en = "Child", .parent_id = other };

	moved.slug = arena_printf(ctx->arena, "child-of-%lld", (long long)shelf.top_id);
	assert_ok(ctx, category_put(ctx, &moved, &id));
	assert_int_equal(id, shelf.child_id);
	assert_int_equal(
		forum_number(ctx, "select count(*) from topics where top_category_id = $1", other),
		5);
}

static void test_tags_are_listed_by_use(void **state)
{
	struct ctx *ctx = *state;
	struct tags page;
	struct tag tag;

	forum_sql(
		ctx,
		"insert into tags (name, topic_count) select 'use-' || lpad(n::text, 3, '0'), 900 - n / 2"
		" from generate_series(1, 150) n");
	assert_ok(ctx, tag_list(ctx, 0, "", &page));
	assert_int_equal(page.count, TAGS_SHOWN);
	assert_string_equal(page.items[0].name, "use-001");
	assert_ok(ctx, tag_list(ctx, page.items[99].topic_count, page.items[99].name, &page));
	assert_int_equal(page.count, 50);
	assert_string_equal(page.items[0].name, "use-101");
	assert_ok(ctx, tag_by_name(ctx, "use-101", &tag));
	assert_err(ctx, ERR_NOT_FOUND, tag_by_name(ctx, "nothing", &tag));
}

static void test_renamed_tag_is_renamed_on_its_topics(void **state)
{
	struct ctx *ctx = *state;
	struct shelf shelf = put_shelf(ctx);
	struct topic topic;

	forum_sql(ctx, arena_printf(ctx->arena, "update tags set name = 'renamed' where id = %lld",
				    (long long)shelf.tag_id));
	assert_ok(ctx, topic_load(ctx, shelf.fresh, &topic));
	assert_int_equal(topic.tags.count, 1);
	assert_int_equal(topic.tags.items[0].id, shelf.tag_id);
	assert_string_equal(topic.tags.items[0].name, "renamed");
	forum_sql(ctx, arena_printf(ctx->arena, "delete from topic_tags where topic_id = %lld",
				    (long long)shelf.fresh));
	assert_ok(ctx, topic_load(ctx, shelf.fresh, &topic));
	assert_int_equal(topic.tags.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_every_filter_works_in_every_place),
		FORUM_TEST(test_lists_of_everything_have_only_what_fits),
		FORUM_TEST(test_row_says_what_a_list_shows),
		FORUM_TEST(test_pages_by_key_show_each_topic_once),
		FORUM_TEST(test_made_up_keys_are_harmless),
		FORUM_TEST(test_author_and_team_see_withdrawn_questions_in_the_list),
		FORUM_TEST(test_answers_of_a_person_are_listed_with_their_topics),
		FORUM_TEST(test_categories_come_in_order_and_in_two_levels),
		FORUM_TEST(test_moved_category_takes_its_topics_along),
		FORUM_TEST(test_tags_are_listed_by_use),
		FORUM_TEST(test_renamed_tag_is_renamed_on_its_topics),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_lists");
}
