/*
 * Numbered SQL files, forward only: migrations/0001_name.sql … are each run once,
 * in one transaction with the row in schema_migrations that says so (number,
 * name, SHA-256, when). A file that changed after it landed is an error.
 * functions.sql (create or replace, grants) is run again whenever its hash changed
 * or a migration was run after it.
 * A file that waits for a lock steps back and begins anew, for two minutes, so that a
 * site in use goes on (migrate.c).
 * An advisory lock makes two runs at once wait for each other.
 */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "base/ctx.h"

struct migrate_result {
	int applied;
	int already;
	bool functions_replaced;
};

enum err migrate_run(struct ctx *ctx, const char *directory,
		     struct migrate_result *result) MUST_CHECK;

/* Is the schema the one this binary came with? Checked at start of web and worker. */
enum err migrate_check(struct ctx *ctx, const char *directory, bool *is_current) MUST_CHECK;

#endif
