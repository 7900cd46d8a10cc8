/* The subcommands of "entraide search"; argv[0] is theirs. */
#ifndef CMD_SEARCH_PARTS_H
#define CMD_SEARCH_PARTS_H

#include "cmd/command.h"
#include "search/search.h"

int search_rebuild(int argc, char **argv);
int search_check(int argc, char **argv);
int search_query(int argc, char **argv);
int search_stats(int argc, char **argv);

/* Says what is wrong with the index, closes the session, returns EXIT_FAILURE. */
int search_command_failed(struct command_session *session, enum search_result result);

/* "1,234 kB", in the session's arena. */
const char *search_size_text(struct command_session *session, uint64_t bytes);

#endif
