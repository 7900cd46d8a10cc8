/*
 * From the rows of a Stack Exchange dump to batches of import.h: the table of
 * files below is the plan, in the order in which they are taken. What each
 * attribute means, and the traps, are in docs/import.md.
 */
#include "forum/import_stackexchange.h"

#include "base/buf.h"
#include "forum/import_rows.h"
#include "text/dump.h"

/* Posts.xml is read three times: ids first, so that links and parents resolve. */
static const struct step {
	const char *file, *label;
	import_row *take;
	import_flush *flush;
	bool is_counted; /* its rows are those of the report */
} steps[] = {
	{ "Users.xml", "people", take_person, flush_people, true },
	{ "Tags.xml", "tags", take_tag, flush_tags, true },
	{ "Posts.xml", "numbers", take_mapping, flush_mappings, false },
	{ "Posts.xml", "questions", take_question, flush_posts, true },
	{ "Posts.xml", "answers", take_answer, flush_posts, false },
	{ "Comments.xml", "comments", take_comment, flush_comments, true },
	{ "PostLinks.xml", "links", take_link, flush_duplicates, true },
	{ "Votes.xml", "votes", take_vote, NULL, true },
	{ "Badges.xml", "badges", take_badge, flush_badges, true },
	{ "PostHistory.xml", "history", take_history, flush_versions, true },
};

#define BATCH_MEMORY_MAX_BYTES ((size_t)512 * 1024 * 1024)

static const char *path_of(struct import *import, const char *file)
{
	return arena_printf(import->ctx->arena, "%s/%s", import->options->directory, file);
}

static void show_progress(struct import *import, const char *label, const struct dump *dump)
{
	if (import->options->progress)
		import->options->progress(import->options->progress_data, label,
					  dump_bytes_read(dump), dump_bytes(dump));
}

/* Errors of a batch live in the batch's arena, which is emptied after it. */
static enum err keep_error(struct import *import, enum err result)
{
	struct error *error = &import->batch.error;

	if (result == OK)
		return OK;
	import->ctx->error = (struct error){
		.code = result,
		.message = error->message ? arena_strdup(import->ctx->arena, error->message) : NULL,
		.details = error->details ? arena_strdup(import->ctx->arena, error->details) : NULL,
		.constraint = error->constraint
				      ? arena_strdup(import->ctx->arena, error->constraint)
				      : NULL,
	};
	return result;
}

static enum err flush(struct import *import, const struct step *step)
{
	struct import_counts counts = { 0 };

	if (import->count > 0 && step->flush)
		TRY(keep_error(import, step->flush(import, &counts)));
	import->file->imported += counts.imported;
	import->file->present += counts.present;
	import_skip(import, "its parent is not here", counts.orphaned);
	import->count = 0;
	arena_reset(import->batch.arena);
	import->rows = NULL;
	/* After 1, 2, 4, 8… batches: whenever the tables may have doubled. */
	import->batches++;
	if (counts.present == 0 && (import->batches & (import->batches - 1)) == 0)
		return import_learn_sizes(import->ctx);
	return OK;
}

static enum err broken(struct import *import, const char *file, const struct dump *dump)
{
	return fail(import->ctx, ERR_INVALID, NULL, "%s cannot be read: %s", file,
		    dump_problem(dump));
}

static enum err run_rows(struct import *import, const struct step *step, struct dump *dump)
{
	enum dump_result result;
	struct dump_row row;

	import->batches = 0;
	while ((result = dump_next(dump, &row)) == DUMP_ROW) {
		if (step->is_counted)
			import->file->read++;
		step->take(import, &row);
		if (import->count == IMPORT_BATCH)
			TRY(flush(import, step));
		show_progress(import, step->label, dump);
	}
	TRY(flush(import, step));
	return result == DUMP_BROKEN ? broken(import, step->file, dump) : OK;
}

static enum err run_step(struct import *import, const struct step *step)
{
	struct dump *dump = dump_open(path_of(import, step->file));
	enum err result;

	if (!dump)
		return OK;
	result = run_rows(import, step, dump);
	dump_close(dump);
	return result;
}

/* Is each file there, and well-formed to its end? Before anything is stored. */
static enum err check_file(struct import *import, struct import_file_report *file)
{
	struct dump *dump = dump_open(path_of(import, file->name));
	enum dump_result result;
	struct dump_row row;
	enum err checked = OK;

	if (!dump)
		return OK;
	file->is_present = true;
	while ((result = dump_next(dump, &row)) == DUMP_ROW)
		show_progress(import, "checking", dump);
	if (result == DUMP_BROKEN)
		checked = broken(import, file->name, dump);
	dump_close(dump);
	return checked;
}

static struct import_file_report *report_of(struct import_report *report, const char *file)
{
	for (size_t i = 0; i < report->count; i++)
		if (strcmp(report->files[i].name, file) == 0)
			return &report->files[i];
	report->files[report->count].name = file;
	return &report->files[report->count++];
}

static enum err check_files(struct import *import, struct import_report *report)
{
	for (size_t i = 0; i < ARRAY_COUNT(steps); i++)
		(void)report_of(report, steps[i].file);
	for (size_t i = 0; i < report->count; i++)
		TRY(check_file(import, &report->files[i]));
	if (!report_of(report, "Posts.xml")->is_present)
		return fail(import->ctx, ERR_INVALID, NULL, "there is no Posts.xml in %s",
			    import->options->directory);
	return OK;
}

/* Kept with the source, for the operator: {"Posts.xml":{"read":1657,…}}. */
static const char *report_json(struct arena *arena, const struct import_report *report)
{
	struct buf json;

	buf_init(&json, arena, 64 * 1024);
	buf_char(&json, '{');
	for (size_t i = 0; i < report->count; i++) {
		const struct import_file_report *file = &report->files[i];
		buf_printf(&json, "%s\"%s\":{\"read\":%lld,\"imported\":%lld,\"present\":%lld}",
			   i ? "," : "", file->name, (long long)file->read,
			   (long long)file->imported, (long long)file->present);
	}
	buf_char(&json, '}');
	return json.data;
}

enum err import_stackexchange(struct ctx *ctx, struct import_options *options,
			      struct import_report *report)
{
	struct import import = {
		.ctx = ctx, .options = options, .source = &options->source, .batch = *ctx
	};
	enum err result = OK;

	*report = (struct import_report){ 0 };
	TRY(check_files(&import, report));
	TRY(import_begin(ctx, &options->source, options->category_slug));
	import.batch.arena = arena_new(BATCH_MEMORY_MAX_BYTES);
	for (size_t i = 0; i < ARRAY_COUNT(steps) && result == OK; i++) {
		import.file = report_of(report, steps[i].file);
		result = run_step(&import, &steps[i]);
	}
	arena_free(import.batch.arena);
	TRY(result);
	return import_finish(ctx, &options->source, report_json(ctx->arena, report));
}
