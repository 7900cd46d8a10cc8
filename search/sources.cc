/*
 * Posting sources: lists of documents with weights of our own.
 */
#include "search/cursors.hh"

#include <algorithm>

namespace search
{

namespace
{

constexpr int64_t DAY = INT64_C(86400) * 1000000;
constexpr double WORTH_STEPS = 255;
constexpr uint32_t LENGTH_MOST = 0xFFFFFF;

unsigned byte_of(const std::string &packed, size_t i)
{
	return i < packed.size() ? static_cast<unsigned char>(packed[i]) : 0;
}

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
	StandingSource(double highest, double (*weighed)(const Standing &, const Moment &),
		       const Moment &asked)
	    : Xapian::ValuePostingSource(VALUE_RANKING), most(highest), weight(weighed),
	      moment(asked)
	{
	}
	double get_weight() const override
	{
		return std::min(most, std::max(0.0, weight(unpack_standing(get_value()), moment)));
	}
	PostingSource *clone() const override
	{
		return new StandingSource(most, weight, moment);
	}
	void init(const Xapian::Database &searched) override
	{
		ValuePostingSource::init(searched);
		set_maxweight(most);
	}

      private:
	double most;
	double (*weight)(const Standing &, const Moment &);
	Moment moment;
};

} // namespace

uint16_t language_letters(const std::string &code)
{
	return static_cast<uint16_t>(code.size() < 2 ? 0
						     : byte_of(code, 0) << 8 | byte_of(code, 1));
}

std::string pack_standing(const Standing &standing)
{
	int64_t day = std::clamp<int64_t>(standing.active_at / DAY, 0, 0xFFFF);
	std::string packed;

	packed += static_cast<char>(std::clamp<size_t>(standing.title_words, 1, 255));
	packed += static_cast<char>(std::clamp(standing.worth, 0.0, 1.0) * WORTH_STEPS + 0.5);
	packed += static_cast<char>(day >> 8);
	packed += static_cast<char>(day & 0xFF);
	packed += static_cast<char>(standing.language >> 8);
	packed += static_cast<char>(standing.language & 0xFF);
	for (int shift = 16; shift >= 0; shift -= 8)
		packed += static_cast<char>(std::min(standing.length, LENGTH_MOST) >> shift & 0xFF);
	return packed;
}

Standing unpack_standing(const std::string &packed)
{
	Standing standing;

	standing.title_words = byte_of(packed, 0);
	standing.worth = byte_of(packed, 1) / WORTH_STEPS;
	standing.active_at = DAY * (byte_of(packed, 2) << 8 | byte_of(packed, 3));
	standing.language = static_cast<uint16_t>(byte_of(packed, 4) << 8 | byte_of(packed, 5));
	standing.length = byte_of(packed, 6) << 16 | byte_of(packed, 7) << 8 | byte_of(packed, 8);
	return standing;
}

Xapian::Query flat_source(const std::string &term, double weight)
{
	return Xapian::Query((new FlatSource(term, weight))->release());
}

Xapian::Query standing_source(double most, double (*weight)(const Standing &, const Moment &),
			      const Moment &moment)
{
	return Xapian::Query((new StandingSource(most, weight, moment))->release());
}

} // namespace search
