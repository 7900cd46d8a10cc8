"""Articles straight into the tables, for tests of what is shown and done with them."""

from support.forum import category, path_of

BODY = ("## First\n\nSwitch it off.\n\n> **Warning** Not during an update.\n\n## Then\n\n1. Wait.\n2. Switch it on.\n")
HTML = ("<h3>First</h3>\n<p>Switch it off.</p>\n<blockquote>\n<p><strong>Warning</strong> Not during an update.</p>\n"
        "</blockquote>\n<h3>Then</h3>\n<ol>\n<li>Wait.</li>\n<li>Switch it on.</li>\n</ol>\n")


def put_article(site, title, *, language="en", slug="kb-place", product="", published=True, group=None, owner=None):
    """Its number; published unless said otherwise."""
    number = site.sql_value(
        "insert into articles (group_id, language, category_id, product, product_slug, title, summary, owner_id)"
        " values (coalesce(%s::bigint, nextval('article_groups')), %s, %s, %s, lower(replace(%s, ' ', '-')), %s, %s, %s)"
        " returning id",
        group, language, category(site, slug), product, product, title, f"In short: {title}", owner)
    version = site.sql_value(
        "insert into article_versions (article_id, number, title, summary, body_md, body_html, author_id)"
        " values (%s, 1, %s, %s, %s, %s, %s) returning id",
        number, title, f"In short: {title}", BODY, HTML, owner)
    site.sql("update articles set latest_version_id = %s where id = %s", version, number)
    if published:
        site.sql("update articles set published_version_id = latest_version_id, state = 'published',"
                 " published_at = now(), changed_at = now() where id = %s", number)
    return number


def path_of_article(site, number):
    return path_of(site.visitor("en").get(f"/kb/{number}", follow=False))
