/*
 * A small format of its own: a version, then numbers (seven bits a byte) and texts
 * with their length before them. Xapian compresses it.
 */
#include "search/stored.hh"

#include <algorithm>

#include "search/text.hh"

namespace search
{

namespace
{

constexpr char FORMAT_VERSION = 1;
/* Before each post, and behind the last; what follows then is not read. */
constexpr char POST_FOLLOWS = 'p', POSTS_END = '.';

/* A snippet of a post that is not stored any more shows the question instead. */
constexpr size_t ALL_MAX_BYTES = 24 * 1024;
constexpr size_t TITLE_MAX_BYTES = 500;
constexpr size_t QUESTION_MAX_BYTES = 6 * 1024;
constexpr size_t POST_MAX_BYTES = 6 * 1024;
/* Less than that tells nothing: then the post is left out. */
constexpr size_t POST_MIN_BYTES = 80;

enum : unsigned { IS_QUESTION = 1, IS_ACCEPTED = 2, IS_OFFICIAL = 4 };

/* Numbers here are never negative; one that is would only be a long one. */
void pack_number(std::string *out, int64_t number)
{
	auto rest = static_cast<uint64_t>(number);

	for (; rest >= 0x80; rest >>= 7)
		*out += static_cast<char>(rest | 0x80);
	*out += static_cast<char>(rest);
}

void pack_text(std::string *out, std::string_view text)
{
	pack_number(out, static_cast<int64_t>(text.size()));
	*out += text;
}

class Unpacker
{
      public:
	explicit Unpacker(std::string_view packed) : rest(packed)
	{
	}

	bool number(int64_t *out)
	{
		uint64_t value = 0;

		for (unsigned shift = 0; shift < 64 && !rest.empty(); shift += 7) {
			auto byte = static_cast<unsigned char>(rest[0]);

			rest.remove_prefix(1);
			value |= static_cast<uint64_t>(byte & 0x7F) << shift;
			if (byte < 0x80) {
				*out = static_cast<int64_t>(value);
				return true;
			}
		}
		return false;
	}

	bool text(std::string_view *out)
	{
		int64_t length;

		if (!number(&length) || length < 0 || static_cast<uint64_t>(length) > rest.size())
			return false;
		*out = rest.substr(0, static_cast<size_t>(length));
		rest.remove_prefix(static_cast<size_t>(length));
		return true;
	}

	bool skip(char byte)
	{
		if (rest.empty() || rest[0] != byte)
			return false;
		rest.remove_prefix(1);
		return true;
	}

      private:
	std::string_view rest;
};

size_t share_of(const search_document &source, const search_post &post)
{
	if (source.post_count == 1)
		return ALL_MAX_BYTES - TITLE_MAX_BYTES;
	return post.is_question ? QUESTION_MAX_BYTES : POST_MAX_BYTES;
}

void pack_post(std::string *out, const search_post &post, size_t max_bytes)
{
	std::string text;

	append_clean(&text, post.text ? post.text : "", max_bytes);
	if (text.empty())
		return;
	*out += POST_FOLLOWS;
	pack_number(out, post.id);
	pack_number(out, post.revision);
	pack_number(out, (post.is_question ? IS_QUESTION : 0U) |
				 (post.is_accepted ? IS_ACCEPTED : 0U) |
				 (post.is_official ? IS_OFFICIAL : 0U));
	pack_text(out, text);
}

/* Question and accepted answers always have room; the others as long as there is some. */
void pack_posts(std::string *out, const search_document &source, bool are_first)
{
	size_t count = std::min<size_t>(source.post_count, SEARCH_POSTS_MAX);

	for (size_t i = 0; i < count; i++) {
		const search_post &post = source.posts[i];

		if ((post.is_question || post.is_accepted) != are_first)
			continue;
		if (out->size() + POST_MIN_BYTES >= ALL_MAX_BYTES)
			return;
		pack_post(out, post, std::min(share_of(source, post), ALL_MAX_BYTES - out->size()));
	}
}

bool unpack_post(Unpacker *from, StoredPost *out)
{
	int64_t flags;

	if (!from->number(&out->id) || !from->number(&out->revision) || !from->number(&flags) ||
	    !from->text(&out->text))
		return false;
	out->is_question = flags & IS_QUESTION;
	out->is_accepted = flags & IS_ACCEPTED;
	out->is_official = flags & IS_OFFICIAL;
	return true;
}

bool unpack_head(Unpacker *from, enum search_kind *kind, int64_t *id)
{
	int64_t number;

	if (!from->number(&number) || number != FORMAT_VERSION || !from->number(&number))
		return false;
	*kind = number == SEARCH_ARTICLE ? SEARCH_ARTICLE : SEARCH_TOPIC;
	return from->number(id);
}

} // namespace

std::string pack_stored(const search_document &source, const char *language)
{
	std::string out, title;

	append_clean(&title, source.title ? source.title : "", TITLE_MAX_BYTES);
	std::replace(title.begin(), title.end(), '\n', ' ');
	pack_number(&out, FORMAT_VERSION);
	pack_number(&out, source.kind);
	pack_number(&out, source.id);
	pack_number(&out, source.is_solved);
	pack_text(&out, language);
	pack_text(&out, title);
	pack_posts(&out, source, true);
	pack_posts(&out, source, false);
	out += POSTS_END;
	return out;
}

bool unpack_key(const std::string &data, enum search_kind *kind, int64_t *id)
{
	Unpacker from(data);

	return unpack_head(&from, kind, id);
}

bool unpack_stored(const std::string &data, Stored *out)
{
	Unpacker from(data);
	int64_t is_solved;

	if (!unpack_head(&from, &out->kind, &out->id) || !from.number(&is_solved) ||
	    !from.text(&out->language) || !from.text(&out->title))
		return false;
	out->is_solved = is_solved != 0;
	while (from.skip(POST_FOLLOWS)) {
		StoredPost post;

		if (!unpack_post(&from, &post))
			return false;
		out->posts.push_back(post);
	}
	return true;
}

} // namespace search
