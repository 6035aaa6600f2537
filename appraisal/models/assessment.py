"""Who appraises what, what they declared, how they scored, and what a panel agreed on."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.account import Account
from appraisal.models.assessment_task import AssessmentTask
from appraisal.models.columns import Moment, vocabulary
from appraisal.models.project import Submission
from appraisal.models.tables import Table, new_id, now
from scoring.project_file import EvidenceGrade


class Interest(StrEnum):
    """What an appraiser declares before a project opens."""

    NONE = "none"
    CONFLICT = "conflict"
    NOT_COMPETENT = "not-competent"


class ConflictKind(StrEnum):
    MONEY = "money"
    WORK = "work"
    PERSON = "person"
    OPINION = "opinion"
    OTHER = "other"


class AssessmentState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"


class ScoreStage(StrEnum):
    """The first score is given alone; one after comparing stands beside it and never replaces it."""

    ALONE = "alone"
    COMPARED = "compared"


class Assignment(Table):
    __tablename__ = "assignment"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    assigned_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Declaration(Table):
    """What an appraiser declared last; earlier declarations are in the trail."""

    __tablename__ = "declaration"
    __table_args__ = (CheckConstraint("(interest = 'conflict') = (kind IS NOT NULL)", name="kind_of_conflict"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    interest: Mapped[Interest] = mapped_column(vocabulary(Interest, name="interest"))
    kind: Mapped[ConflictKind | None] = mapped_column(vocabulary(ConflictKind, name="conflict_kind"))
    text: Mapped[str] = mapped_column(Text, default="")
    declared_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Assessment(Table):
    """One appraiser's scores of one submission. `version` rises with every change, for optimistic locking."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("submission_id", "account_id"),
        CheckConstraint("(state = 'submitted') = (counted_at IS NOT NULL)", name="counted_once_submitted"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    state: Mapped[AssessmentState] = mapped_column(
        vocabulary(AssessmentState, name="assessment_state"), default=AssessmentState.DRAFT
    )
    version: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    counted_at: Mapped[datetime | None] = mapped_column(Moment)
    """When what counts of it last changed: submitted, or revised after comparing."""

    submission: Mapped[Submission] = relationship()
    account: Mapped[Account] = relationship()
    scores: Mapped[list["Score"]] = relationship(
        cascade="all, delete-orphan", order_by="Score.indicator, Score.stage", lazy="selectin"
    )
    tasks: Mapped[list[AssessmentTask]] = relationship(order_by=AssessmentTask.created_at, lazy="selectin")
    """What changes of the framework left to do, the oldest first; those done included."""

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Score(Table):
    __tablename__ = "assessment_score"
    __table_args__ = (
        CheckConstraint("level IS NULL OR level BETWEEN 0 AND 4", name="level"),
        CheckConstraint(
            "(CASE WHEN level IS NULL THEN 0 ELSE 1 END) + (CASE WHEN value IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN unknown THEN 1 ELSE 0 END) <= 1",
            name="one_answer",
        ),
    )

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(40), primary_key=True)
    stage: Mapped[ScoreStage] = mapped_column(
        vocabulary(ScoreStage, name="score_stage"), primary_key=True, default=ScoreStage.ALONE
    )
    level: Mapped[int | None]
    value: Mapped[float | None]
    unknown: Mapped[bool] = mapped_column(default=False)
    evidence: Mapped[EvidenceGrade | None] = mapped_column(vocabulary(EvidenceGrade, name="evidence_grade"))
    document: Mapped[str] = mapped_column(Text, default="")
    page: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Reconciliation(Table):
    """What the panel agreed on for one indicator of one submission; the scores themselves stay as they are."""

    __tablename__ = "reconciliation"
    __table_args__ = (
        CheckConstraint("level IS NULL OR level BETWEEN 0 AND 4", name="level"),
        CheckConstraint("version >= 1", name="version"),
    )

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    level: Mapped[int | None]
    value: Mapped[float | None]
    evidence: Mapped[EvidenceGrade | None] = mapped_column(vocabulary(EvidenceGrade, name="evidence_grade"))
    reason: Mapped[str] = mapped_column(Text)
    agreed_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    agreed_at: Mapped[datetime] = mapped_column(Moment, default=now)

    agreed_by: Mapped[Account] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
