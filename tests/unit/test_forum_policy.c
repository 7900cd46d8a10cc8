/*
 * Who may do what: as a table of actor, action and state, and as the matrix that
 * docs/permissions.md shows (ENTRAIDE_BLESS=1 writes it anew).
 */
#include "unit.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/ctx.h"
#include "forum/policy.h"

#define NOW (INT64_C(1000) * CLOCK_DAY)

enum who {
	VISITOR,
	ASKER,
	WRITER,
	OTHER,
	UNCONFIRMED,
	SUSPENDED,
	TRUSTED_WRITER, /* level 2 */
	REGULAR,        /* level 3 */
	LEADER,         /* level 4, no staff */
	ADVISOR,
	SUSPENDED_ADVISOR,
	MODERATOR,
	ADMINISTRATOR,
	SYSTEM,
	WHO_COUNT,
};

static const struct actor actors[WHO_COUNT] = {
	[VISITOR] = { .role = ROLE_VISITOR },
	[ASKER] = { .id = 1, .role = ROLE_CUSTOMER, .is_confirmed = true },
	[WRITER] = { .id = 2, .role = ROLE_CUSTOMER, .is_confirmed = true },
	[OTHER] = { .id = 3, .role = ROLE_CUSTOMER, .is_confirmed = true },
	[UNCONFIRMED] = { .id = 4, .role = ROLE_CUSTOMER },
	[SUSPENDED] = { .id = 5,
			.role = ROLE_CUSTOMER,
			.is_confirmed = true,
			.is_suspended = true },
	[TRUSTED_WRITER] = { .id = 2,
			     .role = ROLE_CUSTOMER,
			     .is_confirmed = true,
			     .trust_level = TRUST_MEMBER },
	[REGULAR] = { .id = 9,
		      .role = ROLE_CUSTOMER,
		      .is_confirmed = true,
		      .trust_level = TRUST_REGULAR,
		      .is_trusted = true },
	[LEADER] = { .id = 10,
		     .role = ROLE_CUSTOMER,
		     .is_confirmed = true,
		     .trust_level = TRUST_LEADER,
		     .is_trusted = true },
	[ADVISOR] = { .id = 6, .role = ROLE_ADVISOR, .is_confirmed = true },
	[SUSPENDED_ADVISOR] = { .id = 6,
				.role = ROLE_ADVISOR,
				.is_confirmed = true,
				.is_suspended = true },
	[MODERATOR] = { .id = 7, .role = ROLE_MODERATOR, .is_confirmed = true },
	[ADMINISTRATOR] = { .id = 8, .role = ROLE_ADMINISTRATOR, .is_confirmed = true },
};

static const struct actor *actor_of(enum who who)
{
	return who == SYSTEM ? &actor_system : &actors[who];
}

/* An answer by 2 to a question by 1, an hour old, all visible and open. */
static struct subject an_answer(void)
{
	return (struct subject){
		.author_id = 2,
		.topic_author_id = 1,
		.kind = POST_ANSWER,
		.has_answers = true,
		.created_at = NOW - CLOCK_HOUR,
		.topic_created_at = NOW - 2 * CLOCK_HOUR,
		.now = NOW,
	};
}

static struct subject a_question(void)
{
	struct subject subject = an_answer();

	subject.author_id = 1;
	subject.kind = POST_QUESTION;
	subject.created_at = subject.topic_created_at;
	return subject;
}

#define BIT(who)   (1u << (who))
#define STAFF      (BIT(ADVISOR) | BIT(MODERATOR) | BIT(ADMINISTRATOR) | BIT(SYSTEM))
#define MODERATORS (BIT(MODERATOR) | BIT(ADMINISTRATOR) | BIT(SYSTEM))
#define HIGH       (BIT(REGULAR) | BIT(LEADER))
#define MEMBERS    (BIT(ASKER) | BIT(WRITER) | BIT(OTHER) | BIT(TRUSTED_WRITER) | HIGH | STAFF)
#define EVERYBODY  (BIT(WHO_COUNT) - 1)

/* Exactly those in allowed may, nobody else. */
static void assert_allowed(enum action action, struct subject subject, unsigned allowed)
{
	for (int who = 0; who < WHO_COUNT; who++) {
		const struct actor *actor = actor_of((enum who)who);
		bool may = policy_can(actor, action, &subject);

		if (may != ((allowed & BIT(who)) != 0))
			fail_msg("%s: actor %d %s", action_name(action), who,
				 may ? "may" : "may not");
		if (!may)
			assert_true(*policy_reason(actor, action, &subject) != '\0');
	}
}

static void test_members_ask_answer_and_comment(void **state)
{
	(void)state;
	assert_allowed(MAY_ASK, (struct subject){ .now = NOW }, MEMBERS);
	assert_allowed(MAY_ANSWER, a_question(), MEMBERS);
	assert_allowed(MAY_COMMENT, an_answer(), MEMBERS);
}

static void test_closed_or_duplicate_topic_refuses_answers_except_from_staff(void **state)
{
	static const enum topic_status ended[] = { STATUS_CLOSED, STATUS_DUPLICATE };

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(ended); i++) {
		struct subject question = a_question(), answer = an_answer();

		question.status = answer.status = ended[i];
		assert_allowed(MAY_ANSWER, question, STAFF);
		assert_allowed(MAY_COMMENT, answer, STAFF);
	}
}

static void test_topic_that_needs_information_is_open(void **state)
{
	struct subject question = a_question();

	(void)state;
	question.status = STATUS_NEEDS_INFORMATION;
	assert_allowed(MAY_ANSWER, question, MEMBERS);
}

static void test_withdrawn_topic_takes_nothing(void **state)
{
	struct subject question = a_question(), answer = an_answer();

	(void)state;
	question.visibility = question.topic_visibility = VISIBILITY_WITHDRAWN;
	answer.topic_visibility = VISIBILITY_WITHDRAWN;
	assert_allowed(MAY_ANSWER, question, 0);
	assert_allowed(MAY_COMMENT, answer, 0);
	assert_allowed(MAY_THANK, answer, 0);
	assert_allowed(MAY_ME_TOO, question, 0);
}

static void test_own_post_is_edited_within_its_window(void **state)
{
	struct subject answer = an_answer();

	(void)state;
	assert_allowed(MAY_EDIT_POST, answer, BIT(WRITER) | BIT(TRUSTED_WRITER) | MODERATORS);
	answer.created_at = NOW - policy_edit_window(false);
	assert_allowed(MAY_EDIT_POST, answer, BIT(WRITER) | BIT(TRUSTED_WRITER) | MODERATORS);
	answer.created_at = NOW - policy_edit_window(false) - 1;
	assert_allowed(MAY_EDIT_POST, answer, BIT(TRUSTED_WRITER) | MODERATORS);
	answer.created_at = NOW - policy_edit_window(true) - 1;
	assert_allowed(MAY_EDIT_POST, answer, MODERATORS);
}

static void test_advisor_keeps_own_answers_up_to_date(void **state)
{
	struct subject answer = an_answer();

	(void)state;
	answer.author_id = actors[ADVISOR].id;
	answer.created_at = NOW - 400 * CLOCK_DAY;
	assert_allowed(MAY_EDIT_POST, answer, BIT(ADVISOR) | MODERATORS);
}

static void test_tags_are_the_askers_for_a_while_regulars_and_the_staffs(void **state)
{
	struct subject question = a_question();

	(void)state;
	assert_allowed(MAY_EDIT_TAGS, question, BIT(ASKER) | HIGH | STAFF);
	question.topic_created_at = NOW - policy_edit_window(false) - 1;
	assert_allowed(MAY_EDIT_TAGS, question, HIGH | STAFF);
	question.status = STATUS_CLOSED;
	assert_allowed(MAY_EDIT_TAGS, question, STAFF);
}

static void test_question_is_withdrawn_only_while_unanswered(void **state)
{
	struct subject question = a_question();

	(void)state;
	assert_allowed(MAY_WITHDRAW_POST, question, MODERATORS);
	question.has_answers = false;
	assert_allowed(MAY_WITHDRAW_POST, question, BIT(ASKER) | MODERATORS);
	assert_allowed(MAY_WITHDRAW_POST, an_answer(),
		       BIT(WRITER) | BIT(TRUSTED_WRITER) | MODERATORS);
}

static void test_restoring_is_for_who_withdrew(void **state)
{
	struct subject answer = an_answer();

	(void)state;
	assert_allowed(MAY_RESTORE_POST, answer, 0);
	answer.visibility = VISIBILITY_WITHDRAWN;
	answer.withdrawn_by = answer.author_id;
	assert_allowed(MAY_RESTORE_POST, answer, BIT(WRITER) | BIT(TRUSTED_WRITER) | MODERATORS);
	answer.withdrawn_by = actors[MODERATOR].id;
	assert_allowed(MAY_RESTORE_POST, answer, MODERATORS);
	answer.visibility = VISIBILITY_HELD;
	answer.withdrawn_by = 0;
	assert_allowed(MAY_RESTORE_POST, answer, MODERATORS);
}

static void test_withdrawn_posts_are_seen_by_author_and_staff(void **state)
{
	struct subject answer = an_answer();

	(void)state;
	answer.visibility = VISIBILITY_WITHDRAWN;
	assert_allowed(MAY_SEE_WITHDRAWN, answer, BIT(WRITER) | BIT(TRUSTED_WRITER) | STAFF);
	assert_allowed(MAY_SEE_REVISIONS, answer, BIT(WRITER) | BIT(TRUSTED_WRITER) | STAFF);
}

static void test_revisions_are_public_but_nothing_else_is(void **state)
{
	(void)state;
	assert_allowed(MAY_SEE_REVISIONS, an_answer(), EVERYBODY);
	for (int action = 0; action < ACTION_COUNT; action++) {
		struct subject answer = an_answer();

		if (action != MAY_SEE_REVISIONS)
			assert_false(policy_can(actor_of(VISITOR), (enum action)action, &answer));
	}
}

static void test_accepting_is_the_askers_then_the_teams(void **state)
{
	struct subject answer = an_answer();

	(void)state;
	assert_allowed(MAY_ACCEPT, answer, BIT(ASKER));
	answer.created_at = NOW - policy_staff_accept_delay() + 1;
	assert_allowed(MAY_ACCEPT, answer, BIT(ASKER));
	answer.created_at = NOW - policy_staff_accept_delay();
	assert_allowed(MAY_ACCEPT, answer, BIT(ASKER) | STAFF);
	assert_allowed(MAY_ACCEPT, a_question(), 0);
	answer.visibility = VISIBILITY_WITHDRAWN;
	assert_allowed(MAY_ACCEPT, answer, 0);
}

static void test_nobody_thanks_or_joins_oneself(void **state)
{
	(void)state;
	assert_allowed(MAY_THANK, an_answer(), MEMBERS & ~(BIT(WRITER) | BIT(TRUSTED_WRITER)));
	assert_allowed(MAY_THANK, a_question(), 0);
	assert_allowed(MAY_ME_TOO, a_question(), MEMBERS & ~BIT(ASKER));
}

/* Posts of nobody, and actors that are nobody, are not each other's own. */
static void test_nobodys_post_belongs_to_nobody(void **state)
{
	struct subject answer = an_answer();

	(void)state;
	answer.author_id = answer.topic_author_id = 0;
	assert_allowed(MAY_EDIT_POST, answer, MODERATORS);
	assert_allowed(MAY_ACCEPT, answer, 0);
}

static void test_staff_set_states(void **state)
{
	(void)state;
	assert_allowed(MAY_ASK_FOR_INFORMATION, a_question(), STAFF);
	assert_allowed(MAY_MARK_DUPLICATE, a_question(), BIT(LEADER) | STAFF);
	assert_allowed(MAY_CLOSE, a_question(), STAFF);
	assert_allowed(MAY_SEE_STATISTICS, (struct subject){ .now = NOW }, STAFF);
	assert_allowed(MAY_MANAGE_PEOPLE, a_question(), MODERATORS);
}

static void test_administration_is_for_the_team_and_synonyms_for_administrators(void **state)
{
	struct subject nothing = { .now = NOW };

	(void)state;
	assert_allowed(MAY_SEE_ADMINISTRATION, nothing, STAFF);
	assert_allowed(MAY_EDIT_SYNONYMS, nothing, BIT(ADMINISTRATOR) | BIT(SYSTEM));
	assert_allowed(MAY_MANAGE_TAGS, nothing, BIT(ADMINISTRATOR) | BIT(SYSTEM));
	assert_allowed(MAY_USE_RESTRICTED_TAG, nothing, STAFF);
	assert_allowed(MAY_EDIT_HOLDING, nothing, BIT(ADMINISTRATOR) | BIT(SYSTEM));
}

static void test_standing_is_for_oneself_and_moderators(void **state)
{
	struct subject nothing = { .now = NOW }, own = { .now = NOW, .author_id = 2 };

	(void)state;
	assert_allowed(MAY_SEE_STANDING, own, BIT(WRITER) | BIT(TRUSTED_WRITER) | MODERATORS);
	assert_allowed(MAY_SEE_STANDING, nothing, MODERATORS);
	assert_allowed(MAY_GIVE_TRUST, nothing, MODERATORS);
	assert_allowed(MAY_JUDGE_RINGS, nothing, MODERATORS);
	assert_allowed(MAY_GIVE_BADGES, nothing, MODERATORS);
	assert_allowed(MAY_EDIT_RANKS, nothing, BIT(ADMINISTRATOR) | BIT(SYSTEM));
}

static void test_experts_act_in_their_field_on_others_answers(void **state)
{
	struct subject answer = an_answer();

	(void)state;
	answer.created_at = NOW - policy_staff_accept_delay();
	assert_allowed(MAY_ENDORSE, answer, STAFF);
	assert_allowed(MAY_PROPOSE_ARTICLE, answer, STAFF);
	assert_allowed(MAY_NOMINATE, answer, STAFF);
	assert_allowed(MAY_END_EXPERTS, answer, MODERATORS);
	answer.is_actors_field = true;
	assert_allowed(MAY_ENDORSE, answer, MEMBERS & ~(BIT(WRITER) | BIT(TRUSTED_WRITER)));
	assert_allowed(MAY_ACCEPT, answer, MEMBERS & ~(BIT(WRITER) | BIT(TRUSTED_WRITER)));
	answer.created_at = NOW - policy_staff_accept_delay() + 1;
	assert_allowed(MAY_ACCEPT, answer, BIT(ASKER));
}

static void test_members_flag_others_posts_and_the_team_decides(void **state)
{
	struct subject withdrawn = an_answer();

	(void)state;
	withdrawn.visibility = VISIBILITY_WITHDRAWN;
	assert_allowed(MAY_FLAG, an_answer(), MEMBERS & ~(BIT(WRITER) | BIT(TRUSTED_WRITER)));
	assert_allowed(MAY_FLAG, withdrawn, 0);
	assert_allowed(MAY_SEE_QUEUE, (struct subject){ .now = NOW }, STAFF);
	assert_allowed(MAY_MODERATE, (struct subject){ .now = NOW }, MODERATORS);
}

static void test_unconfirmed_and_suspended_people_may_follow_and_read_only(void **state)
{
	(void)state;
	assert_allowed(MAY_FOLLOW, a_question(), EVERYBODY & ~BIT(VISITOR));
}

static void test_reason_says_what_to_do(void **state)
{
	struct subject question = a_question();

	(void)state;
	assert_string_equal(policy_reason(actor_of(VISITOR), MAY_ANSWER, &question),
			    "Sign in to do this.");
	assert_non_null(strstr(policy_reason(actor_of(UNCONFIRMED), MAY_ANSWER, &question),
			       "Confirm your e-mail address"));
	assert_non_null(
		strstr(policy_reason(actor_of(SUSPENDED), MAY_ANSWER, &question), "suspended"));
	assert_string_equal(policy_reason(actor_of(OTHER), MAY_CLOSE, &question),
			    "Only the team may do this.");
	question.status = STATUS_CLOSED;
	assert_string_equal(policy_reason(actor_of(OTHER), MAY_ANSWER, &question),
			    "This question is closed.");
}

static void test_require_tells_visitors_to_sign_in(void **state)
{
	struct ctx ctx = { .arena = *state, .actor = actor_of(VISITOR) };
	struct subject question = a_question();

	assert_int_equal(policy_require(&ctx, MAY_ANSWER, &question), ERR_UNAUTHENTICATED);
	ctx.actor = actor_of(SUSPENDED);
	assert_int_equal(policy_require(&ctx, MAY_ANSWER, &question), ERR_FORBIDDEN);
	ctx.actor = actor_of(OTHER);
	assert_int_equal(policy_require(&ctx, MAY_ANSWER, &question), OK);
}

static void test_words_survive_the_way_there_and_back(void **state)
{
	enum topic_status status;

	(void)state;
	assert_int_equal(topic_status_from_text("needs_information"), STATUS_NEEDS_INFORMATION);
	assert_int_equal(visibility_from_text(visibility_text(VISIBILITY_HELD)), VISIBILITY_HELD);
	assert_int_equal(post_kind_from_text(post_kind_text(POST_COMMENT)), POST_COMMENT);
	assert_true(topic_status_parse("closed", &status));
	assert_int_equal(status, STATUS_CLOSED);
	assert_false(topic_status_parse("closed'; --", &status));
}

/* docs/permissions.md ------------------------------------------------------ */

static const char matrix_opening[] =
	"# Who may do what\n"
	"\n"
	"Printed from the table in `src/forum/policy.c` by `tests/unit/test_forum_policy.c`\n"
	"(`ENTRAIDE_BLESS=1` writes it anew); not edited by hand.\n"
	"\n"
	"Everybody but visitors must have confirmed their e-mail address and not be\n"
	"suspended, except to follow, to see what they withdrew, and to read. The edit\n"
	"window is 24 hours, 30 days from trust level 2 on. Visible means that neither the\n"
	"post nor its question was withdrawn; open, that the question is neither closed\n"
	"nor a duplicate.\n"
	"\n";

static char *print_matrix(struct arena *arena)
{
	struct buf out;

	buf_init(&out, arena, 1 << 16);
	buf_text(&out, matrix_opening);
	buf_text(&out, "| action |");
	for (int role = 0; role < ROLE_COUNT; role++)
		buf_printf(&out, " %s |", role_text((enum role)role));
	buf_text(&out, "\n|---|");
	for (int role = 0; role < ROLE_COUNT; role++)
		buf_text(&out, "---|");
	for (int action = 0; action < ACTION_COUNT; action++) {
		buf_printf(&out, "\n| %s |", action_name((enum action)action));
		for (int role = 0; role < ROLE_COUNT; role++)
			buf_printf(&out, " %s |",
				   policy_describe(arena, (enum role)role, (enum action)action));
	}
	buf_char(&out, '\n');
	return buf_to_arena(&out, arena);
}

static void test_documented_matrix_is_the_tables(void **state)
{
	struct arena *arena = *state;
	const char *directory = getenv("ENTRAIDE_SOURCE_DIR");
	const char *path = arena_printf(arena, "%s/docs/permissions.md",
					directory ? directory : ".");
	bool is_blessing = getenv("ENTRAIDE_BLESS") != NULL;
	char *wanted = print_matrix(arena), *found = arena_alloc(arena, 1 << 16);
	FILE *file = fopen(path, is_blessing ? "w" : "r");

	if (!file)
		fail_msg("cannot open %s", path);
	if (is_blessing)
		fputs(wanted, file);
	else
		found[fread(found, 1, (1 << 16) - 1, file)] = '\0';
	fclose(file);
	if (!is_blessing)
		assert_string_equal(found, wanted);
}

static void test_whoever_is_asked_for_consent_again_reads_but_does_not_write(void **state)
{
	static const enum action writing[] = { MAY_ASK, MAY_ANSWER, MAY_COMMENT, MAY_EDIT_POST };
	const struct subject own = {
		.author_id = 3, .topic_author_id = 3, .created_at = NOW, .now = NOW
	};
	struct actor asked = actors[OTHER];

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(writing); i++) {
		asked.lacks_consent = false;
		assert_true(policy_can(&asked, writing[i], &own));
		asked.lacks_consent = true;
		assert_false(policy_can(&asked, writing[i], &own));
		assert_non_null(strstr(policy_reason(&asked, writing[i], &own), "charter"));
	}
	assert_true(policy_can(&asked, MAY_WITHDRAW_POST, &own));
	assert_true(policy_can(&asked, MAY_FOLLOW, &own));
}

static void test_categories_say_which_roles_ask_and_answer(void **state)
{
	struct actor member = actors[OTHER], advisor = actors[ADVISOR],
		     moderator = actors[MODERATOR];
	const struct subject strict = { .category_id = 12, .now = NOW };
	const struct subject closed = { .category_id = 15, .now = NOW };
	const struct subject open = { .category_id = 1, .now = NOW };

	(void)state;
	member.category_rights = advisor.category_rights = moderator.category_rights =
		",12=23,15=99,";
	assert_false(policy_can(&member, MAY_ASK, &strict));
	assert_true(policy_can(&advisor, MAY_ASK, &strict));
	assert_false(policy_can(&advisor, MAY_ANSWER, &strict));
	assert_false(policy_can(&advisor, MAY_COMMENT, &strict));
	assert_true(policy_can(&moderator, MAY_ANSWER, &strict));
	assert_false(policy_can(&moderator, MAY_ASK, &closed));
	assert_true(policy_can(&member, MAY_ASK, &open));
	assert_true(policy_can(&member, MAY_ASK, &(struct subject){ .now = NOW }));
	assert_non_null(strstr(policy_reason(&member, MAY_ASK, &strict), "only the team asks"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_members_ask_answer_and_comment),
		TEST(test_closed_or_duplicate_topic_refuses_answers_except_from_staff),
		TEST(test_topic_that_needs_information_is_open),
		TEST(test_withdrawn_topic_takes_nothing),
		TEST(test_own_post_is_edited_within_its_window),
		TEST(test_advisor_keeps_own_answers_up_to_date),
		TEST(test_tags_are_the_askers_for_a_while_regulars_and_the_staffs),
		TEST(test_question_is_withdrawn_only_while_unanswered),
		TEST(test_restoring_is_for_who_withdrew),
		TEST(test_withdrawn_posts_are_seen_by_author_and_staff),
		TEST(test_revisions_are_public_but_nothing_else_is),
		TEST(test_accepting_is_the_askers_then_the_teams),
		TEST(test_nobody_thanks_or_joins_oneself),
		TEST(test_nobodys_post_belongs_to_nobody),
		TEST(test_staff_set_states),
		TEST(test_administration_is_for_the_team_and_synonyms_for_administrators),
		TEST(test_standing_is_for_oneself_and_moderators),
		TEST(test_experts_act_in_their_field_on_others_answers),
		TEST(test_members_flag_others_posts_and_the_team_decides),
		TEST(test_unconfirmed_and_suspended_people_may_follow_and_read_only),
		TEST(test_whoever_is_asked_for_consent_again_reads_but_does_not_write),
		TEST(test_categories_say_which_roles_ask_and_answer),
		TEST(test_reason_says_what_to_do),
		TEST(test_require_tells_visitors_to_sign_in),
		TEST(test_words_survive_the_way_there_and_back),
		TEST(test_documented_matrix_is_the_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
