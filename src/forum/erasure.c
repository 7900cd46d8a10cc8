/*
 * Requests to be forgotten. What a form says of its sender is kept only until the
 * request is done with.
 */
#include "forum/erasure.h"

#include "base/crypto.h"
#include "base/slice.h"
#include "db/db.h"
#include "forum/audit.h"
#include "forum/field.h"
#include "forum/mirror.h"
#include "forum/once.h"
#include "forum/throttle.h"
#include "i18n/i18n.h"

DB_STATEMENT(
	erasure_insert,
	"insert into mirror_erasures (code, origin, scoped_id, address, name, contact, details,\n"
	"	language, source_id, author_id, post_id)\n"
	"values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
	11);

/* Nothing is to be deleted because an administrator's own login ended. */
DB_STATEMENT(erasure_deauthorize,
	     "with noted as (\n"
	     "	insert into mirror_erasures (code, origin, scoped_id, state, done_at, outcome)\n"
	     "	values ($1, 'deauthorize', $2, 'done', now(), 'the keys are checked'))\n"
	     "update mirror_sources set health_at = null where connector = 'facebook'",
	     2);

/* Looking after the sources (jobs/mirror_health.c) asks them who it is. */
DB_STATEMENT(
	erasure_wake,
	"with asked as (update mirror_sources set health_at = null where connector = 'facebook')\n"
	"select pg_notify('mirror', '')",
	0);

DB_STATEMENT(erasure_calls_open,
	     "select e.id, e.scoped_id from mirror_erasures e\n"
	     "where e.origin = 'callback' and e.state = 'received' and e.author_id is null\n"
	     "	and e.decided_at is null and e.scoped_id <> ''\n"
	     "order by e.id limit 50",
	     0);

DB_STATEMENT(erasure_author,
	     "select id from mirror_authors where source_id = $1 and author_key = $2", 2);

DB_STATEMENT(
	erasure_nobody,
	"update mirror_erasures set state = 'unknown_person', decided_at = now(), done_at = now()\n"
	"where id = $1 and state = 'received' and decided_at is null",
	1);

/* $1 a post, $2 a topic, $3 an address there, $4 a comment's key: any may be missing. */
DB_STATEMENT(
	erasure_find,
	"select f.source_id, f.author_id, f.post_id from (\n"
	"	select 1 as place, i.source_id, i.author_id, i.post_id from mirror_items i where i.post_id = $1\n"
	"	union all\n"
	"	select 2, i.source_id, i.author_id, i.post_id from mirror_items i\n"
	"	where i.topic_id = $2 and i.kind = 'post'\n"
	"	union all\n"
	"	select 3, i.source_id, i.author_id, i.post_id from mirror_items i\n"
	"	where i.source_id in (select s.id from mirror_sources s) and i.kind = 'comment' and i.key = $4\n"
	"		and $4 <> ''\n"
	"	union all\n"
	"	select 4, i.source_id, i.author_id, i.post_id from mirror_items i where i.url = $3 and i.url <> ''\n"
	") f order by f.place limit 1",
	4);

#define ERASURE_COLUMNS \
	"e.id, e.created_at, e.decided_at, e.done_at, e.code, e.origin, e.state, e.outcome, e.name, " \
	"e.contact, e.details, e.address, coalesce(s.name, ''), e.author_id, e.post_id, p.topic_id, " \
	"coalesce(t.title, ''), left(coalesce(p.body_md, ''), 400), " \
	"(select count(*) from mirror_items i where i.author_id = e.author_id)"
#define ERASURE_TABLES \
	"mirror_erasures e left join mirror_sources s on s.id = e.source_id" \
	" left join posts p on p.id = e.post_id left join topics t on t.id = p.topic_id"
#define IS_OPEN "e.state = 'received' and e.decided_at is null and e.decided_by is null"

DB_STATEMENT(erasure_of_code,
	     "select " ERASURE_COLUMNS " from " ERASURE_TABLES " where e.code = $1", 1);
DB_STATEMENT(erasure_of_id, "select " ERASURE_COLUMNS " from " ERASURE_TABLES " where e.id = $1",
	     1);
DB_STATEMENT(erasures_open,
	     "select " ERASURE_COLUMNS " from " ERASURE_TABLES " where " IS_OPEN
	     " order by e.created_at, e.id limit $1::bigint",
	     1);
DB_STATEMENT(erasures_decided,
	     "select " ERASURE_COLUMNS " from " ERASURE_TABLES " where not (" IS_OPEN
	     ") order by e.created_at desc, e.id desc limit $1::bigint",
	     1);

DB_STATEMENT(
	erasure_decide,
	"update mirror_erasures e set decided_by = $2, decided_at = now(), source_id = a.source_id,\n"
	"	author_id = a.id, post_id = $4, name = '', contact = '', details = ''\n"
	"from mirror_authors a where a.id = $3 and e.id = $1 and " IS_OPEN,
	4);

/* What was said of the sender is not needed any more. */
DB_STATEMENT(erasure_turn_down,
	     "update mirror_erasures e set state = 'refused', outcome = $3, decided_by = $2,\n"
	     "	decided_at = now(), done_at = now(), name = '', contact = '', details = ''\n"
	     "where e.id = $1 and " IS_OPEN,
	     3);

DB_STATEMENT(erasure_code_of, "select code from mirror_erasures where id = $1", 1);

static const char *const origins[] = { "callback", "deauthorize", "form", "moderator" };
static const char *const states[] = { "received", "done", "refused", "unknown_person" };

static int word_index(const char *const *words, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], text) == 0)
			return (int)i;
	return 0;
}

/* Letters and digits only: Facebook shows it to people, who may have to type it. */
static const char *make_code(struct ctx *ctx)
{
	uint8_t random[ERASURE_CODE_LENGTH / 2];

	crypto_random(random, sizeof(random));
	return crypto_hex(ctx->arena, random, sizeof(random));
}

/* Where is it? ------------------------------------------------------------------------ */

struct place {
	int64_t source_id, author_id, post_id;
};

static int64_t number_after(const char *text, const char *mark)
{
	const char *at = strstr(text, mark);
	const char *digits = at ? at + strlen(mark) : "";
	int64_t number = 0;

	return slice_to_i64(slice_make(digits, strspn(digits, "0123456789")), &number) ? number : 0;
}

/* A link to a reply names its comment too, so the reply is looked for first. */
static const char *comment_key(struct ctx *ctx, const char *address)
{
	const char *at = strstr(address, "reply_comment_id=");
	size_t length;

	at = at ? at : strstr(address, "comment_id=");
	if (!at)
		return "";
	at = strchr(at, '=') + 1;
	length = strspn(at, "0123456789");
	return arena_strndup(ctx->arena, at, length < 40 ? length : 40);
}

static bool is_here(struct ctx *ctx, const char *address)
{
	const char *base = ctx->config->site.base_url;

	return address[0] == '/' || strncmp(address, base, strlen(base)) == 0;
}

static enum err find_place(struct ctx *ctx, const char *address, struct place *out)
{
	bool is_ours = is_here(ctx, address);
	int64_t post_id = is_ours ? number_after(address, "#p") : 0;
	int64_t topic_id = is_ours ? number_after(address, "/t/") : 0;
	struct rows rows;

	*out = (struct place){ 0 };
	if (is_ours && !post_id)
		post_id = number_after(address, "/p/");
	TRY(db_query(ctx, &erasure_find, &rows, param_i64(post_id),
		     param_i64(post_id ? 0 : topic_id), param_text(address),
		     param_text(is_ours ? "" : comment_key(ctx, address))));
	if (!rows_next(&rows))
		return OK;
	out->source_id = col_i64(&rows);
	out->author_id = col_i64(&rows);
	out->post_id = col_i64(&rows);
	return OK;
}

/* Asking ------------------------------------------------------------------------------- */

enum err erasure_from_network(struct ctx *ctx, enum erasure_origin origin, const char *user_id,
			      const char **code)
{
	*code = make_code(ctx);
	if (origin == ERASURE_DEAUTHORIZE)
		return db_query(ctx, &erasure_deauthorize, NULL, param_text(*code),
				param_text(user_id));
	db_add(ctx, &erasure_insert, NULL, param_text(*code), param_text(origins[origin]),
	       param_text(user_id), param_text(""), param_text(""), param_text(""), param_text(""),
	       param_text(ctx->language), param_null(), param_null(), param_null());
	db_add_params(ctx, &erasure_wake, NULL, NULL, 0);
	return db_run(ctx);
}

static enum err clean_form(struct ctx *ctx, const struct erasure_form *form,
			   struct erasure_form *clean)
{
	*clean = *form;
	TRY(field_line(ctx, "address", form->address, 3, ERASURE_ADDRESS_MAX, &clean->address));
	TRY(field_line(ctx, "name", form->name, 1, ERASURE_NAME_MAX, &clean->name));
	TRY(field_line(ctx, "contact", form->contact, 0, ERASURE_CONTACT_MAX, &clean->contact));
	return field_text(ctx, "reason", form->reason, 0, ERASURE_REASON_MAX, &clean->reason);
}

static enum err ask(struct ctx *ctx, const struct erasure_form *form, const char **code)
{
	struct place place;
	const char *earlier;

	db_begin(ctx);
	TRY(once_claim(ctx, form->form_key, &earlier));
	if (earlier) {
		*code = earlier;
		return OK;
	}
	TRY(find_place(ctx, form->address, &place));
	*code = make_code(ctx);
	db_add(ctx, &erasure_insert, NULL, param_text(*code), param_text("form"), param_text(""),
	       param_text(form->address), param_text(form->name), param_text(form->contact),
	       param_text(form->reason), param_text(ctx->language), param_id(place.source_id),
	       param_id(place.author_id), param_id(place.post_id));
	once_result(ctx, form->form_key, *code);
	return db_commit(ctx);
}

enum err erasure_ask(struct ctx *ctx, const struct erasure_form *form, const char **code)
{
	struct erasure_form clean;
	enum err result;

	TRY(clean_form(ctx, form, &clean));
	TRY(throttle_take(ctx, &throttle_erasure, form->client));
	result = ask(ctx, &clean, code);
	if (result != OK)
		db_rollback(ctx);
	return result;
}

/* Reading ------------------------------------------------------------------------------ */

static void read_erasure(struct rows *rows, struct erasure *out)
{
	out->id = col_i64(rows);
	out->created_at = col_time(rows);
	out->decided_at = col_time(rows);
	out->done_at = col_time(rows);
	out->code = col_text(rows);
	out->origin = (enum erasure_origin)word_index(origins, ARRAY_COUNT(origins),
						      col_text(rows));
	out->state = (enum erasure_state)word_index(states, ARRAY_COUNT(states), col_text(rows));
	out->refusal = col_text(rows);
	if (out->state != ERASURE_REFUSED)
		out->refusal = "";
	out->name = col_text(rows);
	out->contact = col_text(rows);
	out->reason = col_text(rows);
	out->address = col_text(rows);
	out->source_name = col_text(rows);
	out->author_id = col_i64(rows);
	out->post_id = col_i64(rows);
	out->topic_id = col_i64(rows);
	out->topic_title = col_text(rows);
	out->post_excerpt = col_text(rows);
	out->item_count = col_i64(rows);
}

enum err erasure_by_code(struct ctx *ctx, const char *code, struct erasure *out)
{
	struct rows rows;

	if (strlen(code) != ERASURE_CODE_LENGTH && strlen(code) != CRYPTO_TOKEN_TEXT_LENGTH)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	TRY(db_query(ctx, &erasure_of_code, &rows, param_text(code)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	read_erasure(&rows, out);
	return OK;
}

static enum err require_manager(struct ctx *ctx)
{
	return policy_require(ctx, MAY_MANAGE_PEOPLE, &(struct subject){ .now = ctx->now });
}

enum err erasure_list(struct ctx *ctx, struct erasures *out)
{
	struct rows open, decided;

	TRY(require_manager(ctx));
	db_add(ctx, &erasures_open, &open, param_i64(ERASURES_SHOWN));
	db_add(ctx, &erasures_decided, &decided, param_i64(ERASURES_DONE_SHOWN));
	TRY(db_run(ctx));
	*out = (struct erasures){ .open_count = (size_t)open.count };
	out->items = arena_array_of(ctx->arena, (size_t)(open.count + decided.count),
				    struct erasure);
	while (rows_next(&open))
		read_erasure(&open, &out->items[out->count++]);
	while (rows_next(&decided))
		read_erasure(&decided, &out->items[out->count++]);
	return OK;
}

/* Deciding ----------------------------------------------------------------------------- */

static enum err load_open(struct ctx *ctx, int64_t id, struct erasure *out)
{
	struct rows rows;

	TRY(require_manager(ctx));
	TRY(db_query(ctx, &erasure_of_id, &rows, param_i64(id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	read_erasure(&rows, out);
	if (out->state != ERASURE_RECEIVED || out->decided_at)
		return fail(ctx, ERR_CONFLICT, NULL, "%s", _("This request was decided already."));
	return OK;
}

static enum err choose_place(struct ctx *ctx, const struct erasure *request, const char *address,
			     struct place *place)
{
	if (address[0])
		TRY(find_place(ctx, address, place));
	else
		*place = (struct place){ .author_id = request->author_id,
					 .post_id = request->post_id };
	if (!place->author_id)
		return fail(ctx, ERR_INVALID, "address", "%s",
			    _("Nobody's comment was found there. Give the address of the comment "
			      "on this site, the one that its date leads to."));
	return OK;
}

enum err erasure_carry_out(struct ctx *ctx, int64_t id, const char *address)
{
	struct erasure request;
	struct place place;

	TRY(load_open(ctx, id, &request));
	TRY(choose_place(ctx, &request, address, &place));
	db_begin(ctx);
	db_add(ctx, &erasure_decide, NULL, param_i64(id), param_id(ctx->actor->id),
	       param_i64(place.author_id), param_id(place.post_id));
	mirror_add_erasure(ctx, place.author_id);
	audit_add(ctx, "erasure_carried_out", "erasure", id, NULL);
	return db_commit(ctx);
}

enum err erasure_refuse(struct ctx *ctx, int64_t id, const char *reason)
{
	struct erasure request;
	const char *clean;

	TRY(load_open(ctx, id, &request));
	TRY(field_line(ctx, "reason", reason, 5, 500, &clean));
	db_begin(ctx);
	db_add(ctx, &erasure_turn_down, NULL, param_i64(id), param_id(ctx->actor->id),
	       param_text(clean));
	audit_add(ctx, "erasure_refused", "erasure", id, NULL);
	return db_commit(ctx);
}

enum err erasure_of_post(struct ctx *ctx, int64_t post_id, const char **code)
{
	int64_t author_id, erasure_id;
	struct rows rows;

	TRY(require_manager(ctx));
	TRY(mirror_author_of_post(ctx, post_id, &author_id));
	if (!author_id)
		return fail(
			ctx, ERR_INVALID, NULL, "%s",
			_("The network did not say who wrote this. Withdraw it here, and delete "
			  "it there."));
	TRY(mirror_erase_author(ctx, author_id, &erasure_id));
	TRY(db_query(ctx, &erasure_code_of, &rows, param_i64(erasure_id)));
	*code = rows_next(&rows) ? col_text(&rows) : "";
	return OK;
}

/* The worker's ------------------------------------------------------------------------ */

enum err erasure_calls(struct ctx *ctx, struct erasure_call **out, size_t *count)
{
	struct rows rows;

	TRY(db_query_params(ctx, &erasure_calls_open, &rows, NULL, 0));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct erasure_call);
	*count = 0;
	while (rows_next(&rows)) {
		(*out)[*count].id = col_i64(&rows);
		(*out)[(*count)++].user_id = col_text(&rows);
	}
	return OK;
}

enum err erasure_resolve(struct ctx *ctx, int64_t id, int64_t source_id, const char *scoped_id,
			 bool *found)
{
	int64_t author_id;
	struct rows rows;

	*found = false;
	TRY(db_query(ctx, &erasure_author, &rows, param_i64(source_id), param_text(scoped_id)));
	if (!rows_next(&rows))
		return OK;
	*found = true;
	author_id = col_i64(&rows);
	db_begin(ctx);
	db_add(ctx, &erasure_decide, NULL, param_i64(id), param_id(ctx->actor->id),
	       param_i64(author_id), param_null());
	mirror_add_erasure(ctx, author_id);
	return db_commit(ctx);
}

enum err erasure_unknown(struct ctx *ctx, int64_t id)
{
	return db_query(ctx, &erasure_nobody, NULL, param_i64(id));
}
