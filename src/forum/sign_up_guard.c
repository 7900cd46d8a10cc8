/*
 * Sign-up's first defence: what costs people nothing and programs an account.
 */
#include "forum/sign_up_guard.h"

#include "db/db.h"
#include "forum/policy.h"
#include "forum/sign_up_block.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"
#include "text/address_list.h"

#define SECONDS_AN_HOUR 3600

static const struct {
	const char *text, *label;
} refusals[] = {
	[REFUSED_TRAP] = { "trap", N_("Filled in the field that people do not see") },
	[REFUSED_NO_TIME] = { "no_time", N_("Sent without the form, or long after it was opened") },
	[REFUSED_FAST] = { "fast", N_("Filled in too fast") },
	[REFUSED_DOMAIN] = { "domain", N_("Mail domain on the list") },
	[REFUSED_DISPOSABLE] = { "disposable", N_("Throw-away mail address") },
	[REFUSED_ADDRESS] = { "address", N_("Mail address of somebody who was removed") },
	[REFUSED_NETWORK] = { "network",
			      N_("Network on the list, or of somebody who was removed") },
};
_Static_assert(ARRAY_COUNT(refusals) == SIGN_UP_REFUSAL_COUNT, "every refusal has its words");

DB_STATEMENT(sign_up_refusal_count,
	     "insert into sign_up_refusals as r (day, reason) values (current_date, $1)\n"
	     "on conflict (day, reason) do update set count = r.count + 1",
	     1);

DB_STATEMENT(
	sign_up_refusal_sums,
	"select r.reason, coalesce(sum(r.count) filter (where r.day > current_date - 7), 0)::bigint,\n"
	"	sum(r.count)::bigint\n"
	"from sign_up_refusals r where r.day > current_date - 30 group by r.reason",
	0);

DB_STATEMENT(
	sign_up_account_sums,
	"select count(*) filter (where e.created_at > now() - interval '7 days'), count(*)\n"
	"from people e where e.created_at > now() - interval '30 days' and e.email_key is not null",
	0);

const char *sign_up_refusal_label(enum sign_up_refusal refusal)
{
	return _(refusals[refusal].label);
}

static enum err count(struct ctx *ctx, enum sign_up_refusal refusal)
{
	return db_query(ctx, &sign_up_refusal_count, NULL, param_text(refusals[refusal].text));
}

/* The form -------------------------------------------------------------------------------- */

enum err sign_up_is_trapped(struct ctx *ctx, const char *trap, bool *out)
{
	*out = trap[0] != '\0';
	return *out ? count(ctx, REFUSED_TRAP) : OK;
}

enum err sign_up_check_time(struct ctx *ctx, int64_t fill_seconds)
{
	int64_t least = site_number(SITE_SIGN_UP_MIN_SECONDS);

	if (least == 0)
		return OK;
	if (fill_seconds <= 0 ||
	    fill_seconds > site_number(SITE_SIGN_UP_FORM_HOURS) * SECONDS_AN_HOUR) {
		TRY(count(ctx, REFUSED_NO_TIME));
		return fail(
			ctx, ERR_INVALID, NULL, "%s",
			_("This form had been open for too long. Please type your password again and send it once more."));
	}
	if (fill_seconds >= least)
		return OK;
	TRY(count(ctx, REFUSED_FAST));
	return fail(
		ctx, ERR_INVALID, NULL, "%s",
		_("That was so fast that we took it for a program. If you are a person, please type your password again and send it once more."));
}

/* The lists ------------------------------------------------------------------------------- */

enum err sign_up_is_listed(struct ctx *ctx, const char *email, const char *address, bool *out,
			   enum sign_up_refusal *why)
{
	struct sign_up_blocked blocked;

	*out = true;
	*why = REFUSED_DOMAIN;
	if (domain_list_has(site_text(SITE_SIGN_UP_DOMAINS), email))
		return OK;
	*why = REFUSED_DISPOSABLE;
	if (domain_list_has(site_text(SITE_SIGN_UP_DISPOSABLE), email))
		return OK;
	*why = REFUSED_NETWORK;
	if (network_list_has(site_text(SITE_SIGN_UP_NETWORKS), address))
		return OK;
	TRY(sign_up_block_find(ctx, email, address, &blocked));
	if (blocked.has_email)
		*why = REFUSED_ADDRESS;
	*out = blocked.has_email || blocked.has_network;
	return OK;
}

enum err sign_up_check_lists(struct ctx *ctx, const char *email, const char *address)
{
	enum sign_up_refusal why;
	bool is_listed;

	TRY(sign_up_is_listed(ctx, email, address, &is_listed, &why));
	if (!is_listed)
		return OK;
	TRY(count(ctx, why));
	if (why == REFUSED_NETWORK)
		return fail(
			ctx, ERR_FORBIDDEN, NULL, "%s",
			_("Nobody can sign up from your network at present, because it was used for abuse. Please try from another one."));
	if (why == REFUSED_DISPOSABLE)
		return fail(
			ctx, ERR_INVALID, "email", "%s",
			_("Throw-away addresses cannot be used here: you could not get back in. Please use another address."));
	return fail(ctx, ERR_INVALID, "email", "%s",
		    _("This address cannot be used here. Please use another one."));
}

/* Figures --------------------------------------------------------------------------------- */

static void read_sum(struct rows *rows, struct sign_up_figures *out)
{
	const char *reason = col_text(rows);
	int64_t week = col_i64(rows), month = col_i64(rows);

	for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
		if (strcmp(refusals[i].text, reason) != 0)
			continue;
		out->week[i] = week;
		out->month[i] = month;
	}
	out->week_total += week;
	out->month_total += month;
}

enum err sign_up_figures_load(struct ctx *ctx, struct sign_up_figures *out)
{
	struct rows sums, accounts;

	*out = (struct sign_up_figures){ 0 };
	TRY(policy_require(ctx, MAY_CHANGE_SETTINGS, &(struct subject){ .now = ctx->now }));
	db_add_params(ctx, &sign_up_refusal_sums, &sums, NULL, 0);
	db_add_params(ctx, &sign_up_account_sums, &accounts, NULL, 0);
	TRY(db_run(ctx));
	while (rows_next(&sums))
		read_sum(&sums, out);
	if (rows_next(&accounts)) {
		out->week_accounts = col_i64(&accounts);
		out->month_accounts = col_i64(&accounts);
	}
	return OK;
}
