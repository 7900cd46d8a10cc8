/*
 * Posting sources: lists of documents with weights of our own.
 */
#include "search/sources.hh"

#include <algorithm>

namespace search
{

namespace
{

constexpr int64_t DAY = INT64_C(86400) * 1000000;
constexpr double WORTH_STEPS = 255;

unsigned byte_of(const std::string &packed, size_t i)
{
	return i < packed.size() ? static_cast<unsigned char>(packed[i]) : 0;
}

constexpr Xapian::docid AT_END = UINT32_MAX;

/* One term's documents. */
class TermCursor
{
      public:
	TermCursor() = default;
	TermCursor(const Xapian::Database &database, const std::string &term)
	    : at(database.postlist_begin(term)), end(database.postlist_end(term))
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
		at.skip_to(document);
		see();
	}
	double count() const
	{
		return at.get_wdf();
	}
	double length() const
	{
		return at.get_doclength();
	}

      private:
	Xapian::PostingIterator at, end;
	Xapian::docid current = AT_END;

	void see()
	{
		current = at == end ? AT_END : *at;
	}
};

/* What all cursors of a source need to know of the index. */
struct Surroundings {
	Xapian::Database database;
	Formula formula;
	double mean_length;
	Xapian::ValueIterator standings; /* follows the documents, which rise */

	size_t title_words(Xapian::docid document)
	{
		Xapian::ValueIterator end = database.valuestream_end(VALUE_RANKING);

		if (standings != end && standings.get_docid() < document)
			standings.skip_to(document);
		if (standings == end || standings.get_docid() != document)
			return 1;
		return byte_of(*standings, 0);
	}
};

/* "Zbox" in the title is "ZSbox". */
std::string title_term(const std::string &term)
{
	return "ZS" + term.substr(1);
}

class FormCursor
{
      public:
	FormCursor(const Surroundings &around, const Form &form)
	    : text(around.database, form.term), rarity(form.rarity),
	      documents(around.database.get_termfreq(form.term))
	{
		std::string title_form = title_term(form.term);
		double shortest = around.database.get_doclength_lower_bound() / around.mean_length;

		most = around.formula.text(around.database.get_wdf_upper_bound(form.term),
					   shortest);
		if (around.database.get_termfreq(title_form) > 0) {
			title = TermCursor(around.database, title_form);
			most += around.formula.title(1);
		}
		most *= rarity;
	}

	TermCursor text, title;
	double rarity, most;
	Xapian::doccount documents;

	/* Of the document where the text is. */
	double weight(Surroundings *around)
	{
		Xapian::docid document = text.document();
		double share = around->formula.text(text.count(),
						    text.length() / around->mean_length);

		title.skip_to(document);
		if (title.document() == document)
			share += around->formula.title(around->title_words(document));
		return rarity * share;
	}
};

/* One word in any of its forms. */
class WordCursor
{
      public:
	WordCursor(const Surroundings &around, const std::vector<Form> &all)
	{
		for (const Form &form : all)
			forms.emplace_back(around, form);
	}

	Xapian::docid document() const
	{
		Xapian::docid first = AT_END;

		for (const FormCursor &form : forms)
			first = std::min(first, form.text.document());
		return first;
	}
	void skip_to(Xapian::docid document)
	{
		for (FormCursor &form : forms)
			form.text.skip_to(document);
	}
	double weight(Surroundings *around, Xapian::docid document)
	{
		double best = 0;

		for (FormCursor &form : forms)
			if (form.text.document() == document)
				best = std::max(best, form.weight(around));
		return best;
	}
	double most() const
	{
		double best = 0;

		for (const FormCursor &form : forms)
			best = std::max(best, form.most);
		return best;
	}
	Xapian::doccount documents() const
	{
		Xapian::doccount sum = 0;

		for (const FormCursor &form : forms)
			sum += form.documents;
		return sum;
	}

      private:
	std::vector<FormCursor> forms;
};

/* Words of which none may be missing. */
class MeaningCursor
{
      public:
	MeaningCursor(const Surroundings &around, const Meaning &meaning)
	    : share(meaning.factor / static_cast<double>(meaning.words.size()))
	{
		for (const std::vector<Form> &forms : meaning.words)
			words.emplace_back(around, forms);
		skip_to(1);
	}

	Xapian::docid document() const
	{
		return current;
	}
	void skip_to(Xapian::docid document)
	{
		current = document;
		for (size_t agreeing = 0; agreeing < words.size() && current != AT_END;) {
			WordCursor &word = words[agreeing];

			word.skip_to(current);
			agreeing = word.document() == current ? agreeing + 1 : 0;
			current = word.document();
		}
	}
	double weight(Surroundings *around)
	{
		double sum = 0;

		for (WordCursor &word : words)
			sum += word.weight(around, current);
		return sum * share;
	}
	double most() const
	{
		double sum = 0;

		for (const WordCursor &word : words)
			sum += word.most();
		return sum * share;
	}
	Xapian::doccount documents() const
	{
		Xapian::doccount least = AT_END;

		for (const WordCursor &word : words)
			least = std::min(least, word.documents());
		return least;
	}

      private:
	std::vector<WordCursor> words;
	double share;
	Xapian::docid current = AT_END;
};

class WordSource : public Xapian::PostingSource
{
      public:
	WordSource(std::vector<Meaning> meant, const Formula &used)
	    : meanings(std::move(meant)), formula(used)
	{
	}

	void init(const Xapian::Database &database) override
	{
		double most = 0;
		double mean = database.get_avlength();

		around = { database, formula, mean > 0 ? mean : 1,
			   database.valuestream_begin(VALUE_RANKING) };
		cursors.clear();
		current = 0;
		count = 0;
		for (const Meaning &meaning : meanings) {
			cursors.emplace_back(around, meaning);
			most = std::max(most, cursors.back().most());
			count += cursors.back().documents();
		}
		count = std::min(count, database.get_doccount());
		set_maxweight(most);
	}
	Xapian::doccount get_termfreq_min() const override
	{
		return 0;
	}
	Xapian::doccount get_termfreq_est() const override
	{
		return count;
	}
	Xapian::doccount get_termfreq_max() const override
	{
		return count;
	}
	double get_weight() const override
	{
		double best = 0;

		for (MeaningCursor &cursor : cursors)
			if (cursor.document() == current)
				best = std::max(best, cursor.weight(&around));
		return std::min(best, get_maxweight());
	}
	void next(double) override
	{
		skip_to(current + 1, 0);
	}
	void skip_to(Xapian::docid document, double) override
	{
		Xapian::docid first = AT_END;

		for (MeaningCursor &cursor : cursors) {
			if (cursor.document() < document)
				cursor.skip_to(document);
			first = std::min(first, cursor.document());
		}
		current = first;
	}
	bool at_end() const override
	{
		return current == AT_END;
	}
	Xapian::docid get_docid() const override
	{
		return current;
	}
	PostingSource *clone() const override
	{
		return new WordSource(meanings, formula);
	}

      private:
	std::vector<Meaning> meanings;
	Formula formula;
	/* Weighing moves the cursors of titles, but not the source. */
	mutable Surroundings around{};
	mutable std::vector<MeaningCursor> cursors;
	Xapian::docid current = 0;
	Xapian::doccount count = 0;
};

class FlatSource : public Xapian::PostingSource
{
      public:
	FlatSource(std::string listed, double weighed) : term(std::move(listed)), weight(weighed)
	{
	}
	void init(const Xapian::Database &searched) override
	{
		database = searched;
		count = database.get_termfreq(term);
		is_started = false;
		set_maxweight(weight);
	}
	Xapian::doccount get_termfreq_min() const override
	{
		return count;
	}
	Xapian::doccount get_termfreq_est() const override
	{
		return count;
	}
	Xapian::doccount get_termfreq_max() const override
	{
		return count;
	}
	double get_weight() const override
	{
		return weight;
	}
	void next(double) override
	{
		if (is_started)
			at.next();
		else
			start();
	}
	void skip_to(Xapian::docid document, double) override
	{
		if (!is_started)
			start();
		at.skip_to(document);
	}
	bool at_end() const override
	{
		return is_started && at.document() == AT_END;
	}
	Xapian::docid get_docid() const override
	{
		return at.document();
	}
	PostingSource *clone() const override
	{
		return new FlatSource(term, weight);
	}

      private:
	Xapian::Database database;
	std::string term;
	double weight;
	TermCursor at;
	Xapian::doccount count = 0;
	bool is_started = false;

	void start()
	{
		at = TermCursor(database, term);
		is_started = true;
	}
};

class StandingSource : public Xapian::ValuePostingSource
{
      public:
	StandingSource(double highest, double (*weighed)(const Standing &, int64_t), int64_t today)
	    : Xapian::ValuePostingSource(VALUE_RANKING), most(highest), weight(weighed), now(today)
	{
	}
	double get_weight() const override
	{
		return std::min(most, std::max(0.0, weight(unpack_standing(get_value()), now)));
	}
	PostingSource *clone() const override
	{
		return new StandingSource(most, weight, now);
	}
	void init(const Xapian::Database &searched) override
	{
		ValuePostingSource::init(searched);
		set_maxweight(most);
	}

      private:
	double most;
	double (*weight)(const Standing &, int64_t);
	int64_t now;
};

} // namespace

std::string pack_standing(const Standing &standing)
{
	int64_t day = std::clamp<int64_t>(standing.active_at / DAY, 0, 0xFFFF);
	std::string packed;

	packed += static_cast<char>(std::clamp<size_t>(standing.title_words, 1, 255));
	packed += static_cast<char>(std::clamp(standing.worth, 0.0, 1.0) * WORTH_STEPS + 0.5);
	packed += static_cast<char>(day >> 8);
	packed += static_cast<char>(day & 0xFF);
	return packed;
}

Standing unpack_standing(const std::string &packed)
{
	Standing standing;

	standing.title_words = byte_of(packed, 0);
	standing.worth = byte_of(packed, 1) / WORTH_STEPS;
	standing.active_at = DAY * (byte_of(packed, 2) << 8 | byte_of(packed, 3));
	return standing;
}

Xapian::Query word_source(const std::vector<Meaning> &meanings, const Formula &formula)
{
	return Xapian::Query((new WordSource(meanings, formula))->release());
}

Xapian::Query flat_source(const std::string &term, double weight)
{
	return Xapian::Query((new FlatSource(term, weight))->release());
}

Xapian::Query standing_source(double most, double (*weight)(const Standing &, int64_t), int64_t now)
{
	return Xapian::Query((new StandingSource(most, weight, now))->release());
}

} // namespace search
