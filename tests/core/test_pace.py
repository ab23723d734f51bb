"""The pace of a class as a state machine: laws for any sequence of wishes, and the stories behind the rules."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.core.pace import FREE, Pace, evolve, replay
from bdhvs.core.pace_commands import Begin, Command, End, Free, Hold, Open, Reopen, Reveal, ShowAnswers, Wait, decide
from bdhvs.core.pace_events import Event
from bdhvs.errors import NotAllowed, NotFound, Refused

ITEMS = {"one": ("a", "b", "c"), "two": ("c", "d")}


def after(*commands: Command, pace: Pace = FREE) -> Pace:
    for command in commands:
        for event in decide(pace, command):
            pace = evolve(pace, event)
    return pace


def opened(item: str, form: str = "one") -> Open:
    return Open(form, item, ITEMS[form])


def code_of(pace: Pace, command: Command) -> str:
    with pytest.raises(NotAllowed) as refused:
        decide(pace, command)
    return refused.value.code


def answer_code(pace: Pace, item: str, form: str = "one", answers: int = 0) -> str | None:
    try:
        pace.require_open(form, item, answers=answers)
    except NotAllowed as refused:
        return refused.code
    return None


# ── stories ─────────────────────────────────────────────────────────────────────────────────────────


def test_everybody_goes_alone_until_a_teacher_wants_otherwise() -> None:
    assert (FREE.gate, FREE.stand("one", "a"), FREE.withholds("a")) == ("begun", "free", False)
    assert answer_code(FREE, "a") is None


def test_only_what_was_opened_takes_answers() -> None:
    pace = after(opened("a"))
    assert [pace.stand("one", item) for item in "abc"] == ["open", "ahead", "ahead"]
    assert [answer_code(pace, item) for item in "abc"] == [None, "not_open", "not_open"]
    assert answer_code(pace, "d", "two") is None, "another form is nobody's concern"


def test_an_answer_that_comes_late_is_taken_until_the_reveal() -> None:
    pace = after(opened("a"), Hold("one", "a"))
    assert (pace.stand("one", "a"), answer_code(pace, "a")) == ("held", None)
    pace = after(opened("b"), pace=pace)
    assert (pace.stand("one", "a"), answer_code(pace, "a")) == ("passed", None)
    pace = after(opened("a"), Reveal("one", "a"), opened("b"), pace=pace)
    assert (pace.stand("one", "a"), answer_code(pace, "a")) == ("revealed", "revealed")


def test_a_revealed_item_stays_revealed_in_every_form_and_after_all() -> None:
    pace = after(opened("c"), Reveal("one", "c"), Free("one"), End(), Reopen())
    assert pace.gate == "begun"
    assert answer_code(pace, "c", "two") == "revealed"
    assert after(opened("c"), pace=pace).stand("one", "c") == "revealed"


def test_a_hold_ends_when_the_item_is_opened_again_and_the_picture_stays() -> None:
    pace = after(opened("a"), Hold("one", "a"), ShowAnswers("one", "a"), opened("a"))
    assert (pace.stand("one", "a"), pace.led["one"].shown) == ("open", True)
    assert not after(opened("b"), pace=pace).led["one"].shown


def test_practice_takes_one_answer_while_the_key_is_withheld() -> None:
    pace = after(opened("a"))
    assert answer_code(pace, "a", answers=1) == "closed_item"
    assert answer_code(pace, "c", "two", answers=1) == "closed_item", "another form would tell it as well"
    assert answer_code(pace, "d", "two", answers=1) is None
    assert answer_code(after(Free("one"), pace=pace), "a", answers=1) is None


def test_handing_in_waits_for_the_teacher() -> None:
    with pytest.raises(NotAllowed) as refused:
        after(opened("a")).require_free("one")
    assert refused.value.code == "together"
    after(opened("a")).require_free("two")
    after(opened("a"), Free("one")).require_free("one")


def test_a_button_of_an_old_page_moves_nobody() -> None:
    pace = after(opened("a"), opened("b"))
    for stale in (Hold("one", "a"), Reveal("one", "a"), ShowAnswers("one", "a"), Reveal("two", "c")):
        assert code_of(pace, stale) == "other_item"


def test_who_waits_begins_and_who_ended_reopens() -> None:
    waiting = after(Wait())
    assert waiting.gate == "waiting"
    assert code_of(waiting, opened("a")) == "not_begun"
    assert after(Begin(), pace=waiting).gate == "begun"
    ended = after(opened("a"), End())
    assert (ended.gate, dict(ended.led), ended.front) == ("ended", {}, None)
    assert [code_of(ended, one) for one in (opened("a"), Hold("one", "a"), Wait(), Begin())] == ["class_ended"] * 4
    assert answer_code(ended, "a") == "class_ended"
    assert after(Reopen(), pace=ended).gate == "begun"


def test_the_form_touched_last_is_in_front() -> None:
    pace = after(opened("a"), opened("d", "two"))
    assert pace.front == "two"
    assert after(Free("two"), pace=pace).front == "one"
    assert after(opened("a"), pace=pace).front == "one"
    assert after(Free("one"), pace=pace).front == "two"


def test_next_follows_the_form() -> None:
    led = after(opened("a")).led["one"]
    assert (led.number, led.next) == (1, "b")
    assert after(opened("c")).led["one"].next is None


def test_an_item_of_another_form_is_not_found() -> None:
    with pytest.raises(NotFound):
        decide(FREE, Open("one", "d", ITEMS["one"]))


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────


@st.composite
def commands(draw: st.DrawFn) -> Command:
    form = draw(st.sampled_from(sorted(ITEMS)))
    item = draw(st.sampled_from([*ITEMS[form], "elsewhere"]))
    kinds: list[Command] = [
        Open(form, item, ITEMS[form]),
        Hold(form, item),
        ShowAnswers(form, item, draw(st.booleans())),
        Reveal(form, item),
        Free(form),
        Wait(),
        Begin(),
        End(),
        Reopen(),
    ]
    return draw(st.sampled_from(kinds))


def story(wishes: list[Command]) -> tuple[list[Event], list[Pace]]:
    events: list[Event] = []
    paces = [FREE]
    for wish in wishes:
        try:
            facts = decide(paces[-1], wish)
        except Refused:
            continue
        for fact in facts:
            events.append(fact)
            paces.append(evolve(paces[-1], fact))
    return events, paces


@given(st.lists(commands(), max_size=40))
def test_laws_of_any_story(wishes: list[Command]) -> None:
    events, paces = story(wishes)
    assert replay(events) == paces[-1], "a restart gives the same pace"
    assert [pace.rev for pace in paces] == list(range(len(paces)))
    for before, pace in pairwise(paces):
        assert before.revealed <= pace.revealed, "what was seen stays seen"
    for pace in paces:
        assert (pace.front in pace.led) if pace.led else pace.front is None
        for form, led in pace.led.items():
            assert led.item in led.opened <= set(led.items)
            for item in led.items:
                takes = answer_code(pace, item, form) is None
                assert takes == (item in led.opened and item not in pace.revealed)
                assert pace.withholds(item) == (item not in pace.revealed)


@given(st.lists(commands(), max_size=20), commands())
def test_the_same_wish_twice_is_one(wishes: list[Command], wish: Command) -> None:
    pace = story(wishes)[1][-1]
    try:
        once = after(wish, pace=pace)
    except Refused:
        return
    assert decide(once, wish) == ()
