/*
 * Words that stand for each other.
 */
#include "search/search.h"

extern "C" enum search_result search_synonyms_parse(const char *french, const char *english,
						    search_synonyms **out, int *bad_french_line,
						    int *bad_english_line) noexcept
{
	(void)french;
	(void)english;
	*out = nullptr;
	*bad_french_line = *bad_english_line = 0;
	return SEARCH_OK;
}

extern "C" void search_synonyms_free(search_synonyms *synonyms) noexcept
{
	(void)synonyms;
}

extern "C" const char *search_synonyms_default(const char *language) noexcept
{
	(void)language;
	return "";
}
