/*
 * Settings: what may stand in one, changing several at once, what two administrators
 * who save at once are told, undo, and that another process hears of it. And the log
 * that all of it leaves, which nobody can change afterwards.
 */
#include "forum_fixture.h"

#include <poll.h>

#include "forum/audit.h"
#include "forum/site_setting_change.h"

#define EDIT_HOURS 24

static struct site_settings_form form_of(struct ctx *ctx, struct site_setting_input *inputs,
					 size_t count)
{
	struct site_history history;

	assert_ok(ctx, site_history_load(ctx, NULL, 0, &history));
	return (struct site_settings_form){
		.inputs = inputs, .count = count, .reason = "", .follows_id = history.newest_id
	};
}

/* Changes one setting as the actor of ctx; NULL: back to the default. */
static enum err change(struct ctx *ctx, enum site_setting_id id, const char *value)
{
	struct site_setting_input input = { id, value, NULL };
	struct site_settings_form form = form_of(ctx, &input, 1);
	size_t changed;

	return site_settings_change(ctx, &form, &changed);
}

static void reset(struct ctx *ctx)
{
	forum_sql(ctx, "delete from site_settings");
	assert_ok(ctx, site_settings_refresh(ctx));
}

/* The table ------------------------------------------------------------------------ */

static void test_every_setting_has_a_section_a_label_and_a_fitting_default(void **state)
{
	struct ctx *ctx = *state;

	for (int i = 0; i < SITE_SETTING_COUNT; i++) {
		const struct site_setting *setting = &site_settings[i];
		enum site_setting_id found;
		int sections = 0;
		int64_t number;

		for (size_t s = 0; s < site_section_count; s++)
			sections += site_setting_is_in(setting, &site_sections[s]);
		assert_int_equal(sections, 1);
		assert_true(strlen(setting->label) > 3);
		assert_true(strlen(setting->explanation) > 20);
		assert_true(site_setting_find(setting->name, &found));
		assert_int_equal(found, i);
		assert_true(site_setting_fits(
			setting, site_setting_default(ctx->arena, (enum site_setting_id)i),
			&number));
	}
}

static void test_only_what_the_table_allows_fits(void **state)
{
	static const char *const words[] = { "date", "By date", "useful", "By usefulness", NULL };
	const struct site_setting number = { .kind = SITE_IS_NUMBER, .least = -2, .most = 30 };
	const struct site_setting flag = { .kind = SITE_IS_SWITCH };
	const struct site_setting choice = { .kind = SITE_IS_CHOICE, .choices = words };
	const struct site_setting text = { .kind = SITE_IS_TEXT, .max_length = 3 };
	const struct site_setting long_text = { .kind = SITE_IS_LONG_TEXT, .max_length = 3 };
	int64_t read = 0;

	(void)state;
	assert_true(site_setting_fits(&number, "-2", &read));
	assert_int_equal(read, -2);
	assert_true(site_setting_fits(&number, "30", &read));
	assert_false(site_setting_fits(&number, "31", &read));
	assert_false(site_setting_fits(&number, "-3", &read));
	assert_false(site_setting_fits(&number, "", &read));
	assert_false(site_setting_fits(&number, "3 ", &read));
	assert_false(site_setting_fits(&number, "99999999999999999999", &read));
	assert_true(site_setting_fits(&flag, "on", &read));
	assert_int_equal(read, 1);
	assert_true(site_setting_fits(&flag, "off", &read));
	assert_int_equal(read, 0);
	assert_false(site_setting_fits(&flag, "yes", &read));
	assert_true(site_setting_fits(&choice, "useful", &read));
	assert_false(site_setting_fits(&choice, "By date", &read));
	assert_true(site_setting_fits(&text, "été", &read));
	assert_false(site_setting_fits(&text, "étés", &read));
	assert_false(site_setting_fits(&long_text, "été", &read));
}

/* Changing ------------------------------------------------------------------------- */

static void test_a_change_counts_after_the_refresh_with_who_when_and_why(void **state)
{
	struct ctx *ctx = *state;
	struct site_setting_input inputs[] = { { SITE_WRITING_EDIT_HOURS, "48", NULL },
					       { SITE_WRITING_STAFF_ACCEPT_HOURS, "72", NULL } };
	struct site_settings_form form;
	struct site_history history;
	size_t changed = 0;

	ctx->actor = forum_person(ctx, "ada", ROLE_ADMINISTRATOR);
	form = form_of(ctx, inputs, 2);
	form.reason = "  People asked  for it ";
	assert_ok(ctx, site_settings_change(ctx, &form, &changed));
	assert_int_equal(changed, 1);
	assert_ok(ctx, site_settings_refresh(ctx));
	assert_int_equal(site_number(SITE_WRITING_EDIT_HOURS), 48);
	assert_int_equal(site_number(SITE_WRITING_STAFF_ACCEPT_HOURS), 72);
	assert_int_equal(policy_edit_window(false), 48 * CLOCK_HOUR);

	assert_ok(ctx, site_history_load(ctx, &site_sections[0], 0, &history));
	assert_int_equal(history.changes[0].setting, SITE_WRITING_EDIT_HOURS);
	assert_string_equal(history.changes[0].old_value, "24");
	assert_true(history.changes[0].was_default);
	assert_string_equal(history.changes[0].new_value, "48");
	assert_string_equal(history.changes[0].person_name, "ada");
	assert_string_equal(history.changes[0].reason, "People asked for it");
	assert_true(history.changes[0].at == ctx->now);
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from audit_log where action = 'setting_changed'"
			     " and actor_id = $1 and reason = 'People asked for it'"
			     " and details ->> 'name' = 'writing.edit_hours'"
			     " and details ->> 'from' is null and details ->> 'to' = '48'",
			     ctx->actor->id),
		1);
	reset(ctx);
}

static void test_the_default_leaves_no_row(void **state)
{
	struct ctx *ctx = *state;

	assert_ok(ctx, change(ctx, SITE_WRITING_EDIT_HOURS, "5"));
	assert_ok(ctx, change(ctx, SITE_WRITING_EDIT_HOURS, "24"));
	assert_int_equal(forum_number(ctx, "select count(*) from site_settings where $1 = 0", 0),
			 0);
	assert_ok(ctx, change(ctx, SITE_WRITING_EDIT_HOURS, "5"));
	assert_ok(ctx, change(ctx, SITE_WRITING_EDIT_HOURS, NULL));
	assert_int_equal(forum_number(ctx, "select count(*) from site_settings where $1 = 0", 0),
			 0);
}

static void test_one_wrong_value_keeps_all_from_being_stored(void **state)
{
	struct ctx *ctx = *state;
	struct site_setting_input inputs[] = { { SITE_WRITING_EDIT_HOURS, "12", NULL },
					       { SITE_WRITING_STAFF_ACCEPT_HOURS, "often", NULL } };
	struct site_settings_form form = form_of(ctx, inputs, 2);
	size_t changed;

	assert_err(ctx, ERR_INVALID, site_settings_change(ctx, &form, &changed));
	assert_null(inputs[0].error);
	assert_string_equal(inputs[1].error, "Write a whole number between 0 and 8,760.");
	assert_int_equal(forum_number(ctx, "select count(*) from site_settings where $1 = 0", 0),
			 0);
}

static void test_hours_of_the_desk_are_refused_with_their_line(void **state)
{
	struct ctx *ctx = *state;
	struct site_setting_input inputs[] = {
		{ SITE_DESK_HOURS, "monday-friday 9:00-18:00\nsaturday 18:00-10:00", NULL },
		{ SITE_DESK_TIME_ZONE, "Europe/London", NULL },
	};
	struct site_settings_form form = form_of(ctx, inputs, 2);
	size_t changed;

	assert_err(ctx, ERR_INVALID, site_settings_change(ctx, &form, &changed));
	assert_non_null(strstr(inputs[0].error, "Line 2: These hours end before they begin."));
	assert_null(inputs[1].error);
	assert_ok(ctx, change(ctx, SITE_DESK_HOURS, "monday 9:00-18:00"));
	assert_ok(ctx, change(ctx, SITE_DESK_HOURS, NULL));
}

static void test_who_saves_over_an_unseen_change_is_told(void **state)
{
	struct ctx *ctx = *state;
	struct site_setting_input mine = { SITE_WRITING_EDIT_HOURS, "30", NULL };
	struct site_settings_form form = form_of(ctx, &mine, 1);
	size_t changed;

	assert_ok(ctx, change(ctx, SITE_WRITING_EDIT_HOURS, "40"));
	assert_err(ctx, ERR_CONFLICT, site_settings_change(ctx, &form, &changed));
	assert_ok(ctx, site_settings_refresh(ctx));
	assert_int_equal(site_number(SITE_WRITING_EDIT_HOURS), 40);
	/* Another setting of the form is nobody's business. */
	mine.id = SITE_WRITING_STAFF_ACCEPT_HOURS;
	assert_ok(ctx, site_settings_change(ctx, &form, &changed));
	reset(ctx);
}

static void test_undo_brings_back_what_was_found_and_can_be_undone(void **state)
{
	struct ctx *ctx = *state;
	struct site_history history;

	assert_ok(ctx, change(ctx, SITE_WRITING_EDIT_HOURS, "10"));
	assert_ok(ctx, change(ctx, SITE_WRITING_EDIT_HOURS, "20"));
	assert_ok(ctx, site_history_load(ctx, NULL, 0, &history));
	assert_true(history.changes[0].is_newest);
	assert_false(history.changes[1].is_newest);
	assert_ok(ctx, site_setting_undo(ctx, history.changes[0].id, NULL));
	assert_ok(ctx, site_settings_refresh(ctx));
	assert_int_equal(site_number(SITE_WRITING_EDIT_HOURS), 10);
	assert_ok(ctx, site_history_load(ctx, NULL, 0, &history));
	assert_int_equal(history.changes[0].undoes_id, history.changes[1].id);
	assert_ok(ctx, site_setting_undo(ctx, history.changes[0].id, NULL));
	assert_ok(ctx, site_settings_refresh(ctx));
	assert_int_equal(site_number(SITE_WRITING_EDIT_HOURS), 20);
	assert_err(ctx, ERR_NOT_FOUND, site_setting_undo(ctx, 999999999, NULL));
	reset(ctx);
}

static void test_a_repeated_form_changes_nothing_twice(void **state)
{
	struct ctx *ctx = *state;
	struct site_setting_input input = { SITE_WRITING_EDIT_HOURS, "7", NULL };
	struct site_settings_form form = form_of(ctx, &input, 1);
	size_t changed;

	form.form_key = crypto_token(ctx->arena);
	assert_ok(ctx, site_settings_change(ctx, &form, &changed));
	assert_int_equal(changed, 1);
	assert_ok(ctx, site_settings_change(ctx, &form, &changed));
	assert_int_equal(changed, 0);
	reset(ctx);
}

static void test_only_administrators_change_settings(void **state)
{
	struct ctx *ctx = *state;
	struct site_history history;

	ctx->actor = forum_person(ctx, "moe", ROLE_MODERATOR);
	assert_err(ctx, ERR_FORBIDDEN, site_history_load(ctx, NULL, 0, &history));
	assert_err(ctx, ERR_FORBIDDEN, site_setting_undo(ctx, 1, NULL));
	assert_err(ctx, ERR_FORBIDDEN,
		   site_settings_change(ctx, &(struct site_settings_form){ .reason = "" },
					&(size_t){ 0 }));
}

/* Hearing of it ---------------------------------------------------------------------- */

static void test_a_change_on_another_connection_is_heard_without_asking(void **state)
{
	struct ctx *ctx = *state;
	struct ctx other = *ctx;
	struct pollfd socket;

	assert_ok(ctx, site_settings_refresh(ctx));
	other.db = forum_connect();
	/* Tests that run beside this one change their own settings in the same database. */
	for (int i = 0; i < 50; i++) {
		db_count_reset(ctx->db);
		assert_ok(ctx, site_settings_refresh(ctx));
		if (db_counts(ctx->db).statements == 0)
			break;
	}
	assert_int_equal(db_counts(ctx->db).statements, 0);
	assert_ok(
		&other,
		db_query(&other,
			 (&(struct stmt){ NULL, "insert into site_settings values ($1, '99')", 1 }),
			 NULL, param_text("writing.edit_hours")));
	socket = (struct pollfd){ .fd = db_socket(ctx->db), .events = POLLIN };
	assert_int_equal(poll(&socket, 1, 2000), 1);
	assert_int_equal(site_number(SITE_WRITING_EDIT_HOURS), EDIT_HOURS);
	assert_ok(ctx, site_settings_refresh(ctx));
	assert_int_equal(site_number(SITE_WRITING_EDIT_HOURS), 99);
	reset(ctx);
	db_close(other.db);
}

static void test_a_stored_value_that_no_longer_fits_is_the_default(void **state)
{
	struct ctx *ctx = *state;

	forum_sql(ctx, "insert into site_settings values ('writing.edit_hours', '-1'),"
		       " ('gone.setting', 'x')");
	assert_ok(ctx, site_settings_refresh(ctx));
	assert_int_equal(site_number(SITE_WRITING_EDIT_HOURS), EDIT_HOURS);
	reset(ctx);
}

/* For good ----------------------------------------------------------------------------- */

static void test_log_and_history_refuse_every_change(void **state)
{
	static const char *const attempts[] = {
		"update audit_log set action = 'x'",
		"delete from audit_log",
		"truncate audit_log",
		"update site_setting_changes set reason = 'x'",
		"delete from site_setting_changes",
		"truncate site_setting_changes",
	};
	struct ctx *ctx = *state;

	assert_ok(ctx, change(ctx, SITE_WRITING_EDIT_HOURS, "3"));
	for (size_t i = 0; i < ARRAY_COUNT(attempts); i++) {
		const struct stmt attempt = { NULL, attempts[i], 0 };

		assert_true(db_query_params(ctx, &attempt, NULL, NULL, 0) != OK);
		assert_non_null(strstr(ctx->error.details, "append only"));
		error_clear(ctx);
	}
	reset(ctx);
}

static void test_an_entry_says_whom_it_concerns_and_why(void **state)
{
	struct ctx *ctx = *state;
	struct actor *member = forum_person(ctx, "lea", ROLE_CUSTOMER);

	ctx->actor = forum_person(ctx, "mod", ROLE_MODERATOR);
	audit_write(ctx, &(struct audit_entry){ .action = "post_withdraw",
						.subject = "post",
						.subject_id = 12,
						.person_id = member->id,
						.reason = "Insults",
						.details = "{\"rule\":3}" });
	assert_ok(ctx, db_run(ctx));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from audit_log where person_id = $1"
			" and action = 'post_withdraw' and subject = 'post' and subject_id = 12"
			" and reason = 'Insults' and details = '{\"rule\":3}'",
			member->id),
		1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_every_setting_has_a_section_a_label_and_a_fitting_default),
		FORUM_TEST(test_only_what_the_table_allows_fits),
		FORUM_TEST(test_a_change_counts_after_the_refresh_with_who_when_and_why),
		FORUM_TEST(test_the_default_leaves_no_row),
		FORUM_TEST(test_one_wrong_value_keeps_all_from_being_stored),
		FORUM_TEST(test_hours_of_the_desk_are_refused_with_their_line),
		FORUM_TEST(test_who_saves_over_an_unseen_change_is_told),
		FORUM_TEST(test_undo_brings_back_what_was_found_and_can_be_undone),
		FORUM_TEST(test_a_repeated_form_changes_nothing_twice),
		FORUM_TEST(test_only_administrators_change_settings),
		FORUM_TEST(test_a_change_on_another_connection_is_heard_without_asking),
		FORUM_TEST(test_a_stored_value_that_no_longer_fits_is_the_default),
		FORUM_TEST(test_log_and_history_refuse_every_change),
		FORUM_TEST(test_an_entry_says_whom_it_concerns_and_why),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_site_settings");
}
