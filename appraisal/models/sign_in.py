"""How an account is entered: live sessions, one-time links, the second step, tokens for programs.

Every secret that is handed out is kept as its hash alone; the key of the second step is sealed with the server's own.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from appraisal.models.columns import ExactDocument, Moment, vocabulary
from appraisal.models.tables import Table, new_id, now


class LiveSession(Table):
    """One browser that is signed in; it ends when the row goes or the account's epoch moves on."""

    __tablename__ = "live_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    epoch: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    seen_at: Mapped[datetime] = mapped_column(Moment, default=now)
    """To the minute: not every page writes."""
    device: Mapped[str] = mapped_column(String(200))
    """What the browser says that it is."""
    address: Mapped[str] = mapped_column(String(64))


class LinkKind(StrEnum):
    INVITATION = "invitation"
    PASSWORD_RESET = "password-reset"  # noqa: S105 -- the kind of a link


class AccountLink(Table):
    """A link that lets its holder set the account's password, once. The row stays, to say what became of it."""

    __tablename__ = "account_link"
    __table_args__ = (CheckConstraint("used_at IS NULL OR withdrawn_at IS NULL", name="one_end"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    kind: Mapped[LinkKind] = mapped_column(vocabulary(LinkKind, name="link_kind"))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


class SecondStep(Table):
    """The key that an account's authenticator shares with this server."""

    __tablename__ = "second_step"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    sealed_key: Mapped[str] = mapped_column(String(300))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    """None: it was begun, and no code was entered yet; signing in does not ask for one."""
    last_step: Mapped[int | None]
    """The time step of the last code that was accepted: neither it nor an earlier one counts again."""


class RecoveryCode(Table):
    """Stands in for the authenticator once; the row goes when it is used."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "code_hash"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))


class ServiceIdentity(Table):
    """As whom the office's sign-in service knows an account, since it first signed in that way. Never another's."""

    __tablename__ = "service_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    first_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Scope(StrEnum):
    READ_PROJECTS = "read-projects"
    READ_PORTFOLIO = "read-portfolio"
    REGISTER = "register"


class ApiToken(Table):
    """Lets a program act for an account within its scopes; the rights are the account's at each request."""

    __tablename__ = "api_token"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    prefix: Mapped[str] = mapped_column(String(16))
    """The beginning of the token, by which its owner knows it."""
    scopes: Mapped[list[str]] = mapped_column(ExactDocument, default=list)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    """To the minute."""
