/*
 * Writing: asking, answering, commenting, editing, withdrawing, accepting,
 * thanking, and what each leaves in the database.
 */
#include "forum_fixture.h"

#include "forum/draft.h"
#include "forum/follow.h"
#include "forum/post.h"

#define BODY  "Ma box redémarre toutes les nuits à trois heures."
#define TITLE "Ma box redémarre chaque nuit"

/* A question by asker; the actor is left as it was. */
static int64_t ask(struct ctx *ctx, const struct actor *asker)
{
	struct topic_new form = { .title = TITLE,
				  .body_md = BODY,
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

/* An answer; the gap between two posts is forgotten first. */
static int64_t answer(struct ctx *ctx, const struct actor *writer, int64_t topic_id,
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

static int64_t comment(struct ctx *ctx, const struct actor *writer, int64_t post_id,
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

static int64_t question_of(struct ctx *ctx, int64_t topic_id)
{
	return forum_number(ctx, "select id from posts where topic_id = $1 and kind = 'question'",
			    topic_id);
}

static struct post load(struct ctx *ctx, int64_t post_id)
{
	struct topic topic;
	struct post post;

	assert_ok(ctx, post_load(ctx, post_id, &post, &topic));
	return post;
}

/* Asking ------------------------------------------------------------------- */

static void test_question_is_asked_in_two_round_trips(void **state)
{
	struct ctx *ctx = *state;
	struct topic_new form = {
		.title = "  Ma  box \xE2\x80\xAEred\xC3\xA9marre\tchaque nuit ",
		.body_md = BODY,
		.tags = "Wi-Fi, Fibre optique",
		.language = "en",
		.category_id = forum_category(ctx),
		.form_key = "0123456789abcdef-1",
	};
	const char *path;
	struct topic topic;
	int64_t id;

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
	struct topic_new good = { .title = TITLE,
				  .body_md = BODY,
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
	struct topic_new form = { .title = TITLE,
				  .body_md = BODY,
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
	int64_t topic_id = ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER));
	struct answer_new form = { .topic_id = topic_id, .body_md = BODY };
	const char *path;
	int64_t id;

	answer(ctx, writer, topic_id, BODY);
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
	int64_t topic_id = ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER));
	struct answer_new form = { .topic_id = topic_id,
				   .body_md = "Une autre réponse, tout de suite." };
	const char *path;
	int64_t id;

	answer(ctx, writer, topic_id, BODY);
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
	struct topic_new form = { .title = TITLE,
				  .body_md = BODY,
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
	int64_t topic_id = ask(ctx, asker);
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
	assert_non_null(strstr(load(ctx, id).body.html, "<strong>rebranchez-la</strong>"));
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
	int64_t topic_id = ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER));
	const char *place = arena_printf(ctx->arena, "answer:%lld", (long long)topic_id);
	struct draft draft;

	ctx->actor = writer;
	assert_ok(ctx, draft_save(ctx, &(struct draft){ .place = place, .body_md = "Débran" }));
	answer(ctx, writer, topic_id, BODY);
	assert_ok(ctx, draft_load(ctx, place, &draft));
	assert_string_equal(draft.body_md, "");
}

static void test_closed_topic_refuses_answer(void **state)
{
	struct ctx *ctx = *state;
	int64_t topic_id = ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER));
	struct answer_new form = { .topic_id = topic_id, .body_md = BODY };
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
	int64_t topic_id = ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER));
	int64_t id;

	forum_sql(ctx, arena_printf(ctx->arena,
				    "update people set handle = 'zoe-martin' where id = %lld",
				    (long long)named->id));
	id = answer(ctx, forum_person(ctx, "Luc", ROLE_CUSTOMER), topic_id,
		    "Comme disait @zoe-martin, et @personne : redémarrez.");
	assert_non_null(
		strstr(load(ctx, id).body.html,
		       arena_printf(ctx->arena, "href=\"/u/%lld-zoe\"", (long long)named->id)));
	assert_non_null(strstr(load(ctx, id).body.html, "@personne"));
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
	int64_t topic_id = ask(ctx, asker);
	int64_t answer_id = answer(ctx, writer, topic_id, BODY);
	int64_t id = comment(ctx, asker, answer_id, "Merci, essayé.");
	struct comment_new form = { .post_id = id, .body_md = "Un commentaire de commentaire" };
	const char *path;
	int64_t refused;

	assert_int_equal(load(ctx, id).parent_id, answer_id);
	assert_int_equal(load(ctx, answer_id).comment_count, 1);
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
	int64_t topic_id = ask(ctx, asker);
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
	comment(ctx, forum_person(ctx, "Luc", ROLE_CUSTOMER), question_of(ctx, topic_id),
		"Moi aussi, pareil.");
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.state, TOPIC_NEEDS_INFORMATION);
	comment(ctx, asker, question_of(ctx, topic_id), "C'est une box de 2019.");
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.state, TOPIC_NEW);
}

/* Editing ------------------------------------------------------------------- */

static void test_edit_keeps_every_version(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t topic_id = ask(ctx, asker), post_id = question_of(ctx, topic_id);
	struct post_edit form = { .id = post_id,
				  .title = "Ma box redémarre toutes les nuits",
				  .tags = "box",
				  .body_md = BODY " Elle est neuve.",
				  .reason = " précision " };
	struct revision *revisions;
	struct topic topic;
	const char *path;
	size_t count;

	ctx->actor = asker;
	ctx->now += CLOCK_MINUTE;
	db_count_reset(ctx->db);
	assert_ok(ctx, post_edit(ctx, &form, &path));
	assert_int_equal(db_counts(ctx->db).round_trips, 2);
	form.revision_count = 1;
	form.body_md = BODY " Elle est neuve et blanche.";
	assert_ok(ctx, post_edit(ctx, &form, &path));

	ctx->actor = &actor_visitor;
	assert_ok(ctx, revision_list(ctx, post_id, &revisions, &count));
	assert_int_equal(count, 3);
	assert_int_equal(revisions[0].number, 2);
	assert_string_equal(revisions[0].body_md, BODY " Elle est neuve et blanche.");
	assert_string_equal(revisions[1].reason, "précision");
	assert_string_equal(revisions[2].body_md, BODY);
	assert_string_equal(revisions[2].title, TITLE);
	assert_int_equal(revisions[2].editor.id, asker->id);
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_string_equal(topic.title, "Ma box redémarre toutes les nuits");
	assert_int_equal(topic.tags.count, 1);
	assert_int_equal(load(ctx, post_id).edited_at, ctx->now);
}

static void test_edit_of_an_old_version_is_a_conflict(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t post_id = question_of(ctx, ask(ctx, asker));
	struct post_edit form = { .id = post_id, .body_md = BODY " Un." };
	const char *path;

	ctx->actor = asker;
	assert_ok(ctx, post_edit(ctx, &form, &path));
	form.body_md = BODY " Deux.";
	assert_int_equal(post_edit(ctx, &form, &path), ERR_CONFLICT);
	assert_non_null(ctx->error.message);
	assert_string_equal(load(ctx, post_id).body_md, BODY " Un.");
}

static void test_unchanged_text_makes_no_version(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t post_id = question_of(ctx, ask(ctx, asker));
	struct post_edit form = {
		.id = post_id, .title = TITLE, .tags = "box wi-fi", .body_md = BODY "\r\n"
	};
	struct revision *revisions;
	const char *path;
	size_t count;

	ctx->actor = asker;
	assert_ok(ctx, post_edit(ctx, &form, &path));
	assert_int_equal(load(ctx, post_id).revision_count, 0);
	assert_ok(ctx, revision_list(ctx, post_id, &revisions, &count));
	assert_int_equal(count, 1);
	assert_string_equal(revisions[0].body_md, BODY);
}

static void test_edit_is_refused_to_others_and_after_the_window(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t topic_id = ask(ctx, asker);
	struct post_edit form = { .id = question_of(ctx, topic_id), .body_md = BODY " Et alors ?" };
	const char *path;

	ctx->actor = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	assert_err(ctx, ERR_FORBIDDEN, post_edit(ctx, &form, &path));
	ctx->actor = asker;
	ctx->now += POLICY_EDIT_WINDOW + 1;
	assert_err(ctx, ERR_FORBIDDEN, post_edit(ctx, &form, &path));
	ctx->actor = forum_person(ctx, "Modération", ROLE_MODERATOR);
	assert_ok(ctx, post_edit(ctx, &form, &path));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from audit_log where action = 'post_edit' and subject_id = $1",
			form.id),
		1);
}

static void test_advisor_changes_tags_and_category_but_not_words(void **state)
{
	struct ctx *ctx = *state;
	int64_t topic_id = ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER));
	struct topic_edit form = {
		.id = topic_id, .title = TITLE, .tags = "fibre", .category_id = forum_category(ctx)
	};
	struct topic topic;

	ctx->actor = forum_person(ctx, "Conseil", ROLE_ADVISOR);
	assert_ok(ctx, topic_edit(ctx, &form));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.category_id, form.category_id);
	assert_string_equal(topic.tags.items[0].name, "fibre");
	form.title = "Un tout autre titre, choisi par le conseil";
	assert_err(ctx, ERR_FORBIDDEN, topic_edit(ctx, &form));
	form.title = TITLE;
	form.category_id = INT64_MAX;
	assert_err(ctx, ERR_INVALID, topic_edit(ctx, &form));
}

/* An import's short title and own markup stay while only the tags change. */
static void test_imported_question_is_edited_in_part(void **state)
{
	struct ctx *ctx = *state;
	int64_t topic_id = ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER)),
		post_id = question_of(ctx, topic_id);
	struct post_edit form = {
		.id = post_id, .title = "Beer?", .tags = "beer", .body_md = "Short."
	};
	const char *path;
	struct topic topic;

	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"update topics set title = 'Beer?' where id = %lld;"
			"update posts set body_md = E'Short.\r\n', body_html = '<p>Imported</p>' where id = %lld",
			(long long)topic_id, (long long)post_id));
	ctx->actor = forum_person(ctx, "Modération", ROLE_MODERATOR);
	assert_ok(ctx, post_edit(ctx, &form, &path));
	assert_string_equal(load(ctx, post_id).body.html, "<p>Imported</p>");
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_string_equal(topic.tags.items[0].name, "beer");
	form.revision_count = 1;
	form.title = "Beers?";
	assert_err(ctx, ERR_INVALID, post_edit(ctx, &form, &path));
	form.title = "Beer?";
	form.body_md = "Shorter.";
	assert_err(ctx, ERR_INVALID, post_edit(ctx, &form, &path));
}

/* Withdrawing, accepting, thanking -------------------------------------------- */

static void test_withdrawn_accepted_answer_leaves_the_topic_unsolved(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	struct actor *writer = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	int64_t topic_id = ask(ctx, asker), answer_id = answer(ctx, writer, topic_id, BODY);
	struct topic topic;

	ctx->actor = asker;
	assert_ok(ctx, post_accept(ctx, answer_id, true));
	assert_ok(ctx, post_accept(ctx, answer_id, true));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.state, TOPIC_SOLVED);
	assert_int_equal(topic.solved_at, ctx->now);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from notifications where kind = 'accepted' and person_id = $1",
			writer->id),
		1);
	assert_int_equal(forum_number(ctx, "select reputation::bigint from people where id = $1",
				      writer->id),
			 15);

	ctx->actor = writer;
	assert_ok(ctx, post_withdraw(ctx, answer_id));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.state, TOPIC_NEW);
	assert_int_equal(topic.solved_at, 0);
	assert_int_equal(forum_number(ctx, "select reputation::bigint from people where id = $1",
				      writer->id),
			 0);
	assert_ok(ctx, post_restore(ctx, answer_id));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.state, TOPIC_SOLVED);
}

static void test_several_answers_are_accepted_and_can_be_undone(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t topic_id = ask(ctx, asker);
	int64_t first = answer(ctx, forum_person(ctx, "Luc", ROLE_CUSTOMER), topic_id, BODY);
	int64_t second = answer(ctx, forum_person(ctx, "Zoé", ROLE_CUSTOMER), topic_id, BODY);
	struct topic topic;

	ctx->actor = forum_person(ctx, "Autre", ROLE_CUSTOMER);
	assert_err(ctx, ERR_FORBIDDEN, post_accept(ctx, first, true));
	ctx->actor = asker;
	assert_ok(ctx, post_accept(ctx, first, true));
	assert_ok(ctx, post_accept(ctx, second, true));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.accepted_count, 2);
	assert_ok(ctx, post_accept(ctx, first, false));
	assert_ok(ctx, post_accept(ctx, second, false));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.state, TOPIC_ANSWERED);
}

static void test_answered_question_stays_but_a_lonely_one_can_go(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t answered = ask(ctx, asker), lonely;
	struct topic topic;

	answer(ctx, forum_person(ctx, "Luc", ROLE_CUSTOMER), answered, BODY);
	forum_sql(ctx, "delete from throttles");
	ctx->now += 10 * CLOCK_MINUTE;
	lonely = ask(ctx, asker);
	ctx->actor = asker;
	assert_err(ctx, ERR_FORBIDDEN, post_withdraw(ctx, question_of(ctx, answered)));
	assert_ok(ctx, post_withdraw(ctx, question_of(ctx, lonely)));
	assert_ok(ctx, topic_load(ctx, lonely, &topic));
	assert_int_equal(topic.visibility, VISIBILITY_WITHDRAWN);
	ctx->actor = &actor_visitor;
	assert_err(ctx, ERR_GONE, topic_load(ctx, lonely, &topic));
	ctx->actor = forum_person(ctx, "Modération", ROLE_MODERATOR);
	assert_ok(ctx, post_withdraw(ctx, question_of(ctx, answered)));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from audit_log where action = 'post_withdraw'"
			" and subject_id = (select id from posts where topic_id = $1 and kind = 'question')",
			answered),
		1);
	ctx->actor = asker;
	assert_err(ctx, ERR_FORBIDDEN, post_restore(ctx, question_of(ctx, answered)));
}

static void test_thanks_count_once_and_never_for_oneself(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	struct actor *writer = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	int64_t topic_id = ask(ctx, asker), answer_id = answer(ctx, writer, topic_id, BODY);

	ctx->actor = asker;
	assert_ok(ctx, post_thank(ctx, answer_id, true));
	assert_ok(ctx, post_thank(ctx, answer_id, true));
	assert_int_equal(load(ctx, answer_id).thanks_count, 1);
	assert_int_equal(forum_number(ctx, "select thanks_count::bigint from people where id = $1",
				      writer->id),
			 1);
	assert_ok(ctx, post_thank(ctx, answer_id, false));
	assert_int_equal(load(ctx, answer_id).score, 0);
	ctx->actor = writer;
	assert_err(ctx, ERR_FORBIDDEN, post_thank(ctx, answer_id, true));
	ctx->actor = &actor_visitor;
	assert_err(ctx, ERR_UNAUTHENTICATED, post_thank(ctx, answer_id, true));
}

static void test_me_too_counts_once_and_not_for_the_asker(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t topic_id = ask(ctx, asker);
	struct topic topic;

	ctx->actor = asker;
	assert_err(ctx, ERR_FORBIDDEN, topic_me_too(ctx, topic_id, true));
	ctx->actor = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	assert_ok(ctx, topic_me_too(ctx, topic_id, true));
	assert_ok(ctx, topic_me_too(ctx, topic_id, true));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.me_too_count, 1);
	assert_int_equal(topic.score, 1);
	assert_ok(ctx, topic_me_too(ctx, topic_id, false));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.me_too_count, 0);
}

static enum err mark_duplicate(struct ctx *ctx, int64_t id, const char *of)
{
	return topic_set_status(ctx, &(struct topic_status_change){ .id = id,
								    .status = STATUS_DUPLICATE,
								    .duplicate_of = of });
}

static void test_duplicate_points_to_an_original(void **state)
{
	struct ctx *ctx = *state;
	int64_t original = ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER));
	int64_t second = ask(ctx, forum_person(ctx, "Luc", ROLE_CUSTOMER));
	int64_t third = ask(ctx, forum_person(ctx, "Zoé", ROLE_CUSTOMER));
	const char *number = arena_printf(ctx->arena, " #%lld", (long long)original);
	struct topic topic;

	ctx->actor = forum_person(ctx, "Conseil", ROLE_ADVISOR);
	assert_err(ctx, ERR_INVALID, mark_duplicate(ctx, second, "https://ailleurs.example/12"));
	assert_err(ctx, ERR_INVALID, mark_duplicate(ctx, second, ""));
	assert_err(ctx, ERR_INVALID, mark_duplicate(ctx, original, number));
	assert_ok(ctx, mark_duplicate(ctx, second, number));
	assert_ok(ctx, topic_load(ctx, second, &topic));
	assert_int_equal(topic.state, TOPIC_DUPLICATE);
	assert_int_equal(topic.duplicate_of, original);
	assert_string_equal(topic.duplicate_title, TITLE);
	/* A duplicate of a duplicate is one of the original; a circle is refused. */
	assert_ok(ctx,
		  mark_duplicate(ctx, third,
				 arena_printf(ctx->arena,
					      "https://entraide.example/t/%lld-ma-box?page=2#p3",
					      (long long)second)));
	assert_ok(ctx, topic_load(ctx, third, &topic));
	assert_int_equal(topic.duplicate_of, original);
	assert_err(
		ctx, ERR_INVALID,
		mark_duplicate(ctx, original, arena_printf(ctx->arena, "%lld", (long long)second)));
	assert_ok(ctx, topic_set_status(ctx, &(struct topic_status_change){
						     .id = second, .status = STATUS_OPEN }));
	assert_ok(ctx, topic_load(ctx, second, &topic));
	assert_int_equal(topic.duplicate_of, 0);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from audit_log where action = 'topic_status' and subject_id = $1",
			second),
		2);
}

/* Times of the past, drafts, follows ------------------------------------------ */

static void test_automatic_actor_writes_in_the_past_without_throttle(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t past = ctx->now - 100 * CLOCK_DAY, topic_id, answer_id;
	struct topic_new question = { .title = TITLE,
				      .body_md = BODY,
				      .category_id = forum_category(ctx),
				      .created_at = past };
	struct answer_new reply = { .body_md = BODY, .created_at = past + CLOCK_HOUR };
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
	int64_t topic_id = ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER));
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
		FORUM_TEST(test_edit_keeps_every_version),
		FORUM_TEST(test_edit_of_an_old_version_is_a_conflict),
		FORUM_TEST(test_unchanged_text_makes_no_version),
		FORUM_TEST(test_edit_is_refused_to_others_and_after_the_window),
		FORUM_TEST(test_advisor_changes_tags_and_category_but_not_words),
		FORUM_TEST(test_imported_question_is_edited_in_part),
		FORUM_TEST(test_withdrawn_accepted_answer_leaves_the_topic_unsolved),
		FORUM_TEST(test_several_answers_are_accepted_and_can_be_undone),
		FORUM_TEST(test_answered_question_stays_but_a_lonely_one_can_go),
		FORUM_TEST(test_thanks_count_once_and_never_for_oneself),
		FORUM_TEST(test_me_too_counts_once_and_not_for_the_asker),
		FORUM_TEST(test_duplicate_points_to_an_original),
		FORUM_TEST(test_automatic_actor_writes_in_the_past_without_throttle),
		FORUM_TEST(test_drafts_are_ones_own_and_few),
		FORUM_TEST(test_following_is_switched_on_and_off),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_posts");
}
