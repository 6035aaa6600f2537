"""Files sent as evidence: of a draft, linked to its answers, and of what was sent, as they were then."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.evidence import LONGEST_NAME, LONGEST_PLACE, FileKind
from appraisal.models.columns import ExactDocument, Moment, vocabulary
from appraisal.models.tables import Table, new_id, now


class StoredFile(Table):
    """Contents, once each, under their SHA-256; gone with the last row that names them."""

    __tablename__ = "stored_file"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class EvidenceFile(Table):
    """A file of a draft. `version` rises with every change, its links included, for optimistic locking."""

    __tablename__ = "evidence_file"
    __table_args__ = (
        UniqueConstraint("project_id", "sha256"),
        UniqueConstraint("project_id", "title"),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"), index=True)
    kind: Mapped[FileKind] = mapped_column(vocabulary(FileKind, name="file_kind"))
    size: Mapped[int]
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    title: Mapped[str] = mapped_column(String(LONGEST_NAME))
    version: Mapped[int] = mapped_column(default=1)
    uploaded_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    uploaded_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)

    links: Mapped[list["EvidenceLink"]] = relationship(
        cascade="all, delete-orphan", order_by="EvidenceLink.indicator, EvidenceLink.place", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class EvidenceLink(Table):
    """That a file, at a place in it, stands behind an answer of the draft."""

    __tablename__ = "evidence_link"
    __table_args__ = (UniqueConstraint("file_id", "indicator", "place"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("evidence_file.id", ondelete="CASCADE"))
    indicator: Mapped[str] = mapped_column(String(40))
    place: Mapped[str] = mapped_column(String(LONGEST_PLACE), default="")


class SubmittedFile(Table):
    """A file as a submission was sent with it, never changed afterwards; `file_id` is what it had in the draft."""

    __tablename__ = "submitted_file"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True)
    file_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"), index=True)
    kind: Mapped[FileKind] = mapped_column(vocabulary(FileKind, name="file_kind"))
    size: Mapped[int]
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    title: Mapped[str] = mapped_column(String(LONGEST_NAME))
    places: Mapped[list[list[str]]] = mapped_column(ExactDocument, default=list)
    """(indicator, place) of every answer that it stands behind."""
