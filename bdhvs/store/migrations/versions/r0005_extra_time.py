"""A table of the extra time that learners have from the start. Written out: what was shipped does not change any more."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "extra_time",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("learner_id", sa.String(36), nullable=False),
        sa.Column("form_id", sa.String(60), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_extra_time"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_extra_time_learner_id"),
    )
    op.create_index("ix_extra_time_learner_id", "extra_time", ["learner_id"])
