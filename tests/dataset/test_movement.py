"""Counts of helpers and households: at least k, by place, and nothing about whom."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pyarrow")

from hypothesis import given
from hypothesis import strategies as st

from bdhvs.dataset import DatasetWriter, open_dataset, writer
from bdhvs.dataset.export import export
from bdhvs.dataset.movement import Movement, by_place, movement_columns, withheld
from bdhvs.dataset.schema import MOVEMENT, TABLES
from bdhvs.service.movement_counts import ClassCounts
from bdhvs.store import Store
from tests.dataset.village import Village

COUNTS = st.integers(0, 40)


@st.composite
def movements(draw: st.DrawFn) -> Movement:
    households = draw(COUNTS)
    return Movement(draw(COUNTS), draw(COUNTS), draw(COUNTS), households, draw(st.integers(0, households)))


@given(movements(), st.integers(2, 20))
def test_no_number_and_no_difference_is_of_fewer_than_k(one: Movement, k: int) -> None:
    told = one.told(k)
    assert all(value is None or value == getattr(one, name) >= k for name, value in told.items())
    assert all(told[name] is not None for name in ("facilitators", "ambassadors", "helped") if getattr(one, name) >= k)
    if told["households_reached"] is not None:
        assert told["households"] - told["households_reached"] >= k  # type: ignore[operator]


def test_classes_of_a_place_add_up_before_anything_is_withheld() -> None:
    rooms = {"a": ("38", "14755"), "b": ("38", "14755"), "c": ("none", "none")}
    counts = by_place(
        rooms,
        [("38", "14755")] * 12,
        {"a": ClassCounts(4, 22, 6, 6), "b": ClassCounts(7, 36, 14, 3), "c": ClassCounts(9, 9, 9, 9)}.__getitem__,
    )
    columns = movement_columns(counts, 10)
    assert list(columns) == list(MOVEMENT)
    assert {name: values for name, values in columns.items() if len(values) == 1} == {
        "province": ["38"], "commune": ["14755"], "facilitators": [12], "ambassadors": [11], "helped": [58], "households": [20],
        "households_reached": [None],
    }  # fmt: skip
    lost = withheld(counts.values(), 10)
    assert lost == {"facilitators": 0, "ambassadors": 1, "helped": 1, "households": 1, "households_reached": 2}


def test_an_export_has_them_under_the_place_its_learners_have(village: Village, tmp_path: Path) -> None:
    with Store.read_only(village.folder) as store:
        rooms = [room.id for room in store.classrooms()]
        found = export(
            store, tmp_path / "out", k=4, movement=lambda room: ClassCounts(5, 25 + rooms.index(room), 12, 6)
        )
    data = open_dataset(tmp_path / "out")
    rows = data.table("movement").to_pylist()
    places = {(row["province"], row["commune"]) for row in data.table("learners").to_pylist()}
    assert {(row["province"], row["commune"]) for row in rows} == places
    assert sum(row["helped"] for row in rows) == sum(25 + number for number in range(len(rooms)))
    assert found.loss["movement"]["k"] == 4
    text = str(rows)
    assert not any(secret in text for secret in village.secrets)


def test_a_dataset_from_before_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "RESEARCH_TABLES", TABLES)
    monkeypatch.setattr(writer, "VERSION", 1)
    with DatasetWriter(tmp_path / "old"):
        pass
    old = open_dataset(tmp_path / "old")
    assert old.files("movement") == []
    assert old.table("movement").schema.names == list(MOVEMENT)
    assert old.table("movement").num_rows == 0
