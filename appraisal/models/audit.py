"""The append-only trail of changes; triggers in the database refuse to alter or delete a row."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from appraisal.models.columns import ExactDocument, Moment
from appraisal.models.tables import Table, now


class AuditEntry(Table):
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
