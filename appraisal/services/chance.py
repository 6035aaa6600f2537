"""Secrets that are handed out once and kept as their hash: with 256 random bits no slow hash is needed."""

from hashlib import sha256
from secrets import token_urlsafe

BYTES = 32


def fresh_secret(prefix: str = "") -> str:
    """A new secret of 256 random bits, fit for addresses and headers."""
    return prefix + token_urlsafe(BYTES)


def hash_of(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
