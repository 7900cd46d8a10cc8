/*
 * A FastCGI client of the simplest kind; see fastcgi_client.h.
 */
#include "fastcgi_client.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

void fastcgi_record(struct buf *out, int type, const void *content, size_t length)
{
	const unsigned char header[8] = {
		1,
		(unsigned char)type,
		0,
		1,
		(unsigned char)(length >> 8),
		(unsigned char)length,
		0,
		0,
	};

	buf_bytes(out, header, sizeof(header));
	if (length > 0)
		buf_bytes(out, content, length);
}

void fastcgi_begin(struct buf *out)
{
	static const unsigned char responder[8] = { 0, 1 };

	fastcgi_record(out, RECORD_BEGIN, responder, sizeof(responder));
}

static void put_length(struct buf *out, size_t length)
{
	if (length >= 0x80) {
		buf_char(out, (char)(0x80 | length >> 24));
		buf_char(out, (char)(length >> 16));
		buf_char(out, (char)(length >> 8));
	}
	buf_char(out, (char)length);
}

void fastcgi_pair(struct buf *out, const char *name, const char *value)
{
	put_length(out, strlen(name));
	put_length(out, strlen(value));
	buf_text(out, name);
	buf_text(out, value);
}

void fastcgi_params(struct buf *out, const char *const *pairs)
{
	struct buf content;

	buf_init(&content, NULL, 65535);
	for (; *pairs != NULL; pairs++) {
		const char *sign = strchr(*pairs, '=');
		char name[64];

		snprintf(name, sizeof(name), "%.*s", (int)(sign - *pairs), *pairs);
		fastcgi_pair(&content, name, sign + 1);
	}
	if (content.length > 0)
		fastcgi_record(out, RECORD_PARAMS, content.data, content.length);
	fastcgi_record(out, RECORD_PARAMS, NULL, 0);
	buf_release(&content);
}

void fastcgi_stdin(struct buf *out, const void *body, size_t length)
{
	const char *at = body;

	while (length > 0) {
		size_t piece = length < 32768 ? length : 32768;

		fastcgi_record(out, RECORD_STDIN, at, piece);
		at += piece;
		length -= piece;
	}
	fastcgi_record(out, RECORD_STDIN, NULL, 0);
}

int fastcgi_send(const char *path, const struct buf *bytes)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval limit = { .tv_sec = 10 };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		close(fd);
		return -1;
	}
	for (size_t sent = 0; sent < bytes->length;) {
		ssize_t done = send(fd, bytes->data + sent, bytes->length - sent, MSG_NOSIGNAL);
		if (done <= 0)
			break; /* the server may refuse before it has read all */
		sent += (size_t)done;
	}
	return fd;
}

/* Walks the records; true when END_REQUEST with status 0 is the last one. */
static bool take_records(const struct buf *wire, struct buf *out)
{
	const unsigned char *at = (const unsigned char *)wire->data;
	size_t left = wire->length;

	while (left >= 8) {
		size_t content = (size_t)at[4] << 8 | at[5];
		size_t whole = 8 + content + at[6];

		if (at[0] != 1 || whole > left)
			return false;
		if (at[1] == RECORD_STDOUT)
			buf_bytes(out, at + 8, content);
		if (at[1] == RECORD_END)
			return whole == left && content == 8 && at[12] == 0;
		at += whole;
		left -= whole;
	}
	return false;
}

bool fastcgi_receive(int fd, struct buf *out)
{
	struct buf wire;
	char chunk[16384];
	ssize_t got;

	buf_init(&wire, NULL, (size_t)16 * 1024 * 1024);
	while ((got = recv(fd, chunk, sizeof(chunk), 0)) > 0)
		buf_bytes(&wire, chunk, (size_t)got);
	close(fd);
	bool is_good = take_records(&wire, out);
	buf_release(&wire);
	return is_good;
}

const char *fastcgi_body(const struct buf *answer)
{
	const char *empty_line = strstr(answer->data, "\r\n\r\n");

	return empty_line != NULL ? empty_line + 4 : "";
}
