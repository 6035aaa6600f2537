"""Files of many projects: as they came, what each changed, and what an organisation's columns mean."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from appraisal.models.columns import ExactDocument, Moment, vocabulary
from appraisal.models.tables import Table, new_id, now


class ImportState(StrEnum):
    READ = "read"
    STORED = "stored"
    UNDONE = "undone"


class ImportAction(StrEnum):
    CREATED = "created"
    UPDATED = "updated"


class ProjectImport(Table):
    """A file that someone sent. Its content is kept until it is stored or another one takes its place."""

    __tablename__ = "project_import"
    __table_args__ = (CheckConstraint("(state = 'read') = (stored_at IS NULL)", name="stored"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    choices: Mapped[dict[str, Any]] = mapped_column(ExactDocument, default=dict)
    """What the person said of the file: its sheet, its columns, what holds for every row."""
    rows: Mapped[int | None]
    """Rows of its sheets; many are looked at and stored in the background. None where nobody counted them."""
    corrections: Mapped[list[dict[str, Any]] | None] = mapped_column(ExactDocument)
    """Cells that were corrected in the browser, each with its sheet, row, column, what was there and what is now."""
    looked: Mapped[dict[str, Any] | None] = mapped_column(ExactDocument, deferred=True)
    """What a dry run in the background found, until something is said of the file anew."""
    asked: Mapped[dict[str, Any] | None] = mapped_column(ExactDocument)
    """What its job is to store: the digest of the dry run, and whether all or nothing. None: the job only looks."""
    state: Mapped[ImportState] = mapped_column(vocabulary(ImportState, name="import_state"), default=ImportState.READ)
    counts: Mapped[dict[str, int]] = mapped_column(ExactDocument, default=dict)
    sent_at: Mapped[datetime] = mapped_column(Moment, default=now)
    stored_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)


class ImportChange(Table):
    """What an import did to one project. The project may be gone: undoing an import takes away what it made."""

    __tablename__ = "import_change"
    __table_args__ = (UniqueConstraint("import_id", "project_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("project_import.id", ondelete="CASCADE"), index=True)
    project_id: Mapped[UUID] = mapped_column(index=True)
    reference: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    action: Mapped[ImportAction] = mapped_column(vocabulary(ImportAction, name="import_action"))
    version: Mapped[int]
    """The project's version after the import: as long as it has this one, nobody has edited it since."""
    before: Mapped[str | None] = mapped_column(Text, deferred=True)
    """The rows of an updated project as they were, as JSON."""


class ImportMapping(Table):
    """What an organisation takes a heading of its own files for."""

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("organisation_id", "heading"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    heading: Mapped[str] = mapped_column(String(210))
    target: Mapped[str] = mapped_column(String(80))
    chosen_at: Mapped[datetime] = mapped_column(Moment, default=now)
