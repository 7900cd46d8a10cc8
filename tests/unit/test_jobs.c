/*
 * The worker's jobs: what mails say in both languages, how one is sent, retried or
 * given up (to a small SMTP server that this test plays), and the indexer with a
 * real index in a folder of its own.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>

#include "forum_fixture.h"

#include "base/buf.h"
#include "forum/account.h"
#include "forum/index_state.h"
#include "forum/indexing.h"
#include "forum/job.h"
#include "forum/post.h"
#include "i18n/i18n.h"
#include "jobs/index.h"
#include "jobs/kinds.h"
#include "jobs/letter.h"
#include "jobs/loop.h"
#include "search/search.h"

static char index_directory[256];

/* The fixture's configuration, with what jobs need beside. */
static struct ctx *with_mail(void **state, const char *url)
{
	struct ctx *ctx = *state;
	struct config *config = arena_new_of(ctx->arena, struct config);

	*config = *ctx->config;
	config->mail.url = url;
	config->mail.user = config->mail.password = "";
	config->mail.from = "Entraide <no-reply@entraide.example>";
	config->site.contact_email = "aide@entraide.example";
	config->search.index_dir = index_directory;
	ctx->config = config;
	return ctx;
}

/* Letters ---------------------------------------------------------------------------- */

static struct letter letter_of(struct ctx *ctx, enum mail_kind kind, const char *notification)
{
	const struct outgoing_mail mail = {
		.id = 1,
		.person_id = 7,
		.kind = kind,
		.address = "zoe@example.org",
		.language = i18n_language(),
		.key = "k",
		.parameters = { .link = "https://entraide.example/x",
				.name = "Zoé",
				.actor = "Karim",
				.title = "Ma box redémarre",
				.excerpt = "Changez l'alimentation.",
				.notification = notification },
	};
	struct letter letter;

	letter_write(ctx, &mail, &letter);
	return letter;
}

static void test_every_letter_is_whole_in_both_languages(void **state)
{
	static const char *const news[] = { "answer", "comment",  "mention", "accepted",
					    "thanks", "question", "status" };
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1");
	const char *subjects[2][ARRAY_COUNT(news) + MAIL_NOTIFICATION];

	for (size_t language = 0; language < 2; language++) {
		i18n_use(language == 0 ? "fr" : "en");
		ctx->language = i18n_language();
		for (size_t i = 0; i < ARRAY_COUNT(subjects[0]); i++) {
			bool is_news = i >= MAIL_NOTIFICATION;
			struct letter letter = letter_of(
				ctx, is_news ? MAIL_NOTIFICATION : (enum mail_kind)i,
				is_news ? news[i - MAIL_NOTIFICATION] : "");
			subjects[language][i] = letter.subject;
			assert_true(letter.subject[0] && letter.heading[0] &&
				    letter.paragraph_count > 0);
			assert_null(strpbrk(letter.subject, "\r\n"));
			assert_true(!letter.link[0] == !letter.button_text[0]);
			assert_true(!letter.unsubscribe_link[0] == !is_news);
			assert_non_null(strstr(letter_text(ctx, &letter), letter.link));
			assert_non_null(strstr(letter_text(ctx, &letter), "Zoé"));
		}
	}
	i18n_use("en");
	for (size_t i = 0; i < ARRAY_COUNT(subjects[0]); i++)
		assert_string_not_equal(subjects[0][i], subjects[1][i]);
}

static void test_letter_about_an_answer_in_french(void **state)
{
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1");
	struct letter letter;

	i18n_use("fr");
	letter = letter_of(ctx, MAIL_NOTIFICATION, "answer");
	i18n_use("en");
	assert_string_equal(letter.paragraphs[0],
			    "Karim a répondu à la question «\u00A0Ma box redémarre\u00A0».");
	assert_non_null(strstr(letter.paragraphs[1], "Changez l'alimentation."));
	assert_non_null(strstr(letter.unsubscribe_link,
			       "https://entraide.example/unsubscribe?person=7&token="));
}

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
	ctx = with_mail(state, arena_printf(((struct ctx *)*state)->arena, "smtp://127.0.0.1:%d",
					    server.port));
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
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1");
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
	ctx = with_mail(state, arena_printf(((struct ctx *)*state)->arena, "smtp://127.0.0.1:%d",
					    server.port));
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
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1");
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
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1");
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
	assert_ok(ctx, jobs_run_next(ctx, &found));
	assert_false(found);
	forum_sql(ctx, "update jobs set run_at = now() where kind = 'purge'");
	assert_ok(ctx, jobs_run_next(ctx, &found));
	assert_true(found);
	assert_int_equal(count_jobs(ctx, "kind = 'purge'"), 0);
}

/* The index ------------------------------------------------------------------------------- */

static int64_t ask(struct ctx *ctx, const char *title)
{
	const char *path;
	int64_t id;

	forum_sql(ctx, "delete from throttles");
	ctx->actor = forum_person(ctx, "asker", ROLE_CUSTOMER);
	assert_ok(
		ctx,
		topic_create(
			ctx,
			&(struct topic_new){
				.title = title,
				.body_md =
					"Depuis hier soir le voyant de la fibre clignote en rouge.",
				.tags = "fibre",
				.language = "fr",
				.category_id = forum_category(ctx) },
			&id, &path));
	ctx->actor = &actor_system;
	return id;
}

static size_t hits(const char *words)
{
	struct search_reader *reader;
	struct search_hits found;
	struct search_query query = { .words = words, .language = "fr", .limit = 50 };

	assert_int_equal(search_reader_open(index_directory, &reader), SEARCH_OK);
	assert_int_equal(search_run(reader, &query, &found), SEARCH_OK);
	search_reader_close(reader);
	return found.count;
}

/* As the worker goes on until there is nothing more to do. */
static struct index_run run_until_idle(struct ctx *ctx, bool relates)
{
	struct index_run run = { 0 }, sum = { 0 };
	int rounds = 0;

	do {
		if (!relates)
			forum_sql(ctx, "delete from related_due");
		assert_ok(ctx, index_run(ctx, &run));
		assert_true(++rounds < 1000);
		sum.written += run.written;
		sum.built += run.built;
		sum.related += run.related;
	} while (run.has_more || run.related > 0);
	sum.is_busy = run.is_busy;
	return sum;
}

/* Without the related questions, which would cost most of the tests' time. */
static struct index_run run_all(struct ctx *ctx)
{
	return run_until_idle(ctx, false);
}

static int64_t owed(struct ctx *ctx)
{
	int64_t count;

	assert_ok(ctx, index_owed(ctx, &count));
	return count;
}

static int64_t count_visible(struct ctx *ctx)
{
	return forum_number(
		ctx, "select count(*) + 0 * $1::bigint from topics where visibility = 'visible'",
		0);
}

static void set_topic(struct ctx *ctx, int64_t id, const char *change)
{
	forum_sql(ctx, arena_printf(ctx->arena, "update topics set %s where id = %lld", change,
				    (long long)id));
}

/* As somebody who deletes the folder, or overwrites a file of it. */
static void spoil(const char *command)
{
	assert_int_equal(setenv("INDEX", index_directory, 1), 0);
	assert_int_equal(system(command), 0);
}

static void let_retry(struct ctx *ctx)
{
	forum_sql(ctx, "update search_state set retry_at = null");
}

static void test_index_is_begun_by_itself_and_follows_changes(void **state)
{
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1");
	int64_t first = ask(ctx, "Voyant rouge sur le boîtier quokka"),
		second = ask(ctx, "Encore un voyant rouge ici");
	struct index_run run = run_until_idle(ctx, true);

	assert_int_equal(run.built, count_visible(ctx));
	assert_int_equal(hits("quokka"), 1);
	assert_int_equal(owed(ctx), 0);
	assert_true(run.related >= 2);
	assert_true(forum_number(ctx, "select count(*) from related_topics where topic_id = $1",
				 first) >= 1);

	set_topic(ctx, first, "visibility = 'withdrawn'");
	assert_int_equal(run_all(ctx).written, 1);
	assert_int_equal(hits("quokka"), 0);
	set_topic(ctx, second, "title = 'Un titre avec axolotl dedans'");
	run_all(ctx);
	assert_int_equal(hits("axolotl"), 1);
	/* Nothing marked: nothing is done. */
	run = run_all(ctx);
	assert_int_equal(run.written + run.built + run.related, 0);
}

static void test_broken_index_is_built_anew(void **state)
{
	static const char *const ways[] = {
		"echo 'not an index' > $INDEX/current/iamglass",
		"rm $INDEX/current/iamglass",
		"rm $INDEX/current/postlist.glass",
		"dd if=/dev/urandom of=$INDEX/current/postlist.glass bs=1k count=64 conv=notrunc 2>/dev/null",
		"rm -r $INDEX/generation-*",
		"rm $INDEX/current",
		"rm -r $INDEX",
	};
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1");

	ask(ctx, "Le boîtier tapir ne démarre plus");
	run_all(ctx);
	for (size_t i = 0; i < ARRAY_COUNT(ways); i++) {
		spoil(ways[i]);
		if (run_all(ctx).built != count_visible(ctx))
			fail_msg("not mended after: %s", ways[i]);
		assert_int_equal(hits("tapir"), 1);
	}
}

static void test_index_of_an_older_program_goes_over(void **state)
{
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1");
	struct search_writer *writer;
	struct search_place place;

	ask(ctx, "Le boîtier tamanoir ne démarre plus");
	spoil("rm -rf $INDEX");
	assert_int_equal(search_writer_create(index_directory, &writer), SEARCH_OK);
	search_writer_close(writer);
	spoil("test -e $INDEX/iamglass");
	/* It is a good index, and goes on being written in its place. */
	run_all(ctx);
	assert_int_equal(search_look(index_directory, &place), SEARCH_OK);
	assert_int_equal(place.generation, 0);
	forum_sql(ctx, "update search_state set is_broken = true");
	run_all(ctx);
	assert_int_equal(search_look(index_directory, &place), SEARCH_OK);
	assert_true(place.generation > 0);
	spoil("test ! -e $INDEX/iamglass");
	assert_int_equal(hits("tamanoir"), 1);
}

static void test_place_that_cannot_be_written_is_tried_later(void **state)
{
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1");
	struct index_state now;
	struct index_run run = { 0 };

	ask(ctx, "Le boîtier gecko ne démarre plus");
	/* A file where the folder should be: root too is refused. */
	spoil("rm -rf $INDEX");
	spoil("touch $INDEX");
	assert_ok(ctx, index_run(ctx, &run));
	assert_ok(ctx, index_state_load(ctx, &now));
	assert_string_not_equal(now.failure, "");
	assert_int_equal(now.failures, 1);
	assert_true(now.is_waiting);
	/* Not before its time. */
	assert_ok(ctx, index_run(ctx, &run));
	assert_ok(ctx, index_state_load(ctx, &now));
	assert_int_equal(now.failures, 1);
	let_retry(ctx);
	assert_ok(ctx, index_run(ctx, &run));
	assert_ok(ctx, index_state_load(ctx, &now));
	assert_int_equal(now.failures, 2);
	spoil("rm $INDEX");
	let_retry(ctx);
	assert_int_equal(run_all(ctx).built, count_visible(ctx));
	assert_ok(ctx, index_state_load(ctx, &now));
	assert_string_equal(now.failure, "");
	assert_int_equal(now.failures, 0);
	assert_int_equal(hits("gecko"), 1);
}

static void put_many_topics(struct ctx *ctx, int count)
{
	forum_sql(
		ctx,
		arena_printf(ctx->arena,
			     "insert into topics (category_id, title)"
			     " select %lld, 'Question numéro ' || n from generate_series(1, %d) n",
			     (long long)forum_category(ctx), count));
}

static void test_indexing_in_pieces_says_that_there_is_more(void **state)
{
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1");
	struct index_run run = { .limits = { .batches = 2 } };

	run_all(ctx);
	put_many_topics(ctx, 600);
	assert_ok(ctx, index_run(ctx, &run));
	assert_int_equal(run.written, INDEX_WORDS_BATCH + INDEX_BATCH);
	assert_true(run.has_more);
	assert_int_equal(run_all(ctx).written, 600 - run.written);
	assert_int_equal(owed(ctx), 0);
}

/* Not the root of a table, which opening would look at. */
static void test_bytes_overwritten_are_met_while_writing(void **state)
{
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1");
	int64_t id = ask(ctx, "Le boîtier tatou ne démarre plus"), marked;

	put_many_topics(ctx, 1500);
	run_all(ctx);
	forum_sql(ctx, "update search_state set built_at = built_at - interval '1 hour'");
	spoil("dd if=/dev/zero conv=notrunc"
	      " of=$INDEX/current/termlist.glass bs=8k seek=3 count=4 2>/dev/null");
	set_topic(ctx, id, "title = 'Le boîtier wallaby ne démarre plus'");
	assert_ok(ctx, index_mark_all(ctx, &marked));
	run_all(ctx);
	assert_true(forum_number(ctx, "select failure_count + 0 * $1::bigint from search_state",
				 0) > 0);
	let_retry(ctx);
	assert_int_equal(run_all(ctx).built, count_visible(ctx));
	assert_int_equal(hits("wallaby"), 1);
	assert_int_equal(owed(ctx), 0);
}

/* The one who asks now is found before those who asked a minute ago. */
static void test_new_words_do_not_wait_for_a_burst(void **state)
{
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1");
	struct index_run run = { .limits = { .batches = 1 } };

	run_all(ctx);
	put_many_topics(ctx, 1000);
	forum_sql(ctx, "update topics set category_id = category_id, status = 'closed'"
		       " where title like 'Question numéro %'");
	ask(ctx, "Le boîtier narval ne démarre plus");
	assert_ok(ctx, index_run(ctx, &run));
	assert_int_equal(hits("narval"), 1);
	assert_true(owed(ctx) > 900);
	/* Nor do the old ones wait for ever. */
	forum_sql(ctx, "update search_marks set priority = 2, marked_at = 'epoch'"
		       " where topic_id = (select min(topic_id) from search_marks)");
	run.limits.batches = 2;
	put_many_topics(ctx, 100);
	assert_ok(ctx, index_run(ctx, &run));
	assert_int_equal(forum_number(ctx,
				      "select count(*) from search_marks where marked_at = 'epoch'"
				      " and 0 = $1::bigint",
				      0),
			 0);
	run_all(ctx);
}

static void test_index_is_left_to_whoever_is_at_it(void **state)
{
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1"), second = *ctx;
	struct index_run run = { 0 };
	bool is_ours;

	run_all(ctx);
	second.arena = arena_new(FORUM_ARENA_BYTES);
	second.db = forum_connect();
	assert_ok(&second, index_lock(&second, INDEX_LOCK_WRITE, &is_ours));
	assert_true(is_ours);
	ask(ctx, "Le boîtier lama ne démarre plus");
	assert_ok(ctx, index_run(ctx, &run));
	assert_true(run.is_busy);
	assert_int_equal(run.written, 0);
	arena_free(second.arena);
	db_close(second.db);
}

/* A small file system in the place of the index, in a name space of its own; root only. */
static void mount_disk(unsigned long flags, const char *size)
{
	assert_int_equal(mount("none", index_directory, "tmpfs", flags, size), 0);
}

static bool has_own_mounts(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static void assert_failure(struct ctx *ctx, const char *failure)
{
	struct index_state now;

	assert_ok(ctx, index_state_load(ctx, &now));
	assert_string_equal(now.failure, failure);
	let_retry(ctx);
}

static void test_full_or_read_only_disk_is_noted_and_survived(void **state)
{
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1");
	int64_t count;

	if (!has_own_mounts()) {
		print_message("skipped: disks can be mounted by root only\n");
		skip();
	}
	ask(ctx, "Le boîtier blaireau ne démarre plus");
	spoil("rm -rf $INDEX; mkdir $INDEX");
	mount_disk(0, "size=1m");
	run_all(ctx);
	assert_failure(ctx, "full");
	spoil("test ! -e $INDEX/building");
	mount_disk(MS_REMOUNT, "size=256m");
	assert_int_equal(run_all(ctx).built, count_visible(ctx));
	assert_failure(ctx, "");

	spoil("dd if=/dev/zero of=$INDEX/ballast bs=1M 2>/dev/null; true");
	assert_ok(ctx, index_mark_all(ctx, &count));
	run_all(ctx);
	assert_failure(ctx, "full");
	assert_true(owed(ctx) > 0);
	assert_int_equal(hits("blaireau"), 1);
	spoil("rm $INDEX/ballast");
	assert_true(run_all(ctx).written > 0);
	assert_failure(ctx, "");

	mount_disk(MS_REMOUNT | MS_RDONLY, "size=256m");
	assert_ok(ctx, index_mark_all(ctx, &count));
	run_all(ctx);
	assert_failure(ctx, "denied");
	assert_int_equal(hits("blaireau"), 1);
	mount_disk(MS_REMOUNT, "size=256m");
	run_all(ctx);
	assert_failure(ctx, "");
	assert_int_equal(owed(ctx), 0);
	assert_int_equal(umount(index_directory), 0);
}

/* Building beside ------------------------------------------------------------------------- */

static void test_what_changes_while_building_is_in_the_new_index(void **state)
{
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1");
	struct index_build build = { .is_anew = true, .most_ms = 1 };
	struct index_run run = { .limits = { .batches = 100 } };
	int64_t changed = ask(ctx, "Le boîtier lynx ne démarre plus"),
		withdrawn = ask(ctx, "Le boîtier putois ne démarre plus");

	put_many_topics(ctx, 1000);
	run_all(ctx);
	assert_ok(ctx, index_build(ctx, &build));
	assert_false(build.is_finished);
	assert_true(build.built > 0);
	/* These two were built already; the worker goes on with the living one. */
	forum_sql(ctx, "update search_state set is_broken = false");
	set_topic(ctx, changed, "title = 'Le boîtier caracal ne démarre plus'");
	set_topic(ctx, withdrawn, "visibility = 'withdrawn'");
	run.limits.build_ms = 1;
	assert_ok(ctx, index_run(ctx, &run));
	assert_int_equal(run.written, 2);
	assert_int_equal(hits("caracal"), 1);
	build = (struct index_build){ 0 };
	assert_ok(ctx, index_build(ctx, &build));
	assert_true(build.is_finished);
	assert_true(build.resumed > 0);
	run_all(ctx);
	assert_int_equal(hits("caracal"), 1);
	assert_int_equal(hits("lynx"), 0);
	assert_int_equal(hits("putois"), 0);
	assert_int_equal(owed(ctx), 0);
}

static void test_exchange_that_was_cut_short_is_ended(void **state)
{
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1");
	struct index_build build = { 0 };
	struct search_place before, after;
	int64_t id = ask(ctx, "Le boîtier okapi ne démarre plus");

	run_all(ctx);
	assert_int_equal(search_look(index_directory, &before), SEARCH_OK);
	/* Killed between the exchange and its end in the database. */
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update search_state set generation = %lld;"
				    "insert into search_redone values (%lld)",
				    (long long)before.generation, (long long)id));
	assert_ok(ctx, index_build(ctx, &build));
	assert_true(build.is_finished);
	assert_int_equal(build.built, 0);
	assert_int_equal(owed(ctx), 1);
	assert_int_equal(run_all(ctx).written, 1);
	assert_int_equal(search_look(index_directory, &after), SEARCH_OK);
	assert_int_equal(after.generation, before.generation);
	assert_int_equal(hits("okapi"), 1);
}

static void test_building_is_left_to_whoever_is_at_it(void **state)
{
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1"), second = *ctx;
	struct index_build build = { .wait_ms = 1 };
	bool is_ours;

	second.arena = arena_new(FORUM_ARENA_BYTES);
	second.db = forum_connect();
	assert_ok(&second, index_lock(&second, INDEX_LOCK_BUILD, &is_ours));
	assert_true(is_ours);
	assert_ok(ctx, index_build(ctx, &build));
	assert_true(build.is_busy);
	arena_free(second.arena);
	db_close(second.db);
}

/* What marks ------------------------------------------------------------------------------ */

/* ID stands for the number. */
static int64_t priority_after(struct ctx *ctx, int64_t id, const char *change)
{
	const char *at = strstr(change, "ID");

	assert_non_null(at);
	forum_sql(ctx, "delete from search_marks");
	forum_sql(ctx, arena_printf(ctx->arena, "%.*s%lld%s", (int)(at - change), change,
				    (long long)id, at + strlen("ID")));
	return forum_number(
		ctx, "select coalesce((select priority from search_marks where topic_id = $1), -1)",
		id);
}

static void test_changes_mark_as_much_as_they_matter(void **state)
{
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1");
	int64_t id = ask(ctx, "Le boîtier loutre ne démarre plus");
	static const struct {
		const char *change;
		int64_t priority;
	} cases[] = {
		{ "update topics set title = title || '!' where id = ID", 0 },
		{ "update topics set visibility = 'held' where id = ID", 0 },
		{ "update topics set visibility = 'visible' where id = ID", 0 },
		{ "update posts set body_md = body_md || '!' where topic_id = ID", 0 },
		{ "update posts set visibility = 'withdrawn' where topic_id = ID", 0 },
		{ "update posts set visibility = 'visible' where topic_id = ID", 0 },
		{ "insert into posts (topic_id, number, kind, body_md, body_html)"
		  " values (ID, 99, 'answer', 'Oui.', 'Oui.')",
		  0 },
		{ "update posts set accepted_at = now() where kind = 'answer' and topic_id = ID",
		  2 },
		{ "update topics set status = 'closed' where id = ID", 2 },
		{ "update topics set language = 'en' where id = ID", 2 },
		{ "delete from topic_tags where topic_id = ID", 2 },
		{ "update topics set comment_count = comment_count + 1 where id = ID", -1 },
		/* The 1st and 3rd vote do, the 2nd does not. */
		{ "update topics set score = 1 where id = ID", 2 },
		{ "update topics set score = 2 where id = ID", -1 },
		{ "update topics set score = 3 where id = ID", 2 },
		{ "update posts set thanks_count = 1, score = 1 where topic_id = ID", 2 },
		{ "update posts set thanks_count = 2, score = 2 where topic_id = ID", -1 },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		int64_t priority = priority_after(ctx, id, cases[i].change);
		if (priority != cases[i].priority)
			fail_msg("%s: priority %lld instead of %lld", cases[i].change,
				 (long long)priority, (long long)cases[i].priority);
	}
}

static void run_jobs(struct ctx *ctx)
{
	bool found = true;

	while (found)
		assert_ok(ctx, jobs_run_next(ctx, &found));
}

static void test_category_and_role_mark_their_topics_in_the_background(void **state)
{
	struct ctx *ctx = with_mail(state, "smtp://127.0.0.1:1");
	int64_t id = ask(ctx, "Le boîtier manchot ne démarre plus");
	int64_t category = forum_number(ctx, "select category_id from topics where id = $1", id);

	forum_sql(ctx, "delete from jobs");
	assert_int_equal(
		priority_after(ctx, category,
			       "update categories set name_fr = name_fr || '!' where id = ID"),
		-1);
	assert_int_equal(owed(ctx), 0);
	run_jobs(ctx);
	assert_true(owed(ctx) >= 1);
	assert_int_equal(
		forum_number(ctx, "select priority from search_marks where topic_id = $1", id), 2);
	forum_sql(ctx, "delete from search_marks");
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update people set role = 'advisor' where id ="
				    " (select author_id from topics where id = %lld)",
				    (long long)id));
	assert_int_equal(owed(ctx), 0);
	run_jobs(ctx);
	assert_true(owed(ctx) >= 1);
	forum_sql(ctx, "delete from search_marks; update people set role = 'customer'"
		       " where role = 'customer'");
	run_jobs(ctx);
	assert_int_equal(owed(ctx), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_every_letter_is_whole_in_both_languages),
		FORUM_TEST(test_letter_about_an_answer_in_french),
		FORUM_TEST(test_mail_is_sent_in_the_persons_language_and_done),
		FORUM_TEST(test_mail_comes_back_while_the_server_is_away),
		FORUM_TEST(test_mail_to_a_refused_address_is_given_up),
		FORUM_TEST(test_unknown_kind_of_job_waits_for_a_program_that_knows_it),
		FORUM_TEST(test_upkeep_is_queued_once_and_again_after_it_ran),
		FORUM_TEST(test_index_is_begun_by_itself_and_follows_changes),
		FORUM_TEST(test_broken_index_is_built_anew),
		FORUM_TEST(test_bytes_overwritten_are_met_while_writing),
		FORUM_TEST(test_index_of_an_older_program_goes_over),
		FORUM_TEST(test_place_that_cannot_be_written_is_tried_later),
		FORUM_TEST(test_full_or_read_only_disk_is_noted_and_survived),
		FORUM_TEST(test_indexing_in_pieces_says_that_there_is_more),
		FORUM_TEST(test_new_words_do_not_wait_for_a_burst),
		FORUM_TEST(test_index_is_left_to_whoever_is_at_it),
		FORUM_TEST(test_what_changes_while_building_is_in_the_new_index),
		FORUM_TEST(test_exchange_that_was_cut_short_is_ended),
		FORUM_TEST(test_building_is_left_to_whoever_is_at_it),
		FORUM_TEST(test_changes_mark_as_much_as_they_matter),
		FORUM_TEST(test_category_and_role_mark_their_topics_in_the_background),
	};
	const char *build = getenv("ENTRAIDE_BUILD_DIR"), *message;
	char locale[512], folder[] = "/tmp/entraide-jobs.XXXXXX", remove[320];
	int failed;

	snprintf(locale, sizeof(locale), "%s/locale", build ? build : ".");
	if (!i18n_init(locale, "Europe/Paris", &message)) {
		fprintf(stderr, "%s\n", message);
		return 1;
	}
	if (!mkdtemp(folder))
		return 1;
	snprintf(index_directory, sizeof(index_directory), "%s/index", folder);
	failed = forum_run(tests, ARRAY_COUNT(tests), "test_jobs");
	snprintf(remove, sizeof(remove), "rm -rf -- '%s'", folder);
	return system(remove) == 0 ? failed : 1;
}
