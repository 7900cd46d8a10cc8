/*
 * From a topic or an article to the document that stands in the index.
 */
#include "search/document.hh"

#include "search/filter.hh"
#include "search/intents.hh"
#include "search/places.hh"
#include "search/ranking.hh"
#include "search/stored.hh"

namespace search
{

namespace
{

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
			if (!word.is_compound()) {
				add_simple(language.known(word.parts[0]), count);
				return;
			}
			each_term(word, [&](const std::string &term) { add(term, count); });
			add_places(word);
		});
		position += POSITIONS_BETWEEN_TEXTS;
	}

	/* Its words again, as terms of the title: ranking weighs these by themselves. */
	void add_title(const char *title)
	{
		add_text(title, COUNT_TITLE);
		each_word(title ? title : "", [&](const Word &word) {
			title_words++;
			if (!language.is_stop_word(word))
				each_term(word,
					  [&](const std::string &term) { add(in_title(term), 1); });
		});
		for (const std::string &term : intent_terms(title ? title : ""))
			document.add_boolean_term(term);
	}

	size_t title_words = 0;
	uint32_t length = 0; /* the sum of counts */

      private:
	Xapian::Document &document;
	const Language &language;
	Xapian::termpos position = 0;

	/* What the two below do, for nearly all words, with one look at what is known. */
	void add_simple(const Language::Known &known, Xapian::termcount count)
	{
		if (known.is_stop_word)
			add("Z" + known.stem, count);
		else
			for (const std::string &term : known.terms)
				add(term, count);
		position++;
		if (known.has_place)
			add_place(known.plain, position);
	}

	/* Written in one piece, wi-fi stands where either of its parts does. */
	void add_places(const Word &word)
	{
		Xapian::termpos first = position + 1;

		if (!has_place(word)) {
			position += static_cast<Xapian::termpos>(word.parts.size());
			return;
		}
		for (const std::string &part : word.parts)
			add_place(language.known(part).plain, ++position);
		if (!word.is_compound())
			return;
		std::string whole = without_accents(word.joined());
		add_place(whole, first);
		add_place(whole, position);
	}

	void add_place(const std::string &term, Xapian::termpos place)
	{
		if (term.size() <= TERM_MAX_BYTES && place <= POSITIONS_MAX)
			document.add_posting(term, place, 0);
	}

	/* Common words are asked for only where a question has no others: by their stems. */
	template <typename Take> void each_term(const Word &word, Take take)
	{
		if (language.is_stop_word(word)) {
			take("Z" + language.stem_of(word.joined()));
			return;
		}
		for (const std::string &part : word.parts)
			for (const std::string &term : language.known(part).terms)
				take(term);
		if (word.is_compound())
			for (const std::string &term : language.known(word.joined()).terms)
				take(term);
	}

	void add(const std::string &term, Xapian::termcount count)
	{
		if (term.size() > TERM_MAX_BYTES)
			return;
		document.add_term(term, count);
		length += count;
	}
};

Xapian::termcount count_of(const search_post &post)
{
	if (post.is_question)
		return COUNT_QUESTION;
	return post.is_accepted || post.is_official ? COUNT_SOLUTION : COUNT_ANSWER;
}

} // namespace

Xapian::Document make_document(const search_document &source, const Language &language)
{
	Xapian::Document document;
	Filler filler(document, language);

	filler.add_title(source.title);
	for (size_t i = 0; i < source.post_count && i < SEARCH_POSTS_MAX; i++)
		filler.add_text(source.posts[i].text, count_of(source.posts[i]));
	for (size_t i = 0; i < source.tag_count; i++)
		filler.add_text(source.tags[i], COUNT_TAG);
	filler.add_text(source.category_names, COUNT_CATEGORY);
	Standing standing = standing_of(source, filler.title_words);
	standing.length = filler.length;
	standing.language = language_letters(language.code());
	document.add_value(VALUE_RANKING, pack_standing(standing));
	add_filters(&document, source, language.code());
	document.set_data(pack_stored(source, language.code()));
	return document;
}

} // namespace search
