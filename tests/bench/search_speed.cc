/*
 * How fast the search is, and how large its index: `search_speed DIRECTORY TOPICS`.
 * Builds an index of that many topics through search.h, unless there is one of the
 * same program, and measures. Each line of output is a name, then numbers; what is
 * read and judged is in search.py.
 */
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <memory>

#include <xapian.h>

#include "search_topics.hh"

namespace
{

constexpr size_t QUESTIONS = 1000, WARMING = 300;
constexpr int64_t COMMIT_EVERY = 10000;
constexpr int64_t ADDED = 500, ADDED_AT_ONCE = 50;

[[noreturn]] void fail(const char *what, enum search_result result)
{
	fprintf(stderr, "search_speed: %s: %s\n", what, search_result_name(result));
	exit(1);
}

void must(const char *what, enum search_result result)
{
	if (result != SEARCH_OK)
		fail(what, result);
}

double seconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/* Of each of many calls: what it took on the wall, and of the processor. */
class Times
{
      public:
	void take(const std::function<void()> &call)
	{
		double wall_start = seconds(CLOCK_MONOTONIC);
		double processor_start = seconds(CLOCK_PROCESS_CPUTIME_ID);

		call();
		processor.push_back(1e3 * (seconds(CLOCK_PROCESS_CPUTIME_ID) - processor_start));
		wall.push_back(1e3 * (seconds(CLOCK_MONOTONIC) - wall_start));
	}

	/* name, milliseconds on the wall: p50 p99, of the processor: p50 p99 */
	void print(const char *name)
	{
		printf("%s %.3f %.3f %.3f %.3f\n", name, share(&wall, 0.5), share(&wall, 0.99),
		       share(&processor, 0.5), share(&processor, 0.99));
		fflush(stdout);
	}

      private:
	std::vector<double> wall, processor;

	static double share(std::vector<double> *all, double part)
	{
		std::sort(all->begin(), all->end());
		return (*all)[static_cast<size_t>(part * static_cast<double>(all->size() - 1))];
	}
};

/* Building ---------------------------------------------------------------- */

void show_progress(int64_t done, int64_t of)
{
	if (done % 2000 == 0 || done == of)
		fprintf(stderr, "\r  building: %lld of %lld topics%s", static_cast<long long>(done),
			static_cast<long long>(of), done == of ? "\n" : "");
}

void build(const char *directory, const Vocabulary &vocabulary, int64_t topics)
{
	int64_t generation = time(nullptr), position;
	double start = seconds(CLOCK_PROCESS_CPUTIME_ID), wall = seconds(CLOCK_MONOTONIC);
	search_writer *writer;

	must("build", search_build_open(directory, generation, &writer, &position));
	for (int64_t id = position + 1; id <= topics; id++) {
		must("put", search_writer_put(writer, &Topic(vocabulary, id).document()));
		if (id % COMMIT_EVERY == 0)
			must("commit", search_build_commit(writer, id));
		show_progress(id, topics);
	}
	must("commit", search_build_commit(writer, topics));
	search_writer_close(writer);
	printf("built_per_topic %.3f %.3f\n",
	       1e3 * (seconds(CLOCK_MONOTONIC) - wall) / static_cast<double>(topics),
	       1e3 * (seconds(CLOCK_PROCESS_CPUTIME_ID) - start) / static_cast<double>(topics));
	must("finish", search_build_finish(directory, generation));
	must("exchange", search_build_exchange(directory, generation));
}

void ensure(const char *directory, const Vocabulary &vocabulary, int64_t topics)
{
	search_place place;

	if (search_look(directory, &place) == SEARCH_OK && place.is_current &&
	    place.documents == static_cast<size_t>(topics))
		return;
	std::filesystem::remove_all(directory);
	build(directory, vocabulary, topics);
}

void print_size(const char *directory, const Vocabulary &vocabulary, int64_t topics)
{
	search_place place;
	size_t text = 0;

	must("look", search_look(directory, &place));
	for (int64_t id = 1; id <= topics; id += 100)
		text += Topic(vocabulary, id).text_bytes();
	printf("bytes %llu %llu\n", static_cast<unsigned long long>(place.bytes),
	       static_cast<unsigned long long>(text * 100));
}

/* Asking ------------------------------------------------------------------ */

class Asking
{
      public:
	Asking(const char *where, const Vocabulary &vocabulary, int64_t topics)
	    : hits(std::make_unique<search_hits>())
	{
		Random random(99);

		must("open", search_reader_open(where, &reader));
		for (size_t i = 0; i < QUESTIONS; i++)
			asked.emplace_back(vocabulary, 1 + static_cast<int64_t>(random.below(
								   static_cast<size_t>(topics))));
		for (const Topic &topic : asked)
			questions.push_back(topic.question(random));
	}
	~Asking()
	{
		search_reader_close(reader);
	}
	Asking(const Asking &) = delete;
	Asking &operator=(const Asking &) = delete;

	void search(const char *name, enum search_sort sort, bool wants_facets)
	{
		each(name, [&](size_t i) {
			search_query query{};

			query.words = questions[i].c_str();
			query.language = "fr";
			query.limit = 10;
			query.sort = sort;
			query.wants_snippets = true;
			query.wants_facets = wants_facets;
			must("search", search_run(reader, &query, hits.get()));
		});
	}

	/* Once with all words: "a b" as a phrase. */
	void phrase(const char *name)
	{
		each(name, [&](size_t i) {
			std::string words = '"' +
					    asked[i].title().substr(
						    0, asked[i].title().find(' ', 12)) +
					    '"';
			search_query query{};

			query.words = words.c_str();
			query.language = "fr";
			query.limit = 10;
			query.wants_snippets = true;
			must("phrase", search_run(reader, &query, hits.get()));
		});
	}

	void list(const char *name, enum search_sort sort)
	{
		each(name, [&](size_t i) {
			search_query query{};

			query.words = "";
			query.language = "fr";
			query.limit = 20;
			query.sort = sort;
			query.filter.category_id = 1 + static_cast<int64_t>(i % 8);
			must("list", search_run(reader, &query, hits.get()));
		});
	}

	void misspelt(const char *name)
	{
		each(name, [&](size_t i) {
			std::string words = questions[i];
			search_query query{};

			words.insert(words.size() / 2, 1, words[words.size() / 2]);
			words[words.size() - 1 - words.size() / 4] = 'k';
			query.words = words.c_str();
			query.language = "fr";
			query.limit = 10;
			query.wants_snippets = true;
			must("misspelt", search_run(reader, &query, hits.get()));
		});
	}

	/* A title as it grows, from the third letter on. */
	void suggest(const char *name, size_t letters)
	{
		each(name, [&](size_t i) {
			const std::string &title = asked[i].title();
			size_t length = letters ? letters : 3 + i % (title.size() / 2);
			search_suggestions suggestions;

			must("suggest", search_suggest(reader, title.substr(0, length).c_str(),
						       "fr", nullptr, 8, &suggestions));
		});
	}

	void similar_text(const char *name)
	{
		each(name, [&](size_t i) {
			search_text text{};

			text.title = asked[i].title().c_str();
			text.body = asked[i].body().c_str();
			text.language = "fr";
			text.limit = 5;
			must("similar", search_similar_text(reader, &text, hits.get()));
		});
	}

	/* The limit: the same words, any of them, and nothing else. */
	void bare(const char *name, const char *directory)
	{
		Xapian::Database database(std::string(directory) + "/current");
		Xapian::Stem stem("french");

		each(name, [&](size_t i) {
			std::vector<Xapian::Query> terms;
			Xapian::Enquire enquire(database);
			std::string word;

			for (char byte : questions[i] + " ") {
				if (byte != ' ') {
					word += byte;
					continue;
				}
				terms.emplace_back("Z" + stem(word));
				word.clear();
			}
			enquire.set_query(
				Xapian::Query(Xapian::Query::OP_OR, terms.begin(), terms.end()));
			for (auto hit : enquire.get_mset(0, 10))
				(void)hit;
		});
	}

      private:
	search_reader *reader = nullptr;
	std::unique_ptr<search_hits> hits;
	std::vector<Topic> asked;
	std::vector<std::string> questions;

	void each(const char *name, const std::function<void(size_t)> &ask)
	{
		Times times;

		for (size_t i = 0; i < WARMING; i++)
			ask(i);
		for (size_t i = 0; i < QUESTIONS; i++)
			times.take([&] { ask(i); });
		times.print(name);
	}
};

/* Adding to a copy, so that the next run finds the index as it was. */
void add(const char *directory, const Vocabulary &vocabulary, int64_t topics)
{
	std::string copy = std::string(directory) + ".added";
	double processor, wall;
	search_writer *writer;

	std::filesystem::remove_all(copy);
	std::filesystem::copy(directory, copy, std::filesystem::copy_options::recursive);
	must("open", search_writer_open(copy.c_str(), &writer));
	processor = seconds(CLOCK_PROCESS_CPUTIME_ID);
	wall = seconds(CLOCK_MONOTONIC);
	for (int64_t i = 1; i <= ADDED; i++) {
		must("add", search_writer_put(writer, &Topic(vocabulary, topics + i).document()));
		if (i % ADDED_AT_ONCE == 0)
			must("commit", search_writer_commit(writer));
	}
	printf("added_per_topic %.3f %.3f\n", 1e3 * (seconds(CLOCK_MONOTONIC) - wall) / ADDED,
	       1e3 * (seconds(CLOCK_PROCESS_CPUTIME_ID) - processor) / ADDED);
	search_writer_close(writer);
	std::filesystem::remove_all(copy);
}

void measure(const char *directory, const Vocabulary &vocabulary, int64_t topics)
{
	Asking asking(directory, vocabulary, topics);

	asking.bare("bare", directory);
	asking.search("search", SEARCH_BEST, false);
	asking.bare("bare_again", directory);
	asking.search("facets", SEARCH_BEST, true);
	asking.search("newest", SEARCH_NEWEST, false);
	asking.search("useful", SEARCH_MOST_USEFUL, false);
	asking.list("list", SEARCH_BEST);
	asking.list("list_useful", SEARCH_MOST_USEFUL);
	asking.phrase("phrase");
	asking.misspelt("misspelt");
	asking.suggest("suggest", 0);
	asking.suggest("suggest_2", 2);
	asking.suggest("suggest_3", 3);
	asking.similar_text("similar");
}

} // namespace

int main(int argc, char **argv)
{
	int64_t topics = argc == 3 ? strtoll(argv[2], nullptr, 10) : 0;

	if (topics < 1000) {
		fprintf(stderr, "Usage: search_speed DIRECTORY TOPICS (1000 or more)\n");
		return 2;
	}
	try {
		Vocabulary vocabulary;

		ensure(argv[1], vocabulary, topics);
		print_size(argv[1], vocabulary, topics);
		measure(argv[1], vocabulary, topics);
		add(argv[1], vocabulary, topics);
		return 0;
	} catch (const std::exception &error) {
		fprintf(stderr, "search_speed: %s\n", error.what());
	} catch (const Xapian::Error &error) {
		fprintf(stderr, "search_speed: %s\n", error.get_description().c_str());
	}
	return 1;
}
