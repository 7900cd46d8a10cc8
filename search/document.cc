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
