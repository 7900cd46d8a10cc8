/*
 * Reads one request out of what libfcgi holds, with limits on everything. The
 * order matters: request id and path come first, so that a refusal can be logged
 * with them; the body comes last, and only when the rest was in order.
 */
#include "http/request.h"

#include "base/crypto.h"
#include "http/parse.h"

#define SENTINEL          "ENTRAIDE_PARAMS_END"
#define BODY_KIND         "ENTRAIDE_BODY"
#define REQUEST_ID_LENGTH 32
#define METHOD_MAX_LENGTH 16
#define PATH_MAX_BYTES    2048

/* A parameter into the arena; "" when absent. False: too long or not clean. */
static bool read_param(FCGX_Request *fcgi, struct arena *arena, const char *name, const char **out)
{
	const char *value = FCGX_GetParam(name, fcgi->envp);

	if (value == NULL)
		return true;
	size_t length = strlen(value);
	if (length > HTTP_HEADER_MAX_BYTES || !http_is_clean_line(value, length))
		return false;
	*out = arena_strndup(arena, value, length);
	return true;
}

static void set_empty(struct http_request *request)
{
	*request = (struct http_request){
		.method = HTTP_OTHER,
		.method_name = "",
		.path = "",
		.query = "",
		.body = "",
		.content_type = "",
		.client_address = "",
		.request_id = "",
		.accept_language = "",
		.accept = "",
		.user_agent = "",
		.referer = "",
		.origin = "",
		.sec_fetch_site = "",
		.if_none_match = "",
		.if_modified_since = "",
		.authorization = "",
		.hub_signature = "",
		.content_encoding = "",
		.uri = "",
		.store_language = "",
		.store_coding = "",
	};
}

static bool is_request_id(const char *text)
{
	return strlen(text) == REQUEST_ID_LENGTH &&
	       strspn(text, "0123456789abcdef") == REQUEST_ID_LENGTH;
}

/* Ours when nginx sent none: every line of the log has one. */
static const char *read_request_id(FCGX_Request *fcgi, struct arena *arena)
{
	const char *given = FCGX_GetParam("REQUEST_ID", fcgi->envp);
	uint8_t random[REQUEST_ID_LENGTH / 2];

	if (given != NULL && is_request_id(given))
		return arena_strdup(arena, given);
	crypto_random(random, sizeof(random));
	return crypto_hex(arena, random, sizeof(random));
}

static enum http_method method_of(const char *name)
{
	if (strcmp(name, "GET") == 0)
		return HTTP_GET;
	if (strcmp(name, "HEAD") == 0)
		return HTTP_HEAD;
	if (strcmp(name, "POST") == 0)
		return HTTP_POST;
	return HTTP_OTHER;
}

static bool read_method(FCGX_Request *fcgi, struct arena *arena, struct http_request *request)
{
	if (!read_param(fcgi, arena, "REQUEST_METHOD", &request->method_name))
		return false;
	size_t length = strlen(request->method_name);
	if (length == 0 || length > METHOD_MAX_LENGTH ||
	    strspn(request->method_name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != length)
		return false;
	request->method = method_of(request->method_name);
	return true;
}

/*
 * Path and query come from the same REQUEST_URI, as the client sent it, and not
 * from what nginx made of it: one source cannot disagree with itself.
 */
static bool read_uri(FCGX_Request *fcgi, struct arena *arena, struct http_request *request)
{
	const char *uri = "";

	if (!read_param(fcgi, arena, "REQUEST_URI", &uri))
		return false;
	struct slice query = slice_of(uri);
	struct slice path = slice_cut(&query, '?');
	if (path.length > PATH_MAX_BYTES || query.length > HTTP_QUERY_MAX_BYTES ||
	    !http_decode_path(arena, path, &request->path))
		return false;
	if (query.data != NULL)
		request->query = arena_strndup(arena, query.data, query.length);
	return http_parse_pairs(arena, query, &request->parameters);
}

static bool read_headers(FCGX_Request *fcgi, struct arena *arena, struct http_request *request)
{
	const char *https = "", *cookies = "";
	bool is_good = true;
	const struct {
		const char *name;
		const char **out;
	} headers[] = {
		{ "REMOTE_ADDR", &request->client_address },
		{ "HTTPS", &https },
		{ "CONTENT_TYPE", &request->content_type },
		{ "HTTP_COOKIE", &cookies },
		{ "HTTP_ACCEPT_LANGUAGE", &request->accept_language },
		{ "HTTP_ACCEPT", &request->accept },
		{ "HTTP_USER_AGENT", &request->user_agent },
		{ "HTTP_REFERER", &request->referer },
		{ "HTTP_ORIGIN", &request->origin },
		{ "HTTP_SEC_FETCH_SITE", &request->sec_fetch_site },
		{ "HTTP_IF_NONE_MATCH", &request->if_none_match },
		{ "HTTP_IF_MODIFIED_SINCE", &request->if_modified_since },
		{ "HTTP_AUTHORIZATION", &request->authorization },
		{ "HTTP_X_HUB_SIGNATURE_256", &request->hub_signature },
		{ "HTTP_CONTENT_ENCODING", &request->content_encoding },
		{ "REQUEST_URI", &request->uri },
		{ "ENTRAIDE_LANGUAGE", &request->store_language },
		{ "ENTRAIDE_CODING", &request->store_coding },
	};

	for (size_t i = 0; i < ARRAY_COUNT(headers); i++)
		is_good = read_param(fcgi, arena, headers[i].name, headers[i].out) && is_good;
	request->is_https = strcmp(https, "on") == 0;
	return http_parse_cookies(arena, slice_of(cookies), &request->cookies) && is_good;
}

static enum err read_length(FCGX_Request *fcgi, int64_t most, size_t *out)
{
	const char *text = FCGX_GetParam("CONTENT_LENGTH", fcgi->envp);
	int64_t length = 0;

	*out = 0;
	if (text == NULL || text[0] == '\0')
		return OK;
	if (strspn(text, "0123456789") != strlen(text))
		return ERR_BAD_REQUEST;
	if (!text_to_i64(text, &length) || length > most)
		return ERR_TOO_LARGE;
	*out = (size_t)length;
	return OK;
}

/*
 * Exactly as many bytes as announced must come, then the end of the stream: a
 * body cut off on the way must not be saved as if it were whole.
 */
static bool read_bytes(FCGX_Request *fcgi, struct arena *arena, size_t length,
		       struct http_request *request)
{
	char *body = arena_alloc(arena, length + 1);

	if (length > 0 && FCGX_GetStr(body, (int)length, fcgi->in) != (int)length)
		return false;
	if (FCGX_GetChar(fcgi->in) != EOF || FCGX_GetError(fcgi->in) != 0)
		return false;
	request->body = body;
	request->body_length = length;
	return true;
}

static bool ends_with_json(struct slice type)
{
	static const char suffix[] = "+json";
	const size_t length = sizeof(suffix) - 1;

	if (type.length < length)
		return false;
	return slice_is_ignoring_case(slice_make(type.data + type.length - length, length), suffix);
}

static enum err read_form(struct arena *arena, struct http_request *request)
{
	struct slice type = http_media_type(request->content_type);
	struct slice body = slice_make(request->body, request->body_length);
	bool is_good;

	if (slice_is_ignoring_case(type, "application/x-www-form-urlencoded"))
		is_good = http_parse_pairs(arena, body, &request->form);
	else if (slice_is_ignoring_case(type, "multipart/form-data"))
		is_good = http_parse_multipart(arena, body, request->content_type, &request->form);
	else if (slice_is_ignoring_case(type, "application/json") ||
		 slice_is_ignoring_case(type, "text/plain") || ends_with_json(type))
		is_good = http_is_clean(body.data, body.length);
	else
		return ERR_UNSUPPORTED;
	return is_good ? OK : ERR_BAD_REQUEST;
}

/* Nobody here unpacks: what is compressed could be any size. */
static bool is_plainly_encoded(const struct http_request *request)
{
	return request->content_encoding[0] == '\0' ||
	       slice_is_ignoring_case(slice_of(request->content_encoding), "identity");
}

/* What the location allows, as nginx says; the client cannot. */
static int64_t most_bytes(const char *kind)
{
	if (strcmp(kind, "raw") == 0)
		return HTTP_RAW_BODY_MAX_BYTES;
	return strcmp(kind, "upload") == 0 ? HTTP_UPLOAD_MAX_BYTES : HTTP_BODY_MAX_BYTES;
}

static enum err read_body(FCGX_Request *fcgi, struct arena *arena, struct http_request *request)
{
	const char *kind = FCGX_GetParam(BODY_KIND, fcgi->envp);
	size_t length;

	kind = kind ? kind : "";
	request->is_raw = strcmp(kind, "raw") == 0;
	TRY(read_length(fcgi, most_bytes(kind), &length));
	if (length > 0 && request->method != HTTP_POST && request->method != HTTP_OTHER)
		return ERR_BAD_REQUEST;
	if (length > 0 && !is_plainly_encoded(request))
		return ERR_UNSUPPORTED;
	if (!read_bytes(fcgi, arena, length, request))
		return ERR_BAD_REQUEST;
	return length > 0 && !request->is_raw ? read_form(arena, request) : OK;
}

enum err http_request_read(FCGX_Request *fcgi, struct arena *arena, struct http_request *request)
{
	const char *sentinel = FCGX_GetParam(SENTINEL, fcgi->envp);

	set_empty(request);
	request->request_id = read_request_id(fcgi, arena);
	if (sentinel == NULL || strcmp(sentinel, "1") != 0)
		return ERR_BAD_REQUEST;
	/* All three in any case: the refusal is to speak the person's language. */
	bool has_headers = read_headers(fcgi, arena, request);
	bool has_method = read_method(fcgi, arena, request);
	bool has_uri = read_uri(fcgi, arena, request);
	if (!has_headers || !has_method || !has_uri)
		return ERR_BAD_REQUEST;
	return read_body(fcgi, arena, request);
}
