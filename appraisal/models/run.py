"""Appraisal runs: what was computed, from exactly which inputs, and the headline figures that lists sort by."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.account import Account
from appraisal.models.columns import ExactDecimal, Moment, vocabulary
from appraisal.models.completed import OwnRecordVersion
from appraisal.models.framework import FrameworkVersion
from appraisal.models.project import Project, Submission
from appraisal.models.tables import Table, new_id, now
from scoring.result import GateStatus


class ScoreBasis(StrEnum):
    """Whose answers a run was scored from."""

    SELF_ASSESSMENT = "self-assessment"
    PANEL = "panel"


class AppraisalRun(Table):
    """One appraisal, never changed afterwards. A headline that does not exist is NULL; `result` holds the reason."""

    __tablename__ = "appraisal_run"
    __table_args__ = (UniqueConstraint("number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), index=True)
    framework_version_id: Mapped[UUID] = mapped_column(ForeignKey("framework_version.id"))
    created_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    snapshot: Mapped[str] = mapped_column(Text)
    input_sha256: Mapped[str] = mapped_column(String(64))
    parameters: Mapped[str] = mapped_column(String(100))
    engine: Mapped[str] = mapped_column(String(40))
    seed: Mapped[int] = mapped_column(BigInteger)
    draws: Mapped[int]
    result: Mapped[str] = mapped_column(Text)
    result_sha256: Mapped[str] = mapped_column(String(64))

    score: Mapped[float | None]
    score_low: Mapped[float]
    score_high: Mapped[float]
    completeness: Mapped[float]
    cost: Mapped[Decimal] = mapped_column(ExactDecimal)
    """Undiscounted capital cost in single units of the project's currency."""
    economic_npv_p50: Mapped[float | None]
    eirr_p50: Mapped[float | None]
    prob_negative: Mapped[float | None]
    risk_adjusted_return: Mapped[float | None]
    blocked: Mapped[bool]
    appraisers: Mapped[int] = mapped_column(default=0)
    """How many appraisers' scores the answers are from; 0: the planner's own."""
    panel_at: Mapped[datetime | None] = mapped_column(Moment)
    """When what the panel says last changed before this run; None for the planner's own answers."""

    project: Mapped[Project] = relationship()
    submission: Mapped[Submission] = relationship()
    framework_version: Mapped[FrameworkVersion] = relationship()
    own_record: Mapped[OwnRecordVersion | None] = relationship(secondary="run_own_record")
    """The city's completed projects it was computed with; None where none were recorded."""
    created_by: Mapped[Account] = relationship()
    criteria: Mapped[list["RunCriterion"]] = relationship(
        cascade="all, delete-orphan", order_by="RunCriterion.position", lazy="selectin"
    )
    gates: Mapped[list["RunGate"]] = relationship(
        cascade="all, delete-orphan", order_by="RunGate.gate", lazy="selectin"
    )

    @property
    def basis(self) -> ScoreBasis:
        return ScoreBasis.PANEL if self.appraisers else ScoreBasis.SELF_ASSESSMENT


class RunCriterion(Table):
    __tablename__ = "run_criterion"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("appraisal_run.id", ondelete="CASCADE"), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(100), primary_key=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    weight: Mapped[float]
    score: Mapped[float | None]
    low: Mapped[float]
    high: Mapped[float]
    contribution: Mapped[float | None]
    spread: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What its score is drawn from (`scoring.criteria.spreads.written`); None where the engine drew nothing yet."""


class RunGate(Table):
    __tablename__ = "run_gate"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("appraisal_run.id", ondelete="CASCADE"), primary_key=True)
    gate: Mapped[str] = mapped_column(String(100), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    status: Mapped[GateStatus] = mapped_column(vocabulary(GateStatus, name="gate_status"))
    lifts_when: Mapped[str] = mapped_column(Text)


class RunOwnRecord(Table):
    """Which record of completed projects a run used; a run without one used none."""

    __tablename__ = "run_own_record"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("appraisal_run.id", ondelete="CASCADE"), primary_key=True)
    own_record_id: Mapped[UUID] = mapped_column(ForeignKey("own_record_version.id"))
