"""Laws of both levels for any people: nobody stands alone, and no difference of what is public leaves fewer than k."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pytest

pytest.importorskip("numpy")

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.dataset.coarsening import NOTHING, PERSON_STEPS, PLACE_STEPS, Told, coarsened, loss
from bdhvs.dataset.merging import EVERYWHERE_ELSE, Item, Place, merged_cells, merged_items, merged_places
from bdhvs.dataset.public import Topic, Topics, _count
from bdhvs.dataset.schema import NO_PLACE, REST

PLACES = st.tuples(
    st.sampled_from([("38", "a"), ("38", "b"), ("38", NO_PLACE), ("01", "c"), (NO_PLACE, NO_PLACE)]),
    st.sampled_from(["rural", "urban", None]),
)


@st.composite
def crowds(draw: st.DrawFn) -> tuple[list[Told], list[int], int]:
    """People in classes; each class has a place."""
    rooms = draw(st.lists(PLACES, min_size=1, max_size=6))
    people: list[Told] = []
    classes: list[int] = []
    for number, ((province, commune), region) in enumerate(rooms):
        for _ in range(draw(st.integers(1, 8))):
            age, sex = draw(st.sampled_from(["25_39", "75_up", None])), draw(st.sampled_from(["female", "male", None]))
            audience, device = draw(st.sampled_from(["elderly", None])), draw(st.sampled_from(["phone", "computer"]))
            people.append(Told(province, commune, region, age, sex, audience, device))
            classes.append(number)
    return people, classes, draw(st.integers(1, 7))


@settings(max_examples=50)
@given(crowds())
def test_every_combination_is_shared_by_k_and_nothing_is_invented(crowd: tuple[list[Told], list[int], int]) -> None:
    people, classes, k = crowd
    after = coarsened(people, classes, k)
    if len(people) < k:
        assert set(after) == {NOTHING}
    else:
        assert min(Counter(after).values()) >= k
    for before, now in zip(people, after, strict=True):
        for name in Told._fields:
            assert getattr(now, name) in (getattr(before, name), getattr(NOTHING, name))
    places = defaultdict(set)
    for room, now in zip(classes, after, strict=True):
        places[room].add((now.province, now.commune, now.region))
    assert {len(own) for own in places.values()} == {1}


@settings(max_examples=50)
@given(crowds())
def test_what_is_common_enough_is_told_whole_and_the_loss_is_what_is_missing(
    crowd: tuple[list[Told], list[int], int],
) -> None:
    people, classes, k = crowd
    after = coarsened(people, classes, k)
    if min(Counter(people).values()) >= k:
        assert after == people
    cost = loss(people, after, k)
    assert cost["people_changed"] == round(
        sum(one != two for one, two in zip(people, after, strict=True)) / len(people), 4
    )
    assert 0 <= cost["information_kept"] <= 1
    assert (cost["cells_withheld"] == 0) == (after == people)
    assert set(cost["withheld"]) == set(PLACE_STEPS) | set(PERSON_STEPS) == set(Told._fields)


PUBLIC_PLACES = st.builds(Place, st.sampled_from(["38", "01", "22"]), st.sampled_from("abcd"))


@given(st.dictionaries(PUBLIC_PLACES, st.integers(1, 30), min_size=1), st.integers(2, 12))
def test_places_are_a_partition_into_cells_of_k_that_lie_inside_each_other(people: dict[Place, int], k: int) -> None:
    found = merged_places(people, k)
    if sum(people.values()) < k:
        assert found == {}
        return
    assert set(found) == set(people)
    sizes: Counter[Place] = Counter()
    for place, cell in found.items():
        assert cell in (place, Place(place.province, REST), EVERYWHERE_ELSE)
        sizes[cell] += people[place]
    assert min(sizes.values()) >= k
    if min(people.values()) >= k:
        assert all(place == cell for place, cell in found.items())


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 20)), st.integers(2, 12))
def test_disjoint_cells_and_their_rest_have_k_each(people: dict[str, int], k: int) -> None:
    alone, rest = merged_cells(people, k)
    assert all(people[one] >= k for one in alone)
    assert not rest or sum(people[one] for one in rest) >= k
    assert alone | rest == (set(people) if sum(people.values()) >= k else set())
    assert not alone & rest


Answered = list[tuple[str, Place, Item]]


@st.composite
def answered(draw: st.DrawFn) -> tuple[Answered, int]:
    """Who, where, answered which item of one competence; a learner is in one place."""
    items = [("mot", 1), ("hai", 1), ("ba", 2)]
    found: Answered = []
    k = draw(st.integers(2, 5))
    for place in draw(st.lists(PUBLIC_PLACES, min_size=1, max_size=3, unique=True)):
        for group in range(draw(st.integers(1, 3))):
            took = draw(st.sets(st.sampled_from(items), min_size=1))
            size = draw(st.sampled_from([1, k, k + 1]))  # large groups with a few beside them: where differences are
            found += [(f"{place}{group}{n}", place, item) for n in range(size) for item in sorted(took)]
    return found, k


@settings(max_examples=60)
@given(answered())
def test_no_difference_of_public_sums_is_about_fewer_than_k(case: tuple[Answered, int]) -> None:
    """The attack: every set of answers whose sum follows from the published sums, by linear algebra over all of them."""
    rows, k = case
    topic = _topic(rows, k)
    people = {place: tally.learners or 0 for place, tally in topic.places.items()}
    places = merged_places(people, k)
    if not places:
        assert len({who for who, _, _ in rows}) < k
        return
    sizes = {item: tally.learners or 0 for item, tally in topic.items.items()}
    pieces = merged_items({(places[place], item) for place, item in topic.given}, sizes, topic.few, k)
    items: dict[Item, Any] = {item: item for piece in pieces for item in piece.alone}
    items |= {item: (REST, number) for number, piece in enumerate(pieces) for item in piece.rest}
    assert set(items) == set(topic.items)
    atoms: defaultdict[tuple[Any, Any], set[str]] = defaultdict(set)
    for who, place, item in rows:
        atoms[places[place], items[item]].add(who)
    assert _fewest(atoms) >= k


def _topic(rows: Answered, k: int) -> Topic:
    topics: Topics = defaultdict(Topic)
    own: defaultdict[tuple[str, Place], list[dict[str, Any]]] = defaultdict(list)
    same = {"mode": "assessment", "competence": "2.1", "last": True, "max": 1, "score": 1, "outcome": "answered"}
    same |= {"help": "none", "neutralised": None, "after_solutions": False, "level": 1}
    for who, place, (item, version) in rows:
        own[who, place].append({**same, "item": item, "item_version": version})
    for (who, place), answers in own.items():
        _count(topics, who, place, answers, {}, k)
    return topics["assessment", "2.1"]


def _fewest(atoms: dict[tuple[Any, Any], set[str]]) -> int:
    """The fewest different people in a set of answers whose sum follows from the sums of the places and of the items."""
    names = sorted(atoms, key=repr)
    cells = sorted({("place", place) for place, _ in names} | {("item", item) for _, item in names}, key=repr)
    sums = np.array([[float(cell in (("place", place), ("item", item))) for place, item in names] for cell in cells])
    *_, vectors = np.linalg.svd(sums)
    basis = vectors[: np.linalg.matrix_rank(sums)]
    sets = (np.arange(1, 2 ** len(names))[:, None] >> np.arange(len(names))) & 1
    follows = np.abs(sets @ basis.T @ basis - sets).max(axis=1) < 1e-9
    return min(len(set().union(*(atoms[names[n]] for n in np.flatnonzero(own)))) for own in sets[follows])


def test_the_attack_finds_what_two_honest_looking_tables_give_away() -> None:
    """Item one was given in commune a alone: the commune minus the item is item two there, of one person."""
    a, b = Place("38", "a"), Place("38", "b")
    atoms = {(a, "one"): set("pqrs"), (a, "two"): {"s"}, (b, "two"): set("tuvw")}
    assert _fewest(atoms) == 1
    rows = [(who, place, (item, 1)) for (place, item), all_of in atoms.items() for who in sorted(all_of)]
    topic = _topic(rows, 4)
    (piece,) = merged_items(
        set(topic.given), {item: tally.learners or 0 for item, tally in topic.items.items()}, topic.few, 4
    )
    assert (piece.alone, len(piece.rest)) == (frozenset(), 2)


def test_items_given_to_all_everywhere_stand_alone() -> None:
    given_in = [(Place("38", commune), (item, 1)) for commune in "abc" for item in ("mot", "hai")]
    few = {("mot", 1): set("pqrst"), ("hai", 1): set("pqrst")}
    (piece,) = merged_items(given_in, {("mot", 1): 90, ("hai", 1): 80}, few, 5)
    assert piece == (frozenset(few), frozenset())
