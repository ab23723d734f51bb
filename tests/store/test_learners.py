"""One row per learner: what the class said, what the person told, on what they worked. Nothing that was not told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bdhvs.core.about_learners import Place
from bdhvs.dataset.schema import LEARNERS
from bdhvs.store import AttemptRow, ClassEventRow, Consent, Store, ToldRow
from bdhvs.store.learners import COLUMNS, PLACE, csv_lines, learner_rows, place_of
from bdhvs.store.migrate import back_up
from tests.store.making import FIRST_US, Begun, Maker, begin
from tests.store.test_people import audit_row, traces

RESEARCH = [Consent("research", "1")]
HERE = {"province": "38", "commune": "14758", "commune_name": "Xã Mẫu", "region": "rural", "audience": None}


async def say_place(store: Store, make: Maker, classroom_id: str, **details: str | None) -> None:
    event = ClassEventRow(make.id(), classroom_id, make.now_us(), PLACE, details={**HERE, **details})
    await store.append_class_event(event)


def test_the_columns_are_those_of_a_dataset() -> None:
    assert list(COLUMNS) == list(LEARNERS)


async def test_nothing_told_leaves_nothing_but_the_day(store: Store, begun: Begun) -> None:
    (row,) = learner_rows(store)
    nothing = dict.fromkeys(("audience", "age_band", "sex", "region", "device"))
    ids = {"learner": begun.learner_id, "classroom": begun.classroom.id}
    assert row == {**ids, **nothing, "province": "none", "commune": "none", "first_day": date(2026, 9, 21)}


async def test_a_row_holds_what_was_said_last(store: Store, begun: Begun, make: Maker) -> None:
    await say_place(store, make, begun.classroom.id, province="01", region=None)
    await say_place(store, make, begun.classroom.id)
    assert place_of(store, begun.classroom.id) == Place(**HERE)
    await store.keep_told(ToldRow(begun.learner_id, "farmers", "40_59", None, 5), RESEARCH)
    assert next(learner_rows(store))["audience"] == "farmers"
    await say_place(store, make, begun.classroom.id, audience="traders")
    await store.keep_told(ToldRow(begun.learner_id, None, "40_59", None, 5), RESEARCH)
    assert next(learner_rows(store))["audience"] == "traders"  # whom the class is for
    await store.keep_told(ToldRow(begun.learner_id, "elderly", "60_74", "female", 6), RESEARCH)
    assert [one.purpose for one in store.consents(begun.learner_id)] == ["research"]
    (row,) = learner_rows(store, begun.classroom.id)
    assert (row["province"], row["commune"], row["region"]) == ("38", "14758", "rural")
    assert (row["audience"], row["age_band"], row["sex"]) == ("elderly", "60_74", "female")
    assert list(learner_rows(store, "another")) == []
    lines = list(csv_lines(store))
    assert lines[0] == "\ufeff" + ",".join(COLUMNS) + "\r\n"
    assert lines[1].endswith("38,14758,elderly,60_74,female,rural,,2026-09-21\r\n")


async def on(store: Store, make: Maker, begun: Begun, device: str | None, answers: int) -> AttemptRow:
    row = make.attempt(begun.learner_id, begun.classroom.id, device=device)
    await store.start_attempt(row)
    await store.append([make.answer(row.id, seq) for seq in range(1, answers + 1)])
    return row


async def test_the_device_is_that_of_most_answers(store: Store, begun: Begun, make: Maker) -> None:
    assert next(learner_rows(store))["device"] is None
    await on(store, make, begun, "computer", 0)
    assert next(learner_rows(store))["device"] == "computer"
    await on(store, make, begun, "computer", 3)
    await on(store, make, begun, "phone", 2)
    await on(store, make, begun, None, 9)
    assert next(learner_rows(store))["device"] == "computer"
    row = await on(store, make, begun, "phone", 1)
    assert next(learner_rows(store))["device"] == "phone"  # as many: the first of the list
    found = store.attempt(row.id)
    assert found is not None
    assert found[0] == row


@pytest.mark.parametrize("hour", [0, 16, 17, 23])
async def test_a_day_is_one_of_vietnam(store: Store, begun: Begun, make: Maker, hour: int) -> None:
    midnight = FIRST_US - FIRST_US % 86_400_000_000 - 86_400_000_000
    row = make.attempt(begun.learner_id, begun.classroom.id, started_at_us=midnight + hour * 3_600_000_000)
    await store.start_attempt(row)
    assert next(learner_rows(store))["first_day"] == date(2026, 9, 20 if hour < 17 else 21)


@pytest.mark.parametrize("deed", ["delete", "forget", "erase"])
async def test_what_was_told_goes_without_a_trace(folder: Path, make: Maker, deed: str) -> None:
    with Store.open(folder) as store:
        begun = await begin(store, make)
        await store.keep_told(ToldRow(begun.learner_id, "nhóm-bịa-đặt", "75_up", "male", 5), RESEARCH)
        back_up(folder / "bdhvs.sqlite3", "0009")
        assert len(traces(folder, "nhóm-bịa-đặt")) >= 2
        if deed == "delete":
            await store.delete_told(begun.learner_id, ["research"], audit_row(make))
        else:
            await (store.forget_person if deed == "forget" else store.erase_person)(begun.learner_id, audit_row(make))
        assert traces(folder, "nhóm-bịa-đặt") == []
        assert store.everything_told() == {}
        assert store.told(begun.learner_id) is None
        assert store.consents(begun.learner_id) == []
        rows = list(learner_rows(store))
        assert [row["age_band"] for row in rows] == ([] if deed == "erase" else [None])
