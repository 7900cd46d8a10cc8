"""The Page in a file, so that a demonstration goes on after a restart.

Flat JSON: people, then posts, photos and comments in the order of their numbers. The
tokens and ids of the start come from the seed; settings and faults are not kept.
"""
import json
import os
import pathlib

from .state import Comment, Person, Photo, Post, Reactions

POST_KEYS = ("message", "updated", "published", "publish_at", "hidden", "expired", "removed", "privacy",
             "link", "shares", "parent_id", "dark", "closed", "by_app", "tags")
COMMENT_KEYS = ("message", "hidden", "private", "unreadable", "removed", "closed", "tags")


def pack(fake):
    world = fake.world
    things = sorted(world.objects.items(), key=lambda pair: order(pair[1]))
    return {"seed": world.seed, "counter": world.counter,
            "people": [[one.id, one.asid, one.name, one.withholds_from] for one in world.people.values()],
            "things": [pack_thing(thing) for _, thing in things],
            "subscriptions": fake.subscriptions.by_object, "subscribed": world.page.subscribed}


def order(thing):
    """Photos before posts before comments; a parent before its replies."""
    return ((Photo, Post, Comment).index(thing.__class__), str(thing.number)[-12:])


def pack_thing(thing):
    if isinstance(thing, Photo):
        return {"kind": "photo", "number": thing.number, "by": thing.by.id, "mode": thing.mode}
    found = {"number": thing.number, "author": thing.author.id, "created": thing.created,
             "kind": thing.kind, "reactions": thing.reactions.by_person if thing.reactions else {}}
    if isinstance(thing, Post):
        found["photos"] = [photo.number for photo in thing.photos]
        found.update((key, getattr(thing, key)) for key in POST_KEYS)
    else:
        found.update(post=thing.post.number, parent=thing.parent.number if thing.parent else None,
                     prefix=thing.key_prefix, photo=thing.photo.number if thing.photo else None)
        found.update((key, getattr(thing, key)) for key in COMMENT_KEYS)
    return found


def unpack(fake, kept):
    world = fake.world
    for psid, asid, name, withholds_from in kept["people"]:
        if psid not in world.people:
            world.people[psid] = Person(psid, asid, name, withholds_from)
    everybody = {**world.people, **world.pages}
    for one in kept["things"]:
        unpack_thing(fake, one, everybody)
    world.counter = max(world.counter, kept["counter"])
    fake.subscriptions.by_object.update(kept["subscriptions"])
    world.page.subscribed.update(kept["subscribed"])


def unpack_thing(fake, one, everybody):
    world = fake.world
    if one["kind"] == "photo":
        world.add(Photo(one["number"], everybody[one["by"]], mode=one["mode"]))
        return
    author = everybody[one["author"]]
    if one["kind"] == "post":
        thing = Post(one["number"], world.page, author, one["created"])
        thing.photos = [world.objects[number] for number in one["photos"]]
        for photo in thing.photos:
            photo.post = thing
        world.page.posts.append(thing)
        keys = POST_KEYS
    else:
        parent = world.objects.get(one["parent"])
        thing = Comment(one["number"], world.objects[one["post"]], parent, author, one["created"],
                        one["prefix"])
        thing.photo = world.objects.get(one["photo"])
        if thing.photo:
            thing.photo.post = thing.photo.post or thing.post
        thing.post.comments.append(thing)
        if parent:
            parent.replies.append(thing)
        keys = COMMENT_KEYS
    for key in keys:
        setattr(thing, key, one[key])
    if one["reactions"]:
        thing.reactions = Reactions()
        thing.reactions.by_person.update(one["reactions"])
    world.add(thing)
    if one.get("publish_at"):
        fake.clock.call_at(one["publish_at"], lambda: fake.acts.publish(thing))


def save(fake, path):
    partial = pathlib.Path(f"{path}.partial")
    partial.write_text(json.dumps(pack(fake)))
    os.replace(partial, path)


def load(fake, path):
    """Whether there was one, of the same seed and Page."""
    try:
        kept = json.loads(pathlib.Path(path).read_text())
    except FileNotFoundError:
        return False
    if kept["seed"] != fake.world.seed:
        return False
    unpack(fake, kept)
    return True
