/*
 * Changing the rules.
 */
#include "forum/holding_edit.h"

#include "base/buf.h"
#include "base/slice.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/field.h"
#include "forum/holding_rules.h"
#include "forum/once.h"
#include "i18n/i18n.h"

DB_STATEMENT(holding_rules_all,
	     "select " HOLDING_RULE_COLUMNS " from holding_rules r\n"
	     "where r.deleted_at is null order by r.position, r.id limit 100",
	     0);

DB_STATEMENT(holding_rule_one,
	     "select " HOLDING_RULE_COLUMNS
	     " from holding_rules r where r.id = $1 and r.deleted_at is null",
	     1);

DB_STATEMENT(
	holding_rule_insert,
	"insert into holding_rules (position, name, kind, act, trust_most, number, words, exceptions,\n"
	"	language, message_fr, message_en, on_mirrors, on_imports, changed_by)\n"
	"select coalesce(max(position), 0) + 10, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13\n"
	"from holding_rules where deleted_at is null having count(*) < 100 returning id",
	13);

DB_STATEMENT(
	holding_rule_update,
	"update holding_rules set name = $1, kind = $2, act = $3, trust_most = $4, number = $5,\n"
	"	words = $6, exceptions = $7, language = $8, message_fr = $9, message_en = $10,\n"
	"	on_mirrors = $11, on_imports = $12, changed_by = $13, changed_at = now()\n"
	"where id = $14 and deleted_at is null returning id",
	14);

/* Takes the place of its neighbour; all get even places again. */
DB_STATEMENT(
	holding_rule_move,
	"with placed as (select r.id, row_number() over (order by r.position, r.id) as n\n"
	"	from holding_rules r where r.deleted_at is null),\n"
	"mine as (select n from placed where id = $1)\n"
	"update holding_rules r set position = 10 * (case when p.n = mine.n then mine.n + $2::integer\n"
	"	when p.n = mine.n + $2::integer then mine.n else p.n end)\n"
	"from placed p, mine where p.id = r.id\n"
	"	and mine.n + $2::integer between 1 and (select count(*) from placed)",
	2);

DB_STATEMENT(holding_rule_switch,
	     "update holding_rules set is_on = $2, changed_by = $3, changed_at = now()\n"
	     "where id = $1 and deleted_at is null",
	     3);

DB_STATEMENT(
	holding_rule_delete,
	"update holding_rules set deleted_at = case when $2::boolean then now() end, is_on = false,\n"
	"	changed_by = $3, changed_at = now() where id = $1",
	3);

static enum err require(struct ctx *ctx)
{
	return policy_require(ctx, MAY_EDIT_HOLDING, &(struct subject){ .now = ctx->now });
}

enum err holding_list_load(struct ctx *ctx, struct holding_list *out)
{
	struct rows rows;

	TRY(require(ctx));
	TRY(db_query(ctx, &holding_rules_all, &rows));
	*out = (struct holding_list){
		arena_array_of(ctx->arena, (size_t)rows.count, struct holding_rule), 0
	};
	while (rows_next(&rows))
		holding_rule_read(&rows, &out->items[out->count++]);
	return OK;
}

enum err holding_rule_load(struct ctx *ctx, int64_t id, struct holding_rule *out)
{
	struct rows rows;

	TRY(require(ctx));
	TRY(db_query(ctx, &holding_rule_one, &rows, param_i64(id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	holding_rule_read(&rows, out);
	return OK;
}

/* Saving --------------------------------------------------------------------------------- */

static enum err check_lines(struct ctx *ctx, const char *field, const char *lines)
{
	struct word_entry like = { .languages = WORD_ANY }, *entries;
	size_t bad;

	word_list_parse(ctx->arena, lines, &like, &entries, &bad);
	if (!bad)
		return OK;
	return fail(ctx, ERR_INVALID, field,
		    _("Line %d says nothing, is too long, or is a beginning of fewer than three "
		      "letters before *."),
		    (int)bad);
}

static bool are_hours(const char *words)
{
	struct slice until = slice_of(words), from = slice_cut(&until, '-');
	int64_t first, last;

	return until.data && slice_to_i64(slice_trim(from), &first) &&
	       slice_to_i64(slice_trim(until), &last) && first >= 0 && first <= 24 && last >= 0 &&
	       last <= 24;
}

/* What the kind needs beside the number. */
static enum err check_words(struct ctx *ctx, const struct holding_rule *rule)
{
	bool needs_words = rule->kind == HOLD_WORDS || rule->kind == HOLD_HOSTS ||
			   rule->kind == HOLD_CATEGORY;

	if (needs_words && !rule->words[0])
		return fail(ctx, ERR_INVALID, "words", "%s",
			    _("This kind of rule needs a list: one entry a line."));
	if (rule->kind == HOLD_HOURS && !are_hours(rule->words))
		return fail(ctx, ERR_INVALID, "words", "%s",
			    _("Write the hours as 22-6: from 22 h to 6 h."));
	if (rule->kind != HOLD_WORDS)
		return OK;
	TRY(check_lines(ctx, "words", rule->words));
	return check_lines(ctx, "exceptions", rule->exceptions);
}

static enum err clean(struct ctx *ctx, struct holding_rule *rule)
{
	TRY(field_line(ctx, "name", rule->name, 1, HOLDING_NAME_MAX, &rule->name));
	TRY(field_text(ctx, "words", rule->words, 0, HOLDING_WORDS_BYTES, &rule->words));
	TRY(field_text(ctx, "exceptions", rule->exceptions, 0, HOLDING_EXCEPT_BYTES,
		       &rule->exceptions));
	TRY(field_line(ctx, "message_fr", rule->message_fr, 0, HOLDING_MESSAGE_MAX,
		       &rule->message_fr));
	TRY(field_line(ctx, "message_en", rule->message_en, 0, HOLDING_MESSAGE_MAX,
		       &rule->message_en));
	if (rule->number < 0 || rule->number > 1000000)
		return fail(ctx, ERR_INVALID, "number", "%s",
			    _("Please type a whole number that is not negative."));
	if (rule->trust_most < 0 || rule->trust_most > TRUST_LEVEL_MAX)
		return fail(ctx, ERR_BAD_REQUEST, NULL, NULL);
	return check_words(ctx, rule);
}

static void add_audit(struct ctx *ctx, const char *action, int64_t id,
		      const struct holding_rule *rule)
{
	struct buf details;

	buf_init(&details, ctx->arena, 4096);
	if (rule) {
		buf_text(&details, "{\"name\":");
		buf_json(&details, rule->name);
		buf_printf(&details, ",\"kind\":\"%s\",\"act\":\"%s\",\"number\":%lld}",
			   holding_kind_text(rule->kind), holding_act_text(rule->act),
			   (long long)rule->number);
	}
	audit_write(ctx, &(struct audit_entry){ .action = action,
						.subject = "holding_rule",
						.subject_id = id,
						.details = rule ? details.data : NULL });
}

static void add_rule(struct ctx *ctx, const struct holding_rule *rule, struct rows *rows)
{
	const struct param values[] = {
		param_text(rule->name),
		param_text(holding_kind_text(rule->kind)),
		param_text(holding_act_text(rule->act)),
		param_i64(rule->trust_most),
		param_i64(rule->number),
		param_text(rule->words),
		param_text(rule->exceptions),
		param_text(rule->language),
		param_text(rule->message_fr),
		param_text(rule->message_en),
		param_bool(rule->on_mirrors),
		param_bool(rule->on_imports),
		param_id(ctx->actor->id),
		param_i64(rule->id),
	};
	bool is_new = rule->id == 0;

	db_add_params(ctx, is_new ? &holding_rule_insert : &holding_rule_update, rows, values,
		      ARRAY_COUNT(values) - is_new);
}

static enum err save(struct ctx *ctx, struct holding_rule *rule, const char *form_key, int64_t *id)
{
	const char *earlier;
	struct rows rows;

	db_begin(ctx);
	TRY(once_claim(ctx, form_key, &earlier));
	if (earlier) {
		*id = strtoll(earlier, NULL, 10);
		return OK;
	}
	add_rule(ctx, rule, &rows);
	TRY(db_run(ctx));
	if (!rows_next(&rows))
		return rule->id ? fail(ctx, ERR_NOT_FOUND, NULL, NULL)
				: fail(ctx, ERR_INVALID, "name", "%s",
				       _("There are a hundred rules already."));
	*id = col_i64(&rows);
	add_audit(ctx, rule->id ? "holding_rule_change" : "holding_rule_add", *id, rule);
	once_result(ctx, form_key, arena_printf(ctx->arena, "%lld", (long long)*id));
	return db_commit(ctx);
}

enum err holding_rule_save(struct ctx *ctx, const struct holding_rule *rule, const char *form_key,
			   int64_t *id)
{
	struct holding_rule cleaned = *rule;
	enum err result;

	TRY(require(ctx));
	TRY(clean(ctx, &cleaned));
	result = save(ctx, &cleaned, form_key, id);
	if (result != OK)
		db_rollback(ctx);
	return result;
}

/* Small changes ---------------------------------------------------------------------------- */

static const char *const changes[] = {
	[RULE_UP] = "up",   [RULE_DOWN] = "down",     [RULE_ON] = "on",
	[RULE_OFF] = "off", [RULE_DELETE] = "delete", [RULE_RESTORE] = "restore",
};

bool holding_change_parse(const char *text, enum holding_change *out)
{
	for (size_t i = 0; i < ARRAY_COUNT(changes); i++) {
		if (strcmp(changes[i], text) == 0) {
			*out = (enum holding_change)i;
			return true;
		}
	}
	return false;
}

enum err holding_rule_change(struct ctx *ctx, int64_t id, enum holding_change change)
{
	struct param rule = param_i64(id), person = param_id(ctx->actor->id);
	bool is_delete = change == RULE_DELETE || change == RULE_RESTORE;

	TRY(require(ctx));
	db_begin(ctx);
	if (change == RULE_UP || change == RULE_DOWN)
		db_add(ctx, &holding_rule_move, NULL, rule, param_i64(change == RULE_UP ? -1 : 1));
	else if (is_delete)
		db_add(ctx, &holding_rule_delete, NULL, rule, param_bool(change == RULE_DELETE),
		       person);
	else
		db_add(ctx, &holding_rule_switch, NULL, rule, param_bool(change == RULE_ON),
		       person);
	add_audit(ctx, arena_printf(ctx->arena, "holding_rule_%s", changes[change]), id, NULL);
	return db_commit(ctx);
}
