/*
 * Who is trusted how far: rules over figures, with numbers from the settings
 * (Discourse's, fitted to a forum that does not watch what people read).
 */
#include "forum/trust.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/audit.h"
#include "forum/field.h"
#include "forum/policy.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"

#define REASON_MAX 500

static const struct {
	enum trust_level level;
	enum figure figure;
	enum site_setting_id least;
	bool is_recent;
} rule_table[] = {
	{ TRUST_BASIC, FIGURE_AGE_DAYS, SITE_TRUST_1_AGE_DAYS, false },
	{ TRUST_BASIC, FIGURE_DAYS_VISITED, SITE_TRUST_1_DAYS_VISITED, false },
	{ TRUST_BASIC, FIGURE_POSTS, SITE_TRUST_1_POSTS, false },
	{ TRUST_MEMBER, FIGURE_DAYS_VISITED, SITE_TRUST_2_DAYS_VISITED, false },
	{ TRUST_MEMBER, FIGURE_TOPICS_ANSWERED, SITE_TRUST_2_TOPICS_ANSWERED, false },
	{ TRUST_MEMBER, FIGURE_THANKS, SITE_TRUST_2_THANKS, false },
	{ TRUST_MEMBER, FIGURE_THANKS_GIVEN, SITE_TRUST_2_THANKS_GIVEN, false },
	{ TRUST_REGULAR, FIGURE_DAYS_VISITED, SITE_TRUST_3_DAYS_VISITED, true },
	{ TRUST_REGULAR, FIGURE_TOPICS_ANSWERED, SITE_TRUST_3_TOPICS_ANSWERED, true },
	{ TRUST_REGULAR, FIGURE_ACCEPTED, SITE_TRUST_3_ACCEPTED, true },
	{ TRUST_REGULAR, FIGURE_THANKS, SITE_TRUST_3_THANKS, true },
	{ TRUST_REGULAR, FIGURE_THANKED_BY, SITE_TRUST_3_THANKED_BY, true },
	{ TRUST_REGULAR, FIGURE_THANKED_DAYS, SITE_TRUST_3_THANKED_DAYS, true },
	{ TRUST_REGULAR, FIGURE_THANKS_GIVEN, SITE_TRUST_3_THANKS_GIVEN, true },
};
_Static_assert(ARRAY_COUNT(rule_table) <= TRUST_RULES_MAX, "room for every rule");

DB_STATEMENT(
	trust_give_level,
	"with changed as (\n"
	"	update people p set trust_level_given = nullif($2::smallint, -1), trust_changed_at = $3,\n"
	"		trust_level = case when p.role <> 'customer' then 4 else coalesce(nullif($2::smallint, -1), p.trust_level) end\n"
	"	from people before\n"
	"	where p.id = $1 and before.id = $1 and p.state <> 'anonymised'\n"
	"	returning p.id, p.trust_level, p.trust_level > before.trust_level as rose\n"
	"), told as (\n"
	"	insert into notifications (person_id, kind, standing)\n"
	"	select id, 'level', trust_level from changed where rose\n"
	"	on conflict do nothing\n"
	")\n"
	"select trust_level from changed",
	3);

size_t trust_rules(struct trust_rule rules[TRUST_RULES_MAX])
{
	for (size_t i = 0; i < ARRAY_COUNT(rule_table); i++)
		rules[i] = (struct trust_rule){
			.level = rule_table[i].level,
			.figure = rule_table[i].figure,
			.least = site_number(rule_table[i].least),
			.is_recent = rule_table[i].is_recent,
		};
	return ARRAY_COUNT(rule_table);
}

int64_t trust_window(void)
{
	return CLOCK_DAY * site_number(SITE_TRUST_3_WINDOW_DAYS);
}

/* percent: how much of each figure is enough. */
static bool meets(const struct trust_person *person, enum trust_level level, int64_t percent)
{
	struct trust_rule rules[TRUST_RULES_MAX];
	size_t count = trust_rules(rules);

	for (size_t i = 0; i < count; i++) {
		const struct figures *figures = rules[i].is_recent ? &person->recent
								   : &person->ever;

		if (rules[i].level == level &&
		    figures->of[rules[i].figure] * 100 < rules[i].least * percent)
			return false;
	}
	return true;
}

/* Kept a while after it was reached, then while most of each figure is met. */
static bool keeps_level_3(const struct trust_person *person)
{
	int64_t grace = CLOCK_DAY * site_number(SITE_TRUST_3_GRACE_DAYS);

	return person->level >= TRUST_REGULAR &&
	       (person->now - person->changed_at < grace ||
		meets(person, TRUST_REGULAR, site_number(SITE_TRUST_3_KEPT_SHARE)));
}

static enum trust_level reached_by_figures(const struct trust_person *person)
{
	if (!meets(person, TRUST_BASIC, 100) && person->level < TRUST_BASIC)
		return TRUST_NEW;
	if (!meets(person, TRUST_MEMBER, 100) && person->level < TRUST_MEMBER)
		return TRUST_BASIC;
	if (keeps_level_3(person) || meets(person, TRUST_REGULAR, 100))
		return TRUST_REGULAR;
	return TRUST_MEMBER;
}

enum trust_level trust_reached(const struct trust_person *person)
{
	enum trust_level level;

	if (role_is_staff(person->role))
		return TRUST_LEVEL_MAX;
	if (person->given >= 0)
		return (enum trust_level)person->given;
	if (!person->is_confirmed || person->is_suspended)
		return TRUST_NEW;
	if (!site_switch(SITE_TRUST_AUTOMATIC))
		return person->level;
	level = reached_by_figures(person);
	if (person->recent.of[FIGURE_CONFIRMED_FLAGS] > site_number(SITE_TRUST_FLAGS_MOST) &&
	    level > TRUST_BASIC)
		return TRUST_BASIC;
	return level;
}

const char *trust_level_name(enum trust_level level)
{
	static const char *const names[] = {
		[TRUST_NEW] = N_("New"),       [TRUST_BASIC] = N_("Getting to know each other"),
		[TRUST_MEMBER] = N_("Member"), [TRUST_REGULAR] = N_("Regular"),
		[TRUST_LEADER] = N_("Leader"),
	};

	return _(names[level]);
}

struct trust_limits trust_limits(const struct actor *actor)
{
	struct trust_limits limits = {
		.links = -1, .images = -1, .mentions = -1, .rate_percent = 100
	};

	switch ((enum trust_level)actor->trust_level) {
	case TRUST_NEW:
		limits.links = site_number(SITE_TRUST_NEW_LINKS);
		limits.images = site_number(SITE_TRUST_NEW_IMAGES);
		limits.mentions = site_number(SITE_TRUST_NEW_MENTIONS);
		break;
	case TRUST_BASIC:
		break;
	case TRUST_MEMBER:
		limits.rate_percent = site_number(SITE_TRUST_2_RATE);
		break;
	case TRUST_REGULAR:
		limits.rate_percent = site_number(SITE_TRUST_3_RATE);
		break;
	case TRUST_LEADER:
		limits.rate_percent = site_number(SITE_TRUST_4_RATE);
		break;
	}
	return limits;
}

static int64_t occurrences(const char *text, const char *word)
{
	int64_t count = 0;

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
		count++;
	return count;
}

enum err trust_check_body(struct ctx *ctx, const char *field, const char *body_html,
			  size_t mention_count)
{
	struct trust_limits limits = trust_limits(ctx->actor);
	/* Links out of the site; mentions begin with a slash. */
	const char *own = arena_printf(ctx->arena, " href=\"%s", ctx->config->site.base_url);
	int64_t links = occurrences(body_html, " href=\"http") - occurrences(body_html, own);
	int64_t images = occurrences(body_html, "<img ");

	if (role_is_staff(ctx->actor->role) || ctx->actor->is_automatic)
		return OK;
	if (limits.links >= 0 && links > limits.links)
		return fail(
			ctx, ERR_INVALID, field,
			ngettext(
				"New members may put %d link into a post. Take the others out; this ends once people know you here.",
				"New members may put %d links into a post. Take the others out; this ends once people know you here.",
				limits.links),
			(int)limits.links);
	if (limits.images >= 0 && images > limits.images)
		return fail(
			ctx, ERR_INVALID, field,
			ngettext(
				"New members may put %d picture into a post. Take the others out; this ends once people know you here.",
				"New members may put %d pictures into a post. Take the others out; this ends once people know you here.",
				limits.images),
			(int)limits.images);
	if (limits.mentions >= 0 && (int64_t)mention_count > limits.mentions)
		return fail(
			ctx, ERR_INVALID, field,
			ngettext(
				"New members may mention %d person in a post. Take the others out; this ends once people know you here.",
				"New members may mention %d people in a post. Take the others out; this ends once people know you here.",
				limits.mentions),
			(int)limits.mentions);
	return OK;
}

static enum err give(struct ctx *ctx, int64_t person_id, int64_t level, const char *reason)
{
	struct rows rows;

	db_begin(ctx);
	TRY(db_query(ctx, &trust_give_level, &rows, param_i64(person_id), param_i64(level),
		     param_time(ctx->now)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	audit_write(ctx, &(struct audit_entry){
				 .action = "trust_give",
				 .subject = "person",
				 .subject_id = person_id,
				 .person_id = person_id,
				 .reason = reason,
				 .details = arena_printf(ctx->arena, "{\"level\":%lld}",
							 (long long)level),
			 });
	return db_commit(ctx);
}

enum err trust_give(struct ctx *ctx, int64_t person_id, int64_t level, const char *reason)
{
	const struct subject nobody = { 0 };
	const char *cleaned;
	enum err result;

	TRY(policy_require(ctx, MAY_GIVE_TRUST, &nobody));
	if (level < -1 || level > TRUST_LEVEL_MAX)
		return fail(ctx, ERR_INVALID, "level", "%s", _("Choose one of the levels."));
	TRY(field_line(ctx, "reason", reason, 3, REASON_MAX, &cleaned));
	result = give(ctx, person_id, level, cleaned);
	if (result != OK)
		db_rollback(ctx);
	return result;
}
