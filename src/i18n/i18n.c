/*
 * gettext with the language chosen per request, and the choice of a language.
 *
 * glibc looks for a catalogue in LOCALE_DIR/LANGUAGE/LC_MESSAGES/DOMAIN.mo, and
 * only when the process runs in another locale than "C": hence C.UTF-8, and the
 * LANGUAGE variable with all our languages in it. The domain then decides, as
 * entraide-fr lies in fr/ only.
 */
/* First, because i18n.h gives the name ngettext to a macro of ours. */
#include <libintl.h>
#undef ngettext

#include "i18n/i18n.h"

#include <locale.h>
#include <stdarg.h>
#include <sys/stat.h>

#include "base/slice.h"

#define ZONE_DIR "/usr/share/zoneinfo"

/* An Accept-Language of a browser has a handful of entries. */
#define MAX_PREFERENCES 32

struct language {
	const char *code;
	const char *name;
	const char *domain; /* NULL: the sentences as they stand in the code */
};

/* The first is what everything falls back to. */
static const struct language languages[] = {
	{ "en", "English", NULL },
	{ "fr", "Français", "entraide-fr" },
};

const char *const i18n_languages[] = { "en", "fr", NULL };

static const struct language *current = &languages[0];

/*
 * gettext takes about a microsecond a sentence, and a page has hundreds: what a
 * literal was translated to is kept by the literal's address. Two that share a
 * place take turns.
 */
#define MEMOS 2048
static struct memo {
	const char *literal, *translation;
} memos[ARRAY_COUNT(languages)][MEMOS];

static char init_message[512];

static const struct language *find_language(struct slice code)
{
	for (size_t i = 0; i < ARRAY_COUNT(languages); i++)
		if (slice_is(code, languages[i].code))
			return &languages[i];
	return NULL;
}

static bool refuse(const char **message, const char *format, ...) PRINTF_LIKE(2, 3);

static bool refuse(const char **message, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(init_message, sizeof(init_message), format, arguments);
	va_end(arguments);
	*message = init_message;
	return false;
}

/* tzset takes any name and silently means UTC by those it does not know. */
static bool use_timezone(const char *zone)
{
	char path[256];
	struct stat status;

	snprintf(path, sizeof(path), ZONE_DIR "/%s", zone);
	if (strcmp(zone, "UTC") != 0 &&
	    (strstr(zone, "..") || stat(path, &status) != 0 || !S_ISREG(status.st_mode)))
		return false;
	if (setenv("TZ", zone, 1) != 0)
		return false;
	tzset();
	return true;
}

/* The translation of "" is the catalogue's header, which names its language. */
static bool open_catalogue(const struct language *language, const char *locale_dir)
{
	char wanted[64];
	const char *header;

	if (!bindtextdomain(language->domain, locale_dir) ||
	    !bind_textdomain_codeset(language->domain, "UTF-8"))
		return false;
	header = dgettext(language->domain, "");
	snprintf(wanted, sizeof(wanted), "Language: %s\n", language->code);
	return strstr(header, wanted) != NULL;
}

static bool set_locale(void)
{
	char list[64] = "";
	size_t length = 0;

	for (size_t i = 0; i < ARRAY_COUNT(languages); i++)
		if (languages[i].domain)
			length += (size_t)snprintf(list + length, sizeof(list) - length, "%s%s",
						   length ? ":" : "", languages[i].code);
	return setlocale(LC_ALL, "C.UTF-8") && setenv("LANGUAGE", list, 1) == 0;
}

bool i18n_init(const char *locale_dir, const char *zone, const char **message)
{
	if (!set_locale())
		return refuse(message,
			      "This system has no locale \"%s\", which is "
			      "part of Debian's libc-bin.",
			      "C.UTF-8");
	if (!use_timezone(zone))
		return refuse(message,
			      "\"%s\" is no time zone of this system (see " ZONE_DIR
			      "; Debian package tzdata).",
			      zone);
	for (size_t i = 0; i < ARRAY_COUNT(languages); i++)
		if (languages[i].domain && !open_catalogue(&languages[i], locale_dir))
			return refuse(message,
				      "A translation is missing in the folder "
				      "%s; \"make install\" puts it there.",
				      locale_dir);
	memset(memos, 0, sizeof(memos));
	i18n_use(languages[0].code);
	return true;
}

void i18n_use(const char *language)
{
	const struct language *found = find_language(slice_of(language));

	current = found ? found : &languages[0];
}

const char *i18n_language(void)
{
	return current->code;
}

bool i18n_is_supported(const char *language)
{
	return find_language(slice_of(language)) != NULL;
}

const char *i18n_language_name(const char *language)
{
	const struct language *found = find_language(slice_of(language));

	return found ? found->name : language;
}

static struct memo *memo_of(const char *literal)
{
	uint64_t hash = (uint64_t)(uintptr_t)literal * UINT64_C(0x9E3779B97F4A7C15);

	return &memos[current - languages][hash >> 53];
}

const char *i18n_literal(const char *sentence)
{
	struct memo *memo = memo_of(sentence);

	if (memo->literal != sentence)
		*memo = (struct memo){ sentence, i18n_text(sentence) };
	return memo->translation;
}

/* An empty sentence is not looked up: its translation is the header. */
const char *i18n_text(const char *sentence)
{
	if (!current->domain || sentence[0] == '\0')
		return sentence;
	return dgettext(current->domain, sentence);
}

/* Plural rules are about the amount, whatever its sign. */
const char *i18n_plural(const char *one, const char *many, int64_t count)
{
	uint64_t amount = count < 0 ? 0 - (uint64_t)count : (uint64_t)count;

	if (!current->domain)
		return amount == 1 ? one : many;
	return dngettext(current->domain, one, many, (unsigned long)amount);
}

const char *i18n_in_context(const char *key, const char *sentence)
{
	struct memo *memo = memo_of(key);
	const char *found;

	if (!current->domain)
		return sentence;
	if (memo->literal != key) {
		found = dgettext(current->domain, key);
		*memo = (struct memo){ key, found == key ? sentence : found };
	}
	return memo->translation;
}

/*
 * A weight of RFC 9110 12.4.2, "0.8", in thousandths. -1: not one, and the
 * entry is read over.
 */
static int read_weight(struct slice text)
{
	int weight, unit = 100;

	if (text.length == 0 || text.length > 5 || text.data[0] < '0' || text.data[0] > '1')
		return -1;
	weight = (text.data[0] - '0') * 1000;
	if (text.length > 1 && text.data[1] != '.')
		return -1;
	for (size_t i = 2; i < text.length; i++, unit /= 10) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return -1;
		weight += (text.data[i] - '0') * unit;
	}
	return weight <= 1000 ? weight : -1;
}

/* Takes "fr-CA ; q=0.8" apart. The language is compared by its first subtag. */
static const struct language *read_preference(struct slice entry, int *weight)
{
	struct slice range = slice_trim(slice_cut(&entry, ';'));
	struct slice subtag = slice_cut(&range, '-');
	char code[3];

	*weight = 1000;
	entry = slice_trim(entry);
	if (slice_starts_with(entry, "q=") || slice_starts_with(entry, "Q="))
		*weight = read_weight(slice_make(entry.data + 2, entry.length - 2));
	if (subtag.length != 2)
		return NULL;
	/* Language tags have no case; ours are lower-case ASCII. */
	for (size_t i = 0; i < 2; i++)
		code[i] = (char)(subtag.data[i] | 0x20);
	code[2] = '\0';
	return find_language(slice_of(code));
}

const char *i18n_negotiate(const char *accept_language)
{
	struct slice rest = slice_of(accept_language);
	const struct language *best = NULL;
	int best_weight = 0;

	for (int i = 0; i < MAX_PREFERENCES && rest.data; i++) {
		int weight;
		const struct language *language = read_preference(slice_cut(&rest, ','), &weight);

		if (language && weight > best_weight) {
			best = language;
			best_weight = weight;
		}
	}
	return best ? best->code : NULL;
}
