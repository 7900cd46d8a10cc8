/*
 * Sources and events for the tests of mirrors.
 */
#include "mirror_fixture.h"

#include "forum/check.h"

struct mirror mirror_fixture(struct ctx *ctx)
{
	static int number;
	struct mirror_new form = {
		.connector = "facebook",
		.account = arena_printf(ctx->arena, "1000%d", ++number),
		.name = "Nordlicht Räder",
		.language = "en",
		.category_id = forum_category(ctx),
	};
	struct config *config = arena_new_of(ctx->arena, struct config);
	struct mirror mirror;
	int64_t id;

	*config = *ctx->config;
	config->facebook.reply_max = 8000;
	ctx->config = config;
	assert_ok(ctx, mirror_create(ctx, &form, &id));
	assert_ok(ctx, mirror_load(ctx, id, &mirror));
	return mirror;
}

static struct source_event event_of(enum item_kind kind, const char *key, const char *text)
{
	return (struct source_event){
		.kind = EVENT_ITEM,
		.item = { .kind = kind,
			  .key = key,
			  .address = key,
			  .parent_key = "",
			  .root_key = key,
			  .author_key = "",
			  .author_name = "",
			  .has_text = text != NULL,
			  .text = text ? text : "",
			  .title = "",
			  .html = "",
			  .url = "",
			  .created_at = AT(1),
			  .comment_count = -1,
			  .can_comment = true },
	};
}

struct source_event mirror_post(const char *key, const char *text)
{
	struct source_event event = event_of(ITEM_POST, key, text);

	event.item.is_self = true;
	return event;
}

struct source_event mirror_comment(const char *root, const char *parent, const char *key,
				   const char *text)
{
	struct source_event event = event_of(ITEM_COMMENT, key, text);

	event.item.root_key = root;
	event.item.parent_key = parent;
	event.item.author_key = "ana";
	event.item.author_name = "Ana Ødegård";
	return event;
}

struct source_event mirror_event(enum event_kind kind, struct source_event item)
{
	item.kind = kind;
	return item;
}

struct source_event confirmed(struct source_event event, int64_t at)
{
	event.is_confirmed = true;
	event.observed_at = at;
	return event;
}

struct source_event hinted(struct source_event event, int64_t at)
{
	event.is_confirmed = false;
	event.observed_at = at;
	return event;
}

void mirror_apply_one(struct ctx *ctx, const struct mirror *mirror, struct source_event event)
{
	assert_ok(ctx, mirror_apply(ctx, mirror, &event));
}

const char *mirror_shown(struct ctx *ctx, const struct mirror *mirror)
{
	struct stmt statement = {
		NULL,
		"select coalesce(string_agg(i.key || '|' || coalesce(up.body_md, '-') || '|' || p.author_name || '|'\n"
		"	|| p.body_md, E'\\n' order by i.key), '')\n"
		"from mirror_items i join posts p on p.id = i.post_id join topics t on t.id = p.topic_id\n"
		"left join posts up on up.id = coalesce(p.reply_to_id, p.parent_id)\n"
		"where i.source_id = $1 and p.visibility = 'visible' and t.visibility = 'visible'",
		1
	};
	struct rows rows;

	assert_ok(ctx, db_query(ctx, &statement, &rows, param_i64(mirror->source.id)));
	assert_true(rows_next(&rows));
	return col_text(&rows);
}

int64_t mirror_count(struct ctx *ctx, const struct mirror *mirror, const char *sql)
{
	return forum_number(ctx, sql, mirror->source.id);
}

void assert_checks_clean(struct ctx *ctx)
{
	struct check_result *results;
	size_t count;

	assert_ok(ctx, check_run(ctx, false, &results, &count));
	for (size_t i = 0; i < count; i++)
		if (results[i].differing > 0)
			fail_msg("%s differs in %lld rows", results[i].name,
				 (long long)results[i].differing);
}
