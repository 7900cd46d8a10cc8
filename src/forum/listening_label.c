/*
 * Labelling: one text after the other, and taking the newest label back.
 */
#include "forum/listening_label.h"

#include "base/clock.h"
#include "base/slice.h"
#include "db/db.h"
#include "forum/listening_parts.h"
#include "forum/once.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

#define PLACE "/desk/listening/label"

/* Texts that are public still, of samples that are open: from week $1 on. */
#define OPEN_TEXTS \
	"listening_texts x join listening_samples s on s.id = x.sample_id\n" \
	"	and s.week >= " LISTENING_DATE_SQL( \
		"$1") "\n" \
		      "join posts p on p.id = x.post_id and p.visibility = 'visible'\n" \
		      "join topics t on t.id = p.topic_id and t.visibility = 'visible'\n"
#define LABELS_OF \
	"(select count(*) from listening_labels l where l.text_id = x.id and l.turn is not null)"
#define NEEDED "(1 + x.is_double::integer)"

/*
 * $2 the actor, $3 a text to come first. Everybody has an order of their own, so that two
 * at once do not label the same.
 */
DB_STATEMENT(
	listening_next_text,
	"select x.id, " LISTENING_WEEK_SQL(
		"s.week") "::bigint, t.title, t.language, coalesce(m.name, ''), p.body_html,\n"
			  "	p.kind = 'question'\n"
			  "from " OPEN_TEXTS "left join mirror_sources m on m.id = x.source_id\n"
			  "where " LABELS_OF " < " NEEDED "\n"
			  "	and not exists (select from listening_labels l where l.text_id = x.id\n"
			  "		and l.labeller_id = $2::bigint)\n"
			  "order by x.id <> $3::bigint, s.week desc, hashint8extended(x.id, $2::bigint), x.id\n"
			  "limit 1",
	3);

/* By week, the newest first: labels there are, and are needed. */
DB_STATEMENT(listening_progress,
	     "select " LISTENING_WEEK_SQL("s.week") "::bigint, sum(least(" LABELS_OF ", " NEEDED
						    "))::bigint,\n"
						    "	sum(" NEEDED ")::bigint\n"
						    "from " OPEN_TEXTS "group by 1 order by 1 desc",
	     1);

DB_STATEMENT(listening_newest_label,
	     "select l.id from listening_labels l\n"
	     "where l.labeller_id = $1 and l.created_at > $2 order by l.id desc limit 1",
	     2);

/* Locked, so that of two at once the second sees the first's. */
DB_STATEMENT(listening_text_lock,
	     "select x.id from listening_texts x join posts p on p.id = x.post_id\n"
	     "where x.id = $1 and p.visibility = 'visible' for update of x",
	     1);

/* The free turn; nothing when none is, or the actor has been here. A skip has no turn. */
DB_STATEMENT(
	listening_label_insert,
	"insert into listening_labels (text_id, turn, labeller_id, label, created_at)\n"
	"select x.id, case when $3::text <> 'skipped' then f.turn end, $2::bigint, $3::text, $4::timestamptz\n"
	"from listening_texts x cross join lateral (\n"
	"	select min(n.turn) as turn from generate_series(1, 1 + x.is_double::integer) n (turn)\n"
	"	where not exists (select from listening_labels l where l.text_id = x.id and l.turn = n.turn)) f\n"
	"where x.id = $1::bigint and f.turn is not null\n"
	"on conflict (text_id, labeller_id) do nothing",
	4);

DB_STATEMENT(listening_label_remove,
	     "delete from listening_labels l where l.id = (select n.id from listening_labels n\n"
	     "	where n.labeller_id = $1 and n.created_at > $2 order by n.id desc limit 1)\n"
	     "returning l.text_id",
	     2);

static const struct {
	const char *text, *name;
} labels[LISTENING_LABEL_COUNT] = {
	[LISTENING_NEGATIVE] = { "negative", N_("Negative") },
	[LISTENING_NEUTRAL] = { "neutral", N_("Neutral") },
	[LISTENING_POSITIVE] = { "positive", N_("Positive") },
	[LISTENING_OTHER] = { "other", N_("Not about us") },
	[LISTENING_SKIPPED] = { "skipped", N_("Skipped") },
};

const char *listening_label_text(enum listening_label label)
{
	return labels[label].text;
}

const char *listening_label_name(enum listening_label label)
{
	return labels[label].name;
}

bool listening_label_parse(const char *text, enum listening_label *out)
{
	for (int i = 0; i < LISTENING_LABEL_COUNT; i++) {
		*out = (enum listening_label)i;
		if (strcmp(labels[i].text, text) == 0)
			return true;
	}
	return false;
}

/* The next text ---------------------------------------------------------------------------- */

static int64_t undo_since(const struct ctx *ctx)
{
	return ctx->now - LISTENING_UNDO_MINUTES * CLOCK_MINUTE;
}

static void read_task(struct rows *rows, struct listening_task *out)
{
	out->text_id = col_i64(rows);
	out->week = col_i64(rows);
	out->title = col_text(rows);
	out->language = col_text(rows);
	out->source = col_text(rows);
	out->body = html_fragment_from_stored_sanitised(col_text(rows));
	out->is_question = col_bool(rows);
}

/* Of the text's week, or of the newest when nothing is left. */
static void read_progress(struct rows *rows, struct listening_task *out)
{
	while (rows_next(rows)) {
		int64_t week = col_i64(rows);

		if (out->week && out->week != week)
			continue;
		out->week = week;
		out->done = col_i64(rows);
		out->needed = col_i64(rows);
		return;
	}
}

enum err listening_task(struct ctx *ctx, int64_t wanted, struct listening_task *out)
{
	struct param since = param_i64(listening_week(ctx->now) - LISTENING_OPEN_WEEKS);
	struct rows text, progress, newest;

	*out = (struct listening_task){ .title = "", .language = "fr", .source = "" };
	TRY(listening_require(ctx));
	db_add(ctx, &listening_next_text, &text, since, param_i64(ctx->actor->id),
	       param_i64(wanted));
	db_add(ctx, &listening_progress, &progress, since);
	db_add(ctx, &listening_newest_label, &newest, param_i64(ctx->actor->id),
	       param_time(undo_since(ctx)));
	TRY(db_run(ctx));
	if (rows_next(&text))
		read_task(&text, out);
	read_progress(&progress, out);
	out->can_undo = rows_next(&newest);
	return OK;
}

/* Labels ----------------------------------------------------------------------------------- */

static enum err give(struct ctx *ctx, int64_t text_id, enum listening_label label,
		     const char *form_key)
{
	const char *earlier;
	struct rows rows;

	db_begin(ctx);
	db_add(ctx, &listening_text_lock, &rows, param_i64(text_id));
	TRY(writing_claim(ctx, form_key, &earlier));
	if (earlier)
		return OK;
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	db_add(ctx, &listening_label_insert, NULL, param_i64(text_id), param_i64(ctx->actor->id),
	       param_text(labels[label].text), param_time(ctx->now));
	once_result(ctx, form_key, PLACE);
	return db_commit(ctx);
}

enum err listening_give_label(struct ctx *ctx, int64_t text_id, enum listening_label label,
			      const char *form_key)
{
	TRY(listening_require(ctx));
	return writing_end(ctx, give(ctx, text_id, label, form_key));
}

static enum err take_back(struct ctx *ctx, const char *form_key, int64_t *text_id)
{
	const char *earlier;
	struct rows rows;

	db_begin(ctx);
	TRY(writing_claim(ctx, form_key, &earlier));
	if (earlier)
		return OK;
	TRY(db_query(ctx, &listening_label_remove, &rows, param_i64(ctx->actor->id),
		     param_time(undo_since(ctx))));
	if (rows_next(&rows))
		*text_id = col_i64(&rows);
	once_result(ctx, form_key, PLACE);
	return db_commit(ctx);
}

enum err listening_take_back(struct ctx *ctx, const char *form_key, int64_t *text_id)
{
	*text_id = 0;
	TRY(listening_require(ctx));
	return writing_end(ctx, take_back(ctx, form_key, text_id));
}
