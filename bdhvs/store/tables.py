"""The tables, as SQLAlchemy Core knows them. Types are those every database has: PostgreSQL comes later.

::

    meta                                     facts about the file itself
    classroom ──< learner ──< attempt ──< event
                     │        ┆             ┆ names an item_version
                     │        ┆ of an adaptive form names an adaptive_version
                     │        ├──< score      what it and all before it show; names a score_version
                     ├── person             the name, where one is stored
                     ├── given_number       where none is: the shown name follows from it
                     ├── picture_pin        three pictures to come back by, hashed
                     ├── consent            what was agreed to, and which text
                     ├── helped             somebody confirmed that this one helped them; who, nobody knows
                     ├── own_phone          scrambled marks of phones that cannot confirm it
                     ├── household_member   in the same household as others of the class
                     ├── told               what the learner told of themselves, all of it optional
                     └── extra_time         minutes a learner has beyond a form's limit
    classroom ──< class_event                what the teacher decided for everybody
    classroom ──< listed_name                the class list, if the teacher's page was given one
    audit                                    what was done with people's data, without saying whose

*Names* live in ``person`` and, before anybody chose theirs, in ``listed_name``; `bdhvs.store.people` says how a person is forgotten.

*Ids* are UUIDv7 texts, so that two sites' files merge by set union. *Times* are whole microseconds since the
epoch in UTC and end in ``_us``. *JSON* is kept as text that `bdhvs.store.codec` writes: the same text comes back
from every driver (SQLite would otherwise give a JSON column numeric affinity).

*Events* are append-only: nothing updates or deletes one but the wish of a person to be forgotten
(`bdhvs.store.people`). Their primary key is the pair of attempt and
event id, written with the event id first. New ids are the greatest so far, so the index grows at one edge instead of
dirtying a page per learner: 46,000 instead of 28,000 rows/s (50,000 attempts under way, 1,000 rows a commit). The
unique (attempt, seq) serves reading an attempt in order and refuses two facts for one place. ``event`` has no
foreign key to ``item_version``: the store checks an attempt's items once, when it starts, not at every answer.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

ID = String(36)

# Named constraints: a later migration can only drop or change what has a name in every database.
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

meta = Table(
    "meta",
    metadata,
    Column("key", String(60), primary_key=True),
    Column("value", Text, nullable=False),
)

classroom = Table(
    "classroom",
    metadata,
    Column("id", ID, primary_key=True),
    Column("code", String(20), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("opened_at_us", BigInteger, nullable=False),
    Column("closed_at_us", BigInteger),
    Column("settings", Text, nullable=False),
)

learner = Table(
    "learner",
    metadata,
    Column("id", ID, primary_key=True),
    Column("classroom_id", ID, ForeignKey("classroom.id"), nullable=False, index=True),
    Column("joined_at_us", BigInteger, nullable=False),
    Column("lang", String(10), nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("learner_id", ID, ForeignKey("learner.id"), primary_key=True),
    Column("nickname", Text, nullable=False),
    Column("name_kind", String(10), nullable=False),
    CheckConstraint("name_kind IN ('nickname', 'name')", name="name_kind"),
)

# One line per purpose agreed to, with the version of the text that was read; a nickname needs none.
consent = Table(
    "consent",
    metadata,
    Column("learner_id", ID, ForeignKey("learner.id"), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("text_version", String(20), nullable=False),
    Column("given_at_us", BigInteger, nullable=False),
    PrimaryKeyConstraint("learner_id", "purpose", "text_version"),
)

# What somebody told of themselves, for research and with consent to it; a question that was not answered is NULL. Erasable.
told = Table(
    "told",
    metadata,
    Column("learner_id", ID, ForeignKey("learner.id"), primary_key=True),
    Column("audience", String(60)),
    Column("age_band", String(10)),
    Column("sex", String(10)),
    Column("told_at_us", BigInteger, nullable=False),
)

# Who joins a class without names has only this; `bdhvs.core.given_names` makes a name of it for the screen.
given_number = Table(
    "given_number",
    metadata,
    Column("learner_id", ID, ForeignKey("learner.id"), primary_key=True),
    Column("classroom_id", ID, ForeignKey("classroom.id"), nullable=False),
    Column("number", Integer, nullable=False),
    UniqueConstraint("classroom_id", "number"),
)

# A slow hash under a salt and the folder's key. Wrong tries are kept, so that a restart gives nobody new ones.
picture_pin = Table(
    "picture_pin",
    metadata,
    Column("learner_id", ID, ForeignKey("learner.id"), primary_key=True),
    Column("salt", String(64), nullable=False),
    Column("digest", String(128), nullable=False),
    Column("set_at_us", BigInteger, nullable=False),
    Column("misses", Integer, nullable=False),
    Column("missed_at_us", BigInteger, nullable=False),
)

listed_name = Table(
    "listed_name",
    metadata,
    Column("classroom_id", ID, ForeignKey("classroom.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("classroom_id", "place"),
)

# Extra time that a learner has from the start, given by the teacher; append-only, several for one form add up. Minutes given
# while an attempt runs stand in ``event``. It says something about a person, so it goes with the person.
extra_time = Table(
    "extra_time",
    metadata,
    Column("id", ID, primary_key=True),
    Column("learner_id", ID, ForeignKey("learner.id"), nullable=False, index=True),
    Column("form_id", String(60), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("at_us", BigInteger, nullable=False),
)

# Somebody confirmed, on a phone of their own, that this learner helped them. Of who it was nothing is kept: the day and no
# time, the id drawn from that day, and a mark of the phone under a key, of use for nothing but to know it again.
helped = Table(
    "helped",
    metadata,
    Column("id", ID, primary_key=True),
    Column("learner_id", ID, ForeignKey("learner.id"), nullable=False),
    Column("skill", String(60), nullable=False),
    Column("own_hands", Boolean, nullable=False),
    Column("day_us", BigInteger, nullable=False),
    Column("device", String(64), nullable=False),
    UniqueConstraint("learner_id", "device"),
)

# Phones on which a learner looked after their own log, as the same kind of mark: they confirm nothing for this learner.
own_phone = Table(
    "own_phone",
    metadata,
    Column("learner_id", ID, ForeignKey("learner.id"), nullable=False),
    Column("device", String(64), nullable=False),
    PrimaryKeyConstraint("learner_id", "device"),
)

# A household is the learners with one household_id; there is nothing else to know of it.
household_member = Table(
    "household_member",
    metadata,
    Column("learner_id", ID, ForeignKey("learner.id"), primary_key=True),
    Column("household_id", ID, nullable=False, index=True),
)

item_version = Table(
    "item_version",
    metadata,
    Column("id", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", String(60), nullable=False),
    Column("competence", String(10), nullable=False),
    Column("level", Integer, nullable=False),
    Column("maximum", Integer, nullable=False),
    Column("digest", String(128), nullable=False),
    Column("details", Text, nullable=False),
    PrimaryKeyConstraint("id", "version"),
)

# What an adaptive form chose by: pool with parameters, rules, calibration. Named by its digest, so two sites' merge; an
# attempt's rules name it, and with its events and seed give every choice and the estimate again.
adaptive_version = Table(
    "adaptive_version",
    metadata,
    Column("digest", String(128), primary_key=True),
    Column("details", Text, nullable=False),
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", ID, primary_key=True),
    Column("learner_id", ID, ForeignKey("learner.id"), nullable=False),
    Column("classroom_id", ID, ForeignKey("classroom.id"), nullable=False, index=True),
    Column("form_id", String(60), nullable=False),
    Column("form_version", Integer, nullable=False),
    Column("mode", String(20), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("shuffle_options", Boolean, nullable=False),
    Column("lang", String(10), nullable=False),
    Column("bank_version", String(128), nullable=False),
    Column("started_at_us", BigInteger, nullable=False),
    Column("rules", Text, nullable=False),
    Column("items", Text, nullable=False),
    Column("device", String(10)),  # phone, tablet or computer, as the page that began it said; NULL: it said nothing
    Index(None, "learner_id", "form_id"),
)

event = Table(
    "event",
    metadata,
    Column("attempt_id", ID, ForeignKey("attempt.id"), nullable=False),
    Column("event_id", ID, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("type", String(20), nullable=False),
    Column("item_id", String(60)),
    Column("item_version", Integer),
    Column("recorded_at_us", BigInteger, nullable=False),
    Column("response", Text),
    Column("points", Integer),
    Column("maximum", Integer),
    Column("verdict", String(10)),
    Column("reason", Text),
    Column("help", String(10)),
    Column("confidence", Integer),
    Column("elapsed_ms", BigInteger),
    Column("details", Text),
    PrimaryKeyConstraint("event_id", "attempt_id"),
    UniqueConstraint("attempt_id", "seq"),
)

# By what scores were made: item parameters, cut scores, model. Named by its digest, as `adaptive_version` is.
score_version = Table(
    "score_version",
    metadata,
    Column("digest", String(128), primary_key=True),
    Column("calibration", String(20), nullable=False),
    Column("cut_scores", Text, nullable=False),
    Column("model", String(20), nullable=False),
    Column("synthetic", Boolean, nullable=False),
    Column("details", Text, nullable=False),
)

# What a finished attempt, with all of the learner's work before it, shows by one version. Append-only: scoring again adds a
# row, and the newest one of a version counts. ``evidence`` is the digest of the answers it rests on.
score = Table(
    "score",
    metadata,
    Column("id", ID, primary_key=True),
    Column("learner_id", ID, ForeignKey("learner.id"), nullable=False, index=True),
    Column("attempt_id", ID, ForeignKey("attempt.id"), nullable=False, index=True),
    Column("scored_at_us", BigInteger, nullable=False),
    Column("version", String(128), ForeignKey("score_version.digest"), nullable=False),
    Column("evidence", String(128), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("details", Text, nullable=False),
)

# What a teacher decided for the whole class (the pace, a faulty item, a swapped one): append-only like `event`, with ids
# that merge by set union, in the order of the ids. What concerns one attempt stands in `event`. No learner is named here.
class_event = Table(
    "class_event",
    metadata,
    Column("id", ID, primary_key=True),
    Column("classroom_id", ID, ForeignKey("classroom.id"), nullable=False, index=True),
    Column("at_us", BigInteger, nullable=False),
    Column("type", String(30), nullable=False),
    Column("form_id", String(60)),
    Column("item_id", String(60)),
    Column("details", Text, nullable=False),
)

# Holds no name and no id of a learner: who reads it sees that somebody was forgotten, not who. The person is given the
# reference and can prove by it what was done.
audit = Table(
    "audit",
    metadata,
    Column("id", ID, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("action", String(20), nullable=False),
    Column("actor", String(20), nullable=False),
    Column("reference", String(20), nullable=False),
)
