"""/admin/brand: an administrator changes the brand and everybody sees it at once;
what cannot be read is refused; uploads become pictures of our own making."""

import re
import struct
import zlib

import pytest

from support.waiting import until

PAGE, LOGO = "/admin/brand", "/admin/brand/logo"
SECONDS = 2  # what is promised


@pytest.fixture(scope="module")
def administrator(site):
    return site.member(role="administrator", address="127.0.0.1")


@pytest.fixture(autouse=True)
def the_themes_own(site):
    yield
    site.sql("delete from site_settings where name like 'brand.%%'")


def save(visitor, do="save", **fields):
    return visitor.submit(PAGE, PAGE, do=do, **{f"brand.{name}": value for name, value in fields.items()})


def sheet(visitor, path="/tags"):
    return re.search(r'href="(/theme/[0-9a-f]{16}\.css)"', visitor.get(path).text)[1]


def png(width, height, padding=0):
    """A picture with some colours in it; padding: bytes of a comment."""
    rows = b"".join(b"\0" + b"".join(bytes((x * 7 % 256, y * 5 % 256, 80)) for x in range(width))
                    for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"tEXt", b"Comment\0" + b"x" * padding) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def upload(visitor, content, name="logo.png"):
    """As a browser sends a file, by hand: the support speaks urlencoded forms only."""
    fields = visitor.get(PAGE).page.form(LOGO).fields
    boundary = "----formboundary7MA4YWxk"
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{fields[key]}\r\n'.encode()
             for key in ("csrf", "key")]
    parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="logo"; filename="{name}"\r\n'
                 f"Content-Type: image/png\r\n\r\n".encode() + content + b"\r\n")
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    return visitor.post(LOGO, body, headers={"Content-Type": f"multipart/form-data; boundary={boundary}"})


# ---- name, colours, fonts ------------------------------------------------------------


def test_the_name_is_everywhere_at_once(site, administrator):
    reader = site.visitor(address="127.0.0.1")
    assert "The settings are saved" in save(administrator, name="Brandissima").page.text
    until(lambda: all("Brandissima" in reader.get("/tags").page.find("title").text for _ in range(6)), SECONDS)
    assert "Brandissima" in reader.get("/opensearch.xml").text


def test_colours_have_a_style_sheet_with_a_version_in_its_address(site, administrator):
    reader = site.visitor(address="127.0.0.1")
    plain = sheet(reader)
    save(administrator, button="#006644")
    first = until(lambda: (found := sheet(reader)) != plain and found, SECONDS)
    answer = reader.get(first)
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "immutable" in answer.headers["Cache-Control"]
    assert "--brand:#006644" in answer.text
    save(administrator, button="#880044")
    second = until(lambda: (found := sheet(reader)) != first and found, SECONDS)
    assert "--brand:#880044" in reader.get(second).text
    old = reader.get(first, follow=False)
    assert old.status == 302 and old.headers["Location"].endswith(second)
    assert "no-store" in old.headers["Cache-Control"]


def test_nothing_chosen_leaves_the_theme_as_it_is(site):
    reader = site.visitor(address="127.0.0.1")
    theme = reader.get("/theme/theme.css").text
    shown = until(lambda: (text := reader.get(sheet(reader)).text).rstrip().endswith(theme.rstrip()) and text, SECONDS)
    assert ".site-header" in shown, "ours comes first"


def test_a_page_has_one_style_sheet_and_one_script(site, administrator):
    visitor = site.visitor()
    for path in ("/", "/questions", "/tags", "/kb", "/signup", "/login", "/charter", "/nothing"):
        page = visitor.get(path).page
        styles = [link["href"] for link in page.all("link") if link.get("rel") == "stylesheet"]
        scripts = [script for script in page.all("script") if script.has("src")]
        assert len(styles) == 1 and re.fullmatch(r"/theme/[0-9a-f]{16}\.css", styles[0]), (path, styles)
        assert len(scripts) == 1 and scripts[0].has("defer"), path


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
def test_the_style_sheet_is_sent_in_the_form_that_was_asked_for(site, coding):
    visitor = site.visitor()
    path = sheet(visitor)
    answer = visitor.get(path, headers={"Accept-Encoding": coding}, stream=True)
    assert answer.headers.get("Content-Encoding", "identity") == coding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_theme_that_changes_is_seen_without_a_restart(site):
    reader = site.visitor(address="127.0.0.1")
    theme, before = site.var / "theme" / "theme.css", sheet(reader)
    original = theme.read_text()
    try:
        theme.write_text(original + "\n:root { --radius: 3px; }\n")
        # While it is written the program may read the half of it, and shows that for a moment.
        until(lambda: "--radius: 3px" in reader.get(sheet(reader)).text, SECONDS)
        assert sheet(reader) != before
    finally:
        theme.write_text(original)
    assert until(lambda: sheet(reader) == before, SECONDS), "the same sheet has the same address"


def test_a_contrast_that_is_too_weak_is_refused_with_the_reason(site, administrator):
    answer = save(administrator, link="#bbbbbb")
    assert answer.status == 422
    said = answer.page.find(id="brand.link-error").text
    assert "“Links” on “The page” has a contrast of 1.7 to 1" in said and "4.5 to 1" in said
    assert answer.page.form(PAGE).fields["brand.link"] == "#bbbbbb"
    assert site.sql_value("select count(*) from site_settings where name = 'brand.link'") == 0
    french = site.member(role="administrator", language="fr")
    assert "contraste de 1,7" in save(french, link="#bbbbbb").page.find(id="brand.link-error").text


@pytest.mark.parametrize("field, value", [("link", "red"), ("button", "#12345"), ("page", "#ggg000"),
                                          ("font", "url(//evil.example)"), ("text", "#000000;}*{")])
def test_what_is_no_colour_or_font_never_gets_into_a_style_sheet(site, administrator, field, value):
    answer = save(administrator, **{field: value})
    assert answer.status == 422
    assert answer.page.find(id=f"brand.{field}-error")
    css = administrator.get(f"{PAGE}/preview.css", params={f"brand.{field}": value}).text
    assert value not in css
    assert site.sql_value("select count(*) from site_settings where name like 'brand.%%'") == 0


# ---- preview ---------------------------------------------------------------------------


def test_the_preview_shows_the_page_in_its_new_clothes_and_saves_nothing(site, administrator):
    answer = save(administrator, do="preview", name="Previewia", button="#005500",
                  header="<p>Above <b>all</b></p>", font="old_style")
    assert answer.status == 200
    assert "This is a preview" in answer.page.text
    assert "Previewia" in answer.page.find("title").text
    assert answer.page.find("div", class_="brand-header").text == "Above all"
    href = next(link["href"] for link in answer.page.all("link") if "preview.css" in link.get("href"))
    css = administrator.get(href).text
    assert "--brand:#005500" in css and "Palatino" in css
    assert site.sql_value("select count(*) from site_settings where name like 'brand.%%'") == 0
    assert "Previewia" not in administrator.get("/tags").text
    saved = administrator.post(PAGE, {**answer.page.form(PAGE).fields, "do": "save"})
    assert "The settings are saved" in saved.page.text
    assert "Previewia" in administrator.get("/tags").text


def test_fragments_are_made_harmless(site, administrator):
    save(administrator, header='<p onclick="x()">Hello <script>alert(1)</script><a href="javascript:x">no</a>'
                               '<a href="https://brand.example/">yes</a></p>', footer="<style>*{}</style><em>Foot</em>")
    page = until(lambda: (page := site.visitor(address="127.0.0.1").get("/tags").page).find("div", class_="brand-header")
                 and page, SECONDS)
    header, footer = page.find("div", class_="brand-header"), page.find("div", class_="brand-footer")
    assert header.text == "Hello noyes" and footer.text == "Foot"
    assert not header.all("script") and "onclick" not in str(header.attributes)
    assert [link.get("href") for link in header.all("a")] in (["https://brand.example/"], ["", "https://brand.example/"])


# ---- the logo --------------------------------------------------------------------------


def test_an_uploaded_logo_is_made_anew_and_shown_everywhere(site, administrator):
    reader = site.visitor(address="127.0.0.1")
    assert "The logo is being made ready" in upload(administrator, png(64, 64)).page.text

    def shown():
        found = reader.get("/tags").page.find("a", class_="brand").find("img")["src"]
        return found.startswith("/brand/logo-") and found
    address = until(shown, seconds=20)
    picture = reader.get(address)
    assert picture.headers["Content-Type"] == "image/webp"
    assert "immutable" in picture.headers["Cache-Control"]
    assert picture.response.content[:4] == b"RIFF" and b"Comment" not in picture.response.content
    row = site.sql("select * from brand_logos order by id desc limit 1")[0]
    assert row["state"] == "ready" and row["original"] is None and (row["width"], row["height"]) == (64, 64)
    form = next(f for f in administrator.get(PAGE).page.forms if f.action == "/admin/undo")
    administrator.post("/admin/undo", form.fields)
    until(lambda: reader.get("/tags").page.find("a", class_="brand").find("img")["src"] == "/theme/logo.svg", SECONDS)


@pytest.mark.parametrize("content, said", [
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "PNG, JPEG, WebP or GIF"),
    (png(8, 8, padding=201_000), "at most 200 kB"),
    (b"", "Choose a picture first"),
])
def test_what_cannot_be_a_logo_is_refused(site, administrator, content, said):
    before = site.sql_value("select count(*) from brand_logos")
    answer = upload(administrator, content)
    assert answer.status == 422
    assert said in answer.page.find(id="logo-error").text
    assert site.sql_value("select count(*) from brand_logos") == before


def test_a_broken_picture_is_refused_by_the_worker_and_said(site, administrator):
    upload(administrator, b"\x89PNG\r\n\x1a\n" + b"not a picture at all")
    until(lambda: site.sql_value("select state from brand_logos order by id desc limit 1") == "refused", seconds=20)
    assert "cannot be used" in administrator.get(PAGE).page.text
    assert site.visitor().get("/brand/logo-999999.webp").status == 404


def test_a_file_sent_to_another_form_is_refused(site, administrator):
    boundary = "X"
    body = (b'--X\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\n\x89PNG\r\n--X--\r\n')
    answer = administrator.post("/settings/profile", body,
                                headers={"Content-Type": f"multipart/form-data; boundary={boundary}"})
    assert answer.status in (400, 403)
