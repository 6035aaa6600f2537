"""Completed projects of a city, and the records of them that runs were computed with.

A run made before names no record: it used none. A record is guarded like the run that rests on it.
"""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import ExactDecimal, Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GUARDED = ("own_record_version", "run_own_record")
REFUSAL = "rows are only ever added"


def upgrade() -> None:
    op.create_table(
        "completed_project",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("city", sa.String(length=200), nullable=False),
        sa.Column("city_key", sa.String(length=400), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("asset_class", sa.String(length=100), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("price_year", sa.Integer(), nullable=False),
        sa.Column("planned_cost", ExactDecimal(), nullable=False),
        sa.Column("actual_cost", ExactDecimal(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("planned_opening", sa.Date(), nullable=True),
        sa.Column("actual_opening", sa.Date(), nullable=True),
        sa.Column("use_unit", sa.String(length=100), nullable=False),
        sa.Column("planned_use", ExactDecimal(), nullable=True),
        sa.Column("actual_use", ExactDecimal(), nullable=True),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=False),
        sa.CheckConstraint("price_year BETWEEN 1900 AND 2200", name=op.f("ck_completed_project_price_year")),
        sa.CheckConstraint(
            "planned_opening > started_on AND actual_opening > started_on", name=op.f("ck_completed_project_dates")
        ),
        sa.CheckConstraint("(planned_use IS NULL) = (actual_use IS NULL)", name=op.f("ck_completed_project_use")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_completed_project_project_id_project"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_completed_project_recorded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completed_project")),
        sa.UniqueConstraint("city_key", "name_key", name=op.f("uq_completed_project_city_key_name_key")),
    )
    op.create_index(op.f("ix_completed_project_project_id"), "completed_project", ["project_id"], unique=False)
    op.create_table(
        "own_record_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_record_version")),
        sa.UniqueConstraint("sha256", name=op.f("uq_own_record_version_sha256")),
    )
    op.create_table(
        "run_own_record",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("own_record_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["appraisal_run.id"], name=op.f("fk_run_own_record_run_id_appraisal_run"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["own_record_id"],
            ["own_record_version.id"],
            name=op.f("fk_run_own_record_own_record_id_own_record_version"),
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_own_record")),
    )
    for table in GUARDED:
        _guard(table)


def _guard(table: str) -> None:
    """Refuse UPDATE and TRUNCATE, whoever asks."""
    if _sqlite():
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: {REFUSAL}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table}: {REFUSAL}'; END $$"
    )
    op.execute(f"CREATE TRIGGER {table}_guard BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_guard()")
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_guard()"
    )


def downgrade() -> None:
    for table in reversed(GUARDED):
        op.drop_table(table)
        if not _sqlite():
            op.execute(f"DROP FUNCTION {table}_guard()")
    op.drop_index(op.f("ix_completed_project_project_id"), table_name="completed_project")
    op.drop_table("completed_project")


def _sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
