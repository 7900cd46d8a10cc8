/*
 * The reader of words: one pass over the code points, with the few rules of
 * French and English writing that decide where a word ends.
 */
#include "search/words.hh"

#include <algorithm>
#include <array>

#include <xapian.h>

namespace search
{

namespace
{

/* A longer run of letters is not a word; Xapian's own limit is 245 bytes. */
constexpr size_t PART_MAX_BYTES = 64;
constexpr size_t PARTS_MAX = 4;

/* livebox5 is livebox and 5, but mp3 and 5g stay whole. */
constexpr size_t LETTERS_BEFORE_NUMBER = 4;

constexpr unsigned END_OF_TEXT = 0;

bool is_apostrophe(unsigned point)
{
	return point == '\'' || point == 0x2019 || point == 0x02BC;
}

bool is_hyphen(unsigned point)
{
	return point == '-' || point == 0x2010 || point == 0x2011;
}

/* Soft hyphen, zero-width characters, and accents that stand by themselves. */
bool is_unseen(unsigned point)
{
	return point == 0x00AD || (point >= 0x200B && point <= 0x200D) || point == 0xFEFF ||
	       (point >= 0x0300 && point <= 0x036F);
}

bool is_letter_or_digit(unsigned point)
{
	return point != '_' && Xapian::Unicode::is_wordchar(point);
}

bool is_digit(unsigned point)
{
	return point >= '0' && point <= '9';
}

/* What stands before an apostrophe and is no part of the word behind it. */
bool is_elision(const std::string &part)
{
	static const std::array<const char *, 14> elisions = {
		"c", "d",  "j",     "l",      "m",      "n",      "s",
		"t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu",
	};

	return std::find(elisions.begin(), elisions.end(), part) != elisions.end();
}

class Reader
{
      public:
	Reader(std::string_view text, const std::function<void(const Word &)> &taker)
	    : start(text.data()), next(text.data(), text.size()), take(taker)
	{
	}

	void read()
	{
		for (; next != Xapian::Utf8Iterator(); ++next)
			read_point(Xapian::Unicode::tolower(*next));
		end_word();
	}

      private:
	const char *start;
	Xapian::Utf8Iterator next;
	const std::function<void(const Word &)> &take;
	Word word;
	std::string part;
	size_t letters = 0; /* of the part, while it is all letters */

	/* The point after the current one, unseen ones passed over. */
	unsigned following(int distance = 1) const
	{
		Xapian::Utf8Iterator ahead = next;

		while (distance > 0 && ahead != Xapian::Utf8Iterator()) {
			++ahead;
			if (ahead != Xapian::Utf8Iterator() && !is_unseen(*ahead))
				distance--;
		}
		return ahead == Xapian::Utf8Iterator() ? END_OF_TEXT
						       : Xapian::Unicode::tolower(*ahead);
	}

	void read_point(unsigned point)
	{
		if (is_unseen(point))
			return;
		if (is_letter_or_digit(point))
			add(point);
		else if (part.empty() || !is_letter_or_digit(following()))
			end_word();
		else if (is_apostrophe(point))
			read_apostrophe();
		else if (is_hyphen(point))
			end_part();
		else
			end_word();
	}

	/* The iterator stands at the word's newest letter. */
	void note_place()
	{
		Xapian::Utf8Iterator behind = next;

		if (part.empty() && word.parts.empty())
			word.begin = static_cast<size_t>(next.raw() - start);
		++behind;
		word.end = static_cast<size_t>(behind.raw() - start);
	}

	void add(unsigned point)
	{
		if (is_digit(point)) {
			if (letters >= LETTERS_BEFORE_NUMBER)
				end_part();
			letters = 0;
		} else if (part.empty() || letters > 0) {
			letters++;
		}
		note_place();
		if (part.size() < PART_MAX_BYTES - 4)
			Xapian::Unicode::append_utf8(part, point);
	}

	/* l’box is box, it’s is it; aujourd’hui and don’t stay one word. */
	void read_apostrophe()
	{
		if (is_elision(part)) {
			part.clear();
			letters = 0;
		} else if (following() == 's' && !is_letter_or_digit(following(2))) {
			++next;
		}
	}

	void end_part()
	{
		if (!part.empty())
			word.parts.push_back(part);
		part.clear();
		letters = 0;
		if (word.parts.size() == PARTS_MAX)
			end_word();
	}

	void end_word()
	{
		if (!part.empty())
			word.parts.push_back(part);
		part.clear();
		letters = 0;
		if (!word.parts.empty())
			take(word);
		word.parts.clear();
	}
};

/* U+00E0 to U+017F; '*': more than one letter or none of ours. */
constexpr unsigned TABLE_START = 0xE0, TABLE_END = 0x17F;
constexpr char letters_without_accents[] = "aaaaaa*ceeeeiiiidnooooo*ouuuuy*y" /* à to ÿ */
					   "aaaaaaccccccccdddd"               /* Ā to đ */
					   "eeeeeeeeeegggggggghhhh"           /* Ē to ħ */
					   "iiiiiiiiii**jjkkklllllllllln"     /* Ĩ to Ń */
					   "nnnnnnnnoooooo**rrrrrrssssssss"   /* ń to š */
					   "ttttttuuuuuuuuuuuuwwyyyzzzzzzs";  /* Ţ to ſ */

static_assert(sizeof letters_without_accents - 1 == TABLE_END - TABLE_START + 1);

void append_without_accent(std::string &out, unsigned point)
{
	switch (point) {
	case 0xE6:
		out += "ae";
		return;
	case 0x153:
		out += "oe";
		return;
	case 0xDF:
		out += "ss";
		return;
	case 0xFE:
		out += "th";
		return;
	case 0x133:
		out += "ij";
		return;
	}
	if (point >= TABLE_START && point <= TABLE_END &&
	    letters_without_accents[point - TABLE_START] != '*')
		out += letters_without_accents[point - TABLE_START];
	else
		Xapian::Unicode::append_utf8(out, point);
}

} // namespace

std::string Word::joined() const
{
	std::string all;

	for (const std::string &piece : parts)
		all += piece;
	return all;
}

void each_word(std::string_view text, const std::function<void(const Word &)> &take)
{
	Reader(text, take).read();
}

std::string without_accents(const std::string &word)
{
	std::string out;

	for (Xapian::Utf8Iterator point(word); point != Xapian::Utf8Iterator(); ++point)
		append_without_accent(out, *point);
	return out;
}

} // namespace search
