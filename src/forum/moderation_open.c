/*
 * What comes into the queue, and what leaves it without having been looked at.
 */
#include "forum/moderation.h"

#include <assert.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "db/db.h"
#include "forum/actor.h"

#define REASON_TEXT_MAX 200
_Static_assert(MODERATION_REASONS_MAX == 20, "the statement says so too");

/*
 * One statement, so that it can travel with whatever it follows from. The post's topic
 * and author are looked up here: whoever opens knows at least the post.
 */
DB_STATEMENT(
	moderation_insert,
	"insert into moderation_items as i (kind, topic_id, post_id, person_id, reference_id, reasons, score, opened_at)\n"
	"select $1, coalesce($2::bigint, p.topic_id), $3::bigint, coalesce($4::bigint, p.author_id),\n"
	"	$5::bigint, jsonb_build_array($6::jsonb), $7::real, $8::timestamptz\n"
	"from (select) one left join posts p on p.id = $3::bigint\n"
	"on conflict (kind, coalesce(post_id, 0), coalesce(case when post_id is null then person_id end, 0),\n"
	"	coalesce(case when kind in ('appeal', 'notice', 'notice_complaint') then reference_id end, 0)) where state = 'open'\n"
	"do update set score = greatest(i.score, excluded.score),\n"
	"	reference_id = coalesce(excluded.reference_id, i.reference_id),\n"
	"	reasons = case when i.reasons @> excluded.reasons or jsonb_array_length(i.reasons) >= 20\n"
	"		then i.reasons else i.reasons || excluded.reasons end",
	8);

DB_STATEMENT(moderation_close,
	     "with closed as (\n"
	     "	update moderation_items set state = 'decided', decided_at = clock_timestamp(),\n"
	     "		decided_by = $3::bigint, claimed_by = null, claimed_until = null,\n"
	     "		decision = case when $2::boolean then 'withdraw' else 'ignore' end\n"
	     "	where post_id = $1 and state = 'open' and kind not in ('appeal', 'notice')\n"
	     ")\n"
	     "update flags set state = case when $2::boolean then 'agreed' else 'ignored' end,\n"
	     "	decided_at = clock_timestamp()\n"
	     "where post_id = $1 and state = 'open'",
	     3);

/* {"code": "rule", "text": "New members with links"} */
static const char *reason_json(struct ctx *ctx, const struct moderation_new *item)
{
	const char *text = item->text ? item->text : "";
	struct buf json;

	buf_init(&json, ctx->arena, 4096);
	buf_text(&json, "{\"code\": ");
	buf_json(&json, item->code);
	if (text[0]) {
		buf_text(&json, ", \"text\": ");
		buf_json(&json,
			 arena_strndup(ctx->arena, text, utf8_prefix(text, REASON_TEXT_MAX)));
	}
	buf_char(&json, '}');
	return json.data;
}

void moderation_open(struct ctx *ctx, const struct moderation_new *item)
{
	assert(item->post_id || item->person_id || item->reference_id);
	db_add(ctx, &moderation_insert, NULL, param_text(moderation_kind_text(item->kind)),
	       param_id(item->topic_id), param_id(item->post_id), param_id(item->person_id),
	       param_id(item->reference_id), param_text(reason_json(ctx, item)),
	       param_f64(item->score), param_time(ctx->now));
}

void moderation_close_of_post(struct ctx *ctx, int64_t post_id, bool is_agreed)
{
	db_add(ctx, &moderation_close, NULL, param_i64(post_id), param_bool(is_agreed),
	       param_id(ctx->actor->id));
}
