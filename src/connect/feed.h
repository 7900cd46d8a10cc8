/*
 * RSS and Atom feeds: the connector's row for the table.
 */
#ifndef CONNECT_FEED_H
#define CONNECT_FEED_H

#include "connect/connector.h"

extern const struct connector feed_connector;

#endif
