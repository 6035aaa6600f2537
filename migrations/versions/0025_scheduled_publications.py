"""Publications at a time to come, the pending decisions that belong to them, and the message where none came of it.

Going back, what was scheduled is forgotten: its decisions are pending, as they were before it.
"""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import ExactDocument, Moment

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLE = "scheduled_publication"
NOTICE = "unpublished"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("scheduled_at", Moment(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("local", sa.DateTime(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *("waiting", "published", "cancelled", "refused"),
                name="schedule_state",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("cancelled_by_id", sa.Uuid(), nullable=True),
        sa.Column("problems", ExactDocument(), nullable=False),
        sa.CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name=op.f(f"ck_{TABLE}_ended")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f(f"fk_{TABLE}_account_id_account")),
        sa.ForeignKeyConstraint(["cancelled_by_id"], ["account.id"], name=op.f(f"fk_{TABLE}_cancelled_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(op.f(f"ix_{TABLE}_state"), TABLE, ["state"])
    key = f"fk_pending_decision_scheduled_id_{TABLE}"
    kind = "CHAR(32)" if _sqlite() else "UUID"
    op.execute(f"ALTER TABLE pending_decision ADD COLUMN scheduled_id {kind} CONSTRAINT {key} REFERENCES {TABLE} (id)")
    _allow_notices(lambda kinds: [*kinds, NOTICE])


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM notification WHERE kind = :kind").bindparams(kind=NOTICE))
    _allow_notices(lambda kinds: [kind for kind in kinds if kind != NOTICE])
    op.drop_column("pending_decision", "scheduled_id")
    op.drop_table(TABLE)


def _allow_notices(change: Callable[[list[str]], list[str]]) -> None:
    """Change the constraint on `notification.kind`, whatever it lists; on SQLite in the text of the table, as
    migration 0008 says."""
    connection = op.get_bind()
    if _sqlite():
        query = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'notification'"
        old = str(connection.execute(sa.text(query)).scalar_one())
        (listed,) = re.findall(r"kind IN \(([^()]*)\)", old)
        _rewrite(old.replace(f"kind IN ({listed})", _check(change(_words(listed)))))
        return
    query = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ck_notification_notice'"
    kinds = _words(str(connection.execute(sa.text(query)).scalar_one()))
    op.drop_constraint(op.f("ck_notification_notice"), "notification", type_="check")
    op.create_check_constraint(op.f("ck_notification_notice"), "notification", _check(change(kinds)))


def _rewrite(new: str) -> None:
    connection = op.get_bind()
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = 'notification'"), {"sql": new}
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = RESET"))


def _words(text: str) -> list[str]:
    return re.findall(r"'([a-z-]+)'", text)


def _check(kinds: list[str]) -> str:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return f"kind IN ({listed})"


def _sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
