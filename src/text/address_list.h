/*
 * Lists of mail domains and of networks, one a line, as administrators type them; what
 * follows "#" is a comment. Pure: nothing is looked up anywhere.
 *
 *	spam.example            also a@spam.example and a@mail.spam.example
 *	203.0.113.0/24          or one address without "/"
 *	2001:db8:1:2::/64       an IPv6 address alone stands for its /64, which is what
 *	                        one household or one rented server has
 */
#ifndef TEXT_ADDRESS_LIST_H
#define TEXT_ADDRESS_LIST_H

#include "base/base.h"

/* Wider ranges would shut out whole countries: they are refused. */
#define NETWORK_LEAST_PREFIX_4 8
#define NETWORK_LEAST_PREFIX_6 24

bool domain_list_has(const char *lines, const char *email);
/* The first line that is no domain, from 1; 0: all are. */
size_t domain_list_bad_line(const char *lines);

/* False for what is no address: a socket, a test. */
bool network_list_has(const char *lines, const char *address);
size_t network_list_bad_line(const char *lines);

/* An address as bytes: 4 or 16, IPv4 written as IPv6 (::ffff:…) is IPv4; 0: none. */
size_t network_address(const char *text, uint8_t out[16]);

#endif
