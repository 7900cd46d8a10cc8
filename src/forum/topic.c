/*
 * Reading one topic, and what follows from its row: state, address, subject.
 */
#include "forum/topic_columns.h"

#include "base/slice.h"
#include "db/db.h"
#include "forum/idea.h"
#include "i18n/i18n.h"
#include "text/slug.h"

DB_STATEMENT(topic_by_id, "select " TOPIC_COLUMNS " from " TOPIC_TABLES " where t.id = $1", 1);

/* Not "for update": rows that point here (posts, follows) need not wait. */
DB_STATEMENT(topic_locked,
	     "select " TOPIC_COLUMNS " from " TOPIC_TABLES
	     " where t.id = $1 for no key update of t",
	     1);

DB_STATEMENT(topic_bare_locked,
	     "select " TOPIC_BARE_COLUMNS " from topics t where t.id = $1 for no key update", 1);

/* What was set by people wins over what happened; but solved is solved. */
enum topic_state topic_state_of(enum topic_status status, int64_t answer_count,
				int64_t accepted_count)
{
	if (status == STATUS_DUPLICATE)
		return TOPIC_DUPLICATE;
	if (status == STATUS_CLOSED)
		return TOPIC_CLOSED;
	if (accepted_count > 0)
		return TOPIC_SOLVED;
	if (status == STATUS_NEEDS_INFORMATION)
		return TOPIC_NEEDS_INFORMATION;
	return answer_count > 0 ? TOPIC_ANSWERED : TOPIC_NEW;
}

/* "12:wifi,7:fibre": no tag has a comma or a colon in its name. */
void tags_read(struct ctx *ctx, struct rows *rows, struct tags *tags)
{
	struct slice rest = slice_of(col_text(rows));

	tags->items = arena_array_of(ctx->arena, TAGS_PER_TOPIC_MAX, struct tag);
	tags->count = 0;
	while (rest.length > 0 && tags->count < TAGS_PER_TOPIC_MAX) {
		struct slice name = slice_cut(&rest, ',');
		struct tag *tag = &tags->items[tags->count++];

		slice_to_i64(slice_cut(&name, ':'), &tag->id);
		tag->name = arena_strndup(ctx->arena, name.data, name.length);
	}
}

void topic_read(struct ctx *ctx, struct rows *rows, struct topic *topic)
{
	topic->id = col_i64(rows);
	topic->category_id = col_i64(rows);
	topic->title = col_text(rows);
	topic->language = col_text(rows);
	topic->category_slug = col_text(rows);
	topic->category_name = category_name_read(ctx, rows);
	topic->parent_category_slug = col_text(rows);
	topic->parent_category_name = category_name_read(ctx, rows);
	author_read(ctx, rows, &topic->author);
	topic->status = topic_status_from_text(col_text(rows));
	topic->visibility = visibility_from_text(col_text(rows));
	topic->duplicate_of = col_i64(rows);
	topic->duplicate_title = col_text(rows);
	topic->leads_to_original = col_bool(rows);
	topic->created_at = col_time(rows);
	topic->active_at = col_time(rows);
	topic->solved_at = col_time(rows);
	topic->answer_count = col_i64(rows);
	topic->comment_count = col_i64(rows);
	topic->accepted_count = col_i64(rows);
	topic->me_too_count = col_i64(rows);
	topic->score = col_i64(rows);
	topic->excerpt = col_text(rows);
	tags_read(ctx, rows, &topic->tags);
	topic->source = col_text(rows);
	topic->source_url = col_text(rows);
	topic->mirror_source_id = col_i64(rows);
	topic->merged_into = col_i64(rows);
	topic->pin = topic_pin_from_text(col_text(rows));
	topic->pinned_until = col_time(rows);
	topic->is_locked = col_bool(rows);
	topic->status_reason = col_text(rows);
	topic->stage = idea_stage_from_text(col_text(rows));
	topic->has_poll = col_bool(rows);
	topic->private_state = col_text(rows);
	if (topic->stage)
		topic->accepted_count = 0;
	topic->slug = slug_from(ctx->arena, topic->title);
	topic->duplicate_slug = slug_from(ctx->arena, topic->duplicate_title);
	topic->state = topic_state_of(topic->status, topic->answer_count, topic->accepted_count);
}

void topic_row_read(struct ctx *ctx, struct rows *rows, struct topic_row *row)
{
	enum topic_status status;
	int64_t accepted_count;
	struct tags tags;

	row->id = col_i64(rows);
	row->title = col_text(rows);
	row->language = col_text(rows);
	row->category_slug = col_text(rows);
	row->category_name = category_name_read(ctx, rows);
	author_read(ctx, rows, &row->author);
	status = topic_status_from_text(col_text(rows));
	row->visibility = visibility_from_text(col_text(rows));
	row->created_at = col_time(rows);
	row->answer_count = col_i64(rows);
	accepted_count = col_i64(rows);
	row->me_too_count = col_i64(rows);
	row->score = col_i64(rows);
	row->excerpt = col_text(rows);
	tags_read(ctx, rows, &tags);
	for (size_t i = 0; i < tags.count; i++)
		row->tags[i] = tags.items[i].name;
	row->tag_count = tags.count;
	row->source = col_text(rows);
	row->stage = idea_stage_from_text(col_text(rows));
	row->slug = slug_from(ctx->arena, row->title);
	row->state = topic_state_of(status, row->answer_count, row->stage ? 0 : accepted_count);
}

void topic_link_read(struct ctx *ctx, struct rows *rows, struct topic_row *row)
{
	enum topic_status status;

	*row = (struct topic_row){ .category_slug = "",
				   .category_name = "",
				   .excerpt = "",
				   .author = { .name = "", .slug = "", .title = "" } };
	row->id = col_i64(rows);
	row->title = col_text(rows);
	row->language = col_text(rows);
	status = topic_status_from_text(col_text(rows));
	row->visibility = visibility_from_text(col_text(rows));
	row->created_at = col_time(rows);
	row->answer_count = col_i64(rows);
	row->slug = slug_from(ctx->arena, row->title);
	row->state = topic_state_of(status, row->answer_count, col_i64(rows));
}

static bool has_field(const struct actor *actor, char kind, int64_t id)
{
	char word[32];

	snprintf(word, sizeof(word), ",%c%lld,", kind, (long long)id);
	return strstr(actor->expert_fields, word) != NULL;
}

bool topic_is_actors_field(const struct actor *actor, const struct topic *topic)
{
	if (!actor->expert_fields || !actor->expert_fields[0])
		return false;
	for (size_t i = 0; i < topic->tags.count; i++)
		if (has_field(actor, 't', topic->tags.items[i].id))
			return true;
	return has_field(actor, 'c', topic->category_id);
}

struct subject topic_subject(const struct ctx *ctx, const struct topic *topic)
{
	return (struct subject){
		.author_id = topic->author.id,
		.topic_author_id = topic->author.id,
		.category_id = topic->category_id,
		.kind = POST_QUESTION,
		.status = topic->status,
		.visibility = topic->visibility,
		.topic_visibility = topic->visibility,
		.has_answers = topic->answer_count > 0,
		.is_actors_field = topic_is_actors_field(ctx->actor, topic),
		.is_locked = topic->is_locked,
		.is_idea = topic->stage != IDEA_NONE,
		.created_at = topic->created_at,
		.topic_created_at = topic->created_at,
		.now = ctx->now,
	};
}

enum err topic_check_visible(struct ctx *ctx, const struct topic *topic)
{
	struct subject subject = topic_subject(ctx, topic);

	if (topic->merged_into)
		return fail(ctx, ERR_GONE, NULL, "%s",
			    _("This question was joined with another one."));
	if (topic->visibility == VISIBILITY_VISIBLE ||
	    policy_can(ctx->actor, MAY_SEE_WITHDRAWN, &subject))
		return OK;
	/* What waits for approval was never public. */
	return fail(ctx, topic->visibility == VISIBILITY_HELD ? ERR_NOT_FOUND : ERR_GONE, NULL,
		    NULL);
}

void topic_add_lock(struct ctx *ctx, int64_t id, struct rows *rows)
{
	db_add(ctx, &topic_locked, rows, param_i64(id));
}

void topic_add_bare_lock(struct ctx *ctx, int64_t id, struct rows *rows)
{
	db_add(ctx, &topic_bare_locked, rows, param_i64(id));
}

enum err topic_take(struct ctx *ctx, struct rows *rows, struct topic *out)
{
	if (!rows_next(rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	topic_read(ctx, rows, out);
	return topic_check_visible(ctx, out);
}

enum err topic_load(struct ctx *ctx, int64_t id, struct topic *out)
{
	struct rows rows;

	TRY(db_query(ctx, &topic_by_id, &rows, param_i64(id)));
	return topic_take(ctx, &rows, out);
}

char *topic_path(struct arena *arena, int64_t id, const char *title)
{
	return arena_printf(arena, "/t/%lld-%s", (long long)id, slug_from(arena, title));
}
