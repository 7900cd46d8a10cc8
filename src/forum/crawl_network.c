/*
 * What is known of those that say who they are, for a while.
 */
#include "forum/crawl.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "db/db.h"
#include "text/address_list.h"

DB_STATEMENT(crawl_networks_known,
	     "select n.number, c.verdict\n"
	     "from unnest($1::text[], $2::text[]) with ordinality n (crawler, network, number)\n"
	     "join crawl_networks c on c.crawler = n.crawler and c.network = n.network::cidr\n"
	     "where c.expires_at > now() order by n.number",
	     2);

DB_STATEMENT(
	crawl_networks_learn,
	"insert into crawl_networks as c (crawler, network, verdict, host, expires_at)\n"
	"select n.crawler, n.network::cidr, n.verdict, left(n.host, 255),\n"
	"	now() + case n.verdict when 'unknown' then interval '1 hour' else interval '7 days' end\n"
	"from unnest($1::text[], $2::text[], $3::text[], $4::text[]) n (crawler, network, verdict, host)\n"
	"where exists (select from crawl_networks k where k.crawler = n.crawler\n"
	"		and k.network = n.network::cidr)\n"
	"	or (select count(*) from crawl_networks) < $5::bigint\n"
	"order by 1, 2\n"
	"on conflict (crawler, network) do update set verdict = excluded.verdict,\n"
	"	host = excluded.host, expires_at = excluded.expires_at",
	5);

#define PREFIX_6 8 /* bytes of a /64 */

bool crawl_network_of(const char *address, char out[CRAWL_NETWORK_MAX + 1])
{
	uint8_t bytes[16];
	size_t length = network_address(address, bytes);
	char text[INET6_ADDRSTRLEN];

	if (length == 0)
		return false;
	if (length == sizeof(bytes))
		memset(bytes + PREFIX_6, 0, sizeof(bytes) - PREFIX_6);
	if (!inet_ntop(length == 4 ? AF_INET : AF_INET6, bytes, text, sizeof(text)))
		return false;
	snprintf(out, CRAWL_NETWORK_MAX + 1, "%s/%d", text, length == 4 ? 32 : 64);
	return true;
}

/* A column of claims' texts, for unnest. */
static struct param texts_of(struct ctx *ctx, const struct crawl_claim *claims, size_t count,
			     const char *(*text)(const struct crawl_claim *claim))
{
	const char **texts = arena_array_of(ctx->arena, count, const char *);

	for (size_t i = 0; i < count; i++)
		texts[i] = text(&claims[i]);
	return param_texts(ctx->arena, texts, count);
}

static const char *slug_of(const struct crawl_claim *claim)
{
	return crawl_slug(claim->crawler);
}

static const char *network_of(const struct crawl_claim *claim)
{
	return claim->network;
}

static const char *verdict_of(const struct crawl_claim *claim)
{
	return crawl_verdict_text(claim->verdict);
}

static const char *host_of(const struct crawl_claim *claim)
{
	return claim->host ? claim->host : "";
}

enum err crawl_claims_load(struct ctx *ctx, struct crawl_claim *claims, size_t count)
{
	struct rows rows;

	for (size_t i = 0; i < count; i++) {
		claims[i].verdict = CRAWL_UNKNOWN;
		claims[i].is_known = false;
	}
	if (count == 0)
		return OK;
	TRY(db_query(ctx, &crawl_networks_known, &rows, texts_of(ctx, claims, count, slug_of),
		     texts_of(ctx, claims, count, network_of)));
	while (rows_next(&rows)) {
		struct crawl_claim *claim = &claims[col_i64(&rows) - 1];

		claim->verdict = crawl_verdict_from_text(col_text(&rows));
		claim->is_known = true;
	}
	return OK;
}

enum err crawl_claims_store(struct ctx *ctx, const struct crawl_claim *claims, size_t count)
{
	if (count == 0)
		return OK;
	return db_query(ctx, &crawl_networks_learn, NULL, texts_of(ctx, claims, count, slug_of),
			texts_of(ctx, claims, count, network_of),
			texts_of(ctx, claims, count, verdict_of),
			texts_of(ctx, claims, count, host_of), param_i64(CRAWL_NETWORKS_MAX));
}
