/*
 * What happens to a mirror over time: answers that are sent, people who claim what
 * they wrote or want it gone, absence and the brake, retention.
 */
#include "mirror_fixture.h"

static void start(struct ctx *ctx, struct mirror *mirror)
{
	*mirror = mirror_fixture(ctx);
	mirror_apply_one(ctx, mirror, confirmed(mirror_post("p", "Post"), AT(10)));
	mirror_apply_one(ctx, mirror, confirmed(mirror_comment("p", "p", "c", "Word"), AT(10)));
}

static int64_t post_of(struct ctx *ctx, const struct mirror *mirror, const char *key)
{
	const char *sql = arena_printf(
		ctx->arena, "select post_id from mirror_items where source_id = $1 and key = '%s'",
		key);

	return mirror_count(ctx, mirror, sql);
}

/* Sending ------------------------------------------------------------------------------ */

/* An advisor's comment under the customer's, queued to be sent. */
static int64_t queue_reply(struct ctx *ctx, const struct mirror *mirror, const char *text)
{
	struct actor *advisor = forum_person(ctx, "Advisor", ROLE_ADVISOR);
	int64_t id = forum_comment(ctx, advisor, post_of(ctx, mirror, "c"), text);

	ctx->actor = advisor;
	assert_ok(ctx, mirror_send_reply(ctx, id));
	assert_ok(ctx, mirror_send_reply(ctx, id));
	ctx->actor = &actor_system;
	assert_int_equal(
		forum_number(ctx, "select count(*) from mirror_outbox where post_id = $1", id), 1);
	return id;
}

static struct mirror_write next_write(struct ctx *ctx, const struct mirror *mirror)
{
	struct mirror_write write;
	bool found;

	assert_ok(ctx, mirror_outbox_next(ctx, mirror, &write, &found));
	assert_true(found);
	return write;
}

static struct mirror_write take_write(struct ctx *ctx, const struct mirror *mirror)
{
	struct mirror_write write = next_write(ctx, mirror);
	bool is_ours;

	assert_ok(ctx, mirror_outbox_sending(ctx, &write, &is_ours));
	assert_true(is_ours);
	assert_ok(ctx, mirror_outbox_sending(ctx, &write, &is_ours));
	assert_false(is_ours);
	return write;
}

static struct source_event echo_of(const char *text)
{
	struct source_event echo = mirror_comment("p", "c", "r", text);

	echo.item.is_self = true;
	echo.item.author_key = "";
	echo.item.created_at = clock_now();
	return hinted(echo, clock_now());
}

static void assert_one_reply(struct ctx *ctx, const struct mirror *mirror, int64_t post_id)
{
	assert_int_equal(post_of(ctx, mirror, "r"), post_id);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from posts where visibility = 'visible'\n"
				      "	and kind = 'comment'\n"
				      "	and topic_id = (select topic_id from posts where id = $1)",
				      post_id),
			 1);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from mirror_outbox where post_id = $1 and state = 'sent'",
			post_id),
		1);
	assert_checks_clean(ctx);
}

static const struct write_result made = {
	.key = "r", .address = "p_r", .parent_key = "c", .url = ""
};

static void test_an_answer_and_its_echo_are_one(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror;
	struct mirror_write write;
	int64_t id;

	start(ctx, &mirror);
	id = queue_reply(ctx, &mirror, "We **open** at nine.");
	write = take_write(ctx, &mirror);
	assert_string_equal(write.write.text, "We open at nine.");
	assert_ok(ctx, mirror_outbox_sent(ctx, &mirror, &write, &made));
	mirror_apply_one(ctx, &mirror, echo_of("We open at nine."));
	assert_one_reply(ctx, &mirror, id);
}

static void test_an_echo_may_come_before_the_answer_to_the_call(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror;
	struct mirror_write write;
	int64_t id;

	start(ctx, &mirror);
	id = queue_reply(ctx, &mirror, "We **open** at nine.");
	write = take_write(ctx, &mirror);
	mirror_apply_one(ctx, &mirror, echo_of("We  open at nine."));
	assert_one_reply(ctx, &mirror, id);
	assert_ok(ctx, mirror_outbox_sent(ctx, &mirror, &write, &made));
	assert_one_reply(ctx, &mirror, id);
}

/* The network changed the words, so the echo was imported; then the call tells its key. */
static void test_an_imported_copy_makes_way(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror;
	struct mirror_write write;
	int64_t id;

	start(ctx, &mirror);
	id = queue_reply(ctx, &mirror, "We **open** at nine.");
	write = take_write(ctx, &mirror);
	mirror_apply_one(ctx, &mirror, echo_of("Something quite different"));
	assert_int_not_equal(post_of(ctx, &mirror, "r"), id);
	assert_ok(ctx, mirror_outbox_sent(ctx, &mirror, &write, &made));
	assert_one_reply(ctx, &mirror, id);
}

static void test_what_a_dead_worker_was_sending_is_looked_for(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror;
	struct mirror_write write;

	start(ctx, &mirror);
	queue_reply(ctx, &mirror, "We open at nine.");
	take_write(ctx, &mirror);
	write = next_write(ctx, &mirror);
	assert_int_equal(write.state, OUTBOX_UNKNOWN);
	assert_true(write.write.asked_at > 0);
	assert_ok(ctx, mirror_outbox_put(ctx, &write, OUTBOX_UNKNOWN, 0, true, NULL));
	assert_int_equal(next_write(ctx, &mirror).looks, 1);
}

static void test_editing_and_withdrawing_follow_there(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror;
	struct mirror_write write;
	const char *path;
	int64_t id;

	start(ctx, &mirror);
	id = queue_reply(ctx, &mirror, "We open at nine.");
	write = take_write(ctx, &mirror);
	assert_ok(ctx, mirror_outbox_sent(ctx, &mirror, &write, &made));
	assert_ok(ctx, post_edit(ctx,
				 &(struct post_edit){
					 .id = id, .body_md = "We open at ten.", .reason = "" },
				 &path));
	write = next_write(ctx, &mirror);
	assert_int_equal(write.write.kind, WRITE_EDIT);
	assert_string_equal(write.write.text, "We open at ten.");
	assert_string_equal(write.write.address, "p_r");
	assert_ok(ctx, mirror_outbox_sent(ctx, &mirror, &write, NULL));
	assert_ok(ctx, post_withdraw(ctx, id));
	write = next_write(ctx, &mirror);
	assert_int_equal(write.write.kind, WRITE_DELETE);
	assert_ok(ctx, mirror_outbox_sent(ctx, &mirror, &write, NULL));
	assert_checks_clean(ctx);
}

static void test_customers_send_nothing(void **state)
{
	struct ctx *ctx = *state;
	struct actor *customer = forum_person(ctx, "Customer", ROLE_CUSTOMER);
	struct mirror mirror;
	int64_t id;

	start(ctx, &mirror);
	id = forum_comment(ctx, customer, post_of(ctx, &mirror, "c"), "I would know.");
	ctx->actor = customer;
	assert_err(ctx, ERR_FORBIDDEN, mirror_send_reply(ctx, id));
	assert_err(ctx, ERR_FORBIDDEN,
		   mirror_send_moderation(ctx, post_of(ctx, &mirror, "c"), WRITE_HIDE));
	db_rollback(ctx);
	ctx->actor = &actor_system;
}

static void test_a_hide_is_sent_and_takes_effect(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror;
	struct mirror_write write;

	start(ctx, &mirror);
	assert_ok(ctx, mirror_send_moderation(ctx, post_of(ctx, &mirror, "c"), WRITE_HIDE));
	assert_ok(ctx, mirror_send_moderation(ctx, post_of(ctx, &mirror, "c"), WRITE_HIDE));
	assert_int_equal(mirror_count(ctx, &mirror,
				      "select count(*) from mirror_outbox where source_id = $1"),
			 1);
	write = take_write(ctx, &mirror);
	assert_ok(ctx, mirror_outbox_sent(ctx, &mirror, &write, NULL));
	assert_string_equal(mirror_shown(ctx, &mirror), "p|-|Nordlicht Räder|Post");
}

/* Absence ------------------------------------------------------------------------------ */

static void miss(struct ctx *ctx, const struct mirror *mirror, const char *key, int64_t at)
{
	mirror_apply_one(
		ctx, mirror,
		mirror_event(EVENT_MISSING, confirmed(mirror_comment("p", "p", key, NULL), at)));
}

static int64_t conclude(struct ctx *ctx, const struct mirror *mirror, bool *held)
{
	struct config *config = arena_new_of(ctx->arena, struct config);
	int64_t concluded;

	*config = *ctx->config;
	config->mirror.absence_hours = 24;
	config->mirror.brake_percent = 5;
	ctx->config = config;
	assert_ok(ctx, mirror_conclude(ctx, mirror, &concluded, held));
	return concluded;
}

static void test_missing_is_not_gone_until_it_was_missing_for_a_day(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror;
	bool held;

	start(ctx, &mirror);
	miss(ctx, &mirror, "c", AT(100));
	miss(ctx, &mirror, "c", AT(200));
	assert_int_equal(conclude(ctx, &mirror, &held), 0);
	miss(ctx, &mirror, "c", AT(100 + 25 * 3600));
	/* The post could not be read either: a lost permission looks like that. */
	assert_int_equal(conclude(ctx, &mirror, &held), 0);
	mirror_apply_one(ctx, &mirror, confirmed(mirror_post("p", "Post"), AT(100 + 25 * 3600)));
	assert_int_equal(conclude(ctx, &mirror, &held), 1);
	assert_string_equal(mirror_shown(ctx, &mirror), "p|-|Nordlicht Räder|Post");
	/* It was a mistake: the next reading says so. */
	mirror_apply_one(
		ctx, &mirror,
		confirmed(mirror_comment("p", "p", "c", "Word"), clock_now() + CLOCK_HOUR));
	assert_string_equal(mirror_shown(ctx, &mirror),
			    "c|-|Facebook customer|Word\np|-|Nordlicht Räder|Post");
	assert_checks_clean(ctx);
}

static void test_the_brake_holds_when_much_is_gone(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror;
	bool held;

	start(ctx, &mirror);
	for (int i = 0; i < 10; i++) {
		const char *key = arena_printf(ctx->arena, "m%d", i);

		mirror_apply_one(ctx, &mirror,
				 confirmed(mirror_comment("p", "p", key, "Many"), AT(10)));
		miss(ctx, &mirror, key, AT(100));
		miss(ctx, &mirror, key, AT(100 + 25 * 3600));
	}
	mirror_apply_one(ctx, &mirror, confirmed(mirror_post("p", "Post"), AT(100 + 25 * 3600)));
	assert_int_equal(conclude(ctx, &mirror, &held), 0);
	assert_true(held);
	assert_int_equal(mirror_count(ctx, &mirror,
				      "select count(*) from mirror_sources where id = $1\n"
				      "	and brake_at is not null"),
			 1);
}

/* Shown from a notice alone, then not there: perhaps it never was. */
static void test_a_rumour_that_is_not_there_is_not_shown(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror;

	start(ctx, &mirror);
	mirror_apply_one(ctx, &mirror, hinted(mirror_comment("p", "p", "h", "Heard"), AT(20)));
	assert_non_null(strstr(mirror_shown(ctx, &mirror), "Heard"));
	miss(ctx, &mirror, "h", AT(30));
	assert_null(strstr(mirror_shown(ctx, &mirror), "Heard"));
}

/* People ------------------------------------------------------------------------------- */

static int64_t author_of(struct ctx *ctx, const struct mirror *mirror)
{
	return mirror_count(ctx, mirror, "select id from mirror_authors where source_id = $1");
}

static void show_again(struct ctx *ctx, const struct mirror *mirror)
{
	const char **roots;
	size_t count;

	assert_ok(ctx, mirror_reshows(ctx, mirror, &roots, &count));
	assert_true(count > 0);
	assert_ok(ctx, mirror_show_again(ctx, mirror, roots, count));
}

static void test_a_member_claims_what_they_wrote_there(void **state)
{
	struct ctx *ctx = *state;
	struct actor *ana = forum_person(ctx, "ana", ROLE_CUSTOMER);
	struct actor *other = forum_person(ctx, "other", ROLE_CUSTOMER);
	struct mirror mirror;
	const char *answers = "select answer_count from people where id = $1";

	start(ctx, &mirror);
	assert_ok(ctx, mirror_claim_author(ctx, author_of(ctx, &mirror), ana->id));
	show_again(ctx, &mirror);
	assert_int_equal(forum_number(ctx, answers, ana->id), 1);
	assert_err(ctx, ERR_CONFLICT, mirror_claim_author(ctx, author_of(ctx, &mirror), other->id));
	db_rollback(ctx);
	mirror_apply_one(ctx, &mirror, confirmed(mirror_comment("p", "p", "c2", "More"), AT(20)));
	assert_int_equal(forum_number(ctx, answers, ana->id), 2);
	assert_ok(ctx, mirror_claim_author(ctx, author_of(ctx, &mirror), 0));
	show_again(ctx, &mirror);
	assert_int_equal(forum_number(ctx, answers, ana->id), 0);
	assert_checks_clean(ctx);
}

static void test_an_erased_author_leaves_nothing_and_does_not_come_back(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror;
	int64_t erasure;
	bool has_more = true;

	start(ctx, &mirror);
	mirror_apply_one(ctx, &mirror, confirmed(mirror_comment("p", "p", "c", "Words"), AT(20)));
	assert_ok(ctx, mirror_erase_author(ctx, author_of(ctx, &mirror), &erasure));
	show_again(ctx, &mirror);
	assert_string_equal(mirror_shown(ctx, &mirror), "p|-|Nordlicht Räder|Post");
	while (has_more)
		assert_ok(ctx, mirror_erase_some(ctx, &mirror, &has_more));
	assert_int_equal(
		mirror_count(
			ctx, &mirror,
			"select count(*) from mirror_items i left join posts p on p.id = i.post_id\n"
			"left join revisions r on r.post_id = p.id\n"
			"where i.source_id = $1 and 'Word' in (left(i.body, 4), left(p.body_md, 4),\n"
			"	left(r.body_md, 4))"),
		0);
	assert_int_equal(
		mirror_count(
			ctx, &mirror,
			"select count(*) from mirror_authors where source_id = $1 and name <> ''"),
		0);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from mirror_erasures where id = $1 and state = 'done'",
			erasure),
		1);
	mirror_apply_one(ctx, &mirror, confirmed(mirror_comment("p", "p", "c", "Word"), AT(50)));
	mirror_apply_one(ctx, &mirror, confirmed(mirror_comment("p", "p", "d", "Word"), AT(50)));
	assert_string_equal(mirror_shown(ctx, &mirror), "p|-|Nordlicht Räder|Post");
	assert_int_equal(
		mirror_count(
			ctx, &mirror,
			"select count(*) from mirror_items where source_id = $1 and body like 'Word%'"),
		0);
	assert_checks_clean(ctx);
}

static void test_words_of_what_was_removed_go_in_time(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror;

	start(ctx, &mirror);
	mirror_apply_one(ctx, &mirror,
			 mirror_event(EVENT_REMOVED,
				      hinted(mirror_comment("p", "p", "c", NULL), clock_now())));
	assert_ok(ctx, mirror_retention(ctx));
	assert_int_equal(
		mirror_count(
			ctx, &mirror,
			"select count(*) from mirror_items where source_id = $1 and body = 'Word'"),
		1);
	forum_sql(
		ctx,
		"update mirror_items set removed_at = now() - interval '31 days' where key = 'c'");
	assert_ok(ctx, mirror_retention(ctx));
	assert_int_equal(
		mirror_count(
			ctx, &mirror,
			"select count(*) from mirror_items i join posts p on p.id = i.post_id\n"
			"where i.source_id = $1 and 'Word' in (i.body, p.body_md)"),
		0);
	assert_checks_clean(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_an_answer_and_its_echo_are_one),
		FORUM_TEST(test_an_echo_may_come_before_the_answer_to_the_call),
		FORUM_TEST(test_an_imported_copy_makes_way),
		FORUM_TEST(test_what_a_dead_worker_was_sending_is_looked_for),
		FORUM_TEST(test_editing_and_withdrawing_follow_there),
		FORUM_TEST(test_customers_send_nothing),
		FORUM_TEST(test_a_hide_is_sent_and_takes_effect),
		FORUM_TEST(test_missing_is_not_gone_until_it_was_missing_for_a_day),
		FORUM_TEST(test_the_brake_holds_when_much_is_gone),
		FORUM_TEST(test_a_rumour_that_is_not_there_is_not_shown),
		FORUM_TEST(test_a_member_claims_what_they_wrote_there),
		FORUM_TEST(test_an_erased_author_leaves_nothing_and_does_not_come_back),
		FORUM_TEST(test_words_of_what_was_removed_go_in_time),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_mirror_life");
}
