/*
 * The value is a text of five fields with tabs between them: state and kind (a letter
 * each), year, category, language, source. Few values differ, so each is taken apart
 * only once, after the counting.
 */
#include "search/facets.hh"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <vector>

#include "search/filter.hh"
#include "search/text.hh"

namespace search
{

namespace
{

constexpr char SOLVED = 's', UNSOLVED = 'u', UNANSWERED = 'n';
constexpr char ARTICLE = 'a', TOPIC = 't';

/* A word from outside must not break the fields. */
std::string field_of(const char *word)
{
	std::string field(word ? word : "");

	field.resize(std::min(field.size(), sizeof search_facet::name - 1));
	std::replace(field.begin(), field.end(), '\t', ' ');
	return field;
}

std::vector<std::string> fields_of(const std::string &value)
{
	std::vector<std::string> fields(1);

	for (char byte : value)
		if (byte == '\t')
			fields.emplace_back();
		else
			fields.back() += byte;
	fields.resize(5);
	return fields;
}

using Counts = std::map<std::string, size_t>;

size_t tell_one(const Counts &counts, bool are_numbers, search_facet *out)
{
	std::vector<std::pair<std::string, size_t>> sorted(counts.begin(), counts.end());
	size_t count = 0;

	std::stable_sort(sorted.begin(), sorted.end(),
			 [](const auto &a, const auto &b) { return a.second > b.second; });
	for (const auto &entry : sorted) {
		if (count == SEARCH_FACETS_MAX)
			break;
		if (entry.first.empty())
			continue;
		search_facet *facet = &out[count++];
		facet->count = entry.second;
		if (are_numbers)
			facet->value = strtoll(entry.first.c_str(), nullptr, 10);
		else
			copy_text(facet->name, sizeof facet->name, entry.first);
	}
	return count;
}

/* Documents are in the order of their time, so a sample is taken from many places. */
constexpr Xapian::docid SAMPLE_PLACES = 20;

/* Numbers of documents, whether there are such or not: the beginning of each place. */
class SampleSource : public Xapian::PostingSource
{
      public:
	SampleSource(Xapian::docid last_one, double wanted) : last(last_one), share(wanted)
	{
		period = last / SAMPLE_PLACES + 1;
		width = std::clamp<Xapian::docid>(static_cast<Xapian::docid>(period * share + 0.5),
						  1, period);
	}
	void init(const Xapian::Database & /* searched */) override
	{
		current = 0;
		set_maxweight(0);
	}
	Xapian::doccount get_termfreq_min() const override
	{
		return 0;
	}
	Xapian::doccount get_termfreq_est() const override
	{
		return std::min<Xapian::doccount>(last, width * SAMPLE_PLACES);
	}
	Xapian::doccount get_termfreq_max() const override
	{
		return last;
	}
	void next(double /* least */) override
	{
		go_to(current + 1);
	}
	void skip_to(Xapian::docid document, double /* least */) override
	{
		go_to(std::max(document, current));
	}
	bool at_end() const override
	{
		return current > last;
	}
	Xapian::docid get_docid() const override
	{
		return current;
	}
	PostingSource *clone() const override
	{
		return new SampleSource(last, share);
	}

      private:
	Xapian::docid last, period, width, current = 0;
	double share;

	void go_to(Xapian::docid document)
	{
		Xapian::docid place = (document - 1) / period * period;

		current = document - 1 < place + width ? document : place + period + 1;
	}
};

void count_state(const std::string &state, size_t count, search_facets *out)
{
	if (state[1] == ARTICLE) {
		out->articles += count;
		return;
	}
	out->topics += count;
	(state[0] == SOLVED ? out->solved : out->unsolved) += count;
	if (state[0] == UNANSWERED)
		out->unanswered += count;
}

} // namespace

std::string pack_facets(const search_document &source, const char *language)
{
	char state = source.is_solved ? SOLVED : source.answer_count > 0 ? UNSOLVED : UNANSWERED;

	return std::string{ state, source.kind == SEARCH_ARTICLE ? ARTICLE : TOPIC } + '\t' +
	       std::to_string(year_of(source.created_at)) + '\t' +
	       std::to_string(source.category_id) + '\t' + field_of(language) + '\t' +
	       field_of(source.source);
}

Xapian::Query sample_of(const Xapian::Database &database, const Xapian::Query &query, double share)
{
	Xapian::Query sample((new SampleSource(database.get_lastdocid(), share))->release());

	return Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT,
			     Xapian::Query(Xapian::Query::OP_AND, query, sample), 0);
}

void FacetSpy::operator()(const Xapian::Document &document, double)
{
	counts[document.get_value(VALUE_FACETS)]++;
}

void FacetSpy::tell(search_facets *out) const
{
	Counts years, categories, languages, sources;

	for (const auto &entry : counts) {
		std::vector<std::string> fields = fields_of(entry.first);

		if (fields[0].size() != 2)
			continue;
		count_state(fields[0], entry.second, out);
		years[fields[1]] += entry.second;
		categories[fields[2]] += entry.second;
		languages[fields[3]] += entry.second;
		sources[fields[4]] += entry.second;
	}
	out->year_count = tell_one(years, true, out->years);
	out->category_count = tell_one(categories, true, out->categories);
	out->language_count = tell_one(languages, false, out->languages);
	out->source_count = tell_one(sources, false, out->sources);
}

} // namespace search
