/*
 * Walking through the documents that have a word.
 */
#include "search/cursors.hh"

#include <algorithm>

namespace search
{

namespace
{

/* "Zbox" in the title is "ZSbox". */
std::string title_term(const std::string &term)
{
	return "ZS" + term.substr(1);
}

} // namespace

Surroundings::Surroundings(const Xapian::Database &searched, const Formula &used)
    : database(searched), formula(used), mean_length(searched.get_avlength()),
      standings(searched.valuestream_begin(VALUE_RANKING))
{
	if (mean_length <= 0)
		mean_length = 1;
}

Standing Surroundings::standing_of(Xapian::docid document)
{
	Xapian::ValueIterator end = database.valuestream_end(VALUE_RANKING);

	if (standings != end && standings.get_docid() < document)
		standings.skip_to(document);
	if (standings == end || standings.get_docid() != document)
		return Standing();
	return unpack_standing(*standings);
}

FormCursor::FormCursor(const Surroundings &around, const Form &form)
    : text(around.database, form.term), documents(around.database.get_termfreq(form.term)),
      rarity(form.rarity)
{
	std::string title_form = title_term(form.term);
	double shortest = around.database.get_doclength_lower_bound() / around.mean_length;
	double most = around.database.get_wdf_upper_bound(form.term);

	for (size_t count = 0; count < text_bounds.size(); count++)
		text_bounds[count] = rarity *
				     around.formula.text(static_cast<double>(count), shortest);
	text_bounds.back() = rarity * around.formula.text(most, shortest);
	if (around.database.get_termfreq(title_form) > 0) {
		title = TermCursor(around.database, title_form);
		title_bound = rarity * around.formula.title(1);
	}
}

double FormCursor::bound()
{
	Xapian::docid document = text.document();
	double most = text_bounds[std::min<size_t>(text.count(), text_bounds.size() - 1)];

	title.skip_to(document);
	return title.document() == document ? most + title_bound : most;
}

double FormCursor::weight(Surroundings *around)
{
	Xapian::docid document = text.document();
	Standing standing = around->standing_of(document);
	/* An index of an earlier program does not have it there. */
	double length = standing.length ? standing.length : text.length();
	double share = around->formula.text(text.count(), length / around->mean_length);

	title.skip_to(document);
	if (title.document() == document)
		share += around->formula.title(standing.title_words);
	return rarity * share;
}

WordCursor::WordCursor(const Surroundings &around, const std::vector<Form> &all)
{
	for (const Form &form : all)
		forms.emplace_back(around, form);
}

Xapian::docid WordCursor::document() const
{
	Xapian::docid first = AT_END;

	for (const FormCursor &form : forms)
		first = std::min(first, form.text.document());
	return first;
}

void WordCursor::skip_to(Xapian::docid document)
{
	for (FormCursor &form : forms)
		form.text.skip_to(document);
}

Xapian::docid WordCursor::next_title(Xapian::docid document)
{
	Xapian::docid first = AT_END;

	for (FormCursor &form : forms) {
		form.title.skip_to(document);
		first = std::min(first, form.title.document());
	}
	return first;
}

double WordCursor::bound(Xapian::docid document)
{
	double best = 0;

	for (FormCursor &form : forms)
		if (form.text.document() == document)
			best = std::max(best, form.bound());
	return best;
}

double WordCursor::weight(Surroundings *around, Xapian::docid document)
{
	double best = 0;

	for (FormCursor &form : forms)
		if (form.text.document() == document)
			best = std::max(best, form.weight(around));
	return best;
}

double WordCursor::most_in_text() const
{
	double best = 0;

	for (const FormCursor &form : forms)
		best = std::max(best, form.most_in_text());
	return best;
}

double WordCursor::most_in_title() const
{
	double best = 0;

	for (const FormCursor &form : forms)
		best = std::max(best, form.most_in_title());
	return best;
}

Xapian::doccount WordCursor::documents() const
{
	Xapian::doccount sum = 0;

	for (const FormCursor &form : forms)
		sum += form.documents;
	return sum;
}

MeaningCursor::MeaningCursor(const Surroundings &around, const Meaning &meaning)
    : share(meaning.factor / static_cast<double>(meaning.words.size()))
{
	for (const std::vector<Form> &forms : meaning.words)
		words.emplace_back(around, forms);
	skip_to(1);
}

void MeaningCursor::skip_to(Xapian::docid document)
{
	current = document;
	for (size_t agreeing = 0; agreeing < words.size() && current != AT_END;) {
		WordCursor &word = words[agreeing];

		word.skip_to(current);
		agreeing = word.document() == current ? agreeing + 1 : 0;
		current = word.document();
	}
}

Xapian::docid MeaningCursor::next_title(Xapian::docid document)
{
	return words.size() == 1 ? words[0].next_title(document) : AT_END;
}

double MeaningCursor::bound()
{
	double sum = 0;

	for (WordCursor &word : words)
		sum += word.bound(current);
	return sum * share;
}

double MeaningCursor::weight(Surroundings *around)
{
	double sum = 0;

	for (WordCursor &word : words)
		sum += word.weight(around, current);
	return sum * share;
}

double MeaningCursor::most_in_text() const
{
	double sum = 0;

	for (const WordCursor &word : words)
		sum += word.most_in_text() + (words.size() > 1 ? word.most_in_title() : 0);
	return sum * share;
}

double MeaningCursor::most_in_title() const
{
	return words.size() == 1 ? words[0].most_in_title() * share : 0;
}

Xapian::doccount MeaningCursor::documents() const
{
	Xapian::doccount least = AT_END;

	for (const WordCursor &word : words)
		least = std::min(least, word.documents());
	return least;
}

} // namespace search
