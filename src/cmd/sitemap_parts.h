/* Between sitemap.c, sitemap_check.c and sitemap_page.c. */
#ifndef CMD_SITEMAP_PARTS_H
#define CMD_SITEMAP_PARTS_H

#include "cmd/command.h"

/* argv[0] is "check". */
int sitemap_check(int argc, char **argv);

/*
 * What is wrong with the page of that address, in English and in the arena: not 200, not
 * canonical, not to be indexed; NULL: nothing.
 */
const char *sitemap_page_problem(struct ctx *ctx, const char *address);

#endif
