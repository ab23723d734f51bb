"""Pools and rules for the tests of adaptive forms."""

from __future__ import annotations

from typing import Any

import numpy as np

from bdhvs.measurement.adaptive.form import AdaptiveForm
from bdhvs.measurement.adaptive.pool import Pool
from bdhvs.measurement.adaptive.rules import Rules
from bdhvs.measurement.calibrated import CalibratedItems

SHARES = {"1": 0.125, "2": 0.25, "3": 0.125, "4": 0.25, "5": 0.125, "6": 0.125}


def pool_of(count: int, *, seed: int = 1, partial: bool = False, **given: Any) -> Pool:
    """Items of two or (every third, when `partial`) three scores; difficulties around −0.2, slopes around 1.2; domains 1–6."""
    rng = np.random.default_rng(seed)
    slope = 1.2 * np.exp(rng.normal(0, 0.25, count))
    difficulty = rng.normal(-0.2, 1.3, count)
    items = CalibratedItems.dichotomous(slope, difficulty)
    if partial:
        second = -2 * slope * difficulty - 0.3 * slope
        more = np.where(np.arange(count) % 3 == 0, second, np.nan)
        items = CalibratedItems(items.ids, np.column_stack([items.parameters, more]))
    wheel = [name for name, share in SHARES.items() for _ in range(int(8 * share))]
    return Pool(items, tuple(wheel[k % 8] for k in range(count)), **given)


def form_of(pool: Pool, **given: Any) -> AdaptiveForm:
    """With domain shares and three cuts unless said otherwise."""
    return AdaptiveForm(Rules(**{"domain_shares": SHARES, "cuts": (-0.8, 0.4, 1.6), **given}), pool)
