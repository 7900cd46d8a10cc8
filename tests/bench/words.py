"""Texts for the filling: paragraphs of a help forum, as Markdown and as the
markup that the program stores for it. Not literature, but the lengths, the word
lengths and the share of accents, lists and code are those of real threads.
"""

FRENCH = """
bonjour merci box fibre internet connexion débit wifi routeur voyant rouge clignote depuis hier
matin soir redémarrer brancher câble prise optique téléphone mobile forfait facture option contrat
résiliation portabilité numéro ligne appel message répondeur réseau couverture antenne signal faible
élevé problème résolu solution essayer vérifier paramètres application compte identifiant mot passe
oublié réinitialiser télévision décodeur chaîne enregistrement télécommande mise jour échoue erreur
code écran noir image son coupure technicien rendez-vous installation adresse déménagement délai
livraison colis suivi commande boutique conseiller service client assistance réponse question même
chose chez moi toujours jamais parfois pendant après avant cette cela votre notre leur dans avec sans
pour mais donc alors aussi très bien encore déjà plusieurs semaines jours heures minutes
""".split()
ENGLISH = """
hello thanks router fibre broadband connection speed wifi light red blinking since yesterday morning
evening restart plug cable socket phone mobile plan bill option contract cancel number line call
message voicemail network coverage signal weak strong problem solved solution try check settings app
account password forgot reset television decoder channel recording remote update fails error code
screen black picture sound outage engineer appointment installation address moving delay delivery
parcel order shop adviser service customer support answer question same thing here always never
sometimes during after before this that your our their with without for but then also very well
still already several weeks days hours minutes
""".split()
CODE = """
ping -c 4 192.168.1.1
PING 192.168.1.1: 56 data bytes
64 bytes from 192.168.1.1: icmp_seq=0 ttl=64 time=2.1 ms
Request timeout for icmp_seq 3
""".strip()
GIVEN = """
Camille Lucas Emma Hugo Léa Louis Chloé Jules Manon Arthur Inès Nathan Sarah Théo Zoé Adam Alice Paul
Jeanne Gabriel Louise Raphaël Anna Maël Rose Noah Agathe Ethan Lina Tom Mila Sacha Eva Léo Nina Aaron
""".split()
FAMILY = """
Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy
Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller Lefèvre
Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin Robin
""".split()


class Texts:
    """Paragraphs made once; a text is some of them, so that a hundred thousand
    take seconds. Two runs with the same random numbers give the same texts."""

    def __init__(self, random):
        self.random = random
        self.paragraphs = {
            "fr": [self._paragraph(FRENCH) for _ in range(2000)],
            "en": [self._paragraph(ENGLISH) for _ in range(1000)],
        }
        self.sentences = {
            "fr": [self._sentence(FRENCH, 6, 24) for _ in range(2000)],
            "en": [self._sentence(ENGLISH, 6, 24) for _ in range(1000)],
        }
        self.titles = {
            "fr": [self._sentence(FRENCH, 4, 12)[:-1] for _ in range(4000)],
            "en": [self._sentence(ENGLISH, 4, 12)[:-1] for _ in range(2000)],
        }

    def title(self, language):
        return self.random.choice(self.titles[language])[:150]

    def comment(self, language):
        count = self.random.choice((1, 1, 2, 3))
        text = " ".join(self.random.choices(self.sentences[language], k=count))[:600]
        return text, f"<p>{text}</p>\n"

    def post(self, language):
        """(Markdown, markup): about 700 characters, seldom above 3,000."""
        count = min(12, 1 + int(self.random.expovariate(1 / 1.3)))
        parts = self.random.choices(self.paragraphs[language], k=count)
        return "\n\n".join(md for md, _ in parts), "".join(html for _, html in parts)

    def _sentence(self, words, least, most):
        text = " ".join(self.random.choices(words, k=self.random.randint(least, most)))
        return text[0].upper() + text[1:] + self.random.choice(".....?!")

    def _paragraph(self, words):
        sentences = [self._sentence(words, 6, 24) for _ in range(self.random.randint(1, 5))]
        kind = self.random.random()
        if kind < 0.04:
            return f"```\n{CODE}\n```", f"<pre><code>{CODE}\n</code></pre>\n"
        if kind < 0.14:
            markdown = "\n".join(f"- {sentence}" for sentence in sentences)
            items = "".join(f"<li>{sentence}</li>\n" for sentence in sentences)
            return markdown, f"<ul>\n{items}</ul>\n"
        if kind < 0.24:
            sentences[0] = f"**{sentences[0]}**"
        markdown = " ".join(sentences)
        html = markdown
        if kind >= 0.14 and html.startswith("**"):
            html = html.replace("**", "<strong>", 1).replace("**", "</strong>", 1)
        return markdown, f"<p>{html}</p>\n"
