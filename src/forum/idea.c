/*
 * Ideas: stages, and the lists of them.
 */
#include "forum/idea.h"

#include "db/db.h"
#include "forum/field.h"
#include "forum/notification.h"
#include "forum/once.h"
#include "forum/topic_act_parts.h"
#include "forum/topic_columns.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

DB_STATEMENT(
	idea_changes,
	"select a.id, a.created_at, coalesce(a.after ->> 'stage', ''), a.reason\n"
	"from topic_acts a where a.topic_id = $1 and a.kind = 'stage' and a.undone_at is null\n"
	"order by a.id desc limit $2::bigint",
	2);

/*
 * $1 and $2 the key, $3 how many, $4 the stage or "". The rows are chosen inside, so that
 * joins are only for those shown.
 */
#define IDEAS(place, order) \
	"select " TOPIC_ROW_COLUMNS " from (select t.* from topics t\n" \
	"	where t.stage <> '' and t.visibility = 'visible'\n" \
	"		and ($4::text = '' or t.stage = $4::text) and " place "\n" \
	"	order by " order " limit $3::bigint) t" TOPIC_ROW_JOINS " order by " order

DB_STATEMENT(ideas_by_votes,
	     IDEAS("(t.me_too_count, t.id) < ($1::integer, $2::bigint)",
		   "t.me_too_count desc, t.id desc"),
	     4);
DB_STATEMENT(ideas_by_date,
	     IDEAS("(t.created_at, t.id) < ($1::timestamptz, $2::bigint)",
		   "t.created_at desc, t.id desc"),
	     4);

DB_STATEMENT(idea_counts,
	     "select t.stage, count(*) from topics t\n"
	     "where t.stage <> '' and t.visibility = 'visible' group by t.stage",
	     0);

/* Words ------------------------------------------------------------------------------- */

static const struct {
	const char *text, *label;
} stages[IDEA_STAGE_COUNT] = {
	[IDEA_NONE] = { "", "" },
	[IDEA_PROPOSED] = { "proposed", N_("Proposed") },
	[IDEA_STUDY] = { "study", N_("Under study") },
	[IDEA_PLANNED] = { "planned", N_("Planned") },
	[IDEA_DONE] = { "done", N_("Carried out") },
	[IDEA_NO] = { "no", N_("Not taken up") },
};

enum idea_stage idea_stage_from_text(const char *text)
{
	for (int stage = 0; stage < IDEA_STAGE_COUNT; stage++)
		if (strcmp(stages[stage].text, text) == 0)
			return (enum idea_stage)stage;
	return IDEA_NONE;
}

const char *idea_stage_text(enum idea_stage stage)
{
	return stages[stage].text;
}

const char *idea_stage_label(enum idea_stage stage)
{
	return stage == IDEA_NONE ? "" : _(stages[stage].label);
}

/* Stages ------------------------------------------------------------------------------ */

static const char *stage_json(struct ctx *ctx, enum idea_stage stage)
{
	return arena_printf(ctx->arena, "{\"stage\":\"%s\"}", idea_stage_text(stage));
}

static enum err set_stage(struct ctx *ctx, const struct topic_act_form *form, enum idea_stage stage)
{
	struct act_change change = { .kind = ACT_STAGE, .topic_id = form->topic_id };
	struct subject subject;
	const char *earlier;
	struct topic topic;
	struct rows topics;

	db_begin(ctx);
	topic_add_lock(ctx, form->topic_id, &topics);
	TRY(writing_claim(ctx, form->form_key, &earlier));
	if (earlier)
		return OK;
	TRY(topic_take(ctx, &topics, &topic));
	subject = topic_subject(ctx, &topic);
	TRY(policy_require(ctx, MAY_SET_STAGE, &subject));
	if (!topic.stage)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	TRY(field_line(ctx, "stage-reason", form->reason ? form->reason : "", 1, ACT_REASON_MAX,
		       &change.reason));
	change.before = stage_json(ctx, topic.stage);
	change.after = stage_json(ctx, stage);
	topic_act_add_change(ctx, &change);
	notify_stage(ctx, topic.id);
	once_result(ctx, form->form_key, topic_path(ctx->arena, topic.id, topic.title));
	return db_commit(ctx);
}

enum err idea_set_stage(struct ctx *ctx, const struct topic_act_form *form, enum idea_stage stage)
{
	if (stage == IDEA_NONE)
		return fail(ctx, ERR_INVALID, "stage", "%s", _("Choose a stage."));
	return writing_end(ctx, set_stage(ctx, form, stage));
}

void idea_changes_add(struct ctx *ctx, int64_t topic_id, struct rows *rows)
{
	db_add(ctx, &idea_changes, rows, param_i64(topic_id), param_i64(IDEA_CHANGES_SHOWN));
}

void idea_changes_read(struct ctx *ctx, struct rows *rows, struct idea_changes *out)
{
	*out = (struct idea_changes){
		.items = arena_array_of(ctx->arena, (size_t)rows->count, struct idea_change),
	};
	while (rows_next(rows)) {
		struct idea_change *change = &out->items[out->count++];

		change->id = col_i64(rows);
		change->at = col_time(rows);
		change->stage = idea_stage_from_text(col_text(rows));
		change->reason = col_text(rows);
	}
}

/* Lists ------------------------------------------------------------------------------- */

static struct param key_place(const struct idea_query *query)
{
	bool is_votes = query->after.id && query->after.at >= 0 && query->after.at <= INT32_MAX;

	if (query->is_by_date)
		return list_param_time(query->after);
	return param_i64(is_votes ? query->after.at : INT32_MAX);
}

static void read_list(struct ctx *ctx, const struct idea_query *query, struct rows *rows,
		      struct topic_list *out)
{
	const struct topic_row *last;

	*out = (struct topic_list){
		.items = arena_array_of(ctx->arena, (size_t)rows->count, struct topic_row),
		.has_more = rows->count > IDEAS_PER_PAGE,
	};
	while (out->count < IDEAS_PER_PAGE && rows_next(rows))
		topic_row_read(ctx, rows, &out->items[out->count++]);
	if (out->count == 0)
		return;
	last = &out->items[out->count - 1];
	out->next = (struct list_key){ query->is_by_date ? last->created_at : last->me_too_count,
				       last->id };
}

static void read_counts(struct rows *rows, struct idea_list *out)
{
	while (rows_next(rows)) {
		enum idea_stage stage = idea_stage_from_text(col_text(rows));

		out->counts[stage] = col_i64(rows);
		out->counts[IDEA_NONE] += out->counts[stage];
	}
}

enum err idea_list(struct ctx *ctx, const struct idea_query *query, struct idea_list *out)
{
	struct rows ideas, counts, categories;

	*out = (struct idea_list){ 0 };
	db_add(ctx, query->is_by_date ? &ideas_by_date : &ideas_by_votes, &ideas, key_place(query),
	       list_param_id(query->after), param_i64(IDEAS_PER_PAGE + 1),
	       param_text(idea_stage_text(query->stage)));
	db_add_params(ctx, &idea_counts, &counts, NULL, 0);
	category_add_all(ctx, &categories);
	TRY(db_run(ctx));
	read_list(ctx, query, &ideas, &out->ideas);
	read_counts(&counts, out);
	category_read_all(ctx, &categories, &out->categories);
	return OK;
}
