/*
 * The configuration. `keys` is the list of all there is to set: everything else
 * in this file (reading the file, the environment, checking, printing) walks
 * over it, so a new key is one line there and one field in config.h.
 *
 * Order of precedence: environment, file, default. libinih splits the lines; we
 * hand them to it ourselves, to know the line's number and to refuse lines that
 * it would cut without a word.
 */
#include "base/config.h"

#include <errno.h>
#include <ini.h>
#include <unistd.h>

#include "base/slice.h"
#include "base/utf8.h"

#define VALUE_MAX_BYTES 4096

enum kind { KIND_TEXT, KIND_NUMBER, KIND_CHOICE, KIND_URL, KIND_SECRET };

struct key {
	const char *section;
	const char *name;
	size_t offset;
	enum kind kind;
	const char *initial; /* NULL: the operator must set it */
	int64_t least, most; /* of a number; of a text's length in bytes */
	const char *choices; /* "fr en" */
	const char *meaning;
};

#define KEY(section, name) #section, #name, offsetof(struct config, section.name)

static const struct key keys[] = {
	{ KEY(site, name), KIND_TEXT, "Entraide", 1, 60, NULL,
	  "The brand, shown on every page and in every mail." },
	{ KEY(site, base_url), KIND_URL, NULL, 8, 200, NULL,
	  "Where the site is reached, without a slash at the end." },
	{ KEY(site, default_language), KIND_CHOICE, "fr", 0, 0, "fr en",
	  "For visitors whose browser asks for neither." },
	{ KEY(site, timezone), KIND_TEXT, "Europe/Paris", 1, 64, NULL,
	  "Time zone of the dates shown (an IANA name)." },
	{ KEY(site, contact_email), KIND_TEXT, "", 0, 254, NULL,
	  "Where people write to; empty: not shown." },
	{ KEY(site, theme_dir), KIND_TEXT, ENTRAIDE_DATA_DIR "/theme", 1, 1024, NULL,
	  "The brand's colours, logo and fragments." },
	{ KEY(site, charter_version), KIND_TEXT, "1", 1, 32, NULL,
	  "Recorded with every consent to the charter." },
	{ KEY(site, session_days), KIND_NUMBER, "30", 1, 365, NULL,
	  "A session ends after so many days without a visit." },

	{ KEY(database, conninfo), KIND_TEXT, "dbname=entraide", 1, 2048, NULL,
	  "PostgreSQL, as libpq's connection string." },
	{ KEY(database, statement_timeout_ms), KIND_NUMBER, "2000", 10, 600000, NULL,
	  "A statement of a page is given up after this." },

	{ KEY(web, pages_socket), KIND_TEXT, "/run/entraide/pages.sock", 1, 107, NULL,
	  "Unix socket for pages." },
	{ KEY(web, slow_socket), KIND_TEXT, "/run/entraide/slow.sock", 1, 107, NULL,
	  "Unix socket for logins, search and uploads." },
	{ KEY(web, pages_workers), KIND_NUMBER, "4", 1, 32, NULL, "Processes that serve pages." },
	{ KEY(web, slow_workers), KIND_NUMBER, "2", 1, 32, NULL, "Processes for slow work." },
	{ KEY(web, requests_per_worker), KIND_NUMBER, "100000", 0, 1000000000, NULL,
	  "A process is replaced after so many requests; 0: never." },
	{ KEY(web, socket_group), KIND_TEXT, "", 0, 64, NULL,
	  "nginx's group, which may open the sockets; empty: ours." },
	{ KEY(web, metrics_allow), KIND_TEXT, "127.0.0.1,::1", 0, 1024, NULL,
	  "Addresses that may read /metrics, /healthz and /readyz." },

	{ KEY(worker, slots), KIND_NUMBER, "2", 1, 32, NULL, "Jobs done at a time." },
	{ KEY(worker, poll_seconds), KIND_NUMBER, "5", 1, 3600, NULL,
	  "How often to look for jobs when no notice comes." },

	{ KEY(cache, pages), KIND_CHOICE, "off", 0, 0, "on off",
	  "on: nginx keeps visitors' pages, and the worker takes away what has changed." },
	{ KEY(cache, generation_dir), KIND_TEXT, ENTRAIDE_CACHE_DIR, 1, 1024, NULL,
	  "The worker's folder with the link that nginx reads which pages still count." },
	{ KEY(cache, purge_socket), KIND_TEXT, "/run/entraide-purge.sock", 1, 107, NULL,
	  "nginx's unix socket that takes away one page." },

	{ KEY(mail, url), KIND_TEXT, "smtp://127.0.0.1:25", 0, 256, NULL,
	  "The mail server: smtp://host:port or smtps://host:port." },
	{ KEY(mail, user), KIND_TEXT, "", 0, 256, NULL, "Login at the mail server, or empty." },
	{ KEY(mail, password), KIND_SECRET, "", 0, 256, NULL, "Password at the mail server." },
	{ KEY(mail, from), KIND_TEXT, "Entraide <no-reply@localhost>", 3, 320, NULL,
	  "Sender of all mail." },

	{ KEY(search, index_dir), KIND_TEXT, ENTRAIDE_STATE_DIR "/index", 1, 1024, NULL,
	  "The search index; can be dropped and rebuilt." },

	{ KEY(facebook, app_id), KIND_TEXT, "", 0, 40, NULL,
	  "Number of the Facebook app; empty: no Page is mirrored." },
	{ KEY(facebook, app_secret), KIND_SECRET, "", 0, 256, NULL,
	  "The app's secret: proves our calls and their notices." },
	{ KEY(facebook, page_tokens), KIND_SECRET, "", 0, 4000, NULL,
	  "The Page's token, or for several \"PAGE=TOKEN, PAGE=TOKEN\"." },
	{ KEY(facebook, verify_token), KIND_SECRET, "", 0, 256, NULL,
	  "A password of your own, for the subscription to notices." },
	{ KEY(facebook, base_url), KIND_URL, "https://graph.facebook.com", 8, 200, NULL,
	  "Where the Graph API is reached, without a slash at the end." },
	{ KEY(facebook, version), KIND_TEXT, "v25.0", 0, 10, NULL, "Version of the Graph API." },
	{ KEY(facebook, media_hosts), KIND_TEXT, "fbcdn.net fbsbx.com cdninstagram.com", 0, 1000,
	  NULL, "Hosts that pictures are copied from, and all below them." },
	{ KEY(facebook, reply_max), KIND_NUMBER, "8000", 100, 63206, NULL,
	  "Longest answer that is sent, in UTF-16 units." },

	{ KEY(feed, private_hosts), KIND_TEXT, "", 0, 1000, NULL,
	  "Hosts (name:port) of a private network that feeds may be read from." },

	{ KEY(mirror, slots), KIND_NUMBER, "2", 1, 16, NULL,
	  "Mirrors worked on at a time, beside worker.slots." },
	{ KEY(mirror, media_dir), KIND_TEXT, ENTRAIDE_STATE_DIR "/media", 1, 1024, NULL,
	  "Copied pictures; nginx serves them under /media/." },
	{ KEY(mirror, absence_hours), KIND_NUMBER, "24", 0, 720, NULL,
	  "What cannot be found is looked for again after this before it counts as gone." },
	{ KEY(mirror, brake_percent), KIND_NUMBER, "5", 1, 100, NULL,
	  "If more than this share would be gone within a day, nothing is concluded." },
	{ KEY(mirror, write_seconds), KIND_NUMBER, "8", 0, 3600, NULL,
	  "Pause between two answers that are sent out." },
	{ KEY(mirror, look_seconds), KIND_NUMBER, "60", 0, 3600, NULL,
	  "After an answer of unknown outcome, how long until it is looked for." },
	{ KEY(mirror, lag_minutes), KIND_NUMBER, "30", 1, 10080, NULL,
	  "Administrators get a mail when notices wait longer." },

	{ KEY(secret, key), KIND_SECRET, NULL, 32, 1024, NULL,
	  "Signs tokens; keep it when you move house." },

	{ KEY(security, staff_without_second_factor), KIND_CHOICE, "refused", 0, 0,
	  "refused allowed",
	  "\"allowed\" lets the team work without two-step sign-in: for trying out only." },

	{ KEY(spam, service_url), KIND_URL, "https://rest.akismet.com/1.1", 8, 200, NULL,
	  "A service with Akismet's interface that judges what new members write." },
	{ KEY(spam, service_key), KIND_SECRET, "", 0, 100, NULL,
	  "Its key; empty: none is asked. It is switched on in the settings, section Spam." },
	{ KEY(crawlers, indexnow_url), KIND_URL, "https://api.indexnow.org/indexnow", 8, 200, NULL,
	  "Who is told of changed topics, once that is switched on in the settings." },
	{ KEY(crawlers, log), KIND_TEXT, ENTRAIDE_LOG_DIR "/crawl.log", 0, 280, NULL,
	  "nginx's lean log, from which the worker counts crawlers and views; empty: none." },
	{ KEY(crawlers, hosts_file), KIND_TEXT, "", 0, 1024, NULL,
	  "Lines \"ADDRESS NAME\" to know crawlers by, instead of DNS; empty: DNS." },
	{ KEY(privacy, seal_key), KIND_TEXT, "", 0, 43, NULL,
	  "Public key (entraide privacy keys) for what the law keeps of erased accounts; empty: nothing is kept." },

	{ KEY(log, level), KIND_CHOICE, "info", 0, 0, "debug info warning error",
	  "The least important lines that are written." },

	{ KEY(paths, locale_dir), KIND_TEXT, ENTRAIDE_LOCALE_DIR, 1, 1024, NULL,
	  "Compiled translations." },
	{ KEY(paths, migrations_dir), KIND_TEXT, ENTRAIDE_DATA_DIR "/migrations", 1, 1024, NULL,
	  "The SQL files of `entraide migrate`." },
	{ KEY(paths, openapi), KIND_TEXT, ENTRAIDE_DATA_DIR "/openapi.json", 1, 1024, NULL,
	  "The description of the interface for programs." },
};

/* Values are collected here first; the struct is filled when all are known. */
struct reading {
	struct arena *arena;
	const char *path;
	FILE *file;
	int line;            /* number of the line read last */
	bool is_continued;   /* that line began with white space */
	const char *problem; /* the first one found */
	const char *values[ARRAY_COUNT(keys)];
	const char *origins[ARRAY_COUNT(keys)]; /* "FILE:LINE" or a variable's name */
};

static void complain(struct reading *reading, const char *origin, const char *format, ...)
	PRINTF_LIKE(3, 4);

static void complain(struct reading *reading, const char *origin, const char *format, ...)
{
	va_list arguments;
	const char *sentence;

	if (reading->problem)
		return;
	va_start(arguments, format);
	sentence = arena_vprintf(reading->arena, format, arguments);
	va_end(arguments);
	reading->problem = arena_printf(reading->arena, "%s: %s", origin, sentence);
}

/* ---- checking ---------------------------------------------------------- */

static bool is_choice(const char *choices, const char *value)
{
	struct slice rest = slice_of(choices);

	while (rest.data)
		if (slice_is(slice_cut(&rest, ' '), value))
			return true;
	return false;
}

static bool is_base_url(const char *value)
{
	struct slice url = slice_of(value);
	bool has_scheme = slice_starts_with(url, "https://") || slice_starts_with(url, "http://");

	return has_scheme && value[url.length - 1] != '/' && !strpbrk(value, " \"'<>\\?#");
}

static void check_number(struct reading *reading, const struct key *key, const char *origin,
			 const char *value)
{
	int64_t number;

	if (!text_to_i64(value, &number) || number < key->least || number > key->most)
		complain(reading, origin,
			 "%s.%s must be a whole number from %lld to %lld, not \"%s\".",
			 key->section, key->name, (long long)key->least, (long long)key->most,
			 value);
}

/* A secret's value is never repeated: messages end in logs. */
static void check_text(struct reading *reading, const struct key *key, const char *origin,
		       const char *value)
{
	int64_t length = (int64_t)strlen(value);

	if (key->kind == KIND_CHOICE) {
		if (!is_choice(key->choices, value))
			complain(reading, origin, "%s.%s must be one of: %s; not \"%s\".",
				 key->section, key->name, key->choices, value);
	} else if (length < key->least || length > key->most) {
		complain(reading, origin, "%s.%s must have %lld to %lld characters; it has %lld.",
			 key->section, key->name, (long long)key->least, (long long)key->most,
			 (long long)length);
	} else if (!utf8_is_valid(value, (size_t)length) || !utf8_is_clean(value, (size_t)length) ||
		   strpbrk(value, "\r\n")) {
		complain(reading, origin, "%s.%s must be one line of UTF-8 text.", key->section,
			 key->name);
	} else if (key->kind == KIND_URL && !is_base_url(value)) {
		complain(reading, origin,
			 "%s.%s must begin with https:// or http:// and "
			 "not end with a slash; it is \"%s\".",
			 key->section, key->name, value);
	}
}

/* ---- the file ---------------------------------------------------------- */

static const char *file_origin(struct reading *reading)
{
	return arena_printf(reading->arena, "%s:%d", reading->path, reading->line);
}

/* The key's place in the table, and whether KEY_file was written. */
static bool find_key(const char *section, const char *name, size_t *index, bool *is_file)
{
	for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
		const struct key *key = &keys[i];
		size_t length = strlen(key->name);

		if (strcmp(section, key->section) != 0 || strncmp(name, key->name, length) != 0)
			continue;
		*index = i;
		*is_file = key->kind == KIND_SECRET && strcmp(name + length, "_file") == 0;
		if (name[length] == '\0' || *is_file)
			return true;
	}
	return false;
}

/* The content of a secret's file, without the line feed at its end. */
static const char *read_secret(struct reading *reading, const char *origin, const char *path)
{
	char text[VALUE_MAX_BYTES];
	FILE *file = fopen(path, "re");
	size_t length;

	if (!file) {
		complain(reading, origin, "cannot read %s: %s.", path, strerror(errno));
		return NULL;
	}
	length = fread(text, 1, sizeof(text), file);
	fclose(file);
	if (length == sizeof(text) || memchr(text, '\0', length)) {
		complain(reading, origin, "%s does not hold a secret of one line.", path);
		return NULL;
	}
	while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
		length--;
	return arena_strndup(reading->arena, text, length);
}

static int take_pair(void *user, const char *section, const char *name, const char *value)
{
	struct reading *reading = user;
	const char *origin = file_origin(reading);
	bool is_file;
	size_t i;

	if (!find_key(section, name, &i, &is_file)) {
		complain(reading, origin,
			 "there is no key %s.%s; "
			 "\"entraide config\" lists them all.",
			 section, name);
		return 1;
	}
	if (reading->values[i] && reading->is_continued)
		value = arena_printf(reading->arena, "%s %s", reading->values[i], value);
	else if (reading->values[i])
		complain(reading, origin, "%s.%s is set a second time (first at %s).", section,
			 name, reading->origins[i]);
	reading->values[i] = is_file ? read_secret(reading, origin, value) : value;
	if (!is_file)
		reading->values[i] = arena_strdup(reading->arena, value);
	reading->origins[i] = origin;
	return 1;
}

/* fgets for libinih, which reads a longer line as two. */
static char *read_line(char *out, int size, void *stream)
{
	struct reading *reading = stream;
	char *line = fgets(out, size, reading->file);

	if (!line)
		return NULL;
	reading->line++;
	reading->is_continued = line[0] == ' ' || line[0] == '\t';
	if (strlen(line) == (size_t)size - 1 && line[size - 2] != '\n')
		complain(reading, file_origin(reading),
			 "this line is longer than %d "
			 "characters; let it go on in a line that starts with a space.",
			 size - 2);
	return line;
}

static void read_file(struct reading *reading, bool must_exist)
{
	int line;

	reading->file = fopen(reading->path, "re");
	if (!reading->file) {
		if (must_exist || errno != ENOENT)
			complain(reading, reading->path, "cannot be read: %s.", strerror(errno));
		return;
	}
	line = ini_parse_stream(read_line, reading, take_pair, reading);
	if (line > 0)
		complain(reading, arena_printf(reading->arena, "%s:%d", reading->path, line),
			 "this is neither \"[section]\" nor \"key = value\".");
	if (ferror(reading->file))
		complain(reading, reading->path, "cannot be read to its end.");
	fclose(reading->file);
}

/* ---- the environment --------------------------------------------------- */

/* ENTRAIDE_SECTION_KEY, in capitals. */
static char *variable_name(struct arena *arena, const struct key *key, const char *suffix)
{
	char *name = arena_printf(arena, "ENTRAIDE_%s_%s%s", key->section, key->name, suffix);

	for (char *c = name; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	return name;
}

static void read_environment(struct reading *reading)
{
	for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
		const char *name = variable_name(reading->arena, &keys[i], "");
		const char *value = getenv(name);

		if (!value && keys[i].kind == KIND_SECRET) {
			name = variable_name(reading->arena, &keys[i], "_FILE");
			value = getenv(name);
			if (value)
				value = read_secret(reading, name, value);
		}
		if (value) {
			reading->values[i] = arena_strdup(reading->arena, value);
			reading->origins[i] = name;
		}
	}
}

/* entry is "NAME=value": is NAME this key, or for a secret its file? */
static bool names_key(struct reading *reading, const char *entry, const struct key *key)
{
	const char *name = variable_name(reading->arena, key, "");
	size_t length = strlen(name);

	if (strncmp(entry, name, length) != 0)
		return false;
	return entry[length] == '=' ||
	       (key->kind == KIND_SECRET && strncmp(entry + length, "_FILE=", 6) == 0);
}

static bool names_section(struct reading *reading, const char *entry, const struct key *key)
{
	const char *name = variable_name(reading->arena, key, "");

	return strncmp(entry, name, strlen(name) - strlen(key->name)) == 0;
}

/* A misspelt ENTRAIDE_WEB_… would otherwise do nothing, silently. */
static void refuse_unknown_variables(struct reading *reading)
{
	/* clearenv leaves no list at all. */
	for (char **entry = environ; entry && *entry; entry++) {
		bool is_ours = false, is_known = false;

		if (strncmp(*entry, "ENTRAIDE_", 9) != 0)
			continue;
		for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
			is_ours = is_ours || names_section(reading, *entry, &keys[i]);
			is_known = is_known || names_key(reading, *entry, &keys[i]);
		}
		if (is_ours && !is_known)
			complain(reading, "environment",
				 "there is no key for %.*s; "
				 "\"entraide config\" lists them all.",
				 (int)strcspn(*entry, "="), *entry);
	}
}

/* ---- together ---------------------------------------------------------- */

static void fill(struct reading *reading, struct config *config, size_t i)
{
	const struct key *key = &keys[i];
	char *field = (char *)config + key->offset;
	const char *value = reading->values[i] ? reading->values[i] : key->initial;
	const char *origin = reading->values[i] ? reading->origins[i] : reading->path;

	if (!value) {
		complain(reading, origin, "%s.%s is not set. %s", key->section, key->name,
			 key->meaning);
		return;
	}
	if (key->kind != KIND_NUMBER) {
		check_text(reading, key, origin, value);
		memcpy(field, &value, sizeof(value));
	} else {
		int64_t number = 0;

		check_number(reading, key, origin, value);
		if (text_to_i64(value, &number))
			memcpy(field, &number, sizeof(number));
	}
}

bool config_load(struct config *config, struct arena *arena, const char *path, const char **message)
{
	struct reading reading = { .arena = arena, .path = path };
	bool must_exist = true;

	if (!reading.path)
		reading.path = getenv("ENTRAIDE_CONFIG");
	if (!reading.path) {
		/* Everything may also come from the environment. */
		reading.path = ENTRAIDE_CONFIG_FILE;
		must_exist = false;
	}
	*config = (struct config){ 0 };
	read_file(&reading, must_exist);
	read_environment(&reading);
	refuse_unknown_variables(&reading);
	for (size_t i = 0; i < ARRAY_COUNT(keys); i++)
		fill(&reading, config, i);
	*message = reading.problem;
	return reading.problem == NULL;
}

static void print_allowed(const struct key *key)
{
	if (key->kind == KIND_CHOICE)
		printf("# One of: %s.\n", key->choices);
	else if (key->kind == KIND_NUMBER)
		printf("# From %lld to %lld.\n", (long long)key->least, (long long)key->most);
	else if (key->kind == KIND_SECRET)
		printf("# Secret: better %s_file, which names a file that holds it.\n", key->name);
}

void config_print(void)
{
	const char *section = "";

	printf("# Every key of entraide.conf. A key that is commented out has the value\n"
	       "# shown. ENTRAIDE_SECTION_KEY in the environment goes before the file.\n");
	for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
		const struct key *key = &keys[i];

		if (strcmp(section, key->section) != 0)
			printf("\n[%s]\n", key->section);
		section = key->section;
		printf("\n# %s\n", key->meaning);
		print_allowed(key);
		if (key->initial)
			printf("# %s = %s\n", key->name, key->initial);
		else
			printf("# %s =   (must be set)\n", key->name);
	}
}
