/* Causes of what was late: shown, and corrected by people. */
#include "forum/desk_breach.h"

#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/desk.h"
#include "forum/field.h"
#include "i18n/i18n.h"

const struct desk_cause desk_causes[] = {
	{ "unseen", N_("Nobody took it in hand") },
	{ "claimed", N_("In hand, but not done in time") },
	{ "level", N_("Waited at another level of support") },
	{ "handed_over", N_("Handed over too often") },
	{ "information", N_("Information came late") },
	{ "few_hours", N_("Hardly any working time was left") },
	{ "reopened", N_("Opened again late") },
	{ "too_many", N_("Too many questions at once") },
	{ "outage", N_("An outage, ours or elsewhere") },
	{ "other", N_("Something else") },
};
const size_t desk_cause_count = ARRAY_COUNT(desk_causes);

DB_STATEMENT(desk_breaches_of,
	     "select b.kind = 'first_answer', b.due_at, b.met_at, b.cause, b.note,\n"
	     "	coalesce(p.name, '')\n"
	     "from desk_breaches b left join people p on p.id = b.corrected_by\n"
	     "where b.topic_id = $1 order by b.kind limit 2",
	     1);

DB_STATEMENT(desk_breach_update,
	     "with old as (\n"
	     "	select id, cause from desk_breaches where topic_id = $1 and kind = $2 for update\n"
	     ")\n"
	     "update desk_breaches b set cause = $3, note = $4, corrected_by = $5\n"
	     "from old where b.id = old.id returning b.id, old.cause",
	     5);

const char *desk_cause_label(const char *text)
{
	for (size_t i = 0; i < desk_cause_count; i++)
		if (strcmp(desk_causes[i].text, text) == 0)
			return _(desk_causes[i].label);
	return "";
}

void desk_breaches_add(struct ctx *ctx, int64_t topic_id, struct rows *rows)
{
	db_add(ctx, &desk_breaches_of, rows, param_i64(topic_id));
}

void desk_breaches_read(struct ctx *ctx, struct rows *rows,
			struct desk_breach out[DESK_BREACHES_MAX], size_t *count)
{
	(void)ctx;
	*count = 0;
	while (*count < DESK_BREACHES_MAX && rows_next(rows)) {
		struct desk_breach *breach = &out[(*count)++];

		breach->is_first_answer = col_bool(rows);
		breach->due_at = col_time(rows);
		breach->met_at = col_time(rows);
		breach->cause = col_text(rows);
		breach->note = col_text(rows);
		breach->corrected_by = col_text(rows);
	}
}

static void add_audit(struct ctx *ctx, int64_t topic_id, const char *kind, const char *before,
		      const char *after)
{
	audit_write(ctx, &(struct audit_entry){
				 .action = "desk_cause_corrected",
				 .subject = "topic",
				 .subject_id = topic_id,
				 .details = arena_printf(
					 ctx->arena,
					 "{\"clock\":\"%s\",\"before\":\"%s\",\"after\":\"%s\"}",
					 kind, before, after),
			 });
}

enum err desk_breach_correct(struct ctx *ctx, int64_t topic_id, bool is_first_answer,
			     const char *cause, const char *note)
{
	const char *kind = is_first_answer ? "first_answer" : "solution";
	struct desk_question question;
	const char *clean;
	struct rows rows;

	if (!desk_cause_label(cause)[0])
		return fail(ctx, ERR_INVALID, "cause", "%s", _("Choose one of the causes."));
	TRY(field_line(ctx, "cause_note", note, 0, DESK_BREACH_NOTE_MAX, &clean));
	TRY(desk_load(ctx, topic_id, &question));
	db_begin(ctx);
	TRY(db_query(ctx, &desk_breach_update, &rows, param_i64(topic_id), param_text(kind),
		     param_text(cause), param_text(clean), param_id(ctx->actor->id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	col_skip(&rows);
	add_audit(ctx, topic_id, kind, col_text(&rows), cause);
	return db_commit(ctx);
}
