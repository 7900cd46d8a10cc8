/*
 * Asking the index. Every question starts by looking for a newer state; when
 * the writer has meanwhile thrown away the state that we read, or the whole
 * index was made anew, the directory is opened again and the question asked
 * once more.
 */
#ifndef SEARCH_READER_H
#define SEARCH_READER_H

#include <memory>
#include <string>

#include "search/place.hh"
#include "search/writer.hh"

struct search_reader {
	std::string directory;
	std::string place; /* of the index that is open */
	std::unique_ptr<Xapian::Database> database;
	std::string identity; /* of the index that is open */
	search::Languages languages;
};

namespace search
{

/* An index that is not for this program to read is as good as none. */
struct unreadable_index {
};

/*
 * Moves to the newest state. An index made anew has another identity, but may
 * have the revision number of the old one: reopen would see nothing new.
 */
inline bool is_still_good(Xapian::Database &database, const std::string &identity)
{
	database.reopen();
	return database.get_uuid() == identity;
}

template <typename Ask> void ask_anew(search_reader *reader, Ask question)
{
	reader->database.reset();
	reader->place = living_place(reader->directory);
	reader->database = std::make_unique<Xapian::Database>(reader->place);
	if (reader->database->get_metadata(KEY_FORMAT) != FORMAT)
		throw unreadable_index();
	reader->identity = reader->database->get_uuid();
	question(*reader->database);
}

template <typename Ask> bool ask_again(search_reader *reader, Ask question)
{
	try {
		if (!reader->database || reader->place != living_place(reader->directory) ||
		    !is_still_good(*reader->database, reader->identity))
			return false;
		question(*reader->database);
		return true;
	} catch (const Xapian::DatabaseError &) {
		return false;
	}
}

/* Asks with the index that is open; once more, from the files, if that fails. */
template <typename Ask> enum search_result ask(search_reader *reader, Ask question) noexcept
{
	try {
		if (!ask_again(reader, question))
			ask_anew(reader, question);
		return SEARCH_OK;
	} catch (const unreadable_index &) {
		reader->database.reset();
		return SEARCH_MISSING;
	} catch (...) {
		reader->database.reset();
		return result_of_exception(reader->place.c_str());
	}
}

} // namespace search

#endif
