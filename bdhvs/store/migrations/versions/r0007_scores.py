"""Tables of how finished attempts were scored, and by what. Written out: what was shipped does not change any more."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "score_version",
        sa.Column("digest", sa.String(128), nullable=False),
        sa.Column("calibration", sa.String(20), nullable=False),
        sa.Column("cut_scores", sa.Text, nullable=False),
        sa.Column("model", sa.String(20), nullable=False),
        sa.Column("synthetic", sa.Boolean, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_score_version"),
    )
    op.create_table(
        "score",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("learner_id", sa.String(36), nullable=False),
        sa.Column("attempt_id", sa.String(36), nullable=False),
        sa.Column("scored_at_us", sa.BigInteger, nullable=False),
        sa.Column("version", sa.String(128), nullable=False),
        sa.Column("evidence", sa.String(128), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_score"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_score_learner_id"),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name="fk_score_attempt_id"),
        sa.ForeignKeyConstraint(["version"], ["score_version.digest"], name="fk_score_version"),
    )
    op.create_index("ix_score_learner_id", "score", ["learner_id"])
    op.create_index("ix_score_attempt_id", "score", ["attempt_id"])
