/*
 * Reading topics: what topic.c, topic_list.c and the post files share. Inside
 * src/forum only.
 */
#ifndef FORUM_TOPIC_COLUMNS_H
#define FORUM_TOPIC_COLUMNS_H

#include "db/db.h"
#include "forum/author.h"
#include "forum/category.h"
#include "forum/topic.h"

/* Columns of t alone, at the end of both that follow. */
#define TOPIC_OWN_COLUMNS \
	"t.created_at, t.active_at, t.solved_at, t.answer_count, t.comment_count, " \
	"t.accepted_count, t.me_too_count, t.score, t.excerpt, t.tag_list, t.source, " \
	"t.source_url, t.mirror_source_id, t.merged_into, t.pinned, t.pinned_until, " \
	"t.is_locked, t.status_reason, t.stage, t.has_poll, "

/* A topic as a page shows it: t, its category c, parent p, author a, original d. */
#define TOPIC_COLUMNS \
	"t.id, t.category_id, t.title, t.language, " \
	"c.slug, " CATEGORY_NAME_COLUMNS("c") ", p.slug, " CATEGORY_NAME_COLUMNS("p") ", " AUTHOR_COLUMNS( \
		"a", \
		"t") ", " \
		     "t.status, t.visibility, t.duplicate_of, d.title, " \
		     "t.status = 'duplicate' and coalesce(d.status <> 'duplicate', false), " TOPIC_OWN_COLUMNS \
		     "coalesce((select max(e.state) from private_exchanges e where e.topic_id = t.id), '')"

#define TOPIC_TABLES \
	"topics t join categories c on c.id = t.category_id" \
	" left join categories p on p.id = c.parent_id" \
	" left join people a on a.id = t.author_id" \
	" left join topics d on d.id = t.duplicate_of and d.visibility = 'visible'"

/*
 * The same for rules that show nothing of it: empty are the names of its categories, all of
 * its author but the number, its original's title and the state of a private exchange
 * (measured: a fifth of the other's price, which was a tenth of an answer's).
 */
#define TOPIC_BARE_COLUMNS \
	"t.id, t.category_id, t.title, t.language, '', '', '', '', '', '', " \
	"t.author_id, '', '', '', false, null::timestamptz, 0, 0, '', '', " \
	"t.status, t.visibility, t.duplicate_of, '', false, " TOPIC_OWN_COLUMNS "''"

void topic_read(struct ctx *ctx, struct rows *rows, struct topic *topic);
/* Only the column tag_list. */
void tags_read(struct ctx *ctx, struct rows *rows, struct tags *tags);

/*
 * ERR_GONE unless it is publicly visible, or the actor is its author or on the
 * team. For what was loaded whatever its visibility.
 */
enum err topic_check_visible(struct ctx *ctx, const struct topic *topic) MUST_CHECK;

/* Queues the topic's row, locked until the transaction ends. */
void topic_add_lock(struct ctx *ctx, int64_t id, struct rows *rows);
/* The same, of TOPIC_BARE_COLUMNS. */
void topic_add_bare_lock(struct ctx *ctx, int64_t id, struct rows *rows);
/* After db_run: ERR_NOT_FOUND, ERR_GONE. */
enum err topic_take(struct ctx *ctx, struct rows *rows, struct topic *out) MUST_CHECK;

enum topic_state topic_state_of(enum topic_status status, int64_t answer_count,
				int64_t accepted_count);

/*
 * Where a list by date goes on: the key's time, or 9999-12-31 for the first page
 * and for what no row has, as addresses can be made up.
 */
struct param list_param_time(struct list_key after);
struct param list_param_id(struct list_key after);

/* A line of a list. */
#define TOPIC_ROW_COLUMNS \
	"t.id, t.title, t.language, c.slug, " CATEGORY_NAME_COLUMNS("c") ", " AUTHOR_COLUMNS( \
		"a", \
		"t") ", " \
		     "t.status, t.visibility, t.created_at, t.answer_count, t.accepted_count, " \
		     "t.me_too_count, t.score, t.excerpt, t.tag_list, t.source, t.stage"

/* What they and the joins need of the table, for selects that choose topics inside. */
#define TOPIC_ROW_TABLE_COLUMNS(t) \
	t ".id, " t ".category_id, " t ".title, " t ".language, " t ".author_id, " t \
	  ".author_name, " t ".is_official, " t ".status, " t ".visibility, " t ".created_at, " t \
	  ".answer_count, " t ".accepted_count, " t ".me_too_count, " t ".score, " t \
	  ".excerpt, " t ".tag_list, " t ".source, " t ".stage"

#define TOPIC_ROW_JOINS \
	" join categories c on c.id = t.category_id left join people a on a.id = t.author_id"

void topic_row_read(struct ctx *ctx, struct rows *rows, struct topic_row *row);

/* A line of which only title, state and number of answers are shown; no joins. */
#define TOPIC_LINK_COLUMNS \
	"t.id, t.title, t.language, t.status, t.visibility, t.created_at, t.answer_count, " \
	"case when t.stage = '' then t.accepted_count else 0 end"

void topic_link_read(struct ctx *ctx, struct rows *rows, struct topic_row *row);

#endif
