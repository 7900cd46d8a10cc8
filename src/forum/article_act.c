/*
 * What is done with articles besides writing: review, publication, planning, putting
 * away. One row a kind of act: the right that it wants, and the function that checks the
 * state and queues the change; around it always the same lock, form key and commit.
 */
#include "base/clock.h"
#include "forum/article_columns.h"
#include "forum/article_parts.h"
#include "forum/audit.h"
#include "forum/constraint.h"
#include "forum/field.h"
#include "forum/once.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

/* A year ahead is planning; more is a slip of the keyboard. */
#define SCHEDULE_MAX (366 * CLOCK_DAY)

DB_STATEMENT(article_set_state,
	     "update articles set state = $2, updated_at = $3::timestamptz where id = $1", 3);

/* $3: the version; state follows whether it is the newest. */
#define PUBLISH(version) \
	"update articles a set published_version_id = v.id, title = v.title, summary = v.summary,\n" \
	"	state = case when a.latest_version_id = v.id then 'published' else a.state end,\n" \
	"	publish_at = null, publish_version_id = null, publish_by = null,\n" \
	"	published_at = coalesce(a.published_at, $2::timestamptz), changed_at = $2::timestamptz,\n" \
	"	updated_at = $2::timestamptz\n" \
	"from article_versions v\n" \
	"where a.id = $1 and a.state <> 'archived' and v.id = " version

DB_STATEMENT(article_publish_newest, PUBLISH("a.latest_version_id"), 2);

DB_STATEMENT(
	article_set_schedule,
	"update articles set publish_at = $2::timestamptz, publish_by = $3::bigint,\n"
	"	publish_version_id = case when $2::timestamptz is null then null else latest_version_id end,\n"
	"	updated_at = $4::timestamptz\n"
	"where id = $1",
	4);

DB_STATEMENT(
	article_set_archived,
	"update articles set state = 'archived', archived_at = $2::timestamptz, updated_at = $2::timestamptz,\n"
	"	publish_at = null, publish_version_id = null, publish_by = null,\n"
	"	replaced_by = (select r.id from articles r where r.id = $3::bigint and r.is_public)\n"
	"where id = $1 and ($3::bigint is null\n"
	"	or exists (select from articles r where r.id = $3::bigint and r.is_public and r.id <> $1))",
	3);

DB_STATEMENT(
	article_set_revived,
	"update articles set archived_at = null, replaced_by = null, updated_at = $2::timestamptz,\n"
	"	state = case when latest_version_id = published_version_id then 'published' else 'draft' end\n"
	"where id = $1",
	2);

DB_STATEMENT(article_version_words,
	     "select v.title, v.summary, v.body_md, v.body_html from article_versions v\n"
	     "where v.article_id = $1 and v.number = $2::integer",
	     2);

DB_STATEMENT(
	article_set_plan,
	"update articles set owner_id = $2::bigint, updated_at = $4::timestamptz,\n"
	"	reminded_at = case when review_due is distinct from ($3::timestamptz at time zone 'utc')::date\n"
	"		then null else reminded_at end,\n"
	"	review_due = ($3::timestamptz at time zone 'utc')::date\n"
	"where id = $1",
	4);

DB_STATEMENT(article_owner_rights,
	     "select p.id, p.role, p.is_expert from people p\n"
	     "where p.state = 'active' and (p.id = $1::bigint or p.handle = $2)",
	     2);

/* Alone again: a group of its own. */
DB_STATEMENT(article_set_group,
	     "update articles a set updated_at = $3::timestamptz,\n"
	     "	group_id = case when $2::bigint is null then nextval('article_groups')\n"
	     "		else (select o.group_id from articles o where o.id = $2::bigint) end\n"
	     "where a.id = $1 and ($2::bigint is null\n"
	     "	or exists (select from articles o where o.id = $2::bigint and o.id <> $1))",
	     3);

DB_STATEMENT(article_redirect_put,
	     "insert into article_redirects (address, article_id) values ($1, $2)\n"
	     "on conflict (address) do update set article_id = excluded.article_id",
	     2);

struct running {
	struct article_act *form;
	struct article_lock lock;
};

static enum err wrong_state(struct ctx *ctx)
{
	return fail(ctx, ERR_CONFLICT, NULL, "%s",
		    _("That is not possible any more: the article is in another state now."));
}

static void add_state(struct ctx *ctx, const struct running *run, enum article_state state,
		      const char *action)
{
	db_add(ctx, &article_set_state, NULL, param_i64(run->form->id),
	       param_text(article_state_text(state)), param_time(ctx->now));
	article_audit(ctx, action, run->form->id, run->lock.article.latest_number,
		      run->form->reason);
}

static enum err ask_review(struct ctx *ctx, struct running *run)
{
	if (run->lock.article.state != ARTICLE_DRAFT)
		return wrong_state(ctx);
	add_state(ctx, run, ARTICLE_REVIEW, "article_review_asked");
	return OK;
}

static enum err give_back(struct ctx *ctx, struct running *run)
{
	if (run->lock.article.state != ARTICLE_REVIEW)
		return wrong_state(ctx);
	if (!run->form->reason[0])
		return fail(ctx, ERR_INVALID, "reason", "%s",
			    _("Say what is missing, for who wrote it."));
	add_state(ctx, run, ARTICLE_DRAFT, "article_returned");
	return OK;
}

void article_add_publication(struct ctx *ctx, int64_t id)
{
	db_add(ctx, &article_publish_newest, NULL, param_i64(id), param_time(ctx->now));
}

static enum err publish(struct ctx *ctx, struct running *run)
{
	if (run->lock.article.state != ARTICLE_DRAFT && run->lock.article.state != ARTICLE_REVIEW)
		return wrong_state(ctx);
	article_add_publication(ctx, run->form->id);
	article_audit(ctx, "article_published", run->form->id, run->lock.article.latest_number,
		      run->form->reason);
	return OK;
}

static enum err schedule(struct ctx *ctx, struct running *run)
{
	bool is_off = run->form->kind == ARTICLE_ACT_UNSCHEDULE;
	int64_t at = is_off ? 0 : run->form->at;

	if (is_off ? !run->lock.article.publish_at
		   : run->lock.article.state != ARTICLE_DRAFT &&
			     run->lock.article.state != ARTICLE_REVIEW)
		return wrong_state(ctx);
	if (!is_off && (at <= ctx->now || at > ctx->now + SCHEDULE_MAX))
		return fail(ctx, ERR_INVALID, "at", "%s",
			    _("Choose a time to come, within a year."));
	db_add(ctx, &article_set_schedule, NULL, param_i64(run->form->id), param_time(at),
	       is_off ? param_null() : param_id(ctx->actor->id), param_time(ctx->now));
	article_audit(ctx, is_off ? "article_unscheduled" : "article_scheduled", run->form->id,
		      run->lock.article.latest_number, run->form->reason);
	return OK;
}

static enum err no_such_article(struct ctx *ctx)
{
	return fail(ctx, ERR_INVALID, "other", "%s", _("There is no such article."));
}

static enum err archive(struct ctx *ctx, struct running *run)
{
	struct rows rows;

	if (run->lock.article.state == ARTICLE_ARCHIVED)
		return wrong_state(ctx);
	TRY(db_query(ctx, &article_set_archived, &rows, param_i64(run->form->id),
		     param_time(ctx->now), param_id(run->form->other_id)));
	if (rows.affected == 0)
		return no_such_article(ctx);
	article_audit(ctx, "article_archived", run->form->id, run->lock.article.latest_number,
		      run->form->reason);
	return OK;
}

static enum err revive(struct ctx *ctx, struct running *run)
{
	if (run->lock.article.state != ARTICLE_ARCHIVED)
		return wrong_state(ctx);
	db_add(ctx, &article_set_revived, NULL, param_i64(run->form->id), param_time(ctx->now));
	article_audit(ctx, "article_revived", run->form->id, run->lock.article.latest_number,
		      run->form->reason);
	return OK;
}

/* What was rendered then was sanitised then; it is not rendered anew. */
static enum err restore(struct ctx *ctx, struct running *run)
{
	struct article_words words = { .number = run->lock.article.latest_number + 1 };
	struct rows rows;

	if (run->lock.article.state == ARTICLE_ARCHIVED ||
	    run->form->number >= run->lock.article.latest_number)
		return wrong_state(ctx);
	TRY(db_query(ctx, &article_version_words, &rows, param_i64(run->form->id),
		     param_i64(run->form->number)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	words.title = col_text(&rows);
	words.summary = col_text(&rows);
	words.body_md = col_text(&rows);
	words.body_html = col_text(&rows);
	words.reason = arena_printf(ctx->arena, _("As in version %d"), (int)run->form->number);
	article_add_version(ctx, run->form->id, &words);
	article_audit(ctx, "article_restored", run->form->id, words.number, words.reason);
	return OK;
}

/* An owner is somebody who could write it. */
static enum err check_owner(struct ctx *ctx, struct article_act *form)
{
	const struct subject anywhere = { .is_actors_field = true, .now = ctx->now };
	const char *handle = form->owner_handle;
	struct actor owner = { .is_confirmed = true };
	struct subject subject = anywhere;
	struct rows rows;

	if (handle && handle[0] == '@')
		handle++;
	if (handle ? !handle[0] : !form->owner_id) {
		form->owner_id = 0;
		return OK;
	}
	TRY(db_query(ctx, &article_owner_rights, &rows,
		     handle ? param_null() : param_i64(form->owner_id), param_text(handle)));
	if (rows_next(&rows)) {
		form->owner_id = owner.id = col_i64(&rows);
		if (!role_from_text(col_text(&rows), &owner.role))
			owner.role = ROLE_CUSTOMER;
		subject.is_actors_field = col_bool(&rows);
		if (policy_can(&owner, MAY_WRITE_ARTICLE, &subject))
			return OK;
	}
	return fail(ctx, ERR_INVALID, "owner", "%s",
		    _("The owner is somebody of the team, or an expert."));
}

static enum err plan(struct ctx *ctx, struct running *run)
{
	struct article_act *form = run->form;

	TRY(check_owner(ctx, form));
	db_add(ctx, &article_set_plan, NULL, param_i64(form->id), param_id(form->owner_id),
	       param_time(form->review_due), param_time(ctx->now));
	article_audit(ctx, "article_planned", form->id, run->lock.article.latest_number,
		      form->reason);
	return OK;
}

static enum err join(struct ctx *ctx, struct running *run)
{
	struct rows rows;

	TRY(db_query(ctx, &article_set_group, &rows, param_i64(run->form->id),
		     param_id(run->form->other_id), param_time(ctx->now)));
	if (rows.affected == 0)
		return no_such_article(ctx);
	article_audit(ctx, run->form->other_id ? "article_joined" : "article_parted", run->form->id,
		      run->lock.article.latest_number, run->form->reason);
	return OK;
}

static enum err redirect(struct ctx *ctx, struct running *run)
{
	TRY(field_line(ctx, "address", run->form->address, 1, ARTICLE_KEY_MAX,
		       &run->form->address));
	if (strpbrk(run->form->address, "/?# "))
		return fail(ctx, ERR_INVALID, "address", "%s",
			    _("Write the part behind /kb/old/: without slashes or spaces."));
	db_add(ctx, &article_redirect_put, NULL, param_text(run->form->address),
	       param_i64(run->form->id));
	article_audit(ctx, "article_redirected", run->form->id, run->lock.article.latest_number,
		      run->form->address);
	return OK;
}

static const struct {
	enum action action;
	enum err (*run)(struct ctx *ctx, struct running *run);
} acts[] = {
	[ARTICLE_ACT_ASK_REVIEW] = { MAY_WRITE_ARTICLE, ask_review },
	[ARTICLE_ACT_RETURN] = { MAY_PUBLISH_ARTICLE, give_back },
	[ARTICLE_ACT_PUBLISH] = { MAY_PUBLISH_ARTICLE, publish },
	[ARTICLE_ACT_SCHEDULE] = { MAY_PUBLISH_ARTICLE, schedule },
	[ARTICLE_ACT_UNSCHEDULE] = { MAY_PUBLISH_ARTICLE, schedule },
	[ARTICLE_ACT_ARCHIVE] = { MAY_ARCHIVE_ARTICLE, archive },
	[ARTICLE_ACT_REVIVE] = { MAY_ARCHIVE_ARTICLE, revive },
	[ARTICLE_ACT_RESTORE] = { MAY_WRITE_ARTICLE, restore },
	[ARTICLE_ACT_PLAN] = { MAY_WRITE_ARTICLE, plan },
	[ARTICLE_ACT_JOIN] = { MAY_WRITE_ARTICLE, join },
	[ARTICLE_ACT_REDIRECT] = { MAY_PUBLISH_ARTICLE, redirect },
};

static enum err act_run(struct ctx *ctx, struct running *run)
{
	struct article_act *form = run->form;
	const char *earlier;

	db_begin(ctx);
	article_lock_add(ctx, form->id, &run->lock);
	TRY(writing_claim(ctx, form->form_key, &earlier));
	if (earlier)
		return OK;
	TRY(article_lock_take(ctx, &run->lock));
	TRY(policy_require(ctx, acts[form->kind].action, &run->lock.subject));
	if (run->lock.article.latest_number != form->follows_number)
		return article_somebody_was_faster(ctx);
	TRY(acts[form->kind].run(ctx, run));
	once_result(ctx, form->form_key,
		    arena_printf(ctx->arena, "/kb/work/%lld", (long long)form->id));
	return db_commit(ctx);
}

enum err article_act(struct ctx *ctx, struct article_act *act)
{
	struct running run = { .form = act };

	if (ctx->actor->role == ROLE_VISITOR)
		return fail(ctx, ERR_UNAUTHENTICATED, NULL, NULL);
	TRY(field_line(ctx, "reason", act->reason ? act->reason : "", 0, ARTICLE_REASON_MAX,
		       &act->reason));
	return constraint_explain(ctx, writing_end(ctx, act_run(ctx, &run)));
}
