/*
 * The reader itself: opening, closing, counting.
 */
#include "search/reader.hh"

using namespace search;

extern "C" enum search_result search_reader_open(const char *directory,
						 search_reader **out) noexcept
{
	*out = nullptr;
	try {
		*out = new search_reader{ directory, {}, nullptr, {}, {} };
		return SEARCH_OK;
	} catch (...) {
		return SEARCH_FAILED;
	}
}

extern "C" void search_reader_close(search_reader *reader) noexcept
{
	try {
		delete reader;
	} catch (...) {
	}
}

extern "C" enum search_result search_count(search_reader *reader, size_t *documents) noexcept
{
	*documents = 0;
	return ask(reader,
		   [&](const Xapian::Database &database) { *documents = database.get_doccount(); });
}
