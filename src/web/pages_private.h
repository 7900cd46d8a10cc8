/*
 * What the pages of private exchanges show, beside pages.h.
 */
#ifndef WEB_PAGES_PRIVATE_H
#define WEB_PAGES_PRIVATE_H

#include "forum/private.h"
#include "web/pages_desk.h"

/* /private: one's own; /desk/private: the team's open ones, with its house. */
struct private_list_page {
	struct frame frame;
	const struct desk_house *house; /* NULL: one's own */
	struct private_list list;
};

/* /private/3 */
struct private_page {
	struct frame frame;
	struct private_view view;
	const char *topic_path;
	int64_t keep_days; /* until what was said is deleted */
	/* As typed, when something was refused. */
	const char *body_md, *summary_md, *reason;
	bool has_preview; /* of the summary */
	struct html_fragment preview;
	struct field_error error;
};

#endif
