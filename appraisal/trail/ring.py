"""Which key of the ring goes on with the chain: the one that sealed its last entry, or that this one hands on to."""

from hmac import compare_digest
from typing import Any

import simplejson
from sqlalchemy import Connection, select, type_coerce
from sqlalchemy.types import NullType

from appraisal.models import AuditEntry
from appraisal.trail.chain import CELLS, KEY_CHANGED, START, Anchor, AuditKey, key_of, sealed

ENTRIES = select(*(type_coerce(AuditEntry.__table__.c[name], NullType()) for name in (*CELLS, "hash"))).order_by(
    AuditEntry.sequence
)
"""The cells as the database stores them."""


def key_in_use(connection: Connection) -> AuditKey:
    """Which key of the connection's ring the next entry is to be sealed with, as the last one says; raises NoAuditKey.

    Where none of them sealed the last entry it is the first: the check of the trail says what is wrong.
    """
    key = key_of(connection)
    rows = connection.execute(ENTRIES.order_by(None).order_by(AuditEntry.sequence.desc()).limit(2)).all()
    if not rows:
        return key
    before = Anchor(rows[1].sequence, str(rows[1].hash)) if len(rows) > 1 else Anchor(0, START)
    name = simplejson.loads(rows[0].details).get("to") if rows[0].action == KEY_CHANGED else None
    found = (each for each in key.ring if each.name == name or (name is None and sealed_by(each, before, rows[0])))
    return next(found, key)


def sealed_by(key: AuditKey, latest: Anchor, row: Any) -> bool:
    """Whether the row of ENTRIES carries the seal of this key, behind the entry before it."""
    expected = sealed(key, latest.hash, row[:-1]).encode()
    return isinstance(row.hash, str) and compare_digest(row.hash.encode("utf-8", "surrogateescape"), expected)
