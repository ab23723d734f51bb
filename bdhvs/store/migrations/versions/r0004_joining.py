"""Tables of coming in and coming back: given names, picture PINs, class lists. Written out: it does not change any more."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.String(36)


def upgrade() -> None:
    op.create_table(
        "given_number",
        sa.Column("learner_id", ID, nullable=False),
        sa.Column("classroom_id", ID, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", name="pk_given_number"),
        sa.UniqueConstraint("classroom_id", "number", name="uq_given_number_classroom_id_number"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_given_number_learner_id"),
        sa.ForeignKeyConstraint(["classroom_id"], ["classroom.id"], name="fk_given_number_classroom_id"),
    )
    op.create_table(
        "picture_pin",
        sa.Column("learner_id", ID, nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(128), nullable=False),
        sa.Column("set_at_us", sa.BigInteger, nullable=False),
        sa.Column("misses", sa.Integer, nullable=False),
        sa.Column("missed_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", name="pk_picture_pin"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_picture_pin_learner_id"),
    )
    op.create_table(
        "listed_name",
        sa.Column("classroom_id", ID, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("classroom_id", "place", name="pk_listed_name"),
        sa.ForeignKeyConstraint(["classroom_id"], ["classroom.id"], name="fk_listed_name_classroom_id"),
    )
