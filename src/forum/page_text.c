/*
 * Reading the brand's own pages.
 */
#include "forum/page_text.h"

#include "db/db.h"
#include "forum/page_text_parts.h"
#include "forum/policy.h"

DB_STATEMENT(page_text_in_force,
	     "select u.id, coalesce(v.title_fr, ''), coalesce(v.body_fr, ''),\n"
	     "	coalesce(v.title_en, ''), coalesce(v.body_en, '')\n"
	     "from page_text_publications u\n"
	     "left join page_text_versions v on v.id = u.version_id\n"
	     "where u.name = $1\n"
	     "order by u.id desc limit 1",
	     1);

#define STATE_COLUMNS \
	"t.name, u.version_id, v.number, coalesce((select max(w.number) from page_text_versions w\n" \
	"	where w.name = t.name), 0)::bigint, u.id, u.published_at, u.asked_at, coalesce(p.name, '')"
#define STATE_TABLES \
	"from page_texts t\n" \
	"left join lateral (select * from page_text_publications u where u.name = t.name\n" \
	"	order by u.id desc limit 1) u on true\n" \
	"left join page_text_versions v on v.id = u.version_id\n" \
	"left join people p on p.id = u.published_by\n"

DB_STATEMENT(
	page_text_states,
	"select " STATE_COLUMNS "\n" STATE_TABLES
	"order by coalesce(array_position(array['charter', 'legal', 'privacy', 'about'], t.name), 9),\n"
	"	t.name\n"
	"limit $1",
	1);

DB_STATEMENT(page_text_state_of, "select " STATE_COLUMNS "\n" STATE_TABLES "where t.name = $1", 1);

#define VERSION_COLUMNS \
	"v.id, v.number, v.title_fr, v.body_fr, v.title_en, v.body_en, v.reason,\n" \
	"	coalesce(p.name, ''), v.written_at"

DB_STATEMENT(page_text_versions_of,
	     "select " VERSION_COLUMNS "\n"
	     "from page_text_versions v left join people p on p.id = v.written_by\n"
	     "where v.name = $1\n"
	     "order by v.number desc limit $2",
	     2);

/* A version and the one before it. */
DB_STATEMENT(page_text_version_pair,
	     "select " VERSION_COLUMNS "\n"
	     "from page_text_versions v left join people p on p.id = v.written_by\n"
	     "where v.name = $1 and v.number <= $2\n"
	     "order by v.number desc limit 2",
	     2);

DB_STATEMENT(page_text_publications_of,
	     "select u.id, v.number, u.asked_at is not null and u.asked_at = u.published_at,\n"
	     "	coalesce(p.name, ''), u.published_at, u.undoes_id\n"
	     "from page_text_publications u\n"
	     "left join page_text_versions v on v.id = u.version_id\n"
	     "left join people p on p.id = u.published_by\n"
	     "where u.name = $1\n"
	     "order by u.id desc limit $2",
	     2);

static const char *const ours[] = { PAGE_TEXT_CHARTER, "legal", "privacy", "about" };

bool page_text_is_ours(const char *name)
{
	for (size_t i = 0; i < ARRAY_COUNT(ours); i++)
		if (strcmp(ours[i], name) == 0)
			return true;
	return false;
}

enum err page_text_require(struct ctx *ctx)
{
	return policy_require(ctx, MAY_CHANGE_SETTINGS, &(struct subject){ .now = ctx->now });
}

/* The reader's language, else the other one. */
enum err page_text_load(struct ctx *ctx, const char *name, struct page_text *out)
{
	const char *titles[2], *bodies[2];
	size_t wanted = strcmp(ctx->language, "fr") == 0 ? 0 : 1;
	struct rows rows;

	*out = (struct page_text){ .title = "", .body_md = "", .language = ctx->language };
	TRY(db_query(ctx, &page_text_in_force, &rows, param_text(name)));
	if (!rows_next(&rows))
		return OK;
	out->publication_id = col_i64(&rows);
	for (size_t i = 0; i < 2; i++) {
		titles[i] = col_text(&rows);
		bodies[i] = col_text(&rows);
	}
	if (!bodies[wanted][0])
		wanted = 1 - wanted;
	out->title = titles[wanted];
	out->body_md = bodies[wanted];
	out->language = wanted == 0 ? "fr" : "en";
	return OK;
}

static void state_read(struct ctx *ctx, struct rows *rows, struct page_text_state *out)
{
	out->name = col_text(rows);
	out->is_free = !page_text_is_ours(out->name);
	out->path = arena_printf(ctx->arena, "%s/%s", out->is_free ? "/pages" : "", out->name);
	out->version_id = col_i64(rows);
	out->version_number = col_i64(rows);
	out->version_count = col_i64(rows);
	out->publication_id = col_i64(rows);
	out->published_at = col_time(rows);
	out->asked_at = col_time(rows);
	out->publisher = col_text(rows);
}

enum err page_text_list(struct ctx *ctx, struct page_text_state **out, size_t *count)
{
	struct rows rows;

	*out = NULL;
	*count = 0;
	TRY(page_text_require(ctx));
	TRY(db_query(ctx, &page_text_states, &rows, param_i64(PAGE_TEXTS_MAX)));
	*out = arena_array_of(ctx->arena, PAGE_TEXTS_MAX, struct page_text_state);
	while (*count < PAGE_TEXTS_MAX && rows_next(&rows))
		state_read(ctx, &rows, &(*out)[(*count)++]);
	return OK;
}

static void version_read(struct rows *rows, struct page_text_version *out)
{
	out->id = col_i64(rows);
	out->number = col_i64(rows);
	out->title_fr = col_text(rows);
	out->body_fr = col_text(rows);
	out->title_en = col_text(rows);
	out->body_en = col_text(rows);
	out->reason = col_text(rows);
	out->author = col_text(rows);
	out->written_at = col_time(rows);
}

static void publications_read(struct ctx *ctx, struct rows *rows, struct page_text_history *out)
{
	out->publications = arena_array_of(ctx->arena, PAGE_TEXT_VERSIONS_MAX,
					   struct page_text_publication);
	while (out->publication_count < PAGE_TEXT_VERSIONS_MAX && rows_next(rows)) {
		struct page_text_publication *one = &out->publications[out->publication_count++];

		one->id = col_i64(rows);
		one->version_number = col_i64(rows);
		one->asks = col_bool(rows);
		one->publisher = col_text(rows);
		one->published_at = col_time(rows);
		one->undoes_id = col_i64(rows);
	}
	out->can_undo = out->publication_count > 0;
}

enum err page_text_history_load(struct ctx *ctx, const char *name, struct page_text_history *out)
{
	struct param most = param_i64(PAGE_TEXT_VERSIONS_MAX);
	struct rows state, versions, publications;

	*out = (struct page_text_history){ 0 };
	TRY(page_text_require(ctx));
	db_add(ctx, &page_text_state_of, &state, param_text(name));
	db_add(ctx, &page_text_versions_of, &versions, param_text(name), most);
	db_add(ctx, &page_text_publications_of, &publications, param_text(name), most);
	TRY(db_run(ctx));
	if (!rows_next(&state))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	state_read(ctx, &state, &out->state);
	out->versions = arena_array_of(ctx->arena, PAGE_TEXT_VERSIONS_MAX,
				       struct page_text_version);
	while (out->version_count < PAGE_TEXT_VERSIONS_MAX && rows_next(&versions))
		version_read(&versions, &out->versions[out->version_count++]);
	publications_read(ctx, &publications, out);
	return OK;
}

enum err page_text_version_load(struct ctx *ctx, const char *name, int64_t number,
				struct page_text_version *out, struct page_text_version *before)
{
	struct rows rows;

	*out = *before = (struct page_text_version){
		.title_fr = "", .body_fr = "", .title_en = "", .body_en = ""
	};
	TRY(page_text_require(ctx));
	TRY(db_query(ctx, &page_text_version_pair, &rows, param_text(name), param_i64(number)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	version_read(&rows, out);
	if (out->number != number)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	if (rows_next(&rows))
		version_read(&rows, before);
	return OK;
}
