"""When an adaptive test ends, and what is said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bdhvs.measurement.item_models import Floats

Reason = Literal["band_certain", "maximum", "no_item_left"]

#: What each code means; pages have their own words.
REASONS: dict[Reason, str] = {
    "band_certain": "the learner's band has the stated certainty",
    "maximum": "the stated number of items is reached",
    "no_item_left": "no item is left that the rules allow: domains, enemies, simulators or exposure forbid all others",
}


@dataclass(frozen=True, slots=True)
class Ending:
    """The test is over. `band` counts from 0 (the lowest), `certainty` is its probability (0–1)."""

    reason: Reason
    band: int
    certainty: float


def band_shares(abilities: Floats, cuts: Sequence[float]) -> Floats:
    """How much of each node's weight lies in each band: bands × nodes; columns add up to 1.

    A node of an evenly spaced grid stands for the abilities half a step around it; a cut within them parts its weight in
    proportion. With `abilities` 0.2 apart and a posterior of sd 0.3, the bands' probabilities are right to 0.002.
    """
    half = (abilities[1] - abilities[0]) / 2
    edges = np.concatenate([[-np.inf], np.asarray(cuts, dtype=np.float64), [np.inf]])
    low, high = (np.clip(side[:, None], abilities - half, abilities + half) for side in (edges[:-1], edges[1:]))
    return np.asarray((high - low) / (2 * half))
