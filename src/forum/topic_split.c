/*
 * Making a new question of answers that are about something else, and putting them back.
 */
#include "forum/topic_act_parts.h"

#include "forum/once.h"
#include "forum/topic_columns.h"
#include "forum/topic_write.h"
#include "forum/writing.h"
#include "i18n/i18n.h"
#include "text/markdown.h"

/* The chosen that are visible answers of this topic, oldest first; with the words of each. */
DB_STATEMENT(split_chosen,
	     "select p.id, p.body_md from posts p\n"
	     "where p.topic_id = $1 and p.id = any ($2::bigint[]) and p.kind = 'answer'\n"
	     "	and p.visibility = 'visible'\n"
	     "order by p.created_at, p.id",
	     2);

DB_STATEMENT(split_id, "select nextval(pg_get_serial_sequence('topics', 'id'))", 0);

/* $1 the new one, $2 the old, $3 the answer that asks. */
DB_STATEMENT(
	split_topic,
	"insert into topics (id, category_id, author_id, author_name, is_official, title, excerpt, language,\n"
	"	created_at, active_at, source, mirror_source_id, source_url)\n"
	"overriding system value\n"
	"select $1, $4, q.author_id, q.author_name, q.is_official, $5, $6, t.language, q.created_at,\n"
	"	q.created_at, t.source, t.mirror_source_id, case when t.mirror_source_id is null then ''\n"
	"		else coalesce(q.source_url, '') end\n"
	"from topics t join posts q on q.id = $3 and q.topic_id = t.id where t.id = $2",
	6);

/* A question is nobody's solution. */
DB_STATEMENT(
	split_accepted,
	"with was as (\n"
	"	select p.accepted_at, p.accepted_by from posts p where p.id = $1 and p.accepted_at is not null\n"
	"), kept as (\n"
	"	update topic_acts a set moved = a.moved || jsonb_build_object('accepted', jsonb_build_array(\n"
	"		(extract(epoch from was.accepted_at) * 1000000)::bigint, was.accepted_by))\n"
	"	from was where a.id = $2\n"
	")\n"
	"update posts p set accepted_at = null, accepted_by = null from was where p.id = $1",
	2);

/* $1 the new one, $2 the act, $3 the answer that asks, $4 all that were chosen. */
DB_STATEMENT(
	split_posts,
	"with moved as (\n"
	"	select p.*, row_number() over (order by p.id <> $3::bigint, p.created_at, p.id) as place\n"
	"	from posts p where p.id = any ($4::bigint[])\n"
	"		or p.kind = 'comment' and p.parent_id = any ($4::bigint[])\n"
	"), kept as (\n"
	"	update topic_acts set moved = moved || jsonb_build_object('posts', (select coalesce(jsonb_agg(\n"
	"		jsonb_build_array(m.id, m.number, m.kind, m.parent_id, m.reply_to_id)), '[]') from moved m))\n"
	"	where id = $2\n"
	"), counted as (\n"
	"	update topics set last_number = (select count(*) from moved)::integer,\n"
	"		active_at = (select max(m.created_at) from moved m where m.kind = 'answer')\n"
	"	where id = $1::bigint returning id\n"
	")\n"
	"update posts p set topic_id = c.id, number = m.place,\n"
	"	kind = case when m.id = $3::bigint then 'question' else m.kind end\n"
	"from moved m, counted c where p.id = m.id",
	4);

DB_STATEMENT(
	split_tags,
	"insert into topic_tags (topic_id, tag_id, position)\n"
	"select $1::bigint, tt.tag_id, tt.position from topic_tags tt where tt.topic_id = $2::bigint",
	2);

/* Who wrote what is there now is told of answers to it. */
DB_STATEMENT(
	split_follows,
	"insert into follows (person_id, kind, target_id)\n"
	"select distinct p.author_id, 'topic', $1::bigint from posts p\n"
	"where p.topic_id = $1::bigint and p.kind <> 'comment' and p.author_id is not null order by 1\n"
	"on conflict do nothing",
	1);

/* Undoing: $1 the old, $2 the new, $3 the act. All that is there comes back. */
DB_STATEMENT(
	unsplit_posts,
	"with was as (\n"
	"	select (e ->> 0)::bigint as id, (e ->> 1)::integer as number, e ->> 2 as kind\n"
	"	from topic_acts a, jsonb_array_elements(a.moved -> 'posts') e where a.id = $3\n"
	"), gone as (\n"
	"	select p.id, w.id is not null as was_here, w.number, coalesce(w.kind, p.kind) as kind,\n"
	"		row_number() over (partition by w.id is null order by p.created_at, p.id) as place\n"
	"	from posts p left join was w on w.id = p.id where p.topic_id = $2::bigint\n"
	"), counted as (\n"
	"	update topics t set last_number = t.last_number\n"
	"		+ (select count(*) from gone g where not g.was_here)::integer,\n"
	"		active_at = greatest(t.active_at, (select n.active_at from topics n where n.id = $2::bigint))\n"
	"	where t.id = $1::bigint\n"
	"	returning t.last_number - (select count(*) from gone g where not g.was_here)::integer as before\n"
	")\n"
	"update posts p set topic_id = $1::bigint, kind = g.kind,\n"
	"	number = case when g.was_here then g.number else c.before + g.place end\n"
	"from gone g, counted c where p.id = g.id",
	3);

DB_STATEMENT(
	unsplit_hide,
	"update topics t set merged_into = $1::bigint, visibility = 'withdrawn',\n"
	"	merged_post_id = (select q.id from posts q where q.topic_id = t.id and q.kind = 'question')\n"
	"where t.id = $2::bigint",
	2);

DB_STATEMENT(
	unsplit_accepted,
	"update posts p set accepted_at = from_us((a.moved -> 'accepted' ->> 0)::bigint),\n"
	"	accepted_by = (a.moved -> 'accepted' ->> 1)::bigint\n"
	"from topic_acts a, topics n\n"
	"where a.id = $2 and a.moved ? 'accepted' and n.id = $1 and p.id = n.merged_post_id and p.kind = 'answer'",
	2);

DB_STATEMENT(unsplit_follows,
	     "insert into follows (person_id, kind, target_id)\n"
	     "select f.person_id, 'topic', $1::bigint from follows f\n"
	     "where f.kind = 'topic' and f.target_id = $2::bigint order by f.person_id\n"
	     "on conflict do nothing",
	     2);

DB_STATEMENT(unsplit_duplicates,
	     "update topics set duplicate_of = $1::bigint\n"
	     "where duplicate_of = $2::bigint and id <> $1::bigint",
	     2);

struct chosen {
	int64_t *ids; /* oldest first: that one asks */
	size_t count;
	const char *words; /* of the first */
};

static enum err take_chosen(struct ctx *ctx, struct rows *rows, const struct topic_split *split,
			    struct chosen *out)
{
	*out = (struct chosen){ .ids = arena_array_of(ctx->arena, (size_t)rows->count, int64_t),
				.words = "" };
	while (rows_next(rows)) {
		out->ids[out->count] = col_i64(rows);
		if (out->count++ == 0)
			out->words = col_text(rows);
	}
	if (out->count == 0)
		return fail(ctx, ERR_INVALID, "posts", "%s",
			    _("Choose at least one answer that is visible."));
	if (out->count < split->count)
		return fail(ctx, ERR_INVALID, "posts", "%s",
			    _("Some of these answers are no longer here. Look again, and choose "
			      "anew."));
	return OK;
}

static void add_split(struct ctx *ctx, const struct topic *topic, const struct chosen *chosen,
		      int64_t new_id, int64_t act_id)
{
	struct param new = param_i64(new_id), old = param_i64(topic->id), act = param_i64(act_id);
	struct param first = param_i64(chosen->ids[0]);

	db_add(ctx, &split_accepted, NULL, first, act);
	db_add(ctx, &split_posts, NULL, new, act, first,
	       param_i64s(ctx->arena, chosen->ids, chosen->count));
	db_add(ctx, &split_tags, NULL, new, old);
	db_add(ctx, &split_follows, NULL, new);
}

static enum err check(struct ctx *ctx, const struct topic *topic, const struct topic_split *split)
{
	struct subject subject = topic_subject(ctx, topic);

	TRY(policy_require(ctx, MAY_MERGE_TOPIC, &subject));
	if (topic->visibility != VISIBILITY_VISIBLE)
		return fail(ctx, ERR_INVALID, "posts", "%s",
			    _("A question must be visible to be split."));
	if (split->count > SPLIT_MAX)
		return fail(ctx, ERR_INVALID, "posts",
			    _("At most %d answers can be moved at once."), SPLIT_MAX);
	return OK;
}

struct birth {
	const char *title, *reason;
	int64_t category_id, new_id, act_id;
};

/* The new topic's row and the act's: both are pointed to by what follows. */
static enum err put_topic(struct ctx *ctx, const struct topic *topic, const struct chosen *chosen,
			  struct birth *birth)
{
	struct rows ids;

	TRY(db_query_params(ctx, &split_id, &ids, NULL, 0));
	rows_next(&ids);
	birth->new_id = col_i64(&ids);
	db_add(ctx, &split_topic, NULL, param_i64(birth->new_id), param_i64(topic->id),
	       param_i64(chosen->ids[0]), param_i64(birth->category_id), param_text(birth->title),
	       param_text(markdown_excerpt(ctx->arena, chosen->words, TOPIC_EXCERPT_POINTS)));
	topic_act_add_joint(ctx, ACT_SPLIT, topic->id, birth->new_id, birth->reason, &ids);
	TRY(db_run(ctx));
	rows_next(&ids);
	birth->act_id = col_i64(&ids);
	return OK;
}

static enum err split_off(struct ctx *ctx, const struct topic_act_form *form,
			  const struct topic_split *split, const char **path)
{
	struct birth birth = { .category_id = split->category_id };
	struct rows topics, category, answers;
	const char *earlier;
	struct chosen chosen;
	struct topic topic;

	TRY(topic_act_clean_reason(ctx, form->reason, &birth.reason));
	TRY(topic_clean_title(ctx, split->title, &birth.title));
	db_begin(ctx);
	TRY(once_claim(ctx, form->form_key, &earlier));
	if (earlier) {
		*path = earlier;
		return OK;
	}
	topic_act_add_locks(ctx, form->topic_id, 0);
	topic_add_lock(ctx, form->topic_id, &topics);
	topic_add_category_check(ctx, split->category_id, &category);
	db_add(ctx, &split_chosen, &answers, param_i64(form->topic_id),
	       param_i64s(ctx->arena, split->post_ids, split->count));
	TRY(db_run(ctx));
	TRY(topic_take(ctx, &topics, &topic));
	TRY(check(ctx, &topic, split));
	TRY(take_chosen(ctx, &answers, split, &chosen));
	TRY(topic_take_category_check(ctx, &category));
	TRY(put_topic(ctx, &topic, &chosen, &birth));
	add_split(ctx, &topic, &chosen, birth.new_id, birth.act_id);
	topic_act_add_audit(ctx, ACT_SPLIT, topic.id, birth.new_id, birth.reason, false);
	*path = topic_path(ctx->arena, birth.new_id, birth.title);
	once_result(ctx, form->form_key, *path);
	return db_commit(ctx);
}

enum err topic_split(struct ctx *ctx, const struct topic_act_form *form,
		     const struct topic_split *split, const char **path)
{
	return writing_end(ctx, split_off(ctx, form, split, path));
}

/* The new one's address leads back from then on. */
enum err topic_split_add_undo(struct ctx *ctx, const struct act_undo *act)
{
	struct param old = param_i64(act->topic_id), new = param_i64(act->other_id);
	struct param id = param_i64(act->id);

	db_add(ctx, &unsplit_hide, NULL, old, new);
	db_add(ctx, &unsplit_posts, NULL, old, new, id);
	db_add(ctx, &unsplit_accepted, NULL, new, id);
	db_add(ctx, &unsplit_follows, NULL, old, new);
	db_add(ctx, &unsplit_duplicates, NULL, old, new);
	return OK;
}
