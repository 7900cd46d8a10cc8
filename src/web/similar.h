/* Questions like the one that somebody is writing: for the ask page and its script. */
#ifndef WEB_SIMILAR_H
#define WEB_SIMILAR_H

#include "forum/article_similar.h"
#include "web/request.h"

/* ERR_THROTTLED when this person or address asked too often. */
enum err similar_take_turn(struct request *request) MUST_CHECK;

/* An index that is away finds nothing: nobody is kept from asking by that. */
enum err similar_find(struct request *request, const char *title, const char *body,
		      const char *language, struct similar_list *out) MUST_CHECK;

/* Articles that may answer it, best first; the body may be "". As above. */
enum err similar_articles(struct request *request, const char *title, const char *body,
			  const char *language, struct article_similar_list *out) MUST_CHECK;

/* Counts what was shown; never fails. */
void similar_record(struct request *request, const char *view, const struct similar_list *list,
		    const struct article_similar_list *articles);

#endif
