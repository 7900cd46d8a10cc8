/*
 * Cards of threads.
 */
#include "forum/card.h"

#include "base/crypto.h"
#include "db/db.h"
#include "forum/brand.h"
#include "forum/job.h"
#include "i18n/i18n.h"
#include "text/excerpt.h"

#define TITLE_SHOWN   160
#define BRAND_SHOWN   50
/* What is drawn from the words: another number makes all cards anew. */
#define DESIGN        1
#define VERSION_BYTES 6

DB_STATEMENT(card_of_topic, "select version, png from topic_cards where topic_id = $1", 1);

DB_STATEMENT(card_put,
	     "insert into topic_cards (topic_id, version, png, made_at)\n"
	     "select id, $2, $3, $4 from topics where id = $1 and visibility = 'visible'\n"
	     "on conflict (topic_id) do update\n"
	     "set version = excluded.version, png = excluded.png, made_at = excluded.made_at",
	     4);

static bool is_solved(const struct topic *topic)
{
	return topic->accepted_count > 0 && !topic->stage;
}

struct card_words card_words_of(struct ctx *ctx, const struct topic *topic)
{
	struct card_words words = {
		.brand = excerpt_of_text(ctx->arena, brand_name(ctx->config), BRAND_SHOWN),
		.title = excerpt_of_text(ctx->arena, topic->title, TITLE_SHOWN),
		.state = "",
	};

	brand_card_colours(&words.ground, &words.ink, &words.accent);
	if (!is_solved(topic))
		return words;
	/* Whoever looks at the page, the card is one. */
	i18n_use(i18n_is_supported(topic->language) ? topic->language : "en");
	words.state = arena_printf(ctx->arena, "✓ %s", pgettext("question", "Solved"));
	i18n_use(ctx->language);
	return words;
}

const char *card_version(struct ctx *ctx, const struct card_words *words)
{
	const char *all = arena_printf(ctx->arena, "%d\n%s\n%s\n%s\n%s\n%s\n%s", DESIGN,
				       words->brand, words->title, words->state, words->ground,
				       words->ink, words->accent);
	uint8_t hash[CRYPTO_HASH_BYTES];

	crypto_sha256(hash, all, strlen(all));
	return crypto_hex(ctx->arena, hash, VERSION_BYTES);
}

enum err card_load(struct ctx *ctx, int64_t topic_id, struct card *out)
{
	struct rows rows;

	*out = (struct card){ .version = "" };
	TRY(db_query(ctx, &card_of_topic, &rows, param_i64(topic_id)));
	if (!rows_next(&rows))
		return OK;
	out->version = col_text(&rows);
	out->png = col_bytes(&rows, &out->length);
	return OK;
}

enum err card_ask(struct ctx *ctx, int64_t topic_id)
{
	const char *id = arena_printf(ctx->arena, "%lld", (long long)topic_id);

	job_add(ctx, "card", arena_printf(ctx->arena, "{\"id\":%s}", id), id, 0);
	return db_run(ctx);
}

enum err card_store(struct ctx *ctx, int64_t topic_id, const struct card *card)
{
	return db_query(ctx, &card_put, NULL, param_i64(topic_id), param_text(card->version),
			param_bytes(card->png, card->length), param_time(ctx->now));
}
