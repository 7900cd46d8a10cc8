/*
 * The brand's logo: uploaded by an administrator, made anew by the worker (never shown
 * as it came), and then named by the setting brand.logo, whose history brings an earlier
 * one back.
 */
#ifndef FORUM_BRAND_LOGO_H
#define FORUM_BRAND_LOGO_H

#include "base/ctx.h"

#define BRAND_LOGO_MAX_BYTES ((size_t)200 * 1000)

/*
 * Keeps the bytes and asks the worker for a picture.
 * ERR_INVALID (field "logo"): none, too large, or not a JPEG, PNG, GIF or WebP.
 */
enum err brand_logo_upload(struct ctx *ctx, const char *bytes, size_t length,
			   const char *form_key) MUST_CHECK;

/* For the worker: what was uploaded; *bytes is NULL when it was dealt with already. */
enum err brand_logo_original(struct ctx *ctx, int64_t id, const char **bytes,
			     size_t *length) MUST_CHECK;
/* The picture is in force from now on. */
enum err brand_logo_ready(struct ctx *ctx, int64_t id, const char *picture, size_t length,
			  int64_t width, int64_t height) MUST_CHECK;
enum err brand_logo_refuse(struct ctx *ctx, int64_t id, const char *why) MUST_CHECK;

/* The WebP. ERR_NOT_FOUND. */
enum err brand_logo_load(struct ctx *ctx, int64_t id, const char **picture,
			 size_t *length) MUST_CHECK;

/* What became of the newest upload, for the page it was made on. */
struct brand_logo_state {
	bool is_waiting, is_refused;
	const char *error; /* in English */
};
enum err brand_logo_newest(struct ctx *ctx, struct brand_logo_state *out) MUST_CHECK;

#endif
