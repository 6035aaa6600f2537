"""Tasks of appraisers after a framework changed: what to score again, with a copy of what was given before.

Going back forgets the tasks; the scores stay, and count by whatever is asked now.
"""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import ExactDocument, Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    change = sa.Enum(
        "none", "wording", "weights", "criteria", name="change_kind", native_enum=False, create_constraint=True
    )
    op.create_table(
        "assessment_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("before_id", sa.Uuid(), nullable=False),
        sa.Column("after_id", sa.Uuid(), nullable=False),
        sa.Column("change", change, nullable=False),
        sa.Column("indicators", ExactDocument(), nullable=False),
        sa.Column("set_aside", ExactDocument(), nullable=False),
        sa.Column("dropped", ExactDocument(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_assessment_task_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["before_id"], ["framework_version.id"], name=op.f("fk_assessment_task_before_id_framework_version")
        ),
        sa.ForeignKeyConstraint(
            ["after_id"], ["framework_version.id"], name=op.f("fk_assessment_task_after_id_framework_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_task")),
    )
    op.create_index(op.f("ix_assessment_task_assessment_id"), "assessment_task", ["assessment_id"])


def downgrade() -> None:
    op.drop_table("assessment_task")
