"""Topics of the class's home page, from ``notebooks/hoc-vien/chu-de.yaml``: which lessons and forms stand together."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from bdhvs.bank.read import read_model
from bdhvs.bank.yaml_lines import read_document
from bdhvs.core.items.base import ItemId, Record, Text
from bdhvs.errors import BankError, Problem

FILE = "chu-de.yaml"


class Topic(Record):
    """One topic: a name of few words, and what belongs to it, in the order shown."""

    id: ItemId
    title: Text
    lessons: tuple[ItemId, ...] = ()
    forms: tuple[ItemId, ...] = ()


class Topics(Record):
    """The file: topics in the order shown. A lesson or form stands in one of them at most."""

    what: Literal["topics"]
    format: Literal[1]
    topics: tuple[Topic, ...]


def read_topics(folder: Path) -> tuple[Topic, ...]:
    """The topics of a folder of lessons; none when it has no file of topics.

    Raises
    ------
    BankError
        naming each line that is wrong, and each lesson or form that stands in two topics.
    """
    path = folder / FILE
    if not path.exists():
        return ()
    document = read_document(path)
    made, problems = read_model(document, Topics)
    if made is not None:
        problems = _twice(made, str(path))
    if made is None or problems:
        raise BankError(problems)
    return made.topics


def _twice(topics: Topics, path: str) -> list[Problem]:
    found: dict[str, str] = {}
    problems = []
    for topic in topics.topics:
        for one in (*topic.lessons, *topic.forms):
            if one in found:
                problems.append(Problem(path, 1, f"{one!r} stands in the topics {found[one]!r} and {topic.id!r}; keep it in one", "topic_twice"))
            found[one] = topic.id
    return problems
