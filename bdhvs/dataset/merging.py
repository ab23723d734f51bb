"""Cells of public tables put together until enough people are in each, and in whatever can be worked out from them.

*Places.* A commune with fewer than k joins the rest of its province; when that rest is still fewer than k, the smallest other
commune joins it; a province that is too small as a whole joins the rest of the country; what is too small even so is
dropped. So the places of a table are a partition, and there are no totals beside it: a difference of sums of its cells is
a sum of its cells, each of at least k.

*Items.* Places and items are two partitions of the same answers, and two partitions together can tell more than either:
when an item was given in one commune only, that commune minus this item is what is left, of however few. Let places and
items be joined where there are answers. Nothing smaller can be worked out when every connected piece of this graph is
complete (each of its items was given in each of its places): f(p, i) = a(p) + b(i) with values 0 and 1 on all pairs then
depends on p alone or on i alone, so every set of answers whose sum follows is a union of cells. `merged_items` puts the
items of a piece together until it is complete. This is complementary suppression (Cox, L. H. (1980), Suppression methodology
and statistical disclosure control, JASA 75, 377-385) by merging, made simple enough to prove.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Set
from typing import NamedTuple, TypeVar

from bdhvs.dataset.schema import REST

Cell = TypeVar("Cell", bound=Hashable)
Item = tuple[str, int]


class Place(NamedTuple):
    """Codes of a province and a commune, or `REST`."""

    province: str
    commune: str


EVERYWHERE_ELSE = Place(REST, REST)


def merged_places(people: Mapping[Place, int], k: int) -> dict[Place, Place]:
    """Under which place each place is published, so that at least `k` people are in each; nothing when all are too few."""
    found = {place: place for place in people}
    for province in sorted({place.province for place in people}):
        own = {place for place in people if place.province == province}
        _gather(found, people, own, Place(province, REST), k)
    _gather(found, people, set(people), EVERYWHERE_ELSE, k)
    return found if all(count >= k for count in _sizes(found, people).values()) else {}


def _gather(found: dict[Place, Place], people: Mapping[Place, int], own: Set[Place], rest: Place, k: int) -> None:
    """Put those of `own` that are too small into `rest`, and the smallest others until the rest is large enough."""
    sizes = _sizes({place: found[place] for place in own}, people)
    small = {cell for cell, size in sizes.items() if size < k}
    size = sum(sizes[cell] for cell in small)
    for cell in sorted(sizes.keys() - small, key=lambda one: (sizes[one], one)):
        if not 0 < size < k:
            break
        small.add(cell)
        size += sizes[cell]
    found |= {place: rest for place in own if found[place] in small}


def _sizes(found: Mapping[Place, Place], people: Mapping[Place, int]) -> dict[Place, int]:
    sizes: defaultdict[Place, int] = defaultdict(int)
    for place, cell in found.items():
        sizes[cell] += people[place]
    return sizes


def merged_cells(people: Mapping[Cell, int], k: int) -> tuple[set[Cell], set[Cell]]:
    """Disjoint cells: those that are published as they are, and those put together; each, and the rest, at least `k`.

    Both are empty when all together are fewer.
    """
    rest = {cell for cell, size in people.items() if size < k}
    for cell in sorted(people.keys() - rest, key=lambda one: (people[one], repr(one))):
        if not 0 < sum(people[one] for one in rest) < k:
            break
        rest.add(cell)
    if 0 < sum(people[one] for one in rest) < k:
        return set(), set()
    return set(people) - rest, rest


class Piece(NamedTuple):
    """A connected piece of places and items: items published as they are, and those put together (may be none)."""

    alone: frozenset[Item]
    rest: frozenset[Item]


def merged_items(
    given: Iterable[tuple[Place, Item]], people: Mapping[Item, int], few: Mapping[Item, Set[str]], k: int
) -> list[Piece]:
    """Which items of a competence are published alone and which together, piece by piece.

    Parameters
    ----------
    given : published places and items with answers; each place has answers of at least `k` people.
    people : different people with answers, by item.
    few : of each item up to `k` of them.
    """
    places_of: defaultdict[Item, set[Place]] = defaultdict(set)
    for place, item in given:
        places_of[item].add(place)
    return [_piece(items, places_of, people, few, k) for items in _connected(places_of)]


def _piece(
    items: Set[Item],
    places_of: Mapping[Item, Set[Place]],
    people: Mapping[Item, int],
    few: Mapping[Item, Set[str]],
    k: int,
) -> Piece:
    everywhere = frozenset[Place]().union(*(places_of[item] for item in items))
    rest = {item for item in items if places_of[item] != everywhere or people[item] < k}
    for item in sorted(items - rest, key=lambda one: (people[one], one)):
        if not rest or _is_enough(rest, everywhere, places_of, people, few, k):
            break
        rest.add(item)
    return Piece(frozenset(items - rest), frozenset(rest))


def _is_enough(
    rest: Set[Item],
    everywhere: Set[Place],
    places_of: Mapping[Item, Set[Place]],
    people: Mapping[Item, int],
    few: Mapping[Item, Set[str]],
    k: int,
) -> bool:
    """Whether the rest was given in every place, to at least k people: its largest item says so, or all its few together."""
    if set().union(*(places_of[item] for item in rest)) != everywhere:
        return False
    return max(people[item] for item in rest) >= k or len(set[str]().union(*(few[item] for item in rest))) >= k


def _connected(places_of: Mapping[Item, Set[Place]]) -> list[set[Item]]:
    """Items that hang together through the places in which they were given."""
    items_of: defaultdict[Place, set[Item]] = defaultdict(set)
    for item, places in places_of.items():
        for place in places:
            items_of[place].add(item)
    pieces, left = [], set(places_of)
    while left:
        piece, new = set[Item](), {min(left)}
        while new:
            piece |= new
            new = {item for one in new for place in places_of[one] for item in items_of[place]} - piece
        pieces.append(piece)
        left -= piece
    return pieces
