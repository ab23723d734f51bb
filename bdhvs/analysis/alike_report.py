"""Pairs of learners of a class whose answers are more alike than their abilities explain. A flag is no proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bdhvs.analysis.matrices import choice_matrix, keys
from bdhvs.analysis.synthetic import carried, said
from bdhvs.errors import BdhvsError
from bdhvs.i18n import translator

if TYPE_CHECKING:
    import pandas as pd

LEVEL = 0.05  # chance that any honest pair at all is called, over all pairs compared


class TooFewChoices(BdhvsError):
    """There are not enough learners or single choices to compare answers."""

    code = "too_few_choices"


@carried
def alike_report(frame: pd.DataFrame) -> pd.DataFrame:
    """Compare all pairs of learners of the same class on their single choices.

    Returns
    -------
    DataFrame, one row per pair, the least likely first: ``classroom``, ``learner``, ``other``, ``common`` (tasks both answered),
    ``same`` (answered alike), ``expected`` (as many by ability alone), ``same_wrong`` (the same wrong option), ``p``, ``adjusted_p``
    (Holm, over all pairs of all classes), ``flagged`` (``adjusted_p`` below 0.05).

    Raises
    ------
    TooFewChoices
        with fewer than 30 learners or 10 single choices.

    Notes
    -----
    Generalized binomial test under Bock's nominal model, fitted to all learners of the frame (`bdhvs.measurement.alike_answers`).
    Lessons, helpers and families make honest answers alike; whoever sat beside whom is not in the data.
    """
    import numpy as np
    import pandas as pd

    from bdhvs.measurement.alike_answers import LEAST_COMMON, LEAST_PERSONS, alike_answers
    from bdhvs.measurement.nominal import fit_nominal, toward

    matrix = choice_matrix(frame)
    varied = [name for name in matrix.table if matrix.table[name].nunique() > 1]
    table = matrix.table[varied]
    if len(varied) < LEAST_COMMON or len(table) < LEAST_PERSONS:
        raise TooFewChoices(
            f"found {len(table)} learners and {len(varied)} single choices whose answers differ, expected at least {LEAST_PERSONS} and "
            f"{LEAST_COMMON}; with fewer, all alike may be chance"
        )
    right = keys(frame)
    codes, options = np.empty(table.shape, dtype=np.int8), []
    wrong = np.zeros(table.shape, dtype=bool)
    for place, name in enumerate(varied):
        own = pd.Categorical(table[name])
        codes[:, place] = own.codes
        options.append(list(own.categories))
        wrong[:, place] = table[name].notna() & ~table[name].isin(right.get(name, frozenset()))
    first = [
        next((own.index(one) for one in own if one in right.get(name, ())), None)
        for name, own in zip(varied, options, strict=True)
    ]
    model = toward(fit_nominal(codes, [len(own) for own in options]), first)
    rooms = None if matrix.classrooms is None else matrix.classrooms.to_numpy().astype(str)
    found = alike_answers(codes, model, groups=rooms)
    same_wrong = np.array(
        [int((wrong[a] & (codes[a] == codes[b])).sum()) for a, b in zip(found.one, found.other, strict=True)],
        dtype=np.int64,
    )
    names = list(table.index)
    pairs = pd.DataFrame(
        {
            "classroom": [None if rooms is None else rooms[a] for a in found.one],
            "learner": [names[a] for a in found.one],
            "other": [names[b] for b in found.other],
            "common": found.common,
            "same": found.same,
            "expected": found.expected,
            "same_wrong": same_wrong,
            "p": found.p,
            "adjusted_p": found.adjusted_p,
            "flagged": found.adjusted_p < LEVEL,
        }
    )
    return pairs.sort_values(["p", "learner", "other"], ignore_index=True)


@said
def in_words(table: pd.DataFrame, lang: str = "vi") -> str:
    """How many pairs stand out, and what that does not mean."""
    _ = translator(lang)
    pairs, flagged = len(table), int(table["flagged"].sum())
    if not flagged:
        return _("No two of the {n} pairs compared answered more alike than their abilities explain.").format(n=pairs)
    said = _("{flagged} of {n} pairs answered more alike than their abilities explain.").format(
        flagged=flagged, n=pairs
    )
    rate = _("If all work alone, any pair at all is called in at most 5 of 100 such comparisons.")
    return f"{said} {rate} {_no_proof(lang)}"


def pair_in_words(row: Any, lang: str = "vi") -> str:
    """A row of `alike_report` (as of ``itertuples``): what was seen, and that it is no proof."""
    _ = translator(lang)
    said = _("These two gave the same answer to {same} of {common} tasks, {wrong} of them the same mistake; about {expected} would be usual.").format(
        same=row.same, common=row.common, wrong=row.same_wrong, expected=round(row.expected)
    )  # fmt: skip
    return f"{said} {_no_proof(lang)}"


def _no_proof(lang: str) -> str:
    _ = translator(lang)
    return _(
        "This is no proof of copying: one helper, one lesson or one family make answers alike, too. Ask kindly, and judge by nothing else than a new try."
    )
