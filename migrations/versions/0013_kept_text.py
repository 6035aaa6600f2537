"""A table for what was typed on a page of a draft and does not read yet; going down drops it, the drafts stay."""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import ExactDocument, Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_text",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("revision", sa.Uuid(), nullable=False),
        sa.Column("fields", ExactDocument(), nullable=False),
        sa.Column("kept_by_id", sa.Uuid(), nullable=False),
        sa.Column("kept_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_kept_text_project_id_project"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["kept_by_id"], ["account.id"], name=op.f("fk_kept_text_kept_by_id_account")),
        sa.PrimaryKeyConstraint("project_id", "part", name=op.f("pk_kept_text")),
    )
    op.create_index(op.f("ix_kept_text_kept_by_id"), "kept_text", ["kept_by_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_kept_text_kept_by_id"), table_name="kept_text")
    op.drop_table("kept_text")
