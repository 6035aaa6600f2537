"""What a framework that changed under an assessment leaves its appraiser to do or to know."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.columns import ExactDocument, Moment, vocabulary
from appraisal.models.framework import FrameworkVersion
from appraisal.models.tables import Table, new_id, now
from scoring.frameworks.changes import ChangeKind


class AssessmentTask(Table):
    """Made when a round takes another framework version; open until the assessment is handed in after that.

    The scores themselves stay where they are. One of an indicator in `set_aside` counts only where it was given later
    than the task was made.
    """

    __tablename__ = "assessment_task"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    before_id: Mapped[UUID] = mapped_column(ForeignKey("framework_version.id"))
    after_id: Mapped[UUID] = mapped_column(ForeignKey("framework_version.id"))
    change: Mapped[ChangeKind] = mapped_column(vocabulary(ChangeKind, name="change_kind"))
    indicators: Mapped[list[str]] = mapped_column(ExactDocument, default=list)
    """What is to be scored because of the change: new to the appraiser, or asked otherwise."""
    set_aside: Mapped[dict[str, list[dict[str, Any]]]] = mapped_column(ExactDocument, default=dict)
    """By indicator that is asked otherwise, a copy of what was given to the former question, each stage."""
    dropped: Mapped[list[str]] = mapped_column(ExactDocument, default=list)
    """Indicators that were scored and are asked no more."""
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    done_at: Mapped[datetime | None] = mapped_column(Moment)

    before: Mapped[FrameworkVersion] = relationship(foreign_keys=before_id)
    after: Mapped[FrameworkVersion] = relationship(foreign_keys=after_id)
