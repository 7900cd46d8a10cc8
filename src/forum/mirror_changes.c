/*
 * The statements by which a batch's changes are written. Many rows travel to each as
 * JSON; their order is the one in which everybody locks: topics before posts.
 */
#include "forum/mirror_changes.h"

#include "db/db.h"

DB_STATEMENT(
	mirror_insert_topics,
	"insert into topics (id, category_id, author_id, author_name, is_official, title, excerpt, language,\n"
	"	created_at, active_at, source, mirror_source_id, source_url)\n"
	"overriding system value\n"
	"select g.topic_id, $2, g.author_id, g.author_name, g.is_official, g.title, g.excerpt, $3,\n"
	"	from_us(g.created_us), from_us(g.created_us), $4, $1, g.url\n"
	"from jsonb_to_recordset($5::jsonb) as g(topic_id bigint, author_id bigint, author_name text,\n"
	"	is_official boolean, title text, excerpt text, created_us bigint, url text)",
	5);

/* Numbers follow the times, as far as the posts come together. */
DB_STATEMENT(
	mirror_insert_posts,
	"with g as (\n"
	"	select g.*, row_number() over (partition by g.topic_id order by g.created_us, g.post_id) as place\n"
	"	from jsonb_to_recordset($1::jsonb) as g(post_id bigint, topic_id bigint, kind text, parent_id bigint,\n"
	"		reply_to_id bigint, author_id bigint, author_name text, is_official boolean, md text, html text,\n"
	"		created_us bigint, edited_us bigint, url text)\n"
	"), counted as (\n"
	"	update topics t set last_number = t.last_number + n.posts\n"
	"	from (select topic_id, count(*)::integer as posts from g group by topic_id) n\n"
	"	where t.id = n.topic_id\n"
	"	returning t.id, t.last_number - n.posts as before\n"
	")\n"
	"insert into posts (id, topic_id, number, kind, parent_id, reply_to_id, author_id, author_name,\n"
	"	is_official, body_md, body_html, created_at, edited_at, source_url)\n"
	"overriding system value\n"
	"select g.post_id, g.topic_id, c.before + g.place, g.kind, g.parent_id, g.reply_to_id, g.author_id,\n"
	"	g.author_name, g.is_official, g.md, g.html, from_us(g.created_us), from_us(g.edited_us), g.url\n"
	"from g join counted c on c.id = g.topic_id\n"
	"order by g.created_us, g.post_id",
	1);

DB_STATEMENT(
	mirror_update_texts,
	"with g as (\n"
	"	select g.*, p.revision_count, p.body_md as old_md, p.author_id, p.author_name, p.created_at\n"
	"	from jsonb_to_recordset($1::jsonb) as g(post_id bigint, md text, html text, edited_us bigint)\n"
	"	join posts p on p.id = g.post_id\n"
	"	where p.body_html <> g.html or p.body_md <> g.md\n"
	"), first as (\n"
	"	insert into revisions (post_id, number, body_md, editor_id, editor_name, created_at)\n"
	"	select post_id, 0, old_md, author_id, author_name, created_at from g where revision_count = 0\n"
	"), second as (\n"
	"	insert into revisions (post_id, number, body_md, editor_id, editor_name, created_at)\n"
	"	select post_id, revision_count + 1, md, author_id, author_name, from_us(edited_us) from g\n"
	")\n"
	"update posts p set body_md = g.md, body_html = g.html, edited_at = from_us(g.edited_us),\n"
	"	revision_count = p.revision_count + 1\n"
	"from g where p.id = g.post_id",
	1);

/* A title that the team made better stays. */
DB_STATEMENT(
	mirror_update_titles,
	"update topics t set title = case when t.title = g.old_title then g.title else t.title end,\n"
	"	excerpt = g.excerpt\n"
	"from jsonb_to_recordset($1::jsonb) as g(topic_id bigint, old_title text, title text, excerpt text)\n"
	"where t.id = g.topic_id",
	1);

/* What people withdrew here stays withdrawn, whatever happens there. */
DB_STATEMENT(
	mirror_update_visibility,
	"update posts p set visibility = g.visibility\n"
	"from jsonb_to_recordset($1::jsonb) as g(post_id bigint, visibility text)\n"
	"where p.id = g.post_id and p.visibility <> 'withdrawn' and p.visibility <> g.visibility",
	1);

DB_STATEMENT(
	mirror_update_topic_visibility,
	"update topics t set visibility = g.visibility\n"
	"from jsonb_to_recordset($1::jsonb) as g(topic_id bigint, visibility text)\n"
	"where t.id = g.topic_id and t.visibility <> 'withdrawn' and t.visibility <> g.visibility",
	1);

DB_STATEMENT(
	mirror_update_authors,
	"with g as (\n"
	"	select * from jsonb_to_recordset($1::jsonb) as g(post_id bigint, topic_id bigint, author_id bigint,\n"
	"		author_name text, is_official boolean, created_us bigint, url text, is_root boolean)\n"
	"), asked as (\n"
	"	update topics t set author_id = g.author_id, author_name = g.author_name,\n"
	"		is_official = g.is_official, created_at = from_us(g.created_us), source_url = g.url\n"
	"	from g where t.id = g.topic_id and g.is_root\n"
	")\n"
	"update posts p set author_id = g.author_id, author_name = g.author_name,\n"
	"	is_official = g.is_official, created_at = from_us(g.created_us), source_url = g.url\n"
	"from g where p.id = g.post_id",
	1);

DB_STATEMENT(
	mirror_put_items,
	"insert into mirror_items as i (source_id, kind, key, address, parent_key, root_key, author_id, is_self,\n"
	"	is_by_visitor, can_comment, title, body, html, url, visibility, created_at, edited_at, confirmed_at,\n"
	"	text_at, visibility_at, removed_at, is_removal_final, missing_since, missing_at, missing_count,\n"
	"	comment_count, touched_at, reactions, topic_id, post_id, is_ours)\n"
	"select $1, g.kind, g.key, g.address, g.parent_key, g.root_key, g.author_id, g.is_self, g.is_by_visitor,\n"
	"	g.can_comment, g.title, g.body, g.html, g.url, g.visibility, from_us(g.created_us),\n"
	"	from_us(g.edited_us), from_us(g.confirmed_us), from_us(g.text_us), from_us(g.visibility_us),\n"
	"	from_us(g.removed_us), g.is_removal_final, from_us(g.missing_since_us), from_us(g.missing_us),\n"
	"	g.missing_count, g.comment_count, from_us(g.touched_us), g.reactions, g.topic_id, g.post_id,\n"
	"	g.is_ours\n"
	"from jsonb_to_recordset($2::jsonb) as g(kind text, key text, address text, parent_key text,\n"
	"	root_key text, author_id bigint, is_self boolean, is_by_visitor boolean, can_comment boolean,\n"
	"	title text, body text, html text, url text, visibility text, created_us bigint, edited_us bigint,\n"
	"	confirmed_us bigint, text_us bigint, visibility_us bigint, removed_us bigint,\n"
	"	is_removal_final boolean, missing_since_us bigint, missing_us bigint, missing_count integer,\n"
	"	comment_count integer, touched_us bigint, reactions jsonb, topic_id bigint, post_id bigint,\n"
	"	is_ours boolean, has_words boolean)\n"
	"on conflict (source_id, kind, key) do update set address = excluded.address,\n"
	"	parent_key = excluded.parent_key, root_key = excluded.root_key, author_id = excluded.author_id,\n"
	"	is_self = excluded.is_self, is_by_visitor = excluded.is_by_visitor,\n"
	"	can_comment = excluded.can_comment,\n"
	"	title = excluded.title, body = excluded.body, html = excluded.html,\n"
	"	url = excluded.url, visibility = excluded.visibility, created_at = excluded.created_at,\n"
	"	edited_at = excluded.edited_at, confirmed_at = excluded.confirmed_at, text_at = excluded.text_at,\n"
	"	visibility_at = excluded.visibility_at, removed_at = excluded.removed_at,\n"
	"	is_removal_final = excluded.is_removal_final, missing_since = excluded.missing_since,\n"
	"	missing_at = excluded.missing_at, missing_count = excluded.missing_count,\n"
	"	comment_count = excluded.comment_count, touched_at = excluded.touched_at,\n"
	"	reactions = excluded.reactions, topic_id = excluded.topic_id, post_id = excluded.post_id,\n"
	"	is_ours = excluded.is_ours",
	2);

/* Of items whose words were not loaded: all but those. */
DB_STATEMENT(
	mirror_touch_items,
	"update mirror_items i set removed_at = from_us(g.removed_us), is_removal_final = g.is_removal_final,\n"
	"	touched_at = from_us(g.touched_us), topic_id = g.topic_id, post_id = g.post_id\n"
	"from jsonb_to_recordset($2::jsonb) as g(kind text, key text, removed_us bigint,\n"
	"	is_removal_final boolean, touched_us bigint, topic_id bigint, post_id bigint)\n"
	"where i.source_id = $1 and i.kind = g.kind and i.key = g.key",
	2);

/* The same picture has another address at each reading: only its path is compared. */
DB_STATEMENT(
	mirror_put_media,
	"with g as (\n"
	"	select i.id as item_id, g.* from jsonb_to_recordset($2::jsonb) as g(item_kind text, key text,\n"
	"		position integer, kind text, url text, link text, title text, width integer, height integer)\n"
	"	join mirror_items i on i.source_id = $1 and i.kind = g.item_kind and i.key = g.key\n"
	"	where g.position > 0\n"
	")\n"
	"insert into mirror_media as m (item_id, position, kind, source_url, link, title, state, width, height)\n"
	"select g.item_id, g.position, g.kind, g.url, g.link, g.title,\n"
	"	case when g.url = '' then 'none' else 'waiting' end, g.width, g.height\n"
	"from g\n"
	"on conflict (item_id, position) do update set kind = excluded.kind, link = excluded.link,\n"
	"	title = excluded.title, source_url = excluded.source_url, state = excluded.state, attempts = 0,\n"
	"	run_at = now(), file = '', error = ''\n"
	"where split_part(m.source_url, '?', 1) <> split_part(excluded.source_url, '?', 1)\n"
	"	or (m.kind, m.link, m.title) is distinct from (excluded.kind, excluded.link, excluded.title)\n"
	"	or m.state = 'removed' or (m.state in ('waiting', 'refused') and m.source_url <> excluded.source_url)",
	2);

DB_STATEMENT(
	mirror_drop_media,
	"delete from mirror_media m\n"
	"using mirror_items i, (select g.item_kind, g.key, max(g.position) as most\n"
	"	from jsonb_to_recordset($2::jsonb) as g(item_kind text, key text, position integer)\n"
	"	group by g.item_kind, g.key) n\n"
	"where i.source_id = $1 and i.kind = n.item_kind and i.key = n.key and m.item_id = i.id\n"
	"	and m.position > n.most",
	2);

/* Files of what is not shown go; the worker deletes those that nothing names any more. */
DB_STATEMENT(mirror_hide_media,
	     "update mirror_media m set state = 'removed'\n"
	     "from mirror_items i, jsonb_to_recordset($2::jsonb) as g(kind text, key text)\n"
	     "where i.source_id = $1 and i.kind = g.kind and i.key = g.key and m.item_id = i.id\n"
	     "	and m.state in ('waiting', 'stored')",
	     2);

/* The old address may have expired: the worker reads the item again then. */
DB_STATEMENT(mirror_show_media,
	     "update mirror_media m set state = 'waiting', attempts = 0, run_at = now()\n"
	     "from mirror_items i, jsonb_to_recordset($2::jsonb) as g(kind text, key text)\n"
	     "where i.source_id = $1 and i.kind = g.kind and i.key = g.key and m.item_id = i.id\n"
	     "	and m.state = 'removed' and m.source_url <> ''",
	     2);

DB_STATEMENT(
	mirror_put_refreshes,
	"insert into mirror_refreshes as r (source_id, kind, key, address, with_comments)\n"
	"select $1, g.kind, g.key, max(g.address), bool_or(g.with_comments)\n"
	"from jsonb_to_recordset($2::jsonb) as g(kind text, key text, address text, with_comments boolean)\n"
	"group by g.kind, g.key order by g.kind, g.key\n"
	"on conflict (source_id, kind, key) do update set asked_at = clock_timestamp(),\n"
	"	with_comments = r.with_comments or excluded.with_comments,\n"
	"	address = case when r.address = '' then excluded.address else r.address end",
	2);

/*
 * Topics are locked when the batch is read. Before anything is written, the posts that
 * change are, and those that count them, then everybody whom that counts for: each in
 * one order. Else a thank-you (post, then person) and a batch that has begun to count
 * (person) and goes on with the next post wait for each other.
 */
DB_STATEMENT(mirror_lock_posts,
	     "select p.id from posts p\n"
	     "where p.id = any ($1::bigint[] || array(select c.parent_id from posts c\n"
	     "	where c.id = any ($1::bigint[]) and c.parent_id is not null))\n"
	     "order by p.id for no key update",
	     1);

DB_STATEMENT(mirror_lock_people,
	     "select a.id from people a\n"
	     "where a.id = any ($2::bigint[])\n"
	     "	or a.id in (select p.author_id from posts p where p.id = any ($1::bigint[]))\n"
	     "order by a.id for no key update",
	     2);

void mirror_changes_init(struct ctx *ctx, struct mirror_changes *changes)
{
	struct json_rows *all[] = { &changes->topics,       &changes->posts,
				    &changes->texts,        &changes->titles,
				    &changes->visibility,   &changes->topic_visibility,
				    &changes->authors,      &changes->items,
				    &changes->touched,      &changes->media,
				    &changes->hidden_media, &changes->shown_media,
				    &changes->refreshes };

	for (size_t i = 0; i < ARRAY_COUNT(all); i++)
		json_rows_init(ctx, all[i]);
}

/* Also of what is new: its parent's count changes, and its author's. */
static void add_locks(struct ctx *ctx, const struct mirror_batch *batch)
{
	int64_t *posts = arena_array_of(ctx->arena, 2 * batch->count, int64_t);
	int64_t *people = arena_array_of(ctx->arena, batch->count, int64_t);
	size_t post_count = 0, person_count = 0;
	struct param post_ids;

	for (size_t i = 0; i < batch->count; i++) {
		struct mirror_item *item = batch->items[i];
		const struct mirror_item *answer = mirror_answer_of(batch, item);

		if (!item->post_id || !(item->is_changed || batch->is_reshown || item->is_turned))
			continue;
		posts[post_count++] = item->post_id;
		if (answer && answer->post_id)
			posts[post_count++] = answer->post_id;
		if (item->person_id)
			people[person_count++] = item->person_id;
	}
	if (post_count == 0)
		return;
	post_ids = param_i64s(ctx->arena, posts, post_count);
	db_add(ctx, &mirror_lock_posts, NULL, post_ids);
	db_add(ctx, &mirror_lock_people, NULL, post_ids,
	       param_i64s(ctx->arena, people, person_count));
}

static void add_rows(struct ctx *ctx, const struct stmt *statement, struct json_rows *rows)
{
	if (rows->count > 0)
		db_add(ctx, statement, NULL, json_rows_param(ctx, rows));
}

static void add_source_rows(struct ctx *ctx, const struct mirror_batch *batch,
			    const struct stmt *statement, struct json_rows *rows)
{
	if (rows->count > 0)
		db_add(ctx, statement, NULL, param_i64(batch->mirror->source.id),
		       json_rows_param(ctx, rows));
}

static void add_media(struct ctx *ctx, const struct mirror_batch *batch, struct json_rows *rows)
{
	struct param source = param_i64(batch->mirror->source.id), param;

	if (rows->count == 0)
		return;
	param = json_rows_param(ctx, rows);
	db_add(ctx, &mirror_drop_media, NULL, source, param);
	db_add(ctx, &mirror_put_media, NULL, source, param);
}

void mirror_changes_add(struct ctx *ctx, const struct mirror_batch *batch,
			struct mirror_changes *changes)
{
	const struct mirror *mirror = batch->mirror;

	add_locks(ctx, batch);
	if (changes->topics.count > 0)
		db_add(ctx, &mirror_insert_topics, NULL, param_i64(mirror->source.id),
		       param_i64(mirror->category_id), param_text(mirror->language),
		       param_text(mirror->source.connector),
		       json_rows_param(ctx, &changes->topics));
	add_rows(ctx, &mirror_insert_posts, &changes->posts);
	add_rows(ctx, &mirror_update_texts, &changes->texts);
	add_rows(ctx, &mirror_update_titles, &changes->titles);
	add_rows(ctx, &mirror_update_topic_visibility, &changes->topic_visibility);
	add_rows(ctx, &mirror_update_visibility, &changes->visibility);
	add_rows(ctx, &mirror_update_authors, &changes->authors);
	add_source_rows(ctx, batch, &mirror_put_items, &changes->items);
	add_source_rows(ctx, batch, &mirror_touch_items, &changes->touched);
	add_media(ctx, batch, &changes->media);
	add_source_rows(ctx, batch, &mirror_hide_media, &changes->hidden_media);
	add_source_rows(ctx, batch, &mirror_show_media, &changes->shown_media);
	add_source_rows(ctx, batch, &mirror_put_refreshes, &changes->refreshes);
}
