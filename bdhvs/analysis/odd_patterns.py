"""Learners whose answers do not fit together: hard tasks done and easy ones missed. A reason to look, and to ask kindly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.analysis.synthetic import carried, said
from bdhvs.i18n import translator
from bdhvs.measurement.multiplicity import benjamini_hochberg

if TYPE_CHECKING:
    import pandas as pd

    from bdhvs.analysis.scales import Scale

FALSE_SHARE = 0.10  # of the flagged, the expected share of honest patterns: a flag costs a look, not a reproach


@carried
def odd_patterns(found: Scale) -> pd.DataFrame:
    """Person fit of each learner on a scale.

    Returns
    -------
    DataFrame, one row per learner: ``learner``, ``items`` (answered), ``ability`` (logits), ``lz_star`` (about standard normal; far
    below 0: an unlikely pattern), ``infit`` and ``outfit`` (mean squares, about 1), ``p`` (chance of a pattern as unlikely for
    honest answers), ``adjusted_p`` (Benjamini & Hochberg over the learners with 10 items or more; NaN for others), ``flagged``
    (``adjusted_p`` below 0.10).

    Notes
    -----
    See `bdhvs.measurement.person_fit`. With items calibrated on these very answers odd learners have bent the items a little
    towards themselves: what is found is real, something may be missed.
    """
    import numpy as np
    import pandas as pd

    from bdhvs.measurement.person_fit import LEAST_ITEMS, person_fit

    fit = person_fit(found.responses, found.items)
    adjusted = benjamini_hochberg(np.where(fit.items >= LEAST_ITEMS, fit.p, np.nan))
    return pd.DataFrame(
        {
            "learner": list(found.learners),
            "items": fit.items,
            "ability": fit.ability,
            "lz_star": fit.lz_star,
            "infit": fit.infit,
            "outfit": fit.outfit,
            "p": fit.p,
            "adjusted_p": adjusted,
            "flagged": np.nan_to_num(adjusted, nan=1.0) < FALSE_SHARE,
        }
    )


@said
def in_words(table: pd.DataFrame, lang: str = "vi") -> str:
    """How many learners' answers are odd, and what that does not mean."""
    _ = translator(lang)
    judged = int(table["adjusted_p"].notna().sum())
    flagged = int(table["flagged"].sum())
    said = _("Of {n} learners with ten or more answers, {flagged} answered in a way that hardly fits together.").format(
        n=judged, flagged=flagged
    )
    known = _(
        "Up to one in ten of those may be chance. Guessing, help, tiredness or a misunderstood task all look like this: it is no proof of anything."
    )
    return f"{said} {known}" if flagged else said
