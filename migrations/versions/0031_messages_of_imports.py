"""Messages about an import in the background: of a file that was sent, and of no project.

Going back, those messages go: what they say stands on the page of the import.
"""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0028"
branch_labels = None
depends_on = None

TABLE = "notification"
NOTICES = ("imported", "not-imported")
_CHECK = "(project_id IS NULL) <> (import_id IS NULL)"
_KEY = f"fk_{TABLE}_import_id_project_import"
_ON_SQLITE = (
    f", CONSTRAINT ck_{TABLE}_about CHECK ({_CHECK}), CONSTRAINT {_KEY} FOREIGN KEY(import_id) "
    "REFERENCES project_import (id) ON DELETE CASCADE"
)


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("import_id", sa.Uuid(), nullable=True))
    if _sqlite():
        with_project = re.sub(r"project_id CHAR\(32\) NOT NULL", "project_id CHAR(32)", _sql().rstrip())
        _rewrite(with_project.removesuffix(")") + _ON_SQLITE + ")")
    else:
        op.alter_column(TABLE, "project_id", nullable=True)
        op.create_check_constraint(op.f(f"ck_{TABLE}_about"), TABLE, _CHECK)
        op.create_foreign_key(op.f(_KEY), TABLE, "project_import", ["import_id"], ["id"], ondelete="CASCADE")
    op.create_index(op.f(f"ix_{TABLE}_import_id"), TABLE, ["import_id"])
    _allow_notices(lambda kinds: [*kinds, *NOTICES])


def downgrade() -> None:
    op.execute("DELETE FROM notification WHERE import_id IS NOT NULL")
    _allow_notices(lambda kinds: [kind for kind in kinds if kind not in NOTICES])
    op.drop_index(op.f(f"ix_{TABLE}_import_id"), TABLE)
    if _sqlite():
        _rewrite(_sql().replace(_ON_SQLITE, "").replace("project_id CHAR(32)", "project_id CHAR(32) NOT NULL"))
    else:
        op.drop_constraint(op.f(_KEY), TABLE, type_="foreignkey")
        op.drop_constraint(op.f(f"ck_{TABLE}_about"), TABLE, type_="check")
        op.alter_column(TABLE, "project_id", nullable=False)
    op.drop_column(TABLE, "import_id")


def _allow_notices(change: Callable[[list[str]], list[str]]) -> None:
    """Change the constraint on `notification.kind`, whatever it lists; on SQLite in the text of the table, as
    migration 0008 says."""
    if _sqlite():
        old = _sql()
        (listed,) = re.findall(r"kind IN \(([^()]*)\)", old)
        _rewrite(old.replace(f"kind IN ({listed})", _check(change(_words(listed)))))
        return
    query = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ck_notification_notice'"
    kinds = _words(str(op.get_bind().execute(sa.text(query)).scalar_one()))
    op.drop_constraint(op.f("ck_notification_notice"), TABLE, type_="check")
    op.create_check_constraint(op.f("ck_notification_notice"), TABLE, _check(change(kinds)))


def _sql() -> str:
    query = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'notification'"
    return str(op.get_bind().execute(sa.text(query)).scalar_one())


def _rewrite(new: str) -> None:
    connection = op.get_bind()
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = 'notification'"), {"sql": new}
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = RESET"))


def _words(text: str) -> list[str]:
    return re.findall(r"'([a-z-]+)'", text)


def _check(kinds: list[str]) -> str:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return f"kind IN ({listed})"


def _sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
