/*
 * What the team sets on a question: it needs information, is a duplicate of
 * another, is closed; and back to open.
 */
#include "forum/topic_act_parts.h"

#include "base/slice.h"
#include "db/db.h"
#include "forum/notification.h"
#include "forum/once.h"
#include "forum/topic_columns.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

/*
 * The question to point to: the one named, or, when that is a duplicate itself,
 * its original, so that readers need one step only. Rows: number and title.
 */
DB_STATEMENT(
	topic_original,
	"select o.id, o.title from topics n"
	" join topics o on o.id = case when n.status = 'duplicate' then n.duplicate_of else n.id end"
	" where n.id = $1 and n.visibility = 'visible' and o.visibility = 'visible'",
	1);

/*
 * Both questions at once and in one order, so that A → B and B → A cannot wait for
 * each other: the counts of the original change too.
 */
DB_STATEMENT(
	topic_pair_lock,
	"select t.id from topics t where t.id in ($1::bigint, (select case when n.status = 'duplicate'"
	" then n.duplicate_of else n.id end from topics n where n.id = $2::bigint))"
	" order by t.id for no key update of t",
	2);

/* $1 the duplicate, $2 its original, $3 now. */
DB_STATEMENT(duplicate_follows,
	     "insert into follows (person_id, kind, target_id, created_at)"
	     " select f.person_id, 'topic', $2::bigint, $3 from follows f"
	     " where f.kind = 'topic' and f.target_id = $1::bigint order by f.person_id"
	     " on conflict do nothing",
	     3);

/* Whoever asked it has the original's question too, unless that was theirs as well. */
DB_STATEMENT(
	duplicate_me_too,
	"insert into me_too (topic_id, person_id, created_at)"
	" select o.id, p.person_id, $3 from topics o"
	" cross join (select m.person_id from me_too m where m.topic_id = $1::bigint"
	"	union select t.author_id from topics t where t.id = $1::bigint and t.author_id is not null) p"
	" where o.id = $2::bigint and p.person_id is distinct from o.author_id order by p.person_id"
	" on conflict do nothing",
	3);

/* What was a duplicate of this one is one of the original: one step is enough. */
DB_STATEMENT(duplicate_lead_on,
	     "update topics set duplicate_of = $2::bigint"
	     " where duplicate_of = $1::bigint and status = 'duplicate' and id <> $2::bigint",
	     2);

/* "123", "#123", "https://…/t/123-slug?page=2", "/t/123": 0 if it is none of them. */
int64_t topic_number_from(const char *address)
{
	const char *path = strstr(address, "/t/");
	const char *digits = path ? path + strlen("/t/") : address + strspn(address, " #");
	size_t length = strspn(digits, "0123456789");
	int64_t number = 0;

	if (!path && digits[length + strspn(digits + length, " ")] != '\0')
		return 0;
	return slice_to_i64(slice_make(digits, length), &number) ? number : 0;
}

static enum action action_for(enum topic_status from, enum topic_status to)
{
	switch (to) {
	case STATUS_NEEDS_INFORMATION:
		return MAY_ASK_FOR_INFORMATION;
	case STATUS_DUPLICATE:
		return MAY_MARK_DUPLICATE;
	case STATUS_CLOSED:
		return MAY_CLOSE;
	case STATUS_OPEN:
		break;
	}
	return from == STATUS_NEEDS_INFORMATION ? MAY_ASK_FOR_INFORMATION : MAY_CLOSE;
}

static enum err take_original(struct ctx *ctx, struct rows *rows, const struct topic *topic,
			      int64_t *id)
{
	if (!rows_next(rows))
		return fail(ctx, ERR_INVALID, "duplicate_of", "%s",
			    _("There is no such question. Give its address or its number."));
	*id = col_i64(rows);
	if (*id == topic->id)
		return fail(ctx, ERR_INVALID, "duplicate_of", "%s",
			    _("A question cannot be a duplicate of itself."));
	return OK;
}

static void add_merge(struct ctx *ctx, int64_t duplicate_id, int64_t original_id)
{
	struct param duplicate = param_i64(duplicate_id), original = param_i64(original_id);

	db_add(ctx, &duplicate_follows, NULL, duplicate, original, param_time(ctx->now));
	db_add(ctx, &duplicate_me_too, NULL, duplicate, original, param_time(ctx->now));
	db_add(ctx, &duplicate_lead_on, NULL, duplicate, original);
}

static enum err set_status(struct ctx *ctx, const struct topic_status_change *form)
{
	const char *named = form->duplicate_of ? form->duplicate_of : "";
	struct act_change change = { .kind = ACT_STATUS, .topic_id = form->id };
	struct rows topics, originals;
	struct subject subject;
	struct topic topic;
	const char *earlier;
	int64_t original = 0;

	TRY(topic_act_clean_reason(ctx, form->reason, &change.reason));
	db_begin(ctx);
	db_add(ctx, &topic_pair_lock, NULL, param_i64(form->id),
	       param_i64(topic_number_from(named)));
	topic_add_lock(ctx, form->id, &topics);
	db_add(ctx, &topic_original, &originals, param_i64(topic_number_from(named)));
	TRY(writing_claim(ctx, form->form_key, &earlier));
	if (earlier)
		return OK;
	TRY(topic_take(ctx, &topics, &topic));
	subject = topic_subject(ctx, &topic);
	TRY(policy_require(ctx, action_for(topic.status, form->status), &subject));
	if (form->status == STATUS_DUPLICATE)
		TRY(take_original(ctx, &originals, &topic, &original));
	if (form->status == topic.status && original == topic.duplicate_of)
		return db_commit(ctx);
	change.before = topic_status_json(ctx, topic.status, topic.duplicate_of,
					  topic.status_reason);
	change.after = topic_status_json(ctx, form->status, original, change.reason);
	change.details = arena_printf(ctx->arena,
				      "{\"from\":\"%s\",\"to\":\"%s\",\"duplicate_of\":%lld}",
				      topic_status_text(topic.status),
				      topic_status_text(form->status), (long long)original);
	topic_act_add_change(ctx, &change);
	if (original)
		add_merge(ctx, topic.id, original);
	if (topic.author.id && topic.author.id != ctx->actor->id)
		notify_person(ctx, topic.author.id, NOTIFY_STATUS, topic.id, 0);
	once_result(ctx, form->form_key, topic_path(ctx->arena, topic.id, topic.title));
	return db_commit(ctx);
}

enum err topic_set_status(struct ctx *ctx, const struct topic_status_change *form)
{
	return writing_end(ctx, set_status(ctx, form));
}
