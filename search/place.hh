/*
 * Where an index lies. Under the name that everybody is given stands a folder:
 *
 *	current -> generation-7    the living index
 *	generation-7/
 *	building/                  the next one, while it is made
 *	compacting/                the same, being packed
 *
 * so that one rename of the link exchanges one whole index for another. Without the
 * link the index lies in the folder itself: scratch ones, and those of older programs.
 */
#ifndef SEARCH_PLACE_H
#define SEARCH_PLACE_H

#include <cstdint>
#include <string>

namespace search
{

/* What the link says, "generation-7"; "" without one. */
std::string current_name(const std::string &directory);

/* The folder with the living index's files. */
std::string living_place(const std::string &directory);

std::string building_place(const std::string &directory);
std::string compacting_place(const std::string &directory);
std::string generation_name(int64_t generation);
/* 0 for what is no name of a generation. */
int64_t generation_of_name(const std::string &name);

/* Throw std::filesystem::filesystem_error or std::system_error. */
void make_folder(const std::string &directory);
void remove_folder(const std::string &place);
uintmax_t folder_bytes(const std::string &place);
uintmax_t free_bytes(const std::string &place);
void sync_folder(const std::string &place);
/* From now on it is the living one; what was before is removed. */
void exchange(const std::string &directory, int64_t generation);

} // namespace search

#endif
