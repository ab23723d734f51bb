"""The fold of a teacher's decisions: laws that hold for any sequence, and the stories behind them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bdhvs.core.attempt_events import ItemRef
from bdhvs.core.decisions import (
    NOTHING,
    Decision,
    Neutralised,
    Ordered,
    Restored,
    Swapped,
    TimeAdded,
    after,
    fold,
)
from bdhvs.core.forms import Form
from bdhvs.core.items.base import Text

ITEMS = ("a", "b", "c")
BANK = {*ITEMS, "x", "y"}
FORM = Form(
    id="thi",
    version=1,
    title=Text(vi="Thi", en="Test"),
    about=Text(vi="Thi", en="Test"),
    mode="assessment",
    items=ITEMS,
    author="bdhvs",
    licence="CC-BY-4.0",
    date="2026-11-22",
)

refs = st.builds(ItemRef, st.sampled_from([*ITEMS, "x"]), st.integers(1, 2))
forms = st.sampled_from(["thi", "khac"])
times = st.just(0)
decisions = st.one_of(
    st.builds(Neutralised, times, forms, refs, st.just("sai đáp án")),
    st.builds(Restored, times, forms, refs),
    st.builds(Swapped, times, forms, st.sampled_from(ITEMS), st.sampled_from([*ITEMS, "x", "y", "gone"])),
    st.builds(Ordered, times, forms, st.sampled_from(["fixed", "shuffled"])),
    st.builds(TimeAdded, times, forms, st.integers(1, 60)),
)


@given(st.lists(decisions, max_size=20))
def test_nothing_decided_is_ever_lost_from_the_trace(made: list[Decision]) -> None:
    assert fold(made).trace == tuple(made)


@given(st.lists(decisions, max_size=20))
def test_a_form_keeps_its_length_and_names_only_items_that_are_there(made: list[Decision]) -> None:
    form = fold(made).form(FORM, BANK)
    assert len(form.items) == len(FORM.items)
    assert set(form.items) <= BANK
    assert (form.id, form.version, form.mode) == (FORM.id, FORM.version, FORM.mode)


@given(st.lists(decisions, max_size=20), refs)
def test_the_last_word_on_an_item_holds(made: list[Decision], ref: ItemRef) -> None:
    assert not after(fold(made), Neutralised(1, "thi", ref, "sai")).counts(*ref)
    assert after(fold(made), Restored(1, "thi", ref)).counts(*ref)


def test_one_version_of_an_item_is_taken_out_and_the_other_counts() -> None:
    found = fold([Neutralised(1, "thi", ItemRef("a", 1), "sai")])
    assert not found.counts("a", 1)
    assert found.counts("a", 2)
    assert found.counts("b", 1)
    assert NOTHING.counts("a", 1)


def test_an_item_is_swapped_and_put_back() -> None:
    swapped = fold([Swapped(1, "thi", "b", "x")])
    assert swapped.form(FORM, BANK).items == ("a", "x", "c")
    assert swapped.form(FORM, {"a", "b", "c"}).items == ITEMS  # the other one is gone from the bank
    assert after(swapped, Swapped(2, "thi", "b", "y")).form(FORM, BANK).items == ("a", "y", "c")
    assert after(swapped, Swapped(2, "thi", "b", "b")).form(FORM, BANK) is FORM


def test_the_class_has_an_order_of_its_own() -> None:
    assert fold([Ordered(1, "thi", "shuffled")]).form(FORM, BANK).shuffle_items
    assert not fold([Ordered(1, "thi", "shuffled"), Ordered(2, "thi", "fixed")]).form(FORM, BANK).shuffle_items
    assert NOTHING.form(FORM, BANK) is FORM
