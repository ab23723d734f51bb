"""A table of what a teacher decided for a whole class. Written out: what was shipped does not change any more."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "class_event",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("classroom_id", sa.String(36), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("type", sa.String(30), nullable=False),
        sa.Column("form_id", sa.String(60)),
        sa.Column("item_id", sa.String(60)),
        sa.Column("details", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_class_event"),
        sa.ForeignKeyConstraint(["classroom_id"], ["classroom.id"], name="fk_class_event_classroom_id"),
    )
    op.create_index("ix_class_event_classroom_id", "class_event", ["classroom_id"])
