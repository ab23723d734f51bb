"""A table of what adaptive forms choose by. Written out: what was shipped does not change any more."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adaptive_version",
        sa.Column("digest", sa.String(128), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_adaptive_version"),
    )
