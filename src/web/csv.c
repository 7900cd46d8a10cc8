/*
 * Files for spreadsheets.
 */
#include "web/csv.h"

#include "web/respond.h"

void csv_text(struct buf *out, const char *text)
{
	buf_char(out, '"');
	if (text[0] && strchr("=+-@\t\r", text[0]))
		buf_char(out, '\'');
	for (const char *c = text; *c; c++) {
		if (*c == '"')
			buf_char(out, '"');
		buf_char(out, *c);
	}
	buf_char(out, '"');
}

enum err respond_csv(struct request *request, const char *name, const struct buf *csv)
{
	if (csv->is_overflown)
		return fail_log(&request->ctx, ERR_INTERNAL, "%s is larger than %zu bytes", name,
				csv->max);
	http_header(request->response, "Content-Disposition",
		    arena_printf(request->ctx.arena, "attachment; filename=\"%s\"", name));
	return respond_text(request, 200, "text/csv; charset=utf-8", csv->data);
}
