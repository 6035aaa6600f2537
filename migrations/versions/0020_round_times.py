"""Rounds open and close at a time on the clocks of a zone. What is open already stays so, without a deadline."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

COLUMNS = ("returned_days", "scoring_local", "closes_local", "opens_local", "zone", "version")
CLOSES, RETURNED = "ck_round_closes_after_it_opens", "ck_round_returned_days"


def upgrade() -> None:
    op.add_column("round", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("round", sa.Column("zone", sa.String(length=64), nullable=False, server_default="UTC"))
    op.add_column("round", sa.Column("opens_local", sa.DateTime(), nullable=True))
    op.add_column("round", sa.Column("scoring_local", sa.DateTime(), nullable=True))
    if _sqlite():
        _checked("closes_local DATETIME", f"CONSTRAINT {CLOSES} CHECK (closes_local > opens_local)")
        _checked("returned_days INTEGER DEFAULT '30' NOT NULL", f"CONSTRAINT {RETURNED} CHECK (returned_days >= 0)")
        return
    op.add_column("round", sa.Column("closes_local", sa.DateTime(), nullable=True))
    op.add_column("round", sa.Column("returned_days", sa.Integer(), nullable=False, server_default="30"))
    op.create_check_constraint(op.f(CLOSES), "round", "closes_local > opens_local")
    op.create_check_constraint(op.f(RETURNED), "round", "returned_days >= 0")


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_column("round", column)


def _checked(column: str, check: str) -> None:
    """SQLite takes a rule with a new column, and none without."""
    op.execute(f"ALTER TABLE round ADD COLUMN {column} {check}")


def _sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
