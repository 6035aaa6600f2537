"""Attempts that are limited: how many of them failed lately."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from appraisal.models.columns import Moment
from appraisal.models.tables import Table


class AttemptWindow(Table):
    """The attempts of one account or address since the first of them. Whose they are cannot be read from the key."""

    __tablename__ = "attempt_window"
    __table_args__ = (CheckConstraint("failed >= 0 AND pending >= 0", name="counts"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(Moment, index=True)
    failed: Mapped[int]
    pending: Mapped[int]
    """Begun, and not known yet to have failed: they count until they are."""
