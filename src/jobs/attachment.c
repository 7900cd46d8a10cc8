/*
 * An uploaded picture becomes one of our own making, in two sizes.
 */
#include "jobs/kinds.h"

#include "forum/attachment.h"
#include "jobs/picture.h"

static struct attachment_picture taken(const struct picture *picture)
{
	return (struct attachment_picture){ .bytes = picture->bytes,
					    .length = picture->length,
					    .width = picture->width,
					    .height = picture->height };
}

/* Made of what was just made, so what it decodes is no longer foreign. */
static struct attachment_picture smaller(struct ctx *ctx, const struct picture *picture)
{
	struct picture small;
	const char *why;

	if ((picture->width <= ATTACHMENT_SMALL_SIDE && picture->height <= ATTACHMENT_SMALL_SIDE) ||
	    !picture_make_within(ctx, ATTACHMENT_SMALL_SIDE, picture->bytes, picture->length,
				 &small, &why))
		return (struct attachment_picture){ .bytes = NULL };
	return taken(&small);
}

/* Done twice, it does nothing the second time. */
enum err job_attachment(struct ctx *ctx, const struct job *job)
{
	struct attachment_picture big, small;
	struct picture picture;
	const char *bytes, *why;
	size_t length;

	TRY(attachment_original(ctx, job->subject_id, &bytes, &length));
	if (!bytes)
		return OK;
	if (!picture_make(ctx, bytes, length, &picture, &why))
		return attachment_refuse(ctx, job->subject_id, why);
	big = taken(&picture);
	small = smaller(ctx, &picture);
	return attachment_ready(ctx, job->subject_id, &big, &small);
}
