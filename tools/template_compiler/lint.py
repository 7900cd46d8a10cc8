"""Walks each template with the HTML reader: gives every piece of text what is
left of it to write, every placeholder the writer for its place, and refuses
what would be unsafe, unbalanced or untranslatable.
"""

import re

from . import html, places, source
from .places import NOT_LITERAL

SLOT_NAME = re.compile(r"\{([A-Za-z_]\w*)\}")
C_STRING = re.compile(r'"((?:\\.|[^"\\])*)"')
# An expression that is one _("...") of literal strings.
LITERAL_SENTENCE = re.compile(r'_\(\s*((?:"(?:\\.|[^"\\])*"\s*)+)\)')


def check_files(files):
    known = {}
    for file in files:
        for template in file.templates:
            if template.name in known:
                raise source.TemplateError(
                    file.name, template.line,
                    f"the template {template.name} is there already")
            known[template.name] = template
    for file in files:
        for template in file.templates:
            Walker(file, known).template(template)


class Walker:
    def __init__(self, file, known):
        self.file = file
        self.known = known

    def fail(self, line, message):
        raise source.TemplateError(self.file.name, line, message)

    def template(self, template):
        place = places.Place(is_mail=self.file.is_mail)
        self.body(template.body, place, at_top=template)
        if place.mode != places.TEXT:
            self.fail(template.line, f"{template.name} ends "
                      f"{place.description()}")
        if place.elements:
            element = place.elements[-1]
            self.fail(element.line, f"<{element.name}> is not closed")

    def body(self, nodes, place, at_top=None):
        for index, node in enumerate(nodes):
            self.refuse_place(node, place)
            if isinstance(node, source.Content) and (
                    at_top is None or index != at_top.content_index):
                self.fail(node.line, "{% content %} stands once, outside of "
                          "every if and for")
            visit = getattr(self, "visit_" + type(node).__name__.lower())
            visit(node, place)

    def refuse_place(self, node, place):
        """Where no directive and no placeholder can be made safe."""
        if isinstance(node, source.Text):
            return
        if place.mode == places.EQUALS:
            self.fail(node.line, f"the value of {place.attribute} must "
                      "stand in quotes")
        if place.mode == places.COMMENT:
            self.fail(node.line, "nothing works inside <!-- -->; "
                      "comments are {# #}")
        is_json = (place.is_data and isinstance(node, source.Output)
                   and not node.is_fragment)
        if (place.mode == places.TEXT and place.inner in places.RAW_ELEMENTS
                and not is_json):
            self.fail(node.line, "nothing can be escaped safely inside "
                      f"<{place.inner}>")

    def visit_text(self, node, place):
        reader = html.Reader(place, node.text, node.line)
        try:
            node.html = reader.read()
        except html.Refusal as refusal:
            self.fail(refusal.line, str(refusal))

    # Placeholders ------------------------------------------------------------

    def visit_output(self, node, place):
        if place.mode == places.TAG:
            self.fail(node.line, f"a placeholder in <{place.tag}> must stand "
                      "inside the quotes of a value")
        if node.is_fragment:
            self.need_element_text(node, place, "{{! }}")
            node.writer = "html_fragment"
        elif place.mode == places.VALUE:
            node.writer = self.value_writer(node, place)
        elif place.is_data:
            node.writer = "html_json"
        else:
            node.writer = "template_text"
        if source.is_printf(node.expression):
            if node.writer != "template_text":
                self.fail(node.line, "no printf in an address or a fragment")
            node.writer = "html_printf"
        place.is_after_space = False

    def value_writer(self, node, place):
        place.value = NOT_LITERAL
        if place.attribute in ("srcset", "imagesrcset", "style"):
            self.fail(node.line, f"no placeholder in {place.attribute}")
        if place.attribute not in html.URL_ATTRIBUTES:
            return "template_text"
        if place.url == places.URL_MIXED:
            self.fail(node.line, "what stands before this placeholder does "
                      "not fix the address; begin with /, or give the whole "
                      "address")
        if place.url == places.URL_FIXED:
            return "template_url_part"
        place.url = places.URL_FIXED
        return "template_url"

    def need_element_text(self, node, place, what):
        if place.mode != places.TEXT or place.has_no_markup:
            self.fail(node.line, f"{what} cannot stand {place.description()}")

    # Directives --------------------------------------------------------------

    def visit_let(self, node, place):
        pass

    def visit_note(self, node, place):
        pass

    def visit_content(self, node, place):
        self.need_element_text(node, place, "{% content %}")
        place.is_after_space = False

    def visit_if(self, node, place):
        ends = []
        for branch in node.branches:
            end = place.copy()
            self.body(branch.body, end)
            ends.append(end)
        if node.branches[-1].condition:
            ends.append(place.copy())
        self.come_together(node, "if", place, ends)

    def visit_for(self, node, place):
        if place.mode == places.TAG:
            self.fail(node.line, "no {% for %} between attributes")
        end = place.copy()
        end.is_after_space &= ends_in_space(node.body)
        ids_before = place.ids
        self.body(node.body, end)
        if end.ids != ids_before:
            self.fail(node.line, "a literal id inside {% for %} is repeated: "
                      + ", ".join(sorted(end.ids - ids_before)))
        self.come_together(node, "for", place, [end, place.copy()])

    def come_together(self, node, word, place, ends):
        joined = places.join(ends)
        if not joined:
            where = " or ".join(dict.fromkeys(
                end.description() for end in ends))
            self.fail(node.line, f"{{% {word} %}} ends in different places: "
                      + where)
        if joined.value != place.value:
            joined.value = NOT_LITERAL
        vars(place).update(vars(joined))

    def visit_call(self, node, place):
        self.need_element_text(node, place, "{% call %}")
        self.need_template(node, has_content=False)
        if node.name == "form_fields":
            place.form_line = 0
        place.is_after_space = False

    def visit_wrap(self, node, place):
        self.need_element_text(node, place, "{% wrap %}")
        self.need_template(node, has_content=True)
        self.inner_body(node, place)
        place.is_after_space = False

    def need_template(self, node, has_content):
        template = self.known.get(node.name)
        if not template:
            self.fail(node.line, f"there is no template {node.name}")
        if has_content != (template.content_index is not None):
            self.fail(node.line, f"{node.name} has no {{% content %}}: use "
                      "{% call %}" if has_content else
                      f"{node.name} has {{% content %}}: use {{% wrap %}}")

    def inner_body(self, node, place):
        """A part of its own: it must end where it began."""
        end = place.copy()
        end.is_after_space = True
        self.body(node.body, end)
        if end.shape() != place.shape():
            self.fail(node.line, f"ends {end.description()}, not "
                      f"{place.description()}")
        place.ids = end.ids
        place.form_line = end.form_line

    def visit_sentence(self, node, place):
        self.need_element_text(node, place, "{% sentence %}")
        names = {slot.name for slot in node.slots}
        sentence = literal_sentence(node.expression)
        if sentence is not None and slot_names(sentence) != names:
            different = sorted(slot_names(sentence) ^ names)
            self.fail(node.line, "the sentence and its slots differ in: "
                      + ", ".join(different))
        for slot in node.slots:
            self.inner_body(slot, place)
            trim_end(slot.body)
        place.is_after_space = False


def ends_in_space(nodes):
    return (bool(nodes) and isinstance(nodes[-1], source.Text)
            and nodes[-1].text[-1:].isspace())


def trim_end(nodes):
    """The line break before the next {% slot %} is not the sentence's."""
    if nodes and isinstance(nodes[-1], source.Text):
        nodes[-1].html = nodes[-1].html.rstrip()


def literal_sentence(expression):
    match = LITERAL_SENTENCE.fullmatch(expression)
    return "".join(C_STRING.findall(match.group(1))) if match else None


def slot_names(sentence):
    return set(SLOT_NAME.findall(sentence))
