"""One-time codes as an app makes them (RFC 6238), for the tests that have a telephone."""

import base64
import hashlib
import hmac
import re
import struct
import time


def code(secret, steps=0, now=None):
    """The code of a base 32 secret, now or so many steps of 30 seconds from now."""
    step = int((time.time() if now is None else now) // 30) + steps
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start:start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def set_up(visitor):
    """Two-step sign-in by the pages, as a person does: (secret, recovery codes).

    The code of the present step is used up by it: the next one is code(secret, 1)."""
    page = visitor.submit("/settings/security", "/settings/security/begin")
    secret = page.page.find("code", class_="secret").text
    done = visitor.submit(page, "/settings/security/confirm", code=code(secret))
    codes = re.findall(r"\b[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}\b", done.text)
    return secret, codes
