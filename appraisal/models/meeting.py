"""What a meeting says of a project: it goes to the record and stays there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.account import Account
from appraisal.models.columns import Moment
from appraisal.models.tables import Table, new_id, now


class MeetingNote(Table):
    """One note of one person on one project in a round; the same words by the same person are one note."""

    __tablename__ = "meeting_note"
    __table_args__ = (
        UniqueConstraint("round_id", "project_id", "author_id", "sha256"),
        CheckConstraint("length(text) > 0", name="text"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    author: Mapped[Account] = relationship()
