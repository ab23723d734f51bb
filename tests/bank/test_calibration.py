"""Calibrations as files: written once, read back exactly, refused with where and what."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from bdhvs.bank.calibration import (
    Calibration,
    ItemEstimate,
    Sample,
    calibration,
    calibration_in_use,
    free_version,
    load_calibrations,
    read_calibrations,
    write_calibration,
)
from bdhvs.bank.loader import Bank
from bdhvs.bank.paths import Content, find_content
from bdhvs.errors import BankError, NotFound


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank.load()


@pytest.fixture
def content(tmp_path: Path) -> Content:
    (tmp_path / "assessments").mkdir()
    return Content(tmp_path / "assessments", tmp_path / "notebooks")


def estimates(bank: Bank, intercept: float = -0.25) -> tuple[ItemEstimate, ...]:
    return tuple(
        ItemEstimate(
            id=one.id, version=one.version, slope=1.25, intercepts=(intercept,) * one.maximum,
            difficulty=0.2, slope_error=0.1, difficulty_error=0.25, persons=321, flags=("few_persons",),
        )
        for one in list(bank.items.values())[:9]
    )  # fmt: skip


def made(bank: Bank, version: str = "2026-11-22", **changes: object) -> Calibration:
    sample = Sample(persons=321, answers=2889, first="2026-10-01", last="2026-11-20")
    return Calibration(
        version=version, date=version[:10], program="bdhvs 0.1.0", bank=bank.version, kind="2pl", family="partial_credit",
        nodes=61, sample=sample, loglik=-1234.5, converged=True, items=estimates(bank), **changes,
    )  # fmt: skip


def test_what_is_written_is_read_back_exactly(bank: Bank, content: Content) -> None:
    first = made(bank).model_copy(update={"items": estimates(bank, -0.000012)})  # a number that others write with an exponent
    path = write_calibration(content, first)
    assert path.name == "2026-11-22.yaml"
    assert load_calibrations(content, bank.items) == (first,)
    assert calibration(content, bank.items, "2026-11-22") == first


def test_nothing_is_written_over_and_the_newest_comes_last(bank: Bank, content: Content) -> None:
    write_calibration(content, made(bank, "2026-11-22"))
    with pytest.raises(FileExistsError):
        write_calibration(content, made(bank, "2026-11-22"))
    assert free_version(content, "2026-11-22") == "2026-11-22a"
    write_calibration(content, made(bank, "2026-11-22a", previous="2026-11-22"))
    write_calibration(content, made(bank, "2026-09-01"))
    assert [one.version for one in load_calibrations(content, bank.items)] == ["2026-09-01", "2026-11-22", "2026-11-22a"]


def test_simulated_learners_are_never_in_use(bank: Bank, content: Content) -> None:
    assert calibration_in_use(content, bank.items) is None
    write_calibration(content, made(bank, "2026-11-22"))
    invented = made(bank, "2026-11-23")
    write_calibration(content, invented.model_copy(update={"sample": invented.sample.model_copy(update={"synthetic": True})}))
    found = calibration_in_use(content, bank.items)
    assert found is not None
    assert found.version == "2026-11-22"


def test_an_estimate_holds_for_its_own_version_of_an_item_and_only_when_usable(bank: Bank) -> None:
    item = next(iter(bank.items.values()))
    whole = made(bank)
    found = whole.of(item)
    assert found is not None
    assert found.slope == 1.25
    assert whole.of(item.model_copy(update={"version": item.version + 1})) is None
    spoilt = whole.model_copy(update={"items": tuple(one.model_copy(update={"usable": False}) for one in whole.items)})
    assert spoilt.of(item) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"slope": -1.0}, "slope"),
        ({"intercepts": [0.1] * 9}, "found 9 intercepts, expected"),
        ({"difficulty_error": -0.5}, "difficulty_error"),
        ({"intercepts": []}, "intercepts"),
    ],
)
def test_a_wrong_estimate_is_refused_with_its_line(bank: Bank, content: Content, change: dict[str, object], said: str) -> None:
    path = write_calibration(content, made(bank))
    document = yaml.safe_load(path.read_text("utf-8"))
    document["items"][3] |= change
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    found, problems = read_calibrations(content, bank.items)
    assert found == ()
    assert problems
    assert any(said in one.message and one.line > 1 for one in problems), problems


def test_a_file_of_another_name_twice_the_same_item_and_a_lost_previous_are_said(bank: Bank, content: Content) -> None:
    path = write_calibration(content, made(bank))
    shutil.copy(path, path.with_name("2026-11-23.yaml"))
    write_calibration(content, made(bank, "2026-11-24", previous="2020-01-01"))
    found, problems = read_calibrations(content, bank.items)
    assert [one.version for one in found] == ["2026-11-22", "2026-11-24"]
    assert sorted(one.rule for one in problems) == ["calibration", "file_name"]
    with pytest.raises(BankError):
        load_calibrations(content, bank.items)
    with pytest.raises(ValueError, match="more than once"):
        made(bank).model_validate(made(bank).model_dump() | {"items": [estimates(bank)[0]] * 2})


def test_an_unknown_version_names_those_there_are(bank: Bank, content: Content) -> None:
    write_calibration(content, made(bank))
    with pytest.raises(NotFound, match="2026-11-22"):
        calibration(content, bank.items, "2025-01-01")


def test_the_shipped_calibrations_are_in_order(bank: Bank) -> None:
    assert read_calibrations(find_content(), bank.items)[1] == []
