"""How much of a class's change can be leaned on, in sentences a teacher reads: effect with interval, single learners, what
comes by itself, and why not to conclude. Shares of tasks done alone, not abilities: no calibration is needed.

Needs numpy (the extra ``measurement``).
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from bdhvs.analysis.before_after import FEW, done_shares
from bdhvs.analysis.synthetic import is_synthetic, mark
from bdhvs.i18n import translator
from bdhvs.service.caution_sentences import selection_sentence, why_not

if TYPE_CHECKING:
    import pandas as pd

    from bdhvs.measurement.growth import GroupGrowth


def growth(before: pd.DataFrame, after: pd.DataFrame) -> GroupGrowth:
    """Growth of the learners in both frames, in shares of the answered tasks that were done (0–1).

    Notes
    -----
    The standard error of one learner's share p of n tasks is √(p̃(1 − p̃)/(n + 4)) with p̃ = (np + 2)/(n + 4), which is never 0
    (A. Agresti, B. Caffo 2000, Simple and effective confidence intervals for proportions, The American Statistician 54).
    """
    from bdhvs.measurement.growth import group_growth

    first, second = _both(before, after)
    return group_growth(
        first["share"], second["share"], error_before=list(map(_error, *_columns(first))), error_after=list(map(_error, *_columns(second)))
    )


def growth_in_words(before: pd.DataFrame, after: pd.DataFrame, lang: str = "vi") -> list[str]:
    """What may be said of a class's growth, a sentence each: the effect, single learners, what comes by itself, why not."""
    _, found = translator(lang), growth(before, after)
    said = [f"{mark(lang)}."] if is_synthetic(before) or is_synthetic(after) else []
    if found.effect.low == found.effect.low:
        text = _("The change is {effect} times the spread between learners; it may be anything from {low} to {high}.")
        said.append(text.format(effect=_number(found.effect.value, lang), low=_number(found.effect.low, lang), high=_number(found.effect.high, lang)))
    text = _("Of {n} learners {gained} do surely more than the first time, {lost} surely less; of the others so few tasks cannot tell.")
    said.append(text.format(n=found.persons, gained=found.gained, lost=found.lost))
    return [one for one in (*said, _by_itself(before, after, lang), why_not(found.cautions, lang)) if one]


def _by_itself(before: pd.DataFrame, after: pd.DataFrame, lang: str) -> str:
    """Of those who did less than the middle learner the first time: how much of their gain would have come without learning."""
    from bdhvs.measurement.growth import group_growth
    from bdhvs.measurement.selection import regression_to_the_mean

    first, second = _both(before, after)
    low = first["share"] < first["share"].median()
    if len(first) < FEW or not low.any():
        return ""
    chosen = group_growth(first["share"][low], second["share"][low])
    found = regression_to_the_mean(chosen, float(first["share"].mean()), _reliability(first))
    _, sentence = translator(lang), selection_sentence(found, lang)
    return _("Those who did least at first: {sentence}").format(sentence=sentence) if sentence else ""


def _reliability(first: pd.DataFrame) -> float:
    """Share of the spread between learners that is not error, 0–1: (variance − mean squared error) / variance."""
    variance = float(first["share"].var())
    error = sum(_error(*one) ** 2 for one in zip(*_columns(first), strict=True)) / len(first)
    return max(0.0, 1 - error / variance) if variance > 0 else 0.0


def _both(before: pd.DataFrame, after: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Shares of everybody in the first frame; NaN in the second for who did not come again."""
    first, second = done_shares(before), done_shares(after)
    return first, second.reindex(first.index)


def _columns(shares: pd.DataFrame) -> tuple[list[float], list[float]]:
    return shares["share"].tolist(), shares["answered"].tolist()


def _error(share: float, answered: float) -> float:
    middle = (answered * share + 2) / (answered + 4)
    return sqrt(middle * (1 - middle) / (answered + 4))


def _number(value: float, lang: str) -> str:
    text = f"{value:.1f}"
    return text.replace(".", ",") if lang == "vi" else text
