/*
 * Questions like the one that is being asked: which are shown, with which answer,
 * and which are near enough to hold somebody up.
 */
#include "forum_fixture.h"

#include "forum/follow.h"
#include "forum/similar.h"
#include "search/search.h"

#define TITLE "Ma box redémarre chaque nuit"

static int64_t a_topic(struct ctx *ctx, const char *title, const char *status)
{
	return forum_put_topic(ctx, (struct forum_new_topic){ .category_id = forum_category(ctx),
							      .title = title,
							      .status = status });
}

static int64_t an_answer(struct ctx *ctx, int64_t topic_id, int64_t author_id, const char *body)
{
	return forum_put_post(ctx, (struct forum_new_post){ .topic_id = topic_id,
							    .kind = POST_ANSWER,
							    .author_id = author_id,
							    .body = body });
}

static struct similar_list load(struct ctx *ctx, const char *title, const int64_t *ids,
				size_t count)
{
	struct search_hits *hits = arena_new_of(ctx->arena, struct search_hits);
	struct similar_list list;

	for (size_t i = 0; i < count; i++)
		hits->items[hits->count++] = (struct search_hit){ .kind = SEARCH_TOPIC,
								  .id = ids[i] };
	assert_ok(ctx, similar_load(ctx, hits, title, "fr", &list));
	return list;
}

static void set_status(struct ctx *ctx, int64_t id, const char *status, int64_t original)
{
	forum_sql(ctx,
		  arena_printf(ctx->arena,
			       "update topics set status = '%s', duplicate_of = nullif(%lld, 0)"
			       " where id = %lld",
			       status, (long long)original, (long long)id));
}

static void test_only_what_shares_words_with_the_title_is_shown(void **state)
{
	struct ctx *ctx = *state;
	int64_t ids[3] = { a_topic(ctx, "Facture en double", "open"), a_topic(ctx, TITLE, "open"),
			   a_topic(ctx, "Box qui redémarre", "open") };
	struct similar_list list = load(ctx, "La box redémarre la nuit", ids, 3);

	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[0].row.id, ids[1]);
	assert_int_equal(list.items[1].row.id, ids[2]);
	assert_int_equal(similar_ids(ctx->arena, &list)[1], ids[2]);
	assert_true(list.items[0].is_close);
}

static void test_what_is_far_or_only_one_word_holds_nobody_up(void **state)
{
	struct ctx *ctx = *state;
	int64_t id = a_topic(ctx, TITLE, "open");
	struct similar_list list = load(
		ctx, "Box orange bleue verte nuit facture portable écran volée", &id, 1);

	assert_int_equal(list.count, 0);
	list = load(ctx, "La box ?", &id, 1);
	assert_int_equal(list.count, 1);
	assert_false(list.items[0].is_close);
	assert_int_equal(load(ctx, "le la les", &id, 1).count, 0);
	assert_int_equal(load(ctx, "", &id, 1).count, 0);
	assert_int_equal(load(ctx, TITLE, NULL, 0).count, 0);
	assert_int_equal(load(ctx, TITLE, (int64_t[]){ INT64_MAX }, 1).count, 0);
}

static void test_what_is_hidden_is_not_shown(void **state)
{
	struct ctx *ctx = *state;
	int64_t id = a_topic(ctx, TITLE, "open");
	const char *states[] = { "withdrawn", "held" };

	for (size_t i = 0; i < ARRAY_COUNT(states); i++) {
		forum_sql(ctx, arena_printf(ctx->arena,
					    "update topics set visibility = '%s' where id = %lld",
					    states[i], (long long)id));
		assert_int_equal(load(ctx, TITLE, &id, 1).count, 0);
	}
}

static void test_a_duplicate_gives_way_to_its_original_once(void **state)
{
	struct ctx *ctx = *state;
	int64_t original = a_topic(ctx, TITLE, "open");
	int64_t ids[3] = { a_topic(ctx, TITLE, "open"), original, a_topic(ctx, TITLE, "open") };
	struct similar_list list;

	set_status(ctx, ids[0], "duplicate", original);
	set_status(ctx, ids[2], "duplicate", original);
	list = load(ctx, TITLE, ids, 3);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].row.id, original);
	/* An import may not have it. */
	set_status(ctx, ids[0], "duplicate", 0);
	assert_int_equal(load(ctx, TITLE, ids, 1).count, 1);
}

static void test_the_answer_shown_is_accepted_else_official_else_useful(void **state)
{
	struct ctx *ctx = *state;
	struct actor *advisor = forum_person(ctx, "Inès", ROLE_ADVISOR);
	int64_t id = a_topic(ctx, TITLE, "open"), found;
	int64_t plain = an_answer(ctx, id, 0, "Une réponse **simple**.");
	int64_t useful = an_answer(ctx, id, 0, "Une réponse utile.");
	int64_t official, accepted;

	forum_sql(ctx, arena_printf(ctx->arena, "update posts set score = 9 where id = %lld",
				    (long long)useful));
	assert_int_equal(load(ctx, TITLE, &id, 1).items[0].answer_id, useful);
	official = an_answer(ctx, id, advisor->id, "La réponse de la marque.");
	assert_int_equal(load(ctx, TITLE, &id, 1).items[0].answer_id, official);
	assert_string_equal(load(ctx, TITLE, &id, 1).items[0].answer_author.name, "Inès");
	accepted = plain;
	forum_sql(ctx,
		  arena_printf(ctx->arena, "update posts set accepted_at = now() where id = %lld",
			       (long long)accepted));
	assert_int_equal(load(ctx, TITLE, &id, 1).items[0].answer_id, accepted);
	assert_true(load(ctx, TITLE, &id, 1).items[0].is_answer_accepted);
	assert_string_equal(load(ctx, TITLE, &id, 1).items[0].answer, "Une réponse simple.");
	assert_ok(ctx, similar_answer(ctx, id, &found));
	assert_int_equal(found, accepted);
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update posts set visibility = 'withdrawn' where id = %lld",
				    (long long)accepted));
	assert_ok(ctx, similar_answer(ctx, id, &found));
	assert_int_equal(found, official);
	assert_ok(ctx, similar_answer(ctx, INT64_MAX, &found));
	assert_int_equal(found, 0);
}

static void test_one_sees_what_one_did_there(void **state)
{
	struct ctx *ctx = *state;
	struct actor *reader = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	int64_t id = a_topic(ctx, TITLE, "open");
	struct similar similar;

	ctx->actor = reader;
	assert_ok(ctx, topic_me_too(ctx, id, true));
	assert_ok(ctx, follow_set(ctx, FOLLOW_TOPIC, id, true));
	similar = load(ctx, TITLE, &id, 1).items[0];
	assert_true(similar.has_me_too && similar.is_followed && !similar.is_own);
	ctx->actor = &actor_visitor;
	similar = load(ctx, TITLE, &id, 1).items[0];
	assert_false(similar.has_me_too || similar.is_followed || similar.is_own);
}

static void test_a_list_is_one_round_trip_and_bounded(void **state)
{
	struct ctx *ctx = *state;
	int64_t ids[SEARCH_HITS_MAX];
	struct similar_list list;

	for (size_t i = 0; i < SEARCH_HITS_MAX; i++)
		ids[i] = a_topic(ctx, TITLE, "open");
	db_count_reset(ctx->db);
	list = load(ctx, TITLE, ids, SEARCH_HITS_MAX);
	assert_int_equal(db_counts(ctx->db).round_trips, 1);
	assert_int_equal(db_counts(ctx->db).statements, 1);
	assert_int_equal(list.count, SIMILAR_SHOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_only_what_shares_words_with_the_title_is_shown),
		FORUM_TEST(test_what_is_far_or_only_one_word_holds_nobody_up),
		FORUM_TEST(test_what_is_hidden_is_not_shown),
		FORUM_TEST(test_a_duplicate_gives_way_to_its_original_once),
		FORUM_TEST(test_the_answer_shown_is_accepted_else_official_else_useful),
		FORUM_TEST(test_one_sees_what_one_did_there),
		FORUM_TEST(test_a_list_is_one_round_trip_and_bounded),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_similar");
}
