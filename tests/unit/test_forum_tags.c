/*
 * Tags: words that stand for one, those that are the team's, renaming, merging and
 * undoing in batches; after which no derived value differs from its source.
 */
#include "forum_fixture.h"

#include "forum/check.h"
#include "forum/expert.h"
#include "forum/follow.h"
#include "forum/search_scope.h"
#include "forum/suggestion.h"
#include "forum/tag.h"
#include "forum/tag_admin.h"

static struct actor *administrator(struct ctx *ctx)
{
	return forum_person(ctx, "Ada", ROLE_ADMINISTRATOR);
}

static int64_t put_tag(struct ctx *ctx, const char *name)
{
	forum_sql(ctx, arena_printf(ctx->arena, "insert into tags (name) values ('%s')", name));
	return forum_number(ctx, "select max(id) from tags where $1 = 0", 0);
}

/* A question with these tags, in that order. */
static int64_t put_topic(struct ctx *ctx, const int64_t *tags, size_t count)
{
	struct actor *asker = forum_person(ctx, "Zoé", ROLE_CUSTOMER);
	int64_t id = forum_put_topic(ctx,
				     (struct forum_new_topic){ .category_id = forum_category(ctx),
							       .author_id = asker->id });

	for (size_t i = 0; i < count; i++)
		forum_sql(ctx, arena_printf(ctx->arena,
					    "insert into topic_tags (topic_id, tag_id, position)"
					    " values (%lld, %lld, %zu)",
					    (long long)id, (long long)tags[i], i + 1));
	return id;
}

static const char *tags_of(struct ctx *ctx, int64_t topic_id)
{
	struct topic topic;
	struct buf text;

	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	buf_init(&text, ctx->arena, 1024);
	for (size_t i = 0; i < topic.tags.count; i++)
		buf_printf(&text, "%s%s", i ? " " : "", topic.tags.items[i].name);
	return text.data;
}

static enum err ask(struct ctx *ctx, const struct actor *asker, const char *tags, int64_t *id)
{
	const struct actor *before = ctx->actor;
	struct topic_new form = { .title = arena_printf(ctx->arena, "Ma box %s s'arrête", tags),
				  .body_md = arena_printf(ctx->arena, FORUM_BODY " %s", tags),
				  .tags = tags,
				  .language = "fr",
				  .category_id = forum_category(ctx) };
	const char *path;
	enum err result;

	*id = 0;
	forum_sql(ctx, "delete from throttles");
	ctx->actor = asker;
	result = topic_create(ctx, &form, id, &path);
	ctx->actor = before;
	return result;
}

static int64_t newest_change(struct ctx *ctx)
{
	return forum_number(ctx, "select max(id) from tag_changes where $1 = 0", 0);
}

/* What the job does; returns how many batches it took. */
static int run(struct ctx *ctx, int64_t change_id)
{
	struct tag_progress progress;
	int batches = 0;

	do {
		assert_ok(ctx, tag_change_run(ctx, change_id, &progress));
		batches++;
	} while (progress.has_more && batches < 100);
	return batches;
}

static void assert_consistent(struct ctx *ctx)
{
	struct check_result *results;
	size_t count;

	assert_ok(ctx, check_run(ctx, false, &results, &count));
	for (size_t i = 0; i < count; i++)
		if (results[i].differing)
			fail_msg("%s differs in %lld rows", results[i].name,
				 (long long)results[i].differing);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from tags g where g.topic_count <> (select count(*)\n"
			"	from topic_tags tt join topics t on t.id = tt.topic_id\n"
			"	where tt.tag_id = g.id and t.visibility = 'visible')\n"
			"	and (g.merged_into is not null or exists (select from tag_changes c\n"
			"		where g.id in (c.tag_id, c.other_id))) and $1 = 0",
			0),
		0);
}

static void merge(struct ctx *ctx, int64_t tag_id, const char *into)
{
	assert_ok(ctx, tag_merge(ctx, tag_id, into, "the same thing", NULL));
}

/* Words --------------------------------------------------------------------------------- */

static void test_synonym_becomes_its_tag_whatever_its_case_and_accents(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t tag = put_tag(ctx, "répéteur"), id;
	struct tag found;

	ctx->actor = administrator(ctx);
	assert_ok(ctx, tag_word_add(ctx, tag, "Répétiteur  Wi-Fi", "", NULL));
	for (size_t i = 0; i < 3; i++) {
		static const char *const typed[] = { "répétiteur wi-fi,", "REPETITEUR wi fi,",
						     "Répéteur, repetiteur-wi-fi" };

		assert_ok(ctx, ask(ctx, asker, typed[i], &id));
		assert_string_equal(tags_of(ctx, id), "répéteur");
	}
	assert_ok(ctx, tag_by_name(ctx, "Répétiteur-wi-fi", &found));
	assert_int_equal(found.id, tag);
	assert_string_equal(found.name, "répéteur");
	assert_int_equal(
		forum_number(ctx, "select count(*) from tags where name like 'r%p%t%' and $1 = 0",
			     0),
		1);
	assert_ok(ctx, tag_word_remove(ctx, tag, "répétiteur-wi-fi", "", NULL));
	assert_err(ctx, ERR_NOT_FOUND, tag_by_name(ctx, "répétiteur-wi-fi", &found));
}

static void test_chains_and_circles_of_synonyms_are_refused(void **state)
{
	struct ctx *ctx = *state;
	int64_t first = put_tag(ctx, "ch-first"), second = put_tag(ctx, "ch-second");

	ctx->actor = administrator(ctx);
	assert_ok(ctx, tag_word_add(ctx, first, "ch-word", "", NULL));
	assert_err(ctx, ERR_INVALID, tag_word_add(ctx, first, "CH-First", "", NULL));
	assert_err(ctx, ERR_INVALID, tag_word_add(ctx, first, "ch-second", "", NULL));
	assert_err(ctx, ERR_INVALID, tag_word_add(ctx, second, "ch-first", "", NULL));
	assert_err(ctx, ERR_INVALID, tag_word_add(ctx, second, "ch-word", "", NULL));
	assert_err(ctx, ERR_INVALID, tag_rename(ctx, second, "ch-word", "why", NULL));
	assert_err(ctx, ERR_INVALID, tag_rename(ctx, second, "ch-first", "why", NULL));
	assert_err(ctx, ERR_INVALID, tag_merge(ctx, first, "ch-word", "why", NULL));
	merge(ctx, first, "ch-second");
	run(ctx, newest_change(ctx));
	/* The other way round, and onto what was merged. */
	assert_err(ctx, ERR_INVALID, tag_merge(ctx, second, "ch-first", "why", NULL));
	assert_err(ctx, ERR_CONFLICT, tag_merge(ctx, first, "ch-second", "why", NULL));
	assert_err(ctx, ERR_CONFLICT, tag_word_add(ctx, first, "ch-else", "", NULL));
	assert_err(ctx, ERR_INVALID, tag_rename(ctx, second, "ch-first", "why", NULL));
}

static void test_merged_twice_everything_leads_to_the_last(void **state)
{
	struct ctx *ctx = *state;
	int64_t first = put_tag(ctx, "tw-first"), second = put_tag(ctx, "tw-second");
	int64_t third = put_tag(ctx, "tw-third"), topic = put_topic(ctx, &first, 1), change;
	struct tag found;

	ctx->actor = administrator(ctx);
	assert_ok(ctx, tag_word_add(ctx, first, "tw-word", "", NULL));
	merge(ctx, first, "tw-second");
	change = newest_change(ctx);
	run(ctx, change);
	merge(ctx, second, "tw-third");
	assert_err(ctx, ERR_CONFLICT, tag_change_undo(ctx, change, NULL));
	run(ctx, newest_change(ctx));
	assert_string_equal(tags_of(ctx, topic), "tw-third");
	for (size_t i = 0; i < 3; i++) {
		static const char *const names[] = { "tw-first", "tw-second", "tw-word" };

		assert_ok(ctx, tag_by_name(ctx, names[i], &found));
		assert_int_equal(found.id, third);
	}
	assert_err(ctx, ERR_CONFLICT, tag_change_undo(ctx, change, NULL));
	assert_ok(ctx, tag_change_undo(ctx, newest_change(ctx), NULL));
	run(ctx, newest_change(ctx));
	assert_string_equal(tags_of(ctx, topic), "tw-second");
	assert_ok(ctx, tag_change_undo(ctx, change, NULL));
	run(ctx, change);
	assert_string_equal(tags_of(ctx, topic), "tw-first");
	assert_ok(ctx, tag_by_name(ctx, "tw-word", &found));
	assert_int_equal(found.id, first);
	assert_consistent(ctx);
}

static void test_forbidden_word_becomes_no_tag(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	struct tag_forbidden list;
	int64_t tag = put_tag(ctx, "fo-tag"), id;

	ctx->actor = administrator(ctx);
	assert_ok(ctx, tag_forbid(ctx, "Démarchage", "says nothing", NULL));
	assert_err(ctx, ERR_INVALID, tag_forbid(ctx, "fo-tag", "a tag", NULL));
	assert_err(ctx, ERR_INVALID, tag_forbid(ctx, "fo-else", "", NULL));
	assert_err(ctx, ERR_INVALID, tag_rename(ctx, tag, "démarchage", "why", NULL));
	assert_ok(ctx, tag_forbidden_load(ctx, &list));
	assert_int_equal(list.count, 1);
	assert_err(ctx, ERR_INVALID, ask(ctx, asker, "wifi, demarchage", &id));
	assert_err(ctx, ERR_INVALID, ask(ctx, &actor_system, "wifi, démarchage", &id));
	assert_ok(ctx, tag_allow(ctx, "démarchage", NULL));
	assert_ok(ctx, ask(ctx, asker, "wifi, démarchage", &id));
	assert_string_equal(tags_of(ctx, id), "wifi démarchage");
}

static void test_restricted_tag_is_the_teams_to_put(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	struct actor *advisor = forum_person(ctx, "Léa", ROLE_ADVISOR);
	int64_t tag = put_tag(ctx, "re-incident"), id;
	struct tag_form form = { .id = tag,
				 .description_fr = "",
				 .description_en = "Known trouble",
				 .is_restricted = true,
				 .reason = "" };
	const char *withheld;
	struct tag_about about;

	ctx->actor = administrator(ctx);
	assert_ok(ctx, tag_word_add(ctx, tag, "re-panne", "", NULL));
	assert_ok(ctx, tag_describe(ctx, &form));
	assert_ok(ctx, tag_about(ctx, "re-panne", &about));
	assert_string_equal(about.description, "Known trouble");
	assert_string_equal(about.synonyms, "re-panne");
	assert_true(about.is_restricted);
	assert_err(ctx, ERR_INVALID, ask(ctx, asker, "re-panne", &id));
	assert_ok(ctx, ask(ctx, advisor, "re-panne", &id));
	assert_string_equal(tags_of(ctx, id), "re-incident");
	assert_ok(ctx, ask(ctx, asker, "re-plain", &id));
	ctx->actor = asker;
	assert_ok(ctx, tag_withheld(ctx, &withheld));
	assert_non_null(strstr(withheld, "re-incident"));
	assert_err(ctx, ERR_INVALID,
		   topic_edit(ctx, &(struct topic_edit){ .id = id, .tags = "re-incident" }));
	ctx->actor = advisor;
	assert_ok(ctx, tag_withheld(ctx, &withheld));
	assert_string_equal(withheld, "");
	assert_ok(ctx, topic_edit(ctx, &(struct topic_edit){ .id = id, .tags = "re-incident" }));
	/* It stays where it is when its asker adds another. */
	ctx->actor = asker;
	assert_ok(ctx,
		  topic_edit(ctx, &(struct topic_edit){ .id = id, .tags = "re-panne, re-more" }));
	assert_string_equal(tags_of(ctx, id), "re-incident re-more");
}

static void test_only_administrators_may(void **state)
{
	struct ctx *ctx = *state;
	int64_t tag = put_tag(ctx, "ri-tag");
	struct tag_form form = {
		.id = tag, .description_fr = "", .description_en = "", .reason = ""
	};
	struct tag_query query = { .words = "", .after_name = "" };
	struct tag_forbidden forbidden;
	struct tag_rows list;
	struct tag_view view;

	put_tag(ctx, "ri-other");
	ctx->actor = forum_person(ctx, "Inès", ROLE_MODERATOR);
	assert_err(ctx, ERR_FORBIDDEN, tag_rows_load(ctx, &query, &list));
	assert_err(ctx, ERR_FORBIDDEN, tag_view_load(ctx, tag, &view));
	assert_err(ctx, ERR_FORBIDDEN, tag_forbidden_load(ctx, &forbidden));
	assert_err(ctx, ERR_FORBIDDEN, tag_describe(ctx, &form));
	assert_err(ctx, ERR_FORBIDDEN, tag_rename(ctx, tag, "ri-new", "why", NULL));
	assert_err(ctx, ERR_FORBIDDEN, tag_merge(ctx, tag, "ri-other", "why", NULL));
	assert_err(ctx, ERR_FORBIDDEN, tag_change_undo(ctx, 1, NULL));
	assert_err(ctx, ERR_FORBIDDEN, tag_delete(ctx, tag, "why", NULL));
	assert_err(ctx, ERR_FORBIDDEN, tag_word_add(ctx, tag, "ri-word", "", NULL));
	assert_err(ctx, ERR_FORBIDDEN, tag_word_remove(ctx, tag, "ri-word", "", NULL));
	assert_err(ctx, ERR_FORBIDDEN, tag_forbid(ctx, "ri-word", "why", NULL));
	assert_err(ctx, ERR_FORBIDDEN, tag_allow(ctx, "ri-word", NULL));
}

/* Renaming and merging ---------------------------------------------------------------- */

static void test_renamed_tag_is_found_by_both_names_and_undone(void **state)
{
	struct ctx *ctx = *state;
	int64_t tag = put_tag(ctx, "rn-old"), topic = put_topic(ctx, &tag, 1), change;
	struct tag found;

	ctx->actor = administrator(ctx);
	assert_err(ctx, ERR_INVALID, tag_rename(ctx, tag, "rn-old", "why", NULL));
	assert_err(ctx, ERR_INVALID, tag_rename(ctx, tag, "rn, two", "why", NULL));
	assert_err(ctx, ERR_INVALID, tag_rename(ctx, tag, "rn-new", "", NULL));
	assert_ok(ctx, tag_rename(ctx, tag, "rn-new", "why", NULL));
	change = newest_change(ctx);
	assert_string_equal(tags_of(ctx, topic), "rn-old");
	assert_err(ctx, ERR_CONFLICT, tag_rename(ctx, tag, "rn-newer", "why", NULL));
	run(ctx, change);
	assert_string_equal(tags_of(ctx, topic), "rn-new");
	assert_ok(ctx, tag_by_name(ctx, "rn-old", &found));
	assert_string_equal(found.name, "rn-new");
	assert_consistent(ctx);
	assert_ok(ctx, tag_change_undo(ctx, change, NULL));
	assert_err(ctx, ERR_CONFLICT, tag_change_undo(ctx, change, NULL));
	run(ctx, change);
	assert_string_equal(tags_of(ctx, topic), "rn-old");
	assert_ok(ctx, tag_by_name(ctx, "rn-new", &found));
	assert_string_equal(found.name, "rn-old");
	assert_err(ctx, ERR_CONFLICT, tag_change_undo(ctx, change, NULL));
	/* There and back again by hand: the earlier name is its own. */
	assert_ok(ctx, tag_rename(ctx, tag, "rn-new", "why", NULL));
	run(ctx, newest_change(ctx));
	assert_string_equal(tags_of(ctx, topic), "rn-new");
	assert_consistent(ctx);
}

static void test_renaming_marks_its_questions_for_the_index(void **state)
{
	struct ctx *ctx = *state;
	int64_t tag = put_tag(ctx, "ix-old"), topic = put_topic(ctx, &tag, 1);

	ctx->actor = administrator(ctx);
	forum_sql(ctx, "delete from search_marks");
	assert_ok(ctx, tag_rename(ctx, tag, "ix-new", "why", NULL));
	run(ctx, newest_change(ctx));
	assert_int_equal(
		forum_number(ctx, "select count(*) from search_marks where topic_id = $1", topic),
		1);
}

static void test_merging_keeps_places_and_undo_gives_each_its_own(void **state)
{
	struct ctx *ctx = *state;
	int64_t from = put_tag(ctx, "mg-from"), into = put_tag(ctx, "mg-into");
	int64_t more[3] = { put_tag(ctx, "mg-a"), put_tag(ctx, "mg-b"), put_tag(ctx, "mg-c") };
	int64_t only = put_topic(ctx, (int64_t[]){ more[0], from, more[1] }, 3);
	int64_t both = put_topic(ctx, (int64_t[]){ from, more[0], into }, 3);
	int64_t full = put_topic(ctx, (int64_t[]){ from, more[0], into, more[1], more[2] }, 5);
	int64_t other = put_topic(ctx, &into, 1), change;

	ctx->actor = administrator(ctx);
	merge(ctx, from, "mg-into");
	change = newest_change(ctx);
	assert_int_equal(forum_number(ctx, "select total from tag_changes where id = $1", change),
			 3);
	run(ctx, change);
	assert_string_equal(tags_of(ctx, only), "mg-a mg-into mg-b");
	assert_string_equal(tags_of(ctx, both), "mg-a mg-into");
	assert_string_equal(tags_of(ctx, full), "mg-a mg-into mg-b mg-c");
	assert_string_equal(tags_of(ctx, other), "mg-into");
	assert_int_equal(forum_number(ctx, "select topic_count from tags where id = $1", into), 4);
	assert_int_equal(forum_number(ctx, "select topic_count from tags where id = $1", from), 0);
	assert_consistent(ctx);
	/* One took a fifth tag since, another lost the tag that stayed. */
	assert_ok(ctx,
		  topic_edit(ctx, &(struct topic_edit){ .id = full,
							.tags = "mg-a,mg-into,mg-b,mg-c,mg-d" }));
	assert_ok(ctx, topic_edit(ctx, &(struct topic_edit){ .id = only, .tags = "mg-a" }));
	assert_ok(ctx, tag_change_undo(ctx, change, NULL));
	run(ctx, change);
	assert_string_equal(tags_of(ctx, only), "mg-a");
	assert_string_equal(tags_of(ctx, both), "mg-from mg-a mg-into");
	assert_string_equal(tags_of(ctx, full), "mg-a mg-into mg-b mg-c mg-d");
	assert_string_equal(tags_of(ctx, other), "mg-into");
	assert_consistent(ctx);
}

static void test_merging_takes_followers_and_experts_along_and_undo_back(void **state)
{
	struct ctx *ctx = *state;
	struct actor *one = forum_person(ctx, "Un", ROLE_CUSTOMER);
	struct actor *two = forum_person(ctx, "Deux", ROLE_CUSTOMER);
	struct actor *staff = administrator(ctx);
	int64_t from = put_tag(ctx, "fl-from"), into = put_tag(ctx, "fl-into"), change;
	bool is_on;

	ctx->actor = one;
	assert_ok(ctx, follow_set(ctx, FOLLOW_TAG, from, true));
	ctx->actor = two;
	assert_ok(ctx, follow_set(ctx, FOLLOW_TAG, from, true));
	assert_ok(ctx, follow_set(ctx, FOLLOW_TAG, into, true));
	ctx->actor = staff;
	assert_ok(ctx, expert_nominate(ctx, one->id, 0, from, "Knows"));
	assert_ok(ctx, expert_nominate(ctx, two->id, 0, from, "Knows"));
	assert_ok(ctx, expert_nominate(ctx, two->id, 0, into, "Knows"));
	ctx->actor = two;
	assert_ok(
		ctx,
		expert_answer(
			ctx,
			forum_number(
				ctx,
				"select id from experts where tag_id = $1 order by id desc limit 1",
				from),
			true));
	ctx->actor = staff;
	merge(ctx, from, "fl-into");
	change = newest_change(ctx);
	run(ctx, change);
	ctx->actor = one;
	assert_ok(ctx, follow_is_on(ctx, FOLLOW_TAG, into, &is_on));
	assert_true(is_on);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from experts where tag_id = $1 and state in ('nominated', 'active')",
			into),
		2);
	/* In office before named. */
	assert_int_equal(
		forum_number(ctx,
			     "select person_id from experts where tag_id = $1 and state = 'active'",
			     into),
		two->id);
	ctx->actor = staff;
	assert_ok(ctx, tag_change_undo(ctx, change, NULL));
	run(ctx, change);
	ctx->actor = one;
	assert_ok(ctx, follow_is_on(ctx, FOLLOW_TAG, into, &is_on));
	assert_false(is_on);
	ctx->actor = two;
	assert_ok(ctx, follow_is_on(ctx, FOLLOW_TAG, into, &is_on));
	assert_true(is_on);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from experts where tag_id = $1 and state in ('nominated', 'active')",
			from),
		2);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from experts where tag_id = $1 and state = 'nominated'",
			into),
		1);
}

static void test_many_questions_go_in_batches_and_a_repeat_does_nothing(void **state)
{
	struct ctx *ctx = *state;
	int64_t from = put_tag(ctx, "mb-from"), into = put_tag(ctx, "mb-into"), change;
	struct tag_progress progress;
	int64_t category = forum_category(ctx);

	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"with t as (insert into topics (category_id, author_name, title, language)\n"
			"	select %lld, 'X', 'Question ' || n, 'fr' from generate_series(1, 700) n\n"
			"	returning id)\n"
			"insert into topic_tags (topic_id, tag_id, position)\n"
			"select t.id, %lld, 1 from t",
			(long long)category, (long long)from));
	ctx->actor = administrator(ctx);
	merge(ctx, from, "mb-into");
	change = newest_change(ctx);
	assert_ok(ctx, tag_change_run(ctx, change, &progress));
	assert_true(progress.has_more);
	assert_int_equal(
		forum_number(ctx, "select count(*) from topic_tags where tag_id = $1", into), 300);
	/* Killed here, the next worker goes on. */
	assert_int_equal(run(ctx, change), 2);
	assert_int_equal(
		forum_number(ctx, "select count(*) from topic_tags where tag_id = $1", into), 700);
	assert_int_equal(forum_number(ctx, "select done from tag_changes where id = $1", change),
			 700);
	/* Somebody was asking in that very moment: the last look moves it. */
	put_topic(ctx, &from, 1);
	assert_int_equal(run(ctx, change), 1);
	assert_int_equal(
		forum_number(ctx, "select count(*) from topic_tags where tag_id = $1", into), 701);
	assert_int_equal(run(ctx, change), 1);
	assert_consistent(ctx);
	assert_ok(ctx, tag_change_undo(ctx, change, NULL));
	assert_int_equal(run(ctx, change), 3);
	assert_int_equal(run(ctx, change), 1);
	assert_int_equal(
		forum_number(ctx, "select count(*) from topic_tags where tag_id = $1", from), 701);
	assert_consistent(ctx);
}

static void test_undo_ends_after_thirty_days(void **state)
{
	struct ctx *ctx = *state;
	int64_t from = put_tag(ctx, "td-from"), change;

	put_tag(ctx, "td-into");
	ctx->actor = administrator(ctx);
	merge(ctx, from, "td-into");
	change = newest_change(ctx);
	run(ctx, change);
	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"update tag_changes set asked_at = asked_at - interval '31 days' where id = %lld",
			(long long)change));
	assert_err(ctx, ERR_CONFLICT, tag_change_undo(ctx, change, NULL));
}

static void test_only_an_unused_tag_is_deleted(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t used = put_tag(ctx, "dl-used"), unused = put_tag(ctx, "dl-unused"), id;
	struct tag found;

	put_topic(ctx, &used, 1);
	ctx->actor = asker;
	assert_ok(ctx, follow_set(ctx, FOLLOW_TAG, unused, true));
	ctx->actor = administrator(ctx);
	assert_ok(ctx, tag_word_add(ctx, unused, "dl-word", "", NULL));
	assert_ok(ctx, tag_rename(ctx, unused, "dl-renamed", "why", NULL));
	assert_err(ctx, ERR_CONFLICT, tag_delete(ctx, unused, "why", NULL));
	run(ctx, newest_change(ctx));
	assert_err(ctx, ERR_CONFLICT, tag_delete(ctx, used, "why", NULL));
	assert_err(ctx, ERR_INVALID, tag_delete(ctx, unused, "", NULL));
	assert_ok(ctx, tag_delete(ctx, unused, "why", NULL));
	assert_err(ctx, ERR_NOT_FOUND, tag_delete(ctx, unused, "why", NULL));
	assert_err(ctx, ERR_NOT_FOUND, tag_by_name(ctx, "dl-unused", &found));
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from follows where kind = 'tag' and target_id = $1",
			     unused),
		0);
	assert_ok(ctx, ask(ctx, asker, "dl-word", &id));
	assert_string_equal(tags_of(ctx, id), "dl-word");
}

/* Lists and finding ------------------------------------------------------------------- */

static void test_list_is_searched_sorted_and_paged(void **state)
{
	struct ctx *ctx = *state;
	struct tag_query query = { .words = "Pg-0", .sort = TAG_BY_TOPICS, .after_name = "" };
	struct tag_rows list;
	int64_t tag;
	size_t seen = 0;

	forum_sql(ctx, "insert into tags (name, topic_count, used_at)\n"
		       "select 'pg-' || lpad(n::text, 4, '0'), n / 3, to_timestamp(n / 2)\n"
		       "from generate_series(1, 130) n");
	tag = put_tag(ctx, "unlike");
	ctx->actor = administrator(ctx);
	assert_ok(ctx, tag_word_add(ctx, tag, "pg-0-word", "", NULL));
	query.words = "pg-0";
	for (query.sort = TAG_BY_NAME; query.sort < TAG_SORT_COUNT; query.sort++) {
		query.after_name = "";
		seen = 0;
		do {
			assert_ok(ctx, tag_rows_load(ctx, &query, &list));
			seen += list.count;
			query.after_name = list.items[list.count - 1].name;
			query.after_number = query.sort == TAG_BY_USE
						     ? list.items[list.count - 1].used_at
						     : list.items[list.count - 1].topic_count;
		} while (list.has_more && seen < 500);
		assert_int_equal(seen, 131);
	}
	query = (struct tag_query){ .words = "unlike", .after_name = "" };
	assert_ok(ctx, tag_rows_load(ctx, &query, &list));
	assert_int_equal(list.count, 1);
	assert_string_equal(list.items[0].synonyms, "pg-0-word");
	query.words = "never heard of";
	assert_ok(ctx, tag_rows_load(ctx, &query, &list));
	assert_int_equal(list.count, 0);
}

static void test_search_and_suggestions_know_synonyms(void **state)
{
	struct ctx *ctx = *state;
	int64_t tag = put_tag(ctx, "sy-canonical");
	struct search_typed typed = { .tag_count = 2 };
	struct search_scope_question question = { .typed = &typed, .source = "" };
	struct synonyms_in_use synonyms = { 0 };
	struct suggested_places places;
	struct search_scope scope;

	put_topic(ctx, &tag, 1);
	forum_sql(ctx, "update tags set topic_count = 1 where name = 'sy-canonical'");
	ctx->actor = administrator(ctx);
	assert_ok(ctx, tag_word_add(ctx, tag, "zz-sÿnonyme", "", NULL));
	snprintf(typed.tags[0], sizeof(typed.tags[0]), "ZZ-Synonyme");
	snprintf(typed.tags[1], sizeof(typed.tags[1]), "unheard-of");
	assert_ok(ctx, search_scope_load(ctx, &question, &synonyms, &scope));
	assert_int_equal(scope.filter.tag_count, 2);
	assert_string_equal(scope.filter.tags[0], "sy-canonical");
	assert_string_equal(scope.filter.tags[1], "unheard-of");
	assert_ok(ctx, suggested_places_load(ctx, "zz-s", &places));
	assert_int_equal(places.count, 1);
	assert_string_equal(places.items[0].slug, "sy-canonical");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_synonym_becomes_its_tag_whatever_its_case_and_accents),
		FORUM_TEST(test_chains_and_circles_of_synonyms_are_refused),
		FORUM_TEST(test_merged_twice_everything_leads_to_the_last),
		FORUM_TEST(test_forbidden_word_becomes_no_tag),
		FORUM_TEST(test_restricted_tag_is_the_teams_to_put),
		FORUM_TEST(test_only_administrators_may),
		FORUM_TEST(test_renamed_tag_is_found_by_both_names_and_undone),
		FORUM_TEST(test_renaming_marks_its_questions_for_the_index),
		FORUM_TEST(test_merging_keeps_places_and_undo_gives_each_its_own),
		FORUM_TEST(test_merging_takes_followers_and_experts_along_and_undo_back),
		FORUM_TEST(test_many_questions_go_in_batches_and_a_repeat_does_nothing),
		FORUM_TEST(test_undo_ends_after_thirty_days),
		FORUM_TEST(test_only_an_unused_tag_is_deleted),
		FORUM_TEST(test_list_is_searched_sorted_and_paged),
		FORUM_TEST(test_search_and_suggestions_know_synonyms),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_tags");
}
