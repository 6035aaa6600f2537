"""Decisions: the states a project has after it was submitted, pending and published decisions, their conditions.

Going back, what was decided is submitted again and what was withdrawn is a draft: the states known before.
"""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import ExactDocument, Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GUARDED = ("publication", "decision", "decision_condition", "condition_met")
REFUSAL = "rows are only ever added"
BEFORE = ("draft", "submitted")
STATES = (*BEFORE, "approved", "approved-with-conditions", "rejected", "deferred", "withdrawn")
OUTCOMES = ("approved", "approved-with-conditions", "returned", "rejected", "deferred")


def upgrade() -> None:
    _allow_states(BEFORE, STATES)
    op.create_table(
        "pending_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("project_version", sa.Integer(), nullable=False),
        _outcome(),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("conditions", ExactDocument(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        _reference("pending_decision", "account_id", "account"),
        _reference("pending_decision", "project_id", "project", ondelete="CASCADE"),
        _reference("pending_decision", "run_id", "appraisal_run", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_decision")),
        sa.UniqueConstraint("account_id", "project_id", name=op.f("uq_pending_decision_account_id_project_id")),
    )
    op.create_index(op.f("ix_pending_decision_project_id"), "pending_decision", ["project_id"])
    op.create_table(
        "publication",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("published_by_id", sa.Uuid(), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        _reference("publication", "published_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("result_sha256", sa.String(length=64), nullable=False),
        _outcome(),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        _reference("decision", "project_id", "project"),
        _reference("decision", "publication_id", "publication"),
        _reference("decision", "run_id", "appraisal_run"),
        _reference("decision", "replaces_id", "decision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("number", name=op.f("uq_decision_number")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_decision_replaces_id")),
    )
    for column in ("project_id", "publication_id", "run_id"):
        op.create_index(op.f(f"ix_decision_{column}"), "decision", [column])
    op.create_table(
        "decision_condition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        _reference("decision_condition", "decision_id", "decision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_condition")),
        sa.UniqueConstraint("decision_id", "position", name=op.f("uq_decision_condition_decision_id_position")),
    )
    op.create_index("ix_decision_condition_due", "decision_condition", ["due"])
    op.create_table(
        "condition_met",
        sa.Column("condition_id", sa.Uuid(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("met_by_id", sa.Uuid(), nullable=False),
        sa.Column("met_at", Moment(), nullable=False),
        _reference("condition_met", "condition_id", "decision_condition"),
        _reference("condition_met", "met_by_id", "account"),
        sa.PrimaryKeyConstraint("condition_id", name=op.f("pk_condition_met")),
    )
    for table in GUARDED:
        _guard(table)


def downgrade() -> None:
    for table in reversed(GUARDED):
        op.drop_table(table)
        if not _sqlite():
            op.execute(f"DROP FUNCTION {table}_guard()")
    op.drop_table("pending_decision")
    op.execute("UPDATE project SET state = 'draft' WHERE state = 'withdrawn'")
    op.execute("UPDATE project SET state = 'submitted' WHERE state NOT IN ('draft', 'submitted')")
    _allow_states(STATES, BEFORE)


def _outcome() -> sa.Column[str]:
    choices = sa.Enum(*OUTCOMES, name="outcome", native_enum=False, create_constraint=True)
    return sa.Column("outcome", choices, nullable=False)


def _reference(table: str, column: str, to: str, **options: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"), **options)


def _allow_states(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    """Change the constraint on `project.state`.

    SQLite cannot alter one, and to rebuild the table would delete what refers to it; its manual's way for changes that
    leave the stored rows as they are is to write the table's text anew (lang_altertable, section 7).
    """
    if _sqlite():
        _rewrite(_column(old), _column(new))
        _rewrite(_check(old), _check(new))
        return
    op.drop_constraint(op.f("ck_project_project_state"), "project", type_="check")
    op.alter_column("project", "state", type_=sa.String(_longest(new)), existing_nullable=False)
    op.create_check_constraint(op.f("ck_project_project_state"), "project", _check(new))


def _rewrite(old: str, new: str) -> None:
    connection = op.get_bind()
    found = connection.execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'project'"))
    written = str(found.scalar_one())
    if written.count(old) != 1:
        raise RuntimeError(f"the table project is not as it is known: {old!r} is not in it once")
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = 'project'"),
        {"sql": written.replace(old, new)},
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = RESET"))


def _column(states: tuple[str, ...]) -> str:
    return f"state VARCHAR({_longest(states)}) NOT NULL"


def _check(states: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{state}'" for state in states)
    return f"state IN ({listed})"


def _longest(states: tuple[str, ...]) -> int:
    return max(len(state) for state in states)


def _guard(table: str) -> None:
    """Refuse UPDATE, DELETE and TRUNCATE, whoever asks."""
    if _sqlite():
        for event in ("UPDATE", "DELETE"):
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
        f"CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_guard()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_guard()"
    )


def _sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
