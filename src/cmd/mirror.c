/*
 * entraide mirror: setting up, reading and looking after mirrors.
 */
#include "cmd/mirror.h"

#include <time.h>

#include "base/clock.h"
#include "base/slice.h"
#include "cmd/options.h"
#include "cmd/progress.h"
#include "connect/facebook_setup.h"
#include "forum/category.h"
#include "i18n/i18n.h"
#include "jobs/mirror.h"

static const char usage[] =
	"usage: entraide mirror COMMAND …\n\n"
	"  add facebook PAGE-ID --name NAME --category SLUG [--language fr|en]\n"
	"  add feed ADDRESS --name NAME --category SLUG [--language fr|en]\n"
	"                     once more with the same changes nothing. Keys and secrets are\n"
	"                     configuration: see docs/mirroring.md\n"
	"  list               the sources\n"
	"  status [SOURCE]    what is mirrored, what waits, what failed\n"
	"  check SOURCE       is everything set up? In plain words; exits non-zero if not\n"
	"  subscribe SOURCE   asks Facebook for notices; the site must be up\n"
	"  backfill SOURCE    reads all there is; interrupted, it goes on where it was\n"
	"  poll SOURCE [--all]  looks for news now; --all: reads everything again\n"
	"  work               does what is due now, and ends (for tests and repairs)\n"
	"  import-export SOURCE DIR  takes over old posts of an unpacked export\n"
	"  send POST          sends this answer of the forum to the source, as the brand\n"
	"  dump SOURCE        what is shown of a source, as JSON\n"
	"  replay DIR --secret SECRET --page ID   works in stored notices, in a scratch\n"
	"                     schema, and prints the end state (replay --help)\n\n"
	"SOURCE is a number, an account or a name of the list.\n";

typedef int (*part)(struct command_session *session, struct options *options);

static int fail_with(const char *message, const char *detail)
{
	fprintf(stderr, "entraide mirror: %s%s\n", message, detail);
	return EXIT_FAILURE;
}

static const char *argument(const struct options *options, int index)
{
	return index < options->rest_count ? options->rest[index] : "";
}

/* Setting up ------------------------------------------------------------------------ */

static int add(struct command_session *session, struct options *options)
{
	struct ctx *ctx = &session->ctx;
	struct mirror_new form = {
		.connector = argument(options, 0),
		.account = argument(options, 1),
		.name = options_text(options, "name"),
		.language = options_text_or(options, "language", ctx->language),
	};
	const char *slug = options_text(options, "category");
	struct category category;
	enum err result;
	int64_t id;

	if (options->rest_count != 2 || !form.name || !slug)
		return fail_with("", usage);
	result = category_by_slug(ctx, slug, &category);
	if (result == ERR_NOT_FOUND)
		return fail_with("there is no category of that slug: ", slug);
	form.category_id = category.id;
	if (result == OK)
		result = mirror_create(ctx, &form, &id);
	if (result != OK)
		return command_failed(session, result);
	printf("%lld\n", (long long)id);
	return EXIT_SUCCESS;
}

static int list(struct command_session *session, struct options *options)
{
	struct mirror *mirrors;
	size_t count;
	enum err result = mirror_list(&session->ctx, &mirrors, &count);

	(void)options;
	if (result != OK)
		return command_failed(session, result);
	for (size_t i = 0; i < count; i++)
		printf("%lld\t%s\t%s\t%s\t%s\t%s\n", (long long)mirrors[i].source.id,
		       mirrors[i].source.connector, mirrors[i].source.account,
		       mirror_state_text(mirrors[i].state), mirrors[i].category_name,
		       mirrors[i].source.name);
	return EXIT_SUCCESS;
}

/* Looking --------------------------------------------------------------------------- */

static const char *ago(struct ctx *ctx, int64_t time)
{
	return time ? i18n_ago(ctx->arena, time, clock_now()) : "never";
}

static void print_errors(struct ctx *ctx, const struct mirror *mirror)
{
	if (mirror->state_reason[0])
		printf("  why               %s\n", mirror->state_reason);
	if (mirror->last_error[0])
		printf("  last failure      %s (%s%s)\n", mirror->last_error,
		       ago(ctx, mirror->last_error_at),
		       mirror->last_trace_id[0]
			       ? arena_printf(ctx->arena, ", trace %s", mirror->last_trace_id)
			       : "");
	if (mirror->brake_at)
		printf("  brake             on since %s: much seems to be gone\n",
		       ago(ctx, mirror->brake_at));
}

static enum err print_status(struct ctx *ctx, const struct mirror *mirror)
{
	struct mirror_status status;

	TRY(mirror_status(ctx, mirror, &status));
	printf("%lld %s %s: %s\n", (long long)mirror->source.id, mirror->source.connector,
	       mirror->source.name, mirror_state_text(mirror->state));
	print_errors(ctx, mirror);
	printf("  shown and kept    %lld posts, %lld comments, %lld removed, %lld waiting\n",
	       (long long)status.posts, (long long)status.comments, (long long)status.removed,
	       (long long)status.waiting);
	printf("  last notice       %s\n", ago(ctx, mirror->event_at));
	printf("  last polled       %s; all read: %s\n", ago(ctx, mirror->polled_at),
	       ago(ctx, mirror->backfilled_at));
	printf("  to be read again  %lld\n", (long long)status.refreshes);
	printf("  notices waiting   %lld, dead %lld\n", (long long)status.deliveries_waiting,
	       (long long)status.deliveries_dead);
	printf("  answers waiting   %lld, failed %lld\n", (long long)status.outbox_open,
	       (long long)status.outbox_failed);
	printf("  pictures waiting  %lld\n", (long long)status.media_waiting);
	printf("  rate limit        %lld %%\n", (long long)mirror->source.usage_percent);
	return OK;
}

static int status(struct command_session *session, struct options *options)
{
	struct ctx *ctx = &session->ctx;
	struct mirror one, *mirrors = &one;
	size_t count = 1;
	enum err result = options->rest_count > 0 ? mirror_find(ctx, argument(options, 0), &one)
						  : mirror_list(ctx, &mirrors, &count);

	for (size_t i = 0; i < count && result == OK; i++)
		result = print_status(ctx, &mirrors[i]);
	return result == OK ? EXIT_SUCCESS : command_failed(session, result);
}

static void print_health(struct ctx *ctx, const struct source_health *health)
{
	for (size_t i = 0; i < health->line_count; i++) {
		const struct health_line *line = &health->lines[i];

		printf("%s  %s\n", line->is_well ? "ok " : "NOT", i18n_text(line->what));
		if (!line->is_well)
			printf("     %s\n", i18n_fill(ctx->arena, line->advice, line->arguments,
						      HEALTH_ARGUMENTS));
	}
}

static int check(struct command_session *session, struct options *options)
{
	struct ctx *ctx = &session->ctx;
	const struct connector *connector;
	struct source_health health = { 0 };
	struct connect_error error = { 0 };
	struct mirror mirror;
	enum err result = mirror_find(ctx, argument(options, 0), &mirror);
	const char *missing;

	if (result != OK)
		return command_failed(session, result);
	connector = connector_find(mirror.source.connector);
	missing = connector->configured(ctx, &mirror.source);
	if (missing)
		return fail_with(i18n_text(missing), "");
	result = connector->health(ctx, &mirror.source, &health, &error);
	if (result == OK && error.failure != CONNECT_OK)
		return fail_with("it does not answer: ", error.message);
	if (result == OK)
		result = mirror_note_health(ctx, &mirror, &health);
	if (result != OK)
		return command_failed(session, result);
	print_health(ctx, &health);
	return health.is_well ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int dump(struct command_session *session, struct options *options)
{
	struct mirror mirror;
	const char *json = "";
	enum err result = mirror_find(&session->ctx, argument(options, 0), &mirror);

	if (result == OK)
		result = mirror_dump(&session->ctx, &mirror, &json);
	if (result != OK)
		return command_failed(session, result);
	puts(json);
	return EXIT_SUCCESS;
}

/* Sending ---------------------------------------------------------------------------- */

static int send(struct command_session *session, struct options *options)
{
	struct ctx *ctx = &session->ctx;
	int64_t post_id = 0;
	enum err result;

	if (!text_to_i64(argument(options, 0), &post_id))
		return fail_with("", usage);
	result = mirror_send_reply(ctx, post_id);
	return result == OK ? EXIT_SUCCESS : command_failed(session, result);
}

static int subscribe(struct command_session *session, struct options *options)
{
	struct connect_error error = { 0 };
	struct mirror mirror;
	enum err result = mirror_find(&session->ctx, argument(options, 0), &mirror);

	if (result == OK && strcmp(mirror.source.connector, "facebook") != 0)
		return fail_with("only Facebook Pages send notices", "");
	if (result == OK)
		result = facebook_subscribe(&session->ctx, &mirror.source, &error);
	if (result != OK)
		return command_failed(session, result);
	if (error.failure != CONNECT_OK)
		return fail_with("Facebook refuses it: ", error.message);
	return EXIT_SUCCESS;
}

static int import_export(struct command_session *session, struct options *options)
{
	struct mirror mirror;
	enum err result = mirror_find(&session->ctx, argument(options, 0), &mirror);

	if (result == OK)
		result = mirror_import_export(&session->ctx, &mirror, argument(options, 1));
	return result == OK ? EXIT_SUCCESS : command_failed(session, result);
}

/* Reading --------------------------------------------------------------------------- */

static void show(void *data, int64_t posts, int64_t comments)
{
	(void)comments;
	progress_show(data, posts);
}

/* Until the network lets us go on; what it said is in the source's row. */
static enum err wait_for_turn(struct ctx *ctx, struct mirror *mirror, bool *may_go_on)
{
	int64_t now = clock_now(), until = mirror->source.usage_until;
	struct timespec pause = { .tv_sec = 5 };

	if (until > now)
		pause.tv_sec = (time_t)((until - now) / CLOCK_SECOND + 1);
	fprintf(stderr, "entraide mirror: waiting %lld seconds (%s)\n", (long long)pause.tv_sec,
		mirror->last_error[0] ? mirror->last_error : "the rate limit");
	nanosleep(&pause, NULL);
	TRY(mirror_load(ctx, mirror->source.id, mirror));
	*may_go_on = mirror->state == MIRROR_ACTIVE;
	return OK;
}

typedef enum err (*reading)(struct ctx *ctx, struct mirror *mirror,
			    struct backfill_progress *progress, bool *done);

static enum err backfill_once(struct ctx *ctx, struct mirror *mirror,
			      struct backfill_progress *progress, bool *done)
{
	return mirror_do_backfill(ctx, mirror, 0, progress, done);
}

static enum err read_with_progress(struct ctx *ctx, struct mirror *mirror, reading read)
{
	struct progress bar;
	struct backfill_progress progress = { .tell = show, .data = &bar };
	bool done = false, may_go_on = true;
	enum err result = OK;

	progress_begin(&bar, "posts", 0);
	while (!done && may_go_on && result == OK) {
		result = read(ctx, mirror, &progress, &done);
		if (result == OK && !done)
			result = wait_for_turn(ctx, mirror, &may_go_on);
	}
	progress_end(&bar);
	if (result != OK)
		return result;
	printf("%lld posts, %lld comments read%s\n", (long long)progress.posts,
	       (long long)progress.comments, done ? "" : "; stopped before the end");
	return done ? OK
		    : fail(ctx, ERR_UNAVAILABLE, NULL, "the source was stopped: %s",
			   mirror->state_reason);
}

/* Nobody else reads the same meanwhile. */
static enum err read_alone(struct ctx *ctx, struct mirror *mirror, reading read)
{
	const struct mirror_task task = { .stream = STREAM_BACKFILL,
					  .source_id = mirror->source.id };
	bool is_ours = false;

	TRY(mirror_try_lock(ctx, &task, &is_ours));
	if (!is_ours)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    "a backfill of this source is running already");
	TRY(read_with_progress(ctx, mirror, read));
	return mirror_unlock(ctx, &task);
}

static int backfill(struct command_session *session, struct options *options)
{
	struct ctx *ctx = &session->ctx;
	struct mirror mirror;
	enum err result = mirror_find(ctx, argument(options, 0), &mirror);

	if (result == OK)
		result = read_alone(ctx, &mirror, backfill_once);
	return result == OK ? EXIT_SUCCESS : command_failed(session, result);
}

static enum err poll(struct ctx *ctx, struct mirror *mirror, bool is_all)
{
	if (is_all)
		TRY(read_alone(ctx, mirror, mirror_read_all));
	else
		TRY(mirror_do_poll(ctx, mirror));
	return mirror_do_conclusions(ctx, mirror);
}

static int poll_command(struct command_session *session, struct options *options)
{
	struct ctx *ctx = &session->ctx;
	struct mirror mirror;
	enum err result = mirror_find(ctx, argument(options, 0), &mirror);

	if (result == OK)
		result = poll(ctx, &mirror, options_is_set(options, "all"));
	return result == OK ? EXIT_SUCCESS : command_failed(session, result);
}

static int work(struct command_session *session, struct options *options)
{
	bool worked = true;
	enum err result = OK;

	(void)options;
	while (worked && result == OK)
		result = mirror_step(&session->ctx, &worked);
	return result == OK ? EXIT_SUCCESS : command_failed(session, result);
}

/* The table -------------------------------------------------------------------------- */

static const struct {
	const char *name;
	part run;
} parts[] = {
	{ "add", add },
	{ "list", list },
	{ "status", status },
	{ "check", check },
	{ "subscribe", subscribe },
	{ "backfill", backfill },
	{ "poll", poll_command },
	{ "work", work },
	{ "send", send },
	{ "dump", dump },
	{ "import-export", import_export },
};

static int run(part run_part, int argc, char **argv)
{
	static const char *const known[] = { "name=", "category=", "language=", "all", NULL };
	struct command_session session;
	struct options options;
	int status;

	if (!options_read(&options, known, argc - 1, argv + 1))
		return fail_with(options.message, "");
	if (!command_open(&session, false))
		return EXIT_FAILURE;
	status = run_part(&session, &options);
	command_close(&session);
	return status;
}

int command_mirror(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "replay") == 0)
		return mirror_command_replay(argc - 1, argv + 1);
	if (command_wants_help(argc, argv, usage))
		return EXIT_SUCCESS;
	for (size_t i = 0; argc > 1 && i < ARRAY_COUNT(parts); i++)
		if (strcmp(argv[1], parts[i].name) == 0)
			return run(parts[i].run, argc - 1, argv + 1);
	fputs(usage, stderr);
	return EXIT_FAILURE;
}
