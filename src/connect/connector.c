/*
 * The list of connectors. A new network is one file of its own and one line here.
 */
#include "connect/connector.h"

#include "connect/facebook.h"
#include "connect/feed.h"

const struct connector *const connectors[] = {
	&facebook_connector,
	&feed_connector,
};
const size_t connector_count = ARRAY_COUNT(connectors);

static const char *const failure_names[] = {
	[CONNECT_OK] = "ok",
	[CONNECT_RETRY] = "retry",
	[CONNECT_THROTTLED] = "throttled",
	[CONNECT_TOKEN] = "token",
	[CONNECT_OPERATOR] = "operator",
	[CONNECT_MISSING] = "missing",
	[CONNECT_PERMANENT] = "permanent",
	[CONNECT_BLOCKED] = "blocked",
	[CONNECT_DUPLICATE] = "duplicate",
	[CONNECT_UNKNOWN] = "unknown",
};

const struct connector *connector_find(const char *name)
{
	for (size_t i = 0; i < connector_count; i++)
		if (!strcmp(connectors[i]->name, name))
			return connectors[i];
	return NULL;
}

const char *connect_failure_name(enum connect_failure failure)
{
	return (size_t)failure < ARRAY_COUNT(failure_names) ? failure_names[failure] : "?";
}

void connect_error_set(struct connect_error *error, enum connect_failure failure,
		       const char *message)
{
	*error = (struct connect_error){ .failure = failure, .message = message, .trace_id = "" };
}
