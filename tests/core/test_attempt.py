"""The attempt as a state machine: laws that hold for any sequence of commands, and the stories behind the rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.core.attempt import Attempt, evolve, replay, started
from bdhvs.core.attempt_commands import (
    Answer,
    AskHelp,
    AskHint,
    Command,
    Extend,
    Finish,
    GoTo,
    Pause,
    Reopen,
    Resume,
    Skip,
    decide,
)
from bdhvs.core.attempt_events import Event, ItemRef, Rules, Started
from bdhvs.core.items.base import Score
from bdhvs.errors import NotAllowed, NotFound, Refused

ITEMS = tuple(ItemRef(name, version) for version, name in enumerate("abcd", start=1))
RIGHT, WRONG = Score(1, 1, "right"), Score(0, 1, "wrong")
ALMOST = Score(0, 1, "almost", "no_diacritics")
PRACTICE = Rules(practice=True, allow_back=True, tries=2)
ASSESSMENT = Rules(practice=False, allow_back=True, tries=1)
FORWARD = Rules(practice=False, allow_back=False, tries=1)


def fresh(rules: Rules = ASSESSMENT) -> Attempt:
    return started(Started(ITEMS, rules))


def after(attempt: Attempt, *commands: Command) -> Attempt:
    for command in commands:
        for event in decide(attempt, command):
            attempt = evolve(attempt, event)
    return attempt


def answer(item: str, score: Score = RIGHT, **more: object) -> Answer:
    version = next((ref.version for ref in ITEMS if ref.id == item), 1)
    return Answer(item, version, {"choice": "x"}, score, **more)  # type: ignore[arg-type]


names = st.sampled_from(["a", "b", "c", "d", "unknown"])
commands = st.one_of(
    st.builds(
        answer,
        names,
        st.sampled_from([RIGHT, WRONG, ALMOST, Score(1, 3, "partly")]),
        help=st.sampled_from(["none", "hint", "teacher"]),
    ),
    st.builds(Skip, names),
    st.builds(GoTo, names),
    st.builds(AskHint, names),
    st.builds(AskHelp, names),
    st.just(Pause()),
    st.just(Resume()),
    st.builds(Finish, st.sampled_from(["learner", "teacher", "time"])),
)
by_teacher = st.one_of(
    st.builds(Extend, st.integers(1, 240)),
    st.builds(Reopen, st.sampled_from(["mistake", "other"]), st.integers(-1000, 10**9), st.booleans()),
)
rules = st.builds(
    Rules,
    practice=st.booleans(),
    allow_back=st.booleans(),
    tries=st.integers(1, 3),
    limit_minutes=st.none() | st.integers(1, 180),
)


def play(chosen: Rules, wishes: list[Command]) -> tuple[Attempt, list[Event]]:
    facts: list[Event] = [Started(ITEMS, chosen)]
    attempt = replay(facts)
    for wish in wishes:
        try:
            new = decide(attempt, wish)
        except Refused:
            continue
        facts += new
        for event in new:
            attempt = evolve(attempt, event)
    return attempt, facts


@given(rules, st.lists(commands | by_teacher, max_size=40))
def test_any_sequence_of_messages_leaves_a_lawful_state(chosen: Rules, wishes: list[Command]) -> None:
    attempt, _ = play(chosen, wishes)
    assert attempt.more_ms >= 0
    assert set(attempt.states) == {ref.id for ref in ITEMS}
    assert (attempt.finish_reason is not None) == (attempt.status == "finished")
    assert attempt.current is None or attempt.current in attempt.states
    for name, state in attempt.states.items():
        assert (state.status == "answered") == (state.score is not None) == (state.response is not None)
        assert state.tries <= state.answers
        assert not chosen.practice or state.tries <= chosen.tries
        assert state.seen or state.status == "new"
        assert attempt.outcome(name) in ("answered", "skipped", "not_reached", "cut_off")
        if state.score is not None:
            assert 0 <= state.score.points <= state.score.maximum


@given(rules, st.lists(commands | by_teacher, max_size=40))
def test_replaying_the_events_rebuilds_the_same_attempt(chosen: Rules, wishes: list[Command]) -> None:
    attempt, facts = play(chosen, wishes)
    assert replay(facts) == attempt


@given(rules, st.lists(commands, max_size=30), commands)
def test_a_refused_command_changes_nothing_and_a_finished_attempt_refuses_all(
    chosen: Rules, wishes: list[Command], one_more: Command
) -> None:
    attempt, _ = play(chosen, [*wishes, Finish()])
    assert attempt.status == "finished"
    with pytest.raises(NotAllowed) as refused:
        decide(attempt, one_more)
    assert refused.value.code == ("time_over" if attempt.finish_reason == "time" else "finished")


def test_help_is_recorded_with_the_response_and_never_shrinks() -> None:
    attempt = after(fresh(PRACTICE), AskHint("a"), answer("a", WRONG), answer("a", RIGHT, help="teacher"))
    assert attempt.state("a").help == "teacher"
    assert after(fresh(), AskHint("b"), answer("b")).state("b").help == "hint"
    assert after(fresh(), answer("c")).state("c").help == "none"


def test_four_silences_and_the_answer_are_told_apart() -> None:
    attempt = after(fresh(), answer("a"), Skip("b"), Finish("time"))
    assert [attempt.outcome(ref.id) for ref in ITEMS] == ["answered", "skipped", "cut_off", "not_reached"]
    assert fresh().outcome("a") == "not_reached"  # nothing is cut off before the end


def test_practice_takes_answers_until_right_or_out_of_tries() -> None:
    wrong_twice = after(fresh(PRACTICE), answer("a", WRONG), answer("a", WRONG))
    assert not wrong_twice.is_open("a")
    with pytest.raises(NotAllowed) as refused:
        decide(wrong_twice, answer("a"))
    assert refused.value.code == "closed_item"
    assert not after(fresh(PRACTICE), answer("a")).is_open("a")


def test_missing_marks_cost_no_try_in_practice() -> None:
    attempt = after(fresh(PRACTICE), answer("a", ALMOST), answer("a", ALMOST), answer("a", ALMOST))
    assert attempt.state("a").tries == 0
    assert attempt.state("a").answers == 3
    assert attempt.is_open("a")


def test_an_assessment_that_goes_back_lets_the_last_answer_count() -> None:
    attempt = after(fresh(), answer("a", WRONG), GoTo("a"), answer("a", RIGHT))
    assert attempt.state("a").score == RIGHT
    assert attempt.state("a").answers == 2


def test_a_forward_only_form_never_goes_back() -> None:
    attempt = after(fresh(FORWARD), answer("a"))
    for wish in (answer("a"), GoTo("a"), answer("c"), Skip("d")):
        with pytest.raises(NotAllowed):
            decide(attempt, wish)
    assert after(attempt, answer("b")).current == "c"


def test_practice_that_goes_forward_only_still_allows_the_next_try() -> None:
    attempt = after(fresh(Rules(practice=True, allow_back=False, tries=2)), answer("a", WRONG), answer("a", RIGHT))
    assert attempt.state("a").score == RIGHT


def test_a_pause_holds_everything_until_resumed() -> None:
    paused = after(fresh(), Pause())
    with pytest.raises(NotAllowed) as refused:
        decide(paused, answer("a"))
    assert refused.value.code == "paused"
    assert after(paused, Resume(), answer("a")).state("a").status == "answered"
    assert after(paused, Finish()).status == "finished"


def test_going_on_shows_the_next_item_that_was_not_dealt_with() -> None:
    attempt = after(fresh(), GoTo("c"), answer("c"), answer("d"))
    assert attempt.current == "a"
    assert after(attempt, Skip("a"), answer("b")).current is None


@pytest.mark.parametrize("wish", [Skip("x"), GoTo("x"), AskHint("x"), AskHelp("x"), answer("x")])
def test_items_outside_the_form_are_refused(wish: Command) -> None:
    with pytest.raises(NotFound):
        decide(fresh(), wish)


def test_an_answer_to_another_version_of_the_item_is_refused() -> None:
    with pytest.raises(NotFound, match="another version"):
        decide(fresh(), Answer("a", 99, {"choice": "x"}, RIGHT))


def test_asking_twice_for_the_same_hint_is_one_fact() -> None:
    attempt = after(fresh(), AskHint("a"), AskHelp("a"))
    assert decide(attempt, AskHint("a")) == ()
    assert decide(attempt, AskHelp("a")) == ()


TIMED = Rules(practice=False, allow_back=True, tries=1, limit_minutes=10)


@given(st.lists(commands | by_teacher, max_size=30), st.lists(commands, max_size=10))
def test_reopening_takes_nothing_away_and_goes_on_where_it_was(before: list[Command], later: list[Command]) -> None:
    attempt, _ = play(TIMED, before)
    done = attempt if attempt.status == "finished" else after(attempt, Finish())
    again = after(done, Reopen("mistake", 7_000))
    assert (again.status, again.finish_reason) == ("started", None)
    assert (again.states, again.current, again.items) == (done.states, done.current, done.items)
    assert again.more_ms == done.more_ms + 7_000
    for wish in later:  # it lives on as any other
        try:
            for event in decide(again, wish):
                again = evolve(again, event)
        except Refused:
            continue
    assert again.status in ("started", "paused", "finished")


def test_an_attempt_is_reopened_only_when_it_is_finished_and_extended_only_while_it_is_not() -> None:
    for attempt, wish, code in (
        (fresh(TIMED), Reopen("other"), "not_finished"),
        (after(fresh(TIMED), Pause()), Reopen("other"), "not_finished"),
        (after(fresh(TIMED), Finish("time")), Extend(5), "time_over"),
        (after(fresh(TIMED), Finish()), Extend(5), "finished"),
        (fresh(), Extend(5), "no_time_limit"),
    ):
        with pytest.raises(NotAllowed) as refused:
            decide(attempt, wish)
        assert refused.value.code == code
    assert after(fresh(TIMED), Pause(), Extend(5)).status == "paused"


def test_what_comes_after_the_time_is_told_apart_from_what_comes_after_handing_in() -> None:
    with pytest.raises(NotAllowed) as refused:
        decide(after(fresh(TIMED), Finish("time")), answer("a"))
    assert refused.value.code == "time_over"
