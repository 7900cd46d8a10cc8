/*
 * How a sign-in ends, by whatever it began: with a session, or with the second step
 * for whoever has one.
 */
#ifndef WEB_SIGN_IN_H
#define WEB_SIGN_IN_H

#include "web/request.h"

/*
 * Answers the request. by: BY_PASSWORD or BY_MAIL (second_factor.h); next: a path of
 * ours; notice: shown there.
 */
enum err sign_in(struct request *request, int64_t person_id, const char *by, const char *next,
		 const char *notice) MUST_CHECK;

/* A new session for the actor in place of the one in hand, which began alike. */
enum err sign_in_renew(struct request *request) MUST_CHECK;

#endif
