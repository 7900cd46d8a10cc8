"""Everything that can happen on a Page, whoever does it and by whatever way.

Each act changes the state and tells the webhook sender what Facebook would tell.
silent=True leaves that out: an event that never comes.
"""
from . import events
from .state import Comment, Photo, Post, Reactions


class Acts:
    def __init__(self, world, clock, media, emit):
        """emit(page, field, value): an event for the webhook sender."""
        self.world = world
        self.clock = clock
        self.media = media
        self.emit = emit

    def tell(self, silent, page, value, field="feed"):
        if not silent and value is not None:
            self.emit(page, field, value)

    def when(self, at):
        return self.clock.now() if at is None else int(at)

    def add_photos(self, author, photos):
        """photos: a number of them, or a list of media modes."""
        modes = ["jpeg"] * photos if isinstance(photos, int) else photos
        return [self.world.add(Photo(self.world.number("122"), author, mode=mode))
                for mode in modes]

    def post(self, author, message, *, page=None, at=None, photos=0, link=None, published=True,
             publish_at=None, dark=False, privacy="EVERYONE", parent_id=None, by_app=None,
             silent=False):
        page = page or self.world.page
        post = Post(self.world.number("122"), page, author, self.when(at))
        post.message, post.link, post.published = message or None, link, published
        post.publish_at, post.dark, post.privacy = publish_at, dark, privacy
        post.parent_id, post.by_app = parent_id, by_app
        if dark:
            post.published = False
        post.photos = self.add_photos(author, photos) if not isinstance(photos, tuple) else list(photos)
        for photo in post.photos:
            photo.post = post
        page.posts.append(self.world.add(post))
        if publish_at:
            post.published = False
            self.clock.call_at(publish_at, lambda: self.publish(post))
        self.tell(silent or dark, page, events.post(self, post, "add"))
        return post

    def publish(self, post, silent=False):
        """A scheduled post comes out: a second add, with the old time of creation."""
        if post.removed or post.published:
            return
        post.published, post.publish_at = True, None
        self.tell(silent, post.page, events.post(self, post, "add"))

    def comment(self, author, target, message, *, at=None, photo=None, on_photo=None, private=False,
                unreadable=False, tags=None, silent=False):
        """target: a post, a photo or a comment; photo: a media mode, or a Photo."""
        if isinstance(target, Photo):
            target, on_photo = target.post, target
        post = target.post
        parent = target if isinstance(target, Comment) else None
        prefix = on_photo.number if on_photo else parent.key_prefix if parent else None
        comment = Comment(self.world.number("19"), post, parent, author, self.when(at), prefix)
        comment.message, comment.private, comment.unreadable = message or "", private, unreadable
        comment.tags = tags
        if photo:
            comment.photo = photo if isinstance(photo, Photo) else self.add_photos(author, [photo])[0]
            comment.photo.post = comment.photo.post or post
        post.comments.append(self.world.add(comment))
        if parent:
            parent.replies.append(comment)
        post.updated = max(post.updated, comment.created)
        self.tell(silent or unreadable, post.page, events.comment(self, comment, "add"))
        return comment

    def edit(self, thing, message, silent=False):
        thing.message = message or ("" if isinstance(thing, Comment) else None)
        if isinstance(thing, Comment):
            self.tell(silent, thing.page, events.comment(self, thing, "edited"))
            return
        thing.updated = self.clock.now()
        verb = "edit" if thing.by_visitor else "edited"
        self.tell(silent or thing.dark, thing.page, events.post(self, thing, verb))

    def hide(self, thing, hidden=True, silent=False):
        if thing.hidden == hidden:
            return
        thing.hidden = hidden
        verb = "hide" if hidden else "unhide"
        make = events.comment if isinstance(thing, Comment) else events.post
        self.tell(silent, thing.page, make(self, thing, verb))

    def remove(self, thing, silent=False):
        """One event for the thing itself; what hangs on it goes without events."""
        if thing.removed:
            return
        below = thing.replies if isinstance(thing, Comment) else thing.comments
        thing.removed = True
        for comment in list(below):
            if isinstance(thing, Comment):
                self.remove(comment, silent=True)
            else:
                comment.removed = True
        make = events.comment if isinstance(thing, Comment) else events.post
        self.tell(silent, thing.page, make(self, thing, "remove"))

    def trash(self, post, silent=False):
        """Moved to the trash: readers no longer see it, the event is an odd `edited`."""
        post.hidden = True
        value = events.post(self, post, "edited")
        value.pop("message", None)
        self.tell(silent, post.page, value)

    def set_unreadable(self, comment, unreadable=True):
        """Its author blocked the Page or left: gone from the API without an event."""
        comment.unreadable = unreadable

    def react(self, person, thing, kind, silent=False):
        """kind: LIKE, LOVE … or None, which takes the reaction back."""
        if thing.reactions is None:
            thing.reactions = Reactions()
        before = thing.reactions.by_person.pop(person.id, None)
        if kind:
            thing.reactions.by_person[person.id] = kind
        verb = "remove" if not kind else "edit" if before else "add"
        if kind or before:
            self.tell(silent, thing.page,
                      events.reaction(self, thing, person, kind or before, verb))

    def rate(self, person, recommends, text, silent=False):
        self.tell(silent, self.world.page, {
            "open_graph_story_id": str(self.world.number("122")), "reviewer_id": person.id,
            "reviewer_name": person.name, "item": "rating", "verb": "add",
            "recommendation_type": "POSITIVE" if recommends else "NEGATIVE", "review_text": text,
            "comment_id": None, "created_time": self.clock.now()}, "ratings")

    def mention(self, message, silent=False):
        """Somebody names the Page elsewhere: no author, a place that cannot be read."""
        post = self.world.number("122")
        self.tell(silent, self.world.page, {
            "message": message, "post_id": f"{self.world.number('1')}_{post}",
            "comment_id": f"{post}_{self.world.number('19')}", "created_time": self.clock.now(),
            "item": "comment", "verb": "add"}, "mention")
