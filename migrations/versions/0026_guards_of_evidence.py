"""What was sent with a submission, and contents under their SHA-256, are guarded like the submission: never changed.

They still go with what names them: a submitted file with its submission, contents with the last file that has them.
Scenarios get the guard against TRUNCATE that every other guarded table has on PostgreSQL.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

GUARDED = ("submitted_file", "stored_file")
REFUSAL = "rows are only ever added"


def upgrade() -> None:
    for table in GUARDED:
        if _sqlite():
            op.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: {REFUSAL}'); END"
            )
            continue
        op.execute(
            f"CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table}: {REFUSAL}'; END $$"
        )
        for name, event, each in (("guard", "UPDATE", "ROW"), ("no_truncate", "TRUNCATE", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH {each} "
                f"EXECUTE FUNCTION {table}_guard()"
            )
    if not _sqlite():
        op.execute(
            "CREATE TRIGGER scenario_no_truncate BEFORE TRUNCATE ON scenario FOR EACH STATEMENT "
            "EXECUTE FUNCTION scenario_guard()"
        )


def downgrade() -> None:
    if not _sqlite():
        op.execute("DROP TRIGGER scenario_no_truncate ON scenario")
    for table in GUARDED:
        if _sqlite():
            op.execute(f"DROP TRIGGER {table}_no_update")
            continue
        for name in ("guard", "no_truncate"):
            op.execute(f"DROP TRIGGER {table}_{name} ON {table}")
        op.execute(f"DROP FUNCTION {table}_guard()")


def _sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
