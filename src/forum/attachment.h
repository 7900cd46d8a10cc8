/*
 * Files that hang on articles and on messages of private exchanges: who may add and read
 * them, and what becomes of them.
 *
 * Who may read one follows from its place. A message's: both sides of the exchange, nobody
 * else, and it goes with the message. An article's: everybody, as soon as the published
 * version of a public article names its address, and no sooner; until then whoever may write
 * the article. Which version names what is kept by a trigger (attachment_uses), so
 * publishing, planning, restoring and archiving need not know of files.
 *
 * A picture waits until the worker has made it anew (attachment_ready), and is shown by
 * nothing before that. The other kinds are there at once.
 */
#ifndef FORUM_ATTACHMENT_H
#define FORUM_ATTACHMENT_H

#include "base/ctx.h"
#include "forum/attachment_kind.h"

struct rows;

#define ATTACHMENT_MAX_BYTES     5000000 /* one file */
#define ATTACHMENT_ALT_MAX       300     /* code points */
#define ATTACHMENT_DAY_MAX       100     /* files a person may add in 24 hours */
#define ATTACHMENT_DAY_MAX_BYTES 100000000
#define ATTACHMENTS_OF_MESSAGE   4
#define ATTACHMENTS_OF_ARTICLE   60 /* with its other languages */
#define ATTACHMENT_SMALL_SIDE    640
#define ATTACHMENT_UNUSED_DAYS   30

enum attachment_state { ATTACHMENT_WAITING, ATTACHMENT_READY, ATTACHMENT_REFUSED };

struct attachment {
	int64_t id, article_id, message_id; /* one of the two is 0 */
	enum attachment_kind kind;
	enum attachment_state state;
	const char *name, *alt;
	const char *path, *small_path; /* "/files/12/box.webp"; "": there is no small one */
	const char *problem;           /* why it was refused: through _(); "" */
	int64_t bytes;
	int64_t width, height, small_width, small_height; /* of a picture that is ready */
	int64_t uploaded_at;
	bool is_named; /* an article's: by its newest or its published version */
};

struct attachment_list {
	struct attachment *items;
	size_t count;
};

/* "4,2 MB", "12 kB". */
const char *attachment_size(struct arena *arena, int64_t bytes);

/* What a form brought. */
struct attachment_upload {
	const char *name, *alt, *bytes; /* name and alt as typed */
	size_t length;
};
struct attachment_uploads {
	const struct attachment_upload *items;
	size_t count; /* as many as there were, even if items has fewer */
};

/*
 * Looks at files before anything is written. ERR_INVALID at field "file": too many
 * (most), too large, or of no kind that is taken; at "alt": too long.
 */
enum err attachment_check(struct ctx *ctx, const struct attachment_uploads *uploads,
			  size_t most) MUST_CHECK;

/*
 * Adds files that were looked at, inside the caller's transaction, which has checked the
 * rights; article_id or message_id is 0. ERR_THROTTLED: too many in a day. The last one's
 * number in *last_id, which may be NULL.
 */
enum err attachment_add(struct ctx *ctx, int64_t article_id, int64_t message_id,
			const struct attachment_uploads *uploads, int64_t *last_id) MUST_CHECK;

/* Of a page of messages of an exchange, oldest first; see private_load. Queued. */
void attachments_of_messages_add(struct ctx *ctx, int64_t exchange_id, int64_t before_id,
				 int64_t messages, struct rows *out);
/* Of the newest exchange of a question, when the actor is in charge of it. Queued. */
void attachments_at_desk_add(struct ctx *ctx, int64_t topic_id, int64_t messages, struct rows *out);
/* All that an article and its other languages have, in the order of uploading. Queued. */
void attachments_of_article_add(struct ctx *ctx, int64_t article_id, struct rows *out);
/* What the published version of an article names and is no picture. Queued. */
void attachments_published_add(struct ctx *ctx, int64_t article_id, struct rows *out);
void attachments_read(struct ctx *ctx, struct rows *rows, struct attachment_list *out);

/* Reading one ------------------------------------------------------------------------------ */

struct attachment_file {
	enum attachment_kind kind;
	const char *name, *bytes;
	size_t length;
	bool is_public; /* may be kept by everybody for good */
};
/* ERR_NOT_FOUND: there is none, it is not ready, or it is not for the actor. */
enum err attachment_open(struct ctx *ctx, int64_t id, bool is_small,
			 struct attachment_file *out) MUST_CHECK;

/* For the worker ----------------------------------------------------------------------------- */

/* *bytes is NULL when it was dealt with already, or is gone. */
enum err attachment_original(struct ctx *ctx, int64_t id, const char **bytes,
			     size_t *length) MUST_CHECK;
struct attachment_picture {
	const char *bytes; /* WebP; NULL: no small one is needed */
	size_t length;
	int64_t width, height;
};
enum err attachment_ready(struct ctx *ctx, int64_t id, const struct attachment_picture *picture,
			  const struct attachment_picture *small) MUST_CHECK;
enum err attachment_refuse(struct ctx *ctx, int64_t id, const char *why) MUST_CHECK;

/* Files of articles that no version ever named, and what was never made ready. */
enum err attachment_sweep(struct ctx *ctx) MUST_CHECK;

#endif
