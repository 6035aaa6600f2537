"""Scenarios of METHOD 11 that people edited, their runs over a whole round, and what came of each project."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.account import Account
from appraisal.models.columns import Moment
from appraisal.models.job import Job
from appraisal.models.run import AppraisalRun
from appraisal.models.tables import Table, new_id, now


class PortfolioScenario(Table):
    """Changes of the inputs of every project of a round, under a name; the built-in ones have no row."""

    __tablename__ = "portfolio_scenario"
    __table_args__ = (
        UniqueConstraint("round_id", "name"),
        CheckConstraint("length(name) > 0", name="name"),
        CheckConstraint("length(reason) > 0", name="reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(Text)
    changes: Mapped[str] = mapped_column(Text)
    """Canonical JSON, `portfolio-scenario/1`."""
    version: Mapped[int] = mapped_column(default=1)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)

    author: Mapped[Account] = relationship()


class ScenarioRun(Table):
    """What a job runs: the scenario as it was when it was asked for, never changed afterwards."""

    __tablename__ = "scenario_run"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), index=True)
    scenario: Mapped[str] = mapped_column(String(64))
    """Key of a built-in scenario, or the id of an edited one."""
    title: Mapped[str] = mapped_column(String(100))
    changes: Mapped[str] = mapped_column(Text)

    job: Mapped[Job] = relationship()


class ScenarioResult(Table):
    """One project under a scenario; without `computed_at` it is still to be computed."""

    __tablename__ = "scenario_result"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN computed_at IS NULL THEN figures IS NULL AND problem = '' "
            "ELSE (figures IS NULL) = (problem <> '') END",
            name="outcome",
        ),
    )

    job_id: Mapped[UUID] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("appraisal_run.id", ondelete="CASCADE"), index=True)
    """The appraisal whose inputs, seed and draws it takes."""
    input_sha256: Mapped[str] = mapped_column(String(64), default="")
    """Of everything it was computed from: changed project and framework, seed, draws, engine."""
    figures: Mapped[str | None] = mapped_column(Text)
    """Headline figures under the scenario, and the expected economic NPV without it, as canonical JSON."""
    problem: Mapped[str] = mapped_column(Text, default="")
    """Why there are none."""
    computed_at: Mapped[datetime | None] = mapped_column(Moment)

    run: Mapped[AppraisalRun] = relationship()
