/*
 * What the mirror files share. Inside src/forum only.
 *
 * A batch is the threads that some events are about, as they stand: every row of
 * mirror_items of these threads, with the post that each is here. Events are merged
 * into it, then it says what the posts should be, then what changed is stored.
 */
#ifndef FORUM_MIRROR_PARTS_H
#define FORUM_MIRROR_PARTS_H

#include "base/buf.h"
#include "db/db.h"
#include "forum/mirror_work.h"

/* A picture or link of an item, as of the last time that it was told. */
struct mirror_item {
	enum item_kind kind;
	const char *key, *address, *parent_key, *root_key;
	int64_t author_id; /* 0: not told */
	const char *author_key, *author_name;
	bool is_author_erased;
	int64_t person_id; /* the member who claimed the author */
	bool is_self, is_by_visitor, can_comment;
	/* Only of those that an event names, or that have no post yet; else "". */
	const char *title, *body, *html;
	const char *old_title, *old_body, *old_html; /* as they were loaded */
	const char *url, *reactions;                 /* reactions: JSON */
	enum item_visibility visibility;
	int64_t created_at, edited_at, confirmed_at, text_at, visibility_at;
	int64_t removed_at;
	bool is_removal_final;
	int64_t missing_since, missing_at, missing_count;
	int64_t comment_count;
	int64_t touched_at;
	int64_t topic_id, post_id;
	bool is_ours, has_media;
	/* Of the post here, if there is one; merging and splitting gives it another place. */
	enum visibility post_visibility;
	enum post_kind post_kind;
	int64_t post_parent_id;

	/* What an event changed; told: an event names it, so all of it was loaded. */
	bool is_told, is_new, is_changed, is_text_changed, is_author_changed, is_created_changed;
	bool are_media_told;
	const struct item_media *media;
	size_t media_count;

	/* What it should be. */
	enum { SHOWN_UNKNOWN, SHOWN_VISITING, SHOWN_NO, SHOWN_YES } shown;
	bool is_waiting; /* its parent or its post is not known */
	/* Held here: by a rule of this site, or by its members' reports; held: a verdict. */
	bool is_held_here, is_held_now;
	struct holding *held;
	bool is_post_new, is_turned; /* is_turned: shown or hidden now, and was not */
};

struct mirror_batch {
	const struct mirror *mirror;
	const struct connector *connector;
	bool is_reshown; /* authors' names are written again */
	struct mirror_item **items;
	size_t count, capacity;
	struct holding *held; /* of those that rules looked at */
	size_t held_count;
	size_t *table; /* of indexes + 1, by kind and key; a power of two */
	size_t table_size;
};

/* mirror_batch.c: a set of items. */
void mirror_batch_init(struct ctx *ctx, struct mirror_batch *batch, const struct mirror *mirror);
/* NULL: not in it. */
struct mirror_item *mirror_batch_find(const struct mirror_batch *batch, enum item_kind kind,
				      const char *key);
struct mirror_item *mirror_batch_add(struct ctx *ctx, struct mirror_batch *batch,
				     enum item_kind kind, const char *key);

/* mirror_merge.c: pure. */
void mirror_merge(struct ctx *ctx, struct mirror_item *item, const struct source_event *event);

/* mirror_project.c: pure. Sets ->shown, ->is_waiting of all items. */
void mirror_project(struct mirror_batch *batch);
/* The post (or NULL), the comment directly under it above this one (or itself). */
struct mirror_item *mirror_root_of(const struct mirror_batch *batch,
				   const struct mirror_item *item);
struct mirror_item *mirror_answer_of(const struct mirror_batch *batch, struct mirror_item *item);
struct mirror_item *mirror_parent_of(const struct mirror_batch *batch,
				     const struct mirror_item *item);

/* mirror_hold.c: after the projection, which it repeats when a rule holds something. */
enum err mirror_hold(struct ctx *ctx, struct mirror_batch *batch) MUST_CHECK;
/* After all is written: the queue's items. */
enum err mirror_hold_record(struct ctx *ctx, struct mirror_batch *batch) MUST_CHECK;

/* mirror_text.c */
struct mirror_words {
	const char *markdown, *html, *title, *excerpt;
};
enum err mirror_words_make(struct ctx *ctx, const struct mirror_batch *batch,
			   const struct mirror_item *item, struct mirror_words *out) MUST_CHECK;
/* The name under which an author is shown. */
const char *mirror_author_shown(struct ctx *ctx, const struct mirror_batch *batch,
				const struct mirror_item *item);

/* mirror_rows.c: reading a batch's rows. roots and keys: of any kind. */
void mirror_add_locks(struct ctx *ctx, const struct mirror *mirror, const char *const *roots,
		      size_t count, bool is_exclusive);
void mirror_add_rows(struct ctx *ctx, const struct mirror *mirror, const char *const *roots,
		     size_t root_count, const char *const *keys, size_t key_count,
		     struct rows *rows);
/* Queries and rows of kind, key and root of items whose thread the caller does not know. */
enum err mirror_find_roots(struct ctx *ctx, const struct mirror *mirror, const char *const *keys,
			   size_t count, struct rows *rows) MUST_CHECK;
void mirror_take_rows(struct ctx *ctx, struct mirror_batch *batch, struct rows *rows);
const char *item_kind_text(enum item_kind kind);
enum item_kind item_kind_from_text(const char *text);
const char *item_visibility_text(enum item_visibility visibility);
enum item_visibility item_visibility_from_text(const char *text);
enum write_kind write_kind_from_text(const char *text);
const char *write_kind_text(enum write_kind kind);

/* mirror_store.c: writing what changed, within the running transaction. */
enum err mirror_store(struct ctx *ctx, struct mirror_batch *batch) MUST_CHECK;

/* JSON rows for jsonb_to_recordset: begin, fields, end. */
struct json_rows {
	struct buf buf;
	size_t count;
	bool has_field;
};
void json_rows_init(struct ctx *ctx, struct json_rows *rows);
void json_rows_next(struct json_rows *rows);
void json_row_text(struct json_rows *rows, const char *name, const char *value);
void json_row_raw(struct json_rows *rows, const char *name, const char *json);
void json_row_i64(struct json_rows *rows, const char *name, int64_t value);
void json_row_id(struct json_rows *rows, const char *name, int64_t value); /* 0: null */
void json_row_bool(struct json_rows *rows, const char *name, bool value);
struct param json_rows_param(struct ctx *ctx, struct json_rows *rows);

enum outbox_state outbox_state_from_text(const char *text);

/* mirror_outbox.c: an item of the account itself that answers one of our rows. */
void mirror_add_bindable(struct ctx *ctx, const struct mirror *mirror, struct rows *rows);
enum err mirror_bind_echoes(struct ctx *ctx, struct mirror_batch *batch,
			    struct rows *rows) MUST_CHECK;

#endif
