/* What stands beside mirrored posts on the pages that show them. */
#ifndef WEB_MIRROR_MARKS_H
#define WEB_MIRROR_MARKS_H

#include "web/request.h"

/*
 * For a mirrored topic: loads what is known of it and of the posts shown, in one
 * round trip, and hangs it to them. Nothing for others.
 */
enum err mirror_marks_of_topic(struct request *request, struct topic_page *page) MUST_CHECK;
enum err mirror_marks_of_comments(struct request *request, struct comments_page *page) MUST_CHECK;

/*
 * The choice to send an answer there as well, as the form has it: on by default for
 * those who may. post: what is commented on; NULL for an answer to the topic.
 */
/* Where what is known of the mirror was loaded. */
void send_choice_of_topic(struct request *request, const struct topic *topic,
			  const struct mirror_topic *mirror, struct send_choice *out);
enum err send_choice_load(struct request *request, const struct topic *topic,
			  const struct post *post, struct send_choice *out) MUST_CHECK;
/* With the text as the network will show it. */
void send_choice_show(struct request *request, struct send_choice *choice, const char *body_md);

#endif
