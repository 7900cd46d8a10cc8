"""Posts, comments, photos, pages and people as the Graph API shows them.

The schema lists are Meta's field names for v25.0; those without a getter are known
and absent. Default fields are what comes without fields=.
"""
import urllib.parse

from . import errors, fields as grammar, nodes, paging, wire
from .nodes import NodeType
from .state import REACTIONS

POST = NodeType("Post", "created_time,message,story,id", """
    actions admin_creator allowed_advertising_objectives application backdated_time call_to_action
    can_reply_privately child_attachments comments_mirroring_domain coordinates created_time event
    expanded_height expanded_width feed_targeting from full_picture height icon id
    instagram_eligibility is_app_share is_eligible_for_dark_post is_eligible_for_promotion
    is_expired is_fb_live_videos is_hidden is_inline_created is_instagram_eligible is_live_clip
    is_popular is_published is_spherical message message_tags multi_share_end_card
    multi_share_optimized parent_id permalink_url picture place privacy promotable_id
    promotion_status properties scheduled_publish_time shares status_type story story_tags
    subscribed target targeting timeline_visibility updated_time via video_buying_eligibility
    was_fb_live_videos width insights to sharedposts tagged_time dynamic_posts""")
COMMENT = NodeType("Comment", "created_time,from,message,id", """
    admin_creator application attachment can_comment can_hide can_like can_remove
    can_reply_privately comment_count created_time from id is_hidden is_private like_count
    live_broadcast_timestamp message message_tags object parent permalink_url
    private_reply_conversation user_likes""")
PHOTO = NodeType("Photo", "created_time,id", """
    album alt_text backdated_time can_delete can_tag created_time event from height icon id images
    link name name_tags page_story_id picture place target updated_time webp_images width""")
PAGE = NodeType("Page", "name,id", """
    about access_token bio business category category_list contact_address cover description emails
    engagement fan_count followers_count has_transitioned_to_new_page_experience id is_owned
    is_published is_unclaimed is_verified link location name overall_star_rating phone picture
    rating_count talking_about_count tasks username verification_status website""")
USER = NodeType("User", "name,id", "id name first_name last_name email picture permissions")

ATTACHMENT_KEYS = {"description", "description_tags", "media", "media_type", "target", "title",
                   "type", "url", "unshimmed_url", "subattachments"}
PARENT_DEFAULTS = grammar.parse("created_time,message,id")
OBJECT_DEFAULTS = grammar.parse("created_time,id")
PICTURE_URL = "https://www.facebook.com/photo.php?fbid="


def plain(node_type, name, read):
    """A field that only depends on the thing."""
    node_type.plain[name] = read
    node_type.getters[name] = lambda call, thing, field: read(thing)
    node_type.known.add(name)


def show(call, node_type, thing, fields=None):
    """A node with the fields asked for, or its default ones."""
    if fields is None:
        fields = grammar.parse(node_type.defaults)
    else:
        call.check_fields(fields)
    return nodes.project(call, node_type, thing, fields)


# Posts

def post_permalink(call, post):
    return f"{call.permalink_base}/{post.page.id}/posts/{post.pfbid}"


def status_type(post):
    if post.by_visitor:
        return None
    if post.photos:
        return "added_photos"
    return "shared_story" if post.link or post.parent_id else "mobile_status_update"


def story(post):
    if post.message:
        return None
    if post.photos:
        count = len(post.photos)
        return f"{post.author.name} added {'a photo' if count == 1 else f'{count} photos'}."
    return f"{post.author.name} shared a link." if post.link else None


plain(POST, "id", lambda post: post.id)
plain(POST, "created_time", lambda post: wire.graph_time(post.created))
plain(POST, "updated_time", lambda post: wire.graph_time(post.updated))
plain(POST, "message", lambda post: post.message or None)
plain(POST, "message_tags", lambda post: post.tags or None)
plain(POST, "story", story)
plain(POST, "status_type", status_type)
plain(POST, "is_published", lambda post: post.published)
plain(POST, "is_hidden", lambda post: post.hidden)
plain(POST, "is_expired", lambda post: post.expired)
plain(POST, "is_popular", lambda post: False)
plain(POST, "is_spherical", lambda post: False)
plain(POST, "subscribed", lambda post: False)
plain(POST, "parent_id", lambda post: post.parent_id)
plain(POST, "shares", lambda post: {"count": post.shares} if post.shares else None)
plain(POST, "scheduled_publish_time", lambda post: post.publish_at)
plain(POST, "promotion_status", lambda post: "active" if post.dark else "ineligible")
plain(POST, "privacy", lambda post: {
    "allow": "", "deny": "", "description": "Public" if post.privacy == "EVERYONE" else "",
    "friends": "", "networks": "", "value": post.privacy})
plain(POST, "admin_creator", lambda post: None if post.by_visitor else
      {"name": "Membre de l’équipe", "id": "1"})
POST.field("from")(lambda call, post, field: nodes.profile(call, post.author, field))
POST.field("permalink_url")(lambda call, post, field: post_permalink(call, post))


@POST.field("to")
def post_to(call, post, field):
    if not post.by_visitor:
        return None
    return {"data": [{"name": post.page.name, "id": post.page.id}]}


@POST.field("full_picture")
def post_full_picture(call, post, field):
    return call.media.url(post.photos[0]) if post.photos else None


POST.getters["picture"] = post_full_picture


def photo_attachment(call, photo):
    return {"media": {"image": {"height": photo.height, "src": call.media.url(photo),
                                "width": photo.width}},
            "media_type": "photo", "target": {"id": photo.id, "url": PICTURE_URL + photo.id},
            "type": "photo", "url": PICTURE_URL + photo.id}


def link_attachment(link):
    shim = "https://l.facebook.com/l.php?" + urllib.parse.urlencode({"u": link, "h": "AT0model"})
    return {"media_type": "link", "target": {"url": shim}, "title": link, "type": "share",
            "url": shim, "unshimmed_url": link}


@POST.field("attachments")
def post_attachments(call, post, field):
    if len(post.photos) > 1:
        photos = [photo_attachment(call, photo) for photo in post.photos]
        first = dict(photos[0], media_type="album", type="album",
                     target={"id": str(post.number), "url": post_permalink(call, post)},
                     subattachments={"data": photos})
        found = [first]
    elif post.photos:
        found = [photo_attachment(call, post.photos[0])]
    elif post.link:
        found = [link_attachment(post.link)]
    else:
        return None
    return {"data": [nodes.pick(one, field, ATTACHMENT_KEYS, "StoryAttachment") for one in found]}


# Comments

def comment_permalink(call, comment):
    root = comment.root()
    url = f"{post_permalink(call, comment.post)}?comment_id={root.number}"
    return url if root is comment else f"{url}&reply_comment_id={comment.number}"


def can_comment(call, comment):
    if comment.closed or comment.post.closed:
        return False
    return comment.parent is None or call.settings["reply_to_reply"] != "refuse"


plain(COMMENT, "created_time", lambda comment: wire.graph_time(comment.created))
plain(COMMENT, "message", lambda comment: comment.message)
plain(COMMENT, "message_tags", lambda comment: comment.tags)
plain(COMMENT, "is_hidden", lambda comment: comment.hidden)
plain(COMMENT, "is_private", lambda comment: comment.private)
plain(COMMENT, "can_like", lambda comment: True)
plain(COMMENT, "can_remove", lambda comment: True)
plain(COMMENT, "can_reply_privately", lambda comment: not comment.author.is_page)
plain(COMMENT, "can_hide", lambda comment: not comment.author.is_page)
plain(COMMENT, "user_likes", lambda comment: False)
plain(COMMENT, "like_count", lambda comment:
      len(comment.reactions.by_person) if comment.reactions else 0)
plain(COMMENT, "comment_count", lambda comment:
      sum(1 for reply in comment.replies if not reply.removed) if comment.replies else 0)
COMMENT.field("from")(lambda call, comment, field: nodes.profile(call, comment.author, field))
COMMENT.field("permalink_url")(lambda call, comment, field: comment_permalink(call, comment))
COMMENT.field("can_comment")(lambda call, comment, field: can_comment(call, comment))


@COMMENT.field("id")
def comment_id(call, comment, field):
    return None if call.token.public_content else comment.id


@COMMENT.field("parent")
def comment_parent(call, comment, field):
    if comment.parent is None:
        return None
    fields = field.children if field.children is not None else PARENT_DEFAULTS
    return nodes.project(call, COMMENT, comment.parent, fields)


@COMMENT.field("object")
def comment_object(call, comment, field):
    fields = field.children if field.children is not None else OBJECT_DEFAULTS
    return nodes.project(call, POST, comment.post, fields)


@COMMENT.field("attachment")
def comment_attachment(call, comment, field):
    if comment.photo is None:
        return None
    found = photo_attachment(call, comment.photo)
    del found["media_type"]  # recorded comments have none
    return nodes.pick(found, field, ATTACHMENT_KEYS, "StoryAttachment")


# Photos, pages, people

plain(PHOTO, "id", lambda photo: photo.id)
plain(PHOTO, "width", lambda photo: photo.width)
plain(PHOTO, "height", lambda photo: photo.height)
plain(PHOTO, "link", lambda photo: PICTURE_URL + photo.id)
plain(PHOTO, "page_story_id", lambda photo: photo.post.id if photo.post else None)
plain(PHOTO, "created_time", lambda photo: wire.graph_time(photo.post.created) if photo.post else None)
PHOTO.field("picture")(lambda call, photo, field: call.media.url(photo))
PHOTO.field("from")(lambda call, photo, field: nodes.profile(call, photo.by, field))
PHOTO.field("images")(lambda call, photo, field: [
    {"height": photo.height, "source": call.media.url(photo), "width": photo.width}])

for kind in (PAGE, USER):
    plain(kind, "id", lambda thing: thing.id)
    plain(kind, "name", lambda thing: thing.name)
plain(PAGE, "about", lambda page: page.about or None)
plain(PAGE, "category", lambda page: page.category)
plain(PAGE, "category_list", lambda page: [{"id": "2250", "name": page.category}])
plain(PAGE, "is_published", lambda page: True)
plain(PAGE, "has_transitioned_to_new_page_experience", lambda page: True)
plain(PAGE, "link", lambda page: f"https://www.facebook.com/{page.id}")
plain(PAGE, "fan_count", lambda page: 1234)
plain(PAGE, "followers_count", lambda page: 1234)


@PAGE.field("access_token")
def page_access_token(call, page, field):
    if call.token.kind == "PAGE":
        return call.token.text if call.token.page_id == page.id else None
    if call.token.kind == "APP":
        return None
    return call.tokens.page_token(call.token, page, call.now).text


# Edges that hang on posts, comments and photos

def reactions_edge(call, thing, options, fields, _source, path):
    """Names of people who reacted, in pages; with limit(0) only the count."""
    kind = options.get("type", "NONE")
    if kind not in REACTIONS + ("NONE",):
        raise errors.parameter(f"Param type must be one of {{{', '.join(REACTIONS)}}}")
    by_person = thing.reactions.by_person if thing.reactions else {}
    items = [{"id": person, "type": value} for person, value in by_person.items()
             if kind in ("NONE", value)]
    for item in items:
        person = call.world.people.get(item["id"]) or call.world.pages.get(item["id"])
        item["name"] = person.name if person else ""
    shown, links = paging.page(call, items, options, paging.linker(call, path, options))
    answer = {"data": shown if call.sees_people else []}
    if links:
        answer["paging"] = links
    if options.get("summary", "").lower() in ("true", "1", "total_count"):
        answer["summary"] = {"total_count": len(items)}
        if options["summary"].lower() != "total_count":
            answer["summary"]["viewer_reaction"] = "NONE"
    return answer


def likes_edge(call, thing, options, fields, source, path):
    return reactions_edge(call, thing, dict(options, type="LIKE"), fields, source, path)


EDGES = {}


def expansion(edge, name):
    """A getter that shows an edge inside a node."""
    def get(call, thing, field):
        options = dict(field.options)
        options.pop("as", None)
        if field.children is not None:
            options["fields"] = field.children_text
        return edge(call, thing, options, field.children, field.children_text,
                    f"{thing.id}/{name}")
    return get


def add_edge(name, edge, *node_types):
    EDGES[name] = edge
    for node_type in node_types:
        node_type.field(name)(expansion(edge, name))


add_edge("reactions", reactions_edge, POST, COMMENT, PHOTO)
add_edge("likes", likes_edge, POST, COMMENT, PHOTO)
