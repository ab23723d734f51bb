"""What a good bank is held to, as data: the files of ``assessments/quality/``.

A school's own bank may bring its own files; one it does not bring is the shipped one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar, cast

from pydantic import Field, StringConstraints, field_validator

from bdhvs.bank.enemies import AlikeFile
from bdhvs.bank.framework_files import Names
from bdhvs.bank.paths import Content
from bdhvs.bank.read import read_model
from bdhvs.bank.yaml_lines import Document, Where, did_you_mean, read_document
from bdhvs.core.framework import Framework
from bdhvs.core.items.base import Item, ItemId, LocalId, Nfc, Record
from bdhvs.errors import BankError, Problem

Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Share = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
AnyFile = TypeVar("AnyFile", bound=Record)


class MostToRead(Record):
    """Limits of one kind of reader: syllables before answering (of a simulation: with its longest screen), syllables of a
    sentence, share of unusual words."""

    syllables: Annotated[int, Field(ge=10)]
    simulation: Annotated[int, Field(ge=10)]
    sentence: Annotated[int, Field(ge=5)]
    unusual: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Readers(Record):
    """Items of these levels for any of these audiences (all when left empty), and what they may ask to read."""

    id: LocalId
    name: Names
    levels: Annotated[tuple[Annotated[int, Field(ge=0, le=6)], ...], Field(min_length=1)]
    audiences: tuple[LocalId, ...]
    most: MostToRead

    def read(self, item: Item) -> bool:
        """Whether the item is meant for these readers."""
        return item.level in self.levels and (not self.audiences or bool(set(self.audiences) & set(item.audiences)))


class ReadingFile(Record):
    """``reading.yaml``; ``familiar``: foreign words, in small letters, that everybody says; ``meant``: items that are about
    unusual words, each with the reason."""

    what: Literal["reading_load"]
    format: Literal[1]
    familiar: tuple[Nfc, ...]
    meant: Mapping[ItemId, Nfc]
    readers: Annotated[tuple[Readers, ...], Field(min_length=1)]


class AloudRule(Record):
    """What a voice that reads aloud makes nonsense of: a pattern, what to write instead, and texts that prove the pattern.

    ``meant``: items in which it is meant to stand so, each with the reason.
    """

    id: LocalId
    finds: Nfc
    any_case: bool = False
    advice: Nfc
    badly: Annotated[tuple[Nfc, ...], Field(min_length=1)]
    well: Annotated[tuple[Nfc, ...], Field(min_length=1)]
    meant: Mapping[ItemId, Nfc] = Field(default_factory=dict)

    @field_validator("finds")
    @classmethod
    def _is_a_pattern(cls, text: str) -> str:
        try:
            re.compile(text)
        except re.error as exc:
            raise ValueError(f'found a pattern that cannot be read ("{text}": {exc}); correct it') from exc
        return text

    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.finds, re.IGNORECASE if self.any_case else 0)


class AloudFile(Record):
    """``read_aloud.yaml``."""

    what: Literal["read_aloud"]
    format: Literal[1]
    rules: tuple[AloudRule, ...]


class AudienceFile(Record):
    """``audiences.yaml``: audience → least share of the tasks; least number of tasks in each domain."""

    what: Literal["audience_balance"]
    format: Literal[1]
    least_share: Mapping[LocalId, Share]
    least_in_domain: Annotated[int, Field(ge=0)]


class SourcesFile(Record):
    """``sources.yaml``; ``still_holds``: title of a source → day on which somebody last looked and found that it holds."""

    what: Literal["sources"]
    format: Literal[1]
    look_again_after_years: Annotated[int, Field(ge=1)]
    still_holds: Mapping[Nfc, Day] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standards:
    """All of them."""

    reading: ReadingFile
    aloud: AloudFile
    audiences: AudienceFile
    sources: SourcesFile
    alike: AlikeFile


def load_standards(content: Content, framework: Framework, items: Mapping[str, Item]) -> Standards:
    """The standards for this bank.

    Raises
    ------
    BankError
        with every problem of every file, with its line: also audiences and items that do not exist.
    """
    problems: list[Problem] = []
    standards = Standards(
        _read(content, "reading", ReadingFile, problems),
        _read(content, "read_aloud", AloudFile, problems),
        _read(content, "audiences", AudienceFile, problems),
        _read(content, "sources", SourcesFile, problems),
        _read(content, "alike", AlikeFile, problems),
    )
    if not problems:
        problems += _unknown(standards, content, framework, items)
    if problems:
        raise BankError(problems)
    return standards


def _read(content: Content, name: str, model: type[AnyFile], problems: list[Problem]) -> AnyFile:
    made, wrong = read_model(_document(content, name), model)
    problems += wrong
    if made is None:
        return cast(AnyFile, model.model_construct())  # never handed out: there are problems then
    return made


def _document(content: Content, name: str) -> Document:
    return read_document(_path(content, name), f"assessments/quality/{name}.yaml")


def _path(content: Content, name: str) -> Path:
    return content.shared_file("quality", f"{name}.yaml")


def _unknown(standards: Standards, content: Content, framework: Framework, items: Mapping[str, Item]) -> list[Problem]:
    """Names in the files that nothing has. Items are only looked for when the file is the bank's own."""
    audiences = [one.id for one in framework.audiences]
    named: list[tuple[str, Where, str]] = [
        ("audiences", ("least_share", one), one) for one in standards.audiences.least_share
    ]
    named += [
        ("reading", ("readers", place, "audiences"), one)
        for place, readers in enumerate(standards.reading.readers)
        for one in readers.audiences
    ]
    wrong = [
        _no_such(content, file, where, "audience", one, audiences) for file, where, one in named if one not in audiences
    ]
    told: list[tuple[str, Where, str]] = [
        ("alike", (field, place, "items"), one)
        for field, pairs in (("different", standards.alike.different), ("enemies", standards.alike.enemies))
        for place, pair in enumerate(pairs)
        for one in pair.items
    ]
    told += [
        ("read_aloud", ("rules", place, "meant", one), one)
        for place, rule in enumerate(standards.aloud.rules)
        for one in rule.meant
    ]
    told += [("reading", ("meant", one), one) for one in standards.reading.meant]
    own = content.assessments / "quality"
    wrong += [
        _no_such(content, file, where, "item", one, list(items))
        for file, where, one in told
        if one not in items and _path(content, file).is_relative_to(own)
    ]
    return wrong


def _no_such(content: Content, file: str, where: Where, what: str, name: str, known: list[str]) -> Problem:
    document = _document(content, file)
    return Problem(
        document.path, document.line(where), f'{what} "{name}" does not exist.{did_you_mean(name, known)}', what
    )
