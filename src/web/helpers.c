/*
 * Reading numbers and keys out of addresses and forms, and showing a form again.
 */
#include "web/helpers.h"

#include "base/slice.h"
#include "i18n/i18n.h"
#include "web/respond.h"

/* A score of a list, or a time before the year 9999: what the database can compare. */
#define KEY_LEAST INT32_MIN
#define KEY_MOST  (INT64_C(253370764800) * 1000000)

const char *list_key_text(struct request *request, struct list_key key)
{
	return arena_printf(request->ctx.arena, "%lld_%lld", (long long)key.at, (long long)key.id);
}

enum err list_key_read(struct request *request, struct list_key *out)
{
	const char *text = http_parameter(request->http, "after");
	struct slice rest = slice_of(text);

	*out = (struct list_key){ 0 };
	if (!text[0])
		return OK;
	if (!slice_to_i64(slice_cut(&rest, '_'), &out->at) || !rest.data ||
	    !slice_to_i64(rest, &out->id) || out->id <= 0 || out->at < KEY_LEAST ||
	    out->at > KEY_MOST)
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

enum err tag_key_read(struct request *request, int64_t *count)
{
	*count = -1;
	if (http_has(&request->http->parameters, "count") &&
	    !text_to_i64(http_parameter(request->http, "count"), count))
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

enum err form_id(struct request *request, const char *name, int64_t *out)
{
	const char *text = http_form(request->http, name);

	*out = 0;
	if (text[0] && (!text_to_i64(text, out) || *out < 0))
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	return OK;
}

bool form_is_on(const struct request *request)
{
	return strcmp(http_form(request->http, "on"), "0") != 0;
}

enum err query_number(struct request *request, const char *name, int64_t fallback, int64_t *out)
{
	const char *text = http_parameter(request->http, name);

	*out = fallback;
	if (text[0] && (!text_to_i64(text, out) || *out <= 0))
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

struct field_error field_error_take(struct request *request)
{
	const struct error *error = &request->ctx.error;
	struct field_error taken = {
		.field = error->field ? error->field : "",
		.message = error->message ? error->message : _("This could not be accepted."),
	};

	request->response->status = err_status(error->code);
	if (error->retry_after_seconds > 0)
		http_header(request->response, "Retry-After",
			    arena_printf(request->ctx.arena, "%d", error->retry_after_seconds));
	error_clear(&request->ctx);
	return taken;
}

bool is_form_error(enum err code)
{
	return code == ERR_INVALID || code == ERR_THROTTLED || code == ERR_FORBIDDEN ||
	       code == ERR_CONFLICT;
}

const char *back_path(struct request *request, const char *fallback)
{
	return safe_path(request, http_form(request->http, "back"), fallback);
}
