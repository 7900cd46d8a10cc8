"""What a program reads from a page: microdata by the algorithm of the HTML standard
(https://html.spec.whatwg.org/multipage/microdata.html), and JSON-LD.
"""

import json
import re
import urllib.parse

LINKS = {"a": "href", "area": "href", "link": "href", "img": "src", "audio": "src", "video": "src", "source": "src",
         "iframe": "src", "embed": "src", "track": "src"}


def value_of(node, address):
    if node.has("itemscope"):
        return item_of(node, address)
    if node.tag == "meta":
        return node.get("content")
    if node.tag in LINKS:
        return urllib.parse.urljoin(address, node.get(LINKS[node.tag]))
    if node.tag == "time" and node.has("datetime"):
        return node.get("datetime")
    return node.raw_text


def collect(node, item, address):
    for child in node.children:
        if isinstance(child, str):
            continue
        for name in child.get("itemprop").split():
            item.setdefault(name, []).append(value_of(child, address))
        if not child.has("itemscope"):
            collect(child, item, address)


def item_of(node, address):
    item = {"@type": node.get("itemtype").removeprefix("https://schema.org/")}
    collect(node, item, address)
    return item


def microdata(answer):
    """The page's items; each property is a list, as it may stand several times."""
    address = answer.response.url
    return [item_of(node, address) for node in answer.page.root.walk()
            if node.has("itemscope") and not node.has("itemprop")]


def json_ld(answer):
    """What stands in its script elements, without @graph around it."""
    found = []
    for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.S):
        block = json.loads(block)
        assert block["@context"] == "https://schema.org"
        found += block.get("@graph", [block])
    return found


def kinds(answer):
    return sorted(item["@type"] for item in microdata(answer) + json_ld(answer))


def one(item, name):
    """A property that must stand exactly once."""
    values = item.get(name, [])
    assert len(values) == 1, (item["@type"], name, values)
    return values[0]
