/*
 * The demo's knowledge base: eight French articles and two English ones, the latter
 * versions of two of the former; one waits for review, one is due again.
 */
#ifndef CMD_DEMO_ARTICLES_H
#define CMD_DEMO_ARTICLES_H

#include "base/ctx.h"

enum err demo_seed_articles(struct ctx *ctx) MUST_CHECK;

#endif
