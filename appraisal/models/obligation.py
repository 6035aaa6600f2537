"""Conditions that an approver accepted in place of a passed gate: who owes what until when."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.account import Account
from appraisal.models.columns import Moment, vocabulary
from appraisal.models.project import Project
from appraisal.models.tables import Table, new_id, now


class ObligationState(StrEnum):
    OPEN = "open"
    MET = "met"


class Obligation(Table):
    """`version` rises with every change, for optimistic locking. Overdue is an open one past its date."""

    __tablename__ = "obligation"
    __table_args__ = (
        UniqueConstraint("project_id", "gate"),
        CheckConstraint("(state = 'met') = (met_at IS NOT NULL)", name="met_once_met"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    gate: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(200))
    condition: Mapped[str] = mapped_column(Text)
    """What lifts the gate, as the run said it when it was accepted."""
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    due: Mapped[date] = mapped_column(Date)
    state: Mapped[ObligationState] = mapped_column(
        vocabulary(ObligationState, name="obligation_state"), default=ObligationState.OPEN
    )
    version: Mapped[int] = mapped_column(default=1)
    accepted_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    accepted_at: Mapped[datetime] = mapped_column(Moment, default=now)
    met_at: Mapped[datetime | None] = mapped_column(Moment)
    proof: Mapped[str] = mapped_column(Text, default="")
    """What shows that it is met."""

    project: Mapped[Project] = relationship()
    owner: Mapped[Account] = relationship(foreign_keys=owner_id)
    accepted_by: Mapped[Account] = relationship(foreign_keys=accepted_by_id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
