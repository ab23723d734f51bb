"""Targets as data: plans of today's and former provinces, and what is not measured here."""

from __future__ import annotations

from pathlib import Path

import pytest

from bdhvs.bank.places import load_places
from bdhvs.errors import DataFileError
from bdhvs.programme.targets import COUNTRY, FILE, read_targets

ASSESSMENTS = Path(__file__).parents[2] / "assessments"


def test_plans_of_provinces_that_were_merged_are_found_under_their_new_one() -> None:
    targets, places = read_targets(ASSESSMENTS), load_places()
    assert len(targets.targets) > 35
    for one in targets.targets:
        assert one.place == COUNTRY or places.province(one.place).unit
    da_nang = targets.of(places, places.province("Đà Nẵng").unit.code)
    assert {one.place for one in da_nang} == {COUNTRY, "Quảng Nam"}
    assert {one.place for one in targets.of(places, "38")} == {COUNTRY, "Thanh Hóa"}
    assert {one.place for one in targets.of(places, "00")} == {COUNTRY}


def test_what_only_the_state_confirms_has_no_measure_here() -> None:
    targets = read_targets(ASSESSMENTS)
    assert not targets.measures["state"].is_measured
    assert "Only the state's platform" in targets.measures["state"].why
    for one in targets.targets:
        assert ("VNeID" in targets.measures[one.measure].name.vi) == (one.measure == "state")


@pytest.mark.parametrize(
    ("found", "wrong", "said"),
    [
        ("group: adults, measure: device", "group: adults, measure: devices", "devices"),
        ("source: S0}", "source: S9}", "S9"),
        ("share: 0.8,", "share: 80,", "less than or equal to 1"),
        ("gate: open", "gate: ajar", "open"),
        ("what: programme_targets", "what: targets", "what: programme_targets"),
    ],
)
def test_what_is_wrong_in_the_file_is_said(tmp_path: Path, found: str, wrong: str, said: str) -> None:
    text = (ASSESSMENTS / FILE).read_text("utf-8")
    assert found in text
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_text(text.replace(found, wrong), "utf-8")
    with pytest.raises(DataFileError, match=said):
        read_targets(tmp_path)
