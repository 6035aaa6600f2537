"""The panel: declarations of interest, assessments with their scores, what was agreed on, obligations.

A run says from how many appraisers' scores it was computed; every run so far was computed from the planner's own.
"""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

GRADES = ("E0", "E1", "E2", "E3")
NEW_TABLES = ("obligation", "reconciliation", "assessment_score", "assessment", "declaration")


def upgrade() -> None:
    op.add_column("appraisal_run", sa.Column("appraisers", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("appraisal_run", sa.Column("panel_at", Moment(), nullable=True))
    _declaration()
    _assessment()
    _reconciliation()
    _obligation()


def downgrade() -> None:
    for table in NEW_TABLES:
        op.drop_table(table)
    op.drop_column("appraisal_run", "panel_at")
    op.drop_column("appraisal_run", "appraisers")


def _declaration() -> None:
    op.create_table(
        "declaration",
        _key("project_id"),
        _key("account_id"),
        sa.Column("interest", _words("interest", "none", "conflict", "not-competent"), nullable=False),
        sa.Column("kind", _words("conflict_kind", "money", "work", "person", "opinion", "other"), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("declared_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "(interest = 'conflict') = (kind IS NOT NULL)", name=op.f("ck_declaration_kind_of_conflict")
        ),
        _reference("declaration", "project_id", "project", cascade=True),
        _reference("declaration", "account_id", "account", cascade=True),
        sa.PrimaryKeyConstraint("project_id", "account_id", name=op.f("pk_declaration")),
    )


def _assessment() -> None:
    op.create_table(
        "assessment",
        _key("id"),
        _key("submission_id"),
        _key("account_id"),
        sa.Column("state", _words("assessment_state", "draft", "submitted"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("counted_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "(state = 'submitted') = (counted_at IS NOT NULL)", name=op.f("ck_assessment_counted_once_submitted")
        ),
        _reference("assessment", "submission_id", "submission", cascade=True),
        _reference("assessment", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("submission_id", "account_id", name=op.f("uq_assessment_submission_id_account_id")),
    )
    op.create_index(op.f("ix_assessment_submission_id"), "assessment", ["submission_id"])
    op.create_index(op.f("ix_assessment_account_id"), "assessment", ["account_id"])
    op.create_table(
        "assessment_score",
        _key("assessment_id"),
        sa.Column("indicator", sa.String(40), nullable=False),
        sa.Column("stage", _words("score_stage", "alone", "compared"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("unknown", sa.Boolean(), nullable=False),
        sa.Column("evidence", _words("evidence_grade", *GRADES), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("page", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.CheckConstraint("level IS NULL OR level BETWEEN 0 AND 4", name=op.f("ck_assessment_score_level")),
        sa.CheckConstraint(
            "(CASE WHEN level IS NULL THEN 0 ELSE 1 END) + (CASE WHEN value IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN unknown THEN 1 ELSE 0 END) <= 1",
            name=op.f("ck_assessment_score_one_answer"),
        ),
        _reference("assessment_score", "assessment_id", "assessment", cascade=True),
        sa.PrimaryKeyConstraint("assessment_id", "indicator", "stage", name=op.f("pk_assessment_score")),
    )


def _reconciliation() -> None:
    op.create_table(
        "reconciliation",
        _key("submission_id"),
        sa.Column("indicator", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("evidence", _words("evidence_grade", *GRADES), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        _key("agreed_by_id"),
        sa.Column("agreed_at", Moment(), nullable=False),
        sa.CheckConstraint("level IS NULL OR level BETWEEN 0 AND 4", name=op.f("ck_reconciliation_level")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_reconciliation_version")),
        _reference("reconciliation", "submission_id", "submission", cascade=True),
        _reference("reconciliation", "agreed_by_id", "account"),
        sa.PrimaryKeyConstraint("submission_id", "indicator", name=op.f("pk_reconciliation")),
    )


def _obligation() -> None:
    op.create_table(
        "obligation",
        _key("id"),
        _key("project_id"),
        sa.Column("gate", sa.String(100), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        _key("owner_id"),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", _words("obligation_state", "open", "met"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _key("accepted_by_id"),
        sa.Column("accepted_at", Moment(), nullable=False),
        sa.Column("met_at", Moment(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'met') = (met_at IS NOT NULL)", name=op.f("ck_obligation_met_once_met")),
        _reference("obligation", "project_id", "project", cascade=True),
        _reference("obligation", "owner_id", "account"),
        _reference("obligation", "accepted_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligation")),
        sa.UniqueConstraint("project_id", "gate", name=op.f("uq_obligation_project_id_gate")),
    )
    op.create_index(op.f("ix_obligation_project_id"), "obligation", ["project_id"])
    op.create_index(op.f("ix_obligation_owner_id"), "obligation", ["owner_id"])


def _key(name: str) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True)


def _reference(table: str, column: str, other: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE" if cascade else None)
