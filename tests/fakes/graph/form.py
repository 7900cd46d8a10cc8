"""multipart/form-data, as far as uploads of a picture need it."""
import re

BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
NAME = re.compile(r'\bname="([^"]*)"')


def read(request):
    """(text values, files by field name) of a multipart body."""
    found = BOUNDARY.search(request.headers.get("content-type", ""))
    if not found:
        return {}, {}
    values, files = {}, {}
    for part in request.body.split(b"--" + found[1].encode())[1:-1]:
        head, _, content = part.lstrip(b"\r\n").partition(b"\r\n\r\n")
        name = NAME.search(head.decode("utf-8", "replace"))
        if not name:
            continue
        content = content[:-2] if content.endswith(b"\r\n") else content
        if b"filename=" in head:
            files[name[1]] = content
        else:
            values[name[1]] = content.decode("utf-8", "replace")
    return values, files
