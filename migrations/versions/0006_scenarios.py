"""Scenarios: what-ifs of a round that someone kept, with who and why. They are only ever added."""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

REFUSAL = "rows are only ever added"


def upgrade() -> None:
    op.create_table(
        "scenario",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_scenario_name")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_scenario_reason")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_scenario_author_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_scenario_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
        sa.UniqueConstraint("round_id", "name", name=op.f("uq_scenario_round_id_name")),
    )
    op.create_index(op.f("ix_scenario_round_id"), "scenario", ["round_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER scenario_no_update BEFORE UPDATE ON scenario "
            f"BEGIN SELECT RAISE(ABORT, 'scenario: {REFUSAL}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION scenario_guard() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION 'scenario: {REFUSAL}'; END $$"
    )
    op.execute("CREATE TRIGGER scenario_guard BEFORE UPDATE ON scenario FOR EACH ROW EXECUTE FUNCTION scenario_guard()")


def downgrade() -> None:
    op.drop_table("scenario")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION scenario_guard()")
