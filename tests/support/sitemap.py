"""The sitemap as a crawler reads it, and not waiting a minute for it."""

import gzip
import urllib.parse
import xml.etree.ElementTree

from support.waiting import until

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def make_sitemap(site):
    """Everything that has happened so far is in it then."""
    site.sql("update sitemap_files set touched_at = now()")

    def is_done():
        # The job that waits is due at once; one may be running that began earlier.
        site.sql("update jobs set run_at = now() where kind = 'sitemap' and state = 'queued'")
        site.sql("notify jobs")
        return site.sql_value("select (select count(*) from sitemap_touches) + (select count(*) from sitemap_files"
                              " where touched_at is not null) = 0 and exists (select from sitemap_files)")

    until(is_done, 60, "the sitemap to be made")


def entries(text, what):
    """[(address, lastmod or None)] of an index or a file."""
    root = xml.etree.ElementTree.fromstring(text)
    assert root.tag == NAMESPACE + ("sitemapindex" if what == "sitemap" else "urlset")
    found = []
    for node in root:
        assert node.tag == NAMESPACE + what
        assert [child.tag for child in node] in ([NAMESPACE + "loc"], [NAMESPACE + "loc", NAMESPACE + "lastmod"])
        found.append((node.findtext(NAMESPACE + "loc"), node.findtext(NAMESPACE + "lastmod")))
    return found


def read_sitemap(visitor, site):
    """{file's name: {path: lastmod}} of all there is."""
    files = {}
    for address, _ in entries(visitor.get("/sitemap.xml").text, "sitemap"):
        assert address.startswith(site.url + "/sitemap/")
        answer = visitor.get(address.removeprefix(site.url))
        assert answer.status == 200 and answer.headers["Content-Type"] == "application/gzip"
        rows = entries(gzip.decompress(answer.response.content), "url")
        assert all(row[0].startswith(site.url + "/") for row in rows)
        files[address.rpartition("/")[2]] = {
            urllib.parse.unquote(row[0].removeprefix(site.url)): row[1] for row in rows}
    return files
