"""Sealing what must be read again, so that whoever has the database alone cannot: the key stays with the server."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import digest

PURPOSE = b"appraisal: keys of the second step"


class Unsealable(Exception):
    """It was sealed with another key, or was altered."""


class Seal:
    """Encrypts and authenticates short texts (Fernet) with a key made from the server's secret for this purpose."""

    def __init__(self, secret: str) -> None:
        self._key = urlsafe_b64encode(digest(secret.encode(), PURPOSE, sha256))

    def close(self, text: str) -> str:
        from cryptography.fernet import Fernet  # noqa: PLC0415 -- only where something is sealed

        return Fernet(self._key).encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """The text; raises Unsealable."""
        from cryptography.fernet import Fernet, InvalidToken  # noqa: PLC0415

        try:
            return Fernet(self._key).decrypt(sealed).decode()
        except InvalidToken:
            raise Unsealable from None
