"""Items whose parameters are known: what ability, bands and adaptive tests are computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from bdhvs.measurement import item_models
from bdhvs.measurement.item_models import FAMILIES, Family, FamilyName, Floats
from bdhvs.measurement.responses import Cells


@dataclass(frozen=True, eq=False)
class CalibratedItems:
    """Items on one scale.

    Attributes
    ----------
    ids : names, in the order of all arrays.
    parameters : items × (1 + highest score), as in `bdhvs.measurement.item_models`: slope, then intercepts, NaN beyond an
        item's own scores. Logits.
    family : "partial_credit" (Rasch, 2PL and partial credit) or "graded".
    """

    ids: tuple[str, ...]
    parameters: Floats
    family: FamilyName = "partial_credit"

    def __post_init__(self) -> None:
        if self.parameters.ndim != 2 or len(self.parameters) != len(self.ids):
            raise ValueError(
                f"found parameters of shape {self.parameters.shape} for {len(self.ids)} items, expected a row per item"
            )
        if len(set(self.ids)) != len(self.ids):
            raise ValueError("found an item twice, expected each once")
        if not np.isfinite(self.parameters[:, :2]).all():
            bad = self.ids[int(np.flatnonzero(~np.isfinite(self.parameters[:, :2]).all(axis=1))[0])]
            raise ValueError(f"item {bad!r}: found a slope or first intercept that is no number, expected both")

    @classmethod
    def dichotomous(cls, slope: ArrayLike, difficulty: ArrayLike, ids: Sequence[str] | None = None) -> CalibratedItems:
        """Items of score 0 or 1: P = logistic(a(θ − b)); `slope` a may be one number for all."""
        b = np.asarray(difficulty, dtype=np.float64)
        a = np.broadcast_to(np.asarray(slope, dtype=np.float64), b.shape)
        names = tuple(ids) if ids is not None else tuple(f"item{n}" for n in range(len(b)))
        return cls(names, np.column_stack([a, -a * b]))

    @classmethod
    def of_rows(cls, ids: Sequence[str], rows: Sequence[Sequence[float]], family: FamilyName = "partial_credit") -> CalibratedItems:
        """Items given one by one as slope and intercepts, of differing numbers of scores."""
        table = np.full((len(rows), max((len(row) for row in rows), default=2)), np.nan)
        for line, row in zip(table, rows, strict=True):
            line[: len(row)] = row
        return cls(tuple(ids), table, family)

    @cached_property
    def cells(self) -> Cells:
        """The cells of these items."""
        return Cells.of((~np.isnan(self.parameters[:, 1:])).sum(axis=1))

    @property
    def model(self) -> Family:
        """What turns parameters into chances."""
        return FAMILIES[self.family]

    @property
    def slope(self) -> Floats:
        """Slope of each item, per logit."""
        return self.parameters[:, 0]

    @cached_property
    def difficulty(self) -> Floats:
        """Difficulty of each item in logits: where the steps lie on average (−mean step intercept / slope).

        For scores 0 and 1 the ability of an even chance. Partial credit: mean of the steps' difficulties −c_m/(m·a); graded:
        mean of the thresholds −d_k/a.
        """
        top = self.cells.maximum
        if self.family == "graded":
            return np.asarray(-np.nanmean(self.parameters[:, 1:], axis=1) / self.slope)
        return np.asarray(-self.parameters[np.arange(len(top)), top] / (top * self.slope))

    def take(self, which: Sequence[int] | Floats) -> CalibratedItems:
        """Some of the items, in the order asked for."""
        rows = np.asarray(which, dtype=np.intp)
        most = int(self.cells.maximum[rows].max())
        return CalibratedItems(tuple(self.ids[one] for one in rows), self.parameters[rows, : most + 1], self.family)

    def log_probabilities(self, at: ArrayLike) -> Floats:
        """log P of each cell at each ability: cells × abilities."""
        return item_models.log_probabilities(self.model, self.cells, self.parameters, np.atleast_1d(np.asarray(at, float)))

    def information(self, at: ArrayLike) -> Floats:
        """Information of each item at each ability: items × abilities, in 1/logit²."""
        return item_models.information(self.model, self.cells, self.parameters, np.atleast_1d(np.asarray(at, float)))

    def expected_scores(self, at: ArrayLike) -> Floats:
        """Mean score of each item at each ability: items × abilities."""
        return item_models.expected_scores(self.model, self.cells, self.parameters, np.atleast_1d(np.asarray(at, float)))
