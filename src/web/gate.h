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

/*
 * Our cookies: "__Host-session", Secure, over https; "session" on a plain http site
 * (./dev). HttpOnly and SameSite=Lax always. A missing one reads as "".
 */
const char *gate_cookie(const struct request *request, const char *name);
void gate_set_cookie(struct request *request, const char *name, const char *value,
		     int64_t max_age_seconds);

/* The machine itself and its monitoring (web.metrics_allow). */
bool gate_is_operator(const struct request *request);

/* Is the site served over https? From the configuration, never from the request. */
bool gate_is_https(const struct request *request);

/* The token a form on this page carries; sets a visitor's cookie when there is none. */
const char *gate_csrf(struct request *request);

#endif
