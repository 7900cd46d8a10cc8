/*
 * What search engines may have.
 */
#include "web/indexing.h"

bool page_may_index(const struct index_facts *facts)
{
	const bool reasons[] = {
		facts->is_hidden,      facts->is_sorted,    facts->is_filtered, facts->is_duplicate,
		facts->is_kept_mirror, facts->is_unvouched, facts->is_thin,     facts->is_for_one,
	};

	for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
		if (reasons[i])
			return false;
	return true;
}
