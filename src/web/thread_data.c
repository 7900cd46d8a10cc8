/*
 * What a topic's page is to programs that read it.
 */
#include "web/thread_data.h"

#include <string.h>

#include "forum/crisis_now.h"

/* What came from elsewhere was not asked here: it is a question if it reads like one. */
static bool is_mirrored_talk(const struct topic *topic)
{
	bool is_feed = strcmp(topic->source, "feed") == 0;

	return topic->mirror_source_id &&
	       (is_feed || (!strchr(topic->title, '?') && !strchr(topic->excerpt, '?')));
}

/* QAPage is for what users ask and users can answer. */
static bool is_question(const struct topic *topic)
{
	bool takes_answers = topic->status == STATUS_OPEN ||
			     topic->status == STATUS_NEEDS_INFORMATION;

	return takes_answers && !topic->is_locked && !topic->stage && !topic->has_poll &&
	       !role_is_staff(topic->author.role) && !crisis_now_of_topic(topic->id) &&
	       !is_mirrored_talk(topic);
}

enum thread_data thread_data_of(const struct topic_page *page)
{
	if (!page->frame.is_indexable || page->frame.is_signed_in)
		return DATA_NONE;
	return is_question(&page->view.topic) ? DATA_QUESTION : DATA_DISCUSSION;
}
