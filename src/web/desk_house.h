/*
 * The desk's own menu: one table of its pages. A new page has a row in desk_house.c; its
 * template stands inside {% wrap desk_house(frame, page->house) %}, and its handler fills
 * page.house with desk_house_of(request).
 */
#ifndef WEB_DESK_HOUSE_H
#define WEB_DESK_HOUSE_H

#include "web/pages_desk.h"
#include "web/request.h"

const struct desk_house *desk_house_of(struct request *request);

#endif
