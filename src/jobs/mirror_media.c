/*
 * Copying pictures of mirrored items, once each, before their addresses expire; and
 * deleting files that nobody shows any more.
 */
#include "jobs/mirror.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/log.h"
#include "jobs/mirror_reading.h"
#include "jobs/picture.h"

#define FILES_AT_ONCE 10

/* "3f/3f2a….webp": by its content, in folders that do not grow too long. */
static const char *name_of(struct ctx *ctx, const struct picture *picture)
{
	uint8_t hash[CRYPTO_HASH_BYTES];
	const char *hex;

	crypto_sha256(hash, picture->bytes, picture->length);
	hex = crypto_hex(ctx->arena, hash, CRYPTO_HASH_BYTES / 2);
	return arena_printf(ctx->arena, "%.2s/%s.webp", hex, hex);
}

static const char *path_of(struct ctx *ctx, const char *name)
{
	return arena_printf(ctx->arena, "%s/%s", ctx->config->mirror.media_dir, name);
}

static bool write_bytes(const char *path, const struct picture *picture)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	bool is_written;

	if (fd < 0)
		return false;
	is_written = write(fd, picture->bytes, picture->length) == (ssize_t)picture->length;
	return close(fd) == 0 && is_written;
}

/* Under another name first: whoever reads finds the whole picture or none. */
static enum err keep_file(struct ctx *ctx, const char *name, const struct picture *picture)
{
	const char *path = path_of(ctx, name);
	const char *folder = path_of(ctx, arena_strndup(ctx->arena, name, 2));
	const char *fresh = arena_printf(ctx->arena, "%s.%ld", path, (long)getpid());

	if ((mkdir(ctx->config->mirror.media_dir, 0755) != 0 && errno != EEXIST) ||
	    (mkdir(folder, 0755) != 0 && errno != EEXIST) || !write_bytes(fresh, picture) ||
	    rename(fresh, path) != 0)
		return fail_log(ctx, ERR_UNAVAILABLE, "cannot write %s: %s", path, strerror(errno));
	return OK;
}

static enum err store(struct ctx *ctx, struct mirror_file *file, const struct picture *picture)
{
	file->file = name_of(ctx, picture);
	file->width = picture->width;
	file->height = picture->height;
	file->bytes = (int64_t)picture->length;
	TRY(keep_file(ctx, file->file, picture));
	TRY(mirror_file_stored(ctx, file));
	/* Another process may have deleted the same content between the two. */
	if (access(path_of(ctx, file->file), F_OK) != 0)
		return keep_file(ctx, file->file, picture);
	return OK;
}

enum err mirror_keep_picture(struct ctx *ctx, struct mirror_file *file, const char *bytes,
			     size_t length)
{
	struct picture picture;
	const char *why;

	if (picture_make(ctx, bytes, length, &picture, &why))
		return store(ctx, file, &picture);
	log_event(LOG_LEVEL_INFO, "mirror_media", "media", log_i64(file->id), "why", why, NULL);
	return mirror_file_refused(ctx, file, why);
}

static enum err copy(struct ctx *ctx, struct mirror *mirror, struct mirror_file *file)
{
	const struct connector *connector = connector_find(mirror->source.connector);
	struct connect_error error = { 0 };
	const char *bytes = "";
	size_t length = 0;

	if (!connector->media)
		return mirror_file_refused(ctx, file, "this network has no pictures");
	TRY(connector->media(ctx, &mirror->source, file->url, PICTURE_MAX_BYTES, &bytes, &length,
			     &error));
	if (error.failure != CONNECT_OK)
		return mirror_file_later(ctx, mirror, file, error.message);
	return mirror_keep_picture(ctx, file, bytes, length);
}

static enum err delete_unneeded(struct ctx *ctx)
{
	const char **files;
	size_t count;

	TRY(mirror_files_unneeded(ctx, &files, &count));
	for (size_t i = 0; i < count; i++)
		if (unlink(path_of(ctx, files[i])) != 0 && errno != ENOENT)
			return fail_log(ctx, ERR_UNAVAILABLE, "cannot delete %s: %s", files[i],
					strerror(errno));
	return mirror_files_deleted(ctx, files, count);
}

enum err mirror_do_media(struct ctx *ctx, struct mirror *mirror)
{
	struct mirror_file *files;
	size_t count;

	TRY(delete_unneeded(ctx));
	TRY(mirror_files(ctx, mirror, FILES_AT_ONCE, &files, &count));
	for (size_t i = 0; i < count; i++) {
		struct ctx inner = mirror_inner(ctx);
		enum err result = copy(&inner, mirror, &files[i]);

		TRY(mirror_inner_end(ctx, &inner, result));
	}
	return OK;
}
