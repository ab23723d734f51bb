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

    The posterior is only known at nodes; between them it is taken as R. G. Keys' cubic convolution does (1981, IEEE Transactions
    on Acoustics, Speech, and Signal Processing 29, 1153–1160, equation 15), whose integral up to a cut is a weight for each
    node. A step of 0.2 logits and a posterior of sd 0.3 give probabilities right to 0.002 (splitting a node's weight: 0.01).
    """
    step = abilities[1] - abilities[0]
    below = _keys_integral((np.asarray(cuts, dtype=np.float64)[:, None] - abilities) / step)
    ends = np.zeros((1, len(abilities)))
    return np.diff(np.concatenate([ends, below, ends + 1]), axis=0)


def _keys_integral(u: Floats) -> Floats:
    """Integral of Keys' kernel from −∞ to u: 0 up to −2, 1 from 2 on."""
    v = np.minimum(np.abs(u), 2.0)
    near = v - 5 / 6 * v**3 + 3 / 8 * v**4  # of 1 − 5/2 s² + 3/2 s³ up to 1
    far = 2 * v - 2 * v**2 + 5 / 6 * v**3 - 1 / 8 * v**4 - 1 / 6  # of 2 − 4 s + 5/2 s² − 1/2 s³ from 1 to 2
    return np.asarray(0.5 + np.sign(u) * np.where(v <= 1, near, far))
