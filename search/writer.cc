/*
 * The one writer of the index. A document is found again by the term of its
 * number, so putting it twice replaces it.
 */
#include "search/writer.hh"

#include <memory>

#include "search/careful.hh"
#include "search/document.hh"
#include "search/place.hh"

using namespace search;

namespace
{

/* One line, a string: the build's hash of the sources that decide about terms. */
constexpr const char build_fingerprint[] =
#include "search/fingerprint.inc"
	;

enum search_result open_writer(const char *directory, int mode, search_writer **out) noexcept
{
	std::string place;

	*out = nullptr;
	try {
		place = living_place(directory);
		*out = new_writer(place, mode);
		return SEARCH_OK;
	} catch (...) {
		return result_of_exception(place.c_str());
	}
}

} // namespace

namespace search
{

const char *fingerprint()
{
	return build_fingerprint;
}

search_writer *new_writer(const std::string &place, int mode)
{
	std::unique_ptr<search_writer> writer(
		new search_writer{ place, Xapian::WritableDatabase(place, mode), {} });

	if (writer->database.get_doccount() == 0) {
		writer->database.set_metadata(KEY_FORMAT, FORMAT);
		writer->database.set_metadata(KEY_FINGERPRINT, fingerprint());
	}
	return writer.release();
}

} // namespace search

extern "C" enum search_result search_writer_open(const char *directory,
						 search_writer **out) noexcept
{
	return open_writer(directory, Xapian::DB_CREATE_OR_OPEN, out);
}

extern "C" enum search_result search_writer_open_living(const char *directory,
							search_writer **out) noexcept
{
	return open_writer(directory, Xapian::DB_OPEN, out);
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
		Xapian::Document made = make_document(*document,
						      writer->languages.of_document(*document));

		made.add_value(VALUE_STAMP, std::to_string(document->stamp));
		put_carefully(&writer->database, key_term(document->kind, document->id), made);
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
