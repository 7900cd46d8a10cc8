/*
 * Data that cannot be read back is packed once more with a few bytes that mean
 * nothing, which move the end of the compressed data.
 */
#include "search/careful.hh"

#include <random>

namespace search
{

namespace
{

/* The size of Xapian's buffer: what fits is never hit. */
constexpr size_t SAFE_BYTES = 8192;

constexpr unsigned ATTEMPTS = 20;
constexpr size_t TAIL_BYTES = 13;

/* Bytes that cannot be compressed, more of them at each attempt. */
std::string tail_of(unsigned attempt)
{
	std::minstd_rand random(attempt);
	std::string tail;

	for (size_t i = 0; i < TAIL_BYTES * attempt; i++)
		tail += static_cast<char>(random() >> 8);
	return tail;
}

bool reads_back(const Xapian::WritableDatabase &database, Xapian::docid id, const std::string &data)
{
	try {
		return database.get_document(id).get_data() == data;
	} catch (const Xapian::DatabaseCorruptError &) {
		return false;
	}
}

} // namespace

void put_carefully(Xapian::WritableDatabase *database, const std::string &key,
		   Xapian::Document document)
{
	std::string data = document.get_data(), packed = data;
	Xapian::docid id = database->replace_document(key, document);

	if (data.size() < SAFE_BYTES)
		return;
	for (unsigned attempt = 1; attempt <= ATTEMPTS && !reads_back(*database, id, packed);
	     attempt++) {
		packed = data + tail_of(attempt);
		document.set_data(packed);
		database->replace_document(id, document);
	}
}

} // namespace search
