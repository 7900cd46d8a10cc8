/*
 * entraide mirror import-export: what a Page's own export holds and its interface no
 * longer gives. An export has no ids: an entry that is known already, by second and
 * words, is left alone, and what is said under whom cannot be told for comments.
 */
#include "cmd/mirror.h"

#include "base/crypto.h"
#include "connect/facebook_export.h"
#include "forum/mirror_work.h"
#include "jobs/mirror.h"
#include "jobs/mirror_reading.h"
#include "jobs/picture.h"

#define FILES_AT_ONCE 20

struct import {
	struct ctx *ctx;
	const struct mirror *mirror;
	const char *folder;
	int64_t pictures, pictures_refused;
	int64_t known, imported, comments_known, comments_homeless, doubtful;
};

/* The same entry has the same key however often it is imported. */
static const char *key_of(struct ctx *ctx, const struct export_item *item)
{
	const char *words = item->text[0] || !item->file_count ? item->text : item->files[0];
	const char *whole = arena_printf(ctx->arena, "%lld\n%s", (long long)item->created_at,
					 words);
	uint8_t hash[CRYPTO_HASH_BYTES];

	crypto_sha256(hash, whole, strlen(whole));
	return arena_printf(ctx->arena, MIRROR_EXPORT_PREFIX "%s",
			    crypto_hex(ctx->arena, hash, CRYPTO_HASH_BYTES / 2));
}

static void add_media(struct ctx *ctx, const struct export_item *entry, struct item *item)
{
	for (size_t i = 0; i < entry->file_count && item->media_count < ITEM_MEDIA_MAX; i++)
		item->media[item->media_count++] = (struct item_media){
			.kind = "photo",
			.url = arena_printf(ctx->arena, MIRROR_EXPORT_URL "%s", entry->files[i]),
			.link = "",
			.title = ""
		};
	for (size_t i = 0; i < entry->link_count && item->media_count < ITEM_MEDIA_MAX; i++)
		item->media[item->media_count++] = (struct item_media){
			.kind = "link", .url = "", .link = entry->links[i], .title = ""
		};
	item->has_media = item->media_count > 0;
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
	add_media(import->ctx, item, &event.item);
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
	else if (item->text[0] || item->file_count > 0)
		return import_post(import, item);
	return OK;
}

/* Out of the folder; what is no picture, or no more there, is noted as refused. */
static enum err keep_picture(struct import *import, struct ctx *ctx, struct mirror_file *file)
{
	const char *path = file->url + strlen(MIRROR_EXPORT_URL), *bytes;
	size_t length;
	enum err result = facebook_export_file(ctx, import->folder, path, PICTURE_MAX_BYTES, &bytes,
					       &length);

	if (result == ERR_NOT_FOUND || result == ERR_TOO_LARGE) {
		error_clear(ctx);
		import->pictures_refused++;
		return mirror_file_refused(ctx, file,
					   result == ERR_NOT_FOUND ? "the export does not hold it"
								   : "it is too large");
	}
	TRY(result);
	TRY(mirror_keep_picture(ctx, file, bytes, length));
	import->pictures += file->file && file->file[0];
	import->pictures_refused += !file->file || !file->file[0];
	return OK;
}

static enum err keep_pictures(struct import *import)
{
	struct mirror_file *files;
	size_t count = 1;

	while (count > 0) {
		struct ctx inner = mirror_inner(import->ctx);
		enum err result = mirror_files_of_export(&inner, import->mirror, FILES_AT_ONCE,
							 &files, &count);

		for (size_t i = 0; i < count && result == OK; i++)
			result = keep_picture(import, &inner, &files[i]);
		TRY(mirror_inner_end(import->ctx, &inner, result));
	}
	return OK;
}

static void print_report(const struct import *import, const struct export_report *report)
{
	printf("%lld files, %lld entries\n", (long long)report->files, (long long)report->entries);
	printf("  posts known already     %lld\n", (long long)import->known);
	printf("  posts imported          %lld\n", (long long)import->imported);
	printf("  pictures copied         %lld, refused %lld\n", (long long)import->pictures,
	       (long long)import->pictures_refused);
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
	struct import import = { .ctx = ctx, .mirror = mirror, .folder = folder };
	const struct export_sink sink = { .take = take, .data = &import };
	struct export_report report = { 0 };

	/* Else what is imported now would come a second time, with its id. */
	if (!mirror->backfilled_at)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    "run the backfill first: what Facebook still gives is better");
	TRY(facebook_export_read(ctx, folder, &sink, &report));
	TRY(keep_pictures(&import));
	print_report(&import, &report);
	return OK;
}
