/*
 * What the index keeps of a document to show it: its title and the texts of its
 * posts, the telling ones first and no more than a bound. Snippets, the choice of
 * the very answer, written forms of words and suggestions are made of it.
 */
#ifndef SEARCH_STORED_H
#define SEARCH_STORED_H

#include <string>
#include <string_view>
#include <vector>

#include "search/search.h"

namespace search
{

struct StoredPost {
	int64_t id = 0, revision = 0;
	bool is_question = false, is_accepted = false, is_official = false;
	std::string_view text; /* valid UTF-8 without control characters but \n */
};

/* Its strings point into the data it was read from. */
struct Stored {
	enum search_kind kind = SEARCH_TOPIC;
	int64_t id = 0;
	bool is_solved = false;
	std::string_view language, title;
	std::vector<StoredPost> posts;
};

std::string pack_stored(const search_document &source, const char *language);

/* False if that is nothing of ours: the index is of another version, or damaged. */
bool unpack_stored(const std::string &data, Stored *out);

/* Kind and number only, without looking at the texts. */
bool unpack_key(const std::string &data, enum search_kind *kind, int64_t *id);

} // namespace search

#endif
