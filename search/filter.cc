/*
 * Filters, both halves.
 */
#include "search/filter.hh"

#include <algorithm>
#include <cmath>
#include <vector>

#include "search/facets.hh"
#include "search/terms.hh"

namespace search
{

namespace
{

constexpr size_t FILTER_TERM_MAX_BYTES = 200;
constexpr int64_t MICROSECONDS_A_DAY = INT64_C(86400) * 1000000;

/* Thanks tell less and less; a solution is worth eight of them. */
constexpr double SOLVED_WORTH = 8, OFFICIAL_WORTH = 4, CLOSED_WORTH = -12;

/* Days since 1970 to year (Howard Hinnant's civil_from_days, whose years begin in March). */
int date_year(int64_t microseconds)
{
	int64_t days = microseconds / MICROSECONDS_A_DAY - (microseconds % MICROSECONDS_A_DAY < 0);
	int64_t shifted = days + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	auto day_of_era = static_cast<unsigned>(shifted - era * 146097);
	unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
				day_of_era / 146096) /
			       365;
	unsigned day_of_year = day_of_era -
			       (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	bool is_january_or_february = day_of_year >= 306;

	return static_cast<int>(year_of_era + era * 400) + is_january_or_february;
}

std::string folded(const char *text)
{
	std::string plain = without_accents(Xapian::Unicode::tolower(text ? text : ""));

	return plain.substr(0, FILTER_TERM_MAX_BYTES);
}

std::string number_term(const char *prefix, int64_t number)
{
	return prefix + std::to_string(number);
}

const char *kind_term(enum search_kind kind)
{
	return kind == SEARCH_ARTICLE ? "XKa" : "XKt";
}

double usefulness(const search_document &source)
{
	double thanks = static_cast<double>(std::max<int64_t>(source.score, 0));
	bool is_official = source.kind == SEARCH_ARTICLE;

	for (size_t i = 0; i < source.post_count && i < SEARCH_POSTS_MAX; i++) {
		thanks += static_cast<double>(std::max<int64_t>(source.posts[i].score, 0));
		is_official = is_official || source.posts[i].is_official;
	}
	return 4 * std::log2(1 + thanks) + (source.is_solved ? SOLVED_WORTH : 0) +
	       (is_official ? OFFICIAL_WORTH : 0) + (source.is_closed ? CLOSED_WORTH : 0);
}

/* An article is no question, so it is neither solved nor waiting for an answer. */
void add_state(Xapian::Document *document, const search_document &source)
{
	if (source.kind == SEARCH_ARTICLE)
		return;
	document->add_boolean_term(source.is_solved ? "XTs" : "XTu");
	if (source.answer_count == 0 && !source.is_solved)
		document->add_boolean_term("XTn");
}

void add_values(Xapian::Document *document, const search_document &source, const char *language)
{
	document->add_value(VALUE_CREATED_AT,
			    Xapian::sortable_serialise(static_cast<double>(source.created_at)));
	document->add_value(VALUE_IS_SOLVED, source.is_solved ? "1" : "");
	document->add_value(VALUE_USEFUL, Xapian::sortable_serialise(usefulness(source)));
	document->add_value(VALUE_FACETS, pack_facets(source, language));
}

/* Each document has one audience, so their numbers add up. */
Xapian::Query audience_query(const Xapian::Database &database, const search_filter &filter)
{
	std::vector<int32_t> all = { 0 };
	std::vector<Xapian::Query> queries;
	Xapian::doccount documents = 0;

	for (size_t i = 0; i < std::min<size_t>(filter.audience_count, SEARCH_AUDIENCES_MAX); i++)
		all.push_back(filter.audiences[i]);
	std::sort(all.begin(), all.end());
	all.erase(std::unique(all.begin(), all.end()), all.end());
	for (int32_t audience : all) {
		std::string term = number_term("XV", audience);

		documents += database.get_termfreq(term);
		queries.emplace_back(term);
	}
	if (documents >= database.get_doccount())
		return Xapian::Query();
	return Xapian::Query(Xapian::Query::OP_OR, queries.begin(), queries.end());
}

const char *state_term(enum search_state state)
{
	switch (state) {
	case SEARCH_SOLVED:
		return "XTs";
	case SEARCH_UNSOLVED:
		return "XTu";
	case SEARCH_UNANSWERED:
		return "XTn";
	case SEARCH_ANY_STATE:
		break;
	}
	return nullptr;
}

/* Xapian's own query for nothing is the empty one, which would let everything through. */
constexpr char NOTHING[] = "XX";

Xapian::Query range_query(int64_t after, int64_t before)
{
	auto edge = [](int64_t time) {
		return Xapian::sortable_serialise(static_cast<double>(time));
	};

	if (before && after >= before)
		return Xapian::Query(NOTHING);
	if (before && after)
		return Xapian::Query(Xapian::Query::OP_VALUE_RANGE, VALUE_CREATED_AT, edge(after),
				     edge(before - 1));
	if (after)
		return Xapian::Query(Xapian::Query::OP_VALUE_GE, VALUE_CREATED_AT, edge(after));
	return Xapian::Query(Xapian::Query::OP_VALUE_LE, VALUE_CREATED_AT, edge(before - 1));
}

bool is_asked(const char *word)
{
	return word && *word;
}

void add_words(std::vector<Xapian::Query> *queries, const search_filter &filter)
{
	for (size_t i = 0; i < std::min<size_t>(filter.tag_count, SEARCH_TAGS_MAX); i++)
		if (is_asked(filter.tags[i]))
			queries->emplace_back("K" + folded(filter.tags[i]));
	if (is_asked(filter.language))
		queries->emplace_back(language_term(filter.language));
	if (is_asked(filter.source))
		queries->emplace_back("XS" + folded(filter.source));
}

} // namespace

std::string language_term(const char *code)
{
	return "L" + folded(code);
}

void add_filters(Xapian::Document *document, const search_document &source, const char *language)
{
	document->add_boolean_term(key_term(source.kind, source.id));
	document->add_boolean_term(kind_term(source.kind));
	document->add_boolean_term(number_term("XV", source.audience));
	document->add_boolean_term(number_term("XC", source.category_id));
	if (source.top_category_id)
		document->add_boolean_term(number_term("XC", source.top_category_id));
	if (source.author_id)
		document->add_boolean_term(number_term("XA", source.author_id));
	document->add_boolean_term(language_term(language));
	document->add_boolean_term("XS" + folded(source.source));
	for (size_t i = 0; i < source.tag_count; i++)
		document->add_boolean_term("K" + folded(source.tags[i]));
	add_state(document, source);
	add_values(document, source, language);
}

Xapian::Query filter_query(const Xapian::Database &database, const search_filter &filter)
{
	std::vector<Xapian::Query> queries;
	Xapian::Query audiences = audience_query(database, filter);

	if (!audiences.empty())
		queries.push_back(audiences);
	if (filter.has_kind)
		queries.emplace_back(kind_term(filter.kind));
	if (filter.category_id)
		queries.emplace_back(number_term("XC", filter.category_id));
	if (filter.author_id)
		queries.emplace_back(number_term("XA", filter.author_id));
	if (const char *term = state_term(filter.state))
		queries.emplace_back(term);
	add_words(&queries, filter);
	if (filter.after || filter.before)
		queries.push_back(range_query(filter.after, filter.before));
	return Xapian::Query(Xapian::Query::OP_AND, queries.begin(), queries.end());
}

Xapian::Query filtered(const Xapian::Query &query, const Xapian::Query &filter)
{
	if (filter.empty())
		return query;
	if (query.empty())
		return Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, filter, 0.0);
	return Xapian::Query(Xapian::Query::OP_FILTER, query, filter);
}

int year_of(int64_t microseconds)
{
	return date_year(microseconds);
}

} // namespace search
