/*
 * Opening, keeping and closing an incident. The thread and its answers are written by the
 * ordinary code, in transactions of their own that a form's key makes repeatable; the
 * incident's row follows, and is bound to the thread by a unique index.
 */
#include "forum/incident.h"

#include "base/slice.h"
#include "db/db.h"
#include "forum/audit.h"
#include "forum/constraint.h"
#include "forum/field.h"
#include "forum/post.h"
#include "forum/topic_act_parts.h"
#include "forum/topic_columns.h"
#include "forum/topic_write.h"
#include "i18n/i18n.h"

DB_STATEMENT(
	incident_insert,
	"insert into incidents (title, severity, category_id, is_banner_on, banner_fr, banner_en, link, topic_id,\n"
	"	began_at, opened_by, opened_at)\n"
	"select $1, $2, $3, $4, $5, $6, $7, $8,\n"
	"	coalesce((select a.began_at from crisis_alerts a where a.id = $9::bigint), $11::timestamptz),\n"
	"	$10, $11::timestamptz\n"
	"on conflict (topic_id) do nothing returning id",
	11);

DB_STATEMENT(incident_by_topic, "select i.id from incidents i where i.topic_id = $1", 1);

/* And those that are open in the same place: the incident is about them. */
DB_STATEMENT(incident_take_alert, "update crisis_alerts set incident_id = $2 where id = $1", 2);

DB_STATEMENT(
	incident_event,
	"insert into incident_updates (incident_id, kind, post_id, topic_id, author_id, created_at)\n"
	"values ($1, $2, $3, $4, $5, $6) on conflict (post_id) where post_id is not null do nothing",
	6);

DB_STATEMENT(incident_lock,
	     "select i.topic_id, i.state = 'open', i.category_id is not null from incidents i\n"
	     "where i.id = $1 for update",
	     1);

DB_STATEMENT(incident_pin_post, "update incidents set pinned_post_id = $2 where id = $1", 2);

DB_STATEMENT(
	incident_banner_put,
	"update incidents set is_banner_on = $2, severity = $3, banner_fr = $4, banner_en = $5, link = $6\n"
	"where id = $1",
	6);

DB_STATEMENT(
	incident_end,
	"update incidents set state = 'closed', is_banner_on = false, closed_by = $2, closed_at = $3,\n"
	"	summary = $4 where id = $1",
	4);

DB_STATEMENT(
	incident_begin_again,
	"update incidents set state = 'open', closed_by = null, closed_at = null where id = $1", 1);

/* $1: what it is about; 0 for all pages. */
DB_STATEMENT(
	incident_banner_there,
	"select i.title from incidents i where i.is_banner_on and coalesce(i.category_id, 0) = $1\n"
	"	and i.id <> $2",
	2);

static enum err require(struct ctx *ctx)
{
	return policy_require(ctx, MAY_RUN_INCIDENT, &(struct subject){ .now = ctx->now });
}

static void add_event(struct ctx *ctx, int64_t id, const char *kind, int64_t post_id,
		      int64_t topic_id)
{
	db_add(ctx, &incident_event, NULL, param_i64(id), param_text(kind), param_id(post_id),
	       param_id(topic_id), param_id(ctx->actor->id), param_time(ctx->now));
	audit_write(ctx, &(struct audit_entry){
				 .action = arena_printf(ctx->arena, "incident_%s", kind),
				 .subject = "incident",
				 .subject_id = id,
			 });
}

/* The banner ----------------------------------------------------------------------------- */

/* A page of this site, or of another one by https; "//host" would be another one unseen. */
static bool is_link(const char *link)
{
	if (link[0] == '/')
		return link[1] != '/' && link[1] != '\\';
	return strncmp(link, "https://", strlen("https://")) == 0 && link[strlen("https://")];
}

static enum err clean_banner(struct ctx *ctx, struct incident_banner_form *form)
{
	TRY(field_line(ctx, "banner_fr", form->fr, 1, INCIDENT_BANNER_MAX, &form->fr));
	TRY(field_line(ctx, "banner_en", form->en, 1, INCIDENT_BANNER_MAX, &form->en));
	TRY(field_line(ctx, "link", form->link, 0, INCIDENT_LINK_MAX, &form->link));
	if (form->link[0] && (!is_link(form->link) || strpbrk(form->link, " \"<>\\")))
		return fail(ctx, ERR_INVALID, "link", "%s",
			    _("Give a page of this site (“/kb/12”) or an address with https."));
	return OK;
}

static enum err refuse_second(struct ctx *ctx, const char *title)
{
	return fail(ctx, ERR_CONFLICT, "banner",
		    _("The incident “%s” has its banner there. Take that one down first, or open "
		      "this one without a banner."),
		    title);
}

/* Before anything is written; the index refuses what comes at the same moment. */
static enum err check_place(struct ctx *ctx, int64_t category_id, int64_t id)
{
	struct rows rows;

	TRY(db_query(ctx, &incident_banner_there, &rows, param_i64(category_id), param_i64(id)));
	return rows_next(&rows) ? refuse_second(ctx, col_text(&rows)) : OK;
}

static enum err end(struct ctx *ctx, enum err result)
{
	if (result != OK && constraint_is(ctx, "incidents_one_banner")) {
		db_rollback(ctx);
		error_clear(ctx);
		return refuse_second(ctx, "…");
	}
	if (result != OK)
		db_rollback(ctx);
	return result;
}

/* The pin --------------------------------------------------------------------------------- */

static const char *pin_json(struct ctx *ctx, enum topic_pin pin)
{
	return arena_printf(ctx->arena, "{\"pinned\":\"%s\",\"pinned_until\":null}",
			    topic_pin_text(pin));
}

/* An act on the question as moderators have it, and undoable like theirs. */
static void add_pin(struct ctx *ctx, const struct topic *topic, enum topic_pin pin)
{
	if (topic->pin != pin)
		topic_act_add_change(ctx, &(struct act_change){
						  .kind = ACT_PIN,
						  .topic_id = topic->id,
						  .before = pin_json(ctx, topic->pin),
						  .after = pin_json(ctx, pin),
					  });
}

/* Opening --------------------------------------------------------------------------------- */

static enum err write_incident(struct ctx *ctx, const struct incident_new *form, int64_t topic_id,
			       int64_t *id)
{
	int64_t place = form->is_category_alone ? form->category_id : 0;
	struct rows topics, inserted;
	struct topic topic;

	db_begin(ctx);
	topic_add_lock(ctx, topic_id, &topics);
	db_add(ctx, &incident_insert, &inserted, param_text(form->title),
	       param_text(incident_severity_text(form->banner.severity)), param_id(place),
	       param_bool(form->banner.is_on), param_text(form->banner.fr),
	       param_text(form->banner.en), param_text(form->banner.link), param_i64(topic_id),
	       param_id(form->alert_id), param_id(ctx->actor->id), param_time(ctx->now));
	TRY(db_run(ctx));
	TRY(topic_take(ctx, &topics, &topic));
	if (!rows_next(&inserted)) /* the form came twice */
		return ERR_CONFLICT;
	*id = col_i64(&inserted);
	add_pin(ctx, &topic, place ? PIN_CATEGORY : PIN_EVERYWHERE);
	add_event(ctx, *id, "opened", 0, 0);
	db_add(ctx, &incident_take_alert, NULL, param_id(form->alert_id), param_i64(*id));
	return db_commit(ctx);
}

static enum err find_repeated(struct ctx *ctx, int64_t topic_id, int64_t *id)
{
	struct rows rows;

	db_rollback(ctx);
	error_clear(ctx);
	TRY(db_query(ctx, &incident_by_topic, &rows, param_i64(topic_id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_CONFLICT, NULL, NULL);
	*id = col_i64(&rows);
	return OK;
}

/* A number to call, an address to write to: the team says them on purpose. */
enum err incident_open(struct ctx *ctx, const struct incident_new *typed, int64_t *id)
{
	struct incident_new form = *typed;
	struct topic_new topic = { .title = form.title,
				   .body_md = form.body_md,
				   .tags = "",
				   .category_id = form.category_id,
				   .form_key = form.form_key,
				   .personal = PERSONAL_KEEP };
	int64_t topic_id = 0, place = form.is_category_alone ? form.category_id : 0;
	const char *path;
	enum err result;

	*id = 0;
	TRY(require(ctx));
	TRY(topic_check_new(ctx, &topic));
	TRY(topic_clean_title(ctx, form.title, &form.title));
	TRY(clean_banner(ctx, &form.banner));
	if (form.banner.is_on)
		TRY(check_place(ctx, place, 0));
	TRY(topic_create(ctx, &topic, &topic_id, &path));
	result = write_incident(ctx, &form, topic_id, id);
	if (result == ERR_CONFLICT && !constraint_is(ctx, "incidents_one_banner"))
		return find_repeated(ctx, topic_id, id);
	return end(ctx, result);
}

/* Keeping it -------------------------------------------------------------------------------- */

struct locked {
	int64_t topic_id;
	bool is_open, is_of_category;
};

static enum err take_lock(struct ctx *ctx, int64_t id, struct locked *out)
{
	struct rows rows;

	TRY(db_query(ctx, &incident_lock, &rows, param_i64(id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	out->topic_id = col_i64(&rows);
	out->is_open = col_bool(&rows);
	out->is_of_category = col_bool(&rows);
	return OK;
}

static enum err require_open(struct ctx *ctx, int64_t id, struct locked *out)
{
	TRY(take_lock(ctx, id, out));
	if (!out->is_open)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("This incident is closed. Open it again first."));
	return OK;
}

static enum err pin_answer(struct ctx *ctx, int64_t id, int64_t post_id)
{
	struct locked locked = { 0 };

	db_begin(ctx);
	TRY(require_open(ctx, id, &locked));
	db_add(ctx, &incident_pin_post, NULL, param_i64(id), param_i64(post_id));
	add_event(ctx, id, "update", post_id, 0);
	return db_commit(ctx);
}

enum err incident_update(struct ctx *ctx, int64_t id, const char *body_md, const char *form_key)
{
	struct locked locked = { 0 };
	int64_t post_id = 0;
	const char *path;

	TRY(require(ctx));
	TRY(require_open(ctx, id, &locked));
	TRY(answer_create(ctx,
			  &(struct answer_new){ .topic_id = locked.topic_id,
						.body_md = body_md,
						.form_key = form_key,
						.personal = PERSONAL_KEEP },
			  &post_id, &path));
	return end(ctx, pin_answer(ctx, id, post_id));
}

static enum err put_banner(struct ctx *ctx, int64_t id, const struct incident_banner_form *form)
{
	struct locked locked = { 0 };

	db_begin(ctx);
	TRY(require_open(ctx, id, &locked));
	db_add(ctx, &incident_banner_put, NULL, param_i64(id), param_bool(form->is_on),
	       param_text(incident_severity_text(form->severity)), param_text(form->fr),
	       param_text(form->en), param_text(form->link));
	add_event(ctx, id, "banner", 0, 0);
	return db_commit(ctx);
}

enum err incident_set_banner(struct ctx *ctx, int64_t id, const struct incident_banner_form *typed)
{
	struct incident_banner_form form = *typed;

	TRY(require(ctx));
	TRY(clean_banner(ctx, &form));
	return end(ctx, put_banner(ctx, id, &form));
}

/* Duplicates --------------------------------------------------------------------------------- */

static enum err set_one(struct ctx *ctx, int64_t id, int64_t topic_id, int64_t official_id,
			bool *is_changed)
{
	struct topic topic;

	*is_changed = false;
	TRY(topic_load(ctx, topic_id, &topic));
	if (topic_id == official_id || (official_id && topic.duplicate_of == official_id))
		return OK;
	TRY(topic_set_status(
		ctx, &(struct topic_status_change){
			     .id = topic_id,
			     .status = official_id ? STATUS_DUPLICATE : STATUS_OPEN,
			     .duplicate_of = official_id ? arena_printf(ctx->arena, "%lld",
									(long long)official_id)
							 : NULL,
		     }));
	*is_changed = true;
	add_event(ctx, id, official_id ? "gathered" : "released", 0, topic_id);
	return db_run(ctx);
}

/* What was withdrawn meanwhile is left out. */
enum err incident_gather(struct ctx *ctx, int64_t id, const int64_t *topic_ids, size_t count,
			 int64_t *done)
{
	struct locked locked = { 0 };

	*done = 0;
	TRY(require(ctx));
	TRY(require_open(ctx, id, &locked));
	for (size_t i = 0; i < count && i < INCIDENT_GATHER_MAX; i++) {
		bool is_changed = false;
		enum err result = set_one(ctx, id, topic_ids[i], locked.topic_id, &is_changed);

		if (result == ERR_NOT_FOUND || result == ERR_GONE)
			error_clear(ctx);
		else
			TRY(result);
		*done += is_changed;
	}
	return OK;
}

enum err incident_release(struct ctx *ctx, int64_t id, int64_t topic_id)
{
	struct locked locked = { 0 };
	bool is_changed;

	TRY(require(ctx));
	TRY(take_lock(ctx, id, &locked));
	return set_one(ctx, id, topic_id, 0, &is_changed);
}

/* The end -------------------------------------------------------------------------------------- */

static enum err change_state(struct ctx *ctx, int64_t id, const char *summary, bool is_end)
{
	struct locked locked = { 0 };
	struct topic topic;
	struct rows topics;

	db_begin(ctx);
	TRY(take_lock(ctx, id, &locked));
	if (locked.is_open != is_end)
		return db_commit(ctx);
	topic_add_lock(ctx, locked.topic_id, &topics);
	if (is_end)
		db_add(ctx, &incident_end, NULL, param_i64(id), param_id(ctx->actor->id),
		       param_time(ctx->now), param_text(summary));
	else
		db_add(ctx, &incident_begin_again, NULL, param_i64(id));
	TRY(db_run(ctx));
	TRY(topic_take(ctx, &topics, &topic));
	add_pin(ctx, &topic,
		is_end                  ? PIN_NONE
		: locked.is_of_category ? PIN_CATEGORY
					: PIN_EVERYWHERE);
	add_event(ctx, id, is_end ? "closed" : "reopened", 0, 0);
	return db_commit(ctx);
}

enum err incident_close(struct ctx *ctx, int64_t id, const char *body_md, const char *summary,
			const char *form_key)
{
	TRY(require(ctx));
	TRY(field_text(ctx, "summary", summary, 0, INCIDENT_SUMMARY_MAX, &summary));
	if (body_md && body_md[strspn(body_md, " \r\n\t")])
		TRY(incident_update(ctx, id, body_md, form_key));
	return end(ctx, change_state(ctx, id, summary, true));
}

enum err incident_reopen(struct ctx *ctx, int64_t id)
{
	TRY(require(ctx));
	return end(ctx, change_state(ctx, id, "", false));
}
