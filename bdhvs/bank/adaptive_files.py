"""Two files an adaptive form is made from: its rules, and calibrated items. Read with file:line errors, as items are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from bdhvs.bank.read import Model, read_model
from bdhvs.bank.yaml_lines import read_document
from bdhvs.core.items.base import ItemId, Record
from bdhvs.errors import BankError

Share = Annotated[float, Field(ge=0, le=1)]


class AdaptiveRules(Record):
    """The rules of an adaptive form as its author writes them; what is left out has its default (see docs/measurement.md)."""

    minimum: int | None = None
    maximum: int | None = None
    domain_shares: dict[str, float] | None = None
    simulators_required: int | None = None
    simulators_at_most: int | None = None
    exposure_cap: Share | None = None
    cuts: tuple[float, ...] | None = None
    certainty: Share | None = None
    first_success: Share | None = None
    later_success: Share | None = None
    kind_items: int | None = None
    caution: float | None = None
    prior_mean: float | None = None
    prior_sd: float | None = None
    enemies: tuple[tuple[ItemId, ...], ...] = ()
    simulators: tuple[ItemId, ...] = ()


class ItemCalibration(Record):
    """One item's estimates: intercepts c₁ … c_m for scores 1 … m, or a difficulty b (of score 0 or 1: c₁ = −a·b)."""

    model_config = ConfigDict(frozen=True, extra="ignore")  # standard errors, counts and flags stand beside

    slope: Annotated[float, Field(gt=0)] = 1.0
    intercepts: Annotated[tuple[float, ...], Field(min_length=1)] | None = None
    difficulty: float | None = None

    @property
    def steps(self) -> tuple[float, ...]:
        """The intercepts; empty when the file gives neither them nor a difficulty."""
        if self.intercepts is not None:
            return self.intercepts
        return () if self.difficulty is None else (-self.slope * self.difficulty,)


class Calibration(Record):
    """A file of `assessments/calibration/`: items on one scale, by id."""

    model_config = ConfigDict(frozen=True, extra="ignore")  # date, sample and program are for readers

    items: Annotated[dict[str, ItemCalibration], Field(min_length=1)]
    family: Literal["partial_credit", "graded"] = "partial_credit"


def read_rules(path: Path) -> AdaptiveRules:
    """The rules in a file; raises BankError with every problem and its line."""
    return _read(path, AdaptiveRules)


def read_calibration(path: Path) -> Calibration:
    """The calibrated items in a file; raises BankError with every problem and its line."""
    return _read(path, Calibration)


def rules_given(rules: AdaptiveRules) -> Mapping[str, object]:
    """What the author wrote about the rules themselves, without the lists of items."""
    return {name: value for name, value in rules if value is not None and name not in ("enemies", "simulators")}


def _read(path: Path, model: type[Model]) -> Model:
    made, problems = read_model(read_document(path), model)
    if made is None or problems:
        raise BankError(problems)
    return made
