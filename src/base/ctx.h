/*
 * The context: everything that a rule needs and must not reach for. Pages, jobs,
 * commands and tests each make one and pass it down; base only carries the
 * pointers to what it does not know (the database, the actor).
 */
#ifndef BASE_CTX_H
#define BASE_CTX_H

#include "base/arena.h"
#include "base/config.h"
#include "base/error.h"

struct db;    /* db/db.h */
struct actor; /* forum/actor.h: who acts; never NULL, a visitor is one too */

struct ctx {
	struct arena *arena;
	const struct config *config;
	struct db *db;
	const struct actor *actor;
	const char *language;   /* "fr" or "en" */
	const char *request_id; /* for logs; also a job's or command's */
	int64_t now;            /* microseconds, one value a request */
	struct error error;
};

#endif
