"""As whom the office's sign-in service knows an account. Going back, only passwords let in, as before."""

import sqlalchemy as sa
from alembic import op

from appraisal.models.columns import Moment

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLE = "service_identity"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("first_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f(f"fk_{TABLE}_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("issuer", "subject", name=op.f(f"uq_{TABLE}_issuer_subject")),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
