"""What a hostile psychometrician tries first: too little to tell anything, and settings that make no sense."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("numpy")
import numpy as np

from bdhvs.measurement.calibration import IRTModel
from bdhvs.measurement.flags import CalibrationWarning
from bdhvs.measurement.partitions import Partition
from bdhvs.measurement.responses import Responses


def answers(persons: int = 400, items: int = 5, seed: int = 1) -> Any:
    rng = np.random.default_rng(seed)
    chance = 1 / (1 + np.exp(-(rng.normal(size=(persons, 1)) - np.linspace(-1, 1, items))))
    return (rng.random((persons, items)) < chance).astype(float)


def codes(model: IRTModel, item: int = 0) -> set[str]:
    return {flag.code for flag in model.flags_[item]}


@pytest.mark.parametrize("items", [1, 2])
def test_one_or_two_items_cannot_tell_slopes(items: int) -> None:
    model = IRTModel("2pl").fit(answers(items=items))
    assert (model.discrimination_ == 1).all()
    assert "few_items_for_slope" in codes(model)
    assert np.isfinite(model.se_.difficulty).all()


def test_one_item_alone_cannot_tell_how_much_persons_differ() -> None:
    model = IRTModel("rasch").fit(answers(items=1))
    assert model.group_distributions_[0].sd == 1
    # A share's own error on the logit scale, made larger by the spread of persons: a tenth of a logit, not a hundred.
    assert model.se_.difficulty[0] == pytest.approx(0.12, abs=0.03)


def test_persons_who_count_for_nothing_are_no_evidence() -> None:
    data = answers()
    data[:200, 0], data[200:, 0] = 1, 0
    weight = np.repeat([0.0, 1.0], 200)
    model = IRTModel("rasch").fit(data, sample_weight=weight)
    assert codes(model) == {"all_wrong"}
    parts = [Partition(Responses.dense(data), None, weight)]
    assert codes(IRTModel("rasch").fit_partitions(parts)) == {"all_wrong"}


@pytest.mark.parametrize("first", [True, False])
def test_a_group_that_counts_for_nothing_is_refused_by_its_name(first: bool) -> None:
    weight = np.repeat([1.0 - first, 1.0 * first], 200)
    with pytest.raises(ValueError, match="group 'b': found no chain of common items"):
        IRTModel("rasch").fit(answers(), np.repeat(["a", "b"], 200), weight)


def test_an_estimate_that_answers_leave_open_is_flagged() -> None:
    same = np.repeat(answers(items=1), 4, axis=1)  # whoever has one right has all: slopes without end
    model = IRTModel("2pl").fit(same)
    assert {"at_bound", "no_error"} <= codes(model)


def test_a_deviation_at_its_bound_is_said() -> None:
    with pytest.warns(CalibrationWarning, match="deviation at its bound"):
        IRTModel("rasch").fit([[0, 1], [1, 0]])


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"widest": 0}, "found widest 0"),
        ({"widest": float("nan")}, "found widest nan"),
        ({"tolerance": 0.0}, "found tolerance 0"),
        ({"tolerance": float("nan")}, "found tolerance nan"),
        ({"most_steps": 0}, "found most_steps 0"),
        ({"kind": "3pl"}, "found kind '3pl'"),
    ],
)
def test_settings_without_sense_are_refused_before_anything_is_read(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        IRTModel(**settings).fit(answers())


@pytest.mark.parametrize("label", [None, float("nan")])
def test_a_missing_group_label_is_no_group(label: Any) -> None:
    with pytest.raises(ValueError, match="person 3: found no group label"):
        IRTModel("rasch").fit(answers(), ["a", "a", "a", label] + ["b"] * 396)


@pytest.mark.parametrize(
    ("group", "weight", "labels", "said"),
    [
        (None, np.ones(3), None, "weight of shape"),
        (None, np.full(400, np.nan), None, "weight below 0 or no number"),
        (np.full(400, -1), None, None, "group below 0"),
        (np.repeat([0, 1], 200), None, ["a"], "found 1 labels for 2 groups"),
        (None, None, ["a", "b"], "group 'b': found no chain"),
    ],
)
def test_parts_that_do_not_fit_are_refused(group: Any, weight: Any, labels: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        IRTModel("rasch").fit_partitions([Partition(Responses.dense(answers()), group, weight)], labels=labels)


def test_parts_that_can_be_read_once_only_are_refused() -> None:
    with pytest.raises(TypeError, match="read once"):
        IRTModel("rasch").fit_partitions(Partition(Responses.dense(answers())) for _ in range(2))


def test_none_for_not_shown_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="not None"):
        Responses.dense(np.array([[0, None], [1, 1]], dtype=object))


def test_ability_before_any_calibration_is_refused() -> None:
    with pytest.raises(ValueError, match="fit before ability"):
        IRTModel().ability(answers())
