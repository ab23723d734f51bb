"""The same five frames of a data folder and of the dataset made from it."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pandas")
pytest.importorskip("pyarrow")

import bdhvs
from bdhvs import frames
from bdhvs.analysis.attempts import COUNTS
from bdhvs.dataset.export import export
from bdhvs.dataset.schema import TABLES
from bdhvs.errors import DatasetError
from bdhvs.store import Store
from tests.dataset.village import Village


@pytest.fixture(scope="module")
def folders(village: Village, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    here = tmp_path_factory.mktemp("frames")
    with Store.read_only(village.folder) as store:
        export(store, here / "dataset", k=3)
        export(store, here / "public", k=3, privacy="public")
    return village.folder, here / "dataset"


def test_a_dataset_s_frames_have_the_columns_and_types_of_the_schema(folders: tuple[Path, Path]) -> None:
    _, dataset = folders
    types = {"category": "category", "json": "string", "whole": "Int64", "real": "Float64", "flag": "boolean"}
    for table, columns in TABLES.items():
        if table == "combinations":
            continue  # no frame: its columns are those of responses
        frame = getattr(bdhvs.frames, table)(dataset)
        assert list(frame.columns) == list(columns)
        assert len(frame)
        found = {name: str(frame[name].dtype) for name, column in columns.items() if column.kind != "date"}
        assert found == {name: types[column.kind] for name, column in columns.items() if column.kind != "date"}
        assert {str(frame[name].dtype) for name, one in columns.items() if one.kind == "date"} <= {"datetime64[s]"}
        assert frame.attrs["synthetic"] is False
    assert frames.learners(dataset).age_band.cat.categories[0] == "under_15"


def test_both_ways_give_the_same_answers_items_and_attempts(folders: tuple[Path, Path]) -> None:
    data, dataset = folders
    mine, theirs = frames.responses(data), frames.responses(dataset)
    assert len(mine) == len(theirs)
    assert mine.score.sum() == theirs.score.sum()
    assert mine.outcome.value_counts().to_dict() == theirs.outcome.value_counts().to_dict()
    assert frames.items(data).astype(str).equals(frames.items(dataset).astype(str))
    counts = [frames.attempts(where)[list(COUNTS)].astype(float).sort_values(list(COUNTS)) for where in folders]
    assert counts[0].reset_index(drop=True).equals(counts[1].reset_index(drop=True))
    one = frames.attempts(data)
    assert len(one) == mine.attempt.nunique()
    assert (one.tasks == one.answered + one.skipped + one.not_reached + one.cut_off).all()
    assert one.tasks.max() == 6  # the self-assessment is no task
    assert len(frames.learners(data).merge(one, on="learner")) == len(one)
    assert sorted(frames.scores(data).ability) == sorted(frames.scores(dataset).ability)


def test_public_tables_are_not_taken_for_answers(folders: tuple[Path, Path]) -> None:
    with pytest.raises(DatasetError, match="competence_results"):
        frames.responses(folders[1].with_name("public"))
