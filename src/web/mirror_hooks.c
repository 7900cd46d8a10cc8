/*
 * What other networks send by themselves: notices of what changed there. A notice is
 * verified over its very bytes, stored as it came, and answered; the worker reads it.
 * The networks try again for as long as they do not hear 200, so nothing but a stored
 * notice gets one, and a repeat does no harm.
 *
 * Nobody is signed in here and no cookie is looked at: the signature is the guard.
 */
#include "forum/mirror.h"
#include "web/handlers.h"
#include "web/respond.h"

#define PLAIN "text/plain; charset=utf-8"

static enum err find_connector(struct request *request, const struct connector **out)
{
	*out = connector_find(request->slug);
	if (!*out || !(*out)->has_push)
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

static enum err refuse(struct request *request, enum push_verdict verdict)
{
	return fail(&request->ctx, verdict == PUSH_MALFORMED ? ERR_BAD_REQUEST : ERR_FORBIDDEN,
		    NULL, NULL);
}

/* The network asks whether we are who subscribed. */
enum err hook_verify(struct request *request)
{
	const struct push_request push = { .is_get = true, .query = request->http->query };
	const struct connector *connector;
	enum push_verdict verdict;
	const char *answer = "";

	TRY(find_connector(request, &connector));
	verdict = connector->push_verify(&request->ctx, &push, &answer);
	if (verdict != PUSH_CHALLENGE)
		return refuse(request, verdict);
	return respond_text(request, 200, PLAIN, answer);
}

enum err hook_receive(struct request *request)
{
	const struct http_request *http = request->http;
	const struct push_request push = { .query = http->query,
					   .signature = http->hub_signature,
					   .body = http->body,
					   .length = http->body_length };
	const struct connector *connector;
	enum push_verdict verdict;
	const char *answer = "";

	TRY(find_connector(request, &connector));
	verdict = connector->push_verify(&request->ctx, &push, &answer);
	if (verdict != PUSH_ACCEPTED)
		return refuse(request, verdict);
	TRY(mirror_receive(&request->ctx, connector->name, push.body, push.length));
	return respond_text(request, 200, PLAIN, "stored\n");
}
