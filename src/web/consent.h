/*
 * Being asked to agree to the charter again (forum/consent.h). Whoever is about to write
 * is shown it with their form kept inside: one press agrees and sends the form on.
 */
#ifndef WEB_CONSENT_H
#define WEB_CONSENT_H

#include "web/request.h"

/* The gate's part. ERR_FORBIDDEN: the form must wait; consent_answer shows the charter. */
enum err consent_check(struct request *request) MUST_CHECK;

/* Instead of the error page, where that helps; false: it does not. */
bool consent_answer(struct request *request, enum err code);

#endif
