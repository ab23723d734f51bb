"""Would the totals come out the same again? Alpha and omega with intervals, of all items and of each domain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bdhvs.analysis.matrices import score_matrix
from bdhvs.analysis.numbers import decimal
from bdhvs.analysis.synthetic import carried
from bdhvs.i18n import translator
from bdhvs.service.caution_sentences import why_not

if TYPE_CHECKING:
    import pandas as pd

ALL = "all"
RESAMPLES = 200  # for omega's interval; 1,000 for a paper


@carried
def reliability_report(
    frame: pd.DataFrame, rule: str = "alone", confidence: float = 0.95, resamples: int = RESAMPLES, seed: int = 0
) -> pd.DataFrame:
    """Reliability of the total and of each domain's sum.

    Parameters
    ----------
    rule : what silences and help count. A covariance needs complete rows: with "alone" whoever did not reach an item is left out.
    resamples : bootstrap samples for omega's interval; 0 for none.

    Returns
    -------
    DataFrame, ``domain`` ("all" first), ``items``, ``persons`` (with all items), ``alpha`` with ``alpha_low`` and ``alpha_high``,
    ``omega`` with ``omega_low`` and ``omega_high``, ``standard_error`` (of one learner's total, points), ``cautions``. NaN where there
    is no such number; a caution says why.

    Notes
    -----
    See `bdhvs.measurement.reliability.alpha` (distribution-free interval) and `bdhvs.measurement.omega.omega_total`.
    """
    import pandas as pd

    from bdhvs.measurement.omega import omega_total
    from bdhvs.measurement.reliability import alpha

    matrix = score_matrix(frame, rule)
    groups = {ALL: list(matrix.table.columns)}
    groups |= {str(name): list(own.index) for name, own in matrix.items.groupby("domain", sort=True)}
    rows = []
    for name, columns in groups.items():
        scores = matrix.table[columns].to_numpy()
        one, other = (
            alpha(scores, confidence),
            omega_total(scores, confidence=confidence, resamples=resamples, seed=seed),
        )
        rows.append(
            {
                "domain": name,
                "items": one.items,
                "persons": one.persons,
                "alpha": one.value,
                "alpha_low": one.low,
                "alpha_high": one.high,
                "omega": other.value,
                "omega_low": other.low,
                "omega_high": other.high,
                "standard_error": one.standard_error,
                "cautions": tuple({caution.code: caution for caution in (*one.cautions, *other.cautions)}.values()),
            }
        )
    return pd.DataFrame(rows)


def in_words(row: Any, lang: str = "vi") -> str:
    """A row of `reliability_report` (as of ``itertuples``) in a sentence or two."""
    _ = translator(lang)
    if row.alpha != row.alpha:
        return why_not(row.cautions, lang) or _("There is no reliability to speak of.")
    said = _("Reliability {alpha} (maybe {low} to {high}), {items} tasks, {n} learners.").format(
        **{
            name: decimal(value, 2, lang)
            for name, value in (("alpha", row.alpha), ("low", row.alpha_low), ("high", row.alpha_high))
        },
        items=row.items,
        n=row.persons,
    )
    off = _("One learner's total may be off by {error} points either way.").format(
        error=decimal(1.96 * row.standard_error, 1, lang)
    )
    return f"{said} {off}"
