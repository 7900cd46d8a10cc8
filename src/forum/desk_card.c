/*
 * The card of who asked.
 */
#include "forum/desk_card.h"

#include "db/db.h"
#include "forum/actor.h"
#include "forum/topic_columns.h"
#include "text/slug.h"

/* Who asked $1. */
#define ASKER "(select t.author_id from topics t where t.id = $1::bigint)"
/* Not who opted out: their other questions are not looked up. */
#define OPEN_ASKER \
	"(select a.id from people a join topics t on t.author_id = a.id\n" \
	"	where t.id = $1::bigint and a.is_ranked)"

DB_STATEMENT(
	desk_card_person,
	"select " PERSON_AUTHOR_COLUMNS(
		"p") ", p.is_ranked, p.trust_level::bigint, p.thanks_count,\n"
		     "	(select count(*) from (select from topics o where p.is_ranked and o.author_id = p.id\n"
		     "		and o.visibility = 'visible' limit 1000) x),\n"
		     "	(select count(*) from (select from topics o where p.is_ranked and o.author_id = p.id\n"
		     "		and o.visibility = 'visible' and o.is_solved limit 1000) x)\n"
		     "from people p where p.id = " ASKER " and p.state <> 'anonymised'",
	1);

/* Of their newest hundred questions. */
DB_STATEMENT(
	desk_card_subjects,
	"with own as (\n"
	"	select o.id, o.category_id from topics o where o.author_id = " OPEN_ASKER "\n"
	"		and o.visibility = 'visible' order by o.created_at desc limit 100\n"
	")\n"
	"select x.is_tag, x.word, x.french, x.english, x.uses from (\n"
	"	select true as is_tag, g.name as word, g.name as french, g.name as english, count(*) as uses\n"
	"	from own o join topic_tags tt on tt.topic_id = o.id join tags g on g.id = tt.tag_id group by g.id\n"
	"	union all\n"
	"	select false, c.slug, c.name_fr, c.name_en, count(*)\n"
	"	from own o join categories c on c.id = o.category_id group by c.id\n"
	") x order by x.uses desc, x.is_tag desc, x.word limit $2::bigint",
	2);

DB_STATEMENT(desk_card_topics,
	     "select " TOPIC_LINK_COLUMNS "\n"
	     "from topics t where t.author_id = " OPEN_ASKER "\n"
	     "	and t.visibility = 'visible' and t.id <> $1::bigint\n"
	     "order by t.created_at desc, t.id desc limit $2::bigint",
	     2);

DB_STATEMENT(desk_card_measures,
	     "select m.kind, m.created_at, m.ends_at from measures m\n"
	     "where $3::boolean and m.person_id = " OPEN_ASKER " and m.kind <> 'note'\n"
	     "	and m.ended_at is null and (m.ends_at is null or m.ends_at > now())\n"
	     "	and (m.kind <> 'warning' or m.acknowledged_at is null)\n"
	     "order by m.id desc limit $2::bigint",
	     3);

struct desk_card_rows desk_card_add(struct ctx *ctx, int64_t topic_id)
{
	struct rows *rows = arena_array_of(ctx->arena, 4, struct rows);
	struct desk_card_rows out = { &rows[0], &rows[1], &rows[2], &rows[3] };
	struct param topic = param_i64(topic_id);

	db_add(ctx, &desk_card_person, out.person, topic);
	db_add(ctx, &desk_card_subjects, out.subjects, topic, param_i64(DESK_CARD_SUBJECTS));
	db_add(ctx, &desk_card_topics, out.topics, topic, param_i64(DESK_CARD_TOPICS));
	db_add(ctx, &desk_card_measures, out.measures, topic, param_i64(DESK_CARD_MEASURES),
	       param_bool(role_is_staff(ctx->actor->role)));
	return out;
}

static void subjects_read(struct ctx *ctx, struct rows *rows, struct desk_card *out)
{
	while (out->subject_count < DESK_CARD_SUBJECTS && rows_next(rows)) {
		struct desk_subject *subject = &out->subjects[out->subject_count++];
		bool is_tag = col_bool(rows), is_french = strcmp(ctx->language, "fr") == 0;
		const char *word = col_text(rows), *french = col_text(rows),
			   *english = col_text(rows);

		*subject = (struct desk_subject){
			.name = is_french ? french : english,
			.path = arena_printf(ctx->arena, is_tag ? "/tag/%s" : "/c/%s", word),
			.count = col_i64(rows),
		};
	}
}

static void measures_read(struct rows *rows, struct desk_card *out)
{
	while (out->measure_count < DESK_CARD_MEASURES && rows_next(rows)) {
		struct measure *measure = &out->measures[out->measure_count++];

		*measure = (struct measure){ .is_in_force = true };
		if (!measure_kind_parse(col_text(rows), &measure->kind))
			measure->kind = MEASURE_WARNING;
		measure->created_at = col_time(rows);
		measure->ends_at = col_time(rows);
	}
}

void desk_card_read(struct ctx *ctx, struct desk_card_rows *rows, struct desk_card *out)
{
	*out = (struct desk_card){ 0 };
	if (!rows_next(rows->person))
		return;
	out->has_account = true;
	author_read(ctx, rows->person, &out->author);
	out->is_private = !col_bool(rows->person);
	if (out->is_private)
		return;
	out->trust_level = (int)col_i64(rows->person);
	out->thanks_count = col_i64(rows->person);
	out->question_count = col_i64(rows->person);
	out->solved_question_count = col_i64(rows->person);
	out->answer_count = out->author.answer_count;
	out->accepted_count = out->author.accepted_count;
	subjects_read(ctx, rows->subjects, out);
	while (out->topic_count < DESK_CARD_TOPICS && rows_next(rows->topics))
		topic_link_read(ctx, rows->topics, &out->topics[out->topic_count++]);
	measures_read(rows->measures, out);
}
