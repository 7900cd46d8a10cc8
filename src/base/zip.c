/*
 * One entry after the other, deflated.
 */
#include "base/zip.h"

#include <archive.h>
#include <archive_entry.h>

static la_ssize_t take_bytes(struct archive *archive, void *data, const void *bytes, size_t length)
{
	struct buf *out = data;

	(void)archive;
	buf_bytes(out, bytes, length);
	return out->is_overflown ? -1 : (la_ssize_t)length;
}

static bool write_entry(struct archive *archive, const struct zip_entry *file, int64_t at)
{
	struct archive_entry *entry = archive_entry_new();
	bool is_written;

	archive_entry_set_pathname(entry, file->name);
	archive_entry_set_size(entry, (la_int64_t)file->length);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_mtime(entry, (time_t)at, 0);
	is_written = archive_write_header(archive, entry) == ARCHIVE_OK &&
		     archive_write_data(archive, file->text, file->length) ==
			     (la_ssize_t)file->length;
	archive_entry_free(entry);
	return is_written;
}

bool zip_write(struct buf *out, const struct zip_entry *entries, size_t count, int64_t at)
{
	struct archive *archive = archive_write_new();
	bool is_written = archive && archive_write_set_format_zip(archive) == ARCHIVE_OK &&
			  archive_write_open(archive, out, NULL, take_bytes, NULL) == ARCHIVE_OK;

	for (size_t i = 0; is_written && i < count; i++)
		is_written = write_entry(archive, &entries[i], at);
	if (archive && archive_write_close(archive) != ARCHIVE_OK)
		is_written = false;
	if (archive)
		archive_write_free(archive);
	return is_written && !out->is_overflown;
}
