"""The grammar of fields=: `a,b{c,d},edge.limit(5).order(chronological).as(x){id}`.

Parsing is cached: a client asks for the same fields thousands of times.
"""
import functools
import re

from . import errors

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MODIFIERS = ("limit", "order", "summary", "filter", "live_filter", "as", "type", "since", "until",
             "after", "before", "offset", "fields", "date_format", "locale", "width", "height")
DEPTH_MAX = 10


class Field:
    __slots__ = ("name", "key", "options", "children", "children_text")

    def __init__(self, name, options, children, children_text):
        self.name = name
        self.key = options.get("as", name)
        self.options = options
        self.children = children
        self.children_text = children_text


@functools.lru_cache(maxsize=2048)
def parse(text):
    """A tuple of Field; a GraphError for what the grammar does not hold."""
    fields, position = parse_list(text, 0, 0)
    if position != len(text):
        raise errors.syntax(text, position)
    return fields


def parse_list(text, position, depth):
    if depth > DEPTH_MAX:
        raise errors.parameter("fields are nested too deeply")
    fields = []
    while True:
        position = skip_space(text, position)
        if position >= len(text) or text[position] == "}":
            break
        field, position = parse_field(text, position, depth)
        fields.append(field)
        position = skip_space(text, position)
        if position >= len(text) or text[position] != ",":
            break
        position += 1
    return tuple(fields), position


def parse_field(text, position, depth):
    found = NAME.match(text, position)
    if not found:
        raise errors.syntax(text, position)
    position = found.end()
    options = {}
    while text[position:position + 1] == ".":
        position = parse_modifier(text, position + 1, options)
    children, children_text = None, ""
    if text[position:position + 1] == "{":
        start = position + 1
        children, position = parse_list(text, start, depth + 1)
        if text[position:position + 1] != "}":
            raise errors.syntax(text, position)
        children_text = text[start:position]
        position += 1
    return Field(found[0], options, children, children_text), position


def parse_modifier(text, position, options):
    found = NAME.match(text, position)
    if not found or found[0] not in MODIFIERS:
        raise errors.syntax(text, position)
    start = found.end()
    end = text.find(")", start)
    if text[start:start + 1] != "(" or end < 0:
        raise errors.syntax(text, start)
    options[found[0]] = text[start + 1:end].strip()
    return end + 1


def skip_space(text, position):
    while position < len(text) and text[position] in " \t\r\n":
        position += 1
    return position


def names(fields):
    """All field names that occur, at any depth."""
    for field in fields or ():
        yield field.name
        yield from names(field.children)
