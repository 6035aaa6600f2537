"""Imports in the background: a kind of job, what a dry run found, what was corrected; files keep what they had.

Going back, jobs of imports are forgotten, and what was corrected in a file that is not stored yet.
"""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import ExactDocument

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BEFORE = ("scenario",)
KINDS = (*BEFORE, "import")


def upgrade() -> None:
    _allow_kinds(BEFORE, KINDS)
    op.add_column("project_import", sa.Column("rows", sa.Integer(), nullable=True))
    for name in ("corrections", "looked", "asked"):
        op.add_column("project_import", sa.Column(name, ExactDocument(), nullable=True))


def downgrade() -> None:
    for name in ("asked", "looked", "corrections", "rows"):
        op.drop_column("project_import", name)
    op.execute("DELETE FROM job WHERE kind = 'import'")
    _allow_kinds(KINDS, BEFORE)


def _allow_kinds(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    """Change the constraint on `job.kind`; on SQLite in the text of the table, as migration 0008 says."""
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(_check(old), _check(new))
        return
    op.drop_constraint(op.f("ck_job_job_kind"), "job", type_="check")
    op.create_check_constraint(op.f("ck_job_job_kind"), "job", _check(new))


def _rewrite(old: str, new: str) -> None:
    connection = op.get_bind()
    found = connection.execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'job'"))
    written = str(found.scalar_one())
    if written.count(old) != 1:
        raise RuntimeError(f"the table job is not as it is known: {old!r} is not in it once")
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = 'job'"),
        {"sql": written.replace(old, new)},
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = RESET"))


def _check(kinds: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return f"kind IN ({listed})"
