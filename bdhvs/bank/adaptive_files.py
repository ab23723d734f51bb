"""The rules of an adaptive form as a file, read with file:line errors, as items are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bdhvs.bank.read import read_model
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


def read_rules(path: Path) -> AdaptiveRules:
    """The rules in a file; raises BankError with every problem and its line."""
    made, problems = read_model(read_document(path), AdaptiveRules)
    if made is None or problems:
        raise BankError(problems)
    return made


def rules_given(rules: AdaptiveRules) -> Mapping[str, object]:
    """What the author wrote about the rules themselves, without the lists of items."""
    return {name: value for name, value in rules if value is not None and name not in ("enemies", "simulators")}
