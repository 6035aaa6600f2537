"""What people are told of, in the tool and by mail. Nothing before is changed; nobody is told of what was."""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import ExactDocument, Moment

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NOTICES = (
    *("sent", "decided", "assigned", "score-again", "agreed", "owed", "owed-soon", "transferred", "closes-soon"),
    *("scoring-soon", "extended"),
)


def upgrade() -> None:
    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum(*NOTICES, name="notice", native_enum=False, create_constraint=True), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("said", ExactDocument(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        _to("notification", "account"),
        _to("notification", "project"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_notification_account_id_key")),
    )
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "ix_notification_unread", "notification", ["account_id"], sqlite_where=unread, postgresql_where=unread
    )
    op.create_index(op.f("ix_notification_project_id"), "notification", ["project_id"])


def downgrade() -> None:
    op.drop_table("notification")


def _to(table: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{other}_id_{other}")
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name, ondelete="CASCADE")
