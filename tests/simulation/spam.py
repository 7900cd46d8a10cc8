"""How good the spam score is on texts that nobody decided about: what the simulation kept
back, family by family, and what real people wrote, where it is at hand.
"""
import collections
import html
import json
import os
import pathlib
import random
import re
import xml.etree.ElementTree

from texts import EVERY_FAMILY, Spammer, Voices

RECALL, PRECISION = 0.80, 0.98
HAM, SPAM_OF_FAMILY = 600, 100


def scores(driver, texts):
    return [int(driver.do("score", "fr", title, body)[0]) for title, body in texts]


def threshold_of(spam):
    """The highest score that still catches RECALL of the spam."""
    return sorted(spam, reverse=True)[int(len(spam) * RECALL + 0.999) - 1]


def quality(spam, ham, threshold):
    caught, wrong = sum(score >= threshold for score in spam), sum(score >= threshold for score in ham)
    return caught / len(spam), caught / (caught + wrong) if caught else 0.0


def measure(driver, seed):
    """Yields what is not good enough; prints the figures."""
    chance = random.Random(f"kept back {seed}")
    voices = Voices(chance, is_kept_back=True)
    spammer = Spammer(chance, voices, is_kept_back=True)
    ham = scores(driver, [("", voices.anything()) for _ in range(HAM)])
    spam = {family: scores(driver, [("", spammer.write(family)) for _ in range(SPAM_OF_FAMILY)])
            for family in EVERY_FAMILY}
    together = [score for family in spam.values() for score in family]
    lessons = driver.rows("select spam, ham from spam_totals where language = 'fr'")[0]
    threshold = threshold_of(together)
    recall, precision = quality(together, ham, threshold)
    at_rule = quality(together, ham, 95)
    print(f"  learnt from {lessons[0]} spam and {lessons[1]} other posts; judged on {len(together)} and {len(ham)}")
    print(f"  spam score: precision {precision:.3f} at recall {recall:.3f} (score {threshold});"
          f" with the rule's 95: {at_rule[1]:.3f} at {at_rule[0]:.3f}")
    for family, found in spam.items():
        print(f"    {family:10} recall {sum(score >= threshold for score in found) / len(found):.2f}")
    if precision < PRECISION:
        yield f"precision {precision:.3f} at recall {recall:.3f}"


# Texts of real people: never learnt, never copied -----------------------------------------------


def shared_folder(root):
    folder = pathlib.Path(os.environ.get("ENTRAIDE_SHARED", root.parent / "shared")) / "data"
    return folder if folder.is_dir() else None


def real_texts(folder):
    texts = collections.defaultdict(list)
    articles = folder / "cnil-faq" / "articles.jsonl"
    if articles.exists():
        for line in articles.read_text("utf-8").splitlines():
            article = json.loads(line)
            texts["French articles"].append((article["title"], article["body"][:1200]))
    for name in ("history-meta", "beer"):
        posts = folder / "stackexchange" / name / "Posts.xml"
        if posts.exists():
            for row in xml.etree.ElementTree.parse(posts).getroot():
                body = html.unescape(re.sub(r"<[^>]+>", " ", row.get("Body", "")))
                texts[f"English posts ({name})"].append((row.get("Title", ""), body[:1200]))
    return texts


def measure_shared(driver, root, most=300):
    """None without the data. Nobody may be held for spam who writes of something else."""
    folder = shared_folder(root)
    if not folder:
        return None
    found = []
    for name, texts in real_texts(folder).items():
        wrong = sum(score >= 95 for score in scores(driver, random.Random(name).sample(texts, min(most, len(texts)))))
        share = wrong / min(most, len(texts))
        print(f"    {name}: {share:.3f} of {min(most, len(texts))} would be held")
        if share > 0.05:
            found.append(f"{share:.3f} of {name} would be held as spam")
    return found
