"""What people of the simulation write: help in the words of the demo community, mixed
anew, with the slips that people make; and spam of six families that borrows those words.
"""
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
SENTENCE = re.compile(r"(?<=[.!?…])\s+")
GREETINGS = ["Bonjour,", "Bonjour à tous,", "Bonsoir,", "Salut,", "Hello,", "", "", "Bonjour la communauté,"]
CLOSINGS = ["Merci d'avance", "Merci pour votre aide !", "Cordialement", "", "", "", "Bonne journée", "Merci !!!",
            "Une idée ?", "Je ne sais plus quoi faire."]
SLIPS = [("problème", "pb"), ("s'il vous plaît", "svp"), ("é", "e"), ("è", "e"), ("ç", "c"), ("c'est", "cest"),
         ("internet", "Internet"), ("quelqu'un", "qqn"), ("ordinateur", "ordi"), (", ", " "), ("ss", "s")]
HELP_LINKS = ["https://fr.wikipedia.org/wiki/Fibre_optique", "https://www.arcep.fr/mes-demarches.html",
              "https://www.nperf.com/fr/", "https://www.service-public.fr/particuliers/vosdroits",
              "https://lafibre.info/", "https://cartefibre.arcep.fr/", "https://www.speedtest.net/fr"]
# Addresses end alike in help and in spam: the end must not give it away.
HELP_HOSTS = ["blog", "forum", "wiki", "doc", "fibre", "box", "aide", "reseau", "tuto", "perso", "mobile", "info", "web"]
ENDS = ["example", "test", "xyz.example", "shop.example", "club.example", "online.example"]


def lines(body):
    return " ".join(line for line in body if line and not line.startswith(("```", "|", "    ")))


class Voices:
    """Sentences of the demo's French threads. Every fourth thread is kept back: what is
    written at the end, to judge the spam score, is made of words that it never saw."""

    def __init__(self, chance, is_kept_back=False):
        self.chance = chance
        self.titles, self.questions, self.answers, self.comments = [], [], [], []
        number = 0
        for file in sorted((ROOT / "demo" / "threads").glob("*.json")):
            for thread in json.loads(file.read_text("utf-8")):
                if thread["language"] != "fr":
                    continue
                number += 1
                if (number % 4 == 0) == is_kept_back:
                    self.take(thread)

    def take(self, thread):
        self.titles.append(thread["title"])
        self.questions += self.sentences(thread["body"])
        for answer in thread.get("answers", []):
            self.answers += self.sentences(answer["body"])
            for comment in answer.get("comments", []):
                self.comments.append(lines(comment["body"]))

    @staticmethod
    def sentences(body):
        return [part for part in SENTENCE.split(lines(body)) if len(part) > 12]

    def slip(self, text):
        if self.chance.random() < 0.35:
            for was, becomes in self.chance.sample(SLIPS, 2):
                text = text.replace(was, becomes)
        if self.chance.random() < 0.03:
            text = text.upper()
        if self.chance.random() < 0.06:
            text += " !!!"
        return text

    def some(self, sentences, least, most):
        return " ".join(self.chance.sample(sentences, self.chance.randint(least, most)))

    def title(self):
        words = self.chance.choice(self.titles)
        if self.chance.random() < 0.4:
            words = f"{words} {self.chance.choice(['(urgent)', 'depuis hier', 'sur ma box', 'encore', 'svp'])}"
        return self.slip(words)[:140].rstrip()

    def question(self):
        parts = [self.chance.choice(GREETINGS), self.some(self.questions, 1, 5), self.chance.choice(CLOSINGS)]
        return self.slip("\n\n".join(part for part in parts if part))

    def link(self):
        if self.chance.random() < 0.5:
            return self.chance.choice(HELP_LINKS)
        host = "-".join(self.chance.sample(HELP_HOSTS, 2))
        return f"https://{host}.{self.chance.choice(ENDS)}/{self.chance.choice(['', 'fr', 'p', 'tuto'])}"

    def answer(self):
        text = self.some(self.answers, 1, 5)
        if self.chance.random() < 0.08:
            text += f" Regardez ici : {self.link()}"
        return self.slip("\n\n".join(part for part in (self.chance.choice(GREETINGS), text) if part))

    def comment(self):
        return self.slip(self.chance.choice(self.comments)[:1500])

    def anything(self):
        return self.chance.choice((self.question, self.answer, self.answer, self.comment))()


# Spam ------------------------------------------------------------------------------------

HOSTS = ["top", "best", "info", "promo", "client", "aide", "web", "net", "gold", "coin", "love", "pro", "box", "fibre",
         "forfait", "assistance", "meilleur", "avis", "deal", "gain"]

# Beginnings, middles and ends of each family; the last two of each are only used for what
# is kept back. "@" is an address of the family.
FAMILIES = {
    "seo": (
        ["J'avais le même souci de débit avec ma box.", "Bonjour, moi aussi le wifi coupait tout le temps.",
         "Très bon sujet, merci pour le partage.", "Pour ceux qui hésitent entre deux forfaits mobiles,",
         "Avant de changer de box lisez ceci.", "Super article, très utile pour la fibre.",
         "Votre facture vous paraît trop chère ?", "J'ai longtemps cherché une solution pour mon routeur."],
        ["j'ai trouvé le meilleur comparatif 2025 gratuit ici : @", "tout est expliqué sur ce site d'avis vérifiés @",
         "code promo exclusif et bon de réduction -50% sur @", "économisez jusqu'à 300 euros par an grâce à @",
         "notre agence de référencement vous propose une offre de lancement @",
         "le classement complet des offres pas chères est sur @",
         "cliquez pour profiter de la promotion limitée @", "test gratuit et sans engagement ici @"],
        ["Je recommande à 100% !", "Visitez notre site pour en savoir plus.", "Livraison offerte aujourd'hui.",
         "Offre valable 24h seulement.", "Vous ne serez pas déçus.", "N'hésitez pas à partager le lien."]),
    "support": (
        ["Votre box ne fonctionne plus ?", "Bonjour, problème de connexion ou de facture ?",
         "Service client officiel disponible 24h/24 et 7j/7.", "Votre compte a été suspendu suite à une anomalie.",
         "Un remboursement est en attente sur votre dossier.", "Bonjour je suis technicien agréé.",
         "Votre messagerie est bloquée ?", "Ligne coupée sans raison ?"],
        ["Appelez le numéro vert de l'assistance technique au 08 99 70 12 34 pour parler à un conseiller.",
         "Nos techniciens certifiés prennent le contrôle à distance et réparent en 5 minutes, tel 01 84 80 55 66.",
         "Merci de confirmer vos coordonnées bancaires sur l'espace client @",
         "Contactez le support niveau 2 par WhatsApp au +33 7 56 78 90 12.",
         "Mettez à jour votre moyen de paiement pour éviter la résiliation : @",
         "Composez le 09 70 73 44 21, appel gratuit, aucun frais.",
         "Rappelez vite le service résiliation au 08 05 69 11 22, remboursement immédiat.",
         "Validez votre identité avant ce soir sur @"],
        ["Dossier prioritaire.", "Munissez-vous de votre carte bancaire.", "Ne communiquez ce code à personne d'autre.",
         "Assistance agréée par tous les opérateurs.", "Intervention garantie.", "Réponse immédiate."]),
    "crypto": (
        ["J'étais sceptique au début comme tout le monde.", "Qui veut payer son forfait sans travailler ?",
         "Depuis que je mine du bitcoin avec ma connexion fibre,", "Bonjour, je cherche des partenaires sérieux.",
         "Mon conseiller m'a fait gagner 4 800 euros en une semaine.", "Liberté financière pour tous.",
         "Un placement sûr à 12% par mois.", "Arrêtez de perdre de l'argent."],
        ["la plateforme de trading automatique double votre dépôt @", "investissez 250 euros dans le bitcoin et retirez 3 000 @",
         "le robot achète et vend les cryptomonnaies à votre place @", "rejoignez notre groupe Telegram de signaux gagnants @",
         "revenus passifs garantis dès le premier jour @", "bonus de bienvenue de 100 USDT à l'inscription @",
         "airdrop gratuit réservé aux premiers inscrits @", "récupérez vos bitcoins volés avec notre hacker expert @"],
        ["Gains vérifiés, retrait immédiat.", "Places limitées.", "Aucun risque, capital garanti.",
         "Contactez-moi en privé.", "Envoyez INFO pour commencer.", "Preuves de paiement sur demande."]),
    "dating": (
        ["Coucou, je suis nouvelle ici.", "Bonsoir, je m'ennuie seule ce soir.", "Salut beau gosse,",
         "Femme mûre et discrète près de chez toi.", "Je cherche une rencontre sans prise de tête.",
         "Hello, je viens de déménager et j'ai la fibre,", "Des célibataires de ta ville t'attendent.",
         "Je suis Léa, 24 ans, étudiante."],
        ["regarde mes photos privées sur @", "viens discuter en cam gratuitement @", "mon profil complet est ici @",
         "inscription gratuite pour les hommes sérieux @", "plan coquin garanti dans ta ville @",
         "écris-moi vite sur ce tchat @", "rencontre chaude ce soir @", "mon numéro est sur ma page @"],
        ["Bisous.", "J'attends ton message.", "Pas de carte bancaire demandée.", "Discrétion assurée.",
         "Je réponds à tous.", "À tout de suite mon cœur."]),
}
LOOKALIKES = {"a": "аa@4", "e": "еe3€", "o": "оo0", "i": "іi1!", "s": "ѕs$5", "c": "сc", "p": "рp", "x": "хx", "t": "t7"}


class Spammer:
    def __init__(self, chance, voices, is_kept_back=False):
        self.chance, self.voices, self.is_kept_back = chance, voices, is_kept_back

    def address(self):
        host = "-".join(self.chance.sample(HOSTS, 2)) + str(self.chance.randint(1, 99))
        path = "/" + self.chance.choice(["", "offre", "go", "p", "fr", "bonus"]) + str(self.chance.randint(1, 999))
        return f"https://{host}.{self.chance.choice(ENDS)}{path}"

    def part(self, parts):
        return self.chance.choice(parts if self.is_kept_back else parts[:-2])

    def of_family(self, name):
        first, middle, last = map(self.part, FAMILIES[name])
        link = self.address()
        if self.chance.random() < 0.3:
            link = f"[{self.chance.choice(['ici', 'ce lien', 'le site', 'cliquez'])}]({link})"
        text = f"{first} {middle.replace('@', link)}"
        if self.chance.random() < 0.7:
            text += f" {last}"
        # A sentence that was taken from somebody honest makes it look at home.
        if self.chance.random() < 0.4:
            text = f"{self.chance.choice(self.voices.answers + self.voices.questions)} {text}"
        return text

    def copied(self):
        """Somebody's answer with an address put into it."""
        words = self.voices.anything().split(" ")
        words.insert(self.chance.randint(len(words) // 2, len(words)), self.address())
        return " ".join(words)

    def disguise(self, text):
        """Letters that look alike, dots between, but the address stays usable."""
        words = []
        for word in text.split(" "):
            if "://" not in word and len(word) > 4 and self.chance.random() < 0.5:
                word = "".join(self.chance.choice(LOOKALIKES[letter]) if letter in LOOKALIKES
                               and self.chance.random() < 0.6 else letter for letter in word)
                if self.chance.random() < 0.2:
                    word = ".".join(word)
            words.append(word)
        return " ".join(words)

    def write(self, family):
        if family == "copied":
            return self.copied()
        if family == "disguised":
            return self.disguise(self.of_family(self.chance.choice(list(FAMILIES))))
        return self.of_family(family)


EVERY_FAMILY = [*FAMILIES, "copied", "disguised"]
