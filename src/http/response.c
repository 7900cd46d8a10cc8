/*
 * Headers and cookies of an answer. A value that could start a new header line
 * never reaches the wire: it is dropped, and the log says which header it was.
 */
#include <assert.h>

#include "base/log.h"
#include "http/http.h"

#define TOKEN_CHARACTERS \
	"!#$%&'*+-.^_`|~0123456789" \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool is_token(const char *text)
{
	size_t length = strlen(text);

	return length > 0 && strspn(text, TOKEN_CHARACTERS) == length;
}

static bool is_one_line(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

/* RFC 6265 4.1.1's cookie-octet. */
static bool is_cookie_value(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text <= 0x20 || *text == 0x7f || strchr("\",;\\", *text) != NULL)
			return false;
	return true;
}

void http_header(struct http_response *response, const char *name, const char *value)
{
	if (!is_token(name) || !is_one_line(value)) {
		log_event(LOG_LEVEL_ERROR, "header_dropped", "name", name, NULL);
		return;
	}
	buf_text(&response->headers, name);
	buf_text(&response->headers, ": ");
	buf_text(&response->headers, value);
	buf_text(&response->headers, "\r\n");
}

bool http_has_header(const struct http_response *response, const char *name)
{
	const char *line = response->headers.data;
	size_t left = response->headers.length, length = strlen(name);

	while (left > length) {
		const char *next = memchr(line, '\n', left);

		if (memcmp(line, name, length) == 0 && line[length] == ':')
			return true;
		if (!next)
			return false;
		left -= (size_t)(next + 1 - line);
		line = next + 1;
	}
	return false;
}

void http_set_cookie(struct http_response *response, const char *name, const char *value,
		     struct http_cookie_options options)
{
	struct buf *out = &response->headers;

	/* Browsers hold a __Host- cookie to: Secure, this host only, path "/". */
	assert(!options.is_secure || strncmp(name, "__Host-", 7) == 0);
	if (!is_token(name) || !is_cookie_value(value)) {
		log_event(LOG_LEVEL_ERROR, "cookie_dropped", "name", name, NULL);
		return;
	}
	buf_printf(out, "Set-Cookie: %s=%s; Path=/", name, value);
	if (options.max_age_seconds != 0) {
		buf_text(out, "; Max-Age=");
		buf_i64(out, options.max_age_seconds < 0 ? 0 : options.max_age_seconds);
	}
	if (options.is_secure)
		buf_text(out, "; Secure");
	if (!options.is_readable)
		buf_text(out, "; HttpOnly");
	buf_text(out, options.is_strict ? "; SameSite=Strict\r\n" : "; SameSite=Lax\r\n");
}
