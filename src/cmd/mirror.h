/*
 * The parts of `entraide mirror`. Each returns the exit status, and is given the
 * arguments behind its name.
 */
#ifndef CMD_MIRROR_H
#define CMD_MIRROR_H

#include "cmd/command.h"
#include "forum/mirror.h"

int mirror_command_replay(int argc, char **argv);

/* An unpacked export of the Page into this source; prints what came of it. */
enum err mirror_import_export(struct ctx *ctx, const struct mirror *mirror,
			      const char *folder) MUST_CHECK;

#endif
