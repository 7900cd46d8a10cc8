/*
 * Every column that names a person, held against the schema: a new one must be put into
 * the table below, which says which line of the register tells of it, whether the copy has
 * it, and what an erasure does to it. Then
 * somebody is erased who stands in all of them, and whose words stand wherever people's
 * words are kept: nothing of it may be found in any table.
 */
#include "account_fixture.h"

#include "forum/privacy.h"
#include "forum/session.h"

enum erased {
	GONE,    /* the row goes, or no longer names anybody */
	NEUTRAL, /* the row stays, and names a "former member" */
	TEAM,    /* who acted for the site: the team gives its role back, and is then NEUTRAL */
};

static const struct column {
	const char *name;
	const char *class; /* its line in the register, /privacy */
	bool is_copied;
	enum erased erased;
} columns[] = {
	{ "article_proposals.person_id", "standing", true, NEUTRAL },
	{ "article_versions.author_id", "articles", true, NEUTRAL },
	{ "article_votes.person_id", "articles", true, NEUTRAL },
	{ "articles.owner_id", "articles", false, NEUTRAL }, /* the versions are in the copy */
	{ "articles.publish_by", "team", false, TEAM },
	{ "attachments.owner_id", "files", true, NEUTRAL },
	{ "audit_log.actor_id", "team", false, TEAM },
	{ "audit_log.person_id", "team", false,
	  NEUTRAL }, /* append only, but for names in reasons */
	{ "badge_awards.given_by", "standing", false, TEAM },
	{ "badge_awards.person_id", "standing", true, NEUTRAL },
	{ "badge_awards.taken_by", "standing", false, TEAM },
	{ "brand_logos.uploaded_by", "team", false, TEAM },
	{ "category_changes.changed_by", "team", false, TEAM },
	{ "complaints.case_decided_by", "moderation", false, TEAM },
	{ "complaints.decided_by", "moderation", false, TEAM },
	{ "complaints.person_id", "moderation", true, NEUTRAL },
	{ "consents.person_id", "consent", true, GONE },
	{ "desk_breaches.corrected_by", "desk", false, TEAM },
	{ "desk_filters.person_id", "desk", true, GONE },
	{ "desk_members.person_id", "desk", false, GONE },
	{ "desk_questions.assigned_to", "desk", false, TEAM },
	{ "desk_questions.claimed_by", "desk", false, TEAM },
	{ "desk_questions.escalated_to_person", "desk", false, TEAM },
	{ "desk_report_people.person_id", "lists", true, GONE },
	{ "desk_acts.actor_id", "desk_notes", false, TEAM },
	{ "desk_acts.undone_by", "desk_notes", false, TEAM },
	{ "desk_notes.author_id", "desk_notes", true, NEUTRAL },
	{ "desk_template_changes.changed_by", "desk_notes", false, TEAM },
	{ "desk_template_changes.owner_id", "desk_notes", false, GONE },
	{ "desk_templates.changed_by", "desk_notes", false, TEAM },
	{ "desk_templates.owner_id", "desk_notes", true, GONE },
	{ "drafts.person_id", "reactions", true, GONE },
	{ "experts.ended_by", "standing", false, TEAM },
	{ "experts.nominated_by", "standing", false, TEAM },
	{ "experts.person_id", "standing", true, NEUTRAL },
	{ "flags.person_id", "moderation", true, NEUTRAL },
	{ "follows.person_id", "reactions", true, GONE },
	{ "form_keys.person_id", "reactions", false, GONE },
	{ "holding_rules.changed_by", "team", false, TEAM },
	{ "holding_trials.asked_by", "team", false, TEAM },
	{ "imported_badges.person_id", "standing", true, NEUTRAL },
	{ "imported_versions.editor_id", "posts", false, NEUTRAL }, /* empty but during an import */
	{ "incident_updates.author_id", "team", false, TEAM },
	{ "incidents.closed_by", "team", false, TEAM },
	{ "incidents.opened_by", "team", false, TEAM },
	{ "listening_labels.labeller_id", "listening", true, GONE },
	{ "listening_themes.changed_by", "team", false, TEAM },
	{ "mail_text_changes.changed_by", "team", false, TEAM },
	{ "mail_tokens.person_id", "security", false, GONE }, /* a secret */
	{ "mails.person_id", "mails", true, GONE },
	{ "me_too.person_id", "reactions", true, NEUTRAL },
	{ "measures.created_by", "moderation", false, TEAM },
	{ "measures.ended_by", "moderation", false, TEAM },
	{ "measures.person_id", "moderation", true, NEUTRAL },
	{ "mirror_authors.claimed_by", "networks", false, TEAM },
	{ "mirror_authors.person_id", "networks", true, GONE },
	{ "mirror_erasures.decided_by", "networks", false, TEAM },
	{ "mirror_outbox.actor_id", "networks", false, NEUTRAL },
	{ "mirror_sources.created_by", "networks", false, TEAM },
	{ "mirror_sources.privacy_decided_by", "networks", false, TEAM },
	{ "moderation_cases.decided_by", "moderation", false, TEAM },
	{ "moderation_cases.person_id", "moderation", true, NEUTRAL },
	{ "moderation_cases.reversed_by", "moderation", false, TEAM },
	{ "moderation_items.claimed_by", "moderation", false, TEAM },
	{ "moderation_items.decided_by", "moderation", false, TEAM },
	{ "moderation_items.person_id", "moderation", false,
	  NEUTRAL }, /* its decision is in the copy */
	{ "moderation_items.undone_by", "moderation", false, TEAM },
	{ "notice_complaints.decided_by", "team", false, TEAM },
	{ "notices.person_id", "notices", true, GONE },
	{ "notifications.actor_id", "reactions", false, NEUTRAL }, /* what others were told */
	{ "notifications.person_id", "reactions", true, GONE },
	{ "notifier_measures.created_by", "team", false, TEAM },
	{ "notifier_measures.ended_by", "team", false, TEAM },
	{ "page_text_publications.published_by", "team", false, TEAM },
	{ "page_text_versions.written_by", "team", false, TEAM },
	{ "panel_members.invited_by", "team", false, TEAM },
	{ "panel_members.person_id", "panels", true, GONE },
	{ "panels.made_by", "team", false, TEAM },
	{ "passkey_challenges.person_id", "security", false, GONE }, /* a secret */
	{ "passkeys.person_id", "security", true, GONE },
	{ "people.id", "account", true, NEUTRAL },
	{ "person_addresses.person_id", "visits", false,
	  GONE }, /* codes that say nothing to anybody */
	{ "person_days.person_id", "visits", true, GONE },
	{ "person_erasures.person_id", "account", false, GONE }, /* shown on the page itself */
	{ "person_exports.person_id", "copies", false, GONE },   /* the copy */
	{ "posts.accepted_by", "posts", false, NEUTRAL }, /* the question's author, or the team */
	{ "poll_votes.person_id", "reactions", true, NEUTRAL },
	{ "polls.author_id", "posts", true, NEUTRAL },
	{ "polls.removed_by", "team", false, TEAM },
	{ "posts.author_id", "posts", true, NEUTRAL },
	{ "posts.endorsed_by", "posts", false, NEUTRAL },
	{ "posts.withdrawn_by", "posts", false, NEUTRAL },
	{ "private_exchanges.closed_by", "private", false, TEAM },
	{ "private_exchanges.in_charge", "private", false, TEAM },
	{ "private_exchanges.person_id", "private", true, GONE },
	{ "private_exchanges.started_by", "private", false, TEAM },
	{ "private_messages.author_id", "private", true,
	  NEUTRAL }, /* what the team wrote to others */
	{ "questionnaire_answers.person_id", "panels", true, GONE },
	{ "questionnaires.made_by", "team", false, TEAM },
	{ "rank_ladders.editor_id", "team", false, TEAM },
	{ "recovery_codes.person_id", "security", false, GONE }, /* a secret */
	{ "removals.asked_by", "moderation", false, TEAM },
	{ "removals.person_id", "moderation", false, NEUTRAL }, /* its decision is in the copy */
	{ "removals.undone_by", "moderation", false, TEAM },
	{ "reputation_entries.from_id", "standing", false, NEUTRAL }, /* others' points */
	{ "reputation_entries.person_id", "standing", true, NEUTRAL },
	{ "reputation_rings.decided_by", "moderation", false, TEAM },
	{ "revisions.editor_id", "posts", true, NEUTRAL },
	{ "second_factors.person_id", "security", true, GONE },
	{ "sessions.person_id", "sessions", true, GONE },
	{ "sign_up_blocks.added_by", "team", false, TEAM },
	{ "sign_up_blocks.lifted_by", "team", false, TEAM },
	{ "sign_in_steps.person_id", "security", false, GONE }, /* a secret */
	{ "site_setting_changes.changed_by", "team", false, TEAM },
	{ "synonym_lists.author_id", "team", false, TEAM },
	{ "tag_changes.asked_by", "team", false, TEAM },
	{ "tag_changes.undone_by", "team", false, TEAM },
	{ "thanks.person_id", "reactions", true, NEUTRAL },
	{ "top_helpers.person_id", "standing", false, GONE }, /* derived */
	{ "topic_acts.actor_id", "team", false, TEAM },
	{ "topic_acts.undone_by", "team", false, TEAM },
	{ "topics.author_id", "posts", true, NEUTRAL },
	{ "topics.status_by", "posts", false, TEAM },
	{ "transparency_reports.published_by", "team", false, TEAM },
};

/* What refers to people, and what is named as if it did (form_keys, audit_log). */
#define COLUMNS_THAT_NAME_PEOPLE \
	"select c.relname || '.' || a.attname as name from pg_attribute a\n" \
	"join pg_class c on c.oid = a.attrelid\n" \
	"left join pg_constraint f on f.conrelid = c.oid and f.contype = 'f' and a.attnum = any (f.conkey)\n" \
	"where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace\n" \
	"	and not a.attisdropped and a.attnum > 0\n" \
	"	and (f.confrelid = 'people'::regclass or c.relname || '.' || a.attname = 'people.id'\n" \
	"		or (f.oid is null and a.atttypid = 'bigint'::regtype\n" \
	"			and a.attname ~ '(^|_)(by|person_id|actor_id|author_id|editor_id|member_id)$'))\n" \
	"order by 1"

static const struct column *column_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_COUNT(columns); i++)
		if (strcmp(columns[i].name, name) == 0)
			return &columns[i];
	return NULL;
}

static void test_every_column_that_names_a_person_is_stated(void **state)
{
	struct ctx *ctx = *state;
	struct stmt statement = { NULL, COLUMNS_THAT_NAME_PEOPLE, 0 };
	struct rows rows;

	assert_ok(ctx, db_query_params(ctx, &statement, &rows, NULL, 0));
	while (rows_next(&rows)) {
		const char *name = col_text(&rows);

		if (!column_of(name))
			fail_msg("%s names people: state here what copy and erasure do with it",
				 name);
	}
	assert_int_equal(rows.count, ARRAY_COUNT(columns));
}

static bool is_in_the_register(const char *key)
{
	for (size_t i = 0; i < privacy_class_count; i++)
		if (strcmp(privacy_classes[i].key, key) == 0)
			return true;
	return false;
}

static void test_everything_has_its_line_in_the_register(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(columns); i++)
		if (!is_in_the_register(columns[i].class))
			fail_msg("%s: the register has no %s", columns[i].name, columns[i].class);
}

static const char *table_of(struct ctx *ctx, const struct column *column)
{
	return arena_strndup(ctx->arena, column->name, strcspn(column->name, "."));
}

static void test_what_is_stated_to_be_in_the_copy_is(void **state)
{
	struct ctx *ctx = *state;
	struct stmt source = { NULL,
			       "select prosrc from pg_proc where proname = 'person_export'\n"
			       "	and pronamespace = current_schema()::regnamespace",
			       0 };
	struct rows rows;
	const char *text;

	assert_ok(ctx, db_query_params(ctx, &source, &rows, NULL, 0));
	assert_true(rows_next(&rows));
	text = col_text(&rows);
	for (size_t i = 0; i < ARRAY_COUNT(columns); i++) {
		const char *word = arena_printf(ctx->arena, " %s ", table_of(ctx, &columns[i]));

		if (columns[i].is_copied && !strstr(text, word))
			fail_msg("person_export does not read%s", word);
	}
}

/* Somebody who is everywhere ---------------------------------------------------------------- */

#define NAME  "Zephyrine d'Aubigné-Quillfeather"
#define WORDS "zyxommatique"

/* $1: who leaves, $2: somebody else's answer. */
static const char *const traces[] = {
	"update people set title = 'zyxommatique', bio_md = 'zyxommatique', bio_html = '<p>zyxommatique</p>'"
	" where id = $1 and $2 > 0",
	"insert into consents (person_id, document, version, given_at) select $1, 'charter', '2026-11', now() where $2 > 0",
	"insert into notices (code, category, explanation, name, email, person_id, language)"
	" select 'trace', 'other', 'Somebody wrote it.', p.name, p.email, p.id, 'fr' from people p where p.id = $1 and $2 > 0",
	"insert into drafts (person_id, place, title, body_md) values ($1, 'ask' || left($2::text, 0), 'zyxommatique', 'zyxommatique')",
	"insert into desk_filters (person_id, name, query) select $1, 'zyxommatique', 'show=mine' where $2 > 0",
	"with t as (insert into desk_teams (name) values ('Trace ' || $2) returning id)"
	" insert into desk_members (person_id, team_id) select $1, t.id from t",
	"insert into desk_report_people (days, report, person_id, figures) select 7, 'care', $1, '{2,2,2,1}' where $2 > 0",
	"with n as (insert into panels (title, purpose_md, purpose_html, is_anonymous)"
	" values ('Trace ' || $2, 'x', 'x', true) returning id)"
	" insert into panel_members (panel_id, person_id, why) select n.id, $1, '{\"rank_fr\":\"zyxommatique\"}' from n",
	"with q as (insert into questionnaires (panel_id, title, text, opens_at, closes_at)"
	" select max(n.id), 'x', 'text: x', now(), now() + interval '1 day' from panels n where $2 > 0 returning id),"
	" a as (insert into questionnaire_answers (questionnaire_id, person_id) select q.id, $1 from q returning id)"
	" insert into questionnaire_values (answer_id, question, words) select a.id, 1, 'zyxommatique' from a",
	"insert into follows (person_id, kind, target_id) values ($1, 'topic', $2) on conflict do nothing",
	"insert into form_keys (person_id, key, result) values ($1, repeat('k', 40), $2::text)",
	"insert into thanks (person_id, post_id) values ($1, $2)",
	"with p as (insert into polls (topic_id, author_id, question, is_multiple, shows, closes_at)"
	" select topic_id, $1, 'Which?', false, 'always', now() + interval '1 day' from posts where id = $2 returning id),"
	" c as (insert into poll_choices (poll_id, position, label) select id, n, 'Choice ' || n from p, generate_series(1, 2) n)"
	" insert into poll_votes (poll_id, person_id, choices) select id, $1, '{1}' from p",
	"insert into me_too (person_id, topic_id) select $1, topic_id from posts where id = $2",
	"insert into imported_badges (person_id, name, class, awarded_at) values ($1, 'Nice', least(1, $2), now())",
	"insert into mail_tokens (token_hash, person_id, purpose, email, expires_at)"
	" select sha256('m'), p.id, 'reset', p.email, now() + interval '1 hour' from people p where p.id = $1 and $2 > 0",
	"insert into mails (person_id, address, language, kind, key, parameters)"
	" select p.id, p.email, 'fr', 'confirm', 'trace', '{\"name\": \"zyxommatique\"}' from people p where p.id = $1 and $2 > 0",
	"insert into notifications (person_id, kind, topic_id, post_id)"
	" select $1, 'answer', topic_id, id from posts where id = $2 on conflict do nothing",
	"insert into notifications (person_id, kind, topic_id, post_id, actor_id)"
	" select author_id, 'thanks', topic_id, id, $1 from posts where id = $2",
	"insert into passkeys (person_id, name, credential_id, algorithm, public_key)"
	" select $1, 'zyxommatique', sha256('c'), -7, '\\x01' where $2 > 0",
	"insert into passkey_challenges (challenge_hash, purpose, person_id, expires_at)"
	" select sha256('p'), 'check', $1, now() + interval '1 hour' where $2 > 0",
	"insert into second_factors (person_id, totp_next) select $1, '\\x01' where $2 > 0",
	"insert into recovery_codes (person_id, code_hash) select $1, sha256('r') where $2 > 0",
	"insert into sign_in_steps (token_hash, person_id, expires_at)"
	" select sha256('s'), $1, now() + interval '1 hour' where $2 > 0",
	"insert into person_exports (person_id) select $1 where $2 > 0",
	"insert into top_helpers (person_id, position, points, answers, accepted, thanks) select $1, 3, 1, 1, 1, 1 where $2 > 0",
	"insert into flags (post_id, person_id, reason, detail, weight, network)"
	" values ($2, $1, 'spam', 'zyxommatique', 1, '198.51.100.78')",
	"insert into article_proposals (post_id, person_id, note) values ($2, $1, 'zyxommatique')",
	"insert into articles (language, title, summary, owner_id) select 'fr', 'Par ' || p.name, p.email, p.id"
	" from people p where p.id = $1 and $2 > 0",
	"insert into article_versions (article_id, number, title, summary, body_md, body_html, author_id, reason)"
	" select max(a.id), 1, 'Par ' || p.name, p.email, 'Par ' || p.name, 'Par ' || p.name, p.id, p.name"
	" from articles a, people p where p.id = $1 and $2 > 0 group by p.id",
	"insert into article_votes (article_id, person_id, is_helpful, comment) select max(id), $1, false, 'zyxommatique'"
	" from articles where $2 > 0",
	"with s as (insert into listening_samples (week, seed) select date '2020-01-06', 1 where $2 > 0 returning id),"
	" x as (insert into listening_texts (sample_id, post_id, source_id, theme_id, probability, is_double)"
	" select s.id, $2, 0, 0, 1, false from s returning id)"
	" insert into listening_labels (text_id, turn, labeller_id, label) select x.id, 1, $1, 'negative' from x",
	"insert into desk_notes (topic_id, body_md, body_html)"
	" select t.id, 'zyxommatique', 'zyxommatique' from topics t where t.author_id = $1 and $2 > 0",
	"insert into desk_notes (topic_id, author_id, body_md, body_html)"
	" select q.topic_id, p.id, 'Je suis ' || p.name, 'Je suis ' || p.name from posts q, people p"
	" where q.id = $2 and p.id = $1",
	"insert into desk_notes (topic_id, body_md, body_html)"
	" select q.topic_id, 'Merci @' || p.name || ' !', 'Merci @' || p.name || ' !' from posts q, people p"
	" where q.id = $2 and p.id = $1",
	"insert into desk_templates (owner_id, language, title, body_md) select $1, 'fr', 'zyxommatique', 'zyxommatique'"
	" where $2 > 0",
	"insert into desk_template_changes (template_id, version, owner_id, language, title, body_md, is_deleted, changed_at)"
	" select max(d.id), 1, $1, 'fr', 'zyxommatique', 'zyxommatique', false, now() from desk_templates d where $2 > 0",
	"with e as (insert into private_exchanges (topic_id, person_id, started_at, said_at)"
	" select topic_id, $1, now(), now() from posts where id = $2 returning id)"
	" insert into private_messages (exchange_id, is_from_team, body_md, body_html, created_at)"
	" select e.id, false, 'zyxommatique', 'zyxommatique', now() from e",
	"with e as (insert into private_exchanges (topic_id, person_id, started_at, said_at)"
	" select topic_id, author_id, now(), now() from posts where id = $2 returning id)"
	" insert into private_messages (exchange_id, author_id, is_from_team, body_md, body_html, created_at)"
	" select e.id, p.id, true, 'Je suis ' || p.name, 'Je suis ' || p.name, now() from e, people p where p.id = $1",
	"insert into attachments (message_id, kind, state, name, alt, bytes, content, uploaded_at)"
	" select m.id, 'text', 'ready', 'zyxommatique.txt', 'zyxommatique', 1, 'x', now()"
	" from private_messages m join private_exchanges e on e.id = m.exchange_id where e.person_id = $1 and $2 > 0",
	"insert into attachments (article_id, owner_id, kind, state, name, alt, bytes, content, uploaded_at)"
	" select max(a.id), p.id, 'text', 'ready', p.name || '.txt', 'De ' || p.name, 1, 'x', now()"
	" from articles a, people p where p.id = $1 and $2 > 0 group by p.id",
	"insert into experts (person_id, category_id, state, reason, answered_at, ends_at)"
	" select $1, t.category_id, 'active', 'zyxommatique', now(), now() + interval '1 year'"
	" from posts p join topics t on t.id = p.topic_id where p.id = $2",
	"insert into badge_awards (badge_id, person_id, reason) select min(id), $1, 'zyxommatique' from badges where $2 > 0",
	"insert into measures (person_id, kind, reason) select $1, 'note', 'zyxommatique' where $2 > 0",
	"insert into measures (person_id, kind, reason, acknowledged_at)"
	" select $1, 'warning', 'Bonjour Zephyrine d''Aubigné-Quillfeather, ceci…', now() where $2 > 0",
	"insert into moderation_items (kind, post_id, person_id, note)"
	" values ('similar', $2, $1, 'Zephyrine d''Aubigné-Quillfeather again')",
	"insert into moderation_cases (act, person_id, rule, facts, statement, is_decided_automatically, complaint_until)"
	" select 'warning', p.id, 'rude', p.name || ' wrote it', 'Bonjour ' || p.name || ' (' || p.email || ')', true, now()"
	" from people p where p.id = $1 and $2 > 0",
	"insert into complaints (case_id, person_id, text) select max(c.id), $1, 'zyxommatique' from moderation_cases c"
	" where c.person_id = $1 and $2 > 0",
	"insert into removals (person_id, reason, state) select p.id, 'Spam of ' || p.name, 'removed' from people p"
	" where p.id = $1 and $2 > 0",
	"insert into audit_log (action, subject, person_id, reason) select 'person_note', 'person', p.id, 'Dear ' || p.name"
	" from people p where p.id = $1 and $2 > 0",
	"insert into mirror_sources (connector, account, name, language, category_id)"
	" select 'facebook', 'a' || $2, 'Page', 'fr', min(id) from categories where $1 > 0",
	"insert into mirror_authors (source_id, author_key, name, person_id) select max(id), 'k', 'Somebody', $1"
	" from mirror_sources where $2 > 0",
	"insert into search_log (words, example, has_hits) select 'x', 'qui est ' || p.name, false from people p"
	" where p.id = $1 and $2 > 0",
	"insert into reputation_entries (person_id, cause, points, created_at) select $1, 'thanks', 1, now() where $2 > 0",
};

static void leave_traces(struct ctx *ctx, int64_t id, int64_t post_id)
{
	for (size_t i = 0; i < ARRAY_COUNT(traces); i++) {
		const struct stmt statement = { NULL, traces[i], 2 };
		enum err result = db_query(ctx, &statement, NULL, param_i64(id),
					   param_i64(post_id));

		if (result != OK)
			fail_msg("%s: %s", traces[i], ctx->error.details);
	}
}

/* Who signs what they write, in public, held and taken back. */
static int64_t who_is_everywhere(struct ctx *ctx, const char *email)
{
	struct actor *other = forum_person(ctx, "Octave", ROLE_CUSTOMER), *actor;
	int64_t id = confirmed(ctx, NAME, email), own, topic, post, held, taken_back;
	const char *token;

	assert_ok(ctx,
		  session_create(
			  ctx, &(struct session_new){ id, "198.51.100.78", WORDS " browser", NULL },
			  &token));
	actor = act_as(ctx, id);
	own = forum_ask(ctx, actor);
	topic = forum_ask(ctx, other);
	post = forum_answer(ctx, other, topic, "Une réponse assez longue pour compter.");
	forum_answer(ctx, actor, topic,
		     arena_printf(ctx->arena, "Il suffit de l'éteindre. %s, %s", NAME, email));
	held = forum_answer(ctx, actor, own, "Retenu : " WORDS);
	taken_back = forum_answer(ctx, actor, own, "Retiré : " WORDS);
	forum_number(
		ctx,
		"with x as (update posts set visibility = 'held' where id = $1 returning 1) select count(*) from x",
		held);
	forum_number(
		ctx,
		"with x as (update posts set visibility = 'withdrawn', withdrawn_by = author_id, withdrawn_at = now()"
		" where id = $1 returning 1) select count(*) from x",
		taken_back);
	leave_traces(ctx, id, post);
	ctx->actor = act_as(ctx, id);
	assert_ok(ctx, privacy_ask_erasure(ctx));
	return id;
}

static int64_t rows_of(struct ctx *ctx, const struct column *column, int64_t id)
{
	return forum_number(ctx,
			    arena_printf(ctx->arena, "select count(*) from %s where %s = $1",
					 table_of(ctx, column), column->name),
			    id);
}

/* Rows of any table whose text holds the word. */
static void assert_no_trace(struct ctx *ctx, const char *word)
{
	struct stmt tables = {
		NULL,
		"select c.relname from pg_class c\n"
		"where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace",
		0
	};
	struct rows rows, found;

	assert_ok(ctx, db_query_params(ctx, &tables, &rows, NULL, 0));
	while (rows_next(&rows)) {
		const char *table = col_text(&rows);
		struct stmt look = { NULL,
				     arena_printf(ctx->arena,
						  "select t::text from %s t where t::text ilike $1",
						  table),
				     1 };

		assert_ok(ctx, db_query(ctx, &look, &found,
					param_text(arena_printf(ctx->arena, "%%%s%%", word))));
		if (rows_next(&found))
			fail_msg("\"%s\" is still in %s: %s", word, table, col_text(&found));
	}
}

static void test_who_is_everywhere_is_nowhere_afterwards(void **state)
{
	struct ctx *ctx = *state;
	struct config *config = arena_new_of(ctx->arena, struct config);
	const char *email = new_email(ctx), *secret;
	int64_t before[ARRAY_COUNT(columns)], id = who_is_everywhere(ctx, email);

	*config = *ctx->config;
	crypto_box_new_keys(ctx->arena, &config->privacy.seal_key, &secret);
	ctx->config = config;
	ctx->actor = &actor_system;
	forum_sql(ctx, "update person_erasures set due_at = now(); delete from throttles");
	for (size_t i = 0; i < ARRAY_COUNT(columns); i++) {
		before[i] = rows_of(ctx, &columns[i], id);
		if (columns[i].erased == GONE && before[i] == 0)
			fail_msg("the person has nothing in %s: leave a trace", columns[i].name);
	}
	assert_ok(ctx, privacy_erase(ctx, id));
	for (size_t i = 0; i < ARRAY_COUNT(columns); i++) {
		int64_t after = rows_of(ctx, &columns[i], id);

		if (columns[i].erased == GONE ? after != 0 : after < before[i])
			fail_msg("%s had %lld rows and has %lld", columns[i].name,
				 (long long)before[i], (long long)after);
	}
	assert_no_trace(ctx, WORDS);
	assert_no_trace(ctx, "quillfeather");
	assert_no_trace(ctx, "d&#39;Aubign");
	assert_no_trace(ctx, email);
	assert_no_trace(ctx, "198.51.100.78");
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from posts where author_id = $1 and visibility = 'visible'"
			" and body_md like '%suffit de l_éteindre. …, …'",
			id),
		1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_every_column_that_names_a_person_is_stated),
		FORUM_TEST(test_everything_has_its_line_in_the_register),
		FORUM_TEST(test_what_is_stated_to_be_in_the_copy_is),
		FORUM_TEST(test_who_is_everywhere_is_nowhere_afterwards),
	};
	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_erasure");
}
