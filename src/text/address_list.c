/*
 * Domains and networks, line by line. The lists are short and asked at sign-up only, so
 * nothing is compiled or kept.
 */
#include "text/address_list.h"

#include <arpa/inet.h>

#include "base/slice.h"

#define DOMAIN_MAX_BYTES 253
#define MAPPED_PREFIX    12 /* bytes of ::ffff:0:0/96 before the IPv4 address */

/* The next line without its comment; false: no more. */
static bool next_line(struct slice *rest, struct slice *line)
{
	struct slice whole;

	if (!rest->data)
		return false;
	whole = slice_cut(rest, '\n');
	*line = slice_trim(slice_cut(&whole, '#'));
	return true;
}

/* Domains ------------------------------------------------------------------------------- */

static bool is_domain_letter(char letter)
{
	return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
	       (letter >= '0' && letter <= '9') || letter == '-' || letter == '.';
}

/* A dot inside: a single "com" would refuse half of the world. */
static bool is_domain(struct slice line)
{
	bool has_dot = false;

	if (line.length < 3 || line.length > DOMAIN_MAX_BYTES)
		return false;
	for (size_t i = 0; i < line.length; i++) {
		bool is_edge = i == 0 || i + 1 == line.length;

		if (!is_domain_letter(line.data[i]) || (is_edge && line.data[i] == '.'))
			return false;
		has_dot = has_dot || line.data[i] == '.';
	}
	return has_dot;
}

size_t domain_list_bad_line(const char *lines)
{
	struct slice rest = slice_of(lines), line;

	for (size_t number = 1; next_line(&rest, &line); number++)
		if (line.length > 0 && !is_domain(line))
			return number;
	return 0;
}

/* "spam.example" is at the end of the domain, and begins there or behind a dot. */
static bool is_at_domain(struct slice domain, struct slice listed)
{
	size_t start = domain.length - listed.length;

	if (!is_domain(listed) || listed.length > domain.length)
		return false;
	return strncasecmp(domain.data + start, listed.data, listed.length) == 0 &&
	       (start == 0 || domain.data[start - 1] == '.');
}

bool domain_list_has(const char *lines, const char *email)
{
	struct slice rest = slice_of(lines), line;
	const char *at = strrchr(email, '@');

	while (at && next_line(&rest, &line))
		if (is_at_domain(slice_of(at + 1), line))
			return true;
	return false;
}

/* Networks ------------------------------------------------------------------------------ */

struct network {
	uint8_t bytes[16];
	size_t length; /* 4 or 16 */
	int64_t prefix;
};

size_t network_address(const char *text, uint8_t out[16])
{
	static const uint8_t mapped[MAPPED_PREFIX] = { [10] = 0xff, [11] = 0xff };

	memset(out, 0, 16);
	if (inet_pton(AF_INET, text, out) == 1)
		return 4;
	if (inet_pton(AF_INET6, text, out) != 1)
		return 0;
	if (memcmp(out, mapped, sizeof(mapped)) != 0)
		return 16;
	memmove(out, out + MAPPED_PREFIX, 4);
	memset(out + 4, 0, 12);
	return 4;
}

static bool network_parse(struct slice line, struct network *out)
{
	char text[INET6_ADDRSTRLEN];
	struct slice prefix = line, address = slice_cut(&prefix, '/');
	int64_t most, least;

	if (address.length == 0 || address.length >= sizeof(text))
		return false;
	memcpy(text, address.data, address.length);
	text[address.length] = '\0';
	out->length = network_address(text, out->bytes);
	most = out->length == 4 ? 32 : 128;
	least = out->length == 4 ? NETWORK_LEAST_PREFIX_4 : NETWORK_LEAST_PREFIX_6;
	out->prefix = out->length == 4 ? 32 : 64;
	if (prefix.data && !slice_to_i64(prefix, &out->prefix))
		return false;
	return out->length > 0 && out->prefix >= least && out->prefix <= most;
}

size_t network_list_bad_line(const char *lines)
{
	struct slice rest = slice_of(lines), line;
	struct network network;

	for (size_t number = 1; next_line(&rest, &line); number++)
		if (line.length > 0 && !network_parse(line, &network))
			return number;
	return 0;
}

static bool is_inside(const struct network *network, const uint8_t *address, size_t length)
{
	size_t whole = (size_t)network->prefix / 8;
	unsigned left = (unsigned)network->prefix % 8;
	uint8_t mask = (uint8_t)(0xff00u >> left);

	if (network->length != length || memcmp(network->bytes, address, whole) != 0)
		return false;
	return left == 0 || ((network->bytes[whole] ^ address[whole]) & mask) == 0;
}

bool network_list_has(const char *lines, const char *address)
{
	struct slice rest = slice_of(lines), line;
	struct network network;
	uint8_t bytes[16];
	size_t length = network_address(address, bytes);

	while (length > 0 && next_line(&rest, &line))
		if (line.length > 0 && network_parse(line, &network) &&
		    is_inside(&network, bytes, length))
			return true;
	return false;
}
