/* Feeds: every item has its texts, whole and bounded, and addresses lead to the web. */
#include "fuzz.h"

#include <libxml/xmlerror.h>

#include "base/crypto.h"
#include "base/utf8.h"
#include "connect/feed_parse.h"
#include "text/url.h"

static void ignore(void *data, const char *format, ...)
{
	(void)data;
	(void)format;
}

static void check(const struct item *item)
{
	must(*item->key && strlen(item->key) < 1000);
	must(utf8_is_valid(item->key, strlen(item->key)));
	must(utf8_is_valid(item->title, strlen(item->title)));
	must(utf8_is_valid(item->text, strlen(item->text)));
	must(utf8_is_valid(item->html, strlen(item->html)));
	must(utf8_is_valid(item->author_name, strlen(item->author_name)));
	must(!*item->url || url_kind_of(item->url) == URL_WEB);
	must(!*item->address || url_kind_of(item->address) == URL_WEB);
	must(item->kind == ITEM_POST || strcmp(item->parent_key, item->key) != 0);
	must(item->created_at >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct config config;
	struct ctx ctx = { .arena = arena_new(512 << 20), .config = &config };
	struct feed feed;

	must(crypto_init());
	xmlSetGenericErrorFunc(NULL, ignore);
	if (feed_parse(&ctx, "https://blog.example/feed", (const char *)data, size, &feed))
		for (size_t i = 0; i < feed.item_count; i++)
			check(&feed.items[i]);
	else
		must(feed.problem != NULL);
	arena_free(ctx.arena);
	return 0;
}
