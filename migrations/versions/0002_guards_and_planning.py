"""Guard what a run consists of and against TRUNCATE; when a round was opened; how many years a project plans.

The price basis moves from a project's `details` to its own columns, which held it already: only inflation stays.
"""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import ExactDocument, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PARTS_OF_A_RUN = ("run_criterion", "run_gate")
GUARDED = ("audit_entry", "submission", "appraisal_run", *PARTS_OF_A_RUN)
REFUSAL = "rows are only ever added"
BEFORE_ROUNDS_HAD_DATES = "2026-01-01 00:00:00"


def upgrade() -> None:
    op.add_column("round", sa.Column("opened_at", Moment(), nullable=False, server_default=BEFORE_ROUNDS_HAD_DATES))
    op.add_column("project", sa.Column("years_planned", sa.Integer(), nullable=False, server_default="15"))
    for row, details in _details():
        if "prices" in details:
            inflation = details.pop("prices").get("inflation")
            _write(row, details if inflation is None else details | {"inflation": inflation})
    if _sqlite():
        for table in PARTS_OF_A_RUN:
            op.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: {REFUSAL}'); END"
            )
        return
    for table in PARTS_OF_A_RUN:
        op.execute(
            f"CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table}: {REFUSAL}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_guard BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_guard()"
        )
    for table in GUARDED:
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_guard()"
        )


def downgrade() -> None:
    if _sqlite():
        for table in PARTS_OF_A_RUN:
            op.execute(f"DROP TRIGGER {table}_no_update")
    else:
        for table in GUARDED:
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
        for table in PARTS_OF_A_RUN:
            op.execute(f"DROP TRIGGER {table}_guard ON {table}")
            op.execute(f"DROP FUNCTION {table}_guard()")
    for row, details in _details():
        prices = {"basis": row.price_basis, "base_year": row.price_year, "inflation": details.pop("inflation", None)}
        _write(row, details | {"prices": {key: value for key, value in prices.items() if value is not None}})
    op.drop_column("project", "years_planned")
    op.drop_column("round", "opened_at")


PROJECT = sa.table(
    "project",
    sa.column("id", sa.Uuid()),
    sa.column("price_basis", sa.String()),
    sa.column("price_year", sa.Integer()),
    sa.column("details", ExactDocument()),
)


def _details() -> list[tuple[sa.Row, dict]]:
    return [(row, dict(row.details)) for row in op.get_bind().execute(sa.select(PROJECT)).all()]


def _write(row: sa.Row, details: dict) -> None:
    op.get_bind().execute(sa.update(PROJECT).where(PROJECT.c.id == row.id).values(details=details))


def _sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
