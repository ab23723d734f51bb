"""Helpers and households below the pages: what counts as evidence, what is too few to be counted, what is kept when the disk is full."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bdhvs.bank.loader import Bank
from bdhvs.commands.results import results
from bdhvs.core.framework import AmbassadorModel, HouseholdModel, Named, SkillGroup
from bdhvs.core.guidance import guidance
from bdhvs.errors import NotAllowed, NotFound
from bdhvs.service.ambassador_table import COLUMNS
from bdhvs.service.ambassadors import DAY_US, MINUTES, Ambassadors, HelpCodes, day_of
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.devices import DeviceMarks
from bdhvs.service.household_goal import is_reached
from bdhvs.service.movement_counts import LEAST, ClassCounts, class_counts, told
from bdhvs.service.score_evidence import Met
from bdhvs.store import CannotWrite, HelpedRow, Store
from tests.service.conftest import Clock

NAME = Named("", "")
GOAL = HouseholdModel(NAME, 1, (1, 2, 3), (SkillGroup(NAME, ("pay",)), SkillGroup(NAME, ("shop", "sign"))))
FIVE = AmbassadorModel(NAME, 5, "5.4", 5)


def met(skill: str, number: int, *, alone: bool = True, level: int = 2) -> Met:
    return Met(f"{skill}-{number}", 1, "2.3", level, 1, int(alone), 1, not alone)


def skills_of(one: Met) -> tuple[str, ...]:
    return (one.item.split("-")[0],)


def reached(*tasks: Met) -> bool:
    return is_reached(tasks, GOAL, skills_of)


def test_every_part_of_the_goal_is_shown_by_tasks_done_alone() -> None:
    pay, sign = [met("pay", n) for n in range(3)], [met("sign", n) for n in range(3)]
    assert reached(*pay, *sign)
    assert not reached(*pay)
    assert not reached(*pay, *sign[:2])  # two tasks may be luck
    assert not reached(*pay, *sign[:2], met("shop", 1))  # nor two of one and one of another
    assert not reached(*pay, *(met("sign", n, alone=False) for n in range(3)))
    assert not reached(*pay, *(met("sign", n, level=4) for n in range(3)))


@given(st.lists(st.tuples(st.sampled_from(["pay", "shop", "sign"]), st.booleans(), st.integers(0, 6)), max_size=30))
def test_one_more_task_done_alone_never_takes_the_goal_away(tasks: list[tuple[str, bool, int]]) -> None:
    own = [met(skill, number, alone=alone, level=level) for number, (skill, alone, level) in enumerate(tasks)]
    if reached(*own):
        for skill in ("pay", "shop", "sign"):
            assert reached(*own, met(skill, 99))


@given(st.lists(st.booleans(), max_size=12))
def test_only_own_hands_are_evidence(said: list[bool]) -> None:
    shown = guidance(said, FIVE)
    assert (shown.confirmed, shown.own_hands) == (len(said), sum(said))
    assert shown.is_evidence == (sum(said) >= 5)


@given(st.lists(st.booleans(), max_size=25))
def test_no_count_of_fewer_than_five_households_can_be_read_or_worked_out(has_somebody: list[bool]) -> None:
    households, with_somebody = told(has_somebody)
    without = None if households is None or with_somebody is None else households - with_somebody
    for cell in (households, with_somebody, without):
        assert cell is None or cell >= LEAST
    if sum(has_somebody) >= LEAST and has_somebody.count(False) >= LEAST:
        assert (households, with_somebody) == (len(has_somebody), sum(has_somebody))


@given(st.integers(0, 4 * 10**15), st.integers(0, DAY_US - 1))
def test_a_day_is_vietnam_s_and_says_nothing_of_the_hour(day: int, moment: int) -> None:
    begin = day_of(day)
    assert day_of(begin + moment) == begin <= day < begin + DAY_US


@pytest.fixture
async def ambassadors(bank: Bank, store: Store, rooms: ClassroomService, clock: Clock) -> Ambassadors:
    (room,) = store.classrooms()
    marks = DeviceMarks(store.secret, room.id)
    return Ambassadors(room.id, store, HelpCodes(clock), marks, bank.framework, now_us=clock, is_on=lambda: True)


async def helper_in(rooms: ClassroomService, store: Store, ambassadors: Ambassadors) -> str:
    """A learner with a log, whose own phone has the mark "own"."""
    learner = (await rooms.join(store.classrooms()[0].code, "Lan", "vi")).learner.id
    await ambassadors.agree(learner, "own")
    return learner


async def confirm(ambassadors: Ambassadors, code: str, mark: str) -> str:
    try:
        await ambassadors.confirm(code, "dvc", True, mark=mark, learner_id=None)
    except (NotFound, NotAllowed, CannotWrite) as refused:
        return getattr(refused, "code", type(refused).__name__)
    return "kept"


async def test_of_many_phones_at_once_one_confirms(
    ambassadors: Ambassadors, rooms: ClassroomService, store: Store, clock: Clock
) -> None:
    helper = await helper_in(rooms, store, ambassadors)
    code = ambassadors.codes.make(helper)
    said = await asyncio.gather(*(confirm(ambassadors, code, f"phone {n}") for n in range(20)))
    assert sorted(set(said)) == ["kept", "not_found"]
    assert said.count("kept") == len(store.helped(helper)) == 1
    late = ambassadors.codes.make(helper)
    clock.now += MINUTES * 60_000_000
    assert await confirm(ambassadors, late, "phone 30") == "not_found"


async def test_what_could_not_be_kept_is_not_said_to_be_and_may_be_sent_again(
    ambassadors: Ambassadors, rooms: ClassroomService, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = await helper_in(rooms, store, ambassadors)
    code = ambassadors.codes.make(helper)

    async def full(row: HelpedRow) -> bool:
        raise CannotWrite(store.folder, "disk_full", "as if")

    with monkeypatch.context() as broken:
        broken.setattr(store, "keep_helped", full)
        assert await confirm(ambassadors, code, "phone") != "kept"
    assert not ambassadors.has_confirmed(code, helper, "phone")
    assert await confirm(ambassadors, code, "phone") == "kept"


async def test_another_class_and_another_folder_know_no_phone_again(
    ambassadors: Ambassadors, rooms: ClassroomService, store: Store
) -> None:
    helper, mark = await helper_in(rooms, store, ambassadors), ambassadors.devices.new()
    here = ambassadors.devices.digest(mark, helper)
    assert here != DeviceMarks(store.secret, "another class").digest(mark, helper)
    elsewhere = DeviceMarks(b"another secret" * 3, store.classrooms()[0].id)
    assert elsewhere.read(ambassadors.devices.cookie(mark)) is None
    assert ambassadors.devices.read(ambassadors.devices.cookie(mark)) == mark
    assert mark not in here


async def test_the_table_has_a_row_for_each_person_and_nobody_s_name(
    ambassadors: Ambassadors, rooms: ClassroomService, store: Store
) -> None:
    helper = await helper_in(rooms, store, ambassadors)
    for n in range(5):
        assert await confirm(ambassadors, ambassadors.codes.make(helper), f"phone {n}") == "kept"
    rows = table(store.folder)
    assert [row["learner"] for row in rows] == [helper] * 5
    assert [row["is_evidence"] for row in rows] == ["false"] * 4 + ["true"]
    assert {(row["competence"], row["level"], row["day"]) for row in rows} == {("5.4", "5", "2023-11-15")}
    assert set(rows[0]) == set(COLUMNS)
    assert not {"Lan", *(row.device for row in store.helped(helper))} & {cell for row in rows for cell in row.values()}
    (room,) = store.classrooms()
    bank = Bank.load()
    day = date(2023, 11, 15)
    assert class_counts(store, room.id, bank, lambda one: one == day) == ClassCounts(1, 5, 0, 0)
    assert class_counts(store, room.id, bank, lambda one: one < day) == ClassCounts(0, 0, 0, 0)


def table(folder: Path) -> Sequence[dict[str, str]]:
    shown = CliRunner().invoke(results, [str(folder), "--ambassadors"], catch_exceptions=False)
    return list(csv.DictReader(io.StringIO(shown.output.removeprefix("\ufeff"))))
