/*
 * The rows of a Stack Exchange dump (field guide of the format: docs/import.md).
 */
#include "forum/import_rows.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "forum/tag.h"
#include "forum/topic_write.h"
#include "text/dump.h"
#include "text/markdown.h"
#include "text/sanitize.h"

#define FABRICATED_FROM   1000000000
#define NAME_MAX_POINTS   60
#define BIO_MAX_BYTES     4000
#define POST_MD_MAX_BYTES 200000

void import_skip(struct import *import, const char *reason, int64_t rows)
{
	struct import_file_report *file = import->file;
	size_t i = 0;

	if (rows == 0)
		return;
	while (i < file->skipped_count && strcmp(file->skipped[i].reason, reason) != 0)
		i++;
	if (i == IMPORT_REASONS_MAX)
		i--;
	else if (i == file->skipped_count)
		file->skipped[file->skipped_count++].reason = reason;
	file->skipped[i].rows += rows;
}

void *import_place(struct import *import, size_t size)
{
	if (!import->rows)
		import->rows = arena_array(import->batch.arena, IMPORT_BATCH, size);
	return (char *)import->rows + size * import->count++;
}

/* Attributes --------------------------------------------------------------- */

int64_t row_number(const struct dump_row *row, const char *name)
{
	const char *text = dump_get(row, name);
	int64_t number = 0;

	if (!text || !text_to_i64(text, &number))
		return 0;
	return number;
}

const char *row_text(struct import *import, const struct dump_row *row, const char *name)
{
	const char *text = dump_get(row, name);

	return text ? arena_strdup(import->batch.arena, text) : "";
}

int64_t row_time(const struct dump_row *row, const char *name)
{
	const char *text = dump_get(row, name);
	int64_t time = 0;

	if (!text || !clock_parse(text, &time))
		return 0;
	return time;
}

const char *row_line(struct import *import, const struct dump_row *row, const char *name,
		     size_t max_points)
{
	const char *text = dump_get(row, name);
	char *line;

	if (!text)
		return "";
	line = arena_strndup(import->batch.arena, text, utf8_prefix(text, max_points));
	for (char *c = line; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 127)
			*c = ' ';
	return line;
}

const char *row_licence(struct import *import, const struct dump_row *row, int64_t created_at)
{
	const char *given = row_line(import, row, "ContentLicense", 40);
	int64_t since_3, since_4;

	if (given[0])
		return given;
	if (!clock_parse("2011-04-08T00:00:00", &since_3) ||
	    !clock_parse("2018-05-02T00:00:00", &since_4))
		return "CC BY-SA";
	return created_at < since_3   ? "CC BY-SA 2.5"
	       : created_at < since_4 ? "CC BY-SA 3.0"
				      : "CC BY-SA 4.0";
}

bool row_is_fabricated(const struct dump_row *row)
{
	return row_number(row, "Id") >= FABRICATED_FROM;
}

/* What no row can do without. Stack Exchange's own user is number -1. */
static bool is_malformed(struct import *import, const struct dump_row *row, const char *time_name)
{
	if (row_is_fabricated(row)) {
		import_skip(import, "invented by the dump to mark copies", 1);
		return true;
	}
	if (row_number(row, "Id") == 0 || (time_name && row_time(row, time_name) == 0)) {
		import_skip(import, "without a number or a date", 1);
		return true;
	}
	return false;
}

/* People ------------------------------------------------------------------- */

void take_person(struct import *import, const struct dump_row *row)
{
	struct import_person *person;
	const char *name = row_line(import, row, "DisplayName", NAME_MAX_POINTS);

	if (is_malformed(import, row, "CreationDate"))
		return;
	person = import_next(import, struct import_person);
	*person = (struct import_person){
		.foreign_id = row_number(row, "Id"),
		.created_at = row_time(row, "CreationDate"),
		.name = name[0] ? name
				: arena_printf(import->batch.arena, "user%lld",
					       (long long)row_number(row, "Id")),
		.bio_md = "",
		.bio_html = row_text(import, row, "AboutMe"),
	};
}

enum err flush_people(struct import *import, struct import_counts *counts)
{
	struct import_person *people = import->rows;
	struct import_text *texts = arena_array_of(import->batch.arena, import->count,
						   struct import_text);

	for (size_t i = 0; i < import->count; i++)
		texts[i].html = people[i].bio_html;
	TRY(import_clean_texts(import, texts, import->count));
	for (size_t i = 0; i < import->count; i++) {
		const char *markdown = texts[i].is_refused ? ""
							   : markdown_from_html(import->batch.arena,
										texts[i].clean);
		bool is_too_long = strlen(markdown) > BIO_MAX_BYTES;
		people[i].bio_md = is_too_long ? "" : markdown;
		people[i].bio_html = is_too_long || texts[i].is_refused ? "" : texts[i].clean;
	}
	return import_people(&import->batch, import->source, people, import->count, counts);
}

void take_badge(struct import *import, const struct dump_row *row)
{
	if (is_malformed(import, row, "Date"))
		return;
	*import_next(import, struct import_badge) = (struct import_badge){
		.foreign_id = row_number(row, "Id"),
		.person_id = row_number(row, "UserId"),
		/* Old dumps have no class: bronze is the humblest. */
		.class_number = dump_get(row, "Class") ? row_number(row, "Class") : 3,
		.awarded_at = row_time(row, "Date"),
		.name = row_line(import, row, "Name", 60),
	};
}

enum err flush_badges(struct import *import, struct import_counts *counts)
{
	return import_badges(&import->batch, import->source, import->rows, import->count, counts);
}

/* Tags --------------------------------------------------------------------- */

void take_tag(struct import *import, const struct dump_row *row)
{
	const char *name = row_line(import, row, "TagName", TAG_MAX_POINTS);

	if (is_malformed(import, row, NULL))
		return;
	if (!name[0]) {
		import_skip(import, "without a name", 1);
		return;
	}
	*import_next(import, struct import_tag) = (struct import_tag){ row_number(row, "Id"),
								       name };
}

enum err flush_tags(struct import *import, struct import_counts *counts)
{
	return import_tags(&import->batch, import->source, import->rows, import->count, counts);
}

/* "<a><b>" of old dumps and "|a|b|" of recent ones become "a,b". */
static const char *tag_names(struct import *import, const struct dump_row *row)
{
	const char *given = row_line(import, row, "Tags", 300);
	struct buf names;

	buf_init(&names, import->batch.arena, 2048);
	for (const char *c = given; *c; c++) {
		if (!strchr("<>|", *c))
			buf_char(&names, *c == ',' ? '-' : *c);
		else if (names.length > 0 && names.data[names.length - 1] != ',')
			buf_char(&names, ',');
	}
	if (names.length > 0 && names.data[names.length - 1] == ',')
		names.data[names.length - 1] = '\0';
	return names.data;
}

/* Questions and answers ------------------------------------------------------ */

enum { TYPE_QUESTION = 1, TYPE_ANSWER = 2 };

void take_mapping(struct import *import, const struct dump_row *row)
{
	int64_t type = row_number(row, "PostTypeId");

	if (row_is_fabricated(row) || row_number(row, "Id") <= 0 ||
	    (type != TYPE_QUESTION && type != TYPE_ANSWER))
		return;
	*import_next(import, struct import_mapping) = (struct import_mapping){
		.foreign_id = row_number(row, "Id"),
		.is_question = type == TYPE_QUESTION,
	};
}

enum err flush_mappings(struct import *import, struct import_counts *counts)
{
	(void)counts;
	return import_map_posts(&import->batch, import->source, import->rows, import->count);
}

static const char *source_path(struct import *import, const char *letter, int64_t id)
{
	const char *url = import->source->url;

	return url[0] ? arena_printf(import->batch.arena, "%s/%s/%lld", url, letter, (long long)id)
		      : "";
}

static void put_post(struct import *import, const struct dump_row *row, int64_t type)
{
	struct import_post *post = import_next(import, struct import_post);
	bool is_question = type == TYPE_QUESTION;
	int64_t created_at = row_time(row, "CreationDate");

	*post = (struct import_post){
		.foreign_id = row_number(row, "Id"),
		.parent_id = is_question ? 0 : row_number(row, "ParentId"),
		.owner_id = row_number(row, "OwnerUserId"),
		.owner_name = row_line(import, row, "OwnerDisplayName", NAME_MAX_POINTS),
		.title = is_question ? row_line(import, row, "Title", 255) : "",
		.tags = is_question ? tag_names(import, row) : "",
		.body_html = row_text(import, row, "Body"),
		.score = row_number(row, "Score"),
		.views = row_number(row, "ViewCount"),
		.created_at = created_at,
		.edited_at = row_time(row, "LastEditDate"),
		.closed_at = row_time(row, "ClosedDate"),
		.accepted_id = is_question ? row_number(row, "AcceptedAnswerId") : 0,
		.source_url = source_path(import, is_question ? "q" : "a", row_number(row, "Id")),
		.licence = row_licence(import, row, created_at),
	};
}

void take_question(struct import *import, const struct dump_row *row)
{
	int64_t type = row_number(row, "PostTypeId");

	if (is_malformed(import, row, "CreationDate"))
		return;
	if (type == TYPE_ANSWER)
		return; /* its turn comes */
	if (type != TYPE_QUESTION)
		import_skip(import, "another kind of post", 1);
	else if (!dump_get(row, "Title") || !dump_get(row, "Title")[0])
		import_skip(import, "a question without a title", 1);
	else
		put_post(import, row, type);
}

/* What is malformed or of another kind was counted with the questions. */
void take_answer(struct import *import, const struct dump_row *row)
{
	if (row_number(row, "PostTypeId") != TYPE_ANSWER || row_is_fabricated(row) ||
	    row_number(row, "Id") == 0 || row_time(row, "CreationDate") == 0)
		return;
	if (row_number(row, "ParentId") <= 0)
		import_skip(import, "its parent is not here", 1);
	else
		put_post(import, row, TYPE_ANSWER);
}

/* Those whose text is refused leave the batch; the others close ranks. */
static size_t keep_accepted_texts(struct import *import, struct import_post *posts,
				  struct import_text *texts)
{
	struct arena *arena = import->batch.arena;
	size_t kept = 0;

	for (size_t i = 0; i < import->count; i++) {
		const char *markdown = texts[i].is_refused
					       ? NULL
					       : markdown_from_html(arena, texts[i].clean);
		if (!markdown || strlen(markdown) > POST_MD_MAX_BYTES) {
			import_skip(import, "a text that is not acceptable", 1);
			continue;
		}
		posts[i].body_html = texts[i].clean;
		posts[i].body_md = markdown;
		posts[i].excerpt = posts[i].parent_id ? ""
						      : markdown_excerpt(arena, markdown,
									 TOPIC_EXCERPT_POINTS);
		posts[kept++] = posts[i];
	}
	return kept;
}

enum err flush_posts(struct import *import, struct import_counts *counts)
{
	struct import_post *posts = import->rows;
	struct import_text *texts = arena_array_of(import->batch.arena, import->count,
						   struct import_text);
	size_t kept;

	for (size_t i = 0; i < import->count; i++)
		texts[i].html = posts[i].body_html;
	TRY(import_clean_texts(import, texts, import->count));
	kept = keep_accepted_texts(import, posts, texts);
	return import_posts(&import->batch, import->source, posts, kept, counts);
}

/* Comments ------------------------------------------------------------------- */

void take_comment(struct import *import, const struct dump_row *row)
{
	int64_t created_at = row_time(row, "CreationDate");

	if (is_malformed(import, row, "CreationDate"))
		return;
	if (!dump_get(row, "Text") || !dump_get(row, "Text")[0]) {
		import_skip(import, "without text", 1);
		return;
	}
	*import_next(import, struct import_comment) = (struct import_comment){
		.foreign_id = row_number(row, "Id"),
		.post_id = row_number(row, "PostId"),
		.owner_id = row_number(row, "UserId"),
		.score = row_number(row, "Score"),
		.created_at = created_at,
		.owner_name = row_line(import, row, "UserDisplayName", NAME_MAX_POINTS),
		.body_md = row_text(import, row, "Text"),
		.licence = row_licence(import, row, created_at),
	};
}

/* The Markdown of comments, rendered as ours is; if it is refused, as plain words. */
static enum err render_comment(struct import *import, const char *markdown, const char **html)
{
	const struct markdown_options options = { .are_links_followed = false };
	struct html_fragment fragment;
	enum err result = markdown_render(&import->batch, NULL, markdown, &options, &fragment);
	struct buf plain;

	if (result != ERR_INVALID) {
		*html = fragment.html;
		return result;
	}
	error_clear(&import->batch);
	buf_init(&plain, import->batch.arena, 6 * DUMP_VALUE_MAX_BYTES);
	buf_text(&plain, "<p>");
	buf_html(&plain, markdown, strlen(markdown));
	buf_text(&plain, "</p>");
	*html = plain.data;
	return OK;
}

enum err flush_comments(struct import *import, struct import_counts *counts)
{
	struct import_comment *comments = import->rows;
	struct import_text *texts = arena_array_of(import->batch.arena, import->count,
						   struct import_text);
	size_t kept = 0;

	for (size_t i = 0; i < import->count; i++)
		TRY(render_comment(import, comments[i].body_md, &texts[i].html));
	TRY(import_clean_texts(import, texts, import->count));
	for (size_t i = 0; i < import->count; i++) {
		if (texts[i].is_refused) {
			import_skip(import, "a text that is not acceptable", 1);
			continue;
		}
		comments[i].body_html = texts[i].clean;
		comments[kept++] = comments[i];
	}
	return import_comments(&import->batch, import->source, comments, kept, counts);
}

/* Links, votes, history ------------------------------------------------------- */

enum { LINK_DUPLICATE = 3 };

void take_link(struct import *import, const struct dump_row *row)
{
	if (is_malformed(import, row, NULL))
		return;
	if (row_number(row, "LinkTypeId") != LINK_DUPLICATE) {
		import_skip(import, "a link in the text already", 1);
		return;
	}
	*import_next(import, struct import_duplicate) = (struct import_duplicate){
		row_number(row, "PostId"),
		row_number(row, "RelatedPostId"),
	};
}

enum err flush_duplicates(struct import *import, struct import_counts *counts)
{
	return import_duplicates(&import->batch, import->source, import->rows, import->count,
				 counts);
}

/* Votes are anonymous: the score of Posts.xml is their total, and is what we keep. */
void take_vote(struct import *import, const struct dump_row *row)
{
	int64_t type = row_number(row, "VoteTypeId");

	if (is_malformed(import, row, NULL))
		return;
	if (type == 2 || type == 3)
		import_skip(import, "anonymous, in the score of Posts.xml already", 1);
	else if (type == 1)
		import_skip(import, "acceptance, in Posts.xml already", 1);
	else
		import_skip(import, "a kind of vote that we do not have", 1);
}

static bool is_text_version(int64_t type)
{
	return type == 2 || type == 5 || type == 8;
}

/* Versions of a text: its source in Markdown, as it was typed. */
void take_history(struct import *import, const struct dump_row *row)
{
	const char *text = dump_get(row, "Text");

	if (is_malformed(import, row, "CreationDate"))
		return;
	if (!is_text_version(row_number(row, "PostHistoryTypeId"))) {
		import_skip(import, "history of something other than the text", 1);
		return;
	}
	if (!text || !text[0] || strlen(text) > POST_MD_MAX_BYTES) {
		import_skip(import, "without text, or too long", 1);
		return;
	}
	*import_next(import, struct import_version) = (struct import_version){
		.foreign_id = row_number(row, "Id"),
		.post_id = row_number(row, "PostId"),
		.owner_id = row_number(row, "UserId"),
		.created_at = row_time(row, "CreationDate"),
		.owner_name = row_line(import, row, "UserDisplayName", NAME_MAX_POINTS),
		.body_md = row_text(import, row, "Text"),
		.reason = row_line(import, row, "Comment", 200),
	};
}

enum err flush_versions(struct import *import, struct import_counts *counts)
{
	return import_versions(&import->batch, import->source, import->rows, import->count, counts);
}
