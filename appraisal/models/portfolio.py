"""Rounds, in which projects are ranked against each other under one budget, and scenarios kept of such a ranking."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.account import Account
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


class Scenario(Table):
    """A what-if of a round that someone kept, never changed afterwards."""

    __tablename__ = "scenario"
    __table_args__ = (
        UniqueConstraint("round_id", "name"),
        CheckConstraint("length(name) > 0", name="name"),
        CheckConstraint("length(reason) > 0", name="reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(Text)
    """The parameters of its address as canonical JSON, `portfolio-what-if/1`."""
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    author: Mapped[Account] = relationship()
