/*
 * What a batch changed, as rows: authors first, then (once their ids are known) topics,
 * posts, items and what follows from them. mirror_changes.c writes them.
 */
#include "forum/mirror_changes.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/notification.h"
#include "i18n/i18n.h"

/* In one order for everybody, so that two batches cannot wait for each other. */
DB_STATEMENT(
	mirror_put_authors,
	"insert into mirror_authors as a (source_id, author_key, name)\n"
	"select $1, g.key, max(g.name) from jsonb_to_recordset($2::jsonb) as g(key text, name text)\n"
	"group by g.key order by g.key\n"
	"on conflict (source_id, author_key) do update set name = excluded.name\n"
	"where excluded.name <> '' and a.name <> excluded.name and a.erased_at is null",
	2);

DB_STATEMENT(
	mirror_authors_by_key,
	"select a.author_key, a.id, a.erased_at is not null, a.person_id, a.name\n"
	"from mirror_authors a\n"
	"where a.source_id = $1\n"
	"	and a.author_key in (select g.key from jsonb_to_recordset($2::jsonb) as g(key text))",
	2);

DB_STATEMENT(
	mirror_take_ids,
	"select nextval(pg_get_serial_sequence('posts', 'id')) from generate_series(1, $1::bigint)\n"
	"union all\n"
	"select nextval(pg_get_serial_sequence('topics', 'id')) from generate_series(1, $2::bigint)",
	2);

/* Authors -------------------------------------------------------------------------- */

static bool has_author_to_put(const struct mirror_item *item)
{
	return item->is_changed && !item->is_self && item->author_key[0] &&
	       (item->author_id == 0 || item->is_author_changed);
}

/* What is said of an erased author is not kept. */
static void forget_words(struct mirror_item *item)
{
	if (item->body[0] || item->html[0] || item->title[0])
		item->is_text_changed = item->is_changed = true;
	item->body = item->html = item->title = "";
	item->author_name = "";
	item->media_count = 0;
}

static void take_author(struct mirror_batch *batch, const char *key, struct rows *row)
{
	int64_t id = col_i64(row);
	bool is_erased = col_bool(row);
	int64_t person_id = col_i64(row);
	const char *name = col_text(row);

	for (size_t i = 0; i < batch->count; i++) {
		struct mirror_item *item = batch->items[i];

		if (item->is_self || strcmp(item->author_key, key) != 0)
			continue;
		item->author_id = id;
		item->author_name = name;
		item->is_author_erased = is_erased;
		item->person_id = person_id;
	}
}

static enum err put_authors(struct ctx *ctx, struct mirror_batch *batch)
{
	struct param source = param_i64(batch->mirror->source.id), param;
	struct json_rows authors;
	struct rows rows;

	json_rows_init(ctx, &authors);
	for (size_t i = 0; i < batch->count; i++) {
		if (!has_author_to_put(batch->items[i]))
			continue;
		json_rows_next(&authors);
		json_row_text(&authors, "key", batch->items[i]->author_key);
		json_row_text(&authors, "name", batch->items[i]->author_name);
	}
	if (authors.count == 0)
		return OK;
	param = json_rows_param(ctx, &authors);
	db_add(ctx, &mirror_put_authors, NULL, source, param);
	db_add(ctx, &mirror_authors_by_key, &rows, source, param);
	TRY(db_run(ctx));
	while (rows_next(&rows))
		take_author(batch, col_text(&rows), &rows);
	return OK;
}

/* Posts ---------------------------------------------------------------------------- */

static void count_new(struct mirror_batch *batch, int64_t *posts, int64_t *topics)
{
	*posts = *topics = 0;
	for (size_t i = 0; i < batch->count; i++) {
		struct mirror_item *item = batch->items[i];

		/* What is held here has a post too: the team looks at it. */
		item->is_post_new = (item->shown == SHOWN_YES || item->is_held_now) &&
				    item->post_id == 0;
		*posts += item->is_post_new;
		*topics += item->is_post_new && item->kind == ITEM_POST;
	}
}

static void give_post(struct mirror_item *item, struct rows *ids)
{
	rows_next(ids);
	item->post_id = col_i64(ids);
	item->post_visibility = VISIBILITY_VISIBLE;
	item->is_changed = true;
}

static void give_topic(struct mirror_item *item, struct rows *ids)
{
	rows_next(ids);
	item->topic_id = col_i64(ids);
}

static int by_time(const void *a, const void *b)
{
	const struct mirror_item *one = *(struct mirror_item *const *)a;
	const struct mirror_item *other = *(struct mirror_item *const *)b;

	if (one->created_at != other->created_at)
		return one->created_at < other->created_at ? -1 : 1;
	return strcmp(one->key, other->key);
}

static enum err take_ids(struct ctx *ctx, struct mirror_batch *batch)
{
	struct mirror_item **order;
	int64_t posts, topics;
	size_t count = 0;
	struct rows ids;

	count_new(batch, &posts, &topics);
	if (posts == 0)
		return OK;
	TRY(db_query(ctx, &mirror_take_ids, &ids, param_i64(posts), param_i64(topics)));
	order = arena_array_of(ctx->arena, (size_t)posts, struct mirror_item *);
	for (size_t i = 0; i < batch->count; i++)
		if (batch->items[i]->is_post_new)
			order[count++] = batch->items[i];
	/* Ids in the order of times: where times are equal, ids decide on pages. */
	qsort(order, count, sizeof(struct mirror_item *), by_time);
	for (size_t i = 0; i < count; i++)
		give_post(order[i], &ids);
	for (size_t i = 0; i < count; i++)
		if (order[i]->kind == ITEM_POST)
			give_topic(order[i], &ids);
	return OK;
}

static int64_t created_at(const struct ctx *ctx, const struct mirror_item *item)
{
	return item->created_at ? item->created_at : ctx->now;
}

static int64_t edited_at(const struct mirror_item *item)
{
	return item->edited_at > item->created_at ? item->edited_at : item->text_at;
}

static void write_author(struct ctx *ctx, const struct mirror_batch *batch,
			 const struct mirror_item *item, struct json_rows *rows)
{
	json_row_id(rows, "author_id", item->is_self ? 0 : item->person_id);
	json_row_text(rows, "author_name", mirror_author_shown(ctx, batch, item));
	json_row_bool(rows, "is_official", item->is_self);
	json_row_i64(rows, "created_us", created_at(ctx, item));
	json_row_text(rows, "url", item->url);
}

static void write_topic(struct ctx *ctx, const struct mirror_batch *batch,
			const struct mirror_item *item, const struct mirror_words *words,
			struct json_rows *rows)
{
	json_rows_next(rows);
	json_row_i64(rows, "topic_id", item->topic_id);
	json_row_text(rows, "title", words->title);
	json_row_text(rows, "excerpt", words->excerpt);
	write_author(ctx, batch, item, rows);
}

static void write_place(struct mirror_batch *batch, struct mirror_item *item,
			struct json_rows *rows)
{
	struct mirror_item *answer = mirror_answer_of(batch, item);
	struct mirror_item *parent = mirror_parent_of(batch, item);
	bool is_comment = item->kind == ITEM_COMMENT && answer && answer != item;
	/* A comment here: the question made of it was merged into another. */
	bool is_beside = is_comment && !answer->is_post_new && answer->post_kind == POST_COMMENT;

	json_row_text(rows, "kind",
		      item->kind == ITEM_POST ? "question"
		      : is_comment            ? "comment"
					      : "answer");
	if (is_comment)
		json_row_i64(rows, "parent_id",
			     is_beside ? answer->post_parent_id : answer->post_id);
	if (is_comment && parent && (is_beside || parent != answer))
		json_row_i64(rows, "reply_to_id", parent->post_id);
}

/* Where its thread is read here; a reply goes where what it answers was moved to. */
static int64_t topic_of_new(struct mirror_batch *batch, struct mirror_item *item)
{
	const struct mirror_item *answer = mirror_answer_of(batch, item);

	if (answer && answer != item && !answer->is_post_new)
		return answer->topic_id;
	return mirror_root_of(batch, item)->topic_id;
}

static void write_visibility(struct mirror_item *item, struct mirror_changes *changes)
{
	enum visibility wanted = item->shown == SHOWN_YES ? VISIBILITY_VISIBLE : VISIBILITY_HELD;

	if (item->post_visibility == VISIBILITY_WITHDRAWN || item->post_visibility == wanted)
		return;
	item->is_turned = true;
	json_rows_next(&changes->visibility);
	json_row_i64(&changes->visibility, "post_id", item->post_id);
	json_row_text(&changes->visibility, "visibility", visibility_text(wanted));
	/* A topic is as visible as its question, whatever that was there. */
	if (item->post_kind != POST_QUESTION)
		return;
	json_rows_next(&changes->topic_visibility);
	json_row_i64(&changes->topic_visibility, "topic_id", item->topic_id);
	json_row_text(&changes->topic_visibility, "visibility", visibility_text(wanted));
}

static enum err write_new(struct ctx *ctx, struct mirror_batch *batch, struct mirror_item *item,
			  struct mirror_changes *changes)
{
	struct json_rows *rows = &changes->posts;
	struct mirror_words words;

	TRY(mirror_words_make(ctx, batch, item, &words));
	item->topic_id = topic_of_new(batch, item);
	if (item->kind == ITEM_POST)
		write_topic(ctx, batch, item, &words, &changes->topics);
	json_rows_next(rows);
	json_row_i64(rows, "post_id", item->post_id);
	json_row_i64(rows, "topic_id", item->topic_id);
	write_place(batch, item, rows);
	json_row_text(rows, "md", words.markdown);
	json_row_text(rows, "html", words.html);
	json_row_id(rows, "edited_us", item->edited_at > item->created_at ? item->edited_at : 0);
	write_author(ctx, batch, item, rows);
	if (item->is_held_now)
		write_visibility(item, changes);
	return OK;
}

/* The title that the words gave before: kept in the row until now. */
static enum err write_title(struct ctx *ctx, const struct mirror_batch *batch,
			    const struct mirror_item *item, const struct mirror_words *words,
			    struct mirror_changes *changes)
{
	struct mirror_item before = *item;
	struct mirror_words old;

	before.body = item->old_body;
	before.html = item->old_html;
	before.title = item->old_title;
	TRY(mirror_words_make(ctx, batch, &before, &old));
	json_rows_next(&changes->titles);
	json_row_i64(&changes->titles, "topic_id", item->topic_id);
	json_row_text(&changes->titles, "old_title", old.title);
	json_row_text(&changes->titles, "title", words->title);
	json_row_text(&changes->titles, "excerpt", words->excerpt);
	return OK;
}

static enum err write_text(struct ctx *ctx, const struct mirror_batch *batch,
			   const struct mirror_item *item, struct mirror_changes *changes)
{
	struct mirror_words words;

	TRY(mirror_words_make(ctx, batch, item, &words));
	json_rows_next(&changes->texts);
	json_row_i64(&changes->texts, "post_id", item->post_id);
	json_row_text(&changes->texts, "md", words.markdown);
	json_row_text(&changes->texts, "html", words.html);
	json_row_i64(&changes->texts, "edited_us", edited_at(item));
	if (item->post_kind == POST_QUESTION)
		return write_title(ctx, batch, item, &words, changes);
	return OK;
}

static void write_who(struct ctx *ctx, const struct mirror_batch *batch,
		      const struct mirror_item *item, struct json_rows *rows)
{
	json_rows_next(rows);
	json_row_i64(rows, "post_id", item->post_id);
	json_row_i64(rows, "topic_id", item->topic_id);
	json_row_bool(rows, "is_root", item->post_kind == POST_QUESTION);
	write_author(ctx, batch, item, rows);
}

static enum err write_post(struct ctx *ctx, struct mirror_batch *batch, struct mirror_item *item,
			   struct mirror_changes *changes)
{
	if (item->is_post_new)
		return write_new(ctx, batch, item, changes);
	if (!item->post_id)
		return OK;
	if (item->is_text_changed && item->text_at)
		TRY(write_text(ctx, batch, item, changes));
	if (!item->is_ours &&
	    (item->is_author_changed || item->is_created_changed || batch->is_reshown))
		write_who(ctx, batch, item, &changes->authors);
	write_visibility(item, changes);
	return OK;
}

/* Items ---------------------------------------------------------------------------- */

static void write_times(const struct ctx *ctx, const struct mirror_item *item,
			struct json_rows *rows)
{
	json_row_id(rows, "created_us", item->created_at);
	json_row_id(rows, "edited_us", item->edited_at);
	json_row_id(rows, "confirmed_us", item->confirmed_at);
	json_row_id(rows, "text_us", item->text_at);
	json_row_id(rows, "visibility_us", item->visibility_at);
	json_row_id(rows, "removed_us", item->removed_at);
	json_row_bool(rows, "is_removal_final", item->is_removal_final);
	json_row_id(rows, "missing_since_us", item->missing_since);
	json_row_id(rows, "missing_us", item->missing_at);
	json_row_i64(rows, "missing_count", item->missing_count);
	json_row_i64(rows, "touched_us", item->touched_at ? item->touched_at : ctx->now);
}

static void write_item(const struct ctx *ctx, const struct mirror_item *item,
		       struct json_rows *rows)
{
	json_rows_next(rows);
	json_row_text(rows, "kind", item_kind_text(item->kind));
	json_row_text(rows, "key", item->key);
	json_row_text(rows, "address", item->address[0] ? item->address : item->key);
	json_row_text(rows, "parent_key", item->parent_key);
	json_row_text(rows, "root_key", item->root_key);
	json_row_id(rows, "author_id", item->author_id);
	json_row_bool(rows, "is_self", item->is_self);
	json_row_bool(rows, "is_by_visitor", item->is_by_visitor);
	json_row_bool(rows, "can_comment", item->can_comment);
	json_row_text(rows, "title", item->title);
	json_row_text(rows, "body", item->body);
	json_row_text(rows, "html", item->html);
	json_row_text(rows, "url", item->url);
	json_row_text(rows, "visibility", item_visibility_text(item->visibility));
	write_times(ctx, item, rows);
	json_row_i64(rows, "comment_count", item->comment_count);
	json_row_raw(rows, "reactions", item->reactions);
	json_row_id(rows, "topic_id", item->topic_id);
	json_row_id(rows, "post_id", item->post_id);
	json_row_bool(rows, "is_ours", item->is_ours);
}

/* Changed by what happened around it: its words were not loaded. */
static void write_touched(const struct ctx *ctx, const struct mirror_item *item,
			  struct json_rows *rows)
{
	json_rows_next(rows);
	json_row_text(rows, "kind", item_kind_text(item->kind));
	json_row_text(rows, "key", item->key);
	json_row_id(rows, "removed_us", item->removed_at);
	json_row_bool(rows, "is_removal_final", item->is_removal_final);
	json_row_i64(rows, "touched_us", item->touched_at ? item->touched_at : ctx->now);
	json_row_id(rows, "topic_id", item->topic_id);
	json_row_id(rows, "post_id", item->post_id);
}

static void write_media(const struct mirror_item *item, struct json_rows *rows)
{
	/* Position 0 says that there may be none. */
	for (size_t i = 0; i <= item->media_count; i++) {
		const struct item_media *media = i ? &item->media[i - 1] : NULL;

		json_rows_next(rows);
		json_row_text(rows, "item_kind", item_kind_text(item->kind));
		json_row_text(rows, "key", item->key);
		json_row_i64(rows, "position", (int64_t)i);
		json_row_text(rows, "kind", media ? media->kind : "");
		json_row_text(rows, "url", media ? media->url : "");
		json_row_text(rows, "link", media ? media->link : "");
		json_row_text(rows, "title", media ? media->title : "");
		json_row_i64(rows, "width", media ? media->width : 0);
		json_row_i64(rows, "height", media ? media->height : 0);
	}
}

static void write_media_state(const struct mirror_item *item, struct json_rows *rows)
{
	json_rows_next(rows);
	json_row_text(rows, "kind", item_kind_text(item->kind));
	json_row_text(rows, "key", item->key);
}

static void ask_for(struct json_rows *rows, enum item_kind kind, const char *key,
		    const char *address, bool with_comments)
{
	json_rows_next(rows);
	json_row_text(rows, "kind", item_kind_text(kind));
	json_row_text(rows, "key", key);
	json_row_text(rows, "address", address[0] ? address : key);
	json_row_bool(rows, "with_comments", with_comments);
}

/* Somebody answered what we do not know: the whole thread is read. */
static void write_refresh(const struct mirror_batch *batch, const struct mirror_item *item,
			  struct json_rows *rows)
{
	const struct mirror_item *root = mirror_root_of(batch, item);

	if (!item->is_waiting || item->removed_at)
		return;
	if (item->root_key[0])
		ask_for(rows, ITEM_POST, item->root_key, root ? root->address : "", true);
	else if (!item->confirmed_at)
		ask_for(rows, ITEM_COMMENT, item->key, item->address, false);
}

static void write_rows(struct ctx *ctx, struct mirror_batch *batch, struct mirror_item *item,
		       struct mirror_changes *changes)
{
	if (item->is_told || item->is_new) {
		write_item(ctx, item, &changes->items);
		write_refresh(batch, item, &changes->refreshes);
	} else if (item->is_changed) {
		write_touched(ctx, item, &changes->touched);
	}
	if (item->are_media_told)
		write_media(item, &changes->media);
	if (item->has_media && (item->is_told || item->is_turned))
		write_media_state(item, item->shown == SHOWN_YES ? &changes->shown_media
								 : &changes->hidden_media);
}

/* A new comment makes its post one that is talked about. */
static void touch_root(const struct mirror_batch *batch, const struct mirror_item *item)
{
	struct mirror_item *root = mirror_root_of(batch, item);

	if (!root || !item->is_new || root->touched_at >= item->created_at)
		return;
	root->touched_at = item->created_at;
	root->is_changed = true;
}

/* What is older was missed for long, or is read for the first time: no news. */
#define NEWS_AGE CLOCK_DAY

/* A batch is applied once; what was posted before is not new in it. */
static void tell_news(struct ctx *ctx, const struct mirror_batch *batch)
{
	const struct mirror *mirror = batch->mirror;
	int64_t *ids = arena_array_of(ctx->arena, batch->count, int64_t);
	size_t count = 0;

	if (!mirror->backfilled_at || mirror->backfill_started_at || batch->is_reshown)
		return;
	for (size_t i = 0; i < batch->count; i++) {
		const struct mirror_item *item = batch->items[i];

		if (item->is_post_new && !item->is_held_now &&
		    created_at(ctx, item) > ctx->now - NEWS_AGE)
			ids[count++] = item->post_id;
	}
	notify_of_mirrored(ctx, ids, count);
}

static enum err write_all(struct ctx *ctx, struct mirror_batch *batch)
{
	struct mirror_changes changes;

	mirror_changes_init(ctx, &changes);
	TRY(take_ids(ctx, batch));
	/* A comment needs the topic of its post: posts come first. */
	for (size_t i = 0; i < batch->count; i++)
		if (batch->items[i]->kind == ITEM_POST)
			TRY(write_post(ctx, batch, batch->items[i], &changes));
	for (size_t i = 0; i < batch->count; i++)
		if (batch->items[i]->kind == ITEM_COMMENT)
			TRY(write_post(ctx, batch, batch->items[i], &changes));
	for (size_t i = 0; i < batch->count; i++)
		touch_root(batch, batch->items[i]);
	for (size_t i = 0; i < batch->count; i++)
		write_rows(ctx, batch, batch->items[i], &changes);
	mirror_changes_add(ctx, batch, &changes);
	tell_news(ctx, batch);
	return OK;
}

enum err mirror_store(struct ctx *ctx, struct mirror_batch *batch)
{
	const char *language = i18n_language();
	enum err result;

	TRY(put_authors(ctx, batch));
	for (size_t i = 0; i < batch->count; i++)
		if (batch->items[i]->is_author_erased)
			forget_words(batch->items[i]);
	mirror_project(batch);
	/* Titles and names are written in the language of the source. */
	i18n_use(batch->mirror->language);
	result = mirror_hold(ctx, batch);
	if (result == OK)
		result = write_all(ctx, batch);
	i18n_use(language);
	if (result != OK || batch->held_count == 0)
		return result;
	return mirror_hold_record(ctx, batch);
}
