"""Tables of helping others and of households. Written out: what was shipped does not change any more."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.String(36)


def upgrade() -> None:
    op.create_table(
        "helped",
        sa.Column("id", ID, nullable=False),
        sa.Column("learner_id", ID, nullable=False),
        sa.Column("skill", sa.String(60), nullable=False),
        sa.Column("own_hands", sa.Boolean, nullable=False),
        sa.Column("day_us", sa.BigInteger, nullable=False),
        sa.Column("device", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_helped"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_helped_learner_id"),
        sa.UniqueConstraint("learner_id", "device", name="uq_helped_learner_id_device"),
    )
    op.create_table(
        "own_phone",
        sa.Column("learner_id", ID, nullable=False),
        sa.Column("device", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "device", name="pk_own_phone"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_own_phone_learner_id"),
    )
    op.create_table(
        "household_member",
        sa.Column("learner_id", ID, nullable=False),
        sa.Column("household_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", name="pk_household_member"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_household_member_learner_id"),
    )
    op.create_index("ix_household_member_household_id", "household_member", ["household_id"])
