/* Uploaded files: the first line is the name, the rest the bytes. */
#include "fuzz.h"

#include "base/slice.h"
#include "base/utf8.h"
#include "forum/attachment_kind.h"

static void check_name(struct arena *arena, const char *typed, enum attachment_kind kind)
{
	const char *name = attachment_name(arena, typed, kind);

	must(utf8_is_clean(name, strlen(name)));
	must(utf8_count(name) <= ATTACHMENT_NAME_MAX);
	must(strpbrk(name, "/\\\"%\r\n\t") == NULL);
	must(name[0] != '.' && strrchr(name, '.') != NULL);
	/* Said again, it stays what it is. */
	must(strcmp(attachment_name(arena, name, kind), name) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new((size_t)16 << 20);
	struct slice body = slice_make((const char *)data, size);
	struct slice line = slice_cut(&body, '\n');
	enum attachment_kind kind = ATTACHMENT_TEXT;
	const char *why;

	if (body.data && !attachment_kind_of(body.data, body.length, &kind, &why))
		must(why[0] != '\0');
	/* http_parse_multipart lets no other names through. */
	if (utf8_is_clean(line.data, line.length))
		for (size_t i = 0; i < ATTACHMENT_KIND_COUNT; i++)
			check_name(arena, arena_strndup(arena, line.data, line.length),
				   (enum attachment_kind)i);
	arena_free(arena);
	return 0;
}
