"""The first tables, and triggers that make the audit trail append-only.

Tables that may only grow are guarded in the database too: nothing in the application can rewrite them by mistake.
"""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import ExactDecimal, ExactDocument, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


GUARDED = ("audit_entry", "submission", "appraisal_run")
REFUSAL = "rows are only ever added"


def upgrade() -> None:
    op.create_table(
        "framework_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_version")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_framework_version_key_version")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "planner",
                "appraiser",
                "approver",
                "analyst",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email_lower")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_account_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("budget", ExactDecimal(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("price_year", sa.Integer(), nullable=False),
        sa.Column("framework_version_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("unit IN (1, 1000, 1000000)", name=op.f("ck_round_unit")),
        sa.ForeignKeyConstraint(
            ["framework_version_id"],
            ["framework_version.id"],
            name=op.f("fk_round_framework_version_id_framework_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("name", name=op.f("uq_round_name")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("sequence", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=100), nullable=False),
        sa.Column("object_kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=40), nullable=False),
        sa.Column("details", ExactDocument(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_audit_entry_actor_id_account")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_entry")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_object_id"), ["object_id"], unique=False)

    op.create_table(
        "project",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("draft", "submitted", name="project_state", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("city", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "idea",
                "pre-feasibility",
                "feasibility",
                "design",
                "procurement",
                "construction",
                "operation",
                name="stage",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("action_areas", ExactDocument(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column(
            "price_basis",
            sa.Enum("real", "nominal", name="price_basis", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("price_year", sa.Integer(), nullable=True),
        sa.Column(
            "timing", sa.Enum("end", "mid", name="timing", native_enum=False, create_constraint=True), nullable=False
        ),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("details", ExactDocument(), nullable=False),
        sa.CheckConstraint("unit IN (1, 1000, 1000000)", name=op.f("ck_project_unit")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_project_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_project_owner_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_project_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("reference", name=op.f("uq_project_reference")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_round_id"), ["round_id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("unknown", sa.Boolean(), nullable=False),
        sa.Column(
            "evidence",
            sa.Enum("E0", "E1", "E2", "E3", name="evidence_grade", native_enum=False, create_constraint=True),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("level IS NULL OR level BETWEEN 0 AND 4", name=op.f("ck_answer_level")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_answer_project_id_project"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("project_id", "indicator", name=op.f("uq_answer_project_id_indicator")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_project_id"), ["project_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_assignment_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_assignment_project_id_project"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "account_id", name=op.f("pk_assignment")),
    )
    op.create_table(
        "cash_flow_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "capex",
                "opex",
                "tax",
                "revenue",
                "grant",
                "subsidy",
                "residual",
                "benefit",
                "externality",
                name="flow_kind",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "measure",
            sa.Enum("money", "tonnes", name="flow_measure", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("line_class", sa.String(length=200), nullable=True),
        sa.Column("conversion_factor", sa.Double(), nullable=True),
        sa.Column(
            "economic",
            sa.Enum("benefit", "transfer", name="economic_role", native_enum=False, create_constraint=True),
            nullable=True,
        ),
        sa.Column("shares", ExactDocument(), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_cash_flow_line_position")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_cash_flow_line_project_id_project"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_flow_line")),
        sa.UniqueConstraint("project_id", "position", name=op.f("uq_cash_flow_line_project_id_position")),
    )
    with op.batch_alter_table("cash_flow_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cash_flow_line_project_id"), ["project_id"], unique=False)

    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_submission_project_id_project"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["account.id"], name=op.f("fk_submission_submitted_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_submission_project_id_number")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_project_id"), ["project_id"], unique=False)

    op.create_table(
        "appraisal_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("framework_version_id", sa.Uuid(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("input_sha256", sa.String(length=64), nullable=False),
        sa.Column("parameters", sa.String(length=100), nullable=False),
        sa.Column("engine", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("draws", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("result_sha256", sa.String(length=64), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("score_low", sa.Double(), nullable=False),
        sa.Column("score_high", sa.Double(), nullable=False),
        sa.Column("completeness", sa.Double(), nullable=False),
        sa.Column("cost", ExactDecimal(), nullable=False),
        sa.Column("economic_npv_p50", sa.Double(), nullable=True),
        sa.Column("eirr_p50", sa.Double(), nullable=True),
        sa.Column("prob_negative", sa.Double(), nullable=True),
        sa.Column("risk_adjusted_return", sa.Double(), nullable=True),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_appraisal_run_created_by_id_account")),
        sa.ForeignKeyConstraint(
            ["framework_version_id"],
            ["framework_version.id"],
            name=op.f("fk_appraisal_run_framework_version_id_framework_version"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_appraisal_run_project_id_project"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_appraisal_run_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal_run")),
        sa.UniqueConstraint("number", name=op.f("uq_appraisal_run_number")),
    )
    with op.batch_alter_table("appraisal_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appraisal_run_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appraisal_run_submission_id"), ["submission_id"], unique=False)

    op.create_table(
        "cash_flow_amount",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("amount", ExactDecimal(), nullable=False),
        sa.CheckConstraint("period >= 0", name=op.f("ck_cash_flow_amount_period")),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["cash_flow_line.id"],
            name=op.f("fk_cash_flow_amount_line_id_cash_flow_line"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("line_id", "period", name=op.f("pk_cash_flow_amount")),
    )
    op.create_table(
        "run_criterion",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("low", sa.Double(), nullable=False),
        sa.Column("high", sa.Double(), nullable=False),
        sa.Column("contribution", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["appraisal_run.id"], name=op.f("fk_run_criterion_run_id_appraisal_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "criterion", name=op.f("pk_run_criterion")),
    )
    op.create_table(
        "run_gate",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("gate", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "passed",
                "failed",
                "open",
                "not-applicable",
                name="gate_status",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("lifts_when", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["appraisal_run.id"], name=op.f("fk_run_gate_run_id_appraisal_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "gate", name=op.f("pk_run_gate")),
    )
    for table in GUARDED:
        guard(table)


def guard(table: str) -> None:
    """Refuse UPDATE, and DELETE on the audit trail, whoever asks."""
    events = ("UPDATE", "DELETE") if table == "audit_entry" else ("UPDATE",)
    if op.get_bind().dialect.name == "sqlite":
        for event in events:
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: {REFUSAL}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table}: {REFUSAL}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_guard BEFORE {' OR '.join(events)} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_guard()"
    )


def downgrade() -> None:
    op.drop_table("run_gate")
    op.drop_table("run_criterion")
    op.drop_table("cash_flow_amount")
    with op.batch_alter_table("appraisal_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appraisal_run_submission_id"))
        batch_op.drop_index(batch_op.f("ix_appraisal_run_project_id"))

    op.drop_table("appraisal_run")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_project_id"))

    op.drop_table("submission")
    with op.batch_alter_table("cash_flow_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cash_flow_line_project_id"))

    op.drop_table("cash_flow_line")
    op.drop_table("assignment")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_project_id"))

    op.drop_table("answer")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_round_id"))
        batch_op.drop_index(batch_op.f("ix_project_owner_id"))
        batch_op.drop_index(batch_op.f("ix_project_organisation_id"))

    op.drop_table("project")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_object_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_action"))

    op.drop_table("audit_entry")
    op.drop_table("round")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_organisation_id"))

    op.drop_table("account")
    op.drop_table("organisation")
    op.drop_table("framework_version")
    if op.get_bind().dialect.name == "postgresql":
        for table in GUARDED:
            op.execute(f"DROP FUNCTION {table}_guard()")
