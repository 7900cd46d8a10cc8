"""Files in forms, as browsers send them (RFC 7578), and pictures made on the spot."""

import struct
import zlib

BOUNDARY = "----formboundary7MA4YWxk"


def png(width, height, secret=b"", colour=(0x30, 0x60, 0x90)):
    """One colour, with what a camera would add: words, a place, and more behind the end."""
    row = b"\0" + bytes(colour) * width

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    extra = chunk(b"tEXt", b"Comment\0" + secret) + chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\0" + secret) if secret else b""
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + extra
            + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b"") + secret)


def pdf(words=b"Facture"):
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n% " + words + b"\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"


def send(visitor, action, fields, files, follow=True):
    """fields: name to value; files: (field, name, bytes)."""
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
             for name, value in fields.items()]
    parts += [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
              f"Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n"
              for field, name, content in files]
    body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
    return visitor.post(action, body, follow=follow,
                        headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})
