/*
 * Deciding. Locks go topic, post, person, item, as everywhere: the item is read first
 * without a lock to know its post, and once more with it.
 */
#include "forum/moderation_decide.h"

#include "base/buf.h"
#include "db/db.h"
#include "forum/audit.h"
#include "forum/complaint.h"
#include "forum/field.h"
#include "forum/moderation_parts.h"
#include "forum/notice.h"
#include "forum/notification.h"
#include "forum/once.h"
#include "forum/policy.h"
#include "forum/post_columns.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

DB_STATEMENT(
	decide_target,
	"select i.kind, i.post_id, i.person_id, i.reference_id from moderation_items i where i.id = $1",
	1);

DB_STATEMENT(decide_lock,
	     "select i.state = 'open', coalesce(c.name, ''),\n"
	     "	i.claimed_until > clock_timestamp() and i.claimed_by <> $2::bigint\n"
	     "from moderation_items i left join people c on c.id = i.claimed_by\n"
	     "where i.id = $1 for no key update of i",
	     2);

/* What the post was, for undoing; whether it was ever shown. */
DB_STATEMENT(
	decide_post_before,
	"select p.withdrawn_by, p.withdrawn_at, p.hidden_by_flags_at is not null from posts p where p.id = $1",
	1);

/*
 * All the open items of the post, or the one item of something else. $5: what undoes it,
 * with the items that are decided here.
 */
DB_STATEMENT(
	decide_close,
	"with closed as (\n"
	"	select i.id from moderation_items i where i.state = 'open' and (i.id = $1\n"
	"		or (i.post_id = $2::bigint and i.kind not in ('appeal', 'notice')))\n"
	"	order by i.id for no key update\n"
	")\n"
	"update moderation_items i set state = 'decided', decided_at = $3, decided_by = $4::bigint,\n"
	"	decision = $5, note = $6, claimed_by = null, claimed_until = null,\n"
	"	undone_at = null, undone_by = null,\n"
	"	undo = $7::jsonb || jsonb_build_object('items', (select jsonb_agg(id) from closed))\n"
	"where i.id in (select id from closed)",
	7);

DB_STATEMENT(decide_flags,
	     "update flags set state = $2, decided_at = $3 where post_id = $1 and state = 'open'",
	     3);

static const struct {
	const char *text, *label;
	bool withdraws, is_for_posts;
} decisions[] = {
	[DECISION_APPROVE] = { "approve", N_("Approved"), false, true },
	[DECISION_WITHDRAW] = { "withdraw", N_("Withdrawn"), true, true },
	[DECISION_EDIT] = { "edit", N_("Edited and shown"), false, true },
	[DECISION_WARN] = { "warn", N_("Withdrawn, with a warning"), true, true },
	[DECISION_SUSPEND] = { "suspend", N_("Withdrawn, with a suspension"), true, true },
	[DECISION_IGNORE] = { "ignore", N_("Ignored"), false, true },
	[DECISION_UPHOLD] = { "uphold", N_("Complaint upheld"), false, false },
	[DECISION_REJECT] = { "reject", N_("Complaint rejected"), false, false },
	[DECISION_UNFOUNDED] = { "unfounded", N_("Manifestly unfounded"), false, true },
};
_Static_assert(ARRAY_COUNT(decisions) == DECISION_COUNT, "every decision has its words");

const char *moderation_decision_text(enum moderation_decision decision)
{
	return decisions[decision].text;
}

const char *moderation_decision_label(enum moderation_decision decision)
{
	return _(decisions[decision].label);
}

bool moderation_decision_parse(const char *text, enum moderation_decision *out)
{
	for (size_t i = 0; i < ARRAY_COUNT(decisions); i++) {
		if (strcmp(decisions[i].text, text) == 0) {
			*out = (enum moderation_decision)i;
			return true;
		}
	}
	return false;
}

/* One decision on its way. */
struct deciding {
	const struct moderation_choice *choice;
	const char *note;
	enum moderation_kind kind;
	int64_t post_id, person_id, reference_id;
	struct post_lock lock;
	struct rows state, before;
	int64_t withdrawn_by, withdrawn_at, case_id, measure_id, measure_case_id;
	bool was_hidden_by_flags;
};

static enum err read_target(struct ctx *ctx, struct deciding *deciding)
{
	struct rows rows;

	TRY(db_query(ctx, &decide_target, &rows, param_i64(deciding->choice->id)));
	if (!rows_next(&rows) || !moderation_kind_parse(col_text(&rows), &deciding->kind))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	deciding->post_id = col_i64(&rows);
	deciding->person_id = col_i64(&rows);
	deciding->reference_id = col_i64(&rows);
	return OK;
}

/* Advisors let through what is held before publication, and nothing else. */
static enum err check_right(struct ctx *ctx, const struct deciding *deciding)
{
	const struct subject nothing = { .now = ctx->now };

	if (deciding->choice->decision == DECISION_APPROVE &&
	    moderation_may_see(ctx, deciding->kind))
		return OK;
	return policy_require(ctx, MAY_MODERATE, &nothing);
}

static bool is_complaint(enum moderation_kind kind)
{
	return kind == MODERATION_APPEAL || kind == MODERATION_NOTICE_COMPLAINT;
}

static bool fits(const struct deciding *deciding)
{
	enum moderation_decision decision = deciding->choice->decision;

	if (deciding->kind == MODERATION_APPEAL && decision == DECISION_UNFOUNDED)
		return true;
	if (decisions[decision].is_for_posts == is_complaint(deciding->kind))
		return false;
	if (decision != DECISION_IGNORE && decisions[decision].is_for_posts && !deciding->post_id)
		return false;
	/* A notice is right or wrong, and whoever sent it hears which. */
	if (deciding->kind == MODERATION_NOTICE)
		return decision != DECISION_IGNORE;
	return decision != DECISION_UNFOUNDED;
}

/* Who complained, or sent the notice, is owed a reason when nothing comes of it. */
static bool needs_note(const struct deciding *deciding)
{
	enum moderation_decision decision = deciding->choice->decision;

	return is_complaint(deciding->kind) ||
	       (deciding->kind == MODERATION_NOTICE &&
		(decision == DECISION_APPROVE || decision == DECISION_UNFOUNDED));
}

static enum err check_fit(struct ctx *ctx, const struct deciding *deciding)
{
	enum moderation_decision decision = deciding->choice->decision;

	if (!fits(deciding))
		return fail(ctx, ERR_INVALID, "decision", "%s",
			    _("This decision does not fit what is decided here."));
	if (needs_note(deciding) && !deciding->note[0])
		return fail(ctx, ERR_INVALID, "note", "%s",
			    _("Please say why: the person reads it."));
	if (decision == DECISION_SUSPEND &&
	    (deciding->choice->hours < 0 || deciding->choice->hours > MEASURE_HOURS_MAX))
		return fail(ctx, ERR_INVALID, "hours", "%s",
			    _("Between one hour and ten years; nothing for an open end."));
	return OK;
}

static enum err check_state(struct ctx *ctx, struct rows *rows)
{
	const char *name;

	if (!rows_next(rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	if (!col_bool(rows))
		return fail(ctx, ERR_CONFLICT, NULL, "%s", _("This was decided in the meantime."));
	name = col_text(rows);
	if (col_bool(rows))
		return fail(ctx, ERR_CONFLICT, NULL, _("%s is looking at this just now."), name);
	return OK;
}

static enum err lock_all(struct ctx *ctx, struct deciding *deciding)
{
	if (deciding->post_id) {
		post_lock_add(ctx, deciding->post_id, &deciding->lock);
		db_add(ctx, &decide_post_before, &deciding->before, param_i64(deciding->post_id));
	}
	if (deciding->kind == MODERATION_NOTICE)
		notice_lock(ctx, deciding->reference_id);
	db_add(ctx, &decide_lock, &deciding->state, param_i64(deciding->choice->id),
	       param_id(ctx->actor->id));
	TRY(db_run(ctx));
	TRY(check_state(ctx, &deciding->state));
	if (!deciding->post_id)
		return OK;
	TRY(post_lock_take(ctx, &deciding->lock));
	rows_next(&deciding->before);
	deciding->withdrawn_by = col_i64(&deciding->before);
	deciding->withdrawn_at = col_time(&deciding->before);
	deciding->was_hidden_by_flags = col_bool(&deciding->before);
	deciding->person_id = deciding->lock.post.author.id;
	return OK;
}

/* What becomes of a post -------------------------------------------------------------- */

static bool is_first_shown(const struct deciding *deciding)
{
	return deciding->lock.post.visibility == VISIBILITY_HELD && !deciding->was_hidden_by_flags;
}

/*
 * What was withdrawn meanwhile, by its author or by the team, stays so. Whoever follows
 * is told of what was never shown by a trigger of the holding rules.
 */
static void show(struct ctx *ctx, const struct deciding *deciding)
{
	const struct post *post = &deciding->lock.post;

	if (post->visibility != VISIBILITY_HELD)
		return;
	post_add_visibility(ctx, post, VISIBILITY_VISIBLE);
	case_reverse_hiding(ctx, post->id, CASE_RELEASED);
	if (post->author.id)
		notify_person(ctx, post->author.id, NOTIFY_RELEASED, post->topic_id, post->id);
}

static enum case_origin origin_of(enum moderation_kind kind)
{
	switch (kind) {
	case MODERATION_FLAG:
		return CASE_BY_FLAGS;
	case MODERATION_NOTICE:
		return CASE_BY_NOTICE;
	case MODERATION_HELD:
	case MODERATION_SIMILAR:
		return CASE_BY_RULE;
	default:
		return CASE_BY_TEAM;
	}
}

static enum err withdraw(struct ctx *ctx, struct deciding *deciding)
{
	const struct moderation_choice *choice = deciding->choice;
	const struct post *post = &deciding->lock.post;

	/* Of a notice: somebody was faster, and its author has the reasons already. */
	if (post->visibility == VISIBILITY_WITHDRAWN && deciding->kind == MODERATION_NOTICE)
		return OK;
	post_add_visibility(ctx, post, VISIBILITY_WITHDRAWN);
	case_reverse_hiding(ctx, post->id, CASE_REPLACED);
	return case_open(ctx,
			 &(struct case_new){
				 .act = is_first_shown(deciding) ? CASE_REFUSE : CASE_WITHDRAW,
				 .rule = choice->rule,
				 .is_law = choice->is_law,
				 .facts = deciding->note,
				 .origin = origin_of(deciding->kind),
				 .is_detected_automatically = deciding->kind == MODERATION_HELD ||
							      deciding->kind == MODERATION_SIMILAR,
				 .topic_id = post->topic_id,
				 .post_id = post->id,
				 .item_id = choice->id },
			 &deciding->case_id);
}

/* The words that the person reads, where the moderator gave none of their own. */
static const char *reason_of(const struct deciding *deciding)
{
	return deciding->note[0] ? deciding->note : rule_label(deciding->choice->rule);
}

static enum err measure(struct ctx *ctx, struct deciding *deciding)
{
	const struct moderation_choice *choice = deciding->choice;
	bool is_suspension = choice->decision == DECISION_SUSPEND;

	if (!deciding->person_id)
		return fail(ctx, ERR_INVALID, "decision", "%s",
			    _("This post belongs to nobody’s account: it can only be withdrawn."));
	TRY(measure_check_person(ctx, deciding->person_id));
	return measure_add(
		ctx,
		&(struct measure_new){ .person_id = deciding->person_id,
				       .kind = is_suspension ? MEASURE_SUSPENSION : MEASURE_WARNING,
				       .rule = choice->rule,
				       .is_law = choice->is_law,
				       .reason = reason_of(deciding),
				       .hours = is_suspension ? choice->hours : 0,
				       .item_id = choice->id,
				       .post_id = deciding->post_id },
		&deciding->measure_id, &deciding->measure_case_id);
}

static void decide_the_flags(struct ctx *ctx, const struct deciding *deciding)
{
	enum moderation_decision decision = deciding->choice->decision;
	const char *state = "disagreed";

	if (decision == DECISION_IGNORE)
		state = "ignored";
	else if (decisions[decision].withdraws || decision == DECISION_EDIT)
		state = "agreed";
	db_add(ctx, &decide_flags, NULL, param_i64(deciding->post_id), param_text(state),
	       param_time(ctx->now));
}

/* A notice that changes nothing: what else waits for the post, waits on. */
static bool leaves_the_post(const struct deciding *deciding)
{
	enum moderation_decision decision = deciding->choice->decision;

	return deciding->kind == MODERATION_NOTICE && !decisions[decision].withdraws &&
	       decision != DECISION_EDIT;
}

static enum err act_on_post(struct ctx *ctx, struct deciding *deciding)
{
	enum moderation_decision decision = deciding->choice->decision;

	if (leaves_the_post(deciding))
		return OK;
	if (decisions[decision].withdraws)
		TRY(withdraw(ctx, deciding));
	else if (decision != DECISION_IGNORE || deciding->was_hidden_by_flags)
		show(ctx, deciding);
	if (decision == DECISION_WARN || decision == DECISION_SUSPEND)
		TRY(measure(ctx, deciding));
	decide_the_flags(ctx, deciding);
	return OK;
}

/* Closing ------------------------------------------------------------------------------ */

/* Times as microseconds: what undoing hands back to the statement. */
static const char *undo_json(struct ctx *ctx, const struct deciding *deciding)
{
	struct buf json;

	buf_init(&json, ctx->arena, 1024);
	buf_char(&json, '{');
	if (deciding->post_id)
		buf_printf(
			&json,
			"\"visibility\": \"%s\", \"withdrawn_by\": %lld, \"withdrawn_at\": %lld, ",
			visibility_text(deciding->lock.post.visibility),
			(long long)deciding->withdrawn_by, (long long)deciding->withdrawn_at);
	buf_printf(&json, "\"case\": %lld, \"measure\": %lld, \"decided_at\": %lld}",
		   (long long)deciding->case_id, (long long)deciding->measure_id,
		   (long long)ctx->now);
	return json.data;
}

static void close_items(struct ctx *ctx, const struct deciding *deciding)
{
	const struct moderation_choice *choice = deciding->choice;

	db_add(ctx, &decide_close, NULL, param_i64(choice->id),
	       param_id(is_complaint(deciding->kind) || leaves_the_post(deciding)
				? 0
				: deciding->post_id),
	       param_time(ctx->now), param_id(ctx->actor->id),
	       param_text(moderation_decision_text(choice->decision)), param_text(deciding->note),
	       param_text(undo_json(ctx, deciding)));
	audit_write(ctx, &(struct audit_entry){
				 .action = arena_printf(ctx->arena, "queue_%s",
							moderation_decision_text(choice->decision)),
				 .subject = deciding->post_id ? "post" : "moderation_item",
				 .subject_id = deciding->post_id ? deciding->post_id : choice->id,
				 .person_id = deciding->person_id,
				 .reason = deciding->note });
	if (deciding->kind == MODERATION_NOTICE)
		notice_settle(ctx, deciding->reference_id);
}

/* The text is changed first, by the rule that keeps its versions. */
static enum err edit(struct ctx *ctx, const struct moderation_choice *choice, int64_t post_id)
{
	const char *path;

	return post_edit(ctx,
			 &(struct post_edit){ .id = post_id,
					      .body_md = choice->body_md,
					      .reason = choice->note,
					      .revision_count = choice->revision_count },
			 &path);
}

static enum complaint_outcome outcome_of(enum moderation_decision decision)
{
	if (decision == DECISION_UPHOLD)
		return COMPLAINT_UPHELD;
	return decision == DECISION_UNFOUNDED ? COMPLAINT_UNFOUNDED : COMPLAINT_REJECTED;
}

static enum err act(struct ctx *ctx, struct deciding *deciding)
{
	const struct moderation_choice *choice = deciding->choice;

	if (deciding->kind == MODERATION_APPEAL)
		return complaint_decide(ctx, deciding->reference_id, outcome_of(choice->decision),
					deciding->note);
	if (deciding->kind == MODERATION_NOTICE_COMPLAINT)
		return notice_complaint_decide(ctx, deciding->reference_id, choice->id,
					       choice->decision == DECISION_UPHOLD, deciding->note);
	return deciding->post_id ? act_on_post(ctx, deciding) : OK;
}

static enum err decide(struct ctx *ctx, struct deciding *deciding)
{
	const struct moderation_choice *choice = deciding->choice;
	const char *earlier;

	TRY(field_line(ctx, "note", choice->note, 0, MODERATION_NOTE_MAX, &deciding->note));
	TRY(read_target(ctx, deciding));
	TRY(check_right(ctx, deciding));
	TRY(check_fit(ctx, deciding));
	if (choice->decision == DECISION_EDIT)
		TRY(edit(ctx, choice, deciding->post_id));
	db_begin(ctx);
	TRY(once_claim(ctx, choice->form_key, &earlier));
	if (earlier)
		return OK;
	TRY(lock_all(ctx, deciding));
	TRY(act(ctx, deciding));
	close_items(ctx, deciding);
	once_result(ctx, choice->form_key, "decided");
	return db_commit(ctx);
}

enum err moderation_decide(struct ctx *ctx, const struct moderation_choice *choice)
{
	struct deciding deciding = { .choice = choice };

	return writing_end(ctx, decide(ctx, &deciding));
}
