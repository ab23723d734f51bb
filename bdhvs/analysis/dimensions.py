"""Is one score enough for these tasks? The two checks of `bdhvs.measurement.dimensionality` on a frame, and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bdhvs.analysis.matrices import score_matrix
from bdhvs.analysis.numbers import decimal
from bdhvs.i18n import translator
from bdhvs.service.caution_sentences import why_not

if TYPE_CHECKING:
    import pandas as pd

    from bdhvs.measurement.dimensionality import OneDimension, ParallelAnalysis

SURE = 0.05  # p below which one ability is not enough


@dataclass(frozen=True, eq=False)
class Dimensions:
    """Both checks, and the names of the items they used (``id@version``)."""

    parallel: ParallelAnalysis
    one: OneDimension
    items: tuple[str, ...]


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


def in_words(found: Dimensions, lang: str = "vi") -> str:
    """What the checks say, in two or three sentences."""
    _ = translator(lang)
    one, many = found.one, found.parallel
    said = _("{n} dimensions stand out from chance; the first explains {share} in 100 of what differs.").format(
        n=many.dimensions, share=round(100 * many.share)
    )
    text = (
        _("There is more than one ability in these answers: the second dimension is larger ({second}) than one ability gives ({high} at most in 95 of 100). A common score leaves something out.")
        if one.p < SURE
        else _("The second dimension ({second}) is no larger than one ability gives ({high} at most in 95 of 100): one common score is enough, as far as these answers tell.")
    )  # fmt: skip
    return " ".join(
        one
        for one in (
            said,
            text.format(second=decimal(one.second, 2, lang), high=decimal(one.high, 2, lang)),
            why_not(one.cautions, lang),
        )
        if one
    )
