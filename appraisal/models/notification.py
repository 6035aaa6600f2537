"""What a person is told of: one row a person and event, written with the event."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.columns import ExactDocument, Moment, vocabulary
from appraisal.models.importing import ProjectImport
from appraisal.models.project import Project
from appraisal.models.tables import Table, new_id, now

_UNREAD = text("read_at IS NULL")


class Notice(StrEnum):
    """What it is about; the words are made where it is shown."""

    SENT = "sent"
    DECIDED = "decided"
    ASSIGNED = "assigned"
    SCORE_AGAIN = "score-again"
    AGREED = "agreed"
    OWED = "owed"
    OWED_SOON = "owed-soon"
    TRANSFERRED = "transferred"
    CLOSES_SOON = "closes-soon"
    SCORING_SOON = "scoring-soon"
    EXTENDED = "extended"
    NOT_PUBLISHED = "unpublished"
    IMPORTED = "imported"
    NOT_IMPORTED = "not-imported"


class Notification(Table):
    """Holds no text of a project or name of a file: these are read where it is shown, by who may see them then."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        CheckConstraint("(project_id IS NULL) <> (import_id IS NULL)", name="about"),
        Index("ix_notification_unread", "account_id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[Notice] = mapped_column(vocabulary(Notice, name="notice"))
    key: Mapped[str] = mapped_column(String(200))
    """Names the event: a person is told of it once."""
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("project_import.id", ondelete="CASCADE"), index=True)
    """In place of a project, the import that it is about."""
    subject_id: Mapped[UUID | None]
    """The decision or the scheduled publication, where it is about one."""
    said: Mapped[dict[str, Any]] = mapped_column(ExactDocument, default=dict)
    """What the words need besides the title: an outcome, a date, a number."""
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    mail_id: Mapped[UUID | None] = mapped_column(ForeignKey("mail.id", ondelete="SET NULL"), index=True)
    """The mail that tells of it as well; None: none does yet."""

    project: Mapped[Project | None] = relationship()
    imported: Mapped[ProjectImport | None] = relationship()
