"""Two parallel forms by turns: half get the one first, everybody gets the other afterwards, and no way round it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bdhvs.bank.loader import Bank
from bdhvs.core.forms import Form
from bdhvs.errors import NotFound
from bdhvs.service.quiz import QuizService
from bdhvs.store import Store
from tests.service.conftest import Clock, Player

PAIR = {"do-a", "do-b"}


def test_half_of_the_learners_begin_with_each_form_and_nobody_meets_one_twice(bank: Bank) -> None:
    before, after = bank.form("do-truoc"), bank.form("do-sau")
    learners = [f"0190-{n}" for n in range(2000)]
    first = [before.taken_by(one) for one in learners]
    assert 0.46 < first.count("do-a") / len(learners) < 0.54  # 3.6 standard errors
    assert all({one, after.taken_by(learner)} == PAIR for learner, one in zip(learners, first, strict=True))
    assert bank.taken_as(["do-truoc", "thu-suc", "do-sau"]) == ("do-a", "do-b", "thu-suc")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"items": ("ma-otp",)}, "has no items of its own"),
        ({"mode": "practice"}, "mode: assessment"),
        ({"listed": True}, "write listed: false"),
        ({"turn": {"forms": ("do-a", "do-a"), "place": "first"}}, "one form twice"),
    ],
)
def test_a_turn_that_contradicts_itself_is_refused(bank: Bank, change: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Form.model_validate({**bank.form("do-truoc").model_dump(exclude_defaults=True), **change})


async def test_the_second_turn_gives_the_other_form_and_the_first_stays_what_it_was(player: Player) -> None:
    first = await player.open("do-truoc")
    await player.answer(first.items[0].id, right=True)
    await player.act("finish")
    second = await player.open("do-sau")
    assert {first.form.id, second.form.id} == PAIR
    assert not {one.id for one in first.items} & {one.id for one in second.items}
    assert (await player.open("do-truoc")).attempt == first.attempt
    assert (await player.open("do-sau")).attempt == second.attempt


async def test_a_class_that_offers_the_turns_offers_neither_form_by_its_name(
    bank: Bank, store: Store, clock: Clock, player: Player
) -> None:
    player.quiz = QuizService(bank, store, now_us=clock, offers=("do-truoc",).__contains__)
    mine = (await player.open("do-truoc")).form.id
    (other,) = PAIR - {mine}
    with pytest.raises(NotFound):
        await player.open(other)
    with pytest.raises(NotFound):
        await player.open("do-sau")
    assert (await player.open(mine)).form.id == mine  # what was begun goes on
