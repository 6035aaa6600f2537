"""Notes that a meeting puts on the record of a project. They are only ever added."""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

REFUSAL = "rows are only ever added"


def upgrade() -> None:
    op.create_table(
        "meeting_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_meeting_note_text")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_meeting_note_author_id_account")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_meeting_note_project_id_project")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_meeting_note_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_note")),
        sa.UniqueConstraint(
            "round_id",
            "project_id",
            "author_id",
            "sha256",
            name=op.f("uq_meeting_note_round_id_project_id_author_id_sha256"),
        ),
    )
    op.create_index(op.f("ix_meeting_note_project_id"), "meeting_note", ["project_id"])
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER meeting_note_no_{event.lower()} BEFORE {event} ON meeting_note "
                f"BEGIN SELECT RAISE(ABORT, 'meeting_note: {REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION meeting_note_guard() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION 'meeting_note: {REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER meeting_note_guard BEFORE UPDATE OR DELETE ON meeting_note "
        "FOR EACH ROW EXECUTE FUNCTION meeting_note_guard()"
    )
    op.execute(
        "CREATE TRIGGER meeting_note_no_truncate BEFORE TRUNCATE ON meeting_note "
        "FOR EACH STATEMENT EXECUTE FUNCTION meeting_note_guard()"
    )


def downgrade() -> None:
    op.drop_table("meeting_note")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION meeting_note_guard()")
