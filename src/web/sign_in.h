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

/*
 * Ends it with a session, and no step between: by a second factor, or by what is both
 * factors at once.
 */
enum err sign_in_at_once(struct request *request, int64_t person_id, const char *by,
			 const char *next) MUST_CHECK;

/* Who has given the right password lately and no second factor yet; 0: nobody. */
enum err sign_in_waiting(struct request *request, int64_t *person_id) MUST_CHECK;

/* A new session for the actor in place of the one in hand, which began alike. */
enum err sign_in_renew(struct request *request) MUST_CHECK;

#endif
