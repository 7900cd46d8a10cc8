/*
 * The queue's page and counts.
 *
 * The order is a column with partial indexes for each kind of thing to show, so that a
 * page is a range of one of them. Each kind is a statement of its own: one with all the
 * conditions as parameters would be planned for none of them.
 */
#include "forum/desk_queue.h"

#include "base/buf.h"
#include "forum/desk_parts.h"
#include "forum/field.h"
#include "i18n/i18n.h"

#define PAGE_ASKED "31" /* one more than DESK_PER_PAGE */
_Static_assert(DESK_PER_PAGE == 30 && DESK_COUNT_MAX == 1000, "as in the SQL");
_Static_assert(DESK_FILTERS_MAX == 20 && DESK_CATEGORIES == 400, "as in the SQL");

/* $1 the actor, $2 whether of the team, $3 and $4 an expert's fields. */
#define MAY_SEE "($2::boolean or " DESK_IN_FIELDS("$3", "$4") ")"
#define IS_MINE \
	"((q.claimed_by = $1::bigint and q.claimed_until > clock_timestamp())\n" \
	"	or q.assigned_to = $1::bigint or q.escalated_to_person = $1::bigint)"
/* Few at a time, each found by its number; experts read no private exchange. */
#define HAS_PRIVATE_REPLY \
	"$2::boolean and q.topic_id in (select x.topic_id from private_exchanges x\n" \
	"	where x.waits_for = 'team' and x.state = 'open')"
#define IS_FREE "(q.claimed_by is null or q.claimed_until <= clock_timestamp())"

/*
 * $5 a category with those below it, $6 a team, $7 whether only free ones, $8 and $9 the
 * last line of the page before. The joins come after the limit.
 */
#define PAGE_OF(condition) \
	"select " DESK_COLUMNS "\nfrom (select q.* from desk_questions q\n" \
	"	where q.stage <> 'done' and " condition "\n" \
	"	and (q.order_at, q.topic_id) > ($8::timestamptz, $9::bigint) and " MAY_SEE "\n" \
	"	and ($5::bigint = 0 or q.category_id = $5::bigint or q.top_category_id = $5::bigint)\n" \
	"	and ($6::bigint = 0 or q.team_id = $6::bigint) and (not $7::boolean or " IS_FREE \
	")\n" \
	"	order by q.order_at, q.topic_id limit " PAGE_ASKED ") q\n" DESK_JOINS \
	"order by q.order_at, q.topic_id"
#define PAGE(condition) PAGE_OF("($1::bigint is null or true) and " condition)

DB_STATEMENT(desk_page_all, PAGE("true"), 9);
DB_STATEMENT(desk_page_mine, PAGE_OF(IS_MINE), 9);
DB_STATEMENT(desk_page_unanswered, PAGE("q.stage = 'unanswered'"), 9);
DB_STATEMENT(desk_page_answered, PAGE("q.stage = 'answered'"), 9);
DB_STATEMENT(desk_page_reopened, PAGE("q.stage = 'reopened'"), 9);
DB_STATEMENT(desk_page_breached, PAGE("q.is_breached"), 9);
DB_STATEMENT(desk_page_watched, PAGE("q.watched_reason <> ''"), 9);
DB_STATEMENT(desk_page_mirrored, PAGE("q.is_mirrored"), 9);
DB_STATEMENT(desk_page_escalated, PAGE("q.escalated_at is not null"), 9);
DB_STATEMENT(desk_page_waiting, PAGE("q.waiting_since is not null"), 9);
DB_STATEMENT(desk_page_private, PAGE(HAS_PRIVATE_REPLY), 9);

/* Bounded: nobody needs to know whether it is 5,000 or 6,000. */
#define COUNT_OF(condition) \
	"(select count(*) from (select from desk_questions q where q.stage <> 'done' and " condition \
	" and " MAY_SEE " limit 1000) bounded)"
DB_STATEMENT(
	desk_count_all,
	"select " COUNT_OF("true") ",\n" COUNT_OF(IS_MINE) ",\n" COUNT_OF("q.stage = 'unanswered'") ",\n" COUNT_OF("q.stage = 'answered'") ",\n" COUNT_OF("q.stage = 'reopened'") ",\n" COUNT_OF(
		"q.is_breached") ",\n" COUNT_OF("q.watched_reason <> ''") ",\n" COUNT_OF("q.is_mirrored") ",\n" COUNT_OF("q.escalated_at is not null") ",\n" COUNT_OF("q.waiting_since is not null") ",\n" COUNT_OF(HAS_PRIVATE_REPLY),
	4);

static const struct {
	const char *text, *label;
	const struct stmt *page;
} shows[DESK_SHOW_COUNT] = {
	[DESK_SHOW_ALL] = { "", N_("Everything"), &desk_page_all },
	[DESK_SHOW_MINE] = { "mine", N_("Mine"), &desk_page_mine },
	[DESK_SHOW_UNANSWERED] = { "unanswered", N_("Without an answer"), &desk_page_unanswered },
	[DESK_SHOW_ANSWERED] = { "answered", N_("Answered, not solved"), &desk_page_answered },
	[DESK_SHOW_REOPENED] = { "reopened", N_("Reopened"), &desk_page_reopened },
	[DESK_SHOW_BREACHED] = { "breached", N_("Too late"), &desk_page_breached },
	[DESK_SHOW_WATCHED] = { "watched", N_("Watched words"), &desk_page_watched },
	[DESK_SHOW_MIRRORED] = { "mirrored", N_("From other networks"), &desk_page_mirrored },
	[DESK_SHOW_ESCALATED] = { "escalated", N_("Escalated"), &desk_page_escalated },
	[DESK_SHOW_WAITING] = { "waiting", N_("Needs information"), &desk_page_waiting },
	[DESK_SHOW_PRIVATE] = { "private", N_("Private replies"), &desk_page_private },
};

const char *desk_show_text(enum desk_show show)
{
	return shows[show].text;
}

const char *desk_show_label(enum desk_show show)
{
	return _(shows[show].label);
}

bool desk_show_parse(const char *text, enum desk_show *out)
{
	for (int i = 0; i < DESK_SHOW_COUNT; i++) {
		if (strcmp(shows[i].text, text) == 0) {
			*out = (enum desk_show)i;
			return true;
		}
	}
	return false;
}

/* What there is to choose from, and what is kept ------------------------------------------ */

DB_STATEMENT(desk_categories,
	     "select c.id, c.parent_id, case $1 when 'fr' then c.name_fr else c.name_en end\n"
	     "from categories c left join categories p on p.id = c.parent_id\n"
	     "where c.archived_at is null\n"
	     "order by coalesce(p.position, c.position), coalesce(p.id, c.id), p.id nulls first,\n"
	     "	c.position, c.id limit 400",
	     1);
DB_STATEMENT(desk_teams_to_choose,
	     "select id, 0, name from desk_teams order by level, name limit 400", 0);
DB_STATEMENT(desk_filters_of,
	     "select id, name, query from desk_filters where person_id = $1\n"
	     "order by lower(name) limit 20",
	     1);

/* As many as may be, or the same name again: a row comes back. */
DB_STATEMENT(desk_filter_add,
	     "insert into desk_filters (person_id, name, query)\n"
	     "select $1::bigint, $2, $3 where exists (select from desk_filters f\n"
	     "	where f.person_id = $1::bigint and lower(f.name) = lower($2))\n"
	     "	or (select count(*) from desk_filters f where f.person_id = $1::bigint) < 20\n"
	     "on conflict (person_id, lower(name)) do update set name = excluded.name,\n"
	     "	query = excluded.query\n"
	     "returning id",
	     3);
DB_STATEMENT(desk_filter_delete,
	     "delete from desk_filters where id = $1 and person_id = $2::bigint", 2);

static void read_choices(struct ctx *ctx, struct rows *rows, struct desk_choice **out,
			 size_t *count)
{
	*out = arena_array_of(ctx->arena, (size_t)rows->count, struct desk_choice);
	*count = 0;
	while (rows_next(rows)) {
		struct desk_choice *choice = &(*out)[(*count)++];

		choice->id = col_i64(rows);
		choice->parent_id = col_i64(rows);
		choice->name = col_text(rows);
	}
}

static void read_filters(struct ctx *ctx, struct rows *rows, struct desk_list *out)
{
	out->filters = arena_array_of(ctx->arena, (size_t)rows->count, struct desk_filter);
	while (rows_next(rows)) {
		struct desk_filter *filter = &out->filters[out->filter_count++];

		filter->id = col_i64(rows);
		filter->name = col_text(rows);
		filter->query = col_text(rows);
	}
}

static void read_page(struct ctx *ctx, struct rows *rows, struct desk_list *out)
{
	out->items = arena_array_of(ctx->arena, (size_t)rows->count, struct desk_question);
	out->has_more = rows->count > DESK_PER_PAGE;
	while (out->count < DESK_PER_PAGE && rows_next(rows))
		desk_question_read(ctx, rows, &out->items[out->count++]);
	if (out->has_more)
		out->next = (struct list_key){ out->items[out->count - 1].order_at,
					       out->items[out->count - 1].topic_id };
}

static void read_counts(struct rows *rows, int64_t counts[DESK_SHOW_COUNT])
{
	if (rows_next(rows))
		for (int i = 0; i < DESK_SHOW_COUNT; i++)
			counts[i] = col_i64(rows);
}

static struct param is_of_team(const struct ctx *ctx)
{
	const struct subject anywhere = { .now = ctx->now };

	return param_bool(policy_can(ctx->actor, MAY_WORK_DESK, &anywhere));
}

static void add_counts(struct ctx *ctx, struct rows *counts)
{
	db_add(ctx, &desk_count_all, counts, param_id(ctx->actor->id), is_of_team(ctx),
	       desk_fields(ctx, 'c'), desk_fields(ctx, 't'));
}

/* The epoch comes before every order_at. */
static struct param after_time(struct list_key after)
{
	return param_time(after.at ? after.at : 1);
}

enum err desk_list(struct ctx *ctx, const struct desk_query *query, struct desk_list *out)
{
	struct rows page, counts, filters, categories, teams;

	*out = (struct desk_list){ .count = 0 };
	TRY(desk_require(ctx));
	db_add(ctx, shows[query->show].page, &page, param_id(ctx->actor->id), is_of_team(ctx),
	       desk_fields(ctx, 'c'), desk_fields(ctx, 't'), param_i64(query->category_id),
	       param_i64(query->team_id), param_bool(query->is_free), after_time(query->after),
	       param_i64(query->after.id));
	add_counts(ctx, &counts);
	db_add(ctx, &desk_filters_of, &filters, param_id(ctx->actor->id));
	db_add(ctx, &desk_categories, &categories, param_text(ctx->language));
	db_add(ctx, &desk_teams_to_choose, &teams);
	TRY(db_run(ctx));
	read_page(ctx, &page, out);
	read_counts(&counts, out->counts);
	read_filters(ctx, &filters, out);
	read_choices(ctx, &categories, &out->categories, &out->category_count);
	read_choices(ctx, &teams, &out->teams, &out->team_count);
	return OK;
}

enum err desk_counts(struct ctx *ctx, int64_t counts[DESK_SHOW_COUNT])
{
	struct rows rows;

	memset(counts, 0, DESK_SHOW_COUNT * sizeof(counts[0]));
	TRY(desk_require(ctx));
	add_counts(ctx, &rows);
	TRY(db_run(ctx));
	read_counts(&rows, counts);
	return OK;
}

enum err desk_filter_keep(struct ctx *ctx, const char *name, const char *query)
{
	const char *clean;
	struct rows rows;

	TRY(desk_require(ctx));
	TRY(field_line(ctx, "name", name, 1, DESK_NAME_MAX, &clean));
	TRY(db_query(ctx, &desk_filter_add, &rows, param_id(ctx->actor->id), param_text(clean),
		     param_text(query)));
	if (rows.count == 0)
		return fail(ctx, ERR_INVALID, "name", _("You keep %d filters: drop one first."),
			    DESK_FILTERS_MAX);
	return OK;
}

enum err desk_filter_drop(struct ctx *ctx, int64_t id)
{
	TRY(desk_require(ctx));
	return db_query(ctx, &desk_filter_delete, NULL, param_i64(id), param_id(ctx->actor->id));
}

static void add_number(struct buf *out, const char *name, int64_t number)
{
	if (number)
		buf_printf(out, "%s%s=%lld", out->length ? "&" : "", name, (long long)number);
}

const char *desk_query_text(struct arena *arena, const struct desk_query *query)
{
	struct buf out;

	buf_init(&out, arena, 400);
	if (query->show != DESK_SHOW_ALL)
		buf_printf(&out, "show=%s", desk_show_text(query->show));
	add_number(&out, "category", query->category_id);
	add_number(&out, "team", query->team_id);
	add_number(&out, "free", query->is_free);
	return out.length > 0 ? buf_to_arena(&out, arena) : "";
}
