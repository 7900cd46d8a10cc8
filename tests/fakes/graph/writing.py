"""What POST and DELETE do: comments, edits, hiding, likes, posts, photos.

There is no idempotency key: two equal calls make two comments, unless the duplicate
rule refuses the second.
"""
from . import errors, objects, reading, wire
from .state import Comment, Page, Person, Photo, Post

TRUE = ("true", "1")


class WriteRules:
    """What Facebook holds against a Page that writes: repetition and haste."""

    def __init__(self, settings, clock):
        self.settings = settings
        self.clock = clock
        self.texts = {}       # (target id, text) → when
        self.last = None
        self.blocked_until = 0

    def check(self, target_id, text):
        now = self.clock.exact()
        if now < self.blocked_until:
            raise errors.blocked(1390008)
        interval = self.settings["write_interval_seconds"]
        if interval and self.last is not None and now - self.last < interval:
            self.blocked_until = now + self.settings["write_block_seconds"]
            raise errors.blocked(1390008)
        mode = self.settings["duplicate_error"]
        said = self.texts.get((target_id, text))
        if mode != "off" and text and said is not None \
                and now - said < self.settings["duplicate_window_seconds"]:
            raise errors.duplicate_post() if mode == "506" else errors.blocked(1404082)

    def keep(self, target_id, text):
        self.last = self.clock.exact()
        if len(self.texts) > 10_000:
            self.texts.clear()
        self.texts[(target_id, text)] = self.last


def flag(text):
    return text is not None and text.lower() in TRUE


def needs_page_token(call, page):
    if call.token.kind != "PAGE" or call.token.page_id != page.id:
        if call.settings["user_token_write"] == "2069032":
            raise errors.page_token_needed()
        raise errors.error_while_posting()


def post(call, name, edge):
    """POST /{id} and POST /{id}/{edge}."""
    thing = reading.find(call, name)
    if edge is None:
        if isinstance(thing, Comment):
            return change_comment(call, thing)
        if isinstance(thing, Post):
            return change_post(call, thing)
    elif edge == "comments" and isinstance(thing, (Post, Comment, Photo)):
        return create_comment(call, thing)
    elif edge == "likes" and isinstance(thing, (Post, Comment)):
        return like(call, thing, "LIKE")
    elif edge == "feed" and isinstance(thing, Page):
        return create_post(call, thing)
    elif edge == "photos" and isinstance(thing, Page):
        return create_photo(call, thing)
    raise errors.missing_object("post", name)


def delete(call, name, edge):
    thing = reading.find(call, name)
    if edge == "likes" and isinstance(thing, (Post, Comment)):
        return like(call, thing, None)
    if edge is not None or isinstance(thing, (Page, Person, Photo)):
        raise errors.missing_object("delete", name)
    needs_page_token(call, thing.page)
    call.needs("pages_manage_engagement" if isinstance(thing, Comment) else "pages_manage_posts", 200)
    call.acts.remove(thing)
    return {"success": True}


def answer_created(call, node_type, thing, plain):
    """The id, or with ?fields= the object as it now reads."""
    fields = reading.asked_fields(call)
    return objects.show(call, node_type, thing, fields) if fields else plain


# Comments

def create_comment(call, target):
    page = target.post.page if target.post else None
    if page is None:
        raise errors.missing_object("post", target.id)
    needs_page_token(call, page)
    call.needs("pages_manage_engagement", 200)
    fields = reading.asked_fields(call)
    if fields:  # a wrong field must not leave a comment behind
        objects.nodes.plan(objects.COMMENT, fields)
    text = call.params.get("message", "")
    photo = attached_photo(call, page)
    if not text.strip() and photo is None:
        raise errors.parameter("Empty comment: a message or an attachment is required")
    if wire.utf16_units(text) > call.settings["comment_max_units"]:
        raise errors.parameter("The comment is too long")
    target = reply_target(call, target)
    call.write_rules.check(target.id, text)
    comment = call.acts.comment(page, target, text, photo=photo)
    call.write_rules.keep(target.id, text)
    return answer_created(call, objects.COMMENT, comment, {"id": comment.id})


def reply_target(call, target):
    """A reply to a reply: three behaviours are told of, so a setting decides."""
    if target.post.closed or getattr(target, "closed", False):
        raise errors.parameter("Comments are closed here")
    if not isinstance(target, Comment) or target.parent is None:
        return target
    mode = call.settings["reply_to_reply"]
    if mode == "refuse":
        raise errors.parameter("A reply cannot be answered")
    return target.root() if mode == "flatten" else target


def attached_photo(call, page):
    number = call.params.get("attachment_id")
    if number:
        photo = call.world.find(number)
        if not isinstance(photo, Photo) or photo.by is not page:
            raise errors.parameter("The attachment_id is not a photo of this Page")
        return photo
    if call.files.get("source") or call.params.get("attachment_url") \
            or call.params.get("attachment_share_url"):
        return call.acts.add_photos(page, 1)[0]
    return None


def change_comment(call, comment):
    """message= edits, and only the Page's own; is_hidden= hides."""
    needs_page_token(call, comment.page)
    call.needs("pages_manage_engagement", 200)
    text, hidden = call.params.get("message"), call.params.get("is_hidden")
    if text is None and hidden is None:
        raise errors.parameter("Nothing to change: message or is_hidden is required")
    if text is not None:
        if comment.author is not comment.page:
            raise errors.not_yours("You can only edit your own comments")
        if wire.utf16_units(text) > call.settings["comment_max_units"]:
            raise errors.parameter("The comment is too long")
        call.acts.edit(comment, text)
    if hidden is not None:
        if comment.author is comment.page:
            raise errors.not_yours("A Page cannot hide its own comment")
        call.acts.hide(comment, flag(hidden))
    return {"success": True}


def like(call, thing, kind):
    needs_page_token(call, thing.page)
    call.needs("pages_manage_engagement", 200)
    call.acts.react(thing.page, thing, kind)
    return {"success": True}


# Posts and photos

def create_post(call, page):
    needs_page_token(call, page)
    call.needs("pages_manage_posts", 200)
    text, link = call.params.get("message", ""), call.params.get("link")
    if not text.strip() and not link:
        raise errors.parameter("A message or a link is required")
    if len(text) > call.settings["post_max_characters"]:
        raise errors.parameter("The message is too long")
    publish_at = None
    if call.params.get("scheduled_publish_time"):
        publish_at = wire.read_time(call.params["scheduled_publish_time"])
        if publish_at is None or not call.now + 600 <= publish_at <= call.now + 75 * 86400:
            raise errors.parameter("The specified scheduled publish time is invalid.")
    call.write_rules.check(page.id, text)
    made = call.acts.post(page, text, page=page, link=link, publish_at=publish_at,
                          published=call.params.get("published", "true").lower() in TRUE,
                          by_app=call.tokens.app_id)
    call.write_rules.keep(page.id, text)
    return answer_created(call, objects.POST, made, {"id": made.id})


def create_photo(call, page):
    """published=false makes a photo without a post, for attachment_id."""
    needs_page_token(call, page)
    call.needs("pages_manage_posts", 200)
    if not call.files.get("source") and not call.params.get("url"):
        raise errors.parameter("A url or a source is required")
    photo = call.acts.add_photos(page, 1)[0]
    if not flag(call.params.get("published", "true")):
        return {"id": photo.id}
    text = call.params.get("caption") or call.params.get("message")
    made = call.acts.post(page, text, page=page, photos=(photo,), by_app=call.tokens.app_id)
    return {"id": photo.id, "post_id": made.id}


def change_post(call, post):
    needs_page_token(call, post.page)
    call.needs("pages_manage_posts", 200)
    if call.params.get("message") is not None:
        if post.by_app != call.tokens.app_id:
            raise errors.not_yours("You can only edit posts that were made by this app")
        call.acts.edit(post, call.params["message"])
    if call.params.get("is_hidden") is not None:
        call.acts.hide(post, flag(call.params["is_hidden"]))
    if flag(call.params.get("is_published")):
        call.acts.publish(post)
    return {"success": True}
