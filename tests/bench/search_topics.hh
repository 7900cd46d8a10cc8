/*
 * A community of any size that nobody wrote: topics of about a hundred words, the
 * same for the same number. Half of the running words are the most common French
 * ones, the others are made of syllables and as unevenly frequent as in real texts
 * (Zipf), so that lists of postings have real lengths.
 */
#ifndef TESTS_BENCH_SEARCH_TOPICS_H
#define TESTS_BENCH_SEARCH_TOPICS_H

#include <cstdint>
#include <string>
#include <vector>

#include "search/search.h"

/* splitmix64: small, and the same everywhere. */
class Random
{
      public:
	explicit Random(uint64_t seed) : state(seed)
	{
	}
	uint64_t next();
	size_t below(size_t limit)
	{
		return next() % limit;
	}
	double fraction()
	{
		return static_cast<double>(next() >> 11) / 9007199254740992.0;
	}

      private:
	uint64_t state;
};

class Vocabulary
{
      public:
	Vocabulary();
	/* Any word of a running text; a word that tells something. */
	const std::string &any(Random &random) const;
	const std::string &telling(Random &random) const;

      private:
	std::vector<std::string> words;
	std::vector<double> until; /* of the whole, up to and with each word */
};

/* A topic, with everything that a search_document points at. */
class Topic
{
      public:
	Topic(const Vocabulary &vocabulary, int64_t id);
	const search_document &document() const
	{
		return made;
	}
	size_t text_bytes() const;
	/* Words of the title, some of the question's: what somebody would ask. */
	std::string question(Random &random) const;
	const std::string &title() const
	{
		return titled;
	}
	const std::string &body() const
	{
		return texts[0];
	}

      private:
	std::string titled;
	std::vector<std::string> texts;
	std::vector<search_post> posts;
	search_document made{};
};

#endif
