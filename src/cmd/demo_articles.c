/*
 * The demo's articles, written through the rules that the team's own go through.
 */
#include "cmd/demo_articles.h"

#include "base/clock.h"
#include "cmd/demo_picture.h"
#include "forum/article_files.h"
#include "forum/article_work.h"
#include "forum/category.h"
#include "forum/statistics.h"
#include "jobs/kinds.h"

/* Where in the table the French version of an English article stands; -1: none. */
#define ALONE (-1)

#define DEMO_ASK_PAGES 24

/* Its second version has a picture at its end, of which these are the words. */
#define PICTURED 1
#define PICTURE_WORDS \
	"La box de face : le deuxième voyant depuis la gauche est rouge, les trois autres sont blancs"

static const struct demo_article {
	const char *language, *category, *product, *title, *summary, *body_md;
	int translates;
	bool is_draft; /* waits for somebody to look at it */
	int due_days;  /* when it is to be looked at again */
} articles[] = {
	{ "fr", "wifi", "Box Lanterne", "Améliorer le wifi à la maison, pièce par pièce",
	  "Où poser la box, quelle bande choisir, et quand un répéteur vaut la peine.",
	  "## Bien placer la box\n\n"
	  "1. Posez-la en hauteur, au milieu du logement, loin du four à micro-ondes.\n"
	  "2. Laissez-la debout et dégagée : pas dans un meuble fermé.\n"
	  "3. Attendez cinq minutes, puis mesurez de nouveau dans la pièce qui pose problème.\n\n"
	  "## Choisir la bande\n\n"
	  "La bande de 5 GHz est rapide mais traverse mal les murs ; celle de 2,4 GHz va plus loin. "
	  "Dans l’interface de la box, page **Wifi**, un seul nom pour les deux laisse vos appareils choisir.\n\n"
	  "> **Astuce** Un appareil lent gêne les autres. Débranchez un à un ceux que vous n’utilisez pas.\n\n"
	  "## Ajouter un répéteur\n\n"
	  "Placez-le à mi-chemin entre la box et la pièce mal servie, là où le signal est encore bon.\n",
	  ALONE, false, 300 },
	{ "fr", "debit-coupures", "Box Lanterne", "Ma box redémarre toute seule : que vérifier",
	  "Quatre vérifications, dans l’ordre, avant de nous appeler.",
	  "## Avant de commencer\n\n"
	  "> **Attention** Ne débranchez pas la box pendant une mise à jour : le voyant clignote en violet.\n\n"
	  "## Les vérifications\n\n"
	  "1. Branchez la box directement au mur, sans multiprise.\n"
	  "2. Utilisez le bloc d’alimentation fourni : un autre peut être trop faible.\n"
	  "3. Dégagez les grilles d’aération : une box trop chaude s’arrête.\n"
	  "4. Regardez l’heure des redémarrages dans **Système**, puis **Journal**.\n\n"
	  "## Si cela continue\n\n"
	  "Posez une question avec le modèle et la ligne du journal : elle dit presque toujours pourquoi.\n",
	  ALONE, false, -10 },
	{ "fr", "installation-box", "Box Lanterne", "Installer votre box en dix minutes",
	  "Du carton à la première page, étape par étape.",
	  "## Ce qu’il vous faut\n\n"
	  "La box, son alimentation et le câble vert. Tout est dans le carton.\n\n"
	  "## Les étapes\n\n"
	  "1. Branchez le câble vert à la prise fibre, puis à la box : on entend un clic.\n"
	  "2. Branchez l’alimentation et appuyez sur le bouton arrière.\n"
	  "3. Attendez que le voyant soit blanc et fixe : jusqu’à cinq minutes.\n"
	  "4. Connectez-vous au wifi avec le nom et la clé de l’étiquette.\n\n"
	  "> **Attention** Ne pliez pas le câble de fibre : il contient du verre.\n",
	  ALONE, false, 200 },
	{ "fr", "forfaits-esim", "eSIM", "Activer une eSIM sur un nouveau téléphone",
	  "Le code QR ne sert qu’une fois : voici comment en obtenir un autre.",
	  "## Vérifier le téléphone\n\n"
	  "Composez `*#06#` : si un numéro EID s’affiche, le téléphone accepte une eSIM.\n\n"
	  "## Activer\n\n"
	  "1. Dans votre espace client, ouvrez **Ma ligne**, puis **Ma carte SIM**.\n"
	  "2. Choisissez **Passer à l’eSIM** : un code QR s’affiche.\n"
	  "3. Scannez-le avec l’appareil photo du nouveau téléphone.\n\n"
	  "> **Attention** Supprimer l’eSIM ne résilie pas votre forfait, mais le code ne sert qu’une fois.\n",
	  ALONE, false, 150 },
	{ "fr", "etranger", "Forfait mobile", "Utiliser votre forfait à l’étranger",
	  "Ce qui est compris en Europe, et ce qu’il faut activer ailleurs.",
	  "## En Europe\n\n"
	  "Appels, SMS et données sont compris comme en France, dans la limite de votre fiche tarifaire.\n\n"
	  "## Ailleurs\n\n"
	  "1. Avant le départ, ouvrez **Options** dans votre espace client.\n"
	  "2. Choisissez le pays : le prix s’affiche avant de valider.\n"
	  "3. À l’arrivée, activez l’itinérance dans les réglages du téléphone.\n\n"
	  "> **Note** En mer et en avion, le réseau n’est pas celui du pays : coupez les données.\n",
	  ALONE, false, 90 },
	{ "fr", "comprendre-facture", "", "Lire votre première facture",
	  "Pourquoi la première est souvent plus haute que les suivantes.",
	  "## Les lignes de la facture\n\n"
	  "La première facture compte les jours depuis l’activation, puis le mois à venir, payé d’avance.\n\n"
	  "## Ce qui ne revient pas\n\n"
	  "- les frais d’activation ;\n- le prorata des premiers jours.\n\n"
	  "> **Astuce** La facture suivante montre le prix de tous les mois.\n",
	  ALONE, false, 365 },
	{ "fr", "securite", "", "Reconnaître un faux message en notre nom",
	  "Trois signes qui ne trompent pas, et que faire si vous avez cliqué.",
	  "## Les signes\n\n"
	  "1. On vous presse : « dans les 24 heures ».\n"
	  "2. On vous demande un mot de passe ou un code reçu par SMS.\n"
	  "3. L’adresse du lien n’est pas la nôtre.\n\n"
	  "> **Attention** Nous ne demandons jamais un mot de passe, ni par e-mail, ni au téléphone.\n\n"
	  "## Vous avez cliqué ?\n\n"
	  "Changez votre mot de passe, puis prévenez votre banque si vous avez donné un numéro de carte.\n",
	  ALONE, false, 180 },
	{ "fr", "decodeur", "Décodeur", "Le décodeur affiche un écran noir",
	  "Câble, source, redémarrage : dans cet ordre.",
	  "## À vérifier\n\n"
	  "1. Sur la télévision, choisissez la bonne source avec la touche **Source**.\n"
	  "2. Débranchez et rebranchez le câble HDMI des deux côtés.\n"
	  "3. Éteignez le décodeur, attendez dix secondes, rallumez-le.\n",
	  ALONE, true, 0 },
	{ "en", "installation-box", "Box Lanterne", "Set up your box in ten minutes",
	  "From the parcel to the first page, step by step.",
	  "## What you need\n\n"
	  "The box, its power supply and the green cable. All of it is in the parcel.\n\n"
	  "## Step by step\n\n"
	  "1. Plug the green cable into the fibre socket, then into the box: you hear a click.\n"
	  "2. Plug in the power supply and press the button at the back.\n"
	  "3. Wait until the light is white and steady: up to five minutes.\n"
	  "4. Join the wifi with the name and the key on the label.\n\n"
	  "> **Warning** Do not bend the fibre cable: there is glass in it.\n",
	  2, false, 200 },
	{ "en", "forfaits-esim", "eSIM", "Activate an eSIM on a new phone",
	  "The QR code works only once: here is how to get another one.",
	  "## Look at the phone\n\n"
	  "Dial `*#06#`: if an EID number shows, the phone takes an eSIM.\n\n"
	  "## Activate it\n\n"
	  "1. In your customer area, open **My line**, then **My SIM card**.\n"
	  "2. Choose **Change to eSIM**: a QR code shows.\n"
	  "3. Scan it with the camera of the new phone.\n\n"
	  "> **Warning** Deleting the eSIM does not end your plan, but the code works only once.\n",
	  3, false, 150 },
};

/* A seeding that was interrupted goes on where it stopped. */
static const char *key_of(struct ctx *ctx, size_t which, const char *what)
{
	return arena_printf(ctx->arena, "demo-article-%02zu-%s", which, what);
}

static enum err act(struct ctx *ctx, int64_t id, const char *key, struct article_act act)
{
	act.id = id;
	act.follows_number = 1;
	act.form_key = key;
	return article_act(ctx, &act);
}

/* The worker's part is done here: a text must not name a picture that is not ready. */
static enum err add_picture(struct ctx *ctx, int64_t id, const char *key,
			    struct attachment_list *files)
{
	struct attachment_upload upload = { .name = "Voyants de la box.png", .alt = PICTURE_WORDS };
	const struct attachment_uploads uploads = { .items = &upload, .count = 1 };
	struct job job = { .kind = "attachment" };

	upload.bytes = demo_picture(ctx->arena, 1, &upload.length);
	TRY(article_file_add(ctx, id, &uploads, key));
	TRY(article_files_for(ctx, id, "/files/", files));
	if (files->count == 0)
		return fail(ctx, ERR_INTERNAL, NULL, NULL);
	job.subject_id = files->items[0].id;
	TRY(job_attachment(ctx, &job));
	return article_files_for(ctx, id, "/files/", files);
}

static enum err seed_picture(struct ctx *ctx, const struct demo_article *article,
			     struct article_form form)
{
	size_t which = (size_t)(article - articles);
	struct article_act publish = { .kind = ARTICLE_ACT_PUBLISH,
				       .id = form.id,
				       .follows_number = 2,
				       .form_key = key_of(ctx, which, "publish-picture") };
	struct attachment_list files;
	int64_t id;

	TRY(add_picture(ctx, form.id, key_of(ctx, which, "picture"), &files));
	form.follows_number = 1;
	form.body_md = arena_printf(ctx->arena, "%s\n%s\n", article->body_md,
				    article_file_code(ctx->arena, &files.items[0]));
	form.form_key = key_of(ctx, which, "save-picture");
	TRY(article_save(ctx, &form, &id));
	return article_act(ctx, &publish);
}

/* By the system, who owns nothing: no owner is reminded. */
static enum err seed_one(struct ctx *ctx, const struct demo_article *article, int64_t *ids)
{
	struct article_form form = { .language = article->language,
				     .product = article->product,
				     .title = article->title,
				     .summary = article->summary,
				     .body_md = article->body_md,
				     .reason = "",
				     .form_key = key_of(ctx, (size_t)(article - articles),
							"save") };
	size_t which = (size_t)(article - articles);
	int64_t *id = &ids[which];
	struct category category;

	TRY(category_by_slug(ctx, article->category, &category));
	form.category_id = category.id;
	if (article->translates != ALONE)
		form.translates_id = ids[article->translates];
	TRY(article_save(ctx, &form, id));
	if (article->is_draft)
		return act(ctx, *id, key_of(ctx, which, "review"),
			   (struct article_act){ .kind = ARTICLE_ACT_ASK_REVIEW });
	TRY(act(ctx, *id, key_of(ctx, which, "publish"),
		(struct article_act){ .kind = ARTICLE_ACT_PUBLISH }));
	TRY(act(ctx, *id, key_of(ctx, which, "plan"),
		(struct article_act){
			.kind = ARTICLE_ACT_PLAN,
			.review_due = ctx->now + article->due_days * CLOCK_DAY,
		}));
	form.id = *id;
	return which == PICTURED ? seed_picture(ctx, article, form) : OK;
}

/* Today's ask pages that offered the first two: many had their answer. */
static void seed_deflections(struct ctx *ctx, const int64_t *ids)
{
	for (int page = 0; page < DEMO_ASK_PAGES; page++) {
		const char *view = arena_printf(ctx->arena, "%0*d", DEFLECTION_VIEW_LENGTH, page);
		int64_t first = ids[page % 3 == 0];

		record_articles_shown(ctx, view, ids, page % 2 ? 1 : 2);
		if (page % 4 == 3 || (page % 2 && first != ids[0]))
			continue;
		record_article_deflection(ctx, view, first, DEFLECTION_OPENED);
		if (page % 3 < 2)
			record_article_deflection(ctx, view, first, DEFLECTION_SOLVED);
	}
}

enum err demo_seed_articles(struct ctx *ctx)
{
	int64_t ids[ARRAY_COUNT(articles)] = { 0 };

	for (size_t i = 0; i < ARRAY_COUNT(articles); i++)
		TRY(seed_one(ctx, &articles[i], ids));
	seed_deflections(ctx, ids);
	return statistics_sum(ctx);
}
