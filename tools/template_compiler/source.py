"""Template text to a tree of nodes.

Scanning knows only the four kinds of braces and C's quotes; parsing knows the
directives. Neither looks at the HTML in between.
"""

import dataclasses
import pathlib
import re


class TemplateError(Exception):
    def __init__(self, file, line, message):
        super().__init__(f"{file}:{line}: {message}")


@dataclasses.dataclass
class Node:
    line: int


@dataclasses.dataclass
class Text(Node):
    text: str
    html: str = ""         # what is left to write; set by lint.py


@dataclasses.dataclass
class Output(Node):
    expression: str
    is_fragment: bool      # {{! ... }}
    writer: str = ""       # the C function for its place; set by lint.py


@dataclasses.dataclass
class Branch(Node):
    condition: str         # "" for else
    body: list


@dataclasses.dataclass
class If(Node):
    branches: list


@dataclasses.dataclass
class For(Node):
    name: str
    array: str
    count: str
    body: list


@dataclasses.dataclass
class Let(Node):
    name: str
    expression: str


@dataclasses.dataclass
class Call(Node):
    name: str
    arguments: str


@dataclasses.dataclass
class Wrap(Call):
    body: list


@dataclasses.dataclass
class Content(Node):
    pass


@dataclasses.dataclass
class Slot(Node):
    name: str
    body: list


@dataclasses.dataclass
class Sentence(Node):
    expression: str
    slots: list


@dataclasses.dataclass
class Note(Node):
    """{# TRANSLATORS: ... #}, which xgettext wants to see in the C."""
    text: str


@dataclasses.dataclass
class Template(Node):
    name: str
    parameters: str
    body: list

    @property
    def content_index(self):
        """Where {% content %} stands in the body; None if it does not."""
        for index, node in enumerate(self.body):
            if isinstance(node, Content):
                return index
        return None


@dataclasses.dataclass
class File:
    name: str
    includes: list
    templates: list
    # For mail programs: a header of its own, and style attributes.
    is_mail: bool = False

    @property
    def stem(self):
        return pathlib.PurePath(self.name).stem


# Scanning -----------------------------------------------------------------

OPENING = re.compile(r"\{\{!|\{\{|\{%|\{#")
CLOSING = {"{{": "}}", "{{!": "}}", "{%": "%}", "{#": "#}"}
C_QUOTED = r'"(?:\\.|[^"\\\n])*"|' + r"'(?:\\.|[^'\\\n])*'"


@dataclasses.dataclass
class Token:
    line: int
    kind: str      # "text" or the opening braces
    text: str


def scan(file, text):
    tokens = []
    position, line = 0, 1
    while position < len(text):
        opening = OPENING.search(text, position)
        end = opening.start() if opening else len(text)
        if end > position:
            tokens.append(Token(line, "text", text[position:end]))
            line += text.count("\n", position, end)
        if not opening:
            break
        kind = opening.group()
        inside = match_inside(kind, text, opening.end())
        if not inside:
            raise TemplateError(file, line, f"{kind} without {CLOSING[kind]}")
        content = inside.group("inside")
        leading = content[:len(content) - len(content.lstrip())]
        tokens.append(Token(line + leading.count("\n"), kind, content.strip()))
        line += text.count("\n", opening.start(), inside.end())
        position = inside.end()
    return tokens


def match_inside(kind, text, position):
    """Up to the closing braces; those inside C strings do not count."""
    closing = re.escape(CLOSING[kind])
    unit = "." if kind == "{#" else rf"{C_QUOTED}|(?!{closing})."
    return re.compile(rf"(?P<inside>(?:{unit})*?){closing}",
                      re.DOTALL).match(text, position)


# Parsing ------------------------------------------------------------------

NAME = r"[A-Za-z_]\w*"
SIGNATURE = re.compile(rf"({NAME})\s*\((.*)\)", re.DOTALL)
FOR = re.compile(rf"({NAME})\s+in\s+(.*)", re.DOTALL)
LET = re.compile(rf"({NAME})\s*=(?!=)\s*(.+)", re.DOTALL)
INCLUDE = re.compile(r'"[^"]+"|<[^>]+>')


def parse(name, text):
    return Parser(name, scan(name, text)).file()


class Parser:
    def __init__(self, name, tokens):
        self.name = name
        self.tokens = tokens
        self.position = 0

    def fail(self, line, message):
        raise TemplateError(self.name, line, message)

    def next(self):
        if self.position == len(self.tokens):
            return None
        self.position += 1
        return self.tokens[self.position - 1]

    def file(self):
        file = File(self.name, [], [])
        while token := self.next():
            word, rest = directive(token)
            if word == "include":
                if not INCLUDE.fullmatch(rest):
                    self.fail(token.line, 'write {% include "web/pages.h" %}')
                file.includes.append(rest)
            elif word == "mail" and not rest:
                file.is_mail = True
            elif word == "template":
                file.templates.append(self.template(token.line, rest))
            elif token.kind != "{#" and token.text.strip():
                self.fail(token.line, "only {% template %}, {% include %}, "
                          "{% mail %} and comments may stand outside of templates")
        return file

    def template(self, line, rest):
        name, parameters = self.signature(line, "template", rest)
        body, _ = self.body(line, "template")
        return Template(line, name, parameters, body)

    def signature(self, line, word, rest):
        match = SIGNATURE.fullmatch(rest)
        if not match:
            self.fail(line, f"write {{% {word} name(...) %}}")
        return match.group(1), match.group(2).strip()

    def body(self, line, word, stops=()):
        """Nodes up to {% end %} or one of stops; the stopping token too."""
        nodes = []
        while token := self.next():
            stop, rest = directive(token)
            if stop == "end":
                if rest not in ("", word):
                    self.fail(token.line, f"{{% end {rest} %}} closes "
                              f"{{% {word} %}} of line {line}")
                return nodes, token
            if stop in stops:
                return nodes, token
            node = self.node(token)
            if node:
                nodes.append(node)
        self.fail(line, f"{{% {word} %}} without {{% end %}}")

    def node(self, token):
        if token.kind == "text":
            return Text(token.line, token.text)
        if token.kind == "{#":
            is_note = token.text.startswith("TRANSLATORS:")
            return Note(token.line, token.text) if is_note else None
        if not token.text:
            self.fail(token.line, "there is nothing between the braces")
        if token.kind in ("{{", "{{!"):
            return Output(token.line, token.text, token.kind == "{{!")
        word, rest = directive(token)
        reader = getattr(self, "read_" + word, None)
        if not reader:
            self.fail(token.line, f"{{% {word} %}} is not known here")
        return reader(token.line, rest)

    def read_if(self, line, condition):
        branches = []
        word = "if"
        while True:
            if word == "else":
                body, stop = self.body(line, "if")
            else:
                if not condition:
                    self.fail(line, f"{{% {word} %}} needs a condition")
                body, stop = self.body(line, "if", ("elif", "else"))
            branches.append(Branch(line, condition, body))
            word, condition = directive(stop)
            line = stop.line
            if word == "end":
                return If(branches[0].line, branches)
            if word == "else" and condition:
                self.fail(line, "{% else %} takes no condition; "
                          "{% elif %} does")

    def read_for(self, line, rest):
        match = FOR.fullmatch(rest)
        parts = split_commas(match.group(2)) if match else []
        if len(parts) != 2:
            self.fail(line, "write {% for item in ARRAY, COUNT %}")
        body, _ = self.body(line, "for")
        return For(line, match.group(1), *parts, body)

    def read_let(self, line, rest):
        match = LET.fullmatch(rest)
        if not match:
            self.fail(line, "write {% let name = EXPRESSION %}")
        return Let(line, *match.groups())

    def read_call(self, line, rest):
        return Call(line, *self.signature(line, "call", rest))

    def read_wrap(self, line, rest):
        name, arguments = self.signature(line, "wrap", rest)
        body, _ = self.body(line, "wrap")
        return Wrap(line, name, arguments, body)

    def read_content(self, line, rest):
        if rest:
            self.fail(line, "{% content %} takes nothing")
        return Content(line)

    def read_sentence(self, line, expression):
        if not expression:
            self.fail(line, '{% sentence _("...") %} needs its text')
        before, stop = self.body(line, "sentence", ("slot",))
        for node in before:
            if not isinstance(node, Text) or node.text.strip():
                self.fail(node.line, "nothing may stand between "
                          "{% sentence %} and its first {% slot %}")
        slots = []
        while directive(stop)[0] == "slot":
            name = directive(stop)[1]
            if not re.fullmatch(NAME, name):
                self.fail(stop.line, "write {% slot name %}")
            if name in (slot.name for slot in slots):
                self.fail(stop.line, f"the slot {name} is there already")
            slot_line = stop.line
            body, stop = self.body(line, "sentence", ("slot",))
            slots.append(Slot(slot_line, name, body))
        if not slots:
            self.fail(line, "a sentence without {% slot %} is "
                      '{{ _("...") }}')
        return Sentence(line, expression, slots)


def directive(token):
    """("if", "x > 0") of {% if x > 0 %}; ("", "") of anything else."""
    if token.kind != "{%":
        return "", ""
    word, *rest = token.text.split(None, 1) or [""]
    return word, rest[0] if rest else ""


PRINTF = re.compile(r"printf\s*\((.*)\)", re.DOTALL)


def is_printf(expression):
    return bool(PRINTF.fullmatch(expression))


def printf_arguments(expression):
    return PRINTF.fullmatch(expression).group(1).strip()


def split_commas(text):
    """"a(b, c), d" to ["a(b, c)", "d"]: at the commas outside of brackets."""
    parts, depth, start = [], 0, 0
    for match in re.finditer(rf"{C_QUOTED}|[(\[{{]|[)\]}}]|,", text):
        if match.group() in "([{":
            depth += 1
        elif match.group() in ")]}":
            depth -= 1
        elif match.group() == "," and depth == 0:
            parts.append(text[start:match.start()].strip())
            start = match.end()
    parts.append(text[start:].strip())
    return [part for part in parts if part]
