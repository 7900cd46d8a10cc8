/*
 * The house of /admin: one table of its pages, from which come the first page and the
 * navigation beside every other. A new page has a row in admin_house.c and its right in
 * policy.c; its template stands inside {% wrap admin_house(frame, name) %}.
 */
#ifndef WEB_ADMIN_HOUSE_H
#define WEB_ADMIN_HOUSE_H

#include "web/pages_admin.h"
#include "web/request.h"

/* For frame_init: NULL away from /admin and /mod. */
const struct admin_house *admin_house_of(struct request *request);

#endif
