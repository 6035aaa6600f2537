"""A project as it is being written, and the submissions frozen from it."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.account import Account, Organisation
from appraisal.models.columns import ExactDecimal, ExactDocument, Moment, vocabulary
from appraisal.models.tables import Table, new_id, now
from scoring.project_file import EconomicRole, EvidenceGrade, FlowKind, PriceBasis, Stage, Timing


class ProjectState(StrEnum):
    """Where a project stands. That it is being appraised, or was, its assignments and runs say; a returned project is
    a draft again, and its latest decision says why."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved-with-conditions"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> str:
        return self.value.replace("-", " ")


APPROVED = frozenset({ProjectState.APPROVED, ProjectState.APPROVED_WITH_CONDITIONS})
"""It may go ahead, and its cost is taken off the round's budget."""
DECIDED = APPROVED | {ProjectState.REJECTED, ProjectState.DEFERRED}
OUT_OF_RANK = frozenset({ProjectState.REJECTED, ProjectState.DEFERRED, ProjectState.WITHDRAWN})
"""No longer asking for money of this round."""


class FlowMeasure(StrEnum):
    MONEY = "money"
    TONNES = "tonnes"


class Project(Table):
    """What is known of a project now. `version` rises with every change, for optimistic locking."""

    __tablename__ = "project"
    __table_args__ = (CheckConstraint("unit IN (1, 1000, 1000000)", name="unit"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    round_id: Mapped[UUID | None] = mapped_column(ForeignKey("round.id"), index=True)
    state: Mapped[ProjectState] = mapped_column(
        vocabulary(ProjectState, name="project_state"), default=ProjectState.DRAFT
    )
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)

    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    city: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(3), default="")
    stage: Mapped[Stage] = mapped_column(vocabulary(Stage, name="stage"), default=Stage.IDEA)
    action_areas: Mapped[list[str]] = mapped_column(ExactDocument, default=list)
    currency: Mapped[str] = mapped_column(String(3))
    unit: Mapped[int] = mapped_column(default=1)
    price_basis: Mapped[PriceBasis] = mapped_column(vocabulary(PriceBasis, name="price_basis"), default=PriceBasis.REAL)
    price_year: Mapped[int | None]
    timing: Mapped[Timing] = mapped_column(vocabulary(Timing, name="timing"), default=Timing.END)
    first_year: Mapped[int]
    years_planned: Mapped[int] = mapped_column(default=15)
    """Years that the empty cash-flow table shows; the lines themselves say how long the project lasts."""
    details: Mapped[dict[str, Any]] = mapped_column(ExactDocument, default=dict)
    """The keys of the project file that have no column or table of their own."""

    organisation: Mapped[Organisation] = relationship()
    owner: Mapped[Account] = relationship()
    lines: Mapped[list["CashFlowLine"]] = relationship(
        cascade="all, delete-orphan", order_by="CashFlowLine.position", back_populates="project"
    )
    answers: Mapped[list["Answer"]] = relationship(cascade="all, delete-orphan", order_by="Answer.indicator")
    submissions: Mapped[list["Submission"]] = relationship(
        cascade="all, delete-orphan", order_by="Submission.number", back_populates="project"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class CashFlowLine(Table):
    __tablename__ = "cash_flow_line"
    __table_args__ = (
        UniqueConstraint("project_id", "position"),
        CheckConstraint("position >= 0", name="position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[FlowKind] = mapped_column(vocabulary(FlowKind, name="flow_kind"))
    measure: Mapped[FlowMeasure] = mapped_column(vocabulary(FlowMeasure, name="flow_measure"))
    line_class: Mapped[str | None] = mapped_column(String(200))
    conversion_factor: Mapped[float | None]
    economic: Mapped[EconomicRole | None] = mapped_column(vocabulary(EconomicRole, name="economic_role"))
    shares: Mapped[dict[str, float]] = mapped_column(ExactDocument, default=dict)

    project: Mapped[Project] = relationship(back_populates="lines")
    amounts: Mapped[list["CashFlowAmount"]] = relationship(
        cascade="all, delete-orphan", order_by="CashFlowAmount.period", lazy="selectin"
    )


class CashFlowAmount(Table):
    __tablename__ = "cash_flow_amount"
    __table_args__ = (CheckConstraint("period >= 0", name="period"),)

    line_id: Mapped[UUID] = mapped_column(ForeignKey("cash_flow_line.id", ondelete="CASCADE"), primary_key=True)
    period: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[Decimal] = mapped_column(ExactDecimal)


class Answer(Table):
    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("project_id", "indicator"),
        CheckConstraint("level IS NULL OR level BETWEEN 0 AND 4", name="level"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    indicator: Mapped[str] = mapped_column(String(40))
    level: Mapped[int | None]
    value: Mapped[float | None]
    unknown: Mapped[bool] = mapped_column(default=False)
    evidence: Mapped[EvidenceGrade | None] = mapped_column(vocabulary(EvidenceGrade, name="evidence_grade"))
    reason: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")


class Submission(Table):
    """A project frozen: the exact document, never changed afterwards."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("project_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    submitted_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    submitted_at: Mapped[datetime] = mapped_column(Moment, default=now)

    project: Mapped[Project] = relationship(back_populates="submissions")
