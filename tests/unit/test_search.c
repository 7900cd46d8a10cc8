/*
 * The search wrapper on a small index of its own, in a temporary folder.
 */
#include <ftw.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "unit.h"

#include "base/base.h"
#include "search/search.h"

static char directory[64];

struct topic {
	int64_t id;
	const char *language, *title, *question, *answers, *tag;
};

enum { WIFI = 1, FIBRE, INVOICE, ROUTER, TODAY, FIBRE_TOO, HEART };

static const struct topic topics[] = {
	{ WIFI, "fr", "Le Wi-Fi de ma Livebox 5 est trop lent",
	  "Depuis hier l’accès à l'internet est très lent, même à côté de la box.",
	  "Débranchez-la, attendez, rebranchez. Changez aussi le canal du réseau.", "wifi" },
	{ FIBRE, "fr", "Raccordement à la fibre optique",
	  "Quand mon logement sera-t-il raccordé ? J’attends depuis six mois.",
	  "Vérifiez l'éligibilité sur le site de l'opérateur, avant de demander.", "fibre" },
	{ INVOICE, "fr", "Facture impayée",
	  "Je ne comprends pas le montant prélevé. Qu'est-ce que ces frais ?",
	  "Ces frais sont expliqués page deux. Le wifi n'y est pour rien.", "facturation" },
	{ ROUTER, "en", "My router keeps disconnecting",
	  "The router's connection drops every evening. I don't know why.",
	  "Update the firmware and change the e-mail address of the account.", "wifi" },
	{ TODAY, "fr", "Panne aujourd'hui à Besançon",
	  "Aujourd’hui plus rien ne marche, jusqu'au répondeur.",
	  "Une panne est déclarée, retour prévu ce soir.", "panne" },
	{ FIBRE_TOO, "fr", "La fibre est coupée", "Le voyant optique du boîtier est rouge.",
	  "Un technicien passera vérifier la fibre et le raccordement.", "fibre" },
	{ HEART, "fr", "Changer d’abonnement",
	  "Mes sœurs ont le forfait cœur de gamme, mais je l'ai déjà activée.", "", "offres" },
};

static enum search_result put(struct search_writer *writer, const struct topic *topic)
{
	const struct search_post posts[] = {
		{ .id = 10 * topic->id, .text = topic->question, .is_question = true },
		{ .id = 10 * topic->id + 1, .text = topic->answers },
	};
	struct search_document document = {
		.kind = SEARCH_TOPIC,
		.id = topic->id,
		.language = topic->language,
		.title = topic->title,
		.posts = posts,
		.post_count = ARRAY_COUNT(posts),
		.tags = &topic->tag,
		.tag_count = 1,
		.category_id = 3,
		.created_at = 1,
		.is_solved = true,
	};

	return search_writer_put(writer, &document);
}

static struct search_writer *open_writer(void)
{
	struct search_writer *writer;

	assert_int_equal(search_writer_open(directory, &writer), SEARCH_OK);
	return writer;
}

static void fill(void)
{
	struct search_writer *writer = open_writer();

	for (size_t i = 0; i < ARRAY_COUNT(topics); i++)
		assert_int_equal(put(writer, &topics[i]), SEARCH_OK);
	assert_int_equal(search_writer_commit(writer), SEARCH_OK);
	search_writer_close(writer);
}

static int set_up(void **state)
{
	snprintf(directory, sizeof directory, "/tmp/entraide-search-XXXXXX");
	if (!mkdtemp(directory) || rmdir(directory) != 0)
		return 1;
	return search_reader_open(directory, (struct search_reader **)state) == SEARCH_OK ? 0 : 1;
}

static int set_up_filled(void **state)
{
	if (set_up(state) != 0)
		return 1;
	fill();
	return 0;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static int tear_down(void **state)
{
	search_reader_close(*state);
	nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}

static enum search_result query(struct search_reader *reader, const char *words,
				const char *language, size_t offset, size_t limit,
				struct search_hits *out)
{
	struct search_query asked = {
		.words = words, .language = language, .offset = offset, .limit = limit
	};

	return search_run(reader, &asked, out);
}

static struct search_hits ask(struct search_reader *reader, const char *words)
{
	struct search_hits hits;

	assert_int_equal(query(reader, words, "fr", 0, 10, &hits), SEARCH_OK);
	return hits;
}

static void assert_first(struct search_reader *reader, const char *words, int64_t topic_id)
{
	struct search_hits hits = ask(reader, words);

	if (hits.count == 0 || hits.items[0].id != topic_id)
		fail_msg("\"%s\": %zu hits, first %lld instead of %lld", words, hits.count,
			 hits.count ? (long long)hits.items[0].id : 0LL, (long long)topic_id);
}

static bool finds(struct search_reader *reader, const char *words, int64_t topic_id)
{
	struct search_hits hits = ask(reader, words);

	for (size_t i = 0; i < hits.count; i++)
		if (hits.items[i].id == topic_id)
			return true;
	return false;
}

/* Words ---------------------------------------------------------------- */

static void test_accents_and_case_do_not_matter(void **state)
{
	assert_first(*state, "réseau", WIFI);
	assert_first(*state, "RESEAU", WIFI);
	assert_first(*state, "besancon", TODAY);
	assert_first(*state, "Éligibilité", FIBRE);
	assert_first(*state, "eligibilite", FIBRE);
	assert_first(*state, "e\u0301ligibilite\u0301", FIBRE);
	assert_first(*state, "soeurs", HEART);
	assert_first(*state, "CŒUR", HEART);
	assert_first(*state, "activee", HEART);
	assert_first(*state, "activée", HEART);
}

static void test_elisions_are_cut_off(void **state)
{
	assert_first(*state, "abonnement", HEART);
	assert_first(*state, "l'abonnement", HEART);
	assert_first(*state, "d’abonnement", HEART);
	assert_first(*state, "opérateur", FIBRE);
	assert_first(*state, "qu'opérateur", FIBRE);
	assert_first(*state, "jusqu’accès", WIFI);
	assert_first(*state, "router", ROUTER);
}

static void test_some_apostrophes_belong_to_the_word(void **state)
{
	assert_first(*state, "aujourd'hui", TODAY);
	assert_first(*state, "aujourd’hui", TODAY);
	assert_false(finds(*state, "hui", TODAY));
}

static void test_compounds_are_found_as_they_are_written(void **state)
{
	static const char *const ways[] = {
		"wifi", "wi-fi", "Wi-Fi", "wi fi", "WIFI", "wi\u2011fi"
	};

	for (size_t i = 0; i < ARRAY_COUNT(ways); i++)
		assert_first(*state, ways[i], WIFI);
	assert_first(*state, "email", ROUTER);
	assert_first(*state, "e-mail", ROUTER);
	assert_first(*state, "livebox5", WIFI);
	assert_first(*state, "livebox 5", WIFI);
	assert_first(*state, "livebox-5", WIFI);
}

static void test_other_forms_of_a_word_are_found(void **state)
{
	struct search_hits hits;

	assert_first(*state, "raccordements", FIBRE);
	assert_true(finds(*state, "raccorder", FIBRE));
	assert_first(*state, "factures", INVOICE);
	assert_int_equal(query(*state, "disconnected routers", "en", 0, 10, &hits), SEARCH_OK);
	assert_true(hits.count >= 1);
	assert_int_equal(hits.items[0].id, ROUTER);
}

static void test_words_of_another_language_are_found_as_written(void **state)
{
	struct search_hits hits;

	assert_first(*state, "firmware", ROUTER);
	assert_int_equal(query(*state, "fibre optique", "en", 0, 10, &hits), SEARCH_OK);
	assert_true(hits.count >= 2);
	assert_int_equal(query(*state, "fibre optique", NULL, 0, 10, &hits), SEARCH_OK);
	assert_true(hits.count >= 2);
}

/* Ranking -------------------------------------------------------------- */

static void test_title_counts_more_than_text(void **state)
{
	/* The invoice's answer has the word too, and so has the router's tag. */
	struct search_hits hits = ask(*state, "wifi");

	assert_int_equal(hits.items[0].id, WIFI);
	assert_true(hits.count >= 2);
	assert_int_equal(hits.estimate, hits.count);
}

static void test_topics_with_all_words_come_first(void **state)
{
	struct search_hits hits = ask(*state, "fibre coupée voyant");

	assert_int_equal(hits.items[0].id, FIBRE_TOO);
	assert_int_equal(hits.items[1].id, FIBRE);
}

static void test_stop_words_are_left_out_unless_alone(void **state)
{
	assert_int_equal(ask(*state, "pourquoi est-ce que la fibre").count,
			 ask(*state, "fibre").count);
	assert_true(ask(*state, "très").count > 0);
}

static void test_hits_can_be_paged(void **state)
{
	struct search_hits all = ask(*state, "fibre panne wifi"), second;

	assert_true(all.count >= 4);
	assert_int_equal(query(*state, "fibre panne wifi", "fr", 2, 2, &second), SEARCH_OK);
	assert_int_equal(second.count, 2);
	assert_int_equal(second.items[0].id, all.items[2].id);
	assert_int_equal(second.items[1].id, all.items[3].id);
	assert_int_equal(query(*state, "fibre", "fr", 5000, 5000, &second), SEARCH_OK);
	assert_int_equal(second.count, 0);
}

static void test_similar_topics_share_what_they_are_about(void **state)
{
	struct search_hits hits;

	assert_int_equal(search_similar(*state, SEARCH_TOPIC, FIBRE, 5, &hits), SEARCH_OK);
	assert_true(hits.count >= 1);
	assert_int_equal(hits.items[0].id, FIBRE_TOO);
	for (size_t i = 0; i < hits.count; i++)
		assert_int_not_equal(hits.items[i].id, FIBRE);
	assert_int_equal(search_similar(*state, SEARCH_TOPIC, 999, 5, &hits), SEARCH_OK);
	assert_int_equal(hits.count, 0);
}

/* Odd questions -------------------------------------------------------- */

static void test_no_question_is_an_error(void **state)
{
	static const char *const odd[] = {
		"",
		" ",
		"'",
		"’’’",
		"---",
		"-a-",
		"a'",
		"'s",
		"AND OR NOT ( \" *",
		"title:x",
		"\xff\xfe\x80",
		"\xc3",
		"☃ 🦊",
		"NEAR/1",
		"a\tb\nc",
		"l'",
		"qu’",
		"_",
		"1.2.3-4'5",
	};
	char *text = malloc(100001);
	struct search_hits hits;

	for (size_t i = 0; i < ARRAY_COUNT(odd); i++)
		assert_int_equal(query(*state, odd[i], "fr", 0, 10, &hits), SEARCH_OK);
	memset(text, 'x', 100000);
	text[100000] = '\0';
	assert_int_equal(query(*state, text, "fr", 0, 10, &hits), SEARCH_OK);
	for (size_t i = 0; i < 100000; i++)
		text[i] = i % 2 ? ' ' : (char)('a' + i / 2 % 26);
	assert_int_equal(query(*state, text, "fr", 0, 10, &hits), SEARCH_OK);
	for (size_t i = 0; i < 100000; i++)
		text[i] = i % 3 == 2 ? '-' : 'a';
	assert_int_equal(query(*state, text, "fr", 0, 10, &hits), SEARCH_OK);
	free(text);
}

static void test_odd_documents_are_taken(void **state)
{
	struct search_writer *writer = open_writer();
	char *text = malloc(1000001);
	struct search_post post = { .id = 1, .text = text };
	struct search_document document = {
		.id = INT64_MAX, .title = "\xff\xfe", .posts = &post, .post_count = 1
	};
	struct topic topic = { 77, "xx", "", "-----'''''", NULL, "" };
	size_t count;

	memset(text, 'y', 1000000);
	text[1000000] = '\0';
	assert_int_equal(search_writer_put(writer, &document), SEARCH_OK);
	assert_int_equal(put(writer, &topic), SEARCH_OK);
	for (size_t i = 0; i < 1000000; i++)
		text[i] = i % 80 == 79 ? ' ' : i % 9 == 8 ? '-' : (char)('a' + i % 23);
	document.id = 78;
	assert_int_equal(search_writer_put(writer, &document), SEARCH_OK);
	assert_int_equal(search_writer_commit(writer), SEARCH_OK);
	search_writer_close(writer);
	free(text);
	assert_int_equal(search_count(*state, &count), SEARCH_OK);
	assert_int_equal(count, ARRAY_COUNT(topics) + 3);
}

/* The index's life ----------------------------------------------------- */

static void test_putting_again_replaces(void **state)
{
	struct search_writer *writer = open_writer();
	struct topic changed = { WIFI, "fr", "Autre chose", "Perroquet", "", "x" };
	size_t count;

	assert_int_equal(put(writer, &changed), SEARCH_OK);
	assert_false(finds(*state, "perroquet", WIFI));
	assert_int_equal(search_writer_commit(writer), SEARCH_OK);
	search_writer_close(writer);
	assert_first(*state, "perroquet", WIFI);
	assert_false(finds(*state, "livebox", WIFI));
	assert_int_equal(search_count(*state, &count), SEARCH_OK);
	assert_int_equal(count, ARRAY_COUNT(topics));
}

static void test_removed_topic_is_not_found(void **state)
{
	struct search_writer *writer = open_writer();

	assert_true(finds(*state, "facture", INVOICE));
	assert_int_equal(search_writer_remove(writer, SEARCH_TOPIC, INVOICE), SEARCH_OK);
	assert_int_equal(search_writer_remove(writer, SEARCH_TOPIC, 12345), SEARCH_OK);
	assert_int_equal(search_writer_commit(writer), SEARCH_OK);
	search_writer_close(writer);
	assert_false(finds(*state, "facture", INVOICE));
}

static void test_reader_keeps_up_with_many_commits(void **state)
{
	struct search_writer *writer = open_writer();
	struct topic topic = { 100, "fr", "Perroquet", "", "", "x" };

	assert_first(*state, "livebox", WIFI);
	for (int round = 0; round < 20; round++) {
		topic.id++;
		assert_int_equal(put(writer, &topic), SEARCH_OK);
		assert_int_equal(search_writer_commit(writer), SEARCH_OK);
		if (round % 7 == 6)
			assert_true(finds(*state, "perroquet", 101));
	}
	search_writer_close(writer);
	assert_int_equal(ask(*state, "perroquet").estimate, 20);
}

static void test_missing_index_is_told_until_there_is_one(void **state)
{
	struct search_hits hits;
	size_t count;

	assert_int_equal(query(*state, "x", "fr", 0, 10, &hits), SEARCH_MISSING);
	assert_int_equal(hits.count, 0);
	assert_int_equal(search_similar(*state, SEARCH_TOPIC, 1, 10, &hits), SEARCH_MISSING);
	assert_int_equal(search_count(*state, &count), SEARCH_MISSING);
	assert_int_equal(mkdir(directory, 0700), 0);
	assert_int_equal(search_count(*state, &count), SEARCH_MISSING);
	fill();
	assert_first(*state, "livebox", WIFI);
}

static void test_index_made_anew_is_seen(void **state)
{
	struct search_writer *writer;
	size_t count;

	assert_first(*state, "livebox", WIFI);
	assert_int_equal(search_writer_create(directory, &writer), SEARCH_OK);
	assert_int_equal(put(writer, &topics[1]), SEARCH_OK);
	assert_int_equal(search_writer_commit(writer), SEARCH_OK);
	search_writer_close(writer);
	assert_int_equal(search_count(*state, &count), SEARCH_OK);
	assert_int_equal(count, 1);
	assert_false(finds(*state, "livebox", WIFI));
	assert_true(finds(*state, "fibre", FIBRE));
}

static void damage(const char *name, const char *bytes, long keep)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", directory, name);
	assert_int_equal(truncate(path, keep), 0);
	file = fopen(path, "ae");
	assert_non_null(file);
	assert_true(fputs(bytes, file) >= 0);
	fclose(file);
}

static void test_corrupt_index_is_told_and_can_be_replaced(void **state)
{
	struct search_writer *writer;
	struct search_hits hits;

	damage("iamglass", "this is no index", 0);
	assert_int_equal(query(*state, "x", "fr", 0, 10, &hits), SEARCH_CORRUPT);
	assert_int_equal(search_writer_open(directory, &writer), SEARCH_CORRUPT);
	assert_null(writer);
	assert_int_equal(search_writer_create(directory, &writer), SEARCH_OK);
	search_writer_close(writer);
	assert_int_equal(query(*state, "x", "fr", 0, 10, &hits), SEARCH_OK);
}

static void test_damaged_table_does_not_crash(void **state)
{
	struct search_hits hits;
	enum search_result result;

	damage("postlist.glass", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 100);
	result = query(*state, "fibre wifi", "fr", 0, 10, &hits);
	assert_true(result == SEARCH_CORRUPT || result == SEARCH_FAILED);
	assert_int_equal(hits.count, 0);
}

static void test_second_writer_is_locked_out(void **state)
{
	struct search_writer *first = open_writer(), *second;

	(void)state;
	assert_int_equal(search_writer_open(directory, &second), SEARCH_LOCKED);
	assert_null(second);
	assert_int_equal(search_writer_create(directory, &second), SEARCH_LOCKED);
	search_writer_close(first);
	assert_int_equal(search_writer_open(directory, &second), SEARCH_OK);
	search_writer_close(second);
}

static void test_place_that_cannot_be_written_is_told(void **state)
{
	struct search_writer *writer;

	(void)state;
	assert_int_not_equal(search_writer_open("/proc/entraide/index", &writer), SEARCH_OK);
	assert_null(writer);
}

/* A small file system of its own, in a name space of its own; root only. */
static bool mount_small_disk(void)
{
	return mkdir(directory, 0700) == 0 && unshare(CLONE_NEWNS) == 0 &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("none", directory, "tmpfs", 0, "size=256k") == 0;
}

static void test_full_disk_is_told(void **state)
{
	char text[4096];
	struct search_post post = { .id = 1, .text = text };
	struct search_document document = {
		.language = "fr", .title = "Panne", .posts = &post, .post_count = 1
	};
	struct search_writer *writer;
	enum search_result result;

	(void)state;
	if (!mount_small_disk()) {
		print_message("skipped: a full disk can be had by root only\n");
		skip();
	}
	assert_int_equal(search_writer_open(directory, &writer), SEARCH_OK);
	do {
		document.id++;
		for (size_t i = 0; i < sizeof text; i++)
			text[i] = i % 9 == 8 ? ' ' : (char)('a' + ((size_t)document.id * i) % 23);
		text[sizeof text - 1] = '\0';
		result = search_writer_put(writer, &document);
		if (result == SEARCH_OK)
			result = search_writer_commit(writer);
	} while (result == SEARCH_OK && document.id < 1000);
	assert_int_equal(result, SEARCH_FULL);
	search_writer_close(writer);
	assert_int_equal(umount(directory), 0);
}

#define ON_FILLED(name) cmocka_unit_test_setup_teardown(name, set_up_filled, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_FILLED(test_accents_and_case_do_not_matter),
		ON_FILLED(test_elisions_are_cut_off),
		ON_FILLED(test_some_apostrophes_belong_to_the_word),
		ON_FILLED(test_compounds_are_found_as_they_are_written),
		ON_FILLED(test_other_forms_of_a_word_are_found),
		ON_FILLED(test_words_of_another_language_are_found_as_written),
		ON_FILLED(test_title_counts_more_than_text),
		ON_FILLED(test_topics_with_all_words_come_first),
		ON_FILLED(test_stop_words_are_left_out_unless_alone),
		ON_FILLED(test_hits_can_be_paged),
		ON_FILLED(test_similar_topics_share_what_they_are_about),
		ON_FILLED(test_no_question_is_an_error),
		ON_FILLED(test_odd_documents_are_taken),
		ON_FILLED(test_putting_again_replaces),
		ON_FILLED(test_removed_topic_is_not_found),
		ON_FILLED(test_reader_keeps_up_with_many_commits),
		cmocka_unit_test_setup_teardown(test_missing_index_is_told_until_there_is_one,
						set_up, tear_down),
		ON_FILLED(test_index_made_anew_is_seen),
		ON_FILLED(test_corrupt_index_is_told_and_can_be_replaced),
		ON_FILLED(test_damaged_table_does_not_crash),
		ON_FILLED(test_second_writer_is_locked_out),
		ON_FILLED(test_place_that_cannot_be_written_is_told),
		cmocka_unit_test_setup_teardown(test_full_disk_is_told, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
