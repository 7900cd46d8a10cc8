"""What each kind of node offers: its fields, its default fields, its edges.

A getter takes (call, thing, field), a plain one only the thing; it returns the value, or
None for "not there": Facebook leaves absent fields out, it does not send null. A field
that the schema has but nobody here sets is known, and silently absent.
"""
import functools

from . import errors

PROFILE_FIELDS = {"id", "name", "category", "category_list", "picture", "link", "first_name",
                  "last_name", "email", "profile_pic"}


class NodeType:
    def __init__(self, name, defaults, schema):
        self.name = name
        self.defaults = defaults
        self.known = set(schema.split())
        self.getters = {}
        self.plain = {}

    def field(self, name):
        """Decorator: the getter of one field or edge."""
        def keep(function):
            self.known.add(name)
            self.getters[name] = function
            return function
        return keep


@functools.lru_cache(maxsize=2048)
def plan(node_type, fields):
    """[(key, getter, field)] for a parsed list; unknown fields end the whole request."""
    steps = []
    for field in fields:
        if field.name not in node_type.known:
            raise errors.unknown_field(field.name, node_type.name)
        if field.name in node_type.plain:
            steps.append((field.key, node_type.plain[field.name], None))
        elif field.name in node_type.getters:
            steps.append((field.key, node_type.getters[field.name], field))
    return tuple(steps)


def project(call, node_type, thing, fields):
    """The JSON object of a thing with these fields; `id` is always there."""
    found = {}
    for key, getter, field in plan(node_type, fields):
        value = getter(thing) if field is None else getter(call, thing, field)
        if value is not None:
            found[key] = value
    if "id" not in found:
        value = node_type.getters["id"](call, thing, None)
        if value is not None:
            found["id"] = value
    return found


def pick(value, field, known, node_type):
    """A plain object with only the children asked for."""
    if field is None or field.children is None:
        return value
    for child in field.children:
        if child.name not in known:
            raise errors.unknown_field(child.name, node_type)
    return {child.key: value[child.name] for child in field.children if child.name in value}


def profile(call, author, field):
    """`from`: only for the Page's own token, and not for people who withhold it.

    The Page's own name always comes, otherwise nobody could tell its comments apart.
    """
    if not author.is_page:
        if author.withholds_from or not call.sees_people:
            return None
        value = {"name": author.name, "id": author.id}
    elif field is not None and field.children is not None:
        value = {"name": author.name, "id": author.id, "category": author.category}
    else:
        value = {"name": author.name, "id": author.id}
    picked = pick(value, field, PROFILE_FIELDS, "User")
    picked.setdefault("id", author.id)
    return picked
