/*
 * The whole matrix of who may do what in which state, against the expectation in
 * data/policy_matrix.txt, which is written by hand; and what must hold for every
 * mixture of person and state, whatever the table says.
 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "forum/policy.h"

#define NOW       (INT64_C(1000) * CLOCK_DAY)
#define CATEGORY  7
#define BARRED    ",3,7,"
#define AUTHOR_ID 2
#define ASKER_ID  1

#define CUSTOMER .role = ROLE_CUSTOMER, .is_confirmed = true

static const struct who {
	const char *name;
	struct actor actor;
	bool is_expert;
} everybody[] = {
	{ "visitor", { .role = ROLE_VISITOR }, false },
	{ "unconfirmed", { .id = 4, .role = ROLE_CUSTOMER }, false },
	{ "unconfirmed-author", { .id = AUTHOR_ID, .role = ROLE_CUSTOMER }, false },
	{ "suspended", { .id = 5, CUSTOMER, .is_suspended = true }, false },
	{ "suspended-author", { .id = AUTHOR_ID, CUSTOMER, .is_suspended = true }, false },
	{ "silenced", { .id = 6, CUSTOMER, .is_silenced = true }, false },
	{ "silenced-author", { .id = AUTHOR_ID, CUSTOMER, .is_silenced = true }, false },
	{ "silenced-asker", { .id = ASKER_ID, CUSTOMER, .is_silenced = true }, false },
	{ "barred", { .id = 7, CUSTOMER, .barred_categories = BARRED }, false },
	{ "level0", { .id = 10, CUSTOMER, .barred_categories = ",3,77," }, false },
	{ "level1", { .id = 11, CUSTOMER, .trust_level = TRUST_BASIC }, false },
	{ "level2", { .id = 12, CUSTOMER, .trust_level = TRUST_MEMBER }, false },
	{ "level3", { .id = 13, CUSTOMER, .trust_level = TRUST_REGULAR }, false },
	{ "level4", { .id = 14, CUSTOMER, .trust_level = TRUST_LEADER }, false },
	{ "author", { .id = AUTHOR_ID, CUSTOMER }, false },
	{ "author2", { .id = AUTHOR_ID, CUSTOMER, .trust_level = TRUST_MEMBER }, false },
	{ "asker", { .id = ASKER_ID, CUSTOMER }, false },
	{ "expert", { .id = 15, CUSTOMER }, true },
	/* What session.c makes of an advisor who signed in with the password alone. */
	{ "advisor-without-code", { .id = 16, CUSTOMER, .lacks_second_factor = true }, false },
	{ "advisor", { .id = 16, .role = ROLE_ADVISOR, .is_confirmed = true }, false },
	{ "advisor-author",
	  { .id = AUTHOR_ID, .role = ROLE_ADVISOR, .is_confirmed = true },
	  false },
	{ "silenced-advisor",
	  { .id = 16, .role = ROLE_ADVISOR, .is_confirmed = true, .is_silenced = true },
	  false },
	{ "suspended-advisor",
	  { .id = 16, .role = ROLE_ADVISOR, .is_confirmed = true, .is_suspended = true },
	  false },
	{ "moderator", { .id = 17, .role = ROLE_MODERATOR, .is_confirmed = true }, false },
	{ "moderator-author",
	  { .id = AUTHOR_ID, .role = ROLE_MODERATOR, .is_confirmed = true },
	  false },
	{ "suspended-moderator",
	  { .id = 17, .role = ROLE_MODERATOR, .is_confirmed = true, .is_suspended = true },
	  false },
	{ "administrator", { .id = 18, .role = ROLE_ADMINISTRATOR, .is_confirmed = true }, false },
	{ "unconfirmed-administrator", { .id = 18, .role = ROLE_ADMINISTRATOR }, false },
	{ "system", { .role = ROLE_ADMINISTRATOR, .is_confirmed = true }, false },
};

#define GROUPS_MAX     32
#define STATES_MAX     64
#define LINE_MAX_BYTES 400

/* A set of everybody: bit i is everybody[i]. */
typedef uint64_t who_set;

struct state {
	char name[LINE_MAX_BYTES];
	struct subject subject;
	who_set allowed[ACTION_COUNT];
	bool is_said[ACTION_COUNT];
};

struct matrix {
	struct {
		char name[LINE_MAX_BYTES];
		who_set members;
	} groups[GROUPS_MAX];
	struct state states[STATES_MAX];
	size_t group_count, state_count;
	unsigned line;
};

/* Reading the expectation ---------------------------------------------------- */

static who_set set_of_word(const struct matrix *matrix, const char *word)
{
	if (strcmp(word, "nobody") == 0)
		return 0;
	for (size_t i = 0; i < ARRAY_COUNT(everybody); i++)
		if (strcmp(word, everybody[i].name) == 0)
			return (who_set)1 << i;
	for (size_t i = 0; i < matrix->group_count; i++)
		if (strcmp(word, matrix->groups[i].name) == 0)
			return matrix->groups[i].members;
	fail_msg("line %u: who is %s?", matrix->line, word);
	return 0;
}

/* The rest of a line: "members - asker". */
static who_set set_read(const struct matrix *matrix, char **rest)
{
	who_set set = 0;
	bool is_less = false;
	const char *word;

	while ((word = strtok_r(NULL, " \n", rest))) {
		if (strcmp(word, "-") == 0)
			is_less = true;
		else if (is_less)
			set &= ~set_of_word(matrix, word);
		else
			set |= set_of_word(matrix, word);
		is_less = strcmp(word, "-") == 0;
	}
	return set;
}

static int64_t hours_ago(const char *text)
{
	return NOW - CLOCK_HOUR * strtol(text, NULL, 10);
}

static void subject_word(const struct matrix *matrix, struct subject *subject, char *word)
{
	char *value = strchr(word, '=');

	if (value)
		*value++ = '\0';
	if (!value && strcmp(word, "locked") == 0)
		subject->is_locked = true;
	else if (!value && strcmp(word, "idea") == 0)
		subject->is_idea = true;
	else if (!value && strcmp(word, "answered") == 0)
		subject->has_answers = true;
	else if (!value && strcmp(word, "nobodys") == 0)
		subject->author_id = subject->topic_author_id = 0;
	else if (value && strcmp(word, "kind") == 0)
		subject->kind = post_kind_from_text(value);
	else if (value && strcmp(word, "status") == 0)
		subject->status = topic_status_from_text(value);
	else if (value && strcmp(word, "visibility") == 0)
		subject->visibility = visibility_from_text(value);
	else if (value && strcmp(word, "topic_visibility") == 0)
		subject->topic_visibility = visibility_from_text(value);
	else if (value && strcmp(word, "hours") == 0)
		subject->created_at = hours_ago(value);
	else if (value && strcmp(word, "topic_hours") == 0)
		subject->topic_created_at = hours_ago(value);
	else if (value && strcmp(word, "withdrawn_by") == 0)
		subject->withdrawn_by = strcmp(value, "author") == 0  ? AUTHOR_ID
					: strcmp(value, "asker") == 0 ? ASKER_ID
								      : 17;
	else if (!value || strcmp(word, "person") != 0 ||
		 !role_from_text(value, &subject->person_role))
		fail_msg("line %u: what is %s?", matrix->line, word);
}

/* "state NAME: WORDS": expects what the first one does, where nothing else is said. */
static void state_read(struct matrix *matrix, char *text)
{
	struct state *state = &matrix->states[matrix->state_count];
	char *words = strchr(text, ':'), *rest = NULL;

	assert_true(matrix->state_count < STATES_MAX && words != NULL);
	*words++ = '\0';
	snprintf(state->name, sizeof(state->name), "%s", text);
	state->subject = (struct subject){
		.author_id = AUTHOR_ID,
		.topic_author_id = ASKER_ID,
		.category_id = CATEGORY,
		.created_at = NOW - CLOCK_HOUR,
		.topic_created_at = NOW - 2 * CLOCK_HOUR,
		.now = NOW,
	};
	for (char *word = strtok_r(words, " \n", &rest); word; word = strtok_r(NULL, " \n", &rest))
		subject_word(matrix, &state->subject, word);
	if (state->subject.kind == POST_QUESTION)
		state->subject.author_id = ASKER_ID;
	memcpy(state->allowed, matrix->states[0].allowed, sizeof(state->allowed));
	matrix->state_count++;
}

static void row_read(struct matrix *matrix, char *line)
{
	struct state *state = &matrix->states[matrix->state_count - 1];
	char *rest = NULL;
	const char *name = strtok_r(line, " \n", &rest);

	assert_true(matrix->state_count > 0);
	for (int action = 0; action < ACTION_COUNT; action++) {
		if (strcmp(name, action_name((enum action)action)) != 0)
			continue;
		if (state->is_said[action])
			fail_msg("line %u: %s is said twice", matrix->line, name);
		state->is_said[action] = true;
		state->allowed[action] = set_read(matrix, &rest);
		return;
	}
	fail_msg("line %u: there is no action %s", matrix->line, name);
}

static void group_read(struct matrix *matrix, char *text)
{
	char *rest = NULL;
	const char *name = strtok_r(text, " ", &rest);

	assert_true(matrix->group_count < GROUPS_MAX);
	assert_string_equal(strtok_r(NULL, " ", &rest), "=");
	snprintf(matrix->groups[matrix->group_count].name, sizeof(matrix->groups[0].name), "%s",
		 name);
	matrix->groups[matrix->group_count].members = set_read(matrix, &rest);
	matrix->group_count++;
}

static const struct matrix *matrix_read(struct arena *arena)
{
	const char *directory = getenv("ENTRAIDE_SOURCE_DIR");
	const char *path = arena_printf(arena, "%s/tests/unit/data/policy_matrix.txt",
					directory ? directory : ".");
	struct matrix *matrix = arena_array(arena, 1, sizeof(*matrix));
	FILE *file = fopen(path, "r");
	char line[LINE_MAX_BYTES];

	if (!file)
		fail_msg("cannot open %s", path);
	while (fgets(line, sizeof(line), file)) {
		matrix->line++;
		if (line[0] == '#' || line[0] == '\n')
			continue;
		if (strncmp(line, "group ", 6) == 0)
			group_read(matrix, line + 6);
		else if (strncmp(line, "state ", 6) == 0)
			state_read(matrix, line + 6);
		else
			row_read(matrix, line);
	}
	fclose(file);
	return matrix;
}

static void test_everybody_may_in_every_state_what_is_expected(void **state)
{
	const struct matrix *matrix = matrix_read(*state);
	unsigned wrong = 0;

	for (size_t i = 0; i < matrix->state_count; i++) {
		for (size_t who = 0; who < ARRAY_COUNT(everybody); who++) {
			const struct actor *actor = &everybody[who].actor;
			struct subject subject = matrix->states[i].subject;

			subject.is_actors_field = everybody[who].is_expert;
			for (int action = 0; action < ACTION_COUNT; action++) {
				bool is_expected = matrix->states[i].allowed[action] >> who & 1;

				if (policy_can(actor, (enum action)action, &subject) == is_expected)
					continue;
				print_error("%s: %s %s %s\n", matrix->states[i].name,
					    everybody[who].name, is_expected ? "may not" : "may",
					    action_name((enum action)action));
				wrong++;
			}
		}
	}
	assert_int_equal(wrong, 0);
}

/* A new action must be thought about here before it gets in. */
static void test_every_action_is_expected_of_somebody(void **state)
{
	const struct matrix *matrix = matrix_read(*state);

	assert_true(matrix->state_count > 20);
	for (int action = 0; action < ACTION_COUNT; action++)
		if (!matrix->states[0].is_said[action])
			fail_msg("policy_matrix.txt does not say who may %s",
				 action_name((enum action)action));
}

/* What holds for every mixture ------------------------------------------------ */

#define MIXTURES 20000

/* The same numbers each time (xorshift64). */
static uint64_t mix_state;

static unsigned mix(unsigned count)
{
	mix_state ^= mix_state << 13;
	mix_state ^= mix_state >> 7;
	mix_state ^= mix_state << 17;
	return (unsigned)(mix_state % count);
}

static struct subject mixed_subject(void)
{
	static const int64_t hours[] = { 0, 1, 23, 25, 71, 73, 719, 721, 9000 };

	return (struct subject){
		.author_id = mix(4),
		.topic_author_id = mix(4),
		.withdrawn_by = mix(4),
		.category_id = CATEGORY,
		.kind = (enum post_kind)mix(3),
		.status = (enum topic_status)mix(4),
		.visibility = (enum visibility)mix(3),
		.topic_visibility = (enum visibility)mix(3),
		.has_answers = mix(2),
		.is_actors_field = mix(2),
		.is_locked = mix(2),
		.is_idea = mix(2),
		.person_role = (enum role)(1 + mix(4)),
		.created_at = NOW - CLOCK_HOUR * hours[mix(ARRAY_COUNT(hours))],
		.topic_created_at = NOW - CLOCK_HOUR * hours[mix(ARRAY_COUNT(hours))],
		.now = NOW,
	};
}

static struct actor mixed_actor(void)
{
	return (struct actor){
		.id = 1 + mix(4),
		.role = (enum role)(1 + mix(4)),
		.is_confirmed = mix(4) > 0,
		.is_suspended = mix(4) == 0,
		.is_silenced = mix(3) == 0,
		.barred_categories = mix(3) == 0 ? BARRED : "",
		.trust_level = (int)mix(TRUST_LEVEL_MAX + 1),
	};
}

static bool is_writing(enum action action)
{
	return action == MAY_ASK || action == MAY_ANSWER || action == MAY_COMMENT ||
	       action == MAY_EDIT_POST || action == MAY_EDIT_TAGS || action == MAY_ADD_POLL;
}

/* What is left to people who may not take part. */
static bool is_for_onlookers(enum action action)
{
	return action == MAY_FOLLOW || action == MAY_SEE_WITHDRAWN || action == MAY_SEE_REVISIONS ||
	       action == MAY_SEE_STANDING || action == MAY_READ_PRIVATE;
}

static void assert_refused_as_a_whole(const struct actor *actor, enum action action,
				      const struct subject *subject)
{
	const char *name = action_name(action);

	if (!policy_can(actor, action, subject)) {
		assert_true(*policy_reason(actor, action, subject) != '\0');
		return;
	}
	if ((!actor->is_confirmed || actor->is_suspended) && !is_for_onlookers(action))
		fail_msg("%s: unconfirmed or suspended", name);
	if ((actor->is_silenced || *actor->barred_categories) && is_writing(action))
		fail_msg("%s: silenced or barred", name);
	if (subject->is_locked && actor->role < ROLE_MODERATOR &&
	    (is_writing(action) && action != MAY_ASK))
		fail_msg("%s: in a locked topic", name);
	if (subject->visibility != VISIBILITY_VISIBLE && actor->role < ROLE_ADVISOR &&
	    (action == MAY_COMMENT || action == MAY_THANK || action == MAY_FLAG ||
	     action == MAY_ACCEPT || action == MAY_EDIT_POST))
		fail_msg("%s: of what is not visible", name);
	if (actor->id == subject->author_id &&
	    (action == MAY_THANK || action == MAY_FLAG || action == MAY_ENDORSE))
		fail_msg("%s: one's own", name);
}

/* Whoever rises in role or trust loses nothing. */
static void assert_higher_may_too(struct actor actor, enum action action,
				  const struct subject *subject)
{
	int trust_level = actor.trust_level;

	if (!policy_can(&actor, action, subject))
		return;
	for (actor.trust_level++; actor.trust_level <= TRUST_LEVEL_MAX; actor.trust_level++)
		if (!policy_can(&actor, action, subject))
			fail_msg("%s: level %d may not", action_name(action), actor.trust_level);
	actor.trust_level = trust_level;
	for (int role = (int)actor.role + 1; role < ROLE_COUNT; role++) {
		actor.role = (enum role)role;
		if (!policy_can(&actor, action, subject))
			fail_msg("%s: %s may not", action_name(action), role_text(actor.role));
	}
}

static void test_no_mixture_of_person_and_state_gets_around_the_rules(void **state)
{
	(void)state;
	mix_state = 20250101;
	for (int i = 0; i < MIXTURES; i++) {
		struct subject subject = mixed_subject();
		struct actor actor = mixed_actor();

		for (int action = 0; action < ACTION_COUNT; action++) {
			assert_refused_as_a_whole(&actor, (enum action)action, &subject);
			assert_higher_may_too(actor, (enum action)action, &subject);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_everybody_may_in_every_state_what_is_expected),
		TEST(test_every_action_is_expected_of_somebody),
		TEST(test_no_mixture_of_person_and_state_gets_around_the_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
