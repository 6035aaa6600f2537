"""Files of many projects: as they came, what each changed, and what an organisation's columns mean.

Going back forgets which import a project came from, so that it can no longer be undone; the projects stay.
"""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import ExactDocument, Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "project_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("choices", ExactDocument(), nullable=False),
        sa.Column("state", _words("import_state", "read", "stored", "undone"), nullable=False),
        sa.Column("counts", ExactDocument(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.Column("stored_at", Moment(), nullable=True),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.CheckConstraint("(state = 'read') = (stored_at IS NULL)", name=op.f("ck_project_import_stored")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_project_import_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_project_import_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_import")),
    )
    op.create_index(op.f("ix_project_import_organisation_id"), "project_import", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_project_import_account_id"), "project_import", ["account_id"], unique=False)
    op.create_table(
        "import_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("action", _words("import_action", "created", "updated"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["project_import.id"],
            name=op.f("fk_import_change_import_id_project_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_change")),
        sa.UniqueConstraint("import_id", "project_id", name=op.f("uq_import_change_import_id_project_id")),
    )
    op.create_index(op.f("ix_import_change_import_id"), "import_change", ["import_id"], unique=False)
    op.create_index(op.f("ix_import_change_project_id"), "import_change", ["project_id"], unique=False)
    op.create_table(
        "import_mapping",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("heading", sa.String(length=210), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("chosen_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_import_mapping_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mapping")),
        sa.UniqueConstraint("organisation_id", "heading", name=op.f("uq_import_mapping_organisation_id_heading")),
    )
    op.create_index(op.f("ix_import_mapping_organisation_id"), "import_mapping", ["organisation_id"], unique=False)


def downgrade() -> None:
    op.drop_table("import_mapping")
    op.drop_table("import_change")
    op.drop_table("project_import")


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True)
