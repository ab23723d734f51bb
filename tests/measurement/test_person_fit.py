"""Person fit: against mirt 1.2.0 and Snijders' formula written out; how often honest patterns are flagged; laws."""

from __future__ import annotations

import json
from math import exp, log, sqrt

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
import numpy as np

from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.drawing import draw_scores
from bdhvs.measurement.person_fit import person_fit
from bdhvs.measurement.responses import Responses
from tests.measurement.classical_data import FIXTURES

PEERS = json.loads((FIXTURES / "peers_fit.json").read_text())


def bank(kind: str, count: int = 20) -> CalibratedItems:
    rng = np.random.default_rng(11)
    slope = rng.lognormal(0, 0.3, count)
    if kind == "2pl":
        return CalibratedItems.dichotomous(slope, rng.normal(0, 1, count))
    steps = np.sort(rng.normal(0, 1, (count, 2)), axis=1)[:, ::-1]
    names = tuple(f"i{n}" for n in range(count))
    if kind == "grm":
        return CalibratedItems(names, np.column_stack([slope, steps]), "graded")
    return CalibratedItems(names, np.column_stack([slope, np.cumsum(steps, axis=1)]))


@pytest.mark.parametrize("kind", ["2pl", "gpcm", "grm"])
def test_mean_squares_and_lz_are_mirt_s(kind: str) -> None:
    # Its figures at our abilities; without the ends of its search, so all persons are compared.
    theirs = PEERS["person_fit"][kind]
    table = np.array(theirs["responses"], float)
    table[table < 0] = np.nan
    parameters = np.array([[np.nan if one is None else one for one in row] for row in theirs["parameters"]])
    items = CalibratedItems(
        tuple(f"i{n}" for n in range(len(parameters))), parameters, "graded" if kind == "grm" else "partial_credit"
    )
    found = person_fit(table, items)
    np.testing.assert_allclose(found.ability, theirs["abilities"], atol=1e-6)
    for ours, name in (
        (found.lz, "Zh"),
        (found.infit, "infit"),
        (found.outfit, "outfit"),
        (found.infit_z, "z_infit"),
        (found.outfit_z, "z_outfit"),
    ):
        np.testing.assert_allclose(ours, theirs[name], atol=1e-6, err_msg=name)


def test_lz_star_is_snijders_formula_written_out() -> None:
    a, b = [1.2, 0.8, 1.5, 1.0, 0.7, 1.1], [-1.0, -0.5, 0.0, 0.3, 0.8, 1.4]
    x = [1, 0, 1, 0, 1, 0]
    found = person_fit(np.array([x], float), CalibratedItems.dichotomous(a, b))
    theta = float(found.ability[0])
    p = [1 / (1 + exp(-slope * (theta - at))) for slope, at in zip(a, b, strict=True)]
    v = [one * (1 - one) for one in p]
    w = [log(one / (1 - one)) for one in p]  # Snijders' weights of lz
    info = sum(slope**2 * own for slope, own in zip(a, v, strict=True))
    r0 = sum(slope**3 * own * (1 - 2 * one) for slope, own, one in zip(a, v, p, strict=True)) / (2 * info)
    assert sum(slope * (got - one) for slope, got, one in zip(a, x, p, strict=True)) + r0 == pytest.approx(0, abs=1e-5)
    c = sum(slope * own * weight for slope, own, weight in zip(a, v, w, strict=True)) / info
    top = sum(weight * (got - one) for weight, got, one in zip(w, x, p, strict=True)) + c * r0
    below = sqrt(sum((weight - c * slope) ** 2 * own for weight, slope, own in zip(w, a, v, strict=True)))
    assert found.lz_star[0] == pytest.approx(top / below, abs=1e-5)


@pytest.mark.parametrize("kind", ["2pl", "gpcm", "grm"])
def test_five_in_a_hundred_honest_patterns_lie_below_the_five_percent_line_and_guessing_is_seen(kind: str) -> None:
    rng, items = np.random.default_rng(4), bank(kind)
    honest = draw_scores(items, rng.normal(0, 1, 6000), rng).astype(float)
    found = person_fit(honest, items)
    assert (found.p < 0.05).mean() == pytest.approx(0.05, abs=0.012)
    assert (found.lz < -1.645).mean() < 0.04  # the usual one flags too few: why the correction is there
    blind = rng.integers(0, items.cells.maximum + 1, (1000, 20)).astype(float)
    assert (person_fit(blind, items).p < 0.05).mean() > 0.25


def test_gaps_sparse_tables_and_order_change_nothing() -> None:
    rng, items = np.random.default_rng(5), bank("gpcm", 12)
    table = draw_scores(items, rng.normal(0, 1, 50), rng).astype(float)
    table[rng.random(table.shape) < 0.3] = np.nan
    found = person_fit(table, items)
    person, item = np.nonzero(~np.isnan(table))
    sparse = Responses.from_long(person, item, table[person, item].astype(int), items=12)
    np.testing.assert_allclose(person_fit(sparse, items).lz_star, found.lz_star, atol=1e-9)
    np.testing.assert_allclose(
        person_fit(table[:, ::-1], items.take(list(range(11, -1, -1)))).outfit, found.outfit, atol=1e-6
    )
    assert found.items.tolist() == (~np.isnan(table)).sum(axis=1).tolist()


def test_who_answered_less_than_two_tasks_has_no_fit() -> None:
    items = bank("2pl", 4)
    table = np.full((2, 4), np.nan)
    table[1, 0] = 1
    found = person_fit(table, items)
    assert np.isnan(found.lz_star).all()
    assert np.isnan(found.outfit).all()
    with pytest.raises(ValueError, match="expected 4"):
        person_fit(table[:, :3], items)
