/*
 * The HTTP client over libcurl's easy interface. A process keeps two handles, so
 * that connections are used again: one that may reach private networks and one
 * that may not. They are never mixed, or a kept connection of the first would
 * carry a question of the second past the guard.
 */
#include "net/http_client.h"

#include <curl/curl.h>
#include <strings.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/slice.h"
#include "net/http_guard.h"

#define CONNECT_SECONDS        5L
#define STALLED_SECONDS        15L
#define STALLED_BYTES_A_SECOND 50L
#define URL_MAX_BYTES          (64 * 1024)
#define FORM_MAX_BYTES         (1024 * 1024)
#define HEADERS_MAX_BYTES      (64 * 1024)

struct transfer {
	struct ctx *ctx;
	const struct http_fetch *fetch;
	struct http_fetched *out;
	CURL *curl;
	struct curl_slist *headers;
	struct buf body;
	size_t header_bytes;
	bool is_private; /* the guard refused an address */
	char message[CURL_ERROR_SIZE];
};

/*
 * Handles belong to the process that made them: a child must not go on speaking
 * on its parent's connections.
 */
static CURL *handle_of_process(bool may_be_private)
{
	static struct {
		CURL *curl;
		pid_t owner;
	} handles[2];

	if (!handles[may_be_private].curl || handles[may_be_private].owner != getpid()) {
		handles[may_be_private].curl = curl_easy_init();
		handles[may_be_private].owner = getpid();
	}
	if (!handles[may_be_private].curl)
		abort();
	curl_easy_reset(handles[may_be_private].curl);
	return handles[may_be_private].curl;
}

/* ---- what comes back --------------------------------------------------- */

static size_t take_body(char *bytes, size_t size, size_t count, void *data)
{
	struct transfer *transfer = data;

	buf_bytes(&transfer->body, bytes, size * count);
	return transfer->body.is_overflown ? 0 : size * count;
}

/* A line of the header. A status line begins another answer: a redirect's, or 100's. */
static size_t take_header(char *bytes, size_t size, size_t count, void *data)
{
	struct transfer *transfer = data;
	struct http_fetched *out = transfer->out;
	struct slice value = slice_trim(slice_make(bytes, size * count));
	struct slice name;

	transfer->header_bytes += size * count;
	if (transfer->header_bytes > HEADERS_MAX_BYTES)
		return 0;
	if (slice_starts_with(value, "HTTP/")) {
		out->header_count = 0;
		return size * count;
	}
	name = slice_cut(&value, ':');
	if (!value.data || out->header_count == HTTP_FETCH_HEADERS_MAX)
		return size * count;
	value = slice_trim(value);
	out->headers[out->header_count++] = (struct fetch_pair){
		arena_strndup(transfer->ctx->arena, name.data, name.length),
		arena_strndup(transfer->ctx->arena, value.data, value.length)
	};
	return size * count;
}

const char *http_fetched_header_next(const struct http_fetched *fetched, const char *name,
				     size_t *index)
{
	while (*index < fetched->header_count) {
		const struct fetch_pair *header = &fetched->headers[(*index)++];

		if (!strcasecmp(header->name, name))
			return header->value;
	}
	return NULL;
}

const char *http_fetched_header(const struct http_fetched *fetched, const char *name)
{
	size_t index = 0;

	return http_fetched_header_next(fetched, name, &index);
}

/* ---- the guard --------------------------------------------------------- */

static curl_socket_t open_public(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *transfer = data;

	if (purpose == CURLSOCKTYPE_IPCXN &&
	    http_address_is_public(&address->addr, address->addrlen))
		return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	transfer->is_private = true;
	return CURL_SOCKET_BAD;
}

/* ---- the question ------------------------------------------------------ */

static void add_pairs(struct buf *out, const struct fetch_pair *pairs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_char(out, '&');
		buf_url(out, pairs[i].name);
		buf_char(out, '=');
		buf_url(out, pairs[i].value);
	}
}

static void add_header(struct transfer *transfer, const char *name, const char *value)
{
	const char *line = arena_printf(transfer->ctx->arena, "%s:%s%s", name, *value ? " " : "",
					value);
	struct curl_slist *longer;

	/* A value with a line break would be two headers. */
	if (strpbrk(line, "\r\n"))
		return;
	longer = curl_slist_append(transfer->headers, line);
	if (!longer)
		abort();
	transfer->headers = longer;
}

static void prepare_headers(struct transfer *transfer)
{
	const struct http_fetch *fetch = transfer->fetch;

	/* No waiting for leave to send a form. */
	add_header(transfer, "Expect", "");
	if (fetch->bearer)
		add_header(transfer, "Authorization",
			   arena_printf(transfer->ctx->arena, "Bearer %s", fetch->bearer));
	for (size_t i = 0; i < fetch->header_count; i++)
		add_header(transfer, fetch->headers[i].name, fetch->headers[i].value);
	curl_easy_setopt(transfer->curl, CURLOPT_HTTPHEADER, transfer->headers);
}

static bool prepare_question(struct transfer *transfer)
{
	const struct http_fetch *fetch = transfer->fetch;
	const char *method = fetch->method ? fetch->method : "GET";
	struct buf url, form;

	buf_init(&url, transfer->ctx->arena, URL_MAX_BYTES);
	buf_text(&url, fetch->url);
	if (fetch->query_count > 0)
		buf_char(&url, strchr(fetch->url, '?') ? '&' : '?');
	add_pairs(&url, fetch->query, fetch->query_count);
	buf_init(&form, transfer->ctx->arena, FORM_MAX_BYTES);
	add_pairs(&form, fetch->form, fetch->form_count);
	if (url.is_overflown || form.is_overflown)
		return false;
	curl_easy_setopt(transfer->curl, CURLOPT_URL, url.data);
	if (!strcmp(method, "POST")) {
		curl_easy_setopt(transfer->curl, CURLOPT_POST, 1L);
		curl_easy_setopt(transfer->curl, CURLOPT_POSTFIELDSIZE,
				 fetch->body ? (long)strlen(fetch->body) : (long)form.length);
		curl_easy_setopt(transfer->curl, CURLOPT_POSTFIELDS,
				 fetch->body ? fetch->body : form.data);
	} else if (strcmp(method, "GET") != 0) {
		curl_easy_setopt(transfer->curl, CURLOPT_CUSTOMREQUEST, method);
	}
	if (strcmp(method, "GET") != 0)
		curl_easy_setopt(transfer->curl, CURLOPT_FRESH_CONNECT, 1L);
	return true;
}

static void prepare_limits(struct transfer *transfer)
{
	const struct http_fetch *fetch = transfer->fetch;
	CURL *curl = transfer->curl;

	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT,
			 (long)(fetch->seconds ? fetch->seconds : HTTP_FETCH_SECONDS));
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, STALLED_BYTES_A_SECOND);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, STALLED_SECONDS);
	curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)fetch->max_bytes);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)fetch->redirects_max);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, fetch->redirects_max > 0 ? 1L : 0L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	/* No CURLOPT_NOSIGNAL: commands are not protected from SIGPIPE, libcurl then is. */
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	if (fetch->may_be_private)
		return;
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_public);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, transfer);
}

static void prepare_answer(struct transfer *transfer)
{
	CURL *curl = transfer->curl;

	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->message);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer);
	curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "Entraide/" PACKAGE_VERSION);
}

/* ---- what became of it ------------------------------------------------- */

static enum fetch_outcome outcome_of(const struct transfer *transfer, CURLcode result)
{
	long request_bytes = 0;

	if (result == CURLE_OK)
		return FETCH_ANSWERED;
	if (transfer->is_private && result == CURLE_COULDNT_CONNECT)
		return FETCH_REFUSED;
	if (result == CURLE_FILESIZE_EXCEEDED || transfer->body.is_overflown)
		return FETCH_TOO_LARGE;
	if (result == CURLE_UNSUPPORTED_PROTOCOL || result == CURLE_URL_MALFORMAT ||
	    result == CURLE_TOO_MANY_REDIRECTS || result == CURLE_LOGIN_DENIED)
		return FETCH_REFUSED;
	curl_easy_getinfo(transfer->curl, CURLINFO_REQUEST_SIZE, &request_bytes);
	return request_bytes == 0 ? FETCH_NOT_SENT : FETCH_LOST;
}

static void conclude(struct transfer *transfer, CURLcode result)
{
	struct http_fetched *out = transfer->out;
	struct arena *arena = transfer->ctx->arena;
	const char *why = *transfer->message ? transfer->message : curl_easy_strerror(result);
	char *url = NULL;
	long status = 0;

	out->outcome = outcome_of(transfer, result);
	curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(transfer->curl, CURLINFO_EFFECTIVE_URL, &url);
	out->status = (int)status;
	out->url = http_scrub(arena, url ? url : "");
	out->body = transfer->body.data;
	out->length = transfer->body.length;
	if (out->outcome == FETCH_ANSWERED)
		return;
	if (transfer->is_private)
		why = "the address belongs to a private network";
	else if (out->outcome == FETCH_TOO_LARGE)
		why = arena_printf(arena, "the answer is larger than %zu bytes",
				   transfer->fetch->max_bytes);
	out->problem = http_scrub(arena, why);
}

void http_fetch(struct ctx *ctx, const struct http_fetch *fetch, struct http_fetched *out)
{
	struct transfer transfer = { .ctx = ctx, .fetch = fetch, .out = out };
	CURLcode result;

	*out = (struct http_fetched){ .body = "", .url = "" };
	transfer.curl = handle_of_process(fetch->may_be_private);
	buf_init(&transfer.body, ctx->arena, fetch->max_bytes);
	if (!prepare_question(&transfer)) {
		out->outcome = FETCH_REFUSED;
		out->problem = "the question is too long";
		return;
	}
	prepare_headers(&transfer);
	prepare_limits(&transfer);
	prepare_answer(&transfer);
	result = curl_easy_perform(transfer.curl);
	conclude(&transfer, result);
	curl_slist_free_all(transfer.headers);
	/* It holds pointers into this call. */
	curl_easy_reset(transfer.curl);
}

/* ---- addresses --------------------------------------------------------- */

static const char *const secret_names[] = {
	"access_token", "appsecret_proof",   "client_secret", "input_token",
	"verify_token", "fb_exchange_token", "bearer ",       "oauth ",
};

/* Length of a secret's name with what stands between it and its value, or 0. */
static size_t secret_name_length(const char *text)
{
	for (size_t i = 0; i < ARRAY_COUNT(secret_names); i++) {
		size_t length = strlen(secret_names[i]);

		if (strncasecmp(text, secret_names[i], length) != 0)
			continue;
		if (secret_names[i][length - 1] == ' ')
			return length;
		if (text[length] == '=')
			return length + 1;
		if (!strncasecmp(text + length, "%3d", 3))
			return length + 3;
		return length + strspn(text + length, "\": ");
	}
	return 0;
}

char *http_scrub(struct arena *arena, const char *text)
{
	struct buf out;

	buf_init(&out, arena, strlen(text) + 1024);
	while (*text) {
		size_t length = secret_name_length(text);

		if (length == 0) {
			buf_char(&out, *text++);
			continue;
		}
		buf_bytes(&out, text, length);
		text += length;
		length = strcspn(text, "& \"'<>\r\n\t,;)}");
		if (length > 0)
			buf_text(&out, "...");
		text += length;
	}
	return arena_strndup(arena, out.data, out.length);
}

char *http_url_place(struct arena *arena, const char *url)
{
	CURLU *parts = curl_url();
	char *scheme = NULL, *host = NULL, *port = NULL, *place = NULL;

	if (!parts)
		abort();
	if (curl_url_set(parts, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
	    curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	    curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	    curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	    (!strcmp(scheme, "http") || !strcmp(scheme, "https"))) {
		place = arena_printf(arena, "%s:%s", host, port);
		for (char *c = place; *c; c++)
			if (*c >= 'A' && *c <= 'Z')
				*c = (char)(*c - 'A' + 'a');
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(parts);
	return place;
}
