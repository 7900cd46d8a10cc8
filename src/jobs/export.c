/*
 * Somebody's copy of everything about them: data.json for programs, index.html for
 * people, in one zip. And the erasure of accounts.
 */
#include "jobs/kinds.h"

#include "base/clock.h"
#include "base/zip.h"
#include "forum/privacy.h"
#include "i18n/i18n.h"
#include "jobs/pages.h"
#include "net/json.h"
#include "templates/export.h"

#define VALUES_MAX     4000000
#define HTML_MAX_BYTES ((size_t)64 * 1024 * 1024)

struct label {
	const char *key, *text;
};

/* The lists of person_export (functions.sql), in the order in which one wants to read them. */
static const struct label sections[] = {
	{ "account", N_("Your account") },
	{ "questions", N_("Your questions") },
	{ "answers", N_("Your answers and comments") },
	{ "versions", N_("What you wrote and edited, version by version") },
	{ "drafts", N_("Your drafts") },
	{ "desk_filters", N_("Filters of the desk that you keep") },
	{ "thanks", N_("Your thanks") },
	{ "me_too", N_("Questions that you have too") },
	{ "follows", N_("What you follow") },
	{ "notifications", N_("What you were told of") },
	{ "flags", N_("What you reported") },
	{ "articles", N_("Versions of articles that you wrote") },
	{ "article_votes", N_("Articles that helped you, or did not") },
	{ "private_messages", N_("Private exchanges with the team") },
	{ "files", N_("Files that you added") },
	{ "desk_notes", N_("Your notes at the desk") },
	{ "desk_templates", N_("Your reply templates") },
	{ "panels", N_("Panels that you were invited to") },
	{ "panel_answers", N_("What you answered in panels") },
	{ "listening_labels", N_("Labels that you gave to texts of samples") },
	{ "measures", N_("Measures about you") },
	{ "decisions", N_("Decisions about you and your posts") },
	{ "complaints", N_("Your complaints") },
	{ "legal_notices", N_("Your legal notices") },
	{ "reputation", N_("Your points") },
	{ "lists_of_the_team", N_("Lists of the team on which you are") },
	{ "consents", N_("What you agreed to") },
	{ "badges", N_("Your badges") },
	{ "expert", N_("Your work as an expert") },
	{ "proposals", N_("Articles that you proposed") },
	{ "imported_badges", N_("Badges brought along from an older forum") },
	{ "mirrored_accounts", N_("Accounts of other networks that are yours") },
	{ "visits", N_("Days on which you were here") },
	{ "sessions", N_("Where you are signed in") },
	{ "passkeys", N_("Your passkeys") },
	{ "mails", N_("Mails sent to you") },
};

/* Fields whose name in data.json says less than a word would. */
static const struct label fields[] = {
	{ "name", N_("Name") },
	{ "email", N_("E-mail address") },
	{ "address", N_("Address") },
	{ "title", N_("Title") },
	{ "text", N_("Text") },
	{ "bio", N_("About you") },
	{ "language", N_("Language") },
	{ "created_at", N_("Made") },
	{ "updated_at", N_("Changed") },
	{ "seen_at", N_("Last seen") },
	{ "read_at", N_("Read") },
	{ "sent_at", N_("Sent") },
	{ "ends_at", N_("Ends") },
	{ "starts_at", N_("Begins") },
	{ "reason", N_("Reason") },
	{ "points", N_("Points") },
	{ "given_at", N_("Agreed") },
	{ "charter_version", N_("Version of the charter that you accepted") },
	{ "charter_accepted_at", N_("Accepted") },
	{ "email_confirmed_at", N_("Address confirmed") },
	{ "user_agent", N_("Browser") },
	{ "day", N_("Day") },
	{ "label", N_("Label") },
	{ "files", N_("Files") },
	{ "bytes", N_("Bytes") },
};

static const char *label_of(const char *key)
{
	for (size_t i = 0; i < ARRAY_COUNT(fields); i++)
		if (strcmp(fields[i].key, key) == 0)
			return _(fields[i].text);
	return key;
}

static const char *value_text(struct ctx *ctx, const json_t *value)
{
	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_boolean(value))
		return json_is_true(value) ? _("yes") : _("no");
	if (json_is_integer(value))
		return arena_printf(ctx->arena, "%lld", (long long)json_integer_value(value));
	return "";
}

static void fill_row(struct ctx *ctx, const json_t *object, struct export_row *row)
{
	json_t *value;
	const char *key;

	row->fields = arena_array_of(ctx->arena, json_object_size(object) + 1, struct export_field);
	/* jansson's iterators take what they do not change. */
	for (void *at = json_object_iter((json_t *)(uintptr_t)object); at;
	     at = json_object_iter_next((json_t *)(uintptr_t)object, at)) {
		key = json_object_iter_key(at);
		value = json_object_iter_value(at);
		if (value_text(ctx, value)[0])
			row->fields[row->field_count++] = (struct export_field){
				label_of(key), value_text(ctx, value)
			};
	}
}

static void fill_section(struct ctx *ctx, const json_t *list, struct export_section *section)
{
	size_t count = json_array_size(list);

	section->rows = arena_array_of(ctx->arena, count + 1, struct export_row);
	for (size_t i = 0; i < count; i++)
		fill_row(ctx, json_array_get(list, i), &section->rows[section->row_count++]);
}

/* The language is the person's, in which the headings are. */
static void fill_page(struct ctx *ctx, const json_t *root, struct export_page *page)
{
	page->sections = arena_array_of(ctx->arena, ARRAY_COUNT(sections), struct export_section);
	for (size_t i = 0; i < ARRAY_COUNT(sections); i++) {
		const json_t *list = json_at(root, sections[i].key);
		struct export_section *section = &page->sections[page->section_count];

		if (json_array_size(list) == 0)
			continue;
		section->heading = _(sections[i].text);
		fill_section(ctx, list, section);
		page->section_count++;
	}
}

static enum err render(struct ctx *ctx, const char *json, struct buf *html)
{
	struct export_page page = { .language = ctx->language, .brand = ctx->config->site.name };
	const char *problem = "";
	const json_t *root = json_read_large(ctx, json, strlen(json), VALUES_MAX, &problem);

	if (!root)
		return fail_log(ctx, ERR_INTERNAL, "a copy could not be read: %s", problem);
	page.heading = _("Everything about you");
	page.explanation = arena_printf(
		ctx->arena,
		_("This is what %s holds about you. The file data.json has the same for programs."),
		page.brand);
	fill_page(ctx, root, &page);
	buf_init(html, ctx->arena, HTML_MAX_BYTES);
	template_export(html, &page);
	return html->is_overflown ? fail_log(ctx, ERR_TOO_LARGE, "a copy is too large") : OK;
}

enum err job_export(struct ctx *ctx, const struct job *job)
{
	const char *json, *language;
	struct buf html, zip;

	TRY(privacy_export_read(ctx, job->subject_id, &json, &language));
	if (!json)
		return OK;
	i18n_use(language);
	ctx->language = i18n_language();
	TRY(render(ctx, json, &html));
	buf_init(&zip, ctx->arena, PRIVACY_EXPORT_MAX_BYTES);
	if (!zip_write(&zip,
		       (const struct zip_entry[]){ { "data.json", json, strlen(json) },
						   { "index.html", html.data, html.length } },
		       2, ctx->now / CLOCK_SECOND))
		return fail_log(ctx, ERR_TOO_LARGE, "a copy does not fit into %d bytes",
				PRIVACY_EXPORT_MAX_BYTES);
	return privacy_export_keep(ctx, job->subject_id, zip.data, zip.length);
}

enum err job_erase(struct ctx *ctx, const struct job *job)
{
	return privacy_erase(ctx, job->subject_id);
}
