/*
 * entraide import: takes over the questions of another forum. Articles: articles.c.
 */
#include "cmd/command.h"

#include "cmd/progress.h"
#include "forum/import_stackexchange.h"
#include "text/slug.h"

static const char usage[] =
	"usage: entraide import stackexchange DIRECTORY [OPTIONS]\n"
	"       entraide import articles FILE.jsonl [OPTIONS]\n\n"
	"`entraide import articles --help` explains the second.\n\n"
	"Reads Users, Tags, Posts, Comments, PostLinks, Votes, Badges and PostHistory.xml\n"
	"of a Stack Exchange dump, where they are present. Run again, it changes nothing;\n"
	"interrupted, it goes on where it stopped. Nobody is notified.\n"
	"  --name NAME       what the source is called (default: the folder's name)\n"
	"  --url URL         the original site (default: guessed from the name)\n"
	"  --category SLUG   where its questions go (default: one of that name, made)\n"
	"  --language fr|en  of its texts (default: en)\n";

struct import_command {
	struct import_options options;
	struct progress progress;
	const char *step;
};

/* "beer" → https://beer.stackexchange.com, "history-meta" → https://history.meta.… */
static const char *guess_url(struct arena *arena, const char *name)
{
	size_t length = strlen(name);

	if (strchr(name, '.'))
		return arena_printf(arena, "https://%s", name);
	if (length > 5 && strcmp(name + length - 5, "-meta") == 0)
		return arena_printf(arena, "https://%.*s.meta.stackexchange.com", (int)length - 5,
				    name);
	return arena_printf(arena, "https://%s.stackexchange.com", name);
}

static const char *last_segment(struct arena *arena, const char *path)
{
	size_t end = strlen(path), begin;

	while (end > 1 && path[end - 1] == '/')
		end--;
	begin = end;
	while (begin > 0 && path[begin - 1] != '/')
		begin--;
	return arena_strndup(arena, path + begin, end - begin);
}

static bool read_option(struct import_options *options, const char *name, const char *value)
{
	if (strcmp(name, "--name") == 0)
		options->source.name = value;
	else if (strcmp(name, "--url") == 0)
		options->source.url = value;
	else if (strcmp(name, "--category") == 0)
		options->category_slug = value;
	else if (strcmp(name, "--language") == 0 &&
		 (strcmp(value, "fr") == 0 || strcmp(value, "en") == 0))
		options->source.language = value;
	else
		return false;
	return true;
}

static bool read_arguments(struct arena *arena, struct import_options *options, int argc,
			   char **argv)
{
	if (argc < 3 || strcmp(argv[1], "stackexchange") != 0)
		return false;
	*options = (struct import_options){ .directory = argv[2], .source = { .language = "en" } };
	for (int i = 3; i < argc; i += 2)
		if (i + 1 == argc || !read_option(options, argv[i], argv[i + 1]))
			return false;
	if (!options->source.name)
		options->source.name = last_segment(arena, options->directory);
	if (!options->source.url)
		options->source.url = guess_url(arena, options->source.name);
	if (!options->category_slug)
		options->category_slug = slug_from(arena, options->source.name);
	return true;
}

static void show(void *data, const char *step, int64_t done, int64_t total)
{
	struct import_command *command = data;

	if (!command->step || strcmp(command->step, step) != 0) {
		if (command->step)
			progress_end(&command->progress);
		progress_begin(&command->progress, step, total);
		command->step = step;
	}
	progress_show(&command->progress, done);
}

static void print_report(const struct import_report *report)
{
	printf("%-16s %10s %10s %10s %10s\n", "file", "read", "imported", "present", "skipped");
	for (size_t i = 0; i < report->count; i++) {
		const struct import_file_report *file = &report->files[i];
		int64_t skipped = 0;

		if (!file->is_present) {
			printf("%-16s not in this dump\n", file->name);
			continue;
		}
		for (size_t j = 0; j < file->skipped_count; j++)
			skipped += file->skipped[j].rows;
		printf("%-16s %10lld %10lld %10lld %10lld\n", file->name, (long long)file->read,
		       (long long)file->imported, (long long)file->present, (long long)skipped);
		for (size_t j = 0; j < file->skipped_count; j++)
			printf("%-16s %43lld  %s\n", "", (long long)file->skipped[j].rows,
			       file->skipped[j].reason);
	}
}

int command_import(int argc, char **argv)
{
	struct command_session session;
	struct import_command command = { 0 };
	struct import_report report;
	enum err result;

	if (argc > 1 && strcmp(argv[1], "articles") == 0)
		return command_import_articles(argc - 1, argv + 1);
	if (command_wants_help(argc, argv, usage))
		return EXIT_SUCCESS;
	if (!command_open(&session, false))
		return EXIT_FAILURE;
	if (!read_arguments(session.arena, &command.options, argc, argv)) {
		fputs(usage, stderr);
		command_close(&session);
		return EXIT_FAILURE;
	}
	command.options.progress = show;
	command.options.progress_data = &command;
	result = import_stackexchange(&session.ctx, &command.options, &report);
	if (command.step)
		progress_end(&command.progress);
	if (result != OK)
		return command_failed(&session, result);
	print_report(&report);
	command_close(&session);
	return EXIT_SUCCESS;
}
