"""What exists: pages, people, posts, comments, photos. Ids come from one counter.

Nothing here decides who may do what, and nothing is sent anywhere: acts.py changes
the state and tells the webhook sender. Removed things stay, marked, so that their
ids are never given twice.
"""
import hashlib
import zlib

from . import wire

REACTIONS = ("LIKE", "LOVE", "WOW", "HAHA", "SAD", "ANGRY", "THANKFUL", "PRIDE", "CARE")


class Person:
    """id is page-scoped (a PSID); asid is the same person as the app knows them."""
    __slots__ = ("id", "asid", "name", "withholds_from")
    is_page = False

    def __init__(self, psid, asid, name, withholds_from=False):
        self.id = psid
        self.asid = asid
        self.name = name
        self.withholds_from = withholds_from


class Page:
    __slots__ = ("id", "name", "category", "posts", "subscribed", "about")
    is_page = True
    withholds_from = False

    def __init__(self, page_id, name, category="Telecommunication Company", about=""):
        self.id = page_id
        self.name = name
        self.category = category
        self.about = about
        self.posts = []
        self.subscribed = {}  # app id → list of fields


class Photo:
    __slots__ = ("id", "number", "width", "height", "mode", "post", "by")

    def __init__(self, number, by, width=720, height=480, mode="jpeg"):
        self.number = number
        self.id = str(number)
        self.width = width
        self.height = height
        self.mode = mode   # what the media host does for it; see media.py
        self.post = None
        self.by = by


class Reactions:
    """Who reacted with what; mirrors only ever need the counts."""
    __slots__ = ("by_person",)

    def __init__(self):
        self.by_person = {}

    def counts(self):
        found = {}
        for kind in self.by_person.values():
            found[kind] = found.get(kind, 0) + 1
        return found


class Post:
    __slots__ = ("number", "id", "page", "author", "message", "created", "updated", "published",
                 "publish_at", "hidden", "expired", "removed", "privacy", "photos", "link", "shares",
                 "parent_id", "dark", "closed", "reactions", "comments", "by_app", "tags", "pfbid")
    kind = "post"

    def __init__(self, number, page, author, created):
        self.number = number
        self.id = f"{page.id}_{number}"
        self.page = page
        self.author = author
        self.message = None
        self.created = self.updated = created
        self.published = True
        self.publish_at = None
        self.hidden = self.expired = self.removed = self.dark = self.closed = False
        self.privacy = "EVERYONE"
        self.photos = []
        self.link = None
        self.shares = 0
        self.parent_id = None
        self.reactions = Reactions()
        self.comments = []   # all levels, in the order of their creation
        self.by_app = None
        self.tags = []
        self.pfbid = "pfbid0" + wire.base64url(
            hashlib.sha256(self.id.encode()).digest())[:32].replace("-", "x").replace("_", "y")

    @property
    def by_visitor(self):
        return self.author is not self.page

    @property
    def post(self):
        return self

    def public(self):
        """Whether a mirror may show it."""
        return (not self.removed and self.published and not self.hidden and not self.dark
                and not self.expired and self.privacy in ("", "EVERYONE"))


class Comment:
    __slots__ = ("number", "id", "post", "parent", "author", "message", "created", "hidden",
                 "private", "unreadable", "removed", "closed", "photo", "reactions", "replies",
                 "tags", "rank", "key_prefix")
    kind = "comment"

    def __init__(self, number, post, parent, author, created, prefix=None):
        self.number = number
        self.key_prefix = prefix or post.number  # a photo's id when it hangs on a photo
        self.id = f"{self.key_prefix}_{number}"
        self.post = post
        self.parent = parent
        self.author = author
        self.message = ""
        self.created = created
        self.hidden = self.private = self.unreadable = self.removed = self.closed = False
        self.photo = None
        self.reactions = None  # made when needed: most comments have none
        self.replies = []
        self.tags = None
        self.rank = zlib.crc32(self.id.encode())  # "ranked" order: anything but time

    @property
    def page(self):
        return self.post.page

    def root(self):
        comment = self
        while comment.parent is not None:
            comment = comment.parent
        return comment

    def readable(self):
        """Whether the API gives it out; hidden ones are given out, marked."""
        comment = self
        while comment is not None:
            if comment.removed or comment.unreadable:
                return False
            comment = comment.parent
        return not self.post.removed

    def public(self):
        comment = self
        while comment is not None:
            if comment.removed or comment.hidden or comment.private or comment.unreadable:
                return False
            comment = comment.parent
        return self.post.public()


class World:
    """Everything, and the counter that all ids come from."""

    def __init__(self, seed, page_id, page_name):
        self.seed = seed
        self.counter = 0
        self.pages = {}
        self.people = {}
        self.objects = {}   # number → Post, Comment or Photo
        self.pfbids = {}
        self.page = self.add_page(page_id, page_name)

    def number(self, prefix):
        """The next id: past 2^53, the same ones for the same seed and order of acts."""
        self.counter += 1
        return int(f"{prefix}{self.seed % 1000:03d}{self.counter:012d}")

    def add_page(self, page_id, name):
        page = self.pages[page_id] = Page(page_id, name)
        return page

    def add_person(self, name, withholds_from=False):
        number = self.number("24")
        person = Person(str(number), str(number + 7_000_000_000_000_000), name, withholds_from)
        self.people[person.id] = person
        return person

    def person_named(self, name):
        for person in self.people.values():
            if person.name == name:
                return person
        return self.add_person(name)

    def add(self, thing):
        self.objects[thing.number] = thing
        if thing.__class__ is Post:
            self.pfbids[thing.pfbid] = thing
        return thing

    def find(self, name):
        """The post, comment or photo an id names, whatever its prefix, or None.

        A bare post number finds nothing: calls need {page}_{post}. Comments are found
        by the last segment if what stands before it could belong to them.
        """
        head, _, last = name.rpartition("_")
        if not last.isdigit() or len(last) > 30:
            return None
        thing = self.objects.get(int(last))
        if thing.__class__ is Post:
            return thing if head == thing.page.id else None
        if thing.__class__ is Photo:
            return None if head else thing
        if thing.__class__ is Comment:
            prefixes = ("", str(thing.key_prefix), str(thing.post.number), thing.page.id,
                        thing.post.id)
            return thing if head in prefixes else None
        return None

    def public_state(self, page=None):
        """What a mirror must equal."""
        posts = sorted(((page or self.page).posts), key=lambda post: (post.created, post.number))
        return {"page": (page or self.page).id,
                "posts": [public_post(post) for post in posts if post.public()]}


def public_post(post):
    comments = sorted((comment for comment in post.comments if comment.public()),
                      key=lambda comment: (comment.created, comment.number))
    return {"id": post.id, "message": post.message or "", "created_time": post.created,
            "own": not post.by_visitor, "author": post.author.id, "link": post.link,
            "photos": [photo.id for photo in post.photos], "reactions": post.reactions.counts(),
            "comments": [public_comment(comment) for comment in comments]}


def public_comment(comment):
    return {"id": comment.id, "parent": comment.parent.id if comment.parent else None,
            "message": comment.message, "created_time": comment.created,
            "own": comment.author.is_page and comment.author is comment.page,
            "author": None if comment.author.withholds_from else comment.author.id,
            "photo": comment.photo.id if comment.photo else None,
            "reactions": comment.reactions.counts() if comment.reactions else {}}
