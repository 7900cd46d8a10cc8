/*
 * The worker's jobs: how a mail is sent, retried or given up (to a small SMTP server that
 * this test plays), and the loop.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "jobs_fixture.h"

#include "forum/account.h"
#include "forum/job.h"
#include "jobs/kinds.h"
#include "jobs/loop.h"

/* Sending ----------------------------------------------------------------------------- */

/*
 * A server for one mail: answers RCPT with what it is told, keeps the message. It
 * hangs up after that by itself, as the client keeps its connection for a while.
 */
struct server {
	int listening, port, message[2];
	const char *recipient_answer;
	pid_t child;
};

static void keep_message(const struct server *server, FILE *in)
{
	char line[4096];

	while (fgets(line, sizeof(line), in) && strcmp(line, ".\r\n") != 0)
		(void)!write(server->message[1], line, strlen(line));
}

static void serve_one(const struct server *server)
{
	int connection = accept(server->listening, NULL, NULL);
	FILE *in = fdopen(connection, "r"), *out = fdopen(dup(connection), "w");
	char line[4096];

	setvbuf(out, NULL, _IONBF, 0);
	fputs("220 test\r\n", out);
	while (fgets(line, sizeof(line), in)) {
		bool is_recipient = strncasecmp(line, "RCPT", 4) == 0;
		if (strncasecmp(line, "DATA", 4) == 0) {
			fputs("354 go on\r\n", out);
			keep_message(server, in);
			fputs("250 kept\r\n", out);
			break;
		}
		fprintf(out, "%s\r\n", is_recipient ? server->recipient_answer : "250 fine");
		if (is_recipient && server->recipient_answer[0] != '2')
			break;
	}
	_exit(0);
}

static void server_start(struct server *server, const char *recipient_answer)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);

	server->recipient_answer = recipient_answer;
	server->listening = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(server->listening, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(server->listening, 1), 0);
	assert_int_equal(getsockname(server->listening, (struct sockaddr *)&address, &size), 0);
	server->port = ntohs(address.sin_port);
	assert_int_equal(pipe(server->message), 0);
	fflush(NULL);
	server->child = fork();
	if (server->child == 0)
		serve_one(server);
	close(server->message[1]);
	close(server->listening);
}

/* What it was sent, after its end. */
static const char *server_end(struct ctx *ctx, struct server *server)
{
	char *text = arena_alloc(ctx->arena, 65536);
	size_t length = 0;
	ssize_t got;
	int status;

	while ((got = read(server->message[0], text + length, 65535 - length)) > 0)
		length += (size_t)got;
	assert_int_equal(waitpid(server->child, &status, 0), server->child);
	close(server->message[0]);
	return text;
}

static int64_t queue_reset_mail(struct ctx *ctx)
{
	static int number;
	const char *email = arena_printf(ctx->arena, "zoe.%d@example.org", ++number);
	int64_t id;
	bool found;

	assert_ok(ctx, account_create(ctx,
				      &(struct account_create){ .name = "Zoé",
								.email = email,
								.language = "fr",
								.role = ROLE_CUSTOMER },
				      &id));
	forum_sql(ctx, "delete from jobs; delete from throttles");
	assert_ok(ctx, account_ask_reset(ctx, email, "192.0.2.1"));
	assert_ok(ctx, jobs_run_next(ctx, &found));
	assert_true(found);
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from jobs, mails where mails.person_id = $1"
			     " and jobs.kind = 'mail' and (payload ->> 'id')::bigint = mails.id",
			     id),
		1);
	return forum_number(ctx, "select max(id) from mails where person_id = $1", id);
}

static int64_t count_jobs(struct ctx *ctx, const char *condition)
{
	return forum_number(ctx,
			    arena_printf(ctx->arena,
					 "select count(*) + 0 * $1::bigint from jobs where %s",
					 condition),
			    0);
}

static void test_mail_is_sent_in_the_persons_language_and_done(void **state)
{
	struct server server;
	struct ctx *ctx;
	const char *message;
	int64_t mail_id;
	bool found;

	server_start(&server, "250 fine");
	ctx = jobs_with_mail(state, arena_printf(((struct ctx *)*state)->arena,
						 "smtp://127.0.0.1:%d", server.port));
	mail_id = queue_reset_mail(ctx);
	assert_ok(ctx, jobs_run_next(ctx, &found));
	message = server_end(ctx, &server);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from mails where id = $1 and state = 'sent'",
				      mail_id),
			 1);
	assert_int_equal(count_jobs(ctx, "true"), 0);
	assert_non_null(strstr(message, "Subject: Choisissez un nouveau mot de passe"));
	assert_non_null(strstr(message, "@entraide.example>"));
	assert_non_null(strstr(message, "Message-ID: <reset."));
	assert_non_null(strstr(message, "multipart/alternative"));
	assert_ok(ctx, jobs_run_next(ctx, &found));
	assert_false(found);
}

static void test_mail_comes_back_while_the_server_is_away(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	int64_t mail_id = queue_reset_mail(ctx);
	bool found;

	assert_ok(ctx, jobs_run_next(ctx, &found));
	assert_true(found);
	assert_int_equal(
		forum_number(ctx, "select count(*) from mails where id = $1 and state = 'queued'",
			     mail_id),
		1);
	assert_int_equal(
		count_jobs(
			ctx,
			"state = 'queued' and attempts = 1 and run_at > now() and last_error <> ''"),
		1);
}

static void test_mail_to_a_refused_address_is_given_up(void **state)
{
	struct server server;
	struct ctx *ctx;
	int64_t mail_id;
	bool found;

	server_start(&server, "550 no such mailbox");
	ctx = jobs_with_mail(state, arena_printf(((struct ctx *)*state)->arena,
						 "smtp://127.0.0.1:%d", server.port));
	mail_id = queue_reset_mail(ctx);
	assert_ok(ctx, jobs_run_next(ctx, &found));
	server_end(ctx, &server);
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from mails where id = $1 and state = 'refused'"
			     " and error like '%550%' and not parameters ? 'link'",
			     mail_id),
		1);
	assert_int_equal(count_jobs(ctx, "true"), 0);
}

/* The loop ------------------------------------------------------------------------------- */

static void test_unknown_kind_of_job_waits_for_a_program_that_knows_it(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	bool found;

	forum_sql(ctx, "delete from jobs; insert into jobs (kind) values ('paint')");
	assert_ok(ctx, jobs_run_next(ctx, &found));
	assert_true(found);
	assert_int_equal(count_jobs(ctx, "kind = 'paint' and state = 'queued' and attempts = 1"
					 " and last_error like '%paint%'"),
			 1);
}

static void test_upkeep_is_queued_once_and_again_after_it_ran(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	bool found;

	forum_sql(ctx, "delete from jobs");
	assert_ok(ctx, upkeep_schedule(ctx, true));
	assert_ok(ctx, upkeep_schedule(ctx, true));
	assert_ok(ctx, upkeep_schedule(ctx, false));
	assert_int_equal(count_jobs(ctx, "kind = 'counts' and run_at <= now()"), 1);
	assert_int_equal(
		count_jobs(
			ctx,
			"kind = 'purge' and run_at > now() and run_at <= now() + interval '1 day'"
			" and to_char(run_at at time zone 'UTC', 'HH24:MI') in ('02:17', '02:16')"),
		1);
	assert_ok(ctx, jobs_run_next(ctx, &found));
	assert_true(found);
	assert_int_equal(
		count_jobs(ctx, "kind = 'counts' and run_at between now() + interval '290 seconds'"
				" and now() + interval '310 seconds'"),
		1);
	/* Reports, clocks and counts of the desk are asked for at a start, too. */
	for (int i = 0; found && i < 10; i++)
		assert_ok(ctx, jobs_run_next(ctx, &found));
	assert_false(found);
	forum_sql(ctx, "update jobs set run_at = now() where kind = 'purge'");
	assert_ok(ctx, jobs_run_next(ctx, &found));
	assert_true(found);
	assert_int_equal(count_jobs(ctx, "kind = 'purge'"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_mail_is_sent_in_the_persons_language_and_done),
		FORUM_TEST(test_mail_comes_back_while_the_server_is_away),
		FORUM_TEST(test_mail_to_a_refused_address_is_given_up),
		FORUM_TEST(test_unknown_kind_of_job_waits_for_a_program_that_knows_it),
		FORUM_TEST(test_upkeep_is_queued_once_and_again_after_it_ran),
	};

	return jobs_run(tests, ARRAY_COUNT(tests), "test_jobs");
}
