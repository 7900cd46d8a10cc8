/*
 * Writing: asking, answering, commenting, and what each leaves in the database;
 * drafts and follows.
 */
#include "forum_fixture.h"

#include "forum/draft.h"
#include "forum/follow.h"

/* Asking ------------------------------------------------------------------- */

static void test_question_is_asked_in_two_round_trips(void **state)
{
	struct ctx *ctx = *state;
	struct topic_new form = {
		.title = "  Ma  box \xE2\x80\xAEred\xC3\xA9marre\tchaque nuit ",
		.body_md = FORUM_BODY,
		.tags = "Wi-Fi, Fibre optique",
		.language = "en",
		.category_id = forum_category(ctx),
		.form_key = "0123456789abcdef-1",
	};
	const char *path;
	struct topic topic;
	int64_t id;

	/* The first text that a process sees lets it read the rules for texts. */
	forum_ask(ctx, forum_person(ctx, "Luc", ROLE_CUSTOMER));
	ctx->actor = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	db_count_reset(ctx->db);
	assert_ok(ctx, topic_create(ctx, &form, &id, &path));
	assert_int_equal(db_counts(ctx->db).round_trips, 2);
	assert_string_equal(path, arena_printf(ctx->arena, "/t/%lld-ma-box-redemarre-chaque-nuit",
					       (long long)id));

	assert_ok(ctx, topic_load(ctx, id, &topic));
	assert_string_equal(topic.title, "Ma box red\xC3\xA9marre chaque nuit");
	assert_string_equal(topic.language, "en");
	assert_int_equal(topic.state, TOPIC_NEW);
	assert_int_equal(topic.author.id, ctx->actor->id);
	assert_int_equal(topic.created_at, ctx->now);
	assert_int_equal(topic.tags.count, 2);
	assert_string_equal(topic.tags.items[0].name, "wi-fi");
	assert_string_equal(topic.tags.items[1].name, "fibre-optique");
	assert_int_equal(forum_number(ctx,
				      "select question_count::bigint from people where id = $1",
				      ctx->actor->id),
			 1);
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from follows where kind = 'topic' and target_id = $1",
			     id),
		1);
	assert_int_equal(
		forum_number(ctx, "select count(*) from search_marks where topic_id = $1", id), 1);
}

static void assert_asking_fails(struct ctx *ctx, struct topic_new form, const char *field)
{
	const char *path;
	int64_t id;

	assert_int_equal(topic_create(ctx, &form, &id, &path), ERR_INVALID);
	assert_non_null(ctx->error.field);
	assert_string_equal(ctx->error.field, field);
	assert_non_null(ctx->error.message);
	assert_false(db_in_transaction(ctx));
	error_clear(ctx);
}

static void test_question_with_a_bad_field_is_refused_at_the_field(void **state)
{
	struct ctx *ctx = *state;
	struct topic_new good = { .title = FORUM_TITLE,
				  .body_md = FORUM_BODY,
				  .category_id = forum_category(ctx) };
	struct topic_new bad;
	char *long_title = arena_alloc(ctx->arena, 300);
	char *long_body = arena_alloc(ctx->arena, POST_BODY_MAX_BYTES + 10);

	ctx->actor = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	memset(long_title, 'x', 256);
	memset(long_body, 'x', POST_BODY_MAX_BYTES + 1);
	assert_asking_fails(ctx, (bad = good, bad.title = "Trop court", bad), "title");
	assert_asking_fails(ctx, (bad = good, bad.title = long_title, bad), "title");
	assert_asking_fails(ctx, (bad = good, bad.title = NULL, bad), "title");
	assert_asking_fails(ctx, (bad = good, bad.body_md = "Bonjour ?", bad), "body");
	assert_asking_fails(ctx, (bad = good, bad.body_md = long_body, bad), "body");
	assert_asking_fails(ctx, (bad = good, bad.tags = "a,b,c,d,e,f", bad), "tags");
	assert_asking_fails(ctx, (bad = good, bad.tags = "<script>", bad), "tags");
	assert_asking_fails(ctx, (bad = good, bad.category_id = 0, bad), "category");
	assert_asking_fails(ctx, (bad = good, bad.category_id = INT64_MAX, bad), "category");
	assert_int_equal(forum_number(ctx, "select count(*) from topics where author_id = $1",
				      ctx->actor->id),
			 0);
}

static void test_form_sent_twice_asks_once(void **state)
{
	struct ctx *ctx = *state;
	struct topic_new form = { .title = FORUM_TITLE,
				  .body_md = FORUM_BODY,
				  .category_id = forum_category(ctx),
				  .form_key = "0123456789abcdef-2" };
	const char *path, *again;
	int64_t id, id_again;

	ctx->actor = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	assert_ok(ctx, topic_create(ctx, &form, &id, &path));
	assert_ok(ctx, topic_create(ctx, &form, &id_again, &again));
	assert_int_equal(id, id_again);
	assert_string_equal(path, again);
	assert_int_equal(forum_number(ctx, "select count(*) from topics where author_id = $1",
				      ctx->actor->id),
			 1);
}

static void test_same_text_again_is_refused_for_five_minutes(void **state)
{
	struct ctx *ctx = *state;
	struct actor *writer = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	int64_t topic_id = forum_ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER));
	struct answer_new form = { .topic_id = topic_id, .body_md = FORUM_BODY };
	const char *path;
	int64_t id;

	forum_answer(ctx, writer, topic_id, FORUM_BODY);
	forum_sql(ctx, "delete from throttles");
	ctx->actor = writer;
	assert_err(ctx, ERR_INVALID, answer_create(ctx, &form, &id, &path));
	ctx->now += 5 * CLOCK_MINUTE + 1;
	assert_ok(ctx, answer_create(ctx, &form, &id, &path));
}

static void test_writing_too_fast_is_throttled_and_leaves_nothing(void **state)
{
	struct ctx *ctx = *state;
	struct actor *writer = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	int64_t topic_id = forum_ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER));
	struct answer_new form = { .topic_id = topic_id,
				   .body_md = "Une autre réponse, tout de suite." };
	const char *path;
	int64_t id;

	forum_answer(ctx, writer, topic_id, FORUM_BODY);
	ctx->actor = writer;
	assert_int_equal(answer_create(ctx, &form, &id, &path), ERR_THROTTLED);
	assert_true(ctx->error.retry_after_seconds > 0);
	assert_false(db_in_transaction(ctx));
	assert_int_equal(forum_number(ctx, "select answer_count::bigint from topics where id = $1",
				      topic_id),
			 1);
}

static void test_visitors_and_unconfirmed_people_cannot_ask(void **state)
{
	struct ctx *ctx = *state;
	struct topic_new form = { .title = FORUM_TITLE,
				  .body_md = FORUM_BODY,
				  .category_id = forum_category(ctx) };
	struct actor *unconfirmed = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	const char *path;
	int64_t id;

	ctx->actor = &actor_visitor;
	assert_err(ctx, ERR_UNAUTHENTICATED, topic_create(ctx, &form, &id, &path));
	unconfirmed->is_confirmed = false;
	ctx->actor = unconfirmed;
	assert_int_equal(topic_create(ctx, &form, &id, &path), ERR_FORBIDDEN);
	assert_non_null(strstr(ctx->error.message, "Confirm your e-mail address"));
}

/* Answering and commenting -------------------------------------------------- */

static void test_answer_takes_two_round_trips_and_tells_the_asker(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	struct actor *writer = forum_person(ctx, "Luc", ROLE_ADVISOR);
	int64_t topic_id = forum_ask(ctx, asker);
	struct answer_new form = { .topic_id = topic_id,
				   .body_md = "Débranchez-la, puis **rebranchez-la**.",
				   .form_key = "0123456789abcdef-3" };
	const char *path;
	struct topic topic;
	int64_t id;

	ctx->actor = writer;
	db_count_reset(ctx->db);
	assert_ok(ctx, answer_create(ctx, &form, &id, &path));
	assert_int_equal(db_counts(ctx->db).round_trips, 2);
	assert_string_equal(path,
			    arena_printf(ctx->arena, "/t/%lld-ma-box-redemarre-chaque-nuit#p%lld",
					 (long long)topic_id, (long long)id));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.state, TOPIC_ANSWERED);
	assert_int_equal(topic.answer_count, 1);
	assert_non_null(strstr(forum_post(ctx, id).body.html, "<strong>rebranchez-la</strong>"));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from notifications where kind = 'answer' and person_id = $1",
			asker->id),
		1);
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from follows where kind = 'topic' and person_id = $1",
			     writer->id),
		1);
	assert_int_equal(forum_number(ctx, "select number::bigint from posts where id = $1", id),
			 2);
}

static void test_answer_drops_its_draft(void **state)
{
	struct ctx *ctx = *state;
	struct actor *writer = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	int64_t topic_id = forum_ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER));
	const char *place = arena_printf(ctx->arena, "answer:%lld", (long long)topic_id);
	struct draft draft;

	ctx->actor = writer;
	assert_ok(ctx, draft_save(ctx, &(struct draft){ .place = place, .body_md = "Débran" }));
	forum_answer(ctx, writer, topic_id, FORUM_BODY);
	assert_ok(ctx, draft_load(ctx, place, &draft));
	assert_string_equal(draft.body_md, "");
}

static void test_closed_topic_refuses_answer(void **state)
{
	struct ctx *ctx = *state;
	int64_t topic_id = forum_ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER));
	struct answer_new form = { .topic_id = topic_id, .body_md = FORUM_BODY };
	const char *path;
	int64_t id;

	ctx->actor = forum_person(ctx, "Conseil", ROLE_ADVISOR);
	assert_ok(ctx, topic_set_status(ctx, &(struct topic_status_change){
						     .id = topic_id, .status = STATUS_CLOSED }));
	ctx->actor = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	assert_int_equal(answer_create(ctx, &form, &id, &path), ERR_FORBIDDEN);
	assert_string_equal(ctx->error.message, "This question is closed.");
	form.topic_id = INT64_MAX;
	assert_err(ctx, ERR_NOT_FOUND, answer_create(ctx, &form, &id, &path));
}

static void test_mention_becomes_a_link_and_a_notification(void **state)
{
	struct ctx *ctx = *state;
	struct actor *named = forum_person(ctx, "Zoé", ROLE_CUSTOMER);
	int64_t topic_id = forum_ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER));
	int64_t id;

	forum_sql(ctx, arena_printf(ctx->arena,
				    "update people set handle = 'zoe-martin' where id = %lld",
				    (long long)named->id));
	id = forum_answer(ctx, forum_person(ctx, "Luc", ROLE_CUSTOMER), topic_id,
			  "Comme disait @zoe-martin, et @personne : redémarrez.");
	assert_non_null(
		strstr(forum_post(ctx, id).body.html,
		       arena_printf(ctx->arena, "href=\"/u/%lld-zoe\"", (long long)named->id)));
	assert_non_null(strstr(forum_post(ctx, id).body.html, "@personne"));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from notifications where kind = 'mention' and person_id = $1",
			named->id),
		1);
}

static void test_comment_stands_under_its_answer(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	struct actor *writer = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	int64_t topic_id = forum_ask(ctx, asker);
	int64_t answer_id = forum_answer(ctx, writer, topic_id, FORUM_BODY);
	int64_t id = forum_comment(ctx, asker, answer_id, "Merci, essayé.");
	struct comment_new form = { .post_id = id, .body_md = "Un commentaire de commentaire" };
	const char *path;
	int64_t refused;

	assert_int_equal(forum_post(ctx, id).parent_id, answer_id);
	assert_int_equal(forum_post(ctx, answer_id).comment_count, 1);
	assert_int_equal(forum_number(ctx, "select comment_count::bigint from topics where id = $1",
				      topic_id),
			 1);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from notifications where kind = 'comment' and person_id = $1",
			writer->id),
		1);
	ctx->actor = writer;
	assert_err(ctx, ERR_NOT_FOUND, comment_create(ctx, &form, &refused, &path));
}

static void test_askers_comment_gives_the_information_that_was_wanted(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t topic_id = forum_ask(ctx, asker);
	struct topic topic;

	ctx->actor = forum_person(ctx, "Conseil", ROLE_ADVISOR);
	assert_ok(ctx, topic_set_status(
			       ctx, &(struct topic_status_change){
					    .id = topic_id, .status = STATUS_NEEDS_INFORMATION }));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from notifications where kind = 'status' and person_id = $1",
			asker->id),
		1);
	forum_comment(ctx, forum_person(ctx, "Luc", ROLE_CUSTOMER),
		      forum_question_of(ctx, topic_id), "Moi aussi, pareil.");
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.state, TOPIC_NEEDS_INFORMATION);
	forum_comment(ctx, asker, forum_question_of(ctx, topic_id), "C'est une box de 2019.");
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.state, TOPIC_NEW);
}

/* Times of the past, drafts, follows ------------------------------------------ */

static void test_automatic_actor_writes_in_the_past_without_throttle(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t past = ctx->now - 100 * CLOCK_DAY, topic_id, answer_id;
	struct topic_new question = { .title = FORUM_TITLE,
				      .body_md = FORUM_BODY,
				      .category_id = forum_category(ctx),
				      .created_at = past };
	struct answer_new reply = { .body_md = FORUM_BODY, .created_at = past + CLOCK_HOUR };
	const char *path;
	struct topic topic;

	asker->is_automatic = true;
	ctx->actor = asker;
	assert_ok(ctx, topic_create(ctx, &question, &topic_id, &path));
	reply.topic_id = topic_id;
	assert_ok(ctx, answer_create(ctx, &reply, &answer_id, &path));
	assert_ok(ctx, answer_create(ctx, &reply, &answer_id, &path));
	ctx->now = past + 2 * CLOCK_HOUR;
	assert_ok(ctx, post_accept(ctx, answer_id, true));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.created_at, past);
	assert_int_equal(topic.active_at, past + CLOCK_HOUR);
	assert_int_equal(topic.solved_at, ctx->now);
}

static void test_drafts_are_ones_own_and_few(void **state)
{
	struct ctx *ctx = *state;
	struct draft *drafts, draft;
	size_t count;

	ctx->actor = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	for (int i = 1; i <= DRAFTS_PER_PERSON_MAX + 3; i++) {
		ctx->now++;
		assert_ok(ctx, draft_save(ctx, &(struct draft){ .place = arena_printf(
									ctx->arena, "answer:%d", i),
								.body_md = "Bonjour",
								.category_id = INT64_MAX }));
	}
	assert_ok(ctx, draft_list(ctx, &drafts, &count));
	assert_int_equal(count, DRAFTS_PER_PERSON_MAX);
	assert_string_equal(drafts[0].place, "answer:53");
	assert_ok(ctx, draft_load(ctx, "answer:1", &draft));
	assert_string_equal(draft.body_md, "");
	assert_ok(ctx, draft_save(ctx, &(struct draft){ .place = "answer:53" }));
	assert_ok(ctx, draft_load(ctx, "answer:53", &draft));
	assert_string_equal(draft.body_md, "");
	assert_err(ctx, ERR_INVALID, draft_load(ctx, "elsewhere:3", &draft));
	assert_err(ctx, ERR_INVALID, draft_load(ctx, "answer:-3", &draft));
	ctx->actor = &actor_visitor;
	assert_err(ctx, ERR_UNAUTHENTICATED, draft_load(ctx, "ask", &draft));
}

static void test_following_is_switched_on_and_off(void **state)
{
	struct ctx *ctx = *state;
	int64_t topic_id = forum_ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER));
	bool is_on;

	ctx->actor = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	assert_ok(ctx, follow_set(ctx, FOLLOW_TOPIC, topic_id, true));
	assert_ok(ctx, follow_set(ctx, FOLLOW_TOPIC, topic_id, true));
	assert_ok(ctx, follow_is_on(ctx, FOLLOW_TOPIC, topic_id, &is_on));
	assert_true(is_on);
	assert_ok(ctx, follow_set(ctx, FOLLOW_TOPIC, topic_id, false));
	assert_ok(ctx, follow_is_on(ctx, FOLLOW_TOPIC, topic_id, &is_on));
	assert_false(is_on);
	assert_err(ctx, ERR_NOT_FOUND, follow_set(ctx, FOLLOW_TAG, INT64_MAX, true));
	ctx->actor = &actor_visitor;
	assert_err(ctx, ERR_UNAUTHENTICATED, follow_set(ctx, FOLLOW_TOPIC, topic_id, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_question_is_asked_in_two_round_trips),
		FORUM_TEST(test_question_with_a_bad_field_is_refused_at_the_field),
		FORUM_TEST(test_form_sent_twice_asks_once),
		FORUM_TEST(test_same_text_again_is_refused_for_five_minutes),
		FORUM_TEST(test_writing_too_fast_is_throttled_and_leaves_nothing),
		FORUM_TEST(test_visitors_and_unconfirmed_people_cannot_ask),
		FORUM_TEST(test_answer_takes_two_round_trips_and_tells_the_asker),
		FORUM_TEST(test_answer_drops_its_draft),
		FORUM_TEST(test_closed_topic_refuses_answer),
		FORUM_TEST(test_mention_becomes_a_link_and_a_notification),
		FORUM_TEST(test_comment_stands_under_its_answer),
		FORUM_TEST(test_askers_comment_gives_the_information_that_was_wanted),
		FORUM_TEST(test_automatic_actor_writes_in_the_past_without_throttle),
		FORUM_TEST(test_drafts_are_ones_own_and_few),
		FORUM_TEST(test_following_is_switched_on_and_off),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_posts");
}
