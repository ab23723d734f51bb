"""Ability of everybody, over files and processes: the rule of bands. Spark's numbers: `test_engines`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("scipy")
pytest.importorskip("pyarrow")

import numpy as np

from bdhvs.analysis.everyone import Scale, score_everyone
from bdhvs.measurement.ability import estimate
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.responses import Responses
from bdhvs.service.score_evidence import counts, points_alone
from tests.queries.making import ITEMS, Row, awkward, write

ROWS = awkward()
#: One item was never calibrated: it has no say.
IDS = [f"{item}@{version}" for item, version, _, _, top in ITEMS if top and item != "B-hoa"]
MOST = {f"{item}@{version}": top for item, version, _, _, top in ITEMS if top}
SCALE = Scale(CalibratedItems.of_rows(IDS, [[1.2, *np.linspace(0.5, -0.4, MOST[one])] for one in IDS]))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("data") / "dataset", ROWS)


def first_meetings() -> dict[int, dict[str, int]]:
    """Points of each learner's items as they were met first, by the rule that bands and calibration share."""
    met: dict[int, dict[str, tuple[Any, int]]] = {}
    for row in ROWS["responses"]:
        shown: Row = row | {"neutralised": row["neutralised"] or None}  # a class's own export has the time, or nothing
        name = f"{row['item']}@{row['item_version']}"
        if counts(shown) and name in IDS and (row["attempt_status"] == "finished" or row["mode"] == "practice"):
            own, when = met.setdefault(row["learner"], {}), (row["day"], row["attempt"])
            if name not in own or when <= own[name][0]:
                own[name] = (when, points_alone(shown))
    return {learner: {name: points for name, (_, points) in own.items()} for learner, own in met.items()}


def test_it_is_the_ability_from_what_each_learner_did_alone_when_meeting_an_item_first(dataset: Path) -> None:
    expected = first_meetings()
    learners = sorted(expected)
    matrix = np.array([[expected[one].get(name, np.nan) for name in IDS] for one in learners])
    ability, se = estimate(Responses.dense(matrix), SCALE.items.family, SCALE.items.parameters)
    found = score_everyone(dataset, SCALE, processes=1)
    assert found["learner"].to_pylist() == learners
    assert found["tasks"].to_pylist() == [len(expected[one]) for one in learners]
    np.testing.assert_allclose(found["ability"], ability, atol=1e-12)
    np.testing.assert_allclose(found["se"], se, atol=1e-12)


def test_two_processes_give_the_numbers_of_one(dataset: Path) -> None:
    assert score_everyone(dataset, SCALE, processes=2).equals(score_everyone(dataset, SCALE, processes=1))


def test_nobody_is_scored_where_nobody_answered(tmp_path: Path) -> None:
    assert score_everyone(write(tmp_path / "dataset", awkward(learners=0)), SCALE).num_rows == 0
