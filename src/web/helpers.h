/* Small things that several handlers share. */
#ifndef WEB_HELPERS_H
#define WEB_HELPERS_H

#include "web/request.h"

/* "?after=1732284000000000-123": where the next page of a list begins. */
const char *list_key_text(struct request *request, struct list_key key);
/* ERR_NOT_FOUND for a key that is not one; absent is the first page. */
enum err list_key_read(struct request *request, struct list_key *out) MUST_CHECK;

/* "?count=12&name=wifi": the last tag shown; count is -1 on the first page. */
enum err tag_key_read(struct request *request, int64_t *count) MUST_CHECK;

/* A whole number in a form; 0 when absent. ERR_BAD_REQUEST when not one. */
enum err form_id(struct request *request, const char *name, int64_t *out) MUST_CHECK;
/* "1" or "0" in the field "on". */
bool form_is_on(const struct request *request);
/* A positive number in the query, fallback when absent; ERR_NOT_FOUND when not one. */
enum err query_number(struct request *request, const char *name, int64_t fallback,
		      int64_t *out) MUST_CHECK;

/* The refused field of ctx->error, for showing the form again with status 422. */
struct field_error field_error_take(struct request *request);
/*
 * When a form was first shown, for a hidden field: "1732284000-…", signed, so that it
 * cannot be made earlier; form_opened_seconds says how long ago, 0 when it says nothing.
 */
const char *form_opened(struct request *request);
int64_t form_opened_seconds(struct request *request);

/* Errors a form shows itself: a field, a throttle, a policy refusal, a conflict. */
bool is_form_error(enum err code);

/* The index's reader, or NULL while there is none. */
struct search_reader *site_search(struct site *site);
/* Whether the index answered; else it is logged, and opened anew the next time. */
bool search_worked(struct request *request, enum search_result result);

/* "12 MB": powers of ten, as disks are sold; in the language in use. */
const char *size_text(struct arena *arena, int64_t bytes);

/* Where an action's form came from, if that is a page of ours; else fallback. */
const char *back_path(struct request *request, const char *fallback);

#endif
