"""The tree to C: one function for each template, literal text merged into as
few buf_bytes calls as possible, and #line, so that gcc, xgettext and debuggers
speak of the template's own line.
"""

import re

from . import source

GENERATED = "/* Made by tools/compile-templates: edit the template instead. */\n"
HEADER_INCLUDES = ('"i18n/i18n.h"', '"text/template.h"')
PAGES_INCLUDE = '"web/pages.h"'
C_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
LAST_NAME = re.compile(r"([A-Za-z_]\w*)\s*(?:\[[^]]*\])*$")


def headers(files):
    """Name to text: one for all pages, and one for each file of mails, so that
    whoever writes mails need not know the pages."""
    pages = [file for file in files if not file.is_mail]
    texts = {"templates.h": header("TEMPLATES", [PAGES_INCLUDE], pages)}
    for file in files:
        if file.is_mail:
            texts[header_name(file)] = header(file.stem.upper(), [], [file])
    return texts


def header_name(file):
    return file.stem + ".h" if file.is_mail else "templates.h"


def header(name, includes, files):
    includes = dict.fromkeys([*HEADER_INCLUDES, *includes])
    for file in files:
        includes.update(dict.fromkeys(file.includes))
    lines = [GENERATED, f"#ifndef TEMPLATES_{name}_H",
             f"#define TEMPLATES_{name}_H", ""]
    lines += [f"#include {name}" for name in includes]
    for file in files:
        for template in file.templates:
            lines.append(f'\n#line {template.line} "{file.name}"')
            lines += [f"{declaration};" for declaration
                      in declarations(template)]
    return "\n".join(lines + ["", "#endif", ""])


def program(file):
    writer = Writer(file)
    writer.raw(f'{GENERATED}#include "templates/{header_name(file)}"\n')
    for template in file.templates:
        writer.template(template)
    return writer.text()


def declarations(template):
    if template.content_index is None:
        return [declaration(template, "")]
    return [declaration(template, suffix) for suffix in ("_begin", "_end")]


def declaration(template, suffix):
    parameters = ", ".join(filter(None, ["struct buf *out",
                                         template.parameters]))
    return f"void template_{template.name}{suffix}({parameters})"


def parameter_names(template):
    parts = source.split_commas(template.parameters)
    return [LAST_NAME.search(part).group(1) for part in parts]


class Writer:
    def __init__(self, file):
        self.file = file
        self.lines = []
        self.depth = 0
        self.line = None       # of the template, for the next line of C
        self.literal = ""      # not written yet
        self.literal_line = 0
        self.note = ""         # for translators, above the next sentence
        self.sentences = 0

    def text(self):
        return "\n".join(self.lines) + "\n"

    def raw(self, text):
        self.lines.append(text)

    def code(self, line, text):
        """One statement; text may have several lines."""
        self.flush()
        self.put(line, text)

    def put(self, line, text):
        if line != self.line:
            self.raw(f'#line {line} "{self.file.name}"')
        self.raw("\t" * self.depth + text)
        self.line = line + text.count("\n") + 1

    def flush(self):
        if not self.literal:
            return
        literal, self.literal = self.literal, ""
        parts = literal.splitlines(keepends=True)
        quoted = "\n".join(c_string(part) for part in parts)
        length = len(literal.encode())
        self.put(self.literal_line, f"buf_bytes(out, {quoted}, {length});")

    # Templates ---------------------------------------------------------------

    def template(self, template):
        index = template.content_index
        if index is None:
            self.function(template, "", template.body)
        else:
            self.function(template, "_begin", template.body[:index])
            self.function(template, "_end", template.body[index + 1:])

    def function(self, template, suffix, body):
        self.code(template.line, declaration(template, suffix))
        self.open_block(template.line)
        for name in ["out"] + parameter_names(template):
            self.code(template.line, f"(void)({name});")
        self.body(body)
        self.close_block()
        self.raw("")
        self.line = None

    def open_block(self, line):
        self.code(line, "{")
        self.depth += 1

    def close_block(self):
        self.flush()
        self.depth -= 1
        self.raw("\t" * self.depth + "}")
        self.line = None if self.line is None else self.line + 1

    def body(self, nodes):
        for node in nodes:
            getattr(self, "write_" + type(node).__name__.lower())(node)

    # Nodes -------------------------------------------------------------------

    def write_text(self, node):
        if not self.literal:
            self.literal_line = node.line
        self.literal += node.html

    def write_output(self, node):
        expression = node.expression
        if node.writer == "html_printf":
            expression = source.printf_arguments(expression)
        self.code(node.line,
                  f"{self.take_note()}{node.writer}(out, {expression});")

    def write_note(self, node):
        text = " ".join(node.text.replace("*/", "* /").split())
        self.note = f"/* {text} */ "

    def take_note(self):
        """On the line of the sentence: xgettext wants no #line between."""
        note, self.note = self.note, ""
        return note

    def write_let(self, node):
        self.code(node.line, f"__auto_type {node.name} = {node.expression};")

    def write_call(self, node, suffix=""):
        arguments = ", ".join(filter(None, ["out", node.arguments]))
        self.code(node.line, f"template_{node.name}{suffix}({arguments});")

    def write_wrap(self, node):
        self.write_call(node, "_begin")
        self.open_block(node.line)
        self.body(node.body)
        self.close_block()
        self.write_call(node, "_end")

    def write_if(self, node):
        for index, branch in enumerate(node.branches):
            word = "else " if index else ""
            if branch.condition:
                word += f"if ({branch.condition}) "
            self.code(branch.line, word + "{")
            self.depth += 1
            self.body(branch.body)
            self.close_block()

    def write_for(self, node):
        index = node.name + "_index"
        self.code(node.line, f"for (size_t {index} = 0; {index} < "
                  f"(size_t)({node.count}); {index}++) {{")
        self.depth += 1
        self.code(node.line, f"const __typeof__(({node.array})[0]) "
                  f"*{node.name} __attribute__((unused)) = "
                  f"&({node.array})[{index}];")
        self.body(node.body)
        self.close_block()

    def write_sentence(self, node):
        self.sentences += 1
        number = self.sentences
        names = ", ".join(f'"{slot.name}"' for slot in node.slots)
        self.open_block(node.line)
        self.code(node.line, f"{self.take_note()}const char *rest_{number} = "
                  f"{node.expression};")
        self.code(node.line, f"static const char *const slots_{number}[] = "
                  f"{{ {names} }};")
        self.code(node.line, f"for (size_t slot_{number}; (slot_{number} = "
                  f"template_sentence_next(out, &rest_{number}, "
                  f"slots_{number}, {len(node.slots)})) < "
                  f"{len(node.slots)};)")
        self.code(node.line, f"switch (slot_{number}) {{")
        for index, slot in enumerate(node.slots):
            self.code(slot.line, f"case {index}: {{")
            self.depth += 1
            self.body(slot.body)
            self.close_block()
            self.raw("\t" * self.depth + "break;")
            self.line = None
        self.raw("\t" * self.depth + "}")
        self.line = None
        self.close_block()


def c_string(text):
    escaped = "".join(C_ESCAPES.get(character, character)
                      for character in text)
    return '"' + escaped.replace("??", "?\\?") + '"'
