/*
 * Lists of topics. Each filter in each place is a statement of its own, because
 * each is one range of one partial index (migrations/0001_forum.sql), which a
 * parameter would defeat. Pages begin by key: where the last row was.
 *
 * Parameters of all: $1 and $2 the key, $3 how many, $4 the place, $5 the actor.
 */
#include "forum/topic_columns.h"

/*
 * The rows are chosen inside, so that joins are only for those shown. The number 21
 * tells the planner how few they are: of a limit that is a parameter it expects a
 * tenth of the table, and joins as if for so many (measured: home 1.3 ms of
 * processor time against 0.5). Columns by name, as each step builds all that it is given;
 * and the order that a join may lose is made here (topic_list_read), where it is cheaper.
 */
#define LIST_MOST "21"
_Static_assert(TOPICS_PER_PAGE == 20, "one more than a page shows");

#define LIST(source, condition, choice, order) \
	"select " TOPIC_ROW_COLUMNS \
	" from (select " TOPIC_ROW_TABLE_COLUMNS("t") " from (select " TOPIC_ROW_TABLE_COLUMNS( \
		"t") " from " source " where " condition " order by " choice " limit " LIST_MOST \
		     ") t order by " order " limit $3) t" TOPIC_ROW_JOINS

#define DATE_ORDER "t.created_at desc, t.id desc"
#define BY_DATE(source, condition) \
	LIST(source, condition " and (t.created_at, t.id) < ($1::timestamptz, $2::bigint)", \
	     DATE_ORDER, DATE_ORDER)

#define SCORE_ORDER "t.score desc, t.id desc"
#define BY_SCORE(source, condition) \
	LIST(source, condition " and (t.score, t.id) < ($1::integer, $2::bigint)", SCORE_ORDER, \
	     SCORE_ORDER)

/* A tag's topics come in order from topic_tags, which has their time. */
#define OF_TAG "topic_tags tt join topics t on t.id = tt.topic_id"
#define TAGGED_BY_DATE(condition) \
	LIST(OF_TAG, \
	     condition " and tt.tag_id = $4" \
		       " and (tt.created_at, tt.topic_id) < ($1::timestamptz, $2::bigint)", \
	     "tt.created_at desc, tt.topic_id desc", DATE_ORDER)

#define LISTS_BY_DATE(name, condition) \
	DB_STATEMENT(list_##name, BY_DATE("topics t", condition), 3); \
	DB_STATEMENT(list_##name##_category, \
		     BY_DATE("topics t", condition " and t.category_id = $4"), 4); \
	DB_STATEMENT(list_##name##_top, \
		     BY_DATE("topics t", condition " and t.top_category_id = $4"), 4); \
	DB_STATEMENT(list_##name##_tag, TAGGED_BY_DATE(condition), 4)

/* The conditions repeat those of the partial indexes, word for word. */
#define VISIBLE    "t.visibility = 'visible'"
/* Ideas are neither answered nor solved. */
#define A_QUESTION "t.stage = ''"
#define STILL_OPEN "t.status in ('open', 'needs_information')"

LISTS_BY_DATE(new, VISIBLE);
LISTS_BY_DATE(unanswered, VISIBLE " and " A_QUESTION " and not t.is_answered and " STILL_OPEN);
LISTS_BY_DATE(unsolved, VISIBLE " and " A_QUESTION " and not t.is_solved and " STILL_OPEN);
LISTS_BY_DATE(solved, VISIBLE " and " A_QUESTION " and t.is_solved");

DB_STATEMENT(list_useful, BY_SCORE("topics t", VISIBLE), 3);
DB_STATEMENT(list_useful_category, BY_SCORE("topics t", VISIBLE " and t.category_id = $4"), 4);
DB_STATEMENT(list_useful_top, BY_SCORE("topics t", VISIBLE " and t.top_category_id = $4"), 4);
DB_STATEMENT(list_useful_tag, BY_SCORE(OF_TAG, VISIBLE " and tt.tag_id = $4"), 4);

/* Bounded by what one person follows. */
#define FOLLOWED "follows f join topics t on t.id = f.target_id"
#define BY_ACTOR VISIBLE " and f.kind = 'topic' and f.person_id = "

DB_STATEMENT(list_followed, BY_DATE(FOLLOWED, BY_ACTOR "$4"), 4);
DB_STATEMENT(list_followed_category, BY_DATE(FOLLOWED, BY_ACTOR "$5 and t.category_id = $4"), 5);
DB_STATEMENT(list_followed_top, BY_DATE(FOLLOWED, BY_ACTOR "$5 and t.top_category_id = $4"), 5);
DB_STATEMENT(list_followed_tag,
	     BY_DATE(FOLLOWED " join topic_tags tt on tt.topic_id = t.id",
		     BY_ACTOR "$5 and tt.tag_id = $4"),
	     5);

DB_STATEMENT(list_of_author, BY_DATE("topics t", VISIBLE " and t.author_id = $4"), 4);
/* Authors and the team also see what was withdrawn. */
DB_STATEMENT(list_of_author_whole, BY_DATE("topics t", "t.author_id = $4"), 4);

DB_STATEMENT(list_by_ids,
	     "select " TOPIC_ROW_COLUMNS
	     " from unnest($1::bigint[]) with ordinality as wanted (id, place)"
	     " join topics t on t.id = wanted.id and " VISIBLE TOPIC_ROW_JOINS
	     " order by wanted.place",
	     1);

DB_STATEMENT(list_pinned,
	     "select " TOPIC_ROW_COLUMNS " from topics t" TOPIC_ROW_JOINS
	     " where t.pinned <> '' and t.visibility = 'visible'"
	     " and (t.pinned_until is null or t.pinned_until > now())"
	     " and (t.pinned = 'everywhere' or t.category_id = $1 or t.top_category_id = $1)"
	     " order by t.created_at desc, t.id desc limit $2::bigint",
	     2);

enum place { EVERYWHERE, IN_CATEGORY, IN_TOP_CATEGORY, UNDER_TAG, PLACE_COUNT };

static const struct stmt *const list_statements[FILTER_COUNT][PLACE_COUNT] = {
	[FILTER_NEW] = { &list_new, &list_new_category, &list_new_top, &list_new_tag },
	[FILTER_UNANSWERED] = { &list_unanswered, &list_unanswered_category, &list_unanswered_top,
				&list_unanswered_tag },
	[FILTER_UNSOLVED] = { &list_unsolved, &list_unsolved_category, &list_unsolved_top,
			      &list_unsolved_tag },
	[FILTER_SOLVED] = { &list_solved, &list_solved_category, &list_solved_top,
			    &list_solved_tag },
	[FILTER_USEFUL] = { &list_useful, &list_useful_category, &list_useful_top,
			    &list_useful_tag },
	[FILTER_FOLLOWED] = { &list_followed, &list_followed_category, &list_followed_top,
			      &list_followed_tag },
};

static const char *const filter_texts[FILTER_COUNT] = {
	[FILTER_NEW] = "new",           [FILTER_UNANSWERED] = "unanswered",
	[FILTER_UNSOLVED] = "unsolved", [FILTER_SOLVED] = "solved",
	[FILTER_USEFUL] = "useful",     [FILTER_FOLLOWED] = "followed",
};

const char *topic_filter_text(enum topic_filter filter)
{
	return filter_texts[filter];
}

bool topic_filter_from_text(const char *text, enum topic_filter *out)
{
	for (int filter = 0; filter < FILTER_COUNT; filter++) {
		if (!strcmp(filter_texts[filter], text)) {
			*out = (enum topic_filter)filter;
			return true;
		}
	}
	return false;
}

static bool is_by_score(const struct topic_query *query)
{
	return query->filter == FILTER_USEFUL && !query->author_id;
}

/* After everything that a list by date can hold. */
#define TIME_AT_TOP (INT64_C(253402214400) * 1000000)

struct param list_param_time(struct list_key after)
{
	bool is_time = after.id != 0 && after.at > 0 && after.at < TIME_AT_TOP;

	return param_time(is_time ? after.at : TIME_AT_TOP);
}

struct param list_param_id(struct list_key after)
{
	return param_i64(after.id ? after.id : INT64_MAX);
}

static struct param key_at(const struct topic_query *query)
{
	struct list_key after = query->after;
	bool is_score = after.id != 0 && after.at >= INT32_MIN && after.at <= INT32_MAX;

	if (is_by_score(query))
		return param_i64(is_score ? after.at : INT32_MAX);
	return list_param_time(after);
}

static size_t shown(const struct topic_query *query)
{
	return query->limit > 0 && query->limit < TOPICS_PER_PAGE ? query->limit : TOPICS_PER_PAGE;
}

static enum place place_of(const struct topic_query *query)
{
	if (query->tag_id)
		return UNDER_TAG;
	if (query->category_id)
		return query->is_top_category ? IN_TOP_CATEGORY : IN_CATEGORY;
	return EVERYWHERE;
}

static const struct stmt *author_statement(const struct ctx *ctx, const struct topic_query *query)
{
	struct subject subject = { .author_id = query->author_id };

	return policy_can(ctx->actor, MAY_SEE_WITHDRAWN, &subject) ? &list_of_author_whole
								   : &list_of_author;
}

void topic_list_add(struct ctx *ctx, const struct topic_query *query, struct rows *rows)
{
	enum place place = place_of(query);
	const struct stmt *statement = list_statements[query->filter][place];
	struct param params[5] = {
		key_at(query),
		list_param_id(query->after),
		param_i64((int64_t)shown(query) + 1),
		param_i64(query->tag_id ? query->tag_id : query->category_id),
		param_i64(ctx->actor->id),
	};

	if (query->author_id) {
		statement = author_statement(ctx, query);
		params[3] = param_i64(query->author_id);
	} else if (query->filter == FILTER_FOLLOWED && place == EVERYWHERE) {
		params[3] = param_i64(ctx->actor->id);
	}
	db_add_params(ctx, statement, rows, params, (size_t)statement->parameter_count);
}

static int newest_first(const void *a, const void *b)
{
	const struct topic_row *one = a, *other = b;

	if (one->created_at != other->created_at)
		return one->created_at < other->created_at ? 1 : -1;
	return (one->id < other->id) - (one->id > other->id);
}

static int most_useful_first(const void *a, const void *b)
{
	const struct topic_row *one = a, *other = b;

	if (one->score != other->score)
		return one->score < other->score ? 1 : -1;
	return (one->id < other->id) - (one->id > other->id);
}

/* One row more than shown was asked for, to know whether there is a next page. */
void topic_list_read(struct ctx *ctx, const struct topic_query *query, struct rows *rows,
		     struct topic_list *out)
{
	size_t limit = shown(query), count = 0;
	const struct topic_row *last;

	*out = (struct topic_list){
		.items = arena_array_of(ctx->arena, (size_t)rows->count, struct topic_row),
		.has_more = (size_t)rows->count > limit,
	};
	while (rows_next(rows))
		topic_row_read(ctx, rows, &out->items[count++]);
	qsort(out->items, count, sizeof *out->items,
	      is_by_score(query) ? most_useful_first : newest_first);
	out->count = count < limit ? count : limit;
	if (out->count == 0)
		return;
	last = &out->items[out->count - 1];
	out->next = (struct list_key){ is_by_score(query) ? last->score : last->created_at,
				       last->id };
}

enum err topic_list(struct ctx *ctx, const struct topic_query *query, struct topic_list *out)
{
	struct rows rows;

	topic_list_add(ctx, query, &rows);
	TRY(db_run(ctx));
	topic_list_read(ctx, query, &rows, out);
	return OK;
}

void topic_pinned_add(struct ctx *ctx, int64_t category_id, struct rows *rows)
{
	db_add(ctx, &list_pinned, rows, param_i64(category_id), param_i64(PINNED_SHOWN));
}

void topic_pinned_read(struct ctx *ctx, struct rows *rows, struct topic_list *out)
{
	*out = (struct topic_list){
		.items = arena_array_of(ctx->arena, (size_t)rows->count, struct topic_row),
	};
	while (rows_next(rows)) {
		topic_row_read(ctx, rows, &out->items[out->count]);
		out->items[out->count++].is_pinned = true;
	}
}

void topic_pinned_leave_out(struct topic_list *list, const struct topic_list *pinned)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		bool is_on_top = false;

		for (size_t j = 0; j < pinned->count; j++)
			is_on_top = is_on_top || pinned->items[j].id == list->items[i].id;
		if (!is_on_top)
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
}

enum err topic_list_by_ids(struct ctx *ctx, const int64_t *ids, size_t count,
			   struct topic_list *out)
{
	struct rows rows;

	TRY(db_query(ctx, &list_by_ids, &rows, param_i64s(ctx->arena, ids, count)));
	*out = (struct topic_list){
		.items = arena_array_of(ctx->arena, (size_t)rows.count, struct topic_row),
	};
	while (rows_next(&rows))
		topic_row_read(ctx, &rows, &out->items[out->count++]);
	return OK;
}
