"""People and the organisations they act for."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.columns import Moment, vocabulary
from appraisal.models.tables import Table, new_id, now


class Role(StrEnum):
    PLANNER = "planner"
    APPRAISER = "appraiser"
    APPROVER = "approver"
    ANALYST = "analyst"
    ADMIN = "admin"


class Organisation(Table):
    __tablename__ = "organisation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200), unique=True)


class Account(Table):
    __tablename__ = "account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(vocabulary(Role, name="role"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    disabled: Mapped[bool] = mapped_column(default=False)
    demo: Mapped[bool] = mapped_column(default=False)
    session_epoch: Mapped[int] = mapped_column(default=0)
    """Raised at sign-out, password and role change, so that copied cookies die."""
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    organisation: Mapped[Organisation] = relationship(lazy="joined")
