"""Background jobs, scenarios that change inputs, and what each project becomes under them.

Going back forgets the scenarios that people edited and every result under one; runs and rounds stay as they are.
"""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UNFINISHED = sa.text("state IN ('queued', 'running')")


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("job_kind", "scenario"), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("state", _words("job_state", "queued", "running", "done", "failed", "cancelled"), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(36), nullable=False),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("heartbeat_at", Moment(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.CheckConstraint("done >= 0 AND done <= total", name=op.f("ck_job_progress")),
        sa.CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name=op.f("ck_job_lease")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_job_created_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_subject_id", "job", ["subject_id"])
    op.create_index("ix_job_state", "job", ["state"])
    op.create_index(
        "uq_job_unfinished",
        "job",
        ["kind", "subject_id"],
        unique=True,
        sqlite_where=UNFINISHED,
        postgresql_where=UNFINISHED,
    )
    op.create_table(
        "portfolio_scenario",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_portfolio_scenario_name")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_portfolio_scenario_reason")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_portfolio_scenario_author_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_portfolio_scenario_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_scenario")),
        sa.UniqueConstraint("round_id", "name", name=op.f("uq_portfolio_scenario_round_id_name")),
    )
    op.create_index(op.f("ix_portfolio_scenario_round_id"), "portfolio_scenario", ["round_id"])
    op.create_table(
        "scenario_run",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("scenario", sa.String(64), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_scenario_run_job_id_job"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_scenario_run_round_id_round")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_scenario_run")),
    )
    op.create_index(op.f("ix_scenario_run_round_id"), "scenario_run", ["round_id"])
    op.create_table(
        "scenario_result",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("input_sha256", sa.String(64), nullable=False),
        sa.Column("figures", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("computed_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "CASE WHEN computed_at IS NULL THEN figures IS NULL AND problem = '' "
            "ELSE (figures IS NULL) = (problem <> '') END",
            name=op.f("ck_scenario_result_outcome"),
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_scenario_result_job_id_job"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_scenario_result_project_id_project"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["appraisal_run.id"], name=op.f("fk_scenario_result_run_id_appraisal_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "project_id", name=op.f("pk_scenario_result")),
    )
    op.create_index(op.f("ix_scenario_result_run_id"), "scenario_result", ["run_id"])


def downgrade() -> None:
    op.drop_table("scenario_result")
    op.drop_table("scenario_run")
    op.drop_table("portfolio_scenario")
    op.drop_table("job")


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True)
