"""Mail that is to go out: written with what it tells of, sent by the server's post, and how a person wants it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.account import Account
from appraisal.models.columns import Moment, vocabulary
from appraisal.models.tables import Table, new_id, now

DEFAULT_HOUR = 8


class MailKind(StrEnum):
    NOTICE = "notice"
    DIGEST = "digest"
    RESET = "reset"


class MailState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    """Nothing was left to say, or its person may see nothing of it any more."""


class Mail(Table):
    """One mail: its words are made as it is sent, so that none lie about, and what may no longer be seen is not sent.

    Whoever sends it holds it until `lease_until`. Its Message-ID is made of its id: sent twice, it is one message.
    """

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        Index("ix_mail_state", "state", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[MailKind] = mapped_column(vocabulary(MailKind, name="mail_kind"))
    key: Mapped[str] = mapped_column(String(220))
    """Names what it is about: it is made once."""
    state: Mapped[MailState] = mapped_column(vocabulary(MailState, name="mail_state"), default=MailState.WAITING)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    due_at: Mapped[datetime] = mapped_column(Moment, default=now)
    """Not to be tried before."""
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    problem: Mapped[str] = mapped_column(String(300), default="")
    """What the mail server said last, where it did not take it."""

    account: Mapped[Account] = relationship()


class MailWish(StrEnum):
    IMMEDIATE = "immediate"
    DIGEST = "digest"
    NONE = "none"


class MailChoice(Table):
    """How a person wants mail; who never chose gets one mail a day."""

    __tablename__ = "mail_choice"
    __table_args__ = (CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    wish: Mapped[MailWish] = mapped_column(vocabulary(MailWish, name="mail_wish"), default=MailWish.DIGEST)
    hour: Mapped[int] = mapped_column(default=DEFAULT_HOUR)
    """From which the day's mail goes out, on the clocks of `zone`."""
    zone: Mapped[str] = mapped_column(String(64), default="UTC")


class ResetRequest(Table):
    """Somebody says to have lost the password of this address; whether there is an account is asked afterwards, so that
    the answer and its time are the same. The row goes as it is looked at."""

    __tablename__ = "reset_request"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
