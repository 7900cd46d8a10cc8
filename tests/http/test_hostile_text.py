"""Text that people could type to harm others: through every sink, and nothing of
it may come alive; nor may anything harmless be lost.

Pages are read by html5lib, which builds the tree that a browser would.
"""

import json
import re

import html5lib
import pytest

from support.forum import BODY, a_title, answer, ask, category, comment, rest
from support.site import shared_folder

ALLOWED = {
    "p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a", "img", "h1", "h2",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "input", "span", "div",
    "sup", "sub", "section", "kbd", "s", "b", "i", "u", "ins", "dl", "dt", "dd", "abbr", "figure", "figcaption", "small",
    "cite", "q", "samp", "var", "mark", "caption", "tfoot", "col", "colgroup", "strike", "tt",
}
FORBIDDEN = {"script", "style", "iframe", "object", "embed", "svg", "math", "form", "button", "textarea", "select",
             "template", "noscript", "link", "meta", "base", "frame", "frameset", "applet", "video", "audio", "canvas"}
ATTRIBUTES = {"href", "rel", "title", "src", "alt", "class", "align", "start", "type", "checked", "disabled", "lang",
              "id", "colspan", "rowspan", "width", "height", "loading", "dir", "open", "scope", "translate", "aria-label",
              "decoding", "datetime", "value", "reversed", "span", "headers", "name", "role", "tabindex", "referrerpolicy"}


def is_harmless_target(value):
    """The web, mail, or a place of our own, as the URL standard reads it: white
    space around and tabs and line breaks inside do not count."""
    value = re.sub(r"[\t\n\r]", "", value.strip("".join(map(chr, range(33)))))
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", value, re.I)
    if scheme:
        return bool(re.match(r"https?://|mailto:", value, re.I))
    return not re.match(r"[/\\]{2}|\\", value)


OWN = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "\"><svg onload=alert(1)>",
    "'><img src=x onerror=alert(1)>", "<a href=\"javascript:alert(1)\">x</a>", "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))", "[x](java\tscript:alert(1))", "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))", "![x](javascript:alert(1))", "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:msgbox(1))", "<javascript:alert(1)>", "[x]: javascript:alert(1)\n\n[x]", "[a](//evil.example)",
    "[a](\\\\evil.example)", "<iframe src=//evil.example>", "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "```\n</code></pre><script>alert(1)</script>\n```", "`<script>alert(1)</script>`", "<!--><img src=x onerror=alert(1)>-->",
    "<details open ontoggle=alert(1)>", "<style>*{background:url(//evil.example)}</style>", "<base href=//evil.example>",
    "{{ 7*7 }} ${7*7} <%= 7*7 %> {% end %}", "%s%s%s%n %1$n %x", "&lt;script&gt;alert(1)&lt;/script&gt;", "]]><script>alert(1)</script>",
    "\u2028<script>alert(1)</script>", "<ScRiPt\u00a0src=x>", "<a id=main><a name=csrf>", "<p class=notice role=alert>x",
    "| <img src=x onerror=alert(1)> |\n|---|\n| [x](javascript:alert(1)) |", "- [x] <input autofocus onfocus=alert(1)>",
    "@<script>alert(1)</script>", "https://example.com/\"onmouseover=\"alert(1)", "www.example.com/'><script>alert(1)</script>",
    "<https://example.com/\"><img src=x onerror=alert(1)>", "[x](https://example.com \"\\\" onclick=alert(1) \")",
    "> <script>alert(1)</script>", "~~<script>~~alert(1)</script>", "\\<script>alert(1)\\</script>", "<?php echo 1 ?>",
]


def shared_lines(path, key=None, step=1):
    shared = shared_folder()
    file = shared and shared / "data/security" / path
    if not file or not file.exists():
        return []
    if path.endswith(".jsonl"):
        listed = [json.loads(line)[key] for line in file.read_text("utf-8").splitlines()]
    elif path.endswith(".json"):
        listed = json.loads(file.read_text("utf-8"))
    else:
        listed = file.read_text("utf-8").splitlines()
    return listed[::step]


def is_typable(text):
    """What the border lets through: no control characters, valid Unicode."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    # Noncharacters and the like are refused too, with a 400.
    return bool(text.strip()) and not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]", text)


def tree(text, fragment=False):
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    return parser.parseFragment(text) if fragment else parser.parse(text)


def faults_of_prose(node):
    """What must not be inside a post: each as a line."""
    for element in node.iter():
        tag = element.tag
        if not isinstance(tag, str):
            yield "a comment"
            continue
        if tag in FORBIDDEN or tag not in ALLOWED | {"DOCUMENT_FRAGMENT"}:
            yield f"<{tag}>"
        for name, value in element.attrib.items():
            if not isinstance(name, str) or name not in ATTRIBUTES or name.startswith("on") or name == "style":
                yield f"<{tag} {name}>"
            if name in ("href", "src") and not is_harmless_target(value):
                yield f"<{tag} {name}={value!r}>"
        if tag == "input" and (element.get("type") != "checkbox" or "disabled" not in element.attrib):
            yield "<input>"


def is_harmless_script(element):
    """Ours, or data, which browsers do not run (and which must be whole)."""
    text = element.text or ""
    if element.get("type") == "application/ld+json" and "src" not in element.attrib:
        return "<" not in text and isinstance(json.loads(text), dict)
    return element.get("src", "").startswith("/static/") and not text.strip()


def faults_of_page(text):
    """What must not be on any page of ours, whoever wrote what stands on it."""
    page = tree(text)
    for element in page.iter():
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if tag in ("iframe", "object", "embed", "math", "base", "applet", "frame", "style", "template", "noscript"):
            yield f"<{tag}>"
        if tag == "script" and not is_harmless_script(element):
            yield "<script>"
        for name, value in element.attrib.items():
            if isinstance(name, tuple):
                continue
            if name.startswith("on") or name in ("style", "srcdoc"):
                yield f"<{tag} {name}>"
            if name in ("href", "src", "action", "formaction") and not is_harmless_target(value):
                yield f"<{tag} {name}={value!r}>"
            if name in ("action", "formaction") and not value.startswith("/"):
                yield f"a form to {value!r}"
    for prose in page.iter("div"):
        if "prose" in prose.get("class", "").split():
            # The frame around it is ours.
            prose.attrib.pop("itemprop", None)
            yield from faults_of_prose(prose)


@pytest.fixture(autouse=True)
def unjudged(site, monkeypatch):
    """Not for the Nu checker: an address that somebody made up may be no valid one."""
    monkeypatch.setattr(site, "keep_page", lambda answered: None)


@pytest.fixture(scope="module")
def author(site):
    """Of the team, so that nobody has to wait between two posts."""
    return site.member(role="advisor", address="127.0.0.1")


def preview(author, token, text):
    answered = author.post("/preview", {"csrf": token, "body": text})
    assert answered.status in (200, 422), (answered, text[:200])
    return answered.text if answered.status == 200 else ""


def batches(texts, most_bytes=20_000):
    """Texts one under the other, with a line between them that ends what is open."""
    batch, size = [], 0
    for text in texts:
        if size + len(text.encode()) > most_bytes and batch:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text.encode()) + 10
    if batch:
        yield batch


VECTORS = [("our own", lambda: OWN),
           ("HTML", lambda: shared_lines("xss/html_vectors.jsonl", "input", 2)),
           ("Markdown", lambda: shared_lines("xss/markdown_vectors.jsonl", "input", 2)),
           ("naughty strings", lambda: shared_lines("naughty/blns.json"))]


@pytest.mark.parametrize("texts", [texts for _, texts in VECTORS], ids=[name for name, _ in VECTORS])
def test_no_text_comes_alive_in_a_preview(author, texts):
    listed = [text for text in texts() if is_typable(text) and len(text.encode()) < 20_000]
    if not listed:
        pytest.skip("the shared vectors are not here")
    token = author.get("/ask").page.form("/ask").fields["csrf"]
    found, refused = {}, 0
    for batch in batches(listed):
        html = preview(author, token, "\n\n".join(batch))
        if html and not list(faults_of_prose(tree(html, fragment=True))):
            continue
        # Something in it: one by one.
        for text in batch:
            html = preview(author, token, text)
            refused += not html
            faults = list(faults_of_prose(tree(html, fragment=True)))
            if faults:
                found[text] = faults
    assert not found
    assert refused < len(listed) / 10, "most of them can be rendered, or nothing was tested"


def test_no_text_comes_alive_on_any_page_that_shows_it(site, author):
    """Through the real forms: title, text, answer, comment, tags, reason, bio, search."""
    sample = OWN + shared_lines("xss/html_vectors.jsonl", "input", 150)
    sample = [text for text in sample if is_typable(text) and len(text) < 1500]
    topic = ask(author, body=f"{BODY}\n\n" + "\n\n".join(sample[:60]))
    for start in range(0, len(sample), 20):
        answer(author, topic, body=f"{BODY}\n\n" + "\n\n".join(sample[start:start + 20]))
    for text in sample[:8]:
        comment(author, topic.post, f"Short: {text}"[:1900])
    number = author.get(topic.path).page.all("article")[0]["id"][1:]
    edited = author.submit(f"/p/{number}/edit", f"/p/{number}/edit", body="\n\n".join(OWN[:20]) + BODY,
                           reason="<script>alert(1)</script>\"'>", title="A title <b onclick=x>bold</b> & 'more' \"x\"")
    assert edited.status == 200
    bio = author.submit("/settings", "/settings/profile", bio="\n\n".join(OWN)[:3900], language="en", wants_mail="1")
    assert bio.status == 200
    reader = site.visitor(address="127.0.0.1")
    pages = [edited.path, f"/p/{number}/history", f"/p/{number}/comments", f"/u/{author.person.id}", "/", "/questions",
             "/c/box", f"/u/{author.person.id}?tab=answers"]
    for path in pages:
        shown = reader.get(path)
        assert shown.status == 200, path
        assert not list(faults_of_page(shown.text)), path
    assert "<b onclick" not in reader.get(edited.path).text
    for text in OWN:
        for path, fields in (("/search", {"q": text}), ("/ask", {"title": text}), ("/login", {"next": text})):
            visitor = author if path == "/ask" else reader
            shown = visitor.get(path, params=fields)
            assert shown.status in (200, 302, 400), (path, text)
            assert shown.status != 200 or not list(faults_of_page(shown.text)), (path, text)


@pytest.mark.parametrize("title", [
    "<script>alert(1)</script> in a title, why?", "</title><script>alert(1)</script> why is it?",
    "\"><img src=x onerror=alert(1)> is it so?", "A title with {{ braces }} and {% tags %}", "100 % sûr : %s %n %d ?",
    "Ça coûte 10 € – « vraiment » ? Oui & non", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🙈🙉🙊 title, is it fine?", "&amp; &lt;b&gt; stays as it is typed",
])
def test_a_title_is_shown_as_it_was_typed_wherever_it_stands(site, author, title):
    topic = ask(author, title=title)
    assert topic.row()["title"] == title
    reader = site.visitor(address="127.0.0.1")
    page = reader.get(topic.path)
    assert page.page.find("h1").text == title
    assert title in page.page.title
    assert page.page.find("meta", property="og:title")["content"] == title
    for path in ("/", "/questions", f"/u/{author.person.id}"):
        shown = reader.get(path)
        assert title in shown.page.text, path
        assert not list(faults_of_page(shown.text)), path
    assert next(t for t in reader.get("/api/v1/topics").json()["topics"] if t["id"] == topic.id)["title"] == title


NAMES = ["<script>alert(1)</script>", "\"><svg onload=alert(1)>", "Robert'); DROP TABLE people;--", "{{ name }} %s",
         "Zoë Ågström-Nuñez", "李小龍", "a&b <c> \"d\" 'e'"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_shown_as_it_was_typed_or_refused(site, name):
    visitor, email = site.visitor(), f"name-{abs(hash(name))}@example.org"
    answered = visitor.sign_up(name, email, "correct horse battery staple")
    assert answered.status in (200, 422)
    assert not list(faults_of_page(answered.text))
    if answered.status == 422:
        assert answered.page.form("/signup").fields["name"] == name
        return
    assert visitor.confirm(site.wait_mail(email)).status == 200
    number = site.sql_value("select id from people where email = %s", email)
    visitor.language = "en"
    topic = ask(visitor)
    reader = site.visitor()
    for path in (topic.path, f"/u/{number}", "/", "/questions"):
        shown = reader.get(path)
        assert shown.status == 200 and name in shown.page.text, path
        assert not list(faults_of_page(shown.text)), path
    mail = site.mails(email)[0]
    assert name in mail.text
    assert [address.addr_spec for address in mail.message["To"].addresses] == [email]
    assert not [e.tag for e in tree(mail.html).iter() if e.tag in ("script", "svg", "c")]


@pytest.mark.parametrize("tags", ["<b>", "a\"b", "x';--", "../etc", "a<script>", "%s", "{{x}}", "\\", "$(id)", "a|b"])
def test_a_tag_of_odd_signs_is_refused(author, site, tags):
    rest(site)
    refused = author.submit("/ask", "/ask", title=a_title(), body=BODY, tags=tags, category=category(site))
    assert refused.status == 422
    assert refused.page.form("/ask").fields["tags"] == tags
    assert not list(faults_of_page(refused.text))


@pytest.mark.parametrize("tags, shown", [("C++", "c++"), ("C#", "c#"), (".NET", ".net"), ("Wi-Fi 6E, box", "wi-fi-6e"),
                                         ("été", "été"), ("日本", "日本"), ("node.js", "node.js")])
def test_a_tag_of_good_signs_has_a_page(author, site, tags, shown):
    topic = ask(author, tags=tags)
    page = site.visitor().get(topic.path).page
    link = next(a for a in page.all("a", class_="tag"))
    assert link.text == shown
    assert site.visitor().get(link["href"]).page.find("h1").text == shown


def test_what_looks_like_an_attack_and_is_none_is_shown_byte_for_byte(site, author):
    listed = [line for line in shared_lines("benign/sqli_lookalike_text.txt") if is_typable(line)]
    if not listed:
        pytest.skip("the shared texts are not here")
    lines = [line.rstrip() for line in listed]
    topic = ask(author, body="```\n" + "\n".join(lines) + "\n```")
    code = site.visitor().get(topic.path).page.find("pre").find("code")
    assert code.raw_text.rstrip("\n").split("\n") == lines
    kept = site.sql_value("select body_md from posts where id = %s", topic.post)
    assert kept == "```\n" + "\n".join(lines) + "\n```"


def test_naughty_strings_are_kept_and_shown_byte_for_byte(site, author):
    listed = [text for text in shared_lines("naughty/blns.json") if is_typable(text) and "\n" not in text]
    if not listed:
        pytest.skip("the shared strings are not here")
    listed = [text for text in listed if "```" not in text and text == text.rstrip() and "\r" not in text and "\t" not in text]
    for start in range(0, len(listed), 150):
        lines = listed[start:start + 150]
        topic = ask(author, body="```\n" + "\n".join(lines) + "\n```")
        shown = site.visitor().get(topic.path).page.find("pre").find("code").raw_text
        assert shown.rstrip("\n").split("\n") == lines


def test_attempts_at_sql_are_words_like_others(site, author):
    """In every place that reaches a statement: neither an error nor another count."""
    payloads = [text for text in shared_lines("sqli/payloads.jsonl", "input", 60) if is_typable(text)]
    payloads += ["'", "''", "\\", "%", "_", "';select pg_sleep(5)--", "1 or 1=1", "$$", "E'\\\\'", "\"", "/*", "--", ";"]
    before = site.sql_value("select count(*) from topics")
    for text in payloads:
        for path, name in (("/search", "q"), ("/tags", "name"), ("/api/v1/topics", "category"), ("/questions", "after")):
            shown = author.get(path, params={name: text[:1000], **({"count": "5"} if path == "/tags" else {})})
            assert shown.status in (200, 400, 404), (path, text, shown)
            assert not re.search(r"syntax error|SQLSTATE|psql|libpq", shown.text), (path, text)
    for text in payloads[:10]:
        refused = author.post("/login", {"csrf": author.get("/ask").page.form("/ask").fields["csrf"],
                                         "email": text, "password": text})
        assert refused.status in (422, 429)
    assert site.sql_value("select count(*) from topics") == before


HEAVY = {
    "10,000 quotes deep": "> " * 10_000 + "x",
    "deep lists": "\n".join(" " * n + "- a" for n in range(0, 240)),
    "a table of 2,048 columns": "|" + "a|" * 2048 + "\n|" + "-|" * 2048 + "\n" + "|x|\n" * 300,
    "127 columns": "|" + "a|" * 127 + "\n|" + "-|" * 127 + "\n" + "|x\n" * 5000,
    "images open": "![[]()" * 5000,
    "brackets": "[" * 30_000,
    "emphasis": "*a_ " * 7500,
    "strong": "**a " * 7500,
    "backticks": "".join("e" + "`" * k for k in range(1, 230)),
    "autolinks": "a@b." * 7500,
    "links": "[a](<" * 6000,
    "entities": "&" * 30_000,
    "references": "[i]: /u\n" + "[i][i]" * 5000,
    "footnotes": "[^i]: x\n\n" + "[^i]" * 7000,
    "mentions": "@a" * 15_000,
    "attributes": "<a " + " ".join(f"a{n}=1" for n in range(5000)) + ">",
    "tags": "<b>" * 10_000,
    "comments": "<!--" * 8000,
    "combining letters": "Z" + "\u0351" * 15_000,
}


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY.keys())
def test_a_text_made_to_cost_much_costs_little(author, text):
    text = text[:31_900]
    token = author.get("/ask").page.form("/ask").fields["csrf"]
    answered = author.post("/preview", {"csrf": token, "body": text})
    assert answered.status in (200, 422)
    assert answered.response.elapsed.total_seconds() < 2
    assert len(answered.response.content) <= 8 * len(text.encode()) + 8192
    if answered.status == 200:
        assert not list(faults_of_prose(tree(answered.text, fragment=True)))
