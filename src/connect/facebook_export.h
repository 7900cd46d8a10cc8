/*
 * Files of "Download your information": what a profile wrote itself, without ids.
 * It backs up the Page's half of a conversation, no more: whoever takes it over
 * links an entry to what is known by author, second and text, and only when that
 * is one thing alone.
 */
#ifndef CONNECT_FACEBOOK_EXPORT_H
#define CONNECT_FACEBOOK_EXPORT_H

#include "connect/connector.h"

#define EXPORT_FILES_MAX 20

struct export_item {
	enum item_kind kind;
	const char *author; /* of a comment; "" for posts: the profile itself */
	const char *title;  /* "X commented on Y's post.": may name other people; "" */
	const char *text;   /* clean, as foreign_text makes it; may be "" */
	int64_t created_at; /* to the second */
	int64_t edited_at;  /* 0: not told */
	const char *files[EXPORT_FILES_MAX]; /* below the folder; for facebook_export_file */
	size_t file_count;
	const char *links[EXPORT_FILES_MAX];
	size_t link_count;
};

struct export_sink {
	/* Strings live during the call only. A result other than OK ends the reading. */
	enum err (*take)(void *data, const struct export_item *item);
	void *data;
};

/* The counts add up: entries = items + empty + elsewhere + undated. */
struct export_report {
	int64_t files, entries, items;
	int64_t empty;     /* entries with no text, picture or link */
	int64_t elsewhere; /* comments in groups */
	int64_t undated;
	int64_t unreadable; /* files that are no JSON; logged by name */
	int64_t symlinks;   /* left alone */
};

/*
 * Walks an unpacked folder; files are known by the end of their path, in all the
 * layouts that were seen. ERR_NOT_FOUND: no such folder. ERR_INVALID: it holds no
 * file of posts or comments; the sentence in ctx->error says so.
 */
enum err facebook_export_read(struct ctx *ctx, const char *folder, const struct export_sink *sink,
			      struct export_report *report) MUST_CHECK;

/*
 * The bytes of a file of the export. Never leaves the folder, by "..", an absolute
 * path or a symbolic link. ERR_NOT_FOUND, ERR_TOO_LARGE.
 */
enum err facebook_export_file(struct ctx *ctx, const char *folder, const char *path,
			      size_t max_bytes, const char **bytes, size_t *length) MUST_CHECK;

/*
 * Mends a text whose UTF-8 bytes were each written as a character ("Ã¶" for "ö"),
 * also when that happened twice. What was right stays as it is.
 */
const char *facebook_repair(struct arena *arena, const char *text);

#endif
