/*
 * Private exchanges: who begins, reads, goes on, takes over and closes them; what the desk's
 * clocks and the public question make of them; what is deleted, when.
 */
#include "forum_fixture.h"

#include "forum/desk.h"
#include "forum/desk_work.h"
#include "forum/policy.h"
#include "forum/private.h"

static struct actor *advisor(struct ctx *ctx, const char *name)
{
	return forum_person(ctx, name, ROLE_ADVISOR);
}

/* A question that the worker has seen. */
static int64_t put_question(struct ctx *ctx, const struct actor *asker)
{
	int64_t id;

	forum_sql(ctx, "update posts set body_md = body_md || '.' || id");
	forum_sql(ctx, "delete from throttles");
	id = forum_ask(ctx, asker);
	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"insert into desk_questions (topic_id, stage, category_id, top_category_id,"
			" asked_at, order_at) select t.id, 'unanswered', t.category_id,"
			" t.top_category_id, t.created_at, t.created_at from topics t where t.id = %lld"
			" on conflict do nothing",
			(long long)id));
	return id;
}

/* Refused at that field. */
static void assert_refused_at(struct ctx *ctx, const char *field, enum err result)
{
	assert_int_equal(result, ERR_INVALID);
	assert_non_null(ctx->error.field);
	assert_string_equal(ctx->error.field, field);
	error_clear(ctx);
}

static int64_t begin(struct ctx *ctx, struct actor *writer, int64_t topic)
{
	int64_t id = 0;

	ctx->actor = writer;
	assert_ok(ctx, private_start(ctx, topic, "Quel est votre numéro de *client* ?", NULL, &id));
	assert_true(id > 0);
	return id;
}

static void say(struct ctx *ctx, struct actor *writer, int64_t id, const char *words)
{
	ctx->actor = writer;
	forum_sql(ctx, "delete from throttles");
	assert_ok(ctx, private_write(ctx, id, words, NULL));
}

static struct private_view seen(struct ctx *ctx, struct actor *reader, int64_t id)
{
	struct private_view view = { .count = 0 };

	ctx->actor = reader;
	assert_ok(ctx, private_load(ctx, id, 0, &view));
	return view;
}

static int64_t told(struct ctx *ctx, const struct actor *person, const char *kind)
{
	return forum_number(ctx,
			    arena_printf(ctx->arena,
					 "select count(*) from notifications where person_id = $1"
					 " and kind = '%s' and read_at is null",
					 kind),
			    person->id);
}

static int64_t audited(struct ctx *ctx, const char *action, int64_t topic)
{
	return forum_number(ctx,
			    arena_printf(ctx->arena,
					 "select count(*) from audit_log where subject = 'topic'"
					 " and subject_id = $1 and action = '%s'",
					 action),
			    topic);
}

static void test_both_sides_read_and_write_and_are_told(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Nora", ROLE_CUSTOMER),
		     *writer = advisor(ctx, "Ada");
	int64_t topic = put_question(ctx, asker), id = begin(ctx, writer, topic);
	struct private_view view;

	assert_int_equal(told(ctx, asker, "private"), 1);
	asker->unread_count = writer->unread_count = 1;
	view = seen(ctx, asker, id);
	assert_int_equal(view.count, 1);
	assert_true(view.exchange.is_asker && view.exchange.is_unread && !view.exchange.can.close);
	assert_non_null(strstr(view.messages[0].body.html, "<em>client</em>"));
	assert_false(view.messages[0].is_read);
	assert_int_equal(told(ctx, asker, "private"), 0);
	ctx->now += CLOCK_MINUTE;
	/* A number of a person is what it is for. */
	say(ctx, asker, id, "06 12 34 56 78, <script>alert(1)</script> @ada");
	assert_int_equal(told(ctx, writer, "private_reply"), 1);
	view = seen(ctx, writer, id);
	assert_int_equal(view.count, 2);
	assert_true(view.exchange.waits_for_team && view.exchange.can.close);
	assert_true(view.messages[0].is_read && !view.messages[1].is_read);
	assert_null(strstr(view.messages[1].body.html, "<script"));
	assert_null(strstr(view.messages[1].body.html, "/u/"));
	assert_int_equal(told(ctx, writer, "private_reply"), 0);
	ctx->now += CLOCK_MINUTE;
	assert_true(seen(ctx, asker, id).messages[1].is_read);
}

static void test_nobody_else_learns_that_there_is_one(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Omar", ROLE_CUSTOMER);
	struct actor *other = forum_person(ctx, "Lise", ROLE_CUSTOMER);
	int64_t topic = put_question(ctx, asker), id = begin(ctx, advisor(ctx, "Bea"), topic);
	struct private_view view;
	struct private_list list;

	ctx->actor = other;
	assert_err(ctx, ERR_NOT_FOUND, private_load(ctx, id, 0, &view));
	assert_err(ctx, ERR_NOT_FOUND, private_write(ctx, id, "Moi aussi", NULL));
	assert_err(ctx, ERR_NOT_FOUND, private_take(ctx, id, NULL));
	assert_err(ctx, ERR_NOT_FOUND,
		   private_close(ctx, &(struct private_closing){
					      .id = id, .is_silent = true, .reason = "Non" }));
	assert_err(ctx, ERR_FORBIDDEN, private_list_open(ctx, &list));
	assert_ok(ctx, private_list_own(ctx, 0, &list));
	assert_int_equal(list.count, 0);
	/* An expert of the field works at the desk, and reads none all the same. */
	other->expert_fields = arena_printf(
		ctx->arena, ",c%lld,",
		(long long)forum_number(ctx, "select category_id from topics where id = $1",
					topic));
	assert_err(ctx, ERR_NOT_FOUND, private_load(ctx, id, 0, &view));
	assert_err(ctx, ERR_FORBIDDEN, private_start(ctx, topic, "Bonjour", NULL, &id));
}

static void test_one_is_open_at_a_time_and_the_same_form_is_one_message(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Pia", ROLE_CUSTOMER),
		     *writer = advisor(ctx, "Cleo");
	int64_t topic = put_question(ctx, asker), id = 0, again = 0;
	const char *key = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee-private";

	ctx->actor = writer;
	assert_ok(ctx, private_start(ctx, topic, "Bonjour", key, &id));
	assert_ok(ctx, private_start(ctx, topic, "Bonjour", key, &again));
	assert_int_equal(id, again);
	assert_int_equal(seen(ctx, writer, id).count, 1);
	assert_err(ctx, ERR_CONFLICT, private_start(ctx, topic, "Encore", NULL, &again));
	assert_refused_at(ctx, "private", private_start(ctx, topic, " \n", NULL, &again));
	assert_refused_at(ctx, "body", private_write(ctx, id, "", NULL));
}

static void test_a_colleague_takes_over_and_reading_is_noted(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Rosa", ROLE_CUSTOMER);
	struct actor *first = advisor(ctx, "Dora"), *second = advisor(ctx, "Elsa");
	int64_t topic = put_question(ctx, asker), id = begin(ctx, first, topic);

	assert_int_equal(seen(ctx, first, id).exchange.in_charge, first->id);
	assert_int_equal(audited(ctx, "private_read", topic), 0);
	assert_true(seen(ctx, second, id).exchange.can.take);
	seen(ctx, second, id);
	assert_int_equal(audited(ctx, "private_read", topic), 1);
	assert_ok(ctx, private_take(ctx, id, NULL));
	assert_ok(ctx, private_take(ctx, id, NULL));
	assert_int_equal(seen(ctx, second, id).exchange.in_charge, second->id);
	assert_int_equal(audited(ctx, "private_taken", topic), 1);
	say(ctx, asker, id, "Voici");
	assert_int_equal(told(ctx, second, "private_reply"), 1);
	assert_int_equal(told(ctx, first, "private_reply"), 0);
	/* Who leaves the team is in charge no more; the next to answer is. */
	forum_sql(ctx,
		  arena_printf(ctx->arena, "update people set role = 'customer' where id = %lld",
			       (long long)second->id));
	say(ctx, first, id, "Merci");
	assert_int_equal(seen(ctx, first, id).exchange.in_charge, first->id);
}

static void test_the_summary_is_an_answer_that_everybody_reads(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Tom", ROLE_CUSTOMER),
		     *writer = advisor(ctx, "Fay");
	int64_t topic = put_question(ctx, asker), id = begin(ctx, writer, topic);
	struct private_closing form = {
		.id = id,
		.summary_md = "Trop court",
		.form_key = "fffffffffffffffffffffffffffffffffffffffffff-close"
	};
	struct private_exchange closed;

	assert_refused_at(ctx, "summary", private_close(ctx, &form));
	form.summary_md = "Le compte était suspendu par erreur ; il est rétabli pour tous.";
	assert_ok(ctx, private_close(ctx, &form));
	assert_ok(ctx, private_close(ctx, &form));
	closed = seen(ctx, asker, id).exchange;
	assert_false(closed.is_open);
	assert_true(closed.summary_post_id > 0);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from posts where topic_id = $1"
				      " and kind = 'answer' and visibility = 'visible'",
				      topic),
			 1);
	ctx->actor = advisor(ctx, "Gil");
	assert_err(ctx, ERR_CONFLICT, private_close(ctx, &form));
}

static void test_closed_it_can_go_on_for_some_days(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Uma", ROLE_CUSTOMER),
		     *writer = advisor(ctx, "Hal");
	int64_t topic = put_question(ctx, asker), id = begin(ctx, writer, topic);
	struct private_closing form = { .id = id, .is_silent = true, .reason = "" };

	assert_refused_at(ctx, "reason", private_close(ctx, &form));
	form.reason = "Rien d’utile pour d’autres";
	assert_ok(ctx, private_close(ctx, &form));
	assert_true(seen(ctx, asker, id).exchange.can.write);
	say(ctx, asker, id, "Cela recommence");
	assert_true(seen(ctx, asker, id).exchange.is_open);
	assert_int_equal(audited(ctx, "private_reopened", topic), 1);
	ctx->actor = writer;
	assert_ok(ctx, private_close(ctx, &form));
	ctx->now += 15 * CLOCK_DAY;
	assert_false(seen(ctx, asker, id).exchange.can.write);
	forum_sql(ctx, "delete from throttles");
	assert_err(ctx, ERR_CONFLICT, private_write(ctx, id, "Encore", NULL));
	/* Then another one begins; nobody opens the old one beside it. */
	assert_true(begin(ctx, writer, topic) != id);
}

static int64_t message_count(struct ctx *ctx, int64_t id)
{
	return forum_number(ctx, "select count(*) from private_messages where exchange_id = $1",
			    id);
}

static void test_what_was_said_is_deleted_when_its_time_is_over(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Vic", ROLE_CUSTOMER),
		     *writer = advisor(ctx, "Ida");
	int64_t topic = put_question(ctx, asker), id = begin(ctx, writer, topic);
	struct private_view view;

	ctx->now += 400 * CLOCK_DAY;
	assert_ok(ctx, private_purge(ctx));
	assert_int_equal(message_count(ctx, id), 1); /* it is open */
	assert_ok(ctx,
		  private_close(ctx, &(struct private_closing){
					     .id = id, .is_silent = true, .reason = "Réglé" }));
	ctx->now += 179 * CLOCK_DAY;
	assert_ok(ctx, private_purge(ctx));
	assert_int_equal(message_count(ctx, id), 1);
	ctx->now += 2 * CLOCK_DAY;
	assert_ok(ctx, private_purge(ctx));
	assert_int_equal(message_count(ctx, id), 0);
	view = seen(ctx, asker, id);
	assert_true(view.exchange.emptied_at > 0 && !view.exchange.can.write);
	assert_string_equal(view.exchange.closing_reason, "");
}

static void test_the_question_counts_as_answered_and_goes_on(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Wim", ROLE_CUSTOMER), *writer = advisor(ctx, "Jo");
	int64_t topic = put_question(ctx, asker);
	struct desk_question question;
	struct topic loaded;
	bool has_more = true;

	begin(ctx, writer, topic);
	for (int i = 0; i < 20 && has_more; i++)
		assert_ok(ctx, desk_work(ctx, &has_more));
	assert_ok(ctx, desk_load(ctx, topic, &question));
	assert_int_equal(question.stage, DESK_ANSWERED);
	assert_true(question.first_met_at > 0);
	assert_int_equal(question.solution_met_at, 0);
	assert_ok(ctx, topic_load(ctx, topic, &loaded));
	assert_string_equal(loaded.private_state, "open");
	assert_int_equal(loaded.answer_count, 0);
}

static void test_what_was_missing_may_come_in_private(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Yan", ROLE_CUSTOMER),
		     *writer = advisor(ctx, "Lou");
	int64_t topic = put_question(ctx, asker), id = begin(ctx, writer, topic);
	const char *waits =
		"select count(*) from topics where id = $1 and status = 'needs_information'";

	forum_sql(ctx,
		  arena_printf(ctx->arena,
			       "update topics set status = 'needs_information' where id = %lld",
			       (long long)topic));
	say(ctx, writer, id, "Il me manque le numéro");
	assert_int_equal(forum_number(ctx, waits, topic), 1);
	say(ctx, asker, id, "Le voici");
	assert_int_equal(forum_number(ctx, waits, topic), 0);
}

static void test_who_asked_and_leaves_takes_it_along(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Xena", ROLE_CUSTOMER),
		     *writer = advisor(ctx, "Kim");
	int64_t topic = put_question(ctx, asker), id = begin(ctx, writer, topic);

	say(ctx, asker, id, "Mon secret");
	forum_sql(
		ctx,
		arena_printf(ctx->arena,
			     "insert into person_erasures (person_id, due_at) values (%lld, now())",
			     (long long)asker->id));
	forum_number(ctx, "select count(*) from (select person_erase($1)) x", asker->id);
	assert_int_equal(message_count(ctx, id), 0);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from private_exchanges where id = $1"
				      " and person_id is null and emptied_at is not null",
				      id),
			 1);
	assert_false(seen(ctx, writer, id).exchange.can.write);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_both_sides_read_and_write_and_are_told),
		FORUM_TEST(test_nobody_else_learns_that_there_is_one),
		FORUM_TEST(test_one_is_open_at_a_time_and_the_same_form_is_one_message),
		FORUM_TEST(test_a_colleague_takes_over_and_reading_is_noted),
		FORUM_TEST(test_the_summary_is_an_answer_that_everybody_reads),
		FORUM_TEST(test_closed_it_can_go_on_for_some_days),
		FORUM_TEST(test_what_was_said_is_deleted_when_its_time_is_over),
		FORUM_TEST(test_the_question_counts_as_answered_and_goes_on),
		FORUM_TEST(test_what_was_missing_may_come_in_private),
		FORUM_TEST(test_who_asked_and_leaves_takes_it_along),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_private");
}
