/* The page that removes everything by a person. As in pages.h. */
#ifndef WEB_PAGES_REMOVAL_H
#define WEB_PAGES_REMOVAL_H

#include "forum/removal.h"
#include "web/pages.h"

struct removal_page {
	struct frame frame;
	struct removal_view view;
	const char *path, *profile_path;
	const char *typed_reason;
	struct field_error error;
};

#endif
