"""Decisions: what is being prepared, what was published, and the conditions that hang on it.

What was published is only ever added to; the database refuses to change or delete it.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.account import Account
from appraisal.models.columns import ExactDocument, Moment, vocabulary
from appraisal.models.project import Project
from appraisal.models.run import AppraisalRun
from appraisal.models.tables import Table, new_id, now
from forms.local_time import LocalTime


class DecisionOutcome(StrEnum):
    APPROVED = "approved"
    WITH_CONDITIONS = "approved-with-conditions"
    RETURNED = "returned"
    REJECTED = "rejected"
    DEFERRED = "deferred"


class PendingDecision(Table):
    """What an approver means to decide; changed and dropped freely until it is published."""

    __tablename__ = "pending_decision"
    __table_args__ = (UniqueConstraint("account_id", "project_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("appraisal_run.id", ondelete="CASCADE"))
    """The appraisal that the approver saw."""
    project_version: Mapped[int]
    """The project's version that the approver saw: any change or move since then raises it."""
    outcome: Mapped[DecisionOutcome] = mapped_column(vocabulary(DecisionOutcome, name="outcome"))
    reason: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text, default="")
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(ExactDocument, default=list)
    """Keys `text`, `owner`, `due` as an ISO day, and `account` where a person was chosen."""
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    scheduled_id: Mapped[UUID | None] = mapped_column(ForeignKey("scheduled_publication.id"))
    """The publication at a time to come that it is part of; until that is cancelled nobody changes it."""

    project: Mapped[Project] = relationship()
    run: Mapped[AppraisalRun] = relationship()
    scheduled: Mapped["ScheduledPublication | None"] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ScheduleState(StrEnum):
    WAITING = "waiting"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    REFUSED = "refused"


class ScheduledPublication(Table):
    """Pending decisions to be made known at a time on the clocks of a zone, exactly as they were seen (ADR 29)."""

    __tablename__ = "scheduled_publication"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended"),
        Index("ix_scheduled_publication_state", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Of the publication that it becomes as well: there is one at most."""
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    scheduled_at: Mapped[datetime] = mapped_column(Moment, default=now)
    zone: Mapped[str] = mapped_column(String(64))
    local: Mapped[datetime] = mapped_column(DateTime)
    document: Mapped[str] = mapped_column(Text)
    """What was seen, as canonical JSON: each decision with its letter, run and digests, and the budget."""
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[ScheduleState] = mapped_column(
        vocabulary(ScheduleState, name="schedule_state"), default=ScheduleState.WAITING
    )
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    cancelled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    problems: Mapped[list[str]] = mapped_column(ExactDocument, default=list)
    """Why nothing was published, a sentence each; empty otherwise."""

    account: Mapped[Account] = relationship(foreign_keys=account_id)
    cancelled_by: Mapped[Account | None] = relationship(foreign_keys=cancelled_by_id)

    @property
    def due(self) -> LocalTime:
        """Of two, the first: it is promised for then."""
        return LocalTime(self.local, self.zone, later=False)


class Publication(Table):
    """Decisions made known in one act; `document` lists them with their digests."""

    __tablename__ = "publication"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    published_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime] = mapped_column(Moment)
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))

    published_by: Mapped[Account] = relationship()
    decisions: Mapped[list["Decision"]] = relationship(back_populates="publication", order_by="Decision.number")


class Decision(Table):
    """One published decision on one project, on exactly one appraisal."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("number"), UniqueConstraint("replaces_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    publication_id: Mapped[UUID] = mapped_column(ForeignKey("publication.id"), index=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("appraisal_run.id"), index=True)
    result_sha256: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[DecisionOutcome] = mapped_column(vocabulary(DecisionOutcome, name="outcome"))
    reason: Mapped[str] = mapped_column(String(40))
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    """The earlier decision on the project that this one takes the place of; it can be replaced once."""
    document: Mapped[str] = mapped_column(Text)
    """Everything of it as canonical JSON: the letter, the conditions, the run and its digest."""
    sha256: Mapped[str] = mapped_column(String(64))

    project: Mapped[Project] = relationship()
    publication: Mapped[Publication] = relationship(back_populates="decisions")
    run: Mapped[AppraisalRun] = relationship()
    conditions: Mapped[list["DecisionCondition"]] = relationship(
        order_by="DecisionCondition.position", back_populates="decision"
    )


class DecisionCondition(Table):
    """What must be done for an approval with conditions to hold: what, by whom, by when."""

    __tablename__ = "decision_condition"
    __table_args__ = (
        UniqueConstraint("decision_id", "position"),
        Index("ix_decision_condition_due", "due"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(200))
    """Who sees to it in words; of a person who was chosen, the organisation."""
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    """Of the person who was chosen; None where `owner` says who it is."""
    due: Mapped[date] = mapped_column(Date)

    decision: Mapped[Decision] = relationship(back_populates="conditions")
    person: Mapped[Account | None] = relationship()
    met: Mapped["ConditionMet | None"] = relationship(back_populates="condition", lazy="joined")


class ConditionMet(Table):
    """That a condition is met, on what evidence, and who says so; once for each condition."""

    __tablename__ = "condition_met"

    condition_id: Mapped[UUID] = mapped_column(ForeignKey("decision_condition.id"), primary_key=True)
    evidence: Mapped[str] = mapped_column(Text)
    met_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    met_at: Mapped[datetime] = mapped_column(Moment, default=now)

    condition: Mapped[DecisionCondition] = relationship(back_populates="met")
    met_by: Mapped[Account] = relationship(lazy="joined")
