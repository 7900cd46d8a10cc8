/*
 * The end of an import: versions become revisions, counters are recomputed, the
 * index is told, and the source keeps its report.
 */
#include "forum/import.h"

#include "db/db.h"
#include "forum/check.h"
#include "forum/desk_work.h"
#include "forum/import_batch.h"

/* A post of one version was never edited: its Markdown is all that we want of it. */
DB_STATEMENT(import_sources_of_posts,
	     "update posts p set body_md = v.body_md\n"
	     "from (select distinct on (post_id) post_id, body_md from imported_versions\n"
	     "	order by post_id, foreign_id desc) v\n"
	     "where p.id = v.post_id and p.revision_count = 0",
	     0);

DB_STATEMENT(
	import_revisions,
	"with numbered as (\n"
	"	select v.*, row_number() over (partition by v.post_id order by v.foreign_id) - 1 as number,\n"
	"		count(*) over (partition by v.post_id) as versions\n"
	"	from imported_versions v\n"
	"	join posts p on p.id = v.post_id and p.revision_count = 0\n"
	"), made as (\n"
	"	insert into revisions (post_id, number, body_md, editor_id, editor_name, reason, created_at)\n"
	"	select post_id, number, body_md, editor_id, editor_name, reason, created_at\n"
	"	from numbered where versions > 1\n"
	")\n"
	"update posts p set revision_count = n.versions - 1, edited_at = coalesce(p.edited_at, n.created_at)\n"
	"from numbered n\n"
	"where p.id = n.post_id and n.versions > 1 and n.number = n.versions - 1",
	0);

DB_STATEMENT(import_forget_versions, "delete from imported_versions", 0);

DB_STATEMENT(
	import_last_activity,
	"update topics t set active_at = p.at\n"
	"from (select p.topic_id, max(p.created_at) as at from posts p\n"
	"	join import_map m on m.our_id = p.id and m.source_id = $1 and m.kind in ('post', 'comment')\n"
	"	group by p.topic_id) p\n"
	"where t.id = p.topic_id and t.active_at < p.at",
	1);

DB_STATEMENT(import_mark_topics,
	     "insert into search_marks (topic_id)\n"
	     "select distinct m.topic_id from import_map m\n"
	     "join topics t on t.id = m.topic_id\n"
	     "where m.source_id = $1 and m.kind = 'post'\n"
	     "on conflict do nothing",
	     1);

DB_STATEMENT(import_store_report,
	     "update import_sources set report = $2::jsonb, finished_at = now() where id = $1", 2);

DB_STATEMENT(import_wake_worker, "select pg_notify('search', '')", 0);

/* The counts of a table that was empty a moment ago make plans that take hours. */
enum err import_learn_sizes(struct ctx *ctx)
{
	/* Sizes are enough: a sample of 3,000 rows. */
	return db_script(ctx, "set default_statistics_target = 10;"
			      "analyze import_map; analyze people; analyze topics; analyze posts; "
			      "analyze imported_versions; reset default_statistics_target;");
}

enum err import_finish(struct ctx *ctx, const struct import_source *source, const char *report)
{
	struct check_result *checks;
	size_t count;

	import_transaction(ctx);
	db_add_params(ctx, &import_sources_of_posts, NULL, NULL, 0);
	db_add_params(ctx, &import_revisions, NULL, NULL, 0);
	db_add_params(ctx, &import_forget_versions, NULL, NULL, 0);
	db_add(ctx, &import_last_activity, NULL, param_i64(source->id));
	TRY(db_commit(ctx));
	TRY(check_run(ctx, true, &checks, &count));
	TRY(import_hold(ctx, source));
	TRY(counts_refresh(ctx));
	db_add(ctx, &import_mark_topics, NULL, param_i64(source->id));
	db_add(ctx, &import_store_report, NULL, param_i64(source->id), param_text(report));
	desk_schedule_again(ctx);
	db_add_params(ctx, &import_wake_worker, NULL, NULL, 0);
	TRY(db_run(ctx));
	return db_script(
		ctx,
		"analyze people; analyze topics; analyze posts; analyze topic_tags; analyze tags;");
}
