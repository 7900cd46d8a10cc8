/*
 * From a text to a verdict: the writer's facts, the rules in their order.
 */
#include "forum/holding_rules.h"

#include "forum/actor.h"
#include "forum/moderation.h"
#include "forum/sign_up_guard.h"
#include "forum/site_setting.h"
#include "forum/spam_service.h"
#include "i18n/i18n.h"

/* How urgent the queue takes it: a held post waits for its author's sake. */
#define HELD_SCORE   6
#define MARKED_SCORE 3

/* Posts are counted to here: rules ask about the first few. */
DB_STATEMENT(holding_person,
	     "select (select count(*) from (select from posts p where p.author_id = $1\n"
	     "		and p.visibility = 'visible' limit 200) seen),\n"
	     "	e.reputation::bigint,\n"
	     "	extract(day from now() - coalesce((select max(p.created_at) from posts p\n"
	     "		where p.author_id = $1), e.created_at))::bigint,\n"
	     "	extract(hour from now() at time zone $2::text)::bigint\n"
	     "from people e where e.id = $1",
	     2);

/* Where the writer's mail goes, and where they sit. */
DB_STATEMENT(
	holding_address,
	"select coalesce(e.email_key, ''), coalesce((select s.address from sessions s where s.id = $2), '')\n"
	"from people e where e.id = $1",
	2);

DB_STATEMENT(holding_version_now, "select v.version from holding_version v", 0);

DB_STATEMENT(held_insert,
	     "insert into held_posts (post_id, rule_id) values ($1, $2)\n"
	     "on conflict (post_id) do update set rule_id = excluded.rule_id,\n"
	     "	held_at = now(), released_at = null",
	     2);

/* The team's texts pass, and what the program writes; what is not a member's has no facts. */
static bool is_exempt(const struct ctx *ctx, const struct holding *holding)
{
	const struct actor *actor = ctx->actor;

	return holding->text.origin == ORIGIN_SITE &&
	       (actor->id == 0 || actor->is_automatic || role_is_staff(actor->role));
}

void holding_begin(struct ctx *ctx, struct holding *holding, const struct holding_text *text)
{
	*holding = (struct holding){ .text = *text };
	if (is_exempt(ctx, holding))
		return;
	holding->is_asked = true;
	db_add(ctx, &holding_version_now, &holding->version);
	db_add(ctx, &holding_person, &holding->person, param_i64(ctx->actor->id),
	       param_text(site_text(SITE_HOLDING_TIME_ZONE)));
	if (holding_has_kind(HOLD_LISTED))
		db_add(ctx, &holding_address, &holding->address, param_i64(ctx->actor->id),
		       param_id(ctx->actor->session_id));
	if (holding_has_kind(HOLD_SIMILAR))
		holding_add_similar(ctx, holding);
	if (holding_has_kind(HOLD_SPAM))
		holding_add_spam(ctx, holding);
}

/* The lists are asked only for whom a rule wants looked at: who was silent for so long. */
static enum err take_listed(struct ctx *ctx, struct holding *holding,
			    const struct holding_rules *rules)
{
	enum sign_up_refusal why;
	const char *email;
	bool is_wanted = false;

	for (size_t i = 0; i < rules->count; i++)
		is_wanted |= rules->items[i].kind == HOLD_LISTED &&
			     holding->facts.silent_days >= rules->items[i].number;
	if (!is_wanted || !rows_next(&holding->address))
		return OK;
	email = col_text(&holding->address);
	return sign_up_is_listed(ctx, email, col_text(&holding->address), &holding->facts.is_listed,
				 &why);
}

static void take_facts(struct ctx *ctx, struct holding *holding)
{
	holding->facts.trust_level = ctx->actor->trust_level;
	if (rows_next(&holding->person)) {
		holding->facts.post_count = col_i64(&holding->person);
		holding->facts.reputation = col_i64(&holding->person);
		holding->facts.silent_days = col_i64(&holding->person);
		holding->facts.hour = col_i64(&holding->person);
	}
	holding_take_similar(holding);
	holding_take_spam(ctx, holding);
}

bool holding_is_for(const struct holding_rule *rule, enum holding_origin origin)
{
	if (!holding_has_sense(rule->kind, origin))
		return false;
	switch (origin) {
	case ORIGIN_MIRROR:
		return rule->on_mirrors;
	case ORIGIN_IMPORT:
		return rule->on_imports;
	default:
		return true;
	}
}

/* The first that holds or refuses ends it. */
void holding_weigh(struct ctx *ctx, struct holding *holding)
{
	const struct holding_rules *rules = holding_rules_known();

	for (size_t i = 0; i < rules->count; i++) {
		const struct holding_rule *rule = &rules->items[i];
		struct holding_verdict verdict = { .act = rule->act, .rule = rule };

		if (!holding_is_for(rule, holding->text.origin) ||
		    !holding_rule_catches(ctx->arena, rule, rules->words, &holding->text,
					  &holding->facts, &verdict.why))
			continue;
		if (rule->act != HOLDING_MARKS) {
			holding->verdict = verdict;
			return;
		}
		holding->marks[holding->mark_count++] = verdict;
	}
}

static enum err refuse(struct ctx *ctx, const struct holding_verdict *verdict)
{
	const char *words = strcmp(ctx->language, "fr") == 0 ? verdict->rule->message_fr
							     : verdict->rule->message_en;

	if (words[0])
		return fail(ctx, ERR_INVALID, "body", "%s", words);
	return fail(ctx, ERR_INVALID, "body", "%s",
		    _("This cannot be published here. Please look at the charter, and change your "
		      "text."));
}

enum err holding_decide(struct ctx *ctx, struct holding *holding)
{
	if (!holding->is_asked)
		return OK;
	if (rows_next(&holding->version))
		TRY(holding_rules_refresh(ctx, col_i64(&holding->version)));
	take_facts(ctx, holding);
	TRY(take_listed(ctx, holding, holding_rules_known()));
	holding_weigh(ctx, holding);
	if (holding->verdict.act == HOLDING_REFUSES)
		return refuse(ctx, &holding->verdict);
	return OK;
}

bool holding_has_verdict(const struct holding *holding)
{
	return holding->mark_count > 0 || holding->verdict.act == HOLDING_HOLDS;
}

enum visibility holding_visibility(const struct holding *holding)
{
	return holding->verdict.act == HOLDING_HOLDS ? VISIBILITY_HELD : VISIBILITY_VISIBLE;
}

void holding_soften(struct holding *holding)
{
	struct holding_verdict mark = holding->verdict;

	mark.act = HOLDING_MARKS;
	if (mark.rule && holding->mark_count < HOLDING_RULES_MAX)
		holding->marks[holding->mark_count++] = mark;
	holding->verdict = (struct holding_verdict){ 0 };
}

/* Where the queue shows it, and under which word. */
static void open_item(struct ctx *ctx, const struct holding_verdict *verdict, int64_t post_id)
{
	enum holding_kind kind = verdict->rule->kind;
	bool is_held = verdict->act == HOLDING_HOLDS;
	const char *name = verdict->rule->name;
	struct moderation_new item = {
		.kind = MODERATION_HELD,
		.post_id = post_id,
		.code = "rule",
		.text = verdict->why[0] ? arena_printf(ctx->arena, "%s · %s", name, verdict->why)
					: name,
		.score = is_held ? HELD_SCORE : MARKED_SCORE,
	};

	if (kind == HOLD_FIRST_POSTS) {
		item.kind = MODERATION_FIRST_POST;
		item.code = "first_post";
	} else if (kind == HOLD_SIMILAR) {
		item.kind = MODERATION_SIMILAR;
		item.code = "similar_to_removed";
	} else if (kind == HOLD_WORDS) {
		item.code = "words";
	} else if (kind == HOLD_LINKS || kind == HOLD_HOSTS) {
		item.code = "links";
	} else if (kind == HOLD_SPAM) {
		item.code = "spam_score";
	} else if (kind == HOLD_LISTED) {
		item.code = "listed";
	}
	moderation_open(ctx, &item);
}

void holding_record(struct ctx *ctx, const struct holding *holding, int64_t post_id)
{
	if (holding->is_asked && spam_service_is_asked(ctx))
		spam_service_add_check(ctx, post_id);
	for (size_t i = 0; i < holding->mark_count && i < 3; i++)
		open_item(ctx, &holding->marks[i], post_id);
	if (holding->verdict.act != HOLDING_HOLDS)
		return;
	db_add(ctx, &held_insert, NULL, param_i64(post_id), param_i64(holding->verdict.rule->id));
	open_item(ctx, &holding->verdict, post_id);
}
