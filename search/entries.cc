/*
 * The documents one by one, for comparing the index with the database, and how
 * many there are of each sort.
 */
#include "search/reader.hh"
#include "search/writer.hh"

using namespace search;

namespace
{

int64_t stamp_of(const Xapian::Document &document)
{
	std::string stamp = document.get_value(VALUE_STAMP);

	return stamp.empty() ? 0 : std::stoll(stamp);
}

/* By the term that it is found again by, "Qt12". */
bool read_entry(const Xapian::Document &document, search_entry *out)
{
	Xapian::TermIterator term = document.termlist_begin();

	term.skip_to("Q");
	if (term == document.termlist_end() || (*term).size() < 3 || (*term)[0] != 'Q')
		return false;
	out->kind = (*term)[1] == 'a' ? SEARCH_ARTICLE : SEARCH_TOPIC;
	out->id = std::stoll((*term).substr(2));
	out->stamp = stamp_of(document);
	return true;
}

size_t count_keys(const Xapian::Database &database, const char *prefix)
{
	size_t count = 0;

	for (Xapian::TermIterator term = database.allterms_begin(prefix);
	     term != database.allterms_end(prefix); ++term)
		count++;
	return count;
}

} // namespace

extern "C" enum search_result search_entries(search_reader *reader, uint32_t *cursor,
					     search_entry *out, size_t most, size_t *count) noexcept
{
	return ask(reader, [&](const Xapian::Database &database) {
		Xapian::PostingIterator at = database.postlist_begin("");
		Xapian::docid last = *cursor;

		*count = 0;
		at.skip_to(last + 1);
		for (; at != database.postlist_end("") && *count < most; ++at) {
			last = *at;
			if (read_entry(database.get_document(last), &out[*count]))
				++*count;
		}
		*cursor = last;
	});
}

extern "C" enum search_result search_find_entries(search_reader *reader, enum search_kind kind,
						  const int64_t *ids, size_t count,
						  search_entry *out, bool *is_there) noexcept
{
	return ask(reader, [&](const Xapian::Database &database) {
		for (size_t i = 0; i < count; i++) {
			std::string key = key_term(kind, ids[i]);
			Xapian::PostingIterator found = database.postlist_begin(key);

			is_there[i] = found != database.postlist_end(key);
			out[i] = { kind, ids[i], 0 };
			if (is_there[i])
				out[i].stamp = stamp_of(database.get_document(*found));
		}
	});
}

extern "C" enum search_result search_count_sorts(search_reader *reader, search_sorts *out) noexcept
{
	*out = {};
	return ask(reader, [&](const Xapian::Database &database) {
		out->documents = database.get_doccount();
		out->topics = count_keys(database, "Qt");
		out->articles = count_keys(database, "Qa");
		out->french = database.get_termfreq("Lfr");
		out->english = database.get_termfreq("Len");
	});
}
