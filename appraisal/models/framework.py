"""The appraisal framework: drafts that are being written, and the versions published from them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.models.account import Account
from appraisal.models.columns import Moment
from appraisal.models.tables import Table, new_id, now


class FrameworkVersion(Table):
    """A framework as it was published; immutable, so that every appraisal keeps what it was scored with."""

    __tablename__ = "framework_version"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(100))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(Moment, default=now)
    parent: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """`key@version` of the version it was made from."""
    change_note: Mapped[str] = mapped_column(Text, default="", server_default="")
    published_by: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Who published it, by name; empty for what comes with the tool."""
    retired_at: Mapped[datetime | None] = mapped_column(Moment)
    """Since when no round can choose it: the one thing about a published version that may change."""

    @property
    def name(self) -> str:
        return f"{self.key}@{self.version}"


class FrameworkDraft(Table):
    """A framework being written, always whole and valid. `version` rises with every change, for optimistic locking."""

    __tablename__ = "framework_draft"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(100))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("framework_version.id"))
    title: Mapped[str] = mapped_column(String(200))
    document: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    change_note: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)

    parent: Mapped[FrameworkVersion | None] = relationship(lazy="joined")
    author: Mapped[Account | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
