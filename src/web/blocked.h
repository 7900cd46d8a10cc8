/*
 * Programs that the operator does not want: by what they call themselves, or by where
 * they come from (settings, section Search engines and crawlers). Only reading as a
 * visitor is refused: signing in, the legal pages and robots.txt stay open, so that
 * nobody is shut out by a line that says too much.
 */
#ifndef WEB_BLOCKED_H
#define WEB_BLOCKED_H

#include "web/request.h"

/* The route and the actor are known. ERR_FORBIDDEN. No statement. */
enum err blocked_check(struct request *request) MUST_CHECK;

#endif
