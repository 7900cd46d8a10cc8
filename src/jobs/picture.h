/*
 * Foreign pictures made harmless: whatever came, what is kept is a WebP of our own
 * making, at most PICTURE_SIDE_MAX wide and high, without metadata. The decoding is
 * done by libvips in a process of its own, with limits of memory and time: a picture
 * that breaks it costs nothing but the picture.
 */
#ifndef JOBS_PICTURE_H
#define JOBS_PICTURE_H

#include "base/ctx.h"

#define PICTURE_MAX_BYTES  ((size_t)20 * 1024 * 1024)
#define PICTURE_MAX_POINTS 50000000 /* width times height */
#define PICTURE_SIDE_MAX   1600

struct picture {
	const char *bytes; /* WebP */
	size_t length;
	int64_t width, height;
};

/*
 * JPEG, PNG, GIF (its first frame) or WebP, told by their first bytes. False: *why says
 * what is wrong with it, to be shown through _().
 */
bool picture_make(struct ctx *ctx, const char *bytes, size_t length, struct picture *out,
		  const char **why) MUST_CHECK;
/* The same, at most `side` wide and high. */
bool picture_make_within(struct ctx *ctx, int side, const char *bytes, size_t length,
			 struct picture *out, const char **why) MUST_CHECK;

#endif
