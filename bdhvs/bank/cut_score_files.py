"""What a file of ``assessments/cut_scores/`` may hold: where levels begin, found how, when, by whom, on which scale."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from bdhvs.core.items.base import ItemId, LocalId, Nfc, Record, Text

Method = Literal["author_levels", "response_probability", "angoff", "bookmark"]
Status = Literal["provisional", "in_use", "retired"]
BY_PANEL: frozenset[Method] = frozenset({"angoff", "bookmark"})

Date = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Number = Annotated[float, Field(allow_inf_nan=False)]
DIGITS = 4  # of an ability in a file: a tenth of a thousandth of a logit is far below any error


class Remark(Record):
    """What is to be known of a cut: a stable code and a sentence."""

    code: LocalId
    message: Nfc


class CutEntry(Record):
    """Where a level begins; without ``ability`` there is no cut, and a flag says why. ``items`` stand behind it."""

    level: Annotated[int, Field(ge=1, le=8)]
    ability: Number | None = None
    se: Annotated[Number, Field(ge=0)] | None = None
    items: Annotated[int, Field(ge=0)]
    flags: tuple[Remark, ...] = ()


class Panel(Record):
    """Who sat on the panel, without names: how many, at how many tables, in how many rounds; and how far they agreed.

    ``agreement`` is the intraclass correlation of the panel's mean, ICC(2,k); ``consistency`` the mean index of van der Linden.
    """

    who: Text
    panelists: Annotated[int, Field(ge=2)]
    rounds: Annotated[int, Field(ge=1)]
    tables: Annotated[int, Field(ge=1)] | None = None
    agreement: Annotated[Number, Field(le=1)] | None = None
    consistency: Annotated[Number, Field(le=1)] | None = None


class CutScores(Record):
    """One set of cuts on one scale.

    ``scale`` names the calibration the abilities belong to, or says what stands in for one. ``domain`` is the code of the domain
    they are for; left out, they are for all. ``response_probability`` is that of the items' locations (of an Angoff panel: left
    out). ``item_sd`` is the spread of items within a level, logits. ``certainty``: how probable a band must be to be named; left
    out: 0.8 (`bdhvs.measurement.thresholds.CERTAINTY`).
    """

    what: Literal["cut_scores"]
    format: Literal[1]
    id: ItemId
    framework: ItemId
    status: Status
    method: Method
    date: Date
    scale: Nfc
    source: Nfc
    domain: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]?$")] | None = None
    response_probability: Annotated[Number, Field(gt=0, lt=1)] | None = None
    item_sd: Annotated[Number, Field(ge=0)] | None = None
    certainty: Annotated[Number, Field(gt=0.5, lt=1)] | None = None
    note: Text | None = None
    panel: Panel | None = None
    cuts: Annotated[tuple[CutEntry, ...], Field(min_length=1)]

    def as_yaml(self) -> str:
        """The file's text: fields in their order, one cut a line, the same content always the same text."""
        head = [f"{name}: {_plain(value)}" for name, value in _filled(self).items() if name != "cuts"]
        cuts = [f"  - {_plain(_filled(cut))}" for cut in self.cuts]
        return "\n".join([*head, "cuts:", *cuts]) + "\n"


def _filled(record: Record) -> dict[str, Any]:
    """Fields that hold something, in their order, as plain values."""
    return {name: value for name, value in record.model_dump(exclude_none=True).items() if value != ()}


def _plain(value: Any) -> str:
    """A value in YAML's one-line style, texts in quotes."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_plain(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_plain(one) for one in value) + "]"
    if isinstance(value, float):
        text = f"{round(value, DIGITS) + 0.0:.{DIGITS}f}".rstrip("0")  # + 0.0: no "-0"
        return text + "0" if text.endswith(".") else text
    return json.dumps(value, ensure_ascii=False)
