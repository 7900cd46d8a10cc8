/*
 * Facebook Pages through the Graph API: the connector's row for the table.
 */
#ifndef CONNECT_FACEBOOK_H
#define CONNECT_FACEBOOK_H

#include "connect/connector.h"

extern const struct connector facebook_connector;

#endif
