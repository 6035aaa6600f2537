"""What was typed on a page of a draft and does not read yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from appraisal.models.columns import ExactDocument, Moment
from appraisal.models.tables import Table, new_id, now


class KeptText(Table):
    """The fields of one page as they were sent. It goes once the page reads; the project itself never holds it."""

    __tablename__ = "kept_text"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[str] = mapped_column(String(80), primary_key=True)
    """The page: `project`, `money`, …, or a criterion's id."""
    revision: Mapped[UUID] = mapped_column(default=new_id)
    """Another one with every change: who has seen an older one does not overwrite this."""
    fields: Mapped[list[list[str]]] = mapped_column(ExactDocument)
    """(name, value) in the order of the page."""
    kept_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    kept_at: Mapped[datetime] = mapped_column(Moment, default=now)
