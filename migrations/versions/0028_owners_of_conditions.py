"""Whose account it is that owes what a decision sets; what was set before is owed by whom its words name.

Going back, the words stay: they name the organisation of the person who was chosen.
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLE = "decision_condition"


def upgrade() -> None:
    key = f"fk_{TABLE}_owner_id_account"
    kind = "CHAR(32)" if op.get_bind().dialect.name == "sqlite" else "UUID"
    op.execute(f"ALTER TABLE {TABLE} ADD COLUMN owner_id {kind} CONSTRAINT {key} REFERENCES account (id)")


def downgrade() -> None:
    op.drop_column(TABLE, "owner_id")
