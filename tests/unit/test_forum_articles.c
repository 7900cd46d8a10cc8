/*
 * Articles: versions and states, who may do what, what two people at once are told,
 * addresses that moved, votes, the clock.
 */
#include "forum_fixture.h"

#include "forum/article_work.h"
#include "forum/notification.h"
#include "forum/view_count.h"

#define BODY "## D'abord\n\nÉteignez la box, attendez dix secondes.\n"

static struct actor *advisor(struct ctx *ctx)
{
	return forum_person(ctx, "Conseil", ROLE_ADVISOR);
}

static struct article_form form_of(const char *title, const char *body)
{
	return (struct article_form){ .language = "fr",
				      .title = title,
				      .summary = "En deux minutes.",
				      .body_md = body,
				      .product = "Box",
				      .reason = "" };
}

static int64_t put_article(struct ctx *ctx, const char *title)
{
	struct article_form form = form_of(title, BODY);
	int64_t id;

	form.category_id = forum_category(ctx);
	assert_ok(ctx, article_save(ctx, &form, &id));
	return id;
}

static struct article_work work_of(struct ctx *ctx, int64_t id)
{
	struct article_work work;

	assert_ok(ctx, article_work_load(ctx, id, &work));
	return work;
}

static enum err act(struct ctx *ctx, int64_t id, struct article_act act)
{
	act.id = id;
	if (!act.follows_number)
		act.follows_number = forum_number(
			ctx, "select max(number) from article_versions where article_id = $1", id);
	return article_act(ctx, &act);
}

#define ACT(kind_of_act, ...) \
	((struct article_act){ .kind = ARTICLE_ACT_##kind_of_act, __VA_ARGS__ })

static int64_t put_published(struct ctx *ctx, const char *title)
{
	int64_t id = put_article(ctx, title);

	assert_ok(ctx, act(ctx, id, ACT(PUBLISH, .reason = NULL)));
	return id;
}

static enum err write_again(struct ctx *ctx, int64_t id, int64_t follows, const char *title)
{
	struct article_form form = form_of(title, BODY "\nPuis rallumez.");

	form.id = id;
	form.follows_number = follows;
	form.category_id = work_of(ctx, id).article.category_id;
	return article_save(ctx, &form, &id);
}

static void test_draft_is_for_the_team_until_it_is_published(void **state)
{
	struct ctx *ctx = *state;
	struct article_view view;
	int64_t id;

	ctx->actor = advisor(ctx);
	id = put_article(ctx, "Redémarrer la box");
	assert_err(ctx, ERR_NOT_FOUND, article_view_load(ctx, id, &view));
	assert_ok(ctx, act(ctx, id, ACT(ASK_REVIEW, .number = 0)));
	assert_int_equal(work_of(ctx, id).article.state, ARTICLE_REVIEW);
	assert_err(ctx, ERR_NOT_FOUND, article_view_load(ctx, id, &view));
	assert_ok(ctx, act(ctx, id, ACT(PUBLISH, .number = 0)));
	ctx->actor = &actor_visitor;
	assert_ok(ctx, article_view_load(ctx, id, &view));
	assert_string_equal(view.article.title, "Redémarrer la box");
	assert_non_null(strstr(view.body.html, "dix secondes"));
	assert_true(view.article.published_at != 0);
}

static void test_new_version_stays_beside_what_readers_see(void **state)
{
	struct ctx *ctx = *state;
	struct article_view view;
	struct article_work work;
	int64_t id;

	ctx->actor = advisor(ctx);
	id = put_published(ctx, "Premier titre");
	assert_ok(ctx, write_again(ctx, id, 1, "Second titre"));
	work = work_of(ctx, id);
	assert_int_equal(work.article.state, ARTICLE_DRAFT);
	assert_true(work.article.is_public);
	assert_string_equal(work.newest.title, "Second titre");
	assert_int_equal(work.version_count, 2);
	assert_ok(ctx, article_view_load(ctx, id, &view));
	assert_string_equal(view.article.title, "Premier titre");
	assert_null(strstr(view.body.html, "rallumez"));
	assert_ok(ctx, act(ctx, id, ACT(PUBLISH, .number = 0)));
	assert_ok(ctx, article_view_load(ctx, id, &view));
	assert_string_equal(view.article.title, "Second titre");
	assert_non_null(strstr(view.body.html, "rallumez"));
}

static void test_whoever_was_slower_is_told_and_loses_nothing(void **state)
{
	struct ctx *ctx = *state;
	int64_t id;

	ctx->actor = advisor(ctx);
	id = put_article(ctx, "À deux");
	assert_ok(ctx, write_again(ctx, id, 1, "Par la première"));
	ctx->actor = advisor(ctx);
	assert_err(ctx, ERR_CONFLICT, write_again(ctx, id, 1, "Par la seconde"));
	assert_err(ctx, ERR_CONFLICT, act(ctx, id, ACT(PUBLISH, .follows_number = 1)));
	assert_string_equal(work_of(ctx, id).newest.title, "Par la première");
	assert_err(ctx, ERR_INVALID, write_again(ctx, id, 2, "Par la première"));
}

static void test_same_form_twice_makes_one_article(void **state)
{
	struct ctx *ctx = *state;
	struct article_form form = form_of("Une fois", BODY);
	int64_t first, second;

	ctx->actor = advisor(ctx);
	form.form_key = crypto_token(ctx->arena);
	assert_ok(ctx, article_save(ctx, &form, &first));
	assert_ok(ctx, article_save(ctx, &form, &second));
	assert_int_equal(first, second);
}

static void test_refused_words_are_named(void **state)
{
	struct ctx *ctx = *state;
	struct article_form form = form_of("", BODY);
	int64_t id;

	ctx->actor = advisor(ctx);
	assert_int_equal(article_save(ctx, &form, &id), ERR_INVALID);
	assert_string_equal(ctx->error.field, "title");
	error_clear(ctx);
	form = form_of("Sans corps", "");
	assert_int_equal(article_save(ctx, &form, &id), ERR_INVALID);
	assert_string_equal(ctx->error.field, "body");
	error_clear(ctx);
	form = form_of("Ailleurs", BODY);
	form.language = "de";
	assert_int_equal(article_save(ctx, &form, &id), ERR_INVALID);
	assert_string_equal(ctx->error.field, "language");
	error_clear(ctx);
}

static void test_rights_follow_role_and_field(void **state)
{
	struct ctx *ctx = *state;
	struct actor *expert = forum_person(ctx, "Experte", ROLE_CUSTOMER);
	int64_t category = forum_category(ctx), elsewhere, id, other;
	struct article_form form = form_of("Par une experte", BODY);
	struct article_list list;
	int64_t counts[ARTICLE_SHOW_COUNT];

	elsewhere = forum_number(
		ctx,
		"select id from categories where id <> $1 and parent_id is distinct from $1"
		" and id is distinct from (select parent_id from categories where id = $1) limit 1",
		category);
	form.category_id = category;
	ctx->actor = &actor_visitor;
	assert_err(ctx, ERR_UNAUTHENTICATED, article_save(ctx, &form, &id));
	ctx->actor = expert;
	assert_err(ctx, ERR_FORBIDDEN, article_save(ctx, &form, &id));
	assert_err(
		ctx, ERR_FORBIDDEN,
		article_work_list(ctx, ARTICLE_SHOW_OPEN, (struct list_key){ 0 }, &list, counts));
	expert->expert_fields = arena_printf(ctx->arena, ",c%lld,", (long long)category);
	assert_ok(ctx, article_save(ctx, &form, &id));
	assert_err(ctx, ERR_FORBIDDEN, act(ctx, id, ACT(PUBLISH, .number = 0)));
	assert_err(ctx, ERR_FORBIDDEN, act(ctx, id, ACT(ARCHIVE, .number = 0)));
	assert_ok(ctx, act(ctx, id, ACT(ASK_REVIEW, .number = 0)));
	form = form_of("Ailleurs", BODY);
	form.category_id = elsewhere;
	if (elsewhere)
		assert_err(ctx, ERR_FORBIDDEN, article_save(ctx, &form, &other));
	ctx->actor = advisor(ctx);
	assert_err(ctx, ERR_INVALID, act(ctx, id, ACT(RETURN, .reason = "")));
	assert_ok(ctx, act(ctx, id, ACT(RETURN, .reason = "Il manque les étapes.")));
	assert_ok(ctx, act(ctx, id, ACT(PUBLISH, .number = 0)));
	assert_err(ctx, ERR_FORBIDDEN, act(ctx, id, ACT(ARCHIVE, .number = 0)));
	ctx->actor = forum_person(ctx, "Modératrice", ROLE_MODERATOR);
	assert_ok(ctx, act(ctx, id, ACT(ARCHIVE, .number = 0)));
}

static void test_states_refuse_what_does_not_follow(void **state)
{
	struct ctx *ctx = *state;
	int64_t id;

	ctx->actor = forum_person(ctx, "Modératrice", ROLE_MODERATOR);
	id = put_published(ctx, "Les états");
	assert_err(ctx, ERR_CONFLICT, act(ctx, id, ACT(PUBLISH, .number = 0)));
	assert_err(ctx, ERR_CONFLICT, act(ctx, id, ACT(ASK_REVIEW, .number = 0)));
	assert_err(ctx, ERR_CONFLICT, act(ctx, id, ACT(REVIVE, .number = 0)));
	assert_err(ctx, ERR_CONFLICT, act(ctx, id, ACT(UNSCHEDULE, .number = 0)));
	assert_ok(ctx, act(ctx, id, ACT(ARCHIVE, .number = 0)));
	assert_err(ctx, ERR_CONFLICT, write_again(ctx, id, 1, "Encore"));
	assert_err(ctx, ERR_CONFLICT, act(ctx, id, ACT(ARCHIVE, .number = 0)));
	assert_ok(ctx, act(ctx, id, ACT(REVIVE, .number = 0)));
	assert_int_equal(work_of(ctx, id).article.state, ARTICLE_PUBLISHED);
}

static void test_earlier_version_comes_back_as_a_new_one(void **state)
{
	struct ctx *ctx = *state;
	struct article_version version, before;
	struct article article;
	int64_t id;

	ctx->actor = advisor(ctx);
	id = put_published(ctx, "Comme avant");
	assert_ok(ctx, write_again(ctx, id, 1, "Moins bien"));
	assert_ok(ctx, act(ctx, id, ACT(RESTORE, .number = 1)));
	assert_err(ctx, ERR_NOT_FOUND, act(ctx, id, ACT(RESTORE, .number = -1)));
	assert_ok(ctx, article_version_load(ctx, id, 3, &article, &version, &before));
	assert_string_equal(version.title, "Comme avant");
	assert_string_equal(before.title, "Moins bien");
	assert_int_equal(before.number, 2);
	assert_err(ctx, ERR_NOT_FOUND,
		   article_version_load(ctx, id, 4, &article, &version, &before));
}

static void test_versions_are_kept_for_good(void **state)
{
	struct ctx *ctx = *state;
	struct stmt change = { NULL,
			       "update article_versions set title = 'x' where article_id = $1", 1 };
	struct stmt loss = { NULL, "delete from article_versions where article_id = $1", 1 };
	int64_t id;

	ctx->actor = advisor(ctx);
	id = put_article(ctx, "Pour toujours");
	assert_true(db_query(ctx, &change, NULL, param_i64(id)) != OK);
	assert_true(db_query(ctx, &loss, NULL, param_i64(id)) != OK);
}

static void test_archived_is_gone_or_leads_to_another(void **state)
{
	struct ctx *ctx = *state;
	struct article_view view;
	const char *path;
	int64_t old, new;

	ctx->actor = forum_person(ctx, "Modératrice", ROLE_MODERATOR);
	old = put_published(ctx, "L'ancien");
	new = put_published(ctx, "Le nouveau");
	assert_ok(ctx, act(ctx, old, ACT(REDIRECT, .address = "ancien-42")));
	assert_err(ctx, ERR_INVALID, act(ctx, old, ACT(REDIRECT, .address = "a/b")));
	assert_ok(ctx, article_old_address(ctx, "ancien-42", &path));
	assert_string_equal(path, article_path(ctx->arena, old, "L'ancien"));
	assert_ok(ctx, act(ctx, old, ACT(ARCHIVE, .number = 0)));
	assert_err(ctx, ERR_GONE, article_view_load(ctx, old, &view));
	assert_int_equal(view.article.replaced_by, 0);
	assert_err(ctx, ERR_GONE, article_old_address(ctx, "ancien-42", &path));
	assert_ok(ctx, act(ctx, old, ACT(REVIVE, .number = 0)));
	assert_err(ctx, ERR_INVALID, act(ctx, old, ACT(ARCHIVE, .other_id = old)));
	assert_ok(ctx, act(ctx, old, ACT(ARCHIVE, .other_id = new)));
	assert_err(ctx, ERR_GONE, article_view_load(ctx, old, &view));
	assert_int_equal(view.article.replaced_by, new);
	assert_ok(ctx, article_old_address(ctx, "ancien-42", &path));
	assert_string_equal(path, article_path(ctx->arena, new, "Le nouveau"));
	assert_err(ctx, ERR_NOT_FOUND, article_old_address(ctx, "jamais-vu", &path));
}

static void test_language_versions_are_one_of_each(void **state)
{
	struct ctx *ctx = *state;
	struct article_form form = form_of("Restart the box", BODY);
	struct article_view view;
	int64_t french, english, third;

	ctx->actor = advisor(ctx);
	french = put_published(ctx, "Redémarrer");
	form.language = "en";
	form.translates_id = french;
	assert_ok(ctx, article_save(ctx, &form, &english));
	assert_ok(ctx, article_view_load(ctx, french, &view));
	assert_int_equal(view.language_count, 0);
	assert_ok(ctx, act(ctx, english, ACT(PUBLISH, .number = 0)));
	assert_ok(ctx, article_view_load(ctx, french, &view));
	assert_int_equal(view.language_count, 1);
	assert_int_equal(view.languages[0].id, english);
	third = put_article(ctx, "Redémarrer autrement");
	assert_int_equal(act(ctx, third, ACT(JOIN, .other_id = english)), ERR_INVALID);
	assert_string_equal(ctx->error.field, "language");
	error_clear(ctx);
	assert_ok(ctx, act(ctx, english, ACT(JOIN, .other_id = 0)));
	assert_ok(ctx, act(ctx, third, ACT(JOIN, .other_id = english)));
}

static void test_planned_version_is_published_at_its_time(void **state)
{
	struct ctx *ctx = *state;
	struct article_view view;
	bool has_more;
	int64_t id;

	ctx->actor = advisor(ctx);
	id = put_article(ctx, "Demain");
	assert_err(ctx, ERR_INVALID, act(ctx, id, ACT(SCHEDULE, .at = ctx->now - 1)));
	assert_ok(ctx, act(ctx, id, ACT(SCHEDULE, .at = ctx->now + CLOCK_HOUR)));
	assert_ok(ctx, write_again(ctx, id, 1, "Après-demain"));
	assert_ok(ctx, article_publish_due(ctx, &has_more));
	assert_err(ctx, ERR_NOT_FOUND, article_view_load(ctx, id, &view));
	ctx->now += 2 * CLOCK_HOUR;
	assert_ok(ctx, article_publish_due(ctx, &has_more));
	assert_false(has_more);
	assert_ok(ctx, article_view_load(ctx, id, &view));
	assert_string_equal(view.article.title, "Demain");
	assert_int_equal(view.article.state, ARTICLE_DRAFT);
	assert_int_equal(view.article.publish_at, 0);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from audit_log where subject = 'article' and subject_id = $1"
			" and action = 'article_published' and actor_id is not null",
			id),
		1);
}

static void test_owner_is_reminded_once_a_day_of_review(void **state)
{
	struct ctx *ctx = *state;
	struct actor *owner = advisor(ctx), *customer = forum_person(ctx, "Cliente", ROLE_CUSTOMER);
	struct notification_list list;
	bool has_more;
	int64_t id;

	ctx->actor = owner;
	id = put_published(ctx, "À revoir");
	assert_err(ctx, ERR_INVALID, act(ctx, id, ACT(PLAN, .owner_id = customer->id)));
	assert_ok(ctx, act(ctx, id,
			   ACT(PLAN, .owner_id = owner->id, .review_due = ctx->now - CLOCK_DAY)));
	for (int i = 0; i < 2; i++)
		assert_ok(ctx, article_remind_due(ctx, &has_more));
	assert_ok(ctx, notification_list(ctx, 0, &list));
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].kind, NOTIFY_ARTICLE);
	assert_int_equal(list.items[0].article_id, id);
	assert_string_equal(list.items[0].article_title, "À revoir");
}

static void vote(struct ctx *ctx, int64_t id, bool is_helpful, const char *address)
{
	struct article_vote vote = { .is_helpful = is_helpful,
				     .reason = is_helpful ? "" : "unclear",
				     .comment = "",
				     .address = address };
	const char *path;

	assert_ok(ctx, article_vote(ctx, id, &vote, &path));
}

static void test_votes_count_once_a_person_and_once_a_day_of_an_address(void **state)
{
	struct ctx *ctx = *state;
	struct article_vote bad = { .reason = "hostile", .comment = "", .address = "192.0.2.1" };
	struct article_view view;
	const char *path;
	int64_t id;

	ctx->actor = advisor(ctx);
	id = put_published(ctx, "Utile ?");
	vote(ctx, id, true, "");
	vote(ctx, id, true, "");
	ctx->actor = &actor_visitor;
	vote(ctx, id, false, "192.0.2.1");
	vote(ctx, id, false, "192.0.2.1");
	vote(ctx, id, false, "192.0.2.2");
	assert_ok(ctx, article_view_load(ctx, id, &view));
	assert_int_equal(view.article.helpful, 1);
	assert_int_equal(view.article.unhelpful, 2);
	vote(ctx, id, true, "192.0.2.1");
	ctx->now += CLOCK_DAY;
	vote(ctx, id, true, "192.0.2.1");
	assert_ok(ctx, article_view_load(ctx, id, &view));
	assert_int_equal(view.article.helpful, 3);
	assert_int_equal(view.article.unhelpful, 1);
	assert_err(ctx, ERR_INVALID, article_vote(ctx, id, &bad, &path));
	assert_err(
		ctx, ERR_NOT_FOUND,
		article_vote(ctx, 999999999,
			     &(struct article_vote){ .reason = "", .comment = "", .address = "" },
			     &path));
	assert_int_equal(forum_number(ctx,
				      "select count(*) from article_votes where article_id = $1"
				      " and article_votes::text like '%192.0.2%'",
				      id),
			 0);
}

static void test_codes_of_visitors_are_forgotten(void **state)
{
	struct ctx *ctx = *state;
	int64_t id;

	ctx->actor = advisor(ctx);
	id = put_published(ctx, "Oubli");
	ctx->actor = &actor_visitor;
	vote(ctx, id, false, "192.0.2.9");
	forum_sql(ctx, "update article_votes set created_at = now() - interval '3 days'");
	assert_ok(ctx, article_votes_forget(ctx));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from article_votes where article_id = $1 and code is not null",
			id),
		0);
	assert_int_equal(
		forum_number(ctx, "select unhelpful_count from articles where id = $1", id), 1);
}

static void test_views_are_added_by_article(void **state)
{
	struct ctx *ctx = *state;
	struct view_count counts = { 0 };
	int64_t id;

	ctx->actor = advisor(ctx);
	id = put_published(ctx, "Souvent lu");
	view_count_add(&counts, id, 1);
	view_count_add(&counts, id, 2);
	view_count_add(&counts, 999999999, 3);
	article_views_store(ctx, &counts);
	assert_int_equal(counts.views, 0);
	assert_int_equal(forum_number(ctx, "select view_count from articles where id = $1", id), 2);
}

static bool lists(const struct article_list *list, int64_t id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].id == id)
			return true;
	return false;
}

static void test_places_and_working_lists_find_it(void **state)
{
	struct ctx *ctx = *state;
	struct article_place_view place;
	struct article_home home;
	struct article_list list;
	struct article_work work;
	int64_t counts[ARTICLE_SHOW_COUNT], id;

	ctx->actor = advisor(ctx);
	ctx->language = "fr";
	id = put_published(ctx, "Où le trouver");
	work = work_of(ctx, id);
	assert_ok(ctx, article_home_load(ctx, &home));
	assert_true(lists(&home.latest, id));
	assert_true(home.category_count > 0 && home.product_count > 0);
	assert_ok(ctx, article_place_load(ctx,
					  &(struct article_query){
						  .category_slug = work.article.category_slug },
					  &place));
	assert_true(lists(&place.list, id));
	assert_ok(ctx, article_place_load(ctx, &(struct article_query){ .product_slug = "box" },
					  &place));
	assert_true(lists(&place.list, id));
	assert_string_equal(place.name, "Box");
	assert_err(
		ctx, ERR_NOT_FOUND,
		article_place_load(ctx, &(struct article_query){ .product_slug = "rien" }, &place));
	for (int show = 0; show < ARTICLE_SHOW_COUNT; show++) {
		assert_ok(ctx, article_work_list(ctx, (enum article_show)show,
						 (struct list_key){ 0 }, &list, counts));
		assert_int_equal(lists(&list, id),
				 show == ARTICLE_SHOW_PUBLIC || show == ARTICLE_SHOW_OWN);
	}
	ctx->language = "en";
	assert_ok(ctx, article_home_load(ctx, &home));
	assert_false(lists(&home.latest, id));
	assert_true(home.elsewhere > 0);
}

static void test_every_act_is_in_the_log(void **state)
{
	struct ctx *ctx = *state;
	int64_t id;

	ctx->actor = forum_person(ctx, "Modératrice", ROLE_MODERATOR);
	id = put_article(ctx, "Au journal");
	assert_ok(ctx, act(ctx, id, ACT(ASK_REVIEW, .number = 0)));
	assert_ok(ctx, act(ctx, id, ACT(PUBLISH, .reason = "Relu")));
	assert_ok(ctx, act(ctx, id, ACT(ARCHIVE, .number = 0)));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(distinct action) from audit_log where subject = 'article' and subject_id = $1",
			id),
		4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_draft_is_for_the_team_until_it_is_published),
		FORUM_TEST(test_new_version_stays_beside_what_readers_see),
		FORUM_TEST(test_whoever_was_slower_is_told_and_loses_nothing),
		FORUM_TEST(test_same_form_twice_makes_one_article),
		FORUM_TEST(test_refused_words_are_named),
		FORUM_TEST(test_rights_follow_role_and_field),
		FORUM_TEST(test_states_refuse_what_does_not_follow),
		FORUM_TEST(test_earlier_version_comes_back_as_a_new_one),
		FORUM_TEST(test_versions_are_kept_for_good),
		FORUM_TEST(test_archived_is_gone_or_leads_to_another),
		FORUM_TEST(test_language_versions_are_one_of_each),
		FORUM_TEST(test_planned_version_is_published_at_its_time),
		FORUM_TEST(test_owner_is_reminded_once_a_day_of_review),
		FORUM_TEST(test_votes_count_once_a_person_and_once_a_day_of_an_address),
		FORUM_TEST(test_codes_of_visitors_are_forgotten),
		FORUM_TEST(test_views_are_added_by_article),
		FORUM_TEST(test_places_and_working_lists_find_it),
		FORUM_TEST(test_every_act_is_in_the_log),
	};
	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_articles");
}
