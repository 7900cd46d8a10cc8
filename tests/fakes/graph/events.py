"""The `value` of each feed event, with the keys and their order as Meta sends them."""
from . import wire
from .objects import status_type

PERMALINK = "https://www.facebook.com"


def author(person):
    return {"id": person.id, "name": person.name}


def post(acts, post, verb):
    """The item depends on what the post holds; a removal is always item `post`."""
    if verb == "remove":
        return {"from": author(post.author), "post_id": post.id,
                "created_time": acts.clock.now(), "item": "post",
                "recipient_id": post.page.id, "verb": "remove"}
    item = item_of(post)
    value = {"from": author(post.page if verb in ("hide", "unhide") else post.author)}
    if item in ("photo", "share"):
        value["link"] = acts.media.url(post.photos[0]) if item == "photo" else post.link
    if post.message:
        value["message"] = post.message
    value["post_id"] = post.id
    if item == "share":
        value["share_id"] = str(post.number)
    value["created_time"] = post.created
    value["item"] = item
    if item == "photo":
        value["photo_id"] = post.photos[0].id
    if len(post.photos) > 1:
        value["photos"] = [acts.media.url(photo) for photo in post.photos]
    if item == "post":
        value["recipient_id"] = post.page.id
    elif verb in ("add", "edited"):
        value["published"] = 1 if post.published else 0
    value["verb"] = verb
    return value


def item_of(post):
    if post.by_visitor:
        return "post"
    if len(post.photos) == 1:
        return "photo"
    return "share" if post.link and not post.photos else "status"


def post_object(post):
    """The `post` inside a comment's event."""
    return {"status_type": status_type(post) or "wall_post", "is_published": post.published,
            "updated_time": wire.graph_time(post.updated),
            "permalink_url": f"{PERMALINK}/permalink.php?story_fbid={post.pfbid}&id={post.page.id}",
            "promotion_status": "active" if post.dark else "ineligible", "id": post.id}


def comment(acts, comment, verb):
    """hide and unhide come from the Page, whoever wrote; a removal has no message."""
    post = comment.post
    value = {}
    who = comment.page if verb in ("hide", "unhide") else comment.author
    if not who.withholds_from:
        value["from"] = author(who)
    if verb != "remove":
        value["post"] = post_object(post)
        if comment.message:
            value["message"] = comment.message
    value["post_id"] = post.id
    value["comment_id"] = comment.id
    value["created_time"] = acts.clock.now() if verb == "remove" else comment.created
    value["item"] = "comment"
    value["parent_id"] = comment.parent.id if comment.parent else post.id
    value["verb"] = verb
    if comment.photo and verb != "remove":
        value["photo"] = acts.media.url(comment.photo)
    return value


def reaction(acts, thing, person, kind, verb):
    value = {"reaction_type": kind.lower(), "from": author(person)}
    if thing.kind == "comment":
        value["parent_id"] = thing.parent.id if thing.parent else thing.post.id
        value["comment_id"] = thing.id
    else:
        value["parent_id"] = thing.id
    value["post_id"] = thing.post.id
    value["verb"] = verb
    value["item"] = "reaction"
    value["created_time"] = acts.clock.now()
    return value
