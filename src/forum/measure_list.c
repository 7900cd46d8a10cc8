/*
 * Measures and cases as lists, for a person's page and an item's context.
 */
#include "forum/measure.h"

#include "db/db.h"
#include "i18n/i18n.h"

DB_STATEMENT(
	measures_of_person,
	"select m.id, m.kind, m.reason, m.created_at, m.ends_at, m.ended_at, m.end_reason,\n"
	"	m.acknowledged_at, m.category_id, coalesce(case $2 when 'en' then c.name_en else c.name_fr end, ''),\n"
	"	coalesce(b.name, ''), coalesce(e.name, ''),\n"
	"	(select max(k.id) from moderation_cases k where k.measure_id = m.id)\n"
	"from measures m left join categories c on c.id = m.category_id\n"
	"left join people b on b.id = m.created_by left join people e on e.id = m.ended_by\n"
	"where m.person_id = coalesce(nullif($1::bigint, 0),\n"
	"	(select i.person_id from moderation_items i where i.id = $3::bigint))\n"
	"order by m.id desc limit 50",
	3);

static const struct {
	const char *text, *label;
} kinds[] = {
	[MEASURE_NOTE] = { "note", N_("Note (only the team sees it)") },
	[MEASURE_WARNING] = { "warning", N_("Warning") },
	[MEASURE_SILENCE] = { "silence", N_("Silence (may read, not write)") },
	[MEASURE_SUSPENSION] = { "suspension", N_("Suspension") },
	[MEASURE_RIGHTS_REMOVED] = { "rights_removed", N_("May not write in a category") },
};
_Static_assert(ARRAY_COUNT(kinds) == MEASURE_KIND_COUNT, "every kind has its words");

const char *measure_kind_text(enum measure_kind kind)
{
	return kinds[kind].text;
}

const char *measure_kind_label(enum measure_kind kind)
{
	return _(kinds[kind].label);
}

bool measure_kind_parse(const char *text, enum measure_kind *out)
{
	for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
		if (strcmp(kinds[i].text, text) == 0) {
			*out = (enum measure_kind)i;
			return true;
		}
	}
	return false;
}

void measure_add_of_person(struct ctx *ctx, int64_t person_id, int64_t item_id, struct rows *rows)
{
	db_add(ctx, &measures_of_person, rows, param_i64(person_id), param_text(ctx->language),
	       param_i64(item_id));
}

static void measure_read(const struct ctx *ctx, struct rows *rows, struct measure *measure)
{
	measure->id = col_i64(rows);
	/* The schema's check constraint allows no other word. */
	if (!measure_kind_parse(col_text(rows), &measure->kind))
		measure->kind = MEASURE_NOTE;
	measure->reason = col_text(rows);
	measure->created_at = col_time(rows);
	measure->ends_at = col_time(rows);
	measure->ended_at = col_time(rows);
	measure->end_reason = col_text(rows);
	measure->acknowledged_at = col_time(rows);
	measure->category_id = col_i64(rows);
	measure->category_name = col_text(rows);
	measure->created_by_name = col_text(rows);
	measure->ended_by_name = col_text(rows);
	measure->case_id = col_i64(rows);
	measure->is_in_force = measure->kind != MEASURE_NOTE && !measure->ended_at &&
			       (!measure->ends_at || measure->ends_at > ctx->now);
}

void measure_read_all(struct ctx *ctx, struct rows *rows, struct measure **out, size_t *count)
{
	*out = arena_array_of(ctx->arena, (size_t)rows->count, struct measure);
	*count = 0;
	while (rows_next(rows))
		measure_read(ctx, rows, &(*out)[(*count)++]);
}

void case_row_read(struct rows *rows, struct case_row *row)
{
	row->id = col_i64(rows);
	row->created_at = col_time(rows);
	row->ends_at = col_time(rows);
	row->reversed_at = col_time(rows);
	row->post_id = col_i64(rows);
	row->act = case_act_from_text(col_text(rows));
	if (!rule_parse(col_text(rows), &row->rule))
		row->rule = RULE_OTHER;
	row->reversal = case_reversal_from_text(col_text(rows));
	row->is_decided_automatically = col_bool(rows);
	row->decided_by_name = col_text(rows);
	row->facts = col_text(rows);
}

void case_read_all(struct ctx *ctx, struct rows *rows, struct case_row **out, size_t *count)
{
	*out = arena_array_of(ctx->arena, (size_t)rows->count, struct case_row);
	*count = 0;
	while (rows_next(rows))
		case_row_read(rows, &(*out)[(*count)++]);
}
