/*
 * An uploaded logo becomes a picture of our own making, and is in force.
 */
#include "jobs/kinds.h"

#include "forum/brand_logo.h"
#include "jobs/picture.h"

/*
 * Done twice, it does nothing the second time. A job that died between storing and the
 * setting leaves a logo that the page still offers to upload again.
 */
enum err job_brand_logo(struct ctx *ctx, const struct job *job)
{
	struct picture picture;
	const char *bytes, *why;
	size_t length;

	TRY(brand_logo_original(ctx, job->subject_id, &bytes, &length));
	if (!bytes)
		return OK;
	if (!picture_make(ctx, bytes, length, &picture, &why))
		return brand_logo_refuse(ctx, job->subject_id, why);
	return brand_logo_ready(ctx, job->subject_id, picture.bytes, picture.length, picture.width,
				picture.height);
}
