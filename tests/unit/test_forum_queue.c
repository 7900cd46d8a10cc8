/*
 * What must hold when two do the same at once: form keys, jobs and their leases.
 * The other one is a process of its own, with a connection of its own.
 */
#include "forum_fixture.h"

#include "forum/job.h"
#include "forum/mail.h"
#include "forum/once.h"

/* Form keys ----------------------------------------------------------------------- */

static void test_form_key_gives_the_first_result_again(void **state)
{
	struct ctx *ctx = *state;
	const char *key = crypto_token(ctx->arena), *earlier;

	db_begin(ctx);
	assert_ok(ctx, once_claim(ctx, key, &earlier));
	assert_null(earlier);
	once_result(ctx, key, "/t/12");
	assert_ok(ctx, db_commit(ctx));

	db_begin(ctx);
	assert_ok(ctx, once_claim(ctx, key, &earlier));
	assert_string_equal(earlier, "/t/12");
	assert_false(db_in_transaction(ctx));
}

static void test_form_key_of_what_failed_is_free_again(void **state)
{
	struct ctx *ctx = *state;
	const char *key = crypto_token(ctx->arena), *earlier;

	db_begin(ctx);
	assert_ok(ctx, once_claim(ctx, key, &earlier));
	db_rollback(ctx);
	db_begin(ctx);
	assert_ok(ctx, once_claim(ctx, key, &earlier));
	assert_null(earlier);
	db_rollback(ctx);
}

static void test_form_keys_are_each_persons_own(void **state)
{
	struct ctx *ctx = *state;
	const char *key = crypto_token(ctx->arena), *earlier;

	ctx->actor = forum_person(ctx, "zoe", ROLE_CUSTOMER);
	db_begin(ctx);
	assert_ok(ctx, once_claim(ctx, key, &earlier));
	assert_ok(ctx, db_commit(ctx));
	ctx->actor = forum_person(ctx, "max", ROLE_CUSTOMER);
	db_begin(ctx);
	assert_ok(ctx, once_claim(ctx, key, &earlier));
	assert_null(earlier);
	assert_ok(ctx, db_commit(ctx));
	db_begin(ctx);
	assert_err(ctx, ERR_BAD_REQUEST, once_claim(ctx, "short", &earlier));
	assert_err(ctx, ERR_BAD_REQUEST, once_claim(ctx, "", &earlier));
	assert_ok(ctx, once_claim(ctx, NULL, &earlier));
	assert_null(earlier);
	db_rollback(ctx);
}

struct rival {
	struct ctx ctx;
	const char *key;
	int claimed[2]; /* a pipe: tells that the key is taken */
};

/* Claims the key, lets the other one run into it, and commits after that. */
static void claim_slowly(void *argument)
{
	struct rival *rival = argument;
	struct ctx *ctx = &rival->ctx;
	const char *earlier;

	ctx->db = forum_connect();
	db_begin(ctx);
	if (once_claim(ctx, rival->key, &earlier) != OK || earlier)
		_exit(3);
	if (write(rival->claimed[1], "x", 1) != 1)
		_exit(4);
	usleep(300000);
	once_result(ctx, rival->key, "/t/34");
	_exit(db_commit(ctx) == OK ? 0 : 5);
}

static pid_t fork_off(void (*act)(void *), void *argument)
{
	pid_t child;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		act(argument);
		_exit(0);
	}
	return child;
}

static void assert_ended_well(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_second_of_two_at_once_waits_for_the_firsts_result(void **state)
{
	struct ctx *ctx = *state;
	struct rival rival = { .ctx = *ctx, .key = crypto_token(ctx->arena) };
	const char *earlier;
	char told;
	pid_t child;

	assert_int_equal(pipe(rival.claimed), 0);
	child = fork_off(claim_slowly, &rival);
	assert_int_equal(read(rival.claimed[0], &told, 1), 1);
	db_begin(ctx);
	assert_ok(ctx, once_claim(ctx, rival.key, &earlier));
	assert_non_null(earlier);
	assert_string_equal(earlier, "/t/34");
	assert_ended_well(child);
	close(rival.claimed[0]);
	close(rival.claimed[1]);
}

/* Jobs ------------------------------------------------------------------------------ */

static void add_job(struct ctx *ctx, const char *payload, const char *key, int delay_seconds)
{
	job_add(ctx, "mail", payload, key, delay_seconds);
	assert_ok(ctx, db_run(ctx));
}

static bool take_job(struct ctx *ctx, struct job *job)
{
	bool found;

	assert_ok(ctx, job_take(ctx, job, &found));
	return found;
}

static int64_t count_jobs(struct ctx *ctx, const char *condition)
{
	return forum_number(ctx,
			    arena_printf(ctx->arena,
					 "select count(*) + 0 * $1::bigint from jobs where %s",
					 condition),
			    0);
}

static void test_jobs_are_taken_in_the_order_they_fall_due(void **state)
{
	struct ctx *ctx = *state;
	struct job job;

	forum_sql(ctx, "delete from jobs");
	add_job(ctx, "{\"id\": 1}", NULL, 3600);
	add_job(ctx, "{\"id\": 2, \"text\": \"été\"}", NULL, 0);
	add_job(ctx, NULL, NULL, 0);
	forum_sql(
		ctx,
		"update jobs set run_at = now() - interval '1 minute' where payload ->> 'id' = '2'");
	assert_true(take_job(ctx, &job));
	assert_int_equal(job.subject_id, 2);
	assert_string_equal(job.text, "été");
	assert_int_equal(job.attempts, 1);
	assert_ok(ctx, job_done(ctx, &job));
	assert_true(take_job(ctx, &job));
	assert_int_equal(job.subject_id, 0);
	assert_string_equal(job.text, "");
	assert_ok(ctx, job_done(ctx, &job));
	assert_false(take_job(ctx, &job));
	assert_int_equal(count_jobs(ctx, "true"), 1);
}

static void test_one_waiting_job_a_key_at_the_earlier_time(void **state)
{
	struct ctx *ctx = *state;
	struct job job;

	forum_sql(ctx, "delete from jobs");
	add_job(ctx, NULL, "k", 600);
	add_job(ctx, NULL, "k", 1200);
	assert_int_equal(count_jobs(ctx, "run_at <= now() + interval '10 minutes'"), 1);
	add_job(ctx, NULL, "k", 0);
	assert_int_equal(count_jobs(ctx, "run_at <= now()"), 1);
	assert_true(take_job(ctx, &job));
	/* What is running does the work of before; the next change wants another run. */
	add_job(ctx, NULL, "k", 0);
	assert_int_equal(count_jobs(ctx, "true"), 2);
}

struct taker {
	struct ctx ctx;
	int results[2];
};

#define TAKERS 4
#define TAKEN  60

static void take_until_none(void *argument)
{
	struct taker *taker = argument;
	struct job job;
	bool found = true;

	taker->ctx.db = forum_connect();
	while (job_take(&taker->ctx, &job, &found) == OK && found) {
		if (write(taker->results[1], &job.id, sizeof(job.id)) != sizeof(job.id) ||
		    job_done(&taker->ctx, &job) != OK)
			_exit(3);
	}
	_exit(found ? 4 : 0);
}

static void test_no_job_is_taken_twice_by_workers_side_by_side(void **state)
{
	struct ctx *ctx = *state;
	struct taker taker = { .ctx = *ctx };
	pid_t children[TAKERS];
	int64_t ids[TAKEN + 1];
	ssize_t got;

	forum_sql(
		ctx,
		"delete from jobs; insert into jobs (kind) select 'mail' from generate_series(1, 60)");
	assert_int_equal(pipe(taker.results), 0);
	for (size_t i = 0; i < TAKERS; i++)
		children[i] = fork_off(take_until_none, &taker);
	for (size_t i = 0; i < TAKERS; i++)
		assert_ended_well(children[i]);
	close(taker.results[1]);
	got = read(taker.results[0], ids, sizeof(ids));
	close(taker.results[0]);
	assert_int_equal(got, TAKEN * sizeof(int64_t));
	for (size_t i = 0; i < TAKEN; i++)
		for (size_t j = 0; j < i; j++)
			assert_true(ids[i] != ids[j]);
	assert_int_equal(count_jobs(ctx, "true"), 0);
}

static void test_job_whose_worker_died_is_taken_again(void **state)
{
	struct ctx *ctx = *state;
	struct job lost, again, none;

	forum_sql(ctx, "delete from jobs");
	add_job(ctx, NULL, NULL, 0);
	assert_true(take_job(ctx, &lost));
	assert_false(take_job(ctx, &none));
	forum_sql(ctx, "update jobs set leased_until = now() - interval '1 second'");
	assert_true(take_job(ctx, &again));
	assert_int_equal(again.id, lost.id);
	assert_int_equal(again.attempts, 2);
	/* The first was only slow: it may neither end nor fail what is not its own. */
	assert_ok(ctx, job_done(ctx, &lost));
	assert_ok(ctx, job_failed(ctx, &lost, "late"));
	assert_int_equal(count_jobs(ctx, "state = 'running' and attempts = 2"), 1);
	assert_ok(ctx, job_done(ctx, &again));
	assert_int_equal(count_jobs(ctx, "true"), 0);
}

static void test_failing_job_comes_back_later_and_later_and_dies(void **state)
{
	struct ctx *ctx = *state;
	struct job job;

	forum_sql(ctx, "delete from jobs");
	add_job(ctx, NULL, "k", 0);
	for (int attempt = 1; attempt <= JOB_ATTEMPTS_MAX; attempt++) {
		int64_t wait = 10 << attempt;
		assert_true(take_job(ctx, &job));
		assert_int_equal(job.attempts, attempt);
		assert_ok(ctx, job_failed(ctx, &job, "the mail server is away"));
		if (attempt < JOB_ATTEMPTS_MAX)
			assert_int_equal(
				count_jobs(
					ctx,
					arena_printf(
						ctx->arena,
						"state = 'queued' and last_error = 'the mail server is away' and"
						" abs(extract(epoch from run_at - now()) - least(%lld, 21600)) < 2",
						(long long)wait)),
				1);
		forum_sql(ctx, "update jobs set run_at = now()");
	}
	assert_int_equal(count_jobs(ctx, "state = 'dead'"), 1);
	assert_false(take_job(ctx, &job));
}

/* A job may die in the meantime: its key must not keep others out. */
static void test_failed_job_gives_its_key_free(void **state)
{
	struct ctx *ctx = *state;
	struct job job;

	forum_sql(ctx, "delete from jobs");
	add_job(ctx, NULL, "k", 0);
	assert_true(take_job(ctx, &job));
	add_job(ctx, NULL, "k", 0);
	assert_ok(ctx, job_failed(ctx, &job, "no"));
	assert_int_equal(count_jobs(ctx, "state = 'queued'"), 2);
}

static void test_jobs_are_counted_by_kind_and_state(void **state)
{
	struct ctx *ctx = *state;
	struct job_counts *counts;
	size_t count;

	forum_sql(
		ctx,
		"delete from jobs; insert into jobs (kind, state, created_at) values"
		" ('mail', 'dead', now() - interval '1 hour'), ('mail', 'queued', now()), ('mail', 'queued', now())");
	assert_ok(ctx, job_count(ctx, &counts, &count));
	assert_int_equal(count, 2);
	assert_string_equal(counts[0].state, "dead");
	assert_int_equal(counts[0].count, 1);
	assert_true(counts[0].oldest_seconds >= 3600 && counts[0].oldest_seconds < 3610);
	assert_int_equal(counts[1].count, 2);
}

/* Mails ------------------------------------------------------------------------------ */

static int64_t newest_mail(struct ctx *ctx)
{
	return forum_number(ctx, "select max(id) + 0 * $1::bigint from mails", 0);
}

static void test_mail_goes_once_a_key_and_forgets_its_link(void **state)
{
	struct ctx *ctx = *state;
	struct actor *zoe = forum_person(ctx, "zoe", ROLE_CUSTOMER);
	struct mail_new mail = { .person_id = zoe->id,
				 .address = "zoe@example.org",
				 .language = "fr",
				 .kind = MAIL_RESET,
				 .key = crypto_token(ctx->arena),
				 .delay_seconds = 60,
				 .parameters = { .link = "https://entraide.example/?a=\"b\\\n",
						 .name = "Zoé" } };
	struct outgoing_mail out;
	int64_t id;

	forum_sql(ctx, "delete from jobs");
	mail_queue(ctx, &mail);
	mail_queue(ctx, &mail);
	assert_ok(ctx, db_run(ctx));
	assert_int_equal(
		count_jobs(ctx, "kind = 'mail' and run_at > now() + interval '50 seconds'"), 1);
	id = newest_mail(ctx);
	assert_ok(ctx, mail_load(ctx, id, &out));
	assert_int_equal(out.kind, MAIL_RESET);
	assert_string_equal(out.parameters.link, mail.parameters.link);
	assert_string_equal(out.parameters.name, "Zoé");
	assert_string_equal(out.address, "zoe@example.org");
	assert_string_equal(out.key, mail.key);
	assert_ok(ctx, mail_sent(ctx, id));
	assert_err(ctx, ERR_GONE, mail_load(ctx, id, &out));
	assert_int_equal(forum_number(ctx,
				      "select count(*) from mails where id = $1 and state = 'sent'"
				      " and sent_at is not null and not parameters ? 'link'",
				      id),
			 1);
	/* A late answer changes nothing. */
	assert_ok(ctx, mail_refused(ctx, id, "no"));
	assert_int_equal(forum_number(ctx,
				      "select count(*) from mails where id = $1 and state = 'sent'",
				      id),
			 1);
	assert_err(ctx, ERR_GONE, mail_load(ctx, 1L << 60, &out));
}

static void test_refused_mail_keeps_the_reason_and_no_link(void **state)
{
	struct ctx *ctx = *state;
	struct actor *zoe = forum_person(ctx, "zoe", ROLE_CUSTOMER);

	mail_queue(ctx,
		   &(struct mail_new){ .person_id = zoe->id,
				       .address = "zoe@example.org",
				       .language = "fr",
				       .kind = MAIL_CONFIRM,
				       .key = crypto_token(ctx->arena),
				       .parameters = { .link = "https://entraide.example/x" } });
	assert_ok(ctx, db_run(ctx));
	assert_ok(ctx, mail_refused(ctx, newest_mail(ctx), "550 no such mailbox"));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from mails where id = $1 and state = 'refused'"
			" and error = '550 no such mailbox' and not parameters ? 'link' and sent_at is null",
			newest_mail(ctx)),
		1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_form_key_gives_the_first_result_again),
		FORUM_TEST(test_form_key_of_what_failed_is_free_again),
		FORUM_TEST(test_form_keys_are_each_persons_own),
		FORUM_TEST(test_second_of_two_at_once_waits_for_the_firsts_result),
		FORUM_TEST(test_jobs_are_taken_in_the_order_they_fall_due),
		FORUM_TEST(test_one_waiting_job_a_key_at_the_earlier_time),
		FORUM_TEST(test_no_job_is_taken_twice_by_workers_side_by_side),
		FORUM_TEST(test_job_whose_worker_died_is_taken_again),
		FORUM_TEST(test_failing_job_comes_back_later_and_later_and_dies),
		FORUM_TEST(test_failed_job_gives_its_key_free),
		FORUM_TEST(test_jobs_are_counted_by_kind_and_state),
		FORUM_TEST(test_mail_goes_once_a_key_and_forgets_its_link),
		FORUM_TEST(test_refused_mail_keeps_the_reason_and_no_link),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_queue");
}
