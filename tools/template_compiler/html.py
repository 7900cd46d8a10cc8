"""Reads literal HTML from one place to the next, and refuses what is unsafe or
wrong. Much less than a browser's parser on purpose: whatever it does not
understand is an error in the template, never a guess.
"""

import re

from . import places
from .places import NOT_LITERAL, Element

URL_ATTRIBUTES = frozenset(
    "href src action formaction poster cite xlink:href".split())
# The brand's pages load nothing, run nothing and send nothing elsewhere.
REFUSED_ATTRIBUTES = {
    "style": "the Content-Security-Policy has no inline style; use a class",
    "srcdoc": "a document inside an attribute cannot be escaped",
    "formmethod": "the form itself says its method",
    "http-equiv": "headers come from the server, not from the page",
    "ping": "pages do not report clicks",
    "background": "pictures come from the style sheet",
}
REFUSED_ELEMENTS = frozenset(
    "iframe object embed applet base frame frameset param noembed noframes "
    "plaintext xmp marquee font center set animate animatemotion "
    "animatetransform foreignobject".split())
# What people read or hear: it goes through _("...").
SPOKEN_ATTRIBUTES = frozenset(
    "alt title placeholder label aria-label aria-description "
    "aria-placeholder aria-roledescription".split())
# A browser closes a <p> silently before these.
ENDING_PARAGRAPH = frozenset(
    "address article aside blockquote details dialog div dl fieldset figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr main menu nav ol p pre search "
    "section table ul".split())
NOT_NESTED = frozenset({"a", "button", "form", "label", "option"})
# A block of data for search engines: browsers do not run it, and no policy stops it.
DATA_TYPE = "application/ld+json"

SPACE = re.compile(r"[ \t\r\n\f]+")
WORDS = re.compile(r"[^<]+")
CLOSE_TAG = re.compile(r"</([A-Za-z][-A-Za-z0-9]*)\s*>")
OPEN_TAG = re.compile(r"<([A-Za-z][-A-Za-z0-9]*)")
DOCTYPE = re.compile(r"<!doctype [^>]*>", re.IGNORECASE)
TAG_END = re.compile(r"/?>")
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(\s*=\s*)?""")
UNQUOTED = re.compile(r"""[^\s"'=<>`]+""")
LETTERS = re.compile(r"[^\W\d_]{2}")
CHARACTER_REFERENCE = re.compile(r"&#?\w+;")

URL_BEGINNING = re.compile(r"/(?!/)|\?|#|mailto:|tel:|otpauth://totp/|https://[^/?#]+")
# After these a placeholder cannot change the host any more.
URL_FIXED_BEGINNING = re.compile(r"/(?!/)|\?|#|mailto:|tel:|otpauth://totp/|https://[^/?#]+[/?#]")


class Refusal(Exception):
    """line: inside the literal, or None for where the reader stands."""

    def __init__(self, message, line=None):
        super().__init__(message)
        self.line = line


class Reader:
    """One piece of literal text, read on from a place, which it moves."""

    def __init__(self, place, text, line):
        self.place = place
        self.text = text
        self.first_line = line
        self.position = 0
        self.html = []

    def read(self):
        """The HTML to write. Refusal: see its line."""
        steps = {places.TEXT: self.text_step, places.TAG: self.tag_step,
                 places.EQUALS: self.equals_step,
                 places.VALUE: self.value_step,
                 places.COMMENT: self.comment_step}
        try:
            while self.position < len(self.text):
                steps[self.place.mode]()
        except Refusal as refusal:
            refusal.line = refusal.line or self.line
            raise
        return "".join(self.html)

    @property
    def line(self):
        return self.first_line + self.text.count("\n", 0, self.position)

    def take(self, pattern):
        match = pattern.match(self.text, self.position)
        if match:
            self.position = match.end()
        return match

    def write(self, html):
        self.html.append(html)
        if html:
            self.place.is_after_space = html[-1].isspace()

    def write_space(self, space):
        """One character, and none where every way here ended in one."""
        if not self.place.is_after_space:
            self.write(space)

    # Between elements ------------------------------------------------------

    def text_step(self):
        place = self.place
        if match := WORDS.match(self.text, self.position):
            self.words(match.group())
            self.position = match.end()
        elif self.text.startswith("<!--", self.position):
            place.mode = places.COMMENT
        elif match := self.take(CLOSE_TAG):
            self.close_element(match.group(1).lower())
        elif place.has_no_markup or place.inner in places.RAW_ELEMENTS:
            raise Refusal(f"no markup inside <{place.inner}>")
        elif match := self.take(OPEN_TAG):
            self.open_tag(match)
        elif match := self.take(DOCTYPE):
            self.write(match.group())
        else:
            raise Refusal("this < begins no tag; write &lt;")

    def words(self, text):
        place = self.place
        self.refuse_words(text)
        if place.is_inside(*places.KEPT_SPACE_ELEMENTS):
            self.write(text)
            return
        for part in re.split(r"([ \t\r\n\f]+)", text):
            if SPACE.match(part):
                self.write_space("\n" if "\n" in part else " ")
            else:
                self.write(part)

    def refuse_words(self, text):
        place = self.place
        if place.inner in places.RAW_ELEMENTS and text.strip():
            raise Refusal(f"the Content-Security-Policy has no inline "
                          f"<{place.inner}>; use a file of static/")
        words = LETTERS.search(CHARACTER_REFERENCE.sub("", text))
        if words and not place.is_untranslated:
            self.position += text.index(words.group())
            raise Refusal('words for people are {{ _("...") }}, or stand in '
                          'an element with translate="no"')

    def close_element(self, name):
        place = self.place
        if not place.elements:
            raise Refusal(f"</{name}> closes nothing")
        element = place.elements[-1]
        if element.name != name:
            raise Refusal(f"</{name}> closes <{element.name}> of line "
                          f"{element.line}")
        if name == "form" and place.form_line:
            raise Refusal("a post form must contain "
                          "{% call form_fields(...) %}", place.form_line)
        place.elements = place.elements[:-1]
        self.write(f"</{name}>")

    def comment_step(self):
        end = self.text.find("-->", self.position)
        if end < 0:
            self.position = len(self.text)
            return
        self.position = end + len("-->")
        self.place.mode = places.TEXT

    # Inside a tag ----------------------------------------------------------

    def open_tag(self, match):
        place = self.place
        name = match.group(1)
        if place.is_inside("svg"):
            pass                  # names such as linearGradient keep their case
        elif name != name.lower():
            raise Refusal(f"write <{name.lower()}>")
        if name.lower() in REFUSED_ELEMENTS:
            raise Refusal(f"<{name}> is not used here")
        if place.is_inside("p") and name in ENDING_PARAGRAPH:
            raise Refusal(f"<{name}> cannot stand inside <p>")
        if name in NOT_NESTED and place.is_inside(name):
            raise Refusal(f"<{name}> cannot stand inside <{name}>")
        self.write(match.group())
        place.mode = places.TAG
        place.tag, place.tag_line = name.lower(), self.line
        place.attributes = {}

    def tag_step(self):
        if match := self.take(SPACE):
            self.write_space(" ")
        elif match := self.take(TAG_END):
            self.end_tag(match.group())
        elif match := self.take(ATTRIBUTE):
            self.begin_attribute(*match.groups())
        else:
            character = self.text[self.position]
            raise Refusal(f"{character} is out of place in <{self.place.tag}>")

    def begin_attribute(self, name, equals):
        place = self.place
        if not place.is_after_space:
            raise Refusal(f"a space is missing before {name}")
        if not place.is_inside("svg") and place.tag != "svg":
            name = name.lower()
        if name.startswith("on"):
            raise Refusal("the Content-Security-Policy has no inline script")
        if name in REFUSED_ATTRIBUTES and not (place.is_mail
                                               and name == "style"):
            raise Refusal(f"no {name} attribute: {REFUSED_ATTRIBUTES[name]}")
        if name in place.attributes:
            raise Refusal(f"<{place.tag}> has {name} twice")
        place.attribute = name
        self.write(name)
        if not equals:
            self.place.attributes[name] = ""
            return
        self.write("=")
        place.mode = places.EQUALS
        place.value, place.url = "", places.URL_EMPTY

    def equals_step(self):
        place = self.place
        if self.text[self.position] in "\"'":
            place.quote = self.text[self.position]
            self.write(place.quote)
            self.position += 1
            place.mode = places.VALUE
        elif match := self.take(UNQUOTED):
            self.value_text(match.group())
            self.end_attribute()
        else:
            raise Refusal(f"{place.attribute}= has no value")

    def value_step(self):
        place = self.place
        end = self.text.find(place.quote, self.position)
        stop = end if end >= 0 else len(self.text)
        if stop > self.position:
            self.value_text(self.text[self.position:stop])
            self.position = stop
        if end >= 0:
            self.write(place.quote)
            self.position += 1
            self.end_attribute()

    def value_text(self, text):
        place = self.place
        if place.attribute in URL_ATTRIBUTES:
            self.address_text(text)
        spoken = CHARACTER_REFERENCE.sub("", text)
        if place.attribute in SPOKEN_ATTRIBUTES and LETTERS.search(spoken):
            raise Refusal(f'words for people are {{{{ _("...") }}}}, in '
                          f"{place.attribute} too")
        if place.value is not NOT_LITERAL:
            place.value += text
        self.write(text)

    def address_text(self, text):
        place = self.place
        if place.url == places.URL_FIXED:
            return
        if not URL_BEGINNING.match(text):
            raise Refusal(f"{place.attribute} must begin with /, ?, # or a "
                          "placeholder")
        if text.startswith("https:") and (place.tag, place.attribute) != (
                "a", "href"):
            raise Refusal("pages load nothing from other sites")
        place.url = (places.URL_FIXED if URL_FIXED_BEGINNING.match(text)
                     else places.URL_MIXED)

    def end_attribute(self):
        place = self.place
        place.attributes[place.attribute] = place.value
        place.mode = places.TAG
        if place.attribute == "id" and place.value is not NOT_LITERAL:
            if place.value in place.ids:
                raise Refusal(f'id="{place.value}" is there already')
            place.ids |= {place.value}

    def end_tag(self, end):
        place = self.place
        name = place.tag
        self.check_tag()
        place.mode = places.TEXT
        is_foreign = place.is_inside("svg") or name == "svg"
        if end == "/>" and not is_foreign and name not in places.VOID_ELEMENTS:
            raise Refusal(f"<{name}/> does not close itself in HTML")
        if end == ">" and name not in places.VOID_ELEMENTS:
            self.open_element(name)
        self.write(end if is_foreign else ">")
        # A browser drops a line break that follows, which may be the text's.
        if (name in places.KEPT_SPACE_ELEMENTS
                and self.position == len(self.text)):
            self.write("\n")

    def check_tag(self):
        place = self.place
        attributes = place.attributes
        if place.tag == "img" and "alt" not in attributes:
            raise Refusal('<img> needs alt (alt="" for decoration)',
                          place.tag_line)
        if place.tag == "form":
            method = attributes.get("method", "get")
            if method not in ("get", "post"):
                raise Refusal('the method of a form is "get" or "post"',
                              place.tag_line)
            place.form_line = place.tag_line if method == "post" else 0

    def open_element(self, name):
        place = self.place
        is_untranslated = (place.is_untranslated
                           or place.attributes.get("translate") == "no")
        is_data = (name == "script" and "src" not in place.attributes
                   and place.attributes.get("type") == DATA_TYPE)
        place.elements += (Element(name, place.tag_line, is_untranslated,
                                   is_data),)
