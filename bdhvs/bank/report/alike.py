"""Items that may ask the same thing: the closest pairs by their words, and enemies that meet in one form.

Each item is the words and word pairs of its stem, options and explanation, weighted by how rare they are in the bank (TF-IDF:
(1 + ln count) · ln(items / items with it), Salton and Buckley 1988); similarity is the cosine, 0 to 1. Words that more than
`COMMON` of the items share are left out: they tell nothing and would cost most. Only items that share a word are compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt

from bdhvs.bank.checks.texts import texts_of, words_folded
from bdhvs.bank.enemies import AlikeFile, Pair
from bdhvs.core.forms import Form
from bdhvs.core.items.base import Item

COMMON = 0.25
_COMPARED = ("stem", "option", "explanation", "screen")


@dataclass(frozen=True, slots=True)
class AlikePair:
    """Two items, ``one`` before ``other`` in the alphabet; similarity 0 to 1; ``looked_at``: what somebody found who compared them."""

    one: str
    other: str
    similarity: float
    looked_at: str | None


@dataclass(frozen=True, slots=True)
class EnemiesMeet:
    """Two items of which one gives the other away, in a form where a learner can meet both."""

    form: str
    items: tuple[str, str]
    why: str


def closest(items: Iterable[Item], known: AlikeFile, most: int) -> list[AlikePair]:
    """Pairs from ``look_from`` on, and in any case the `most` closest; the closest first."""
    why = {frozenset(one.items): one.why for one in (*known.different, *known.enemies)}
    scored = sorted(((-value, pair) for pair, value in similarities(items).items()), key=lambda one: (one[0], one[1]))
    return [
        AlikePair(*pair, round(-value, 3), why.get(frozenset(pair)))
        for place, (value, pair) in enumerate(scored)
        if place < most or -value >= known.look_from
    ]


def similarities(items: Iterable[Item]) -> dict[tuple[str, str], float]:
    """Similarity of every pair of items that share a word; the ids of a pair in the order of the alphabet."""
    holders: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for item_id, vector in sorted(_vectors({one.id: _terms(one) for one in items}).items()):
        for term, weight in vector.items():
            holders[term].append((item_id, weight))
    found: defaultdict[tuple[str, str], float] = defaultdict(float)
    for sharing in holders.values():
        for place, (other, weight) in enumerate(sharing):
            for one, its in sharing[:place]:
                found[one, other] += its * weight
    return dict(found)


def enemies_that_meet(
    forms: Iterable[Form], enemies: Sequence[Pair], items: Mapping[str, Item]
) -> Iterator[EnemiesMeet]:
    """Enemies of one fixed form, or in the pool of an adaptive one that does not keep them apart."""
    for form in forms:
        kept_apart = [set(group) for group in form.adaptive.enemies] if form.adaptive else []
        there = {one.id for one in form.adaptive.pool_of(items.values())} if form.adaptive else set(form.items)
        for pair in enemies:
            if set(pair.items) <= there and not any(set(pair.items) <= group for group in kept_apart):
                yield EnemiesMeet(form.id, (pair.items[0], pair.items[1]), pair.why)


def _terms(item: Item) -> Counter[str]:
    terms: Counter[str] = Counter()
    for text in (one.text.vi for one in texts_of(item) if one.role in _COMPARED):
        words = words_folded(text).split()
        terms.update(words)
        terms.update(" ".join(pair) for pair in pairwise(words))
    return terms


def _vectors(counted: Mapping[str, Counter[str]]) -> dict[str, dict[str, float]]:
    """Item → term → weight; each vector has length 1 (or no term)."""
    held = Counter(term for terms in counted.values() for term in terms)
    most = max(2.0, COMMON * len(counted))
    vectors = {}
    for item_id, terms in counted.items():
        weights = {
            term: (1 + log(count)) * log(len(counted) / held[term])
            for term, count in terms.items()
            if held[term] <= most and held[term] < len(counted)
        }
        length = sqrt(sum(weight * weight for weight in weights.values()))
        vectors[item_id] = {term: weight / length for term, weight in weights.items()} if length else {}
    return vectors
