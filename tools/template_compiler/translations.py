"""A translation may move the {slots} of a sentence, but must keep them all:
what is missing would silently not be shown.
"""

import gettext
import io
import re
import subprocess

from . import lint, source

# The literal of _("...") or the first of ngettext("...", "...", n), N_("...").
LITERALS = re.compile(r'(?:\b_|ngettext|N_)\(\s*((?:"(?:\\.|[^"\\])*"\s*)+)')


def check(files, po_file):
    catalogue = read_catalogue(po_file)
    for file in files:
        for template in file.templates:
            check_nodes(file, template.body, catalogue, po_file)


def read_catalogue(po_file):
    """All translations that are not fuzzy: the English text to the others."""
    try:
        compiled = subprocess.run(["msgfmt", "-o", "-", po_file], check=True,
                                  stdout=subprocess.PIPE).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise source.TemplateError(po_file, 1, f"msgfmt: {error}")
    translations = {}
    messages = gettext.GNUTranslations(io.BytesIO(compiled))
    for key, text in messages._catalog.items():
        singular = key[0] if isinstance(key, tuple) else key
        translations.setdefault(singular, []).append(text)
    return translations


def check_nodes(file, nodes, catalogue, po_file):
    for node in nodes:
        for inner in (getattr(node, name, []) for name
                      in ("body", "branches", "slots")):
            check_nodes(file, inner, catalogue, po_file)
        if isinstance(node, source.Sentence):
            check_sentence(file, node, catalogue, po_file)


def check_sentence(file, node, catalogue, po_file):
    expected = {slot.name for slot in node.slots}
    for match in LITERALS.finditer(node.expression):
        text = "".join(lint.C_STRING.findall(match.group(1)))
        text = re.sub(r"\\(.)", r"\1", text)
        for translation in catalogue.get(text, []):
            different = sorted(lint.slot_names(translation) ^ expected)
            if different:
                raise source.TemplateError(
                    file.name, node.line, f"{po_file} translates this sentence "
                    f"with other slots: {', '.join(different)}")
