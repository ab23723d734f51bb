"""Which pairs of items go together more than ability explains: one text twice, one task that gives away another."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bdhvs.measurement import ability
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.classical import correlations
from bdhvs.measurement.item_models import expected_scores
from bdhvs.measurement.responses import Responses
from bdhvs.measurement.score_tables import Floats, score_table

AT_ONCE = 4096  # persons
#: Above the mean of all pairs: Christensen, Makransky & Horton (2017), Applied Psychological Measurement 41, 178–194.
ABOVE_MEAN = 0.2


def q3(responses: ArrayLike | Responses, items: CalibratedItems, abilities: ArrayLike | None = None) -> Floats:
    """Correlations of residuals, items × items, NaN on the diagonal and where nobody answered both.

    Parameters
    ----------
    responses : persons × items of whole scores, NaN for not shown; the items of `items`, in their order.
    abilities : logits, by person; else Warm's estimates from these answers.

    Notes
    -----
    Yen's (1984, Applied Psychological Measurement 8, 125–145) Q3: r of x − E(x | θ̂) over persons. Without dependence its mean is
    about −1/(items − 1), so a pair stands out by its distance from the mean of all pairs (`ABOVE_MEAN`), not from 0.
    """
    given = responses if isinstance(responses, Responses) else Responses.dense(responses)
    theta = (
        ability.estimate(given, items.family, items.parameters, "wle")[0]
        if abilities is None
        else np.asarray(abilities, float)
    )
    table = score_table(given)
    known = np.isfinite(theta)
    residual = np.full(table.shape, np.nan)
    for begin in range(0, len(theta), AT_ONCE):
        which = slice(begin, begin + AT_ONCE)
        at = np.where(known[which], theta[which], 0.0)
        residual[which] = table[which] - expected_scores(items.model, items.cells, items.parameters, at).T
    residual[~known] = np.nan
    count = len(items.ids)
    found = np.full((count, count), np.nan)
    for item in range(count - 1):
        r = correlations(np.repeat(residual[:, [item]], count - item - 1, axis=1), residual[:, item + 1 :])
        found[item, item + 1 :] = found[item + 1 :, item] = r
    return found


def dependent_pairs(correlations: Floats, above_mean: float = ABOVE_MEAN) -> list[tuple[int, int, float]]:
    """Pairs whose residual correlation lies `above_mean` above the mean of all pairs: item, item, distance; largest first."""
    one, other = np.triu_indices(len(correlations), 1)
    values = correlations[one, other]
    known = np.isfinite(values)
    if not known.any():
        return []
    away = values - values[known].mean()
    found = [
        (int(a), int(b), float(d))
        for a, b, d in zip(one[known], other[known], away[known], strict=True)
        if d > above_mean
    ]
    return sorted(found, key=lambda pair: -pair[2])
