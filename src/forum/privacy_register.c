/*
 * The register of what is stored and why, and the nightly job that keeps its promises:
 * a class that says "for a time" has a statement here or in upkeep.c.
 */
#include "forum/privacy.h"

#include "db/db.h"
#include "forum/panel.h"
#include "forum/policy.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"

const struct privacy_class privacy_classes[] = {
	{ "account", N_("Account: name, e-mail address, language, what you say about yourself"),
	  N_("To sign you in, to show who wrote what, to tell you about answers (contract)."),
	  N_("As long as the account. After its erasure, sealed: identity five years, the rest one year (decree 2021-1362).") },
	{ "security", N_("Password, passkeys, codes for signing in"),
	  N_("To make sure that it is you (security). Only as a hash, or encrypted; of a passkey, the public half and the name that you gave it."),
	  N_("As long as the account, or until you remove them.") },
	{ "posts", N_("Questions, answers, comments and their versions"),
	  N_("That is what the forum is for (contract)."),
	  N_("As long as the forum; after an erasure under a neutral name, without your name and address in them.") },
	{ "articles",
	  N_("Versions of articles that you wrote; whether an article helped you, and why not"),
	  N_("That is what the knowledge base is for, and to make it better (contract)."),
	  N_("As long as the knowledge base; without an account, the code of an address two days; what was said about an article, one year.") },
	{ "desk_notes",
	  N_("Notes of the advisors’ desk on questions, who handed which to whom, and its reply templates"),
	  N_("So that several advisors can help with one question (contract)."),
	  N_("As long as the question; notes on your questions go with your account.") },
	{ "panels", N_("Panels that you were invited to: when, why, and what you answered"),
	  N_("To ask people who volunteered (consent; the invitation itself, legitimate interest: not if you keep out of rankings, and not if you are under 18)."),
	  N_("As long as the panel, and a year after it was closed; your own words, as long as the settings say. Gone with the account; what you chose stays counted, without you.") },
	{ "private", N_("Private exchanges with the team about your questions"),
	  N_("To help with what is nobody else’s business (contract)."),
	  N_("180 days after the exchange is closed, or as the settings say; then only that there was one. All of it goes with your account.") },
	{ "files",
	  N_("Files that you added to articles or private messages: their names, sizes and days, and what a picture shows, in your words"),
	  N_("To show or give them to whoever reads the text (contract). Where and with what a picture was taken is removed from it."),
	  N_("As long as the text that they belong to; the copy has their names and addresses.") },
	{ "listening",
	  N_("What advisors say of texts in a sample: negative, neutral, positive, not about us"),
	  N_("So that the brand knows what people think of it, and how far two advisors agree (legitimate interest)."),
	  N_("Without a name once the advisor’s account is erased; a label of a text goes with the text.") },
	{ "reactions", N_("Thanks, votes in polls, follows, drafts, notifications"),
	  N_("To do what you asked for (contract)."),
	  N_("As long as the account, votes under a neutral name after that; notifications that were read, 180 days.") },
	{ "standing", N_("Points, badges, levels, and work as an expert"),
	  N_("To thank you, to give rights step by step, and to show who knows a field (contract; as an expert, consent)."),
	  N_("As long as the account; then without the reasons that were given, under a neutral name.") },
	{ "lists",
	  N_("Lists for the team alone: who helped most, and whose questions stay unsolved, with the figures that say why; that you are under 18, if you said so"),
	  N_("To thank, and to look after people (legitimate interest). Not if you keep out of rankings, and not if you are under 18."),
	  N_("Worked out anew every hour; gone with the account.") },
	{ "sessions", N_("Sessions: address and browser"),
	  N_("To show you where you are signed in, and against abuse (security, law)."),
	  N_("Until the session ends; after an erasure, sealed for one year.") },
	{ "visits", N_("Days of visits, and the address as a keyed code"),
	  N_("For trust levels, and to find people who reward themselves (legitimate interest)."),
	  N_("Days 400 days, codes 90 days.") },
	{ "sign_up",
	  N_("Addresses that may not sign up again, as keyed codes; how often sign-up was refused, by day"),
	  N_("So that who was removed as spam does not come back (legitimate interest)."),
	  N_("Mail addresses one year, networks 14 days, or as the settings say; counts 400 days.") },
	{ "spam_service",
	  N_("What a spam service says of posts by new members, if the brand uses one; it gets the text, the name shown here, and the address and browser of the newest session"),
	  N_("To keep the forum clean (legitimate interest)."),
	  N_("Its answers 180 days, or as the settings say.") },
	{ "mails", N_("Mails sent to you"), N_("To send them, and not twice (contract)."),
	  N_("90 days.") },
	{ "flag_networks", N_("The network that a report was sent from"),
	  N_("So that one person with several accounts counts once (legitimate interest)."),
	  N_("30 days after the decision, or as the settings say.") },
	{ "moderation", N_("Reports, decisions about posts and people, complaints"),
	  N_("To keep the forum clean, and to be able to account for it (law)."),
	  N_("As long as the forum, without names once an account is erased.") },
	{ "notices",
	  N_("Legal notices: what they are about, why, and the name and e-mail address if they were given"),
	  N_("To examine them, to answer, to account for it, and against misuse (law)."),
	  N_("As long as the forum; name and address seven months after the decision, the code of the sender 400 days.") },
	{ "copies", N_("Copies that you asked for"), N_("So that you can fetch them (law)."),
	  N_("Seven days.") },
	{ "consent", N_("Your consent to the charter: version and time"), N_("To prove it (law)."),
	  N_("As long as the account; then sealed for one year.") },
	{ "networks", N_("Conversations of other networks, and which accounts there are yours"),
	  N_("To show a conversation in one place; an account only where you showed that it is yours (consent)."),
	  N_("Until it is deleted there, or its author asks for it here; the link to you, as long as your account.") },
	{ "searches", N_("Searches and what was opened from them"),
	  N_("To see what is missing. Counted without saying who: no name, no address, no cookie."),
	  N_("Single searches are summed up by day; the sums stay.") },
	{ "crawlers",
	  N_("Programs that say they read the whole site: what they call themselves, and of those that can be checked the address and its name in DNS. How often pages were shown, without saying to whom"),
	  N_("To see who takes how much, and who only pretends (legitimate interest)."),
	  N_("Addresses about a week, counts by day 90 days.") },
	{ "desk",
	  N_("Work at the advisors’ desk: who belongs to which team, who has a question in hand, filters that are kept"),
	  N_("To share the work among advisors and experts (contract)."),
	  N_("Ten minutes for a question in hand; teams and filters, as long as the account.") },
	{ "team", N_("What the team does: who, what, when and why"),
	  N_("To account for decisions and settings (law)."), N_("As long as the forum.") },
	{ "server", N_("The server’s own log: address, page, time"),
	  N_("Against attacks, and to find faults (security)."),
	  N_("Some weeks, as its operator has set it.") },
};
const size_t privacy_class_count = ARRAY_COUNT(privacy_classes);

/* Each deletes one class and leaves a line where there was something to delete. */
#define RETENTION(name, table, condition) \
	"with gone as (delete from " table " where " condition " returning 1)\n" \
	"insert into retention_log (class, deleted)\n" \
	"select '" name "', count(*) from gone having count(*) > 0"

DB_STATEMENT(retention_exports, RETENTION("exports", "person_exports", "expires_at <= now()"), 0);

DB_STATEMENT(retention_sealed, RETENTION("sealed", "sealed_records", "keep_until <= now()"), 0);

DB_STATEMENT(retention_days, RETENTION("visits", "person_days", "day < current_date - 400"), 0);

DB_STATEMENT(retention_addresses,
	     RETENTION("addresses", "person_addresses", "seen_at < now() - interval '90 days'"), 0);

DB_STATEMENT(retention_sign_up_blocks,
	     RETENTION("sign_up_addresses", "sign_up_blocks", "expires_at <= now()"), 0);

DB_STATEMENT(retention_sign_up_refusals,
	     RETENTION("sign_up_refusals", "sign_up_refusals", "day < current_date - 400"), 0);

/* Where a flag came from counts only among those that wait for the same decision. */
DB_STATEMENT(
	retention_panel_members,
	RETENTION("panel_members", "panel_members m using panels n",
		  "n.id = m.panel_id and n.closed_at < now() - make_interval(days => $1::integer)"),
	1);

/* What was chosen stays counted. */
DB_STATEMENT(retention_panel_answers,
	     "with gone as (update questionnaire_answers a set person_id = null\n"
	     "	from questionnaires q join panels n on n.id = q.panel_id\n"
	     "	where q.id = a.questionnaire_id and a.person_id is not null\n"
	     "		and n.closed_at < now() - make_interval(days => $1::integer) returning 1)\n"
	     "insert into retention_log (class, deleted)\n"
	     "select 'panel_answers', count(*) from gone having count(*) > 0",
	     1);

DB_STATEMENT(retention_panel_words,
	     RETENTION("panel_words",
		       "questionnaire_values v using questionnaire_answers a, questionnaires q",
		       "a.id = v.answer_id and q.id = a.questionnaire_id and v.words is not null"
		       " and q.closes_at < now() - make_interval(months => $1::integer)"),
	     1);

DB_STATEMENT(retention_flag_networks,
	     "with gone as (update flags set network = '' where network <> '' and state <> 'open'\n"
	     "	and decided_at < now() - make_interval(days => $1::integer) returning 1)\n"
	     "insert into retention_log (class, deleted)\n"
	     "select 'flag_networks', count(*) from gone having count(*) > 0",
	     1);

/* The complaint's six months, and one more for the answer. */
DB_STATEMENT(retention_notices,
	     "with gone as (update notices set name = '', email = '' where name || email <> ''\n"
	     "	and decided_at < now() - interval '7 months' returning 1)\n"
	     "insert into retention_log (class, deleted)\n"
	     "select 'notices', count(*) from gone having count(*) > 0",
	     0);

DB_STATEMENT(retention_notifiers,
	     "with gone as (update notices set notifier = '' where notifier <> ''\n"
	     "	and created_at < now() - interval '400 days' returning 1)\n"
	     "insert into retention_log (class, deleted)\n"
	     "select 'notifiers', count(*) from gone having count(*) > 0",
	     0);

DB_STATEMENT(retention_spam_service,
	     RETENTION("spam_service", "spam_service_checks",
		       "checked_at < now() - make_interval(days => $1::integer)"),
	     1);

DB_STATEMENT(retention_rows,
	     "select at, class, deleted from retention_log order by id desc limit $1", 1);

DB_STATEMENT(sealed_rows,
	     "select id, class, created_at, keep_until, sealed from sealed_records order by id", 0);

enum err privacy_retention(struct ctx *ctx)
{
	TRY(db_query_params(ctx, &retention_exports, NULL, NULL, 0));
	TRY(db_query_params(ctx, &retention_sealed, NULL, NULL, 0));
	TRY(db_query_params(ctx, &retention_days, NULL, NULL, 0));
	TRY(db_query_params(ctx, &retention_notices, NULL, NULL, 0));
	TRY(db_query_params(ctx, &retention_notifiers, NULL, NULL, 0));
	TRY(db_query_params(ctx, &retention_addresses, NULL, NULL, 0));
	TRY(db_query_params(ctx, &retention_sign_up_blocks, NULL, NULL, 0));
	TRY(db_query_params(ctx, &retention_sign_up_refusals, NULL, NULL, 0));
	TRY(db_query(ctx, &retention_spam_service, NULL,
		     param_i64(site_number(SITE_SPAM_SERVICE_DAYS))));
	TRY(db_query(ctx, &retention_panel_members, NULL, param_i64(PANEL_KEPT_DAYS)));
	TRY(db_query(ctx, &retention_panel_answers, NULL, param_i64(PANEL_KEPT_DAYS)));
	TRY(db_query(ctx, &retention_panel_words, NULL,
		     param_i64(site_number(SITE_PANELS_WORDS_MONTHS))));
	return db_query(ctx, &retention_flag_networks, NULL,
			param_i64(site_number(SITE_FLAGS_NETWORK_DAYS)));
}

enum err privacy_retention_log(struct ctx *ctx, struct retention_entry **out, size_t *count)
{
	const struct subject nobody = { 0 };
	struct rows rows;

	TRY(policy_require(ctx, MAY_SEE_AUDIT, &nobody));
	TRY(db_query(ctx, &retention_rows, &rows, param_i64(RETENTION_SHOWN)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count + 1, struct retention_entry);
	*count = 0;
	while (rows_next(&rows)) {
		struct retention_entry *entry = &(*out)[(*count)++];
		entry->at = col_time(&rows);
		entry->class = col_text(&rows);
		entry->deleted = col_i64(&rows);
	}
	return OK;
}

enum err privacy_sealed_list(struct ctx *ctx, struct sealed_record **out, size_t *count)
{
	struct rows rows;

	TRY(db_query_params(ctx, &sealed_rows, &rows, NULL, 0));
	*out = arena_array_of(ctx->arena, (size_t)rows.count + 1, struct sealed_record);
	*count = 0;
	while (rows_next(&rows)) {
		struct sealed_record *record = &(*out)[(*count)++];
		record->id = col_i64(&rows);
		record->class = col_text(&rows);
		record->created_at = col_time(&rows);
		record->keep_until = col_time(&rows);
		record->sealed = col_bytes(&rows, &record->length);
	}
	return OK;
}
