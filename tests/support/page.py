"""An HTML page as a person would use it: its forms, links and texts.

Parsed by the standard library into a small tree, so that the tests need no
parser of their own kind and see what was sent, not what a browser repaired.
"""

from html.parser import HTMLParser

VOID = frozenset(
    "area base br col embed hr img input link meta source track wbr".split()
)


class Node:
    """An element: its tag, attributes and children (nodes and strings)."""

    def __init__(self, tag, attributes, parent=None):
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.children = []

    def __getitem__(self, name):
        return self.attributes[name]

    def get(self, name, default=""):
        value = self.attributes.get(name, default)
        return "" if value is None else value

    def has(self, name):
        return name in self.attributes

    @property
    def text(self):
        """All text below, white space folded."""
        return " ".join(self._text().split())

    @property
    def raw_text(self):
        return self._text()

    def _text(self):
        return "".join(
            child if isinstance(child, str) else child._text()
            for child in self.children
        )

    def walk(self):
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    def all(self, tag=None, **attributes):
        """Elements of that tag; class_='x' asks for a class among others."""
        return [node for node in self.walk() if node.matches(tag, attributes)]

    def find(self, tag=None, **attributes):
        """The first such element, or None."""
        return next((n for n in self.walk() if n.matches(tag, attributes)), None)

    def matches(self, tag, attributes):
        if tag and self.tag != tag:
            return False
        for name, wanted in attributes.items():
            if name == "class_":
                if wanted not in self.get("class").split():
                    return False
            elif self.attributes.get(name.replace("_", "-")) != wanted:
                return False
        return True


class Form:
    """A form with the values that a browser would send if nothing was typed."""

    def __init__(self, node, address, button=None):
        """button: one that sends the form to an address of its own."""
        self.node = node
        self.action = button.get("formaction") if button else node.get("action") or address
        self.method = node.get("method", "get").lower()
        self.fields = {}
        for control in node.walk():
            self._take(control)
        if button and button.has("name"):
            self.fields[button.get("name")] = button.get("value", "")

    def _take(self, control):
        name = control.get("name")
        if not name or control.has("disabled"):
            return
        if control.tag == "textarea":
            # HTML drops one line feed after the start tag.
            self.fields[name] = control.raw_text.removeprefix("\n")
        elif control.tag == "select":
            options = control.all("option")
            chosen = [o for o in options if o.has("selected")] or options[:1]
            if chosen:
                self.fields[name] = chosen[0].get("value", chosen[0].text)
        elif control.tag == "input":
            kind = control.get("type", "text")
            if kind in ("checkbox", "radio") and not control.has("checked"):
                return
            if kind not in ("submit", "button", "image", "reset", "file"):
                self.fields[name] = control.get("value", "on" if kind == "checkbox" else "")

    @property
    def buttons(self):
        return [
            node
            for node in self.node.walk()
            if node.tag == "button" or (node.tag == "input" and node.get("type") == "submit")
        ]


class Page(HTMLParser):
    """A parsed page; `page.root` is the tree."""

    def __init__(self, text, address=""):
        super().__init__(convert_charrefs=True)
        self.address = address
        self.root = Node("#root", {})
        self._open = self.root
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        # The first of two attributes of one name counts, as in browsers.
        kept = {}
        for name, value in attributes:
            kept.setdefault(name, value)
        node = Node(tag, kept, self._open)
        self._open.children.append(node)
        if tag not in VOID:
            self._open = node

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        node = self._open
        while node is not None and node.tag != tag:
            node = node.parent
        if node is not None and node.parent is not None:
            self._open = node.parent

    def handle_data(self, data):
        self._open.children.append(data)

    def all(self, tag=None, **attributes):
        return self.root.all(tag, **attributes)

    def find(self, tag=None, **attributes):
        return self.root.find(tag, **attributes)

    @property
    def text(self):
        """What a reader sees: without scripts, styles and the head."""
        body = self.find("body") or self.root
        return " ".join(_visible(body).split())

    @property
    def title(self):
        node = self.find("title")
        return node.text if node else ""

    @property
    def language(self):
        node = self.find("html")
        return node.get("lang") if node else ""

    @property
    def links(self):
        return [node.get("href") for node in self.all("a") if node.has("href")]

    @property
    def forms(self):
        forms = [Form(node, self.address) for node in self.all("form")]
        return forms + [Form(self._form_of(button), self.address, button)
                        for button in self.all("button") if button.has("formaction")]

    def _form_of(self, button):
        """By its name, or the one that it stands in."""
        if button.has("form"):
            return self.find("form", id=button["form"])
        node = button
        while node.tag != "form":
            node = node.parent
        return node

    def form(self, action):
        """The form whose action is, or ends in, that path (query aside)."""
        for form in self.forms:
            if form.action.split("?")[0].split("#")[0].endswith(action):
                return form
        raise AssertionError(
            f"no form for {action} on {self.address}; there are "
            f"{[form.action for form in self.forms]}"
        )


def _visible(node):
    parts = []
    for child in node.children:
        if isinstance(child, str):
            parts.append(child)
        elif child.tag not in ("script", "style", "template", "noscript"):
            parts.append(_visible(child))
            parts.append(" ")
    return "".join(parts)
