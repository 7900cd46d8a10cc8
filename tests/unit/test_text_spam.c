/*
 * The spam score and likeness: what they say of texts they have not seen. The texts are
 * made from a seed out of sentences (some of them never learnt) as members and spammers of a help forum write them:
 * spam that borrows honest questions, honest questions about offers, prices and links.
 */
#include "unit.h"

#include "base/buf.h"
#include "text/shingles.h"
#include "text/spam_score.h"

#define TEXTS  2000 /* half of them spam */
#define LEARNT 1200 /* the others are held back */
#define WORDS  200003

static const char *const ham_openings[] = {
	"Bonjour, ma box redémarre toutes les nuits depuis la mise à jour.",
	"Bonsoir, je n'arrive plus à recevoir la télévision sur le décodeur.",
	"Ma facture de ce mois est plus élevée que prévu, 12 euros de plus.",
	"Quelqu'un a-t-il déjà changé de forfait en cours de mois ?",
	"Le wifi ne passe pas dans la chambre du fond malgré le répéteur.",
	"Je voudrais garder mon numéro en changeant d'offre, est-ce gratuit ?",
	"Depuis hier la fibre est coupée dans tout l'immeuble.",
	"Impossible de me connecter à mon espace client, le mot de passe est refusé.",
	"J'ai reçu un courriel qui promet de gagner un téléphone, est-ce une arnaque ?",
	"L'offre à moitié prix est-elle valable pour les anciens clients ?",
};
static const char *const ham_details[] = {
	"Le voyant reste rouge après le redémarrage.",
	"J'ai déjà débranché la prise pendant dix secondes.",
	"Le débit tombe à 2 Mb/s le soir, 300 le matin.",
	"J'ai suivi https://assistance.brand.example/box sans succès.",
	"Le conseiller m'a dit d'attendre 48 heures.",
	"Mon modem est le modèle 5 avec la dernière version du logiciel.",
	"Sur le site, l'achat d'une nouvelle box est proposé à 49 euros.",
	"Faut-il commander une carte SIM sur la boutique ?",
	"J'ai le même souci chez mes parents avec une autre box.",
	"Le test de ligne ne montre aucun défaut.",
	"Voir aussi https://forum.brand.example/t/12 où c'est expliqué.",
	"Le remboursement promis n'est toujours pas arrivé sur mon compte.",
};
static const char *const ham_endings[] = {
	"Merci d'avance pour votre aide.",       "Une idée ?",
	"Est-ce que d'autres ont ce problème ?", "Merci, bonne journée à tous !",
	"Que dois-je essayer maintenant ?",      "Cordialement",
};
static const char *const spam_hooks[] = {
	"Gagnez jusqu'à 5000 euros par mois depuis chez vous, sans expérience.",
	"Besoin d'un crédit rapide ? Prêt entre particuliers, réponse en 24 heures.",
	"Les meilleures montres de luxe à moitié prix, livraison gratuite.",
	"CASINO en ligne : 200 tours offerts à l'inscription, sans dépôt !",
	"Service technique : appelez notre assistance, tous les modèles de box.",
	"Voyance gratuite par chat, retour de l'être aimé garanti.",
	"Achetez des abonnés et des avis positifs pour votre page.",
	"Streaming gratuit de tous les matchs, cliquez ici maintenant.",
	"Perdez 10 kilos en deux semaines grâce à ces gélules naturelles.",
	"Récupérez vos bitcoins perdus, notre expert a récupéré les miens !",
};
static const char *const spam_pushes[] = {
	"Contactez-nous sur WhatsApp dès aujourd'hui.",
	"Offre limitée, plus que quelques places !!!",
	"Cliquez sur https://bit-offre.example/go pour en profiter.",
	"Visitez https://montres-luxe.example et https://promo.example/x.",
	"Satisfait ou remboursé, paiement sécurisé.",
	"J'ai touché mon prêt de monsieur Bernard en trois jours, un homme honnête.",
	"Inscription gratuite sur https://jeux-bonus.example tout de suite.",
	"Écrivez à notre service client pour recevoir votre bonus.",
	"De nombreux clients sont déjà satisfaits, pourquoi pas vous ?",
	"Le site officiel est ici : https://vip-gain.example",
};

static uint64_t seed;

/* SplitMix64: the same texts on every machine. */
static size_t pick(size_t count)
{
	uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (size_t)((z ^ (z >> 31)) % count);
}

/* While it learns, the last two sentences of each list are kept from it. */
static bool is_learning;
#define ANY(list) (list)[pick(ARRAY_COUNT(list) - (is_learning ? 2 : 0))]

static const char *a_ham(struct arena *arena)
{
	struct buf text;

	buf_init(&text, arena, 4000);
	buf_printf(&text, "%s %s", ANY(ham_openings), ANY(ham_details));
	for (size_t i = pick(3); i > 0; i--)
		buf_printf(&text, " %s", ANY(ham_details));
	/* Members quote what spam they got. */
	if (pick(25) == 0)
		buf_printf(&text, " On m'a écrit : %s", ANY(spam_hooks));
	buf_printf(&text, " %s", ANY(ham_endings));
	return text.data;
}

static const char *a_spam(struct arena *arena)
{
	struct buf text;

	buf_init(&text, arena, 4000);
	/* Some begin like a question, to look like one. */
	if (pick(3) == 0)
		buf_printf(&text, "%s ", ANY(ham_openings));
	buf_printf(&text, "%s %s", ANY(spam_hooks), ANY(spam_pushes));
	for (size_t i = pick(3); i > 0; i--)
		buf_printf(&text, " %s", ANY(spam_pushes));
	if (pick(4) == 0)
		buf_printf(&text, " %s", ANY(ham_endings));
	return text.data;
}

/* Counts by token, open addressing: what the database does. */
struct memory {
	struct spam_count counts[WORDS];
	int64_t spam, ham;
};

static struct spam_count *count_of(struct memory *memory, int64_t token)
{
	size_t at = (size_t)token % WORDS;

	while (memory->counts[at].token && memory->counts[at].token != token)
		at = (at + 1) % WORDS;
	memory->counts[at].token = token;
	return &memory->counts[at];
}

static void learn(struct arena *arena, struct memory *memory, const char *text, bool is_spam,
		  int by)
{
	int64_t *tokens;
	size_t count = spam_tokens(arena, &(struct spam_text){ "", text }, &tokens);

	for (size_t i = 0; i < count; i++) {
		struct spam_count *counted = count_of(memory, tokens[i]);

		*(is_spam ? &counted->spam : &counted->ham) += by;
	}
	*(is_spam ? &memory->spam : &memory->ham) += by;
}

static double score(struct arena *arena, struct memory *memory, const char *text)
{
	int64_t *tokens;
	size_t count = spam_tokens(arena, &(struct spam_text){ "", text }, &tokens);
	struct spam_count *counts = arena_array_of(arena, count + 1, struct spam_count);

	for (size_t i = 0; i < count; i++)
		counts[i] = *count_of(memory, tokens[i]);
	return spam_score(counts, count, memory->spam, memory->ham);
}

/* Precision and recall on the texts that were held back, at the rule's threshold. */
static void test_held_back_texts_are_told_apart(void **state)
{
	struct memory *memory = calloc(1, sizeof(*memory));
	int caught = 0, wrongly = 0, missed = 0;
	double precision, recall;

	assert_non_null(memory);
	seed = 20260101;
	for (int i = 0; i < TEXTS; i++) {
		bool is_spam = i % 2 == 0;
		const char *text;

		is_learning = i < LEARNT;
		text = is_spam ? a_spam(*state) : a_ham(*state);
		if (i < LEARNT) {
			learn(*state, memory, text, is_spam, 1);
		} else {
			bool is_caught = score(*state, memory, text) >= 0.95;

			caught += is_caught && is_spam;
			wrongly += is_caught && !is_spam;
			missed += !is_caught && is_spam;
		}
		arena_reset(*state);
	}
	precision = (double)caught / (caught + wrongly);
	recall = (double)caught / (caught + missed);
	print_message("spam score, %d texts held back: precision %.3f at recall %.3f\n",
		      TEXTS - LEARNT, precision, recall);
	assert_true(precision >= 0.98);
	assert_true(recall >= 0.80);
	free(memory);
}

static void test_what_is_unlearnt_leaves_nothing(void **state)
{
	struct memory *memory = calloc(1, sizeof(*memory));
	const char *text = "Gagnez 5000 euros par mois sur https://vip-gain.example !!!";
	double before;

	assert_non_null(memory);
	seed = 7;
	for (int i = 0; i < 40; i++)
		learn(*state, memory, i % 2 ? a_ham(*state) : a_spam(*state), i % 2 == 0, 1);
	before = score(*state, memory, text);
	learn(*state, memory, text, false, 1);
	assert_true(score(*state, memory, text) < before);
	learn(*state, memory, text, false, -1);
	assert_true(score(*state, memory, text) == before);
	free(memory);
}

static void test_little_knowledge_says_nothing(void **state)
{
	const struct spam_count sure[] = { { 1, 9, 0 }, { 2, 9, 0 } };

	(void)state;
	assert_true(spam_score(sure, 2, SPAM_LESSONS_MIN - 1, 100) == 0.5);
	assert_true(spam_score(sure, 2, 100, SPAM_LESSONS_MIN - 1) == 0.5);
	assert_true(spam_score(NULL, 0, 100, 100) == 0.5);
	assert_true(spam_score(sure, 2, 100, 100) > 0.9);
}

static void test_scores_stay_between_none_and_sure(void **state)
{
	struct spam_count counts[SPAM_TOKENS_MAX];

	(void)state;
	for (int64_t i = 0; i < SPAM_TOKENS_MAX; i++)
		counts[i] = (struct spam_count){ i + 1, 1000000, 0 };
	assert_true(spam_score(counts, SPAM_TOKENS_MAX, 1000000, 1000000) <= 1);
	assert_true(spam_score(counts, SPAM_TOKENS_MAX, 1000000, 1000000) > 0.999);
	for (int64_t i = 0; i < SPAM_TOKENS_MAX; i++)
		counts[i] = (struct spam_count){ i + 1, 0, 1000000 };
	assert_true(spam_score(counts, SPAM_TOKENS_MAX, 1000000, 1000000) >= 0);
	assert_true(spam_score(counts, SPAM_TOKENS_MAX, 1000000, 1000000) < 0.001);
}

static double likeness(struct arena *arena, const char *one, const char *other)
{
	int64_t *a, *b;
	size_t a_count = shingles_of(arena, one, &a), b_count = shingles_of(arena, other, &b);

	return shingles_similarity(a, a_count, b, b_count);
}

static void test_likeness_is_of_words_in_order(void **state)
{
	const char *text =
		"Achetez vos montres de luxe à moitié prix, livraison offerte avant dimanche.";

	assert_true(likeness(*state, text, text) == 1);
	assert_true(
		likeness(
			*state, text,
			"ACHETEZ vos montres de luxe, à moitie prix ! livraison offerte avant dimanche") ==
		1);
	assert_true(
		likeness(
			*state, text,
			"Achetez vos montres de luxe à moitié prix, livraison offerte avant lundi.") >
		0.7);
	assert_true(
		likeness(*state, text,
			 "Ma box redémarre toutes les nuits, que faire pour la réparer enfin ?") ==
		0);
	assert_true(likeness(*state, "trop court", "trop court") == 0);
}

static void test_long_texts_are_bounded(void **state)
{
	struct buf text;
	int64_t *hashes;

	buf_init(&text, *state, 32000);
	for (int i = 0; !text.is_overflown; i++)
		buf_printf(&text, "mot%d https://h%d.example/ ", i, i);
	assert_int_equal(spam_tokens(*state, &(struct spam_text){ "", text.data }, &hashes),
			 SPAM_TOKENS_MAX);
	assert_int_equal(shingles_of(*state, text.data, &hashes), SHINGLES_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_held_back_texts_are_told_apart),
		TEST(test_what_is_unlearnt_leaves_nothing),
		TEST(test_little_knowledge_says_nothing),
		TEST(test_scores_stay_between_none_and_sure),
		TEST(test_likeness_is_of_words_in_order),
		TEST(test_long_texts_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
