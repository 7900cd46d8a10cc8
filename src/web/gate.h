/*
 * What every request passes before its handler, in one fixed order: method, size,
 * session, role, origin and CSRF, language. (Rates of visitors are nginx's; those
 * of people are taken by the rules, see forum/throttle.h.)
 */
#ifndef WEB_GATE_H
#define WEB_GATE_H

#include "web/request.h"

/*
 * request->http, response, site and ctx are set; finds the route and the actor.
 * ERR_NOT_FOUND, ERR_METHOD, ERR_UNAUTHENTICATED, ERR_FORBIDDEN (CSRF, address),
 * ERR_UNAVAILABLE (the session could not be looked up).
 */
enum err gate_pass(struct request *request) MUST_CHECK;

/* The language of a request that did not get through: never fails. */
void gate_choose_language(struct request *request);

/* "__Host-session" over https, "session" on a plain http site (./dev). */
const char *gate_cookie_name(const struct request *request, const char *name);

/* The token a form on this page carries; sets a visitor's cookie when there is none. */
const char *gate_csrf(struct request *request);

#endif
