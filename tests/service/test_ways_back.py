"""A teacher's way back: one learner, one time, a few minutes."""

from __future__ import annotations

import pytest

from bdhvs.errors import NotFound
from bdhvs.service.ways_back import MINUTES, WaysBack
from tests.service.conftest import Clock


def test_it_lets_one_learner_in_one_time(clock: Clock) -> None:
    ways = WaysBack(clock)
    code = ways.make("lan")
    assert ways.learner(code) == ways.learner(code.lower()) == "lan"
    assert ways.use(f" {code[:3]}-{code[3:]} ") == "lan"
    for look in (ways.learner, ways.use):
        with pytest.raises(NotFound):
            look(code)


def test_it_ends_by_time_and_by_the_next_one(clock: Clock) -> None:
    ways = WaysBack(clock)
    first, other = ways.make("lan"), ways.make("hoa")
    second = ways.make("lan")
    with pytest.raises(NotFound):
        ways.use(first)
    clock.now += MINUTES * 60_000_000 - 1
    assert ways.use(other) == "hoa"
    clock.now += 1
    with pytest.raises(NotFound):
        ways.use(second)


@pytest.mark.parametrize("typed", ["", "x", "BBBBBB", "\ud800", "é" * 5000])
def test_what_is_no_code_opens_nothing(typed: str, clock: Clock) -> None:
    ways = WaysBack(clock)
    ways.make("lan")
    with pytest.raises(NotFound):
        ways.use(typed)


async def test_a_forgotten_learner_has_none(clock: Clock) -> None:
    ways = WaysBack(clock)
    code, other = ways.make("lan"), ways.make("hoa")
    await ways.forget_learner("lan")
    with pytest.raises(NotFound):
        ways.use(code)
    assert ways.use(other) == "hoa"
