"""The head of the trail names the key that goes on with it, so that a server that still has another writes nothing.

Of a trail that has entries it is the key that sealed the last one, or that this one handed on to; a trail without any
takes the name of the key that seals its first. Going back, nobody but the commands looks which key it is.
"""

import sqlalchemy as sa
from alembic import op

from appraisal.trail.ring import key_in_use

revision = "0033"
down_revision = "0031"
branch_labels = None
depends_on = None

HEAD = sa.table("audit_head", sa.column("sequence"), sa.column("key_name"))


def upgrade() -> None:
    op.add_column("audit_head", sa.Column("key_name", sa.String(length=16), nullable=True))
    connection = op.get_bind()
    if connection.scalar(sa.select(HEAD.c.sequence)):
        connection.execute(HEAD.update().values(key_name=key_in_use(connection).name))


def downgrade() -> None:
    op.drop_column("audit_head", "key_name")
