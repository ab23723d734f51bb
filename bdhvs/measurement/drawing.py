"""Answers drawn from a model: what honest learners might have answered, for asking what chance alone brings about."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement import item_models
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.item_models import Floats


def draw_scores(items: CalibratedItems, abilities: Floats, rng: np.random.Generator) -> NDArray[np.int8]:
    """A score of each person on each item, persons × items, independent given the abilities (logits)."""
    luck = rng.random((len(abilities), len(items.ids)))
    scores = np.zeros(luck.shape, dtype=np.int8)
    for places, cells in item_models.alike(items.cells):
        chances = items.model.chances(items.parameters[places, : cells.shape[1]], abilities)
        reached = np.cumsum(chances, axis=1)[:, :-1].transpose(2, 0, 1)  # persons × items × scores
        scores[:, places] = (luck[:, places, None] > reached).sum(axis=2)
    return scores
