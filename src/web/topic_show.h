/*
 * The topic's page again, with a form on it that was refused.
 */
#ifndef WEB_TOPIC_SHOW_H
#define WEB_TOPIC_SHOW_H

#include "forum/topic.h"
#include "web/handlers.h"

/* The form of an idea's stage (ideas.c), with what was typed. */
enum err topic_show_refused_stage(struct request *request, enum idea_stage stage,
				  const char *reason) MUST_CHECK;

/* A form of its poll (polls.c). */
enum err topic_show_refused_poll(struct request *request) MUST_CHECK;

#endif
