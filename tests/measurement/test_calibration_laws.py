"""Laws of calibration: what must not change an estimate does not."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bdhvs.measurement import grids
from bdhvs.measurement.calibration import IRTModel
from bdhvs.measurement.expectation import Tables, expect
from bdhvs.measurement.grids import Normal
from bdhvs.measurement.partitions import Partition
from bdhvs.measurement.responses import Responses

KINDS = ("rasch", "2pl", "grm")


def scores(seed: int, persons: int = 300, items: int = 6, missing: float = 0.2) -> Any:
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=(persons, 1))
    chance = 1 / (1 + np.exp(-rng.uniform(0.8, 1.6, items) * (theta - rng.normal(size=items))))
    found = (rng.random(chance.shape) < chance).astype(float)
    found[rng.random(chance.shape) < missing] = np.nan
    return found


def fitted(data: Any, kind: Any, **more: Any) -> IRTModel:
    return IRTModel(kind, nodes=31, least_for_slope=0).fit(data, **more)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000), st.sampled_from(KINDS))
def test_the_order_of_persons_changes_nothing(seed: int, kind: Any) -> None:
    data = scores(seed)
    order = np.random.default_rng(seed + 1).permutation(len(data))
    one, other = fitted(data, kind), fitted(data[order], kind)
    np.testing.assert_allclose(one.parameters_, other.parameters_, atol=2e-6)
    assert one.loglik_ == pytest.approx(other.loglik_, abs=1e-7)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000), st.sampled_from(KINDS), st.permutations(range(6)))
def test_the_order_of_items_changes_nothing(seed: int, kind: Any, order: Any) -> None:
    data = scores(seed)
    one, other = fitted(data, kind), fitted(data[:, list(order)], kind)
    np.testing.assert_allclose(one.parameters_[list(order)], other.parameters_, atol=2e-6)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000), st.sampled_from(KINDS))
def test_doubling_all_weights_changes_no_estimate_and_shrinks_errors(seed: int, kind: Any) -> None:
    data = scores(seed)
    one, other = (fitted(data, kind, sample_weight=np.full(len(data), weight)) for weight in (1.0, 2.0))
    np.testing.assert_allclose(one.parameters_, other.parameters_, atol=2e-6)
    assert other.loglik_ == pytest.approx(2 * one.loglik_)
    np.testing.assert_allclose(other.se_.difficulty, one.se_.difficulty / np.sqrt(2), rtol=1e-4)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000), st.sampled_from(KINDS))
def test_a_weight_of_two_is_the_person_twice(seed: int, kind: Any) -> None:
    data = scores(seed)
    weight = np.random.default_rng(seed).integers(1, 4, len(data))
    one, other = fitted(data, kind, sample_weight=weight), fitted(np.repeat(data, weight, axis=0), kind)
    np.testing.assert_allclose(one.parameters_, other.parameters_, atol=2e-6)


@pytest.mark.parametrize("family", ["partial_credit", "graded"])
@pytest.mark.parametrize("sparse", [False, True])
def test_the_sums_of_two_partitions_are_those_of_the_whole(family: Any, sparse: bool) -> None:
    data = scores(1, persons=5000)
    person, item = np.nonzero(~np.isnan(data))
    whole = Responses.from_long(person, item, data[person, item].astype(int)) if sparse else Responses.dense(data)
    group = np.random.default_rng(2).integers(0, 2, len(data))
    weight = np.random.default_rng(3).random(len(data))
    parameters = np.column_stack([np.linspace(0.5, 2, 6), np.linspace(-1, 1, 6)])
    used = np.ones(6, dtype=bool)
    tables = Tables.of(family, whole.cells, parameters, grids.nodes(31), [Normal(), Normal(1, 0.8)], used)
    total = expect(whole, tables, group=group, weight=weight)
    first, second = np.arange(1700), np.arange(1700, 5000)
    parts = [expect(whole.take(rows), tables, group=group[rows], weight=weight[rows]) for rows in (first, second)]
    added = parts[0] + parts[1]
    threaded = expect(whole, tables, group=group, weight=weight, threads=2)
    single = expect(whole, tables, group=group, weight=weight, dtype=np.float32)
    for other, tolerance in ((added, 1e-10), (threaded, 1e-10), (single, 1e-4)):
        for name in ("rows", "scored", "persons"):
            reference = getattr(total, name)
            np.testing.assert_allclose(getattr(other, name), reference, rtol=tolerance, atol=tolerance * np.abs(reference).max())
        assert other.loglik == pytest.approx(total.loglik, rel=tolerance)


def _through_a_pickle(work: Any, parts: Any) -> Any:
    """What a process pool or a cluster does: function and part travel as bytes."""
    function = pickle.dumps(work)
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda part: pickle.loads(function)(pickle.loads(pickle.dumps(part))), parts))


@pytest.mark.parametrize("kind", KINDS)
def test_data_in_parts_elsewhere_give_what_one_array_gives(kind: Any) -> None:
    data = scores(4, persons=900)
    labels = np.array(["x", "y", "y"] * 300)
    whole = fitted(data, kind, groups=labels)
    number = (labels == "y").astype(np.intp)
    cuts = [slice(0, 500), slice(500, 800), slice(800, 900)]
    parts = [Partition(Responses.dense(data[cut]), number[cut]) for cut in cuts]
    model = IRTModel(kind, nodes=31, least_for_slope=0).fit_partitions(parts, mapped=_through_a_pickle, labels=["x", "y"])
    np.testing.assert_allclose(model.parameters_, whole.parameters_, atol=2e-6)
    np.testing.assert_allclose(model.se_.parameters, whole.se_.parameters, rtol=1e-4)
    assert model.loglik_ == pytest.approx(whole.loglik_, abs=1e-6)


def test_outer_products_give_nearly_the_errors_of_the_observed_information(monkeypatch: pytest.MonkeyPatch) -> None:
    from bdhvs.measurement import standard_errors

    data = scores(5, persons=6000, items=8)
    exact = fitted(data, "2pl").se_
    monkeypatch.setattr(standard_errors, "MOST_LOUIS", 0)
    outer = fitted(data, "2pl").se_
    monkeypatch.setattr(standard_errors, "MOST_PARAMETERS", 0)
    single = fitted(data, "2pl").se_
    assert (exact.method, outer.method, single.method) == ("louis", "outer product", "item by item")
    np.testing.assert_allclose(outer.difficulty, exact.difficulty, rtol=0.06)
    np.testing.assert_allclose(outer.discrimination, exact.discrimination, rtol=0.06)
    assert (single.difficulty <= outer.difficulty * 1.001).all()


def test_many_persons_by_a_sample_first_give_what_all_from_the_start_give(monkeypatch: pytest.MonkeyPatch) -> None:
    from bdhvs.measurement import leading, partitions

    data = scores(6, persons=6000, items=10)
    data[:, 9] = np.where(np.arange(6000) < 200, data[:, 9], np.nan)  # too few in a sample
    plain = fitted(data, "2pl")
    monkeypatch.setattr(leading, "LEAST_PERSONS", 1000)
    monkeypatch.setattr(leading, "SAMPLE", 500)
    monkeypatch.setattr(partitions, "SINGLE_PRECISION_FROM", 1000)
    sampled = fitted(data, "2pl")
    np.testing.assert_allclose(sampled.parameters_, plain.parameters_, atol=5e-4)


def test_errors_of_an_item_that_few_answered_are_right_among_many_persons(monkeypatch: pytest.MonkeyPatch) -> None:
    from bdhvs.measurement import standard_errors

    data = scores(7, persons=6000, items=8)
    data[400:, 3] = np.nan
    monkeypatch.setattr(standard_errors, "MOST_LOUIS", 0)
    whole = fitted(data, "2pl").se_
    monkeypatch.setattr(standard_errors, "PERSONS_PER_PARAMETER", 10)
    monkeypatch.setattr(standard_errors, "LEAST_PERSONS", 2000)
    part = fitted(data, "2pl").se_
    np.testing.assert_allclose(part.difficulty[3], whole.difficulty[3], rtol=0.01)
    np.testing.assert_allclose(part.difficulty, whole.difficulty, rtol=0.1)
