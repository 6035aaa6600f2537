"""Long work done in the background: who asked, how far it is, and which worker holds it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.account import Account
from appraisal.models.columns import Moment, vocabulary
from appraisal.models.tables import Table, new_id, now


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobKind(StrEnum):
    SCENARIO = "scenario"
    IMPORT = "import"


UNFINISHED = (JobState.QUEUED, JobState.RUNNING)
_UNFINISHED = text("state IN ('queued', 'running')")


class Job(Table):
    """One piece of long work. A worker holds it until `lease_until`; after that any other may take it over."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("done >= 0 AND done <= total", name="progress"),
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="lease"),
        Index(
            "uq_job_unfinished",
            "kind",
            "subject_id",
            unique=True,
            sqlite_where=_UNFINISHED,
            postgresql_where=_UNFINISHED,
        ),
        Index("ix_job_subject_id", "subject_id"),
        Index("ix_job_state", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[JobKind] = mapped_column(vocabulary(JobKind, name="job_kind"))
    subject_id: Mapped[UUID]
    """What it is about; of one subject at most one job is unfinished."""
    state: Mapped[JobState] = mapped_column(vocabulary(JobState, name="job_state"), default=JobState.QUEUED)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]
    """Steps, e.g. projects."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How many workers have begun it."""
    worker: Mapped[str] = mapped_column(String(36), default="")
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    heartbeat_at: Mapped[datetime | None] = mapped_column(Moment)
    problem: Mapped[str] = mapped_column(Text, default="")
    """Why it failed, in words; empty otherwise."""
    reference: Mapped[str] = mapped_column(String(16), default="")
    """Of the entry in the server's log that says more."""
    created_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)

    created_by: Mapped[Account] = relationship()

    @property
    def unfinished(self) -> bool:
        return self.state in UNFINISHED
