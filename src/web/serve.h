/*
 * The life of a web worker: one request after the other, from http_accept through
 * gate and handler to http_send.
 */
#ifndef WEB_SERVE_H
#define WEB_SERVE_H

#include "base/config.h"
#include "http/supervisor.h"

/* Most memory one request may take: a page of 20 long posts is under 4 MB. */
#define REQUEST_MEMORY_MAX_BYTES ((size_t)64 * 1024 * 1024)

/* Work of a supervisor pool; pool->data is the const struct config. */
int serve_work(const struct supervisor_worker *worker);

/*
 * What must hold before the sockets are opened: catalogues, statements against
 * the schema, the schema's version. False: *message says what, for the operator.
 * A database that is away is not an error: pages say 503 until it is back.
 */
bool serve_check(const struct config *config, const char **message) MUST_CHECK;

#endif
