"""Claims about persons: a rule that made them, so that a bad one can be taken back whole, and the time in which they hold."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("claim", sa.Column("rule", sa.Text(), server_default="", nullable=False))
    op.add_column("claim", sa.Column("since", sa.BigInteger(), nullable=True))
    op.add_column("claim", sa.Column("until", sa.BigInteger(), nullable=True))
    op.create_index("claim_subject", "claim", ["subject"], unique=False)
