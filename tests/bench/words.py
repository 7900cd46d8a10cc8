"""Texts for the filling: paragraphs of a help forum, as Markdown and as the
markup that the program stores for it. Not literature, but the lengths, the word
lengths, the share of accents, lists and code are those of real threads; and so is how
often words come again, which decides what a search costs: half of the words are the
common ones, the others follow Zipf's law over a vocabulary of 40,000 (as in
search_topics.cc, where it was counted).
"""

import itertools

COMMON = {
    "fr": """
le la les de des du un une et à je ne pas que qui est mon ma en pour dans sur avec ce cela plus mais vous
au comment depuis toujours bonjour merci donc aussi très bien encore déjà si il elle nous sans chez
""".split(),
    "en": """
the a an and to I do not that which is my in for on with this it more but you at how since always hello
thanks so also very well still already if he she we without of your our are was can has
""".split(),
}
# The most frequent of what a text is about, the most frequent first.
TELLING = {
    "fr": """
box fibre internet connexion wifi mobile forfait téléphone facture débit ligne problème numéro télévision décodeur
option contrat résiliation portabilité appel message répondeur réseau couverture antenne signal faible routeur
voyant rouge clignote hier matin soir redémarrer brancher câble prise optique solution essayer vérifier
paramètres application compte identifiant mot passe oublié réinitialiser chaîne enregistrement télécommande mise
jour erreur code écran noir image son coupure technicien rendez-vous installation adresse déménagement délai
livraison colis suivi commande boutique conseiller service client assistance réponse question semaines heures
""".split(),
    "en": """
router fibre broadband connection wifi mobile plan phone bill speed line problem number television decoder option
contract cancel call message voicemail network coverage signal weak light red blinking yesterday morning evening
restart plug cable socket solution try check settings app account password forgot reset channel recording remote
update error code screen black picture sound outage engineer appointment installation address moving delay
delivery parcel order shop adviser service customer support answer question weeks hours minutes
""".split(),
}
SYLLABLES = """
ba bou cha con co dé di en fa fi for ga gra in jou la li lo ma mé mi mo mu na né ni no nu pa pé pla pro ra
ré ri ro ru sa sé si so ta te ti tra tu va ver vi vo qua gue
""".split()
ENDINGS = ["tion", "ment", "er", "eur", "ique", "age", "té", "es", "s", "ée", "al", "if", ""]
VOCABULARY = 40000
COMMON_SHARE = 0.5
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


class Words:
    """Of one language."""

    def __init__(self, random, language):
        self.random, self.common = random, COMMON[language]
        telling = dict.fromkeys(TELLING[language])
        while len(telling) < VOCABULARY:
            telling[self._made()] = None
        self.telling = list(telling)
        self.weights = list(itertools.accumulate(1 / (rank + 8) for rank in range(VOCABULARY)))

    def _made(self):
        return "".join(self.random.choices(SYLLABLES, k=self.random.choice((2, 3)))) + self.random.choice(ENDINGS)

    def some(self, count):
        telling = self.random.choices(self.telling, cum_weights=self.weights, k=count)
        return [self.random.choice(self.common) if self.random.random() < COMMON_SHARE else word for word in telling]


class Texts:
    """Paragraphs made once; a text is some of them, so that a hundred thousand
    take seconds. Two runs with the same random numbers give the same texts."""

    def __init__(self, random):
        self.random = random
        self.paragraphs, self.sentences, self.titles = {}, {}, {}
        for language, size in (("fr", 10000), ("en", 5000)):
            words = Words(random, language)
            self.paragraphs[language] = [self._paragraph(words) for _ in range(size)]
            self.sentences[language] = [self._sentence(words, 6, 24) for _ in range(size)]
            self.titles[language] = [self._sentence(words, 4, 12)[:-1] for _ in range(2 * size)]

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
        text = " ".join(words.some(self.random.randint(least, most)))
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
