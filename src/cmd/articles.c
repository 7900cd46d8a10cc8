/*
 * entraide import articles, entraide export articles: the knowledge base as JSON Lines.
 */
#include <errno.h>

#include "base/buf.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/progress.h"
#include "forum/article_import.h"

/* Of so many bad lines each is said; the rest is only counted. */
#define COMPLAINTS_MAX 20

static const char import_usage[] =
	"usage: entraide import articles FILE.jsonl [OPTIONS]\n\n"
	"Reads one JSON object a line, {\"id\", \"title\", \"body\", \"theme\", \"lang\"}, with the\n"
	"body as Markdown or HTML (docs/import.md). Any bad line is named, and then nothing is\n"
	"stored. Run again, it changes only what the file has otherwise. \"-\" is standard input.\n"
	"  --language fr|en  of lines without \"lang\" (default: the site's)\n"
	"  --drafts          new articles are not published\n";

static const char export_usage[] =
	"usage: entraide export articles [FILE.jsonl]\n\n"
	"Writes the articles that readers have, in a form that `entraide import articles`\n"
	"takes; to standard output without a FILE.\n";

static const char *const import_options[] = { "language=", "drafts", NULL };
static const char *const export_options[] = { NULL };

struct import_command {
	struct progress progress;
	const char *step;
	int64_t complaints;
};

static int fail_usage(const char *message, const char *usage)
{
	if (message)
		fprintf(stderr, "entraide: %s\n\n", message);
	fputs(usage, stderr);
	return EXIT_FAILURE;
}

/* Import ------------------------------------------------------------------------------- */

static void end_step(struct import_command *command)
{
	if (command->step)
		progress_end(&command->progress);
	command->step = NULL;
}

static void show(void *data, const char *step, int64_t done, int64_t total)
{
	struct import_command *command = data;

	if (!command->step || strcmp(command->step, step) != 0) {
		end_step(command);
		progress_begin(&command->progress, step, total);
		command->step = step;
	}
	progress_show(&command->progress, done);
}

static void complain(void *data, int64_t line, const char *field, const char *problem)
{
	struct import_command *command = data;

	end_step(command);
	if (++command->complaints <= COMPLAINTS_MAX)
		fprintf(stderr, "line %lld%s%s: %s\n", (long long)line, field[0] ? ", " : "", field,
			problem);
	else if (command->complaints == COMPLAINTS_MAX + 1)
		fprintf(stderr, "Further ones are only counted.\n");
}

/* Whole; NULL, and said, when it cannot be read or is too long. */
static const char *read_whole(struct arena *arena, const char *path, size_t *length)
{
	bool is_standard = strcmp(path, "-") == 0;
	FILE *file = is_standard ? stdin : fopen(path, "rbe");
	bool is_broken = !file;
	struct buf bytes;
	char piece[16384];
	size_t got;

	buf_init(&bytes, arena, ARTICLE_IMPORT_MAX_BYTES);
	while (!is_broken && !bytes.is_overflown &&
	       (got = fread(piece, 1, sizeof(piece), file)) > 0)
		buf_bytes(&bytes, piece, got);
	if (is_broken || ferror(file))
		fprintf(stderr, "entraide: %s: %s\n", path, strerrordesc_np(errno));
	else if (bytes.is_overflown)
		fprintf(stderr, "entraide: %s: larger than %zu MiB\n", path,
			ARTICLE_IMPORT_MAX_BYTES >> 20);
	is_broken = is_broken || ferror(file) || bytes.is_overflown;
	if (file && !is_standard)
		(void)fclose(file);
	*length = bytes.length;
	return is_broken ? NULL : bytes.data;
}

static void print_count(const char *what, int64_t count)
{
	if (count > 0)
		printf("%-52s %8lld\n", what, (long long)count);
}

static void print_result(const struct article_import_result *result)
{
	printf("%-52s %8lld\n", "lines", (long long)result->lines);
	print_count("new articles", result->made);
	print_count("renewed", result->renewed);
	print_count("there already, word for word", result->same);
	print_count("left as they are: changed or archived here since", result->kept);
	print_count("the same line a second time", result->repeated);
	print_count("theme is a category", result->in_categories);
	print_count("theme kept as the product: no category is called so", result->in_products);
	print_count("without a theme", result->nowhere);
	print_count("title shortened, whole in the summary", result->shortened);
}

static bool is_language(const char *language)
{
	return strcmp(language, "fr") == 0 || strcmp(language, "en") == 0;
}

static int import_file(struct command_session *session, const struct options *options)
{
	struct import_command command = { .step = NULL };
	struct article_import_options import = {
		.language = options_text_or(options, "language",
					    session->config.site.default_language),
		.are_drafts = options_is_set(options, "drafts"),
		.complain = complain,
		.progress = show,
		.data = &command,
	};
	struct article_import_result result;
	size_t length;
	const char *text = read_whole(session->arena, options->rest[0], &length);
	enum err code;

	if (!text) {
		command_close(session);
		return EXIT_FAILURE;
	}
	code = article_import(&session->ctx, text, length, &import, &result);
	end_step(&command);
	if (code != OK)
		return command_failed(session, code);
	print_result(&result);
	command_close(session);
	return EXIT_SUCCESS;
}

int command_import_articles(int argc, char **argv)
{
	struct command_session session;
	struct options options;

	if (command_wants_help(argc, argv, import_usage))
		return EXIT_SUCCESS;
	if (!options_read(&options, import_options, argc - 1, argv + 1))
		return fail_usage(options.message, import_usage);
	if (options.rest_count != 1 || !is_language(options_text_or(&options, "language", "fr")))
		return fail_usage(NULL, import_usage);
	if (!command_open(&session, false))
		return EXIT_FAILURE;
	return import_file(&session, &options);
}

/* Export ------------------------------------------------------------------------------- */

static enum err write_all(struct command_session *session, FILE *out, int64_t *written)
{
	struct ctx ctx = session->ctx;
	struct article_line *lines;
	int64_t after = 0;
	size_t count;
	enum err result;

	*written = 0;
	ctx.arena = arena_new((size_t)256 * 1024 * 1024);
	do {
		result = article_export(&ctx, &after, &lines, &count);
		for (size_t i = 0; result == OK && i < count; i++)
			fputs(article_line_write(ctx.arena, &lines[i]), out);
		*written += (int64_t)count;
		arena_reset(ctx.arena);
	} while (result == OK && count == ARTICLE_BATCH);
	arena_free(ctx.arena);
	return result;
}

static int export_file(struct command_session *session, const char *path)
{
	FILE *out = path ? fopen(path, "wbe") : stdout;
	int64_t written = 0;
	bool is_broken = !out;
	enum err result = OK;

	if (!is_broken)
		result = write_all(session, out, &written);
	if (out)
		is_broken = fflush(out) != 0 || ferror(out);
	if (out && path)
		is_broken = fclose(out) != 0 || is_broken;
	if (result != OK)
		return command_failed(session, result);
	if (is_broken)
		fprintf(stderr, "entraide: %s: %s\n", path ? path : "standard output",
			strerrordesc_np(errno));
	else
		fprintf(stderr, "%lld articles\n", (long long)written);
	command_close(session);
	return is_broken ? EXIT_FAILURE : EXIT_SUCCESS;
}

int command_export(int argc, char **argv)
{
	struct command_session session;
	struct options options;

	if (command_wants_help(argc, argv, export_usage))
		return EXIT_SUCCESS;
	if (!options_read(&options, export_options, argc - 1, argv + 1))
		return fail_usage(options.message, export_usage);
	if (options.rest_count < 1 || options.rest_count > 2 ||
	    strcmp(options.rest[0], "articles") != 0)
		return fail_usage(NULL, export_usage);
	if (!command_open(&session, false))
		return EXIT_FAILURE;
	return export_file(&session, options.rest_count == 2 ? options.rest[1] : NULL);
}
