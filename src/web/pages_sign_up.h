/*
 * The page of sign-up's defence. As in pages.h: one struct a template, filled wholly by
 * its handler.
 */
#ifndef WEB_PAGES_SIGN_UP_H
#define WEB_PAGES_SIGN_UP_H

#include "forum/sign_up_block.h"
#include "forum/sign_up_guard.h"
#include "web/pages_admin.h"

struct sign_up_defence_page {
	struct settings_section_page settings; /* its frame is the page's */
	struct sign_up_figures figures;
	struct sign_up_block *blocks;
	size_t block_count;
	const char *address, *reason; /* as typed, after a refusal */
	struct field_error block_error;
};

#endif
