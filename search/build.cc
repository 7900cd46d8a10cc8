/*
 * A new index beside the living one. It may be killed at any time: how far it had
 * come is committed together with the documents, and every step from there to the
 * exchange can be made again.
 */
#include <fstream>
#include <memory>

#include "search/place.hh"
#include "search/writer.hh"

using namespace search;

namespace
{

constexpr const char KEY_POSITION[] = "position", KEY_GENERATION[] = "generation",
		     KEY_BOOT[] = "boot";

/* While building nothing waits for the disk, so what was written does not outlive a
 * power cut, which shows in the number that the kernel gives each start. */
std::string boot_id()
{
	std::ifstream file("/proc/sys/kernel/random/boot_id");
	std::string id;

	std::getline(file, id);
	return id;
}

bool is_of(const Xapian::Database &database, int64_t generation)
{
	return database.get_metadata(KEY_GENERATION) == std::to_string(generation) &&
	       database.get_metadata(KEY_FORMAT) == FORMAT &&
	       database.get_metadata(KEY_FINGERPRINT) == fingerprint() &&
	       database.get_metadata(KEY_BOOT) == boot_id();
}

search_writer *continue_building(const std::string &place, int64_t generation)
{
	try {
		std::unique_ptr<search_writer> writer(
			new_writer(place, Xapian::DB_OPEN | Xapian::DB_NO_SYNC));

		return is_of(writer->database, generation) ? writer.release() : nullptr;
	} catch (const Xapian::DatabaseLockError &) {
		throw;
	} catch (const Xapian::Error &) {
		return nullptr; /* none, or a broken one: begun again */
	}
}

search_writer *begin_building(const std::string &place, int64_t generation)
{
	remove_folder(place);
	std::unique_ptr<search_writer> writer(
		new_writer(place, Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_NO_SYNC));

	writer->database.set_metadata(KEY_GENERATION, std::to_string(generation));
	writer->database.set_metadata(KEY_BOOT, boot_id());
	writer->database.set_metadata(KEY_POSITION, "0");
	return writer.release();
}

bool exists(const std::string &place)
{
	try {
		return folder_bytes(place) > 0;
	} catch (...) {
		return false;
	}
}

/* Packed under another name first: what has its final name is whole. */
void compact(const std::string &directory, int64_t generation)
{
	std::string packed = compacting_place(directory);

	remove_folder(packed);
	{
		Xapian::Database built(building_place(directory));

		if (built.get_metadata(KEY_GENERATION) != std::to_string(generation))
			throw Xapian::DatabaseCorruptError("another generation");
		built.compact(packed, Xapian::DBCOMPACT_NO_RENUMBER);
	}
	sync_folder(packed);
	if (rename(packed.c_str(), (directory + "/" + generation_name(generation)).c_str()) != 0)
		throw std::system_error(errno, std::generic_category(), "rename");
}

} // namespace

extern "C" enum search_result search_build_open(const char *directory, int64_t generation,
						search_writer **out, int64_t *position) noexcept
{
	*out = nullptr;
	*position = 0;
	try {
		std::string place = building_place(directory);

		make_folder(directory);
		if (exists(std::string(directory) + "/" + generation_name(generation)))
			return SEARCH_OK;
		*out = continue_building(place, generation);
		if (!*out)
			*out = begin_building(place, generation);
		*position = std::stoll((*out)->database.get_metadata(KEY_POSITION));
		return SEARCH_OK;
	} catch (...) {
		return result_of_exception(directory);
	}
}

extern "C" enum search_result search_build_commit(search_writer *writer, int64_t position) noexcept
{
	try {
		writer->database.set_metadata(KEY_POSITION, std::to_string(position));
		writer->database.commit();
		return SEARCH_OK;
	} catch (...) {
		return result_of_exception(writer->directory.c_str());
	}
}

extern "C" enum search_result search_build_finish(const char *directory,
						  int64_t generation) noexcept
{
	try {
		if (!exists(std::string(directory) + "/" + generation_name(generation)))
			compact(directory, generation);
		remove_folder(building_place(directory));
		return SEARCH_OK;
	} catch (...) {
		return result_of_exception(directory);
	}
}

extern "C" enum search_result search_build_exchange(const char *directory,
						    int64_t generation) noexcept
{
	try {
		exchange(directory, generation);
		return SEARCH_OK;
	} catch (...) {
		return result_of_exception(directory);
	}
}

extern "C" void search_build_discard(const char *directory) noexcept
{
	try {
		remove_folder(building_place(directory));
		remove_folder(compacting_place(directory));
	} catch (...) {
		/* Then the next attempt finds as little room as this one. */
	}
}

extern "C" enum search_result search_look(const char *directory, search_place *out) noexcept
{
	std::string place;

	*out = {};
	try {
		place = living_place(directory);
		Xapian::Database database(place);

		out->generation = generation_of_name(current_name(directory));
		out->documents = database.get_doccount();
		out->bytes = folder_bytes(place);
		out->is_readable = database.get_metadata(KEY_FORMAT) == FORMAT;
		out->is_current = out->is_readable &&
				  database.get_metadata(KEY_FINGERPRINT) == fingerprint();
		return SEARCH_OK;
	} catch (...) {
		return result_of_exception(place.c_str());
	}
}

extern "C" uint64_t search_free_bytes(const char *directory) noexcept
{
	try {
		make_folder(directory);
		return free_bytes(directory);
	} catch (...) {
		return 0;
	}
}
