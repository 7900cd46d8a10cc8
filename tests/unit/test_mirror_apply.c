/*
 * Applying events: in any order, twice, by halves, the same is shown in the end.
 */
#include "mirror_fixture.h"

#define EVENTS_MAX 8

static void test_a_thread_becomes_a_topic(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror = mirror_fixture(ctx);
	struct source_event events[] = {
		confirmed(mirror_post("p", "Open on Saturday! Come and see."), AT(10)),
		confirmed(mirror_comment("p", "p", "c1", "At what time?"), AT(10)),
		confirmed(mirror_comment("p", "c1", "c2", "At nine"), AT(10)),
		confirmed(mirror_comment("p", "c2", "c3", "Thanks & <b>bye</b>"), AT(10)),
	};

	assert_ok(ctx, mirror_apply_all(ctx, &mirror, events, ARRAY_COUNT(events)));
	assert_string_equal(mirror_shown(ctx, &mirror),
			    "c1|-|Facebook customer|At what time?\n"
			    "c2|At what time?|Facebook customer|At nine\n"
			    "c3|At nine|Facebook customer|Thanks & \\<b>bye\\</b>\n"
			    "p|-|Nordlicht Räder|Open on Saturday! Come and see.");
	assert_int_equal(mirror_count(ctx, &mirror,
				      "select count(*) from topics where mirror_source_id = $1\n"
				      "	and title = 'Open on Saturday!' and is_official\n"
				      "	and answer_count = 1 and comment_count = 2"),
			 1);
	assert_checks_clean(ctx);
}

/* All orders of a small set of events -------------------------------------------------- */

static void swap(struct source_event *one, struct source_event *other)
{
	struct source_event kept = *one;

	*one = *other;
	*other = kept;
}

/* The next order in Heap's sequence; false at the end. */
static bool next_order(struct source_event *events, size_t count, size_t *counters)
{
	size_t i = 1;

	while (i < count && counters[i] >= i)
		counters[i++] = 0;
	if (i == count)
		return false;
	swap(&events[i % 2 ? counters[i] : 0], &events[i]);
	counters[i]++;
	return true;
}

static const char *shown_after(struct ctx *ctx, const struct source_event *events, size_t count,
			       bool is_twice)
{
	struct mirror mirror = mirror_fixture(ctx);

	for (size_t i = 0; i < count; i++) {
		mirror_apply_one(ctx, &mirror, events[i]);
		if (is_twice)
			mirror_apply_one(ctx, &mirror, events[i / 2]);
	}
	assert_int_equal(
		mirror_count(ctx, &mirror,
			     "select count(*) - count(distinct post_id)\n"
			     "from mirror_items where source_id = $1 and post_id is not null"),
		0);
	return mirror_shown(ctx, &mirror);
}

static void assert_same_in_any_order(struct ctx *ctx, const struct source_event *given,
				     size_t count, const char *wanted)
{
	size_t counters[EVENTS_MAX] = { 0 };
	struct source_event events[EVENTS_MAX];
	int orders = 0;

	memcpy(events, given, count * sizeof(*events));
	do {
		assert_string_equal(shown_after(ctx, events, count, orders % 3 == 0), wanted);
		orders++;
	} while (next_order(events, count, counters));
	assert_true(orders > 1);
	assert_checks_clean(ctx);
}

static void test_replies_find_their_parents_in_any_order(void **state)
{
	const struct source_event events[] = {
		confirmed(mirror_post("p", "Post"), AT(10)),
		confirmed(mirror_comment("p", "p", "c1", "Comment"), AT(10)),
		confirmed(mirror_comment("p", "c1", "c2", "Reply"), AT(10)),
		confirmed(mirror_comment("p", "c2", "c3", "Deeper"), AT(10)),
	};

	assert_same_in_any_order(*state, events, ARRAY_COUNT(events),
				 "c1|-|Facebook customer|Comment\n"
				 "c2|Comment|Facebook customer|Reply\n"
				 "c3|Reply|Facebook customer|Deeper\n"
				 "p|-|Nordlicht Räder|Post");
}

static void test_the_last_reading_wins_in_any_order(void **state)
{
	const struct source_event events[] = {
		confirmed(mirror_post("p", "Post"), AT(10)),
		confirmed(mirror_comment("p", "p", "c1", "First"), AT(10)),
		confirmed(mirror_comment("p", "p", "c1", "Second"), AT(20)),
		hinted(mirror_comment("p", "p", "c1", "First"), AT(30)),
		mirror_event(EVENT_MISSING,
			     confirmed(mirror_comment("p", "p", "c1", NULL), AT(15))),
	};

	assert_same_in_any_order(*state, events, ARRAY_COUNT(events),
				 "c1|-|Facebook customer|Second\np|-|Nordlicht Räder|Post");
}

/* Section 12.4: an edit is newer than the add it follows, however late that comes. */
static void test_notices_alone_agree_in_any_order(void **state)
{
	struct source_event edit = hinted(mirror_comment("p", "p", "c1", "Edited"), AT(40));
	struct source_event stale = hinted(mirror_comment("p", "p", "c1", "Edtied"), AT(35));

	edit.item.edited_at = AT(40);
	stale.item.edited_at = AT(35);
	assert_same_in_any_order(
		*state,
		(struct source_event[]){
			hinted(mirror_post("p", "Post"), AT(10)),
			hinted(mirror_comment("p", "p", "c1", "Added"), AT(60)),
			edit,
			stale,
			mirror_event(EVENT_VISIBILITY,
				     hinted(mirror_comment("p", "p", "c1", NULL), AT(50))),
		},
		5, "c1|-|Facebook customer|Edited\np|-|Nordlicht Räder|Post");
}

static void test_a_removal_is_final_in_any_order(void **state)
{
	const struct source_event events[] = {
		confirmed(mirror_post("p", "Post"), AT(10)),
		hinted(mirror_comment("p", "p", "c1", "Gone"), AT(50)),
		mirror_event(EVENT_REMOVED, hinted(mirror_comment("p", "p", "c1", NULL), AT(20))),
		confirmed(mirror_comment("p", "p", "c1", "Gone"), AT(15)),
		confirmed(mirror_comment("p", "c1", "c2", "Under it"), AT(15)),
	};

	assert_same_in_any_order(*state, events, ARRAY_COUNT(events), "p|-|Nordlicht Räder|Post");
}

static void test_hidden_takes_all_below_along_in_any_order(void **state)
{
	struct source_event hide = mirror_event(
		EVENT_VISIBILITY, hinted(mirror_comment("p", "p", "c1", NULL), AT(30)));
	struct source_event unhide = mirror_event(
		EVENT_VISIBILITY, hinted(mirror_comment("p", "p", "c1", NULL), AT(20)));

	hide.item.visibility = ITEM_HIDDEN;
	assert_same_in_any_order(
		*state,
		(struct source_event[]){
			confirmed(mirror_post("p", "Post"), AT(10)),
			confirmed(mirror_comment("p", "p", "c1", "Rude"), AT(10)),
			confirmed(mirror_comment("p", "c1", "c2", "Indeed"), AT(10)),
			hide,
			unhide,
		},
		5, "p|-|Nordlicht Räder|Post");
}

/* Not a removal ------------------------------------------------------------------------- */

static void test_unhidden_comes_back_with_its_counts(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror = mirror_fixture(ctx);
	struct source_event unpublished = confirmed(mirror_post("p", "Post"), AT(20));

	mirror_apply_one(ctx, &mirror, confirmed(mirror_post("p", "Post"), AT(10)));
	mirror_apply_one(ctx, &mirror, confirmed(mirror_comment("p", "p", "c", "Word"), AT(10)));
	unpublished.item.visibility = ITEM_UNPUBLISHED;
	mirror_apply_one(ctx, &mirror, unpublished);
	assert_string_equal(mirror_shown(ctx, &mirror), "");
	assert_int_equal(mirror_count(ctx, &mirror,
				      "select count(*) from topics where mirror_source_id = $1\n"
				      "	and visibility = 'held' and answer_count = 0"),
			 1);
	assert_checks_clean(ctx);
	mirror_apply_one(ctx, &mirror, confirmed(mirror_post("p", "Post"), AT(30)));
	assert_string_equal(mirror_shown(ctx, &mirror),
			    "c|-|Facebook customer|Word\np|-|Nordlicht Räder|Post");
	assert_checks_clean(ctx);
}

static void test_an_unpublished_post_makes_no_topic(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror = mirror_fixture(ctx);
	struct source_event scheduled = hinted(mirror_post("p", "Soon"), AT(10));
	struct source_event published = hinted(mirror_post("p", "Soon"), AT(20));

	scheduled.item.visibility = ITEM_UNPUBLISHED;
	mirror_apply_one(ctx, &mirror, scheduled);
	assert_int_equal(mirror_count(ctx, &mirror,
				      "select count(*) from topics where mirror_source_id = $1"),
			 0);
	mirror_apply_one(ctx, &mirror, published);
	assert_string_equal(mirror_shown(ctx, &mirror), "p|-|Nordlicht Räder|Soon");
}

static void test_an_edit_makes_a_revision(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror = mirror_fixture(ctx);

	mirror_apply_one(ctx, &mirror, confirmed(mirror_post("p", "Open on Sunday"), AT(10)));
	mirror_apply_one(ctx, &mirror, confirmed(mirror_post("p", "Open on Monday"), AT(20)));
	mirror_apply_one(ctx, &mirror, confirmed(mirror_post("p", "Open on Monday"), AT(30)));
	assert_int_equal(
		mirror_count(
			ctx, &mirror,
			"select p.revision_count from posts p join topics t on t.id = p.topic_id\n"
			"where t.mirror_source_id = $1 and t.title = 'Open on Monday'"),
		1);
	assert_int_equal(
		mirror_count(ctx, &mirror,
			     "select count(*) from revisions r join posts p on p.id = r.post_id\n"
			     "join topics t on t.id = p.topic_id where t.mirror_source_id = $1"),
		2);
}

static void test_a_waiting_comment_asks_for_its_thread(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror = mirror_fixture(ctx);

	mirror_apply_one(ctx, &mirror, confirmed(mirror_comment("p", "p", "c", "Early"), AT(10)));
	assert_string_equal(mirror_shown(ctx, &mirror), "");
	assert_int_equal(mirror_count(ctx, &mirror,
				      "select count(*) from mirror_refreshes where source_id = $1\n"
				      "	and kind = 'post' and key = 'p' and with_comments"),
			 1);
}

static void test_names_are_shown_as_the_brand_chose(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror = mirror_fixture(ctx);
	const char **roots;
	size_t count;

	mirror_apply_one(ctx, &mirror, confirmed(mirror_post("p", "Post"), AT(10)));
	mirror_apply_one(ctx, &mirror, confirmed(mirror_comment("p", "p", "c", "Word"), AT(10)));
	for (enum mirror_authors choice = AUTHORS_NOBODY; choice <= AUTHORS_NAME; choice++) {
		static const char *const wanted[] = {
			[AUTHORS_NOBODY] = "p|-|Nordlicht Räder|Post",
			[AUTHORS_ANONYMOUS] =
				"c|-|Facebook customer|Word\np|-|Nordlicht Räder|Post",
			[AUTHORS_FIRST_NAME] = "c|-|Ana|Word\np|-|Nordlicht Räder|Post",
			[AUTHORS_NAME] = "c|-|Ana Ødegård|Word\np|-|Nordlicht Räder|Post",
		};

		mirror.show_authors = choice;
		assert_ok(ctx, mirror_configure(ctx, &mirror));
		assert_ok(ctx, mirror_load(ctx, mirror.source.id, &mirror));
		assert_ok(ctx, mirror_reshows(ctx, &mirror, &roots, &count));
		assert_ok(ctx, mirror_show_again(ctx, &mirror, roots, count));
		assert_string_equal(mirror_shown(ctx, &mirror), wanted[choice]);
	}
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from audit_log where action = 'mirror_privacy'\n"
			     "	and subject_id = $1",
			     mirror.source.id),
		4);
	assert_checks_clean(ctx);
}

static void test_a_chain_of_parents_into_itself_shows_nothing(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror = mirror_fixture(ctx);
	struct source_event events[] = {
		confirmed(mirror_post("p", "Post"), AT(10)),
		confirmed(mirror_comment("p", "b", "a", "One"), AT(10)),
		confirmed(mirror_comment("p", "a", "b", "Other"), AT(10)),
	};

	assert_ok(ctx, mirror_apply_all(ctx, &mirror, events, ARRAY_COUNT(events)));
	assert_string_equal(mirror_shown(ctx, &mirror), "p|-|Nordlicht Räder|Post");
}

static void test_what_people_withdrew_here_stays_withdrawn(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror = mirror_fixture(ctx);

	mirror_apply_one(ctx, &mirror, confirmed(mirror_post("p", "Post"), AT(10)));
	mirror_apply_one(ctx, &mirror, confirmed(mirror_comment("p", "p", "c", "Word"), AT(10)));
	forum_sql(ctx, "update posts set visibility = 'withdrawn' where body_md = 'Word'\n"
		       "	and topic_id = (select max(id) from topics)");
	mirror_apply_one(ctx, &mirror, confirmed(mirror_comment("p", "p", "c", "Words"), AT(20)));
	assert_string_equal(mirror_shown(ctx, &mirror), "p|-|Nordlicht Räder|Post");
}

/* Moderation of what is mirrored ------------------------------------------------------ */

static void set_rule(struct ctx *ctx, const char *act, bool on_mirrors)
{
	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"update holding_rules set is_on = false;"
			"insert into holding_rules (position, name, kind, act, words, is_on, on_mirrors)"
			" values (1, 'Of a test', 'hosts', '%s', 'bad.example', true, %s)",
			act, on_mirrors ? "true" : "false"));
}

static int64_t count_held(struct ctx *ctx, const struct mirror *mirror)
{
	return mirror_count(
		ctx, mirror,
		"select count(*) from moderation_items m join posts p on p.id = m.post_id\n"
		"join mirror_items i on i.post_id = p.id\n"
		"where i.source_id = $1 and m.state = 'open' and m.kind = 'held'\n"
		"	and p.visibility = 'held'");
}

static void release(struct ctx *ctx, const struct mirror *mirror)
{
	const char **roots;
	size_t count;

	forum_sql(ctx, "update posts set visibility = 'visible' where visibility = 'held'"
		       " and id in (select post_id from held_posts where released_at is null)");
	assert_ok(ctx, mirror_reshows(ctx, mirror, &roots, &count));
	assert_int_equal(count, 1);
	assert_ok(ctx, mirror_show_again(ctx, mirror, roots, count));
}

static void test_a_comment_that_a_rule_catches_is_held_here(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror = mirror_fixture(ctx);
	struct source_event events[] = {
		confirmed(mirror_post("p", "Open on Saturday. See https://bad.example/"), AT(10)),
		confirmed(mirror_comment("p", "p", "c1", "At what time?"), AT(10)),
		confirmed(mirror_comment("p", "p", "c2", "Cheaper at https://www.bad.example/x"),
			  AT(10)),
		confirmed(mirror_comment("p", "c2", "c3", "Thank you"), AT(10)),
	};

	set_rule(ctx, "hold", true);
	assert_ok(ctx, mirror_apply_all(ctx, &mirror, events, ARRAY_COUNT(events)));
	/* Neither the comment nor what answers it; the brand's own words pass. */
	assert_string_equal(mirror_shown(ctx, &mirror),
			    "c1|-|Facebook customer|At what time?\n"
			    "p|-|Nordlicht Räder|Open on Saturday. See <https://bad.example/>");
	assert_int_equal(count_held(ctx, &mirror), 1);
	assert_int_equal(mirror_count(ctx, &mirror,
				      "select count(*) from mirror_outbox where source_id = $1"),
			 0);
	/* What happens around it there does not bring it out. */
	mirror_apply_one(ctx, &mirror,
			 confirmed(mirror_comment("p", "p", "c4", "At nine"), AT(20)));
	mirror_apply_one(
		ctx, &mirror,
		confirmed(mirror_comment("p", "p", "c2", "Cheaper at https://www.bad.example/x"),
			  AT(21)));
	assert_int_equal(count_held(ctx, &mirror), 1);
	assert_checks_clean(ctx);
	release(ctx, &mirror);
	assert_string_equal(
		mirror_shown(ctx, &mirror),
		"c1|-|Facebook customer|At what time?\n"
		"c2|-|Facebook customer|Cheaper at <https://www.bad.example/x>\n"
		"c3|Cheaper at <https://www.bad.example/x>|Facebook customer|Thank you\n"
		"c4|-|Facebook customer|At nine\n"
		"p|-|Nordlicht Räder|Open on Saturday. See <https://bad.example/>");
	/* And stays: it was read, and its words are the same. */
	mirror_apply_one(
		ctx, &mirror,
		confirmed(mirror_comment("p", "p", "c2", "Cheaper at https://www.bad.example/x"),
			  AT(22)));
	assert_int_equal(count_held(ctx, &mirror), 0);
	assert_checks_clean(ctx);
	forum_sql(ctx, "update holding_rules set is_on = false");
}

static void test_rules_that_are_not_for_mirrors_leave_them_alone(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror = mirror_fixture(ctx);
	struct source_event events[] = {
		confirmed(mirror_post("p", "Open on Saturday"), AT(10)),
		confirmed(mirror_comment("p", "p", "c1", "https://bad.example"), AT(10)),
	};

	set_rule(ctx, "refuse", false);
	/* About the writer, who is not known here. */
	forum_sql(ctx, "update holding_rules set is_on = true, on_mirrors = true"
		       " where kind in ('first_posts', 'dormant', 'fill_time')");
	assert_ok(ctx, mirror_apply_all(ctx, &mirror, events, ARRAY_COUNT(events)));
	assert_int_equal(count_held(ctx, &mirror), 0);
	/* One that is edited into what a rule catches; a refusal holds here. */
	set_rule(ctx, "refuse", true);
	mirror_apply_one(
		ctx, &mirror,
		confirmed(mirror_comment("p", "p", "c1", "Now: https://bad.example/y"), AT(20)));
	assert_int_equal(count_held(ctx, &mirror), 1);
	assert_string_equal(mirror_shown(ctx, &mirror), "p|-|Nordlicht Räder|Open on Saturday");
	forum_sql(ctx, "update holding_rules set is_on = false, on_mirrors = false");
}

static void test_what_members_hid_stays_hidden_when_the_thread_goes_on(void **state)
{
	struct ctx *ctx = *state;
	struct mirror mirror = mirror_fixture(ctx);
	struct source_event events[] = {
		confirmed(mirror_post("p", "Open on Saturday"), AT(10)),
		confirmed(mirror_comment("p", "p", "c1", "You are all fools"), AT(10)),
	};

	assert_ok(ctx, mirror_apply_all(ctx, &mirror, events, ARRAY_COUNT(events)));
	forum_sql(
		ctx,
		arena_printf(ctx->arena,
			     "update posts set visibility = 'held', hidden_by_flags_at = now()"
			     " where id = (select post_id from mirror_items where source_id = %lld"
			     " and key = 'c1')",
			     (long long)mirror.source.id));
	mirror_apply_one(ctx, &mirror,
			 confirmed(mirror_comment("p", "p", "c2", "At nine"), AT(20)));
	assert_string_equal(mirror_shown(ctx, &mirror), "c2|-|Facebook customer|At nine\n"
							"p|-|Nordlicht Räder|Open on Saturday");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_a_thread_becomes_a_topic),
		FORUM_TEST(test_replies_find_their_parents_in_any_order),
		FORUM_TEST(test_the_last_reading_wins_in_any_order),
		FORUM_TEST(test_notices_alone_agree_in_any_order),
		FORUM_TEST(test_a_removal_is_final_in_any_order),
		FORUM_TEST(test_hidden_takes_all_below_along_in_any_order),
		FORUM_TEST(test_unhidden_comes_back_with_its_counts),
		FORUM_TEST(test_an_unpublished_post_makes_no_topic),
		FORUM_TEST(test_an_edit_makes_a_revision),
		FORUM_TEST(test_a_waiting_comment_asks_for_its_thread),
		FORUM_TEST(test_names_are_shown_as_the_brand_chose),
		FORUM_TEST(test_a_chain_of_parents_into_itself_shows_nothing),
		FORUM_TEST(test_what_people_withdrew_here_stays_withdrawn),
		FORUM_TEST(test_a_comment_that_a_rule_catches_is_held_here),
		FORUM_TEST(test_rules_that_are_not_for_mirrors_leave_them_alone),
		FORUM_TEST(test_what_members_hid_stays_hidden_when_the_thread_goes_on),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_mirror_apply");
}
