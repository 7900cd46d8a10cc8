/*
 * Pictures. Their addresses come from outside, so they are fetched from the hosts
 * of the configuration alone, without following redirects, and never from a private
 * network. What the server calls their type is not believed: who decodes them looks.
 */
#include "connect/facebook_media.h"

#include <strings.h>

#include "base/slice.h"
#include "net/http_client.h"

#define MEDIA_SECONDS 60

static bool is_name_or_below(struct slice name, struct slice host)
{
	const char *tail;

	if (slice_starts_with(name, "."))
		name = slice_make(name.data + 1, name.length - 1);
	if (name.length == 0 || host.length < name.length)
		return false;
	tail = host.data + host.length - name.length;
	return !strncasecmp(tail, name.data, name.length) &&
	       (host.length == name.length || tail[-1] == '.');
}

bool facebook_media_host_is_known(const char *hosts, const char *place, bool *may_be_private)
{
	struct slice rest = slice_of(hosts);
	const char *port = strrchr(place, ':');
	struct slice host = slice_make(place, port ? (size_t)(port - place) : strlen(place));
	bool is_usual_port = !port || !strcmp(port, ":443") || !strcmp(port, ":80");

	*may_be_private = false;
	while (rest.data) {
		struct slice entry = slice_cut(&rest, ' ');

		if (slice_is(entry, place)) {
			*may_be_private = true;
			return true;
		}
		if (is_usual_port && is_name_or_below(entry, host))
			return true;
	}
	return false;
}

/* 403 and 404 are how an address says that its time is over. */
static void tell(struct ctx *ctx, const struct http_fetched *fetched, struct connect_error *error)
{
	enum connect_failure failure = CONNECT_PERMANENT;

	if (fetched->outcome == FETCH_NOT_SENT || fetched->outcome == FETCH_LOST ||
	    (fetched->outcome == FETCH_ANSWERED && fetched->status >= 500) ||
	    fetched->status == 429)
		failure = CONNECT_RETRY;
	else if (fetched->outcome == FETCH_ANSWERED &&
		 (fetched->status == 403 || fetched->status == 404 || fetched->status == 410))
		failure = CONNECT_MISSING;
	connect_error_set(error, failure,
			  fetched->outcome == FETCH_ANSWERED
				  ? arena_printf(ctx->arena, "the picture's server answered %d",
						 fetched->status)
				  : fetched->problem);
}

enum err facebook_media(struct ctx *ctx, struct source *source, const char *url, size_t max_bytes,
			const char **bytes, size_t *length, struct connect_error *error)
{
	struct http_fetched *fetched = arena_new_of(ctx->arena, struct http_fetched);
	struct http_fetch fetch = { .url = url, .max_bytes = max_bytes, .seconds = MEDIA_SECONDS };
	const char *place = http_url_place(ctx->arena, url);

	(void)source;
	*bytes = "";
	*length = 0;
	connect_error_set(error, CONNECT_OK, "");
	if (!place || !facebook_media_host_is_known(ctx->config->facebook.media_hosts, place,
						    &fetch.may_be_private)) {
		connect_error_set(error, CONNECT_PERMANENT,
				  "the address is not one of Facebook's media hosts");
		return OK;
	}
	http_fetch(ctx, &fetch, fetched);
	if (fetched->outcome != FETCH_ANSWERED || fetched->status != 200) {
		tell(ctx, fetched, error);
		return OK;
	}
	*bytes = fetched->body;
	*length = fetched->length;
	return OK;
}
