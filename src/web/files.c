/*
 * /files/12/box.webp: files of articles and of private exchanges. Who may have one is
 * forum/attachment.h's to say; how browsers are to take it is said here. What people
 * uploaded is never part of this site to a browser: no script runs in it, nothing is
 * guessed about its kind, and only pictures (of our own making) are shown at all.
 */
#include "web/files.h"

#include "base/buf.h"
#include "web/handlers.h"
#include "web/respond.h"

#define NAME_MAX_BYTES ((size_t)2048)

struct attachment_uploads files_of_form(struct request *request, size_t most)
{
	const struct http_pair **pairs = arena_array_of(request->ctx.arena, most + 1,
							const struct http_pair *);
	size_t count = http_files(request->http, "file", pairs, most);
	struct attachment_upload *items = arena_array_of(request->ctx.arena, most + 1,
							 struct attachment_upload);

	for (size_t i = 0; i < count && i < most; i++)
		items[i] = (struct attachment_upload){ .name = pairs[i]->file_name,
						       .alt = http_form(request->http, "alt"),
						       .bytes = pairs[i]->bytes,
						       .length = pairs[i]->length };
	return (struct attachment_uploads){ .items = items, .count = count };
}

/*
 * RFC 6266 with RFC 8187: the name for all browsers of today, and one in ASCII for what
 * is older. Neither quotes nor percent signs are in it (attachment_name).
 */
static const char *disposition(struct request *request, const char *word, const char *name)
{
	struct buf out;

	buf_init(&out, request->ctx.arena, NAME_MAX_BYTES);
	buf_printf(&out, "%s; filename=\"", word);
	for (const char *at = name; *at; at++)
		buf_char(&out, *at & 0x80 ? '_' : *at);
	buf_text(&out, "\"; filename*=UTF-8''");
	buf_url(&out, name);
	return out.is_overflown ? word : out.data;
}

static enum err show(struct request *request, bool is_small)
{
	struct attachment_file file;
	bool is_picture;

	TRY(attachment_open(&request->ctx, request->id, is_small, &file));
	is_picture = file.kind == ATTACHMENT_PICTURE;
	request->file = file.is_public ? FILE_PUBLIC : FILE_PRIVATE;
	request->response->content_type = attachment_media_type(file.kind);
	http_header(request->response, "Content-Disposition",
		    disposition(request, is_picture ? "inline" : "attachment", file.name));
	buf_bytes(&request->response->body, file.bytes, file.length);
	return OK;
}

enum err file_show(struct request *request)
{
	return show(request, false);
}

enum err file_small_show(struct request *request)
{
	return show(request, true);
}
