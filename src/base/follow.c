/*
 * Which file it is that was read before, and reading on in it.
 */
#include "base/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

struct file {
	int fd; /* -1: none */
	int64_t inode, size, written_at;
};

/* A named pipe would hold up whoever opens it; it is no log. */
static struct file file_open(const char *path)
{
	struct file file = { .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) };
	struct stat facts;

	if (file.fd < 0)
		return file;
	if (fstat(file.fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
		close(file.fd);
		errno = EINVAL;
		file.fd = -1;
		return file;
	}
	file.inode = (int64_t)facts.st_ino;
	file.size = facts.st_size;
	file.written_at = (int64_t)facts.st_mtim.tv_sec * CLOCK_SECOND;
	return file;
}

static void file_close(struct file *file)
{
	if (file->fd >= 0)
		close(file->fd);
}

/* False: the file is not that long. */
static bool hash_head(const struct file *file, int64_t length, uint8_t out[CRYPTO_HASH_BYTES])
{
	char head[FOLLOW_HEAD_MAX];

	if (length < 0 || length > FOLLOW_HEAD_MAX ||
	    pread(file->fd, head, (size_t)length, 0) != (ssize_t)length)
		return false;
	crypto_sha256(out, head, (size_t)length);
	return true;
}

static bool is_same(const struct file *file, const struct follow_place *place)
{
	uint8_t head[CRYPTO_HASH_BYTES];

	if (file->fd < 0)
		return false;
	if (place->head_length == 0)
		return file->inode == place->inode;
	return hash_head(file, place->head_length, head) &&
	       memcmp(head, place->head, sizeof(head)) == 0;
}

static void begin(const struct file *file, struct follow_place *place)
{
	*place = (struct follow_place){ .inode = file->inode };
}

/* False: even its first bytes could not be read again, so it is not moved in. */
static bool move(const struct file *file, struct follow_place *place, size_t bytes)
{
	int64_t offset = place->offset + (int64_t)bytes;
	int64_t length = offset < FOLLOW_HEAD_MAX ? offset : FOLLOW_HEAD_MAX;

	if (length != place->head_length && !hash_head(file, length, place->head))
		return false;
	place->head_length = length;
	place->offset = offset;
	return true;
}

/* What stands before the end of a line that was too long; all of it if it does not end. */
static size_t rest_of_long_line(struct follow_place *place, const char *data, size_t length)
{
	const char *end = place->is_in_long_line ? memchr(data, '\n', length) : NULL;

	if (!place->is_in_long_line)
		return 0;
	if (!end)
		return length;
	place->is_in_long_line = false;
	return (size_t)(end - data) + 1;
}

static void read_lines(const struct file *file, struct follow_place *place, char *room,
		       size_t room_size, struct followed *out)
{
	ssize_t got = pread(file->fd, room, room_size, place->offset);
	size_t passed, whole = 0;
	const char *last;

	if (got <= 0)
		return;
	passed = rest_of_long_line(place, room, (size_t)got);
	last = memrchr(room + passed, '\n', (size_t)got - passed);
	if (last) {
		whole = (size_t)(last - room) + 1 - passed;
	} else if (passed == 0 && (size_t)got == room_size) {
		place->is_in_long_line = true;
		passed = room_size;
	}
	if (!move(file, place, passed + whole))
		return;
	out->data = room + passed;
	out->length = whole;
	out->has_more = (size_t)got == room_size;
}

/* It was cut off behind our back, by a machine that lost its power: go on at its end. */
static void stay_inside(const struct file *file, struct follow_place *place, struct followed *out)
{
	if (place->offset <= file->size)
		return;
	place->offset = file->size;
	out->was_lost = true;
}

static bool has_rested(const struct file *file, int64_t now)
{
	return now - file->written_at >= FOLLOW_REST_SECONDS * CLOCK_SECOND;
}

/* What was renamed, or copied away: true while there is anything to wait for in it. */
static bool read_earlier(const struct file *earlier, const struct file *file, int64_t now,
			 struct follow_place *place, char *room, size_t room_size,
			 struct followed *out)
{
	if (!is_same(earlier, place) || earlier->size < place->offset)
		return false;
	read_lines(earlier, place, room, room_size, out);
	if (out->length > 0 || out->has_more || file->fd < 0 || !has_rested(earlier, now))
		return true;
	begin(file, place);
	return false;
}

static enum follow_result read_on(const struct file *file, const struct file *earlier, int64_t now,
				  struct follow_place *place, char *room, size_t room_size,
				  struct followed *out)
{
	bool is_first = place->inode == 0;

	if (!is_first && is_same(file, place)) {
		stay_inside(file, place, out);
	} else if (!is_first && read_earlier(earlier, file, now, place, room, room_size, out)) {
		return FOLLOW_READ;
	} else if (file->fd < 0) {
		return FOLLOW_MISSING;
	} else if (place->inode != file->inode || place->offset > 0) {
		out->was_lost = !is_first;
		begin(file, place);
	}
	read_lines(file, place, room, room_size, out);
	return FOLLOW_READ;
}

enum follow_result follow_read(const char *path, int64_t now, struct follow_place *place,
			       char *room, size_t room_size, struct followed *out)
{
	char earlier_path[PATH_MAX];
	struct file file = file_open(path), earlier;
	bool is_refused = file.fd < 0 && errno != ENOENT;
	enum follow_result result;

	*out = (struct followed){ .data = room };
	if (is_refused)
		return FOLLOW_REFUSED;
	snprintf(earlier_path, sizeof(earlier_path), "%s.1", path);
	earlier = file_open(earlier_path);
	result = read_on(&file, &earlier, now, place, room, room_size, out);
	file_close(&earlier);
	file_close(&file);
	return result;
}
