/*
 * The one writer of the index. A document is found again by the term of its
 * number, so putting it twice replaces it.
 */
#include <string>

#include "search/document.hh"

using namespace search;

struct search_writer {
	std::string directory;
	Xapian::WritableDatabase database;
	Languages languages;
};

namespace
{

enum search_result open_writer(const char *directory, int mode, search_writer **out) noexcept
{
	*out = nullptr;
	try {
		*out = new search_writer{ directory,
					  Xapian::WritableDatabase(directory, mode),
					  {} };
		return SEARCH_OK;
	} catch (...) {
		return result_of_exception(directory);
	}
}

} // namespace

extern "C" enum search_result search_writer_open(const char *directory,
						 search_writer **out) noexcept
{
	return open_writer(directory, Xapian::DB_CREATE_OR_OPEN, out);
}

extern "C" enum search_result search_writer_create(const char *directory,
						   search_writer **out) noexcept
{
	return open_writer(directory, Xapian::DB_CREATE_OR_OVERWRITE, out);
}

extern "C" enum search_result search_writer_put(search_writer *writer,
						const search_document *document) noexcept
{
	try {
		writer->database.replace_document(
			key_term(document->kind, document->id),
			make_document(*document, writer->languages.of(document->language)));
		return SEARCH_OK;
	} catch (...) {
		return result_of_exception(writer->directory.c_str());
	}
}

extern "C" enum search_result search_writer_remove(search_writer *writer, enum search_kind kind,
						   int64_t id) noexcept
{
	try {
		writer->database.delete_document(key_term(kind, id));
		return SEARCH_OK;
	} catch (...) {
		return result_of_exception(writer->directory.c_str());
	}
}

extern "C" enum search_result search_writer_commit(search_writer *writer) noexcept
{
	try {
		writer->database.commit();
		return SEARCH_OK;
	} catch (...) {
		return result_of_exception(writer->directory.c_str());
	}
}

extern "C" void search_writer_close(search_writer *writer) noexcept
{
	/* The destructor commits and swallows what goes wrong with that. */
	try {
		delete writer;
	} catch (...) {
	}
}
