"""Decisions: what is being prepared, what was published, and the conditions that hang on it.

What was published is only ever added to; the database refuses to change or delete it.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.account import Account
from appraisal.models.columns import ExactDocument, Moment, vocabulary
from appraisal.models.project import Project
from appraisal.models.run import AppraisalRun
from appraisal.models.tables import Table, new_id, now


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
    """Keys `text`, `owner`, and `due` as an ISO day."""
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)

    project: Mapped[Project] = relationship()
    run: Mapped[AppraisalRun] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


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
    due: Mapped[date] = mapped_column(Date)

    decision: Mapped[Decision] = relationship(back_populates="conditions")
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
