/*
 * Working a question at the desk: notes with mentions, reply templates, the card of who
 * asked, and acts that can be undone and do not cross a colleague's claim.
 */
#include "forum_fixture.h"

#include "forum/desk.h"
#include "forum/desk_act.h"
#include "forum/desk_breach.h"
#include "forum/desk_card.h"
#include "forum/desk_note.h"
#include "forum/desk_template.h"
#include "forum/policy.h"

static struct actor *advisor(struct ctx *ctx, const char *name)
{
	return forum_person(ctx, name, ROLE_ADVISOR);
}

/* A question that the worker has seen. */
static int64_t put_question(struct ctx *ctx, const struct actor *asker)
{
	int64_t id;

	/* The same words a second time would be refused. */
	forum_sql(ctx, "update posts set body_md = body_md || '.' || id");
	forum_sql(ctx, "delete from throttles");
	id = forum_ask(ctx, asker);

	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"insert into desk_questions (topic_id, stage, category_id, top_category_id,"
			" asked_at, order_at) select t.id, 'unanswered', t.category_id,"
			" t.top_category_id, t.created_at, t.created_at from topics t where t.id = %lld"
			" on conflict do nothing",
			(long long)id));
	return id;
}

static void set_handle(struct ctx *ctx, const struct actor *person, const char *handle)
{
	forum_sql(ctx, arena_printf(ctx->arena, "update people set handle = '%s' where id = %lld",
				    handle, (long long)person->id));
}

static int64_t told(struct ctx *ctx, const struct actor *person, const char *kind)
{
	return forum_number(ctx,
			    arena_printf(ctx->arena,
					 "select count(*) from notifications where person_id = $1"
					 " and kind = '%s' and read_at is null",
					 kind),
			    person->id);
}

/* Refused at that field. */
static void assert_refused_at(struct ctx *ctx, const char *field, enum err result)
{
	assert_int_equal(result, ERR_INVALID);
	assert_non_null(ctx->error.field);
	assert_string_equal(ctx->error.field, field);
	error_clear(ctx);
}

/* Notes ---------------------------------------------------------------------------------- */

struct seen_notes {
	struct desk_note *items;
	size_t count;
	bool has_more;
};

static struct seen_notes notes_of(struct ctx *ctx, int64_t topic_id)
{
	struct seen_notes seen;
	struct rows rows;

	desk_notes_add(ctx, topic_id, &rows);
	assert_ok(ctx, db_run(ctx));
	desk_notes_read(ctx, &rows, &seen.items, &seen.count, &seen.has_more);
	return seen;
}

static void test_a_note_tells_colleagues_who_are_named_and_nobody_else(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Nadia", ROLE_CUSTOMER);
	struct actor *writer = advisor(ctx, "Ada"), *colleague = advisor(ctx, "Bea");
	int64_t topic = put_question(ctx, asker), id;
	struct seen_notes notes;

	set_handle(ctx, colleague, "bea-desk-note");
	set_handle(ctx, asker, "nadia-desk-note");
	ctx->actor = writer;
	assert_ok(ctx, desk_note_create(ctx, topic, "Voir @bea-desk-note et @nadia-desk-note <b>",
					NULL, &id));
	assert_int_equal(told(ctx, colleague, "desk_note"), 1);
	assert_int_equal(told(ctx, asker, "desk_note"), 0);
	notes = notes_of(ctx, topic);
	assert_int_equal(notes.count, 1);
	assert_int_equal(notes.items[0].id, id);
	assert_true(notes.items[0].can_change);
	assert_null(strstr(notes.items[0].body.html, "<b>"));
	/* Read, and named once more: that is news again. */
	forum_sql(ctx, "update notifications set read_at = now()");
	assert_ok(ctx, desk_note_create(ctx, topic, "Encore @bea-desk-note", NULL, &id));
	assert_int_equal(told(ctx, colleague, "desk_note"), 1);
}

static void test_notes_are_for_the_desk_alone(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Omar", ROLE_CUSTOMER);
	int64_t topic = put_question(ctx, asker), id;

	ctx->actor = asker;
	assert_err(ctx, ERR_FORBIDDEN, desk_note_create(ctx, topic, "Moi aussi", NULL, &id));
	ctx->actor = advisor(ctx, "Cleo");
	assert_refused_at(ctx, "note", desk_note_create(ctx, topic, " \n ", NULL, &id));
	assert_err(ctx, ERR_NOT_FOUND, desk_note_create(ctx, topic + 100000, "Rien", NULL, &id));
	assert_int_equal(notes_of(ctx, topic).count, 0);
}

static void test_a_note_can_be_changed_by_its_writer_for_ten_minutes(void **state)
{
	struct ctx *ctx = *state;
	struct actor *writer = advisor(ctx, "Dora"), *other = advisor(ctx, "Elsa");
	int64_t topic = put_question(ctx, forum_person(ctx, "Pia", ROLE_CUSTOMER)), id;
	struct seen_notes notes;

	ctx->actor = writer;
	assert_ok(ctx, desk_note_create(ctx, topic, "Une note", NULL, &id));
	ctx->actor = other;
	assert_false(notes_of(ctx, topic).items[0].can_change);
	assert_err(ctx, ERR_NOT_FOUND, desk_note_change(ctx, topic, id, "Pas la mienne", NULL));
	ctx->actor = writer;
	assert_ok(ctx, desk_note_change(ctx, topic, id, "Une autre", NULL));
	notes = notes_of(ctx, topic);
	assert_string_equal(notes.items[0].body_md, "Une autre");
	assert_true(notes.items[0].edited_at != 0);
	ctx->now += DESK_NOTE_EDIT_MINUTES * CLOCK_MINUTE;
	assert_err(ctx, ERR_CONFLICT, desk_note_change(ctx, topic, id, "Trop tard", NULL));
	assert_err(ctx, ERR_CONFLICT, desk_note_delete(ctx, topic, id, NULL));
	assert_string_equal(notes_of(ctx, topic).items[0].body_md, "Une autre");
	ctx->now -= DESK_NOTE_EDIT_MINUTES * CLOCK_MINUTE;
	assert_ok(ctx, desk_note_delete(ctx, topic, id, NULL));
	assert_int_equal(notes_of(ctx, topic).count, 0);
}

/* Templates -------------------------------------------------------------------------------- */

static struct desk_template_form template_form(const char *title, const char *body)
{
	return (struct desk_template_form){
		.scope = DESK_TEMPLATE_ALL,
		.language = "fr",
		.title = title,
		.body_md = body,
	};
}

static void test_unknown_places_are_refused_with_their_line(void **state)
{
	static const struct {
		const char *body, *line, *shown;
	} cases[] = {
		{ "Bonjour {nom}", "1", "{nom}" },
		{ "Bonjour {customer},\n\n{link}", "3", "{link}" },
		{ "a\nb {customer:x}", "2", "{customer:x}" },
		{ "a\n\n\n} fin", "4", "}" },
		{ "Voir {link:Un article qui n'existe pas}", "1", "Un article qui n'existe pas" },
	};
	struct ctx *ctx = *state;

	ctx->actor = advisor(ctx, "Flora");
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		struct desk_template_form form = template_form("Titre", cases[i].body);

		assert_int_equal(desk_template_check(ctx, &form), ERR_INVALID);
		assert_string_equal(ctx->error.field, "body");
		if (!strstr(ctx->error.message, cases[i].line) ||
		    !strstr(ctx->error.message, cases[i].shown))
			fail_msg("%s: %s", cases[i].body, ctx->error.message);
		error_clear(ctx);
	}
}

static int64_t put_article(struct ctx *ctx, const char *title)
{
	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"with a as (insert into articles (language, title) values ('fr', '%s')"
			" returning id, title), v as (insert into article_versions (article_id,"
			" number, title, summary, body_md, body_html) select id, 1, title, '', 'x',"
			" 'x' from a returning id, article_id) select 1 from v",
			title));
	forum_sql(ctx,
		  "update articles a set published_version_id = v.id, latest_version_id = v.id,"
		  " state = 'published' from article_versions v where v.article_id = a.id");
	return forum_number(ctx, "select max(id) from articles where $1 = 0", 0);
}

static void test_places_are_filled_with_text_and_never_with_markup(void **state)
{
	const struct desk_template_values values = {
		.customer = "*Zoé* [x](https://evil.example) www.evil.example",
		.question = "<script>1</script>",
		.category = "Wi-Fi",
		.me = "Ada_",
	};
	struct ctx *ctx = *state;
	struct html_fragment html;
	struct desk_template_form form;
	const char *out;
	int64_t article;

	ctx->actor = advisor(ctx, "Gina");
	ctx->language = "fr";
	article = put_article(ctx, "Remettre [la] box en route");
	form = template_form(
		"Titre",
		arena_printf(ctx->arena,
			     "Bonjour {customer}, {question} dans {category}.\n{{brut}}\n"
			     "Voir {link:%lld} ou {link:remettre [la] box en route}.\n{me}",
			     (long long)article));
	assert_ok(ctx, desk_template_check(ctx, &form));
	assert_ok(ctx, desk_template_fill(ctx, form.body_md, &values, &out));
	assert_ok(ctx, post_render(ctx, "body", out, &html));
	assert_null(strstr(html.html, "href=\"http"));
	assert_null(strstr(html.html, "<em>"));
	assert_null(strstr(html.html, "<script"));
	assert_non_null(strstr(html.html, "{brut}"));
	assert_non_null(strstr(html.html, "Wi-Fi"));
	assert_non_null(strstr(html.html,
			       arena_printf(ctx->arena, "href=\"/kb/%lld-", (long long)article)));
	forum_sql(ctx, "update articles set state = 'archived', archived_at = now()");
	assert_ok(ctx, desk_template_fill(ctx, form.body_md, &values, &out));
	assert_null(strstr(out, "/kb/"));
}

static int64_t save_template(struct ctx *ctx, struct desk_template_form form)
{
	int64_t id;

	assert_ok(ctx, desk_template_save(ctx, &form, &id));
	return id;
}

static struct desk_template template_of(struct ctx *ctx, int64_t id)
{
	struct desk_template_list teams;
	struct desk_template_view view;

	assert_ok(ctx, desk_template_load(ctx, id, &view, &teams));
	return view.item;
}

static void test_a_template_has_a_history_and_every_step_is_undone(void **state)
{
	struct ctx *ctx = *state;
	struct desk_template_form second;
	int64_t id, same;

	ctx->actor = advisor(ctx, "Hana");
	id = save_template(ctx, template_form("Première", "Bonjour {customer}"));
	second = template_form("Seconde", "Salut {customer}");
	second.id = id;
	second.version = 1;
	assert_ok(ctx, desk_template_save(ctx, &second, &same));
	assert_int_equal(same, id);
	assert_string_equal(template_of(ctx, id).title, "Seconde");
	/* Made from what counted before. */
	assert_err(ctx, ERR_CONFLICT, desk_template_save(ctx, &second, &same));
	assert_ok(ctx, desk_template_undo(ctx, id, 2, NULL));
	assert_string_equal(template_of(ctx, id).body_md, "Bonjour {customer}");
	assert_ok(ctx, desk_template_delete(ctx, id, 3, NULL));
	assert_true(template_of(ctx, id).is_deleted);
	assert_ok(ctx, desk_template_undo(ctx, id, 4, NULL));
	assert_false(template_of(ctx, id).is_deleted);
	assert_int_equal(template_of(ctx, id).version, 5);
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from audit_log where subject = 'desk_template'"
			     " and subject_id = $1",
			     id),
		5);
}

static size_t offered(struct ctx *ctx, int64_t topic_id, int64_t id)
{
	struct desk_template *items;
	size_t count, found = 0;
	struct rows rows;

	desk_template_offer_add(ctx, topic_id, &rows);
	assert_ok(ctx, db_run(ctx));
	desk_template_offer_read(ctx, &rows, &items, &count);
	for (size_t i = 0; i < count; i++)
		found += items[i].id == id;
	return found;
}

static void test_ones_own_templates_are_nobody_elses(void **state)
{
	struct ctx *ctx = *state;
	struct actor *owner = advisor(ctx, "Ines"), *other = advisor(ctx, "Jade");
	int64_t topic = put_question(ctx, forum_person(ctx, "Rose", ROLE_CUSTOMER)), id, again;
	struct desk_template_form form = template_form("À moi", "Bonjour");
	struct desk_template_list teams;
	struct desk_template_view view;

	ctx->actor = owner;
	form.scope = DESK_TEMPLATE_OWN;
	id = save_template(ctx, form);
	assert_int_equal(offered(ctx, topic, id), 1);
	ctx->actor = other;
	assert_int_equal(offered(ctx, topic, id), 0);
	assert_err(ctx, ERR_NOT_FOUND, desk_template_load(ctx, id, &view, &teams));
	assert_err(ctx, ERR_NOT_FOUND, desk_template_delete(ctx, id, 1, NULL));
	ctx->actor = owner;
	form = template_form("Pour tous", "Bonjour");
	form.id = id;
	form.version = 1;
	assert_ok(ctx, desk_template_save(ctx, &form, &again));
	form.scope = DESK_TEMPLATE_OWN;
	form.version = 2;
	assert_refused_at(ctx, "scope", desk_template_save(ctx, &form, &again));
	ctx->actor = other;
	assert_int_equal(offered(ctx, topic, id), 1);
	desk_template_add_use(ctx, id);
	assert_ok(ctx, db_run(ctx));
	assert_int_equal(template_of(ctx, id).use_count, 1);
}

static void test_a_teams_templates_are_offered_to_the_team(void **state)
{
	struct ctx *ctx = *state;
	struct actor *member = advisor(ctx, "Kim"), *other = advisor(ctx, "Lea");
	int64_t topic = put_question(ctx, forum_person(ctx, "Sam", ROLE_CUSTOMER)), team, id;
	struct desk_template_form form = template_form("Équipe", "Bonjour");

	forum_sql(ctx, "insert into desk_teams (name) values ('Équipe des modèles')");
	team = forum_number(ctx, "select max(id) from desk_teams where $1 = 0", 0);
	forum_sql(ctx,
		  arena_printf(ctx->arena,
			       "insert into desk_members (person_id, team_id) values (%lld, %lld)",
			       (long long)member->id, (long long)team));
	ctx->actor = other;
	form.scope = DESK_TEMPLATE_TEAM;
	form.team_id = team;
	id = save_template(ctx, form);
	assert_int_equal(offered(ctx, topic, id), 0);
	ctx->actor = member;
	assert_int_equal(offered(ctx, topic, id), 1);
	form.team_id = team + 1000;
	assert_refused_at(ctx, "scope", desk_template_save(ctx, &form, &id));
}

/* The card ---------------------------------------------------------------------------------- */

static struct desk_card card_of(struct ctx *ctx, int64_t topic_id)
{
	struct desk_card_rows rows = desk_card_add(ctx, topic_id);
	struct desk_card card;

	assert_ok(ctx, db_run(ctx));
	desk_card_read(ctx, &rows, &card);
	return card;
}

static void test_the_card_of_who_opted_out_says_nothing(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Tess", ROLE_CUSTOMER);
	int64_t first = put_question(ctx, asker), second = put_question(ctx, asker);
	struct desk_card card;

	ctx->actor = advisor(ctx, "Mona");
	card = card_of(ctx, second);
	assert_true(card.has_account);
	assert_int_equal(card.question_count, 2);
	assert_int_equal(card.topic_count, 1);
	assert_int_equal(card.topics[0].id, first);
	assert_true(card.subject_count >= 1);
	assert_int_equal(card.subjects[0].count, 2);
	forum_sql(ctx,
		  arena_printf(ctx->arena, "update people set is_ranked = false where id = %lld",
			       (long long)asker->id));
	card = card_of(ctx, second);
	assert_true(card.is_private);
	assert_int_equal(card.question_count, 0);
	assert_int_equal(card.topic_count, 0);
	assert_int_equal(card.subject_count, 0);
}

static void test_measures_are_shown_to_the_team_and_not_to_experts(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Ugo", ROLE_CUSTOMER);
	int64_t topic = put_question(ctx, asker);

	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"insert into measures (person_id, kind, reason, ends_at) values"
			" (%lld, 'silence', 'x', now() + interval '1 day'), (%lld, 'note', 'y', null)",
			(long long)asker->id, (long long)asker->id));
	ctx->actor = advisor(ctx, "Nora");
	assert_int_equal(card_of(ctx, topic).measure_count, 1);
	assert_int_equal(card_of(ctx, topic).measures[0].kind, MEASURE_SILENCE);
	ctx->actor = forum_person(ctx, "Expert", ROLE_CUSTOMER);
	assert_int_equal(card_of(ctx, topic).measure_count, 0);
}

/* Acts ---------------------------------------------------------------------------------------- */

static struct desk_question question_of(struct ctx *ctx, int64_t topic_id)
{
	struct desk_question question;

	assert_ok(ctx, desk_load(ctx, topic_id, &question));
	return question;
}

static int64_t newest_act(struct ctx *ctx, int64_t topic_id)
{
	return forum_number(ctx, "select max(id) from desk_acts where topic_id = $1", topic_id);
}

static void test_handing_over_tells_the_other_and_can_be_undone(void **state)
{
	struct ctx *ctx = *state;
	struct actor *one = advisor(ctx, "Olga"), *other = advisor(ctx, "Pola");
	int64_t topic = put_question(ctx, forum_person(ctx, "Vera", ROLE_CUSTOMER));
	struct desk_act_form form = { .topic_id = topic,
				      .kind = DESK_HAND_OVER,
				      .person_id = other->id,
				      .reason = "Facturation" };
	struct desk_claim claim;

	ctx->actor = one;
	assert_ok(ctx, desk_claim(ctx, topic, &claim));
	assert_ok(ctx, desk_act(ctx, &form));
	assert_int_equal(question_of(ctx, topic).assigned_to, other->id);
	assert_int_equal(question_of(ctx, topic).claimed_by, 0);
	assert_int_equal(told(ctx, other, "desk_handed"), 1);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from desk_events where topic_id = $1"
				      " and kind = 'handed_over'",
				      topic),
			 1);
	assert_ok(ctx, desk_act_undo(ctx, topic, newest_act(ctx, topic), NULL));
	assert_int_equal(question_of(ctx, topic).assigned_to, 0);
	/* Twice is once. */
	assert_ok(ctx, desk_act_undo(ctx, topic, newest_act(ctx, topic), NULL));
}

static void test_an_expert_is_chosen_by_field_and_is_done_by_answering(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Wanda", ROLE_CUSTOMER);
	struct actor *expert = forum_person(ctx, "Xena", ROLE_CUSTOMER);
	int64_t topic = put_question(ctx, asker), category;
	struct desk_act_form form = {
		.topic_id = topic, .kind = DESK_ESCALATE, .person_id = expert->id, .hours = 24
	};

	ctx->actor = advisor(ctx, "Rita");
	assert_refused_at(ctx, "to", desk_act(ctx, &form));
	category = forum_number(ctx, "select category_id from topics where id = $1", topic);
	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"insert into experts (person_id, category_id, state, reason, answered_at,"
			" ends_at) values (%lld, %lld, 'active', 'x', now(), now() + interval '1 year')",
			(long long)expert->id, (long long)category));
	form.hours = 0;
	assert_refused_at(ctx, "hours", desk_act(ctx, &form));
	form.hours = 24;
	assert_ok(ctx, desk_act(ctx, &form));
	assert_int_equal(question_of(ctx, topic).escalated_to, expert->id);
	assert_true(question_of(ctx, topic).escalated_due_at > ctx->now);
	assert_int_equal(told(ctx, expert, "desk_handed"), 1);
	expert->expert_fields = arena_printf(ctx->arena, ",c%lld,", (long long)category);
	forum_answer(ctx, expert, topic, "Il faut remplacer le bloc d'alimentation de la box.");
	assert_int_equal(question_of(ctx, topic).escalated_to, 0);
	/* Another act came since: the answer. */
	assert_err(ctx, ERR_CONFLICT, desk_act_undo(ctx, topic, newest_act(ctx, topic), NULL));
}

static void test_nobody_acts_across_a_claim(void **state)
{
	struct ctx *ctx = *state;
	struct actor *holder = advisor(ctx, "Suzy"), *other = advisor(ctx, "Tina");
	int64_t topic = put_question(ctx, forum_person(ctx, "Yann", ROLE_CUSTOMER)), note;
	struct desk_act_form form = { .topic_id = topic,
				      .kind = DESK_FOLLOW_UP,
				      .follow_up_at = ctx->now + 3 * CLOCK_DAY };
	struct desk_claim claim;

	ctx->actor = holder;
	assert_ok(ctx, desk_claim(ctx, topic, &claim));
	ctx->actor = other;
	assert_err(ctx, ERR_CONFLICT, desk_act(ctx, &form));
	/* But a note may be left. */
	assert_ok(ctx, desk_note_create(ctx, topic, "Vu", NULL, &note));
	ctx->actor = holder;
	assert_ok(ctx, desk_act(ctx, &form));
	assert_true(question_of(ctx, topic).follow_up_at == form.follow_up_at);
	assert_int_equal(question_of(ctx, topic).claimed_by, holder->id);
	form.follow_up_at = ctx->now - CLOCK_DAY;
	assert_refused_at(ctx, "follow_up", desk_act(ctx, &form));
}

static void test_the_same_form_twice_is_one_act(void **state)
{
	struct ctx *ctx = *state;
	int64_t topic = put_question(ctx, forum_person(ctx, "Zita", ROLE_CUSTOMER));
	struct desk_act_form form = {
		.topic_id = topic,
		.kind = DESK_ESCALATE,
		.level = 2,
		.hours = 4,
		.form_key = "dddddddddddddddddddddddddddddddddddddddddddd-twice",
	};

	ctx->actor = advisor(ctx, "Uma");
	assert_ok(ctx, desk_act(ctx, &form));
	assert_ok(ctx, desk_act(ctx, &form));
	assert_int_equal(question_of(ctx, topic).level, 2);
	assert_int_equal(
		forum_number(ctx, "select count(*) from desk_acts where topic_id = $1", topic), 1);
}

/* Why it was late ------------------------------------------------------------------------ */

static void put_breach(struct ctx *ctx, int64_t topic, const char *kind)
{
	forum_sql(ctx, arena_printf(ctx->arena,
				    "insert into desk_breaches (topic_id, kind, due_at, cause,"
				    " category_id) select id, '%s', now(), 'unseen', category_id"
				    " from topics where id = %lld",
				    kind, (long long)topic));
}

static void test_whoever_worked_on_it_corrects_the_cause(void **state)
{
	struct ctx *ctx = *state;
	int64_t topic = put_question(ctx, forum_person(ctx, "Zoé", ROLE_CUSTOMER));
	struct desk_breach seen[DESK_BREACHES_MAX];
	struct rows rows;
	size_t count;

	put_breach(ctx, topic, "first_answer");
	put_breach(ctx, topic, "solution");
	ctx->actor = advisor(ctx, "Uma");
	assert_ok(ctx, desk_breach_correct(ctx, topic, false, "outage", "  Panne à Lyon  "));
	desk_breaches_add(ctx, topic, &rows);
	assert_ok(ctx, db_run(ctx));
	desk_breaches_read(ctx, &rows, seen, &count);
	assert_int_equal(count, 2);
	assert_true(seen[0].is_first_answer);
	assert_string_equal(seen[0].cause, "unseen");
	assert_string_equal(seen[0].corrected_by, "");
	assert_string_equal(seen[1].cause, "outage");
	assert_string_equal(seen[1].note, "Panne à Lyon");
	assert_string_equal(seen[1].corrected_by, "Uma");
	assert_int_equal(forum_number(ctx,
				      "select count(*) from audit_log where subject_id = $1"
				      " and action = 'desk_cause_corrected'"
				      " and details ->> 'before' = 'unseen'",
				      topic),
			 1);
}

static void test_a_cause_is_one_of_the_list_and_of_a_breach(void **state)
{
	struct ctx *ctx = *state;
	int64_t topic = put_question(ctx, forum_person(ctx, "Zoé", ROLE_CUSTOMER));
	char note[DESK_BREACH_NOTE_MAX + 2];

	put_breach(ctx, topic, "solution");
	memset(note, 'x', sizeof(note) - 1);
	note[sizeof(note) - 1] = '\0';
	ctx->actor = advisor(ctx, "Uma");
	assert_refused_at(ctx, "cause", desk_breach_correct(ctx, topic, false, "laziness", ""));
	assert_refused_at(ctx, "cause_note", desk_breach_correct(ctx, topic, false, "other", note));
	assert_int_equal(desk_breach_correct(ctx, topic, true, "other", ""), ERR_NOT_FOUND);
	db_rollback(ctx);
	ctx->actor = forum_person(ctx, "Zoé", ROLE_CUSTOMER);
	assert_int_equal(desk_breach_correct(ctx, topic, false, "other", ""), ERR_FORBIDDEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_a_note_tells_colleagues_who_are_named_and_nobody_else),
		FORUM_TEST(test_notes_are_for_the_desk_alone),
		FORUM_TEST(test_a_note_can_be_changed_by_its_writer_for_ten_minutes),
		FORUM_TEST(test_unknown_places_are_refused_with_their_line),
		FORUM_TEST(test_places_are_filled_with_text_and_never_with_markup),
		FORUM_TEST(test_a_template_has_a_history_and_every_step_is_undone),
		FORUM_TEST(test_ones_own_templates_are_nobody_elses),
		FORUM_TEST(test_a_teams_templates_are_offered_to_the_team),
		FORUM_TEST(test_the_card_of_who_opted_out_says_nothing),
		FORUM_TEST(test_measures_are_shown_to_the_team_and_not_to_experts),
		FORUM_TEST(test_handing_over_tells_the_other_and_can_be_undone),
		FORUM_TEST(test_an_expert_is_chosen_by_field_and_is_done_by_answering),
		FORUM_TEST(test_nobody_acts_across_a_claim),
		FORUM_TEST(test_the_same_form_twice_is_one_act),
		FORUM_TEST(test_whoever_worked_on_it_corrects_the_cause),
		FORUM_TEST(test_a_cause_is_one_of_the_list_and_of_a_breach),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_desk_work");
}
