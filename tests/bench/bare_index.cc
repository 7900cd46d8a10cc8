/*
 * The limit for `entraide search rebuild`: Xapian's own TermGenerator over the same
 * words, stemmed and with positions, and nothing else. `bare_index DIRECTORY LANGUAGE`
 * reads a document a line, "id<TAB>words", keeps them in memory, and prints how many
 * they are, their bytes, and the seconds on the wall and of the processor that
 * indexing, committing and compacting took.
 */
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include <xapian.h>

namespace
{

/* Xapian's own default. */
constexpr size_t COMMIT_EVERY = 10000;

double seconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::vector<std::string> read_lines()
{
	std::vector<std::string> lines;
	std::string line;

	while (std::getline(std::cin, line))
		lines.push_back(line);
	return lines;
}

void index(const std::string &directory, const char *language,
	   const std::vector<std::string> &lines)
{
	Xapian::WritableDatabase database(directory + "/bare",
					  Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_NO_SYNC);
	Xapian::TermGenerator generator;
	size_t uncommitted = 0;

	generator.set_stemmer(Xapian::Stem(language));
	for (const std::string &line : lines) {
		Xapian::Document document;
		size_t words = line.find('\t') + 1;

		generator.set_document(document);
		generator.index_text(line.substr(words));
		document.add_boolean_term("Q" + line.substr(0, words - 1));
		database.replace_document("Q" + line.substr(0, words - 1), document);
		if (++uncommitted % COMMIT_EVERY == 0)
			database.commit();
	}
	database.commit();
	database.compact(directory + "/bare-compacted", Xapian::DBCOMPACT_NO_RENUMBER);
}

void measure(const std::string &directory, const char *language)
{
	std::vector<std::string> lines = read_lines();
	double wall = seconds(CLOCK_MONOTONIC), processor = seconds(CLOCK_PROCESS_CPUTIME_ID);
	size_t bytes = 0;

	for (const std::string &line : lines)
		bytes += line.size();
	index(directory, language, lines);
	printf("%zu %zu %.2f %.2f\n", lines.size(), bytes, seconds(CLOCK_MONOTONIC) - wall,
	       seconds(CLOCK_PROCESS_CPUTIME_ID) - processor);
}

} // namespace

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "Usage: bare_index DIRECTORY LANGUAGE < LINES\n");
		return 2;
	}
	try {
		std::filesystem::create_directories(argv[1]);
		measure(argv[1], argv[2]);
		return 0;
	} catch (const std::exception &error) {
		fprintf(stderr, "bare_index: %s\n", error.what());
	} catch (const Xapian::Error &error) {
		fprintf(stderr, "bare_index: %s\n", error.get_description().c_str());
	}
	return 1;
}
