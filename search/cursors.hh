/*
 * Walking through the documents that have a word, by number of the document. Each
 * cursor stands at a document or at AT_END, only goes forward, and can say what it
 * weighs there: quickly at the most (bound), or exactly, for which it has to look up
 * the document's length and the title's.
 *
 *   TermCursor     a term of the index
 *   FormCursor     a term in the text, and the same in the title
 *   WordCursor     the best of a word's forms
 *   MeaningCursor  words of which none may be missing
 */
#ifndef SEARCH_CURSORS_H
#define SEARCH_CURSORS_H

#include <array>
#include <vector>

#include <xapian.h>

#include "search/sources.hh"

namespace search
{

constexpr Xapian::docid AT_END = UINT32_MAX;

class TermCursor
{
      public:
	TermCursor() = default; /* at the end */
	TermCursor(const Xapian::Database &database, const std::string &term)
	    : at(database.postlist_begin(term))
	{
		see();
	}

	Xapian::docid document() const
	{
		return current;
	}
	void next()
	{
		++at;
		see();
	}
	void skip_to(Xapian::docid document)
	{
		if (current >= document)
			return;
		/* Often it is the next one, which is found faster so. */
		++at;
		see();
		if (current >= document)
			return;
		at.skip_to(document);
		see();
	}
	Xapian::termcount count() const
	{
		return at.get_wdf();
	}
	double length() const
	{
		return at.get_doclength();
	}

      private:
	Xapian::PostingIterator at;
	Xapian::docid current = AT_END;

	void see()
	{
		current = at == Xapian::PostingIterator() ? AT_END : *at;
	}
};

/* What all cursors of a question need to know of the index. */
struct Surroundings {
	Xapian::Database database;
	Formula formula = {};
	double mean_length = 1;
	Xapian::ValueIterator standings; /* follows the documents, which rise */

	Surroundings() = default;
	Surroundings(const Xapian::Database &searched, const Formula &used);
	/* length 0, and a title of one word: the document has none. */
	Standing standing_of(Xapian::docid document);
};

class FormCursor
{
      public:
	FormCursor(const Surroundings &around, const Form &form);

	TermCursor text, title;
	Xapian::doccount documents;

	double most_in_text() const
	{
		return text_bounds.back();
	}
	double most_in_title() const
	{
		return title_bound;
	}
	/* Both of the document where the text is. */
	double bound();
	double weight(Surroundings *around);

      private:
	/* By how often the term is there; the last one: that often or more. */
	std::array<double, 16> text_bounds;
	double rarity, title_bound = 0;
};

class WordCursor
{
      public:
	WordCursor(const Surroundings &around, const std::vector<Form> &all);

	Xapian::docid document() const;
	void skip_to(Xapian::docid document);
	/* The first that has it in its title, from there on. */
	Xapian::docid next_title(Xapian::docid document);
	double bound(Xapian::docid document);
	double weight(Surroundings *around, Xapian::docid document);
	double most_in_text() const;
	double most_in_title() const;
	Xapian::doccount documents() const;

      private:
	std::vector<FormCursor> forms;
};

class MeaningCursor
{
      public:
	MeaningCursor(const Surroundings &around, const Meaning &meaning);

	Xapian::docid document() const
	{
		return current;
	}
	void skip_to(Xapian::docid document);
	/* AT_END, too, for several words: then most_in_text() has their titles in it. */
	Xapian::docid next_title(Xapian::docid document);
	double bound();
	double weight(Surroundings *around);
	double most_in_text() const;
	double most_in_title() const;
	Xapian::doccount documents() const;

      private:
	std::vector<WordCursor> words;
	double share;
	Xapian::docid current = AT_END;
};

} // namespace search

#endif
