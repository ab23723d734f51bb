"""What is told of people, made so coarse that nobody stands alone: every combination is shared by at least k.

What identifies (`Told`) is withheld in a declared order, one attribute at a time and only where a combination is rarer than
k. A place is withheld for a class as a whole: a class has one number in the dataset, so that one member's place tells all
members'. What was withheld looks like what was never told; the loss is counted.

k-anonymity: Samarati, P. and Sweeney, L. (1998). Protecting privacy when disclosing information: k-anonymity and its
enforcement through generalization and suppression. SRI-CSL-98-04. What it does not protect from stands in
`bdhvs.dataset.dictionary.NOT_PROTECTED`.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from bdhvs.dataset.schema import NO_PLACE

Key = TypeVar("Key", bound=Hashable)


class Told(NamedTuple):
    """What could tell who somebody is; None (of a place `NO_PLACE`): not told, or withheld."""

    province: str
    commune: str
    region: str | None
    age_band: str | None
    sex: str | None
    audience: str | None
    device: str | None


#: What "not told" looks like, by attribute.
NOTHING = Told(NO_PLACE, NO_PLACE, None, None, None, None, None)
#: Attributes of a class, in the order in which they are withheld; then those of a person.
PLACE_STEPS = ("commune", "region", "province")
PERSON_STEPS = ("device", "audience", "sex", "age_band")


def coarsened(people: Sequence[Told], classes: Sequence[Hashable], k: int) -> list[Told]:
    """What may be told of each person, in their order.

    Parameters
    ----------
    people : what is known of each.
    classes : whose class each is in; all of a class have the same place.
    k : how many must share every combination, at least 1.

    Returns
    -------
    One row each. Every combination occurs at least k times; with fewer than k people nothing is told of anybody.
    """
    sizes = Counter(classes)
    place_of = dict(zip(classes, people, strict=True))
    places = _withheld(place_of, PLACE_STEPS, lambda room: sizes[room], k)
    here = [_with(one, places[room], PLACE_STEPS) for one, room in zip(people, classes, strict=True)]
    told: dict[int, Told] = {}
    for own in _grouped(range(len(here)), lambda n: _only(here[n], PLACE_STEPS)).values():
        told |= _withheld({n: here[n] for n in own}, PERSON_STEPS, lambda _: 1, k)
    return [told[n] for n in range(len(here))]


def _withheld(known: Mapping[Key, Told], steps: Sequence[str], weight: Callable[[Key], int], k: int) -> dict[Key, Told]:
    """`known` with as much withheld, step by step, as it takes for every combination of the attributes in `steps` to weigh k."""
    told = dict(known)
    for step in steps:
        for own in _rare(told, steps, weight, k):
            told |= {key: _with(told[key], NOTHING, (step,)) for key in own}
    return _filled_up(told, steps, weight, k)


def _filled_up(told: dict[Key, Told], steps: Sequence[str], weight: Callable[[Key], int], k: int) -> dict[Key, Told]:
    """Those of whom nothing is left to tell must be k as well: the smallest other groups join them until they are."""
    while rare := _rare(told, steps, weight, k):
        groups = _grouped(told, lambda key: _only(told[key], steps))
        groups.pop(_only(NOTHING, steps), None)
        if not groups:
            return told  # fewer than k in all, and nothing told of anybody
        least = min(groups.items(), key=lambda one: (sum(map(weight, one[1])), repr(one[0])))[1]
        for key in {*least, *(one for own in rare for one in own)}:
            told[key] = _with(told[key], NOTHING, steps)
    return told


def _rare(told: Mapping[Key, Told], steps: Sequence[str], weight: Callable[[Key], int], k: int) -> list[list[Key]]:
    groups = _grouped(told, lambda key: _only(told[key], steps)).values()
    return [own for own in groups if sum(map(weight, own)) < k]


def _grouped(keys: Iterable[Key], by: Callable[[Key], Hashable]) -> dict[Hashable, list[Key]]:
    groups: defaultdict[Hashable, list[Key]] = defaultdict(list)
    for key in keys:
        groups[by(key)].append(key)
    return groups


def _only(told: Told, names: Iterable[str]) -> tuple[str | None, ...]:
    return tuple(getattr(told, name) for name in names)


def _with(told: Told, other: Told, names: Iterable[str]) -> Told:
    """`told` with these attributes of `other`."""
    return told._replace(**{name: getattr(other, name) for name in names})


def loss(before: Sequence[Told], after: Sequence[Told], k: int) -> dict[str, Any]:
    """What coarsening cost.

    Returns
    -------
    ``people``; ``people_changed`` and ``cells_withheld`` as shares, 0-1 (cells: of those that told something);
    ``information_kept``, 0-1: of the bits that told values carry (the rarer a value, the more: minus its logarithm to base
    2 among all people) those that are left, after de Waal, A. and Willenborg, L. (1999), Information loss through global
    recoding and local suppression, Netherlands Official Statistics 14; ``withheld`` by attribute: how often; ``smallest``:
    people who share the rarest combination; ``order`` in which attributes are withheld.
    """
    changed = sum(one != other for one, other in zip(before, after, strict=True))
    withheld = {name: _withheld_of(before, after, name) for name in Told._fields}
    told = sum(getattr(one, name) != getattr(NOTHING, name) for one in before for name in Told._fields)
    bits = {name: _bits(before, name) for name in Told._fields}
    all_bits, kept = _sum_of_bits(before, bits), _sum_of_bits(after, bits)
    return {
        "people": len(before),
        "people_changed": _share(changed, len(before)),
        "cells_withheld": _share(sum(withheld.values()), told),
        "information_kept": _share(kept, all_bits, empty=1.0),
        "withheld": withheld,
        "smallest": min(Counter(after).values(), default=0),
        "k": k,
        "order": [*PLACE_STEPS, *PERSON_STEPS],
    }


def _withheld_of(before: Sequence[Told], after: Sequence[Told], name: str) -> int:
    return sum(getattr(one, name) != getattr(other, name) for one, other in zip(before, after, strict=True))


def _bits(people: Sequence[Told], name: str) -> dict[str | None, float]:
    counts = Counter(getattr(one, name) for one in people)
    bits = {value: -math.log2(count / len(people)) for value, count in counts.items()}
    return {**bits, getattr(NOTHING, name): 0.0}


def _sum_of_bits(people: Sequence[Told], bits: Mapping[str, Mapping[str | None, float]]) -> float:
    return math.fsum(bits[name][getattr(one, name)] for one in people for name in Told._fields)


def _share(part: float, whole: float, *, empty: float = 0.0) -> float:
    return round(part / whole, 4) if whole else empty
