"""The keyed chain over the trail: each entry is sealed with the one before it, under a key outside the database."""

import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

FORM = "audit-entry/1"
KEY_CHANGED = "trail.key-changed"
"""The last entry under one key; its details name the one that seals from the next on."""
START = "0" * 64
"""What stands in the place of a hash before the first entry."""
CELLS = ("sequence", "at", "actor_id", "action", "object_kind", "object_id", "details", "facts")
"""Every column of an entry but its hash, in the order in which they are sealed."""
KEY_OPTION = "appraisal_audit_key"
"""Execution option under which an engine made by `appraisal.database` holds its key."""
_ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))
_ANCHOR = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})", re.ASCII)


class NoAuditKey(Exception):
    """A change cannot be recorded, or an entry not checked, without the key."""

    def __init__(self) -> None:
        super().__init__("The audit trail has no key: set APPRAISAL_AUDIT_KEY.")


class OtherKey(Exception):
    """The trail goes on under another key than this process has: nothing was written."""

    def __init__(self, has: str, in_force: str) -> None:
        super().__init__(
            f"The audit trail goes on under the key {in_force}, and this process has {has}: set APPRAISAL_AUDIT_KEY to "
            "the one in force and restart it, or hand the trail on with `appraisal audit change-key`."
        )


@dataclass(frozen=True, slots=True)
class AuditKey:
    secret: bytes = field(repr=False)
    before: tuple[bytes, ...] = field(default=(), repr=False)
    """The keys that it took the place of: what they sealed can still be checked."""

    @property
    def name(self) -> str:
        """By which the trail names it, and from which nobody can tell it."""
        return self.mac("audit-key/1", b"")[:16]

    @property
    def ring(self) -> "tuple[AuditKey, ...]":
        """This one and those before it."""
        return (self, *map(AuditKey, self.before))

    def mac(self, purpose: str, content: bytes) -> str:
        """Hexadecimal HMAC-SHA256; what is sealed for one purpose is nothing for another."""
        return hmac.new(self.secret, purpose.encode() + b"\0" + content, sha256).hexdigest()


def key_of(connection: Connection) -> AuditKey:
    """The key of the connection's engine; raises NoAuditKey."""
    key = connection.get_execution_options().get(KEY_OPTION)
    if not isinstance(key, AuditKey):
        raise NoAuditKey
    return key


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the chain at some moment, as reports print it: it shows later whether anything before it changed."""

    sequence: int
    hash: str

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash}"


def read_anchor(text: str) -> Anchor:
    """The anchor as printed, blanks and line breaks within it aside; raises ValueError."""
    found = _ANCHOR.fullmatch("".join(text.split()).lower())
    if found is None:
        raise ValueError("An anchor is a number, a colon and 64 hexadecimal digits, as reports print it.")
    return Anchor(int(found[1]), found[2])


def sealed(key: AuditKey, previous: str, cells: Sequence[object]) -> str:
    """The hash of an entry with these cells, in the order of CELLS, after an entry with the hash `previous`."""
    return key.mac(FORM, written([previous, *cells]).encode("ascii"))


def written(cells: Sequence[object]) -> str:
    """One text for one row as its database stores it: never two rows with the same text, and never a failure.

    SQLite and PostgreSQL give a time, a key and a truth value in different types; each is written one way.
    """
    return _ENCODER.encode([_cell(cell) for cell in cells])


_AS_THEY_ARE = frozenset({str, int, float, type(None)})


def _cell(value: object) -> Any:
    if type(value) in _AS_THEY_ARE:  # almost all, of hundreds of thousands
        return value
    match value:
        case datetime():
            moment = value.astimezone(UTC) if value.tzinfo else value
            return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
        case UUID():
            return value.hex
        case None | int() | float() | str():
            return int(value) if isinstance(value, bool) else value
        case bytes() | memoryview():
            return {"bytes": bytes(value).hex()}
    return str(value)
