/* Files that forms bring, and files that are given back. */
#ifndef WEB_FILES_H
#define WEB_FILES_H

#include "forum/attachment.h"
#include "web/request.h"

/* Those of the field "file", with what was typed into "alt"; none is fine. */
struct attachment_uploads files_of_form(struct request *request, size_t most);

#endif
