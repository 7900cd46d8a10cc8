/*
 * entraide sitemap check: every address of the sitemap is asked for, as a crawler would,
 * by some processes side by side. They tell the first one through a pipe, a line each:
 * nothing, or what is wrong.
 */
#include "cmd/sitemap_parts.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/gzip.h"
#include "base/slice.h"
#include "cmd/options.h"
#include "cmd/progress.h"
#include "net/http_client.h"

/* The protocol's limits of a file. */
#define FILE_MAX_BYTES ((size_t)50 * 1024 * 1024)
#define FILE_MOST      50000
#define PARALLEL       4
#define PARALLEL_MOST  16
/* Below PIPE_BUF: lines of several processes do not mix. */
#define LINE_MAX_BYTES 2048
#define NAMED_MOST     1000

struct addresses {
	const char **items;
	size_t count;
};

struct checking {
	struct ctx *ctx;
	struct arena *arena; /* of one file of the sitemap */
	int64_t parallel, sample;
	struct progress progress;
	int64_t checked, wrong;
};

/* Reading the sitemap ----------------------------------------------------------------- */

static const struct {
	const char *name;
	char letter;
} entities[] = { { "&amp;", '&' },  { "&lt;", '<' },   { "&gt;", '>' },
		 { "&#39;", '\'' }, { "&quot;", '"' }, { "&apos;", '\'' } };

static const char *unescape(struct arena *arena, struct slice text)
{
	char *out = arena_strndup(arena, text.data, text.length), *to = out;

	for (const char *at = out; *at; to++) {
		size_t i = 0;

		while (i < ARRAY_COUNT(entities) &&
		       strncmp(at, entities[i].name, strlen(entities[i].name)) != 0)
			i++;
		*to = i < ARRAY_COUNT(entities) ? entities[i].letter : *at;
		at += i < ARRAY_COUNT(entities) ? strlen(entities[i].name) : 1;
	}
	*to = '\0';
	return out;
}

/* What stands in <loc>: that is all of the format that matters here. */
static void read_addresses(struct arena *arena, const char *xml, struct addresses *out)
{
	*out = (struct addresses){ .items = arena_array_of(arena, FILE_MOST, const char *) };
	for (const char *at = xml; out->count < FILE_MOST && (at = strstr(at, "<loc>"));) {
		const char *begin = at + 5, *close = strstr(begin, "</loc>");

		if (!close)
			return;
		out->items[out->count++] = unescape(
			arena, slice_trim(slice_make(begin, (size_t)(close - begin))));
		at = close;
	}
}

static enum err load(struct ctx *ctx, const char *address, struct addresses *out)
{
	const struct http_fetch fetch = { .url = address,
					  .max_bytes = FILE_MAX_BYTES,
					  .may_be_private = true };
	struct http_fetched answer;
	struct buf xml;

	http_fetch(ctx, &fetch, &answer);
	if (answer.outcome != FETCH_ANSWERED || answer.status != 200)
		return fail_log(ctx, ERR_UNAVAILABLE, "%s: %s %d", address,
				answer.problem ? answer.problem : "status", answer.status);
	buf_init(&xml, ctx->arena, FILE_MAX_BYTES);
	if (answer.length > 1 && (unsigned char)answer.body[0] == 0x1f) {
		if (!gzip_read(&xml, answer.body, answer.length))
			return fail_log(ctx, ERR_INVALID, "%s: no gzip, or too large", address);
	} else {
		buf_bytes(&xml, answer.body, answer.length);
	}
	read_addresses(ctx->arena, xml.data, out);
	return OK;
}

/* Asking ------------------------------------------------------------------------------- */

static void say(int pipe_fd, const char *line)
{
	size_t length = strlen(line);

	while (length > 0) {
		ssize_t written = write(pipe_fd, line, length);

		if (written <= 0)
			_exit(EXIT_FAILURE);
		line += written;
		length -= (size_t)written;
	}
}

/* One line, whatever stands in it; there is room for its end. */
static void end_line(char *line)
{
	char *c = line;

	for (; *c; c++)
		if (*c == '\n' || *c == '\r')
			*c = ' ';
	c[0] = '\n';
	c[1] = '\0';
}

/* Every parallel-th of the chosen ones, in a process of its own. */
static void ask_share(const struct checking *checking, const struct addresses *addresses,
		      size_t step, size_t share, int pipe_fd)
{
	struct arena *arena = arena_new(FILE_MAX_BYTES);
	char line[LINE_MAX_BYTES];

	for (size_t i = share * step; i < addresses->count;
	     i += step * (size_t)checking->parallel) {
		struct ctx ctx = *checking->ctx;
		const char *problem;

		ctx.arena = arena;
		problem = sitemap_page_problem(&ctx, addresses->items[i]);
		if (problem)
			snprintf(line, sizeof line - 1, "%.900s %.900s", addresses->items[i],
				 problem);
		else
			line[0] = '\0';
		end_line(line);
		say(pipe_fd, line);
		arena_reset(arena);
	}
	_exit(EXIT_SUCCESS);
}

static void listen_to(struct checking *checking, int pipe_fd)
{
	FILE *lines = fdopen(pipe_fd, "r");
	char line[LINE_MAX_BYTES];

	while (lines && fgets(line, sizeof line, lines)) {
		checking->checked++;
		progress_show(&checking->progress, checking->checked);
		if (line[0] == '\n')
			continue;
		if (checking->wrong++ < NAMED_MOST)
			fputs(line, stdout);
	}
	if (lines)
		fclose(lines);
}

/* step: every so many-th address is asked for. */
static enum err ask_all(struct checking *checking, const struct addresses *addresses, size_t step)
{
	int ends[2], status;
	bool is_whole = true;

	if (pipe(ends) != 0)
		return fail_log(checking->ctx, ERR_INTERNAL, "no pipe");
	fflush(stdout);
	for (int64_t share = 0; share < checking->parallel; share++) {
		pid_t child = fork();

		if (child == 0) {
			close(ends[0]);
			ask_share(checking, addresses, step, (size_t)share, ends[1]);
		}
		is_whole = is_whole && child > 0;
	}
	close(ends[1]);
	listen_to(checking, ends[0]);
	while (wait(&status) > 0)
		is_whole = is_whole && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
	return is_whole ? OK : fail_log(checking->ctx, ERR_INTERNAL, "a process has died");
}

static enum err check_file(struct checking *checking, const char *address, size_t files)
{
	struct ctx ctx = *checking->ctx;
	struct addresses addresses = { 0 };
	enum err result;
	size_t step = 1;

	ctx.arena = checking->arena;
	result = load(&ctx, address, &addresses);
	checking->ctx->error = ctx.error;
	TRY(result);
	if (checking->sample > 0) {
		size_t wanted = ((size_t)checking->sample + files - 1) / files;

		step = (addresses.count + wanted - 1) / wanted;
	}
	return ask_all(checking, &addresses, step > 0 ? step : 1);
}

static enum err check_index(struct checking *checking)
{
	struct ctx *ctx = checking->ctx;
	struct addresses files = { 0 };

	TRY(load(ctx, arena_printf(ctx->arena, "%s/sitemap.xml", ctx->config->site.base_url),
		 &files));
	for (size_t i = 0; i < files.count; i++) {
		TRY(check_file(checking, files.items[i], files.count));
		arena_reset(checking->arena);
	}
	return OK;
}

static bool read_options(struct checking *checking, int argc, char **argv)
{
	static const char *const known[] = { "sample=", "parallel=", NULL };
	struct options options;

	if (!options_read(&options, known, argc - 1, argv + 1) || options.rest_count > 0)
		return false;
	return text_to_i64(options_text_or(&options, "sample", "0"), &checking->sample) &&
	       text_to_i64(options_text_or(&options, "parallel", "4"), &checking->parallel) &&
	       checking->sample >= 0 && checking->sample <= INT32_MAX && checking->parallel >= 1 &&
	       checking->parallel <= PARALLEL_MOST;
}

int sitemap_check(int argc, char **argv)
{
	struct command_session session;
	struct checking checking = { .parallel = PARALLEL };
	enum err result;

	if (!read_options(&checking, argc, argv)) {
		fprintf(stderr, "entraide sitemap check: see entraide sitemap --help\n");
		return EXIT_FAILURE;
	}
	if (!command_configure(&session))
		return EXIT_FAILURE;
	session.ctx.arena = session.arena;
	session.ctx.config = &session.config;
	checking.ctx = &session.ctx;
	checking.arena = arena_new(4 * FILE_MAX_BYTES);
	progress_begin(&checking.progress, "sitemap check", 0);
	result = check_index(&checking);
	progress_end(&checking.progress);
	/* The arena has what went wrong. */
	if (result != OK)
		return command_failed(&session, result);
	arena_free(checking.arena);
	printf("%lld of %lld are not as they should be\n", (long long)checking.wrong,
	       (long long)checking.checked);
	command_close(&session);
	return checking.wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
