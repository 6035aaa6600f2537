"""Completed projects, planned against actual, and the records of them that appraisals were computed with."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.account import Account
from appraisal.models.columns import ExactDecimal, Moment
from appraisal.models.tables import Table, new_id, now


class CompletedProject(Table):
    """What a project of a city was to cost, to take and to serve, and what it did. Withdrawn, never deleted."""

    __tablename__ = "completed_project"
    __table_args__ = (
        UniqueConstraint("city_key", "name_key"),
        CheckConstraint("price_year BETWEEN 1900 AND 2200", name="price_year"),
        CheckConstraint("planned_opening > started_on AND actual_opening > started_on", name="dates"),
        CheckConstraint("(planned_use IS NULL) = (actual_use IS NULL)", name="use"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    city: Mapped[str] = mapped_column(String(200))
    city_key: Mapped[str] = mapped_column(String(400))
    """The city as it is looked up: case and spaces do not tell two cities apart."""
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(400))
    asset_class: Mapped[str] = mapped_column(String(100))
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id", ondelete="SET NULL"), index=True)
    """The registered project that it was, where it was one."""

    currency: Mapped[str] = mapped_column(String(3))
    price_year: Mapped[int]
    planned_cost: Mapped[Decimal] = mapped_column(ExactDecimal)
    actual_cost: Mapped[Decimal] = mapped_column(ExactDecimal)
    started_on: Mapped[date | None] = mapped_column(Date)
    planned_opening: Mapped[date | None] = mapped_column(Date)
    actual_opening: Mapped[date | None] = mapped_column(Date)
    use_unit: Mapped[str] = mapped_column(String(100), default="")
    planned_use: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    actual_use: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    source: Mapped[str] = mapped_column(String(500))

    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    """None: the command line."""
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_because: Mapped[str] = mapped_column(Text, default="")

    recorded_by: Mapped[Account | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class OwnRecordVersion(Table):
    """A city's record as an appraisal used it; immutable, so that the run replays whatever is recorded later."""

    __tablename__ = "own_record_version"
    __table_args__ = (UniqueConstraint("sha256"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    stored_at: Mapped[datetime] = mapped_column(Moment, default=now)
