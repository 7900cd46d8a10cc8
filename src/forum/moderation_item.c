/*
 * One item with all that is needed to decide it, and a person with their history: each
 * in one round trip.
 */
#include "forum/moderation_parts.h"

#include "base/slice.h"
#include "db/db.h"
#include "forum/policy.h"
#include "forum/post_columns.h"
#include "forum/site_setting.h"
#include "forum/topic_columns.h"
#include "text/markdown.h"

#define EXCERPT_POINTS 240

DB_STATEMENT(moderation_item_by_id,
	     "select " MODERATION_ITEM_COLUMNS " from moderation_items i\n" MODERATION_ITEM_JOINS
	     "where i.id = $1",
	     1);

#define ITEM_POST "(select i.post_id from moderation_items i where i.id = $1)"

DB_STATEMENT(moderation_post_of_item,
	     "select " POST_COLUMNS ", p.body_md from posts p" POST_AUTHOR_JOIN
	     " where p.id = " ITEM_POST,
	     1);
DB_STATEMENT(moderation_topic_of_item,
	     "select " TOPIC_COLUMNS " from " TOPIC_TABLES
	     " where t.id = (select i.topic_id from moderation_items i where i.id = $1)",
	     1);

DB_STATEMENT(
	moderation_flags_of_item,
	"select f.reason, f.detail, f.weight::float8, f.is_counted, f.state, f.created_at, a.trust_level,\n"
	"	(select count(*) from flags o where o.person_id = f.person_id and o.state = 'agreed'),\n"
	"	(select count(*) from flags o where o.person_id = f.person_id and o.state = 'disagreed'),\n"
	"	" PERSON_AUTHOR_COLUMNS(
		"a") "\n"
		     "from flags f join people a on a.id = f.person_id\n"
		     "where f.post_id = " ITEM_POST "\n"
		     "order by (f.state = 'open') desc, f.weight desc, f.id limit 50",
	1);

#define CASES_OF_ITEM(condition) \
	"select " CASE_ROW_COLUMNS " from " CASE_ROW_TABLES "\n" \
	"where " condition "\norder by k.id desc limit 10"
DB_STATEMENT(moderation_cases_of_item_post, CASES_OF_ITEM("k.post_id = " ITEM_POST), 1);

/* Of $1 itself, or of whom the item $2 is about. */
#define WHO \
	"coalesce(nullif($1::bigint, 0), (select i.person_id from moderation_items i where i.id = $2::bigint))"

#define PERSON_OF_ITEM PERSON_AUTHOR_COLUMNS("p")
DB_STATEMENT(
	moderation_person,
	"select " PERSON_OF_ITEM ", p.state, coalesce(p.email, ''), p.trust_level,\n"
	"	p.question_count + p.answer_count, p.reputation,\n"
	"	(select count(*) from (select from posts o where o.author_id = p.id\n"
	"		and o.visibility = 'withdrawn' limit 1000) w),\n"
	"	case when isfinite(p.suspended_until) then p.suspended_until end,\n"
	"	case when isfinite(p.silenced_until) then p.silenced_until end,\n"
	"	(select count(*) from moderation_cases k where k.person_id = p.id and k.ground = 'law'\n"
	"		and k.post_id is not null and k.measure_id is null and k.reversed_at is null\n"
	"		and k.created_at > now() - make_interval(days => $3::integer)),\n"
	"	(select max(m.created_at) from measures m where m.person_id = p.id and m.kind = 'warning'\n"
	"		and m.created_at > now() - make_interval(days => $3::integer))\n"
	"from people p where p.id = " WHO,
	3);

DB_STATEMENT(moderation_posts_of_person,
	     "select p.id, p.created_at, t.title, left(p.body_md, 600), p.kind, p.visibility\n"
	     "from posts p join topics t on t.id = p.topic_id\n"
	     "where p.author_id = " WHO "\n"
	     "order by p.created_at desc, p.id desc limit 10",
	     2);

DB_STATEMENT(moderation_cases_of_person, CASES_OF_ITEM("k.person_id = " WHO), 2);
_Static_assert(CONTEXT_ROWS == 10 && CONTEXT_FLAGS == 50, "the statements say so too");

/* "spam␟␟3␞rule␟Links of new members␟1": what the statement made of the JSON. */
static void read_reasons(struct ctx *ctx, const char *text, struct moderation_item *item)
{
	struct slice rest = slice_of(text);

	while (rest.data && rest.length > 0 && item->reason_count < MODERATION_REASONS_MAX) {
		struct moderation_reason *reason = &item->reasons[item->reason_count++];
		struct slice one = slice_cut(&rest, '\x1e');
		struct slice code = slice_cut(&one, '\x1f'), more = slice_cut(&one, '\x1f');

		reason->label = moderation_reason_text(
			arena_strndup(ctx->arena, code.data, code.length));
		reason->text = arena_strndup(ctx->arena, more.data ? more.data : "", more.length);
		if (!one.data || !slice_to_i64(one, &reason->count))
			reason->count = 1;
	}
}

enum err moderation_item_read(struct ctx *ctx, struct rows *rows, struct moderation_item *item)
{
	*item = (struct moderation_item){ .id = col_i64(rows) };
	if (!moderation_kind_parse(col_text(rows), &item->kind))
		return fail_log(ctx, ERR_INTERNAL, "an item of an unknown kind");
	item->topic_id = col_i64(rows);
	item->post_id = col_i64(rows);
	item->reference_id = col_i64(rows);
	item->score = col_f64(rows);
	item->is_open = col_bool(rows);
	item->claimed_by = col_i64(rows);
	item->claimed_by_name = col_text(rows);
	item->claimed_until = col_time(rows);
	item->opened_at = col_time(rows);
	item->decided_at = col_time(rows);
	item->decided_by_name = col_text(rows);
	item->note = col_text(rows);
	if (!moderation_decision_parse(col_text(rows), &item->decision))
		item->decision = DECISION_IGNORE;
	item->title = col_text(rows);
	item->excerpt = markdown_excerpt(ctx->arena, col_text(rows), EXCERPT_POINTS);
	item->post_kind = post_kind_from_text(col_text(rows));
	item->visibility = visibility_from_text(col_text(rows));
	read_reasons(ctx, col_text(rows), item);
	author_read(ctx, rows, &item->author);
	return OK;
}

static void flag_read(struct ctx *ctx, struct rows *rows, struct moderation_flag *flag)
{
	if (!rule_parse(col_text(rows), &flag->reason))
		flag->reason = RULE_OTHER;
	flag->detail = col_text(rows);
	flag->weight = col_f64(rows);
	flag->is_counted = col_bool(rows);
	flag->state = col_text(rows);
	flag->created_at = col_time(rows);
	flag->trust_level = (int)col_i64(rows);
	flag->agreed = col_i64(rows);
	flag->disagreed = col_i64(rows);
	author_read(ctx, rows, &flag->author);
}

static void read_flags(struct ctx *ctx, struct rows *rows, struct moderation_view *view)
{
	view->flags = arena_array_of(ctx->arena, (size_t)rows->count, struct moderation_flag);
	while (rows_next(rows))
		flag_read(ctx, rows, &view->flags[view->flag_count++]);
}

/* A person --------------------------------------------------------------------------- */

struct person_rows {
	struct rows person, posts, measures, cases;
};

/* Of a person, or of whom an item is about; the other is 0. */
static void person_add(struct ctx *ctx, int64_t person_id, int64_t item_id,
		       struct person_rows *rows)
{
	struct param person = param_i64(person_id), item = param_i64(item_id);

	db_add(ctx, &moderation_person, &rows->person, person, item,
	       param_i64(site_number(SITE_LAW_WINDOW_DAYS)));
	db_add(ctx, &moderation_posts_of_person, &rows->posts, person, item);
	db_add(ctx, &moderation_cases_of_person, &rows->cases, person, item);
	measure_add_of_person(ctx, person_id, item_id, &rows->measures);
}

static void other_post_read(struct ctx *ctx, struct rows *rows, struct moderation_other_post *post)
{
	post->id = col_i64(rows);
	post->created_at = col_time(rows);
	post->title = col_text(rows);
	post->excerpt = markdown_excerpt(ctx->arena, col_text(rows), EXCERPT_POINTS);
	post->kind = post_kind_from_text(col_text(rows));
	post->visibility = visibility_from_text(col_text(rows));
}

static bool person_take(struct ctx *ctx, struct person_rows *rows, struct moderation_person *out)
{
	*out = (struct moderation_person){ .state = "", .email = "" };
	if (!rows_next(&rows->person))
		return false;
	author_read(ctx, &rows->person, &out->author);
	out->state = col_text(&rows->person);
	out->email = col_text(&rows->person);
	out->trust_level = (int)col_i64(&rows->person);
	out->post_count = col_i64(&rows->person);
	out->reputation = col_i64(&rows->person);
	out->withdrawn_count = col_i64(&rows->person);
	out->suspended_until = col_time(&rows->person);
	out->silenced_until = col_time(&rows->person);
	out->illegal_count = col_i64(&rows->person);
	out->warned_at = col_time(&rows->person);
	out->is_repeat_offender = out->illegal_count >= site_number(SITE_LAW_ILLEGAL_POSTS);
	out->posts = arena_array_of(ctx->arena, (size_t)rows->posts.count,
				    struct moderation_other_post);
	while (rows_next(&rows->posts))
		other_post_read(ctx, &rows->posts, &out->posts[out->post_rows++]);
	measure_read_all(ctx, &rows->measures, &out->measures, &out->measure_count);
	case_read_all(ctx, &rows->cases, &out->cases, &out->case_count);
	return true;
}

enum err moderation_person_load(struct ctx *ctx, int64_t id, struct moderation_person *out)
{
	const struct subject nothing = { .now = ctx->now };
	struct person_rows rows;

	TRY(policy_require(ctx, MAY_MODERATE, &nothing));
	person_add(ctx, id, 0, &rows);
	TRY(db_run(ctx));
	if (!person_take(ctx, &rows, out))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

/* An item ------------------------------------------------------------------------------ */

static void view_decide(const struct ctx *ctx, struct moderation_view *view)
{
	const struct subject nothing = { .now = ctx->now };
	const struct subject person = { .now = ctx->now, .person_role = view->person.author.role };
	const struct moderation_item *item = &view->item;

	view->is_mine = item->is_open && item->claimed_by == ctx->actor->id;
	view->is_others = item->is_open && item->claimed_by && !view->is_mine;
	view->can_decide = policy_can(ctx->actor, MAY_MODERATE, &nothing);
	view->can_measure = view->has_person && policy_can(ctx->actor, MAY_MEASURE, &person);
}

static enum err take_post(struct ctx *ctx, struct rows *posts, struct rows *topics,
			  struct moderation_view *view)
{
	if (rows_next(topics))
		topic_read(ctx, topics, &view->topic);
	if (!rows_next(posts))
		return OK;
	view->has_post = true;
	post_read(ctx, posts, &view->post);
	view->post.body_md = col_text(posts);
	return OK;
}

enum err moderation_view_load(struct ctx *ctx, int64_t id, struct moderation_view *out)
{
	const struct subject nothing = { .now = ctx->now };
	struct rows items, posts, topics, flags, cases;
	struct param item = param_i64(id);
	struct person_rows person;

	TRY(policy_require(ctx, MAY_SEE_QUEUE, &nothing));
	*out = (struct moderation_view){ .has_post = false };
	db_add(ctx, &moderation_item_by_id, &items, item);
	db_add(ctx, &moderation_post_of_item, &posts, item);
	db_add(ctx, &moderation_topic_of_item, &topics, item);
	db_add(ctx, &moderation_flags_of_item, &flags, item);
	db_add(ctx, &moderation_cases_of_item_post, &cases, item);
	person_add(ctx, 0, id, &person);
	TRY(db_run(ctx));
	if (!rows_next(&items))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	TRY(moderation_item_read(ctx, &items, &out->item));
	if (!moderation_may_see(ctx, out->item.kind))
		return policy_require(ctx, MAY_MODERATE, &nothing);
	TRY(take_post(ctx, &posts, &topics, out));
	read_flags(ctx, &flags, out);
	case_read_all(ctx, &cases, &out->cases, &out->case_count);
	out->has_person = person_take(ctx, &person, &out->person);
	view_decide(ctx, out);
	return OK;
}
