"""What a message was, in words of the closed vocabulary: so that a changed policy can be tried."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Give cases and incidents their facts; older ones have none."""
    for table in ("cases", "incidents"):
        op.add_column(table, sa.Column("facts", sa.Text(), nullable=False, server_default="[]"))
