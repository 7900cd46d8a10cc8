/*
 * Reading: the topic's page in one round trip, for visitors, people and the team,
 * and the lists with their filters, places and pages. The topics are written
 * straight into the tables, so that a test says exactly what stands there.
 */
#include "forum_fixture.h"

#include "forum/category.h"
#include "forum/follow.h"
#include "forum/post.h"

#define DAY_ONE (INT64_C(1700000000) * CLOCK_SECOND)

DB_STATEMENT(
	test_topic,
	"insert into topics (category_id, author_id, title, excerpt, status, created_at, last_number)"
	" values ($1, $2, $3, 'Premiers mots', $4, $5, 1) returning id",
	5);
DB_STATEMENT(
	test_post,
	"with n as (update topics set last_number = last_number + 1 where id = $1 returning last_number)"
	" insert into posts (topic_id, number, kind, parent_id, author_id, body_md, body_html, visibility, created_at, votes_imported)"
	" select $1, n.last_number, $2, $3, $4, $5, $5, $6, $7, 0 from n returning id",
	7);
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

struct new_post {
	int64_t topic_id, parent_id, author_id, at;
	enum post_kind kind;
	enum visibility visibility;
	const char *body;
};

static int64_t put_post(struct ctx *ctx, struct new_post post)
{
	struct rows rows;

	assert_ok(ctx,
		  db_query(ctx, &test_post, &rows, param_i64(post.topic_id),
			   param_text(post_kind_text(post.kind)), param_id(post.parent_id),
			   param_id(post.author_id), param_text(post.body ? post.body : "texte"),
			   param_text(visibility_text(post.visibility)),
			   param_time(post.at ? post.at : DAY_ONE)));
	return one_id(&rows);
}

struct new_topic {
	int64_t category_id, author_id, at;
	const char *title, *status;
};

static int64_t put_topic(struct ctx *ctx, struct new_topic topic)
{
	struct rows rows;
	int64_t id;

	assert_ok(ctx, db_query(ctx, &test_topic, &rows, param_i64(topic.category_id),
				param_id(topic.author_id),
				param_text(topic.title ? topic.title : "Une question de test"),
				param_text(topic.status ? topic.status : "open"),
				param_time(topic.at ? topic.at : DAY_ONE)));
	id = one_id(&rows);
	put_post(ctx, (struct new_post){ .topic_id = id,
					 .author_id = topic.author_id,
					 .kind = POST_QUESTION,
					 .at = topic.at });
	return id;
}

/* An answer a minute: number i stands at DAY_ONE + i minutes. */
static void put_answers(struct ctx *ctx, int64_t topic_id, int64_t author_id, int count,
			int64_t *ids)
{
	for (int i = 0; i < count; i++)
		ids[i] = put_post(ctx, (struct new_post){ .topic_id = topic_id,
							  .author_id = author_id,
							  .kind = POST_ANSWER,
							  .at = DAY_ONE + (i + 1) * CLOCK_MINUTE });
}

/* The topic's page --------------------------------------------------------- */

static void test_visitor_gets_a_page_in_one_round_trip(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t topic_id = put_topic(ctx, (struct new_topic){ .category_id = forum_category(ctx),
							      .author_id = asker->id });
	int64_t answers[45];
	struct topic_view view;

	put_answers(ctx, topic_id, asker->id, 45, answers);
	ctx->actor = &actor_visitor;
	db_count_reset(ctx->db);
	assert_ok(ctx, topic_view_load(ctx, topic_id, 2, ORDER_DATE, &view));
	assert_int_equal(db_counts(ctx->db).round_trips, 1);
	assert_int_equal(db_counts(ctx->db).statements, 5);

	assert_string_equal(view.topic.title, "Une question de test");
	assert_string_equal(view.question.author.name, "Marie");
	assert_int_equal(view.question.kind, POST_QUESTION);
	assert_int_equal(view.page_count, 3);
	assert_int_equal(view.answer_count, ANSWERS_PER_PAGE);
	for (int i = 0; i < ANSWERS_PER_PAGE; i++)
		assert_int_equal(view.answers[i].id, answers[ANSWERS_PER_PAGE + i]);
	assert_false(view.can.answer || view.can.comment || view.can.me_too || view.can.follow ||
		     view.can.edit);
	assert_ok(ctx, topic_view_load(ctx, topic_id, 3, ORDER_DATE, &view));
	assert_int_equal(view.answer_count, 5);
	assert_err(ctx, ERR_NOT_FOUND, topic_view_load(ctx, topic_id, 4, ORDER_DATE, &view));
	assert_err(ctx, ERR_NOT_FOUND, topic_view_load(ctx, topic_id, 0, ORDER_DATE, &view));
	assert_err(ctx, ERR_NOT_FOUND,
		   topic_view_load(ctx, topic_id, INT64_MAX, ORDER_DATE, &view));
	assert_err(ctx, ERR_NOT_FOUND, topic_view_load(ctx, INT64_MAX, 1, ORDER_DATE, &view));
}

static void test_person_gets_a_page_with_own_state_in_one_round_trip(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	struct actor *reader = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	int64_t topic_id = put_topic(ctx, (struct new_topic){ .category_id = forum_category(ctx),
							      .author_id = asker->id });
	int64_t answers[2];
	struct topic_view view;

	put_answers(ctx, topic_id, asker->id, 2, answers);
	ctx->actor = reader;
	assert_ok(ctx, post_thank(ctx, answers[1], true));
	assert_ok(ctx, topic_me_too(ctx, topic_id, true));
	assert_ok(ctx, follow_set(ctx, FOLLOW_TOPIC, topic_id, true));
	forum_sql(ctx, arena_printf(ctx->arena,
				    "insert into drafts (person_id, place, body_md)"
				    " values (%lld, 'answer:%lld', 'Essayez de')",
				    (long long)reader->id, (long long)topic_id));
	db_count_reset(ctx->db);
	assert_ok(ctx, topic_view_load(ctx, topic_id, 1, ORDER_SCORE, &view));
	assert_int_equal(db_counts(ctx->db).round_trips, 1);
	assert_int_equal(db_counts(ctx->db).statements, 8);

	assert_int_equal(view.answers[0].id, answers[1]);
	assert_true(view.answers[0].is_thanked);
	assert_false(view.answers[1].is_thanked);
	assert_true(view.has_me_too);
	assert_true(view.is_followed);
	assert_string_equal(view.draft_md, "Essayez de");
	assert_true(view.can.answer && view.can.comment && view.answers[0].can.thank);
	assert_false(view.answers[0].can.accept || view.can.close || view.can.edit);
	ctx->actor = asker;
	assert_ok(ctx, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	assert_true(view.answers[0].can.accept);
	assert_false(view.is_followed || view.has_me_too || view.answers[0].can.thank);
	assert_string_equal(view.draft_md, "");
}

static void test_accepted_answers_stand_on_top_and_in_place(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t topic_id = put_topic(ctx, (struct new_topic){ .category_id = forum_category(ctx),
							      .author_id = asker->id });
	int64_t answers[25], comment;
	struct topic_view view;

	put_answers(ctx, topic_id, 0, 25, answers);
	ctx->actor = asker;
	assert_ok(ctx, post_accept(ctx, answers[24], true));
	ctx->now++;
	assert_ok(ctx, post_accept(ctx, answers[3], true));
	comment = put_post(ctx, (struct new_post){ .topic_id = topic_id,
						   .parent_id = answers[24],
						   .kind = POST_COMMENT });
	put_post(ctx, (struct new_post){ .topic_id = topic_id,
					 .parent_id = answers[3],
					 .kind = POST_COMMENT });
	assert_ok(ctx, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	assert_int_equal(view.topic.state, TOPIC_SOLVED);
	assert_int_equal(view.accepted_count, 2);
	assert_int_equal(view.accepted[0].id, answers[24]);
	assert_int_equal(view.accepted[0].comments_count, 1);
	assert_int_equal(view.accepted[0].comments[0].id, comment);
	assert_int_equal(view.accepted[1].id, answers[3]);
	assert_int_equal(view.answers[3].id, answers[3]);
	assert_int_equal(view.accepted[1].comments_count, 1);
	assert_int_equal(view.answers[3].comments_count, 1);
	assert_true(view.answers[3].accepted_at != 0 && view.answers[3].can.unaccept);
	assert_string_equal(view.accepted[0].author.name, "Former member");
	assert_int_equal(view.accepted[0].author.id, 0);
}

static void test_ten_comments_are_shown_and_more_are_listed(void **state)
{
	struct ctx *ctx = *state;
	int64_t topic_id = put_topic(ctx, (struct new_topic){ .category_id = forum_category(ctx) });
	int64_t answers[1], first = 0;
	struct topic_view view;
	struct post *comments;
	size_t count;
	bool has_more;

	put_answers(ctx, topic_id, 0, 1, answers);
	for (int i = 0; i < 55; i++) {
		int64_t id = put_post(ctx, (struct new_post){ .topic_id = topic_id,
							      .parent_id = answers[0],
							      .kind = POST_COMMENT,
							      .at = DAY_ONE + i * CLOCK_SECOND });

		first = i == 0 ? id : first;
	}
	put_post(ctx,
		 (struct new_post){
			 .topic_id = topic_id,
			 .kind = POST_COMMENT,
			 .body = "sous la question",
			 .parent_id = forum_number(
				 ctx,
				 "select id from posts where topic_id = $1 and kind = 'question'",
				 topic_id) });
	ctx->actor = &actor_visitor;
	assert_ok(ctx, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	assert_int_equal(view.question.comments_count, 1);
	assert_string_equal(view.question.comments[0].body.html, "sous la question");
	assert_int_equal(view.answers[0].comments_count, COMMENTS_SHOWN);
	assert_int_equal(view.answers[0].comments[0].id, first);
	assert_true(view.answers[0].has_more_comments);

	assert_ok(ctx, comment_list(ctx, answers[0], 0, &comments, &count, &has_more));
	assert_int_equal(count, COMMENTS_PER_PAGE);
	assert_true(has_more);
	assert_ok(ctx, comment_list(ctx, answers[0], comments[count - 1].id, &comments, &count,
				    &has_more));
	assert_int_equal(count, 5);
	assert_false(has_more);
}

static void test_withdrawn_posts_are_seen_by_author_and_team_only(void **state)
{
	struct ctx *ctx = *state;
	struct actor *writer = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	int64_t topic_id = put_topic(ctx, (struct new_topic){ .category_id = forum_category(ctx) });
	int64_t answers[2], comment;
	struct topic_view view;

	put_answers(ctx, topic_id, writer->id, 2, answers);
	comment = put_post(ctx, (struct new_post){ .topic_id = topic_id,
						   .parent_id = answers[1],
						   .author_id = writer->id,
						   .kind = POST_COMMENT });
	ctx->actor = writer;
	assert_ok(ctx, post_withdraw(ctx, answers[0]));
	assert_ok(ctx, post_withdraw(ctx, comment));

	ctx->actor = &actor_visitor;
	assert_ok(ctx, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	assert_int_equal(view.answer_count, 1);
	assert_int_equal(view.answers[0].id, answers[1]);
	assert_int_equal(view.answers[0].comments_count, 0);

	ctx->actor = writer;
	assert_ok(ctx, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	assert_int_equal(view.answer_count, 2);
	assert_int_equal(view.answers[1].id, answers[0]);
	assert_int_equal(view.answers[1].visibility, VISIBILITY_WITHDRAWN);
	assert_true(view.answers[1].can.restore);
	assert_int_equal(view.answers[0].comments_count, 1);
	assert_int_equal(view.answers[0].comments[0].visibility, VISIBILITY_WITHDRAWN);

	ctx->actor = forum_person(ctx, "Conseil", ROLE_ADVISOR);
	db_count_reset(ctx->db);
	assert_ok(ctx, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	assert_int_equal(db_counts(ctx->db).round_trips, 1);
	assert_int_equal(view.answer_count, 2);
	assert_int_equal(view.answers[0].id, answers[0]);
	assert_int_equal(view.answers[1].comments_count, 1);
	assert_false(view.answers[0].can.restore);
}

static void test_withdrawn_topic_is_gone_for_the_public(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t topic_id = put_topic(ctx, (struct new_topic){ .category_id = forum_category(ctx),
							      .author_id = asker->id });
	struct topic_view view;

	ctx->actor = asker;
	assert_ok(ctx,
		  post_withdraw(ctx, forum_number(ctx, "select id from posts where topic_id = $1",
						  topic_id)));
	assert_ok(ctx, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	assert_int_equal(view.topic.visibility, VISIBILITY_WITHDRAWN);
	assert_true(view.question.can.restore);
	assert_false(view.can.answer);
	ctx->actor = &actor_visitor;
	assert_err(ctx, ERR_GONE, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	ctx->actor = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	assert_err(ctx, ERR_GONE, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	forum_sql(ctx,
		  arena_printf(ctx->arena, "update topics set visibility = 'held' where id = %lld",
			       (long long)topic_id));
	assert_err(ctx, ERR_NOT_FOUND, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
}

static void test_original_shows_its_duplicates(void **state)
{
	struct ctx *ctx = *state;
	int64_t category_id = forum_category(ctx);
	int64_t original = put_topic(ctx, (struct new_topic){ .category_id = category_id });
	int64_t duplicate = put_topic(
		ctx, (struct new_topic){ .category_id = category_id, .title = "La même question" });
	struct topic_view view;

	assert_ok(ctx, topic_set_status(
			       ctx, &(struct topic_status_change){
					    .id = duplicate,
					    .status = STATUS_DUPLICATE,
					    .duplicate_of = arena_printf(ctx->arena, "%lld",
									 (long long)original) }));
	ctx->actor = &actor_visitor;
	assert_ok(ctx, topic_view_load(ctx, original, 1, ORDER_DATE, &view));
	assert_int_equal(view.duplicate_count, 1);
	assert_string_equal(view.duplicates[0].slug, "la-meme-question");
	assert_ok(ctx, topic_view_load(ctx, duplicate, 1, ORDER_DATE, &view));
	assert_string_equal(view.topic.duplicate_title, "Une question de test");
}

static void test_post_path_finds_page_and_anchor(void **state)
{
	struct ctx *ctx = *state;
	struct actor *writer = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	int64_t topic_id = put_topic(ctx, (struct new_topic){ .category_id = forum_category(ctx) });
	int64_t answers[41], comment;
	const char *start = arena_printf(ctx->arena, "/t/%lld-une-question-de-test",
					 (long long)topic_id);
	const char *path;

	put_answers(ctx, topic_id, writer->id, 41, answers);
	comment = put_post(ctx, (struct new_post){ .topic_id = topic_id,
						   .parent_id = answers[20],
						   .kind = POST_COMMENT });
	ctx->actor = &actor_visitor;
	db_count_reset(ctx->db);
	assert_ok(ctx, post_path(ctx, answers[19], &path));
	assert_int_equal(db_counts(ctx->db).round_trips, 1);
	assert_string_equal(path,
			    arena_printf(ctx->arena, "%s#p%lld", start, (long long)answers[19]));
	assert_ok(ctx, post_path(ctx, answers[20], &path));
	assert_string_equal(
		path, arena_printf(ctx->arena, "%s?page=2#p%lld", start, (long long)answers[20]));
	assert_ok(ctx, post_path(ctx, comment, &path));
	assert_string_equal(path,
			    arena_printf(ctx->arena, "%s?page=2#p%lld", start, (long long)comment));
	assert_ok(ctx, post_path(ctx, answers[40], &path));
	assert_string_equal(
		path, arena_printf(ctx->arena, "%s?page=3#p%lld", start, (long long)answers[40]));

	/* Withdrawn, it stands last for its author, after a full second page. */
	ctx->actor = writer;
	assert_ok(ctx, post_withdraw(ctx, answers[0]));
	assert_ok(ctx, post_path(ctx, answers[0], &path));
	assert_string_equal(
		path, arena_printf(ctx->arena, "%s?page=2#p%lld", start, (long long)answers[0]));
	assert_ok(ctx, post_path(ctx, answers[20], &path));
	assert_string_equal(path,
			    arena_printf(ctx->arena, "%s#p%lld", start, (long long)answers[20]));
	ctx->actor = &actor_visitor;
	assert_err(ctx, ERR_GONE, post_path(ctx, answers[0], &path));
	assert_err(ctx, ERR_NOT_FOUND, post_path(ctx, INT64_MAX, &path));
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
	return put_topic(ctx, (struct new_topic){ .category_id = shelf->child_id,
						  .status = status,
						  .author_id = shelf->asker->id,
						  .at = DAY_ONE + place });
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
	put_answers(ctx, shelf.answered, 0, 1, answers);
	put_answers(ctx, shelf.solved, 0, 1, answers);
	assert_ok(ctx, post_accept(ctx, answers[0], true));
	assert_ok(ctx, db_query(ctx, &test_tag, &rows, param_text(slug)));
	shelf.tag_id = one_id(&rows);
	for (int64_t id = shelf.fresh; id <= shelf.waiting; id++)
		assert_ok(ctx, db_query(ctx, &test_topic_tag, NULL, param_i64(id),
					param_i64(shelf.tag_id), param_i64(1)));
	return shelf;
}

/* ids: what must come, in order, ended by 0. */
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
	assert_int_equal(list.items[0].created_at, DAY_ONE + 3);
}

/* Ties on the time are told apart by the number. */
static void test_pages_by_key_show_each_topic_once(void **state)
{
	static const enum topic_filter filters[] = { FILTER_NEW, FILTER_USEFUL };
	struct ctx *ctx = *state;
	int64_t category_id = forum_category(ctx);

	for (int i = 0; i < 50; i++)
		put_topic(ctx,
			  (struct new_topic){ .category_id = category_id, .at = DAY_ONE + i / 3 });
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
		assert_ok(ctx, answer_list_of_author(ctx, 1, after, &answers));
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
	int64_t topic_id = put_topic(ctx, (struct new_topic){ .category_id = forum_category(ctx) });
	int64_t answers[25];
	struct answer_list list;

	put_answers(ctx, topic_id, writer->id, 25, answers);
	assert_ok(ctx, answer_list_of_author(ctx, writer->id, (struct list_key){ 0 }, &list));
	assert_int_equal(list.count, 20);
	assert_true(list.has_more);
	assert_int_equal(list.items[0].id, answers[24]);
	assert_string_equal(list.items[0].topic_slug, "une-question-de-test");
	assert_ok(ctx, answer_list_of_author(ctx, writer->id, list.next, &list));
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
		FORUM_TEST(test_visitor_gets_a_page_in_one_round_trip),
		FORUM_TEST(test_person_gets_a_page_with_own_state_in_one_round_trip),
		FORUM_TEST(test_accepted_answers_stand_on_top_and_in_place),
		FORUM_TEST(test_ten_comments_are_shown_and_more_are_listed),
		FORUM_TEST(test_withdrawn_posts_are_seen_by_author_and_team_only),
		FORUM_TEST(test_withdrawn_topic_is_gone_for_the_public),
		FORUM_TEST(test_original_shows_its_duplicates),
		FORUM_TEST(test_post_path_finds_page_and_anchor),
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

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_topics");
}
