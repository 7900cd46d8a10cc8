/*
 * From a topic or an article to the document that stands in the index.
 */
#include "search/document.hh"

#include "search/filter.hh"
#include "search/stored.hh"

namespace search
{

namespace
{

/*
 * How often a word of each place counts. A title's words also have terms of
 * their own, which no repetition in a text can imitate.
 */
constexpr Xapian::termcount TITLE_COUNT = 3, TAG_COUNT = 2, TEXT_COUNT = 1;

/* Terms have a limit of 245 bytes; nobody looks for words of this length. */
constexpr size_t TERM_MAX_BYTES = 200;

/* No phrase reaches from one text into the next, nor far into a very long thread. */
constexpr Xapian::termpos POSITIONS_BETWEEN_TEXTS = 10, POSITIONS_MAX = 20000;

class Filler
{
      public:
	Filler(Xapian::Document &filled, const Language &chosen)
	    : document(filled), language(chosen)
	{
	}

	/* Only words as they are written have places: phrases are asked for literally. */
	void add_text(const char *text, Xapian::termcount count)
	{
		each_word(text ? text : "", [&](const Word &word) {
			each_term(word, [&](const std::string &term) { add(term, count); });
			add_places(word);
		});
		position += POSITIONS_BETWEEN_TEXTS;
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
	Xapian::termpos position = 0;

	/* Written in one piece, wi-fi stands where either of its parts does. */
	void add_places(const Word &word)
	{
		std::string whole = without_accents(word.joined());
		Xapian::termpos first = position + 1;

		for (const std::string &part : word.parts)
			add_place(without_accents(part), ++position);
		if (!word.is_compound())
			return;
		add_place(whole, first);
		add_place(whole, position);
	}

	void add_place(const std::string &term, Xapian::termpos place)
	{
		if (term.size() <= TERM_MAX_BYTES && place <= POSITIONS_MAX)
			document.add_posting(term, place, 0);
	}

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

} // namespace

Xapian::Document make_document(const search_document &source, const Language &language)
{
	Xapian::Document document;
	Filler filler(document, language);
	const char *code = source.language ? source.language : "";

	filler.add_title(source.title);
	for (size_t i = 0; i < source.post_count && i < SEARCH_POSTS_MAX; i++)
		filler.add_text(source.posts[i].text, TEXT_COUNT);
	for (size_t i = 0; i < source.tag_count; i++)
		filler.add_text(source.tags[i], TAG_COUNT);
	add_filters(&document, source, code);
	document.set_data(pack_stored(source, code));
	return document;
}

} // namespace search
