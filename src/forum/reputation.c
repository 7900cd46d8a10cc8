/*
 * Reading the ledger of reputation.
 */
#include "forum/reputation.h"

#include "db/db.h"
#include "forum/policy.h"
#include "i18n/i18n.h"

DB_STATEMENT(
	reputation_of_person,
	"select e.id, e.points, e.created_at, e.cause, e.discount, e.undoes is not null,\n"
	"	case when t.visibility = 'visible' then t.id end, case when t.visibility = 'visible' then e.post_id end,\n"
	"	case when t.visibility = 'visible' then t.title end\n"
	"from reputation_entries e\n"
	"left join posts p on p.id = e.post_id\n"
	"left join topics t on t.id = p.topic_id\n"
	"where e.person_id = $1 and ($2::bigint = 0 or e.id < $2::bigint)\n"
	"order by e.id desc\n"
	"limit $3::bigint",
	3);

DB_STATEMENT(reputation_settle_everywhere, "select reputation_settle(null)", 0);

static void entry_read(struct rows *rows, struct reputation_entry *entry)
{
	entry->id = col_i64(rows);
	entry->points = col_i64(rows);
	entry->created_at = col_time(rows);
	entry->cause = col_text(rows);
	entry->discount = col_text(rows);
	entry->is_undoing = col_bool(rows);
	entry->topic_id = col_i64(rows);
	entry->post_id = col_i64(rows);
	entry->topic_title = col_text(rows);
}

enum err reputation_list(struct ctx *ctx, int64_t person_id, int64_t before,
			 struct reputation_list *out)
{
	const struct subject subject = { .author_id = person_id };
	struct rows rows;

	TRY(policy_require(ctx, MAY_SEE_STANDING, &subject));
	TRY(db_query(ctx, &reputation_of_person, &rows, param_i64(person_id), param_i64(before),
		     param_i64(REPUTATION_PER_PAGE + 1)));
	*out = (struct reputation_list){ .items = arena_array_of(ctx->arena, (size_t)rows.count,
								 struct reputation_entry) };
	while (out->count < REPUTATION_PER_PAGE && rows_next(&rows))
		entry_read(&rows, &out->items[out->count++]);
	if (rows.count > REPUTATION_PER_PAGE)
		out->next = out->items[out->count - 1].id;
	return OK;
}

enum err reputation_settle_all(struct ctx *ctx, int64_t *written)
{
	struct rows rows;

	*written = 0;
	TRY(db_query_params(ctx, &reputation_settle_everywhere, &rows, NULL, 0));
	if (rows_next(&rows))
		*written = col_i64(&rows);
	return OK;
}

const char *reputation_cause_label(const char *cause)
{
	static const struct {
		const char *word, *label;
	} causes[] = {
		{ "accepted", N_("Answer accepted") },
		{ "accepting", N_("An answer accepted by you") },
		{ "thanks", N_("Thanks received") },
		{ "removed", N_("Post removed by the team") },
		{ "abuse", N_("Post removed as abuse") },
	};

	for (size_t i = 0; i < ARRAY_COUNT(causes); i++)
		if (strcmp(causes[i].word, cause) == 0)
			return _(causes[i].label);
	return cause;
}

const char *reputation_discount_label(const char *discount)
{
	static const struct {
		const char *word, *label;
	} discounts[] = {
		{ "self", N_("nothing for one’s own answer") },
		{ "address", N_("from the same household") },
		{ "pair", N_("often between the same two people") },
		{ "reciprocal", N_("a favour returned many times") },
		{ "one_sided", N_("given to almost nobody else") },
		{ "ring", N_("among people who reward each other") },
		{ "cap", N_("the day’s limit was reached") },
	};

	for (size_t i = 0; i < ARRAY_COUNT(discounts); i++)
		if (strcmp(discounts[i].word, discount) == 0)
			return _(discounts[i].label);
	return "";
}
