"""What a fixed form tells of learners, from its items' parameters alone: before anybody has taken it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bdhvs.measurement import grids
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.item_models import Floats


def standard_errors(items: CalibratedItems, at: Sequence[float], learners: grids.Normal) -> Floats:
    """Standard error of an estimate at each ability, logits: 1/√(I(θ) + 1/σ²), σ of those who come; at most σ.

    The large-sample error of the posterior mode (Bock and Mislevy 1982, Applied Psychological Measurement 6, 431–444). With few
    items the deviation of estimates is close to it, not equal: benchmarks/forms.py simulates both.
    """
    information = items.information(np.asarray(at, dtype=np.float64)).sum(axis=0)
    return np.asarray(1 / np.sqrt(information + 1 / learners.sd**2))


def reliability(items: CalibratedItems, learners: grids.Normal, nodes: int = 61) -> float:
    """Share of the learners' variance that the form sees, 0–1: 1 − mean error² / σ², the mean over their distribution.

    The empirical reliability of posterior estimates, expected instead of observed (B. F. Green, R. D. Bock, L. G. Humphreys,
    R. L. Linn, M. D. Reckase 1984, Journal of Educational Measurement 21, 347–360).
    """
    abilities = grids.nodes(nodes)
    errors = standard_errors(items, abilities.tolist(), learners)
    return float(1 - grids.weights(abilities, learners) @ errors**2 / learners.sd**2)
