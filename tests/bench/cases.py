"""What is measured: the pages, who asks for them, and what counts as an answer."""

import dataclasses
import html
import random
import re
import urllib.parse

from filling import SEED, STAFF, TAGS, Ranks
from people import People
from say import step
from scratch import ROOT

ADDRESSES = 1000
# So many that hardly one gets a second answer: whoever answered is told of the next.
ANSWERED = 10000
MEMBERS = 60
SEARCHES = 300
PROFILES = 300
FOLLOWED = 20  # next pages of a list
SAMPLE = 25  # pages whose median size the control has
# A reply of a usual length; load.lua adds an end of its own.
REPLY = "Bonjour, merci pour votre question. " * 8 + "\n\n" + "Essayez de redémarrer la box. " * 8


@dataclasses.dataclass
class Case:
    """name; title in the table; routes and status of the right answers; lines of load.lua's
    file; the control's lines: the same bytes as a file. has_noise: while somebody hammers
    the login. is_read: a page that is only read, so that two copies can be compared by it."""

    name: str
    title: str
    routes: tuple = ()
    status: int = 200
    lines: list = dataclasses.field(default_factory=list)
    control: list = dataclasses.field(default_factory=list)
    has_noise: bool = False
    is_read: bool = False
    size: int = 0


def get(*addresses, cookie="", coding=""):
    """load.lua's lines."""
    return [("GET", address, cookie, "", coding) for address in addresses]


class Site:
    """What there is to ask a filled copy for; the same at every run."""

    def __init__(self, scratch):
        self.scratch, self.chance = scratch, random.Random(SEED)
        self.people = People(scratch)
        sample = self.chance.sample(range(1, scratch.topics + 1), min(ADDRESSES + ANSWERED, scratch.topics))
        read = min(ADDRESSES, len(sample) // 2)
        step(f"Looking up {read} addresses")
        self.topics = self.addresses(f"/t/{topic}" for topic in sample[:read])
        self.written = sample[read:]
        self.categories = self.addresses(f"/c/{slug}" for slug in self._column(
            "select slug from categories order by id"))
        # Names of tags stand in the addresses as they are.
        self.tags = [f"/tag/mot-{n}" for n in range(1, TAGS + 1)]
        # Those who answer much are looked at more often.
        authors = Ranks(self._column("select id from people where state = 'active' order by answer_count desc, id"
                                     f" limit {PROFILES * 10}"))
        self.profiles = self.addresses(f"/u/{n}" for n in dict.fromkeys(authors.draw(self.chance, PROFILES)))
        self.lists = ["/questions", *self._following("/questions")]
        self.feeds = ["/questions/feed", *(f"{path}/feed" for path in self.categories + self.tags[:50])]
        self.searches = self._searches()
        maps = scratch.get("/sitemap.xml")[2].decode()
        self.sitemaps = [urllib.parse.urlsplit(html.unescape(loc)).path for loc in re.findall("<loc>([^<]*)</loc>", maps)]

    def _column(self, query):
        with self.scratch.database("entraide") as connection:
            return [row[0] for row in connection.execute(query)]

    def addresses(self, paths):
        """At which they are answered, slug and all."""
        return [self.scratch.final(path) for path in paths]

    def _following(self, path):
        """The addresses of the next pages, one after the other."""
        found = []
        while len(found) < FOLLOWED:
            body = self.scratch.get(([path] + found)[-1])[2].decode()
            link = re.search(r'<a\b(?=[^>]*rel="next")[^>]*href="([^"]*)"', body)
            if not link:
                break
            found.append(urllib.parse.urljoin(path, html.unescape(link[1])))
        return found

    def _searches(self):
        """
        One to three words of a question's title, as people have them in mind: not of those
        that every title has, which the search leaves out beside others.
        """
        common = set((ROOT / "search" / "stopwords.fr.txt").read_text().split())
        titles = self._column("select title from topics where title ~ ' .* .* ' and language = 'fr'"
                              f" order by md5(id::text) limit {SEARCHES}")
        telling = [[word for word in title.split() if word.strip(".?!").lower() not in common] for title in titles]
        words = [" ".join(self.chance.sample(those, min(len(those), 1 + n % 3))) for n, those in enumerate(telling)]
        return [f"/search?q={urllib.parse.quote(some)}" for some in words if some]

    def sign_in(self):
        step(f"Signing in {MEMBERS} customers and {STAFF} of the team")
        path = f"/t/{self.written[0]}/answer"
        self.customers = self.people.members(range(STAFF + 1, STAFF + MEMBERS + 1), path)
        self.team = self.people.members(range(1, STAFF + 1), path)

    def answers(self):
        """To questions that no measured page shows; by the team, whose answers nobody counts."""
        for n, topic in enumerate(self.written):
            member = self.team[n % len(self.team)]
            form = urllib.parse.urlencode({"csrf": member.csrf, "body": REPLY})
            yield "POST", f"/t/{topic}/answer", member.cookie, form, ""

    def median_page(self, paths):
        """One of usual size."""
        bodies = [self.scratch.get(path)[2] for path in paths[:SAMPLE]]
        return sorted(bodies, key=len)[len(bodies) // 2]


def reading_cases(site):
    """Every kind of page that is only read, each with its control."""
    cases = [
        Case("topic", f"a topic's page, {len(site.topics)} addresses", ("topic",), lines=get(*site.topics)),
        Case("topic_hot", "a topic's page, always the same", ("topic",), lines=get(site.topics[0])),
        Case("home", "home", ("home",), lines=get("/")),
        Case("questions", f"list of questions, {len(site.lists)} pages", ("questions",), lines=get(*site.lists)),
        Case("category", f"a category's list, {len(site.categories)}", ("category",), lines=get(*site.categories)),
        Case("tag", f"a tag's list, {len(site.tags)}", ("tag",), lines=get(*site.tags)),
        Case("profile", f"a profile, {len(site.profiles)}", ("profile",), lines=get(*site.profiles)),
        Case("feed", f"a feed, {len(site.feeds)}", ("questions_feed", "category_feed", "tag_feed"),
             lines=get(*site.feeds)),
        Case("sitemap", "the sitemaps' index", ("sitemap",), lines=get("/sitemap.xml")),
    ]
    if site.sitemaps:
        cases.append(Case("sitemap_file", f"a sitemap's file, {len(site.sitemaps)}", ("sitemap_file",),
                          lines=get(*site.sitemaps)))
    if site.scratch.has_index:
        cases.append(Case("search", f"searching, {SEARCHES} different words", ("search",), lines=get(*site.searches)))
    for case in cases:
        case.is_read = True
        body = site.median_page([path for _, path, *_ in case.lines])
        case.size = len(body)
        case.control = get(site.scratch.put_file(f"{case.name}.bin", body))
    return cases


def make_cases(site):
    """All of the table."""
    cases = reading_cases(site)
    topic = cases[0]

    def as_members():
        return [("GET", path, site.customers[n % MEMBERS].cookie, "", "") for n, path in enumerate(site.topics)]

    return [
        *cases,
        Case("topic_member", "a topic's page, signed in", ("topic",), lines=as_members(), control=topic.control,
             size=topic.size),
        Case("topic_noise", "a topic's page while the login is hammered", ("topic",), lines=topic.lines,
             has_noise=True, size=topic.size),
        Case("login", "signing in", ("login",), 303),
        Case("answer", "posting an answer", ("answer",), 303, list(site.answers())),
    ]
