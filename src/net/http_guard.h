/*
 * Which addresses are out in the open. What is not plainly public is private:
 * our own machine, its network, its provider's services.
 */
#ifndef NET_HTTP_GUARD_H
#define NET_HTTP_GUARD_H

#include <sys/socket.h>

#include "base/base.h"

/* False also for what is neither IPv4 nor IPv6. */
bool http_address_is_public(const struct sockaddr *address, size_t length);

#endif
