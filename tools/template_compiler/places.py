"""Where in the HTML something stands: the state between two pieces of literal
text, and what is left of it where the branches of an if come together again.
"""

import dataclasses

VOID_ELEMENTS = frozenset(
    "area base br col embed hr img input link meta source track wbr".split())
RAW_ELEMENTS = frozenset({"script", "style"})
NO_MARKUP_ELEMENTS = frozenset({"title", "textarea"})
KEPT_SPACE_ELEMENTS = frozenset({"pre", "textarea"})

# Modes
TEXT = "between elements"
TAG = "inside a tag"
EQUALS = "after the = of an attribute"
VALUE = "inside an attribute's value"
COMMENT = "inside a comment"

# Of the address that is being written into href, src, action ...
URL_EMPTY = "empty"
URL_FIXED = "fixed"      # its beginning can no longer be chosen from outside
URL_MIXED = "mixed"      # empty on some ways through the template

# The value of an attribute that is not one literal.
NOT_LITERAL = object()


@dataclasses.dataclass(frozen=True)
class Element:
    name: str
    line: int
    is_untranslated: bool   # it or an element around it has translate="no"
    is_data: bool = False   # a script that browsers do not run: one JSON value


@dataclasses.dataclass
class Place:
    mode: str = TEXT
    elements: tuple = ()           # open ones, outermost first
    is_after_space: bool = True    # on every way that leads here
    ids: frozenset = frozenset()   # literal ids so far
    form_line: int = 0             # of an open post form without its fields
    is_mail: bool = False          # mail programs have no style sheets
    # The tag that is being read; its attributes so far.
    tag: str = ""
    tag_line: int = 0
    attributes: dict = dataclasses.field(default_factory=dict)
    # The attribute that is being read.
    attribute: str = ""
    quote: str = ""
    value: object = ""             # text, or NOT_LITERAL
    url: str = URL_EMPTY

    def copy(self):
        return dataclasses.replace(self, attributes=dict(self.attributes))

    @property
    def inner(self):
        return self.elements[-1].name if self.elements else ""

    def is_inside(self, *names):
        return any(element.name in names for element in self.elements)

    @property
    def has_no_markup(self):
        """Inside <title> or <textarea>: characters, but no elements."""
        return (self.inner in NO_MARKUP_ELEMENTS
                and not self.is_inside("svg"))

    @property
    def is_data(self):
        return bool(self.elements) and self.elements[-1].is_data

    @property
    def is_untranslated(self):
        return bool(self.elements) and self.elements[-1].is_untranslated

    def shape(self):
        """What two ways must have in common to come together."""
        names = tuple(element.name for element in self.elements)
        if self.mode == TEXT:
            return self.mode, names
        if self.mode == TAG:
            return self.mode, names, self.tag_line
        return self.mode, names, self.tag_line, self.attribute, self.quote

    def description(self):
        if self.mode == TEXT:
            return f"in <{self.inner}>" if self.inner else "at the top level"
        if self.mode in (VALUE, EQUALS):
            return f'in {self.attribute}="" of <{self.tag}>'
        if self.mode == TAG:
            return f"in the tag <{self.tag}>"
        return self.mode


def join(places):
    """The place after an if; None if its branches end in different ones."""
    first, *others = places
    if any(other.shape() != first.shape() for other in others):
        return None
    joined = first.copy()
    for other in others:
        joined.is_after_space &= other.is_after_space
        joined.ids |= other.ids
        joined.form_line = joined.form_line or other.form_line
        if joined.value != other.value:
            joined.value = NOT_LITERAL
        if joined.url != other.url:
            joined.url = URL_MIXED
        for name, value in other.attributes.items():
            if joined.attributes.setdefault(name, value) != value:
                joined.attributes[name] = NOT_LITERAL
    return joined
