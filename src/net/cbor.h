/*
 * CBOR (RFC 8949) as authenticators write it (CTAP2's canonical form: definite lengths
 * only): where an item ends, and where the members of a map stand. Nothing is decoded
 * and nothing allocated. It stands before libfido2, which trusts declared lengths: what
 * passed here is whole, shallow and short.
 */
#ifndef NET_CBOR_H
#define NET_CBOR_H

#include "base/slice.h"

#define CBOR_DEPTH_MAX 8
#define CBOR_ITEMS_MAX 256

/* Bytes of the item that stands first. 0: it is not well-formed, or passes a limit. */
size_t cbor_length(struct slice bytes);

/* Of one map, whole and with nothing after it: the value under a text key. False: none. */
bool cbor_member(struct slice map, const char *key, struct slice *value);

/* What a byte string holds; is the item this text; is it a map with no members? */
bool cbor_bytes(struct slice item, struct slice *content);
bool cbor_is_text(struct slice item, const char *text);
bool cbor_is_empty_map(struct slice item);

#endif
