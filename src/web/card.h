/* The picture of a thread that other sites show beside its address. */
#ifndef WEB_CARD_H
#define WEB_CARD_H

#include "web/request.h"

/* "/t/12/card/VERSION.png" */
const char *card_path(struct request *request, const struct topic *topic);

/* The topic's card, or for what has none the brand's picture (frame_init's). */
void card_fill_frame(struct request *request, const struct topic *topic, struct frame *frame);

#endif
