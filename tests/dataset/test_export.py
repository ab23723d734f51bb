"""A data folder as a dataset: every answer, and nothing that says whose it was."""

from __future__ import annotations

import io
import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow")

import pyarrow.csv
from click.testing import CliRunner

from bdhvs.cli import commands
from bdhvs.core.items import item_kinds
from bdhvs.dataset import Dataset, open_dataset
from bdhvs.dataset.export import export
from bdhvs.dataset.schema import ITEMS, REST, SCORES
from bdhvs.dataset.source import Period
from bdhvs.dataset.withheld import SAYS_IDS, response_without_words
from bdhvs.errors import DatasetError
from bdhvs.store import Store
from bdhvs.store.export import response_rows
from bdhvs.store.times import to_us, vietnam_day
from tests.dataset.village import CLASSES, Village

K = 4
UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


@pytest.fixture(scope="module")
def research(village: Village, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return made(village, tmp_path_factory.mktemp("research") / "out")


@pytest.fixture(scope="module")
def public(village: Village, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return made(village, tmp_path_factory.mktemp("public") / "out", privacy="public")


def made(village: Village, out: Path, **asked: Any) -> Dataset:
    with Store.read_only(village.folder) as store:
        export(store, out, **{"k": K, **asked})
    return open_dataset(out)


def rows_of(dataset: Dataset, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = dataset.table(table).to_pylist()
    return found


def everything_in(dataset: Dataset) -> bytes:
    """Every byte of every file, and of every table once more without compression."""
    files = (path.read_bytes() for path in dataset.folder.rglob("*") if path.is_file())
    sink = io.BytesIO()
    for table in dataset.tables:
        pyarrow.csv.write_csv(dataset.table(table), sink)
    return b"\n".join([*files, sink.getvalue(), *(str(path).encode() for path in dataset.folder.rglob("*"))])


@pytest.mark.parametrize("level", ["research", "public"])
def test_no_name_code_id_or_typed_word_leaves(village: Village, level: str, request: pytest.FixtureRequest) -> None:
    content = everything_in(request.getfixturevalue(level))
    assert [text for text in village.secrets if text.encode() in content and not UUID.fullmatch(text.encode())] == []
    assert UUID.findall(content) == []  # ids of learners, classes, attempts and events
    assert b"chon-kenh" in content  # so the search finds what is there


#: Columns that hold the same in the store's table and in the dataset's.
SAME = (
    "form", "form_version", "mode", "attempt_status", "finish_reason", "bank_version", "position", "item", "item_version", "kind",
    "competence", "domain", "level", "outcome", "try", "last", "score", "max", "verdict", "reason", "help", "confidence",
    "elapsed_ms", "after_solutions", "adaptive_version",
)  # fmt: skip


def test_every_row_comes_through_with_whose_it_is_and_when(village: Village, research: Dataset) -> None:
    with Store.read_only(village.folder) as store:
        before = list(response_rows(store))
    for row in before:
        begun = to_us(date_time(row["started_at"]))
        row["day"] = vietnam_day(begun)
        answered = row["outcome"] == "answered"
        row["since_start_s"] = (to_us(date_time(row["recorded_at"])) - begun) // 1_000_000 if answered else None
        row["response"] = response_without_words(row["kind"], row["response"])
    compared = (*SAME, "day", "since_start_s", "response")
    after = rows_of(research, "responses")
    assert len(after) == len(before) == research.manifest.rows["responses"]
    for whose in ("attempt", "learner", "classroom"):
        assert grouped(before, whose, compared) == grouped(after, whose, compared)
    assert {row["option"] for row in after if row["kind"] == "single_choice" and row["response"]} == set("abcd")
    assert {row["response"] for row in after if row["kind"] in ("short_text", "numeric")} == {None}
    assert {row["response"] for row in after if row["kind"] == "simulation" and row["response"]} == {
        '{"actions":[["tap","mo"],["type","o-ten",null],["back"]]}'
    }


def date_time(text: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(text)


def grouped(rows: list[dict[str, Any]], whose: str, columns: tuple[str, ...]) -> Counter[Any]:
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row[whose]].append(tuple(row[name] for name in columns))
    return Counter(tuple(sorted(own, key=repr)) for own in groups.values())


def test_numbers_are_1_to_n_and_another_export_draws_others(
    village: Village, research: Dataset, tmp_path: Path
) -> None:
    again = made(village, tmp_path / "out")

    def numbers(dataset: Dataset, whose: str) -> dict[int, int]:
        # The times of the invented answers tell everybody apart.
        return {row["elapsed_ms"]: row[whose] for row in rows_of(dataset, "responses") if row["elapsed_ms"]}

    for whose in ("learner", "attempt"):
        one, other = numbers(research, whose), numbers(again, whose)
        everybody = sorted(set(one.values()))
        assert everybody == list(range(1, len(everybody) + 1))
        # Two orders by chance agree in one place on average; in twelve or more once in a billion.
        assert len({number for time, number in one.items() if other[time] == number}) < 12


def test_rare_combinations_are_withheld_and_a_class_has_one_place_everywhere(
    village: Village, research: Dataset
) -> None:
    learners = rows_of(research, "learners")
    assert len(learners) == village.learners
    names = ("province", "commune", "region", "age_band", "sex", "audience", "device")
    groups = Counter(tuple(row[name] for name in names) for row in learners)
    assert min(groups.values()) >= K
    assert len(groups) > 4  # not everything was withheld
    place = {row["learner"]: (row["province"], row["commune"]) for row in learners}
    room = {row["classroom"]: (row["province"], row["commune"]) for row in learners}
    assert len(room) == len(CLASSES)
    for table in ("responses", "scores"):
        assert {(row["learner"], (row["province"], row["commune"])) for row in rows_of(research, table)} <= set(
            place.items()
        )
    assert {(row["classroom"], (row["province"], row["commune"])) for row in learners} == set(room.items())
    loss = research.manifest.loss
    assert loss["smallest"] == min(groups.values())
    assert 0 < loss["people_changed"] <= 1
    assert 0 < loss["information_kept"] < 1


def test_scores_and_items_are_those_of_the_answers(research: Dataset) -> None:
    scores, items = rows_of(research, "scores"), rows_of(research, "items")
    attempts = {(row["attempt"], row["learner"]) for row in rows_of(research, "responses")}
    assert scores
    assert {(row["attempt"], row["learner"]) for row in scores} <= attempts
    assert set(Counter((row["learner"], row["domain"]) for row in scores if row["newest"]).values()) == {1}
    assert {row["score_version"] for row in scores} == {"v" * 8}
    assert list(scores[0]) == list(SCORES)
    assert research.manifest.calibrations[0]["calibration"] == "2026-11-01"
    assert research.manifest.bank_versions == ("b1",)
    assert list(items[0]) == list(ITEMS)
    assert {row["item"] for row in items} == {row["item"] for row in rows_of(research, "responses")}
    assert {row["item"] for row in items if row["max"] is None} == {"tu-danh-gia"}


def test_public_tables_have_k_people_in_every_row_and_no_row_of_a_person(village: Village, public: Dataset) -> None:
    assert not any({"learner", "attempt", "classroom"} & set(public.table(name).schema.names) for name in public.tables)
    competences, items, bands = (rows_of(public, name) for name in public.tables)
    assert min(row["learners"] for row in [*competences, *bands]) >= K
    assert min(row["learners"] for row in items if row["learners"] is not None) >= K
    with Store.read_only(village.folder) as store:
        counted = [row for row in response_rows(store) if row["last"] and row["max"] is not None]
    for name in ("answered", "skipped", "not_reached", "cut_off"):
        truth = sum(row["outcome"] == name for row in counted)
        assert sum(row[name] for row in competences) == sum(row[name] for row in items) == truth
    here = [row for row in competences if (row["commune"], row["competence"]) == ("14755", "2.1")]
    assert [row["learners"] for row in here] == [14]
    assert {row["commune"] for row in competences} >= {"14755", "14758", "00004"}
    assert {row["band"] for row in bands} & {"below", "basic", "unknown", REST}
    assert public.manifest.loss["competence_results"]["dropped"] == 0


def test_a_period_takes_its_days_and_no_others(village: Village, tmp_path: Path) -> None:
    days = {row["day"] for row in rows_of(made(village, tmp_path / "all"), "responses")}
    last = max(days)
    found = made(village, tmp_path / "out", period=Period(since=last))
    assert {row["day"] for row in rows_of(found, "responses")} == {last}
    assert found.manifest.period == {"since": str(last), "until": None, "first_day": str(last), "last_day": str(last)}
    assert {row["learner"] for row in rows_of(found, "learners")} == {
        row["learner"] for row in rows_of(found, "responses")
    }
    with pytest.raises(DatasetError, match="no attempt"):
        made(village, tmp_path / "none", period=Period(until=date(2020, 1, 1)))
    assert not (tmp_path / "none").exists()
    with pytest.raises(DatasetError, match="end after"):
        Period(last, date(2020, 1, 1))


def test_every_kind_of_item_says_what_of_its_responses_may_leave() -> None:
    """A new kind stays in until somebody has looked at what people type in it."""
    assert set(item_kinds()) - SAYS_IDS == {"short_text", "numeric", "simulation"}
    assert response_without_words("a-school-s-own", '{"text":"tên tôi"}') is None


def test_the_command_says_what_privacy_cost_and_refuses_a_full_folder(village: Village, tmp_path: Path) -> None:
    arguments = ["export", str(village.folder), str(tmp_path / "out"), "--k", "200"]
    done = CliRunner().invoke(commands, arguments)
    assert done.exit_code == 0, done.output
    assert "nothing is told of any of them" in done.output
    assert {row["sex"] for row in rows_of(open_dataset(tmp_path / "out"), "learners")} == {None}
    again = CliRunner().invoke(commands, arguments)
    assert isinstance(again.exception, DatasetError)
    shown = CliRunner().invoke(
        commands, ["export", str(village.folder), str(tmp_path / "cong-khai"), "--privacy", "public"]
    )
    assert "cells stand as they are" in shown.output
