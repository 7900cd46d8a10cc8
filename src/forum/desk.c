/*
 * One question of the desk: its row, and claiming it.
 */
#include "forum/desk_parts.h"

#include "base/crypto.h"
#include "base/slice.h"
#include "forum/category.h"
#include "i18n/i18n.h"
#include "text/slug.h"

_Static_assert(DESK_CLAIM_MINUTES == 10, "the statements say so too");
#define FIELDS_MAX 64

/* $2, $3: the fields of an expert. The last column: may work on it as one. */
DB_STATEMENT(desk_by_topic,
	     "select " DESK_COLUMNS
	     ", " DESK_IN_FIELDS("$2", "$3") "\nfrom desk_questions q " DESK_JOINS
					     "where q.topic_id = $1",
	     3);

DB_STATEMENT(desk_row_lock, "select from desk_questions where topic_id = $1 for no key update", 1);

DB_STATEMENT(desk_event_add, "select desk_event($1::bigint, $2)", 2);

/* Free for $2: nobody's, theirs, or left behind. */
DB_STATEMENT(desk_claim_take,
	     "update desk_questions q set claimed_by = $2::bigint, claim_token = $3,\n"
	     "	claimed_until = clock_timestamp() + interval '10 minutes',\n"
	     "	first_claimed_at = coalesce(q.first_claimed_at, clock_timestamp())\n"
	     "where q.topic_id = $1::bigint and q.stage <> 'done' and (q.claimed_by is null\n"
	     "	or q.claimed_by = $2::bigint or q.claimed_until <= clock_timestamp())\n"
	     "	and ($4::boolean or " DESK_IN_FIELDS("$5", "$6") ")\n"
								 "returning q.claimed_until",
	     6);

DB_STATEMENT(desk_claim_renew,
	     "update desk_questions set claimed_until = clock_timestamp() + interval '10 minutes'\n"
	     "where topic_id = $1 and claimed_by = $2::bigint and claim_token = $3\n"
	     "	and claimed_until > clock_timestamp() and stage <> 'done'\n"
	     "returning claimed_until",
	     3);

DB_STATEMENT(
	desk_claim_end,
	"update desk_questions set claimed_by = null, claimed_until = null, claim_token = null\n"
	"where topic_id = $1 and claimed_by = $2::bigint",
	2);

/* Words ----------------------------------------------------------------------------- */

static const struct {
	const char *text, *label;
} stages[DESK_STAGE_COUNT] = {
	[DESK_UNANSWERED] = { "unanswered", N_("Without an answer") },
	[DESK_ANSWERED] = { "answered", N_("Answered, but not solved") },
	[DESK_REOPENED] = { "reopened", N_("Open again") },
	[DESK_DONE] = { "done", N_("Settled") },
};

const char *desk_stage_text(enum desk_stage stage)
{
	return stages[stage].text;
}

const char *desk_stage_label(enum desk_stage stage)
{
	return _(stages[stage].label);
}

bool desk_stage_parse(const char *text, enum desk_stage *out)
{
	for (int i = 0; i < DESK_STAGE_COUNT; i++) {
		if (strcmp(stages[i].text, text) == 0) {
			*out = (enum desk_stage)i;
			return true;
		}
	}
	return false;
}

static const struct {
	const char *text, *label;
} watches[DESK_WATCH_COUNT] = {
	[DESK_NOT_WATCHED] = { "", N_("No watched word") },
	[DESK_CRISIS] = { "crisis", N_("Crisis word") },
	[DESK_LEGAL] = { "legal", N_("Legal word") },
	[DESK_SAFETY] = { "safety", N_("Safety word") },
};

const char *desk_watch_text(enum desk_watch watch)
{
	return watches[watch].text;
}

const char *desk_watch_label(enum desk_watch watch)
{
	return _(watches[watch].label);
}

enum desk_watch desk_watch_from_text(const char *text)
{
	for (int i = 0; i < DESK_WATCH_COUNT; i++)
		if (strcmp(watches[i].text, text) == 0)
			return (enum desk_watch)i;
	return DESK_NOT_WATCHED;
}

/* Who may ------------------------------------------------------------------------------ */

static bool has_fields(const struct ctx *ctx)
{
	return ctx->actor->expert_fields && ctx->actor->expert_fields[0];
}

static struct subject somewhere(const struct ctx *ctx, bool is_actors_field)
{
	return (struct subject){ .is_actors_field = is_actors_field, .now = ctx->now };
}

bool desk_is_open_to(const struct ctx *ctx)
{
	const struct subject subject = somewhere(ctx, has_fields(ctx));

	return policy_can(ctx->actor, MAY_WORK_DESK, &subject);
}

enum err desk_require(struct ctx *ctx)
{
	const struct subject subject = somewhere(ctx, has_fields(ctx));

	return policy_require(ctx, MAY_WORK_DESK, &subject);
}

struct param desk_fields(struct ctx *ctx, char letter)
{
	int64_t numbers[FIELDS_MAX];
	size_t count = 0;
	struct slice rest = slice_of(has_fields(ctx) ? ctx->actor->expert_fields : "");

	while (rest.data && rest.length > 0 && count < FIELDS_MAX) {
		struct slice field = slice_cut(&rest, ',');

		if (field.length > 1 && field.data[0] == letter &&
		    slice_to_i64(slice_make(field.data + 1, field.length - 1), &numbers[count]))
			count++;
	}
	return param_i64s(ctx->arena, numbers, count);
}

/* Reading ------------------------------------------------------------------------------ */

static void read_people(const struct ctx *ctx, struct rows *rows, struct desk_question *out)
{
	const char *token;

	out->team_id = col_i64(rows);
	out->team_name = col_text(rows);
	out->assigned_to = col_i64(rows);
	out->assigned_name = col_text(rows);
	out->claimed_by = col_i64(rows);
	out->claimed_name = col_text(rows);
	out->claimed_until = col_time(rows);
	token = col_text(rows);
	out->claim_token = out->claimed_by && out->claimed_by == ctx->actor->id ? token : "";
	out->escalated_to = col_i64(rows);
	out->escalated_at = col_time(rows);
	out->escalated_due_at = col_time(rows);
	out->escalated_name = col_text(rows);
}

static void read_clocks(struct rows *rows, struct desk_question *out)
{
	out->follow_up_at = col_time(rows);
	out->waiting_since = col_time(rows);
	out->asked_at = col_time(rows);
	out->clock_at = col_time(rows);
	out->first_target_minutes = col_i64(rows);
	out->solution_target_minutes = col_i64(rows);
	out->first_due_at = col_time(rows);
	out->solution_due_at = col_time(rows);
	out->first_met_at = col_time(rows);
	out->solution_met_at = col_time(rows);
	out->first_breached_at = col_time(rows);
	out->solution_breached_at = col_time(rows);
	out->due_at = col_time(rows);
	out->warning_at = col_time(rows);
	out->order_at = col_time(rows);
	out->hand_overs = col_i64(rows);
	out->weight = col_i64(rows);
}

/* Experts, of the public, are not told. */
static void read_private(const struct ctx *ctx, struct rows *rows, struct desk_question *out)
{
	const bool is_open = !col_is_null(rows), is_for_team = col_bool(rows);

	out->is_private = is_open && role_is_staff(ctx->actor->role);
	out->has_private_reply = out->is_private && is_for_team;
}

void desk_question_read(struct ctx *ctx, struct rows *rows, struct desk_question *out)
{
	const char *french, *english;

	*out = (struct desk_question){ .topic_id = col_i64(rows) };
	out->category_id = col_i64(rows);
	out->top_category_id = col_i64(rows);
	out->title = col_text(rows);
	out->slug = slug_from(ctx->arena, out->title);
	french = col_text(rows);
	english = col_text(rows);
	out->category_name = strcmp(ctx->language, "fr") == 0 ? french : english;
	out->category_slug = col_text(rows);
	if (!desk_stage_parse(col_text(rows), &out->stage))
		out->stage = DESK_DONE;
	out->watch = desk_watch_from_text(col_text(rows));
	out->is_mirrored = col_bool(rows);
	out->is_breached = col_bool(rows);
	out->level = (int)col_i64(rows);
	read_people(ctx, rows, out);
	read_clocks(rows, out);
	out->me_too_count = col_i64(rows);
	out->answer_count = col_i64(rows);
	out->author_name = col_text(rows);
	read_private(ctx, rows, out);
}

static enum err take(struct ctx *ctx, struct rows *rows, struct desk_question *out)
{
	struct subject subject;

	*out = (struct desk_question){ .topic_id = 0 };
	if (!rows_next(rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	desk_question_read(ctx, rows, out);
	subject = somewhere(ctx, col_bool(rows));
	return policy_require(ctx, MAY_WORK_DESK, &subject);
}

enum err desk_load(struct ctx *ctx, int64_t topic_id, struct desk_question *out)
{
	struct rows rows;

	*out = (struct desk_question){ .topic_id = 0 };
	TRY(desk_require(ctx));
	TRY(db_query(ctx, &desk_by_topic, &rows, param_i64(topic_id), desk_fields(ctx, 'c'),
		     desk_fields(ctx, 't')));
	return take(ctx, &rows, out);
}

static bool is_anothers(const struct ctx *ctx, const struct desk_question *question)
{
	return question->claimed_by && question->claimed_by != ctx->actor->id;
}

/* The lock is a statement before the reading: what is read is what was waited for. */
enum err desk_lock(struct ctx *ctx, int64_t topic_id, struct desk_question *out)
{
	struct rows rows;

	*out = (struct desk_question){ .topic_id = 0 };
	TRY(desk_require(ctx));
	db_add(ctx, &desk_row_lock, NULL, param_i64(topic_id));
	db_add(ctx, &desk_by_topic, &rows, param_i64(topic_id), desk_fields(ctx, 'c'),
	       desk_fields(ctx, 't'));
	TRY(db_run(ctx));
	TRY(take(ctx, &rows, out));
	if (is_anothers(ctx, out))
		return fail(ctx, ERR_CONFLICT, NULL, _("%s is working on this question just now."),
			    out->claimed_name);
	return OK;
}

void desk_changed(struct ctx *ctx, int64_t topic_id, enum desk_event event)
{
	db_add(ctx, &desk_event_add, NULL, param_i64(topic_id),
	       param_text(event == DESK_EVENT_HANDED_OVER ? "handed_over" : "changed"));
}

/* Claiming ----------------------------------------------------------------------------- */

static enum err explain_refusal(struct ctx *ctx, struct rows *rows)
{
	struct desk_question question;

	TRY(take(ctx, rows, &question));
	if (is_anothers(ctx, &question))
		return fail(ctx, ERR_CONFLICT, NULL, _("%s is working on this question just now."),
			    question.claimed_name);
	return fail(ctx, ERR_CONFLICT, NULL, "%s", _("This question was settled in the meantime."));
}

enum err desk_claim(struct ctx *ctx, int64_t topic_id, struct desk_claim *out)
{
	const struct subject anywhere = somewhere(ctx, false);
	struct param topic = param_i64(topic_id), categories = desk_fields(ctx, 'c'),
		     tags = desk_fields(ctx, 't');
	const char *token = crypto_token(ctx->arena);
	struct rows claimed, state;

	*out = (struct desk_claim){ .token = "" };
	TRY(desk_require(ctx));
	db_add(ctx, &desk_claim_take, &claimed, topic, param_id(ctx->actor->id), param_text(token),
	       param_bool(policy_can(ctx->actor, MAY_WORK_DESK, &anywhere)), categories, tags);
	db_add(ctx, &desk_by_topic, &state, topic, categories, tags);
	TRY(db_run(ctx));
	if (!rows_next(&claimed))
		return explain_refusal(ctx, &state);
	*out = (struct desk_claim){ .until = col_time(&claimed), .token = token };
	return OK;
}

enum err desk_renew(struct ctx *ctx, int64_t topic_id, const char *token, struct desk_claim *out)
{
	struct rows rows;

	*out = (struct desk_claim){ .token = token };
	TRY(desk_require(ctx));
	TRY(db_query(ctx, &desk_claim_renew, &rows, param_i64(topic_id), param_id(ctx->actor->id),
		     param_text(token)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("You no longer have this question in hand: claim it again."));
	out->until = col_time(&rows);
	return OK;
}

enum err desk_let_go(struct ctx *ctx, int64_t topic_id)
{
	TRY(desk_require(ctx));
	return db_query(ctx, &desk_claim_end, NULL, param_i64(topic_id), param_id(ctx->actor->id));
}
