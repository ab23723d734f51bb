"""Where a test measures well, beside where its learners are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.analysis.numbers import decimal
from bdhvs.analysis.synthetic import carried, said
from bdhvs.i18n import translator

if TYPE_CHECKING:
    import pandas as pd

    from bdhvs.analysis.scales import Scale

STEPS = 121
GOOD_ERROR = 0.5  # logits: reliability 0.8 among learners whose abilities have a deviation of about 1.1 (1 − 0.25/1.25)


@carried
def targeting(found: Scale, widest: float = 4.0) -> pd.DataFrame:
    """Information of a test and density of its learners along the scale.

    Returns
    -------
    DataFrame, ``ability`` (logits, −`widest` to `widest`), ``information`` (1/logit², of all items), ``error`` (standard error of an
    estimate there, logits), ``learners`` (normal density with the learners' mean and deviation, corrected for error, per logit).
    """
    import numpy as np
    import pandas as pd

    at = np.linspace(-widest, widest, STEPS)
    information = found.items.information(at).sum(axis=0)
    sd = max(found.sd, 1e-6)
    density = np.exp(-0.5 * ((at - found.mean) / sd) ** 2) / (sd * np.sqrt(2 * np.pi))
    return pd.DataFrame(
        {
            "ability": at,
            "information": information,
            "error": 1 / np.sqrt(np.maximum(information, 1e-12)),
            "learners": density,
        }
    )


def well_measured(found: Scale, error: float = GOOD_ERROR) -> float:
    """Share of the learners whose estimate has a standard error of at most `error` logits, 0–1; NaN without learners."""
    import numpy as np

    known = np.isfinite(found.ability)
    return float((found.error[known] <= error).mean()) if known.any() else float("nan")


@said
def in_words(found: Scale, lang: str = "vi") -> str:
    """Where the test measures best, where the learners are, and how many are measured well."""
    _ = translator(lang)
    table = targeting(found)
    best = float(table.loc[table["information"].idxmax(), "ability"])
    said = _("The test measures best at {best} logits; the learners' mean is {mean} (deviation {sd}).").format(
        best=decimal(best, 1, lang, sign=True),
        mean=decimal(found.mean, 1, lang, sign=True),
        sd=decimal(found.sd, 1, lang),
    )
    share = _("{percent} in 100 learners are measured with an error of half a logit or less.").format(
        percent=round(100 * well_measured(found))
    )
    away = best - found.mean
    hint = ""
    if abs(away) > max(found.sd, 0.5):
        hint = (
            _("The tasks are rather hard for these learners: easier ones would tell more.")
            if away > 0
            else _("The tasks are rather easy for these learners: harder ones would tell more.")
        )
    return " ".join(one for one in (said, share, hint) if one)
