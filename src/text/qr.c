/*
 * Squares to a path: each run of dark squares in a row is one rectangle.
 */
#include "text/qr.h"

#include <qrencode.h>

#include "base/buf.h"

#define QUIET_SQUARES  4
#define PATH_MAX_BYTES ((size_t)256 * 1024)

static void draw_row(struct buf *path, const unsigned char *squares, int width, int y)
{
	for (int x = 0; x < width; x++) {
		int length = 0;

		while (x + length < width && (squares[x + length] & 1))
			length++;
		if (length > 0)
			buf_printf(path, "M%d %dh%dv1h-%dz", x + QUIET_SQUARES, y + QUIET_SQUARES,
				   length, length);
		x += length;
	}
}

const char *qr_path(struct arena *arena, const char *text, int *size)
{
	QRcode *code;
	struct buf path;

	*size = 0;
	if (!text[0] || strlen(text) > QR_TEXT_MAX_BYTES)
		return "";
	code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	if (!code)
		return "";
	buf_init(&path, arena, PATH_MAX_BYTES);
	for (int y = 0; y < code->width; y++)
		draw_row(&path, code->data + (size_t)y * (size_t)code->width, code->width, y);
	*size = code->width + 2 * QUIET_SQUARES;
	QRcode_free(code);
	return buf_to_arena(&path, arena);
}
