"""What is believed of an item before anybody answers it: where its author put it, and that slopes are seldom far from 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement.item_models import FamilyName, Floats
from bdhvs.measurement.responses import Cells


@dataclass(frozen=True)
class LogNormal:
    """A slope's prior: its logarithm is normal with mean ``log(median)`` and standard deviation `log_sd`."""

    median: float = 1.0
    log_sd: float = 0.5

    def __post_init__(self) -> None:
        if not (self.median > 0 and self.log_sd > 0):
            raise ValueError(f"found a slope prior with median {self.median} and log_sd {self.log_sd}, expected both above 0")


@dataclass(frozen=True)
class Priors:
    """Beliefs that data can change.

    Attributes
    ----------
    slope : prior of every free slope; None for none.
    difficulty : prior mean of an item's difficulty (`CalibratedItems.difficulty`, logits) by item id, for instance from the
        level its author gave it; items not named have no prior.
    difficulty_sd : standard deviation of those priors, logits.
    """

    slope: LogNormal | None = None
    difficulty: Mapping[str, float] = field(default_factory=dict)
    difficulty_sd: float = 1.0

    def __post_init__(self) -> None:
        if not self.difficulty_sd > 0:
            raise ValueError(f"found difficulty_sd {self.difficulty_sd}, expected a number of logits above 0")

    def means(self, ids: Sequence[str]) -> Floats:
        """Prior mean of each item's difficulty; NaN where there is none."""
        return np.array([self.difficulty.get(one, np.nan) for one in ids], dtype=np.float64)


class PriorTerms:
    """The logarithm of the prior density and its derivatives, for one set of items.

    Slope (density of the slope, as R's ``dlnorm``)::  −log a − (log a − μ)²/2σ²
    Difficulty b::                                     −(b − m)²/2s²,  b = −Σ wₖcₖ / a

    with w = 1/m for the last intercept of a divide-by-total item of highest score m, and 1/m for each of a graded one. Constants
    are left out.
    """

    def __init__(
        self,
        priors: Priors,
        family: FamilyName,
        cells: Cells,
        ids: Sequence[str],
        free_slope: NDArray[np.bool_],
        estimated: NDArray[np.bool_],
    ) -> None:
        self._slope = priors.slope
        self._free_slope = free_slope
        self._mean = priors.means(ids)
        self._sd = priors.difficulty_sd
        self._share = self._shares(family, cells)
        self.has_difficulty = ~np.isnan(self._mean) & estimated

    @property
    def has_slope(self) -> bool:
        """Whether slopes have a prior."""
        return self._slope is not None

    @staticmethod
    def _shares(family: FamilyName, cells: Cells) -> Floats:
        top = cells.maximum
        step = np.arange(1, int(top.max()) + 1)
        inside = step <= top[:, None] if family == "graded" else step == top[:, None]
        return np.asarray(inside / top[:, None])

    @property
    def shares(self) -> Floats:
        """The w of the difficulty: items × highest score."""
        return self._share

    def difficulty(self, parameters: Floats) -> Floats:
        """Difficulty of each item, logits."""
        return np.asarray(-(self._share * np.nan_to_num(parameters[:, 1:])).sum(axis=1) / parameters[:, 0])

    def value(self, parameters: Floats) -> float:
        """Logarithm of the prior density, summed over items."""
        total = 0.0
        if self._slope is not None and self._free_slope.any():
            logs = np.log(parameters[self._free_slope, 0])
            total += float((-logs - (logs - log(self._slope.median)) ** 2 / (2 * self._slope.log_sd**2)).sum())
        if self.has_difficulty.any():
            away = self.difficulty(parameters)[self.has_difficulty] - self._mean[self.has_difficulty]
            total -= float((away**2).sum()) / (2 * self._sd**2)
        return total

    def add(self, parameters: Floats, gradient: Floats, information: Floats) -> None:
        """Add first derivatives to `gradient` (items × parameters) and information to `information`, both in place."""
        if self._slope is not None:
            free, variance = self._free_slope, self._slope.log_sd**2
            slope = parameters[free, 0]
            gradient[free, 0] -= (1 + (np.log(slope) - log(self._slope.median)) / variance) / slope
            information[free, 0, 0] += 1 / (variance * slope**2)
        which = self.has_difficulty
        if which.any():
            own = parameters[which]
            difficulty = self.difficulty(parameters)[which]
            change = np.column_stack([-difficulty / own[:, 0], -self._share[which] / own[:, :1]])
            gradient[which] -= ((difficulty - self._mean[which]) / self._sd**2)[:, None] * change
            information[which] += change[:, :, None] * change[:, None, :] / self._sd**2
