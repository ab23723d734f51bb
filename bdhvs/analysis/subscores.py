"""Does a domain's score say anything that the total does not say already? Haberman's question, of the answers at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bdhvs.analysis.matrices import score_matrix
from bdhvs.analysis.synthetic import carried, said
from bdhvs.i18n import translator

if TYPE_CHECKING:
    import pandas as pd


@carried
def subscores(frame: pd.DataFrame, rule: str = "alone") -> pd.DataFrame:
    """What each domain's score is worth beside the total.

    Returns
    -------
    DataFrame, one row per domain: ``domain``, ``items``, ``persons`` (with all items), ``own``, ``common``, ``together`` (share of what
    differs in the true domain score that is told by its own score, the total, both; 0–1, NaN where the domain's score has no
    reliability), ``verdict`` ("own", "with_others" or "nothing_new", see `bdhvs.measurement.domain_worth.Worth`).

    Notes
    -----
    See `bdhvs.measurement.subscore_worth`. Before anybody answered, `bdhvs.measurement.domain_worth.worth` asks it of a calibration.
    """
    import pandas as pd

    from bdhvs.measurement.subscore_worth import subscore_worth

    matrix = score_matrix(frame, rule)
    found = subscore_worth(matrix.table.to_numpy(), [str(one) for one in matrix.items["domain"]])
    persons = int(matrix.table.notna().all(axis=1).sum())
    names = ("domain", "items", "own", "common", "together", "verdict")
    table = pd.DataFrame([{name: getattr(one, name) for name in names} for one in found])
    table.insert(2, "persons", persons)
    return table


@said
def in_words(table: pd.DataFrame, lang: str = "vi") -> str:
    """For which domains a score of their own may be shown, and when none may."""
    _ = translator(lang)
    by = {verdict: ", ".join(own["domain"]) for verdict, own in table.groupby("verdict")}
    said = []
    if "own" in by:
        said.append(
            _("Domains {domains}: the domain's own score says more than the total; it may be shown.").format(
                domains=by["own"]
            )
        )
    if "with_others" in by:
        said.append(
            _("Domains {domains}: only together with the other domains does the score say more than the total.").format(
                domains=by["with_others"]
            )
        )
    if "nothing_new" in by:
        said.append(
            _(
                "Domains {domains}: the domain's score adds nothing to the total. Do not show it by itself; more tasks would be needed."
            ).format(domains=by["nothing_new"])
        )
    return " ".join(said)
