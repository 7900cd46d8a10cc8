/*
 * Reading an export. No schema is published, so everything is optional, and what is
 * not known is passed over. The folder is somebody's upload: paths in it are not
 * believed, links are not followed, sizes are bounded.
 */
#include "connect/facebook_export.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "connect/foreign.h"
#include "i18n/i18n.h"
#include "net/json.h"

#define DEPTH_MAX          12
#define FOLDER_ENTRIES_MAX 200000
#define FILE_MAX_BYTES     ((size_t)256 * 1024 * 1024)
#define FILE_VALUES_MAX    20000000
#define FILE_MEMORY_BYTES  ((size_t)512 * 1024 * 1024)
#define TITLE_MAX_POINTS   300
#define AUTHOR_MAX_POINTS  100

struct reading {
	struct ctx *ctx;
	const struct export_sink *sink;
	struct export_report *report;
	int64_t entries_seen; /* of folders */
};

/* ---- strings ----------------------------------------------------------- */

/* The value of a key, mended; keys may be faulty too, but those we know are ASCII. */
static const char *text_at(struct ctx *ctx, const json_t *object, const char *key)
{
	const char *text = json_text_at(object, key);

	return text ? facebook_repair(ctx->arena, text) : "";
}

/* ---- files ------------------------------------------------------------- */

/* Opens a path below an open folder, part by part, never through a link. */
static int open_below(int folder, const char *path)
{
	struct slice rest = slice_of(path);
	int at = dup(folder);

	while (at >= 0 && rest.data) {
		struct slice part = slice_cut(&rest, '/');
		char name[256];
		int next;

		if (part.length == 0 || part.length >= sizeof(name) || slice_is(part, "..") ||
		    slice_is(part, ".")) {
			close(at);
			return -1;
		}
		snprintf(name, sizeof(name), "%.*s", (int)part.length, part.data);
		next = openat(at, name,
			      O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK |
				      (rest.data ? O_DIRECTORY : 0));
		close(at);
		at = next;
	}
	return at;
}

static void free_bytes(void *bytes)
{
	free(bytes);
}

/* Takes the descriptor. Bytes are freed with the arena. */
static enum err read_open(struct ctx *ctx, int fd, size_t max_bytes, const char **bytes,
			  size_t *length)
{
	struct stat status;
	char *content;
	size_t done = 0;
	ssize_t got = 1;

	if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
		if (fd >= 0)
			close(fd);
		return fail_log(ctx, ERR_NOT_FOUND, "export: no such file");
	}
	if (status.st_size < 0 || (uint64_t)status.st_size > max_bytes) {
		close(fd);
		return fail_log(ctx, ERR_TOO_LARGE, "export: a file is too large");
	}
	content = malloc((size_t)status.st_size + 1);
	if (!content)
		abort();
	arena_defer(ctx->arena, free_bytes, content);
	while (done < (size_t)status.st_size && got > 0) {
		got = read(fd, content + done, (size_t)status.st_size - done);
		done += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	content[done] = '\0';
	*bytes = content;
	*length = done;
	return OK;
}

enum err facebook_export_file(struct ctx *ctx, const char *folder, const char *path,
			      size_t max_bytes, const char **bytes, size_t *length)
{
	int root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = root >= 0 ? open_below(root, path) : -1;

	if (root >= 0)
		close(root);
	return read_open(ctx, fd, max_bytes, bytes, length);
}

/* ---- entries ----------------------------------------------------------- */

static void add_file(struct ctx *ctx, const char *prefix, const char *uri, struct export_item *item)
{
	if (!*uri || item->file_count == EXPORT_FILES_MAX || strstr(uri, "://"))
		return;
	item->files[item->file_count++] = arena_printf(ctx->arena, "%s%s", prefix, uri);
}

static void add_link(const char *url, struct export_item *item)
{
	url = foreign_web_url(url);
	if (*url && item->link_count < EXPORT_FILES_MAX)
		item->links[item->link_count++] = url;
}

/* Only what is shown is taken: exif data holds the address it was sent from. */
static void take_attachments(struct ctx *ctx, const char *prefix, const json_t *entry,
			     struct export_item *item, const char **description)
{
	json_t *attachment, *part;
	size_t i, j;

	json_array_foreach(json_at(entry, "attachments"), i, attachment)
	{
		json_array_foreach(json_at(attachment, "data"), j, part)
		{
			const json_t *media = json_at(part, "media");
			const char *words = text_at(ctx, media, "description");

			add_file(ctx, prefix, text_at(ctx, media, "uri"), item);
			if (*words && !**description)
				*description = words;
			add_link(text_at(ctx, json_at(part, "external_context"), "url"), item);
		}
	}
}

static int64_t seconds_at(const json_t *object, const char *key)
{
	return foreign_time(json_text_at(object, key));
}

static void take_post(struct ctx *ctx, const json_t *entry, struct export_item *item)
{
	json_t *part;
	size_t i;

	json_array_foreach(json_at(entry, "data"), i, part)
	{
		const char *text = text_at(ctx, part, "post");
		int64_t updated = seconds_at(part, "update_timestamp");

		if (*text)
			item->text = text;
		if (updated > item->created_at)
			item->edited_at = updated;
	}
}

/* False: it stands in a group, not on the Page. */
static bool take_comment(struct ctx *ctx, const json_t *entry, struct export_item *item)
{
	json_t *part;
	size_t i;

	json_array_foreach(json_at(entry, "data"), i, part)
	{
		const json_t *comment = json_at(part, "comment");
		int64_t time = seconds_at(comment, "timestamp");

		if (!comment)
			continue;
		if (*json_text_or_empty(comment, "group"))
			return false;
		item->text = text_at(ctx, comment, "comment");
		item->author = foreign_line(ctx->arena, text_at(ctx, comment, "author"),
					    AUTHOR_MAX_POINTS);
		if (time)
			item->created_at = time;
	}
	return true;
}

static enum err take_entry(struct reading *reading, enum item_kind kind, const char *prefix,
			   const json_t *entry)
{
	struct ctx *ctx = reading->ctx;
	struct export_item item = { .kind = kind, .author = "", .text = "" };
	const char *description = "";
	bool is_here = true;

	reading->report->entries++;
	item.created_at = seconds_at(entry, "timestamp");
	item.title = foreign_line(ctx->arena, text_at(ctx, entry, "title"), TITLE_MAX_POINTS);
	if (kind == ITEM_POST)
		take_post(ctx, entry, &item);
	else
		is_here = take_comment(ctx, entry, &item);
	take_attachments(ctx, prefix, entry, &item, &description);
	item.text = foreign_text(ctx->arena, *item.text ? item.text : description);
	if (!is_here) {
		reading->report->elsewhere++;
	} else if (!*item.text && item.file_count == 0 && item.link_count == 0) {
		reading->report->empty++;
	} else if (!item.created_at) {
		reading->report->undated++;
	} else {
		reading->report->items++;
		return reading->sink->take(reading->sink->data, &item);
	}
	return OK;
}

/* A list, or an object that holds it under a name of the layout. */
static const json_t *list_of(const json_t *root)
{
	static const char *const names[] = { "comments_v2", "comments", "status_updates", "posts" };

	if (json_is_array(root))
		return root;
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (json_is_array(json_at(root, names[i])))
			return json_at(root, names[i]);
	return NULL;
}

/* A file has an arena of its own: large ones would add up. */
static enum err take_file(struct reading *reading, int fd, const char *path, enum item_kind kind,
			  const char *prefix)
{
	struct ctx inner = *reading->ctx;
	struct reading own = { .ctx = &inner, .sink = reading->sink, .report = reading->report };
	const char *bytes = "", *problem = "it is too large, or gone";
	const json_t *root = NULL;
	enum err result = OK;
	json_t *entry;
	size_t length = 0, i;

	inner.arena = arena_new(FILE_MEMORY_BYTES);
	reading->report->files++;
	if (read_open(&inner, fd, FILE_MAX_BYTES, &bytes, &length) == OK)
		root = json_read_large(&inner, bytes, length, FILE_VALUES_MAX, &problem);
	if (!root) {
		reading->report->unreadable++;
		log_event(LOG_LEVEL_WARNING, "export_unreadable", "file", path, "problem", problem,
			  NULL);
	}
	json_array_foreach(list_of(root), i, entry)
	{
		if (result == OK)
			result = take_entry(&own, kind, prefix, entry);
	}
	if (result != OK)
		reading->ctx->error.code = result;
	arena_free(inner.arena);
	return result;
}

/* ---- the folder -------------------------------------------------------- */

static bool ends_numbered(const char *name, const char *stem)
{
	size_t length = strlen(stem);

	if (strncmp(name, stem, length) != 0)
		return false;
	name += length;
	name += strspn(name, "0123456789");
	return !strcmp(name, ".json");
}

/* parent: the folder's own name. */
static bool is_wanted(const char *parent, const char *name, enum item_kind *kind)
{
	*kind = ITEM_POST;
	if (!strcmp(parent, "posts") &&
	    (ends_numbered(name, "your_posts_") || ends_numbered(name, "profile_posts_") ||
	     ends_numbered(name, "your_posts__check_ins__photos_and_videos_")))
		return true;
	*kind = ITEM_COMMENT;
	return (!strcmp(parent, "comments") || !strcmp(parent, "comments_and_reactions")) &&
	       !strcmp(name, "comments.json");
}

/*
 * Addresses of pictures count from the export's own top, which may lie below a
 * folder made in unpacking: what stands before the first part that is known.
 */
static const char *prefix_of(struct ctx *ctx, const char *path)
{
	static const char *const tops[] = { "your_facebook_activity/",
					    "this_profile's_activity",
					    "your_activity_across_facebook/",
					    "posts/",
					    "comments/",
					    "comments_and_reactions/" };
	const char *first = NULL;

	for (size_t i = 0; i < ARRAY_COUNT(tops); i++) {
		const char *found = strstr(path, tops[i]);

		while (found && found != path && found[-1] != '/')
			found = strstr(found + 1, tops[i]);
		if (found && (!first || found < first))
			first = found;
	}
	return first ? arena_strndup(ctx->arena, path, (size_t)(first - path)) : "";
}

static enum err walk_folder(struct reading *reading, int fd, const char *path, const char *own_name,
			    int depth);

static enum err take_name(struct reading *reading, int folder, const char *path,
			  const char *own_name, const char *name, int depth)
{
	const char *below = arena_printf(reading->ctx->arena, "%s%s", path, name);
	enum item_kind kind;
	struct stat status;
	int fd;

	if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return OK;
	if (S_ISLNK(status.st_mode)) {
		reading->report->symlinks++;
		return OK;
	}
	if (S_ISDIR(status.st_mode) && depth < DEPTH_MAX) {
		fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0)
			return OK;
		return walk_folder(reading, fd, arena_printf(reading->ctx->arena, "%s/", below),
				   name, depth + 1);
	}
	if (!S_ISREG(status.st_mode) || !is_wanted(own_name, name, &kind))
		return OK;
	fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	return take_file(reading, fd, below, kind, prefix_of(reading->ctx, below));
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In the order of names, so that two runs do the same. */
static size_t list_names(struct reading *reading, DIR *stream, const char ***out)
{
	size_t count = 0, room = 64;
	const char **names = arena_array_of(reading->ctx->arena, room, const char *);
	struct dirent *entry;

	while ((entry = readdir(stream)) && reading->entries_seen < FOLDER_ENTRIES_MAX) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (count == room) {
			const char **more = arena_array_of(reading->ctx->arena, room * 2,
							   const char *);

			memcpy(more, names, count * sizeof(*names));
			names = more;
			room *= 2;
		}
		names[count++] = arena_strdup(reading->ctx->arena, entry->d_name);
		reading->entries_seen++;
	}
	qsort(names, count, sizeof(*names), compare_names);
	*out = names;
	return count;
}

/* Takes the descriptor. */
static enum err walk_folder(struct reading *reading, int fd, const char *path, const char *own_name,
			    int depth)
{
	DIR *stream = fdopendir(fd);
	const char **names;
	enum err result = OK;
	size_t count;

	if (!stream) {
		close(fd);
		return OK;
	}
	count = list_names(reading, stream, &names);
	for (size_t i = 0; result == OK && i < count; i++)
		result = take_name(reading, fd, path, own_name, names[i], depth);
	closedir(stream);
	return result;
}

enum err facebook_export_read(struct ctx *ctx, const char *folder, const struct export_sink *sink,
			      struct export_report *report)
{
	struct reading reading = { .ctx = ctx, .sink = sink, .report = report };
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *own_name = strrchr(folder, '/');

	*report = (struct export_report){ 0 };
	if (fd < 0)
		return fail(ctx, ERR_NOT_FOUND, NULL, _("%s cannot be opened: %s."), folder,
			    strerror(errno));
	TRY(walk_folder(&reading, fd, "", own_name ? own_name + 1 : folder, 0));
	if (report->files == 0)
		return fail(
			ctx, ERR_INVALID, NULL,
			_("%s has no posts and no comments of Facebook in it. Unpack the export, "
			  "which must be in the format JSON, and name its folder."),
			folder);
	return OK;
}
