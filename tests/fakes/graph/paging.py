"""Lists in pages: cursors, next and previous links, and paging's recorded oddities.

An oddity is asked for by a fault script entry with {"paging": KIND}:
  empty_with_next   no data, but a next link that goes on
  short             half of the page, the rest comes with the next one
  repeat_item       the page begins with the last item of the one before
  same_page         the page again and again: next leads to itself
  blank_links       "previous":"" and "next":""
  no_paging         no paging at all, although there is more
  foreign_next      next points at another host
  too_deep, stale   the two errors about cursors
"""
import urllib.parse

from . import errors, wire

LIMIT_DEFAULT = 25
LIMIT_MAX = 100
ODDITIES = ("empty_with_next", "short", "repeat_item", "same_page", "blank_links", "no_paging",
            "foreign_next", "too_deep", "stale")


def read_limit(options):
    text = options.get("limit")
    if text is None or text == "":
        return LIMIT_DEFAULT
    if not text.isdigit():
        raise errors.parameter("Param limit must be an integer greater than or equal to 0")
    if int(text) > LIMIT_MAX:
        raise errors.limit_too_high()
    return int(text)


def start_of(call, items, options, limit):
    """Where the page begins, from after= or before=."""
    name = "after" if options.get("after") else "before" if options.get("before") else None
    if name is None:
        offset = options.get("offset", "")
        return int(offset) if offset.isdigit() else 0
    text = wire.cursor_decode(options[name])
    position = position_of(items, text) if text else None
    if position is None:
        raise errors.cursor_bad()
    deepest = call.settings["after_cursor_max"]
    if deepest and position > deepest:
        raise errors.cursor_too_deep()
    return position if name == "after" else max(0, position - limit)


def position_of(items, text):
    """A cursor's text is an offset, or with a colon the item's number besides.

    What follows a semicolon only makes a cursor differ from the one before it.
    """
    text = text.partition(";")[0]
    offset, _, number = text.partition(":")
    if not offset.isdigit() or len(offset) > 12:
        return None
    if not number:
        return int(offset)
    for index, item in enumerate(items):
        if str(item.number) == number:
            return index + 1
    return int(offset)


def cursor_text(call, items, position):
    if call.settings["cursor_mode"] == "item" and 0 < position <= len(items):
        return f"{position}:{getattr(items[position - 1], 'number', position)}"
    return str(position)


def page(call, items, options, link):
    """(the items of this page, its "paging" object or None).

    link(**changes) gives the address of this very list with other parameters.
    """
    limit = read_limit(options)
    oddity = None if limit == 0 else call.take_oddity()
    if oddity == "too_deep":
        raise errors.cursor_too_deep()
    if oddity == "stale":
        raise errors.cursor_bad()
    start = start_of(call, items, options, limit)
    end = min(len(items), start + limit)
    if options.get("before"):
        position = wire.cursor_decode(options["before"]).partition(";")[0].partition(":")[0]
        end = min(end, int(position))
    if limit == 0:
        return [], None
    if oddity == "short" and end - start > 1:
        end = start + (end - start) // 2
    first = start - 1 if oddity == "repeat_item" and start > 0 else start
    if oddity == "empty_with_next" and start < len(items):
        again = wire.cursor_encode(f"{start};{call.number}")
        return [], {"cursors": {"before": again, "after": again}, "next": link(after=again)}
    if start >= end:
        return [], None
    return items[first:end], paging_object(call, items, start, end, options, link, oddity)


def paging_object(call, items, start, end, options, link, oddity):
    before = wire.cursor_encode(cursor_text(call, items, start))
    after = wire.cursor_encode(cursor_text(call, items, end))
    paging = {"cursors": {"before": before, "after": after}}
    if oddity == "no_paging":
        return None
    if oddity == "same_page":
        paging["cursors"]["after"] = options.get("after") or wire.cursor_encode("0")
        paging["next"] = link(after=paging["cursors"]["after"])
        return paging
    if start > 0:
        paging["previous"] = link(before=before)
    if end < len(items):
        paging["next"] = link(after=after)
        if oddity == "foreign_next":
            parts = urllib.parse.urlsplit(paging["next"])
            paging["next"] = parts._replace(netloc="graph.example.net").geturl()
    if oddity == "blank_links":
        paging["previous"] = paging["next"] = ""
    return paging


def linker(call, path, options):
    """link() for a list at path with these parameters.

    The token stands in the link only when it came as a parameter, as on Facebook.
    """
    kept = {name: value for name, value in options.items()
            if name not in ("after", "before", "access_token", "appsecret_proof", "offset")}

    def link(**changes):
        parameters = {}
        if call.token_in_parameters:
            parameters["access_token"] = call.token_text
        parameters.update(pretty="0", **{name: value for name, value in kept.items()
                                         if name != "pretty"})
        parameters.update(changes)
        return f"{call.base_url}/{call.version}/{path}?" + urllib.parse.urlencode(parameters)
    return link
