"""The audit trail becomes a keyed chain: each entry sealed with the one before it, and one row for the head.

Entries that are there already are chained as they stand; that needs the key, which the engine holds. Going back leaves
the entries without their seals.
"""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import ExactDocument
from appraisal.trail.chain import CELLS, START, key_of, sealed

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

HEAD = sa.table("audit_head", sa.column("id"), sa.column("sequence"), sa.column("hash"))
ENTRY = sa.table("audit_entry", *(sa.column(name) for name in (*CELLS, "hash")))


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("facts", ExactDocument(), nullable=True))
    op.add_column("audit_entry", sa.Column("hash", sa.String(length=64), nullable=True))
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    sequence, latest = _chain()
    op.get_bind().execute(HEAD.insert().values(id=1, sequence=sequence, hash=latest))


def downgrade() -> None:
    op.drop_table("audit_head")
    op.drop_column("audit_entry", "hash")
    op.drop_column("audit_entry", "facts")


def _chain() -> tuple[int, str]:
    """Seal every entry in its order, and give the number and hash of the last."""
    connection, sequence, latest = op.get_bind(), 0, START
    rows = connection.execute(sa.select(*(ENTRY.c[name] for name in CELLS)).order_by(ENTRY.c.sequence)).all()
    if not rows:
        return sequence, latest
    key, hashes = key_of(connection), []
    for row in rows:
        sequence, latest = row.sequence, sealed(key, latest, row)
        hashes.append({"number": sequence, "sealed": latest})
    guard = _taken_off()
    connection.execute(
        ENTRY.update().where(ENTRY.c.sequence == sa.bindparam("number")).values(hash=sa.bindparam("sealed")), hashes
    )
    for statement in guard:
        connection.exec_driver_sql(statement)
    return sequence, latest


def _taken_off() -> tuple[str, ...]:
    """Let the seals be written this once; returns what puts the guard back."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        return ("ALTER TABLE audit_entry ENABLE TRIGGER USER",)
    found = op.get_bind().execute(
        sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'")
    )
    guards = found.all()
    for name, _ in guards:
        op.execute(f"DROP TRIGGER {name}")
    return tuple(written for _, written in guards)
