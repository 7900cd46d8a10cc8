/*
 * From libfcgi's environment and input stream to a checked struct http_request.
 * Only for server.c; other folders know http/http.h.
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <fcgiapp.h>

#include "http/http.h"

/*
 * Reads environment and body of an accepted request. Strings and body are
 * copied to the arena. Errors are http_accept's; then *request is filled as far
 * as it was read, all its strings at least "".
 */
enum err http_request_read(FCGX_Request *fcgi, struct arena *arena,
			   struct http_request *request) MUST_CHECK;

#endif
