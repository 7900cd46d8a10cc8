/*
 * entraide mirror import-export: what a Page's own export holds and its interface no
 * longer gives. An export has no ids: an entry that is known already, by second and
 * words, is left alone, and what is said under whom cannot be told for comments.
 */
#include "cmd/mirror.h"

#include "base/crypto.h"
#include "connect/facebook_export.h"
#include "forum/mirror_work.h"

struct import {
	struct ctx *ctx;
	const struct mirror *mirror;
	int64_t known, imported, comments_known, comments_homeless, doubtful;
};

/* The same entry has the same key however often it is imported. */
static const char *key_of(struct ctx *ctx, const struct export_item *item)
{
	const char *whole = arena_printf(ctx->arena, "%lld\n%s", (long long)item->created_at,
					 item->text);
	uint8_t hash[CRYPTO_HASH_BYTES];

	crypto_sha256(hash, whole, strlen(whole));
	return arena_printf(ctx->arena, MIRROR_EXPORT_PREFIX "%s",
			    crypto_hex(ctx->arena, hash, CRYPTO_HASH_BYTES / 2));
}

static enum err import_post(struct import *import, const struct export_item *item)
{
	struct source_event event = {
		.kind = EVENT_ITEM,
		.is_confirmed = true,
		.observed_at = item->created_at,
		.item = { .kind = ITEM_POST,
			  .address = "",
			  .parent_key = "",
			  .author_key = "",
			  .author_name = "",
			  .is_self = true,
			  .has_text = true,
			  .text = item->text,
			  .title = "",
			  .html = "",
			  .url = "",
			  .created_at = item->created_at,
			  .edited_at = item->edited_at,
			  .comment_count = -1 },
	};

	event.item.key = key_of(import->ctx, item);
	event.item.root_key = event.item.key;
	import->imported++;
	return mirror_apply(import->ctx, import->mirror, &event);
}

static enum err take(void *data, const struct export_item *item)
{
	struct import *import = data;
	int64_t found;

	TRY(mirror_count_alike(import->ctx, import->mirror, item->kind, item->created_at,
			       item->text, &found));
	if (found > 1)
		import->doubtful++;
	else if (item->kind == ITEM_COMMENT && found == 1)
		import->comments_known++;
	else if (item->kind == ITEM_COMMENT)
		import->comments_homeless++;
	else if (found == 1)
		import->known++;
	else if (item->text[0])
		return import_post(import, item);
	return OK;
}

static void print_report(const struct import *import, const struct export_report *report)
{
	printf("%lld files, %lld entries\n", (long long)report->files, (long long)report->entries);
	printf("  posts known already     %lld\n", (long long)import->known);
	printf("  posts imported          %lld\n", (long long)import->imported);
	printf("  comments known already  %lld\n", (long long)import->comments_known);
	printf("  comments left out       %lld (an export does not say what they answer)\n",
	       (long long)import->comments_homeless);
	printf("  left out, more than one thing is like them  %lld\n", (long long)import->doubtful);
	printf("  left out: empty %lld, in groups %lld, without a date %lld, unreadable files %lld\n",
	       (long long)report->empty, (long long)report->elsewhere, (long long)report->undated,
	       (long long)report->unreadable);
}

enum err mirror_import_export(struct ctx *ctx, const struct mirror *mirror, const char *folder)
{
	struct import import = { .ctx = ctx, .mirror = mirror };
	const struct export_sink sink = { .take = take, .data = &import };
	struct export_report report = { 0 };

	/* Else what is imported now would come a second time, with its id. */
	if (!mirror->backfilled_at)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    "run the backfill first: what Facebook still gives is better");
	TRY(facebook_export_read(ctx, folder, &sink, &report));
	print_report(&import, &report);
	return OK;
}
