/*
 * What the page that asks a poll shows, beside pages.h.
 */
#ifndef WEB_PAGES_POLLS_H
#define WEB_PAGES_POLLS_H

#include "forum/poll.h"
#include "web/pages.h"

struct poll_page {
	struct frame frame;
	struct topic topic;
	const char *path; /* of the topic */
	/* As typed. */
	const char *question, *choices, *closes;
	bool is_multiple;
	enum poll_shows shows;
	struct field_error error;
};

#endif
