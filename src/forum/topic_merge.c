/*
 * Joining a question with another, and taking that apart again. Posts keep their
 * numbers in the table, so every address of a post goes on working; what was counted
 * follows by triggers (posts_placed), and so does what a mirror knows of them.
 */
#include "forum/topic_act_parts.h"

#include "forum/once.h"
#include "forum/topic_columns.h"
#include "forum/topic_write.h"
#include "forum/writing.h"
#include "i18n/i18n.h"
#include "text/markdown.h"

/* In all of these $1 is the question that goes, $2 the one that stays, $3 the act. */

DB_STATEMENT(
	merge_hide,
	"update topics t set merged_into = $2, visibility = 'withdrawn',\n"
	"	merged_post_id = (select q.id from posts q where q.topic_id = $1 and q.kind = 'question')\n"
	"where t.id = $1",
	2);

/* Comments on the question that goes now stand beside it, on the one that stays. */
DB_STATEMENT(
	merge_posts,
	"with ends as (\n"
	"	select (select q.id from posts q where q.topic_id = $1::bigint and q.kind = 'question') as old,\n"
	"		(select q.id from posts q where q.topic_id = $2::bigint and q.kind = 'question') as new\n"
	"), moved as (\n"
	"	select p.*, row_number() over (order by p.created_at, p.id) as place\n"
	"	from posts p where p.topic_id = $1::bigint\n"
	"), kept as (\n"
	"	update topic_acts set moved = moved || jsonb_build_object('posts', (select coalesce(jsonb_agg(\n"
	"		jsonb_build_array(m.id, m.number, m.kind, m.parent_id, m.reply_to_id)), '[]') from moved m))\n"
	"	where id = $3\n"
	"), counted as (\n"
	"	update topics t set last_number = t.last_number + (select count(*) from moved)::integer,\n"
	"		active_at = greatest(t.active_at, (select o.active_at from topics o where o.id = $1::bigint))\n"
	"	where t.id = $2::bigint\n"
	"	returning t.last_number - (select count(*) from moved)::integer as before\n"
	")\n"
	"update posts p set topic_id = $2::bigint, number = c.before + m.place,\n"
	"	kind = case when m.kind = 'question' then 'comment' else m.kind end,\n"
	"	parent_id = case when m.id = e.old or m.parent_id = e.old then e.new else m.parent_id end,\n"
	"	reply_to_id = case when m.parent_id = e.old then coalesce(m.reply_to_id, e.old) else m.reply_to_id end\n"
	"from moved m, counted c, ends e where p.id = m.id",
	3);

DB_STATEMENT(merge_follows,
	     "with added as (\n"
	     "	insert into follows (person_id, kind, target_id)\n"
	     "	select f.person_id, 'topic', $2::bigint from follows f\n"
	     "	where f.kind = 'topic' and f.target_id = $1::bigint order by f.person_id\n"
	     "	on conflict do nothing returning person_id\n"
	     ")\n"
	     "update topic_acts set moved = moved || jsonb_build_object('follows',\n"
	     "	(select coalesce(jsonb_agg(person_id), '[]') from added))\n"
	     "where id = $3",
	     3);

/* Who asked it has the other question too. */
DB_STATEMENT(
	merge_me_too,
	"with added as (\n"
	"	insert into me_too (topic_id, person_id)\n"
	"	select o.id, p.person_id from topics o\n"
	"	cross join (select m.person_id from me_too m where m.topic_id = $1::bigint\n"
	"		union select t.author_id from topics t where t.id = $1::bigint and t.author_id is not null) p\n"
	"	where o.id = $2::bigint and p.person_id is distinct from o.author_id order by p.person_id\n"
	"	on conflict do nothing returning person_id\n"
	")\n"
	"update topic_acts set moved = moved || jsonb_build_object('me_too',\n"
	"	(select coalesce(jsonb_agg(person_id), '[]') from added))\n"
	"where id = $3",
	3);

/* As many as there is room for. */
DB_STATEMENT(
	merge_tags,
	"with has as (\n"
	"	select count(*) as tags, coalesce(max(tt.position), 0) as last from topic_tags tt\n"
	"	where tt.topic_id = $2::bigint\n"
	"), added as (\n"
	"	insert into topic_tags (topic_id, tag_id, position)\n"
	"	select $2::bigint, n.tag_id, has.last + n.place from has cross join (\n"
	"		select tt.tag_id, row_number() over (order by tt.position, tt.tag_id) as place from topic_tags tt\n"
	"		where tt.topic_id = $1::bigint and tt.tag_id not in\n"
	"			(select own.tag_id from topic_tags own where own.topic_id = $2::bigint)) n\n"
	"	where has.tags + n.place <= $4::bigint\n"
	"	returning tag_id\n"
	")\n"
	"update topic_acts set moved = moved || jsonb_build_object('tags',\n"
	"	(select coalesce(jsonb_agg(tag_id), '[]') from added))\n"
	"where id = $3",
	4);

DB_STATEMENT(merge_duplicates,
	     "with led as (\n"
	     "	update topics set duplicate_of = $2::bigint\n"
	     "	where duplicate_of = $1::bigint and id <> $2::bigint returning id\n"
	     ")\n"
	     "update topic_acts set moved = moved || jsonb_build_object('duplicates',\n"
	     "	(select coalesce(jsonb_agg(id), '[]') from led))\n"
	     "where id = $3",
	     3);

/* The one that stays becomes a mirrored one too: its page offers to answer there. */
DB_STATEMENT(
	merge_source,
	"with given as (\n"
	"	update topics t set mirror_source_id = o.mirror_source_id from topics o\n"
	"	where o.id = $1::bigint and t.id = $2::bigint and t.mirror_source_id is null\n"
	"		and o.mirror_source_id is not null\n"
	"	returning t.id\n"
	")\n"
	"update topic_acts set moved = moved || jsonb_build_object('source', exists (select from given))\n"
	"where id = $3",
	3);

/* There is one poll on a page: another one goes with the question. */
DB_STATEMENT(
	merge_poll,
	"with given as (\n"
	"	update polls p set topic_id = $2::bigint where p.topic_id = $1::bigint\n"
	"		and not exists (select from polls o where o.topic_id = $2::bigint)\n"
	"	returning p.id\n"
	")\n"
	"update topic_acts set moved = moved || jsonb_build_object('poll', (select id from given))\n"
	"where id = $3",
	3);

/* What somebody had begun to answer; unless they had begun an answer to both. */
DB_STATEMENT(merge_drafts,
	     "update drafts d set place = 'answer:' || $2::bigint\n"
	     "where d.place = 'answer:' || $1::bigint and not exists (select from drafts o\n"
	     "	where o.person_id = d.person_id and o.place = 'answer:' || $2::bigint)",
	     2);

/* Undoing: $1, $2, $3 as before ------------------------------------------------------- */

/*
 * Goes back: what was moved; what was said since on moved answers; and what a mirror
 * put under what came from it (also when that had been merged before). was: as it was.
 */
DB_STATEMENT(
	unmerge_posts,
	"with was as (\n"
	"	select (e ->> 0)::bigint as id, (e ->> 1)::integer as number, e ->> 2 as kind,\n"
	"		(e ->> 3)::bigint as parent_id, (e ->> 4)::bigint as reply_to_id\n"
	"	from topic_acts a, jsonb_array_elements(a.moved -> 'posts') e where a.id = $3\n"
	"), answers as (\n"
	"	select w.id from was w where w.kind = 'answer'\n"
	"	union select p.id from was w\n"
	"	join mirror_items r on r.post_id = w.id and r.kind = 'post'\n"
	"	join mirror_items i on i.source_id = r.source_id and i.root_key = r.key\n"
	"	join posts p on p.id = i.post_id and p.topic_id = $2::bigint and p.kind = 'answer'\n"
	"), gone as (\n"
	"	select p.id, w.id is not null as was_here, w.number, coalesce(w.kind, p.kind) as kind,\n"
	"		case when w.id is not null then w.parent_id when rw.kind = 'comment' then rw.parent_id\n"
	"			when rw.kind = 'question' then rw.id else p.parent_id end as parent_id,\n"
	"		case when w.id is not null then w.reply_to_id when rw.kind = 'question' then null\n"
	"			else p.reply_to_id end as reply_to_id,\n"
	"		row_number() over (partition by w.id is null order by p.created_at, p.id) as place\n"
	"	from posts p left join was w on w.id = p.id left join was rw on rw.id = p.reply_to_id\n"
	"	where p.topic_id = $2::bigint and (w.id is not null or p.id in (select id from answers)\n"
	"		or p.parent_id in (select id from answers) or (p.kind = 'comment' and rw.id is not null))\n"
	"), counted as (\n"
	"	update topics t set last_number = t.last_number\n"
	"		+ (select count(*) from gone g where not g.was_here)::integer\n"
	"	where t.id = $1::bigint\n"
	"	returning t.last_number - (select count(*) from gone g where not g.was_here)::integer as before\n"
	")\n"
	"update posts p set topic_id = $1::bigint, kind = g.kind, parent_id = g.parent_id,\n"
	"	reply_to_id = g.reply_to_id,\n"
	"	number = case when g.was_here then g.number else c.before + g.place end\n"
	"from gone g, counted c where p.id = g.id",
	3);

/* What another question brought as well stays. $1 the one that stays, $2 the act. */
#define OTHERS "topic_acts other"
#define OTHERS_ARE \
	"other.kind = 'merge' and other.other_id = $1 and other.undone_at is null and other.id <> $2"

/* Author, time and visibility are the question's, as it is now. */
DB_STATEMENT(
	unmerge_topic,
	"update topics t set merged_into = null, merged_post_id = null, visibility = q.visibility,\n"
	"	author_id = q.author_id, author_name = q.author_name, is_official = q.is_official,\n"
	"	created_at = q.created_at, excerpt = $2\n"
	"from posts q where t.id = $1 and q.topic_id = t.id and q.kind = 'question'",
	2);

DB_STATEMENT(
	unmerge_follows,
	"delete from follows f using topic_acts a, jsonb_array_elements_text(a.moved -> 'follows') p\n"
	"where a.id = $2 and f.kind = 'topic' and f.target_id = $1 and f.person_id = p::bigint\n"
	"	and not exists (select from " OTHERS " join follows o on o.kind = 'topic'\n"
	"		and o.target_id = other.topic_id and o.person_id = f.person_id where " OTHERS_ARE
	")",
	2);

DB_STATEMENT(
	unmerge_me_too,
	"delete from me_too m using topic_acts a, jsonb_array_elements_text(a.moved -> 'me_too') p\n"
	"where a.id = $2 and m.topic_id = $1 and m.person_id = p::bigint\n"
	"	and not exists (select from " OTHERS
	" join me_too o on o.topic_id = other.topic_id\n"
	"		and o.person_id = m.person_id where " OTHERS_ARE ")",
	2);

DB_STATEMENT(
	unmerge_tags,
	"delete from topic_tags tt using topic_acts a, jsonb_array_elements_text(a.moved -> 'tags') g\n"
	"where a.id = $2 and tt.topic_id = $1 and tt.tag_id = g::bigint\n"
	"	and not exists (select from " OTHERS
	" join topic_tags o on o.topic_id = other.topic_id\n"
	"		and o.tag_id = tt.tag_id where " OTHERS_ARE ")",
	2);

DB_STATEMENT(
	unmerge_duplicates,
	"update topics t set duplicate_of = $1::bigint\n"
	"from topic_acts a, jsonb_array_elements_text(a.moved -> 'duplicates') d\n"
	"where a.id = $3 and t.id = d::bigint and t.duplicate_of = $2::bigint and t.id <> $1::bigint",
	3);

DB_STATEMENT(unmerge_source,
	     "update topics t set mirror_source_id = null from topic_acts a\n"
	     "where a.id = $2 and t.id = $1 and (a.moved ->> 'source')::boolean",
	     2);

DB_STATEMENT(unmerge_poll,
	     "update polls p set topic_id = $1::bigint from topic_acts a\n"
	     "where a.id = $3 and p.id = (a.moved ->> 'poll')::bigint and p.topic_id = $2::bigint",
	     3);

/* The question as it stands now, under the one that it was merged into. */
DB_STATEMENT(
	unmerge_words,
	"select p.body_md from topics t join posts p on p.id = t.merged_post_id where t.id = $1",
	1);

/* What was a duplicate is read at its original, as on topics' pages. */
DB_STATEMENT(merge_target,
	     "select case when t.status = 'duplicate' and t.duplicate_of is not null\n"
	     "	then t.duplicate_of else t.id end\n"
	     "from topics t where t.id = $1 and t.merged_into is null",
	     1);

static enum err find_target(struct ctx *ctx, const char *typed, int64_t own_id, int64_t *id)
{
	int64_t number = topic_number_from(typed);
	struct rows rows;

	TRY(db_query(ctx, &merge_target, &rows, param_i64(number)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_INVALID, "into", "%s",
			    _("There is no such question. Give its address or its number."));
	*id = col_i64(&rows);
	if (*id == own_id)
		return fail(ctx, ERR_INVALID, "into", "%s",
			    _("A question cannot be joined with itself."));
	return OK;
}

static void add_merge(struct ctx *ctx, int64_t from_id, int64_t into_id, int64_t act_id)
{
	struct param from = param_i64(from_id), into = param_i64(into_id), act = param_i64(act_id);

	db_add(ctx, &merge_hide, NULL, from, into);
	db_add(ctx, &merge_posts, NULL, from, into, act);
	db_add(ctx, &merge_follows, NULL, from, into, act);
	db_add(ctx, &merge_me_too, NULL, from, into, act);
	db_add(ctx, &merge_tags, NULL, from, into, act, param_i64(TAGS_PER_TOPIC_MAX));
	db_add(ctx, &merge_duplicates, NULL, from, into, act);
	db_add(ctx, &merge_source, NULL, from, into, act);
	db_add(ctx, &merge_poll, NULL, from, into, act);
	db_add(ctx, &merge_drafts, NULL, from, into);
}

static enum err check(struct ctx *ctx, const struct topic *from, const struct topic *into)
{
	struct subject subject = topic_subject(ctx, from);

	TRY(policy_require(ctx, MAY_MERGE_TOPIC, &subject));
	if (from->visibility != VISIBILITY_VISIBLE || into->visibility != VISIBILITY_VISIBLE)
		return fail(ctx, ERR_INVALID, "into", "%s",
			    _("Both questions must be visible to be joined."));
	return OK;
}

static enum err merge(struct ctx *ctx, const struct topic_act_form *form, const char *typed,
		      const char **path)
{
	const char *earlier, *reason;
	struct rows froms, intos, ids;
	struct topic from, into;
	int64_t into_id = 0;

	TRY(topic_act_clean_reason(ctx, form->reason, &reason));
	db_begin(ctx);
	TRY(once_claim(ctx, form->form_key, &earlier));
	if (earlier) {
		*path = earlier;
		return OK;
	}
	TRY(find_target(ctx, typed, form->topic_id, &into_id));
	topic_act_add_locks(ctx, form->topic_id, into_id);
	topic_add_lock(ctx, form->topic_id, &froms);
	topic_add_lock(ctx, into_id, &intos);
	TRY(db_run(ctx));
	TRY(topic_take(ctx, &froms, &from));
	TRY(topic_take(ctx, &intos, &into));
	TRY(check(ctx, &from, &into));
	topic_act_add_joint(ctx, ACT_MERGE, from.id, into.id, reason, &ids);
	TRY(db_run(ctx));
	rows_next(&ids);
	add_merge(ctx, from.id, into.id, col_i64(&ids));
	topic_act_add_audit(ctx, ACT_MERGE, from.id, into.id, reason, false);
	*path = topic_path(ctx->arena, into.id, into.title);
	once_result(ctx, form->form_key, *path);
	return db_commit(ctx);
}

enum err topic_merge(struct ctx *ctx, const struct topic_act_form *form, const char *into,
		     const char **path)
{
	return writing_end(ctx, merge(ctx, form, into, path));
}

enum err topic_merge_add_undo(struct ctx *ctx, const struct act_undo *act)
{
	struct param from = param_i64(act->topic_id), into = param_i64(act->other_id);
	struct param id = param_i64(act->id);
	const char *words = "";
	struct rows rows;

	TRY(db_query(ctx, &unmerge_words, &rows, from));
	if (rows_next(&rows))
		words = col_text(&rows);
	db_add(ctx, &unmerge_posts, NULL, from, into, id);
	db_add(ctx, &unmerge_topic, NULL, from,
	       param_text(markdown_excerpt(ctx->arena, words, TOPIC_EXCERPT_POINTS)));
	db_add(ctx, &unmerge_follows, NULL, into, id);
	db_add(ctx, &unmerge_me_too, NULL, into, id);
	db_add(ctx, &unmerge_tags, NULL, into, id);
	db_add(ctx, &unmerge_duplicates, NULL, from, into, id);
	db_add(ctx, &unmerge_source, NULL, into, id);
	db_add(ctx, &unmerge_poll, NULL, from, into, id);
	return OK;
}
