"""Chance that can be repeated: the same seed gives the same numbers on every machine and with every later numpy.

Only a bit generator's raw stream is used: numpy promises that one (NEP 19), not the streams of its distributions.
"""

from __future__ import annotations

import numpy as np

from bdhvs.measurement.item_models import Floats


def uniform(seed: int, count: int, skip: int = 0) -> Floats:
    """`count` numbers in [0, 1) from a seed ≥ 0, after the first `skip` of its numbers."""
    if seed < 0:
        raise ValueError(f"found seed {seed}, expected a whole number from 0")
    source = np.random.PCG64(seed)
    if skip:
        source.advance(skip)
    raw = source.random_raw(count)
    return np.asarray((raw >> np.uint64(11)) * 2.0**-53)
