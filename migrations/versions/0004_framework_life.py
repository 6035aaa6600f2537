"""Frameworks have a life: drafts that are written, versions that never change once published, and retirement.

What is published already stays as it is; it has no parent and no note of what changed.
"""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLE = "framework_version"
FROZEN = "id, key, version, title, document, sha256, published_at, parent, change_note, published_by"
REFUSAL = "rows are only ever added"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("parent", sa.String(length=120), nullable=False, server_default=""))
    op.add_column(TABLE, sa.Column("change_note", sa.Text(), nullable=False, server_default=""))
    op.add_column(TABLE, sa.Column("published_by", sa.String(length=200), nullable=False, server_default=""))
    op.add_column(TABLE, sa.Column("retired_at", Moment(), nullable=True))
    op.create_table(
        "framework_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("change_note", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["framework_version.id"], name=op.f("fk_framework_draft_parent_id_framework_version")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_framework_draft_author_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_draft")),
    )
    if _sqlite():
        for name, event in (("update", f"UPDATE OF {FROZEN}"), ("delete", "DELETE")):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{name} BEFORE {event} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{TABLE}: {REFUSAL}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {TABLE}_guard() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{TABLE}: {REFUSAL}'; END $$"
    )
    for name, event in (("guard", f"UPDATE OF {FROZEN} OR DELETE"), ("no_truncate", "TRUNCATE")):
        each = "STATEMENT" if event == "TRUNCATE" else "ROW"
        op.execute(
            f"CREATE TRIGGER {TABLE}_{name} BEFORE {event} ON {TABLE} FOR EACH {each} EXECUTE FUNCTION {TABLE}_guard()"
        )


def downgrade() -> None:
    if _sqlite():
        for name in ("update", "delete"):
            op.execute(f"DROP TRIGGER {TABLE}_no_{name}")
    else:
        for name in ("guard", "no_truncate"):
            op.execute(f"DROP TRIGGER {TABLE}_{name} ON {TABLE}")
        op.execute(f"DROP FUNCTION {TABLE}_guard()")
    op.drop_table("framework_draft")
    for column in ("retired_at", "published_by", "change_note", "parent"):
        op.drop_column(TABLE, column)


def _sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
