/* A list of synonyms, as administrators write it. */
#include "fuzz.h"

#include "search/search.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct search_synonyms *synonyms;
	int lines = 1, french, english;
	char *list = malloc(size + 1);

	must(list != NULL);
	if (size > 0)
		memcpy(list, data, size);
	list[size] = '\0';
	for (const char *at = list; *at; at++)
		lines += *at == '\n';
	must(search_synonyms_parse(list, list, &synonyms, &french, &english) == SEARCH_OK);
	must(synonyms != NULL);
	must(french >= 0 && french <= lines);
	/* Whether a line can be read is a matter of its form, not of the language. */
	must(english == french);
	search_synonyms_free(synonyms);
	free(list);
	return 0;
}
