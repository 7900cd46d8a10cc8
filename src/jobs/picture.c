/*
 * Decoding and encoding, in a child.
 */
/* First: glib's headers name functions that ours ban. */
#include <vips/vips.h>

#include "jobs/picture.h"

#include <unistd.h>

#include "base/buf.h"
#include "i18n/i18n.h"
#include "jobs/child.h"

#define OUTPUT_MAX_BYTES ((size_t)8 * 1024 * 1024)
#define QUALITY          80

enum { EXIT_TOO_LARGE = 10, EXIT_UNREADABLE };

static bool is_known(const char *bytes, size_t length)
{
	static const struct {
		const char *magic;
		size_t length;
	} kinds[] = { { "\xFF\xD8\xFF", 3 }, { "\x89PNG\r\n\x1A\n", 8 }, { "GIF8", 4 } };

	for (size_t i = 0; i < ARRAY_COUNT(kinds); i++)
		if (length > kinds[i].length && memcmp(bytes, kinds[i].magic, kinds[i].length) == 0)
			return true;
	return length > 12 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0;
}

/* The child ------------------------------------------------------------------------- */

/* Of libvips' many readers only the four that we want. */
static void allow_readers(void)
{
	static const char *const readers[] = { "VipsForeignLoadJpegBuffer",
					       "VipsForeignLoadPngBuffer",
					       "VipsForeignLoadNsgifBuffer",
					       "VipsForeignLoadWebpBuffer" };

	vips_block_untrusted_set(TRUE);
	vips_operation_block_set("VipsForeignLoad", TRUE);
	for (size_t i = 0; i < ARRAY_COUNT(readers); i++)
		vips_operation_block_set(readers[i], FALSE);
}

static void check_size(const char *bytes, size_t length)
{
	VipsImage *image = vips_image_new_from_buffer(bytes, length, "", NULL);

	if (!image)
		_exit(EXIT_UNREADABLE);
	if ((int64_t)vips_image_get_width(image) * vips_image_get_height(image) >
	    PICTURE_MAX_POINTS)
		_exit(EXIT_TOO_LARGE);
	g_object_unref(image);
}

static size_t number_at(const uint8_t *at)
{
	return at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24;
}

static bool is_metadata(const uint8_t *chunk)
{
	return memcmp(chunk, "EXIF", 4) == 0 || memcmp(chunk, "XMP ", 4) == 0 ||
	       memcmp(chunk, "ICCP", 4) == 0;
}

/*
 * Takes out whatever is not points: libvips 8.14 writes EXIF and XMP, with the place
 * where a picture was taken, even when it is told to strip them. A WebP is a list of
 * chunks (RFC 9649): four letters, a length, bytes up to an even number.
 */
static size_t strip(uint8_t *webp, size_t length)
{
	size_t kept = 12;

	if (length < kept || memcmp(webp, "RIFF", 4) != 0 || memcmp(webp + 8, "WEBP", 4) != 0)
		_exit(EXIT_UNREADABLE);
	for (size_t at = kept, size; at + 8 <= length; at += size) {
		size = number_at(webp + at + 4);
		size = 8 + size + (size & 1);
		if (size > length - at)
			_exit(EXIT_UNREADABLE);
		if (memcmp(webp + at, "VP8X", 4) == 0 && size > 8)
			webp[at + 8] &= (uint8_t) ~(0x20 | 0x08 | 0x04); /* ICC, EXIF, XMP */
		if (is_metadata(webp + at))
			continue;
		memmove(webp + kept, webp + at, size);
		kept += size;
	}
	for (int i = 0; i < 4; i++)
		webp[4 + i] = (uint8_t)((kept - 8) >> (8 * i));
	return kept;
}

struct original {
	const char *bytes;
	size_t length;
	int side;
};

static void convert(int fd, const void *data)
{
	const struct original *original = data;
	VipsImage *small;
	void *result;
	size_t result_length;
	int64_t sides[2];

	if (VIPS_INIT("entraide") != 0)
		_exit(CHILD_FAILED);
	vips_concurrency_set(1);
	vips_cache_set_max(0);
	allow_readers();
	check_size(original->bytes, original->length);
	if (vips_thumbnail_buffer((void *)(uintptr_t)original->bytes, original->length, &small,
				  original->side, "height", original->side, "size", VIPS_SIZE_DOWN,
				  NULL) != 0)
		_exit(EXIT_UNREADABLE);
	if (vips_webpsave_buffer(small, &result, &result_length, "Q", QUALITY, "strip", TRUE,
				 NULL) != 0)
		_exit(EXIT_UNREADABLE);
	sides[0] = vips_image_get_width(small);
	sides[1] = vips_image_get_height(small);
	child_put(fd, sides, sizeof(sides));
	child_put(fd, result, strip(result, result_length));
	_exit(EXIT_SUCCESS);
}

/* The parent ------------------------------------------------------------------------- */

static const char *reason(int status)
{
	if (status == EXIT_TOO_LARGE)
		return N_("more than 50 million points");
	if (status == EXIT_UNREADABLE)
		return N_("not a picture that can be read");
	return N_("it broke the decoder, or took too long");
}

static bool take(const struct buf *output, struct picture *out)
{
	int64_t sides[2];

	if (output->length <= sizeof(sides))
		return false;
	memcpy(sides, output->data, sizeof(sides));
	*out = (struct picture){ .bytes = output->data + sizeof(sides),
				 .length = output->length - sizeof(sides),
				 .width = sides[0],
				 .height = sides[1] };
	return true;
}

bool picture_make_within(struct ctx *ctx, int side, const char *bytes, size_t length,
			 struct picture *out, const char **why)
{
	const struct original original = { bytes, length, side };
	struct buf output;
	int status;

	*why = N_("not a JPEG, PNG, GIF or WebP");
	if (!is_known(bytes, length))
		return false;
	*why = N_("larger than 20 MB");
	if (length > PICTURE_MAX_BYTES)
		return false;
	buf_init(&output, ctx->arena, OUTPUT_MAX_BYTES);
	if (child_run(convert, &original, &output, &status) && take(&output, out))
		return true;
	*why = reason(status);
	return false;
}

bool picture_make(struct ctx *ctx, const char *bytes, size_t length, struct picture *out,
		  const char **why)
{
	return picture_make_within(ctx, PICTURE_SIDE_MAX, bytes, length, out, why);
}
