"""What became of approved projects: dates, a report a year, and the benefits register. Nothing before is changed."""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import ExactDecimal, Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.CheckConstraint("opened_on > started_on", name=op.f("ck_delivery_dates")),
        _of_project("delivery"),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_delivery")),
    )
    op.create_table(
        "year_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("capital_cost", ExactDecimal(), nullable=True),
        sa.Column("running_cost", ExactDecimal(), nullable=True),
        sa.Column("revenue", ExactDecimal(), nullable=True),
        sa.Column("use", ExactDecimal(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("reported_by_id", sa.Uuid(), nullable=True),
        sa.Column("reported_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint("year BETWEEN 1900 AND 2700", name=op.f("ck_year_report_year")),
        _of_project("year_report"),
        sa.ForeignKeyConstraint(["reported_by_id"], ["account.id"], name=op.f("fk_year_report_reported_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_report")),
        sa.UniqueConstraint("project_id", "year", name=op.f("uq_year_report_project_id_year")),
    )
    op.create_index(op.f("ix_year_report_project_id"), "year_report", ["project_id"], unique=False)
    op.create_table(
        "reported_benefit",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("amount", ExactDecimal(), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["year_report.id"],
            name=op.f("fk_reported_benefit_report_id_year_report"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("report_id", "name", name=op.f("pk_reported_benefit")),
    )
    op.create_table(
        "registered_benefit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answers_for", sa.String(length=200), nullable=False),
        sa.Column("measured_by", sa.Text(), nullable=False),
        sa.Column("baseline", sa.Text(), nullable=False),
        _of_project("registered_benefit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registered_benefit")),
        sa.UniqueConstraint("project_id", "name", name=op.f("uq_registered_benefit_project_id_name")),
    )
    op.create_index(op.f("ix_registered_benefit_project_id"), "registered_benefit", ["project_id"], unique=False)


def downgrade() -> None:
    for table in ("registered_benefit", "reported_benefit", "year_report", "delivery"):
        op.drop_table(table)


def _of_project(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["project_id"], ["project.id"], name=op.f(f"fk_{table}_project_id_project"), ondelete="CASCADE"
    )
