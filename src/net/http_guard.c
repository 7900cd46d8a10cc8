/*
 * The registries of special addresses (IANA, RFC 6890 and its successors), as
 * tables of what is not public.
 */
#include "net/http_guard.h"

#include <netinet/in.h>

struct range4 {
	uint32_t first;
	int bits;
};

#define IPV4(a, b, c, d) \
	(((uint32_t)(a) << 24) | ((uint32_t)(b) << 16) | ((uint32_t)(c) << 8) | (uint32_t)(d))

static const struct range4 private4[] = {
	{ IPV4(0, 0, 0, 0), 8 },      /* this network */
	{ IPV4(10, 0, 0, 0), 8 },     /* private */
	{ IPV4(100, 64, 0, 0), 10 },  /* behind a provider's NAT; cloud metadata */
	{ IPV4(127, 0, 0, 0), 8 },    /* loopback */
	{ IPV4(169, 254, 0, 0), 16 }, /* link-local; cloud metadata */
	{ IPV4(172, 16, 0, 0), 12 },  /* private */
	{ IPV4(192, 0, 0, 0), 24 },   /* protocol assignments */
	{ IPV4(192, 0, 2, 0), 24 },   /* documentation */
	{ IPV4(192, 88, 99, 0), 24 }, /* 6to4 relays */
	{ IPV4(192, 168, 0, 0), 16 }, /* private */
	{ IPV4(198, 18, 0, 0), 15 },  /* benchmarks */
	{ IPV4(198, 51, 100, 0), 24 }, { IPV4(203, 0, 113, 0), 24 },
	{ IPV4(224, 0, 0, 0), 3 }, /* multicast, reserved, broadcast */
};

struct range6 {
	uint8_t first[16];
	int bits;
};

/*
 * 2000::/3 is all that is given out; these are the exceptions in it. Addresses
 * that carry an IPv4 one inside (6to4, Teredo, NAT64) could lead anywhere.
 */
static const struct range6 private6[] = {
	{ { 0x20, 0x01, 0x00 }, 23 },       /* protocol assignments, Teredo */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
	{ { 0x20, 0x02 }, 16 },             /* 6to4 */
	{ { 0x3f, 0xff }, 20 },             /* documentation */
};

static bool is_public4(uint32_t address)
{
	for (size_t i = 0; i < ARRAY_COUNT(private4); i++) {
		uint32_t mask = ~(uint32_t)0 << (32 - private4[i].bits);

		if ((address & mask) == private4[i].first)
			return false;
	}
	return true;
}

static bool is_in_range6(const uint8_t *address, const struct range6 *range)
{
	for (int bit = 0; bit < range->bits; bit += 8) {
		int left = range->bits - bit;
		uint8_t mask = (uint8_t)(left >= 8 ? 0xff : 0xff << (8 - left));

		if ((address[bit / 8] & mask) != range->first[bit / 8])
			return false;
	}
	return true;
}

static bool is_public6(const struct in6_addr *address)
{
	const uint8_t *bytes = address->s6_addr;

	/* ::ffff:a.b.c.d is that IPv4 address. */
	if (IN6_IS_ADDR_V4MAPPED(address))
		return is_public4(IPV4(bytes[12], bytes[13], bytes[14], bytes[15]));
	if ((bytes[0] & 0xe0) != 0x20)
		return false;
	for (size_t i = 0; i < ARRAY_COUNT(private6); i++)
		if (is_in_range6(bytes, &private6[i]))
			return false;
	return true;
}

bool http_address_is_public(const struct sockaddr *address, size_t length)
{
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;

	/* Copied: what comes from libcurl need not be aligned for the struct. */
	if (address->sa_family == AF_INET && length >= sizeof(ipv4)) {
		memcpy(&ipv4, address, sizeof(ipv4));
		return is_public4(ntohl(ipv4.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6 && length >= sizeof(ipv6)) {
		memcpy(&ipv6, address, sizeof(ipv6));
		return is_public6(&ipv6.sin6_addr);
	}
	return false;
}
