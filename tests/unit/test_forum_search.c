/*
 * What a page may show of the index's hits, and titles found without the index.
 */
#include "forum_fixture.h"

#include "forum/search_result.h"

struct thread {
	int64_t topic_id, question_id, answer_id;
};

static const char *sql(struct ctx *ctx, const char *format, int64_t id)
{
	char *at, *text = arena_strdup(ctx->arena, format);

	at = strstr(text, "ID");
	assert_non_null(at);
	*at = '\0';
	return arena_printf(ctx->arena, "%s%lld%s", text, (long long)id, at + strlen("ID"));
}

static struct thread make_thread(struct ctx *ctx, const char *title)
{
	struct actor *asker = forum_person(ctx, "asker", ROLE_CUSTOMER);
	struct actor *helper = forum_person(ctx, "helper", ROLE_ADVISOR);
	struct thread thread;
	struct forum_new_topic topic = { .category_id = forum_category(ctx),
					 .author_id = asker->id,
					 .title = title };

	thread.topic_id = forum_put_topic(ctx, topic);
	thread.question_id = forum_question_of(ctx, thread.topic_id);
	thread.answer_id = forum_put_post(
		ctx, (struct forum_new_post){ .topic_id = thread.topic_id,
					      .kind = POST_ANSWER,
					      .author_id = helper->id,
					      .body = "Changez l’*alimentation*." });
	return thread;
}

static struct search_hit hit_of(const struct thread *thread, int64_t post_id, const char *title)
{
	struct search_hit hit = { .kind = SEARCH_TOPIC,
				  .id = thread->topic_id,
				  .post_id = post_id,
				  .snippet = "Changez l’\x02"
					     "alimentation\x03." };

	snprintf(hit.title, sizeof(hit.title), "%s", title);
	return hit;
}

static struct search_result_list load(struct ctx *ctx, const struct search_hits *hits)
{
	struct search_result_list list;

	assert_ok(ctx, search_results_load(ctx, hits, &list));
	return list;
}

static void test_hit_comes_back_with_its_post_and_solution(void **state)
{
	struct ctx *ctx = *state;
	struct thread first = make_thread(ctx, "Ma box redémarre"),
		      second = make_thread(ctx, "Une autre question");
	struct search_hits *hits = arena_new_of(ctx->arena, struct search_hits);
	struct search_result_list list;

	forum_sql(ctx,
		  sql(ctx, "update posts set accepted_at = now() where id = ID", first.answer_id));
	hits->items[hits->count++] = hit_of(&second, 0, "Une autre question");
	hits->items[hits->count++] = hit_of(&first, first.answer_id,
					    "Ma \x02"
					    "box\x03 redémarre");
	list = load(ctx, hits);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[0].topic.id, second.topic_id);
	assert_int_equal(list.items[0].post_id, 0);
	assert_string_equal(list.items[0].snippet, "");
	assert_int_equal(list.items[0].solution_id, 0);
	assert_string_equal(list.items[1].title, "Ma \x02"
						 "box\x03 redémarre");
	assert_string_equal(list.items[1].snippet, "Changez l’\x02"
						   "alimentation\x03.");
	assert_int_equal(list.items[1].post_id, first.answer_id);
	assert_true(list.items[1].is_post_accepted);
	assert_true(list.items[1].is_post_official);
	assert_false(list.items[1].is_post_question);
	assert_int_equal(list.items[1].solution_id, first.answer_id);
	assert_string_equal(list.items[1].solution_excerpt, "Changez l’alimentation.");
}

static void test_what_was_withdrawn_or_edited_since_is_not_shown(void **state)
{
	struct ctx *ctx = *state;
	struct thread thread = make_thread(ctx, "Ma box redémarre"),
		      other = make_thread(ctx, "Une autre question");
	struct search_hits *hits = arena_new_of(ctx->arena, struct search_hits);
	struct search_result_list list;

	hits->items[hits->count++] = hit_of(&thread, thread.answer_id, "Un \x02vieux\x03 titre");
	list = load(ctx, hits);
	assert_string_equal(list.items[0].title, "Ma box redémarre");
	assert_string_not_equal(list.items[0].snippet, "");

	forum_sql(ctx,
		  sql(ctx, "update posts set revision_count = 1 where id = ID", thread.answer_id));
	list = load(ctx, hits);
	assert_int_equal(list.items[0].post_id, thread.answer_id);
	assert_string_equal(list.items[0].snippet, "");

	forum_sql(ctx, sql(ctx,
			   "update posts set revision_count = 0, accepted_at = now(),"
			   " visibility = 'withdrawn' where id = ID",
			   thread.answer_id));
	list = load(ctx, hits);
	assert_int_equal(list.items[0].post_id, 0);
	assert_string_equal(list.items[0].snippet, "");
	assert_int_equal(list.items[0].solution_id, 0);

	/* A post of another topic does not come in by a wrong number. */
	hits->items[0].post_id = other.question_id;
	list = load(ctx, hits);
	assert_int_equal(list.items[0].post_id, 0);

	forum_sql(ctx,
		  sql(ctx, "update topics set visibility = 'held' where id = ID", thread.topic_id));
	assert_int_equal(load(ctx, hits).count, 0);
	hits->items[0] = hit_of(&other, 0, "Une autre question");
	hits->items[0].kind = SEARCH_ARTICLE;
	assert_int_equal(load(ctx, hits).count, 0);
}

static int64_t make_article(struct ctx *ctx, const char *title)
{
	int64_t id;

	forum_sql(ctx, arena_printf(ctx->arena,
				    "insert into articles (language, title, summary)"
				    " values ('fr', '%s', 'En bref.')",
				    title));
	id = forum_number(ctx, "select max(id) from articles where 0 = $1::bigint", 0);
	forum_sql(ctx, sql(ctx,
			   "insert into article_versions (article_id, number, title, summary,"
			   " body_md, body_html) values (ID, 1, 'Un titre', '', 'Un texte.', '')",
			   id));
	forum_sql(
		ctx,
		sql(ctx,
		    "update articles set latest_version_id = v.id, published_version_id = v.id,"
		    " state = 'published', published_at = now(), changed_at = now()"
		    " from article_versions v where v.article_id = articles.id and articles.id = ID",
		    id));
	return id;
}

static void test_articles_keep_their_place_among_topics_while_they_are_public(void **state)
{
	struct ctx *ctx = *state;
	struct thread thread = make_thread(ctx, "Ma box redémarre");
	int64_t id = make_article(ctx, "Redémarrer la box");
	struct search_hits *hits = arena_new_of(ctx->arena, struct search_hits);
	struct search_hit hit = { .kind = SEARCH_ARTICLE, .id = id, .snippet = "Éteignez-la." };
	struct search_suggestions *asked = arena_new_of(ctx->arena, struct search_suggestions);
	struct search_result_links *links = arena_new_of(ctx->arena, struct search_result_links);
	struct search_result_list list;

	hit.post_revision = forum_number(
		ctx, "select published_version_id from articles where id = $1", id);
	hits->items[hits->count++] = hit;
	hits->items[hits->count++] = hit_of(&thread, 0, "Ma box redémarre");
	list = load(ctx, hits);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[0].kind, SEARCH_ARTICLE);
	assert_int_equal(list.items[0].article.id, id);
	assert_string_equal(list.items[0].title, "Redémarrer la box");
	assert_string_equal(list.items[0].snippet, "Éteignez-la.");
	assert_int_equal(list.items[1].topic.id, thread.topic_id);
	/* Of an older version: its words are not shown. */
	hits->items[0].post_revision--;
	assert_string_equal(load(ctx, hits).items[0].snippet, "");

	asked->items[asked->count++] = (struct search_suggestion){ .kind = SEARCH_TOPIC,
								   .id = thread.topic_id };
	asked->items[asked->count++] = (struct search_suggestion){ .kind = SEARCH_ARTICLE,
								   .id = id };
	assert_ok(ctx, search_results_load_links(ctx, asked, links));
	assert_int_equal(links->count, 2);
	assert_int_equal(links->items[1].kind, SEARCH_ARTICLE);
	assert_string_equal(links->items[1].slug, "redemarrer-la-box");

	forum_sql(ctx,
		  sql(ctx,
		      "update articles set state = 'archived', archived_at = now() where id = ID",
		      id));
	list = load(ctx, hits);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].kind, SEARCH_TOPIC);
	assert_ok(ctx, search_results_load_links(ctx, asked, links));
	assert_int_equal(links->count, 1);
}

static void test_suggestions_are_checked_too(void **state)
{
	struct ctx *ctx = *state;
	struct thread thread = make_thread(ctx, "Ma box redémarre"),
		      gone = make_thread(ctx, "Une question retirée");
	struct search_suggestions *asked = arena_new_of(ctx->arena, struct search_suggestions);
	struct search_result_links *links = arena_new_of(ctx->arena, struct search_result_links);

	forum_sql(ctx, sql(ctx, "update topics set visibility = 'withdrawn' where id = ID",
			   gone.topic_id));
	asked->items[0].id = gone.topic_id;
	asked->items[1].id = thread.topic_id;
	snprintf(asked->items[1].title, sizeof(asked->items[1].title),
		 "Ma \x02"
		 "bo\x03x redémarre");
	asked->count = 2;
	assert_ok(ctx, search_results_load_links(ctx, asked, links));
	assert_int_equal(links->count, 1);
	assert_int_equal(links->items[0].id, thread.topic_id);
	assert_string_equal(links->items[0].title, "Ma \x02"
						   "bo\x03x redémarre");
	assert_string_equal(links->items[0].slug, "ma-box-redemarre");
	assert_int_equal(links->items[0].answer_count, 1);
	assert_false(links->items[0].is_solved);
}

static bool finds(struct ctx *ctx, const char *words, int64_t topic_id)
{
	struct search_result_list list;

	assert_ok(ctx, search_results_by_title(ctx, words, &list));
	assert_true(list.count <= SEARCH_RESULT_TITLES_MAX);
	for (size_t i = 0; i < list.count; i++)
		if (list.items[i].topic.id == topic_id)
			return true;
	return false;
}

static void test_titles_are_found_without_the_index(void **state)
{
	struct ctx *ctx = *state;
	struct thread quokka = make_thread(ctx, "Ma boîte à quokkas redémarre l’été"),
		      wombat = make_thread(ctx, "Le wombat et le quokka");
	struct search_result_list list;

	assert_true(finds(ctx, "quokka", quokka.topic_id));
	assert_true(finds(ctx, "BOITE redemarrer", quokka.topic_id));
	assert_true(finds(ctx, "boîtes", quokka.topic_id));
	assert_true(finds(ctx, "un quokka sans poil", quokka.topic_id));
	/* All the words before some of them. */
	assert_ok(ctx, search_results_by_title(ctx, "quokka wombat", &list));
	assert_true(list.count >= 2);
	assert_int_equal(list.items[0].topic.id, wombat.topic_id);
	assert_string_equal(list.items[0].title, "Le wombat et le quokka");
	assert_string_equal(list.items[0].snippet, "");
	forum_sql(ctx, sql(ctx, "update topics set visibility = 'withdrawn' where id = ID",
			   quokka.topic_id));
	assert_false(finds(ctx, "quokka", quokka.topic_id));
}

static void test_no_words_are_an_error_for_titles(void **state)
{
	static const char *const odd[] = {
		"",
		" ",
		"'",
		"& | ! ( ) <-> :*",
		"le la les",
		"'a' & !b",
		"\\",
		"\\' | '",
		"a'b\"c",
		"https://example.com/?a&b=c",
		"%_",
		"…",
		"\u202e \u200b",
		"1 2 3",
		"x:*A",
	};
	struct ctx *ctx = *state;
	char *text = arena_alloc(ctx->arena, 100001);
	struct search_result_list list;

	for (size_t i = 0; i < ARRAY_COUNT(odd); i++)
		assert_ok(ctx, search_results_by_title(ctx, odd[i], &list));
	memset(text, 'x', 100000);
	assert_ok(ctx, search_results_by_title(ctx, text, &list));
	for (size_t i = 0; i < 100000; i++)
		text[i] = i % 2 ? '&' : (char)('a' + i / 2 % 26);
	assert_ok(ctx, search_results_by_title(ctx, text, &list));
}

static void test_typed_audiences_are_thrown_away(void **state)
{
	struct search_filter filter = { .audiences = { 3, 4 }, .audience_count = 2 };

	search_results_allow(*state, &filter);
	assert_int_equal(filter.audience_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_hit_comes_back_with_its_post_and_solution),
		FORUM_TEST(test_what_was_withdrawn_or_edited_since_is_not_shown),
		FORUM_TEST(test_articles_keep_their_place_among_topics_while_they_are_public),
		FORUM_TEST(test_suggestions_are_checked_too),
		FORUM_TEST(test_titles_are_found_without_the_index),
		FORUM_TEST(test_no_words_are_an_error_for_titles),
		FORUM_TEST(test_typed_audiences_are_thrown_away),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_search");
}
