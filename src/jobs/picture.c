/*
 * Decoding and encoding, in a child.
 */
/* First: glib's headers name functions that ours ban. */
#include <vips/vips.h>

#include "jobs/picture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

#define MEMORY_MAX_BYTES  ((size_t)1024 * 1024 * 1024)
#define PROCESSOR_SECONDS 20
#define WAIT_TIME         (30 * CLOCK_SECOND)
#define OUTPUT_MAX_BYTES  ((size_t)8 * 1024 * 1024)
#define QUALITY           80

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

static void set_limit(int resource, rlim_t most)
{
	struct rlimit limit = { .rlim_cur = most, .rlim_max = most };

	if (setrlimit((__rlimit_resource_t)resource, &limit) != 0)
		_exit(EXIT_FAILURE);
}

/* Libraries have much to say about bad pictures, and may not write files. */
static void silence(void)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0 || dup2(nowhere, STDERR_FILENO) < 0)
		_exit(EXIT_FAILURE);
}

static void confine(void)
{
	silence();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	set_limit(RLIMIT_CPU, PROCESSOR_SECONDS);
	set_limit(RLIMIT_FSIZE, 0);
	set_limit(RLIMIT_CORE, 0);
#ifndef __SANITIZE_ADDRESS__ /* which reserves terabytes */
	set_limit(RLIMIT_AS, MEMORY_MAX_BYTES);
#endif
}

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

static void put(int fd, const void *bytes, size_t length)
{
	const char *at = bytes;

	while (length > 0) {
		ssize_t written = write(fd, at, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			_exit(EXIT_FAILURE);
		at += written;
		length -= (size_t)written;
	}
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

_Noreturn static void convert(int fd, const char *bytes, size_t length)
{
	VipsImage *small;
	void *result;
	size_t result_length;
	int64_t sides[2];

	confine();
	if (VIPS_INIT("entraide") != 0)
		_exit(EXIT_FAILURE);
	vips_concurrency_set(1);
	vips_cache_set_max(0);
	allow_readers();
	check_size(bytes, length);
	if (vips_thumbnail_buffer((void *)(uintptr_t)bytes, length, &small, PICTURE_SIDE_MAX,
				  "height", PICTURE_SIDE_MAX, "size", VIPS_SIZE_DOWN, NULL) != 0)
		_exit(EXIT_UNREADABLE);
	if (vips_webpsave_buffer(small, &result, &result_length, "Q", QUALITY, "strip", TRUE,
				 NULL) != 0)
		_exit(EXIT_UNREADABLE);
	sides[0] = vips_image_get_width(small);
	sides[1] = vips_image_get_height(small);
	put(fd, sides, sizeof(sides));
	put(fd, result, result_length);
	_exit(EXIT_SUCCESS);
}

/* The parent ------------------------------------------------------------------------- */

/* Until the end, or the time is over; false then. */
static bool read_all(int fd, struct buf *out)
{
	int64_t end = clock_monotonic() + WAIT_TIME;
	char piece[16384];

	for (;;) {
		struct pollfd waiting = { .fd = fd, .events = POLLIN };
		int64_t left = (end - clock_monotonic()) / 1000;
		ssize_t got;

		if (left <= 0)
			return false;
		if (poll(&waiting, 1, (int)left) <= 0)
			continue;
		got = read(fd, piece, sizeof(piece));
		if (got == 0)
			return true;
		if (got < 0 && errno != EINTR)
			return false;
		if (got > 0)
			buf_bytes(out, piece, (size_t)got);
		if (out->is_overflown)
			return false;
	}
}

static const char *reason(int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_TOO_LARGE)
		return "more than 50 million points";
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_UNREADABLE)
		return "not a picture that can be read";
	return "it broke the decoder, or took too long";
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

static bool run_child(struct ctx *ctx, const char *bytes, size_t length, struct buf *output,
		      int *status)
{
	int ends[2];
	pid_t child;
	bool is_whole;

	(void)ctx;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	child = fork();
	if (child == 0) {
		close(ends[0]);
		convert(ends[1], bytes, length);
	}
	close(ends[1]);
	is_whole = child > 0 && read_all(ends[0], output);
	close(ends[0]);
	if (child < 0)
		return false;
	if (!is_whole)
		kill(child, SIGKILL);
	while (waitpid(child, status, 0) < 0 && errno == EINTR)
		;
	return is_whole && WIFEXITED(*status) && WEXITSTATUS(*status) == EXIT_SUCCESS;
}

bool picture_make(struct ctx *ctx, const char *bytes, size_t length, struct picture *out,
		  const char **why)
{
	struct buf output;
	int status = 0;

	*why = "not a JPEG, PNG, GIF or WebP";
	if (!is_known(bytes, length))
		return false;
	*why = "larger than 20 MB";
	if (length > PICTURE_MAX_BYTES)
		return false;
	buf_init(&output, ctx->arena, OUTPUT_MAX_BYTES);
	if (run_child(ctx, bytes, length, &output, &status) && take(&output, out))
		return true;
	*why = reason(status);
	return false;
}
