/*
 * entraide topic: what the team does with whole questions, from the command line; for
 * repairs, for scripts and for tests.
 */
#include "cmd/command.h"

#include "base/slice.h"
#include "cmd/options.h"
#include "forum/category.h"
#include "forum/topic_act.h"

static const char usage[] =
	"usage: entraide topic merge TOPIC INTO [--reason WHY]\n"
	"       entraide topic split TOPIC POST… --title TITLE --category SLUG [--reason WHY]\n"
	"       entraide topic undo ACT\n"
	"       entraide topic acts TOPIC\n\n"
	"merge joins a question with another; split makes a new one of chosen answers; both\n"
	"print where the posts are now. undo takes an act of the list that acts prints back,\n"
	"if nothing stands in the way.\n";

struct call {
	struct command_session *session;
	const struct options *options;
	int64_t id; /* the first argument */
};

static int fail_usage(const char *message)
{
	fprintf(stderr, "entraide topic: %s\n\n%s", message, usage);
	return EXIT_FAILURE;
}

static struct topic_act_form form_of(const struct call *call)
{
	return (struct topic_act_form){
		.topic_id = call->id,
		.reason = options_text_or(call->options, "reason", ""),
	};
}

static enum err merge(const struct call *call)
{
	struct topic_act_form form = form_of(call);
	const char *path = "";

	TRY(topic_merge(&call->session->ctx, &form, call->options->rest[1], &path));
	puts(path);
	return OK;
}

static enum err split(const struct call *call)
{
	struct ctx *ctx = &call->session->ctx;
	int64_t posts[SPLIT_MAX];
	struct topic_split split = {
		.post_ids = posts,
		.title = options_text_or(call->options, "title", ""),
	};
	struct topic_act_form form = form_of(call);
	struct category category;
	const char *path = "";

	for (int i = 1; i < call->options->rest_count && split.count < SPLIT_MAX; i++)
		if (slice_to_i64(slice_of(call->options->rest[i]), &posts[split.count]))
			split.count++;
	TRY(category_by_slug(ctx, options_text_or(call->options, "category", ""), &category));
	split.category_id = category.id;
	TRY(topic_split(ctx, &form, &split, &path));
	puts(path);
	return OK;
}

static enum err undo(const struct call *call)
{
	const char *path = "";

	TRY(topic_act_undo(&call->session->ctx, call->id, NULL, &path));
	puts(path);
	return OK;
}

static enum err acts(const struct call *call)
{
	static const char *const words[ACT_KIND_COUNT] = {
		[ACT_MERGE] = "merge",   [ACT_SPLIT] = "split",
		[ACT_MOVE] = "move",     [ACT_STATUS] = "status",
		[ACT_PIN] = "pin",       [ACT_LOCK] = "lock",
		[ACT_AUTHOR] = "author", [ACT_VISIBILITY] = "visibility",
	};
	struct topic_act *list;
	size_t count;

	TRY(topic_act_list(&call->session->ctx, call->id, &list, &count));
	for (size_t i = 0; i < count; i++)
		printf("%lld\t%s\t%lld\t%lld\t%s\n", (long long)list[i].id, words[list[i].kind],
		       (long long)list[i].topic_id, (long long)list[i].other_id,
		       list[i].undone_at ? "undone" : "done");
	return OK;
}

static const struct {
	const char *name;
	int least, most; /* arguments */
	enum err (*run)(const struct call *call);
} verbs[] = {
	{ "merge", 2, 2, merge },
	{ "split", 2, SPLIT_MAX + 1, split },
	{ "undo", 1, 1, undo },
	{ "acts", 1, 1, acts },
};

static int run(enum err (*verb)(const struct call *call), const struct call *typed)
{
	struct command_session session;
	struct call call = *typed;
	enum err failure;

	if (!command_open(&session, false))
		return EXIT_FAILURE;
	call.session = &session;
	failure = verb(&call);
	if (failure != OK)
		return command_failed(&session, failure);
	command_close(&session);
	return EXIT_SUCCESS;
}

int command_topic(int argc, char **argv)
{
	static const char *const known[] = { "reason=", "title=", "category=", NULL };
	struct options options;
	struct call call = { .options = &options };

	if (command_wants_help(argc, argv, usage))
		return EXIT_SUCCESS;
	if (argc < 2)
		return fail_usage("what is to be done?");
	if (!options_read(&options, known, argc - 2, argv + 2))
		return fail_usage(options.message);
	if (options.rest_count == 0 || !slice_to_i64(slice_of(options.rest[0]), &call.id))
		return fail_usage("a number is missing");
	for (size_t i = 0; i < ARRAY_COUNT(verbs); i++) {
		if (strcmp(argv[1], verbs[i].name) != 0)
			continue;
		if (options.rest_count < verbs[i].least || options.rest_count > verbs[i].most)
			return fail_usage("too few or too many arguments");
		return run(verbs[i].run, &call);
	}
	return fail_usage("there is no such verb");
}
