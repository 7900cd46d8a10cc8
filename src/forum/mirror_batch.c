/*
 * A set of mirrored items, found by kind and key; and rows of JSON, in which many of
 * them travel to one statement.
 */
#include "forum/mirror_parts.h"

#include "db/db.h"

#define JSON_MAX_BYTES ((size_t)48 * 1024 * 1024)
#define TABLE_LEAST    256

void mirror_batch_init(struct ctx *ctx, struct mirror_batch *batch, const struct mirror *mirror)
{
	*batch = (struct mirror_batch){
		.mirror = mirror,
		.connector = connector_find(mirror->source.connector),
		.table_size = TABLE_LEAST,
		.table = arena_array_of(ctx->arena, TABLE_LEAST, size_t),
	};
}

/* FNV-1a. Keys come from the source; a flood of collisions would be its own harm. */
static uint64_t hash_of(enum item_kind kind, const char *key)
{
	uint64_t hash = UINT64_C(14695981039346656037) ^ (uint64_t)kind;

	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * UINT64_C(1099511628211);
	return hash;
}

static size_t *slot_of(const struct mirror_batch *batch, enum item_kind kind, const char *key)
{
	size_t mask = batch->table_size - 1;
	size_t at = (size_t)hash_of(kind, key) & mask;

	while (batch->table[at]) {
		const struct mirror_item *item = batch->items[batch->table[at] - 1];

		if (item->kind == kind && strcmp(item->key, key) == 0)
			break;
		at = (at + 1) & mask;
	}
	return &batch->table[at];
}

struct mirror_item *mirror_batch_find(const struct mirror_batch *batch, enum item_kind kind,
				      const char *key)
{
	size_t place = *slot_of(batch, kind, key);

	return place ? batch->items[place - 1] : NULL;
}

static void grow(struct ctx *ctx, struct mirror_batch *batch)
{
	size_t capacity = batch->capacity ? batch->capacity * 2 : TABLE_LEAST / 2;
	struct mirror_item **items = arena_array_of(ctx->arena, capacity, struct mirror_item *);

	for (size_t i = 0; i < batch->count; i++)
		items[i] = batch->items[i];
	batch->items = items;
	batch->capacity = capacity;
	batch->table_size = capacity * 2;
	batch->table = arena_array_of(ctx->arena, batch->table_size, size_t);
	for (size_t i = 0; i < batch->count; i++)
		*slot_of(batch, items[i]->kind, items[i]->key) = i + 1;
}

struct mirror_item *mirror_batch_add(struct ctx *ctx, struct mirror_batch *batch,
				     enum item_kind kind, const char *key)
{
	struct mirror_item *item = mirror_batch_find(batch, kind, key);

	if (item)
		return item;
	if (batch->count == batch->capacity)
		grow(ctx, batch);
	item = arena_new_of(ctx->arena, struct mirror_item);
	*item = (struct mirror_item){
		.kind = kind,
		.key = key,
		.address = "",
		.parent_key = "",
		.root_key = kind == ITEM_POST ? key : "",
		.post_kind = kind == ITEM_POST ? POST_QUESTION : POST_ANSWER,
		.author_key = "",
		.author_name = "",
		.can_comment = true,
		.title = "",
		.body = "",
		.html = "",
		.old_title = "",
		.old_body = "",
		.old_html = "",
		.url = "",
		.reactions = "{}",
		.comment_count = -1,
		.is_new = true,
	};
	batch->items[batch->count++] = item;
	*slot_of(batch, kind, key) = batch->count;
	return item;
}

/* JSON ----------------------------------------------------------------------------- */

void json_rows_init(struct ctx *ctx, struct json_rows *rows)
{
	*rows = (struct json_rows){ 0 };
	buf_init(&rows->buf, ctx->arena, JSON_MAX_BYTES);
	buf_char(&rows->buf, '[');
}

void json_rows_next(struct json_rows *rows)
{
	buf_text(&rows->buf, rows->count++ ? "},\n{" : "{");
	rows->has_field = false;
}

static void name_field(struct json_rows *rows, const char *name)
{
	if (rows->has_field)
		buf_char(&rows->buf, ',');
	rows->has_field = true;
	buf_char(&rows->buf, '"');
	buf_text(&rows->buf, name);
	buf_text(&rows->buf, "\":");
}

void json_row_text(struct json_rows *rows, const char *name, const char *value)
{
	name_field(rows, name);
	buf_json(&rows->buf, value);
}

void json_row_raw(struct json_rows *rows, const char *name, const char *json)
{
	name_field(rows, name);
	buf_text(&rows->buf, json);
}

void json_row_i64(struct json_rows *rows, const char *name, int64_t value)
{
	name_field(rows, name);
	buf_i64(&rows->buf, value);
}

void json_row_id(struct json_rows *rows, const char *name, int64_t value)
{
	if (value)
		json_row_i64(rows, name, value);
}

void json_row_bool(struct json_rows *rows, const char *name, bool value)
{
	json_row_raw(rows, name, value ? "true" : "false");
}

struct param json_rows_param(struct ctx *ctx, struct json_rows *rows)
{
	(void)ctx;
	buf_text(&rows->buf, rows->count ? "}]" : "]");
	return param_text(rows->buf.data);
}
