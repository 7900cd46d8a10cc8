/*
 * The documents that have any of a question's words, with the sum of what the words
 * weigh there. What is known to weigh too little is passed over, without being weighed:
 *
 * Of each word the list of texts and that of titles have the most that they can add.
 * Once Xapian has enough hits it says how much a further one must weigh at least. All
 * lists that could not reach that together need not be gone through: they are only
 * asked about documents that the other lists bring (MaxScore: Turtle and Flood, Query
 * evaluation: strategies and optimizations, 1995). A frequent word is soon such a list,
 * while its few titles still bring documents.
 *
 * Of what is brought, the counts tell a closer bound; only who passes that is weighed.
 */
#include <algorithm>

#include "search/cursors.hh"

namespace search
{

namespace
{

/* Sums of the same weights in another order may differ by a last digit. */
constexpr double A_HAIR = 1e-9;

/* A word of the question: the best of its meanings counts. */
class GroupCursor
{
      public:
	GroupCursor(const Surroundings &around, const std::vector<Meaning> &meant)
	{
		for (const Meaning &meaning : meant) {
			meanings.emplace_back(around, meaning);
			text_most = std::max(text_most, meanings.back().most_in_text());
			title_most = std::max(title_most, meanings.back().most_in_title());
		}
	}

	/* Whether its lists bring documents; else they are only asked about those of others. */
	bool brings_texts = true, brings_titles = true;
	double text_most = 0, title_most = 0;

	/* The first document from there on that it brings. */
	Xapian::docid next(Xapian::docid document)
	{
		Xapian::docid first = AT_END;

		for (MeaningCursor &meaning : meanings) {
			if (brings_texts) {
				if (meaning.document() < document)
					meaning.skip_to(document);
				first = std::min(first, meaning.document());
			} else if (brings_titles) {
				first = std::min(first, meaning.next_title(document));
			}
		}
		return first;
	}
	double bound(Xapian::docid document)
	{
		double best = 0;

		if (!brings_texts)
			return text_most + title_most;
		for (MeaningCursor &meaning : meanings)
			if (meaning.document() == document)
				best = std::max(best, meaning.bound());
		return best;
	}
	double weight(Surroundings *around, Xapian::docid document)
	{
		double best = 0;

		for (MeaningCursor &meaning : meanings) {
			if (meaning.document() < document)
				meaning.skip_to(document);
			if (meaning.document() == document)
				best = std::max(best, meaning.weight(around));
		}
		return best;
	}
	Xapian::doccount documents(Xapian::doccount all) const
	{
		Xapian::doccount sum = 0;

		for (const MeaningCursor &meaning : meanings)
			sum += std::min(meaning.documents(), all - sum);
		return sum;
	}

      private:
	std::vector<MeaningCursor> meanings;
};

class QuestionSource : public Xapian::PostingSource
{
      public:
	QuestionSource(std::vector<std::vector<Meaning>> asked, const Formula &used)
	    : words(std::move(asked)), formula(used)
	{
	}

	void init(const Xapian::Database &database) override
	{
		Xapian::doccount all = database.get_doccount();
		double most = 0, without = 1;

		around = Surroundings(database, formula);
		groups.clear();
		count_most = 0;
		for (const std::vector<Meaning> &word : words) {
			groups.emplace_back(around, word);
			const GroupCursor &group = groups.back();
			Xapian::doccount having = group.documents(all);

			most += group.text_most + group.title_most;
			count_most += std::min(having, all - count_most);
			without *= 1 - static_cast<double>(having) / std::max(all, 1U);
		}
		count_likely = static_cast<Xapian::doccount>(all * (1 - without) + 0.5);
		current = 0;
		known_least = 0;
		set_maxweight(most * (1 + A_HAIR));
	}
	Xapian::doccount get_termfreq_min() const override
	{
		return 0;
	}
	Xapian::doccount get_termfreq_est() const override
	{
		return std::min(count_likely, count_most);
	}
	Xapian::doccount get_termfreq_max() const override
	{
		return count_most;
	}
	double get_weight() const override
	{
		if (!is_weighed)
			weight = sum_of_weights();
		is_weighed = true;
		return std::min(weight, get_maxweight());
	}
	void next(double least) override
	{
		go_to(current + 1, least);
	}
	void skip_to(Xapian::docid document, double least) override
	{
		if (document > current)
			go_to(document, least);
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
		return new QuestionSource(words, formula);
	}

      private:
	std::vector<std::vector<Meaning>> words;
	Formula formula;
	/* Weighing moves the cursors that bring nothing, but not the source. */
	mutable Surroundings around;
	mutable std::vector<GroupCursor> groups;
	mutable double weight = 0;
	mutable bool is_weighed = false;
	Xapian::docid current = 0;
	Xapian::doccount count_most = 0, count_likely = 0;
	double known_least = 0;

	/* The lists that could not reach it together bring nothing any more. */
	void choose(double least)
	{
		std::vector<std::pair<double, bool *>> lists;
		double sum = 0;

		known_least = least;
		for (GroupCursor &group : groups) {
			lists.emplace_back(group.text_most, &group.brings_texts);
			lists.emplace_back(group.title_most, &group.brings_titles);
		}
		std::sort(lists.begin(), lists.end());
		for (const auto &list : lists) {
			sum += list.first;
			*list.second = sum * (1 + A_HAIR) >= least;
		}
	}
	void go_to(Xapian::docid document, double least)
	{
		if (least != known_least)
			choose(least);
		for (;; document++) {
			document = next_brought(document);
			current = document;
			is_weighed = false;
			if (document == AT_END || least <= 0 || can_weigh(least))
				return;
		}
	}
	Xapian::docid next_brought(Xapian::docid document)
	{
		Xapian::docid first = AT_END;

		for (GroupCursor &group : groups)
			first = std::min(first, group.next(document));
		return first;
	}
	bool can_weigh(double least)
	{
		double sum = 0;

		for (GroupCursor &group : groups)
			sum += group.bound(current);
		return sum * (1 + A_HAIR) >= least && get_weight() * (1 + A_HAIR) >= least;
	}
	double sum_of_weights() const
	{
		double sum = 0;

		for (GroupCursor &group : groups)
			sum += group.weight(&around, current);
		return sum;
	}
};

} // namespace

Xapian::Query question_source(const std::vector<std::vector<Meaning>> &words,
			      const Formula &formula)
{
	return Xapian::Query((new QuestionSource(words, formula))->release());
}

} // namespace search
