/*
 * A forum that is driven line by line: each line on standard input is an act of somebody,
 * and goes through the same functions as a request of theirs would; each answer is a line
 * on standard output. The time is whatever the last "time" said, here and in the database
 * (simulate.py puts functions now() and clock_timestamp() before PostgreSQL's own).
 *
 *	time MICROSECONDS
 *	person ROLE NAME                          → its id
 *	category SLUG NAME                        → its id
 *	visit PERSON ADDRESS                      a session, as by signing in
 *	ask PERSON CATEGORY TAGS SECONDS TITLE BODY   → topic, post, held
 *	answer PERSON TOPIC SECONDS BODY          → post, held
 *	comment PERSON POST SECONDS BODY          → post, held
 *	accept PERSON POST · thank PERSON POST · me_too PERSON TOPIC
 *	flag PERSON POST REASON
 *	next PERSON                               claims the most urgent item → its id or 0
 *	decide PERSON ITEM DECISION RULE NOTE
 *	jobs                                      everything that is due → how many
 *	candidates PERSON CATEGORY                → person, score, …
 *	score LANGUAGE TITLE BODY                 → the spam score in percent
 *
 * Fields are parted by tabs; \n and \t in texts are written as such. Answers begin with
 * "ok", or with "no" and the error's name and sentence.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/slice.h"
#include "cmd/command.h"
#include "db/db.h"
#include "forum/category.h"
#include "forum/expert.h"
#include "forum/flag.h"
#include "forum/holding_rules.h"
#include "forum/moderation_decide.h"
#include "forum/post.h"
#include "forum/session.h"
#include "jobs/kinds.h"
#include "jobs/loop.h"

#define FIELDS_MAX       8
#define LINE_MAX_BYTES   (64 << 10)
#define ACT_MEMORY_BYTES ((size_t)256 << 20)
#define PEOPLE_MAX       100000

/* What is not made here has nobody who reads it: no mail server, no search index. */
DB_STATEMENT(driver_drop_mails, "delete from jobs where kind = 'mail' and state = 'queued'", 0);
DB_STATEMENT(driver_drop_marks, "delete from search_marks", 0);
DB_STATEMENT(driver_set_time, "select set_config('simulation.now', $1::timestamptz::text, false)",
	     1);
DB_STATEMENT(
	driver_person,
	"insert into people (name, handle, email, email_key, role, trust_level, state, email_confirmed_at)\n"
	"values ($2, free_handle($3), $3 || '@example.org', $3 || '@example.org', $1,\n"
	"	case when $1 = 'customer' then 0 else 4 end, 'active', now()) returning id",
	3);

struct driver {
	struct command_session *session;
	struct ctx ctx;     /* of one act */
	struct actor actor; /* who does it */
	const char *tokens[PEOPLE_MAX];
	int64_t now;
	char *fields[FIELDS_MAX];
	size_t field_count;
};

/* The line --------------------------------------------------------------------------- */

/* In place: "\n" and "\t" become what they stand for. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (from[0] == '\\' && (from[1] == 'n' || from[1] == 't' || from[1] == '\\')) {
			from++;
			*to++ = *from == 'n' ? '\n' : *from == 't' ? '\t' : '\\';
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
}

static void split(struct driver *driver, char *line)
{
	char *rest = line;

	driver->field_count = 0;
	line[strcspn(line, "\n")] = '\0';
	while (rest && driver->field_count < FIELDS_MAX) {
		char *tab = strchr(rest, '\t');

		if (tab)
			*tab++ = '\0';
		unescape(rest);
		driver->fields[driver->field_count++] = rest;
		rest = tab;
	}
	for (size_t i = driver->field_count; i < FIELDS_MAX; i++)
		driver->fields[i] = "";
}

static int64_t number(const struct driver *driver, size_t field)
{
	int64_t value = 0;

	if (!slice_to_i64(slice_of(driver->fields[field]), &value))
		fprintf(stderr, "driver: “%s” is no number\n", driver->fields[field]);
	return value;
}

/* Who and when ----------------------------------------------------------------------- */

static enum err act_as(struct driver *driver)
{
	int64_t person = number(driver, 1);

	if (person <= 0 || person >= PEOPLE_MAX || !driver->tokens[person])
		return fail_log(&driver->ctx, ERR_INTERNAL, "nobody of that number is signed in");
	TRY(session_load(&driver->ctx, driver->tokens[person], &driver->actor));
	driver->ctx.actor = &driver->actor;
	return OK;
}

static enum err set_time(struct driver *driver)
{
	driver->now = number(driver, 1);
	return db_query(&driver->ctx, &driver_set_time, NULL, param_time(driver->now));
}

static enum err one_id(enum err result, struct rows *rows)
{
	TRY(result);
	if (rows_next(rows))
		printf("ok\t%lld\n", (long long)col_i64(rows));
	return OK;
}

static enum err make_person(struct driver *driver)
{
	static int64_t made;
	struct rows rows;
	const char *handle = arena_printf(driver->ctx.arena, "p%lld", (long long)++made);

	return one_id(db_query(&driver->ctx, &driver_person, &rows, param_text(driver->fields[1]),
			       param_text(driver->fields[2]), param_text(handle)),
		      &rows);
}

static enum err make_category(struct driver *driver)
{
	int64_t id;

	TRY(category_put(&driver->ctx,
			 &(struct category_new){ .slug = driver->fields[1],
						 .name_fr = driver->fields[2],
						 .name_en = driver->fields[2] },
			 &id));
	printf("ok\t%lld\n", (long long)id);
	return OK;
}

/* Tokens live as long as the program: people come again. */
static enum err visit(struct driver *driver)
{
	int64_t person = number(driver, 1);
	const char *token;

	if (person <= 0 || person >= PEOPLE_MAX)
		return fail_log(&driver->ctx, ERR_INTERNAL, "a number of a person is too high");
	TRY(session_create(&driver->ctx,
			   &(struct session_new){ .person_id = person,
						  .client_address = driver->fields[2],
						  .user_agent = "simulation" },
			   &token));
	driver->tokens[person] = arena_strdup(driver->session->arena, token);
	return OK;
}

/* Acts ------------------------------------------------------------------------------- */

static enum err ask(struct driver *driver)
{
	bool is_held = false;
	int64_t id;
	const char *path;
	struct rows rows;
	static const struct stmt question = {
		NULL, "select id from posts where topic_id = $1 and kind = 'question'", 1
	};

	TRY(act_as(driver));
	TRY(topic_create(&driver->ctx,
			 &(struct topic_new){ .category_id = number(driver, 2),
					      .tags = driver->fields[3],
					      .fill_seconds = number(driver, 4),
					      .title = driver->fields[5],
					      .body_md = driver->fields[6],
					      .language = "fr",
					      .personal = PERSONAL_KEEP,
					      .is_held = &is_held },
			 &id, &path));
	TRY(db_query(&driver->ctx, &question, &rows, param_i64(id)));
	rows_next(&rows);
	printf("ok\t%lld\t%lld\t%d\n", (long long)id, (long long)col_i64(&rows), is_held);
	return OK;
}

static enum err answer(struct driver *driver)
{
	bool is_held = false;
	int64_t id;
	const char *path;

	TRY(act_as(driver));
	TRY(answer_create(&driver->ctx,
			  &(struct answer_new){ .topic_id = number(driver, 2),
						.fill_seconds = number(driver, 3),
						.body_md = driver->fields[4],
						.personal = PERSONAL_KEEP,
						.is_held = &is_held },
			  &id, &path));
	printf("ok\t%lld\t%d\n", (long long)id, is_held);
	return OK;
}

static enum err comment(struct driver *driver)
{
	bool is_held = false;
	int64_t id;
	const char *path;

	TRY(act_as(driver));
	TRY(comment_create(&driver->ctx,
			   &(struct comment_new){ .post_id = number(driver, 2),
						  .fill_seconds = number(driver, 3),
						  .body_md = driver->fields[4],
						  .personal = PERSONAL_KEEP,
						  .is_held = &is_held },
			   &id, &path));
	printf("ok\t%lld\t%d\n", (long long)id, is_held);
	return OK;
}

static enum err accept(struct driver *driver)
{
	TRY(act_as(driver));
	return post_accept(&driver->ctx, number(driver, 2), true);
}

static enum err thank(struct driver *driver)
{
	TRY(act_as(driver));
	return post_thank(&driver->ctx, number(driver, 2), true);
}

static enum err me_too(struct driver *driver)
{
	TRY(act_as(driver));
	return topic_me_too(&driver->ctx, number(driver, 2), true);
}

static enum err flag(struct driver *driver)
{
	struct flag_new form = { .post_id = number(driver, 2), .detail = "" };
	const char *path;

	TRY(act_as(driver));
	if (!rule_parse(driver->fields[3], &form.reason))
		return fail_log(&driver->ctx, ERR_INTERNAL, "no such reason");
	return flag_create(&driver->ctx, &form, &path);
}

static enum err next(struct driver *driver)
{
	const struct moderation_query everything = { .has_kind = false };
	int64_t id;

	TRY(act_as(driver));
	TRY(moderation_claim_next(&driver->ctx, &everything, &id));
	printf("ok\t%lld\n", (long long)id);
	return OK;
}

static enum err decide(struct driver *driver)
{
	struct moderation_choice choice = { .id = number(driver, 2), .note = driver->fields[5] };

	TRY(act_as(driver));
	if (!moderation_decision_parse(driver->fields[3], &choice.decision) ||
	    !rule_parse(driver->fields[4], &choice.rule))
		return fail_log(&driver->ctx, ERR_INTERNAL, "no such decision or rule");
	return moderation_decide(&driver->ctx, &choice);
}

/* Those that make others included, each with an arena of its own, as in the worker. */
static enum err jobs(struct driver *driver)
{
	struct ctx *outer = &driver->ctx;
	int64_t count = 0;
	bool found = true;

	TRY(upkeep_schedule(outer, false));
	TRY(db_query(outer, &driver_drop_marks, NULL));
	while (found) {
		struct ctx ctx = *outer;
		enum err result;

		TRY(db_query(outer, &driver_drop_mails, NULL));
		ctx.arena = arena_new(ACT_MEMORY_BYTES);
		result = jobs_run_next(&ctx, &found);
		arena_free(ctx.arena);
		if (result != OK)
			return fail_log(outer, result, "a job");
		count += found;
	}
	printf("ok\t%lld\n", (long long)count);
	return OK;
}

static enum err candidates(struct driver *driver)
{
	struct candidates list;

	TRY(act_as(driver));
	TRY(candidate_list(&driver->ctx, number(driver, 2), 0, &list));
	printf("ok");
	for (size_t i = 0; i < list.count; i++)
		printf("\t%lld %lld", (long long)list.items[i].author.id,
		       (long long)list.items[i].score);
	putchar('\n');
	return OK;
}

/* As a rule before publication would see it. */
static enum err score(struct driver *driver)
{
	struct holding holding = { .text = { .language = driver->fields[1],
					     .title = driver->fields[2],
					     .body_md = driver->fields[3] } };

	holding_add_spam(&driver->ctx, &holding);
	TRY(db_run(&driver->ctx));
	holding_take_spam(&driver->ctx, &holding);
	printf("ok\t%lld\n", (long long)holding.facts.spam_percent);
	return OK;
}

static const struct {
	const char *name;
	enum err (*run)(struct driver *driver);
	bool says_itself;
} acts[] = {
	{ "time", set_time, false },
	{ "person", make_person, true },
	{ "category", make_category, true },
	{ "visit", visit, false },
	{ "ask", ask, true },
	{ "answer", answer, true },
	{ "comment", comment, true },
	{ "accept", accept, false },
	{ "thank", thank, false },
	{ "me_too", me_too, false },
	{ "flag", flag, false },
	{ "next", next, true },
	{ "decide", decide, false },
	{ "jobs", jobs, true },
	{ "candidates", candidates, true },
	{ "score", score, true },
};

static enum err act(struct driver *driver)
{
	for (size_t i = 0; i < ARRAY_COUNT(acts); i++) {
		if (strcmp(acts[i].name, driver->fields[0]) != 0)
			continue;
		TRY(acts[i].run(driver));
		if (!acts[i].says_itself)
			puts("ok");
		return OK;
	}
	return fail_log(&driver->ctx, ERR_INTERNAL, "there is no act “%s”", driver->fields[0]);
}

static void one_line(struct driver *driver, char *line)
{
	const struct error *error = &driver->ctx.error;
	enum err result;

	split(driver, line);
	driver->ctx = driver->session->ctx;
	driver->ctx.arena = arena_new(ACT_MEMORY_BYTES);
	driver->ctx.now = driver->now;
	driver->ctx.language = "fr";
	result = act(driver);
	if (result != OK) {
		db_rollback(&driver->ctx);
		printf("no\t%s\t%s\t%s\n", err_name(result), error->message ? error->message : "",
		       error->details ? error->details : "");
	}
	fflush(stdout);
	arena_free(driver->ctx.arena);
}

int main(void)
{
	static char line[LINE_MAX_BYTES];
	static struct command_session session;
	static struct driver driver = { .session = &session };

	if (!command_open(&session, false))
		return EXIT_FAILURE;
	driver.now = clock_now();
	while (fgets(line, sizeof(line), stdin))
		one_line(&driver, line);
	command_close(&session);
	return EXIT_SUCCESS;
}
