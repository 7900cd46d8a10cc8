/*
 * Three headers of the Graph API: X-App-Usage, X-Page-Usage (one object each) and
 * X-Business-Use-Case-Usage (lists of objects, keyed by business or Page). None is
 * promised; what cannot be read is ignored.
 */
#include "connect/facebook_usage.h"

#include "base/clock.h"
#include "net/json.h"

#define PERCENT_MAX      10000
#define MINUTES_MAX      (24 * 60)
#define FALLBACK_MINUTES 5

/* "28", 28, "28.7"; 0 for anything else. */
static int64_t count_at(const json_t *object, const char *key, int64_t most)
{
	const char *text = json_text_at(object, key);
	int64_t number = 0;

	for (; text && *text >= '0' && *text <= '9' && number <= most; text++)
		number = number * 10 + (*text - '0');
	return number < most ? number : most;
}

static void take_object(struct fb_usage *usage, const json_t *object)
{
	static const char *const keys[] = { "call_count", "total_time", "total_cputime" };
	int64_t minutes = count_at(object, "estimated_time_to_regain_access", MINUTES_MAX);

	usage->is_told = true;
	for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
		int64_t percent = count_at(object, keys[i], PERCENT_MAX);

		if (percent > usage->percent)
			usage->percent = percent;
	}
	if (minutes > usage->minutes)
		usage->minutes = minutes;
}

static void take_business(struct fb_usage *usage, const json_t *root)
{
	const char *key;
	json_t *list, *object;
	size_t i;

	/* Older jansson iterates a json_t that is not const; nothing is changed. */
	json_object_foreach((json_t *)(uintptr_t)root, key, list)
	{
		json_array_foreach(list, i, object)
		{
			take_object(usage, object);
		}
	}
}

void fb_usage_read(struct ctx *ctx, const struct http_fetched *fetched, struct fb_usage *out)
{
	static const char *const names[] = { "x-app-usage", "x-page-usage",
					     "x-business-use-case-usage" };

	*out = (struct fb_usage){ 0 };
	for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
		const char *value, *problem;
		size_t index = 0;

		while ((value = http_fetched_header_next(fetched, names[i], &index))) {
			const json_t *root = json_read(ctx, value, strlen(value), &problem);

			if (!json_is_object(root))
				out->is_garbled = true;
			else if (i < 2)
				take_object(out, root);
			else
				take_business(out, root);
		}
	}
}

void fb_usage_apply(const struct fb_usage *usage, bool is_throttled, int64_t now,
		    struct source *source)
{
	int64_t minutes = usage->minutes;

	/* Without headers we are far from the limit: they come near it. */
	if (usage->is_told || !usage->is_garbled)
		source->usage_percent = usage->percent;
	if (is_throttled && source->usage_percent < 100)
		source->usage_percent = 100;
	if (!is_throttled && source->usage_percent < 100) {
		source->usage_until = 0;
		return;
	}
	/* The caller waits longer each time when it was not told how long. */
	if (minutes == 0 && !is_throttled)
		minutes = FALLBACK_MINUTES;
	source->usage_until = minutes ? now + minutes * CLOCK_MINUTE : 0;
}
