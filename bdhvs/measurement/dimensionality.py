"""Is one score enough? Two checks on the eigenvalues of polychoric correlations, each against what chance brings about.

`parallel_analysis` asks how many dimensions stand out from items that have nothing in common. `one_dimension` asks the question a
score rests on: is the *second* eigenvalue larger than among learners for whom one ability explains everything? The second is the
sharper one, for a strong first dimension leaves little for the others in the first check.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bdhvs.measurement.calibration import IRTModel
from bdhvs.measurement.cautions import Caution
from bdhvs.measurement.drawing import draw_scores
from bdhvs.measurement.flags import CalibrationWarning
from bdhvs.measurement.polychoric import polychoric
from bdhvs.measurement.responses import Responses
from bdhvs.measurement.score_tables import Floats, score_table

LEAST_PERSONS = (
    200  # below, eigenvalues of polychoric correlations are mostly noise: Garrido, Abad & Ponsoda (2013) start there
)
LEAST_ITEMS = 4
QUANTILE = 0.95
ROUGH = 16  # halvings for a drawn table: correlations to 3e-5, far below their chance


@dataclass(frozen=True, eq=False)
class ParallelAnalysis:
    """Eigenvalues of the answers beside those of unrelated items.

    Attributes
    ----------
    eigenvalues : of the polychoric correlations, largest first.
    chance_mean, chance_high : mean and quantile of each eigenvalue when every item is shuffled by itself.
    dimensions : leading eigenvalues above `chance_high`, ≥ 0.
    share : of the first eigenvalue in all, 0–1.
    persons : with at least one answer. items : columns used. left_out : columns whose answers do not vary.
    """

    eigenvalues: Floats
    chance_mean: Floats
    chance_high: Floats
    dimensions: int
    share: float
    persons: int
    items: tuple[int, ...]
    left_out: tuple[int, ...]
    cautions: tuple[Caution, ...]


def parallel_analysis(
    scores: ArrayLike | Responses, draws: int = 100, quantile: float = QUANTILE, seed: int = 0
) -> ParallelAnalysis:
    """How many dimensions stand out from chance.

    Parameters
    ----------
    scores : persons × items; NaN for missing, which stays where it is when an item is shuffled.
    draws : shuffled tables.
    quantile : of the shuffled eigenvalues that one must exceed, 0–1.

    Raises
    ------
    ValueError
        for fewer than four items that vary, or when nobody answered some pair of items.

    Notes
    -----
    Horn (1965), Psychometrika 30, 179–185, on polychoric correlations with all of the diagonal, which for right/wrong and few
    scores is the best variant of Garrido, Abad & Ponsoda (2013), Psychological Methods 18, 454–474; shuffling keeps each item's
    margins (Buja & Eyuboglu 1992, Multivariate Behavioral Research 27, 509–540).
    """
    table, used, left_out, cautions = _usable(scores)
    rng = np.random.default_rng(seed)
    own = _eigenvalues(table)
    chance = np.array([_eigenvalues(_shuffled(table, rng), ROUGH) for _ in range(draws)])
    high = np.quantile(chance, quantile, axis=0)
    above = own > high
    dimensions = int(above.argmin()) if not above.all() else len(own)
    return ParallelAnalysis(
        own, chance.mean(axis=0), high, dimensions, float(own[0] / own.sum()), len(table), used, left_out, cautions
    )


@dataclass(frozen=True, eq=False)
class OneDimension:
    """The second eigenvalue beside what one ability alone would give.

    Attributes
    ----------
    second : second eigenvalue of the answers.
    expected, high : mean and quantile of it among simulated learners with one ability.
    p : share of simulated learners' second eigenvalues that are as large or larger, in (0, 1].
    first_to_second : ratio of the first two eigenvalues.
    """

    second: float
    expected: float
    high: float
    p: float
    first_to_second: float
    persons: int
    items: tuple[int, ...]
    left_out: tuple[int, ...]
    cautions: tuple[Caution, ...]


def one_dimension(
    scores: ArrayLike | Responses, draws: int = 99, quantile: float = QUANTILE, seed: int = 0
) -> OneDimension:
    """Is there more than one ability in the answers?

    Parameters
    ----------
    scores : persons × items of whole scores; NaN for missing.
    draws : simulated tables; the smallest p is 1/(draws + 1).

    Raises
    ------
    ValueError
        as `parallel_analysis`.

    Notes
    -----
    Modified parallel analysis: Drasgow & Lissak (1983), Journal of Applied Psychology 68, 363–373; R's ltm has it as unidimTest. A
    generalized partial credit model (2PL for right/wrong) is fitted, learners with one normal ability are drawn from it with the
    gaps of the real ones, and p = (1 + as large)/(1 + draws). Each diagonal entry is the item's largest correlation with another,
    as there. Skips that depend on ability, and groups with other means, also raise the second eigenvalue.
    """
    table, used, left_out, cautions = _usable(scores)
    table = table - np.nanmin(table, axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CalibrationWarning)
        model = IRTModel("gpcm", errors=False, least_for_slope=LEAST_PERSONS // 2).fit(_without_gaps(table))
    rng = np.random.default_rng(seed)
    own = _eigenvalues(table, common=True)
    known = np.flatnonzero(np.isfinite(model.parameters_[:, 0]))
    spread = model.group_distributions_[0]
    hidden = np.isnan(table[:, known])
    chance = np.empty(draws)
    for one in range(draws):
        drawn = draw_scores(model.items_, rng.normal(spread.mean, spread.sd, len(table)), rng).astype(np.float64)
        drawn[hidden] = np.nan
        chance[one] = _eigenvalues(drawn[:, np.nanstd(drawn, axis=0) > 0], ROUGH, common=True)[1]
    p = (1 + int((chance >= own[1]).sum())) / (1 + draws)
    ratio = float(own[0] / own[1]) if own[1] > 0 else float("inf")
    ends = float(chance.mean()), float(np.quantile(chance, quantile))
    return OneDimension(float(own[1]), *ends, p, ratio, len(table), used, left_out, cautions)


def _usable(
    scores: ArrayLike | Responses,
) -> tuple[Floats, tuple[int, ...], tuple[int, ...], tuple[Caution, ...]]:
    """Persons with answers × items that vary; which these are, which not, and what to be careful of."""
    table = score_table(scores)
    table = table[~np.isnan(table).all(axis=1)]
    varies = np.array([len(np.unique(column[~np.isnan(column)])) > 1 for column in table.T], dtype=bool)
    used, left_out = (tuple(np.flatnonzero(one).tolist()) for one in (varies, ~varies))
    if len(used) < LEAST_ITEMS:
        raise ValueError(f"found {len(used)} items whose answers vary, expected at least {LEAST_ITEMS}")
    shown = ~np.isnan(table[:, varies])
    apart = np.argwhere(shown.T.astype(np.float64) @ shown == 0)
    if len(apart):
        one, other = (used[place] for place in apart[0])
        raise ValueError(
            f"items {one} and {other}: nobody answered both, so their correlation is unknown; look at each booklet by itself"
        )
    few = (Caution("too_few_persons", {"n": len(table), "least": LEAST_PERSONS}),) if len(table) < LEAST_PERSONS else ()
    return table[:, varies], used, left_out, few


def _eigenvalues(table: Floats, halvings: int = 30, common: bool = False) -> Floats:
    """Largest first. A pair that varies nowhere in its overlap counts as uncorrelated."""
    correlations = np.nan_to_num(polychoric(table, halvings=halvings).correlations, nan=0.0)
    np.fill_diagonal(correlations, 1.0)
    if common:
        np.fill_diagonal(correlations, -np.inf)
        np.fill_diagonal(correlations, np.abs(correlations).max(axis=1, where=np.isfinite(correlations), initial=0.0))
    return np.asarray(np.linalg.eigvalsh(correlations)[::-1])


def _shuffled(table: Floats, rng: np.random.Generator) -> Floats:
    """Each item's answers dealt out anew among those who answered it."""
    found = table.copy()
    for column in found.T:
        known = ~np.isnan(column)
        column[known] = rng.permutation(column[known])
    return found


def _without_gaps(table: Floats) -> Floats:
    """Scores numbered 0, 1, 2 … by item: a score nobody has would have no step."""
    found = np.full(table.shape, np.nan)
    for column, codes in zip(table.T, found.T, strict=True):
        known = ~np.isnan(column)
        codes[known] = np.unique(column[known], return_inverse=True)[1]
    return found
