/*
 * Putting a document so that it can be read again. Xapian 1.4.22 cannot unpack all
 * data that it packs: where the last compressed bytes hold back output that crosses
 * a multiple of 8 kB, reading fails with "Too few chunks of compressed data". Texts
 * that repeat themselves hit it about once in three hundred (a user can do that on
 * purpose), and every search that finds such a document would fail. So what is large
 * is read back at once.
 */
#ifndef SEARCH_CAREFUL_H
#define SEARCH_CAREFUL_H

#include <string>

#include <xapian.h>

namespace search
{

/* Replaces the document that has this key, or adds it. Its data may get a tail. */
void put_carefully(Xapian::WritableDatabase *database, const std::string &key,
		   Xapian::Document document);

} // namespace search

#endif
