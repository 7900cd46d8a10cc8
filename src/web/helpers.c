/*
 * Reading numbers and keys out of addresses and forms, and showing a form again.
 */
#include "web/helpers.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/slice.h"
#include "i18n/i18n.h"
#include "web/gate.h"
#include "web/respond.h"

/* Of the mark of a form's time: enough against guessing. */
#define OPENED_MARK_BYTES 8

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

/* By the visitor's own token: a time from somebody else's page is none. */
static const char *opened_mark(struct request *request, int64_t second)
{
	struct arena *arena = request->ctx.arena;
	const char *text = arena_printf(arena, "opened %lld", (long long)second);
	const char *secret = gate_csrf(request);
	uint8_t mark[CRYPTO_HASH_BYTES];

	crypto_hmac(mark, secret, strlen(secret), text, strlen(text));
	return arena_printf(arena, "%lld-%s", (long long)second,
			    crypto_hex(arena, mark, OPENED_MARK_BYTES));
}

static int64_t opened_second(struct request *request)
{
	const char *typed = http_form(request->http, "opened");
	struct slice rest = slice_of(typed);
	int64_t second;

	if (!slice_to_i64(slice_cut(&rest, '-'), &second) ||
	    !crypto_equal(typed, opened_mark(request, second)))
		return 0;
	return second;
}

const char *form_opened(struct request *request)
{
	int64_t second = opened_second(request);

	return opened_mark(request, second ? second : request->ctx.now / CLOCK_SECOND);
}

int64_t form_opened_seconds(struct request *request)
{
	int64_t second = opened_second(request), now = request->ctx.now / CLOCK_SECOND;

	if (!second || second > now)
		return 0;
	return now > second ? now - second : 1;
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

const char *size_text(struct arena *arena, int64_t bytes)
{
	static const char *const units[] = { N_("bytes"), N_("kB"), N_("MB"), N_("GB"), N_("TB") };
	double size = (double)bytes;
	size_t unit = 0;

	while (size >= 1000 && unit + 1 < ARRAY_COUNT(units)) {
		size /= 1000;
		unit++;
	}
	/* TRANSLATORS: a number and its unit, as in 12 MB. */
	return arena_printf(arena, _("%1$s %2$s"), i18n_number(arena, (int64_t)(size + 0.5)),
			    _(units[unit]));
}
