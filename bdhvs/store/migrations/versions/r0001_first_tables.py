"""The first tables. Written out, not taken from `bdhvs.store.tables`: what was shipped does not change any more."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.String(36)


def upgrade() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )
    _create_people()
    _create_item_version()
    _create_attempt()
    _create_event()


def _create_people() -> None:
    op.create_table(
        "classroom",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("opened_at_us", sa.BigInteger, nullable=False),
        sa.Column("closed_at_us", sa.BigInteger),
        sa.Column("settings", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_classroom"),
        sa.UniqueConstraint("code", name="uq_classroom_code"),
    )
    op.create_table(
        "learner",
        sa.Column("id", ID, nullable=False),
        sa.Column("classroom_id", ID, nullable=False),
        sa.Column("joined_at_us", sa.BigInteger, nullable=False),
        sa.Column("lang", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_learner"),
        sa.ForeignKeyConstraint(["classroom_id"], ["classroom.id"], name="fk_learner_classroom_id"),
    )
    op.create_index("ix_learner_classroom_id", "learner", ["classroom_id"])
    op.create_table(
        "person",
        sa.Column("learner_id", ID, nullable=False),
        sa.Column("nickname", sa.Text, nullable=False),
        sa.Column("name_kind", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", name="pk_person"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_person_learner_id"),
        sa.CheckConstraint("name_kind IN ('nickname', 'name')", name=op.f("ck_person_name_kind")),
    )
    op.create_table(
        "consent",
        sa.Column("learner_id", ID, nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("text_version", sa.String(20), nullable=False),
        sa.Column("given_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "purpose", "text_version", name="pk_consent"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_consent_learner_id"),
    )


def _create_item_version() -> None:
    op.create_table(
        "item_version",
        sa.Column("id", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("competence", sa.String(10), nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("maximum", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(128), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name="pk_item_version"),
    )


def _create_attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", ID, nullable=False),
        sa.Column("learner_id", ID, nullable=False),
        sa.Column("classroom_id", ID, nullable=False),
        sa.Column("form_id", sa.String(60), nullable=False),
        sa.Column("form_version", sa.Integer, nullable=False),
        sa.Column("mode", sa.String(20), nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("shuffle_options", sa.Boolean, nullable=False),
        sa.Column("lang", sa.String(10), nullable=False),
        sa.Column("bank_version", sa.String(128), nullable=False),
        sa.Column("started_at_us", sa.BigInteger, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("items", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_attempt_learner_id"),
        sa.ForeignKeyConstraint(["classroom_id"], ["classroom.id"], name="fk_attempt_classroom_id"),
    )
    op.create_index("ix_attempt_classroom_id", "attempt", ["classroom_id"])
    op.create_index("ix_attempt_learner_id_form_id", "attempt", ["learner_id", "form_id"])


def _create_event() -> None:
    op.create_table(
        "event",
        sa.Column("attempt_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("type", sa.String(20), nullable=False),
        sa.Column("item_id", sa.String(60)),
        sa.Column("item_version", sa.Integer),
        sa.Column("recorded_at_us", sa.BigInteger, nullable=False),
        sa.Column("response", sa.Text),
        sa.Column("points", sa.Integer),
        sa.Column("maximum", sa.Integer),
        sa.Column("verdict", sa.String(10)),
        sa.Column("reason", sa.Text),
        sa.Column("help", sa.String(10)),
        sa.Column("confidence", sa.Integer),
        sa.Column("elapsed_ms", sa.BigInteger),
        sa.Column("details", sa.Text),
        sa.PrimaryKeyConstraint("event_id", "attempt_id", name="pk_event"),
        sa.UniqueConstraint("attempt_id", "seq", name="uq_event_attempt_id_seq"),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name="fk_event_attempt_id"),
    )
