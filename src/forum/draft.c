/*
 * Drafts: a row a place, in the person's own keeping.
 */
#include "forum/draft.h"

#include "base/slice.h"
#include "base/utf8.h"
#include "db/db.h"
#include "forum/actor.h"
#include "i18n/i18n.h"

#define DRAFT_COLUMNS "d.place, d.title, d.body_md, d.tags, d.category_id, d.updated_at"

/* A title or tags that are far too long are only told so when they are sent. */
#define DRAFT_LINE_MAX_BYTES 2000

DB_STATEMENT(draft_at_place,
	     "select " DRAFT_COLUMNS " from drafts d where d.person_id = $1 and d.place = $2", 2);

/* Of the topic or post in "answer:12"; null for "ask". */
#define PLACE_NUMBER "nullif(split_part(d.place, ':', 2), '')::bigint"

DB_STATEMENT(draft_newest,
	     "select " DRAFT_COLUMNS ", coalesce(t.title, '') from drafts d"
	     " left join posts p on p.id = " PLACE_NUMBER
	     " left join topics t on t.visibility = 'visible'"
	     "  and t.id = case when d.place like 'answer:%' then " PLACE_NUMBER
	     " else p.topic_id end"
	     " where d.person_id = $1 order by d.updated_at desc, d.place limit $2",
	     2);

/* A category that is gone is no reason to lose the text. */
DB_STATEMENT(
	draft_put,
	"insert into drafts (person_id, place, title, body_md, tags, category_id, updated_at)"
	" values ($1, $2, $3, $4, $5, (select c.id from categories c where c.id = $6), $7)"
	" on conflict (person_id, place) do update set title = excluded.title,"
	" body_md = excluded.body_md, tags = excluded.tags, category_id = excluded.category_id,"
	" updated_at = excluded.updated_at",
	7);

DB_STATEMENT(draft_delete, "delete from drafts where person_id = $1 and place = $2", 2);

DB_STATEMENT(draft_delete_oldest,
	     "delete from drafts d where d.person_id = $1 and d.place in ("
	     " select o.place from drafts o where o.person_id = $1"
	     " order by o.updated_at desc, o.place offset $2)",
	     2);

/* "ask", or one of the other words with the number of a topic or post. */
static bool is_place(const char *place)
{
	static const char *const words[] = { "answer:", "comment:", "edit:" };
	int64_t number;

	if (!strcmp(place, "ask"))
		return true;
	for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
		size_t length = strlen(words[i]);

		if (!strncmp(place, words[i], length))
			return strlen(place) < 32 && text_to_i64(place + length, &number) &&
			       number > 0;
	}
	return false;
}

static enum err check_place(struct ctx *ctx, const char *place)
{
	if (ctx->actor->id == 0)
		return fail(ctx, ERR_UNAUTHENTICATED, NULL, NULL);
	if (!place || !is_place(place))
		return fail(ctx, ERR_INVALID, "place", NULL);
	return OK;
}

static void draft_read(struct rows *rows, struct draft *draft)
{
	draft->place = col_text(rows);
	draft->title = col_text(rows);
	draft->body_md = col_text(rows);
	draft->tags = col_text(rows);
	draft->category_id = col_i64(rows);
	draft->updated_at = col_time(rows);
}

enum err draft_load(struct ctx *ctx, const char *place, struct draft *out)
{
	struct rows rows;

	TRY(check_place(ctx, place));
	*out = (struct draft){
		.place = place, .title = "", .body_md = "", .tags = "", .topic_title = ""
	};
	TRY(db_query(ctx, &draft_at_place, &rows, param_i64(ctx->actor->id), param_text(place)));
	if (rows_next(&rows))
		draft_read(&rows, out);
	return OK;
}

enum err draft_save(struct ctx *ctx, const struct draft *draft)
{
	const char *title = draft->title ? draft->title : "";
	const char *body_md = draft->body_md ? draft->body_md : "";
	const char *tags = draft->tags ? draft->tags : "";

	TRY(check_place(ctx, draft->place));
	if (!*title && !*body_md) {
		draft_drop(ctx, draft->place);
		return db_run(ctx);
	}
	if (strlen(body_md) > DRAFT_MAX_BYTES || strlen(title) > DRAFT_LINE_MAX_BYTES ||
	    strlen(tags) > DRAFT_LINE_MAX_BYTES)
		return fail(ctx, ERR_INVALID, "body", "%s",
			    _("This draft is too long to be kept."));
	db_add(ctx, &draft_put, NULL, param_i64(ctx->actor->id), param_text(draft->place),
	       param_text(title), param_text(body_md), param_text(tags),
	       param_i64(draft->category_id), param_time(ctx->now));
	db_add(ctx, &draft_delete_oldest, NULL, param_i64(ctx->actor->id),
	       param_i64(DRAFTS_PER_PERSON_MAX));
	return db_run(ctx);
}

void draft_drop(struct ctx *ctx, const char *place)
{
	db_add(ctx, &draft_delete, NULL, param_i64(ctx->actor->id), param_text(place));
}

enum err draft_list(struct ctx *ctx, struct draft **out, size_t *count)
{
	struct rows rows;

	TRY(db_query(ctx, &draft_newest, &rows, param_i64(ctx->actor->id),
		     param_i64(DRAFTS_PER_PERSON_MAX)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct draft);
	*count = 0;
	while (rows_next(&rows)) {
		struct draft *draft = &(*out)[(*count)++];

		draft_read(&rows, draft);
		draft->topic_title = col_text(&rows);
	}
	return OK;
}
