"""An attempt whose items come one by one, as facts; and what a form may say about it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bdhvs.bank.loader import Bank
from bdhvs.core.adaptive import SEED_BITS, Adaptive
from bdhvs.core.attempt import Attempt, evolve, replay
from bdhvs.core.attempt_commands import Answer, Command, Finish, Give, GoTo, Pause, Skip, decide
from bdhvs.core.attempt_events import Event, Given, ItemRef, Rules, Started
from bdhvs.core.forms import Form
from bdhvs.core.items.base import Score
from bdhvs.errors import NotAllowed, Refused
from bdhvs.store.codec import events_of, from_row, items_given, to_row
from bdhvs.store.rows import AttemptRow

ONE_BY_ONE = Rules(practice=False, allow_back=False, tries=1, adaptive="abc", most_items=4)
FIRST = Started((ItemRef("a", 3),), ONE_BY_ONE)
BANK = Bank.load()
FORM = BANK.form("xep-lop").model_dump(exclude_defaults=True)


def after(attempt: Attempt, *commands: Command) -> Attempt:
    for command in commands:
        for event in decide(attempt, command):
            attempt = evolve(attempt, event)
    return attempt


def answer(item: str, version: int) -> Answer:
    return Answer(item, version, {"choice": "x"}, Score(1, 1, "right"))


def test_an_item_given_is_on_the_screen_in_its_version_and_takes_an_answer() -> None:
    attempt = after(replay([FIRST]), answer("a", 3))
    assert attempt.current is None
    attempt = after(attempt, Give("b", 7))
    assert (attempt.current, attempt.items[-1], attempt.state("b").seen) == ("b", ItemRef("b", 7), True)
    assert after(attempt, answer("b", 7)).state("b").status == "answered"
    assert after(attempt, Finish()).outcome("b") == "cut_off"


@pytest.mark.parametrize(
    ("before", "command"),
    [
        ((), Give("b", 1)),  # one is still on the screen
        ((answer("a", 3),), Give("a", 3)),  # given before
        ((answer("a", 3), Give("b", 1)), GoTo("a")),
        ((answer("a", 3), Give("b", 1)), answer("a", 3)),
        ((answer("a", 3), Pause()), Give("b", 1)),
        ((answer("a", 3), Finish()), Give("b", 1)),
    ],
)
def test_what_is_out_of_turn_is_refused(before: tuple[Command, ...], command: Command) -> None:
    with pytest.raises(NotAllowed):
        decide(after(replay([FIRST]), *before), command)


def test_a_fixed_form_is_given_nothing() -> None:
    fixed = replay([Started((ItemRef("a", 3),), Rules(practice=False, allow_back=False, tries=1))])
    with pytest.raises(NotAllowed):
        decide(after(fixed, answer("a", 3)), Give("b", 1))


wishes = st.one_of(
    st.builds(answer, st.sampled_from("abcd"), st.just(3)),
    st.builds(Skip, st.sampled_from("abcd")),
    st.builds(GoTo, st.sampled_from("abcd")),
    st.builds(Give, st.sampled_from("abcd"), st.just(3)),
    st.just(Pause()),
)


@given(st.lists(wishes, max_size=30))
def test_any_sequence_gives_each_item_once_and_is_the_fold_of_its_stored_events(asked: list[Command]) -> None:
    attempt, facts = replay([FIRST]), list[Event]()
    for wish in asked:
        try:
            new = decide(attempt, wish)
        except Refused:
            continue
        facts += new
        for event in new:
            attempt = evolve(attempt, event)
    ids = [ref.id for ref in attempt.items]
    assert len(set(ids)) == len(ids)
    assert list(attempt.states) == ids
    assert [one for one in ids if attempt.state(one).status == "new"] == ([attempt.current] if attempt.current else [])
    row = AttemptRow("t", "l", "c", "f", 1, "assessment", 1, True, "vi", "b", 1, FIRST.rules, FIRST.items)
    rows = [to_row(event, "t", f"e{place}", place, 1, 3) for place, event in enumerate(facts, start=1)]
    assert replay(events_of(row, rows)) == attempt
    assert items_given(row, rows) == attempt.items
    assert [from_row(one) for one in rows] == facts
    assert all(isinstance(fact, Given) for fact, one in zip(facts, rows, strict=True) if one.type == "given")


# ── the form ────────────────────────────────────────────────────────────────────────────────────────


def form(**changed: Any) -> Form:
    return Form.model_validate({**FORM, **changed})


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"adaptive": None}, 'the field "items" is missing'),
        ({"items": ("a", "b")}, "expected one of them"),
        ({"mode": "practice"}, "mode: assessment"),
        ({"allow_back": True}, "allow_back: false"),
        ({"shuffle_items": True}, "shuffle_items: false"),
        ({"adaptive": {"minimum": 9, "maximum": 8}}, "minimum 9 above maximum 8"),
        ({"adaptive": {"shares": {"1": 0.5, "2": 0.4}}}, "add up to 0.9, expected 1"),
        ({"adaptive": {"cuts": (0.5, 0.5)}}, "each above the one before"),
        ({"adaptive": {"kind_start": {"first": 0.4, "later": 0.6}}}, "expected it not to rise"),
        ({"adaptive": {"simulators": {"at_least": 3, "at_most": 2}}}, "at most 2 simulators"),
        ({"adaptive": {"simulators": {"at_least": 9}}}, "raise the minimum"),
    ],
)
def test_a_form_that_contradicts_itself_is_refused(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        form(**changed)


def test_the_pool_is_what_the_rules_name() -> None:
    def pool(**rules: Any) -> set[str]:
        return {one.id for one in Adaptive.model_validate(rules).pool_of(BANK.items.values())}

    everything = {one.id for one in BANK.items.values() if one.is_performance}
    assert everything < set(BANK.items)  # what people think of themselves is no task
    assert pool() == everything
    assert pool(pool={"competences": ("4",)}) == {one for one in everything if BANK.item(one).competence[0] == "4"}
    assert pool(pool={"competences": ("4.2", "0.1")}) == {one for one in everything if BANK.item(one).competence in ("4.2", "0.1")}
    assert pool(pool={"levels": (1, 2), "audiences": ("elderly",)}) == {
        one for one in everything if BANK.item(one).level in (1, 2) and "elderly" in BANK.item(one).audiences
    }
    assert pool(shares={"1": 0.5, "6": 0.5}) == {one for one in everything if BANK.item(one).competence[0] in "16"}


@given(st.integers(0, 2**SEED_BITS - 1), st.uuids())
def test_the_seed_is_the_attempt_s_or_the_person_s(drawn: int, learner: object) -> None:
    assert Adaptive().seed_of(str(learner), "f", drawn) == drawn
    own = Adaptive(seed="learner").seed_of(str(learner), "f", drawn)
    assert own == Adaptive(seed="learner").seed_of(str(learner), "f", 0)
    assert 0 <= own < 2**SEED_BITS
