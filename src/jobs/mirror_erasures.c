/*
 * Requests to be forgotten that Facebook passed on: they name a person as the app knows
 * them, and each Page is asked how it knows them. Where none can say, nothing of theirs
 * is here; where one could not be asked, it is tried again, and the team sees it.
 */
#include "connect/facebook_setup.h"
#include "forum/erasure.h"
#include "jobs/mirror_reading.h"

struct search {
	const struct erasure_call *call;
	bool is_found, is_unanswered;
};

static enum err ask(struct ctx *ctx, struct mirror *mirror, struct search *search)
{
	struct connect_error error = { 0 };
	const char *scoped_id = "";

	TRY(facebook_scoped_id(ctx, &mirror->source, search->call->user_id, &scoped_id, &error));
	if (error.failure != CONNECT_OK && error.failure != CONNECT_MISSING) {
		search->is_unanswered = true;
		return OK;
	}
	if (!scoped_id[0])
		return OK;
	return erasure_resolve(ctx, search->call->id, mirror->source.id, scoped_id,
			       &search->is_found);
}

static enum err ask_all(struct ctx *ctx, struct mirror *mirrors, size_t count,
			struct search *search)
{
	for (size_t i = 0; i < count && !search->is_found; i++)
		if (strcmp(mirrors[i].source.connector, "facebook") == 0)
			TRY(ask(ctx, &mirrors[i], search));
	if (search->is_found || search->is_unanswered)
		return OK;
	return erasure_unknown(ctx, search->call->id);
}

enum err mirror_do_erasure_calls(struct ctx *ctx)
{
	struct erasure_call *calls;
	struct mirror *mirrors;
	size_t count, mirror_count;

	TRY(erasure_calls(ctx, &calls, &count));
	if (count == 0)
		return OK;
	TRY(mirror_list(ctx, &mirrors, &mirror_count));
	for (size_t i = 0; i < count; i++)
		TRY(ask_all(ctx, mirrors, mirror_count, &(struct search){ .call = &calls[i] }));
	return OK;
}
