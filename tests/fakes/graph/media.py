"""The media host: pictures made here, behind addresses that are signed and expire.

A photo's mode says what its address gives: jpeg, png, or one of the troubles —
html (a page that calls itself image/jpeg), svg, truncated, missing, redirect,
huge (hundreds of megabytes), drip (a byte a second), bomb (a small file that
claims 30 000 × 30 000 pixels).
"""
import asyncio
import hashlib
import hmac
import math
import re
import struct
import urllib.parse
import zlib

from .http1 import Response

MODES = ("jpeg", "png", "html", "svg", "truncated", "missing", "redirect", "huge", "drip", "bomb")
PATH = re.compile(r"/v/t39\.30808-6/(\d{1,30})_n\.(?:jpg|png)")


def colours(number, columns, rows):
    """Brightness per cell, different for each number."""
    digest = hashlib.sha256(str(number).encode()).digest()
    return [[(digest[(column * 7 + row * 13) % 32] + column * 5 + row * 3) % 256
             for column in range(columns)] for row in range(rows)]


def landscape(number, columns, rows):
    """Hills before a sky, a little different for each number: something to look at."""
    digest = hashlib.sha256(str(number).encode()).digest()
    waves = [(digest[i] / 64 + 1, digest[i + 1] / 40, rows * (0.35 + 0.2 * i)) for i in range(3)]
    cells = []
    for row in range(rows):
        line = [210 - row * 60 // rows] * columns
        for layer, (length, shift, level) in enumerate(waves):
            for column in range(columns):
                height = level + rows * 0.08 * math.sin(column / columns * length * 6.28 + shift)
                if row > height:
                    line[column] = 130 - layer * 45 + (row * column) % 5
        cells.append(line)
    return cells


def png(number, width, height):
    cells = colours(number, 8, 8)
    tint = hashlib.sha256(str(number).encode()).digest()[:3]
    rows = {}
    for row in range(8):
        line = b"".join(bytes((cells[row][x * 8 // width] ^ tint[c]) & 255 for c in range(3))
                        for x in range(width))
        rows[row] = b"\0" + line
    pixels = b"".join(rows[y * 8 // height] for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"tEXt", b"Comment\0upload_ip 192.0.2.7")
            + chunk(b"IDAT", zlib.compress(pixels, 6)) + chunk(b"IEND", b""))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb():
    """30 000 × 30 000 pixels of nothing in a few kilobytes of header and a short stream."""
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(bytes(1_000_000), 9)) + chunk(b"IEND", b""))


# JPEG: baseline, grey, each 8×8 block of one brightness. A block is then its DC
# coefficient and "end of block", which needs only the Huffman table for DC (T.81, K.3)
# and a table for AC with a single symbol.
DC_LENGTHS = bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
DC_CODES = ["00", "010", "011", "100", "101", "110", "1110", "11110", "111110", "1111110",
            "11111110", "111111110"]


def jpeg(number, width, height):
    columns, rows = (width + 7) // 8, (height + 7) // 8
    bits, last = [], 0
    for row in landscape(number, columns, rows):
        for brightness in row:
            value = brightness - 128
            bits.append(dc_bits(value - last) + "0")
            last = value
    return (b"\xff\xd8" + exif() + segment(0xDB, b"\0" + b"\x08" + b"\x01" * 63)
            + segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
            + segment(0xC4, b"\x00" + DC_LENGTHS + bytes(range(12)))
            + segment(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\x00")
            + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + stuffed("".join(bits)) + b"\xff\xd9")


def dc_bits(difference):
    size = abs(difference).bit_length()
    if size == 0:
        return DC_CODES[0]
    value = difference if difference > 0 else difference + (1 << size) - 1
    return DC_CODES[size] + format(value, f"0{size}b")


def stuffed(bits):
    bits += "1" * (-len(bits) % 8)
    raw = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return raw.replace(b"\xff", b"\xff\0")


def segment(marker, data):
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def exif():
    """Metadata that a mirror must drop: a description with the uploader's address."""
    text = b"upload_ip 192.0.2.7\0"
    tiff = b"MM\0*" + struct.pack(">IHHHIII", 8, 1, 0x010E, 2, len(text), 26, 0) + text
    return segment(0xE1, b"Exif\0\0" + tiff)


class Media:
    """Makes addresses and serves them. secret only signs addresses here."""

    def __init__(self, world, clock, settings, secret):
        self.world = world
        self.clock = clock
        self.settings = settings
        self.secret = secret.encode()
        self.base_url = ""
        self.kept = {}

    def url(self, photo):
        ending = "png" if photo.mode in ("png", "bomb") else "jpg"
        expires = format(self.clock.now() + self.settings["media_lifetime_seconds"], "X")
        return (f"{self.base_url}/v/t39.30808-6/{photo.id}_n.{ending}?_nc_cat=1&_nc_sid=127cfc"
                f"&oh=00_{self.signature(photo.id, expires)}&oe={expires}")

    def signature(self, photo_id, expires):
        return hmac.new(self.secret, f"{photo_id}:{expires}".encode(), hashlib.sha256).hexdigest()[:32]

    async def answer(self, request):
        found = PATH.fullmatch(request.path)
        query = urllib.parse.parse_qs(request.query)
        photo = self.world.find(found[1]) if found else None
        if request.method not in ("GET", "HEAD") or photo is None:
            return Response(404, "Not Found", content_type="text/plain")
        signature, expires = query.get("oh", [""])[0], query.get("oe", [""])[0]
        if signature != "00_" + self.signature(photo.id, expires):
            return Response(403, "Bad URL hash", content_type="text/plain")
        if int(expires, 16) <= self.clock.now():
            return Response(403, "URL signature expired", content_type="text/plain")
        return self.picture(photo)

    def picture(self, photo):
        mode = photo.mode
        if mode == "missing":
            return Response(404, "Not Found", content_type="text/plain")
        if mode == "redirect":
            return Response(302, b"", {"Location": "http://169.254.169.254/latest/meta-data/"})
        if mode == "html":
            return Response(200, "<html><script>alert(1)</script></html>", content_type="image/jpeg")
        if mode == "svg":
            return Response(200, '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
                            content_type="image/svg+xml")
        response = Response(200, self.bytes_of(photo), {"Cache-Control": "max-age=1209600"},
                            content_type="image/png" if mode in ("png", "bomb") else "image/jpeg")
        if mode == "truncated":
            response.body = response.body[: len(response.body) // 3]
        if mode == "huge":
            size = self.settings["huge_bytes"]
            response.stream = (size, self.huge(response.body, size))
            response.body = b""
        if mode == "drip":
            response.stream = (len(response.body), self.drip(response.body))
            response.body = b""
        return response

    def bytes_of(self, photo):
        key = (photo.id, photo.mode)
        if key not in self.kept:
            if len(self.kept) > 200:
                self.kept.clear()
            make = {"png": png, "bomb": lambda *_: png_bomb()}.get(photo.mode, jpeg)
            self.kept[key] = make(photo.number, photo.width, photo.height)
        return self.kept[key]

    async def huge(self, start, size):
        yield start
        sent, block = len(start), bytes(256 * 1024)
        while sent < size:
            yield block[: size - sent]
            sent += len(block)

    async def drip(self, content):
        for index in range(len(content)):
            yield content[index:index + 1]
            await asyncio.sleep(1 / self.settings["drip_bytes_per_second"])
