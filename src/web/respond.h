/*
 * Sending: status, headers and the frame around a page. Errors become HTTP here
 * and nowhere else.
 */
#ifndef WEB_RESPOND_H
#define WEB_RESPOND_H

#include "web/request.h"

/* Fills what every page has. title: already translated; "" on the home page. */
void frame_init(struct request *request, struct frame *frame, const char *title);

/* What was asked for, with its query. */
const char *present_path(struct request *request);

/* An absolute address of this site for a path. */
char *site_url(struct request *request, const char *path);

/*
 * 303 after a POST, 307 for the same form elsewhere, 301 for an address that moved, 302 otherwise. path: of this
 * site, beginning with one '/'; anything else leads home.
 */
enum err respond_redirect(struct request *request, int status, const char *path);

/* Shown once, on the next page: a code of the table in respond.c. */
void respond_notice(struct request *request, const char *code);

/* A path from a form or a parameter ("next"), if it is one of ours; else fallback. */
const char *safe_path(struct request *request, const char *path, const char *fallback);

/* JSON with a weak ETag of its bytes; 304 when the client has it. */
enum err respond_json(struct request *request, const char *json);
enum err respond_text(struct request *request, int status, const char *content_type,
		      const char *text);

/* The error page for what ctx->error holds. */
void respond_error(struct request *request, enum err code);

/* Headers that all answers carry, the last thing before http_send. */
void respond_finish(struct request *request);

int err_status(enum err code);

#endif
