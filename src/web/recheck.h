/*
 * What cannot be taken back asks for the password or a code once more when that was
 * last given too long ago (session.h). The form that was sent waits meanwhile: the page
 * /check carries it along, and sends it on (307) after a right answer.
 */
#ifndef WEB_RECHECK_H
#define WEB_RECHECK_H

#include "web/request.h"

/* Whether this form must wait. Its handlers are listed in recheck.c. */
bool recheck_is_due(const struct request *request);

/* The page that asks, in place of the answer. */
enum err recheck_ask(struct request *request) MUST_CHECK;

#endif
