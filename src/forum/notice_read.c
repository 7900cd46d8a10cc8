/*
 * A notice as its page shows it, to who has the code and to the team; and the team's
 * list. A notice with all it is about: two statements, one round trip.
 */
#include "forum/notice_parts.h"

#include "db/db.h"
#include "forum/policy.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"

/* clang-format off */
/* Of the notifier's suspension in force. */
#define SUSPENSION(column) \
	"(select s." column " from notifier_measures s where s.notifier = n.notifier and n.notifier <> ''\n" \
	"		and s.kind = 'suspension' and s.ended_at is null and s.ends_at > now()\n" \
	"		order by s.ends_at desc limit 1)"
/* The notifier's others, within $2 days. */
#define OTHERS(condition) \
	"(select count(*) from (select from notices o where o.notifier = n.notifier and n.notifier <> ''\n" \
	"		and o.id <> n.id and o.created_at > now() - make_interval(days => $2::integer)" condition "\n" \
	"		limit 1000) bounded)"

#define NOTICE_BY(condition) \
	"select n.id, n.code, n.category, n.explanation, n.name, n.email, n.created_at, n.examined_at,\n" \
	"	n.decided_at, coalesce(n.outcome, ''), n.is_set_aside, " SUSPENSION("ends_at") ",\n" \
	"	exists (select from notifier_measures w where w.notice_id = n.id and w.ended_at is null),\n" \
	"	n.decided_at + interval '6 months', c.created_at, c.decided_at, coalesce(c.text, ''),\n" \
	"	coalesce(c.answer, ''), coalesce(c.decision = 'upheld', false),\n" \
	"	" OTHERS("") ",\n" \
	"	" OTHERS(" and o.outcome = 'unfounded'") ",\n" \
	"	(select max(w.created_at) from notifier_measures w where w.notifier = n.notifier\n" \
	"		and n.notifier <> '' and w.kind = 'warning' and w.ended_at is null)\n" \
	"from notices n left join notice_complaints c on c.notice_id = n.id where " condition
_Static_assert(NOTICE_COMPLAINT_MONTHS == 6, "the statement says so too");

#define TARGETS_OF(notice) \
	"select w.address, w.post_id, i.decided_at, coalesce(i.state = 'decided', false),\n" \
	"	p.visibility = 'visible' and t.visibility = 'visible', coalesce(i.decision, ''), coalesce(i.note, '')\n" \
	"from notice_targets w join posts p on p.id = w.post_id join topics t on t.id = p.topic_id\n" \
	"left join moderation_items i on i.kind = 'notice' and i.reference_id = w.notice_id and i.post_id = w.post_id\n" \
	"where w.notice_id = " notice " order by w.post_id limit 10"
_Static_assert(NOTICE_ADDRESSES_MAX == 10, "the statement says so too");

DB_STATEMENT(notice_of_code, NOTICE_BY("n.code = $1"), 2);
DB_STATEMENT(notice_of_id, NOTICE_BY("n.id = $1"), 2);
DB_STATEMENT(notice_targets_of_code, TARGETS_OF("(select id from notices where code = $1)"), 1);
DB_STATEMENT(notice_targets_of_id, TARGETS_OF("$1"), 1);

/* One more than NOTICES_PER_PAGE. */
DB_STATEMENT(notice_page,
	"select n.id, n.code, n.category, n.created_at, n.examined_at, n.decided_at, coalesce(n.outcome, ''),\n"
	"	n.is_set_aside, (select count(*) from notice_targets w where w.notice_id = n.id),\n"
	"	(select i.id from moderation_items i where i.kind = 'notice' and i.reference_id = n.id\n"
	"		order by i.state desc, i.id limit 1),\n"
	"	" SUSPENSION("id") ", " SUSPENSION("ends_at") "\n"
	"from notices n where $1::bigint = 0 or n.id < $1::bigint order by n.id desc limit 51",
	1);
_Static_assert(NOTICES_PER_PAGE == 50, "the statement says so too");
/* clang-format on */

static const struct {
	const char *text, *label;
} outcomes[] = {
	[NOTICE_NO_OUTCOME] = { "", "" },
	[NOTICE_REMOVED] = { "removed", N_("Removed") },
	[NOTICE_PARTLY] = { "partly", N_("Partly removed") },
	[NOTICE_LEFT] = { "left", N_("Not against the law") },
	[NOTICE_UNFOUNDED] = { "unfounded", N_("Manifestly unfounded") },
};

const char *notice_outcome_text(enum notice_outcome outcome)
{
	return outcomes[outcome].text;
}

const char *notice_outcome_label(enum notice_outcome outcome)
{
	return outcomes[outcome].label[0] ? _(outcomes[outcome].label) : "";
}

enum notice_outcome notice_outcome_from_text(const char *text)
{
	for (size_t i = 0; i < ARRAY_COUNT(outcomes); i++)
		if (strcmp(outcomes[i].text, text) == 0)
			return (enum notice_outcome)i;
	return NOTICE_NO_OUTCOME;
}

enum notice_state notice_state_of(const struct notice *notice, bool is_set_aside)
{
	if (notice->decided_at)
		return NOTICE_DECIDED;
	if (is_set_aside)
		return NOTICE_SET_ASIDE;
	return notice->examined_at ? NOTICE_EXAMINED : NOTICE_RECEIVED;
}

static void notice_read(struct rows *rows, struct notice *notice)
{
	bool is_set_aside;

	notice->id = col_i64(rows);
	notice->code = col_text(rows);
	if (!notice_category_parse(col_text(rows), &notice->category))
		notice->category = NOTICE_OTHER;
	notice->explanation = col_text(rows);
	notice->name = col_text(rows);
	notice->email = col_text(rows);
	notice->created_at = col_time(rows);
	notice->examined_at = col_time(rows);
	notice->decided_at = col_time(rows);
	notice->outcome = notice_outcome_from_text(col_text(rows));
	is_set_aside = col_bool(rows);
	notice->suspended_until = col_time(rows);
	notice->is_warned = col_bool(rows);
	notice->complaint_until = col_time(rows);
	notice->complaint.created_at = col_time(rows);
	notice->complaint.decided_at = col_time(rows);
	notice->complaint.text = col_text(rows);
	notice->complaint.answer = col_text(rows);
	notice->complaint.is_upheld = col_bool(rows);
	notice->notifier_notices = col_i64(rows);
	notice->notifier_unfounded = col_i64(rows);
	notice->notifier_warned_at = col_time(rows);
	notice->state = notice_state_of(notice, is_set_aside);
}

static void target_read(struct rows *rows, struct notice_target *target)
{
	target->address = col_text(rows);
	target->post_id = col_i64(rows);
	target->decided_at = col_time(rows);
	target->is_decided = col_bool(rows);
	target->is_visible = col_bool(rows);
	if (!moderation_decision_parse(col_text(rows), &target->decision))
		target->decision = DECISION_IGNORE;
	target->note = col_text(rows);
}

static enum err read_both(struct ctx *ctx, struct rows *notices, struct rows *targets,
			  struct notice *out)
{
	*out = (struct notice){ .target_count = 0 };
	if (!rows_next(notices))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	notice_read(notices, out);
	out->targets = arena_array_of(ctx->arena, (size_t)targets->count + 1, struct notice_target);
	while (rows_next(targets))
		target_read(targets, &out->targets[out->target_count++]);
	out->can_complain = out->decided_at && out->outcome != NOTICE_REMOVED &&
			    !out->complaint.created_at && !out->suspended_until &&
			    ctx->now < out->complaint_until;
	return OK;
}

enum err notice_by_code(struct ctx *ctx, const char *code, struct notice *out)
{
	struct rows notices, targets;

	db_add(ctx, &notice_of_code, &notices, param_text(code),
	       param_i64(site_number(SITE_LAW_WINDOW_DAYS)));
	db_add(ctx, &notice_targets_of_code, &targets, param_text(code));
	TRY(db_run(ctx));
	return read_both(ctx, &notices, &targets, out);
}

enum err notice_by_id(struct ctx *ctx, int64_t id, struct notice *out)
{
	const struct subject nothing = { .now = ctx->now };
	struct rows notices, targets;

	*out = (struct notice){ .target_count = 0 };
	TRY(policy_require(ctx, MAY_MODERATE, &nothing));
	db_add(ctx, &notice_of_id, &notices, param_i64(id),
	       param_i64(site_number(SITE_LAW_WINDOW_DAYS)));
	db_add(ctx, &notice_targets_of_id, &targets, param_i64(id));
	TRY(db_run(ctx));
	return read_both(ctx, &notices, &targets, out);
}

static void line_read(struct rows *rows, struct notice_line *line)
{
	struct notice notice = { .target_count = 0 };

	line->id = col_i64(rows);
	line->code = col_text(rows);
	if (!notice_category_parse(col_text(rows), &line->category))
		line->category = NOTICE_OTHER;
	line->created_at = col_time(rows);
	notice.examined_at = col_time(rows);
	line->decided_at = notice.decided_at = col_time(rows);
	line->outcome = notice_outcome_from_text(col_text(rows));
	line->state = notice_state_of(&notice, col_bool(rows));
	line->target_count = col_i64(rows);
	line->item_id = col_i64(rows);
	line->suspension_id = col_i64(rows);
	line->suspended_until = col_time(rows);
}

enum err notice_list(struct ctx *ctx, int64_t after_id, struct notice_list *out)
{
	const struct subject nothing = { .now = ctx->now };
	struct rows rows;

	*out = (struct notice_list){ .count = 0 };
	TRY(policy_require(ctx, MAY_MODERATE, &nothing));
	TRY(db_query(ctx, &notice_page, &rows, param_i64(after_id)));
	out->items = arena_array_of(ctx->arena, (size_t)rows.count + 1, struct notice_line);
	out->has_more = rows.count > NOTICES_PER_PAGE;
	while (out->count < NOTICES_PER_PAGE && rows_next(&rows))
		line_read(&rows, &out->items[out->count++]);
	return OK;
}
