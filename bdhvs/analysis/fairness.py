"""Does a task ask more of one group than of another whose members can do as much? Differential item functioning on a frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bdhvs.analysis.matrices import item_label, score_matrix
from bdhvs.analysis.synthetic import carried, said
from bdhvs.i18n import translator
from bdhvs.service.caution_sentences import why_not

if TYPE_CHECKING:
    import pandas as pd

SURE = 0.05  # adjusted p below which a difference is not left to chance


@carried
def fairness(
    frame: pd.DataFrame,
    groups: Mapping[str, Mapping[Any, str]],
    references: Mapping[str, str] | None = None,
    rule: str = "alone",
) -> pd.DataFrame:
    """Compare groups of equal ability on every task.

    Parameters
    ----------
    groups : variable → learner → group, e.g. from the columns of a dataset's table ``learners``: ``{"sex": dict(zip(table.learner,
        table.sex))}``. Learners without a group are left out of that variable.
    references : variable → the group others are compared with; else the largest.

    Returns
    -------
    DataFrame, one row per variable, pair of groups and item: ``variable``, ``reference``, ``focal``, ``item``, ``item_version``,
    ``size`` (ETS delta for one point: negative, harder for the focal group; else standardised mean difference), ``low``, ``high``
    (interval of delta, 95 %; NaN where there is none), ``category`` ("A" negligible, "B" moderate, "C" large, "" cannot be said),
    ``adjusted_p`` (Benjamini & Hochberg), ``flagged`` (B or C, adjusted p below 0.05), ``cautions``. Pairs too small to compare have
    one row without an item, whose caution says so.

    Notes
    -----
    See `bdhvs.measurement.dif`. A difference is a question to the task's author, not a verdict.
    """
    import pandas as pd

    from bdhvs.measurement.dif import screen_dif

    matrix = score_matrix(frame, rule)
    members = {
        name: [None if (one := own.get(learner)) is None or one != one else str(one) for learner in matrix.table.index]
        for name, own in groups.items()
    }
    screen = screen_dif(matrix.table.to_numpy(), members, references)
    nothing = float("nan")
    rows = []
    for row in screen.rows:
        half = 1.96 * row.mantel_haenszel.delta_error if row.mantel_haenszel else nothing
        item, version = matrix.items.iloc[row.item][["item", "item_version"]]
        rows.append(
            {
                "variable": row.variable, "reference": row.reference, "focal": row.focal, "item": item, "item_version": version,
                "size": row.size, "low": row.size - half, "high": row.size + half, "category": row.category, "adjusted_p": row.adjusted_p,
                "flagged": row.category in ("B", "C") and row.adjusted_p < SURE, "cautions": row.cautions,
            }
        )  # fmt: skip
    for pair in screen.comparisons:
        if pair.refused:
            rows.append(
                {
                    "variable": pair.variable, "reference": pair.reference, "focal": pair.focal, "item": None, "item_version": None,
                    "size": nothing, "low": nothing, "high": nothing, "category": "", "adjusted_p": nothing, "flagged": False,
                    "cautions": pair.cautions,
                }
            )  # fmt: skip
    columns = [
        "variable",
        "reference",
        "focal",
        "item",
        "item_version",
        "size",
        "low",
        "high",
        "category",
        "adjusted_p",
        "flagged",
        "cautions",
    ]
    return pd.DataFrame(rows, columns=columns).astype({"item_version": "Int64"})  # whole beside missing ones


@said
def in_words(table: pd.DataFrame, lang: str = "vi") -> str:
    """Which tasks differ between groups, and who could not be compared."""
    _ = translator(lang)
    said = []
    for (variable, reference, focal), own in table.groupby(["variable", "reference", "focal"], sort=True):
        names = {"variable": variable, "reference": reference, "focal": focal}
        compared = own[own["item"].notna()]
        if not len(compared):
            text = _("{variable}, {focal} beside {reference}: not compared.").format(**names)
            said.append(f"{text} {why_not(own.iloc[0]['cautions'], lang)}")
            continue
        flagged = compared[compared["flagged"]]
        text = _("{variable}, {focal} beside {reference}: of {n} tasks, {m} differ at equal ability.").format(
            **names, n=len(compared), m=len(flagged)
        )
        harder = [item_label(f"{one.item}@{one.item_version}") for one in flagged.itertuples() if one.size < 0]
        easier = [item_label(f"{one.item}@{one.item_version}") for one in flagged.itertuples() if one.size > 0]
        if harder:
            text += " " + _("Harder for {focal}: {items}.").format(focal=focal, items=", ".join(harder))
        if easier:
            text += " " + _("Easier for {focal}: {items}.").format(focal=focal, items=", ".join(easier))
        said.append(
            text
            + (
                " "
                + _(
                    "Read these tasks again with people of both groups; the number alone does not say that they are unfair."
                )
                if len(flagged)
                else ""
            )
        )
    return " ".join(said)
