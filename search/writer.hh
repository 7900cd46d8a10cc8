/*
 * The writer, and what an index says of itself in its metadata.
 */
#ifndef SEARCH_WRITER_H
#define SEARCH_WRITER_H

#include "search/terms.hh"

struct search_writer {
	std::string directory; /* of its files */
	Xapian::WritableDatabase database;
	search::Languages languages;
};

namespace search
{

/*
 * To be raised when readers cannot make sense of documents that were written before:
 * they take such an index for missing, until it has been built anew.
 */
constexpr const char FORMAT[] = "2";

/* Changes by itself with whatever decides about terms: an index of another one is
 * used as it is, and built anew in the background. */
const char *fingerprint();

constexpr const char KEY_FORMAT[] = "format", KEY_FINGERPRINT[] = "fingerprint";

/* The caller's mark of what a document was made from. */
constexpr Xapian::valueno VALUE_STAMP = 200;

/* Throws as Xapian does. An empty database learns the format. */
search_writer *new_writer(const std::string &place, int mode);

} // namespace search

#endif
