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
    _mail()
    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("notice", *NOTICES), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("said", ExactDocument(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        _to("notification", "account"),
        _to("notification", "project"),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["mail.id"], name=op.f("fk_notification_mail_id_mail"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_notification_account_id_key")),
    )
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "ix_notification_unread", "notification", ["account_id"], sqlite_where=unread, postgresql_where=unread
    )
    op.create_index(op.f("ix_notification_project_id"), "notification", ["project_id"])
    op.create_index(op.f("ix_notification_mail_id"), "notification", ["mail_id"])


def _mail() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("mail_kind", "notice", "digest", "reset"), nullable=False),
        sa.Column("key", sa.String(length=220), nullable=False),
        sa.Column("state", _words("mail_state", "waiting", "sent", "failed", "dropped"), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_mail_sent")),
        _to("mail", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_mail_account_id_key")),
    )
    op.create_index("ix_mail_state", "mail", ["state", "due_at"])
    op.create_table(
        "mail_choice",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("wish", _words("mail_wish", "immediate", "digest", "none"), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_mail_choice_hour")),
        _to("mail_choice", "account"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_mail_choice")),
    )
    op.create_table(
        "reset_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reset_request")),
    )


def downgrade() -> None:
    for table in ("notification", "mail", "mail_choice", "reset_request"):
        op.drop_table(table)


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True)


def _to(table: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{other}_id_{other}")
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name, ondelete="CASCADE")
