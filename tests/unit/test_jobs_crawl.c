/*
 * From a line of nginx's log to what administrators see: counted once whatever happens,
 * by who they really are; and views that the program has not heard of.
 */
#include "jobs_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "forum/crawl_report.h"
#include "forum/view_count.h"
#include "jobs/crawl.h"
#include "jobs/host_check.h"

#define GOOGLE "Mozilla/5.0 (compatible; Googlebot/2.1)"
#define HOSTS \
	"66.249.66.1 crawl-66-249-66-1.googlebot.com\n" \
	"2001:db8:1:2::7 crawl-7.googlebot.com # any of the /64\n" \
	"203.0.113.9 crawl-66-249-66-1.googlebot.com.example\n" \
	"203.0.113.10 vm-10.googleusercontent.com\n"

struct scene {
	struct ctx *ctx;
	struct crawl_follower follower;
	char folder[64], log[96], hosts[96];
};

static void write_to(const char *path, const char *text, const char *mode)
{
	FILE *file = fopen(path, mode);

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static struct scene *begin(void **state)
{
	struct ctx *ctx = *state;
	struct scene *scene = arena_new_of(ctx->arena, struct scene);
	struct config *config = arena_new_of(ctx->arena, struct config);

	scene->ctx = ctx;
	snprintf(scene->folder, sizeof(scene->folder), "/tmp/crawl.XXXXXX");
	assert_non_null(mkdtemp(scene->folder));
	snprintf(scene->log, sizeof(scene->log), "%s/crawl.log", scene->folder);
	snprintf(scene->hosts, sizeof(scene->hosts), "%s/hosts", scene->folder);
	write_to(scene->hosts, HOSTS, "we");
	*config = *ctx->config;
	config->crawlers.log = scene->log;
	config->crawlers.hosts_file = scene->hosts;
	ctx->config = config;
	forum_sql(ctx, "delete from crawl_days; delete from crawl_networks; delete from crawl_logs;"
		       "delete from view_days");
	return scene;
}

static void end(struct scene *scene)
{
	unlink(scene->log);
	unlink(scene->hosts);
	rmdir(scene->folder);
}

static const char *line_of(struct scene *scene, int age_days, const char *rest)
{
	return arena_printf(scene->ctx->arena, "%lld.000 %s\n",
			    (long long)((scene->ctx->now - age_days * CLOCK_DAY) / CLOCK_SECOND),
			    rest);
}

static void say(struct scene *scene, const char *rest)
{
	write_to(scene->log, line_of(scene, 0, rest), "ae");
}

static enum err run(struct scene *scene)
{
	bool worked = true;
	enum err result = OK;

	while (result == OK && worked)
		result = crawl_round(scene->ctx, &scene->follower, &worked);
	return result;
}

static int64_t number(struct scene *scene, const char *sql)
{
	return forum_number(scene->ctx, arena_printf(scene->ctx->arena, "%s and $1 = 0", sql), 0);
}

#define COUNTED(condition) \
	number(scene, "select coalesce(sum(requests), 0)::bigint from crawl_days where " condition)

static void test_requests_are_counted_by_what_they_were(void **state)
{
	struct scene *scene = begin(state);

	say(scene, "GET 200 1000 HIT /t/12 \"GPTBot/1.2\" 192.0.2.1");
	say(scene, "GET 200 500 MISS /t/13 \"GPTBot/1.2\" 192.0.2.2");
	say(scene, "GET 304 0 HIT /t/12 \"GPTBot/1.2\" 192.0.2.1");
	say(scene, "GET 429 100 - /questions \"SomeBot/1.2\" 192.0.2.3");
	say(scene, "nonsense");
	assert_ok(scene->ctx, run(scene));
	assert_int_equal(COUNTED("crawler = 'gptbot' and verdict = 'none'"), 3);
	assert_int_equal(COUNTED("crawler = 'gptbot' and is_kept and answer = 'same'"), 1);
	assert_int_equal(COUNTED("crawler = 'other' and answer = 'refused' and kind = 'list'"), 1);
	assert_int_equal(
		number(scene, "select sum(bytes)::bigint from crawl_days where kind = 'topic'"),
		1500);
	assert_int_equal(number(scene, "select lines from crawl_logs where skipped = 1"), 4);
	/* Nothing new changes nothing; what comes is added. */
	assert_ok(scene->ctx, run(scene));
	say(scene, "GET 200 1000 HIT /t/12 \"GPTBot/1.2\" 192.0.2.1");
	assert_ok(scene->ctx, run(scene));
	assert_int_equal(COUNTED("crawler = 'gptbot'"), 4);
	end(scene);
}

static void test_two_that_read_the_same_count_it_once(void **state)
{
	struct scene *scene = begin(state);
	struct crawl_follower other = { 0 };
	bool worked;

	say(scene, "GET 200 1 - /t/1 \"GPTBot/1.2\" 192.0.2.1");
	assert_ok(scene->ctx, crawl_round(scene->ctx, &other, &worked));
	assert_ok(scene->ctx, run(scene));
	say(scene, "GET 200 1 - /t/1 \"GPTBot/1.2\" 192.0.2.1");
	assert_ok(scene->ctx, run(scene));
	assert_int_equal(crawl_round(scene->ctx, &other, &worked), ERR_CONFLICT);
	error_clear(scene->ctx);
	assert_int_equal(COUNTED("true"), 2);
	assert_ok(scene->ctx, crawl_round(scene->ctx, &other, &worked));
	assert_int_equal(COUNTED("true"), 2);
	end(scene);
}

static void test_what_failed_is_counted_when_it_works_again(void **state)
{
	struct scene *scene = begin(state);

	say(scene, "GET 200 1 - /t/1 \"GPTBot/1.2\" 192.0.2.1");
	forum_sql(scene->ctx, "alter table crawl_days add constraint broken check (requests < 0)");
	assert_int_not_equal(run(scene), OK);
	error_clear(scene->ctx);
	db_rollback(scene->ctx);
	assert_int_equal(number(scene, "select read_to from crawl_logs where true"), 0);
	forum_sql(scene->ctx, "alter table crawl_days drop constraint broken");
	assert_ok(scene->ctx, run(scene));
	assert_int_equal(COUNTED("true"), 1);
	end(scene);
}

static void test_a_long_log_is_read_in_rounds(void **state)
{
	struct scene *scene = begin(state);
	FILE *file = fopen(scene->log, "we");
	int64_t lines = 9000;
	bool worked;

	for (int64_t i = 0; i < lines; i++)
		fputs(line_of(scene, 0, "GET 200 1 - /t/1 \"GPTBot/1.2\" 192.0.2.1"), file);
	assert_int_equal(fclose(file), 0);
	assert_ok(scene->ctx, crawl_round(scene->ctx, &scene->follower, &worked));
	assert_true(worked);
	assert_true(COUNTED("true") < lines);
	assert_ok(scene->ctx, run(scene));
	assert_int_equal(COUNTED("true"), lines);
	end(scene);
}

static void test_old_lines_are_let_go(void **state)
{
	struct scene *scene = begin(state);

	write_to(scene->log,
		 line_of(scene, CRAWL_DAYS_KEPT, "GET 200 1 - / \"GPTBot/1.2\" 192.0.2.1"), "ae");
	write_to(scene->log,
		 line_of(scene, CRAWL_DAYS_KEPT - 1, "GET 200 1 - / \"GPTBot/1.2\" 192.0.2.1"),
		 "ae");
	assert_ok(scene->ctx, run(scene));
	assert_int_equal(COUNTED("true"), 1);
	forum_sql(scene->ctx, "update crawl_days set day = day - 1");
	assert_ok(scene->ctx, crawl_forget(scene->ctx));
	assert_int_equal(COUNTED("true"), 0);
	end(scene);
}

/* Who they are ------------------------------------------------------------------------------- */

static void test_who_is_who_is_looked_up_and_kept(void **state)
{
	struct scene *scene = begin(state);

	say(scene, "GET 200 1 - / \"" GOOGLE "\" 66.249.66.1");
	say(scene, "GET 200 1 - / \"" GOOGLE "\" 203.0.113.9");
	say(scene, "GET 200 1 - / \"" GOOGLE "\" 203.0.113.10");
	say(scene, "GET 200 1 - / \"" GOOGLE "\" 203.0.113.11");
	say(scene, "GET 200 1 - / \"" GOOGLE "\" 2001:db8:1:2::7");
	assert_ok(scene->ctx, run(scene));
	assert_int_equal(COUNTED("crawler = 'googlebot' and verdict = 'verified'"), 2);
	assert_int_equal(COUNTED("crawler = 'googlebot' and verdict = 'false'"), 3);
	assert_int_equal(number(scene,
				"select count(*) from crawl_networks where host = "
				"'crawl-66-249-66-1.googlebot.com.example' and verdict = 'false'"),
			 1);
	/* Kept for days, whatever DNS says meanwhile; and then looked up again. */
	write_to(scene->hosts, "203.0.113.11 crawl-11.googlebot.com\n", "we");
	say(scene, "GET 200 1 - / \"" GOOGLE "\" 66.249.66.1");
	say(scene, "GET 200 1 - / \"" GOOGLE "\" 2001:db8:1:2::99");
	say(scene, "GET 200 1 - / \"" GOOGLE "\" 203.0.113.11");
	assert_ok(scene->ctx, run(scene));
	assert_int_equal(COUNTED("verdict = 'verified'"), 4);
	assert_int_equal(COUNTED("verdict = 'false'"), 4);
	assert_int_equal(
		number(scene, "select requests from crawl_networks where network = '66.249.66.1'"),
		2);
	forum_sql(scene->ctx, "update crawl_networks set expires_at = now()");
	say(scene, "GET 200 1 - / \"" GOOGLE "\" 203.0.113.11");
	assert_ok(scene->ctx, run(scene));
	assert_int_equal(COUNTED("verdict = 'verified'"), 5);
	assert_ok(scene->ctx, crawl_forget(scene->ctx));
	assert_int_equal(number(scene, "select count(*) from crawl_networks where true"), 1);
	end(scene);
}

static void test_networks_are_bounded(void **state)
{
	struct scene *scene = begin(state);

	forum_sql(scene->ctx,
		  arena_printf(scene->ctx->arena,
			       "insert into crawl_networks (crawler, network, verdict, expires_at)"
			       " select 'googlebot', '10.0.0.0'::inet + n, 'false', now() + '1 day'"
			       " from generate_series(1, %d) n",
			       CRAWL_NETWORKS_MAX));
	say(scene, "GET 200 1 - / \"" GOOGLE "\" 66.249.66.1");
	say(scene, "GET 200 1 - / \"" GOOGLE "\" 10.0.0.5");
	assert_ok(scene->ctx, run(scene));
	assert_int_equal(number(scene, "select count(*) from crawl_networks where true"),
			 CRAWL_NETWORKS_MAX);
	assert_int_equal(COUNTED("verdict = 'verified'"), 1);
	assert_int_equal(COUNTED("verdict = 'false'"), 1);
	end(scene);
}

/* More hosts than are looked up at once are not known yet, and are the next time. */
static void test_not_everybody_is_looked_up_at_once(void **state)
{
	struct scene *scene = begin(state);

	for (int i = 0; i < CRAWL_ROUND_HOSTS + 5; i++)
		say(scene, arena_printf(scene->ctx->arena,
					"GET 200 1 - / \"bingbot/2.0\" 198.51.100.%d", i));
	assert_ok(scene->ctx, run(scene));
	assert_int_equal(COUNTED("verdict = 'false'"), CRAWL_ROUND_HOSTS);
	assert_int_equal(COUNTED("verdict = 'unknown'"), 5);
	say(scene, arena_printf(scene->ctx->arena, "GET 200 1 - / \"bingbot/2.0\" 198.51.100.%d",
				CRAWL_ROUND_HOSTS + 1));
	assert_ok(scene->ctx, run(scene));
	assert_int_equal(COUNTED("verdict = 'false'"), CRAWL_ROUND_HOSTS + 1);
	end(scene);
}

/* A resolver that says what it is told. */
struct told {
	enum host_answer name, address;
	const char *host;
};

static enum host_answer told_name(const void *data, const char *address, char *name)
{
	const struct told *told = data;

	(void)address;
	snprintf(name, CRAWL_HOST_MAX + 1, "%s", told->host);
	return told->name;
}

static enum host_answer told_address(const void *data, const char *name, const char *address)
{
	const struct told *told = data;

	(void)address;
	assert_string_equal(name, told->host);
	return told->address;
}

static void test_a_name_must_be_the_maker_s_and_lead_back(void **state)
{
	static const struct {
		struct told told;
		enum crawl_verdict verdict;
	} cases[] = {
		{ { HOST_YES, HOST_YES, "crawl-1.googlebot.com" }, CRAWL_VERIFIED },
		{ { HOST_YES, HOST_YES, "geo-crawl-1.geo.GoogleBot.com." }, CRAWL_VERIFIED },
		{ { HOST_YES, HOST_NO, "crawl-1.googlebot.com" }, CRAWL_FALSE },
		{ { HOST_YES, HOST_UNKNOWN, "crawl-1.googlebot.com" }, CRAWL_UNKNOWN },
		{ { HOST_UNKNOWN, HOST_YES, "" }, CRAWL_UNKNOWN },
		{ { HOST_NO, HOST_YES, "" }, CRAWL_FALSE },
		{ { HOST_YES, HOST_YES, "googlebot.com" }, CRAWL_FALSE },
		{ { HOST_YES, HOST_YES, "evilgooglebot.com" }, CRAWL_FALSE },
		{ { HOST_YES, HOST_YES, "1.2.3.4.bc.googleusercontent.com" }, CRAWL_FALSE },
		{ { HOST_YES, HOST_YES, "<b>.googlebot.com" }, CRAWL_FALSE },
		{ { HOST_YES, HOST_YES, "a b.googlebot.com" }, CRAWL_FALSE },
	};
	char host[CRAWL_HOST_MAX + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		const struct host_resolver resolver = { .name_of = told_name,
							.has_address = told_address,
							.data = &cases[i].told };

		assert_int_equal(
			host_check(&resolver, crawler_find("googlebot"), "66.249.66.1", host),
			cases[i].verdict);
	}
}

static void test_networks_are_addresses_or_sixty_fours(void **state)
{
	char network[CRAWL_NETWORK_MAX + 1];

	(void)state;
	assert_true(crawl_network_of("192.0.2.7", network));
	assert_string_equal(network, "192.0.2.7/32");
	assert_true(crawl_network_of("::ffff:192.0.2.7", network));
	assert_string_equal(network, "192.0.2.7/32");
	assert_true(crawl_network_of("2001:db8:1:2:3:4:5:6", network));
	assert_string_equal(network, "2001:db8:1:2::/64");
	assert_false(crawl_network_of("unix:", network));
}

/* Views ----------------------------------------------------------------------------------------- */

static int64_t views_of(struct scene *scene, int64_t topic_id)
{
	return forum_number(scene->ctx,
			    "select coalesce(sum(v.views), 0)::bigint from view_days v"
			    " join topics t on t.category_id = v.category_id where t.id = $1",
			    topic_id);
}

static void say_view(struct scene *scene, const char *begin_of_line, int64_t id, const char *who)
{
	say(scene,
	    arena_printf(scene->ctx->arena, "%s /t/%lld %s", begin_of_line, (long long)id, who));
}

static void test_views_that_nginx_answered_are_counted_and_no_crawler_s(void **state)
{
	struct scene *scene = begin(state);
	int64_t topic = forum_ask(scene->ctx, forum_person(scene->ctx, "Ines", ROLE_CUSTOMER));

	say_view(scene, "GET 200 9 HIT", topic, "\"-\" -");
	say_view(scene, "GET 200 9 STALE", topic, "\"-\" -");
	say_view(scene, "GET 200 9 UPDATING", topic, "\"-\" -");
	say_view(scene, "GET 200 9 MISS", topic, "\"-\" -");
	say_view(scene, "HEAD 200 0 HIT", topic, "\"-\" -");
	say_view(scene, "GET 304 0 HIT", topic, "\"-\" -");
	say_view(scene, "GET 200 9 HIT", topic, "\"GPTBot/1\" 192.0.2.1");
	say_view(scene, "GET 200 9 HIT", 987654321, "\"-\" -");
	assert_ok(scene->ctx, run(scene));
	assert_int_equal(views_of(scene, topic), 3);
	forum_sql(scene->ctx,
		  arena_printf(scene->ctx->arena,
			       "update topics set visibility = 'withdrawn' where id = %lld",
			       (long long)topic));
	say_view(scene, "GET 200 9 HIT", topic, "\"-\" -");
	assert_ok(scene->ctx, run(scene));
	assert_int_equal(views_of(scene, topic), 3);
	end(scene);
}

static void test_a_view_is_the_same_thing_everywhere(void **state)
{
	(void)state;
	assert_true(view_counts(true, 200, false));
	assert_false(view_counts(false, 200, false));
	assert_false(view_counts(true, 304, false));
	assert_false(view_counts(true, 200, true));
	for (size_t i = 0; i < crawler_count; i++)
		assert_true(view_is_by_robot(crawlers[i].signature));
}

/* Trouble, and the report -------------------------------------------------------------------------- */

static void test_a_log_that_cannot_be_read_is_said_to_be_so(void **state)
{
	struct scene *scene = begin(state);

	assert_ok(scene->ctx, run(scene));
	assert_int_equal(number(scene, "select count(*) from crawl_logs where trouble = 'missing'"),
			 1);
	assert_int_equal(mkdir(scene->log, 0700), 0);
	assert_ok(scene->ctx, run(scene));
	assert_int_equal(number(scene, "select count(*) from crawl_logs where trouble = 'refused'"),
			 1);
	rmdir(scene->log);
	say(scene, "GET 200 1 - / \"GPTBot/1.2\" 192.0.2.1");
	assert_ok(scene->ctx, run(scene));
	assert_int_equal(number(scene, "select count(*) from crawl_logs where trouble = ''"), 1);
	assert_int_equal(COUNTED("true"), 1);
	end(scene);
}

static void test_the_report_adds_up_and_keeps_false_ones_apart(void **state)
{
	struct scene *scene = begin(state);
	struct crawl_report *report = arena_new_of(scene->ctx->arena, struct crawl_report);

	for (int i = 0; i < 3; i++)
		say(scene, "GET 304 0 HIT /t/1 \"" GOOGLE "\" 66.249.66.1");
	say(scene, "GET 200 70 - / \"" GOOGLE "\" 66.249.66.1");
	say(scene, "GET 403 5 - / \"" GOOGLE "\" 203.0.113.10");
	write_to(scene->log, line_of(scene, 8, "GET 503 5 - / \"GPTBot/1\" 203.0.113.10"), "ae");
	assert_ok(scene->ctx, run(scene));
	scene->ctx->actor = forum_person(scene->ctx, "Ada", ROLE_ADMINISTRATOR);
	assert_ok(scene->ctx, crawl_report_load(scene->ctx, 7, report));
	assert_int_equal(report->count, 2);
	assert_string_equal(report->rows[0].slug, "googlebot");
	assert_false(report->rows[0].is_false);
	assert_int_equal(report->rows[0].requests, 4);
	assert_int_equal(report->rows[0].same, 3);
	assert_int_equal(report->rows[0].kept, 3);
	assert_int_equal(report->rows[0].verified, 4);
	assert_int_equal(report->rows[0].bytes, 70);
	assert_int_equal(report->rows[0].kind_count, 2);
	assert_int_equal(report->rows[0].kinds[0], CRAWL_TOPIC);
	assert_true(report->rows[1].is_false);
	assert_int_equal(report->rows[1].refused, 1);
	assert_int_equal(report->by_day[6].drawn[0], 4);
	assert_int_equal(report->by_day[6].drawn[1], 1);
	assert_int_equal(report->by_day[5].drawn[0], 0);
	assert_int_equal(report->false_count, 1);
	assert_string_equal(report->false_networks[0].network, "203.0.113.10");
	assert_int_equal(report->log_count, 1);
	assert_ok(scene->ctx, crawl_report_load(scene->ctx, 30, report));
	assert_int_equal(report->count, 3);
	assert_int_equal(report->by_day[29 - 8].rest, 1);
	scene->ctx->actor = forum_person(scene->ctx, "Ad", ROLE_MODERATOR);
	assert_int_equal(crawl_report_load(scene->ctx, 7, report), ERR_FORBIDDEN);
	end(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_requests_are_counted_by_what_they_were),
		FORUM_TEST(test_two_that_read_the_same_count_it_once),
		FORUM_TEST(test_what_failed_is_counted_when_it_works_again),
		FORUM_TEST(test_a_long_log_is_read_in_rounds),
		FORUM_TEST(test_old_lines_are_let_go),
		FORUM_TEST(test_who_is_who_is_looked_up_and_kept),
		FORUM_TEST(test_networks_are_bounded),
		FORUM_TEST(test_not_everybody_is_looked_up_at_once),
		FORUM_TEST(test_a_name_must_be_the_maker_s_and_lead_back),
		FORUM_TEST(test_networks_are_addresses_or_sixty_fours),
		FORUM_TEST(test_views_that_nginx_answered_are_counted_and_no_crawler_s),
		FORUM_TEST(test_a_view_is_the_same_thing_everywhere),
		FORUM_TEST(test_a_log_that_cannot_be_read_is_said_to_be_so),
		FORUM_TEST(test_the_report_adds_up_and_keeps_false_ones_apart),
	};

	return jobs_run(tests, ARRAY_COUNT(tests), "test_jobs_crawl");
}
