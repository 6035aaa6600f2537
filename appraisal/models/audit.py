"""The append-only trail of changes; triggers in the database refuse to alter or delete a row."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from appraisal.models.columns import ExactDocument, Moment
from appraisal.models.tables import Table, now


class AuditEntry(Table):
    """`appraisal.trail` writes it and chains it to the entry before; `hash` seals every other column."""

    __tablename__ = "audit_entry"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    """None: the command line or the set-up of the tool itself."""
    action: Mapped[str] = mapped_column(String(100), index=True)
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(40), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(ExactDocument, default=dict)
    facts: Mapped[dict[str, dict[str, str | None]] | None] = mapped_column(ExactDocument, deferred=True)
    """Digests of the rows that the change wrote, by table and key; None in entries older than the chain."""
    hash: Mapped[str | None] = mapped_column(String(64))
    """None: written past the tool, which `appraisal audit verify` tells."""


class AuditHead(Table):
    """One row: the last entry of the chain. It is locked while the chain is continued."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))
    key_name: Mapped[str | None] = mapped_column(String(16))
    """Of the key that goes on with the chain; None until the first entry."""
