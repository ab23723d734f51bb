"""The end of a limited time, from stored facts alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bdhvs.core.attempt import replay
from bdhvs.core.attempt_events import Extended, Finished, ItemRef, Paused, Reopened, Resumed, Rules, Started
from bdhvs.core.timing import GRACE_MINUTES, MINUTE_US, deadline_us, ends_us, left_ms

START = 1_700_000_000_000_000
BEGUN = Started((ItemRef("a", 1),), Rules(False, True, 1, limit_minutes=20))


def test_without_a_limit_the_time_never_ends() -> None:
    assert deadline_us(replay([Started(BEGUN.items, Rules(False, True, 1))]), START, 30) is None


def test_the_limit_runs_from_the_start_and_a_pause_does_not_stop_it() -> None:
    assert deadline_us(replay([BEGUN]), START) == START + 20 * MINUTE_US
    assert deadline_us(replay([BEGUN, Paused(), Resumed()]), START) == START + 20 * MINUTE_US


@given(st.lists(st.integers(1, 240), max_size=5), st.integers(0, 240))
def test_minutes_given_to_one_and_to_all_add_up(own: list[int], everybody: int) -> None:
    attempt = replay([BEGUN, *(Extended(minutes) for minutes in own)])
    assert deadline_us(attempt, START, everybody) == START + (20 + sum(own) + everybody) * MINUTE_US


def test_while_an_attempt_is_finished_no_time_runs() -> None:
    attempt = replay([BEGUN, Finished(), Reopened("mistake", shut_ms=90_000)])
    assert deadline_us(attempt, START) == START + 20 * MINUTE_US + 90_000_000


@given(st.integers(-(10**12), 10**12))
def test_what_is_left_is_never_less_than_nothing(passed_us: int) -> None:
    deadline = START + 20 * MINUTE_US
    left = left_ms(deadline, START + passed_us)
    assert left >= 0
    assert (left == 0) == (deadline - START - passed_us < 1000)
    assert ends_us(deadline) - deadline == GRACE_MINUTES * MINUTE_US
