"""What learners tell of themselves, and what an attempt was begun on. Written out: what was shipped does not change any more."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told",
        sa.Column("learner_id", sa.String(36), nullable=False),
        sa.Column("audience", sa.String(60)),
        sa.Column("age_band", sa.String(10)),
        sa.Column("sex", sa.String(10)),
        sa.Column("told_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", name="pk_told"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_told_learner_id"),
    )
    op.add_column("attempt", sa.Column("device", sa.String(10)))
