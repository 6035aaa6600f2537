"""What surrounds the cash-flow table of a draft: what it was before the last paste, and a workbook for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from appraisal.models.columns import ExactDocument, Moment
from appraisal.models.tables import Table, now


class ReplacedTable(Table):
    """The project as it was before the last paste, so that the paste can be undone until anything else changes."""

    __tablename__ = "replaced_table"
    __table_args__ = (CheckConstraint("version > 0", name="version"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int]
    """The project's version after the paste: as long as it has this one, nobody has changed it since."""
    document: Mapped[str] = mapped_column(Text)
    """The project file from before, as canonical JSON."""
    typed: Mapped[list[list[str]] | None] = mapped_column(ExactDocument)
    """What stood in the grid and was not stored, which the paste took away."""
    pasted: Mapped[str] = mapped_column(String(200))
    """What the paste was, in words."""
    pasted_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    pasted_at: Mapped[datetime] = mapped_column(Moment, default=now)


class TableFile(Table):
    """A workbook sent for the cash-flow table, until a table is stored; after a day it is not read any more."""

    __tablename__ = "table_file"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sent_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    sent_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
