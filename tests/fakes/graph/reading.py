"""What GET answers: the Page's lists of posts, comments, single objects, ids=."""
import time

from . import errors, fields as grammar, objects, paging, wire
from .objects import COMMENT, PAGE, PHOTO, POST, USER
from .state import Comment, Photo, Post

PAGE_EDGES = ("feed", "posts", "published_posts", "visitor_posts", "tagged", "scheduled_posts",
              "ads_posts", "video_reels")
IDS_MAX = 50


def find(call, name):
    """The object of an id, if the caller may read it; else Facebook's ambiguous refusal."""
    world = call.world
    if name == "me":
        if call.token.kind == "PAGE":
            return world.pages[call.token.page_id]
        person = world.people.get(call.token.person_id)
        if person:
            return person
        raise errors.no_token(2500)
    if name in world.pages:
        return world.pages[name]
    thing = world.find(name)
    if thing is not None and readable(thing):
        return thing
    person = world.people.get(name)
    if person is not None and call.sees_people:
        return person
    if name.replace("_", "").isdigit():
        raise errors.missing_object(call.method, name)
    raise errors.unknown_alias(name)


def readable(thing):
    if thing.__class__ is Comment:
        return thing.readable()
    if thing.__class__ is Post:
        return not thing.removed and not thing.expired
    return thing.post is None or not thing.post.removed


def node_type_of(thing):
    return {Post: POST, Comment: COMMENT, Photo: PHOTO}.get(
        thing.__class__, PAGE if getattr(thing, "is_page", False) else USER)


def asked_fields(call):
    text = call.params.get("fields", "")
    return grammar.parse(text) if text.strip() else None


def get_object(call, name):
    thing = find(call, name)
    node_type = node_type_of(thing)
    if node_type in (POST, COMMENT, PHOTO):
        call.may_read(thing)
    return objects.show(call, node_type, thing, asked_fields(call))


def get_ids(call):
    """GET /?ids=a,b: one bad id fails all; each one counts as a call."""
    names = [name for name in call.params["ids"].split(",") if name]
    if not names:
        raise errors.parameter("The parameter ids is required")
    if len(names) > IDS_MAX:
        raise errors.parameter(f"Too many IDs. Maximum: {IDS_MAX}. Provided: {len(names)}.")
    call.count(len(names) - 1)
    return {name: get_object(call, name) for name in names}


def get_edge(call, name, edge):
    """GET /{id}/{edge}."""
    thing = find(call, name)
    node_type = node_type_of(thing)
    if node_type is PAGE and edge in PAGE_EDGES:
        return page_edge(call, thing, edge)
    if node_type in (PAGE, USER) or edge not in objects.EDGES or edge not in node_type.known:
        raise errors.unknown_field(edge, node_type.name)
    call.may_read(thing)
    fields = asked_fields(call)
    return objects.EDGES[edge](call, thing, call.params, fields, call.params.get("fields", ""),
                               f"{name}/{edge}")


# Posts of a Page

def posts_of(page, edge):
    """The rule of each list; feed also holds what is not published yet."""
    alive = [post for post in page.posts if not post.removed and not post.expired]
    if edge == "scheduled_posts":
        return [post for post in alive if not post.published and post.publish_at]
    if edge == "ads_posts":
        return [post for post in alive if post.dark]
    alive = [post for post in alive if not post.dark]
    if edge == "feed":
        return alive
    if edge == "posts":
        return [post for post in alive if not post.by_visitor]
    if edge == "published_posts":
        return [post for post in alive if not post.by_visitor and post.published]
    if edge == "visitor_posts":
        return [post for post in alive if post.by_visitor]
    return []


def page_edge(call, page, edge):
    call.needs("pages_read_engagement", 10)
    if edge in ("visitor_posts", "tagged"):
        call.needs("pages_read_user_content", 10)
    posts = posts_of(page, edge)
    if edge == "feed" and not call.has("pages_read_user_content"):
        posts = [post for post in posts if not post.by_visitor]
    posts.sort(key=lambda post: (post.created, post.number), reverse=True)
    posts = within(posts, call.params)
    if call.settings["yearly_posts_max"]:
        posts = reachable(posts, call.settings["yearly_posts_max"])
    fields = asked_fields(call) or grammar.parse(POST.defaults)
    call.check_fields(fields)
    shown, links = paging.page(call, posts, call.params,
                               paging.linker(call, f"{page.id}/{edge}", call.params))
    answer = {"data": [objects.nodes.project(call, POST, post, fields) for post in shown]}
    if not shown:  # an unknown field fails an empty list as well
        objects.nodes.plan(POST, fields)
    if links:
        answer["paging"] = links
    if call.params.get("summary", "").lower() in ("true", "1", "total_count"):
        answer["summary"] = {"total_count": len(posts)}
    return answer


def reachable(posts, most):
    """Only so many published posts of each year can be read."""
    found, by_year = [], {}
    for post in posts:
        year = time.gmtime(post.created).tm_year
        by_year[year] = by_year.get(year, 0) + (1 if post.published else 0)
        if by_year[year] <= most:
            found.append(post)
    return found


def within(items, options):
    """since= and until= go by creation."""
    for name, keep in (("since", lambda item, moment: item.created >= moment),
                       ("until", lambda item, moment: item.created <= moment)):
        if options.get(name):
            moment = wire.read_time(options[name])
            if moment is None:
                raise errors.parameter(f"Invalid {name} parameter")
            items = [item for item in items if keep(item, moment)]
    return items


# Comments

def comments_of(call, thing, options):
    """(the readable ones in order, the total count, the name of the order).

    The count holds also what may not be read, so it can be larger for ever.
    """
    wanted = options.get("filter", "toplevel")
    if wanted not in ("toplevel", "stream"):
        raise errors.parameter("Param filter must be one of {STREAM, TOPLEVEL}")
    order = options.get("order")
    if order not in (None, "", "chronological", "reverse_chronological", "ranked"):
        raise errors.parameter("Param order must be one of {CHRONOLOGICAL, REVERSE_CHRONOLOGICAL}")
    order = order or ("chronological" if wanted == "stream" else "ranked")
    found = candidates(thing, wanted == "stream")
    if call.settings["photo_comments_apart"] and thing.__class__ is Post:
        found = [comment for comment in found if comment.root().key_prefix == thing.number]
    total = sum(1 for comment in found if not comment.removed)
    found = within([comment for comment in found if comment.readable()], options)
    if order == "ranked":
        found.sort(key=lambda comment: comment.rank)
    else:
        found.sort(key=lambda comment: (comment.created, comment.number),
                   reverse=order == "reverse_chronological")
    return found, total, order


def candidates(thing, every_level):
    if thing.__class__ is Comment:
        if not every_level:
            return list(thing.replies)
        found = []
        for reply in thing.replies:
            found += [reply] + candidates(reply, True)
        return found
    comments = thing.post.comments if thing.post else []
    if thing.__class__ is Photo:  # only those that hang on the photo itself
        comments = [comment for comment in comments if comment.root().key_prefix == thing.number]
    return [comment for comment in comments if every_level or comment.parent is None]


def comments_edge(call, thing, options, fields, fields_text, path):
    """With a token that is not this Page's: an empty success, the trap of section 2.2."""
    call.may_read_comments()
    if fields is None:
        fields = grammar.parse(COMMENT.defaults)
    call.check_fields(fields)
    objects.nodes.plan(COMMENT, fields)
    if not call.sees_comments:
        paging.read_limit(options)
        return {"data": []}
    options = dict(options)
    if fields_text:
        options["fields"] = fields_text
    found, total, order = comments_of(call, thing, options)
    shown, links = paging.page(call, found, options, paging.linker(call, path, options))
    project = objects.nodes.project
    answer = {"data": [project(call, COMMENT, comment, fields) for comment in shown]}
    if links:
        answer["paging"] = links
    summary = options.get("summary", "").lower()
    if summary in ("true", "1"):
        answer["summary"] = {"order": order, "total_count": total,
                             "can_comment": not getattr(thing, "closed", False)}
    elif summary:
        answer["summary"] = {"total_count": total}
    return answer


objects.add_edge("comments", comments_edge, POST, COMMENT, PHOTO)
