"""Many posts and comments at once, for measurements; with silent=False a burst of webhooks."""
import random

BULK_MAX = 500_000

OPENINGS = ("Bonjour", "Bonsoir", "Merci", "Toujours en panne", "Même chose ici", "Question")
SUBJECTS = ("ma box redémarre toutes les heures", "la fibre ne monte plus à 1 Gb/s",
            "je n’ai pas reçu mon code d’activation", "le Wi-Fi coupe à l’étage",
            "ma facture compte deux fois l’option TV", "le transfert de mon numéro est bloqué",
            "le décodeur affiche une erreur au démarrage", "les mails ne partent plus")
ENDINGS = ("depuis hier soir", "depuis la mise à jour", "à Saint-Étienne", "malgré un redémarrage",
           "alors que tout allait bien", "et personne ne répond au 1055")


def text(chance, number):
    return (f"{chance.choice(OPENINGS)}, {chance.choice(SUBJECTS)} {chance.choice(ENDINGS)}. "
            f"(n° {number})")


def create(fake, posts, comments, *, people=200, replies=0.4, page_answers=0.2, photos=0.0,
           first_at=None, step_seconds=600, silent=True):
    """posts × comments; replies is the share of comments that answer another one.

    The posts are step_seconds apart, the last an hour old unless first_at says otherwise."""
    if posts * (comments + 1) > BULK_MAX:
        raise ValueError(f"at most {BULK_MAX} objects at once")
    chance = random.Random(fake.world.seed)
    crowd = [fake.world.add_person(f"Client {number}") for number in range(people)]
    page, acts = fake.world.page, fake.acts
    at = first_at or fake.clock.now() - posts * step_seconds - 3600
    number = 0
    for _ in range(posts):
        author = page if chance.random() < 0.7 else chance.choice(crowd)
        made = acts.post(author, text(chance, number := number + 1), at=at, silent=silent,
                         photos=1 if chance.random() < photos else 0)
        tops = []
        for index in range(comments):
            target = chance.choice(tops) if tops and chance.random() < replies else made
            answers = target is not made and chance.random() < page_answers
            comment = acts.comment(page if answers else chance.choice(crowd), target,
                                   text(chance, number := number + 1),
                                   at=at + (index + 1) * step_seconds // (comments + 1), silent=silent)
            if target is made:
                tops.append(comment)
        at += step_seconds
    return {"posts": posts, "comments": posts * comments}
