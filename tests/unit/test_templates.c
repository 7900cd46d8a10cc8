/*
 * What a topic's page promises whatever stands in it: nothing typed becomes
 * markup, visitors get nothing made for one person, every form has a key of its
 * own, and twenty answers stay small.
 */
#include "unit.h"

#include "base/clock.h"
#include "templates/templates.h"

#define ANSWERS        20
/* Of markup, without what people wrote: a page that a phone reads at once. */
#define PAGE_MAX_BYTES 60000

static const struct actor visitor = { .name = "", .handle = "", .language = "", .csrf_token = "" };
static const struct actor member = {
	.id = 7,
	.role = ROLE_CUSTOMER,
	.name = "Zoé",
	.handle = "zoe",
	.language = "en",
	.is_confirmed = true,
	.csrf_token = "token",
};

static struct post make_post(int64_t id, enum post_kind kind)
{
	return (struct post){
		.id = id,
		.topic_id = 12,
		.kind = kind,
		.body_md = "",
		.body = { "" },
		.author = { .id = id,
			    .name = "<b>Tom & \"Jerry\"</b>",
			    .slug = "tom",
			    .title = "",
			    .rank = "",
			    .created_at = CLOCK_DAY,
			    .role = ROLE_CUSTOMER },
		.created_at = 400 * CLOCK_DAY,
		.source_url = "",
		.source_licence = "",
		.source_name = "",
	};
}

static struct frame make_frame(struct arena *arena, const struct actor *actor)
{
	return (struct frame){
		.arena = arena,
		.language = "en",
		.other_language = "fr",
		.other_language_name = "Français",
		.brand = "Brand",
		.title = "A title",
		.description = "",
		.canonical = "",
		.kind = "website",
		.picture = { .url = "", .alt = "" },
		.previous_path = "",
		.next_path = "",
		.feed_path = "",
		.data = "",
		.path = "/t/12-a-title",
		.style = "/theme/0123456789abcdef.css",
		.brand_css = "",
		.logo = "/theme/logo.svg",
		.assets = "/static/0123456789abcdef",
		.search_words = "",
		.section = "questions",
		.actor = actor,
		.is_signed_in = actor->id != 0,
		.csrf = actor->id ? "0123456789012345678901234567890123456789012" : "",
		.form_key = actor->id ? "0123456789012345678901234567890123456789012" : "",
		.notice = "",
		.request_id = "1",
		.now = 500 * CLOCK_DAY,
	};
}

static void add_answers(struct arena *arena, struct topic_view *view, bool is_member)
{
	view->answers = arena_array_of(arena, ANSWERS, struct post);
	view->answer_count = ANSWERS;
	for (int i = 0; i < ANSWERS; i++) {
		view->answers[i] = make_post(1000 + i, POST_ANSWER);
		view->answers[i].can.thank = view->answers[i].can.accept = is_member;
		view->answers[i].can.comment = is_member;
	}
	view->answers[3].accepted_at = 450 * CLOCK_DAY;
	view->accepted = &view->answers[3];
	view->accepted_count = 1;
}

static struct topic_page make_page(struct arena *arena, const struct actor *actor)
{
	struct topic_page page = {
		.frame = make_frame(arena, actor),
		.path = "/t/12-a-title",
		.topic_path_by_date = "/t/12-a-title",
		.topic_path_by_score = "/t/12-a-title?sort=votes",
		.login_path = "/login?next=/t/12-a-title",
		.answer_reason = "Sign in to do this.",
	};

	page.view.topic = (struct topic){
		.id = 12,
		.title = "<script>alert(1)</script>",
		.slug = "a-title",
		.language = "fr",
		.category_slug = "box",
		.category_name = "Box",
		.parent_category_slug = "",
		.parent_category_name = "",
		.state = TOPIC_SOLVED,
		.private_state = "",
		.created_at = 400 * CLOCK_DAY,
		.active_at = 450 * CLOCK_DAY,
		.answer_count = ANSWERS,
	};
	page.view.question = make_post(999, POST_QUESTION);
	page.view.page = page.view.page_count = 1;
	page.view.draft_md = "</textarea><script>";
	page.view.can.answer = page.view.can.follow = actor->id != 0;
	page.view.can.me_too = page.view.can.comment = actor->id != 0;
	add_answers(arena, &page.view, actor->id != 0);
	return page;
}

static const char *render(struct arena *arena, const struct topic_page *page)
{
	struct buf out;

	buf_init(&out, arena, (size_t)1024 * 1024);
	template_topic(&out, page);
	assert_false(out.is_overflown);
	return buf_to_arena(&out, arena);
}

static size_t count_of(const char *text, const char *wanted)
{
	size_t count = 0;

	for (const char *found = text; (found = strstr(found, wanted)); found++)
		count++;
	return count;
}

static void test_twenty_answers_stay_small(void **state)
{
	const struct actor *actors[] = { &visitor, &member };

	for (size_t i = 0; i < ARRAY_COUNT(actors); i++) {
		struct topic_page page = make_page(*state, actors[i]);

		assert_in_range(strlen(render(*state, &page)), 10000, PAGE_MAX_BYTES);
	}
}

static void test_nothing_typed_becomes_markup(void **state)
{
	struct topic_page page = make_page(*state, &member);
	const char *html = render(*state, &page);

	assert_null(strstr(html, "<b>Tom"));
	assert_null(strstr(html, "<script>"));
	assert_int_equal(count_of(html, "<script"), count_of(html, "<script src=\"/static/"));
	assert_non_null(strstr(html, "&lt;script&gt;alert(1)&lt;/script&gt;"));
}

static void test_visitors_get_nothing_made_for_one_person(void **state)
{
	struct topic_page page = make_page(*state, &visitor);
	const char *html = render(*state, &page);

	assert_null(strstr(html, "name=\"csrf\""));
	assert_null(strstr(html, "name=\"key\""));
	assert_null(strstr(html, "/thank"));
	assert_non_null(strstr(html, "/login?next=/t/12-a-title"));
}

static void test_every_form_has_a_key_of_its_own(void **state)
{
	struct topic_page page = make_page(*state, &member);
	const char *html = render(*state, &page);
	const char *mark = "name=\"key\" value=\"";
	size_t keys = 0;

	for (const char *key = html; (key = strstr(key, mark)); keys++) {
		size_t length = strcspn(key += strlen(mark), "\"");
		char *whole = arena_printf(*state, "%s%.*s\"", mark, (int)length, key);

		assert_int_equal(count_of(html, whole), 1);
	}
	/* Sign out, language, me too, follow, answer, the posts' own; thank of each. */
	assert_int_equal(keys, 6 + ANSWERS);
}

static void test_words_in_another_language_say_so(void **state)
{
	struct topic_page page = make_page(*state, &visitor);

	assert_non_null(strstr(render(*state, &page), "<h1 lang=\"fr\">"));
	page.view.topic.language = "en";
	assert_null(strstr(render(*state, &page), "<h1 lang="));
}

static void test_the_solution_stands_twice_and_is_told_in_words(void **state)
{
	struct topic_page page = make_page(*state, &visitor);
	const char *html = render(*state, &page);

	assert_int_equal(count_of(html, "id=\"p1003\""), 1);
	assert_non_null(strstr(html, "<article class=\"solution\""));
	assert_non_null(strstr(html, "class=\"accepted-mark\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_twenty_answers_stay_small),
		TEST(test_nothing_typed_becomes_markup),
		TEST(test_visitors_get_nothing_made_for_one_person),
		TEST(test_every_form_has_a_key_of_its_own),
		TEST(test_words_in_another_language_say_so),
		TEST(test_the_solution_stands_twice_and_is_told_in_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
