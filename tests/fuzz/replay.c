/*
 * Main of a fuzz target when it is not built with libFuzzer: runs the target
 * once over every file of its kept corpus, so that what was found once is
 * tried again in each `make check`. Arguments are files or folders; without
 * any, the folder tests/fuzz/corpus/TARGET of the source tree.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX_BYTES ((size_t)4 * 1024 * 1024)

static size_t replayed;

/* The copy is exactly as long as the input: AddressSanitizer sees each byte over. */
static int replay_file(const char *path)
{
	static uint8_t input[INPUT_MAX_BYTES];
	FILE *file = fopen(path, "rb");
	uint8_t *copy;
	size_t size;

	if (!file) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return EXIT_FAILURE;
	}
	size = fread(input, 1, sizeof(input), file);
	fclose(file);
	copy = malloc(size ? size : 1);
	if (!copy)
		return EXIT_FAILURE;
	memcpy(copy, input, size);
	/* Said before, so that a crash leaves the name of its input behind. */
	printf("replay %s (%zu bytes)\n", path, size);
	fflush(stdout);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	replayed++;
	return EXIT_SUCCESS;
}

static int replay(const char *path);

static int replay_folder(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);
	int result = EXIT_SUCCESS;

	for (int i = 0; i < count; i++) {
		char inner[4096];

		snprintf(inner, sizeof(inner), "%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.' && replay(inner) != EXIT_SUCCESS)
			result = EXIT_FAILURE;
		free(entries[i]);
	}
	free(entries);
	return result;
}

static int replay(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return EXIT_FAILURE;
	}
	return S_ISDIR(status.st_mode) ? replay_folder(path) : replay_file(path);
}

int main(int argc, char **argv)
{
	const char *source_dir = getenv("ENTRAIDE_SOURCE_DIR");
	const char *slash = strrchr(argv[0], '/');
	const char *target = slash ? slash + 1 : argv[0];
	char corpus[4096];
	int result = EXIT_SUCCESS;

	snprintf(corpus, sizeof(corpus), "%s/tests/fuzz/corpus/%s", source_dir ? source_dir : ".",
		 target);
	if (argc < 2)
		result = replay(corpus);
	for (int i = 1; i < argc; i++)
		if (replay(argv[i]) != EXIT_SUCCESS)
			result = EXIT_FAILURE;
	printf("%s: %zu inputs replayed\n", target, replayed);
	/* A corpus that is not found must not look like a passed test. */
	return replayed > 0 ? result : EXIT_FAILURE;
}
