/*
 * What flags weigh, and what they may do. Pure; flag.h says why.
 */
#include "forum/flag.h"

#include <math.h>

#include "forum/actor.h"
#include "forum/site_setting.h"

#define ACCURACY_PIVOT  0.7
#define ACCURACY_WEIGHT 5.0
#define ACCURACY_LEAST  5 /* decided flags: with no more there is no bonus */
#define STAFF_WEIGHT    5.0

double flag_accuracy_bonus(struct flag_record record)
{
	double total = (double)(record.agreed + record.disagreed);
	double right, distance;

	if (total <= ACCURACY_LEAST)
		return 0;
	right = (double)record.agreed / total;
	distance = right >= ACCURACY_PIVOT ? (right - ACCURACY_PIVOT) / (1 - ACCURACY_PIVOT)
					   : (right - ACCURACY_PIVOT) / ACCURACY_PIVOT;
	return distance * ACCURACY_WEIGHT * log2(total) / 2;
}

double flag_weight(const struct actor *actor, struct flag_record record)
{
	double standing = role_is_staff(actor->role) ? STAFF_WEIGHT : actor->trust_level;

	return fmax(0, 1 + standing + flag_accuracy_bonus(record));
}

static bool is_enough(const struct flag_sum *sum, const struct flag_target *target)
{
	if (target->is_new_member && sum->has_spam_by_regular)
		return true;
	if (100 * sum->score < (double)site_number(SITE_FLAGS_HIDE_SCORE))
		return false;
	return sum->has_staff || sum->people >= site_number(SITE_FLAGS_HIDE_PEOPLE);
}

enum flag_effect flag_decide(const struct flag_sum *sum, const struct flag_target *target)
{
	if (!is_enough(sum, target))
		return FLAG_WAITS;
	if (target->is_by_staff || target->author_trust >= TRUST_REGULAR || target->has_answers)
		return FLAG_CAPPED;
	if (target->hidden_lately >= site_number(SITE_FLAGS_HIDDEN_PER_DAY))
		return FLAG_CAPPED;
	return FLAG_HIDES;
}
