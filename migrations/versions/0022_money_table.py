"""Tables for what a paste replaced and for workbooks on their way; going down drops both, the drafts stay."""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import ExactDocument, Moment

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "replaced_table",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("typed", ExactDocument(), nullable=True),
        sa.Column("pasted", sa.String(length=200), nullable=False),
        sa.Column("pasted_by_id", sa.Uuid(), nullable=False),
        sa.Column("pasted_at", Moment(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_replaced_table_version")),
        *_of("replaced_table", "pasted_by_id"),
    )
    op.create_index(op.f("ix_replaced_table_pasted_by_id"), "replaced_table", ["pasted_by_id"])
    op.create_table(
        "table_file",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=False),
        *_of("table_file", "sent_by_id"),
    )
    op.create_index(op.f("ix_table_file_sent_by_id"), "table_file", ["sent_by_id"])
    op.create_index(op.f("ix_table_file_sent_at"), "table_file", ["sent_at"])


def downgrade() -> None:
    op.drop_table("table_file")
    op.drop_table("replaced_table")


def _of(table: str, person: str) -> tuple[sa.Constraint, ...]:
    """One row a project, and who made it."""
    return (
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f(f"fk_{table}_project_id_project"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint([person], ["account.id"], name=op.f(f"fk_{table}_{person}_account")),
        sa.PrimaryKeyConstraint("project_id", name=op.f(f"pk_{table}")),
    )
