/*
 * Taking a legal notice: what is typed is checked against what is really there, kept,
 * queued and acknowledged in one transaction.
 */
#include "forum/notice_parts.h"

#include <arpa/inet.h>

#include "base/crypto.h"
#include "base/utf8.h"
#include "db/db.h"
#include "forum/account_parts.h"
#include "forum/field.h"
#include "forum/mail.h"
#include "forum/once.h"
#include "forum/throttle.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

/* Only what everybody may read: whoever guesses learns nothing of the rest. */
DB_STATEMENT(
	notice_find_posts,
	"select w.place, p.id from unnest($1::bigint[], $2::bigint[]) with ordinality w(topic_id, post_id, place)\n"
	"join lateral (\n"
	"	select o.id, o.topic_id, o.parent_id from posts o where o.id = w.post_id and o.visibility = 'visible'\n"
	"	union all\n"
	"	select q.id, q.topic_id, q.parent_id from posts q where w.post_id = 0 and q.topic_id = w.topic_id\n"
	"		and q.kind = 'question' and q.visibility = 'visible'\n"
	") p on true\n"
	"join topics t on t.id = p.topic_id and t.visibility = 'visible'\n"
	"where not exists (select from posts a where a.id = p.parent_id and a.visibility <> 'visible')\n"
	"order by w.place",
	2);

/* Set aside while whoever sends it is suspended. */
DB_STATEMENT(
	notice_insert,
	"insert into notices (code, category, explanation, name, email, person_id, notifier, language, created_at, is_set_aside)\n"
	"values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $7 <> '' and exists (select from notifier_measures s\n"
	"	where s.notifier = $7 and s.kind = 'suspension' and s.ended_at is null and s.ends_at > $9))\n"
	"returning id, is_set_aside",
	9);

DB_STATEMENT(
	notice_insert_targets,
	"insert into notice_targets (notice_id, post_id, address)\n"
	"select $1, w.post_id, w.address from unnest($2::bigint[], $3::text[]) w(post_id, address)\n"
	"on conflict do nothing",
	3);

/* clang-format off */
static const struct {
	const char *text, *label;
	enum rule rule;
} categories[] = {
	[NOTICE_HATE] = { "hate", N_("Incitement to hatred or discrimination"), RULE_RUDE },
	[NOTICE_INSULT] = { "insult", N_("Insult, defamation or harassment"), RULE_RUDE },
	[NOTICE_PRIVACY] = { "privacy", N_("Privacy or personal data"), RULE_PERSONAL_DATA },
	[NOTICE_MINORS] = { "minors", N_("Sexual exploitation or endangering of minors"), RULE_ILLEGAL },
	[NOTICE_VIOLENCE] = { "violence", N_("Terrorism, threats or violence"), RULE_ILLEGAL },
	[NOTICE_FRAUD] = { "fraud", N_("Fraud or identity theft"), RULE_ILLEGAL },
	[NOTICE_PROPERTY] = { "property", N_("Copyright, trade marks or other intellectual property"), RULE_ILLEGAL },
	[NOTICE_PRODUCTS] = { "products", N_("Illegal products or services"), RULE_ILLEGAL },
	[NOTICE_OTHER] = { "other", N_("Another law"), RULE_ILLEGAL },
};
/* clang-format on */
_Static_assert(ARRAY_COUNT(categories) == NOTICE_CATEGORY_COUNT, "every category has its words");

const char *notice_category_text(enum notice_category category)
{
	return categories[category].text;
}

const char *notice_category_label(enum notice_category category)
{
	return _(categories[category].label);
}

enum rule notice_category_rule(enum notice_category category)
{
	return categories[category].rule;
}

bool notice_category_parse(const char *text, enum notice_category *out)
{
	for (size_t i = 0; i < ARRAY_COUNT(categories); i++) {
		if (strcmp(categories[i].text, text) == 0) {
			*out = (enum notice_category)i;
			return true;
		}
	}
	return false;
}

/* What is typed -------------------------------------------------------------------------- */

struct cleaned {
	struct notice_place places[NOTICE_ADDRESSES_MAX];
	int64_t post_ids[NOTICE_ADDRESSES_MAX];
	const char *addresses[NOTICE_ADDRESSES_MAX];
	size_t count;
	enum notice_category category;
	const char *explanation, *name, *email, *email_key;
};

static enum err clean_addresses(struct ctx *ctx, const struct notice_form *form,
				struct cleaned *out)
{
	const char *bad;

	if (notice_addresses_read(ctx->arena, ctx->config->site.base_url, form->addresses,
				  out->places, &out->count, &bad)) {
		if (out->count > 0)
			return OK;
		return fail(ctx, ERR_INVALID, "addresses", "%s", _("Please fill in this field."));
	}
	if (!bad)
		return fail(ctx, ERR_INVALID, "addresses",
			    ngettext("At most %d address in one notice.",
				     "At most %d addresses in one notice.", NOTICE_ADDRESSES_MAX),
			    NOTICE_ADDRESSES_MAX);
	bad = arena_strndup(ctx->arena, bad, utf8_prefix(bad, 100));
	return fail(
		ctx, ERR_INVALID, "addresses",
		_("“%s” is not the address of a question, an answer or a comment on this site."),
		bad);
}

static enum err clean_sender(struct ctx *ctx, const struct notice_form *form, struct cleaned *out)
{
	TRY(field_line(ctx, "name", form->name, 0, NOTICE_NAME_MAX, &out->name));
	TRY(field_line(ctx, "email", form->email, 0, NOTICE_EMAIL_MAX, &out->email));
	out->email_key = "";
	return out->email[0] ? account_check_email(ctx, out->email, &out->email_key) : OK;
}

static enum err clean(struct ctx *ctx, const struct notice_form *form, struct cleaned *out)
{
	if (form->trap[0])
		return fail(ctx, ERR_INVALID, "trap", "%s",
			    _("Please leave this field empty: it is there to catch programs."));
	TRY(clean_addresses(ctx, form, out));
	if (!notice_category_parse(form->category, &out->category))
		return fail(ctx, ERR_INVALID, "category", "%s", _("Please choose a reason."));
	TRY(field_text(ctx, "explanation", form->explanation, NOTICE_EXPLANATION_MIN,
		       (size_t)4 * NOTICE_EXPLANATION_MAX, &out->explanation));
	if (utf8_count(out->explanation) > NOTICE_EXPLANATION_MAX)
		return fail(ctx, ERR_INVALID, "explanation", "%s", _("This text is too long."));
	TRY(clean_sender(ctx, form, out));
	if (!form->is_in_good_faith)
		return fail(ctx, ERR_INVALID, "faith", "%s",
			    _("Without this statement we cannot take the notice."));
	return OK;
}

/* Each address must be of something that everybody can read. */
static enum err find_posts(struct ctx *ctx, struct cleaned *out)
{
	int64_t topics[NOTICE_ADDRESSES_MAX], posts[NOTICE_ADDRESSES_MAX];
	struct rows rows;

	for (size_t i = 0; i < out->count; i++) {
		topics[i] = out->places[i].topic_id;
		posts[i] = out->places[i].post_id;
		out->addresses[i] = out->places[i].address;
	}
	TRY(db_query(ctx, &notice_find_posts, &rows, param_i64s(ctx->arena, topics, out->count),
		     param_i64s(ctx->arena, posts, out->count)));
	while (rows_next(&rows)) {
		int64_t place = col_i64(&rows);

		out->post_ids[place - 1] = col_i64(&rows);
	}
	for (size_t i = 0; i < out->count; i++)
		if (!out->post_ids[i])
			return fail(ctx, ERR_INVALID, "addresses",
				    _("Nothing can be read at “%s” (any more)."),
				    arena_strndup(ctx->arena, out->addresses[i],
						  utf8_prefix(out->addresses[i], 100)));
	return OK;
}

/* Who it is from ------------------------------------------------------------------------- */

/* A network as one household has it; the whole text where it is no address. */
static size_t network_bytes(const char *address, uint8_t bytes[16])
{
	if (inet_pton(AF_INET, address, bytes) == 1)
		return 4;
	return inet_pton(AF_INET6, address, bytes) == 1 ? 8 : 0;
}

/* Keyed, so that nobody who sees it can try out addresses. */
static const char *notifier_of(struct ctx *ctx, const char *email_key, const char *client)
{
	const char *key = ctx->config->secret.key;
	uint8_t mac[CRYPTO_HASH_BYTES], network[16] = { 0 };
	size_t length;

	if (ctx->actor->id)
		return arena_printf(ctx->arena, "person:%lld", (long long)ctx->actor->id);
	if (email_key[0]) {
		crypto_hmac(mac, key, strlen(key), email_key, strlen(email_key));
		return arena_printf(ctx->arena, "mail:%s",
				    crypto_hex(ctx->arena, mac, CRYPTO_HASH_BYTES));
	}
	length = network_bytes(client, network);
	if (length == 0)
		return "";
	crypto_hmac(mac, key, strlen(key), network, length);
	return arena_printf(ctx->arena, "network:%s",
			    crypto_hex(ctx->arena, mac, CRYPTO_HASH_BYTES));
}

/* Keeping it ----------------------------------------------------------------------------- */

const char *notice_link(struct ctx *ctx, const char *code)
{
	return arena_printf(ctx->arena, "%s/legal/notice/%s", ctx->config->site.base_url, code);
}

/* Lives and children first, then complaints, then what members report. */
static double urgency(enum notice_category category)
{
	return category == NOTICE_MINORS || category == NOTICE_VIOLENCE ? 100 : 20;
}

void notice_add_items(struct ctx *ctx, int64_t id, enum notice_category category,
		      const int64_t *post_ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		moderation_open(ctx, &(struct moderation_new){ .kind = MODERATION_NOTICE,
							       .post_id = post_ids[i],
							       .reference_id = id,
							       .code = "notice",
							       .score = urgency(category) });
}

/* Names nobody and quotes nothing: whoever typed the address may not own it. */
static void acknowledge(struct ctx *ctx, int64_t id, const char *email, const char *code)
{
	if (!email[0] || ctx->actor->is_automatic)
		return;
	mail_queue(ctx, &(struct mail_new){ .address = email,
					    .language = ctx->language,
					    .key = arena_printf(ctx->arena, "notice:%lld:received",
								(long long)id),
					    .kind = MAIL_NOTICE,
					    .parameters = { .link = notice_link(ctx, code),
							    .notification = "received" } });
}

static enum err insert(struct ctx *ctx, const struct notice_form *form, const struct cleaned *clean,
		       const char *code)
{
	struct rows rows;
	int64_t id;

	TRY(db_query(ctx, &notice_insert, &rows, param_text(code),
		     param_text(notice_category_text(clean->category)),
		     param_text(clean->explanation), param_text(clean->name),
		     param_text(clean->email), param_id(ctx->actor->id),
		     param_text(notifier_of(ctx, clean->email_key, form->client)),
		     param_text(ctx->language), param_time(ctx->now)));
	rows_next(&rows);
	id = col_i64(&rows);
	db_add(ctx, &notice_insert_targets, NULL, param_i64(id),
	       param_i64s(ctx->arena, clean->post_ids, clean->count),
	       param_texts(ctx->arena, clean->addresses, clean->count));
	if (!col_bool(&rows))
		notice_add_items(ctx, id, clean->category, clean->post_ids, clean->count);
	acknowledge(ctx, id, clean->email, code);
	return OK;
}

static enum err take(struct ctx *ctx, const struct notice_form *form, const struct cleaned *clean,
		     const char **code)
{
	uint8_t random[16];
	const char *earlier;

	db_begin(ctx);
	TRY(once_claim(ctx, form->form_key, &earlier));
	if (earlier) {
		*code = earlier;
		return OK;
	}
	/* Hexadecimal: people may have to read it out. */
	crypto_random(random, sizeof(random));
	*code = crypto_hex(ctx->arena, random, sizeof(random));
	TRY(insert(ctx, form, clean, *code));
	once_result(ctx, form->form_key, *code);
	return db_commit(ctx);
}

enum err notice_create(struct ctx *ctx, const struct notice_form *form, const char **code)
{
	struct cleaned cleaned = { .email = "", .email_key = "" };

	*code = "";
	TRY(clean(ctx, form, &cleaned));
	TRY(throttle_take(ctx, &throttle_notice, form->client));
	if (cleaned.email_key[0])
		TRY(throttle_take(ctx, &throttle_mail, cleaned.email_key));
	TRY(find_posts(ctx, &cleaned));
	return writing_end(ctx, take(ctx, form, &cleaned, code));
}
