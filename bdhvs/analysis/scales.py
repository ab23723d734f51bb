"""Learners and items on one scale: what Wright maps, curves, information and person fit are drawn from."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bdhvs.analysis.matrices import Matrix
from bdhvs.analysis.synthetic import carried

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from bdhvs.measurement.calibrated import CalibratedItems
    from bdhvs.measurement.responses import Responses


@dataclass(frozen=True, eq=False)
class Scale:
    """Items with parameters and the learners who answered them.

    Attributes
    ----------
    items : calibrated, named ``id@version``. responses : learners × these items. learners : their names, in order.
    ability, error : of each learner by Warm's estimate, logits; NaN for who answered none of them.
    mean, sd : of the learners' abilities without the error of measurement, logits.
    from_these : whether the items were calibrated on these very answers (then mean is 0, and little is independent).
    synthetic : the people are invented.
    left_out : items of the matrix without parameters, or on which abler learners do worse: look at their keys.
    """

    items: CalibratedItems
    responses: Responses
    learners: tuple[Any, ...]
    ability: NDArray[Any]
    error: NDArray[Any]
    mean: float
    sd: float
    from_these: bool
    left_out: tuple[str, ...]
    synthetic: bool = False


@carried
def scale(matrix: Matrix, items: CalibratedItems | None = None) -> Scale:
    """Put a matrix of scores on a scale.

    Parameters
    ----------
    matrix : of `bdhvs.analysis.matrices.score_matrix`; rule "alone" is what calibrations of the bank mean.
    items : a calibration, e.g. `bdhvs.analysis.calibrate.calibrated_items`; None: fitted to these answers (generalized partial
        credit; slopes stay 1 where fewer than 200 answered).

    Raises
    ------
    ValueError
        when no item of the matrix has parameters.

    Notes
    -----
    ``sd`` is √(variance of the estimates − mean squared error), at least 0.
    """
    import numpy as np

    from bdhvs.measurement import ability as estimates
    from bdhvs.measurement.responses import Responses

    given, from_these = (items, False) if items is not None else (_fitted(matrix), True)
    place = {name: number for number, name in enumerate(given.ids) if given.slope[number] > 0}
    used = [name for name in matrix.table.columns if name in place]
    if not used:
        raise ValueError(
            "found no item of the calibration among the answers, expected at least one; compare items and versions"
        )
    own = given.take([place[name] for name in used])
    responses = Responses.dense(matrix.table[used].to_numpy()).with_maximum(own.cells.maximum)
    theta, error = estimates.estimate(responses, own.family, own.parameters, "wle")
    known = np.isfinite(theta) & np.isfinite(error)
    spread = float(np.var(theta[known]) - np.mean(error[known] ** 2)) if known.any() else 0.0
    return Scale(
        own,
        responses,
        tuple(matrix.table.index),
        theta,
        error,
        float(theta[known].mean()) if known.any() else float("nan"),
        max(spread, 0.0) ** 0.5,
        from_these,
        tuple(name for name in matrix.table.columns if name not in place),
    )


@carried
def halves(matrix: Matrix) -> pd.DataFrame:
    """Difficulties found twice: by the learners of every other class, and by those of the others.

    Returns
    -------
    DataFrame, one row per item (``id@version``) that has a place in both: ``first``, ``second``, logits, each with mean 0 over these
    items. Without at least two classes learners are split instead.
    """
    import numpy as np
    import pandas as pd

    rooms = matrix.classrooms
    groups = np.arange(len(matrix.table))
    if rooms is not None and rooms.nunique() > 1:
        groups = pd.factorize(rooms, sort=True)[0]
    found = {}
    for name, rest in (("first", 0), ("second", 1)):
        chosen = groups % 2 == rest
        own = scale(replace(matrix, table=matrix.table[chosen], classrooms=None)).items
        found[name] = pd.Series(own.difficulty, index=list(own.ids))
    both = pd.DataFrame(found).dropna()
    return both - both.mean()


def _fitted(matrix: Matrix) -> CalibratedItems:
    from bdhvs.measurement.calibration import IRTModel
    from bdhvs.measurement.flags import CalibrationWarning
    from bdhvs.measurement.responses import Responses

    responses = Responses.dense(matrix.table.to_numpy()).with_maximum(matrix.items["maximum"].to_numpy(dtype="int64"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CalibrationWarning)  # items without an estimate are in `left_out`
        model = IRTModel("gpcm", errors=False).fit(responses, item_ids=list(matrix.table.columns))
    return model.items_
