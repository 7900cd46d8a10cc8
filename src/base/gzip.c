/*
 * libarchive knows gzip as the filter of an archive: one of the kind "raw" is nothing but
 * its one entry.
 */
#include "base/gzip.h"

#include <archive.h>
#include <archive_entry.h>

static la_ssize_t take_bytes(struct archive *archive, void *data, const void *bytes, size_t length)
{
	struct buf *out = data;

	(void)archive;
	buf_bytes(out, bytes, length);
	return out->is_overflown ? -1 : (la_ssize_t)length;
}

static bool write_raw(struct archive *archive, struct buf *out, const char *bytes, size_t length)
{
	struct archive_entry *entry;
	bool is_written;

	if (archive_write_add_filter_gzip(archive) != ARCHIVE_OK ||
	    archive_write_set_filter_option(archive, "gzip", "timestamp", NULL) != ARCHIVE_OK ||
	    archive_write_set_format_raw(archive) != ARCHIVE_OK ||
	    /* Otherwise the last block is filled up with noughts. */
	    archive_write_set_bytes_in_last_block(archive, 1) != ARCHIVE_OK ||
	    archive_write_open(archive, out, NULL, take_bytes, NULL) != ARCHIVE_OK)
		return false;
	entry = archive_entry_new();
	archive_entry_set_filetype(entry, AE_IFREG);
	is_written = archive_write_header(archive, entry) == ARCHIVE_OK &&
		     archive_write_data(archive, bytes, length) == (la_ssize_t)length;
	archive_entry_free(entry);
	return is_written;
}

bool gzip_write(struct buf *out, const char *bytes, size_t length)
{
	struct archive *archive = archive_write_new();
	bool is_written = archive && write_raw(archive, out, bytes, length);

	if (archive && archive_write_close(archive) != ARCHIVE_OK)
		is_written = false;
	if (archive)
		archive_write_free(archive);
	return is_written && !out->is_overflown;
}

static bool read_raw(struct archive *archive, struct buf *out, const char *bytes, size_t length)
{
	struct archive_entry *entry;
	char block[16 * 1024];
	la_ssize_t got = 1;

	/* What is no gzip would be "raw" too: one byte of it says so. */
	if (length < 18 || (unsigned char)bytes[0] != 0x1f || (unsigned char)bytes[1] != 0x8b ||
	    archive_read_support_filter_gzip(archive) != ARCHIVE_OK ||
	    archive_read_support_format_raw(archive) != ARCHIVE_OK ||
	    archive_read_open_memory(archive, bytes, length) != ARCHIVE_OK ||
	    archive_read_next_header(archive, &entry) != ARCHIVE_OK)
		return false;
	while (got > 0 && !out->is_overflown) {
		got = archive_read_data(archive, block, sizeof block);
		if (got > 0)
			buf_bytes(out, block, (size_t)got);
	}
	return got == 0 && !out->is_overflown;
}

bool gzip_read(struct buf *out, const char *bytes, size_t length)
{
	struct archive *archive = archive_read_new();
	bool is_read = archive && read_raw(archive, out, bytes, length);

	if (archive)
		archive_read_free(archive);
	return is_read;
}
