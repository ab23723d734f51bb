"""Is one score enough for these tasks? The two checks of `bdhvs.measurement.dimensionality` on a frame, and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bdhvs.analysis.matrices import score_matrix
from bdhvs.analysis.numbers import decimal
from bdhvs.analysis.synthetic import carried, said
from bdhvs.i18n import translator
from bdhvs.service.caution_sentences import why_not

if TYPE_CHECKING:
    import pandas as pd

    from bdhvs.measurement.dimensionality import OneDimension, ParallelAnalysis

SURE = 0.05  # p up to which one ability is not enough


@dataclass(frozen=True, eq=False)
class Dimensions:
    """Both checks, the names of the items they used (``id@version``), and whether the people are invented."""

    parallel: ParallelAnalysis
    one: OneDimension
    items: tuple[str, ...]
    synthetic: bool = False


@carried
def dimensions(frame: pd.DataFrame, rule: str = "alone", draws: int = 99, seed: int = 0) -> Dimensions:
    """Check the dimensions of a form. Takes a second for 20 tasks and 400 learners, a minute for 60 and 5,000.

    Raises
    ------
    ValueError
        for fewer than four tasks that vary, or booklets without a common learner.
    """
    from bdhvs.measurement.dimensionality import one_dimension, parallel_analysis

    matrix = score_matrix(frame, rule)
    scores = matrix.table.to_numpy()
    parallel, one = parallel_analysis(scores, draws, seed=seed), one_dimension(scores, draws, seed=seed)
    return Dimensions(parallel, one, tuple(matrix.table.columns[list(parallel.items)]))


@said
def in_words(found: Dimensions, lang: str = "vi") -> str:
    """What the checks say, in two or three sentences."""
    _ = translator(lang)
    one, many = found.one, found.parallel
    said = _("Dimensions that stand out from chance: {n}; the first explains {share} in 100 of what differs.").format(
        n=many.dimensions, share=round(100 * many.share)
    )
    second, high = decimal(one.second, 2, lang), decimal(one.high, 2, lang)
    beside = _("The second dimension is {second}; one ability alone gives {high} at most, in 95 of 100.").format(
        second=second, high=high
    )
    verdict = (
        _("There is more than one ability in these answers: a common score leaves something out.")
        if one.p <= SURE
        else _("One common score is enough, as far as these answers tell.")
    )
    return " ".join(part for part in (said, beside, verdict, why_not(one.cautions, lang)) if part)
