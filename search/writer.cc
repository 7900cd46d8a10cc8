/*
 * The one writer of the index. A topic is one document, found again by its
 * number's term, so putting it twice replaces it.
 */
#include <string>

#include "search/terms.hh"

using namespace search;

struct search_writer {
	std::string directory;
	Xapian::WritableDatabase database;
	Languages languages;
};

namespace
{

/*
 * How often a word of each place counts. A title's words also have terms of
 * their own, which no repetition in a text can imitate.
 */
constexpr Xapian::termcount TITLE_COUNT = 3, TAG_COUNT = 2, TEXT_COUNT = 1;

/* Terms have a limit of 245 bytes; nobody looks for words of this length. */
constexpr size_t TERM_MAX_BYTES = 200;

class Filler
{
      public:
	Filler(Xapian::Document &filled, const Language &chosen)
	    : document(filled), language(chosen)
	{
	}

	void add_text(const char *text, Xapian::termcount count)
	{
		each_word(text ? text : "", [&](const Word &word) {
			each_term(word, [&](const std::string &term) { add(term, count); });
		});
	}

	void add_title(const char *title)
	{
		add_text(title, TITLE_COUNT);
		each_word(title ? title : "", [&](const Word &word) {
			each_term(word, [&](const std::string &term) { add(in_title(term), 1); });
		});
	}

      private:
	Xapian::Document &document;
	const Language &language;

	template <typename Take> void each_term(const Word &word, Take take)
	{
		for (const std::string &part : word.parts)
			for (const std::string &term : language.terms(part))
				take(term);
		if (word.is_compound())
			for (const std::string &term : language.terms(word.joined()))
				take(term);
	}

	void add(const std::string &term, Xapian::termcount count)
	{
		if (term.size() <= TERM_MAX_BYTES)
			document.add_term(term, count);
	}
};

void add_filters(Xapian::Document &document, const search_document &topic)
{
	document.add_boolean_term(topic_term(topic.topic_id));
	document.add_boolean_term("XC" + std::to_string(topic.category_id));
	document.add_boolean_term(std::string("L") + (topic.language ? topic.language : ""));
	for (size_t i = 0; i < topic.tag_count; i++) {
		std::string tag = std::string("K") + topic.tags[i];

		if (tag.size() <= TERM_MAX_BYTES)
			document.add_boolean_term(tag);
	}
	document.add_value(VALUE_CREATED_AT,
			   Xapian::sortable_serialise(static_cast<double>(topic.created_at)));
	document.add_value(VALUE_IS_SOLVED, topic.is_solved ? "1" : "");
}

Xapian::Document make_document(const search_document &topic, const Language &language)
{
	Xapian::Document document;
	Filler filler(document, language);

	filler.add_title(topic.title);
	filler.add_text(topic.question, TEXT_COUNT);
	filler.add_text(topic.answers, TEXT_COUNT);
	for (size_t i = 0; i < topic.tag_count; i++)
		filler.add_text(topic.tags[i], TAG_COUNT);
	add_filters(document, topic);
	document.set_data(std::to_string(topic.topic_id));
	return document;
}

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
						const search_document *topic) noexcept
{
	try {
		writer->database.replace_document(
			topic_term(topic->topic_id),
			make_document(*topic, writer->languages.of(topic->language)));
		return SEARCH_OK;
	} catch (...) {
		return result_of_exception(writer->directory.c_str());
	}
}

extern "C" enum search_result search_writer_remove(search_writer *writer, int64_t topic_id) noexcept
{
	try {
		writer->database.delete_document(topic_term(topic_id));
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
