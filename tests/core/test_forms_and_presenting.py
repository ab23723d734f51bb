"""Seeded order: repeatable, complete, and never the author's order where that would tell the key."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bdhvs.bank.loader import Bank
from bdhvs.core.presenting import arrangement

BANK = Bank.load()
items = st.sampled_from(sorted(BANK.items.values(), key=lambda item: item.id))
seeds = st.integers(0, 2**48 - 1)


@given(items, seeds)
def test_the_same_seed_shows_the_same_order(item, seed) -> None:  # type: ignore[no-untyped-def]
    assert arrangement(item, seed) == arrangement(item, seed)


@given(items, seeds, seeds)
def test_with_shuffling_off_everybody_sees_the_same_order(item, one, other) -> None:  # type: ignore[no-untyped-def]
    assert arrangement(item, one, shuffle=False) == arrangement(item, other, shuffle=False)


@given(items, seeds)
def test_arranging_neither_loses_nor_adds_a_part(item, seed) -> None:  # type: ignore[no-untyped-def]
    first, second = arrangement(item, seed), arrangement(item, seed + 1)
    assert [sorted(part) for part in first] == [sorted(part) for part in second]


@given(st.sampled_from([item for item in BANK.items.values() if item.kind == "ordering"]), seeds)
def test_steps_are_never_shown_already_solved(item, seed) -> None:  # type: ignore[no-untyped-def]
    assert list(arrangement(item, seed)[0]) != item.right_order


@given(st.sampled_from(sorted(BANK.forms)), seeds)
def test_a_form_gives_every_item_once_whatever_the_seed(form_id, seed) -> None:  # type: ignore[no-untyped-def]
    form = BANK.form(form_id)
    assert sorted(form.ordered_items(seed)) == sorted(form.items)
    assert form.ordered_items(seed) == form.ordered_items(seed)


@given(st.lists(st.sampled_from("abcdefgh"), min_size=2, unique=True), seeds)
def test_a_shuffled_form_differs_between_seeds_but_not_within_one(names, seed) -> None:  # type: ignore[no-untyped-def]
    form = BANK.form("thu-suc-ngan").model_copy(update={"items": tuple(names), "shuffle_items": True})
    assert form.ordered_items(seed) == form.ordered_items(seed)
    assert sorted(form.ordered_items(seed)) == sorted(names)
