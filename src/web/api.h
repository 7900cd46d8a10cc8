/* What the files of the interface for programs share. */
#ifndef WEB_API_H
#define WEB_API_H

#include "forum/author.h"
#include "web/json.h"
#include "web/request.h"

/* id null: an imported name, or somebody who left. */
void api_put_author(struct request *request, struct json *json, const char *key,
		    const struct author *author);

/* The next page's address in the body and in the Link header; path NULL: null, no header. */
void api_put_next(struct request *request, struct json *json, const char *path);

#endif
