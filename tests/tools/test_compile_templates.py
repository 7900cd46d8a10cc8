"""The template compiler: what it writes, what it refuses, and that the C says
the template's own line.

The rendering cases are compiled together, by one gcc, into one program that
prints them one after the other.
"""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(os.environ.get("ENTRAIDE_SOURCE_DIR")
                    or pathlib.Path(__file__).parents[2])
COMPILER = ROOT / "tools" / "compile-templates"
sys.path.insert(0, str(ROOT / "tools"))
sys.dont_write_bytecode = True

from template_compiler import generate, lint, source  # noqa: E402

PAGES = """
#pragma once
#include "text/html.h"
enum colour { RED = 3 };
struct post {
	int64_t id;
	const char *title;
	bool is_new;
};
struct page {
	const char *text, *path, *evil;
	char name[16];
	int32_t small;
	uint64_t large;
	size_t count;
	bool is_new;
	double ratio;
	struct post *posts;
	size_t post_count;
	struct html_fragment body;
};
"""

# What gettext does, for two sentences.
I18N = """
#pragma once
#include <string.h>
static inline const char *_(const char *text)
{
	if (strcmp(text, "Asked by {author} on {day}.") == 0)
		return "Le {day}, <{author}> {demande}.";
	return text;
}
#define ngettext(one, many, n) ((n) == 1 ? (one) : (many))
"""

DATA = r"""
	struct post posts[] = { { 1, "one & only", true }, { 2, "<two>", false } };
	struct page values = {
		.text = "<b>\"Tom\" & 'Jerry'</b>", .path = "/a?b=1&c=2",
		.evil = "javascript:alert(1)", .name = "Zoé", .small = -7,
		.large = UINT64_MAX, .count = 3, .is_new = true, .ratio = 0.5,
		.posts = posts, .post_count = 2,
		.body = html_fragment_from_stored_sanitised("<em>ok</em>"),
	};
	const struct page *page = &values;
"""

ESCAPED = "&lt;b&gt;&quot;Tom&quot; &amp; &#39;Jerry&#39;&lt;/b&gt;"
ENCODED = "%3Cb%3E%22Tom%22%20%26%20%27Jerry%27%3C%2Fb%3E"

# name: (the body of a template that is given page, what it writes)
RENDERED = {
    "text": ("<p>{{ page->text }}</p>", f"<p>{ESCAPED}</p>"),
    "array": ("{{ page->name }}", "Zoé"),
    "integers": ("{{ page->small }} {{ page->large }} {{ page->count }} "
                 "{{ RED }}", "-7 18446744073709551615 3 3"),
    "braces_in_a_string": ('{{ "a%}}b" }}', "a%}}b"),
    "attribute": ('<i class="x {{ page->text }}"></i>',
                  f'<i class="x {ESCAPED}"></i>'),
    "single_quotes": ("<i class='{{ page->text }}'></i>",
                      f"<i class='{ESCAPED}'></i>"),
    "address": ('<a href="{{ page->path }}"></a>',
                '<a href="/a?b=1&amp;c=2"></a>'),
    "address_evil": ('<a href="{{ page->evil }}"></a>', '<a href="#"></a>'),
    "address_part": ('<a href="/t/{{ page->count }}-{{ page->text }}"></a>',
                     f'<a href="/t/3-{ENCODED}"></a>'),
    "address_query": ('<a href="{{ page->path }}&amp;d={{ page->text }}"></a>',
                      f'<a href="/a?b=1&amp;c=2&amp;d={ENCODED}"></a>'),
    "address_of_branches": (
        '<a href="{% if page->is_new %}/n{% else %}/o{% end %}/'
        '{{ page->text }}"></a>', f'<a href="/n/{ENCODED}"></a>'),
    "fragment": ("<p>{{! page->body }}</p>", "<p><em>ok</em></p>"),
    "data": ('<script type="application/ld+json">{{ page->text }}</script>',
             '<script type="application/ld+json">\\u003cb\\u003e"Tom" '
             "\\u0026 'Jerry'\\u003c/b\\u003e</script>"),
    "printf": ('{{ printf(ngettext("%d & %s", "%ds & %s", page->small), '
               'page->small, page->name) }}', "-7s &amp; Zoé"),
    "if": ("{% if page->small > 0 %}a{% elif page->small < 0 %}b"
           "{% else %}c{% end %}", "b"),
    "if_chosen_by_nothing": ("1{% if page->small > 0 %}2{% end %}3", "13"),
    "for": ("{% for post in page->posts, page->post_count %}"
            "{{ post_index }}:{{ post->title }};{% end for %}",
            "0:one &amp; only;1:&lt;two&gt;;"),
    "let": ("{% let n = page->small * 2 %}{{ n }}", "-14"),
    "call": ("{% call part(page->small, \"x,y\") %}", "[-7 x,y]"),
    "wrap": ("{% wrap box(page->name) %}<i>1</i>{% end %}",
             '<div class="Zoé"><i>1</i></div>'),
    "wrap_in_wrap": ("{% wrap box(\"a\") %}{% wrap box(\"b\") %}1{% end %}"
                     "{% end %}", '<div class="a"><div class="b">1</div></div>'),
    "sentence_in_the_order_of_the_translation": (
        '{% sentence _("Asked by {author} on {day}.") %}\n'
        '  {% slot author %}\n <a href="/u">{{ page->name }}</a>\n'
        '  {% slot day %}<b>{{ page->small }}</b>\n{% end %}',
        'Le <b>-7</b>, &lt;<a href="/u">Zoé</a>&gt; {demande}.'),
    "sentence_without_a_translation": (
        '{% sentence _("By {x}") %}{% slot x %}<b>1</b>{% end %}',
        "By <b>1</b>"),
    "attribute_that_depends": (
        '<input type="checkbox"{% if page->is_new %} checked{% end %}'
        '{% if page->small > 0 %} disabled{% end %}>',
        '<input type="checkbox" checked>'),
    "attribute_of_either_branch": (
        '<i {% if page->is_new %}class="a"{% else %}class="b"{% end %}></i>',
        '<i class="a"></i>'),
    "value_that_depends": (
        '<i class="a{% if page->is_new %} b{% end %}"></i>',
        '<i class="a b"></i>'),
    "post_form": (
        '<form method="post" action="/x">{% call form_fields("k") %}</form>',
        '<form method="post" action="/x">'
        '<input type="hidden" name="key" value="k"></form>'),
    "untranslated": ('<kbd translate="no">Ctrl</kbd> &nbsp;',
                     '<kbd translate="no">Ctrl</kbd> &nbsp;'),
    "svg": ('<svg viewBox="0 0 8 8"><path d="M0 0"/></svg>',
            '<svg viewBox="0 0 8 8"><path d="M0 0"/></svg>'),
    "void": ("<br/><hr>", "<br><hr>"),
    "comments": ("1<!-- gone -->{# gone #}2", "12"),
    "quotes_and_backslashes": ('<i class="\\?">"??/"</i>',
                               '<i class="\\?">"??/"</i>'),
    # White space
    "indentation": ("\n  <ul>\n    <li>1</li>\n\n    <li>2</li>\n  </ul>\n",
                    "<ul>\n<li>1</li>\n<li>2</li>\n</ul>\n"),
    "space_between_inline_elements": ("<b>1</b>   <i>2</i>",
                                      "<b>1</b> <i>2</i>"),
    "lines_of_directives": (
        "<b>1</b>\n{% if page->is_new %}\n  <b>2</b>\n{% end %}\n<b>3</b>",
        "<b>1</b>\n<b>2</b>\n<b>3</b>"),
    "space_that_a_skipped_branch_would_have_written": (
        "<b>1</b>{% if page->small > 0 %}\n  <b>2</b>\n{% end %}\n<b>3</b>",
        "<b>1</b>\n<b>3</b>"),
    "space_in_loops": (
        "<p>\n{% for post in page->posts, page->post_count %}\n"
        "  <b>{{ post->id }}</b>\n{% end %}\n</p>",
        "<p>\n<b>1</b>\n<b>2</b>\n</p>"),
    "space_between_turns_of_a_loop": (
        "<p>{% for post in page->posts, page->post_count %} "
        "<b>{{ post->id }}</b>{% end %}</p>",
        "<p> <b>1</b> <b>2</b></p>"),
    "space_after_a_placeholder": ("{{ page->small }}\n  {{ page->count }}",
                                  "-7\n3"),
    "pre": ("<pre>  1\n\n    2 <b> 3 </b></pre>",
            "<pre>  1\n\n    2 <b> 3 </b></pre>"),
    "textarea_keeps_its_first_line_break": (
        '<textarea name="x">{{ "\\n1" }}</textarea>',
        '<textarea name="x">\n\n1</textarea>'),
    "tag_over_lines": ('<input\n\ttype="text"\n\tname="x">',
                       '<input type="text" name="x">'),
}

HELPERS = """
{% template part(int number, const char *text) %}[{{ number }} {{ text }}]{% end %}
{% template box(const char *name) %}<div class="{{ name }}">{% content %}</div>{% end %}
{% template form_fields(const char *key) %}<input type="hidden" name="key" value="{{ key }}">{% end %}
"""

SEPARATOR = "\n=====\n"
WARNINGS = ("-Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wformat=2 "
            "-Wvla -Wstrict-prototypes -Wcast-qual -Wundef -Werror").split()


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """The stand-ins for what templates include."""
    folder = tmp_path_factory.mktemp("templates")
    for name, text in {"web/pages.h": PAGES, "i18n/i18n.h": I18N}.items():
        path = folder / name
        path.parent.mkdir()
        path.write_text(text)
    return folder


def run_compiler(folder, text, name="x"):
    """Writes the template and compiles it to C, through the command line."""
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "templates" / f"{name}.html").write_text(text)
    return subprocess.run(
        [COMPILER, "--root", folder, "--output", folder / "templates",
         f"templates/{name}.html"], capture_output=True, text=True)


def run_gcc(folder, *arguments):
    return subprocess.run(
        ["gcc", "-std=gnu17", "-D_GNU_SOURCE", *WARNINGS, f"-I{folder}",
         f"-I{ROOT}/src", *arguments], capture_output=True, text=True)


@pytest.fixture(scope="session")
def outputs(folder):
    text = HELPERS
    calls = ""
    for name, (body, _) in RENDERED.items():
        text += (f"{{% template case_{name}(const struct page *page) %}}"
                 f"{body}{{% end %}}\n")
        calls += (f"\ttemplate_case_{name}(&out, page);\n"
                  f"\tbuf_text(&out, separator);\n")
    compiled = run_compiler(folder, text, "cases")
    assert compiled.returncode == 0, compiled.stderr
    main = folder / "main.c"
    main.write_text('#include <stdio.h>\n#include "templates/templates.h"\n'
                    "int main(void)\n{\n" + DATA +
                    '\tconst char *separator = "\\n=====\\n";\n'
                    "\tstruct buf out;\n"
                    "\tbuf_init(&out, NULL, 1000000);\n" + calls +
                    "\tfputs(out.data, stdout);\n\tbuf_release(&out);\n"
                    "\treturn 0;\n}\n")
    sources = [ROOT / "src" / name for name in (
        "base/arena.c", "base/buf.c", "base/log.c", "base/clock.c",
        "base/utf8.c", "text/html.c", "text/template.c",
        "text/url.c")]
    built = run_gcc(folder, "-o", folder / "main", main,
                    folder / "templates/cases.c", *sources)
    assert built.returncode == 0, built.stderr
    ran = subprocess.run([folder / "main"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return dict(zip(RENDERED, ran.stdout.split(SEPARATOR)))


@pytest.mark.parametrize("name", RENDERED)
def test_renders(outputs, name):
    assert outputs[name] == RENDERED[name][1]


# Refusals ------------------------------------------------------------------

# (the body of a template, the line of the refusal, words of its message)
REFUSED = [
    # Places where nothing can be escaped
    ("<script>{{ page->text }}</script>", 2, "escaped safely inside <script>"),
    ('<script type="module">{{ page->text }}</script>', 2, "escaped safely"),
    ('<script type="application/ld+json" src="/a.js">{{ page->text }}</script>',
     2, "escaped safely"),
    ('<script type="application/ld+json">{{! page->body }}</script>', 2,
     "escaped safely"),
    ('<script type="application/ld+json">{% if 1 %}{% end %}</script>', 2,
     "inside <script>"),
    ('<script type="application/ld+json">{{ printf("%d", 1) }}</script>', 2,
     "no printf"),
    ('<script type="application/ld+json">{"a": 1}</script>', 2,
     "no inline <script>"),
    ("<style>{{ page->text }}</style>", 2, "escaped safely inside <style>"),
    ("<script>{% if 1 %}{% end %}</script>", 2, "inside <script>"),
    ("<!-- {{ page->text }} -->", 2, "nothing works inside <!-- -->"),
    ("<!-- {% if 1 %}{% end %} -->", 2, "nothing works inside <!-- -->"),
    ("<a href={{ page->path }}></a>", 2, "must stand in quotes"),
    ("<i class=a{{ page->path }}></i>", 2, "inside the quotes"),
    ("<i {{ page->text }}></i>", 2, "inside the quotes"),
    ("<i {{ page->text }}='1'></i>", 2, "inside the quotes"),
    ("<i da{{ page->text }}=''></i>", 2, "inside the quotes"),
    ("<{{ page->text }}>", 2, "begins no tag"),
    ("<h{{ page->small }}></h1>", 2, "inside the quotes"),
    ('<i onclick="{{ page->text }}"></i>', 2, "no inline script"),
    ('<i ONCLICK="x()"></i>', 2, "no inline script"),
    ('<i style="color: {{ page->text }}"></i>', 2, "no inline style"),
    ('<iframe srcdoc="{{ page->text }}"></iframe>', 2, "<iframe> is not"),
    ('<img alt="" srcset="{{ page->path }} 2x">', 2, "no placeholder in srcs"),
    ('<meta http-equiv="refresh" content="{{ page->path }}">', 2, "http-equiv"),
    # Addresses
    ('<a href="javascript:{{ page->text }}"></a>', 2, "must begin with"),
    ('<a href="JavaScript:f()"></a>', 2, "must begin with"),
    ('<a href=" javascript:f()"></a>', 2, "must begin with"),
    ('<a href="page/{{ page->count }}"></a>', 2, "must begin with"),
    ('<a href="//{{ page->text }}/"></a>', 2, "must begin with"),
    ('<a href="//example.org/"></a>', 2, "must begin with"),
    ('<a href="http://example.org/"></a>', 2, "must begin with"),
    ('<a href="https://{{ page->text }}/"></a>', 2, "must begin with"),
    ('<a href="https://example.org{{ page->text }}"></a>', 2, "fix the addr"),
    ('<img alt="" src="https://example.org/x.png">', 2, "from other sites"),
    ('<link rel="stylesheet" href="https://example.org/x.css">', 2,
     "from other sites"),
    ('<script src="https://example.org/x.js"></script>', 2, "from other"),
    ('<form action="https://example.org/x"></form>', 2, "from other sites"),
    ('<button formaction="https://example.org/x"></button>', 2,
     "from other sites"),
    ('<button formaction="javascript:{{ page->text }}"></button>', 2,
     "must begin with"),
    ('<a href="{% if page->is_new %}/a{% end %}{{ page->text }}"></a>', 2,
     "does not fix the address"),
    ('<a href="/{{ printf("%d", 1) }}"></a>', 2, "no printf in an address"),
    # Inline script and style
    ("<script>\nalert(1)</script>", 2, "no inline <script>"),
    ("<style>b { color: red }</style>", 2, "no inline <style>"),
    # Balance
    ("<p>\n", 2, "<p> is not closed"),
    ("</p>", 2, "</p> closes nothing"),
    ("<p>\n<b>\n</p>", 4, "</p> closes <b> of line 3"),
    ("<div/>", 2, "does not close itself"),
    ("<p>\n<div></div></p>", 3, "<div> cannot stand inside <p>"),
    ('<a href="/"><a href="/"></a></a>', 2, "<a> cannot stand inside <a>"),
    ("{% if page->is_new %}<p>{% end %}", 2, "in different places: in <p>"),
    ("{% if page->is_new %}<p>{% else %}<b>{% end %}", 2, "in <p> or in <b>"),
    ('<i {% if page->is_new %}class="{% end %}a"></i>', 2, "different places"),
    ("{% for post in page->posts, 2 %}<p>{% end %}", 2, "{% for %} ends in"),
    ("{% wrap box(\"a\") %}<p>{% end %}", 2, "ends in <p>"),
    ('{% sentence _("{x}") %}{% slot x %}<p>{% end %}', 2, "ends in <p>"),
    ('<i class="', 1, "ends in class"),
    ("<textarea><b></b></textarea>", 2, "no markup inside <textarea>"),
    ("<textarea>{{! page->body }}</textarea>", 2, "{{! }} cannot stand"),
    ("<title>{% call part(1, 0) %}</title>", 2, "{% call %} cannot stand"),
    ('<i class="{{! page->body }}"></i>', 2, "{{! }} cannot stand"),
    ('<i class="{% call part(1, 0) %}"></i>', 2, "{% call %} cannot stand"),
    ("1 < 2", 2, "begins no tag"),
    # Attributes
    ('<i class="a" class="b"></i>', 2, "has class twice"),
    ('<i {% if 1 %}class="a"{% end %} class="b"></i>', 2, "class twice"),
    ('<i class="a"id="b"></i>', 2, "a space is missing before id"),
    ('<i{% if 1 %} hidden{% end %}id="b"></i>', 2, "a space is missing"),
    ('<b>\n<img src="/x.png"></b>', 3, "<img> needs alt"),
    ('<i id="a"></i>\n<i id="a"></i>', 3, 'id="a" is there already'),
    ("{% for post in page->posts, 2 %}<i id='a'></i>{% end %}", 2,
     "repeated: a"),
    # Forms
    ('<b>\n<form method="post" action="/x"></form></b>', 3, "form_fields"),
    ('<form method="post">{% if page->is_new %}{% call form_fields("k") %}'
     "{% end %}</form>", 2, "form_fields"),
    ('<form method="{{ page->text }}"></form>', 2, "method of a form"),
    ('<form method="POST"></form>', 2, "method of a form"),
    ('<button formmethod="post"></button>', 2, "formmethod"),
    # Words that could not be translated
    ("<p>\nHello</p>", 3, "words for people"),
    ('<img src="/x.png" alt="A cat">', 2, "in alt too"),
    ('<input placeholder="Search">', 2, "in placeholder too"),
    # Directives
    ("{% nonsense %}", 2, "{% nonsense %} is not known"),
    ("{% if %}{% end %}", 2, "needs a condition"),
    ("{% if 1 %}{% else 2 %}{% end %}", 2, "takes no condition"),
    ("{% if 1 %}{% end for %}", 2, "{% end for %} closes {% if %}"),
    ("{% if 1 %}", 2, "{% if %} without {% end %}"),
    ("<i></i>", 1, "{% template %} without {% end %}"),
    ("{% for x of y %}{% end %}", 2, "write {% for"),
    ("{% let x %}", 2, "write {% let"),
    ("{{ }}", 2, "nothing between the braces"),
    ("\n{{ page", 3, "{{ without }}"),
    ("{% call nobody() %}", 2, "there is no template nobody"),
    ("{% call box(0) %}", 2, "box has {% content %}"),
    ("{% wrap part(1, 0) %}{% end %}", 2, "part has no {% content %}"),
    ("{% if 1 %}{% content %}{% end %}", 2, "{% content %} stands once"),
    ("{% content %}{% content %}", 2, "{% content %} stands once"),
    ('{% sentence _("{x}") %}1{% slot x %}{% end %}', 2, "nothing may stand"),
    ('{% sentence _("{x}") %}{% slot y %}{% end %}', 2, "differ in: x, y"),
    ('{% sentence _("{x}") %}{% slot x %}{% slot x %}{% end %}', 2,
     "is there already"),
    ('{% sentence _("x") %}{% end %}', 2, "a sentence without {% slot %}"),
]


@pytest.mark.parametrize("body, line, words", REFUSED,
                         ids=[case[0][:60] for case in REFUSED])
def test_refuses(body, line, words):
    text = ("{% template bad(const struct page *page) %}\n" + body +
            ("\n{% end %}\n" if "without" not in words else ""))
    with pytest.raises(source.TemplateError) as refusal:
        lint.check_files([source.parse("templates/bad.html", text),
                          source.parse("templates/help.html", HELPERS)])
    assert str(refusal.value).startswith(f"templates/bad.html:{line}: ")
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_an_error_is_one_line_and_exit_status_1(folder):
    result = run_compiler(folder, "{% template x() %}\n\n</p>{% end %}\n")
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == "templates/x.html:3: </p> closes nothing\n"


def test_two_templates_of_one_name_are_refused():
    text = "{% template a() %}{% end %}\n"
    with pytest.raises(source.TemplateError) as refusal:
        lint.check_files([source.parse("a.html", text),
                          source.parse("b.html", text)])
    assert str(refusal.value) == "b.html:1: the template a is there already"


# What gcc and the translators' tools see -----------------------------------

@pytest.mark.parametrize("body, words", [
    ("<p>{{ page->is_new }}</p>", "template_refuses_this_type"),
    ("<p>{{ page->ratio }}</p>", "template_refuses_this_type"),
    ("<p>{{ page->body }}</p>", "template_refuses_this_type"),
    ("<p>{{! page->text }}</p>", "incompatible type"),
    ('<a href="{{ page->small }}">1</a>', "template_refuses_this_type"),
    ("<p>{{ page->titel }}</p>", "no member named ‘titel’"),
    ('<p>{{ printf("%d", page->text) }}</p>', "expects argument of type"),
])
def test_gcc_refuses_at_the_line_of_the_template(folder, body, words):
    text = ("{% template wrong(const struct page *page) %}\n<b>1</b>\n\n"
            + body + "\n{% end %}\n")
    assert run_compiler(folder, text, "wrong").returncode == 0
    result = run_gcc(folder, "-fsyntax-only", folder / "templates/wrong.c")
    assert result.returncode != 0
    errors = [line for line in result.stderr.splitlines() if "error:" in line]
    assert errors[0].startswith("templates/wrong.html:4:")
    assert words.replace("‘", "'").replace("’", "'") in errors[0].replace(
        "‘", "'").replace("’", "'")


def test_xgettext_finds_the_sentences_at_their_lines(folder):
    text = """{% template words() %}
<h1>{{ _("Sign in") }}</h1>
<ul>

  {# TRANSLATORS: a verb #}
  <li title="{{ _("Answer") }}">1</li>
  <li>{{ printf(ngettext("%d vote", "%d votes",
                         2), 2) }}</li>
</ul>
{% sentence _("By {x}, "
              "surely") %}
{% slot x %}<b>1</b>
{% end %}
{% end %}
"""
    assert run_compiler(folder, text, "words").returncode == 0
    found = subprocess.run(
        ["xgettext", "--language=C", "--keyword=_", "--keyword=ngettext:1,2",
         "--from-code=UTF-8", "--add-comments=TRANSLATORS:", "-o", "-",
         folder / "templates/words.c"],
        capture_output=True, text=True, check=True).stdout
    for entry in ('#: templates/words.html:2\nmsgid "Sign in"',
                  '#. TRANSLATORS: a verb\n#: templates/words.html:6\n'
                  'msgid "Answer"',
                  '#: templates/words.html:7\n#, c-format\nmsgid "%d vote"',
                  '#: templates/words.html:10\nmsgid "By {x}, surely"'):
        assert entry in found


def test_a_translation_without_a_slot_is_reported(folder):
    text = ('{% template t() %}\n{% sentence _("By {who} at {when}") %}'
            "{% slot who %}1{% slot when %}2{% end %}{% end %}\n")
    (folder / "t.html").write_text(text)
    messages = folder / "fr.po"

    def check(translation):
        messages.write_text(
            'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
            f'msgid "By {{who}} at {{when}}"\nmsgstr "{translation}"\n')
        return subprocess.run(
            [COMPILER, "--check-translations", messages, "--root", folder,
             "t.html"], capture_output=True, text=True)

    assert check("À {when}, par {who}").returncode == 0
    result = check("Par {qui} à {when}")
    assert result.returncode == 1
    assert result.stderr.startswith("t.html:2: ")
    assert result.stderr.endswith("with other slots: qui, who\n")


def test_mail_has_a_header_of_its_own_and_may_be_styled(folder):
    text = ('{% mail %}\n{% template letter(const char *name) %}'
            '<p style="color: #333">{{ name }}</p>{% end %}\n')
    assert run_compiler(folder, text, "letter").returncode == 0
    header = (folder / "templates/letter.h").read_text()
    assert "template_letter" in header and "web/pages.h" not in header
    assert "template_letter" not in (folder / "templates/templates.h").read_text()
    assert run_gcc(folder, "-fsyntax-only",
                   folder / "templates/letter.c").returncode == 0


def test_a_placeholder_in_a_style_is_refused():
    text = ('{% mail %}{% template letter(const char *name) %}'
            '<p style="color: {{ name }}">1</p>{% end %}')
    with pytest.raises(source.TemplateError) as refusal:
        lint.check_files([source.parse("letter.html", text)])
    assert "no placeholder in style" in str(refusal.value)


def test_what_stays_the_same_is_not_written_again(folder):
    text = "{% template same() %}1{% end %}\n"
    run_compiler(folder, text, "same")
    before = (folder / "templates/same.c").stat().st_mtime_ns
    run_compiler(folder, text, "same")
    assert (folder / "templates/same.c").stat().st_mtime_ns == before


def test_literal_text_is_one_write():
    file = source.parse("x.html", "{% template x() %}<p>\n{# a #}<b>1</b>"
                        "<!-- b --></p>{% end %}")
    lint.check_files([file])
    program = generate.program(file)
    assert program.count("buf_bytes(") == 1
    assert '<b>1</b></p>", 16);' in program
