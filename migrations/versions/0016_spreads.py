"""What a run's criteria are drawn from beside what is unknown: evidence and simulated returns.

Runs that are there have none: they were of an engine that drew neither, and are to be appraised again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run_criterion", sa.Column("spread", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("run_criterion", "spread")
