/*
 * Triggers of functions.sql that stand already are left out of it, for to make one anew is
 * to lock its table against everybody who writes, unchanged or not.
 *
 * A trigger is known by its comment, the SHA-256 of its statement: it goes with the trigger
 * and with a dump. A statement begins with "create or replace trigger NAME" at the beginning
 * of a line, names its table by the first " on TABLE" before "for each", and ends with the
 * first line that ends in ";".
 */
#ifndef DB_MIGRATE_TRIGGERS_H
#define DB_MIGRATE_TRIGGERS_H

#include "base/ctx.h"

/* *out: the script without them, and with a comment after each of the others. */
enum err triggers_left(struct ctx *ctx, const char *sql, const char **out) MUST_CHECK;

#endif
