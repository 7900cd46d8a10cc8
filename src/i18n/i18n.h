/*
 * Languages. Every sentence for people is written in English as _("…") and
 * translated by gettext. Each further language is a gettext domain of its own
 * ("entraide-fr"), opened once at start, so that the language of a request is
 * one pointer: i18n_use costs nothing and invalidates no cache. That pointer is
 * the one global that changes after start-up; whoever begins a request, a job
 * or a mail sets it first.
 *
 * In code:
 *   _("Your answer")                             a whole sentence
 *   N_("Closed")                                 in a table; _(table[i]) later
 *   ngettext("%s answer", "%s answers", count)   count: int64_t
 *   pgettext("verb", "Answer")                   one English word, two meanings
 * Numbers go in as text: arena_printf(…, ngettext("%s vote", "%s votes", n),
 * i18n_number(arena, n)). A comment above that starts with TRANSLATORS: is shown
 * to translators. The formats keep their printf checks.
 */
#ifndef I18N_I18N_H
#define I18N_I18N_H

#include "base/arena.h"

#define _(sentence)                 (__builtin_constant_p(sentence) ? i18n_literal(sentence) : i18n_text(sentence))
#define N_(sentence)                sentence
#define ngettext(one, many, count)  i18n_plural(one, many, (int64_t)(count))
#define pgettext(context, sentence) i18n_in_context(context "\004" sentence, sentence)

/*
 * Opens the catalogues under locale_dir, and makes zone (an IANA name such
 * as "Europe/Paris") the zone of everything shown here. Proves that each
 * catalogue is really found, because libintl falls back to English silently.
 * False: *message says in an English sentence what is wrong.
 */
bool i18n_init(const char *locale_dir, const char *zone, const char **message) MUST_CHECK;

/* "fr" or "en": what the next _() speaks. Anything else is English. */
void i18n_use(const char *language);
const char *i18n_language(void); /* a constant, never freed */
bool i18n_is_supported(const char *language);

/* The supported languages, NULL at the end; and how each calls itself. */
extern const char *const i18n_languages[];
const char *i18n_language_name(const char *language); /* "Français" */

/*
 * The supported language that an Accept-Language header prefers (RFC 9110
 * 12.5.4: "fr-CA, en;q=0.8"), as a constant; NULL if it asks for none of them.
 */
const char *i18n_negotiate(const char *accept_language);

/* What the macros above call. */
const char *i18n_text(const char *sentence) __attribute__((format_arg(1)));
/*
 * The sentence in the present language with arguments in place of its %s (or %2$s …), in
 * order: for sentences that were kept in English with what belongs into them, to be shown
 * to readers of different languages. Whatever is kept, it is text and no format: nothing
 * but these places is read, a place without an argument stays empty.
 */
char *i18n_fill(struct arena *arena, const char *sentence, const char *const arguments[],
		size_t count);

/* The same for what never moves: remembered by address, so ten times as fast. */
const char *i18n_literal(const char *sentence) __attribute__((format_arg(1)));
const char *i18n_plural(const char *one, const char *many, int64_t count)
	__attribute__((format_arg(1), format_arg(2)));
const char *i18n_in_context(const char *key, const char *sentence) __attribute__((format_arg(2)));

/* "12,345", in French "12 345" (with U+202F, a narrow no-break space). */
char *i18n_number(struct arena *arena, int64_t number);

/* With one place: "1,234.5", in French "1 234,5". Less than 10^15 either way. */
char *i18n_tenths(struct arena *arena, double number);

/* "22 November 2026", "22 novembre 2026"; the first is "1er" in French. */
char *i18n_date(struct arena *arena, int64_t time);

/* "November 2026". */
char *i18n_month(struct arena *arena, int64_t time);

/* How long something took: "45 s", "12 min", "3 h 20 min", "2 d 4 h". */
char *i18n_duration(struct arena *arena, int64_t seconds);

/* "22 November 2026 at 15:04", "22 novembre 2026 à 15:04". */
char *i18n_date_time(struct arena *arena, int64_t time);

/*
 * "just now" (under a minute, or in the future), "3 minutes ago", "5 hours ago"
 * (today, or under 12 hours), "yesterday", "4 days ago" (under 30 days),
 * "2 months ago", "3 years ago". Days are those of the time zone.
 */
char *i18n_ago(struct arena *arena, int64_t time, int64_t now);

#endif
