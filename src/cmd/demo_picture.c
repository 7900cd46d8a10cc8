/*
 * Rectangles and circles in eight colours, and the smallest PNG writer that there is:
 * indexed, one IDAT of stored (not compressed) deflate blocks (RFC 1950, 1951, 2083).
 */
#include "cmd/demo_picture.h"

#include "base/buf.h"

#define WIDTH           960
#define HEIGHT          540
#define LIGHTS          4
#define BLOCK_MAX_BYTES 65535
#define FILE_MAX_BYTES  ((size_t)WIDTH * HEIGHT + 20000)

enum colour { WALL, TABLE, SHADOW, BOX, BAND, WHITE, RED, GLOW, COLOURS };

static const uint8_t palette[COLOURS][3] = {
	[WALL] = { 0xe9, 0xee, 0xf2 },   [TABLE] = { 0xc9, 0xb4, 0x96 },
	[SHADOW] = { 0xae, 0x99, 0x7c }, [BOX] = { 0x1d, 0x2b, 0x3a },
	[BAND] = { 0x2d, 0x40, 0x54 },   [WHITE] = { 0xf5, 0xf8, 0xfa },
	[RED] = { 0xe2, 0x2b, 0x2b },    [GLOW] = { 0x6e, 0x2b, 0x36 },
};

/* A row begins with its filter, which is none. */
struct canvas {
	uint8_t rows[HEIGHT][WIDTH + 1];
};

static void rectangle(struct canvas *canvas, int x, int y, int width, int height,
		      enum colour colour)
{
	for (int row = y; row < y + height; row++)
		memset(&canvas->rows[row][1 + x], (int)colour, (size_t)width);
}

static void circle(struct canvas *canvas, int x, int y, int radius, enum colour colour)
{
	for (int dy = -radius; dy <= radius; dy++)
		for (int dx = -radius; dx <= radius; dx++)
			if (dx * dx + dy * dy <= radius * radius)
				canvas->rows[y + dy][1 + x + dx] = (uint8_t)colour;
}

static void draw(struct canvas *canvas, int red)
{
	rectangle(canvas, 0, 0, WIDTH, HEIGHT, WALL);
	rectangle(canvas, 0, 390, WIDTH, HEIGHT - 390, TABLE);
	rectangle(canvas, 150, 400, 660, 26, SHADOW);
	rectangle(canvas, 160, 170, 640, 240, BOX);
	rectangle(canvas, 160, 300, 640, 60, BAND);
	for (int i = 0; i < LIGHTS; i++) {
		int x = 290 + i * 127;

		circle(canvas, x, 330, 26, i == red ? GLOW : BOX);
		circle(canvas, x, 330, 15, i == red ? RED : WHITE);
	}
}

/* PNG ----------------------------------------------------------------------------------- */

static void put_number(struct buf *out, uint32_t number)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_char(out, (char)(number >> shift));
}

static uint32_t crc(const char *bytes, size_t length)
{
	uint32_t sum = 0xffffffff;

	for (size_t i = 0; i < length; i++) {
		sum ^= (uint8_t)bytes[i];
		for (int bit = 0; bit < 8; bit++)
			sum = (sum >> 1) ^ (sum & 1 ? 0xedb88320U : 0);
	}
	return ~sum;
}

static uint32_t adler(const uint8_t *bytes, size_t length)
{
	uint32_t a = 1, b = 0;

	for (size_t i = 0; i < length; i++) {
		a = (a + bytes[i]) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

static void put_chunk(struct buf *out, const char *kind, const char *bytes, size_t length)
{
	size_t begin;

	put_number(out, (uint32_t)length);
	begin = out->length;
	buf_bytes(out, kind, 4);
	buf_bytes(out, bytes, length);
	put_number(out, crc(out->data + begin, out->length - begin));
}

static void deflate_stored(struct buf *out, const uint8_t *bytes, size_t length)
{
	buf_bytes(out, "\x78\x01", 2);
	for (size_t at = 0; at < length; at += BLOCK_MAX_BYTES) {
		size_t left = length - at, size = left < BLOCK_MAX_BYTES ? left : BLOCK_MAX_BYTES;
		const char head[] = { left == size, (char)size, (char)(size >> 8), (char)~size,
				      (char)(~size >> 8) };

		buf_bytes(out, head, sizeof(head));
		buf_bytes(out, (const char *)bytes + at, size);
	}
	put_number(out, adler(bytes, length));
}

const char *demo_picture(struct arena *arena, int red, size_t *length)
{
	struct canvas *canvas = arena_new_of(arena, struct canvas);
	struct buf out, part;

	draw(canvas, red);
	buf_init(&out, arena, FILE_MAX_BYTES);
	buf_init(&part, arena, FILE_MAX_BYTES);
	buf_bytes(&out, "\x89PNG\r\n\x1a\n", 8);
	put_number(&part, WIDTH);
	put_number(&part, HEIGHT);
	buf_bytes(&part, "\x08\x03\0\0\0", 5); /* 8 bits a point, of a palette */
	put_chunk(&out, "IHDR", part.data, part.length);
	put_chunk(&out, "PLTE", (const char *)palette, sizeof(palette));
	buf_clear(&part);
	deflate_stored(&part, &canvas->rows[0][0], sizeof(canvas->rows));
	put_chunk(&out, "IDAT", part.data, part.length);
	put_chunk(&out, "IEND", "", 0);
	*length = out.length;
	return out.data;
}
