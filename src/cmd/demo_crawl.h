/*
 * Three months of crawlers, one of them not who it says it is. Invented: addresses of
 * documentation networks.
 */
#ifndef CMD_DEMO_CRAWL_H
#define CMD_DEMO_CRAWL_H

#include "base/ctx.h"

enum err demo_seed_crawl(struct ctx *ctx) MUST_CHECK;

#endif
