"""What a calibration says of an item besides numbers: a stable code, and a sentence with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bdhvs.measurement.item_models import Floats
from bdhvs.measurement.responses import Cells, Responses

LEAST_FOR_SLOPE = 200
"""Answers below which a slope is not estimated (Drasgow 1989, Applied Psychological Measurement 13, 77–90: 200 persons are
the least with which two-parameter estimates were usable)."""
LEAST_FOR_DIFFICULTY = 30
"""Answers below which even a difficulty is within ± 1 logit only (Linacre 1994, Rasch Measurement Transactions 7:4, 328)."""


@dataclass(frozen=True)
class Flag:
    """One thing to know of an item. ``code`` is stable; ``message`` says what was found and what to do."""

    code: str
    message: str


class CalibrationWarning(UserWarning):
    """A calibration ended without reaching what was asked."""


MESSAGES = {
    "never_answered": "nobody answered it, so nothing is known of it: give it to learners, or take its author's level as a prior",
    "all_wrong": "all {count} answers have score 0, so its difficulty has no estimate: check the key, or give it to abler learners",
    "all_right": "all {count} answers have the highest score, so its difficulty has no estimate: check whether its text tells the answer",
    "empty_score": "score {score} was never given among {count} answers, so its step has no estimate: join it with a neighbouring score",
    "prior_only": "its number is its author's prior and no more: data could not change it",
    "few_for_slope": "{count} answers are fewer than the {least} a slope needs, so its slope stays at 1 (Rasch)",
    "few_for_slope_prior": "{count} answers are fewer than the {least} a slope needs, so its slope leans on the prior",
    "few_for_difficulty": "{count} answers are fewer than {least}, so its difficulty may be a logit off: do not conclude from it yet",
    "disconnected": "no learner links it to most other items ({count} in its own set): the sets compare only if learners were shared out by chance",
    "at_bound": "an estimate lies at its bound, so it is no estimate: look at the item's answers",
    "negative_slope": "abler learners do worse on it (slope {slope:.2f}): check the key",
    "no_error": "its standard error cannot be told, since the answers leave the estimate open: give it together with more items, or take it as no estimate",
    "few_items_for_slope": "{count} items with answers are fewer than the 3 that tell slopes from one another, so its slope stays at 1 (Rasch)",
    "not_converged": "the search stopped before it settled: raise most_steps, or look at the other flags first",
}


def flag(code: str, **numbers: object) -> Flag:
    """A flag with its numbers put in."""
    return Flag(code, MESSAGES[code].format(**numbers))


def without_estimate(cells: Cells, counts: Floats) -> list[Flag | None]:
    """Why an item has no maximum of the likelihood, by item; None where it has one. `counts`: persons by cell."""
    found: list[Flag | None] = []
    for first, top in zip(cells.first, cells.maximum, strict=True):
        own = counts[first : first + top + 1]
        total = int(own.sum())
        if not total:
            found.append(flag("never_answered"))
        elif own[0] == total:
            found.append(flag("all_wrong", count=total))
        elif own[top] == total:
            found.append(flag("all_right", count=total))
        elif (own == 0).any():
            found.append(flag("empty_score", score=int(np.flatnonzero(own == 0)[0]), count=total))
        else:
            found.append(None)
    return found


def linked_sets(responses: Responses, rows: int = 4096) -> NDArray[np.intp]:
    """The lowest item of the linked set each item is in: items are linked when somebody answered both (or a chain of such links).

    Blocks of persons are read until all items hang together, which in ordinary data the first block settles.
    """
    sets = np.arange(len(responses.cells.maximum))
    for begin in range(0, responses.shape[0], rows):
        one, other = _links(responses, slice(begin, min(begin + rows, responses.shape[0])))
        new = sets[one] != sets[other]
        if new.any():
            sets = _joined(sets, one[new], other[new])
        if not sets.any():
            break
    return sets


def joined_sets(parts: Sequence[NDArray[np.intp]]) -> NDArray[np.intp]:
    """Linked sets over several parts of the persons, from those of each."""
    found = parts[0]
    for sets in parts[1:]:
        found = _joined(found, np.arange(len(sets)), sets)
    return found


def _links(responses: Responses, which: slice) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of items that hang these persons' items together: for each answer, the first item of its person, and its own."""
    if responses.is_sparse:
        block = responses.block(which, np.float32)
        item, counts = responses.cells.item[block.indices], np.diff(block.indptr)
        return np.repeat(item[block.indptr[:-1][counts > 0]], counts[counts > 0]), item
    shown = responses.scores(which) >= 0
    row, item = np.nonzero(shown)
    return shown.argmax(axis=1)[row], item


def _joined(sets: NDArray[np.intp], one: NDArray[np.intp], other: NDArray[np.intp]) -> NDArray[np.intp]:
    """`sets` (by item, the lowest item of its set) after joining those of each pair: lower numbers spread until nothing changes."""
    while True:
        low = np.minimum(sets[one], sets[other])
        found = sets.copy()
        np.minimum.at(found, sets[one], low)
        np.minimum.at(found, sets[other], low)
        while (found[found] != found).any():
            found = found[found]
        if (found == sets).all():
            return found
        sets = found


def disconnected(sets: NDArray[np.intp], answered: NDArray[np.bool_]) -> list[Flag | None]:
    """A flag for each answered item outside the largest linked set."""
    sizes = np.bincount(sets[answered], minlength=int(sets.max()) + 1)
    largest = int(sizes.argmax()) if answered.any() else -1
    return [
        flag("disconnected", count=int(sizes[own])) if has and own != largest else None
        for own, has in zip(sets, answered, strict=True)
    ]


def gathered(*columns: Sequence[Flag | None]) -> list[tuple[Flag, ...]]:
    """Flags by item from several rounds of looking."""
    return [tuple(one for one in row if one is not None) for row in zip(*columns, strict=True)]
