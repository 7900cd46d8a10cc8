/*
 * entraide sitemap: making all of it, and looking whether it is true.
 */
#include "cmd/sitemap_parts.h"

#include "base/clock.h"
#include "cmd/progress.h"
#include "forum/sitemap.h"

/* Then the arena is emptied. */
#define FILES_AT_ONCE 4

static const char usage[] =
	"usage: entraide sitemap build\n"
	"       entraide sitemap check [--sample N] [--parallel N]\n\n"
	"build makes every file of the sitemap anew, which the worker otherwise does as things\n"
	"change, and all within a day.\n"
	"check asks for every address in the sitemap, or for about N spread over all of it, by\n"
	"4 processes side by side (--parallel, at most 16), and names those that are not 200,\n"
	"not canonical, or do not want to be indexed; then its exit status is 1.\n";

static enum err build_all(struct command_session *session, int64_t *files)
{
	struct arena *arena = arena_new((size_t)256 << 20);
	struct progress progress;
	struct sitemap_run run = { .most = FILES_AT_ONCE };
	enum err result = sitemap_touch_all(&session->ctx);

	progress_begin(&progress, "sitemap build", 0);
	do {
		struct ctx ctx = session->ctx;

		if (result != OK)
			break;
		ctx.arena = arena;
		result = sitemap_update(&ctx, &run);
		*files += run.built;
		progress_show(&progress, *files);
		arena_reset(arena);
	} while (run.has_more);
	progress_end(&progress);
	arena_free(arena);
	return result;
}

static int sitemap_build(void)
{
	struct command_session session;
	int64_t files = 0, began = clock_monotonic();
	enum err result;

	if (!command_open(&session, false))
		return EXIT_FAILURE;
	result = build_all(&session, &files);
	if (result != OK)
		return command_failed(&session, result);
	printf("%lld files in %.1f s\n", (long long)files,
	       (double)(clock_monotonic() - began) / 1e6);
	command_close(&session);
	return EXIT_SUCCESS;
}

int command_sitemap(int argc, char **argv)
{
	if (command_wants_help(argc, argv, usage))
		return EXIT_SUCCESS;
	if (argc == 2 && strcmp(argv[1], "build") == 0)
		return sitemap_build();
	if (argc >= 2 && strcmp(argv[1], "check") == 0)
		return sitemap_check(argc - 1, argv + 1);
	fputs(usage, stderr);
	return EXIT_FAILURE;
}
