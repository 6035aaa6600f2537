"""What became of an approved project: its dates, a report a year, and who answers for its benefits."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.account import Account
from appraisal.models.columns import ExactDecimal, Moment
from appraisal.models.tables import Table, new_id, now


class Delivery(Table):
    """When building started and when it opened, as far as it is known."""

    __tablename__ = "delivery"
    __table_args__ = (CheckConstraint("opened_on > started_on", name="dates"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    started_on: Mapped[date | None] = mapped_column(Date)
    opened_on: Mapped[date | None] = mapped_column(Date)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class YearReport(Table):
    """One calendar year as it was: money in single units of the project's currency; NULL is unknown, never zero."""

    __tablename__ = "year_report"
    __table_args__ = (
        UniqueConstraint("project_id", "year"),
        CheckConstraint("year BETWEEN 1900 AND 2700", name="year"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    year: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    capital_cost: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    running_cost: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    revenue: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    use: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    """In the unit of the project's output."""
    note: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(500))
    reported_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    """Who said it last; None: the command line."""
    reported_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)

    reported_by: Mapped[Account | None] = relationship(lazy="joined")
    benefits: Mapped[list["ReportedBenefit"]] = relationship(
        cascade="all, delete-orphan", order_by="ReportedBenefit.name", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ReportedBenefit(Table):
    """What one benefit line gave in the year: money in single units, or tonnes; NULL is not measured."""

    __tablename__ = "reported_benefit"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("year_report.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    """The line of the cash flows that was decided on."""
    amount: Mapped[Decimal | None] = mapped_column(ExactDecimal)


class RegisteredBenefit(Table):
    """Who answers for a benefit line, and how one will know."""

    __tablename__ = "registered_benefit"
    __table_args__ = (UniqueConstraint("project_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1)
    answers_for: Mapped[str] = mapped_column(String(200))
    measured_by: Mapped[str] = mapped_column(Text)
    baseline: Mapped[str] = mapped_column(Text, default="")
    """Where it stood before the project; empty where nobody measured it."""

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
