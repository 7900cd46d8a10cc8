/*
 * Drawing a card with libvips, whose letters are Pango's.
 */
/* First: glib's headers name functions that ours ban. */
#include <vips/vips.h>

#include "jobs/card_draw.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "jobs/child.h"

#define CARD_MAX_BYTES ((size_t)1024 * 1024)
#define MARGIN         80
#define BAND           18 /* of the accent, at the left */
#define TITLE_TOP      150
#define TITLE_HEIGHT   310
#define FOOT           500

static const int sizes[] = { 72, 62, 54, 46, 40, 34 };

/* "#rrggbb"; what is none is black. */
static void read_colour(const char *text, double colour[3])
{
	unsigned long number = text[0] == '#' ? strtoul(text + 1, NULL, 16) : 0;

	colour[0] = (double)(number >> 16 & 0xFF);
	colour[1] = (double)(number >> 8 & 0xFF);
	colour[2] = (double)(number & 0xFF);
}

static void must(int result)
{
	if (result != 0)
		_exit(CHILD_FAILED);
}

/*
 * Opaque where the letters are; NULL where none can be seen. libvips takes Pango's markup:
 * nothing of it is meant.
 */
static VipsImage *letters(const char *text, const char *weight, int size)
{
	char *plain = g_markup_escape_text(text, -1);
	char *font = g_strdup_printf("sans %s %d", weight, size);
	VipsImage *mask;

	if (vips_text(&mask, plain, "font", font, "width", CARD_WIDTH - 2 * MARGIN, "dpi", 72,
		      "wrap", VIPS_TEXT_WRAP_WORD_CHAR, NULL) != 0)
		return NULL;
	return mask;
}

static VipsImage *plane(int width, int height, const char *hex)
{
	const double zero[3] = { 0, 0, 0 };
	VipsImage *black, *filled, *out;
	double colour[3];

	read_colour(hex, colour);
	must(vips_black(&black, width, height, "bands", 3, NULL));
	must(vips_linear(black, &filled, zero, colour, 3, "uchar", TRUE, NULL));
	must(vips_copy(filled, &out, "interpretation", VIPS_INTERPRETATION_sRGB, NULL));
	return out;
}

static VipsImage *put_on(VipsImage *ground, VipsImage *upper, int left, int top)
{
	VipsImage *out;

	must(vips_composite2(ground, upper, &out, VIPS_BLEND_MODE_OVER, "x", left, "y", top, NULL));
	return out;
}

/* Whatever does not fit is cut off. */
static VipsImage *write_at(VipsImage *ground, VipsImage *mask, const char *hex, int left, int top)
{
	VipsImage *cropped, *coloured;
	int width, height;

	if (!mask)
		return ground;
	width = VIPS_MIN(vips_image_get_width(mask), CARD_WIDTH - left);
	height = VIPS_MIN(vips_image_get_height(mask), CARD_HEIGHT - top);
	must(vips_crop(mask, &cropped, 0, 0, width, height, NULL));
	must(vips_bandjoin2(plane(width, height, hex), cropped, &coloured, NULL));
	return put_on(ground, coloured, left, top);
}

/* As large as it fits. */
static VipsImage *title_letters(const char *title)
{
	VipsImage *mask = NULL, *cut;

	for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
		mask = letters(title, "bold", sizes[i]);
		if (!mask || vips_image_get_height(mask) <= TITLE_HEIGHT)
			return mask;
	}
	must(vips_crop(mask, &cut, 0, 0, vips_image_get_width(mask), TITLE_HEIGHT, NULL));
	return cut;
}

static void draw(int fd, const void *data)
{
	const struct card_words *words = data;
	VipsImage *card, *flat;
	size_t length;
	void *png;

	if (VIPS_INIT("entraide") != 0)
		_exit(CHILD_FAILED);
	vips_concurrency_set(1);
	vips_cache_set_max(0);
	vips_operation_block_set("VipsForeignLoad", TRUE);
	card = plane(CARD_WIDTH, CARD_HEIGHT, words->ground);
	card = put_on(card, plane(BAND, CARD_HEIGHT, words->accent), 0, 0);
	if (words->brand[0])
		card = write_at(card, letters(words->brand, "bold", 34), words->accent, MARGIN, 70);
	if (words->title[0])
		card = write_at(card, title_letters(words->title), words->ink, MARGIN, TITLE_TOP);
	if (words->state[0])
		card = write_at(card, letters(words->state, "bold", 36), words->accent, MARGIN,
				FOOT);
	must(vips_flatten(card, &flat, NULL));
	must(vips_cast_uchar(flat, &card, NULL));
	if (vips_pngsave_buffer(card, &png, &length, "compression", 9, "strip", TRUE, "palette",
				TRUE, "bitdepth", 8, NULL) != 0)
		_exit(CHILD_FAILED);
	child_put(fd, png, length);
	_exit(EXIT_SUCCESS);
}

bool card_draw(struct ctx *ctx, const struct card_words *words, const char **png, size_t *length)
{
	struct buf output;
	int status;

	buf_init(&output, ctx->arena, CARD_MAX_BYTES);
	if (!child_run(draw, words, &output, &status) || output.length == 0)
		return false;
	*png = output.data;
	*length = output.length;
	return true;
}
