/*
 * Folders of the index: names, sizes, and the exchange.
 */
#include "search/place.hh"

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace search
{

namespace fs = std::filesystem;

namespace
{

const std::string CURRENT = "/current", NEXT = "/current.next", PREFIX = "generation-";

[[noreturn]] void fail(const char *what)
{
	throw std::system_error(errno, std::generic_category(), what);
}

void sync_path(const std::string &path)
{
	int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fail("open");
	bool is_synced = fsync(fd) == 0;
	int reason = errno;
	close(fd);
	errno = reason;
	if (!is_synced)
		fail("fsync");
}

/* The files of an index that lies in the folder itself, without the link. */
bool is_loose_file(const fs::path &path)
{
	std::string name = path.filename();

	return name == "iamglass" || name == "flintlock" || path.extension() == ".glass" ||
	       path.extension() == ".baseA" || name == "compacting";
}

void remove_former(const std::string &directory, const std::string &name)
{
	for (const fs::directory_entry &entry : fs::directory_iterator(directory)) {
		std::string found = entry.path().filename();

		if (is_loose_file(entry.path()) || (generation_of_name(found) > 0 && found != name))
			fs::remove_all(entry.path());
	}
}

} // namespace

std::string current_name(const std::string &directory)
{
	std::array<char, 64> target{};
	ssize_t length = readlink((directory + CURRENT).c_str(), target.data(), target.size());

	if (length <= 0 || static_cast<size_t>(length) == target.size())
		return "";
	return std::string(target.data(), static_cast<size_t>(length));
}

std::string living_place(const std::string &directory)
{
	std::string name = current_name(directory);

	return name.empty() ? directory : directory + "/" + name;
}

std::string building_place(const std::string &directory)
{
	return directory + "/building";
}

std::string compacting_place(const std::string &directory)
{
	return directory + "/compacting";
}

std::string generation_name(int64_t generation)
{
	return PREFIX + std::to_string(generation);
}

int64_t generation_of_name(const std::string &name)
{
	std::string digits = name.compare(0, PREFIX.size(), PREFIX) == 0
				     ? name.substr(PREFIX.size())
				     : "";

	if (digits.empty() || digits.size() > 18 ||
	    digits.find_first_not_of("0123456789") != std::string::npos)
		return 0;
	return std::stoll(digits);
}

void make_folder(const std::string &directory)
{
	fs::create_directories(directory);
}

void remove_folder(const std::string &place)
{
	fs::remove_all(place);
}

uintmax_t folder_bytes(const std::string &place)
{
	uintmax_t sum = 0;

	for (const fs::directory_entry &entry : fs::directory_iterator(place))
		if (entry.is_regular_file())
			sum += entry.file_size();
	return sum;
}

uintmax_t free_bytes(const std::string &place)
{
	return fs::space(place).available;
}

void sync_folder(const std::string &place)
{
	for (const fs::directory_entry &entry : fs::directory_iterator(place))
		if (entry.is_regular_file())
			sync_path(entry.path());
	sync_path(place);
}

void exchange(const std::string &directory, int64_t generation)
{
	std::string name = generation_name(generation), next = directory + NEXT;

	if (unlink(next.c_str()) != 0 && errno != ENOENT)
		fail("unlink");
	if (symlink(name.c_str(), next.c_str()) != 0)
		fail("symlink");
	if (rename(next.c_str(), (directory + CURRENT).c_str()) != 0)
		fail("rename");
	sync_path(directory);
	remove_former(directory, name);
}

} // namespace search
