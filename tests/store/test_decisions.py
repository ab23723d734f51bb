"""A teacher's decisions survive the way into a row and back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bdhvs.core.attempt_events import ItemRef
from bdhvs.core.decisions import Decision, Neutralised, Ordered, Restored, Swapped, TimeAdded, fold
from bdhvs.store import ClassEventRow, Store
from bdhvs.store.decisions import decision_of, decisions_in, row_of
from tests.store.making import Begun, Maker

ids = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True)
times = st.integers(0, 2**53)
refs = st.builds(ItemRef, ids, st.integers(1, 99))
decisions: st.SearchStrategy[Decision] = st.one_of(
    st.builds(Neutralised, times, ids, refs, st.text(st.characters(exclude_categories=["Cs"]), min_size=1)),
    st.builds(Restored, times, ids, refs),
    st.builds(Swapped, times, ids, ids, ids),
    st.builds(Ordered, times, ids, st.sampled_from(["fixed", "shuffled"])),
    st.builds(TimeAdded, times, ids, st.integers(1, 240)),
)


@given(decisions)
def test_every_decision_comes_back_as_it_was(decision: Decision) -> None:
    row = row_of(decision, "e", "c", decision.at_us)
    assert decision_of(row) == decision
    assert (row.id, row.classroom_id, row.at_us, row.form_id) == ("e", "c", decision.at_us, decision.form)


async def test_the_store_gives_them_in_order_and_passes_over_what_is_not_about_this(
    store: Store, begun: Begun, make: Maker
) -> None:
    room = begun.classroom.id
    made: list[Decision] = [TimeAdded(1, "thi", 5), Neutralised(2, "thi", ItemRef("a", 1), "sai"), TimeAdded(3, "thi", 5)]
    for decision in made:
        await store.append_class_event(row_of(decision, make.id(), room, decision.at_us))
        await store.append_class_event(ClassEventRow(make.id(), room, decision.at_us, "of_another_part"))
    assert decisions_in(store, room) == fold(made)
    assert decisions_in(store, room).minutes == {"thi": 10}
