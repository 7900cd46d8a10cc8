"""How things look on the wire: Meta's JSON bytes, times, cursors and signatures.

Everything here is pure, so that it can be tested against known answers.
"""
import base64
import binascii
import calendar
import functools
import hashlib
import hmac
import json
import re
import time

ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?(?:Z|([+-])(\d\d):?(\d\d))?")


def dumps(value):
    """JSON text as Meta writes it: no spaces, lower-case \\u00e4, and \\/.

    A slash can stand only inside a JSON string, hence replacing it in the whole
    text is safe and far quicker than walking the value.
    """
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/")


def body(value):
    return dumps(value).encode("ascii")


@functools.lru_cache(maxsize=200_000)
def graph_time(seconds):
    """2026-01-01T10:00:00+0000: no colon in the offset, never another zone."""
    return time.strftime("%Y-%m-%dT%H:%M:%S+0000", time.gmtime(seconds))


def read_time(text):
    """What since= and until= may hold: seconds, or a date with or without a time.

    None when it is neither.
    """
    text = text.strip()
    if re.fullmatch(r"\d{1,12}", text):
        return int(text)
    found = ISO.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, sign, hours, minutes = found.groups()
    seconds = calendar.timegm((int(year), int(month), int(day), int(hour or 0), int(minute or 0),
                               int(second or 0)))
    if sign:
        offset = int(hours) * 3600 + int(minutes) * 60
        seconds += -offset if sign == "+" else offset
    return seconds


def cursor_encode(text):
    """Base64 in which each "=" is written ZD, as recorded cursors have it."""
    return base64.b64encode(text.encode()).decode().replace("=", "ZD")


def cursor_decode(cursor):
    """The text of a cursor, or None when it is none of ours."""
    padded = re.sub(r"(?:ZD){1,2}$", lambda found: "=" * (len(found[0]) // 2), cursor)
    try:
        return base64.b64decode(padded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None


def signatures(secret, raw):
    """Both headers of a delivery; the key is the app secret, the message the raw bytes."""
    key = secret.encode()
    return {"X-Hub-Signature": "sha1=" + hmac.new(key, raw, hashlib.sha1).hexdigest(),
            "X-Hub-Signature-256": "sha256=" + hmac.new(key, raw, hashlib.sha256).hexdigest()}


def appsecret_proof(secret, token):
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def base64url(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signed_request(secret, payload):
    """b64url(signature).b64url(payload): the signature is over the *encoded* payload."""
    encoded = base64url(json.dumps(payload, separators=(",", ":")).encode())
    signature = hmac.new(secret.encode(), encoded.encode(), hashlib.sha256).digest()
    return base64url(signature) + "." + encoded


def utf16_units(text):
    """The length Facebook counts: an emoji outside the first plane is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def token_name(number, secret, kind):
    """A token's text: deterministic, opaque, as long as real ones are."""
    digest = hmac.new(secret.encode(), f"{kind}:{number}".encode(), hashlib.sha512).digest()
    return "EAA" + base64.b64encode(digest + digest).decode().translate(
        str.maketrans({"+": "Z", "/": "B", "=": None}))
