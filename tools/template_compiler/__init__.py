"""The template compiler, in the order in which a template goes through it.

source.py        text to a tree of nodes
places.py        where in the HTML something stands: the state of a small reader
html.py          reads literal HTML from place to place, refuses what is unsafe
lint.py          walks the tree with that reader, gives each node its place
generate.py      the tree to C
translations.py  the {slots} of translated sentences, against a .po file
"""
