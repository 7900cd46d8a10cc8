"""An authenticator in software, with the browser before it: what static/passkey.js sends,
and, by its fields, what it should not. ES256; attestation "none".
"""

import base64
import hashlib
import json
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from support.site import Site

PRESENT, VERIFIED, CREDENTIAL = 1, 4, 64


class NamedSite(Site):
    """A forum that browsers reach by a name: they have no passkeys at a number."""

    def __init__(self, name, settings=None):
        super().__init__(name, options=("--empty", "--host", "localhost"), settings=settings)

    @property
    def url(self):
        return f"http://localhost:{self.port}"


def text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def data(text_):
    return base64.urlsafe_b64decode(text_ + "=" * (-len(text_) % 4))


class Authenticator:
    def __init__(self, site):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.count, self.flags = 1, PRESENT | VERIFIED
        self.origin, self.rp_id = site.url, "localhost"
        self.user_handle = b""

    def _client_data(self, kind, challenge):
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin,
                           "crossOrigin": False}, separators=(",", ":")).encode()

    def _head(self, flags=0):
        return (hashlib.sha256(self.rp_id.encode()).digest() + bytes([self.flags | flags])
                + self.count.to_bytes(4, "big"))

    def _cose(self):
        numbers = self.key.public_key().public_numbers()
        return (b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" + numbers.x.to_bytes(32, "big")
                + b"\x22\x58\x20" + numbers.y.to_bytes(32, "big"))

    def create(self, options):
        """The fields of the form that adds it."""
        self.user_handle = data(options["user"]["id"])
        authenticator_data = (self._head(CREDENTIAL) + bytes(16) + len(self.id).to_bytes(2, "big")
                              + self.id + self._cose())
        attestation = (b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59"
                       + len(authenticator_data).to_bytes(2, "big") + authenticator_data)
        return {"client_data": text(self._client_data("webauthn.create", options["challenge"])),
                "attestation": text(attestation)}

    def get(self, options):
        """The fields of a form that it signs in by, or answers with."""
        self.count += 1
        client_data = self._client_data("webauthn.get", options["challenge"])
        signed = self._head()
        signature = self.key.sign(signed + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return {"passkey_id": text(self.id), "passkey_client_data": text(client_data),
                "passkey_authenticator_data": text(signed), "passkey_signature": text(signature),
                "passkey_user_handle": text(self.user_handle)}


def options(visitor, page, action, wanted):
    """What the server tells the browser, as the script asks for it; page: with that form."""
    form = visitor.get(page).page.form(action) if isinstance(page, str) else page.page.form(action)
    return visitor.post("/passkey/options", {"csrf": form.fields["csrf"], "for": wanted})


def add(visitor, name="My telephone", device=None):
    """By the page of settings: (authenticator, the answer to the form)."""
    device = device or Authenticator(visitor.site)
    page = visitor.get("/settings/security")
    asked = options(visitor, page, "/settings/security/passkeys", "new")
    assert asked.status == 200, asked
    return device, visitor.submit(page, "/settings/security/passkeys", name=name, **device.create(asked.json()))


def sign_in(visitor, device, path="/login"):
    page = visitor.get(path)
    asked = options(visitor, page, "/login/passkey", "sign_in")
    return visitor.submit(page, "/login/passkey", **device.get(asked.json()))
