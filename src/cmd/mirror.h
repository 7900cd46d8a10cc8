/*
 * The parts of `entraide mirror`. Each returns the exit status, and is given the
 * arguments behind its name.
 */
#ifndef CMD_MIRROR_H
#define CMD_MIRROR_H

#include "cmd/command.h"

int mirror_command_replay(int argc, char **argv);

#endif
