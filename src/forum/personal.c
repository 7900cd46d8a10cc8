/*
 * Personal data before publication: the text tools with the site's settings.
 */
#include "forum/personal.h"

#include "base/slice.h"
#include "base/utf8.h"
#include "forum/moderation.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"

/* Code points shown before and behind a find. */
#define CONTEXT_POINTS 30

/* How urgent it is to look: as a flag of two members. */
#define PERSONAL_SCORE 4

enum personal_choice personal_choice_parse(const char *text)
{
	if (strcmp(text, "remove") == 0)
		return PERSONAL_REMOVE;
	return strcmp(text, "keep") == 0 ? PERSONAL_KEEP : PERSONAL_ASK;
}

static const char *kind_name(enum personal_kind kind)
{
	static const char *const names[] = {
		[PERSONAL_PHONE] = N_("telephone number"),
		[PERSONAL_EMAIL] = N_("e-mail address"),
		[PERSONAL_IBAN] = N_("bank account (IBAN)"),
		[PERSONAL_CARD] = N_("payment card"),
		[PERSONAL_CUSTOMER] = N_("customer number"),
	};

	return _(names[kind]);
}

/* The lines of the setting that are patterns; a line that is none is left out. */
static void read_patterns(struct ctx *ctx, struct personal_rules *rules)
{
	struct slice rest = slice_of(site_text(SITE_PERSONAL_PATTERNS));
	struct personal_pattern *patterns = arena_array_of(ctx->arena, PERSONAL_PATTERNS_MAX,
							   struct personal_pattern);

	rules->patterns = patterns;
	while (rest.data && rules->pattern_count < PERSONAL_PATTERNS_MAX) {
		struct slice line = slice_trim(slice_cut(&rest, '\n'));

		if (line.length > 0 &&
		    personal_pattern_parse(arena_strndup(ctx->arena, line.data, line.length),
					   &patterns[rules->pattern_count]))
			rules->pattern_count++;
	}
}

static size_t find(struct ctx *ctx, const char *text, struct personal_find **finds)
{
	struct personal_rules rules = { .allowed = site_text(SITE_PERSONAL_ALLOWED) };

	if (!site_switch(SITE_PERSONAL_CHECK))
		return 0;
	read_patterns(ctx, &rules);
	return personal_data_find(ctx->arena, text, &rules, finds);
}

/* One line: what precedes is cut in front, what follows behind. */
static const char *context_before(struct arena *arena, const char *text, size_t end)
{
	size_t start = end, points = 0;

	while (start > 0 && points < CONTEXT_POINTS && text[start - 1] != '\n') {
		start--;
		points += ((unsigned char)text[start] & 0xC0) != 0x80;
	}
	while (((unsigned char)text[start] & 0xC0) == 0x80)
		start++;
	return arena_printf(arena, "%s%.*s", start > 0 && text[start - 1] != '\n' ? "…" : "",
			    (int)(end - start), text + start);
}

static const char *context_after(struct arena *arena, const char *text)
{
	size_t line = strcspn(text, "\n"), length = utf8_prefix(text, CONTEXT_POINTS);
	size_t cut = length < line ? length : line;

	return arena_printf(arena, "%.*s%s", (int)cut, text, cut < line ? "…" : "");
}

static const char *found_text(struct arena *arena, const char *text,
			      const struct personal_find *find)
{
	return arena_strndup(arena, text + find->start, find->end - find->start);
}

size_t personal_places(struct ctx *ctx, const char *text, const char *earlier,
		       struct personal_place **out)
{
	struct personal_find *finds;
	size_t found = find(ctx, text, &finds), count = 0;

	*out = arena_array_of(ctx->arena, found, struct personal_place);
	for (size_t i = 0; i < found; i++) {
		const char *words = found_text(ctx->arena, text, &finds[i]);

		if (strstr(earlier, words))
			continue;
		(*out)[count++] = (struct personal_place){
			.before = context_before(ctx->arena, text, finds[i].start),
			.found = words,
			.after = context_after(ctx->arena, text + finds[i].end),
			.kind = kind_name(finds[i].kind),
		};
	}
	return count;
}

bool personal_is_found(struct ctx *ctx, const char *text, const char *earlier)
{
	struct personal_find *finds;
	size_t found = find(ctx, text, &finds);

	for (size_t i = 0; i < found; i++)
		if (!strstr(earlier, found_text(ctx->arena, text, &finds[i])))
			return true;
	return false;
}

const char *personal_remove(struct ctx *ctx, const char *text)
{
	const char *const labels[PERSONAL_KIND_COUNT] = {
		[PERSONAL_PHONE] = _("[telephone number removed]"),
		[PERSONAL_EMAIL] = _("[e-mail address removed]"),
		[PERSONAL_IBAN] = _("[bank account removed]"),
		[PERSONAL_CARD] = _("[payment card removed]"),
		[PERSONAL_CUSTOMER] = _("[customer number removed]"),
	};
	struct personal_find *finds;
	size_t count = find(ctx, text, &finds);

	return count ? personal_data_replace(ctx->arena, text, finds, count, labels) : text;
}

void personal_tell(struct ctx *ctx, int64_t post_id)
{
	moderation_open(ctx, &(struct moderation_new){ .kind = MODERATION_HELD,
						       .post_id = post_id,
						       .code = "personal_data_found",
						       .score = PERSONAL_SCORE });
}

enum err personal_refuse(struct ctx *ctx)
{
	return fail(ctx, ERR_INVALID, "personal", "%s",
		    _("There seems to be personal data in your text. Everybody can read it once "
		      "it is published."));
}
