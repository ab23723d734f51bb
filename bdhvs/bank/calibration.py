"""Calibrations as files: ``assessments/calibration/<version>.yaml``, one for each time items were put on the scale.

A file is never changed: whoever reads an old result finds the numbers it was made with. The newest by date is in use.
Plain numbers only, so that reading one needs nothing but Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, StringConstraints, model_validator

from bdhvs.bank.paths import Content
from bdhvs.bank.read import read_model
from bdhvs.bank.yaml_lines import Document, read_document
from bdhvs.core.items.base import Item, Record
from bdhvs.errors import BankError, NotFound, Problem

Kind = Literal["rasch", "2pl", "pcm", "gpcm", "grm"]
Family = Literal["partial_credit", "graded"]
DECIMALS = 6  # of an estimate; its standard error is seldom below 0.01
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class ItemEstimate(Record):
    """One item on the scale.

    ``slope`` per logit; ``intercepts``, one for each score above 0, as in `bdhvs.measurement.item_models`; ``difficulty`` in
    logits follows from them (`CalibratedItems.difficulty`) and is here to be read; ``slope_error``, ``difficulty_error``: standard
    errors (0: fixed, not estimated). ``persons``: how many answers it rests on. ``flags``: codes of what is doubtful about it.
    ``usable`` false: the numbers are kept for the record, not for scoring.
    """

    id: str
    version: int = Field(ge=1)
    slope: float = Field(gt=0, allow_inf_nan=False)
    intercepts: tuple[float, ...] = Field(min_length=1)
    difficulty: float = Field(allow_inf_nan=False)
    slope_error: float = Field(default=0.0, ge=0)
    difficulty_error: float = Field(default=0.0, ge=0)
    persons: int = Field(ge=0)
    flags: tuple[str, ...] = ()
    usable: bool = True


class Sample(Record):
    """Whose answers the calibration rests on; ``first`` and ``last`` are days of answers (UTC)."""

    persons: int = Field(ge=1)
    answers: int = Field(ge=1)
    first: Day
    last: Day
    synthetic: bool = False  # simulated learners: for teaching and testing, never for people's results


class Calibration(Record):
    """Items on one scale: mean 0 and standard deviation 1 of the first calibration's learners, kept by anchors since.

    ``previous``: the version whose scale was kept, None for a first one. ``mean``, ``sd``: of these learners on the scale.
    """

    version: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}[a-z]?$")
    date: Day
    program: str
    bank: str
    kind: Kind
    family: Family
    nodes: int = Field(ge=5)
    sample: Sample
    mean: float = 0.0
    sd: float = Field(default=1.0, gt=0)
    loglik: float
    converged: bool
    previous: str | None = None
    items: tuple[ItemEstimate, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> Calibration:
        ids = [one.id for one in self.items]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"found {', '.join(twice)} more than once, expected each item once")
        return self

    def of(self, item: Item) -> ItemEstimate | None:
        """The estimate that holds for this version of an item; None when there is none, or it is not for use."""
        return next((one for one in self.items if (one.id, one.version) == (item.id, item.version) and one.usable), None)


def folder_of(content: Content) -> Path:
    """Where a bank's calibrations lie; the folder may not exist."""
    return content.assessments / "calibration"


def read_calibrations(content: Content, items: Mapping[str, Item]) -> tuple[tuple[Calibration, ...], list[Problem]]:
    """All usable calibrations, oldest first, and what is wrong with the others."""
    found: list[Calibration] = []
    problems: list[Problem] = []
    for path in sorted(folder_of(content).glob("*.yaml")):
        document = read_document(path, f"assessments/calibration/{path.name}")
        calibration, wrong = read_model(document, Calibration)
        if calibration is not None and not wrong:
            wrong = [*_misnamed(document, calibration, path), *_misfitting(document, calibration, items)]
        problems += wrong
        if calibration is not None and not wrong:
            found.append(calibration)
    known = {one.version for one in found}
    for one in found:
        if one.previous is not None and one.previous not in known:
            message = f'found previous "{one.previous}", which is not here; old calibrations are kept, not deleted'
            problems.append(Problem(f"assessments/calibration/{one.version}.yaml", 0, message, "calibration"))
    return tuple(sorted(found, key=lambda one: (one.date, one.version))), problems


def load_calibrations(content: Content, items: Mapping[str, Item]) -> tuple[Calibration, ...]:
    """All calibrations, oldest first; raises BankError when one is wrong."""
    found, problems = read_calibrations(content, items)
    if problems:
        raise BankError(problems)
    return found


def calibration_in_use(content: Content, items: Mapping[str, Item]) -> Calibration | None:
    """The newest that people's answers stand behind; None when there is none. Raises BankError when one is wrong."""
    return newest(load_calibrations(content, items))


def newest(found: Sequence[Calibration], *, synthetic: bool = False) -> Calibration | None:
    """The last of those that people's answers (or, asked for, simulated ones) stand behind; None when there is none."""
    return next((one for one in reversed(found) if one.sample.synthetic == synthetic), None)


def on_one_scale(found: Iterable[Calibration], version: str) -> frozenset[str]:
    """The versions on the scale of `version`: those that have kept it, one from the other, from the same first one."""
    previous = {one.version: one.previous for one in found}

    def first(at: str) -> str:
        seen = {at}
        while (before := previous.get(at)) is not None and before not in seen:
            seen.add(before)
            at = before
        return at

    return frozenset(one for one in (*previous, version) if first(one) == first(version))


def read_calibration(path: Path) -> Calibration:
    """The calibration in one file, wherever it lies; raises BankError with every problem and its line."""
    made, problems = read_model(read_document(path), Calibration)
    if made is None or problems:
        raise BankError(problems)
    return made


def calibration(content: Content, items: Mapping[str, Item], version: str) -> Calibration:
    """The calibration with this version; raises NotFound naming those there are."""
    found = {one.version: one for one in load_calibrations(content, items)}
    if version not in found:
        raise NotFound(f'no calibration "{version}"; there are: {", ".join(found) or "none"}')
    return found[version]


def write_calibration(content: Content, made: Calibration) -> Path:
    """Write a new file; the path. Numbers are rounded to `DECIMALS` places.

    Raises
    ------
    FileExistsError
        when the version is there already: a calibration is never written over.
    """
    path = folder_of(content) / f"{made.version}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.dump(_plain(made.model_dump(exclude_none=True)), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=160)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path


def free_version(content: Content, day: str) -> str:
    """A version for a calibration of this day: the day, with a letter when there is one already.

    Raises
    ------
    ValueError
        when there are 27 of that day.
    """
    taken = {path.stem for path in folder_of(content).glob("*.yaml")}
    for letter in ("", *"abcdefghijklmnopqrstuvwxyz"):
        if f"{day}{letter}" not in taken:
            return f"{day}{letter}"
    raise ValueError(f"found 27 calibrations of {day}, expected fewer; remove those that no result names")


def _misnamed(document: Document, found: Calibration, path: Path) -> list[Problem]:
    if found.version == path.stem:
        return []
    message = f'found version "{found.version}" in a file called {path.name}; give both the same name'
    return [Problem(document.path, document.line(("version",)), message, "file_name")]


def _misfitting(document: Document, found: Calibration, items: Mapping[str, Item]) -> list[Problem]:
    """Estimates of an item's present version with another number of scores; older versions are left alone."""
    problems = []
    for place, one in enumerate(found.items):
        item = items.get(one.id)
        if item is not None and item.version == one.version and item.maximum != len(one.intercepts):
            message = f"{one.id}: found {len(one.intercepts)} intercepts, expected {item.maximum}, one for each point"
            problems.append(Problem(document.path, document.line(("items", place)), message, "calibration"))
    return problems


class _Dumper(yaml.SafeDumper):
    """Numbers as people write them: at most `DECIMALS` places, no exponent."""


def _number(dumper: yaml.SafeDumper, value: float) -> yaml.Node:
    text = f"{value:.{DECIMALS}f}".rstrip("0")
    return dumper.represent_scalar("tag:yaml.org,2002:float", f"{text}0" if text.endswith(".") else text)


_Dumper.add_representer(float, _number)


def _plain(value: object) -> object:
    """Tuples as lists, which is what YAML has."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
