"""Each item and each option in a row: how many did it, whether it tells learners apart, what its wrong options do, and what to doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bdhvs.analysis.matrices import choice_matrix, keys, score_matrix
from bdhvs.analysis.synthetic import carried
from bdhvs.i18n import translator
from bdhvs.service.caution_sentences import caution_clause

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

GROUPS = 3  # of learners by their other answers, for options: weakest, middle, strongest third


@carried
def item_report(frame: pd.DataFrame, rule: str = "alone", confidence: float = 0.95) -> pd.DataFrame:
    """Classical statistics of each item.

    Parameters
    ----------
    rule : what silences and help count, a name of `bdhvs.analysis.matrices.RULES`.

    Returns
    -------
    DataFrame, one row per item and version by competence: ``item``, ``item_version``, ``competence``, ``domain``, ``persons`` (who
    count), ``share`` of the points (0–1) with ``low`` and ``high``, ``item_rest`` (correlation with the others, −1 to 1) with
    ``rest_low`` and ``rest_high``, ``discrimination`` (best less weakest 27 %), ``maximum``, ``cautions`` (tuple of
    `bdhvs.measurement.cautions.Caution`; empty when there is nothing to say).

    Notes
    -----
    See `bdhvs.measurement.classical.item_statistics`.
    """
    from bdhvs.measurement.classical import item_statistics, upper_lower

    matrix = score_matrix(frame, rule)
    scores, top = matrix.table.to_numpy(), matrix.items["maximum"].to_numpy()
    found = item_statistics(scores, top, confidence)
    table = matrix.items[["item", "item_version", "competence", "domain", "maximum"]].reset_index(drop=True)
    for name in ("persons", "share", "low", "high", "item_rest", "rest_low", "rest_high"):
        table[name] = getattr(found, name)
    table["discrimination"] = upper_lower(scores, top).discrimination
    table["cautions"] = list(found.cautions)
    return table


@carried
def option_report(
    frame: pd.DataFrame,
    options: Mapping[str, Sequence[str]] | None = None,
    groups: int = GROUPS,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """What each option of each single choice does.

    Parameters
    ----------
    options : ``id@version`` → all options, so that one nobody takes has a row; else those that were chosen.
    groups : of learners, by their share of points on the other items.

    Returns
    -------
    DataFrame, one row per item and option: ``item``, ``item_version``, ``option``, ``is_key``, ``count``, ``share`` (0–1, of who chose
    any) with ``low`` and ``high``, ``point_biserial`` (−1 to 1), ``by_group`` (shares among each group's learners, weakest first),
    ``group_sizes``, ``cautions``. The key is the option that got full points; an item nobody had right has no row, since its key is
    not known here.
    """
    import pandas as pd

    from bdhvs.measurement.distractors import option_table
    from bdhvs.measurement.score_tables import centred_rests

    choices, right = choice_matrix(frame), keys(frame)
    scores = score_matrix(frame, "answered", adaptive=True)
    rests = pd.DataFrame(centred_rests(scores.table.to_numpy()), index=scores.table.index, columns=scores.table.columns)
    rows: list[dict[str, Any]] = []
    for name in choices.table:
        if name not in right:
            continue
        own = choices.table[name]
        known = None if options is None or name not in options else list(options[name])
        level = rests[name].reindex(own.index).to_numpy()
        taken = [one if isinstance(one, str) else None for one in own]
        found = option_table(taken, set(right[name]), level, known, groups, confidence)
        about = {"item": choices.items.at[name, "item"], "item_version": choices.items.at[name, "item_version"]}
        for one in found.options:
            shares = tuple(
                float(count / size) if size else float("nan")
                for count, size in zip(one.by_group, found.group_sizes, strict=True)
            )
            numbers = {field: getattr(one, field) for field in ("count", "share", "low", "high", "point_biserial")}
            sizes = tuple(int(size) for size in found.group_sizes)
            rows.append(
                {
                    **about,
                    "option": one.name,
                    "is_key": one.is_key,
                    **numbers,
                    "by_group": shares,
                    "group_sizes": sizes,
                    "cautions": one.cautions,
                }
            )
    columns = [
        "item",
        "item_version",
        "option",
        "is_key",
        "count",
        "share",
        "low",
        "high",
        "point_biserial",
        "by_group",
        "group_sizes",
        "cautions",
    ]
    return pd.DataFrame(rows, columns=columns)


def in_words(row: Any, lang: str = "vi") -> str:
    """A row of `item_report` (as of ``itertuples``) in a sentence or two."""
    _ = translator(lang)
    if not row.persons:
        return _("{item}: nobody has answered it.").format(item=row.item)
    said = _("{item}: {share} of 100 points on average among {n} learners (maybe {low} to {high}).").format(
        item=row.item, share=round(100 * row.share), n=row.persons, low=round(100 * row.low), high=round(100 * row.high)
    )
    doubts = "; ".join(caution_clause(one, lang) for one in row.cautions)
    return " ".join((said, _("To look at: {doubts}.").format(doubts=doubts))) if doubts else said
