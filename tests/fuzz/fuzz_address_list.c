/* Lists of domains and networks, as administrators type them, against an address. */
#include "fuzz.h"

#include "text/address_list.h"

/* The first line is what is looked for, the rest is the list. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *list;
	size_t lines = 1, bad;
	uint8_t bytes[16];

	must(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	list = strchr(text, '\n');
	if (list)
		*list++ = '\0';
	else
		list = text + strlen(text);
	for (const char *at = list; *at; at++)
		lines += *at == '\n';
	bad = domain_list_bad_line(list);
	must(bad <= lines);
	bad = network_list_bad_line(list);
	must(bad <= lines);
	/* What is no address is in no network, and what has no "@" at no domain. */
	must(!network_list_has(list, text) || network_address(text, bytes) > 0);
	must(!domain_list_has(list, text) || strchr(text, '@'));
	free(text);
	return 0;
}
