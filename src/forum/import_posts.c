/*
 * Storing imported questions, answers and comments. A batch of posts goes through
 * the staging table: filled by COPY, then told its ids by the map, then inserted
 * into people (authors without an account of their own in the dump), topics,
 * posts and tags.
 */
#include "forum/import.h"

#include "db/db.h"
#include "forum/import_batch.h"

DB_STATEMENT(
	import_map_insert,
	"insert into import_map (source_id, kind, foreign_id, our_id, topic_id)\n"
	"select $1, 'post', g.foreign_id, nextval(pg_get_serial_sequence('posts', 'id')),\n"
	"	case when g.is_question = 1 then nextval(pg_get_serial_sequence('topics', 'id')) end\n"
	"from unnest($2::bigint[], $3::bigint[]) as g (foreign_id, is_question)\n"
	"where not exists (select from import_map m\n"
	"	where m.source_id = $1 and m.kind = 'post' and m.foreign_id = g.foreign_id)\n"
	"on conflict do nothing",
	3);

DB_STATEMENT(
	import_map_lookup,
	"select coalesce(m.our_id, 0)\n"
	"from unnest($2::bigint[]) with ordinality as g (foreign_id, place)\n"
	"left join import_map m on m.source_id = $1 and m.kind = 'post' and m.foreign_id = g.foreign_id\n"
	"order by g.place",
	2);

/* A deleted account still wrote: it gets a name, as on the original site. */
#define PLACEHOLDERS(owners) \
	"with missing as (\n" \
	"	select o.owner_id, nextval(pg_get_serial_sequence('people', 'id')) as id\n" \
	"	from (select distinct owner_id from " owners \
	" where owner_id is not null and owner_id <> 0) o\n" \
	"	where not exists (select from import_map m\n" \
	"		where m.source_id = $1 and m.kind = 'person' and m.foreign_id = o.owner_id)\n" \
	"), made as (\n" \
	"	insert into people (id, name, state) overriding system value\n" \
	"	select id, 'user' || owner_id, 'imported' from missing\n" \
	")\n" \
	"insert into import_map (source_id, kind, foreign_id, our_id)\n" \
	"select $1, 'person', owner_id, id from missing"

/* Questions name their accepted answers, which come later. */
DB_STATEMENT(
	import_map_accept,
	"update import_map set is_accepted = true\n"
	"where source_id = $1 and kind = 'post' and foreign_id = any ($2::bigint[]) and not is_accepted",
	2);

DB_STATEMENT(import_staging_clear, "delete from import_staging", 0);

/* What is there already, or has no question here, leaves the staging table. */
DB_STATEMENT(
	import_staging_resolve,
	"with own as (\n"
	"	update import_staging s set post_id = m.our_id,\n"
	"		topic_id = case when s.parent_id is null then m.topic_id else\n"
	"			(select parent.topic_id from import_map parent where parent.source_id = $1\n"
	"			and parent.kind = 'post' and parent.foreign_id = s.parent_id) end\n"
	"	from import_map m\n"
	"	where m.source_id = $1 and m.kind = 'post' and m.foreign_id = s.foreign_id\n"
	"	returning s.foreign_id\n"
	")\n"
	"select count(*) from own",
	1);

DB_STATEMENT(
	import_staging_drop,
	"with present as (\n"
	"	delete from import_staging s using posts p where p.id = s.post_id returning s.foreign_id\n"
	"), orphaned as (\n"
	"	delete from import_staging s\n"
	"	where s.topic_id is null\n"
	"		or (s.parent_id is not null and not exists (select from topics t where t.id = s.topic_id))\n"
	"	returning s.foreign_id\n"
	")\n"
	"select (select count(*) from present), (select count(*) from orphaned)",
	0);

DB_STATEMENT(import_staging_owners, PLACEHOLDERS("import_staging"), 1);

DB_STATEMENT(
	import_insert_topics,
	"insert into topics (id, category_id, top_category_id, author_id, author_name, title, language,\n"
	"	status, status_at, created_at, active_at, votes_imported, views_imported, score, excerpt)\n"
	"overriding system value\n"
	"select s.topic_id, $2, $2, a.our_id, s.owner_name, s.title, $3,\n"
	"	case when s.closed_at is null then 'open' else 'closed' end, s.closed_at,\n"
	"	s.created_at, s.created_at, s.score, s.views, s.score, s.excerpt\n"
	"from import_staging s\n"
	"left join import_map a on a.source_id = $1 and a.kind = 'person' and a.foreign_id = s.owner_id\n"
	"where s.parent_id is null",
	3);

DB_STATEMENT(
	import_insert_posts,
	"with numbered as (\n"
	"	select s.*, a.our_id as author_id, t.author_id as asker_id, own.is_accepted,\n"
	"		t.last_number + row_number() over (partition by s.topic_id order by s.created_at, s.foreign_id) as number\n"
	"	from import_staging s\n"
	"	join topics t on t.id = s.topic_id\n"
	"	join import_map own on own.source_id = $1 and own.kind = 'post' and own.foreign_id = s.foreign_id\n"
	"	left join import_map a on a.source_id = $1 and a.kind = 'person' and a.foreign_id = s.owner_id\n"
	"), made as (\n"
	"	insert into posts (id, topic_id, number, kind, author_id, author_name, body_md, body_html, created_at,\n"
	"		edited_at, accepted_at, accepted_by, votes_imported, score, source_url, source_licence)\n"
	"	overriding system value\n"
	"	select post_id, topic_id, number, case when parent_id is null then 'question' else 'answer' end,\n"
	"		author_id, owner_name, body_md, body_html, created_at, edited_at,\n"
	"		case when is_accepted and parent_id is not null then created_at end,\n"
	"		case when is_accepted and parent_id is not null then asker_id end,\n"
	"		score, score, source_url, licence\n"
	"	from numbered\n"
	"), mapped as (\n"
	"	update import_map m set topic_id = n.topic_id\n"
	"	from numbered n\n"
	"	where m.source_id = $1 and m.kind = 'post' and m.foreign_id = n.foreign_id and m.topic_id is null\n"
	")\n"
	"update topics t set last_number = n.number\n"
	"from (select topic_id, max(number) as number from numbered group by topic_id) n\n"
	"where t.id = n.topic_id",
	1);

DB_STATEMENT(import_insert_tag_names,
	     "insert into tags (name)\n"
	     "select distinct r.name from (select distinct tag from import_staging s,\n"
	     "	string_to_table(s.tags, ',') as tag where tag <> '') g\n"
	     "cross join lateral (select tag_resolve(g.tag) as name) r\n"
	     "where r.name is not null order by r.name\n"
	     "on conflict do nothing",
	     0);

DB_STATEMENT(
	import_insert_topic_tags,
	"with meant as materialized (\n"
	"	select g.tag, tag_resolve(g.tag) as name from (select distinct tag from import_staging s,\n"
	"		string_to_table(s.tags, ',') as tag) g\n"
	")\n"
	"insert into topic_tags (topic_id, tag_id, position)\n"
	"select s.topic_id, t.id, min(g.place)\n"
	"from import_staging s, string_to_table(s.tags, ',') with ordinality as g (tag, place)\n"
	"join meant m on m.tag = g.tag\n"
	"join tags t on t.name = m.name\n"
	"where s.parent_id is null and g.place <= 5\n"
	"group by s.topic_id, t.id",
	0);

DB_STATEMENT(import_comment_owners, PLACEHOLDERS("unnest($2::bigint[]) as g (owner_id)"), 2);

/* $1 source; foreign id, post, owner, names, texts, html, scores, times, licences. */
DB_STATEMENT(
	import_insert_comments,
	"with given as (\n"
	"	select g.*, m.our_id as parent_id, m.topic_id, a.our_id as author_id, p.source_url,\n"
	"		nextval(pg_get_serial_sequence('posts', 'id')) as id\n"
	"	from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::bigint[],\n"
	"		$9::bigint[], $10::text[])\n"
	"		as g (foreign_id, foreign_post, owner_id, owner_name, body_md, body_html, score, created_us, licence)\n"
	"	left join import_map m on m.source_id = $1 and m.kind = 'post' and m.foreign_id = g.foreign_post\n"
	"	left join posts p on p.id = m.our_id\n"
	"	left join import_map a on a.source_id = $1 and a.kind = 'person' and a.foreign_id = g.owner_id\n"
	"	where not exists (select from import_map c\n"
	"		where c.source_id = $1 and c.kind = 'comment' and c.foreign_id = g.foreign_id)\n"
	"), numbered as (\n"
	"	select g.*, t.last_number\n"
	"		+ row_number() over (partition by g.topic_id order by g.created_us, g.foreign_id) as number\n"
	"	from given g\n"
	"	join posts p on p.id = g.parent_id\n"
	"	join topics t on t.id = g.topic_id\n"
	"), made as (\n"
	"	insert into posts (id, topic_id, number, kind, parent_id, author_id, author_name, body_md, body_html,\n"
	"		created_at, votes_imported, score, source_url, source_licence)\n"
	"	overriding system value\n"
	"	select id, topic_id, number, 'comment', parent_id, author_id, owner_name, body_md, body_html,\n"
	"		from_us(created_us), score, score, source_url, licence\n"
	"	from numbered\n"
	"), mapped as (\n"
	"	insert into import_map (source_id, kind, foreign_id, our_id, topic_id)\n"
	"	select $1, 'comment', foreign_id, id, topic_id from numbered\n"
	"), counted as (\n"
	"	update topics t set last_number = n.number\n"
	"	from (select topic_id, max(number) as number from numbered group by topic_id) n\n"
	"	where t.id = n.topic_id\n"
	")\n"
	"select (select count(*) from numbered), (select count(*) from given) - (select count(*) from numbered)",
	10);

enum err import_map_posts(struct ctx *ctx, const struct import_source *source,
			  const struct import_mapping *posts, size_t count)
{
	int64_t *ids = arena_array_of(ctx->arena, count, int64_t);
	int64_t *questions = arena_array_of(ctx->arena, count, int64_t);

	for (size_t i = 0; i < count; i++) {
		ids[i] = posts[i].foreign_id;
		questions[i] = posts[i].is_question;
	}
	return db_query(ctx, &import_map_insert, NULL, param_i64(source->id),
			param_i64s(ctx->arena, ids, count),
			param_i64s(ctx->arena, questions, count));
}

enum err import_post_ids(struct ctx *ctx, const struct import_source *source,
			 const int64_t *foreign_ids, size_t count, int64_t *our_ids)
{
	struct rows rows;

	if (count == 0)
		return OK;
	TRY(db_query(ctx, &import_map_lookup, &rows, param_i64(source->id),
		     param_i64s(ctx->arena, foreign_ids, count)));
	for (size_t i = 0; rows_next(&rows); i++)
		our_ids[i] = col_i64(&rows);
	return OK;
}

static enum err copy_posts(struct ctx *ctx, const struct import_post *posts, size_t count)
{
	TRY(db_copy_begin(
		ctx,
		"copy import_staging (foreign_id, parent_id, owner_id, owner_name, title, tags, body_md,"
		" body_html, excerpt, score, views, created_at, edited_at, closed_at,"
		" source_url, licence) from stdin"));
	for (size_t i = 0; i < count; i++) {
		const struct import_post *post = &posts[i];
		const struct param columns[] = {
			param_i64(post->foreign_id),  param_id(post->parent_id),
			param_id(post->owner_id),     param_text(post->owner_name),
			param_text(post->title),      param_text(post->tags),
			param_text(post->body_md),    param_text(post->body_html),
			param_text(post->excerpt),    param_i64(post->score),
			param_i64(post->views),       param_time(post->created_at),
			param_time(post->edited_at),  param_time(post->closed_at),
			param_text(post->source_url), param_text(post->licence),
		};
		TRY(db_copy_row(ctx, columns, ARRAY_COUNT(columns)));
	}
	return db_copy_end(ctx, NULL);
}

static struct param accepted_ids(struct arena *arena, const struct import_post *posts, size_t count)
{
	int64_t *ids = arena_array_of(arena, count, int64_t);
	size_t used = 0;

	for (size_t i = 0; i < count; i++)
		if (posts[i].accepted_id)
			ids[used++] = posts[i].accepted_id;
	return param_i64s(arena, ids, used);
}

enum err import_posts(struct ctx *ctx, const struct import_source *source,
		      const struct import_post *posts, size_t count, struct import_counts *counts)
{
	struct rows dropped;
	int64_t present, orphaned;

	import_transaction(ctx);
	db_add_params(ctx, &import_staging_clear, NULL, NULL, 0);
	TRY(db_run(ctx));
	TRY(copy_posts(ctx, posts, count));
	db_add(ctx, &import_map_accept, NULL, param_i64(source->id),
	       accepted_ids(ctx->arena, posts, count));
	db_add(ctx, &import_staging_resolve, NULL, param_i64(source->id));
	db_add_params(ctx, &import_staging_drop, &dropped, NULL, 0);
	db_add(ctx, &import_staging_owners, NULL, param_i64(source->id));
	db_add(ctx, &import_insert_topics, NULL, param_i64(source->id),
	       param_i64(source->category_id), param_text(source->language));
	db_add(ctx, &import_insert_posts, NULL, param_i64(source->id));
	db_add_params(ctx, &import_insert_tag_names, NULL, NULL, 0);
	db_add_params(ctx, &import_insert_topic_tags, NULL, NULL, 0);
	db_add_params(ctx, &import_staging_clear, NULL, NULL, 0);
	TRY(db_commit(ctx));
	if (!rows_next(&dropped))
		return fail_log(ctx, ERR_INTERNAL, "import: no counts");
	present = col_i64(&dropped);
	orphaned = col_i64(&dropped);
	counts->present += present;
	counts->orphaned += orphaned;
	counts->imported += (int64_t)count - present - orphaned;
	return OK;
}

struct comment_columns {
	int64_t *ids, *posts, *owners, *scores, *times;
	const char **names, **bodies, **htmls, **licences;
};

static struct comment_columns comment_columns(struct arena *arena,
					      const struct import_comment *comments, size_t count)
{
	struct comment_columns columns = {
		arena_array_of(arena, count, int64_t),
		arena_array_of(arena, count, int64_t),
		arena_array_of(arena, count, int64_t),
		arena_array_of(arena, count, int64_t),
		arena_array_of(arena, count, int64_t),
		arena_array_of(arena, count, const char *),
		arena_array_of(arena, count, const char *),
		arena_array_of(arena, count, const char *),
		arena_array_of(arena, count, const char *),
	};

	for (size_t i = 0; i < count; i++) {
		columns.ids[i] = comments[i].foreign_id;
		columns.posts[i] = comments[i].post_id;
		columns.owners[i] = comments[i].owner_id;
		columns.scores[i] = comments[i].score;
		columns.times[i] = comments[i].created_at;
		columns.names[i] = comments[i].owner_name;
		columns.bodies[i] = comments[i].body_md;
		columns.htmls[i] = comments[i].body_html;
		columns.licences[i] = comments[i].licence;
	}
	return columns;
}

enum err import_comments(struct ctx *ctx, const struct import_source *source,
			 const struct import_comment *comments, size_t count,
			 struct import_counts *counts)
{
	struct arena *arena = ctx->arena;
	struct comment_columns columns = comment_columns(arena, comments, count);
	struct param owners = param_i64s(arena, columns.owners, count);
	struct rows rows;

	import_transaction(ctx);
	db_add(ctx, &import_comment_owners, NULL, param_i64(source->id), owners);
	db_add(ctx, &import_insert_comments, &rows, param_i64(source->id),
	       param_i64s(arena, columns.ids, count), param_i64s(arena, columns.posts, count),
	       owners, param_texts(arena, columns.names, count),
	       param_texts(arena, columns.bodies, count), param_texts(arena, columns.htmls, count),
	       param_i64s(arena, columns.scores, count), param_i64s(arena, columns.times, count),
	       param_texts(arena, columns.licences, count));
	TRY(db_commit(ctx));
	import_take_counts(&rows, count, counts);
	return OK;
}
