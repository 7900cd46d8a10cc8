"""What people say on the invented Page of Tramelune, an invented telecom operator.

Each thread: who opens it ("page" or a name), the text, how many photos, and the
comments as (name, text, [replies as (name, text)]). The living Page plays them.
"""

PEOPLE = (
    "Sophie Martin", "Karim Benali", "Julien Lefèvre", "Marie-Claude Roux", "Thomas Nguyen",
    "Léa Fontaine", "Patrick Le Goff", "Inès Haddad", "Nicolas Perrin", "Aurélie Simon",
    "Gérard Blanchet", "Fatou Diallo", "Émilie Girard", "Loïc Kermarrec", "Chantal Dubois",
    "Mehdi Saïdi", "Camille Rousseau", "Bruno Ferreira", "Yasmine Cherif", "Hélène Vasseur",
    "Dominique Payet", "Rémi Carpentier", "Anaïs Colin", "Jean-Marc Olivier", "Zoé Lambert",
)

THREADS = (
    ("page", "La nouvelle Lunabox 6 est là : Wi-Fi 6, deux ports 2,5 Gb/s et une consommation "
     "réduite d’un tiers en veille. L’échange est gratuit pour les abonnés Fibre depuis plus de "
     "deux ans. Des questions ? On vous répond ici !", 1, (
         ("Julien Lefèvre", "Est-ce que je peux garder mon propre routeur derrière, en mode bridge ?",
          (("page", "Bonjour Julien, oui : Réglages > Réseau > Mode bridge. La box redémarre une "
            "fois et le Wi-Fi se coupe, c’est normal."),
           ("Julien Lefèvre", "Parfait, merci pour la précision."))),
         ("Marie-Claude Roux", "Faut-il rendre l’ancienne box tout de suite ?",
          (("page", "Bonjour Marie-Claude, vous avez 30 jours. L’étiquette de retour est dans le "
            "carton de la nouvelle."),)),
         ("Mehdi Saïdi", "Reçue ce matin, installée en dix minutes. Le Wi-Fi passe enfin dans la "
          "chambre du fond 👍", ()),
         ("Patrick Le Goff", "Et pour ceux qui sont encore en ADSL, toujours rien ?", ()),
     )),
    ("page", "⚠️ Incident en cours : la téléphonie fixe est perturbée en Loire-Atlantique et dans "
     "le Maine-et-Loire depuis 8 h 40. Internet et la TV ne sont pas touchés. Nos équipes sont "
     "dessus, prochain point à 11 h.", 0, (
         ("Hélène Vasseur", "Même chose à Cholet, aucun appel ne passe.", ()),
         ("Gérard Blanchet", "Et les numéros d’urgence, ils fonctionnent depuis le fixe ?",
          (("page", "Bonjour Gérard, oui, les appels d’urgence passent. En cas de doute, utilisez "
            "un mobile : le 112 marche sur tous les réseaux."),)),
         ("Loïc Kermarrec", "Revenu chez moi à Saint-Herblain à 10 h 15.", ()),
     )),
    ("Karim Benali", "Bonjour, depuis la mise à jour de mardi ma box redémarre toutes les deux ou "
     "trois heures. Le voyant passe au rouge, puis tout revient. J’ai déjà changé la prise. "
     "Quelqu’un a une idée ?", 0, (
         ("Thomas Nguyen", "Pareil ici, Lunabox 5 en version 5.2.1.", ()),
         ("page", "Bonjour Karim, la version 5.2.2 corrige ce défaut. Pour la recevoir sans attendre : "
          "débranchez la box dix secondes, puis laissez-la vingt minutes sans y toucher.",
          (("Karim Benali", "C’est fait, je vous tiens au courant ce soir."),
           ("Karim Benali", "Plus une seule coupure depuis hier. Merci beaucoup !"))),
     )),
    ("Aurélie Simon", "J’ai reçu ma facture de novembre et l’option Bouquet Cinéma y est comptée "
     "deux fois. Le 1055 me raccroche au nez au bout de dix minutes d’attente. Comment faire ?", 0, (
         ("page", "Bonjour Aurélie, désolés pour l’attente. Le doublon vient du changement d’offre du "
          "12 : il sera remboursé sur la facture de décembre. Si vous préférez un virement, "
          "écrivez-nous depuis l’Espace client, rubrique Factures.",
          (("Aurélie Simon", "D’accord, j’attends décembre alors."),)),
         ("Bruno Ferreira", "J’ai eu exactement la même erreur en septembre, remboursée le mois suivant.",
          ()),
     )),
    ("page", "Bien placer sa box, c’est parfois 200 Mb/s de gagnés : en hauteur, au milieu du "
     "logement, loin du micro-ondes et surtout pas dans un meuble fermé. Le guide complet : "
     "https://www.tramelune.example/aide/wifi", 1, (
         ("Zoé Lambert", "La nôtre est dans le placard électrique parce que la prise fibre y est… "
          "on fait comment ?",
          (("page", "Bonjour Zoé, avec un câble Ethernet plat jusqu’au salon, ou un répéteur Luna "
            "Relais (prêté gratuitement aux abonnés Fibre)."),)),
         ("Dominique Payet", "Le répéteur change tout dans une maison en pierre, je confirme.", ()),
     )),
    ("Fatou Diallo", "Je déménage le 3 décembre de Lyon à Villeurbanne. Est-ce que je garde mon "
     "numéro fixe et faut-il prévoir une coupure ?", 0, (
         ("page", "Bonjour Fatou, oui, le numéro vous suit dans le même département. Déclarez le "
          "déménagement au moins quinze jours avant : la nouvelle ligne est ouverte le jour même "
          "et l’ancienne fermée le lendemain.", ()),
         ("Nicolas Perrin", "Pensez à emporter la box, on l’oublie toujours 😅", ()),
     )),
    ("Rémi Carpentier", "Impossible d’activer mon eSIM sur un téléphone acheté en Espagne : « code "
     "déjà utilisé ». Le QR code, je l’ai pourtant scanné une seule fois.", 1, (
         ("Inès Haddad", "Ça m’est arrivé : il a fallu demander un nouveau code en boutique.", ()),
     )),
    ("page", "Samedi 5 décembre, nos conseillers vous accueillent sans rendez-vous dans les boutiques "
     "de Nantes, Rennes et Angers, de 9 h à 18 h, pour l’échange des anciens décodeurs. Venez avec "
     "la télécommande et le bloc d’alimentation !", 0, (
         ("Chantal Dubois", "Et à Vannes, c’est prévu ?", ()),
         ("Anaïs Colin", "Super initiative, j’y serai.", ()),
     )),
    ("Jean-Marc Olivier", "Les mails envoyés depuis mon adresse tramelune.example arrivent dans les "
     "indésirables chez mes clients. C’est très gênant pour mon activité. Y a-t-il un réglage à "
     "faire de mon côté ?", 0, (
         ("Camille Rousseau", "Si vous envoyez avec votre propre nom de domaine, vérifiez SPF et DKIM.",
          (("Jean-Marc Olivier", "Non, c’est bien l’adresse fournie avec l’abonnement."),)),
     )),
    ("Yasmine Cherif", "Le replay de la TV s’arrête à chaque fois au bout de 20 minutes avec l’erreur "
     "T-310. J’ai remis le décodeur à zéro deux fois.", 0, (
         ("Émilie Girard", "T-310 chez nous aussi, surtout le soir.", ()),
         ("page", "Bonjour Yasmine, l’erreur T-310 vient d’un droit d’accès expiré. Dans le menu du "
          "décodeur : Compte > Se déconnecter, puis se reconnecter. Dites-nous si cela suffit.", ()),
     )),
    ("page", "Depuis aujourd’hui, les appels depuis l’Union européenne sont comptés comme en France, "
     "sans option à activer, avec 40 Go d’Internet par mois. Bonnes vacances de fin d’année !", 0, (
         ("Léa Fontaine", "Et la Suisse ?",
          (("page", "Bonjour Léa, la Suisse est incluse à partir du forfait 120 Go."),)),
         ("Mehdi Saïdi", "Et le Maroc s’il vous plaît ?", ()),
     )),
    ("Loïc Kermarrec", "La fibre est posée dans ma rue depuis mars mais le site dit toujours « non "
     "éligible ». Mes voisins d’en face ont pu s’abonner. À qui faut-il s’adresser ?", 0, (
         ("Hélène Vasseur", "Chez moi c’était le nom de la rue mal écrit dans la base, la mairie a "
          "fait corriger.", ()),
     )),
)

# New questions of visitors, in turn, each with what others then say to it.
QUESTIONS = (
    ("Bonjour, mon débit est tombé à 80 Mb/s en filaire alors que j’avais 900 la semaine dernière. Le "
     "câble est neuf. Que puis-je tester avant d’appeler ?",
     ("Regardez si la prise réseau de l’ordinateur est passée en 100 Mb/s : chez moi un connecteur mal "
      "enfoncé suffisait.",
      "Essayez le test de débit depuis la box elle-même, page « Diagnostic ».")),
    ("Comment bloquer les appels de démarchage sur la ligne fixe ? J’en reçois six par jour.",
     ("Dans l’Espace client, « Ma ligne fixe », puis « Filtrage des appels » : on peut refuser les "
      "numéros masqués.",
      "Bloctel n’a rien changé pour moi, le filtrage de la box oui.")),
    ("Mon code de validation par SMS n’arrive jamais quand je veux me connecter à l’Espace client.",
     ("Vérifiez le numéro de secours dans vos coordonnées, le mien était encore l’ancien.",)),
    ("Est-il possible d’avoir la facture au nom de ma société tout en gardant l’offre actuelle ?",
     ("Oui, je l’ai fait au printemps : il faut l’extrait Kbis et un RIB au nom de la société.",)),
    ("La télécommande ne s’appaire plus avec le décodeur, le voyant clignote trois fois en orange.",
     ("Restez appuyé sur OK et Retour en même temps pendant cinq secondes, près du décodeur.",
      "Changez les piles d’abord, trois clignotements c’est une pile faible.")),
    ("Quelqu’un sait-il si la box accepte un disque dur de 8 To pour les enregistrements ?",
     ("Le mien de 4 To marche, formaté par la box. Au-delà je ne sais pas.",)),
    ("Le technicien devait passer entre 8 h et 12 h, personne n’est venu et aucun message. Comment "
     "reprendre un rendez-vous ?",
     ("On peut le déplacer soi-même dans « Mes rendez-vous », jusqu’à la veille au soir.",
      "Demandez le dédommagement, il est prévu dans les conditions.")),
    ("Bonsoir, on m’a volé mon téléphone. Comment bloquer la ligne depuis l’étranger ?",
     ("Il y a un numéro non surtaxé joignable 24 h sur 24, il est au dos du contrat.",)),
    ("Peut-on ouvrir un port sur la box quand on est en IPv4 partagée ?",
     ("Seulement dans votre plage de ports. Sinon demandez une IPv4 complète, c’est gratuit.",
      "Ou passez en IPv6, tout y est ouvert par le pare-feu de la box.")),
    ("Ma mère a 82 ans et n’a pas d’Internet : existe-t-il une offre avec seulement le téléphone ?",
     ("Oui, « Luna Fixe », mais il faut la demander en boutique, elle n’est pas sur le site.",)),
    ("Depuis le passage à la fibre, l’alarme de la maison ne communique plus. Faut-il un boîtier ?",
     ("Il faut un transmetteur GSM ou IP, l’ancienne ligne analogique n’existe plus.",)),
    ("Comment transférer mes anciens messages vocaux avant de changer de forfait ?", ()),
    ("Le contrôle parental bloque le site de l’école, où peut-on ajouter une exception ?",
     ("Réglages > Contrôle parental > Sites autorisés, et il faut redémarrer la tablette.",)),
    ("Ma portabilité est bloquée depuis neuf jours avec le motif « RIO incorrect », pourtant je l’ai "
     "copié du 3179.",
     ("Le RIO change si l’ancien opérateur modifie le contrat : rappelez le 3179 juste avant.",)),
    ("Le Wi-Fi invité peut-il être limité à certaines heures ?",
     ("Oui avec la Lunabox 6, pas avec la 5.",)),
    ("Nous sommes en zone blanche près de Mende : y a-t-il une solution en attendant la fibre ?",
     ("La box 4G a bien dépanné mes parents à Florac, en la posant derrière la fenêtre.",)),
)

PAGE_NEWS = (
    "Rétablissement : la téléphonie fixe fonctionne à nouveau normalement en Pays de la Loire. Merci "
    "de votre patience.",
    "Le saviez-vous ? Dans l’Espace client, rubrique « Mes lignes », vous pouvez tester votre "
    "connexion en une minute et nous envoyer le résultat.",
    "Maintenance cette nuit de 2 h à 4 h sur la TV et le replay. Internet et le téléphone ne sont pas "
    "concernés.",
    "Nouvelle boutique à Brest, rue de Siam : toute l’équipe vous attend dès lundi !",
)

# What fits under nearly everything.
REMARKS = (
    "Même chose ici depuis hier soir.",
    "Je suis la discussion, ça m’intéresse aussi.",
    "Avez-vous essayé de débrancher la box dix bonnes minutes ?",
    "Chez moi c’est réglé depuis ce matin.",
    "On attend toujours une réponse claire…",
    "Merci pour l’info !",
    "Le service client a fini par me rappeler, il faut insister un peu.",
    "À Rennes tout fonctionne, ce doit être local.",
    "Et pour la Corse, c’est pareil ?",
    "J’ai la même box et aucun souci, vérifiez la version dans les réglages.",
    "Bon courage, j’ai mis deux semaines à m’en sortir l’an dernier.",
    "Tiens, mon voisin m’en parlait justement hier.",
    "Ça vaut aussi pour les offres Pro ?",
    "Pourriez-vous mettre la réponse ici, pour tout le monde ? Merci d’avance.",
    "Quelqu’un d’autre dans le Finistère ?",
    "Ça fait trois fois que je lis la question ce mois-ci, il faudrait une page d’aide.",
    "Toujours d’actualité chez moi.",
    "En boutique à Angers ils étaient au courant et très aimables.",
    "Le forum d’entraide en parle, cherchez « redémarrage ».",
    "Je confirme ce qui est dit au-dessus.",
)

THANKS = (
    "Merci beaucoup, ça marche !",
    "Merci pour votre réponse, j’essaie ce soir.",
    "C’est réglé, merci à toute l’équipe.",
    "J’ai suivi la procédure mais le voyant reste rouge… une autre idée ?",
    "Ah, je ne connaissais pas ce menu. Merci !",
    "D’accord, et combien de temps cela prend-il en général ?",
)

EDIT_NOTES = (
    " Édit : j’ai oublié de préciser que je suis en fibre.",
    " Édit : problème résolu entre-temps.",
    " (Lunabox 5, version 5.2.1)",
)
