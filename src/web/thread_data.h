/*
 * What a topic's page is to programs that read it: https://schema.org/QAPage or
 * https://schema.org/DiscussionForumPosting. The words stand in the markup already, so the
 * templates mark them there (microdata) instead of sending them twice (docs/seo.md has the
 * figures).
 */
#ifndef WEB_THREAD_DATA_H
#define WEB_THREAD_DATA_H

#include "web/request.h"

/*
 * A question that people can still answer is DATA_QUESTION; ideas, polls, what the brand
 * announces, mirrored talk, what is closed or locked is DATA_DISCUSSION. DATA_NONE where
 * search engines do not get to: pages they may not have, and those of people who are
 * signed in, who see things that the public does not.
 * Needs page->frame.is_indexable.
 */
enum thread_data thread_data_of(const struct topic_page *page);

#endif
