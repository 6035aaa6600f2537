"""Rounds: a call for projects with one budget, in which projects are ranked against each other."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.columns import ExactDecimal, Moment
from appraisal.models.framework import FrameworkVersion
from appraisal.models.tables import Table, new_id, now


class Round(Table):
    __tablename__ = "round"
    __table_args__ = (CheckConstraint("unit IN (1, 1000, 1000000)", name="unit"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    place: Mapped[str] = mapped_column(String(200), default="")
    """The city or programme it is for, as shown in the header."""
    budget: Mapped[Decimal] = mapped_column(ExactDecimal)
    currency: Mapped[str] = mapped_column(String(3))
    unit: Mapped[int] = mapped_column(default=1)
    price_year: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(Moment, default=now)
    framework_version_id: Mapped[UUID] = mapped_column(ForeignKey("framework_version.id"))

    framework_version: Mapped[FrameworkVersion] = relationship()
