"""Rounds, in which projects are ranked against each other under one budget, and scenarios kept of such a ranking."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.account import Account
from appraisal.models.columns import ExactDecimal, Moment
from appraisal.models.framework import FrameworkVersion
from appraisal.models.tables import Table, new_id, now
from forms.local_time import LocalTime


class Round(Table):
    """Its times are kept as the clocks of its zone show them, so that what people read never moves (docs/adr/0024).
    `version` rises with every change, for optimistic locking."""

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("unit IN (1, 1000, 1000000)", name="unit"),
        CheckConstraint("closes_local > opens_local", name="closes_after_it_opens"),
        CheckConstraint("returned_days >= 0", name="returned_days"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    place: Mapped[str] = mapped_column(String(200), default="")
    """The city or programme it is for, as shown in the header."""
    budget: Mapped[Decimal] = mapped_column(ExactDecimal)
    currency: Mapped[str] = mapped_column(String(3))
    unit: Mapped[int] = mapped_column(default=1)
    price_year: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(Moment, default=now)
    """When it was made: it opens then where no opening is set."""
    framework_version_id: Mapped[UUID] = mapped_column(ForeignKey("framework_version.id"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    zone: Mapped[str] = mapped_column(String(64), default="UTC", server_default="UTC")
    """IANA name of the zone that its times are in."""
    opens_local: Mapped[datetime | None] = mapped_column(DateTime)
    closes_local: Mapped[datetime | None] = mapped_column(DateTime)
    """The first moment that is too late; None: it stays open."""
    scoring_local: Mapped[datetime | None] = mapped_column(DateTime)
    """Until when the appraisers should have handed in."""
    returned_days: Mapped[int] = mapped_column(default=30, server_default="30")
    """For how many days after it was returned a project can be sent again, whatever the deadline."""

    framework_version: Mapped[FrameworkVersion] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def opens(self) -> LocalTime | None:
        """Of two, the first: nobody is kept out for an hour."""
        return None if self.opens_local is None else LocalTime(self.opens_local, self.zone, later=False)

    @property
    def closes(self) -> LocalTime | None:
        """Of two, the second: nobody loses an hour."""
        return None if self.closes_local is None else LocalTime(self.closes_local, self.zone)

    @property
    def scoring_until(self) -> LocalTime | None:
        return None if self.scoring_local is None else LocalTime(self.scoring_local, self.zone)

    @property
    def opened(self) -> datetime:
        """The moment from which it is open."""
        return self.opened_at if self.opens is None else self.opens.moment

    def takes(self, at: datetime) -> bool:
        """Whether projects can be sent to it at that moment."""
        return self.opened <= at and (self.closes is None or at < self.closes.moment)


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
