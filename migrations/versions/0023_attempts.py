"""Attempts to sign in are counted in the database, for all processes of the server. Nothing before is changed."""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import Moment

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt_window",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.CheckConstraint("failed >= 0 AND pending >= 0", name=op.f("ck_attempt_window_counts")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempt_window")),
    )
    op.create_index(op.f("ix_attempt_window_ends_at"), "attempt_window", ["ends_at"])


def downgrade() -> None:
    op.drop_table("attempt_window")
