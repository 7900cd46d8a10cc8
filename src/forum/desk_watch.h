/*
 * Words that must not wait: lists of the settings (section "desk"), found in a question's
 * title and text as in the rules before publication (text/word_list.h).
 */
#ifndef FORUM_DESK_WATCH_H
#define FORUM_DESK_WATCH_H

#include "forum/desk.h"
#include "forum/site_setting.h"

/* The gravest there is: safety, then crisis, then legal. language: "fr", "en". */
enum desk_watch desk_watch_find(const char *text, const char *language);

/* For who saves settings: why this is no list, translated; NULL when it is one, or when
 * the setting is another. */
const char *desk_watch_problem(struct arena *arena, enum site_setting_id id, const char *value);

#endif
