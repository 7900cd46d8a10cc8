/*
 * The desk's working calendar, as the settings of the section "desk" say it.
 *
 *	if (!working_due(desk_calendar(), asked_at, target, &due_at)) …
 */
#ifndef FORUM_DESK_CALENDAR_H
#define FORUM_DESK_CALENDAR_H

#include "forum/site_setting.h"
#include "forum/working_time.h"

/*
 * One a process, made anew when settings have changed; it lives until the end of the
 * request or job. A setting that cannot be read any more counts as its default, a zone
 * that the machine does not know as UTC; both are logged.
 */
const struct working_calendar *desk_calendar(void);

/*
 * For who saves settings: why this value cannot be one of this section's, with the line,
 * translated; NULL when nothing is wrong or the setting belongs to another section.
 */
const char *desk_setting_problem(struct arena *arena, enum site_setting_id id, const char *value);

#endif
