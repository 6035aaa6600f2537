"""Files sent as evidence, their contents and their links to answers. Going down drops them; what was answered stays."""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import ExactDocument, Moment

revision = "0019"
down_revision = "0016"
branch_labels = None
depends_on = None

KINDS = ("pdf", "png", "jpg", "docx", "xlsx", "pptx", "odt", "ods", "csv", "txt")


def upgrade() -> None:
    op.create_table(
        "stored_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_stored_file_size")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_stored_file")),
    )
    op.create_table(
        "evidence_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        *_described(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_file_size")),
        _refers("evidence_file", "project_id", "project.id", ondelete="CASCADE"),
        _refers("evidence_file", "sha256", "stored_file.sha256"),
        _refers("evidence_file", "uploaded_by_id", "account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
        sa.UniqueConstraint("project_id", "sha256", name=op.f("uq_evidence_file_project_id_sha256")),
        sa.UniqueConstraint("project_id", "title", name=op.f("uq_evidence_file_project_id_title")),
    )
    op.create_table(
        "evidence_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        _refers("evidence_link", "project_id", "project.id", ondelete="CASCADE"),
        _refers("evidence_link", "file_id", "evidence_file.id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_link")),
        sa.UniqueConstraint("file_id", "indicator", "place", name=op.f("uq_evidence_link_file_id_indicator_place")),
    )
    op.create_table(
        "submitted_file",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        *_described(),
        sa.Column("places", ExactDocument(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_submitted_file_size")),
        _refers("submitted_file", "submission_id", "submission.id", ondelete="CASCADE"),
        _refers("submitted_file", "sha256", "stored_file.sha256"),
        sa.PrimaryKeyConstraint("submission_id", "file_id", name=op.f("pk_submitted_file")),
    )
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table, column in INDEXES:
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
    for table in ("submitted_file", "evidence_link", "evidence_file", "stored_file"):
        op.drop_table(table)


INDEXES = (
    ("evidence_file", "sha256"),
    ("evidence_file", "uploaded_by_id"),
    ("evidence_link", "project_id"),
    ("submitted_file", "file_id"),
    ("submitted_file", "sha256"),
)


def _described() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="file_kind", native_enum=False, create_constraint=True), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
    )


def _refers(table: str, column: str, to: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to.partition('.')[0]}")
    return sa.ForeignKeyConstraint([column], [to], name=name, ondelete=ondelete)
